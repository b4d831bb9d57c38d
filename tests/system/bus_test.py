"""The bus from outside: hostile frames, plain Majordomo clients and workers, and examples/."""

import json
import os
import random
import re
import socket
import subprocess
import sys
import threading
import time
import unittest

import msgpack
import zmq

from souk_system import ACTORS, ROOT, SOUK, SystemTest, at_once, until

WORKER = ROOT / "tests/system/worker.py"
LOST_S = 2.0  # within so long callers are told that their worker is gone
READY, REQUEST, REPLY, HEARTBEAT, DISCONNECT = b"\1", b"\2", b"\3", b"\4", b"\5"
EMPTY_MAP = b"\x80"

# Whole messages, as a DEALER socket sends them, by what the broker counts them as.
MALFORMED = {
    "frames": {
        "thousands of frames": [b"", b"MDPC01", b"inventory"] + [b""] * 5000,
        "two thousand calls": [b"", b"MDPC01", b"inventory", b"inventory.check", b""] + [b"\x80"] * 2000,
    },
    "envelope": {
        "no delimiter": [b"MDPC01", b"inventory", b"inventory.check"],
        "too long a path": [b"p"] * 50 + [b"", b"MDPC01", b"inventory", b"x"],
        "too large a path": [b"p" * 60000, b"", b"MDPC01", b"inventory", b"x"],
        "ready over a path": [b"hop", b"", b"MDPW01", READY, b"evil"],
    },
    "protocol": {
        "nothing": [b""],
        "only a delimiter": [b"", b""],
        "no protocol that exists": [b"", b"MDPX99", b"inventory", b"x"],
        "the next version": [b"", b"MDPC02", b"\1", b"inventory", b"x"],
    },
    "command": {
        "a worker without a command": [b"", b"MDPW01"],
        "a command that nobody has": [b"", b"MDPW01", b"\x77"],
        "a command that is a word": [b"", b"MDPW01", b"READY"],
        "ready for too much": [b"", b"MDPW01", READY, b"evil", b"1", b"more"],
        "a heartbeat with a load": [b"", b"MDPW01", HEARTBEAT, b"x" * 1000],
    },
    "service": {
        "no service": [b"", b"MDPC01"],
        "a service without a name": [b"", b"MDPC01", b"", b"x"],
        "a service with too long a name": [b"", b"MDPC01", b"s" * 5000, b"x"],
        "a service whose name is not text": [b"", b"MDPC01", b"\0\xff\n", b"x"],
        "ready for nothing": [b"", b"MDPW01", READY],
        "ready without a name": [b"", b"MDPW01", READY, b""],
    },
    "credit": {
        "ready with no credit": [b"", b"MDPW01", READY, b"evil", b"0"],
        "ready with negative credit": [b"", b"MDPW01", READY, b"evil", b"-1"],
        "ready with endless credit": [b"", b"MDPW01", READY, b"evil", b"9" * 100],
        "ready with credit that is no number": [b"", b"MDPW01", READY, b"evil", b"\xff\0"],
    },
    "address": {
        "a reply to nobody": [b"", b"MDPW01", REPLY],
        "a reply without a delimiter": [b"", b"MDPW01", REPLY, b"t" * 16, b"x", b"x"],
    },
    "body": {
        "no body": [b"", b"MDPC01", b"inventory"],
        "a reply without a body": [b"", b"MDPW01", REPLY, b"t" * 16, b""],
    },
}

# These are of the right form, and yet nobody may send them.
OUT_OF_PLACE = {
    "a reply under a forged ticket": [b"", b"MDPW01", REPLY, b"t" * 16, b"", b"x"],
    "a heartbeat of a stranger": [b"", b"MDPW01", HEARTBEAT],
    "a stranger's farewell": [b"", b"MDPW01", DISCONNECT],
    "ready for what is the broker's": [b"", b"MDPW01", READY, b"mmi.service", b"1"],
    "ready for the broker's numbers": [b"", b"MDPW01", READY, b"souk.stats", b"1"],
    "an eight megabyte frame": [b"", b"MDPC01", b"inventory", b"x" * (8 << 20)],
}

