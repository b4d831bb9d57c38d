"""Orders, a blow in their midst, and what must be true after it, also for whoever follows what is told."""

import http.client
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from souk_system import SystemTest, at_once, until
from subscriber import Subscriber

ORDERS = 100
MIDDLE = 20  # so many are answered when the blow falls
CLIENTS = 40  # in flight together
STOCK = 100000
RECOVERY_S = 60

# Out of twenty orders: some whose charge is under way when the blow falls, some that come to nothing.
METHODS = (["pm_sim_ok"] * 14 + ["pm_sim_slow"] * 3 + ["pm_sim_declined"] * 2 + ["pm_sim_lost"])
FINAL = {"pm_sim_declined": 402}

HOW_IT_ENDED = """
    SELECT orders.id, orders.status, reservation.status AS reservation, payment.status AS payment,
        charge.outcome AS charge, charge.refunded_at IS NOT NULL AS refunded,
        reservation.skus = ARRAY[line.sku] AND reservation.quantities = ARRAY[line.quantity]
            AS holds_its_line,
        charge.amount = orders.total_amount AS charges_its_total, orders.payment_method,
        orders.request_key
    FROM "order".orders
    JOIN "order".order_line AS line ON line.order_id = orders.id
    LEFT JOIN inventory.reservation ON reservation.order_id = orders.id
    LEFT JOIN payment.payment ON payment.order_id = orders.id
    LEFT JOIN simulator.charge ON charge.key = orders.id::text
    WHERE line.sku = '{sku}'"""
TO_BE_PACKED = """
    SELECT orders.id FROM "order".orders JOIN "order".order_line AS line ON line.order_id = orders.id
    WHERE line.sku = '{sku}' AND CASE orders.status WHEN 'confirmed' THEN line.quantity ELSE 0 END IS DISTINCT FROM (
        SELECT coalesce(sum(packed.quantity), 0) FROM fulfilment.shipment
        JOIN fulfilment.shipment_line AS packed ON packed.shipment_id = shipment.id
        WHERE shipment.order_id = orders.id)"""
UNDER_WAY = """
    SELECT (SELECT count(*) FROM "order".orders WHERE status = 'placing')
        + (SELECT count(*) FROM payment.payment WHERE status IN ('opened', 'voiding')) AS count"""


class Crowd:
    """Orders being placed; .replies has what each client was told last, None for nothing."""

    def __init__(self, shop, customers, sku, count):
        self.shop, self.customers, self.sku = shop, customers, sku
        self.keys = [uuid.uuid4().hex for _ in range(count)]
        self.methods = [METHODS[i % len(METHODS)] for i in range(count)]
        self.replies = [None] * count
        self.answered = 0
        self.changed = threading.Condition()
        self.threads = ThreadPoolExecutor(CLIENTS)
        self.work = [self.threads.submit(self.place, i) for i in range(count)]

    def place(self, i):
        try:
            self.replies[i] = self.shop.order(
                self.customers[i % len(self.customers)], {self.sku: 1 + i % 3}, self.methods[i],
                key=self.keys[i])
        except (OSError, http.client.HTTPException):
            self.replies[i] = None  # the edge went away; whether it was done is not known
        with self.changed:
            self.answered += 1
            self.changed.notify()

    def wait_for(self, answers):
        with self.changed:
            assert self.changed.wait_for(lambda: self.answered >= answers, RECOVERY_S), self.replies

    def wait_for_end(self):
        for done in self.work:
            done.result(RECOVERY_S)
        self.threads.shutdown()

    def is_final(self, i):
        return self.replies[i] and self.replies[i].status == FINAL.get(self.methods[i], 201)

    def ask_until_final(self, i):
        end = time.monotonic() + RECOVERY_S
        while not self.is_final(i):
            assert time.monotonic() < end, (self.methods[i], self.replies[i])
            self.place(i)

    def ask_again(self):
        """As a client does that was not told how its order ended: with the same key, until it is."""
        with ThreadPoolExecutor(CLIENTS) as threads:
            list(threads.map(self.ask_until_final, range(len(self.keys))))


