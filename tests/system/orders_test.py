"""Placing orders: who gets the last unit, what a key promises, and what each kind of card does."""

import threading
import time
import unittest
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from souk_system import SystemTest, at_once, until

SLOW_S = 1.0  # what pm_sim_slow takes


class OrdersTest(SystemTest):
    settings = {"SOUK_PROVIDER_TIMEOUT_MS": "3500"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = at_once(8, lambda _: cls.shop.customer())

    def setUp(self):
        """A product that nobody else buys, and a new key."""
        self.sku = f"TEST-{uuid.uuid4().hex[:12]}"
        self.key = uuid.uuid4().hex
        self.customer = self.customers[0]

    def order_rows(self):
        return self.shop.rows(f"""
            SELECT orders.id, orders.status, payment_method, payment.status AS payment, charge.outcome AS charge,
                charge.refunded_at, reservation.status AS reservation, reservation.expires_at
            FROM "order".orders
            JOIN "order".order_line AS line ON line.order_id = orders.id
            LEFT JOIN payment.payment ON payment.order_id = orders.id
            LEFT JOIN simulator.charge ON charge.key = orders.id::text
            LEFT JOIN inventory.reservation ON reservation.order_id = orders.id
            WHERE line.sku = '{self.sku}'""")

    def listed(self, customer):
        orders = self.shop.http("GET", "/v1/orders?limit=100", headers=customer).json["items"]
        return [order for order in orders if order["lines"][0]["sku"] == self.sku]

    # The last unit.

    def test_two_hundred_buyers_of_fifty_units_get_exactly_fifty(self):
        self.shop.offer(self.sku, 50)
        replies = at_once(200, lambda i: self.shop.order(
            self.customers[i % len(self.customers)], {self.sku: 1}))
        self.assertEqual({201: 50, 409: 150}, Counter(reply.status for reply in replies))
        for reply in replies:
            if reply.status == 409:
                self.assert_problem(reply, 409, "out_of_stock")
        self.assertEqual(0, self.shop.available(self.sku))
        confirmed = [row for row in self.order_rows() if row["status"] == "confirmed"]
        self.assertEqual(50, len(confirmed))
        self.assertEqual({"captured"}, {row["charge"] for row in confirmed})
        self.shop.check()

    def test_an_order_of_several_products_gets_all_of_them_or_none(self):
        other = self.sku + "-B"
        self.shop.offer(self.sku, 10)
        self.shop.offer(other, 1)
        reply = self.shop.order(self.customer, {self.sku: 2, other: 2})
        self.assert_problem(reply, 409, "out_of_stock")
        self.assertEqual((10, 1), (self.shop.available(self.sku), self.shop.available(other)))

    def test_two_lines_on_the_same_product_are_counted_together(self):
        self.shop.offer(self.sku, 5, amount=100)
        too_many = self.shop.order(self.customer, [(self.sku, 3), (self.sku, 3)])
        self.assert_problem(too_many, 409, "out_of_stock")
        just_right = self.shop.order(self.customer, [(self.sku, 3), (self.sku, 2)])
        self.assertEqual(201, just_right.status, just_right)
        self.assertEqual(500, just_right.json["total"]["amount"])
        self.assertEqual(0, self.shop.available(self.sku))
        self.shop.check()

    # The key.

    def test_one_key_posted_a_hundred_times_at_once_makes_one_order_and_one_charge(self):
        self.shop.offer(self.sku, 100)
        replies = at_once(100, lambda _: self.shop.order(self.customer, {self.sku: 2}, key=self.key))
        placed = [reply for reply in replies if reply.status == 201]
        self.assertGreater(len(placed), 0, replies[0])
        self.assertEqual(1, len({reply.json["id"] for reply in placed}))
        for reply in replies:
            if reply.status != 201:
                self.assert_problem(reply, 409)
                self.assertGreater(int(reply.headers["Retry-After"]), 0)
        self.assertEqual([("confirmed", "captured", "captured")], [
            (row["status"], row["payment"], row["charge"]) for row in self.order_rows()])
        self.assertEqual(98, self.shop.available(self.sku))

    def test_a_key_used_again_later_gives_the_same_order(self):
        self.shop.offer(self.sku, 10)
        first = self.shop.order(self.customer, {self.sku: 1}, key=self.key)
        again = self.shop.order(self.customer, {self.sku: 1}, key=self.key)
        self.assertEqual((201, first.json), (again.status, again.json))
        self.assertEqual(9, self.shop.available(self.sku))

    def test_a_key_used_for_something_else_is_refused(self):
        self.shop.offer(self.sku, 10)
        self.assertEqual(201, self.shop.order(self.customer, {self.sku: 1}, key=self.key).status)
        self.assert_problem(self.shop.order(self.customer, {self.sku: 2}, key=self.key), 422)
        self.assertEqual(9, self.shop.available(self.sku))

    def test_a_key_belongs_to_its_customer(self):
        self.shop.offer(self.sku, 10)
        orders = {self.shop.order(customer, {self.sku: 1}, key=self.key).json["id"]
                  for customer in self.customers[:3]}
        self.assertEqual(3, len(orders))

    def test_an_order_without_a_key_is_refused(self):
        body = {"lines": [{"sku": "MUG-BLUE", "quantity": 1}], "payment_method": "pm_sim_ok"}
        self.assert_problem(self.shop.http("POST", "/v1/orders", body, headers=self.customer), 400)
        for key in ("x" * 300, "\xe4"):
            self.assert_problem(self.shop.order(self.customer, {"MUG-BLUE": 1}, key=key), 400)

    # The card.

    def test_a_declined_card_leaves_nothing_behind(self):
        self.shop.offer(self.sku, 10)
        for method, code in (("declined", "card_declined"), ("authentication", "authentication_required")):
            for _ in range(2):
                declined = self.shop.order(
                    self.customer, {self.sku: 4}, f"pm_sim_{method}", key=f"{self.key}-{method}")
                self.assert_problem(declined, 402, code)
                self.assertEqual(10, self.shop.available(self.sku))
                self.assertEqual([], self.listed(self.customer))
        self.shop.check()

    def test_a_card_without_money_leaves_an_order_that_awaits_its_payment(self):
        self.shop.offer(self.sku, 10)
        placed = self.shop.order(self.customer, {self.sku: 4}, "pm_sim_insufficient")
        self.assertEqual((201, "awaiting_payment"), (placed.status, placed.json["status"]))
        self.assertEqual(6, self.shop.available(self.sku))
        self.assertEqual([placed.json], self.listed(self.customer))
        (row,) = self.order_rows()
        self.assertEqual(("live", "insufficient"), (row["reservation"], row["charge"]))
        self.assertIsNotNone(row["expires_at"])

    def test_a_slow_card_is_waited_for(self):
        self.shop.offer(self.sku, 10)
        begun = time.monotonic()
        placed = self.shop.order(self.customer, {self.sku: 1}, "pm_sim_slow")
        self.assertEqual((201, "confirmed"), (placed.status, placed.json["status"]))
        self.assertGreaterEqual(time.monotonic() - begun, SLOW_S * 0.9)

    def test_a_charge_whose_answer_is_lost_is_found_and_made_once(self):
        self.shop.offer(self.sku, 10)
        placed = self.shop.order(self.customer, {self.sku: 1}, "pm_sim_lost")
        self.assertEqual((202, "placing"), (placed.status, placed.json["status"]))
        again = self.shop.order(self.customer, {self.sku: 1}, "pm_sim_lost")
        until(lambda: {row["status"] for row in self.order_rows()} == {"confirmed"},
                   "both orders have found their charge")
        for reply in (placed, again):
            found = self.shop.http("GET", f"/v1/orders/{reply.json['id']}", headers=self.customer)
            self.assertEqual("confirmed", found.json["status"])
        self.assertEqual([("captured", "captured", None)] * 2, [
            (row["payment"], row["charge"], row["refunded_at"]) for row in self.order_rows()])
        self.assertEqual(8, self.shop.available(self.sku))
        self.shop.check()

    def test_an_unknown_payment_method_is_refused_and_holds_nothing(self):
        self.shop.offer(self.sku, 10)
        reply = self.shop.order(self.customer, {self.sku: 1}, "pm_sim_nothing")
        self.assert_problem(reply, 422, "unknown_payment_method")
        self.assertEqual(10, self.shop.available(self.sku))

    # One beside the other.

    def hundred_fast_ones(self):
        """Ten at a time; how long the slowest took."""
        def place(i):
            begun = time.monotonic()
            reply = self.shop.order(self.customers[i % len(self.customers)], {self.sku: 1})
            self.assertEqual(201, reply.status, reply)
            return time.monotonic() - begun

        with ThreadPoolExecutor(10) as threads:
            return max(threads.map(place, range(100)))

    def test_slow_and_lost_cards_delay_no_order_beside_them(self):
        self.shop.offer(self.sku, 1000)
        alone = self.hundred_fast_ones()
        methods = ["pm_sim_lost"] * 5 + ["pm_sim_slow"] * 20
        others = []
        threads = [threading.Thread(target=lambda method=method: others.append(
            self.shop.order(self.customer, {self.sku: 1}, method))) for method in methods]
        for thread in threads:
            thread.start()
        until(lambda: sum(row["payment"] is not None and row["payment_method"] != "pm_sim_ok"
                          for row in self.order_rows()) == 25, "the others have come to their charge")

        beside = self.hundred_fast_ones()
        for thread in threads:
            thread.join()
        self.assertLess(beside, max(0.9 * SLOW_S, 3 * alone))
        self.assertEqual({201: 20, 202: 5}, Counter(reply.status for reply in others))
        until(lambda: {row["status"] for row in self.order_rows()} == {"confirmed"},
                   "every order is confirmed")
        self.shop.check()


if __name__ == "__main__":
    unittest.main()
