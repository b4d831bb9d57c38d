"""A Stripe of our own, which fails in every way it can."""

import json
import threading
import time
import urllib.parse
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from souk_system import SystemTest

KEY = "sk_test_souk"
TIMEOUT_S = 0.8  # after which the shop waits for no answer
GARBLED = object()

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
LOST = ("drop", "hang")

# What a bank says of some cards.
DECLINES = {
    "card_declined": {"code": "card_declined", "decline_code": "card_declined"},
    "insufficient_funds": {"code": "card_declined", "decline_code": "insufficient_funds"},
    "authentication": {"code": "authentication_required"},
}


def letters():
    """Nobody else's; without digits, of which some in a row would be taken for the number of a card."""
    return uuid.uuid4().hex.translate(str.maketrans("0123456789", "ghijklmnop"))


def fresh(kind):
    """A token that nobody has paid with yet; what goes wrong with it is in its name."""
    return f"pm_{kind}_x{letters()}"


def refusal(status, code, **more):
    return status, {"error": {"type": "invalid_request_error", "code": code, **more}}


class Stripe:
    """Intents, refunds, customers and methods as Stripe keeps them: a method pays once, unless it is
    attached to a customer. A token such as pm_capture_500 says what goes wrong once with which request about
    its intent; .troubles says it of the next requests about customers and methods."""

    def __init__(self):
        self.intents, self.refunds, self.customers, self.methods = {}, {}, {}, {}
        self.answers, self.calls, self.troubles = {}, [], {}
        self.seen, self.look_up = [], None
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def handler(self):
        stripe = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # headers and body in one packet: the second would wait for the first one's receipt

            def do_GET(self):
                if "pm_slow_" in self.path:
                    time.sleep(2 * TIMEOUT_S)
                    self.close_connection = True
                else:
                    self.reply(*stripe.look(self.path))

            def do_POST(self):
                size = int(self.headers.get("Content-Length") or 0)
                form = dict(urllib.parse.parse_qsl(self.rfile.read(size).decode()))
                assert self.headers["Authorization"] == f"Bearer {KEY}"
                answer = stripe.serve(self.command, self.path, form, self.headers["Idempotency-Key"])
                if answer is None:
                    self.close_connection = True
                    self.connection.close()
                else:
                    self.reply(*answer)

            do_DELETE = do_POST

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
            if path.startswith("/v1/payment_intents?"):
                return 200, self.list_intents(dict(urllib.parse.parse_qsl(path.split("?")[1])))
            if path.startswith("/v1/refunds"):
                intent = urllib.parse.parse_qs(path.split("?")[1])["payment_intent"][0]
                return 200, {"data": [r for r in self.refunds.values() if r["payment_intent"] == intent]}
            if path.startswith("/v1/payment_methods/"):
                return self.find_method(path.split("/")[3])
            return 200, self.intents[path.split("/")[3]]

    def list_intents(self, form):
        """Two at a time, the newest first."""
        assert form["expand[]"] == "data.latest_charge"
        all_of = [i for i in reversed(self.intents.values())
                  if int(form["created[gte]"]) <= i["created"] < int(form["created[lt]"])]
        ids = [i["id"] for i in all_of]
        first = ids.index(form["starting_after"]) + 1 if "starting_after" in form else 0
        return {"data": [self.as_listed(i) for i in all_of[first:first + 2]], "has_more": first + 2 < len(all_of)}

    def as_listed(self, intent):
        refunded = sum(r["amount"] for r in self.refunds.values() if r["payment_intent"] == intent["id"]
                       and r["status"] in ("succeeded", "pending"))
        charge = {"amount_refunded": refunded} if intent["taken"] else None
        return {"id": intent["id"], "object": "payment_intent", "status": intent["status"], "currency": "eur",
                "amount": intent["amount"], "amount_received": intent["taken"], "created": intent["created"],
                "latest_charge": charge, "metadata": {"order_id": intent["order"]}}

    def find_method(self, token):
        if "_busy_" in token:
            return UNDONE["limited"]
        if "_gone_" in token:
            return refusal(404, "resource_missing")
        return 200, self.method(token)

    def method(self, token):
        card = {"brand": "visa", "last4": "4242", "exp_month": 4, "exp_year": 2044}
        return self.methods.setdefault(token, {"id": token, "customer": None, "spent": False, "card": card})

    def serve(self, verb, path, form, key):
        with self.lock:
            self.calls.append((path, key))
            if key and key in self.answers:
                return (*self.answers[key], True)
            trouble = self.trouble(verb, path, form)
            if trouble in UNDONE:
                return UNDONE[trouble]
            if trouble == "slow":
                self.seen.append(self.look_up(path.split("/")[3]))
            answer = self.answers[key] = self.work(verb, path, form, trouble)
            answer = DONE.get(trouble, answer)
            if trouble == "500":
                self.answers[key] = answer
        if trouble == "hang":
            time.sleep(2 * TIMEOUT_S)
        return None if trouble in LOST else answer

    def trouble(self, verb, path, form):
        if path == "/v1/payment_intents":
            return None
        name = "delete" if verb == "DELETE" else path.split("/")[-1]
        if path.startswith(("/v1/customers", "/v1/payment_methods")):
            troubles = self.troubles.get(name)
        else:
            troubles = self.intents[form.get("payment_intent") or path.split("/")[3]]["troubles"].get(name)
        return troubles.pop(0) if troubles else None

    def work(self, verb, path, form, trouble):
        _, _, kind, *rest = path.split("/")
        if kind == "payment_intents":
            return self.make_intent(form) if not rest else self.move(self.intents[rest[0]], rest[1], form)
        if kind == "refunds":
            return self.make_refund(form, trouble)
        if kind == "customers":
            return self.leave(rest[0]) if verb == "DELETE" else self.come(form)
        return self.attach(rest[0], form) if rest[1] == "attach" else self.detach(rest[0])

    def make_intent(self, form):
        method = self.method(form["payment_method"])
        whose = method["customer"]
        if method["spent"] and not whose or whose != form.get("customer", whose) or whose and "customer" not in form:
            return refusal(400, "payment_method_unexpected_state", param="payment_method")
        method["spent"] = True
        made = {"id": f"pi_{letters()}", "status": "requires_confirmation", "taken": 0,
                "amount": int(form["amount"]), "manual": form["capture_method"] == "manual",
                "customer": form.get("customer"), "decline": None, "troubles": {}, "created": int(time.time()),
                "order": form["metadata[order_id]"]}
        kind = method["id"].removeprefix("pm_").split("_x")[0]
        first, _, second = kind.partition("_")
        if kind in DECLINES:
            made["decline"] = kind
        elif first == "authentication":
            made["decline"], made["troubles"] = first, {"confirm": [second]}
        elif second:
            made["troubles"] = {first: ["later", "overtaken"] if second == "later" else [second]}
        self.intents[made["id"]] = made
        return 200, made

    def move(self, intent, verb, form):
        if verb == "confirm" and intent["decline"] == "authentication" and "error_on_requires_action" not in form:
            intent["status"] = "requires_action"
            return 200, intent
        if verb == "confirm" and intent["decline"]:
            intent["status"] = "requires_payment_method"
            intent["last_payment_error"] = DECLINES[intent["decline"]]
            return 402, {"error": {"type": "card_error", **intent["last_payment_error"]}}
        if verb == "cancel":
            intent["status"] = "canceled"
        elif verb == "confirm" and intent["manual"]:
            intent["status"] = "requires_capture"
        else:
            intent["taken"] += int(form.get("amount_to_capture", intent["amount"]))
            intent["status"] = "succeeded"
        return 200, intent

    def make_refund(self, form, trouble):
        status = trouble if trouble in ("failed", "canceled", "pending") else "succeeded"
        made = {"id": f"re_{letters()}", "status": status, "amount": int(form["amount"]),
                "payment_intent": form["payment_intent"], "metadata": {"souk_key": form["metadata[souk_key]"]}}
        self.refunds[made["id"]] = made
        return 200, made

    def come(self, form):
        made = {"id": f"cus_{letters()}", "user_id": form["metadata[user_id]"]}
        self.customers[made["id"]] = made
        return 200, made

    def leave(self, customer):
        if not self.customers.pop(customer, None):
            return refusal(404, "resource_missing")
        for method in self.methods.values():
            if method["customer"] == customer:
                method.update(customer=None, spent=True)
        return 200, {"id": customer, "deleted": True}

    def attach(self, token, form):
        method = self.method(token)
        if "_refused_" in token:
            return 402, {"error": {"type": "card_error", "code": "card_declined"}}
        if form["customer"] not in self.customers:
            return refusal(404, "resource_missing")
        if method["spent"] or method["customer"]:
            return refusal(400, "payment_method_unexpected_state")
        method["customer"] = form["customer"]
        return 200, method

    def detach(self, token):
        method = self.method(token)
        if not method["customer"]:
            return refusal(400, "payment_method_unexpected_state")
        method.update(customer=None, spent=True)
        return 200, method

    def kept(self):
        return (sum(i["taken"] for i in self.intents.values())
                - sum(r["amount"] for r in self.refunds.values() if r["status"] in ("succeeded", "pending")))


class ThroughStripe(SystemTest):
    """One shop that pays through self.url."""

    @classmethod
    def setUpClass(cls):
        cls.settings = {**cls.settings, "SOUK_PAYMENT_PROVIDER": "stripe", "SOUK_STRIPE_URL": cls.url,
                        "SOUK_STRIPE_KEY": KEY, "SOUK_PROVIDER_TIMEOUT_MS": int(TIMEOUT_S * 1000),
                        "SOUK_PROVIDER_RETRY_MS": 20}
        super().setUpClass()

    def tearDown(self):
        logs = "".join(path.read_text(errors="replace") for path in self.shop.folder.glob("*.log"))
        self.assertNotIn(KEY, logs)
        self.assertNotIn("pm_", logs)

    def ask(self, operation, order, **words):
        code, told = self.shop.call(f"payment.{operation}", {"order_id": order, **words}, timeout=20)
        self.assertEqual("ok", code, told)
        return told

    def pay(self, token, operation="charge"):
        """A new order's id, and what the payment's status was."""
        order = str(uuid.uuid4())
        told = self.ask(operation, order, amount={"amount": 1200, "currency": "EUR"}, method=token)
        return order, told["status"]


class FakeTest(ThroughStripe):
    """The same, with a Stripe of our own."""

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
