"""A crowd that was served once and keeps its connections without a word."""

import json
import os
import subprocess
import time

import memory
from shop import Failure

CONNECTIONS = 10_000
WEIGHT_MAX_MB = 200
MB = 1e6


def measure(bench):
    print(f"==> {CONNECTIONS:,} idle connections")
    bench.shop.start()
    before = weigh_edge(bench)
    crowd = gather(bench)
    try:
        weight, took_ms = weigh_edge(bench), ask_beside(bench)
        still = leave(crowd)
    finally:
        crowd.kill()
        crowd.wait()
    bench.shop.stop()
    if still != CONNECTIONS:
        raise Failure(f"of {CONNECTIONS} idle connections only {still} are still open")
    bench.fact("the edge before they come, PSS", before, "MB")
    bench.fact(f"the edge with {CONNECTIONS:,} idle connections, PSS", weight, "MB",
               at_most=WEIGHT_MAX_MB)
    bench.fact("a page of products read beside them", took_ms, "ms")


def weigh_edge(bench):
    return memory.weigh(bench.shop.processes)["edge"] * memory.MIB / MB


def gather(bench):
    """The connections are open, and each has had an answer."""
    crowd = subprocess.Popen(
        [os.path.join(bench.shop.root, "build/bench-idle"), str(bench.shop.port), str(CONNECTIONS),
         bench.skus], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    count_open(crowd)
    return crowd


def count_open(crowd):
    told = crowd.stdout.readline()
    if not told:
        raise Failure(f"{CONNECTIONS} idle connections could not be held; see above")
    return json.loads(told)["open"]


def ask_beside(bench):
    began = time.monotonic()
    if bench.shop.get("/v1/products") != 200:
        raise Failure("beside idle connections the shop does not answer")
    return (time.monotonic() - began) * 1000


def leave(crowd):
    """How many are still open; some are used once more."""
    crowd.stdin.close()
    still = count_open(crowd)
    if crowd.wait() != 0:
        raise Failure("idle connections are not served any more; see above")
    return still
