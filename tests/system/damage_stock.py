"""What breaks the stock, its movements and its reservations, by the check that finds it and no other."""

from damage import AWAITING, CONFIRMED, REJECTED

UNBOUND = """
    ALTER TABLE inventory.stock DROP CONSTRAINT stock_on_hand_check, DROP CONSTRAINT stock_check;"""

DAMAGES = {
    "stock_in_bounds": {
        "less than nothing is there": UNBOUND + """
            INSERT INTO inventory.stock (sku, location, on_hand) VALUES ('LAMP', 'main', -1);
            INSERT INTO inventory.movement (sku, location, quantity, reason)
            VALUES ('LAMP', 'main', -1, 'lost')""",
        "less than nothing is promised": UNBOUND + """
            INSERT INTO inventory.stock (sku, location, on_hand, reserved) VALUES ('LAMP', 'main', 0, -1);
            INSERT INTO inventory.reservation (order_id, skus, locations, quantities, status, expires_at)
            VALUES (gen_random_uuid(), '{LAMP}', '{main}', '{-1}', 'live', now() + interval '1 hour')""",
        "more is promised than is there": UNBOUND + """
            INSERT INTO inventory.stock (sku, location, on_hand, reserved) VALUES ('LAMP', 'main', 0, 1);
            INSERT INTO inventory.reservation (order_id, skus, locations, quantities, status, expires_at)
            VALUES (gen_random_uuid(), '{LAMP}', '{main}', '{1}', 'live', now() + interval '1 hour')""",
    },
    "stock_reserved": {
        "nobody holds what is reserved":
            "UPDATE inventory.stock SET reserved = reserved + 1 WHERE sku = 'MUG-BLUE'",
        "what is held is not reserved":
            "UPDATE inventory.stock SET reserved = reserved - 1 WHERE sku = 'MUG-BLUE'",
        "something is held that there is none of": """
            INSERT INTO inventory.reservation (order_id, skus, locations, quantities, status, expires_at)
            VALUES (gen_random_uuid(), '{LAMP}', '{main}', '{1}', 'live', now() + interval '1 hour')""",
    },
    "stock_moved": {
        "more is there than arrived":
            "UPDATE inventory.stock SET on_hand = on_hand + 1 WHERE sku = 'MUG-BLUE'",
        "nothing has arrived": "DELETE FROM inventory.movement WHERE sku = 'MUG-BLUE'",
        "it is somewhere else": """
            INSERT INTO inventory.location (code, name, priority) VALUES ('attic', 'Attic', 2);
            INSERT INTO inventory.stock (sku, location, on_hand) VALUES ('MUG-BLUE', 'attic', 0);
            UPDATE inventory.movement SET location = 'attic' WHERE sku = 'MUG-BLUE'""",
    },
    "stock_shipped": {
        "what has left went for something else":
            "UPDATE inventory.movement SET reason = 'lost' WHERE reason = 'shipped'",
        "what has left went for no order":
            "UPDATE inventory.movement SET reference = NULL WHERE reason = 'shipped'",
    },
    "stock_low": {
        "what runs low is not noted": """
            ALTER TABLE inventory.stock DISABLE TRIGGER stock_crossing;
            UPDATE inventory.stock SET threshold = on_hand WHERE sku = 'MUG-BLUE'""",
        "what does not run low is noted": """
            INSERT INTO inventory.low_stock (sku, location) VALUES ('MUG-BLUE', 'main')""",
        "what is not there is noted": """
            INSERT INTO inventory.low_stock (sku, location) VALUES ('LAMP', 'main')""",
    },
    "reservations_belong": {
        "one is of no order": """
            INSERT INTO inventory.reservation (order_id, status) VALUES (gen_random_uuid(), 'live')""",
    },
    "reservations_run_out": {
        "one is held behind its end": """
            UPDATE inventory.reservation SET expires_at = now() - interval '61 seconds'
            WHERE expires_at IS NOT NULL""",
    },
    "orders_reserved": {
        "a confirmed order holds something for a while only": f"""
            UPDATE inventory.reservation SET expires_at = now() + interval '1 hour'
            WHERE order_id = {CONFIRMED}""",
        "a confirmed order holds nothing": f"""
            UPDATE inventory.stock SET reserved = reserved - quantity
            FROM inventory.reservation, unnest(skus, quantities) AS line (held, quantity)
            WHERE order_id = {CONFIRMED} AND sku = held;
            UPDATE inventory.reservation SET status = 'released' WHERE order_id = {CONFIRMED}""",
        "a confirmed order holds one more": f"""
            UPDATE inventory.reservation SET quantities[1] = quantities[1] + 1 WHERE order_id = {CONFIRMED};
            UPDATE inventory.stock SET reserved = reserved + 1
            WHERE sku = (SELECT skus[1] FROM inventory.reservation WHERE order_id = {CONFIRMED})""",
        "the goods of a shipped order are there": f"""
            UPDATE "order".orders SET status = 'shipped' WHERE id = {CONFIRMED};
            INSERT INTO "order".order_history (order_id, status, who, why)
            SELECT id, status, 'ann', '' FROM "order".orders WHERE status = 'shipped';
            INSERT INTO "order".outbox (topic, body)
            SELECT 'order.shipped', jsonb_build_object('order_id', id)
            FROM "order".orders WHERE status = 'shipped';
            UPDATE fulfilment.job SET status = 'closed' FROM "order".orders
            WHERE id = order_id AND orders.status = 'shipped';
            DELETE FROM fulfilment.shipment_line USING fulfilment.shipment, "order".orders
            WHERE shipment_id = shipment.id AND orders.id = order_id AND orders.status = 'shipped';
            DELETE FROM fulfilment.shipment USING "order".orders
            WHERE orders.id = order_id AND orders.status = 'shipped'""",
        "an order that awaits its payment holds something for good": f"""
            UPDATE inventory.reservation SET expires_at = NULL WHERE order_id = {AWAITING}""",
        "an order that awaits its payment has never held anything": f"""
            UPDATE inventory.stock SET reserved = reserved - quantity
            FROM inventory.reservation, unnest(skus, quantities) AS line (held, quantity)
            WHERE order_id = {AWAITING} AND sku = held;
            DELETE FROM inventory.reservation WHERE order_id = {AWAITING}""",
        "a rejected order holds something": f"""
            INSERT INTO inventory.reservation (order_id, status) VALUES ({REJECTED}, 'live')
            ON CONFLICT (order_id) DO UPDATE SET status = 'live', skus = '{{}}', locations = '{{}}', quantities = '{{}}'""",
    },
}
