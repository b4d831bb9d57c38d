"""What breaks payments, what is given back of them, and the books, by the check that finds it and no other."""

from damage import AWAITING, CONFIRMED, PAID, REJECTED, UNPAID

PAY = """
    INSERT INTO payment.payment (id, order_id, amount, captured, currency, method, status)
    VALUES (gen_random_uuid(), gen_random_uuid(), 100, CASE '{status}' WHEN 'opened' THEN 0 ELSE 100 END, 'EUR',
        'nobody', '{status}');"""
GIVE_BACK = """
    INSERT INTO payment.refund (id, payment_id, key, amount, who, status, touched_at)
    VALUES (gen_random_uuid(), {payment}, 'one', 1, 'system', '{status}', now() - interval '121 seconds');"""
USER = "018f0000-0000-7000-8000-0000000000c1"
STORE = f"""
    INSERT INTO payment.method (id, user_id, token, customer, brand, last4, expiry_month, expiry_year, is_default)
    VALUES (gen_random_uuid(), '{USER}', 'pm_1', {{customer}}, 'visa', '4242', 12, 2039, true);"""

DAMAGES = {
    "orders_paid": {
        "a confirmed order costs more than was paid": f"""
            UPDATE "order".order_line SET price_amount = price_amount + 1 WHERE order_id = {CONFIRMED};
            UPDATE "order".orders SET total_amount =
                (SELECT sum(quantity * price_amount) FROM "order".order_line WHERE order_id = {CONFIRMED})
            WHERE id = {CONFIRMED}""",
        "a confirmed order costs another currency": f"""
            UPDATE "order".order_line SET price_currency = 'USD' WHERE order_id = {CONFIRMED};
            UPDATE "order".orders SET total_currency = 'USD' WHERE id = {CONFIRMED}""",
        "an order that waits was paid long ago": f"""
            UPDATE payment.payment SET status = 'captured', captured = amount, made_at = now() - interval '121 seconds',
                reference = NULL
            WHERE id = {UNPAID};
            DELETE FROM payment.retry WHERE payment_id = {UNPAID};
            INSERT INTO payment.ledger (payment_id, cause, account, amount)
            SELECT id, 'charge', account, sign * amount
            FROM payment.payment, (VALUES ('provider', 1), ('sales', -1)) AS entry (account, sign) WHERE id = {UNPAID};
            UPDATE simulator.charge SET outcome = 'captured' WHERE key = {AWAITING}::text""",
        "a rejected order is being charged": f"""
            UPDATE payment.payment SET status = 'opened' WHERE order_id = {REJECTED};
            INSERT INTO payment.in_flight (payment_id)
            SELECT id FROM payment.payment WHERE order_id = {REJECTED}""",
    },
    "payments_tried": {
        "one is due for too long": f"""
            UPDATE payment.retry SET next_at = now() - interval '121 seconds' WHERE payment_id = {UNPAID}""",
        "one is not due at all": f"UPDATE payment.retry SET next_at = NULL WHERE payment_id = {UNPAID}",
        "one that was paid is tried again": f"""
            INSERT INTO payment.retry (payment_id, method, next_at)
            SELECT {PAID}, 'pm_sim_ok', now() + interval '1 hour'""",
        "one that is not there is tried again": """
            INSERT INTO payment.retry (payment_id, method, next_at)
            VALUES (gen_random_uuid(), 'pm_sim_ok', now() + interval '1 hour')""",
        "a try is not noted": f"UPDATE payment.payment SET tries = 2 WHERE id = {UNPAID}",
        "a try is still under way": f"UPDATE payment.try SET outcome = NULL WHERE payment_id = {UNPAID}",
    },
    "payments_settle": {
        "one is under way for too long": PAY.format(status="opened") + """
            INSERT INTO payment.in_flight (payment_id, touched_at)
            SELECT id, now() - interval '121 seconds' FROM payment.payment WHERE method = 'nobody'""",
        "one under way is not noted": PAY.format(status="voiding") + """
            INSERT INTO payment.ledger (payment_id, cause, account, amount)
            SELECT id, 'charge', account, sign * amount
            FROM payment.payment, (VALUES ('provider', 1), ('sales', -1)) AS entry (account, sign)
            WHERE method = 'nobody'""",
        "one that is settled is noted": f"INSERT INTO payment.in_flight (payment_id) VALUES ({PAID})",
        "one that is not there is noted":
            "INSERT INTO payment.in_flight (payment_id) VALUES (gen_random_uuid())",
    },
    "payments_belong": {
        "one was taken for no order": PAY.format(status="captured") + """
            INSERT INTO payment.ledger (payment_id, cause, account, amount)
            SELECT id, 'charge', account, sign * amount
            FROM payment.payment, (VALUES ('provider', 1), ('sales', -1)) AS entry (account, sign)
            WHERE method = 'nobody';
            INSERT INTO simulator.charge (key, amount, currency, method, outcome)
            SELECT order_id, amount, currency, method, status
            FROM payment.payment WHERE method = 'nobody'""",
    },
    "payments_in_bounds": {
        "one is given back, and is not":
            f"UPDATE payment.payment SET status = 'refunded' WHERE id = {PAID}",
        "more is given back than was taken": f"""
            ALTER TABLE payment.payment DROP CONSTRAINT payment_bounds;
            INSERT INTO payment.refund (id, payment_id, key, amount, who, status)
            SELECT gen_random_uuid(), id, 'one', captured + 1, 'system', 'refunding'
            FROM payment.payment WHERE id = {PAID};
            UPDATE payment.payment SET refunding = captured + 1 WHERE id = {PAID}""",
    },
    "refunds_add_up": {
        "a payment knows nothing of one": GIVE_BACK.format(payment=PAID, status="refunded"),
        "one is not there that is under way":
            f"UPDATE payment.payment SET refunding = 1 WHERE id = {PAID}",
    },
    "refunds_settle": {
        "one is under way for too long": GIVE_BACK.format(payment=PAID, status="refunding") +
            f"UPDATE payment.payment SET refunding = 1 WHERE id = {PAID}",
    },
    "methods_kept": {
        "one is kept for nobody that is known": STORE.format(customer="'cus_1'"),
        "one is kept for somebody else": f"""
            INSERT INTO payment.customer (user_id, attempt, reference) VALUES ('{USER}', 1, 'cus_2');
            """ + STORE.format(customer="'cus_1'"),
    },
    "customers_forgotten": {
        "one has a stored method": f"""
            INSERT INTO payment.customer (user_id, attempt, gone) VALUES ('{USER}', 1, true);
            """ + STORE.format(customer="NULL"),
        "one is still known to the provider": f"""
            INSERT INTO payment.customer (user_id, attempt, gone, reference) VALUES ('{USER}', 1, true, 'cus_1')""",
    },
    "farewells_end": {
        "nobody asks the provider any more": f"""
            INSERT INTO payment.farewell (id, user_id, touched_at)
            VALUES ('{USER}', '{USER}', now() - interval '121 seconds')""",
    },
    "ledger_balanced": {
        "the entries do not add up": f"""
            UPDATE payment.ledger SET amount = amount + 1
            WHERE payment_id = {PAID} AND account = 'sales'""",
        "a payment has no entries": f"DELETE FROM payment.ledger WHERE payment_id = {PAID}",
        "the provider owes for no payment": """
            INSERT INTO payment.ledger (payment_id, cause, account, amount)
            SELECT '00000000-0000-0000-0000-000000000001', 'charge', account, amount
            FROM (VALUES ('provider', 1), ('sales', -1)) AS entry (account, amount)""",
    },
    "provider_agrees": {
        "it gave back what is kept": f"""
            UPDATE simulator.charge SET refunded_at = now() WHERE key = {CONFIRMED}::text""",
        "it took more": f"""
            UPDATE simulator.charge SET amount = amount + 1 WHERE key = {CONFIRMED}::text""",
        "it knows nothing of a payment": f"DELETE FROM simulator.charge WHERE key = {CONFIRMED}::text",
        "it took what nobody asked for": """
            INSERT INTO simulator.charge (key, amount, currency, method, outcome)
            VALUES ('a stranger', 100, 'EUR', 'pm_sim_ok', 'captured')""",
        "it took what was not paid": f"""
            UPDATE simulator.charge SET outcome = 'captured' WHERE key = {AWAITING}::text""",
    },
}
