"""`souk check` finds each kind of damage, and nothing where there is none."""

import os
import re
import subprocess
import unittest
import uuid
from contextlib import contextmanager

import damage_fulfilment
import damage_orders
import damage_payments
import damage_products
import damage_stock
import damage_users
from souk_system import ROOT, SOUK, SystemTest, until

NAMES = re.findall(r"^-- ([a-z_]+): ", (ROOT / "db/queries/check.sql").read_text(), re.MULTILINE)
# For each statement of check.sql what breaks it and none of the others.
DAMAGES = {**damage_stock.DAMAGES, **damage_orders.DAMAGES, **damage_payments.DAMAGES,
           **damage_users.DAMAGES, **damage_products.DAMAGES, **damage_fulfilment.DAMAGES}
# What `souk repair` mends, but for what there is no row of.
MENDED = ("reservations_belong", "stock_reserved", "stock_low", "promotions_used")
FOR_A_PERSON = ("something is held that there is none of",)


class CheckTest(SystemTest):
    """A shop with an order of every outcome, killed while one is in flight; the damage is done to copies."""

    settings = {"SOUK_PATIENCE_MS": 500, "SOUK_PROVIDER_TIMEOUT_MS": 599000,
                "SOUK_CHARGE_TIMEOUT_MS": 600000, "SOUK_RETRY_MS": 86400000, "SOUK_RETRY_MAX_MS": 604800000,
                "SOUK_RESERVATION_S": 31536000}

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
        cls.deliver_one(customer)
        cls.shop.await_followed()
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
    def as_staff(cls, operation, arguments):
        meta = {"user": str(uuid.uuid4()), "roles": ["customer", "staff"], "key": uuid.uuid4().hex}
        code, value = cls.shop.call(operation, arguments, meta)
        assert code == "ok", (operation, code, value)
        return value

    @classmethod
    def deliver_one(cls, customer):
        """And one of two comes back; all that is confirmed is to be packed."""
        order = cls.shop.order(customer, {"LAMP-DESK": 2}).json["id"]
        cls.as_staff("fulfilment.ship_order", {"id": order})
        shipments = cls.shop.http("GET", f"/v1/orders/{order}/shipments", headers=customer).json["items"]
        cls.as_staff("fulfilment.deliver", {"id": shipments[0]["id"]})
        back = cls.as_staff("fulfilment.request_return", {
            "id": order, "reason": "unwanted", "lines": [{"sku": "LAMP-DESK", "quantity": 1}]})
        cls.as_staff("fulfilment.receive_return", {"id": back["id"], "location": "main"})
        cls.as_staff("fulfilment.inspect_return", {
            "id": back["id"], "lines": [{"sku": "LAMP-DESK", "restocked": 1, "written_off": 0}]})
        until(lambda: cls.shop.sql("""
            SELECT count(*) FILTER (WHERE status = 'delivered') = 1 AND
                (SELECT count(*) FROM fulfilment.job WHERE status = 'planned') = 2
            FROM "order".orders""") == [["t"]], "an order is delivered, and another is to be packed")

    @classmethod
    def stay_in_flight(cls):
        """However long the tests take, what is in flight is not late."""
        cls.shop.sql("""
            UPDATE "order".orders SET placed_at = placed_at + interval '1 hour' WHERE status = 'placing';
            UPDATE payment.in_flight SET touched_at = touched_at + interval '1 hour';
            UPDATE payment.retry SET next_at = now() + interval '1 hour'""")

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

    def repair(self, database):
        """What it says that it mended."""
        dsn = f"{os.environ['SOUK_ADMIN_DSN']} dbname={database}"
        return self.shop.run("repair", settings={"SOUK_ADMIN_DSN": dsn})

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
        self.assertEqual([["awaiting_payment"], ["cancelled"], ["confirmed"], ["delivered"], ["placing"],
                          ["rejected"]], self.shop.sql(
            'SELECT status FROM "order".orders ORDER BY status'))
        self.assert_sound(self.shop.database)

    def test_each_damage_is_found_and_no_other_is_seen(self):
        for name, damages in DAMAGES.items():
            for what, damage in damages.items():
                with self.subTest(f"{name}: {what}"), self.copy() as database:
                    self.shop.sql(damage, database)
                    self.assert_broken(database, name)

    def test_what_follows_from_other_rows_is_mended(self):
        for name in MENDED:
            for what, damage in DAMAGES[name].items():
                if what in FOR_A_PERSON:
                    continue
                with self.subTest(f"{name}: {what}"), self.copy() as database:
                    self.shop.sql(damage, database)
                    self.assertIn("mended ", self.repair(database))
                    self.assert_sound(database)
                    self.assertEqual("", self.repair(database))

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
