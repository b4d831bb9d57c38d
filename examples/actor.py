#!/usr/bin/python3
"""A Majordomo worker as an actor of the shop, and a service made with it: gift wrapping.

    examples/actor.py

Once it runs, the edge serves GET /v1/gift-wrap/{sku}, and /openapi.json tells of it. SOUK_BROKERS
says where the broker is. SIGTERM and Ctrl-C end it, after the calls that it has taken.
"""

import asyncio
import functools
import signal
import time
import traceback

import msgpack
import zmq
import zmq.asyncio

from client import BROKER, Client, Refused

HEARTBEAT_S = 0.5  # how often the broker hears from us
SILENCE_S = 2.0  # after which a broker that says nothing is taken for gone
CREDIT = 64  # calls that we take before the first is answered

READY, REQUEST, REPLY, HEARTBEAT, DISCONNECT = b"\1", b"\2", b"\3", b"\4", b"\5"
NATIVE = {"text": str, "integer": int, "long": int, "number": (int, float), "boolean": bool,
          "list": list, "record": dict, "time": int}


class Actor:
    """Serves operations: a dict for each, as `describe` tells it, with the coroutine `handler`.

    A handler takes the arguments and the meta of a call, and gives the reply or raises Refused.
    """

    def __init__(self, name, summary, operations, broker=BROKER):
        self.name, self.summary, self.broker = name, summary, broker
        self.operations = {operation["name"]: operation for operation in operations}
        self.socket = None
        self.connected = self.heard = self.told = 0.0
        self.served = 0
        self.tasks = set()
        self.refused = self.stopping = self.gone = False

    async def run(self):
        """Serves until SIGTERM."""
        for which in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(which, self.stop)
        self.connect()
        while self.tasks or not self.gone:
            if await self.socket.poll(100):
                self.take(await self.socket.recv_multipart())
            self.keep_alive()
        self.socket.close(linger=1000)

    def stop(self):
        """Requests may be on their way: they are served until the broker knows this worker no more,
        which it says to a heartbeat."""
        self.stopping = True
        self.tell(DISCONNECT)

    def connect(self):
        """A new socket is a new worker for the broker: it must say READY."""
        if self.socket:
            self.socket.close(linger=0)
        self.socket = zmq.asyncio.Context.instance().socket(zmq.DEALER)
        self.socket.connect(self.broker)
        self.connected = self.heard = time.monotonic()
        self.refused = False
        self.tell(READY, self.name.encode(), b"%d" % CREDIT)

    def tell(self, command, *frames):
        self.told = time.monotonic()
        self.socket.send_multipart([b"", b"MDPW01", command, *frames])

    def keep_alive(self):
        now = time.monotonic()
        if now - self.told >= HEARTBEAT_S or self.stopping:
            self.tell(HEARTBEAT)
        refused = self.refused and now - self.connected >= HEARTBEAT_S
        if now - self.heard >= SILENCE_S or refused:
            self.lose()

    def lose(self):
        if self.stopping:
            self.gone = True
        else:
            self.connect()

    def take(self, message):
        self.heard = time.monotonic()
        _empty, _protocol, command, *rest = message
        if command == REQUEST:
            task = asyncio.ensure_future(self.serve(*rest))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        elif command == DISCONNECT:
            self.refused = True
            self.gone = self.stopping

    async def serve(self, ticket, _empty, operation, meta=b"", *calls):
        """One message may hold several calls; each has a frame of its own in the reply."""
        meta = msgpack.unpackb(meta) if meta else {}
        replies = await asyncio.gather(
            *[self.answer(operation.decode(), meta, frame) for frame in calls])
        replies = replies or [["invalid", {"message": "a request has arguments"}]]
        self.tell(REPLY, ticket, b"", *map(msgpack.packb, replies))
        self.served += len(replies)

    async def answer(self, name, meta, frame):
        try:
            if time.time() * 1000 > meta.get("deadline", float("inf")):
                raise Refused("expired", "the deadline had passed before work began")
            return ["ok", await self.perform(name, msgpack.unpackb(frame), meta)]
        except Refused as refusal:
            return [refusal.code, {"message": refusal.message, "field": refusal.field}]
        except Exception:
            traceback.print_exc()
            return ["internal", {"message": f"something is wrong with {self.name}"}]

    async def perform(self, name, arguments, meta):
        name = name.removeprefix(f"{self.name}.")
        if name == "describe":
            return self.describe()
        if name == "health":
            return {"status": "ok", "database": "none", "served": self.served,
                    "in_progress": len(self.tasks)}
        operation = self.operations.get(f"{self.name}.{name}")
        if not operation:
            raise Refused("no_such_operation", f"{self.name} has no operation {name}")
        return await operation["handler"](complete(operation["request"], arguments), meta)

    def describe(self):
        """All but the handlers; who reads it makes routes, checks and documentation of it."""
        told = [{key: value for key, value in operation.items() if key != "handler"}
                for operation in self.operations.values()]
        return {"service": self.name, "summary": self.summary, "operations": told}


def complete(fields, arguments):
    """The arguments with what is absent filled in; Refused where they do not fit the fields."""
    result = {}
    for field in fields:
        name, value = field["name"], arguments.get(field["name"])
        if value is None:
            value = field.get("fallback")
        if value is None and not field.get("optional"):
            raise Refused("invalid", f"{name} is missing", f"/{name}")
        if value is not None and not isinstance(value, NATIVE[field["type"]]):
            raise Refused("invalid", f"{name} must be of type {field['type']}", f"/{name}")
        if value is not None and value not in (field.get("one_of") or [value]):
            raise Refused("invalid", f"{name} must be one of {field['one_of']}", f"/{name}")
        result[name] = value
    return result


# From here on: the service.

PAPERS = {"plain": 150, "stars": 250, "silk": 900}
MONEY = [{"name": "amount", "type": "long"}, {"name": "currency", "type": "text"}]


async def quote(arguments, meta):
    """Large things need more paper, and what costs more is taken to be larger."""
    product = await shop().ask("product.get", {"sku": arguments["sku"]}, timeout_s=2,
                               traceparent=meta.get("traceparent"))
    price = product["price"]
    amount = PAPERS[arguments["paper"]] + price["amount"] // 20
    return {"sku": product["sku"], "name": product["name"], "paper": arguments["paper"],
            "price": {"amount": amount, "currency": price["currency"]}}


@functools.cache
def shop():
    """With this all calls of the service ask others. Made when it is needed, for it needs a loop."""
    return Client()


GIFTWRAP = Actor("giftwrap", "Wraps what is given away.", [{
    "name": "giftwrap.quote",
    "http": "GET /v1/gift-wrap/{sku}",
    "summary": "What it costs to have a product wrapped.",
    "handler": quote,
    "request_name": "gift",
    "request": [
        {"name": "sku", "type": "text", "min": 1, "max": 64, "doc": "the product to be wrapped"},
        {"name": "paper", "type": "text", "one_of": list(PAPERS), "fallback": "plain"},
    ],
    "reply_name": "gift_quote",
    "reply": [
        {"name": "sku", "type": "text"},
        {"name": "name", "type": "text"},
        {"name": "paper", "type": "text"},
        {"name": "price", "type": "record", "record": "money", "fields": MONEY},
    ],
    "errors": [{"code": "no_such_product", "kind": "not_found",
                "meaning": "The shop has no product of this name."}],
    "repeatable": True,
    "http_status": 200,
}])

if __name__ == "__main__":
    asyncio.run(GIFTWRAP.run())
