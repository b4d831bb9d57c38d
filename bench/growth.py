"""What becomes of the shop with the years: orders/s with few and with many orders in the tables,
and the memory of each process while a million is placed. On two clusters of their own."""

import time
from collections import namedtuple

import fill
import memory
import quiet
import shop
from cluster import Cluster
from shop import Failure

Plan = namedtuple("Plan", "few many placed early customers times rounds chunk_s")
# With the million that is placed there are ten.
FULL = Plan(few=10_000, many=9_000_000, placed=1_000_000, early=100_000, customers=100_000,
            times=(1, 7), rounds=2, chunk_s=10)
QUICK = Plan(few=5_000, many=100_000, placed=10_000, early=5_000, customers=5_000,
             times=(0.3, 1), rounds=1, chunk_s=1)
MANY = 1_000_000  # from here on, tables are filled with the server's settings for that
CONNECTIONS, PLACING_CONNECTIONS = 64, 256
KEPT_MIN = 0.8
GROWTH_SHARE_MAX, GROWTH_MIB_MAX = 0.05, 2
PLACING_MAX_S = 240


class Era:
    """A cluster with so many orders of the past, and the shop that is opened on it."""

    def __init__(self, bench, plan, name, filled):
        self.bench, self.customers, self.filled = bench, plan.customers, filled
        self.cluster = Cluster(bench.shop.root, bench.shop.path(name))
        self.shop = shop.Shop(bench.shop.root, bench.shop.path(name))

    def __enter__(self):
        self.cluster.__enter__()
        return self

    def __exit__(self, *reason):
        self.shop.stop()
        self.cluster.__exit__(*reason)

    def begin(self):
        with self.cluster.used():
            shop.seed_catalogue(self.shop)
            self.tokens = fill.make_customers(self.shop, self.customers)
        if self.filled < MANY:
            self.fill()
            return
        with self.cluster.filling():
            self.fill()

    def fill(self):
        with self.cluster.used():
            fill.make_orders(self.shop, self.filled)
        self.placed, self.since = 0, uuid_from(time.time())

    def settle(self):
        with self.cluster.used():
            fill.settle(self.shop.root)

    def open(self):
        with self.cluster.used():
            self.shop.start()

    def place(self, connections, times):
        with self.cluster.used():
            told = quiet.place(self.shop, connections, times, self.bench.skus, self.tokens)
        self.placed += told["answered"]
        return told["per_second"]

    def verify(self):
        """Every table knows all that was answered, and nothing else of this day."""
        with self.cluster.used():
            held = shop.sql(f"\\set since '\\'{self.since}\\''\n\\set filled {self.filled}\n"
                            + fill.statements(self.shop.root)["held"])[0]
        if {float(number) for number in held.split("|")} != {self.placed}:
            raise Failure(f"the tables do not hold what was answered: {held}, {self.placed} each")
        self.bench.verified.append(f"{self.placed:,} orders were answered beside {self.filled:,} of"
                                   " years past, and every table has them")

    def check(self):
        with self.cluster.used():
            held = shop.run("build/souk", "check", cwd=self.shop.root).strip().splitlines()
        self.bench.verified.append(f"souk check: {len(held)} invariants hold, also for"
                                   f" {self.filled:,} orders of years past")


def uuid_from(seconds):
    """The least of the ids that are made from then on."""
    stamp = f"{int(seconds * 1000):012x}"
    return f"{stamp[:8]}-{stamp[8:]}-7000-8000-000000000000"


def measure(bench):
    plan = QUICK if bench.quick else FULL
    print(f"==> growth: {plan.many:,} orders of years past, {plan.placed:,} more")
    lacking = fill.lacking_bytes(bench.shop.folder, plan.many + plan.placed)
    if lacking > 0:
        skip(bench, plan, f"the disk lacks {lacking / 1e9:.0f} GB")
        return
    with Era(bench, plan, "few", plan.few) as few, Era(bench, plan, "many", plan.many) as many:
        few.begin()
        began = time.monotonic()
        many.begin()
        bench.fact(f"filling tables with {plan.many:,} orders", time.monotonic() - began, "s")
        placed = place_many(bench, plan, many)
        many.settle()
        compare(bench, plan, few, many, plan.many + placed)
        many.verify()
        few.verify()
        few.check()


def skip(bench, plan, why):
    print(f"    NOT MEASURED: {why}")
    bench.fact(f"growth of the processes: {why}", None, "MiB")
    bench.fact(f"orders beside {plan.many + plan.placed:,}: {why}", None, "times")


def place_many(bench, plan, era):
    """The shop stays open all the while; each process is weighed whenever it has come to rest. How
    many were placed: on a slow machine fewer than was meant."""
    weights, began = [], time.monotonic()
    era.open()
    while era.placed < plan.placed and time.monotonic() - began < PLACING_MAX_S:
        era.place(PLACING_CONNECTIONS, (0, plan.chunk_s))
        weights.append((era.placed, memory.weigh(era.shop.processes)))
    took = time.monotonic() - began
    era.shop.stop()
    placed = min(era.placed, plan.placed)
    bench.fact(f"{placed:,} orders, {PLACING_CONNECTIONS} connections", era.placed / took,
               "per second")
    tell_growth(bench, plan, placed, weights)
    return placed


def tell_growth(bench, plan, placed, weights):
    early = next(found for count, found in weights if count >= min(plan.early, placed))
    for name, mib in early.items():
        bench.fact(f"growth of {name} from {plan.early:,} to {placed:,} orders, PSS",
                   weights[-1][1][name] - mib, "MiB",
                   at_most=max(GROWTH_MIB_MAX, GROWTH_SHARE_MAX * mib))


def compare(bench, plan, few, many, count):
    """In turn, so that a neighbour on the machine disturbs both alike."""
    rates = {few: 0, many: 0}
    for number in range(plan.rounds):
        if number > 0:
            few.verify()
            few.fill()
        for era in rates:
            era.open()
            rates[era] += era.place(CONNECTIONS, plan.times) / plan.rounds
            era.shop.stop()
    bench.fact(f"orders beside {plan.few:,}, {CONNECTIONS} connections", rates[few], "per second")
    bench.fact(f"orders beside {count:,}, {CONNECTIONS} connections", rates[many], "per second")
    bench.fact(f"orders beside {count:,}, to the same beside {plan.few:,}",
               rates[many] / rates[few], "times", at_least=KEPT_MIN)
