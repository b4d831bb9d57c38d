"""Many at once who want the same goods: the last unit, the last use of a coupon, the same cart."""

import unittest
import uuid
from collections import Counter

from rush import RushTest
from souk_system import at_once, race, told


class StockTest(RushTest):
    def test_two_lines_on_one_product_are_taken_together_or_not_at_all(self):
        for _ in self.rounds():
            self.shop.offer(self.sku, 7)
            replies = at_once(8, lambda i: self.shop.order(
                self.customers[i % 4], [(self.sku, 1), (self.sku, 1)]))
            self.assert_came_to({"201": 3, "409 out_of_stock": 5}, replies)
            self.assertEqual((6, 1), (self.ordered(), self.shop.available(self.sku)))

    def test_the_last_unit_goes_to_one_even_among_orders_of_one_customer(self):
        for _ in self.rounds():
            self.shop.offer(self.sku, 1)
            replies = at_once(8, lambda i: self.shop.order(self.customers[i % 2], {self.sku: 1}))
            self.assert_came_to({"201": 1, "409 out_of_stock": 7}, replies)
            self.assertEqual((1, 0), (self.ordered(), self.shop.available(self.sku)))

    def test_orders_that_name_the_same_products_the_other_way_round_do_not_wait_in_a_circle(self):
        for _ in self.rounds():
            pair = (self.sku, self.sku + "-B")
            for sku in pair:
                self.shop.offer(sku, 4)
            replies = at_once(8, lambda i: self.shop.order(
                self.customers[i % 4], [(sku, 1) for sku in pair[::1 if i % 2 else -1]]))
            self.assert_came_to({"201": 4, "409 out_of_stock": 4}, replies)
            for sku in pair:
                self.assertEqual((4, 0), (self.ordered(sku), self.shop.available(sku)))

    def test_the_last_unit_is_given_back_and_wanted_at_once(self):
        for _ in self.rounds():
            self.shop.offer(self.sku, 1)
            order = self.shop.order(self.customers[0], {self.sku: 1}).json["id"]
            cancelled, *wanted = race(
                lambda: self.cancel(order, self.customers[0]),
                *[lambda i=i: self.shop.order(self.customers[i], {self.sku: 1}) for i in (1, 2)])
            self.assert_one_of({"200"}, cancelled)
            got = Counter(told(reply) for reply in wanted)
            self.assertLessEqual(set(got), {"201", "409 out_of_stock"})
            self.assertLessEqual(got["201"], 1)
            self.assertEqual((got["201"], 1 - got["201"]), (self.ordered(), self.shop.available(self.sku)))


