"""What breaks orders, what they cost, and what is told of them, by the check that finds it and no other."""

from damage import AWAITING, CONFIRMED, REJECTED

PLACE = """
    INSERT INTO "order".orders (id, user_id, fingerprint, status, payment_method, total_amount,
        total_currency, placed_at)
    SELECT gen_random_uuid(), user_id, '', 'placing', 'pm_sim_ok', 100, 'EUR', {placed_at}
    FROM "order".orders LIMIT 1;
    INSERT INTO "order".order_line (order_id, position, sku, name, quantity, price_amount, price_currency)
    SELECT id, 1, 'LAMP', 'Lamp', 1, 100, 'EUR' FROM "order".orders WHERE fingerprint = '';"""
PROMISE = """
    INSERT INTO pricing.promotion (id, body, starts_at, ends_at, limit_total, limit_per_customer)
    VALUES (gen_random_uuid(), '{}', now(), now(), 1, 0);"""

DAMAGES = {
    "orders_end": {
        "one is in flight for too long": PLACE.format(placed_at="now() - interval '121 seconds'") + """
            INSERT INTO "order".in_flight (order_id)
            SELECT id FROM "order".orders WHERE fingerprint = ''""",
        "one in flight is not noted": PLACE.format(placed_at="now() + interval '1 hour'"),
        "one is cancelled for too long": f"""
            UPDATE "order".orders SET status = 'cancelling' WHERE id = {AWAITING};
            INSERT INTO "order".order_history (order_id, status, who, why)
            SELECT id, status, 'ann', '' FROM "order".orders WHERE status = 'cancelling';
            INSERT INTO "order".in_flight (order_id, work, touched_at)
            SELECT id, status, now() - interval '121 seconds'
            FROM "order".orders WHERE status = 'cancelling'""",
        "one that has ended is noted":
            f'INSERT INTO "order".in_flight (order_id) VALUES ({CONFIRMED})',
        "one that is not there is noted":
            'INSERT INTO "order".in_flight (order_id) VALUES (gen_random_uuid())',
    },
    "order_totals": {
        "the total is not that of the lines":
            f'UPDATE "order".orders SET total_amount = total_amount + 1 WHERE id = {REJECTED}',
        "a discount was not taken off":
            f'UPDATE "order".orders SET discount = 1 WHERE id = {REJECTED}',
        "shipping was not put on":
            f'UPDATE "order".orders SET shipping = 1 WHERE id = {REJECTED}',
        "a tax on top was not put on":
            f'UPDATE "order".orders SET tax = 1, tax_included = false WHERE id = {REJECTED}',
        "more is taken off a line than it costs":
            f'UPDATE "order".order_line SET discount = 1000000 WHERE order_id = {REJECTED}',
        "there are no lines": f"""
            DELETE FROM "order".order_line WHERE order_id = {REJECTED};
            UPDATE "order".orders SET total_amount = 0 WHERE id = {REJECTED}""",
        "a line has another currency":
            f"""UPDATE "order".order_line SET price_currency = 'USD' WHERE order_id = {REJECTED}""",
    },
    "promotions_used": {
        "one was used more often than it is redeemed": PROMISE + "UPDATE pricing.promotion SET used = 1",
        "one was redeemed more often than it was used": PROMISE + """
            INSERT INTO pricing.redemption (order_id, promotion_id, customer, status)
            SELECT gen_random_uuid(), id, 'ann', 'live' FROM pricing.promotion""",
    },
    "orders_lapse": {
        "one waits for too long": """UPDATE "order".awaiting SET until = now() - interval '121 seconds'""",
        "one that waits is not noted": 'DELETE FROM "order".awaiting',
    },
    "carts_close": {
        "one waits for too long": f"""
            INSERT INTO "order".to_close (order_id, cart_id, touched_at)
            VALUES ({CONFIRMED}, gen_random_uuid(), now() - interval '121 seconds')""",
        "one waits for an order that was rejected": f"""
            INSERT INTO "order".to_close (order_id, cart_id) VALUES ({REJECTED}, gen_random_uuid())""",
        "one waits for an order that is not there": """
            INSERT INTO "order".to_close (order_id, cart_id)
            VALUES (gen_random_uuid(), gen_random_uuid())""",
        "one waits for an order of another": f"""
            WITH ordered AS (
                UPDATE "order".orders SET cart_id = gen_random_uuid(), cart_round = 1 WHERE id = {CONFIRMED} RETURNING id
            )
            INSERT INTO "order".to_close (order_id, cart_id) SELECT id, gen_random_uuid() FROM ordered""",
    },
    "order_history": {
        "it says nothing of the end": f'DELETE FROM "order".order_history WHERE order_id = {CONFIRMED}',
        "it says something else": f"""
            INSERT INTO "order".order_history (order_id, status, who, why)
            VALUES ({CONFIRMED}, 'rejected', 'somebody', 'a whim')""",
    },
    "order_events": {
        "a confirmed order has none": f"""
            UPDATE "order".event SET topic = 'order.none' WHERE body ->> 'order_id' = {CONFIRMED}::text;
            SET session_replication_role = replica;
            UPDATE audit.entry SET what = 'order.none' WHERE what = 'order.confirmed' AND object = {CONFIRMED}::text""",
        "a confirmed order has two": f"""
            INSERT INTO "order".outbox (topic, body)
            SELECT topic, body FROM "order".told WHERE body ->> 'order_id' = {CONFIRMED}::text""",
        "a rejected order has one": f"""
            INSERT INTO "order".outbox (topic, body)
            VALUES ('order.confirmed', jsonb_build_object('order_id', {REJECTED}))""",
        "an order that is not there has one": """
            INSERT INTO "order".outbox (topic, body)
            VALUES ('order.confirmed', jsonb_build_object('order_id', gen_random_uuid()))""",
    },
    "order_moves": {
        "a cancelled order has none":
            """UPDATE "order".event SET topic = 'order.none' WHERE topic = 'order.cancelled';
            SET session_replication_role = replica;
            UPDATE audit.entry SET what = 'order.none' WHERE what = 'order.cancelled'""",
        "a cancelled order has two": """
            INSERT INTO "order".outbox (topic, body)
            SELECT topic, body FROM "order".told WHERE topic = 'order.cancelled'""",
        "a confirmed order has one": f"""
            INSERT INTO "order".outbox (topic, body)
            VALUES ('order.cancelled', jsonb_build_object('order_id', {CONFIRMED}))""",
        "an order that has arrived has not left":
            """UPDATE "order".event SET topic = 'order.none' WHERE topic = 'order.shipped';
            SET session_replication_role = replica;
            UPDATE audit.entry SET what = 'order.none' WHERE what = 'order.shipped'""",
        "an order that has arrived has not arrived":
            """UPDATE "order".event SET topic = 'order.none' WHERE topic = 'order.delivered';
            SET session_replication_role = replica;
            UPDATE audit.entry SET what = 'order.none' WHERE what = 'order.delivered'""",
    },
    "events_numbered": {
        "one is missing": "DELETE FROM product.event WHERE seq = 2",
        "the last one is missing": "UPDATE product.event_head SET seq = seq + 1",
        "there is one that was not numbered": """
            INSERT INTO inventory.event (seq, topic, at) VALUES (1000, 'inventory.low_stock', now())""",
    },
    "cursors_behind": {
        "one is ahead of its source": "UPDATE audit.event_cursor SET seq = seq + 1000 WHERE source = 'pricing'",
    },
    "audit_complete": {
        "an entry is missing": f"""
            SET session_replication_role = replica; DELETE FROM audit.entry WHERE object = {CONFIRMED}::text""",
        "an entry is of an event that there was not": """
            INSERT INTO audit.entry (n, source, seq, at, what, times, hash)
            SELECT max(n) + 1, 'order', 1000000, now(), 'order.confirmed', 1, '' FROM audit.entry""",
    },
    "audit_true": {
        "somebody else is said to have done it": """
            SET session_replication_role = replica; UPDATE audit.entry SET user_id = 'x' WHERE what = 'order.cancel'""",
        "something else is said to have happened": """
            SET session_replication_role = replica; UPDATE audit.entry SET what = 'x' WHERE what = 'order.cancelled'""",
    },
}
