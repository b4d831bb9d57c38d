"""Events: what an order costs that everybody follows, how soon its event is told, and how fast one
who comes late catches up."""

import os
import statistics
import threading
import time
from unittest import mock

import msgpack
import orders
import shop
import zmq
from shop import Failure

FOLLOWERS = ("audit", "fulfilment")  # the others go on without them
CONNECTIONS = 64
MISSED, MISSED_QUICK = 1_000_000, 100_000
CATCH_UP_MAX_S = 300


class Listener(threading.Thread):
    """Any subscriber on the bus; ms from the beginning of each order's transaction until it knows."""

    def __init__(self):
        super().__init__(daemon=True)
        self.lags_ms, self.count, self.stopped = [], 0, False

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *reason):
        self.stopped = True
        self.join()

    def run(self):
        with zmq.Context() as context, context.socket(zmq.SUB) as bus:
            bus.rcvhwm = 0
            bus.subscribe(b"order.")
            for endpoint in os.environ["SOUK_EVENTS_FROM"].split():
                bus.connect(endpoint)
            while not self.stopped:
                if bus.poll(100):
                    self.hear(*bus.recv_multipart())

    def hear(self, topic, header, _):
        if topic == b"order.confirmed":
            self.lags_ms.append(time.time() * 1000 - msgpack.unpackb(header)["time"])
        self.count += topic != b"order.head"


def measure(bench):
    print("==> events")
    bench.shop.start()
    with Listener() as listener:
        began = time.monotonic()
        bench.orders("orders with all following", "orders", CONNECTIONS, lines=2)
        took = time.monotonic() - began
    bench.shop.stop()
    start_alone(bench)
    bench.orders("orders with nobody following", "orders", CONNECTIONS, lines=2)
    orders.count(bench)
    bench.shop.stop()
    tell(bench, listener, took)
    catch_up(bench, MISSED_QUICK if bench.quick else MISSED)


def start_alone(bench):
    """The shop without those who follow."""
    lines = [f"{name}: {command}"
             for name, command in shop.read_procfile(os.path.join(bench.shop.root, "Procfile")).items()
             if name not in FOLLOWERS]
    with mock.patch.dict(os.environ, SOUK_EDGE_NEEDS="order"):
        bench.shop.start(shop.write_lines(bench.shop.path("Procfile"), lines))


def tell(bench, listener, took):
    if not listener.lags_ms:
        raise Failure("no event was heard of")
    parts = statistics.quantiles(listener.lags_ms, n=100)
    bench.fact("events told of orders, all connections busy", listener.count / took, "per second")
    bench.fact("an order's event, from its transaction to a subscriber, p50", parts[49], "ms")
    bench.fact("the same, p99", parts[98], "ms")


def catch_up(bench, missed):
    """One follower, which was away while so many events were told."""
    shop.sql(f"""
        INSERT INTO "order".event (seq, topic, body, at)
        SELECT seq + n, 'order.called', jsonb_build_object('operation', 'order.place', 'outcome', 'begun',
            'user', gen_random_uuid(), 'subject', gen_random_uuid()), now()
        FROM "order".event_head, generate_series(1, {missed}) AS n;
        UPDATE "order".event_head SET seq = seq + {missed}""")
    shop.sql("VACUUM (ANALYZE)")
    bench.shop.start()
    began = time.monotonic()
    while shop.sql("""SELECT seq < (SELECT seq FROM "order".event_head) FROM audit.event_cursor
                      WHERE source = 'order'""") != ["f"]:
        if time.monotonic() - began > CATCH_UP_MAX_S:
            raise Failure(f"{missed:,} events are not caught up with after {CATCH_UP_MAX_S} s")
        time.sleep(0.2)
    bench.fact(f"catching up with {missed:,} events, into the audit trail",
               missed / (time.monotonic() - began), "per second")
    bench.shop.stop()
