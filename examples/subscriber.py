#!/usr/bin/python3
"""Follows services of the shop: keeps all that they tell in an SQLite file, each event once.

    examples/subscriber.py events.db order product

It may be killed at any moment. What it does with an event and how far it has come (the cursor) are
one transaction, so nothing is done twice; and what it missed meanwhile it asks for, so nothing is
left out. SOUK_EVENTS_FROM and SOUK_BROKERS say where the shop is.
"""

import json
import os
import sqlite3
import sys

import msgpack
import zmq

EVENTS = os.environ.get("SOUK_EVENTS_FROM", "ipc://var/run/events-out.ipc").split()
BROKER = os.environ.get("SOUK_BROKERS", "ipc://var/run/broker.ipc").split()[0]
ASK_MS = 2000
PAGE = 500


class Shop:
    """What the shop tells from now on, and what it told before."""

    def __init__(self, sources):
        self.context = zmq.Context.instance()
        self.heard = self.context.socket(zmq.SUB)
        for endpoint in EVENTS:
            self.heard.connect(endpoint)
        for source in sources:
            # All that the source tells: only so its numbers have no gaps.
            self.heard.subscribe(f"{source}.".encode())

    def next(self):
        """The next event, or what says which number is a source's last."""
        _topic, header, data = self.heard.recv_multipart()
        return {**msgpack.unpackb(header), "data": msgpack.unpackb(data)}

    def since(self, source, after):
        """Events of the source behind a number, as many as the shop gives at once. [] when it does not answer now."""
        with self.context.socket(zmq.REQ) as bus:
            bus.linger = 0
            bus.connect(BROKER)
            bus.send_multipart([b"MDPC01", source.encode(), f"{source}.events.since".encode(), b"",
                                msgpack.packb({"after": after, "or_oldest": after == 0, "limit": PAGE})])
            if not bus.poll(ASK_MS):
                return []
            code, value = msgpack.unpackb(bus.recv_multipart()[2])
        if code in ("events_gone", "events_ahead"):
            sys.exit(f"{source}: {value['message']}")
        return value["items"] if code == "ok" else []


class Book:
    """What this program does with events; here: it writes them down."""

    def __init__(self, path):
        self.rows = sqlite3.connect(path, isolation_level=None)
        self.rows.execute("PRAGMA journal_mode = WAL")
        self.rows.execute("CREATE TABLE IF NOT EXISTS cursor (source TEXT PRIMARY KEY, seq INTEGER)")
        self.rows.execute("CREATE TABLE IF NOT EXISTS event (source TEXT, seq INTEGER, type TEXT, subject TEXT, data TEXT)")

    def cursor(self, source):
        row = self.rows.execute("SELECT seq FROM cursor WHERE source = ?", (source,)).fetchone()
        return row[0] if row else 0

    def take(self, events):
        """Effect and cursor: both, or neither."""
        self.rows.execute("BEGIN IMMEDIATE")
        for event in events:
            self.rows.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?)",
                              (event["source"], event["seq"], event["type"], event.get("subject"),
                               json.dumps(event.get("data"))))
            self.rows.execute("INSERT OR REPLACE INTO cursor VALUES (?, ?)", (event["source"], event["seq"]))
        self.rows.execute("COMMIT")


def catch_up(shop, book, source, head):
    while book.cursor(source) < head:
        events = shop.since(source, book.cursor(source))
        if not events:
            return  # the shop is busy or away; the next event or head comes back to this
        book.take(events)


def follow(shop, book):
    while True:
        event = shop.next()
        source, known = event["source"], book.cursor(event["source"])
        if event["type"] != f"{source}.head" and event["seq"] == known + 1:
            book.take([event])
        elif event["seq"] > known:
            catch_up(shop, book, source, event["seq"])


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    follow(Shop(sys.argv[2:]), Book(sys.argv[1]))
