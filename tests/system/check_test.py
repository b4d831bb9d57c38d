"""`souk check` finds each kind of damage, and nothing where there is none."""

import os
import re
import subprocess
import unittest
import uuid
from contextlib import contextmanager

from souk_system import ROOT, SOUK, SystemTest

NAMES = re.findall(r"^-- ([a-z_]+): ", (ROOT / "db/queries/check.sql").read_text(), re.MULTILINE)


def one(status):
    return f"""(SELECT id FROM "order".orders WHERE status = '{status}' ORDER BY id LIMIT 1)"""


CONFIRMED, REJECTED, AWAITING = one("confirmed"), one("rejected"), one("awaiting_payment")
PAID = f"(SELECT id FROM payment.payment WHERE order_id = {CONFIRMED})"
UNPAID = f"(SELECT id FROM payment.payment WHERE order_id = {AWAITING})"
PLACE = """
    INSERT INTO "order".orders (id, user_id, fingerprint, status, payment_method, total_amount,
        total_currency, placed_at)
    SELECT gen_random_uuid(), user_id, '', 'placing', 'pm_sim_ok', 100, 'EUR', {placed_at}
    FROM "order".orders LIMIT 1;
    INSERT INTO "order".order_line (order_id, position, sku, name, quantity, price_amount, price_currency)
    SELECT id, 1, 'LAMP', 'Lamp', 1, 100, 'EUR' FROM "order".orders WHERE fingerprint = '';"""
PAY = """
    INSERT INTO payment.payment (id, order_id, amount, captured, currency, method, status)
    VALUES (gen_random_uuid(), gen_random_uuid(), 100, CASE '{status}' WHEN 'opened' THEN 0 ELSE 100 END, 'EUR',
        'nobody', '{status}');"""
GIVE_BACK = """
    INSERT INTO payment.refund (id, payment_id, key, amount, who, status, touched_at)
    VALUES (gen_random_uuid(), {payment}, 'one', 1, 'system', '{status}', now() - interval '121 seconds');"""
PROMISE = """
    INSERT INTO pricing.promotion (id, body, starts_at, ends_at, limit_total, limit_per_customer)
    VALUES (gen_random_uuid(), '{}', now(), now(), 1, 0);"""
UNBOUND = """
    ALTER TABLE inventory.stock DROP CONSTRAINT stock_on_hand_check, DROP CONSTRAINT stock_check;"""

# All accounts are closed, as they should be.
CLOSED = """
    UPDATE auth.credential SET status = 'forgotten', email = NULL, password_hash = NULL;
    DELETE FROM auth.session;
    UPDATE "user".account SET status = 'closed', email = NULL, name = NULL;"""

