"""Events as other systems follow them: nothing is missed, nothing comes twice."""

import random
import select
import subprocess
import time
import unittest
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from souk_system import ROOT, SOUK, SystemTest, at_once, until
from subscriber import Subscriber

ORDERS = 1000
KILLS = 50
BUYERS = 8


class EventsTest(SystemTest):
    def head(self, source):
        self.shop.await_told()
        return int(self.shop.sql(f'SELECT seq FROM "{source}".event_head')[0][0])

    def test_a_subscriber_that_is_killed_at_any_moment_neither_misses_nor_repeats(self):
        self.shop.offer("FLOOD", 10 * ORDERS)
        customers = at_once(BUYERS, lambda _: self.shop.customer())
        subscriber, seen, placed = Subscriber(self.shop, "order", "product"), 0, []
        chance = random.Random(1)
        with ThreadPoolExecutor(BUYERS) as buyers:
            for _ in range(KILLS):
                placed += [buyers.submit(self.shop.order, customers[i % BUYERS], {"FLOOD": 1})
                           for i in range(ORDERS // KILLS)]
                seen = until(lambda: subscriber.count() > seen and subscriber.count(), "it is at work")
                time.sleep(chance.uniform(0, 0.02))  # so that it is killed at whatever it is doing
                subscriber.kill()
                subscriber.start()
            orders = [reply.result().json["id"] for reply in placed]
        for source in ("order", "product"):
            head = self.head(source)
            until(lambda: len(subscriber.events(source)) >= head, "all was told")
            self.assertEqual(list(range(1, head + 1)), [seq for seq, _, _ in subscriber.events(source)])
        subscriber.kill()
        told = Counter(data["order_id"] for _, kind, data in subscriber.events("order") if kind == "order.confirmed")
        self.assertEqual({order: 1 for order in orders}, dict(told))
        self.shop.check()

    def test_events_are_shown_as_they_come_and_as_they_came(self):
        tail = subprocess.Popen([SOUK, "events", "tail", "order.confirmed"], cwd=ROOT, env=self.shop.environment,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        customer = self.shop.customer()

        def a_line_after_an_order():
            self.shop.order(customer, {"MUG-BLUE": 1})
            return select.select([tail.stdout], [], [], 0.2)[0]

        try:
            until(a_line_after_an_order, "an order is shown")
            line = tail.stdout.readline()
        finally:
            tail.kill()
            tail.wait()
            tail.stdout.close()
        self.assertIn(" order.confirmed ", line)
        self.assertIn(line, self.shop.run("events", "since", "order"))

    def test_what_is_secret_is_not_shown(self):
        self.shop.customer()
        email = self.shop.sql("SELECT email FROM auth.credential LIMIT 1")[0][0]
        self.shop.http("POST", "/v1/password-resets", {"email": email})
        self.shop.await_told()
        shown = self.shop.run("events", "since", "auth")
        self.assertIn("auth.password_reset_requested", shown)
        self.assertIn('"token":"(secret)"', shown)

    def test_what_makes_no_sense_is_told(self):
        for words, told in ((("since", "order", "minus"), "usage"), (("since", "nobody"), "nobody"),
                            (("since", "order", "1000000"), "the last event is"), (("sideways",), "usage")):
            self.assertIn(told, self.shop.run("events", *words, ok=False))
        self.assertIn("usage", self.shop.run("dead-letters", "retry", "order", ok=False))


if __name__ == "__main__":
    unittest.main()
