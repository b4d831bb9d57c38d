"""What measures is measured: orders that come at a fixed rate are timed from when each was due."""

import json
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from souk_system import BUILD, clean_environment, free_port, until

RATE = 500
SECONDS = 2
STALL_S = 0.6


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


if __name__ == "__main__":
    unittest.main()
