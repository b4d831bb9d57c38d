"""What customers store with Stripe: it pays again and again, whatever goes wrong in between, and is forgotten
there, too."""

import time
import unittest
import uuid

from fake_stripe import LOST, TIMEOUT_S, UNDONE, FakeTest, fresh
from souk_system import until

PATH = "/v1/payment-methods"
PASSWORD = "correct horse battery"
TROUBLES = (*LOST, "500", "garbled", *UNDONE)
NOT_YET = (503, 201)  # or at once: libcurl repeats what it has sent over a connection that was closed meanwhile


class CustomersTest(FakeTest):
    def setUp(self):
        super().setUp()
        self.customer = self.shop.customer()
        self.user = self.shop.http("GET", "/v1/me", headers=self.customer).json["id"]
        self.stripe.troubles.clear()

    def store(self, token, label=None):
        return self.shop.http("POST", PATH, {"token": token, "label": label}, headers=self.customer)

    def stored(self, token):
        """Its id, after it was tried until it worked."""
        return until(lambda: (reply := self.store(token)).status == 201 and reply, "stored").json["id"]

    def drop(self, method):
        self.assertEqual(204, self.shop.http("DELETE", f"{PATH}/{method}", headers=self.customer).status)

    def close(self):
        closed = self.shop.http("POST", "/v1/me/closure", {"password": PASSWORD}, headers=self.customer)
        self.assertIn(closed.status, (202, 204), closed)
        until(lambda: not self.shop.sql("SELECT FROM payment.farewell"), "Stripe has forgotten the customer")

    def known(self):
        """Those that Stripe has for this user."""
        return [one["id"] for one in self.stripe.customers.values() if one["user_id"] == self.user]

    def order(self, method):
        placed = self.shop.order(self.customer, {"MUG-BLUE": 1}, method)
        self.assertEqual((201, "confirmed"), (placed.status, placed.json["status"]), placed)

    def test_what_is_stored_pays_again_and_again(self):
        token = fresh("fine")
        stored = self.store(token)
        self.assertEqual((201, "visa", "4242"), (stored.status, stored.json["brand"], stored.json["last4"]))
        for _ in range(3):
            self.order(stored.json["id"])
        self.assertEqual(self.known(), [self.stripe.methods[token]["customer"]])
        self.assertEqual(self.known()[0], list(self.stripe.intents.values())[-1]["customer"])
        self.assertEqual(stored.json["id"], self.store(token).json["id"])
        self.stored(fresh("fine"))
        self.assertEqual(1, len(self.known()))

    def test_a_guest_is_no_customer_and_pays_once(self):
        before = len(self.stripe.customers)
        token = fresh("fine")
        self.assertEqual("captured", self.pay(token)[1])
        self.assertEqual("declined", self.pay(token)[1])
        self.assertEqual(before, len(self.stripe.customers))

    def test_what_is_stored_is_known_and_no_number_of_a_card(self):
        self.assert_problem(self.store(fresh("gone")), 422, "unknown_payment_method")
        self.assert_problem(self.store(fresh("refused")), 402, "card_declined")
        for token, within_s in ((fresh("busy"), 1), (fresh("slow"), 2 * TIMEOUT_S)):
            begun = time.monotonic()
            self.assert_problem(self.store(token), 503)
            self.assertLess(time.monotonic() - begun, within_s)
        for token, label in (("4242424242424242", None), (fresh("fine"), "4242 4242 4242 4242")):
            refused = self.store(token, label)
            self.assert_problem(refused, 400)
            self.assertNotIn(b"4242", refused.body)

    def test_what_another_customer_has_stored_is_unknown(self):
        token = fresh("fine")
        self.stored(token)
        self.customer = self.shop.customer()
        self.assert_problem(self.store(token), 422, "unknown_payment_method")

    def test_a_customer_is_made_once_whatever_goes_wrong(self):
        """Stripe answers a 500 for ever under its key, so behind that there may be one more, of nothing."""
        for trouble in TROUBLES:
            with self.subTest(trouble):
                self.setUp()
                self.stripe.troubles["customers"] = [trouble]
                token = fresh("fine")
                self.assertIn(self.store(token).status, NOT_YET)
                self.order(self.stored(token))
                self.assertEqual(2 if trouble == "500" else 1, len(self.known()))

    def test_what_is_attached_is_stored_whatever_goes_wrong(self):
        for trouble in TROUBLES:
            with self.subTest(trouble):
                self.setUp()
                self.stripe.troubles["attach"] = [trouble]
                token = fresh("fine")
                self.assertIn(self.store(token).status, NOT_YET)
                method = self.stored(token)
                for _ in range(2):
                    self.order(method)

    def test_what_is_dropped_is_detached_whatever_goes_wrong(self):
        for trouble in (None, *TROUBLES):
            with self.subTest(trouble):
                self.setUp()
                token = fresh("fine")
                method = self.stored(token)
                self.stripe.troubles["detach"] = [trouble]
                self.drop(method)
                self.assertIsNone(self.stripe.methods[token]["customer"])
                self.assertEqual([], self.shop.sql("SELECT FROM payment.farewell"))
                self.assert_problem(self.store(token), 422, "unknown_payment_method")

    def test_whose_account_is_closed_is_no_customer_any_more(self):
        for trouble in (None, *TROUBLES):
            with self.subTest(trouble):
                self.setUp()
                token = fresh("fine")
                self.stored(token)
                self.stripe.troubles["delete"] = [trouble]
                self.close()
                self.assertEqual([], self.known())
                self.assertIsNone(self.stripe.methods[token]["customer"])
                self.assertEqual([], self.shop.sql(f"SELECT FROM payment.method WHERE user_id = '{self.user}'"))

    def test_a_customer_whom_nobody_was_told_of_is_found_and_deleted(self):
        self.stripe.troubles["customers"] = ["hang", "later"]
        self.assert_problem(self.store(fresh("fine")), 503)
        self.assertEqual(1, len(self.known()))
        self.close()
        self.assertEqual([], self.known())

    def test_what_was_stored_before_there_were_customers_pays_once_and_is_dropped(self):
        method = str(uuid.uuid4())
        self.shop.sql(f"""
            INSERT INTO payment.method (id, user_id, token, brand, last4, expiry_month, expiry_year, is_default)
            VALUES ('{method}', '{self.user}', '{fresh("fine")}', 'visa', '4242', 4, 2044, true)""")
        self.order(method)
        self.drop(method)


if __name__ == "__main__":
    unittest.main()
