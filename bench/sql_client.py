"""The yardstick: what a plain SQL client gets from the same server, and what an order costs it."""

import os
import subprocess
import time

import machine
import shop
from shop import Failure

START_S = 60


def measure(bench):
    print(f"==> the yardstick, {bench.yard} s for each of its points")
    shop.sql("CHECKPOINT")
    run = os.path.join(bench.shop.root, "bench/yardstick/run")
    with subprocess.Popen([run, str(bench.yard)], text=True, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE) as yardstick:
        await_first(yardstick)
        rest = read_points(bench, yardstick)
    if yardstick.returncode != 0:
        raise Failure(f"the yardstick: {rest.strip()}")


def await_first(yardstick):
    """Making the tables is no part of an order's cost."""
    deadline = time.monotonic() + START_S
    while "pgbench" not in machine.names_below(yardstick.pid) and yardstick.poll() is None:
        if time.monotonic() > deadline:
            raise Failure(f"the yardstick places no orders after {START_S} s")
        time.sleep(0.01)


def read_points(bench, yardstick):
    """It prints a line when it is done with a point; whatever else it prints is returned."""
    rest, before = "", used(bench, yardstick)
    for line in yardstick.stderr:
        words = line.split()
        if len(words) != 5 or words[1] != "clients":
            rest += line
            continue
        after = used(bench, yardstick)
        orders = float(words[4]) * bench.yard
        bench.add({"name": f"yardstick {words[0]}, {words[2]} clients",
                   "per_second": float(words[4]),
                   "processor_us": {name: (after[name] - before[name]) * 1e6 / orders
                                    for name in after}})
        before = after
    return rest


def used(bench, yardstick):
    return {"pgbench": machine.seconds_below(yardstick.pid),
            "postgres": machine.seconds_below(bench.postmaster)}
