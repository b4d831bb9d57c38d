"""The shop as its customers see it, from registration to logout."""

import json
import unittest
import uuid

from session import log_in, member, order_session, register
from souk_system import ROOT, SystemTest


def without_what_changes(fields):
    return {name: "…" if name in ("id", "placed_at") else value for name, value in fields.items()}


class ShopTest(SystemTest):
    def walk(self, path, limit, customer=None):
        """All items of a list, page by page, and no page longer than asked for."""
        items, after = [], ""
        while after is not None:
            page = self.shop.http("GET", f"{path}?limit={limit}{after}", headers=customer)
            self.assertEqual(200, page.status, page)
            self.assertLessEqual(len(page.json["items"]), limit)
            items += page.json["items"]
            cursor = page.json.get("next")
            after = f"&after={cursor}" if cursor else None
        return items

    def test_a_customer_gets_from_registration_to_a_placed_order_and_out_again(self):
        order_session(self, self.shop)

    def test_what_was_chosen_before_the_login_is_ordered_with_a_coupon_followed_and_cancelled(self):
        _, staff = member(self, self.shop, "staff")
        tenth = {"code": "WELCOME", "name": "Welcome", "kind": "percent", "percent": 100000}
        self.assertEqual(201, self.shop.http("POST", "/v1/promotions", tenth, staff).status)
        guest = self.shop.http("POST", "/v1/carts").json["id"]
        added = self.shop.http("POST", f"/v1/carts/{guest}/lines", {"sku": "MUG-BLUE", "quantity": 2})
        self.assertEqual(200, added.status, added)

        _, customer = register(self, self.shop)
        cart = self.shop.http("POST", "/v1/me/cart/merge", {"guest_id": guest}, customer).json["id"]
        used = self.shop.http("PUT", f"/v1/carts/{cart}/coupons", {"coupons": ["welcome"]}, customer)
        self.assertEqual(200, used.status, used)
        before = self.shop.available("MUG-BLUE")
        price = self.shop.http("GET", "/v1/products/MUG-BLUE").json["price"]["amount"]
        placed = self.shop.http("POST", "/v1/orders", {"cart_id": cart, "payment_method": "pm_sim_ok"},
                                {**customer, "Idempotency-Key": uuid.uuid4().hex})
        self.assertEqual((201, 2 * price * 9 // 10), (placed.status, placed.json["total"]["amount"]), placed)
        self.assertEqual([], self.shop.http("POST", "/v1/carts", headers=customer).json["lines"])

        order = f"/v1/orders/{placed.json['id']}"
        cancelled = self.shop.http("PUT", f"{order}/cancellation", {}, customer)
        self.assertEqual((200, "cancelled"), (cancelled.status, cancelled.json["status"]), cancelled)
        history = self.shop.http("GET", f"{order}/history", headers=customer).json["items"]
        self.assertEqual(["placing", "confirmed", "cancelling", "cancelled"], [entry["status"] for entry in history])
        self.assertEqual(before, self.shop.available("MUG-BLUE"))
        self.shop.check()

    def test_who_tries_coupons_that_there_are_not_is_told_to_wait_and_nobody_else_is(self):
        (_, guesser), (_, other) = register(self, self.shop), register(self, self.shop)

        def order(customer, *coupons):
            wish = {"lines": [{"sku": "MUG-BLUE", "quantity": 1}], "payment_method": "pm_sim_ok", "coupons": coupons}
            return self.shop.http("POST", "/v1/orders", wish, {**customer, "Idempotency-Key": uuid.uuid4().hex})

        codes = [f"GUESS{i}" for i in range(7)]
        for _ in range(2):
            self.assert_problem(order(guesser, *codes), 422, "unknown_coupon")
        limited = order(guesser, *codes)
        self.assert_problem(limited, 429, "too_many_attempts")
        self.assertGreaterEqual(int(limited.headers["Retry-After"]), 1)
        cart = self.shop.http("POST", "/v1/carts", headers=guesser).json["id"]
        limited = self.shop.http("PUT", f"/v1/carts/{cart}/coupons", {"coupons": codes}, guesser)
        self.assert_problem(limited, 429, "too_many_attempts")
        self.assertGreaterEqual(int(limited.headers["Retry-After"]), 1)
        self.assertEqual(201, order(guesser).status)
        self.assert_problem(order(other, *codes), 422, "unknown_coupon")

    def test_where_the_region_decides_the_tax_an_order_names_one_that_there_is(self):
        _, staff = member(self, self.shop, "staff")
        self.assertEqual(200, self.shop.http("PUT", "/v1/tax-countries/CA", {"included": False}, staff).status)
        rate = {"country": "CA", "region": "QC", "rate": 149750}
        self.assertEqual(201, self.shop.http("POST", "/v1/tax-rates", rate, staff).status)

        def order(**region):
            home = {"name": "Ada", "line1": "Here 1", "city": "There", "country": "CA", **region}
            wish = {"lines": [{"sku": "MUG-BLUE", "quantity": 1}], "payment_method": "pm_sim_ok",
                    "email": "guest@example.com", "shipping_address": home}
            return self.shop.http("POST", "/v1/orders", wish, {"Idempotency-Key": uuid.uuid4().hex})

        for refused in (order(), order(region="BY"), order(region="Québec"), order(region="qc")):
            self.assert_problem(refused, 400, "invalid")
            self.assertEqual(["/shipping_address/region"], [error["pointer"] for error in refused.json["errors"]])
        self.assertGreater(order(region="QC").json["tax"]["amount"], 0)
        self.assertEqual(0, order(region="ON").json["tax"]["amount"])

    def test_a_guest_follows_an_order_by_its_address_and_nobody_else_does(self):
        wish = {"lines": [{"sku": "MUG-BLUE", "quantity": 1}], "payment_method": "pm_sim_ok", "email": "guest@example.com"}
        placed = self.shop.http("POST", "/v1/orders", wish, {"Idempotency-Key": uuid.uuid4().hex})
        self.assertEqual(201, placed.status, placed)
        order = f"/v1/guest-orders/{placed.json['id']}"
        followed = self.shop.http("GET", f"{order}?email=guest@example.com")
        self.assertEqual((200, placed.json), (followed.status, followed.json))
        self.assert_problem(self.shop.http("GET", f"{order}?email=other@example.com"), 404, "no_such_order")

    def test_the_readme_shows_what_is_answered(self):
        readme = (ROOT / "README.md").read_text().splitlines()
        answered = [
            self.shop.http("GET", "/v1/products?limit=1"),
            self.shop.http("POST", "/v1/users", {"email": "ada@example.com",
                                                 "password": "correct horse battery", "name": "Ada"}),
            self.shop.order(self.shop.customer(), {"MUG-BLUE": 2}),
        ]
        self.assertEqual([json.loads(line) for line in readme if line.startswith("    {")],
                         [json.loads(reply.body, object_hook=without_what_changes)
                          for reply in answered])

    def test_the_catalogue_can_be_walked_page_by_page_and_shows_every_product_once(self):
        skus = [product["sku"] for product in self.walk("/v1/products", 5)]
        self.assertGreaterEqual(len(skus), 12)
        self.assertEqual(len(skus), len(set(skus)))
        self.assertIn("MUG-BLUE", skus)
        whole = self.shop.http("GET", "/v1/products?limit=100").json
        self.assertEqual([product["sku"] for product in whole["items"]], skus)

    def test_every_product_is_in_stock(self):
        skus = set()
        for listed in self.walk("/v1/products", 100):
            product = self.shop.http("GET", f"/v1/products/{listed['sku']}").json
            skus |= {sold["sku"] for sold in product["variants"] or [product]}
        stock = self.shop.http("GET", "/v1/stock?" + "&".join(f"sku={sku}" for sku in skus)).json
        self.assertEqual(skus, {item["sku"] for item in stock["items"] if item["available"] >= 900})

    def test_the_number_of_a_card_is_taken_nowhere_and_kept_nowhere(self):
        customer = self.shop.customer()
        lines = [{"sku": "MUG-BLUE", "quantity": 1}]
        for wish in ({"payment_method": "4242424242424242"},
                     {"payment_method": "pm_sim_ok", "note": "take 4242-4242-4242-4242"}):
            reply = self.shop.http("POST", "/v1/orders", {"lines": lines, **wish},
                                   {**customer, "Idempotency-Key": "card"})
            self.assertEqual(400, reply.status, reply)
            self.assertNotIn(b"4242", reply.body)
        self.assertEqual([["0"]], self.shop.sql("""SELECT count(*) FROM "order".orders WHERE payment_method ~ '4242'"""))

    def test_own_orders_come_newest_first_and_page_by_page(self):
        customer = self.shop.customer()
        placed = [self.shop.order(customer, {"MUG-BLUE": 1}).json["id"] for _ in range(5)]
        self.shop.order(self.shop.customer(), {"MUG-BLUE": 1})
        listed = [order["id"] for order in self.walk("/v1/orders", 2, customer)]
        self.assertEqual(placed[::-1], listed)

    def test_an_order_is_not_there_for_a_stranger(self):
        order = self.shop.order(self.shop.customer(), {"MUG-BLUE": 1}).json["id"]
        stranger = self.shop.customer()
        for path in (f"/v1/orders/{order}", f"/v1/orders/{uuid.uuid4()}"):
            self.assert_problem(self.shop.http("GET", path, headers=stranger), 404)
            self.assert_problem(self.shop.http("GET", path), 401)

    def test_logging_out_ends_this_session_at_once_and_no_other(self):
        account, customer = register(self, self.shop)
        elsewhere = log_in(self, self.shop, account)
        left = self.shop.http("DELETE", "/v1/sessions/current", headers=customer)
        self.assertEqual(204, left.status)
        for _ in range(20):
            self.assert_problem(self.shop.http("GET", "/v1/me", headers=customer), 401)
        self.assertEqual(200, self.shop.http("GET", "/v1/me", headers=elsewhere).status)
        left = self.shop.http("DELETE", "/v1/sessions/current", headers=customer)
        self.assert_problem(left, 401)

    def test_who_has_no_token_is_told_how_to_bring_one(self):
        for value in (None, "Bearer nonsense", "Bearer " + "A" * 43, "Bearer", "Basic QTpC",
                      "Bearer " + "A" * 5000):
            headers = {"Authorization": value} if value else {}
            reply = self.shop.http("GET", "/v1/me", headers=headers)
            self.assert_problem(reply, 401)
            self.assertTrue(reply.headers["WWW-Authenticate"].startswith("Bearer"))

    def test_an_email_address_registers_once_however_it_is_written(self):
        account, _ = register(self, self.shop)
        again = {"email": account["email"].upper(), "password": "another one", "name": "Eve"}
        self.assert_problem(self.shop.http("POST", "/v1/users", again), 409, "email_taken")

    def test_a_wrong_password_and_an_unknown_address_are_told_the_same(self):
        account, _ = register(self, self.shop)
        told = [self.shop.http("POST", "/v1/sessions", {"email": email, "password": "wrong wrong"})
                for email in (account["email"], "nobody@example.com")]
        for reply in told:
            self.assert_problem(reply, 401, "wrong_credentials")
        self.assertEqual(told[0].json["detail"], told[1].json["detail"])

    def test_a_registration_that_does_not_fit_names_every_field_and_no_secret(self):
        reply = self.shop.http("POST", "/v1/users", {"email": "nobody", "password": "x" * 5000})
        self.assert_problem(reply, 400)
        self.assertEqual({"/email", "/name", "/password"},
                         {error["pointer"] for error in reply.json["errors"]})
        self.assertNotIn(b"xxxx", reply.body)

    def test_a_product_that_is_not_there_is_404_and_cannot_be_ordered(self):
        self.assert_problem(self.shop.http("GET", "/v1/products/NO-SUCH-THING"), 404)
        stock = self.shop.http("GET", "/v1/stock?sku=NO-SUCH-THING")
        self.assertEqual((200, []), (stock.status, stock.json["items"]))
        reply = self.shop.order(self.shop.customer(), {"NO-SUCH-THING": 1})
        self.assert_problem(reply, 422, "unknown_sku")

    def test_limits_and_cursors_that_make_no_sense_are_named(self):
        for query, pointer in (("limit=0", "/limit"), ("limit=1000000", "/limit"),
                               ("limit=many", "/limit"), ("after=" + "x" * 500, "/after")):
            reply = self.shop.http("GET", f"/v1/products?{query}")
            self.assert_problem(reply, 400)
            self.assertEqual([pointer], [error["pointer"] for error in reply.json["errors"]])


if __name__ == "__main__":
    unittest.main()
