"""What measures is measured: orders that come at a fixed rate are timed from when each was due, and
orders of years past are as real as others."""

import json
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from souk_system import BUILD, ROOT, SystemTest, clean_environment, free_port, until

sys.path.append(str(ROOT / "bench"))
import fill

RATE = 500
SECONDS = 2
STALL_S = 0.6
ORDERS = 90


class FixedRate(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.lines = Path(folder.name) / "lines"
        self.lines.write_text("a line\n")
        self.port = free_port()
        self.page = self.start("bench-page", self.port, self.lines, "Content-Type", "text/plain")
        until(self.is_there, "the page")

    def start(self, program, *arguments):
        process = subprocess.Popen([BUILD / program, *map(str, arguments)], text=True,
                                   stdout=subprocess.PIPE, env=clean_environment())
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def load(self, connections, seconds, *rate):
        return self.start("bench-http", self.port, "products", connections, 0, seconds, self.lines,
                          self.lines, *rate)

    def is_there(self):
        return self.load(1, 0.01).wait() == 0

    def test_a_server_that_stands_still_is_charged_with_everybody_it_kept_waiting(self):
        for connections in (4, 1000):
            with self.subTest(connections=connections):
                load = self.load(connections, SECONDS, RATE)
                time.sleep(0.5)
                self.page.send_signal(signal.SIGSTOP)
                time.sleep(STALL_S)
                self.page.send_signal(signal.SIGCONT)
                told = json.loads(load.communicate(timeout=60)[0])
                self.assertEqual(0, load.returncode)
                self.assertAlmostEqual(RATE, told["per_second"], delta=RATE / 5)
                self.assertGreater(told["max_ms"], STALL_S * 800)
                self.assertGreater(told["p90_ms"], STALL_S * 300)


class YearsPast(SystemTest):
    """What the benchmark fills tables with could have been left there by orders."""

    def test_invariants_hold_for_orders_of_years_past_and_beside_them(self):
        customer = self.shop.customer()
        tables = [table for group in fill.TABLES for table in group]
        subprocess.run([BUILD / "bench-grow", self.shop.dsn, "1", str(ORDERS), *tables], check=True)
        self.shop.sql(fill.statements(ROOT)["told"])
        self.shop.check()
        self.assertEqual(201, self.shop.order(customer, {"MUG-BLUE": 1}).status)
        self.shop.check()
        page = self.shop.http("GET", "/v1/orders?limit=100", headers=customer).json["items"]
        self.assertEqual(ORDERS + 1, len(page))
        self.assertEqual(page, sorted(page, key=lambda order: order["placed_at"], reverse=True))


if __name__ == "__main__":
    unittest.main()
