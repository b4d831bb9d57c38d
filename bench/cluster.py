"""A PostgreSQL of its own, beside the one that all else is measured on."""

import contextlib
import os
import shutil
import signal
import subprocess

import shop
from shop import Failure

# While tables are filled nothing has to survive: should anything go wrong, all is made anew.
FILLING = {"wal_level": "minimal", "max_wal_senders": "0", "fsync": "off",
           "full_page_writes": "off", "autovacuum": "off", "maintenance_work_mem": "'1GB'"}
STOP_S = 120


class Cluster:
    """Made in a folder below that of the bench, and thrown away at the end."""

    def __init__(self, root, folder):
        self.root, self.folder = root, folder
        self.process = None
        dsn = f"host='{folder}/postgres-run' port=5432 dbname=souk user="
        self.settings = {"SOUK_DSN": dsn + "souk_{service}", "SOUK_ADMIN_DSN": dsn + "postgres"}

    def __enter__(self):
        try:
            self.start("new")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process:
            self.stop(signal.SIGTERM)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, how):
        os.makedirs(self.folder, exist_ok=True)
        path = os.path.join(self.folder, "server.log")
        with open(path, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [os.path.join(self.root, "bench/server"), how, self.folder], cwd=self.root,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True,
                start_new_session=True)
        lines = iter(self.process.stdout.readline, "")
        if "ready\n" not in lines:
            raise Failure(f"the server in {self.folder} does not start; see {path}")

    def stop(self, how):
        self.process.send_signal(how)
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise Failure(f"the server in {self.folder} does not end") from None
        finally:
            self.process.stdout.close()
            self.process = None

    @contextlib.contextmanager
    def used(self):
        """Meanwhile shop.sql and the shops that are started use this one."""
        before = {name: os.environ[name] for name in self.settings}
        os.environ.update(self.settings)
        try:
            yield
        finally:
            os.environ.update(before)

    @contextlib.contextmanager
    def filling(self):
        """Meanwhile it is quick and not safe; afterwards it has no setting that ./souk up does not
        give it, and all that was written is on the disk."""
        with self.used():
            shop.sql("".join(f"ALTER SYSTEM SET {name} = {value};"
                             for name, value in FILLING.items()))
        self.stop(signal.SIGUSR1)
        self.start("again")
        yield
        with self.used():
            shop.sql("ALTER SYSTEM RESET ALL")
        self.stop(signal.SIGUSR1)
        os.sync()
        self.start("again")
        self.expect_durable()

    def expect_durable(self):
        with self.used():
            unsafe = shop.sql("SELECT name FROM pg_settings WHERE setting = 'off' AND name IN"
                              " ('fsync', 'synchronous_commit', 'full_page_writes', 'autovacuum')"
                              " OR name = 'wal_level' AND setting = 'minimal'")
        if unsafe:
            raise Failure(f"the server in {self.folder} is not as ./souk up starts one: {unsafe}")
