"""./souk up: what a newcomer sees, and that nothing is left behind, whatever is killed."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest
from pathlib import Path

from amid_orders import MIDDLE, ORDERS, Crowd
from souk_system import BUILD, PSQL, ROOT, System, clean_environment, free_port, until

OPEN_S = 600  # it may have to build
CLOSE_S = 60


def environment_of(pid):
    try:
        return (Path("/proc") / pid / "environ").read_bytes().split(b"\0")
    except OSError:
        return []


def place_of(pid, what):
    try:
        return os.readlink(f"/proc/{pid}/{what}")
    except OSError:
        return ""


def is_postgres(pid):
    return "/bin/postgres" in place_of(pid, "exe")


class Up:
    """One ./souk up in a folder of its own, beside whatever else runs."""

    def __init__(self):
        (ROOT / "var/test").mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="up-", dir=ROOT / "var/test"))
        self.folder.chmod(0o755)  # PostgreSQL may run as another user
        self.port = free_port()
        self.process = None

    def command(self, folder=None):
        environment = clean_environment(SOUK_VAR=folder or self.folder, SOUK_HTTP_PORT=self.port)
        environment.pop("SOUK_ADMIN_DSN", None)
        return {"args": [str(ROOT / "souk"), "up"], "env": environment, "stdin": subprocess.DEVNULL,
                "stderr": subprocess.STDOUT}

    def start(self):
        with open(self.folder / "out", "w") as out:
            self.process = subprocess.Popen(**self.command(), stdout=out)
        until(self.is_open, f"the shop opens\n{self.output()}", OPEN_S)

    def start_into_a_pipe(self):
        """Its output goes to somebody who stops reading as soon as the shop is open."""
        self.process = subprocess.Popen(**self.command(), stdout=subprocess.PIPE)
        for line in self.process.stdout:
            if b"The shop is open" in line:
                break
        self.process.stdout.close()

    def is_open(self):
        if self.process.poll() is not None:
            raise AssertionError(f"ended with {self.process.returncode}\n{self.output()}")
        return "The shop is open" in self.output()

    def output(self):
        return (self.folder / "out").read_text()

    # As of any other shop.
    http, order, customer, somebody = System.http, System.order, System.customer, System.somebody

    def word(self, *words):
        """What ./souk says to these words; it must end well."""
        done = subprocess.run([ROOT / "souk", *words], env=self.command()["env"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=OPEN_S)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def again(self, folder=None):
        """Another one beside it: what it says, and its exit code."""
        done = subprocess.run(**self.command(folder), stdout=subprocess.PIPE, text=True, timeout=OPEN_S)
        return done.returncode, done.stdout

    def left(self):
        mark = f"SOUK_MARK={self.folder}".encode()
        pids = [pid for pid in os.listdir("/proc") if pid.isdigit()]
        return [pid for pid in pids if mark in environment_of(pid) or
                (is_postgres(pid) and place_of(pid, "cwd").startswith(str(self.folder)))]

    def find(self, words):
        """The process whose command line is exactly this."""
        mark = f"SOUK_MARK={self.folder}".encode()
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                line = (Path("/proc") / pid / "cmdline").read_bytes().rstrip(b"\0").decode(errors="replace")
            except OSError:
                continue
            if line.replace("\0", " ").rstrip() == words and mark in environment_of(pid):
                return int(pid)
        return None

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(CLOSE_S)

    def remove(self):
        if self.process and self.process.poll() is None:
            self.close()
        for pid in self.left():
            os.kill(int(pid), signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)


@unittest.skipUnless(BUILD.resolve() == (ROOT / "build").resolve(), "./souk up runs what is in build/")
class TheShop(unittest.TestCase):
    """One that stays open: all that is asked of it leaves it as it was."""

    @classmethod
    def setUpClass(cls):
        cls.up = Up()
        cls.addClassCleanup(cls.up.remove)
        cls.up.start()

    def test_says_plainly_what_is_in_the_way_of_a_second_one(self):
        code, said = self.up.again()
        self.assertEqual(1, code)
        self.assertIn("runs already", said)

        elsewhere = self.up.folder / "elsewhere"
        code, said = self.up.again(elsewhere)
        self.assertEqual(1, code)
        self.assertIn(f"port {self.up.port} is taken", said)
        self.assertIn("SOUK_HTTP_PORT", said)

    def test_starts_an_actor_that_was_killed_anew(self):
        words = "build/souk actor product"
        first = self.up.find(words)
        os.kill(first, signal.SIGKILL)
        until(lambda: self.up.find(words) not in (None, first), "another one runs", 20)
        url = f"http://127.0.0.1:{self.up.port}/v1/products/MUG-BLUE"
        until(lambda: subprocess.run(["curl", "-sf", url], capture_output=True).returncode == 0,
              "the catalogue answers again", 20)
        self.assertIsNone(self.up.process.poll())

    def test_listens_on_no_port_but_its_own(self):
        sockets = self.up.folder / "postgres-run"
        shown = subprocess.run([PSQL, "-XAt", "-h", str(sockets), "-U", "postgres", "-c",
                                "SHOW listen_addresses"], capture_output=True, text=True, timeout=30)
        self.assertEqual(("\n", ""), (shown.stdout, shown.stderr))
        self.assertEqual(0o700, sockets.stat().st_mode & 0o777)


@unittest.skipUnless(BUILD.resolve() == (ROOT / "build").resolve(), "./souk up runs what is in build/")
class WhatIsLeft(unittest.TestCase):
    """Of a shop that ends, in one way or another."""

    def setUp(self):
        self.up = Up()
        self.addCleanup(self.up.remove)

    def assert_nothing_left(self):
        until(lambda: not self.up.left(), f"nothing is left of {self.up.left()}", CLOSE_S)
        with socket.socket() as probe:
            self.assertNotEqual(0, probe.connect_ex(("127.0.0.1", self.up.port)))

    def curl(self, line):
        done = subprocess.run(["bash", "-c", line + " -sf"], capture_output=True, text=True, timeout=30)
        self.assertEqual(0, done.returncode, f"{line}\n{done.stdout}{done.stderr}")
        return done.stdout

    def test_shows_three_lines_that_work_and_closes_when_it_is_told_to(self):
        self.up.start()
        lines = re.findall(r"^ +(curl .*)$", self.up.output(), re.MULTILINE)
        self.assertEqual(3, len(lines))
        answers = "".join(self.curl(line) for line in lines)
        for part in ("MUG-BLUE", "available", "ada@example.com"):
            self.assertIn(part, answers)
        self.assertEqual(0, self.up.close(), self.up.output())
        self.assertIn("stopped", self.up.output())
        self.assertNotRegex(self.up.output(), r"(exited with code [1-9]|terminated by)")
        self.assert_nothing_left()

    def test_starts_the_database_anew_and_lets_one_process_be_stopped_alone(self):
        self.up.start()
        ready = f"http://127.0.0.1:{self.up.port}/readyz"
        url = f"http://127.0.0.1:{self.up.port}/v1/products/MUG-BLUE"
        until(lambda: self.up.find("build/souk edge"), "the edge runs", 20)
        pid = (self.up.folder / "postgres/postmaster.pid").read_text().split()[0]
        os.kill(int(pid), signal.SIGKILL)
        until(lambda: "PostgreSQL has ended" in self.up.output(), "the end is noticed", 20)
        for address in (ready, url):
            until(lambda: subprocess.run(["curl", "-sf", address], capture_output=True).returncode == 0,
                  f"{address} answers again", 40)

        words = "build/souk actor product"
        first = self.up.find(words)
        os.kill(first, signal.SIGTERM)
        until(lambda: self.up.find(words) not in (None, first), "another one runs", 20)
        self.assertIsNone(self.up.process.poll())
        self.assertEqual(0, self.up.close(), self.up.output())
        self.assert_nothing_left()

    def test_loses_no_order_when_the_database_is_stopped_at_once_in_their_midst(self):
        self.up.start()
        customer = self.up.customer()
        crowd = Crowd(self.up, [customer], "MUG-BLUE", ORDERS)
        crowd.wait_for(MIDDLE)
        pid = (self.up.folder / "postgres/postmaster.pid").read_text().split()[0]
        os.kill(int(pid), signal.SIGQUIT)  # what pg_ctl stop -m immediate does
        crowd.wait_for_end()
        told = [reply.json["id"] for reply in crowd.replies if reply and reply.status == 201]
        crowd.ask_again()
        placed = [reply.json["id"] for reply in crowd.replies if reply.status == 201]
        self.assertLessEqual(set(told), set(placed))
        page = self.up.http("GET", "/v1/orders?limit=100", headers=customer).json
        self.assertEqual(sorted(placed), sorted(order["id"] for order in page["items"]))
        self.assertIsNone(page["next"])
        self.up.word("check")
        self.up.word("audit", "verify")
        self.assertEqual(0, self.up.close(), self.up.output())

    def test_leaves_nothing_behind_when_its_output_is_read_no_more(self):
        self.up.start_into_a_pipe()
        self.up.process.send_signal(signal.SIGINT)
        self.assertEqual(0, self.up.process.wait(CLOSE_S))
        self.assert_nothing_left()

    def test_leaves_nothing_behind_when_foreman_is_killed(self):
        self.up.start()
        os.kill(self.up.find("foreman: master"), signal.SIGKILL)
        self.assertEqual(1, self.up.process.wait(CLOSE_S))
        self.assertIn("foreman ended by itself", self.up.output())
        self.assert_nothing_left()

    def test_leaves_nothing_behind_when_it_is_killed_itself_and_opens_again(self):
        self.up.start()
        self.up.process.kill()
        self.up.process.wait()
        self.assert_nothing_left()
        self.up.start()
        self.curl(f"curl http://127.0.0.1:{self.up.port}/v1/products/MUG-BLUE")

    def test_opens_again_when_everything_was_killed_at_once(self):
        self.up.start()
        pids = [self.up.process.pid, *map(int, self.up.left())]
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.up.process.wait()
        self.up.start()
        self.assertEqual(0, self.up.close())
        self.assert_nothing_left()


if __name__ == "__main__":
    unittest.main()