# Bodies for a service: operation, meta, arguments. All are answered, none with "ok".
BAD_BODIES = {
    "no meta": [b"inventory.check"],
    "no arguments": [b"inventory.check", b""],
    "no operation": [b"", b"", EMPTY_MAP],
    "an operation of another": [b"order.place", b"", EMPTY_MAP],
    "an operation that nobody has": [b"inventory.steal", b"", EMPTY_MAP],
    "an operation that is not text": [b"\0\xff" * 1000, b"", EMPTY_MAP],
    "meta that is no map": [b"inventory.check", b"\x01", EMPTY_MAP],
    "meta that is cut off": [b"inventory.check", b"\x81\xa3us", EMPTY_MAP],
    "meta of four thousand million": [b"inventory.check", b"\xdf\xff\xff\xff\xff", EMPTY_MAP],
    "a deadline that is a text": [
        b"inventory.check", msgpack.packb({"deadline": "soon"}), EMPTY_MAP],
    "arguments that are no map": [b"inventory.check", b"", b"\x93\1\2\3"],
    "arguments that are empty": [b"inventory.check", b"", b""],
    "arguments that are noise": [b"inventory.check", b"", b"\xc1\xc1\xc1"],
    "arguments and more": [b"inventory.check", b"", msgpack.packb({"sku": ["A"]}) + b"\x01"],
    "a list that claims four thousand million": [
        b"inventory.check", b"", b"\x81\xa3sku\xdd\xff\xff\xff\xff"],
    "a map that claims four thousand million": [b"inventory.check", b"", b"\xdf\xff\xff\xff\xff"],
    "a text that claims four thousand million": [
        b"inventory.check", b"", b"\x81\xa3sku\x91\xdb\xff\xff\xff\xff"],
    "lists within lists within lists": [
        b"inventory.check", b"", b"\x81\xa3sku" + b"\x91" * 100000 + b"\x90"],
    "a text that is not utf-8": [b"inventory.check", b"", b"\x81\xa3sku\x91\xa2\xff\xfe"],
    "a text with a nul": [b"inventory.check", b"", b"\x81\xa3sku\x91\xa2a\0"],
}


def next_request(worker, *operations):
    """The next request for one of these. The edge asks every service for its description and its health,
    whenever it likes: that is refused, as PROTOCOL has it for those who do not want to be on HTTP."""
    while True:
        message = worker.recv_multipart()
        if message[2] == REQUEST and message[5] in operations:
            return message
        if message[2] == REQUEST:
            refusal = msgpack.packb(["no_such_operation", {"message": "no"}])
            worker.send_multipart([b"", b"MDPW01", REPLY, message[3], b"", refusal])


