"""A worker for tests, made with examples/actor.py: worker.py SERVICE answer|hold

`answer` gives back what it is sent; `hold` takes calls and never answers one.
"""

import asyncio
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "examples"))
from actor import Actor  # noqa: E402


async def answer(arguments, _meta):
    return arguments


async def hold(_arguments, _meta):
    await asyncio.Future()


def main(service, handler):
    fields = [{"name": "text", "type": "text", "optional": True}]
    asyncio.run(Actor(service, "For tests.", [{
        "name": f"{service}.say",
        "http": f"GET /v1/{service}",
        "handler": {"answer": answer, "hold": hold}[handler],
        "request_name": "said", "request": fields,
        "reply_name": "said", "reply": fields,
        "repeatable": True,
    }]).run())


if __name__ == "__main__":
    main(*sys.argv[1:])
