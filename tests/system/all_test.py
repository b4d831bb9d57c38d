"""`souk all`, the whole shop in one process, and `souk call`, the way in from the shell."""

import json
import unittest

from session import order_session
from souk_system import ACTORS, SystemTest, at_once


class AllTest(SystemTest):
    together = True

    def test_one_process_serves_the_same_session(self):
        order_session(self, self.shop)

    def test_orders_that_come_together_are_all_placed(self):
        customer = self.shop.customer()
        replies = at_once(40, lambda _: self.shop.order(customer, {"MUG-BLUE": 1}))
        self.assertEqual({201}, {reply.status for reply in replies}, replies)
        self.assertEqual(40, len({reply.json["id"] for reply in replies}))
        self.shop.check()

    def test_souk_call_prints_the_reply_as_json(self):
        (item,) = json.loads(
            self.shop.run("call", "inventory.check", '{"sku":["MUG-BLUE"]}'))["items"]
        self.assertEqual("MUG-BLUE", item["sku"])
        self.assertGreater(item["available"], 0)

    def test_souk_call_asks_every_service_what_it_is_and_how_it_is(self):
        for service in ACTORS:
            description = json.loads(self.shop.run("call", f"{service}.describe"))
            self.assertEqual(service, description["service"])
            self.assertEqual("ok", json.loads(self.shop.run("call", f"{service}.health"))["status"])

    def test_souk_call_says_what_was_wrong(self):
        for words, reason in (
                (["inventory.nothing"], "there is no inventory.nothing"),
                (["inventory.check", "{"], "cannot take these arguments"),
                (["inventory.check", '{"skus":[]}'], "/sku"),
                (["nobody.there"], "unavailable"),
                (["order.list"], "unauthorized")):
            self.assertIn(reason, self.shop.run("call", *words, "--timeout", "3000", ok=False))


if __name__ == "__main__":
    unittest.main()
