"""Measures the shop and, in the same run, what it is held against. Run by bench/run, which has made
the database; every load comes alone."""

import argparse
import json
import os
import subprocess
import sys
import time

import machine
import report
import shop
from shop import Failure

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build")
CONNECTIONS = (1, 8, 64, 256)
IN_FLIGHT = (1, 64, 256)
ORDERS_TARGET = 1.0
CHECK_TARGET = 0.2


class Bench:
    """The points measured so far, and what is needed for the next."""

    def __init__(self, folder, quick):
        self.shop = shop.Shop(ROOT, folder)
        self.warm_up, self.seconds, self.yard = (0.5, 3, 2) if quick else (2, 15, 5)
        self.points = []
        self.facts = []
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
        """One figure that is not a rate: a size, a time, a share; and its target, if it has one."""
        fact = {"name": name, "value": value, "unit": unit}
        if at_most is not None:
            fact |= {"at_most": at_most, "reached": value <= at_most}
        if at_least is not None:
            fact |= {"at_least": at_least, "reached": value >= at_least}
        print("    " + report.fact_row(fact), flush=True)
        self.facts.append(fact)
        return fact

    def find(self, prefix):
        return max((p for p in self.points if p["name"].startswith(prefix)),
                   key=lambda point: point["per_second"])

    def http(self, name, kind, connections):
        return self.load(f"{name}, {connections} connections", "bench-http", self.shop.port, kind,
                         connections, self.warm_up, self.seconds, self.skus, self.tokens)

    def orders(self, name, kind, connections, lines):
        before = self.processor_seconds()
        point = self.http(name, kind, connections)
        answered = point["statuses"]["201"]
        used = machine.difference(before, self.processor_seconds())
        point["processor_us"] = {name: used[name] * 1e6 / answered for name in used}
        self.orders_answered += answered
        self.order_lines += answered * lines
        return point

    def processor_seconds(self):
        return machine.processor_seconds(self.shop.processes, self.postmaster)

    def bus(self, name, endpoint, operation, answers):
        for count in IN_FLIGHT:
            self.load(f"{name}, {count} in flight", "bench-bus", endpoint, operation, answers,
                      count, self.warm_up / 2, self.seconds, self.skus)

    def prepare(self):
        self.skus = shop.seed_catalogue(self.shop)
        self.tokens = shop.seed_customers(self.shop)
        path = os.path.join(os.environ["BENCH_PG_DATA"], "postmaster.pid")
        with open(path, encoding="utf-8") as file:
            self.postmaster = int(file.readline())

    def measure_shop(self):
        print("==> the shop")
        self.shop.start()
        with open(self.tokens, encoding="utf-8") as tokens:
            if self.shop.get("/v1/me", tokens.readline().strip()) != 200:
                raise Failure("the customers that were made are not known to the shop")
        for connections in CONNECTIONS:
            self.orders("orders", "orders", connections, lines=2)
        self.orders("orders of one SKU", "hot", 64, lines=1)
        for connections in CONNECTIONS:
            self.http("product reads", "products", connections)
        self.bus("inventory.check", os.environ["SOUK_BROKERS"], "inventory.check", "reply")
        verified = self.verify()
        self.shop.stop()
        return verified

    def measure_echo(self):
        """A worker that does nothing, behind a broker without other services and a bare proxy."""
        print("==> the bus alone")
        endpoint = f"ipc://{self.run_folder()}/echo"
        environment = dict(os.environ, SOUK_BROKER_BIND=f"{endpoint}.ipc",
                           SOUK_EVENTS_IN=f"{endpoint}-in.ipc",
                           SOUK_EVENTS_OUT=f"{endpoint}-out.ipc")
        self.shop.spawn("broker", ["build/souk", "broker"], environment)
        self.shop.spawn("echo", ["build/bench-echo", "broker", f"{endpoint}.ipc"])
        self.bus("echo behind the broker", f"{endpoint}.ipc", "echo.echo", "reply")
        self.shop.stop()

    def measure_proxy(self):
        endpoint = f"ipc://{self.run_folder()}/proxy"
        self.shop.spawn("proxy", ["build/bench-proxy", f"{endpoint}.ipc", f"{endpoint}-back.ipc"])
        self.shop.spawn("worker", ["build/bench-echo", "proxy", f"{endpoint}-back.ipc"])
        self.bus("bare proxy, same message", f"{endpoint}.ipc", "inventory.check", "echo")
        self.shop.stop()

    @staticmethod
    def run_folder():
        return os.path.dirname(os.environ["SOUK_BROKERS"].removeprefix("ipc://"))

    def measure_yardstick(self):
        print(f"==> the yardstick, {self.yard} s for each of its points")
        shop.sql("CHECKPOINT")
        done = subprocess.run([os.path.join(ROOT, "bench/yardstick/run"), str(self.yard)],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"the yardstick: {done.stderr.strip()}")
        for line in done.stderr.splitlines():
            kind, _, clients, _, rate = line.split()
            self.add({"name": f"yardstick {kind}, {clients} clients", "per_second": float(rate)})

    def verify(self):
        """What was counted is what the tables hold."""
        settle()
        held = shop.sql('SELECT (SELECT count(*) FROM "order".orders WHERE status = \'confirmed\'),'
                        ' (SELECT count(*) FROM "order".orders),'
                        " (SELECT count(*) FROM payment.payment WHERE status = 'captured'),"
                        " (SELECT sum(reserved) FROM inventory.stock)")[0]
        told = [self.orders_answered] * 3 + [self.order_lines]
        if [int(number) for number in held.split("|")] != told:
            raise Failure(f"the tables do not hold what was answered: {held}, expected {told}")
        check = shop.run("build/souk", "check", cwd=ROOT).strip().splitlines()
        return [f"{told[0]:,} orders were answered 201, and as many are confirmed, paid, reserved",
                f"souk check: {len(check)} invariants hold"]

    def compare(self):
        yardstick, hot = self.find("yardstick spread"), self.find("yardstick hot")
        proxy, check = self.find("bare proxy"), self.find("inventory.check")
        for point in self.points:
            rate = point["per_second"]
            if point["name"].startswith("orders,"):
                point["ratio"] = rate / yardstick["per_second"]
            elif point["name"].startswith("orders of one"):
                point["ratio"] = rate / hot["per_second"]
            elif point["name"].startswith(("inventory.check", "echo behind")):
                point["ratio"] = rate / proxy["per_second"]
        self.find("orders, 64")["target"] = ORDERS_TARGET
        check["target"] = CHECK_TARGET


