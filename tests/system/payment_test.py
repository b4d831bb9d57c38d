"""Money through Stripe: whatever goes wrong, it is taken and given back once."""

import unittest

from fake_stripe import DONE, LOST, UNDONE, FakeTest, fresh


class PaymentTest(FakeTest):
    def pay(self, kind, operation="charge"):
        return super().pay(fresh(kind), operation)

    def test_what_is_charged_is_charged_once(self):
        self.assertEqual("captured", self.pay("fine")[1])
        self.assert_taken(1200)

    def test_whatever_goes_wrong_nothing_is_charged_twice(self):
        for trouble in (*LOST, *DONE, *UNDONE):
            with self.subTest(trouble):
                self.setUp()
                order, status = self.pay(f"confirm_{trouble}")
                self.assertEqual("captured", status)
                self.assert_taken(1200)
                told = self.ask("charge", order, amount={"amount": 1200, "currency": "EUR"}, method=fresh("fine"))
                self.assertEqual("captured", told["status"])
                self.assert_taken(1200)

    def test_declines_are_for_good_or_for_now(self):
        self.assertEqual("declined", self.pay("card_declined")[1])
        self.assertEqual("insufficient", self.pay("insufficient_funds")[1])
        self.assert_taken(0)

    def test_what_the_bank_wants_confirmed_is_told_apart_and_not_set_aside(self):
        for kind in ("authentication", "authentication_drop", "authentication_500"):
            for operation in ("charge", "authorize"):
                with self.subTest(kind, operation=operation):
                    self.assertEqual("authentication_required", self.pay(kind, operation)[1])
                    self.assertEqual("requires_payment_method", list(self.stripe.intents.values())[-1]["status"])
        self.assert_taken(0)
        customer = self.shop.customer()
        placed = self.shop.order(customer, {"MUG-BLUE": 1}, fresh("authentication"))
        self.assert_problem(placed, 402, "authentication_required")
        self.assert_problem(self.shop.order(customer, {"MUG-BLUE": 1}, fresh("card_declined")), 402, "card_declined")

    def test_money_is_set_aside_taken_in_part_and_given_back(self):
        order, status = self.pay("fine", "authorize")
        self.assertEqual("authorized", status)
        self.assert_taken(0)
        self.assertEqual("captured", self.ask("capture", order, amount=700)["status"])
        self.assert_taken(700)
        for _ in range(2):
            told = self.ask("refund", order, key="one", amount={"amount": 300, "currency": "EUR"})
            self.assertEqual("refunded", told["status"])
        self.assert_taken(400)
        self.ask("void", order)
        self.assert_taken(0)

    def test_only_what_stripe_says_was_taken_is_taken(self):
        for trouble in (*DONE, *UNDONE):
            with self.subTest(trouble):
                self.setUp()
                order, _ = self.pay(f"capture_{trouble}", "authorize")
                self.assertEqual("captured", self.ask("capture", order, amount=700)["status"])
                self.assert_taken(700)

    def test_only_what_stripe_says_was_given_back_is_given_back(self):
        for trouble in ("pending", *DONE, *UNDONE):
            with self.subTest(trouble):
                self.setUp()
                order, _ = self.pay(f"refunds_{trouble}")
                told = self.ask("refund", order, key="one", amount={"amount": 300, "currency": "EUR"})
                self.assertEqual("refunded", told["status"])
                self.assert_taken(900)

    def test_a_refund_that_comes_to_nothing_is_none(self):
        for trouble in ("failed", "canceled"):
            with self.subTest(trouble):
                self.setUp()
                order, _ = self.pay(f"refunds_{trouble}")
                told = self.ask("refund", order, key="one", amount={"amount": 300, "currency": "EUR"})
                self.assertEqual("failed", told["status"])
                self.assert_taken(1200)

    def test_what_is_voided_is_given_back_whatever_goes_wrong(self):
        for trouble in ("failed", "canceled", "pending", *DONE, *UNDONE):
            with self.subTest(trouble):
                self.setUp()
                order, _ = self.pay(f"refunds_{trouble}")
                self.ask("void", order)
                self.assert_voided(order)
                self.assert_taken(0)
        for trouble in (*DONE, *UNDONE):
            with self.subTest(trouble, set_aside=True):
                order, _ = self.pay(f"cancel_{trouble}", "authorize")
                self.ask("void", order)
                self.assert_voided(order)
                self.assertEqual("canceled", list(self.stripe.intents.values())[-1]["status"])

    def test_what_a_crash_left_is_looked_up_when_stripe_has_forgotten_the_key(self):
        """The reference is in the row before the confirmation is sent; here even that has succeeded."""
        order = self.pay("fine")[0]
        self.stripe.answers.clear()
        self.shop.sql(f"""
            WITH undone AS (DELETE FROM payment.ledger USING payment.payment
                WHERE payment_id = id AND order_id = '{order}'),
            opened AS (UPDATE payment.payment SET status = 'opened', captured = 0
                WHERE order_id = '{order}' RETURNING id)
            INSERT INTO payment.in_flight SELECT id, now() FROM opened""")
        told = self.ask("charge", order, amount={"amount": 1200, "currency": "EUR"}, method=fresh("fine"))
        self.assertEqual("captured", told["status"])
        self.assert_taken(1200)

    def test_a_reference_is_written_down_before_money_moves(self):
        self.pay("confirm_slow")
        self.assertEqual([True], self.stripe.seen)

    def assert_voided(self, order):
        self.assertEqual([["voided"]], self.shop.sql(
            f"SELECT status FROM payment.payment WHERE order_id = '{order}'"))

    def test_what_is_set_aside_is_let_go(self):
        before = len(self.stripe.calls)
        order, _ = self.pay("fine", "authorize")
        self.ask("void", order)
        self.assertEqual(1, sum(path.endswith("/cancel") for path, _ in self.stripe.calls[before:]))
        self.assert_taken(0)


if __name__ == "__main__":
    unittest.main()
