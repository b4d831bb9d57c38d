"""Stock as staff and everybody else see it over HTTP."""

import unittest
import uuid

from souk_system import SystemTest, at_once


class InventoryTest(SystemTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.staff = cls.shop.customer()
        me = cls.shop.http("GET", "/v1/me", headers=cls.staff).json["id"]
        cls.shop.sql(f"UPDATE auth.credential SET roles = '{{customer,staff}}' WHERE user_id = '{me}'")

    def setUp(self):
        self.sku = f"T-{uuid.uuid4().hex[:12]}"

    def post(self, path, body, key=None):
        return self.shop.http("POST", path, body, {**self.staff, "Idempotency-Key": key or uuid.uuid4().hex})

    def adjust(self, quantity, reason="counted", key=None, **more):
        lines = [{"sku": self.sku, "quantity": quantity}]
        return self.post("/v1/stock/adjustments", {"reason": reason, "lines": lines, **more}, key)

    def levels(self):
        return self.shop.http("GET", f"/v1/stock/{self.sku}", headers=self.staff).json

    def test_an_adjustment_is_booked_once_by_its_key(self):
        first, again = self.adjust(5, key=self.sku), self.adjust(5, key=self.sku)
        self.assertEqual((200, 200), (first.status, again.status))
        self.assertEqual("true", again.headers["Idempotent-Replayed"])
        self.assertEqual(first.json, again.json)
        self.assertEqual(5, self.levels()["on_hand"])
        [movement] = self.shop.http("GET", f"/v1/stock/{self.sku}/movements", headers=self.staff).json["items"]
        self.assertEqual((5, "counted"), (movement["quantity"], movement["reason"]))

    def test_of_many_who_take_away_the_last_one_does(self):
        self.adjust(1)
        replies = at_once(6, lambda _: self.adjust(-1, "lost"))
        self.assertEqual([200] + 5 * [409], sorted(reply.status for reply in replies))
        refused = next(reply for reply in replies if reply.status == 409)
        self.assert_problem(refused, 409, "too_few")
        self.assertIn(self.sku, refused.json["detail"])

    def test_what_is_wrong_is_named(self):
        self.assert_problem(self.adjust(1, "stolen"), 400, "invalid")
        refused = self.adjust(0)
        self.assert_problem(refused, 400, "invalid")
        self.assertEqual("/lines/0/quantity", refused.json["errors"][0]["pointer"])
        self.assert_problem(self.adjust(1, location="nowhere"), 422, "unknown_location")
        self.assert_problem(self.shop.http("POST", "/v1/stock/adjustments", {
            "reason": "found", "lines": [{"sku": self.sku, "quantity": 1}]}, self.staff), 400, "key_missing")

    def test_what_runs_low_is_found(self):
        self.adjust(5)
        path = f"/v1/stock/{self.sku}/threshold"
        self.assertEqual(200, self.shop.http("PUT", path, {"threshold": 6}, self.staff).status)
        low = self.shop.http("GET", "/v1/low-stock?limit=100", headers=self.staff).json["items"]
        [mine] = [item for item in low if item["sku"] == self.sku]
        self.assertEqual((5, 6), (mine["available"], mine["threshold"]))

    def test_stock_moves_between_locations_and_closed_ones_sell_nothing(self):
        code = uuid.uuid4().hex[:8]
        made = self.post("/v1/locations", {"code": code, "name": "Attic", "priority": 9})
        self.assertEqual((201, '"1"'), (made.status, made.headers["ETag"]))
        self.adjust(5)
        moved = self.post("/v1/stock/transfers", {
            "from": "main", "to": code, "lines": [{"sku": self.sku, "quantity": 3}]})
        self.assertEqual(200, moved.status, moved)
        self.assertEqual({"main": 2, code: 3}, {
            level["location"]: level["available"] for level in self.levels()["locations"]})
        closed = {"name": "Attic", "priority": 9, "active": False}
        path = f"/v1/locations/{code}"
        self.assert_problem(self.shop.http("PUT", path, closed, self.staff), 428)
        reply = self.shop.http("PUT", path, closed, {**self.staff, "If-Match": '"1"'})
        self.assertEqual((200, '"2"'), (reply.status, reply.headers["ETag"]))
        [item] = self.shop.http("GET", f"/v1/stock?sku={self.sku}").json["items"]
        self.assertEqual({"sku": self.sku, "available": 2}, item)

    def test_how_much_lies_where_is_for_staff(self):
        customer = self.shop.customer()
        for path in (f"/v1/stock/{self.sku}", f"/v1/stock/{self.sku}/movements", "/v1/low-stock",
                     "/v1/locations", "/v1/locations/main"):
            self.assert_problem(self.shop.http("GET", path), 401)
            self.assert_problem(self.shop.http("GET", path, headers=customer), 403)
        self.assert_problem(self.shop.http("GET", f"/v1/stock/{self.sku}", headers=self.staff), 404,
                            "no_such_stock")
        self.adjust(5000)
        [item] = self.shop.http("GET", f"/v1/stock?sku={self.sku}").json["items"]
        self.assertEqual(999, item["available"])

    def test_all_of_it_is_sound(self):
        self.adjust(5)
        order = {"order_id": str(uuid.uuid4())}
        self.shop.asked("inventory.reserve", {
            **order, "ttl_s": 3600, "lines": [{"sku": self.sku, "quantity": 3}]})
        self.shop.asked("inventory.commit", order)
        self.adjust(-1, "damaged")
        self.assertEqual((1, 0), (self.levels()["on_hand"], self.levels()["reserved"]))
        self.shop.check()


if __name__ == "__main__":
    unittest.main()