class CouponTest(RushTest):
    def use(self, code, customer=None, email=None):
        """An order of one piece with the coupon, by a customer or a guest."""
        body = {"lines": [{"sku": self.sku, "quantity": 1}], "payment_method": "pm_sim_ok", "coupons": [code]}
        return self.post("/v1/orders", {**body, **({"email": email} if email else {})}, customer,
                         uuid.uuid4().hex)

    def assert_used(self, code, times):
        """By that many orders, which stand, and nobody else holds anything."""
        uses = self.number(f"SELECT used FROM pricing.promotion WHERE code = '{code}'")
        self.assertEqual((times, times), (uses, self.ordered()))
        self.assertEqual(100 - times, self.shop.available(self.sku))

    def test_the_last_use_in_all_is_had_by_one(self):
        for _ in self.rounds():
            self.shop.offer(self.sku, 100)
            code = self.coupon(limit_total=2)
            replies = at_once(8, lambda i: self.use(code, self.customers[i % 4]))
            self.assert_came_to({"201": 2, "409 coupon_used_up": 6}, replies)
            self.assert_used(code, 2)

    def test_the_last_use_of_a_customer_is_had_once_by_each(self):
        for _ in self.rounds():
            self.shop.offer(self.sku, 100)
            code = self.coupon(limit_per_customer=1)
            replies = at_once(8, lambda i: self.use(code, self.customers[i // 4]))
            for mine in (replies[:4], replies[4:]):
                self.assert_came_to({"201": 1, "409 coupon_used_up": 3}, mine)
            self.assert_used(code, 2)

    def test_a_guest_is_one_customer_however_the_address_is_written(self):
        for i in self.rounds():
            self.shop.offer(self.sku, 100)
            code = self.coupon(limit_per_customer=1)
            emails = (f"ada{i}@example.com", f"Ada{i}@example.com", f"ada{i}@EXAMPLE.com")
            replies = at_once(6, lambda k: self.use(code, email=emails[k % 3]))
            self.assert_came_to({"201": 1, "409 coupon_used_up": 5}, replies)
            self.assert_used(code, 1)

    def test_the_last_use_is_given_back_and_wanted_at_once(self):
        for _ in self.rounds():
            self.shop.offer(self.sku, 100)
            code = self.coupon(limit_total=1)
            order = self.use(code, self.customers[0]).json["id"]
            cancelled, *wanted = race(
                lambda: self.cancel(order, self.customers[0]),
                *[lambda i=i: self.use(code, self.customers[i]) for i in (1, 2)])
            self.assert_one_of({"200"}, cancelled)
            got = Counter(told(reply) for reply in wanted)
            self.assertLessEqual(set(got), {"201", "409 coupon_used_up"})
            self.assert_used(code, got["201"])
            self.assertLessEqual(got["201"], 1)


class CartTest(RushTest):
    def cart(self, lines, headers=None):
        """Its id; of a guest without headers."""
        cart = self.post("/v1/carts", headers=headers).json["id"]
        for sku, quantity in lines.items():
            self.assertEqual(200, self.put(cart, sku, quantity, headers).status)
        return cart

    def put(self, cart, sku, quantity, headers=None):
        return self.shop.http("PUT", f"/v1/carts/{cart}/lines/{sku}", {"quantity": quantity}, headers)

    def add(self, cart, sku, quantity, headers=None, key=None):
        return self.post(f"/v1/carts/{cart}/lines", {"sku": sku, "quantity": quantity}, headers, key)

    def pay(self, cart, key=None):
        body = {"cart_id": cart, "email": "guest@example.com", "payment_method": "pm_sim_ok"}
        return self.post("/v1/orders", body, key=key or uuid.uuid4().hex)

    def choose(self, cart, coupon):
        chosen = self.shop.http("PUT", f"/v1/carts/{cart}/coupons", {"coupons": [coupon]})
        self.assertEqual(200, chosen.status, chosen)

    def inside(self, cart, sku=None):
        return self.number(f"""
            SELECT coalesce(sum(quantity), 0) FROM cart.line
            WHERE cart_id = '{cart}' AND sku = '{sku or self.sku}'""")

    def change_and_pay(self, change):
        """Two pieces and a coupon in a guest's cart, which is changed while it is paid: what paying came to, what changing
        came to, and how many pieces are ordered then and in the cart."""
        self.shop.offer(self.sku, 100)
        cart = self.cart({self.sku: 2})
        self.choose(cart, self.code)
        paid, changed = race(lambda: self.pay(cart), lambda: change(cart))
        return told(paid), told(changed), self.ordered(), self.inside(cart)

    def test_what_is_added_while_the_cart_is_paid_is_ordered_or_stays(self):
        self.code = self.coupon()
        for _ in self.rounds():
            paid, added, ordered, inside = self.change_and_pay(lambda cart: self.add(cart, self.sku, 1))
            self.assertEqual(("201", "200"), (paid, added))
            self.assertIn((ordered, inside), {(3, 0), (2, 1)})

    def test_what_is_put_while_the_cart_is_paid_is_ordered_or_stays(self):
        self.code = self.coupon()
        for _ in self.rounds():
            paid, put, ordered, inside = self.change_and_pay(lambda cart: self.put(cart, self.sku, 5))
            self.assertEqual(("201", "200"), (paid, put))
            self.assertIn((ordered, inside), {(5, 0), (2, 3), (2, 5)})

    def test_a_coupon_that_is_chosen_while_the_cart_is_paid_goes_with_the_order_or_stays(self):
        first, second = self.coupon(), self.coupon()
        for _ in self.rounds():
            self.shop.offer(self.sku, 100)
            cart = self.cart({self.sku: 2})
            self.choose(cart, first.lower())
            paid, _ = race(lambda: self.pay(cart), lambda: self.choose(cart, second.lower()))
            used = [discount["code"] for discount in paid.json["discounts"]]
            left = self.shop.http("GET", f"/v1/carts/{cart}").json["coupons"]
            self.assertIn((used, left), [([first], [second.lower()]), ([second], [])])

    def test_what_is_removed_while_the_cart_is_paid_is_ordered_or_not(self):
        self.code = self.coupon()
        for _ in self.rounds():
            paid, removed, ordered, inside = self.change_and_pay(
                lambda cart: self.shop.http("DELETE", f"/v1/carts/{cart}/lines/{self.sku}"))
            self.assertEqual("200", removed)
            self.assertIn((paid, ordered, inside), {("201", 2, 0), ("422 cart_empty", 0, 0)})

    def test_a_cart_that_is_discarded_while_it_is_paid_is_ordered_or_not(self):
        self.code = self.coupon()
        for _ in self.rounds():
            paid, discarded, ordered, inside = self.change_and_pay(
                lambda cart: self.shop.http("DELETE", f"/v1/carts/{cart}"))
            self.assertEqual("204", discarded)
            self.assertIn((paid, ordered, inside), {
                ("201", 2, 0), ("404 no_such_cart", 0, 0), ("422 cart_empty", 0, 0)})

    def test_a_cart_paid_twice_under_one_key_is_ordered_once(self):
        for _ in self.rounds():
            self.shop.offer(self.sku, 100)
            cart, key = self.cart({self.sku: 2}), uuid.uuid4().hex
            replies = at_once(4, lambda _: self.pay(cart, key))
            self.assertLessEqual({told(reply) for reply in replies}, {"201", "409 order_running"})
            self.assertEqual(1, len({reply.json["id"] for reply in replies if reply.status == 201}))
            self.assertEqual((2, 0), (self.ordered(), self.inside(cart)))

    def test_a_cart_paid_at_once_under_several_keys_is_ordered_once_and_holds_up_nobody_else(self):
        for _ in self.rounds():
            self.shop.offer(self.sku, 100)
            cart = self.cart({self.sku: 2})
            replies = at_once(8, lambda i: self.pay(cart) if i % 2 else self.shop.order(
                self.customers[i // 2], {self.sku: 1}))
            self.assert_came_to({"201": 4}, replies[::2])
            paid = Counter(told(reply) for reply in replies[1::2])
            self.assertLessEqual(set(paid), {"201", "409 cart_ordered", "422 cart_empty"})
            self.assertEqual((1, 4 + 2, 0), (paid["201"], self.ordered(), self.inside(cart)))

    def test_what_is_added_twice_under_one_key_is_added_once(self):
        for _ in self.rounds():
            cart, key = self.cart({}), uuid.uuid4().hex
            replies = at_once(4, lambda _: self.add(cart, self.sku, 2, key=key))
            self.assertLessEqual({told(reply) for reply in replies}, {"200", "409 running"})
            self.assertIn(200, {reply.status for reply in replies})
            for reply in replies:
                if reply.status == 409:
                    self.assertGreater(int(reply.headers["Retry-After"]), 0)
            self.assertEqual(2, self.inside(cart))

    def test_what_several_add_at_once_is_all_there(self):
        for _ in self.rounds():
            cart = self.cart({})
            replies = at_once(8, lambda _: self.add(cart, self.sku, 2))
            self.assert_came_to({"200": 8}, replies)
            self.assertEqual(16, self.inside(cart))

    def merge(self, guest, customer, key=None):
        return self.post("/v1/me/cart/merge", {"guest_id": guest}, customer, key)

    def test_a_guests_cart_merged_twice_is_merged_once(self):
        for _ in self.rounds():
            own, guest = self.cart({self.sku: 1}, self.customers[0]), self.cart({self.sku: 2})
            replies = at_once(4, lambda _: self.merge(guest, self.customers[0]))
            self.assert_came_to({"200": 1, "404 no_such_cart": 3}, replies)
            self.assertEqual((3, 0), (self.inside(own), self.inside(guest)))

    def test_a_guests_cart_merged_twice_under_one_key_is_answered_alike(self):
        for _ in self.rounds():
            own, guest = self.cart({self.sku: 1}, self.customers[0]), self.cart({self.sku: 2})
            key = uuid.uuid4().hex
            replies = at_once(4, lambda _: self.merge(guest, self.customers[0], key))
            self.assertLessEqual({told(reply) for reply in replies}, {"200", "409 running"})
            self.assertEqual(1, len({reply.body for reply in replies if reply.status == 200}))
            self.assertEqual((3, 0), (self.inside(own), self.inside(guest)))

    def test_a_guests_cart_goes_to_one_of_the_customers_who_want_it(self):
        for _ in self.rounds():
            own = [self.cart({self.sku: 1}, customer) for customer in self.customers]
            guest = self.cart({self.sku: 2})
            replies = at_once(4, lambda i: self.merge(guest, self.customers[i]))
            self.assert_came_to({"200": 1, "404 no_such_cart": 3}, replies)
            self.assertEqual([1, 1, 1, 3], sorted(self.inside(cart) for cart in own))

    def test_a_cart_is_there_for_its_owner_only_also_among_others_who_ask(self):
        for customer in self.customers[:2]:
            self.sku = f"RUSH-{uuid.uuid4().hex[:12]}"
            cart = self.cart({self.sku: 1}, customer)
            owner = self.shop.http("GET", "/v1/me", headers=customer).json["id"]
            asked = [{"cart_id": cart, **user} for user in ({}, {"user_id": owner}, {"user_id": str(uuid.uuid4())})]
            codes = [code for code, _ in self.shop.calls("cart.read", asked)]
            self.assertEqual(["no_such_cart", "ok", "no_such_cart"], codes)

    def test_what_a_guest_adds_while_the_cart_is_merged_is_merged_or_refused(self):
        for _ in self.rounds():
            own, guest = self.cart({self.sku: 1}, self.customers[0]), self.cart({self.sku: 2})
            merged, *added = race(lambda: self.merge(guest, self.customers[0]),
                                  *[lambda: self.add(guest, self.sku, 1)] * 4)
            self.assert_one_of({"200"}, merged)
            got = Counter(told(reply) for reply in added)
            self.assertLessEqual(set(got), {"200", "404 no_such_cart"})
            self.assertEqual(3 + got["200"], self.inside(own))


if __name__ == "__main__":
    unittest.main()
