"""A whole shop for tests: broker, edge and actors as processes of their own, on a database of its own."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgpack
import zmq

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("SOUK_BUILD", ROOT / "build"))
SOUK = str(BUILD / "souk")
PSQL = "/usr/lib/postgresql/15/bin/psql"
ACTORS = ("product", "inventory", "payment", "user", "auth", "pricing", "cart", "fulfilment", "order", "audit")
START_S = 60  # sanitizers are slow, and so are machines that have other things to do
STOP_S = 30


def clean_environment(**settings):
    """What this process has, without the shop's settings of whoever runs the tests."""
    kept = ("SOUK_ADMIN_DSN", "SOUK_BUILD", "SOUK_TEST_MARK")
    clean = {k: v for k, v in os.environ.items() if not k.startswith("SOUK_") or k in kept}
    return {**clean, **{name: str(value) for name, value in settings.items()}}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(condition, what, seconds=START_S):
    """Asks again and again; the first true answer, or an error that says what did not come."""
    end = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what() if callable(what) else what}")
        time.sleep(0.02)


def at_once(count, work):
    """work(0), work(1), ... on that many threads together; the results, in that order."""
    barrier = threading.Barrier(count)

    def begin(i):
        barrier.wait()
        return work(i)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(begin, range(count)))


def race(*works):
    """All of them together, each on a thread of its own; their results, in that order."""
    return at_once(len(works), lambda i: works[i]())


def told(reply):
    """What a request came to, in short: 201, or 409 out_of_stock."""
    return f"{reply.status} {reply.json['code']}" if reply.status >= 400 else str(reply.status)


