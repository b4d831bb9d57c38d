"""`souk reconcile` finds where Stripe and the books differ, and nothing where they do not."""

import subprocess
import unittest
from datetime import datetime, timedelta, timezone

from fake_stripe import FakeTest, fresh
from souk_system import ROOT, SOUK


class ReconcileTest(FakeTest):
    def reconcile(self, *words):
        return subprocess.run([SOUK, "reconcile", *words], cwd=ROOT, env=self.shop.environment, capture_output=True,
                              text=True, timeout=60)

    def reconcile_now(self):
        until = datetime.now(timezone.utc) + timedelta(minutes=1)
        done = self.reconcile("--from", f"{until - timedelta(hours=3):%Y-%m-%dT%H:%M:%SZ}",
                              "--until", f"{until:%Y-%m-%dT%H:%M:%SZ}")
        self.assertEqual("", done.stderr)
        return done

    def assert_same(self):
        done = self.reconcile_now()
        self.assertEqual(0, done.returncode, done.stdout)
        self.assertRegex(done.stdout, r"^\d+ charges compared, 0 differences\n$")
        return int(done.stdout.split()[0])

    def assert_differs(self, order, kind):
        done = self.reconcile_now()
        self.assertEqual(1, done.returncode, done.stdout)
        self.assertRegex(done.stdout, f"^{kind} order {order} charge pi_[a-z]+\n    here  .*\n    there .*\n"
                                      r"\d+ charges compared, 1 differences\n$")

    def test_differences_are_told_both_ways_and_end_the_command_with_an_error(self):
        before = self.assert_same()
        orders = [self.pay(fresh(kind))[0] for kind in ("fine", "card_declined", "insufficient_funds", "fine", "confirm_500")]
        self.ask("refund", orders[0], key="one", amount={"amount": 300, "currency": "EUR"})
        self.ask("void", orders[3])
        self.ask("capture", self.pay(fresh("fine"), "authorize")[0], amount=700)
        self.pay(fresh("fine"), "authorize")
        self.assertEqual(before + 7, self.assert_same())

        intent = next(i for i in self.stripe.intents.values() if i["order"] == orders[4])
        intent["taken"] += 1
        self.assert_differs(orders[4], "other_amount")
        intent["taken"] -= 1
        intent["status"] = "requires_payment_method"
        intent["taken"], taken = 0, intent["taken"]
        self.assert_differs(orders[4], "other_state")
        intent.update(status="succeeded", taken=taken)
        del self.stripe.intents[intent["id"]]
        self.assert_differs(orders[4], "missing_there")
        self.stripe.intents[intent["id"]] = intent
        self.shop.sql(f"""
            UPDATE payment.payment SET order_id = gen_random_uuid() WHERE order_id = '{orders[0]}'""")
        done = self.reconcile_now()
        self.assertEqual(1, done.returncode)
        self.assertIn(f"missing_here order {orders[0]} charge pi_", done.stdout)

    def test_wrong_words_are_told(self):
        for words in (("--from",), ("--from", "yesterday"), ("--since", "2026-01-01T00:00:00Z"),
                      ("--from", "2026-01-02T00:00:00Z", "--until", "2026-01-01T00:00:00Z")):
            done = self.reconcile(*words)
            self.assertEqual((2, ""), (done.returncode, done.stdout), words)
            self.assertIn("usage: souk reconcile", done.stderr)


if __name__ == "__main__":
    unittest.main()
