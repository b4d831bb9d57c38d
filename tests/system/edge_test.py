"""The edge against what the world sends: broken, hostile, slow, or just mistaken."""

import http.client
import json
import re
import socket
import subprocess
import sys
import time
import unittest

from souk_system import ROOT, SystemTest, at_once, until

DEADLINE_S = 3
IDLE_S = 2
BODY_MAX = 64 << 10
PROMPT_S = 2.0  # an honest request beside hostile ones takes no longer

HEAD = "POST /v1/users HTTP/1.1\r\nHost: souk\r\nContent-Type: application/json\r\n"
SMUGGLED = "GET /v1/me HTTP/1.1\r\nHost: souk\r\n\r\n"

# Two readers could see two things in each of these.
SMUGGLING = {
    "two lengths": HEAD + "Content-Length: 5\r\nContent-Length: 40\r\n\r\nxxxxx" + SMUGGLED,
    "the same length twice": HEAD + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nxxxxx" + SMUGGLED,
    "two lengths in one": HEAD + "Content-Length: 5, 40\r\n\r\nxxxxx" + SMUGGLED,
    "length and chunked": HEAD + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunked and length": HEAD + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunked twice": HEAD + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunked and identity": HEAD + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "an unknown encoding": HEAD + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "a quoted encoding": HEAD + 'Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n' + SMUGGLED,
    "an encoding behind a control": HEAD + "Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "a blank before the colon": HEAD + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "a folded line": HEAD + "X: a\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "a nul in a field": HEAD + "X: a\0b\r\nContent-Length: 0\r\n\r\n" + SMUGGLED,
    "a negative length": HEAD + "Content-Length: -5\r\n\r\n" + SMUGGLED,
    "a length with a sign": HEAD + "Content-Length: +5\r\n\r\nxxxxx" + SMUGGLED,
    "a hexadecimal length": HEAD + "Content-Length: 0x5\r\n\r\nxxxxx" + SMUGGLED,
    "a length without digits": HEAD + "Content-Length: five\r\n\r\n" + SMUGGLED,
    "chunked in HTTP/1.0": HEAD.replace("1.1", "1.0") + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "no host": "GET /v1/products HTTP/1.1\r\n\r\n" + SMUGGLED,
    "two hosts": "GET /v1/products HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + SMUGGLED,
    "a chunk size that is no number": HEAD + "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n" + SMUGGLED,
    "a chunk size below nothing": HEAD + "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n" + SMUGGLED,
}

# These are read in one way only: as more than is taken.
TOO_LARGE = {
    "a length beyond all": HEAD + "Content-Length: 99999999999999999999999\r\n\r\n" + SMUGGLED,
    "a chunk size beyond all": HEAD + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n\r\n" + SMUGGLED,
}

BAD_JSON = {
    "nothing": "",
    "cut off": '{"email":',
    "a comma too many": '{"email":"a@example.com",}',
    "two values": "{} {}",
    "single quotes": "{'email':1}",
    "not utf-8": b'{"email":"\xff\xfe"}',
    "half a surrogate": '{"email":"\\ud800"}',
    "a nul": '{"email":"a\\u0000b"}',
    "a key twice": '{"email":"a@example.com","email":"b@example.com"}',
    "nested without end": "[" * 60000,
    "a number beyond all": '{"email":1e999999}',
    "an array": "[1,2,3]",
    "a text": '"hello"',
}