def psql(dsn, text):
    """What psql prints, lines of fields with tabs between them."""
    environment = {**os.environ, "PGOPTIONS": "-c client_min_messages=warning"}
    done = subprocess.run([PSQL, "-XAtq", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", dsn, "-c", text],
                          env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


class Reply:
    """An answer over HTTP; .json is None where the body is not JSON."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()
        is_json = self.body and "json" in self.headers.get("Content-Type", "")
        self.json = json.loads(self.body) if is_json else None

    def __repr__(self):
        return f"{self.status} {self.body[:500]!r}"


class System:
    """Use it as `with System() as shop:`.

    Endpoints, port and database are its own, so that several may run side by side. settings are
    environment variables of all its processes. together: `souk all`, one process. names: of the
    processes, in the order in which they are started.
    """

    def __init__(self, settings=None, together=False, seed=True):
        if not os.environ.get("SOUK_ADMIN_DSN"):
            sys.exit("SOUK_ADMIN_DSN does not say which PostgreSQL may be used; ./souk test brings one")
        (ROOT / "var/test").mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="s-", dir=ROOT / "var/test"))
        self.seed = seed
        self.port = free_port()
        self.database = f"souk_{uuid.uuid4().hex[:12]}"
        self.dsn = f"{os.environ['SOUK_ADMIN_DSN']} dbname={self.database}"
        self.names = ("all",) if together else ("broker", *ACTORS, "edge")
        self.processes = {}
        self.context = zmq.Context()
        near = self.folder.relative_to(ROOT)  # short, since all run in ROOT
        self.broker = f"ipc://{near}/broker.ipc"
        self.environment = clean_environment(
            SOUK_ADMIN_DSN=self.dsn,
            SOUK_DSN=f"{self.dsn} user=souk_{{service}}",
            SOUK_BROKER_BIND=self.broker,
            SOUK_BROKERS=self.broker,
            SOUK_EVENTS_IN=f"ipc://{near}/events-in.ipc",
            SOUK_EVENTS_OUT=f"ipc://{near}/events-out.ipc",
            SOUK_EVENTS_TO=f"ipc://{near}/events-in.ipc",
            SOUK_EVENTS_FROM=f"ipc://{near}/events-out.ipc",
            SOUK_HTTP_PORT=self.port,
        )
        self.environment.update({name: str(value) for name, value in (settings or {}).items()})

    # Coming and going.

    def __enter__(self):
        try:
            self.sql(f"CREATE DATABASE {self.database}", "postgres")
            self.run("migrate")
            if self.seed:
                self.run("seed")
            for name in self.names:
                self.start(name)
            self.await_ready()
            return self
        except BaseException:
            self.print_logs()
            self.abandon()
            raise

    def __exit__(self, kind, *_):
        try:
            if not kind:
                self.stop()
        finally:
            self.abandon()

    def start(self, name):
        """A name of .names; what was killed or terminated may be started again."""
        words = ["actor", name] if name in ACTORS else [name]
        environment = dict(self.environment)
        if threading.current_thread() is threading.main_thread():
            environment["SOUK_DIE_WITH_PARENT"] = "true"  # else it would end with the thread
        with open(self.folder / f"{name}.log", "ab") as log:
            self.processes[name] = subprocess.Popen(
                [SOUK, *words], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log)

    def await_ready(self):
        until(self.is_ready, "/readyz is 200")

    def assert_alive(self):
        for name, process in self.processes.items():
            code = process.poll()
            assert code is None, f"{name} ended with {code}\n{self.log(name)}"

    def is_ready(self):
        self.assert_alive()
        try:
            return self.http("GET", "/readyz").status == 200
        except OSError:
            return False

    def kill(self, name):
        """As an outage does: without warning."""
        process = self.processes.pop(name)
        process.kill()
        process.wait()

    def terminate(self, *names):
        """As an operator does; their exit codes, or a text for one that did not end."""
        processes = [self.processes.pop(name) for name in names]
        for process in processes:
            process.terminate()
        return [self.await_end(process) for process in processes]

    @staticmethod
    def await_end(process):
        try:
            return process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return f"it did not end within {STOP_S} s"

    def stop(self):
        """From those who ask to those who are asked; all have to end well."""
        codes = {name: self.terminate(name)[0] for name in self.names[::-1] if name in self.processes}
        bad = {name: code for name, code in codes.items() if code != 0}
        if bad:
            self.print_logs()
        assert not bad, f"these did not end well: {bad}"

    def abandon(self):
        """Leaves nothing behind, whatever state things are in."""
        for name in list(self.processes):
            self.kill(name)
        self.context.destroy(linger=0)
        self.sql(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)", "postgres")
        shutil.rmtree(self.folder, ignore_errors=True)

    # Asking over HTTP. A connection for each; from any thread.

    def http(self, method, path, body=None, headers=None, timeout=60):
        """body: what json.dumps takes, or bytes as they are."""
        headers = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers)
            return Reply(connection.getresponse())
        finally:
            connection.close()

    def customer(self):
        """Registers somebody new and logs in: the headers to ask with."""
        return self.somebody()

    def somebody(self, *roles):
        """The same, of somebody who has these roles besides that of a customer."""
        login = {"email": f"{uuid.uuid4().hex}@example.com", "password": "correct horse battery"}
        registered = self.http("POST", "/v1/users", {**login, "name": "Ada"})
        assert registered.status == 201, registered
        for role in roles:
            self.run("admin", "grant", login["email"], role)
        session = self.http("POST", "/v1/sessions", login)
        assert session.status == 201, session
        return {"Authorization": f"Bearer {session.json['token']}"}

    def order(self, customer, lines, method="pm_sim_ok", key=None):
        """lines: {"MUG-BLUE": 2}, or pairs where a product comes twice. Without a key: a new one."""
        pairs = lines.items() if isinstance(lines, dict) else lines
        body = {"lines": [{"sku": sku, "quantity": quantity} for sku, quantity in pairs],
                "payment_method": method}
        headers = {**customer, "Idempotency-Key": key or uuid.uuid4().hex}
        return self.http("POST", "/v1/orders", body, headers)

    # Asking over the bus. A socket for each; from any thread.

    def calls(self, operation, arguments, meta=None, timeout=10):
        """Several calls in one message: a (code, value) for each. TimeoutError: no answer came."""
        meta = {"deadline": int((time.time() + timeout) * 1000), **(meta or {})}
        service = operation.split(".")[0].encode()
        with self.context.socket(zmq.REQ) as bus:
            bus.linger = 0
            bus.connect(f"ipc://{os.path.relpath(self.folder)}/broker.ipc")
            bus.send_multipart([b"MDPC01", service, operation.encode(), msgpack.packb(meta),
                                *[msgpack.packb(one) for one in arguments]])
            if not bus.poll(timeout * 1000):
                raise TimeoutError(operation)
            protocol, answered, *replies = bus.recv_multipart()
        assert (protocol, answered) == (b"MDPC01", service), (protocol, answered)
        return [tuple(msgpack.unpackb(reply)) for reply in replies]

    def call(self, operation, arguments, meta=None, timeout=10):
        """One call: (code, value)."""
        return self.calls(operation, [arguments], meta, timeout)[0]

    def asked(self, operation, arguments):
        """One call that has to go well, if not at once then when what it needs is there; its reply."""
        def reply():
            code, value = self.call(operation, arguments)
            assert code == "ok" or value["retry"], (operation, code, value)
            return (value,) if code == "ok" else None

        return until(reply, operation)[0]

    def await_told(self):
        """Until all events are numbered."""
        schemas = [schema for (schema,) in self.sql("SELECT schemaname FROM pg_tables WHERE tablename = 'outbox'")]
        waiting = " UNION ALL ".join(f'SELECT id FROM "{schema}".outbox' for schema in schemas)
        until(lambda: self.sql(f"SELECT count(*) FROM ({waiting}) AS outbox") == [["0"]], "all events are numbered")

    def await_followed(self):
        """Until whoever follows a service has dealt with all that it told."""
        self.await_told()
        until(lambda: self.sql("""
            SELECT count(*) FROM souk_event_cursors() JOIN souk_event_logs() USING (source)
            WHERE seq < head""") == [["0"]], "all events were dealt with")

    def available(self, sku):
        return self.asked("inventory.check", {"sku": [sku]})["items"][0]["available"]

    def offer(self, sku, quantity, amount=1000):
        """A product that is new, with its stock."""
        self.asked("product.put", {"products": [
            {"sku": sku, "name": sku, "price": {"amount": amount, "currency": "EUR"}}]})
        self.asked("inventory.receive", {
            "key": uuid.uuid4().hex, "lines": [{"sku": sku, "quantity": quantity}]})

    # Looking inside.

    def run(self, *words, ok=True, settings=None):
        """A command of build/souk in this shop's setting; what it printed. ok: it has to end well."""
        done = subprocess.run([SOUK, *words], cwd=ROOT, env={**self.environment, **(settings or {})}, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
        assert ok == (done.returncode == 0), f"souk {words}: {done.returncode}\n{done.stdout}"
        return done.stdout

    def check(self):
        """`souk check`: the invariants hold, or an error that says which does not."""
        return self.run("check")

    def sql(self, text, database=None):
        """As the superuser; a list of texts for each row."""
        dsn = f"{os.environ['SOUK_ADMIN_DSN']} dbname={database or self.database}"
        return [line.split("\t") for line in psql(dsn, text).splitlines()]

    def rows(self, query):
        """As the superuser; a dictionary for each row."""
        found = self.sql(f"SELECT row_to_json(found) FROM ({query}) AS found")
        return [json.loads(row) for (row,) in found]

    def log(self, name, lines=40):
        path = self.folder / f"{name}.log"
        text = path.read_text(errors="replace").splitlines()[-lines:] if path.exists() else []
        return "\n".join([f"--- {name}, the last {len(text)} lines", *text])

    def print_logs(self):
        for path in sorted(self.folder.glob("*.log")):
            print(self.log(path.stem), file=sys.stderr)


class SystemTest(unittest.TestCase):
    """One shop for all tests of a class; what it logged is shown where one of them fails."""

    settings = {}
    together = False

    @classmethod
    def setUpClass(cls):
        cls.shop = cls.enterClassContext(System(cls.settings, cls.together))

    def run(self, result=None):
        before = len(result.failures) + len(result.errors)
        super().run(result)
        if len(result.failures) + len(result.errors) > before:
            self.shop.print_logs()

    def assert_problem(self, reply, status, code=None):
        """An error as RFC 9457 has it."""
        self.assertEqual(status, reply.status, reply)
        self.assertEqual("application/problem+json", reply.headers["Content-Type"])
        self.assertEqual(status, reply.json["status"])
        for key in ("type", "title", "code", "detail"):
            self.assertIsInstance(reply.json[key], str, key)
        if code:
            self.assertEqual(code, reply.json["code"], reply)
