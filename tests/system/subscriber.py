"""A subscriber as docs/PROTOCOL.md has it: examples/subscriber.py, killed and started as one likes."""

import json
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

from souk_system import ROOT


class Subscriber:
    """examples/subscriber.py, which may be killed and started again."""

    def __init__(self, shop, *sources):
        self.shop, self.sources = shop, sources
        self.path = shop.folder / "events.db"
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            ["/usr/bin/python3", ROOT / "examples/subscriber.py", self.path, *self.sources], cwd=ROOT,
            env=self.shop.environment, stdin=subprocess.DEVNULL, stdout=sys.stderr)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def rows(self, query, *values):
        """Of what it has written down; none while it has not begun."""
        with closing(sqlite3.connect(self.path, timeout=30)) as book:
            begun = book.execute("SELECT name FROM sqlite_master WHERE name = 'event'").fetchall()
            return book.execute(query, values).fetchall() if begun else []

    def count(self):
        return len(self.rows("SELECT seq FROM event"))

    def events(self, source):
        """(seq, type, data), in the order in which they came."""
        rows = self.rows("SELECT seq, type, data FROM event WHERE source = ? ORDER BY rowid", source)
        return [(seq, kind, json.loads(data)) for seq, kind, data in rows]
