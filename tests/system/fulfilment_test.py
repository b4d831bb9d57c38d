"""Orders on their way: from the order to the door and back, over HTTP, and whatever happens to the fulfilment."""

import hashlib
import hmac
import json
import time
import unittest
import uuid
from concurrent.futures import ThreadPoolExecutor

from souk_system import SystemTest, at_once, until

ORDERS = 200
SECRET = "a secret of the shop and its carrier"


def keyed(headers):
    return {**headers, "Idempotency-Key": uuid.uuid4().hex}


def of_any_version(headers):
    return {**headers, "If-Match": "*"}


class Following(SystemTest):
    """With a customer, one of the staff, and a product that nobody else buys."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.staff = cls.shop.customer(), cls.shop.somebody("staff")

    def setUp(self):
        self.sku = f"TEST-{uuid.uuid4().hex[:12]}"
        self.shop.offer(self.sku, 1000)

    def placed(self, quantity=2):
        reply = self.shop.order(self.customer, {self.sku: quantity})
        self.assertEqual(201, reply.status, reply)
        return reply.json["id"]

    def shipments(self, order):
        return self.shop.http("GET", f"/v1/orders/{order}/shipments", headers=self.customer).json["items"]

    def planned(self, order):
        return until(lambda: self.shipments(order), "the order is to be packed")

    def await_status(self, order, status):
        def reached():
            return self.shop.http("GET", f"/v1/orders/{order}", headers=self.customer).json["status"] == status
        until(reached, f"order {order} is {status}")

    def history(self, order):
        reply = self.shop.http("GET", f"/v1/orders/{order}/history", headers=self.customer)
        return [entry["status"] for entry in reply.json["items"]]

    def put(self, path, body=None, headers=None):
        return self.shop.http("PUT", path, body or {}, of_any_version(headers or self.staff))

    def stock(self):
        return self.shop.sql(f"SELECT on_hand, reserved FROM inventory.stock WHERE sku = '{self.sku}'")


class FulfilmentTest(Following):
    settings = {"SOUK_CARRIER_SECRET": SECRET, "SOUK_STRANDED_MS": 4000, "SOUK_GIVE_UP_MS": 3000}

    def test_an_order_goes_to_the_door_and_some_of_it_comes_back(self):
        order = self.placed()
        shipment = self.planned(order)[0]["id"]
        self.assertEqual(200, self.put(f"/v1/shipments/{shipment}/picking").status)
        seen = self.shop.http("GET", f"/v1/shipments/{shipment}", headers=self.staff)
        self.assert_problem(self.shop.http("PUT", f"/v1/shipments/{shipment}/packing", {}, {
            **self.staff, "If-Match": '"1"'}), 412, "stale")
        packed = self.shop.http("PUT", f"/v1/shipments/{shipment}/packing", {
            "carrier": "Swift", "tracking_number": order}, {**self.staff, "If-Match": seen.headers["ETag"]})
        self.assertEqual((200, "packed"), (packed.status, packed.json["status"]))
        self.assertEqual("shipped", self.put(f"/v1/shipments/{shipment}/shipping").json["status"])
        self.await_status(order, "shipped")
        self.assertEqual([["998", "0"]], self.stock())
        self.assertEqual(("Swift", order), tuple(self.shipments(order)[0][name] for name in ("carrier", "tracking_number")))
        self.assertEqual(200, self.put(f"/v1/shipments/{shipment}/delivery").status)
        self.await_status(order, "delivered")
        back = self.shop.http("POST", f"/v1/orders/{order}/returns", {
            "reason": "damaged", "lines": [{"sku": self.sku, "quantity": 2}]}, keyed(self.customer))
        self.assertEqual(201, back.status, back)
        path = f"/v1/returns/{back.json['id']}"
        self.assertEqual("received", self.put(f"{path}/receipt").json["status"])
        inspected = self.put(f"{path}/inspection", {"lines": [{"sku": self.sku, "restocked": 1, "written_off": 1}]})
        self.assertEqual("inspected", inspected.json["status"])
        self.assertEqual([["999", "0"]], self.stock())
        self.await_status(order, "returned")
        self.assertEqual(["placing", "confirmed", "shipping", "shipped", "delivered", "returned"], self.history(order))
        self.shop.check()

    def test_each_location_ships_by_itself(self):
        attic = f"attic-{self.sku[5:].lower()}"
        self.assertEqual(201, self.shop.http("POST", "/v1/locations", {
            "code": attic, "name": "Attic", "priority": 0}, keyed(self.staff)).status)
        self.sku += "-B"
        self.shop.offer(self.sku, 1)
        self.shop.asked("inventory.receive", {"key": attic, "location": attic, "lines": [{"sku": self.sku, "quantity": 1}]})
        order = self.placed()
        first, second = (shipment["id"] for shipment in self.planned(order))
        self.put(f"/v1/shipments/{first}/shipping")
        self.assertEqual([["1", "shipped"]], self.shop.sql(
            f"SELECT count(*), min(status) FROM fulfilment.shipment WHERE order_id = '{order}' AND status <> 'pending'"))
        self.assert_problem(self.shop.http("PUT", f"/v1/orders/{order}/cancellation", {}, self.customer),
                            409, "not_cancellable")
        self.assertEqual("shipping", self.history(order)[-1])
        self.put(f"/v1/shipments/{first}/delivery")
        self.put(f"/v1/shipments/{second}/shipping")
        self.await_status(order, "shipped")
        self.put(f"/v1/shipments/{second}/delivery")
        self.await_status(order, "delivered")
        self.shop.check()

    def test_what_is_cancelled_is_not_to_be_packed_any_more(self):
        order = self.placed()
        shipment = self.planned(order)[0]["id"]
        self.shop.http("PUT", f"/v1/orders/{order}/cancellation", {}, self.customer)
        until(lambda: self.shipments(order)[0]["status"] == "cancelled", "the shipment is cancelled")
        self.assert_problem(self.put(f"/v1/shipments/{shipment}/shipping"), 409, "wrong_status")
        self.assertEqual([["1000", "0"]], self.stock())

    def say(self, event, secret=SECRET):
        body, now = json.dumps(event).encode(), int(time.time())
        mac = hmac.new(secret.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
        return self.shop.http("POST", "/v1/carrier-events", body, {
            "Content-Type": "application/json", "Souk-Signature": f"t={now},v1={mac}"})

    def test_a_carrier_says_where_a_parcel_is(self):
        order = self.placed()
        shipment = self.planned(order)[0]["id"]
        self.put(f"/v1/shipments/{shipment}/packing", {"tracking_number": order})
        event = {"id": order, "tracking_number": order, "status": "picked_up", "at": "2026-01-01T00:00:00Z"}
        self.assert_problem(self.say(event, "another secret of a stranger"), 401, "unauthorized")
        self.assert_problem(self.shop.http("POST", "/v1/carrier-events", event), 400, "invalid")
        replies = at_once(8, lambda _: self.say(event))
        self.assertLessEqual({reply.status for reply in replies}, {200, 409}, replies)
        self.assertEqual({"shipped"}, {reply.json["status"] for reply in replies if reply.status == 200})
        self.assertEqual(200, self.say({**event, "id": f"{order}-2", "status": "delivered"}).status)
        self.await_status(order, "delivered")
        self.assertEqual([["998", "0"]], self.stock())
        self.shop.check()

    def test_every_order_has_its_shipments_once_however_often_the_fulfilment_is_killed(self):
        with ThreadPoolExecutor(40) as clients:
            orders = [clients.submit(self.placed, 1) for _ in range(ORDERS)]
            for _ in range(4):
                time.sleep(0.3)
                self.shop.kill("fulfilment")
                self.shop.start("fulfilment")
            orders = [order.result() for order in orders]
        self.shop.await_ready()
        of_these = f"""FROM fulfilment.shipment JOIN fulfilment.shipment_line ON shipment_id = id WHERE sku = '{self.sku}'"""
        until(lambda: self.shop.sql(f"SELECT count(*) {of_these}") == [[str(ORDERS)]], "all are to be packed")
        self.assertEqual([[str(ORDERS), str(ORDERS)]], self.shop.sql(
            f"SELECT count(DISTINCT order_id), sum(quantity) {of_these}"))
        self.leave_while_it_is_killed(orders[:50])
        self.shop.check()

    def leave_while_it_is_killed(self, orders):
        """Whoever is not told that an order has left asks again."""
        def leave(i):
            def has_left():
                reply = self.shop.http("PUT", f"/v1/staff/orders/{orders[i]}/shipment", {}, self.staff)
                self.assertIn(reply.status, (200, 202, 409, 503, 504), reply)
                return reply.status == 200
            until(has_left, "the order has left")

        with ThreadPoolExecutor(20) as clients:
            leaving = [clients.submit(leave, i) for i in range(len(orders))]
            time.sleep(0.1)
            self.shop.kill("fulfilment")
            self.shop.start("fulfilment")
            for one in leaving:
                one.result()
        for order in orders:
            self.await_status(order, "shipped")
        self.assertEqual([[str(1000 - len(orders)), str(ORDERS - len(orders))]], self.stock())


class DemoTest(Following):
    settings = {"SOUK_CARRIER_DEMO_MS": 50}

    def test_what_is_ordered_arrives_by_itself(self):
        order = self.placed()
        self.await_status(order, "delivered")
        self.assertRegex(self.shipments(order)[0]["tracking_number"], "^SIM-")
        self.shop.check()


del Following  # it has no tests of its own

if __name__ == "__main__":
    unittest.main()