class Wire:
    """A raw connection."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, text):
        self.socket.sendall(text if isinstance(text, bytes) else text.encode("latin-1"))

    def reply(self):
        response = http.client.HTTPResponse(self.socket)
        response.begin()
        return response.status, response.read()

    def rest(self):
        """All that still comes, until the other side closes."""
        received = b""
        try:
            while piece := self.socket.recv(65536):
                received += piece
        except ConnectionResetError:
            pass
        return received


class EdgeTest(SystemTest):
    settings = {"SOUK_EDGE_DEADLINE_MS": DEADLINE_S * 1000, "SOUK_EDGE_IDLE_S": IDLE_S,
                "SOUK_EDGE_BODY_MAX": BODY_MAX, "SOUK_QUEUE_WAIT_MS": 1000}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.shop.customer()

    def setUp(self):
        """What a test has done, others must not feel."""
        self.addCleanup(self.assert_prompt)
        self.addCleanup(self.shop.assert_alive)

    def wire(self):
        return self.enterContext(Wire(self.shop.port))

    def assert_prompt(self):
        begun = time.monotonic()
        self.assertEqual(200, self.shop.http("GET", "/v1/products/MUG-BLUE").status)
        self.assertLess(time.monotonic() - begun, PROMPT_S)

    def register(self, body, **headers):
        return self.shop.http("POST", "/v1/users", body if isinstance(body, bytes) else body.encode(),
                              {"Content-Type": "application/json", **headers})

    # Hostile bytes.

    def assert_nothing_but(self, status, texts):
        """Each is refused with this status and a close; what was smuggled would get another, 401."""
        for name, text in texts.items():
            with self.subTest(name), Wire(self.shop.port) as wire:
                wire.send(text)
                self.assertEqual({status}, set(re.findall(rb"HTTP/1\.[01] (\d{3}) ", wire.rest())))

    def test_what_could_be_read_in_two_ways_gets_400_and_a_close(self):
        self.assert_nothing_but(b"400", SMUGGLING)

    def test_a_length_that_nobody_can_mean_gets_413_and_a_close(self):
        self.assert_nothing_but(b"413", TOO_LARGE)

    def test_two_lengths_and_length_with_chunked_are_told_as_problems(self):
        for name in ("two lengths", "length and chunked", "an unknown encoding", "no host"):
            with self.subTest(name), Wire(self.shop.port) as wire:
                wire.send(SMUGGLING[name])
                status, body = wire.reply()
                self.assertEqual((400, "malformed"), (status, json.loads(body)["code"]))
                self.assertEqual(b"", wire.rest())

    def test_noise_gets_a_close(self):
        noises = (b"\0" * 3000 + b"\r\n\r\n", b"\xff" * 3000 + b"\r\n\r\n", b"\r\n" * 5000,
                  b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 500,
                  b"GET\r\n\r\n", b"GET /v1/products\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
                  b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")

        def answer(i):
            """Of some the edge waits for more, and closes when it has waited for long enough."""
            with Wire(self.shop.port) as wire:
                try:
                    wire.send(noises[i])
                except (BrokenPipeError, ConnectionResetError):
                    return b""
                return wire.rest()

        for noise, answered in zip(noises, at_once(len(noises), answer)):
            with self.subTest(noise[:20]):
                self.assertNotIn(b" 200 ", answered)

    def test_headers_without_end_are_refused(self):
        wire = self.wire()
        try:
            wire.send("GET /v1/products HTTP/1.1\r\nHost: souk\r\n")
            for i in range(5000):
                wire.send(f"X-Header-{i}: {'x' * 100}\r\n")
        except (BrokenPipeError, ConnectionResetError):
            return
        self.assertRegex(wire.rest(), rb"^(HTTP/1\.1 431 |$)")

    def test_an_address_without_end_is_refused(self):
        for size, status in ((10000, b"404"), (100000, b"414")):
            with Wire(self.shop.port) as wire:
                try:
                    wire.send(f"GET /{'x' * size} HTTP/1.1\r\nHost: souk\r\n\r\n")
                except (BrokenPipeError, ConnectionResetError):
                    continue
                self.assertRegex(wire.rest(), rb"^(HTTP/1\.1 %s |$)" % status)

    # Slow and broken clients.

    def test_clients_that_never_finish_cost_nobody_else_and_are_cut_off(self):
        slow = [self.wire() for _ in range(200)]
        begun = time.monotonic()
        for wire in slow:
            wire.send("POST /v1/users HTTP/1.1\r\nHost: souk\r\nContent-Le")
        self.assert_prompt()
        for wire in slow[::10]:
            self.assertNotIn(b" 200 ", wire.rest())
        self.assertLess(time.monotonic() - begun, IDLE_S * 4)

    def test_a_byte_now_and_then_does_not_keep_a_connection_open(self):
        wire = self.wire()
        begun = time.monotonic()
        with self.assertRaises((BrokenPipeError, ConnectionResetError)):
            while time.monotonic() - begun < IDLE_S * 5:
                wire.send("X")
                time.sleep(0.1)
        self.assertLess(time.monotonic() - begun, IDLE_S * 4)

    def test_clients_that_do_not_read_cost_nobody_else(self):
        for _ in range(20):
            wire = self.wire()
            wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            wire.send("GET /openapi.json HTTP/1.1\r\nHost: souk\r\n\r\n" * 50)
        self.assert_prompt()

    def test_clients_that_hang_up_while_the_shop_works_disturb_nobody(self):
        for i in range(50):
            with Wire(self.shop.port) as wire:
                body = '{"email":"nobody@example.com","password":"wrong wrong"}'
                wire.send("POST /v1/sessions HTTP/1.1\r\nHost: souk\r\nContent-Type: application/json"
                          f"\r\nContent-Length: {len(body)}\r\n\r\n" + body[:i * 2 if i < 25 else None])

    # Limits.

    def test_a_body_over_the_limit_is_413_before_it_is_read(self):
        wire = self.wire()
        wire.send(HEAD + f"Content-Length: {BODY_MAX + 1}\r\n\r\n")
        status, body = wire.reply()
        self.assertEqual((413, "too_large"), (status, json.loads(body)["code"]))

    def test_a_body_that_grows_over_the_limit_is_413(self):
        wire = self.wire()
        wire.send(HEAD + "Transfer-Encoding: chunked\r\n\r\n")
        for _ in range(BODY_MAX // 4096 + 2):
            wire.send("1000\r\n" + "x" * 4096 + "\r\n")
        status, body = wire.reply()
        self.assertEqual((413, "too_large"), (status, json.loads(body)["code"]))

    def test_a_whole_large_body_that_is_refused_still_gets_its_answer(self):
        reply = self.register(b"x" * (4 << 20))
        self.assert_problem(reply, 413, "too_large")

    def test_a_chunked_body_is_as_good_as_one_with_a_length(self):
        wire = self.wire()
        wire.send(HEAD + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
        status, body = wire.reply()
        self.assertEqual((400, "invalid"), (status, json.loads(body)["code"]))

    # Mistakes.

    def test_bad_json_is_told_with_its_place(self):
        for name, text in BAD_JSON.items():
            with self.subTest(name):
                reply = self.register(text)
                self.assert_problem(reply, 400)
                self.assertLess(len(reply.body), 2000)
        reply = self.register('{"email":"a@example.com",\n"name" "Ada"}')
        self.assertIn("line 2", reply.json["detail"])

    def test_a_body_that_is_not_json_is_415(self):
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
                     "application/json; charset=latin-1", "application/jsonx"):
            reply = self.register("{}", **{"Content-Type": kind})
            self.assert_problem(reply, 415, "wrong_type")
        wire = self.wire()
        wire.send("POST /v1/users HTTP/1.1\r\nHost: souk\r\nContent-Length: 2\r\n\r\n{}")
        self.assertEqual(415, wire.reply()[0])

    def test_every_flaw_is_told_with_a_pointer(self):
        cases = [
            ({"emial": "a@example.com", "name": "Ada", "password": "long enough"}, {"/email", "/emial"}),
            ({"email": 5, "name": ["Ada"], "password": None}, {"/email", "/name", "/password"}),
            ({"email": "a@example.com", "name": "", "password": "long enough"}, {"/name"}),
            ({"a/b~c": 1, "email": "a@example.com", "name": "Ada", "password": "long enough"},
             {"/a~1b~0c"}),
        ]
        for body, pointers in cases:
            reply = self.shop.http("POST", "/v1/users", body)
            self.assert_problem(reply, 400, "invalid")
            self.assertEqual(pointers, {error["pointer"] for error in reply.json["errors"]})

    def test_flaws_deep_within_are_found(self):
        for line, pointer in (({"sku": "MUG-BLUE", "quantity": 0}, "/lines/1/quantity"),
                              ({"sku": "MUG-BLUE", "quantity": 1.5}, "/lines/1/quantity"),
                              ({"sku": "MUG-BLUE", "quantity": 10 ** 12}, "/lines/1/quantity"),
                              ({"sku": "MUG-BLUE", "quantity": True}, "/lines/1/quantity"),
                              ({"sku": "", "quantity": 1}, "/lines/1/sku"),
                              ({"quantity": 1}, "/lines/1/sku"), ("MUG-BLUE", "/lines/1")):
            body = {"lines": [{"sku": "MUG-BLUE", "quantity": 1}, line],
                    "payment_method": "pm_sim_ok"}
            reply = self.shop.http("POST", "/v1/orders", body,
                                   {**self.customer, "Idempotency-Key": "deep"})
            self.assert_problem(reply, 400, "invalid")
            self.assertEqual([pointer], [error["pointer"] for error in reply.json["errors"]])

    def test_what_is_not_there_is_404(self):
        for path in ("/", "/v1", "/v1/nothing", "/v1/products/A/B", "/v1//products", "/V1/products",
                     "/v1/products/../me", "/v1/me/"):
            self.assert_problem(self.shop.http("GET", path), 404, "no_such_route")

    def test_a_method_that_is_not_taken_is_405_with_those_that_are(self):
        for method, path, allowed in (("DELETE", "/v1/products", {"GET", "HEAD"}),
                                      ("PUT", "/v1/orders", {"GET", "HEAD", "POST"}),
                                      ("BREW", "/v1/me", {"GET", "HEAD"}),
                                      ("POST", "/readyz", {"GET", "HEAD"})):
            reply = self.shop.http(method, path)
            self.assert_problem(reply, 405, "wrong_method")
            self.assertLessEqual(allowed, set(reply.headers["Allow"].split(", ")))

    def test_head_is_get_without_the_body(self):
        for path in ("/v1/products", "/livez", "/v1/products/NO-SUCH-THING"):
            head, get = self.shop.http("HEAD", path), self.shop.http("GET", path)
            self.assertEqual((get.status, b""), (head.status, head.body))
            for name in ("Content-Type", "Content-Length"):
                self.assertEqual(get.headers[name], head.headers[name])

    def test_addresses_are_taken_apart_before_they_are_decoded(self):
        for path, status in (("/v1/products/MUG%2DBLUE", 200), ("/v1/%70roducts/MUG-BLUE", 200),
                             ("/v1/products/MUG-BLUE%2F..", 404), ("/v1/products/%C3%A4", 404),
                             ("/v1/products/%zz", 400), ("/v1/products/%2", 400),
                             ("/v1/products/%00", 400), ("/v1/products/%C3%28", 400),
                             ("/v1/stock?sku=MUG%2DBLUE", 200), ("/v1/stock?sku=%zz", 400),
                             ("/v1/stock?sku=MUG-BLUE&sku=A+B", 200), ("/v1/stock?colour=blue", 400),
                             ("/v1/stock", 400), ("/v1/products?limit=1&limit=2", 400)):
            with self.subTest(path):
                self.assertEqual(status, self.shop.http("GET", path).status)

    def test_a_whole_address_as_proxies_send_it_is_understood(self):
        wire = self.wire()
        wire.send("GET http://souk.example/v1/products/MUG-BLUE HTTP/1.1\r\nHost: souk.example\r\n\r\n")
        self.assertEqual(200, wire.reply()[0])

    def test_requests_may_be_sent_one_behind_the_other(self):
        wire = self.wire()
        wire.send("".join(f"GET /v1/products/{sku} HTTP/1.1\r\nHost: souk\r\n\r\n"
                          for sku in ("MUG-BLUE", "NO-SUCH-THING") * 5))
        reader = wire.socket.makefile("rb")
        statuses = []
        for _ in range(10):
            statuses.append(int(reader.readline().split()[1]))
            headers = http.client.parse_headers(reader)
            reader.read(int(headers["Content-Length"]))
        self.assertEqual([200, 404] * 5, statuses)

    def test_a_trace_that_was_begun_goes_on(self):
        trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        reply = self.shop.http("GET", "/v1/products/NO-SUCH-THING",
                               headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
        self.assertIn(trace, reply.headers["traceparent"])
        self.assertIn(trace, reply.json["instance"])

    # Services that are not there, or hang.

    def test_a_service_that_is_missing_is_503_and_readyz_names_it(self):
        self.shop.terminate("product")
        self.addCleanup(self.shop.await_ready)
        self.addCleanup(self.shop.start, "product")
        reply = self.shop.http("GET", "/v1/products/MUG-BLUE")
        self.assert_problem(reply, 503, "unavailable")
        self.assertGreater(int(reply.headers["Retry-After"]), 0)
        reply = until(lambda: (lambda ready: ready if ready.status == 503 else None)(
            self.shop.http("GET", "/readyz")), "the edge is not ready")
        self.assertIn("product", reply.json["detail"])
        self.assertEqual(200, self.shop.http("GET", "/livez").status)
        self.assertEqual(200, self.shop.http("GET", "/v1/me", headers=self.customer).status)

    def test_a_service_that_hangs_is_504_at_the_deadline_and_delays_nobody(self):
        worker = subprocess.Popen([sys.executable, ROOT / "tests/system/worker.py", "hung", "hold"],
                                  cwd=ROOT, env=self.shop.environment)
        self.addCleanup(lambda: (worker.kill(), worker.wait()))
        until(lambda: "/v1/hung" in self.shop.http("GET", "/openapi.json").json["paths"],
              "the service is offered")

        def hang(_):
            begun = time.monotonic()
            self.assert_problem(self.shop.http("GET", "/v1/hung"), 504)
            return time.monotonic() - begun

        for took in at_once(20, hang):
            self.assertGreater(took, DEADLINE_S * 0.9)
            self.assertLess(took, DEADLINE_S * 2)


if __name__ == "__main__":
    unittest.main()
