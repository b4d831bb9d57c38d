"""Payments that take their time, with real processes: what failed is tried again and the order follows, whatever is killed."""

import unittest

from souk_system import SystemTest, at_once, race, told, until


class LaterShop(SystemTest):
    sku = "MUG-BLUE"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.shop.customer()

    def setUp(self):
        self.shop.offer(self.sku, 50, 1000)

    def place(self, method):
        placed = self.shop.order(self.customer, {self.sku: 1}, method)
        self.assertEqual((201, "awaiting_payment"), (placed.status, placed.json["status"]))
        return placed.json["id"]

    def status(self, order):
        return self.shop.http("GET", f"/v1/orders/{order}", headers=self.customer).json["status"]

    def await_status(self, order, status):
        until(lambda: self.status(order) == status, lambda: f"{order} is {self.status(order)}")

    def kept(self, order):
        """How often the provider was paid for the order, and kept it."""
        return int(self.shop.sql(f"""
            SELECT count(*) FROM simulator.charge
            WHERE key LIKE '{order}%' AND outcome = 'captured' AND refunded_at IS NULL""")[0][0])

    def assert_paid(self, order):
        self.await_status(order, "confirmed")
        self.assertEqual(1, self.kept(order))

    def assert_cancelled(self, order):
        self.await_status(order, "cancelled")
        self.assertEqual(0, self.kept(order))

    def pay(self, order, method, key="once"):
        return self.shop.http("POST", f"/v1/orders/{order}/payment", {"payment_method": method},
                              {**self.customer, "Idempotency-Key": key})

    def cancel(self, order):
        return self.shop.http("PUT", f"/v1/orders/{order}/cancellation", {}, headers=self.customer)


class LaterTest(LaterShop):
    # Tries follow each other at once; who waits for its payment waits for as long as a test may take.
    settings = {"SOUK_RETRY_MS": 10, "SOUK_RETRY_MAX_MS": 50, "SOUK_DUE_MS": 20, "SOUK_STRANDED_MS": 2000,
                "SOUK_GIVE_UP_MS": 1500}

    def test_what_has_money_later_is_confirmed(self):
        order = self.place("pm_sim_later")
        self.assert_paid(order)
        self.shop.check()

    def test_what_never_has_is_cancelled_and_its_stock_free(self):
        available = self.shop.available(self.sku)
        order = self.place("pm_sim_insufficient")
        self.assert_cancelled(order)
        self.assertEqual(available, self.shop.available(self.sku))
        self.shop.check()

    def test_whoever_cancels_amid_a_try_gets_the_money_back(self):
        for _ in range(5):
            order = self.place("pm_sim_later_slow")
            cancelled = self.cancel(order)
            self.assertIn(cancelled.status, (200, 202), cancelled)
            self.assert_cancelled(order)
        self.shop.check()

    def test_whoever_pays_and_cancels_at_once_does_one_of_both(self):
        for _ in range(5):
            order = self.place("pm_sim_later_slow")
            paid, cancelled = race(lambda order=order: self.pay(order, "pm_sim_ok"),
                                   lambda order=order: self.cancel(order))
            self.assertIn(told(paid), {"200", "202", "409 not_payable", "409 payment_voided", "404 no_such_payment"})
            self.assertIn(told(cancelled), {"200", "202"})
            self.assert_cancelled(order)
        self.shop.check()

    def test_whoever_pays_many_times_at_once_pays_once(self):
        order = self.place("pm_sim_later_slow")
        replies = at_once(6, lambda i: self.pay(order, "pm_sim_ok", f"key {i}"))
        self.assertLessEqual({told(reply) for reply in replies}, {"200", "202"})
        self.assert_paid(order)
        self.shop.check()

    def test_killing_the_services_amid_their_tries_charges_nobody_twice(self):
        orders = [self.place(method) for method in ("pm_sim_later", "pm_sim_later_slow") * 5]
        for name in ("payment", "order"):
            self.shop.kill(name)
            self.shop.start(name)
        for order in orders:
            self.assert_paid(order)
        self.shop.check()


class LostTest(LaterShop):
    # Who gives up, gives up late enough for what was lost to be found.
    settings = {"SOUK_PROVIDER_TIMEOUT_MS": 2000, "SOUK_PATIENCE_MS": 300, "SOUK_GIVE_UP_MS": 10000, "SOUK_STRANDED_MS": 11000}

    def lose_an_answer(self):
        """An order that was charged, of which nobody heard before the service was killed."""
        placed = self.shop.order(self.customer, {self.sku: 1}, "pm_sim_lost")
        self.assertEqual(202, placed.status, placed)
        order = placed.json["id"]
        until(lambda: self.kept(order), "the provider was never asked")
        self.assertEqual([["opened"]], self.shop.sql(
            f"SELECT status FROM payment.payment WHERE order_id = '{order}'"))
        self.shop.kill("payment")
        return order

    def test_what_was_charged_without_an_answer_is_used_although_the_service_was_killed(self):
        order = self.lose_an_answer()
        self.shop.start("payment")
        self.assert_paid(order)
        self.shop.check()

    def test_what_was_charged_without_an_answer_is_given_back_where_the_order_was_given_up(self):
        order = self.lose_an_answer()
        self.shop.kill("order")
        self.shop.start("order")
        self.shop.start("payment")
        self.await_status(order, "rejected")
        self.assertEqual(0, self.kept(order))
        self.shop.check()


if __name__ == "__main__":
    unittest.main()
