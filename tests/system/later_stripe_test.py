"""What fails softly at Stripe: tried again where that can go well, and paid with another method."""

import hashlib
import hmac
import json
import time
import unittest
import uuid

from fake_stripe import FakeTest, fresh, letters
from souk_system import until


SECRET = "whsec_souk"


def signed(body, secret=SECRET):
    now = int(time.time())
    mac = hmac.new(secret.encode(), f"{now}.{body}".encode(), hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={now},v1={mac}"}


class LaterStripeTest(FakeTest):
    settings = {"SOUK_RETRY_MS": 10, "SOUK_RETRY_MAX_MS": 20, "SOUK_DUE_MS": 20, "SOUK_STRIPE_SECRET": SECRET}

    def store(self, customer, kind):
        """A method of this kind, which need not stay so."""
        token = f"pm_{kind}_x{letters()}"
        stored = self.shop.http("POST", "/v1/payment-methods", {"token": token},
                                {**customer, "Idempotency-Key": str(uuid.uuid4())})
        self.assertEqual(201, stored.status, stored)
        return stored.json["id"]

    def place(self, customer, method):
        placed = self.shop.order(customer, {"MUG-BLUE": 1}, method)
        self.assertEqual((201, "awaiting_payment"), (placed.status, placed.json["status"]))
        return placed.json["id"]

    def payment(self, order):
        return self.shop.sql(f"SELECT status, tries FROM payment.payment WHERE order_id = '{order}'")[0]

    def test_a_stored_method_is_tried_again_each_time_with_an_intent_of_its_own(self):
        customer = self.shop.customer()
        before = len(self.stripe.intents)
        order = self.place(customer, self.store(customer, "insufficient_funds"))
        until(lambda: self.shop.http("GET", f"/v1/orders/{order}", headers=customer).json["status"] == "cancelled",
              lambda: self.payment(order))
        self.assertEqual(["voided", "8"], self.payment(order))
        self.assertEqual(8, len(self.stripe.intents) - before)
        self.assert_taken(0)

    def test_a_token_that_pays_once_is_not_tried_again_but_another_may_pay(self):
        customer = self.shop.customer()
        order = self.place(customer, fresh("insufficient_funds"))
        self.assertEqual(["insufficient", "1"], self.payment(order))
        path, key = f"/v1/orders/{order}/payment", {**customer, "Idempotency-Key": "one"}
        declined = self.shop.http("POST", path, {"payment_method": fresh("card_declined")}, key)
        self.assert_problem(declined, 402, "card_declined")
        key["Idempotency-Key"] = "two"
        for _ in range(2):
            paid = self.shop.http("POST", path, {"payment_method": fresh("fine")}, key)
            self.assertEqual((200, "confirmed"), (paid.status, paid.json["status"]))
        self.assertEqual(["captured", "3"], self.payment(order))
        self.assert_taken(1200)

    def hear(self, order, intent, secret=SECRET):
        event = {"id": f"evt_{letters()}", "object": "event", "type": "payment_intent.succeeded", "created": 1,
                 "data": {"object": {"id": intent["id"], "object": "payment_intent", "metadata": {"order_id": order}}}}
        return self.shop.http("POST", "/v1/payment-events/stripe", event, signed(json.dumps(event), secret))

    def test_what_stripe_tells_is_looked_up_there_and_ends_in_a_confirmed_order(self):
        customer = self.shop.customer()
        order = self.place(customer, fresh("insufficient_funds"))
        intent = list(self.stripe.intents.values())[-1]
        self.assert_problem(self.hear(order, intent, "a guess"), 401, "unauthorized")
        self.assertEqual(204, self.hear(order, intent).status)
        self.assertEqual(["insufficient", "1"], self.payment(order))
        intent.update(status="succeeded", taken=intent["amount"])
        for _ in range(2):
            self.assertEqual(204, self.hear(order, intent).status)
        self.assertEqual(["captured", "1"], self.payment(order))
        until(lambda: self.shop.http("GET", f"/v1/orders/{order}", headers=customer).json["status"] == "confirmed",
              lambda: self.payment(order))
        self.assert_taken(intent["amount"])


if __name__ == "__main__":
    unittest.main()
