"""What the tests of many at once have in common.

Which of them comes first is never known. What may come out of it is, and so is what the rows say then.
"""

import uuid
from collections import Counter

from session import member
from souk_system import SystemTest, at_once, told

ROUNDS = 5


class RushTest(SystemTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = at_once(4, lambda _: cls.shop.customer())
        _, cls.staff = member(cls(), cls.shop, "staff")

    def tearDown(self):
        """The invariants hold, and nobody has waited for another in a circle."""
        self.shop.check()
        self.assertEqual(0, self.number(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))

    def rounds(self):
        """Each with a product that nobody else buys."""
        for i in range(ROUNDS):
            self.sku = f"RUSH-{uuid.uuid4().hex[:12]}"
            yield i

    def assert_came_to(self, wanted, replies):
        self.assertEqual(wanted, Counter(told(reply) for reply in replies), replies)

    def assert_one_of(self, wanted, reply):
        self.assertIn(told(reply), wanted, reply)

    def post(self, path, body=None, headers=None, key=None):
        headers = {**(headers or {}), **({"Idempotency-Key": key} if key else {})}
        return self.shop.http("POST", path, body, headers)

    def coupon(self, **limits):
        """A tenth off; its code."""
        code = f"RUSH{uuid.uuid4().hex[:12].upper()}"
        made = self.post("/v1/promotions", {
            "code": code, "name": code, "kind": "percent", "percent": 100000, **limits}, self.staff)
        self.assertEqual(201, made.status, made)
        return code

    def cancel(self, order, headers):
        return self.shop.http("PUT", f"/v1/orders/{order}/cancellation", {}, headers)

    def number(self, query):
        return int(self.shop.sql(query)[0][0])

    def ordered(self, sku=None):
        """Pieces in orders that stand."""
        return self.number(f"""
            SELECT coalesce(sum(quantity), 0) FROM "order".order_line JOIN "order".orders ON orders.id = order_id
            WHERE sku = '{sku or self.sku}' AND status = 'confirmed'""")