class AmidOrders(SystemTest):
    settings = {
        "SOUK_GIVE_UP_MS": "3000",
        "SOUK_STRANDED_MS": "4000",
        "SOUK_PROVIDER_TIMEOUT_MS": "1500",
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = at_once(8, lambda _: cls.shop.customer())
        cls.subscriber = Subscriber(cls.shop, "order")
        cls.addClassCleanup(cls.subscriber.kill)

    def setUp(self):
        for name in self.shop.names:
            if name not in self.shop.processes:
                self.shop.start(name)
        self.shop.await_ready()
        self.sku = f"TEST-{uuid.uuid4().hex[:12]}"
        self.shop.offer(self.sku, STOCK)

    def amid_orders(self, *blows, count=ORDERS):
        """So many orders, the blows in their midst, and then all that must be true."""
        crowd = Crowd(self.shop, self.customers, self.sku, count)
        for number, blow in enumerate(blows):
            crowd.wait_for(MIDDLE + number * count // len(blows) * 4 // 5)
            blow()
        crowd.wait_for_end()
        told = list(crowd.replies)
        self.shop.await_ready()
        until(lambda: self.shop.rows(UNDER_WAY)[0]["count"] == 0,
                   "every order and every payment has come to an end", RECOVERY_S)
        self.assert_sound()
        self.assert_told_the_truth(crowd, told)

        crowd.ask_again()
        until(lambda: self.shop.rows(UNDER_WAY)[0]["count"] == 0,
                   "what was asked again has come to an end", RECOVERY_S)
        rows = self.assert_sound()
        self.assert_each_key_made_one_order(crowd, rows)
        self.assert_followed(rows)
        self.shop.check()

    def assert_sound(self):
        """Confirmed with stock and charge, or rejected with neither. The rows."""
        rows = self.shop.rows(HOW_IT_ENDED.format(sku=self.sku))
        for row in rows:
            self.assertIn(row["status"], ("confirmed", "rejected"))
            if row["status"] == "confirmed":
                self.assertEqual(("live", "captured", "captured"),
                                 (row["reservation"], row["payment"], row["charge"]), row)
                self.assertTrue(row["holds_its_line"] and row["charges_its_total"], row)
                self.assertFalse(row["refunded"], row)
            else:
                self.assertNotEqual("live", row["reservation"], row)
                self.assertNotEqual("captured", row["payment"], row)
                self.assertTrue(row["charge"] != "captured" or row["refunded"], row)
        return rows

    def assert_told_the_truth(self, crowd, told):
        confirmed = {row["request_key"] for row in self.shop.rows(
            HOW_IT_ENDED.format(sku=self.sku)) if row["status"] == "confirmed"}
        for key, reply in zip(crowd.keys, told):
            if reply and reply.status == 201:
                self.assertIn(key, confirmed, reply)
            if reply and reply.status == 402:
                self.assertNotIn(key, confirmed, reply)

    def assert_each_key_made_one_order(self, crowd, rows):
        confirmed = sorted(row["request_key"] for row in rows if row["status"] == "confirmed")
        wanted = sorted(key for key, method in zip(crowd.keys, crowd.methods)
                        if method not in FINAL)
        self.assertEqual(wanted, confirmed)
        sold = sum(1 + i % 3 for i in range(len(crowd.keys)) if crowd.methods[i] not in FINAL)
        self.assertEqual(STOCK - sold, self.shop.available(self.sku))

    def assert_followed(self, rows):
        """Each order has one entry in the audit trail for each step and one set of shipments where it is confirmed, and
        each event came once to who follows."""
        self.shop.await_followed()
        head = int(self.shop.sql('SELECT seq FROM "order".event_head')[0][0])
        until(lambda: len(self.subscriber.events("order")) >= head, "the subscriber has all that was told")
        events = self.subscriber.events("order")
        self.assertEqual(list(range(1, head + 1)), [seq for seq, _, _ in events])
        heard = Counter((data["order_id"], kind) for _, kind, data in events if "order_id" in data)
        noted = Counter(tuple(row) for row in self.shop.sql("SELECT object, what FROM audit.entry WHERE source = 'order'"))
        for row in rows:
            order, end = row["id"], f"order.{row['status']}"
            self.assertEqual((1, 1, 1), (noted[order, "order.place"], noted[order, end], heard[order, end]), row)
        until(lambda: self.shop.rows(TO_BE_PACKED.format(sku=self.sku)) == [], "all that was confirmed is to be packed, once")
