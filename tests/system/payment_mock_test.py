"""Payments against Stripe's own mock, which holds every request against Stripe's own description."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest
import uuid

from fake_stripe import ThroughStripe
from souk_system import ROOT, free_port, until

MOCK = "github.com/stripe/stripe-mock@v0.203.0"


def install_mock():
    """The program, or None after saying why there is none."""
    go = shutil.which("go")
    folder = ROOT / "var/go"
    program = folder / "bin/stripe-mock"
    if not program.exists() and go:
        environment = {**os.environ, "GOPATH": str(folder), "GOFLAGS": "-modcacherw"}
        done = subprocess.run([go, "install", MOCK], env=environment, capture_output=True, text=True,
                              timeout=200)
        if done.returncode:
            print(f"SKIPPED: stripe-mock could not be installed: {done.stderr[-300:]}", flush=True)
    elif not go:
        print("SKIPPED: stripe-mock could not be installed: there is no Go here", flush=True)
    return str(program) if program.exists() else None


class MockTest(ThroughStripe):
    """It declines nothing, and keeps nothing."""

    settings = {"SOUK_GIVE_UP_MS": 4000, "SOUK_STRANDED_MS": 5000}  # so that what is left is taken up soon

    @classmethod
    def setUpClass(cls):
        program = install_mock()
        if not program:
            raise unittest.SkipTest("SKIPPED: no stripe-mock, see above")
        port = free_port()
        cls.heard = tempfile.TemporaryFile()
        cls.addClassCleanup(cls.heard.close)
        cls.mock = subprocess.Popen([program, "-http-port", str(port)], stdout=cls.heard,
                                    stderr=subprocess.STDOUT)
        cls.addClassCleanup(cls.end_mock)
        cls.url = f"http://127.0.0.1:{port}"
        super().setUpClass()

    @classmethod
    def end_mock(cls):
        cls.mock.terminate()
        cls.mock.wait()

    def given(self, status, captured):
        """A payment in that status, since the mock's intents are never confirmed."""
        order = str(uuid.uuid4())
        self.shop.sql(f"""
            INSERT INTO payment.payment (id, order_id, amount, currency, method, manual, status, captured, reference)
            VALUES (gen_random_uuid(), '{order}', 1200, 'EUR', 'pm_card_visa', true, '{status}', {captured}, 'pi_1')""")
        return order

    def test_stripe_understands_every_request(self):
        self.assertEqual("declined", self.pay("pm_card_visa")[1])
        self.assertEqual("declined", self.pay("pm_card_visa", "authorize")[1])
        order = self.given("captured", 1200)
        told = self.ask("refund", order, key="one", amount={"amount": 300, "currency": "EUR"})
        self.assertEqual("refunded", told["status"])
        self.ask("void", order)
        self.assertEqual([["declined"], ["declined"], ["voided"]], self.shop.sql(
            "SELECT status FROM payment.payment ORDER BY status"))
        customer = self.shop.customer()
        stored = self.shop.http("POST", "/v1/payment-methods", {"token": "pm_card_visa"}, headers=customer)
        self.assertEqual(201, stored.status, stored)
        dropped = self.shop.http("DELETE", f"/v1/payment-methods/{stored.json['id']}", headers=customer)
        self.assertEqual(204, dropped.status)
        closed = self.shop.http("POST", "/v1/me/closure", {"password": "correct horse battery"}, headers=customer)
        self.assertEqual(204, closed.status, closed)
        self.await_request("DELETE /v1/customers/")
        self.leave("capturing", 700)
        self.leave("voiding", 0)
        self.await_request("/pi_1/capture")
        self.await_request("/pi_1/cancel")
        self.assertEqual({"status=200"}, set(re.findall("status=[0-9]+", self.told())))

    def leave(self, status, captured):
        """Under way: the mock's intents never come to that state, so these never end."""
        order = self.given(status, captured)
        self.shop.sql(f"""
            INSERT INTO payment.in_flight SELECT id, now() - interval '1 minute' FROM payment.payment
            WHERE order_id = '{order}'""")

    def told(self):
        """Without moving the place where the mock goes on writing, which is the same file's."""
        return os.pread(self.heard.fileno(), 1 << 20, 0).decode()

    def await_request(self, path):
        until(lambda: path in self.told(), path, 20)


if __name__ == "__main__":
    unittest.main()