def settle():
    """All orders that were answered have ended; nothing is to be waited for."""
    deadline = time.monotonic() + 10
    while shop.sql('SELECT count(*) FROM "order".orders WHERE status = \'placing\'') != ["0"]:
        if time.monotonic() > deadline:
            raise Failure("orders are still being placed 10 s after the last answer")
        time.sleep(0.1)


def measure(bench, quick):
    facts = machine.facts(bench.shop.folder)
    print(f"==> making {shop.PRODUCTS} products and {shop.CUSTOMERS} customers")
    bench.prepare()
    verified = bench.measure_shop()
    bench.measure_yardstick()
    bench.measure_echo()
    bench.measure_proxy()
    bench.compare()
    return {"date": time.strftime("%Y-%m-%dT%H:%M:%S%z"), "revision": machine.revision(ROOT),
            "quick": quick, "machine": facts, "points": bench.points, "facts": bench.facts,
            "verified": verified}


def main():
    parser = argparse.ArgumentParser(prog="./souk bench", description="Measures the shop.")
    parser.add_argument("--quick", action="store_true", help="under two minutes, and rougher")
    quick = parser.parse_args().quick
    bench = Bench(os.environ["SOUK_BENCH_MARK"], quick)
    try:
        result = measure(bench, quick)
    except Failure as failure:
        sys.exit(f"bench: {failure}")
    finally:
        bench.shop.stop()
    path = report.keep(result, ROOT)
    print("\n" + report.text(result) + f"\nkept as {os.path.relpath(path, ROOT)} and .json")


if __name__ == "__main__":
    main()
