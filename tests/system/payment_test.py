"""Payments through Stripe: against Stripe's own mock, and against one that fails in every way it can."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from souk_system import ROOT, SystemTest, free_port

KEY = "sk_test_souk"
GARBLED = object()
MOCK = "github.com/stripe/stripe-mock@v0.203.0"


# What is answered without anything being done, and what although it was done.
UNDONE = {
    "limited": (429, {"error": {"code": "rate_limit"}}),
    "empty": (200, {}),
    "moved": (302, {}),
    "proxy": (400, GARBLED),
    "strange": (200, {"status": "of a new kind"}),
    "later": (500, {"error": {"type": "api_error"}}),
}
DONE = {
    "500": (500, {"error": {"type": "api_error"}}),
    "garbled": (200, GARBLED),
    "overtaken": (400, {"error": {"type": "invalid_request_error", "code": "payment_intent_unexpected_state"}}),
}


class Stripe:
    """Intents and refunds as Stripe keeps them. A token such as pm_capture_500 says what goes wrong once with
    which request about its intent."""

    def __init__(self):
        self.intents, self.refunds, self.answers, self.calls = {}, {}, {}, []
        self.seen, self.look_up = [], None
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def handler(self):
        stripe = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                if self.path.endswith("pm_slow"):
                    time.sleep(3)
                    self.close_connection = True
                else:
                    self.reply(*stripe.look(self.path))

            def do_POST(self):
                size = int(self.headers.get("Content-Length") or 0)
                form = dict(urllib.parse.parse_qsl(self.rfile.read(size).decode()))
                assert self.headers["Authorization"] == f"Bearer {KEY}"
                answer = stripe.post(self.path, form, self.headers["Idempotency-Key"])
                if answer is None:
                    self.close_connection = True
                    self.connection.close()
                else:
                    self.reply(*answer)

            def reply(self, status, body, replayed=False):
                data = b"<html>" if body is GARBLED else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                if replayed:
                    self.send_header("Idempotent-Replayed", "true")
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        return Handler

    def look(self, path):
        with self.lock:
            if path.startswith("/v1/refunds"):
                intent = urllib.parse.parse_qs(path.split("?")[1])["payment_intent"][0]
                return 200, {"data": [r for r in self.refunds.values() if r["payment_intent"] == intent]}
            if path.startswith("/v1/payment_methods/"):
                if path.endswith("pm_busy"):
                    return 429, {"error": {"code": "rate_limit"}}
                card = {"brand": "visa", "last4": "4242", "exp_month": 4, "exp_year": 2044}
                known = not path.endswith("gone")
                return (200, {"card": card}) if known else (404, {"error": {"code": "resource_missing"}})
            return 200, self.intents[path.split("/")[3]]

    def post(self, path, form, key):
        with self.lock:
            self.calls.append((path, key))
            if key in self.answers:
                return (*self.answers[key], True)
            trouble = self.trouble(path, form)
            if trouble in UNDONE:
                return UNDONE[trouble]
            if trouble == "slow":
                self.seen.append(self.look_up(path.split("/")[3]))
            answer = self.work(path, form, trouble)
            answer = DONE.get(trouble, answer)
            self.answers[key] = answer
        if trouble == "hang":
            time.sleep(3)
        return None if trouble in ("drop", "hang") else answer

    def trouble(self, path, form):
        if path == "/v1/payment_intents":
            return None
        intent = self.intents[form.get("payment_intent") or path.split("/")[3]]
        troubles = intent["troubles"].get(path.split("/")[-1])
        return troubles.pop(0) if troubles else None

    def work(self, path, form, trouble):
        if path == "/v1/payment_intents":
            made = {"id": f"pi_{uuid.uuid4().hex}", "status": "requires_confirmation", "taken": 0,
                    "amount": int(form["amount"]), "manual": form["capture_method"] == "manual",
                    "decline": None, "troubles": {}}
            kind = form["payment_method"].removeprefix("pm_")
            if kind in ("card_declined", "insufficient_funds"):
                made["decline"] = kind
            elif kind != "fine":
                verb, trouble = kind.split("_")
                made["troubles"][verb] = ["later", "overtaken"] if trouble == "later" else [trouble]
            self.intents[made["id"]] = made
            return 200, made
        if path == "/v1/refunds":
            status = trouble if trouble in ("failed", "canceled", "pending") else "succeeded"
            made = {"id": f"re_{uuid.uuid4().hex}", "status": status, "amount": int(form["amount"]),
                    "payment_intent": form["payment_intent"],
                    "metadata": {"souk_key": form["metadata[souk_key]"]}}
            self.refunds[made["id"]] = made
            return 200, made
        intent, verb = self.intents[path.split("/")[3]], path.split("/")[4]
        if verb == "confirm" and intent["decline"]:
            intent["status"] = "requires_payment_method"
            intent["last_payment_error"] = {"code": "card_declined", "decline_code": intent["decline"]}
            return 402, {"error": {"type": "card_error", **intent["last_payment_error"]}}
        if verb == "cancel":
            intent["status"] = "canceled"
        elif verb == "confirm" and intent["manual"]:
            intent["status"] = "requires_capture"
        else:
            intent["taken"] += int(form.get("amount_to_capture", intent["amount"]))
            intent["status"] = "succeeded"
        return 200, intent

    def kept(self):
        return (sum(i["taken"] for i in self.intents.values())
                - sum(r["amount"] for r in self.refunds.values() if r["status"] in ("succeeded", "pending")))


class ThroughStripe(SystemTest):
    """One shop that pays through self.url."""

    @classmethod
    def setUpClass(cls):
        cls.settings = {"SOUK_PAYMENT_PROVIDER": "stripe", "SOUK_STRIPE_URL": cls.url,
                        "SOUK_STRIPE_KEY": KEY, "SOUK_PROVIDER_TIMEOUT_MS": 1500}
        super().setUpClass()

    def tearDown(self):
        logs = "".join(path.read_text(errors="replace") for path in self.shop.folder.glob("*.log"))
        self.assertNotIn(KEY, logs)
        self.assertNotIn("pm_", logs)

    def ask(self, operation, order, **words):
        """As `souk call` does; the reply."""
        return json.loads(self.shop.run("call", f"payment.{operation}",
                                        json.dumps({"order_id": order, **words})))

    def pay(self, token, operation="charge"):
        """A new order's id, and what the payment's status was."""
        order = str(uuid.uuid4())
        told = self.ask(operation, order, amount={"amount": 1200, "currency": "EUR"}, method=token)
        return order, told["status"]


class FakeTest(ThroughStripe):
    @classmethod
    def setUpClass(cls):
        cls.stripe = Stripe()
        cls.addClassCleanup(cls.stripe.close)
        cls.url = cls.stripe.url
        super().setUpClass()
        cls.stripe.look_up = lambda reference: bool(cls.shop.sql(
            f"SELECT 1 FROM payment.payment WHERE reference = '{reference}'"))

    def setUp(self):
        self.before = self.stripe.kept()

    def assert_taken(self, amount):
        self.assertEqual(amount, self.stripe.kept() - self.before)

    def test_what_is_charged_is_charged_once(self):
        self.assertEqual("captured", self.pay("pm_fine")[1])
        self.assert_taken(1200)

    def test_whatever_goes_wrong_nothing_is_charged_twice(self):
        for trouble in ("drop", "hang", *DONE, *UNDONE):
            with self.subTest(trouble):
                self.setUp()
                order, status = self.pay(f"pm_confirm_{trouble}")
                self.assertEqual("captured", status)
                self.assert_taken(1200)
                told = self.ask("charge", order, amount={"amount": 1200, "currency": "EUR"}, method="pm_fine")
                self.assertEqual("captured", told["status"])
                self.assert_taken(1200)

    def test_declines_are_for_good_or_for_now(self):
        self.assertEqual("declined", self.pay("pm_card_declined")[1])
        self.assertEqual("insufficient", self.pay("pm_insufficient_funds")[1])
        self.assert_taken(0)

    def test_money_is_set_aside_taken_in_part_and_given_back(self):
        order, status = self.pay("pm_fine", "authorize")
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
                order, _ = self.pay(f"pm_capture_{trouble}", "authorize")
                self.assertEqual("captured", self.ask("capture", order, amount=700)["status"])
                self.assert_taken(700)

    def test_only_what_stripe_says_was_given_back_is_given_back(self):
        for trouble in ("pending", *DONE, *UNDONE):
            with self.subTest(trouble):
                self.setUp()
                order, _ = self.pay(f"pm_refunds_{trouble}")
                told = self.ask("refund", order, key="one", amount={"amount": 300, "currency": "EUR"})
                self.assertEqual("refunded", told["status"])
                self.assert_taken(900)

    def test_a_refund_that_comes_to_nothing_is_none(self):
        for trouble in ("failed", "canceled"):
            with self.subTest(trouble):
                self.setUp()
                order, _ = self.pay(f"pm_refunds_{trouble}")
                told = self.ask("refund", order, key="one", amount={"amount": 300, "currency": "EUR"})
                self.assertEqual("failed", told["status"])
                self.assert_taken(1200)

    def test_what_is_voided_is_given_back_whatever_goes_wrong(self):
        for trouble in ("failed", "canceled", "pending", *DONE, *UNDONE):
            with self.subTest(trouble):
                self.setUp()
                order, _ = self.pay(f"pm_refunds_{trouble}")
                self.ask("void", order)
                self.assert_voided(order)
                self.assert_taken(0)
        for trouble in (*DONE, *UNDONE):
            with self.subTest(trouble, set_aside=True):
                order, _ = self.pay(f"pm_cancel_{trouble}", "authorize")
                self.ask("void", order)
                self.assert_voided(order)
                self.assertEqual("canceled", list(self.stripe.intents.values())[-1]["status"])

    def test_what_a_crash_left_is_looked_up_when_stripe_has_forgotten_the_key(self):
        """The reference is in the row before the confirmation is sent; here even that has succeeded."""
        order = self.pay("pm_fine")[0]
        self.stripe.answers.clear()
        self.shop.sql(f"""
            WITH undone AS (DELETE FROM payment.ledger USING payment.payment
                WHERE payment_id = id AND order_id = '{order}'),
            opened AS (UPDATE payment.payment SET status = 'opened', captured = 0
                WHERE order_id = '{order}' RETURNING id)
            INSERT INTO payment.in_flight SELECT id, now() FROM opened""")
        told = self.ask("charge", order, amount={"amount": 1200, "currency": "EUR"}, method="pm_fine")
        self.assertEqual("captured", told["status"])
        self.assert_taken(1200)

    def test_a_reference_is_written_down_before_money_moves(self):
        self.pay("pm_confirm_slow")
        self.assertEqual([True], self.stripe.seen)

    def assert_voided(self, order):
        self.assertEqual([["voided"]], self.shop.sql(
            f"SELECT status FROM payment.payment WHERE order_id = '{order}'"))

    def test_what_is_set_aside_is_let_go(self):
        before = len(self.stripe.calls)
        order, _ = self.pay("pm_fine", "authorize")
        self.ask("void", order)
        self.assertEqual(1, sum(path.endswith("/cancel") for path, _ in self.stripe.calls[before:]))
        self.assert_taken(0)

    def test_a_customer_stores_what_stripe_knows_and_no_number_of_a_card(self):
        customer = self.shop.customer()
        path = "/v1/payment-methods"
        stored = self.shop.http("POST", path, {"token": "pm_fine"}, headers=customer)
        self.assertEqual((201, "visa", "4242"), (stored.status, stored.json["brand"], stored.json["last4"]))
        self.assert_problem(self.shop.http("POST", path, {"token": "pm_gone"}, headers=customer), 422)
        for token, within_s in (("pm_busy", 1), ("pm_slow", 3)):
            begun = time.monotonic()
            self.assert_problem(self.shop.http("POST", path, {"token": token}, headers=customer), 503)
            self.assertLess(time.monotonic() - begun, within_s)
        for body in ({"token": "4242424242424242"}, {"token": "pm_fine", "label": "4242 4242 4242 4242"}):
            refused = self.shop.http("POST", path, body, headers=customer)
            self.assert_problem(refused, 400)
            self.assertNotIn(b"4242", refused.body)
        placed = self.shop.order(customer, {"MUG-BLUE": 1}, stored.json["id"])
        self.assertEqual((201, "confirmed"), (placed.status, placed.json["status"]))


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
    """Stripe's mock holds every request against Stripe's own description, and declines nothing."""

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
        stored = self.shop.http("POST", "/v1/payment-methods", {"token": "pm_card_visa"},
                                headers=self.shop.customer())
        self.assertEqual(201, stored.status, stored)
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
        until = time.monotonic() + 20
        while path not in self.told() and time.monotonic() < until:
            time.sleep(0.1)
        self.assertIn(path, self.told())


if __name__ == "__main__":
    unittest.main()
