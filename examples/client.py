#!/usr/bin/python3
"""A Majordomo client: asks operations of the shop over ZeroMQ, many of them at once.

    examples/client.py inventory.check '{"sku":["MUG-BLUE"]}' product.get '{"sku":"MUG-BLUE"}'

All that is named is sent before the first answer is awaited. SOUK_BROKERS says where the broker is.
"""

import asyncio
import itertools
import json
import os
import sys
import time

import msgpack
import zmq
import zmq.asyncio

BROKER = os.environ.get("SOUK_BROKERS", "ipc://var/run/broker.ipc").split()[0]


class Refused(Exception):
    """The call came to nothing: a code for programs, a message for people."""

    def __init__(self, code, message, field=None):
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.field = code, message, field


class Client:
    """Any number of calls in flight over one socket. Made and used inside an event loop."""

    def __init__(self, broker=BROKER):
        self.socket = zmq.asyncio.Context.instance().socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.connect(broker)
        self.broker = broker
        self.numbers = itertools.count(1)
        self.waiting = {}  # our number for a call -> the future of its answer
        self.reader = asyncio.ensure_future(self._read())

    def close(self):
        self.reader.cancel()
        self.socket.close()

    async def ask(self, operation, arguments, timeout_s=10, **meta):
        """The reply of one call. meta: key, user, roles, session, traceparent."""
        return (await self.ask_all(operation, [arguments], timeout_s, **meta))[0]

    async def ask_all(self, operation, calls, timeout_s=10, **meta):
        """Several calls of one operation in one message; their replies in the same order."""
        number = b"%d" % next(self.numbers)
        answer = self.waiting[number] = asyncio.get_running_loop().create_future()
        meta["deadline"] = int((time.time() + timeout_s) * 1000)
        service = operation.split(".")[0]
        try:
            # The number in front comes back with the answer: it tells which call that belongs to.
            await self.socket.send_multipart([
                number, b"", b"MDPC01", service.encode(),
                operation.encode(), msgpack.packb(meta), *map(msgpack.packb, calls)])
            frames = await asyncio.wait_for(answer, timeout_s)
        except asyncio.TimeoutError:
            raise Refused("timeout", f"no answer came in {timeout_s} s; is there a broker at "
                          f"{self.broker}? SOUK_BROKERS says where it is") from None
        finally:
            del self.waiting[number]
        return [open_reply(frame) for frame in frames]

    async def _read(self):
        while True:
            number, _empty, _protocol, _service, *frames = await self.socket.recv_multipart()
            answer = self.waiting.get(number)
            if answer and not answer.done():
                answer.set_result(frames)


def open_reply(frame):
    """[code, value]: the value, where the call went well."""
    code, value = msgpack.unpackb(frame)
    if code in ("ok", "accepted", "replayed"):
        return value
    raise Refused(code, value.get("message"), value.get("field"))


async def main(words):
    client = Client()
    try:
        asked = [(name, json.loads(text)) for name, text in zip(words[::2], words[1::2])]
    except json.JSONDecodeError as flaw:
        sys.exit(f"client.py: this is not JSON: {flaw.doc}: {flaw}")
    questions = [client.ask(*question) for question in asked]
    answers = await asyncio.gather(*questions, return_exceptions=True)
    client.close()
    for answer in answers:
        print(answer if isinstance(answer, Exception) else json.dumps(answer, indent=2))
    return any(isinstance(answer, Exception) for answer in answers)


if __name__ == "__main__":
    if len(sys.argv) < 3 or len(sys.argv) % 2 == 0:
        sys.exit("usage: client.py SERVICE.OPERATION JSON [SERVICE.OPERATION JSON]...")
    sys.exit(asyncio.run(main(sys.argv[1:])))
