"""How soon the shop is open, what it weighs while nobody comes, and what the same in one process
makes of it."""

import time

import memory
import orders
import quiet
from shop import Failure

PROCESSES, TOGETHER = "Procfile", "scripts/Procfile.together"
START_MAX_S, WEIGHT_MAX_MIB = 1.0, 120
START_GIVE_UP_S = 30
IDLE_S = 1  # heartbeats, timers and connections come to rest
CONNECTIONS = 64


def measure(bench):
    print("==> start, weight, and the shop in one process")
    starts = [start(bench) for _ in range(1 if bench.quick else 3)]
    bench.fact("start of all processes to the first answer, at worst", max(starts), "s",
               at_most=START_MAX_S)
    weigh(bench)
    compare(bench)
    bench.shop.stop()
    orders.count(bench)


def start(bench):
    """Seconds until a product is read, with the database running and all tables there."""
    bench.shop.stop()
    began = time.monotonic()
    bench.shop.spawn_all(PROCESSES)
    with open(bench.skus, encoding="utf-8") as skus:
        target = f"/v1/products/{skus.readline().strip()}"
    while bench.shop.get(target) != 200:
        bench.shop.expect_all_alive()
        if time.monotonic() - began > START_GIVE_UP_S:
            raise Failure(f"no product was read within {START_GIVE_UP_S} s")
        time.sleep(0.005)
    return time.monotonic() - began


def weigh(bench):
    time.sleep(IDLE_S)
    weights = memory.weigh(bench.shop.processes)
    print("    " + ", ".join(f"{name} {mib:.1f}" for name, mib in weights.items()) + " MiB")
    bench.fact("all processes together, idle, PSS", sum(weights.values()), "MiB",
               at_most=WEIGHT_MAX_MIB)


def compare(bench):
    """In turn, so that a neighbour on the machine disturbs both alike."""
    times, rounds = ((0.3, 1.2), 1) if bench.quick else ((1, 5), 2)
    rates = {PROCESSES: 0, TOGETHER: 0}
    for _ in range(rounds):
        for procfile in rates:
            rates[procfile] += rate(bench, procfile, times) / rounds
    for procfile, name in ((PROCESSES, "as processes"), (TOGETHER, "in one process (souk all)")):
        bench.fact(f"orders, {name}, {CONNECTIONS} connections", rates[procfile], "per second")
    bench.fact("souk all, to the same as processes", rates[TOGETHER] / rates[PROCESSES], "times",
               at_least=1.0)


def rate(bench, procfile, times):
    bench.shop.stop()
    bench.shop.start(procfile)
    told = quiet.place(bench.shop, CONNECTIONS, times, bench.skus, bench.tokens)
    bench.orders_answered += told["answered"]
    bench.order_lines += 2 * told["answered"]
    return told["per_second"]
