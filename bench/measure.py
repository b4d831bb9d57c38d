"""Measures the shop and, in the same run, what it is held against. Run by bench/run, which has made
the database; every load comes alone."""

import argparse
import json
import os
import subprocess
import sys
import time

import bus
import crowd
import events
import footprint
import growth
import last
import machine
import orders
import plot
import reads
import report
import shop
import targets
from shop import Failure

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build")

# In turn, each with a measure(bench) that starts what it needs, the shop too, and leaves nothing
# running. What is held against each other stands close together, so that a neighbour on the machine
# disturbs both alike. What fills the tables comes last.
SECTIONS = (reads, bus, crowd, orders, footprint, events, growth)


class Bench:
    """What was measured so far, and what is needed for the next."""

    def __init__(self, folder, quick):
        self.shop = shop.Shop(ROOT, folder)
        self.quick = quick
        # Seconds of warming up, and of counting.
        self.warm_up, self.seconds = (0.5, 2.5) if quick else (2, 12)
        self.brief = (0.3, 1.2) if quick else (1, 6)  # of loads that wait for no disk
        self.long = (0.5, 3) if quick else (2, 15)  # of those whose slowest answers count
        self.yard = 1 if quick else 5
        self.points, self.facts, self.verified = [], [], []
        self.orders_answered = 0
        self.order_lines = 0

    def load(self, name, program, *arguments):
        """One point. Every load starts right after a checkpoint, so none pays for another's."""
        self.shop.expect_all_alive()
        shop.sql("CHECKPOINT")
        command = [os.path.join(BUILD, program), *map(str, arguments)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        if not done.stdout:
            raise Failure(f"{name}: no result")
        return self.add(dict(json.loads(done.stdout), name=name), done.returncode == 0)

    def add(self, point, right=True):
        print("    " + report.point_row(point), flush=True)
        if not right:
            raise Failure(f"{point['name']}: wrong answers: {point.get('statuses')}")
        self.points.append(point)
        return point

    def fact(self, name, value, unit, at_most=None, at_least=None):
        """One figure that is not a rate: a size, a time, a share; and its target, if it has one.
        None where it could not be measured: the name says why."""
        fact = {"name": name, "value": value, "unit": unit}
        if at_most is not None:
            fact |= {"at_most": at_most, "reached": value <= at_most}
        if at_least is not None:
            fact |= {"at_least": at_least, "reached": value >= at_least}
        print("    " + report.fact_row(fact), flush=True)
        self.facts.append(fact)
        return fact

    def find(self, prefix):
        """The best of the points that are called so."""
        return max((p for p in self.points if p["name"].startswith(prefix)),
                   key=lambda point: point["per_second"])

    def http(self, name, kind, connections, port=None, times=None, rate=None):
        """bench-http against the shop, or what listens on port; rate: arrivals each second."""
        warm_up, seconds = times or (self.warm_up, self.seconds)
        arguments = [port or self.shop.port, kind, connections, warm_up, seconds, self.skus,
                     self.tokens, *([rate] if rate else [])]
        return self.load(f"{name}, {connections} connections", "bench-http", *arguments)

    def orders(self, name, kind, connections, lines, **options):
        """Orders are counted, to be held against the tables, and their processor time is."""
        before = self.processor_seconds()
        point = self.http(name, kind, connections, **options)
        answered = point["statuses"]["201"]
        used = machine.difference(before, self.processor_seconds())
        point["processor_us"] = {name: used[name] * 1e6 / answered for name in used}
        self.orders_answered += answered
        self.order_lines += answered * lines
        return point

    def processor_seconds(self):
        return machine.processor_seconds(self.shop.processes, self.postmaster)

    def prepare(self):
        print(f"==> making {shop.PRODUCTS} products and {shop.CUSTOMERS} customers")
        self.skus = shop.seed_catalogue(self.shop)
        self.tokens = shop.seed_customers(self.shop)
        path = os.path.join(os.environ["BENCH_PG_DATA"], "postmaster.pid")
        with open(path, encoding="utf-8") as file:
            self.postmaster = int(file.readline())


def measure(bench):
    facts = machine.facts(bench.shop.folder)
    bench.prepare()
    for section in SECTIONS:
        section.measure(bench)
    targets.hold(bench)
    return {"date": time.strftime("%Y-%m-%dT%H:%M:%S%z"), "revision": machine.revision(ROOT),
            "quick": bench.quick, "machine": facts, "points": bench.points, "facts": bench.facts,
            "verified": bench.verified}


def tell(result):
    """Kept first, so that a plot that fails loses nothing."""
    folder = os.path.join(ROOT, "bench", "results")
    earlier = last.find(folder, result["quick"])
    path = report.keep(result, report.text(result) + last.text(result, earlier), folder)
    with open(f"{path}.txt", encoding="utf-8") as table:
        print("\n" + table.read())
    plots = plot.draw(result["points"], os.path.join(ROOT, "bench", "plots"), path)
    print(f"kept as {os.path.relpath(path, ROOT)}.txt and .json, with {plots} plots beside")


def main():
    parser = argparse.ArgumentParser(prog="./souk bench", description="Measures the shop.")
    parser.add_argument("--quick", action="store_true", help="under two minutes, and rougher")
    bench = Bench(os.environ["SOUK_BENCH_MARK"], parser.parse_args().quick)
    try:
        result = measure(bench)
        tell(result)
    except Failure as failure:
        sys.exit(f"bench: {failure}")
    finally:
        bench.shop.stop()


if __name__ == "__main__":
    main()