# For each statement of check.sql what breaks it and none of the others.
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
    },
    "order_history": {
        "it says nothing of the end": f'DELETE FROM "order".order_history WHERE order_id = {CONFIRMED}',
        "it says something else": f"""
            INSERT INTO "order".order_history (order_id, status, who, why)
            VALUES ({CONFIRMED}, 'rejected', 'somebody', 'a whim')""",
    },
    "order_events": {
        "a confirmed order has none": f"""
            UPDATE "order".event SET topic = 'order.none' WHERE body ->> 'order_id' = {CONFIRMED}::text""",
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
            """UPDATE "order".event SET topic = 'order.none' WHERE topic = 'order.cancelled'""",
        "a cancelled order has two": """
            INSERT INTO "order".outbox (topic, body)
            SELECT topic, body FROM "order".told WHERE topic = 'order.cancelled'""",
        "a confirmed order has one": f"""
            INSERT INTO "order".outbox (topic, body)
            VALUES ('order.cancelled', jsonb_build_object('order_id', {CONFIRMED}))""",
    },
    "events_numbered": {
        "one is missing": "DELETE FROM product.event WHERE seq = 2",
        "the last one is missing": "UPDATE product.event_head SET seq = seq + 1",
        "there is one that was not numbered": """
            INSERT INTO inventory.event (seq, topic, at) VALUES (1000, 'inventory.low_stock', now())""",
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
            FROM "order".orders WHERE status = 'shipped'""",
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
    "orders_paid": {
        "a confirmed order costs more than was paid": f"""
            UPDATE "order".order_line SET price_amount = price_amount + 1 WHERE order_id = {CONFIRMED};
            UPDATE "order".orders SET total_amount =
                (SELECT sum(quantity * price_amount) FROM "order".order_line WHERE order_id = {CONFIRMED})
            WHERE id = {CONFIRMED}""",
        "a confirmed order costs another currency": f"""
            UPDATE "order".order_line SET price_currency = 'USD' WHERE order_id = {CONFIRMED};
            UPDATE "order".orders SET total_currency = 'USD' WHERE id = {CONFIRMED}""",
        "an order that is not paid is being charged": f"""
            UPDATE payment.payment SET status = 'opened' WHERE id = {UNPAID};
            INSERT INTO payment.in_flight (payment_id) VALUES ({UNPAID})""",
        "a rejected order is being charged": f"""
            UPDATE payment.payment SET status = 'opened' WHERE order_id = {REJECTED};
            INSERT INTO payment.in_flight (payment_id)
            SELECT id FROM payment.payment WHERE order_id = {REJECTED}""",
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
    "registrations_end": {
        "one is under way for too long": """
            INSERT INTO "user".account (id, email, name, status, made_at)
            VALUES (gen_random_uuid(), 'slow@example.com', 'Slow', 'registering', now() - interval '121 seconds')""",
    },
    "promotions_used": {
        "one was used more often than it is redeemed": PROMISE + "UPDATE pricing.promotion SET used = 1",
        "one was redeemed more often than it was used": PROMISE + """
            INSERT INTO pricing.redemption (order_id, promotion_id, customer, status)
            SELECT gen_random_uuid(), id, 'ann', 'live' FROM pricing.promotion""",
    },
    "accounts_settle": {
        "an address is being changed for too long": """
            INSERT INTO "user".email_change (account_id, email, touched_at)
            SELECT id, 'new@example.com', now() - interval '121 seconds' FROM "user".account""",
        "an account is being closed for too long": """
            UPDATE "user".account SET status = 'closing', touched_at = now() - interval '121 seconds'""",
    },
    "closed_forgotten": {
        "one has an address": CLOSED + """
            INSERT INTO "user".address (id, account_id, name, line1, city, postal_code, country, default_shipping,
                default_billing)
            SELECT id, id, 'Ada', 'Here 1', 'There', '1', 'DE', false, false FROM "user".account""",
        "one has a role": CLOSED + "UPDATE auth.credential SET roles = '{customer,admin}'",
        "one has a session": CLOSED + """
            INSERT INTO auth.session (id, token_hash, user_id, expires_at, ends_at)
            SELECT user_id, '', user_id, now(), now() FROM auth.credential""",
    },
    "tokens_run_out": {
        "one is kept": """
            INSERT INTO auth.outbox (topic, body, expires_at)
            VALUES ('auth.password_reset_requested', '{}', now() - interval '11 minutes')""",
    },
    "users_can_log_in": {
        "one has no credential": "DELETE FROM auth.credential",
        "one has a credential that is forgotten": """
            UPDATE auth.credential SET status = 'forgotten', email = NULL, password_hash = NULL""",
        "one has a credential under another address":
            "UPDATE auth.credential SET email = 'somebody@else.example'",
        "a credential is nobody's": 'DELETE FROM "user".account',
        "a credential is of a closed account": """
            DELETE FROM auth.session;
            UPDATE "user".account SET status = 'closed', email = NULL, name = NULL""",
    },
    "offers_priced": {
        "one has no price": "DELETE FROM product.offer_price WHERE sku = 'MUG-BLUE'",
        "one has another": "UPDATE product.offer_price SET amount = amount + 1 WHERE sku = 'MUG-BLUE'",
        "one that is not sold has another": """
            UPDATE product.offer SET buyable = false WHERE sku = 'MUG-BLUE';
            UPDATE product.offer_price SET amount = amount + 1 WHERE sku = 'MUG-BLUE'""",
    },
    "offers_belong": {
        "one is of no product": "UPDATE product.offer SET product_sku = 'NOBODY' WHERE sku = 'SHIRT-BLUE-S'",
        "a product has none": "DELETE FROM product.offer WHERE sku = 'SOAP-OLIVE'",
    },
    "offers_published": {
        "one is of a product that is archived": """
            UPDATE product.document SET body = jsonb_set(body, '{status}', '"archived"') WHERE key = 'SOAP-OLIVE';
            UPDATE product.shelf SET status = 'archived' WHERE sku = 'SOAP-OLIVE'""",
    },
    "shelves_filled": {
        "a product is not where it should be": """
            DELETE FROM product.shelf WHERE sku = 'MUG-BLUE' AND shelf = 'category:home'""",
        "a product is where it should not be": """
            UPDATE product.shelf SET shelf = 'category:paper'
            WHERE sku = 'MUG-BLUE' AND shelf = 'category:home'""",
        "a product is shown as what it is not": """
            UPDATE product.shelf SET status = 'archived' WHERE sku = 'MUG-BLUE' AND shelf = ''""",
    },
    "categories_rooted": {
        "one does not know that it was moved":
            "UPDATE product.category SET parent = 'clothing' WHERE slug = 'paper'",
    },
}


class CheckTest(SystemTest):
    """A shop with an order of every outcome, killed while one is in flight; the damage is done to copies."""

    settings = {"SOUK_PATIENCE_MS": 500, "SOUK_PROVIDER_TIMEOUT_MS": 599000,
                "SOUK_CHARGE_TIMEOUT_MS": 600000}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        customer = cls.shop.customer()
        for method, status in (("pm_sim_ok", 201), ("pm_sim_declined", 402), ("pm_sim_insufficient", 201),
                               ("pm_sim_lost", 202)):
            reply = cls.shop.order(customer, {"MUG-BLUE": 2, "BOWL-OAK": 1}, method)
            assert reply.status == status, reply
        cls.cancel_one(customer)
        cls.ship_some()
        cls.shop.await_told()
        for name in list(cls.shop.processes):
            cls.shop.kill(name)
        cls.stay_in_flight()

    @classmethod
    def cancel_one(cls, customer):
        placed = cls.shop.order(customer, {"LAMP-DESK": 1})
        reply = cls.shop.http("PUT", f"/v1/orders/{placed.json['id']}/cancellation", {}, headers=customer)
        assert (reply.status, reply.json["status"]) == (200, "cancelled"), reply

    @classmethod
    def ship_some(cls):
        """Two of three that were held have left."""
        order = {"order_id": str(uuid.uuid4())}
        cls.shop.asked("inventory.reserve", {**order, "ttl_s": 86400, "lines": [{"sku": "LAMP-DESK", "quantity": 3}]})
        cls.shop.asked("inventory.commit", {**order, "key": "first", "lines": [{"sku": "LAMP-DESK", "quantity": 2}]})

    @classmethod
    def stay_in_flight(cls):
        """However long the tests take, what is in flight is not late."""
        cls.shop.sql("""
            UPDATE "order".orders SET placed_at = placed_at + interval '1 hour' WHERE status = 'placing';
            UPDATE payment.in_flight SET touched_at = touched_at + interval '1 hour'""")

    @contextmanager
    def copy(self):
        """The name of a database that is as the shop's; gone afterwards."""
        name = f"{self.shop.database}_copy"
        self.shop.sql(f"CREATE DATABASE {name} TEMPLATE {self.shop.database}", "postgres")
        try:
            yield name
        finally:
            self.shop.sql(f"DROP DATABASE {name} WITH (FORCE)", "postgres")

    def check(self, database):
        dsn = f"{os.environ['SOUK_ADMIN_DSN']} dbname={database}"
        return subprocess.run([SOUK, "check"], cwd=ROOT, env={**self.shop.environment, "SOUK_ADMIN_DSN": dsn},
                              capture_output=True, text=True, timeout=120)

    def assert_sound(self, database):
        done = self.check(database)
        self.assertEqual((0, ""), (done.returncode, done.stderr), done.stdout)
        self.assertEqual(NAMES, re.findall(r"^ok  ([a-z_]+): ", done.stdout, re.MULTILINE))

    def assert_broken(self, database, name):
        done = self.check(database)
        self.assertEqual([name], re.findall(r"^BAD ([a-z_]+): ", done.stdout, re.MULTILINE), done.stdout)
        self.assertEqual((1, ""), (done.returncode, done.stderr))
        self.assertEqual(len(NAMES) - 1, len(re.findall(r"^ok  ", done.stdout, re.MULTILINE)))
        self.assertRegex(done.stdout, f"BAD {name}: .*\n    ")

    def test_every_statement_has_a_damage_that_it_finds(self):
        self.assertEqual(set(NAMES), set(DAMAGES))

    def test_a_shop_with_an_order_of_every_outcome_is_sound(self):
        self.assertEqual([["awaiting_payment"], ["cancelled"], ["confirmed"], ["placing"],
                          ["rejected"]], self.shop.sql(
            'SELECT status FROM "order".orders ORDER BY status'))
        self.assert_sound(self.shop.database)

    def test_each_damage_is_found_and_no_other_is_seen(self):
        for name, damages in DAMAGES.items():
            for what, damage in damages.items():
                with self.subTest(f"{name}: {what}"), self.copy() as database:
                    self.assert_sound(database)
                    self.shop.sql(damage, database)
                    self.assert_broken(database, name)

    def test_of_many_rows_ten_are_shown_and_the_others_counted(self):
        with self.copy() as database:
            self.shop.sql("""
                INSERT INTO payment.in_flight (payment_id)
                SELECT gen_random_uuid() FROM generate_series(1, 25)""", database)
            shown = self.check(database).stdout
        self.assertEqual(10, shown.count("\n    payment "), shown)
        self.assertIn("    ... and 15 more\n", shown)

    def test_what_cannot_be_checked_does_not_hold(self):
        with self.copy() as database:
            self.shop.sql("DROP TABLE simulator.charge", database)
            done = self.check(database)
        self.assertEqual(1, done.returncode)
        self.assertIn("souk check: provider_agrees: ", done.stderr)

    def test_a_database_that_is_not_there_is_not_sound(self):
        done = self.check("nothing_here")
        self.assertEqual((1, ""), (done.returncode, done.stdout))
        self.assertIn("souk check: SOUK_ADMIN_DSN: ", done.stderr)


if __name__ == "__main__":
    unittest.main()