class BusTest(SystemTest):
    def dealer(self):
        bus = self.shop.context.socket(zmq.DEALER)
        self.addCleanup(bus.close, linger=0)
        bus.connect(f"ipc://{os.path.relpath(self.shop.folder)}/broker.ipc")
        return bus

    def python(self, *words, **options):
        """A program of examples/ or a worker, which is ended with the test."""
        process = subprocess.Popen([sys.executable, *map(str, words)], cwd=ROOT,
                                   env=self.shop.environment, **options)
        self.addCleanup(lambda: (process.kill(), process.wait()))
        return process

    def worker(self, service, handler):
        """Serves when this returns."""
        before = self.stats(service).get("workers", 0)
        process = self.python(WORKER, service, handler)
        until(lambda: self.stats(service).get("workers", 0) > before, f"{service} has a worker")
        return process

    def stats(self, service=None):
        code, stats = self.shop.call("souk.stats", {})
        self.assertEqual("ok", code)
        found = {one["name"]: one for one in stats["services"]}
        return found.get(service, {}) if service else stats

    def good_traffic(self, ended):
        """Asks all the while, and gives the codes of all answers."""
        codes = []
        while not ended.is_set():
            codes.append(self.shop.call("inventory.check", {"sku": ["MUG-BLUE"]}, timeout=5)[0])
        return codes

    def amid_good_traffic(self, mischief):
        """Every call that is made meanwhile must go well, and at least one beside each misdeed."""
        ended, codes = threading.Event(), []
        traffic = threading.Thread(target=lambda: codes.extend(self.good_traffic(ended)))
        traffic.start()
        try:
            mischief()
        finally:
            ended.set()
            traffic.join()
        self.assertEqual({"ok"}, set(codes))
        self.shop.assert_alive()

    def assert_serves(self):
        self.assertEqual("ok", self.shop.call("inventory.check", {"sku": ["MUG-BLUE"]})[0])

    # Bad frames.

    def test_messages_that_are_not_majordomo_are_dropped_counted_and_disturb_nobody(self):
        expected = self.stats()["malformed"]
        for reason, messages in MALFORMED.items():
            expected[reason] += len(messages)

        def mischief():
            for messages in (*MALFORMED.values(), OUT_OF_PLACE):
                for frames in messages.values():
                    self.dealer().send_multipart(frames)
                    self.assert_serves()

        self.amid_good_traffic(mischief)
        until(lambda: self.stats()["malformed"] == expected,
              lambda: f"{self.stats()['malformed']} are {expected}", 10)
        self.assertEqual({}, self.stats("evil"))

    def test_messages_of_random_frames_disturb_nobody(self):
        dice = random.Random(20261124)
        words = [b"", b"MDPC01", b"MDPW01", READY, REPLY, HEARTBEAT, b"inventory",
                 b"inventory.check", EMPTY_MAP, b"\xff" * 20, b"1"]

        def mischief():
            bus = self.dealer()
            for _ in range(3000):
                bus.send_multipart([dice.choice(words) if dice.random() < 0.8 else
                                    dice.randbytes(dice.randrange(40))
                                    for _ in range(dice.randrange(1, 9))])
            self.assert_serves()

        self.amid_good_traffic(mischief)

    def test_bytes_that_are_not_even_zeromq_disturb_nobody(self):
        def mischief():
            for noise in (b"GET / HTTP/1.1\r\n\r\n", b"\xff" + b"\0" * 8 + b"\x7f", b"\0" * 10000,
                          b"\xff" * 10000):
                with socket.socket(socket.AF_UNIX) as wire:
                    wire.connect(os.path.relpath(self.shop.folder / "broker.ipc"))
                    try:
                        wire.sendall(noise)
                    except (BrokenPipeError, ConnectionResetError):
                        pass  # hung up on while it still talked
                self.assert_serves()

        self.amid_good_traffic(mischief)

    def test_bodies_that_make_no_sense_are_answered_with_what_is_wrong(self):
        def mischief():
            for name, body in BAD_BODIES.items():
                with self.subTest(name):
                    bus = self.dealer()
                    bus.send_multipart([b"", b"MDPC01", b"inventory", *body])
                    self.assertTrue(bus.poll(5000), "no answer")
                    code, refusal = msgpack.unpackb(bus.recv_multipart()[3])
                    self.assertIn(code, ("invalid", "no_such_operation"))
                    self.assertTrue(refusal["message"])

        self.amid_good_traffic(mischief)

    def test_a_call_that_does_not_fit_names_its_field_and_spoils_none_beside_it(self):
        replies = self.shop.calls("inventory.check", [
            {"sku": ["MUG-BLUE"]}, {"sku": "MUG-BLUE"}, {}, {"sku": ["MUG-BLUE"]}])
        self.assertEqual(["ok", "invalid", "invalid", "ok"], [code for code, _ in replies])
        for _, refusal in replies[1:3]:
            self.assertEqual("/sku", refusal["flaws"][0]["pointer"])

    # Majordomo as others speak it.

    def test_a_plain_majordomo_client_and_worker_need_know_nothing_of_souk(self):
        worker = self.dealer()
        worker.send_multipart([b"", b"MDPW01", READY, b"coffee"])
        with self.shop.context.socket(zmq.REQ) as client:
            client.linger = 0
            client.connect(f"ipc://{os.path.relpath(self.shop.folder)}/broker.ipc")
            until(lambda: self.stats("coffee"), "the worker is known")
            client.send_multipart([b"MDPC01", b"coffee", b"black", b"two sugars"])
            _, protocol, command, address, delimiter, *body = next_request(worker, b"black")
            self.assertEqual((b"MDPW01", b"\2", b""), (protocol, command, delimiter))
            self.assertEqual([b"black", b"two sugars"], body)
            worker.send_multipart([b"", b"MDPW01", REPLY, address, b"", b"here", b"you are"])
            self.assertEqual([b"MDPC01", b"coffee", b"here", b"you are"], client.recv_multipart())
        worker.send_multipart([b"", b"MDPW01", DISCONNECT])

    def test_discovery_knows_who_is_served(self):
        bus = self.dealer()
        for service, code in ((b"inventory", b"200"), (b"nobody", b"404")):
            bus.send_multipart([b"", b"MDPC01", b"mmi.service", service])
            self.assertEqual([b"", b"MDPC01", b"mmi.service", code], bus.recv_multipart())
        bus.send_multipart([b"", b"MDPC01", b"mmi.nothing", b"x"])
        self.assertEqual(b"501", bus.recv_multipart()[3])

    def test_a_stranger_who_claims_to_work_is_told_to_start_afresh(self):
        bus = self.dealer()
        bus.send_multipart([b"", b"MDPW01", HEARTBEAT])
        self.assertTrue(bus.poll(5000))
        self.assertEqual([b"", b"MDPW01", DISCONNECT], bus.recv_multipart())

    def test_what_nobody_serves_is_unavailable_at_once(self):
        begun = time.monotonic()
        code, refusal = self.shop.call("nobody.there", {})
        self.assertEqual("unavailable", code)
        self.assertTrue(refusal["retry"])
        self.assertLess(time.monotonic() - begun, 1)

    # Workers that die.

    def test_the_calls_of_a_killed_worker_are_told_so_and_later_calls_go_to_others(self):
        holder = self.worker("holdall", "hold")
        held = self.dealer()
        for number in (b"1", b"2", b"3", b"4", b"5"):
            held.send_multipart([number, b"", b"MDPC01", b"holdall", b"holdall.say", b"",
                                 EMPTY_MAP])
        until(lambda: self.stats("holdall")["in_progress"] == 5, "the worker holds five calls")
        self.worker("holdall", "answer")

        holder.kill()
        begun, told = time.monotonic(), {}
        for _ in range(5):
            self.assertTrue(held.poll(10000), f"only {told} were told")
            number, *_, frame = held.recv_multipart()
            told[number] = msgpack.unpackb(frame)[0]
        self.assertLess(time.monotonic() - begun, LOST_S)
        self.assertEqual({b"%d" % i: "worker_lost" for i in range(1, 6)}, told)
        for i in range(20):
            self.assertEqual(("ok", {"text": str(i)}),
                             self.shop.call("holdall.say", {"text": str(i)}))

    # What examples/ has.

    def run_client(self, *words):
        return subprocess.run([ROOT / "examples/client.py", *words], cwd=ROOT, timeout=30,
                              env=self.shop.environment, capture_output=True, text=True)

    def test_the_example_client_asks_several_things_at_once(self):
        done = self.run_client("inventory.check", '{"sku":["MUG-BLUE"]}',
                               "product.get", '{"sku":"MUG-BLUE"}')
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        stock, product = [json.loads(text) for text in re.split(r"(?<=^})\n", done.stdout.strip(),
                                                                flags=re.MULTILINE)]
        self.assertEqual("MUG-BLUE", stock["items"][0]["sku"])
        self.assertEqual("MUG-BLUE", product["sku"])
        refused = self.run_client("product.get", '{"sku":"NO-SUCH-THING"}')
        self.assertEqual(1, refused.returncode)
        self.assertIn("no_such_product", refused.stdout)

    def test_souk_call_reaches_a_service_that_says_no_more_than_it_must(self):
        worker = self.dealer()
        worker.send_multipart([b"", b"MDPW01", READY, b"terse"])
        until(lambda: self.stats("terse"), "the worker is known")
        asked = subprocess.Popen([SOUK, "call", "terse.say", "{}"], cwd=ROOT, text=True,
                                 env=self.shop.environment, stdout=subprocess.PIPE)
        answers = {
            b"terse.describe": {"service": "terse", "operations": [
                {"name": "terse.say", "reply": [{"name": "text", "type": "text"}]}]},
            b"terse.say": {"text": "yes"},
        }
        while asked.poll() is None:
            message = next_request(worker, *answers)
            worker.send_multipart([b"", b"MDPW01", REPLY, message[3], b"",
                                   msgpack.packb(["ok", answers[message[5]]])])
            if message[5] == b"terse.say":
                break
        self.assertEqual({"text": "yes"}, json.loads(asked.communicate(timeout=10)[0]))

    def test_the_example_client_keeps_many_calls_apart(self):
        words = [word for i in range(50) for word in (
            "product.get", '{"sku":"MUG-BLUE"}' if i % 2 else '{"sku":"NO-SUCH-THING"}')]
        printed = self.run_client(*words).stdout
        self.assertEqual((25, 25), (printed.count('"MUG-BLUE"'), printed.count("no_such_product")))

    def gift_wrap(self, sku="MUG-BLUE", query=""):
        return self.shop.http("GET", f"/v1/gift-wrap/{sku}{query}")

    def openapi_paths(self):
        return self.shop.http("GET", "/openapi.json").json["paths"]

    def test_the_example_actor_appears_over_http_and_in_openapi_and_goes_again(self):
        self.assertNotEqual(200, self.gift_wrap().status)
        actor = self.python(ROOT / "examples/actor.py")
        until(lambda: self.gift_wrap().status == 200, "gift wrapping is offered")

        price = self.shop.http("GET", "/v1/products/MUG-BLUE").json["price"]
        quote = self.gift_wrap(query="?paper=stars").json
        self.assertEqual(("MUG-BLUE", "stars", price["currency"]),
                         (quote["sku"], quote["paper"], quote["price"]["currency"]))
        self.assertEqual(250 + price["amount"] // 20, quote["price"]["amount"])
        self.assertEqual("plain", self.gift_wrap().json["paper"])
        self.assert_problem(self.gift_wrap("NO-SUCH-THING"), 404, "no_such_product")
        reply = self.gift_wrap(query="?paper=lead")
        self.assert_problem(reply, 400)
        self.assertEqual("/paper", reply.json["errors"][0]["pointer"])
        self.assertEqual("giftwrap.quote",
                         self.openapi_paths()["/v1/gift-wrap/{sku}"]["get"]["operationId"])
        self.assertEqual("ok", self.shop.asked("giftwrap.health", {})["status"])

        actor.terminate()
        self.assertEqual(0, actor.wait(10))
        until(lambda: self.gift_wrap().status in (404, 503), "it is offered no more")
        self.assert_problem(self.gift_wrap(), self.gift_wrap().status)

    def test_the_example_actor_serves_many_at_once(self):
        self.python(ROOT / "examples/actor.py")
        until(lambda: self.gift_wrap().status == 200, "gift wrapping is offered")
        replies = at_once(100, lambda _: self.gift_wrap())
        self.assertEqual({200}, {reply.status for reply in replies})

    def test_an_actor_finds_back_to_a_broker_that_was_restarted(self):
        self.python(ROOT / "examples/actor.py")
        until(lambda: self.gift_wrap().status == 200, "gift wrapping is offered")
        self.shop.kill("broker")
        self.shop.start("broker")
        until(lambda: all(self.stats(name) for name in (*ACTORS, "giftwrap")), "everybody is back")
        until(lambda: self.gift_wrap().status == 200, "gift wrapping is offered again")


if __name__ == "__main__":
    unittest.main()
