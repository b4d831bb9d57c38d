"""The shop that is measured: the processes of the Procfile, on a database of its own."""

import hashlib
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
import uuid

PRODUCTS = 1000
CUSTOMERS = 500
STOCK = 1_000_000  # of each product: more than any run sells
START_S = 30
STOP_S = 15


class Failure(Exception):
    """What is wrong, in a sentence for people."""


def run(*command, **options):
    """The output of a command that must end well."""
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise Failure(f"{' '.join(command[:3])}: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def sql(statement):
    """The rows of a statement, run by the server's owner; columns end with a |."""
    dsn = os.environ["SOUK_ADMIN_DSN"]
    rows = run("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", dsn, input=statement)
    return rows.split("\n")[:-1]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetch(port, target):
    """The header fields and the body of an answer that must be 200. OSError: nobody listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", target)
        answer = connection.getresponse()
        if answer.status != 200:
            raise Failure(f"{target} is answered by {answer.status}")
        return answer.getheaders(), answer.read()
    finally:
        connection.close()


def read_procfile(path):
    with open(path, encoding="utf-8") as lines:
        pairs = (line.split(":", 1) for line in lines if ":" in line and line[0] != "#")
        return {name.strip(): command.strip() for name, command in pairs}


class Shop:
    """Started by start(), ended by stop(), each process by its own id."""

    def __init__(self, root, folder):
        self.root = root
        self.folder = folder
        self.port = free_port()
        self.processes = {}

    def path(self, *names):
        path = os.path.join(self.folder, *names)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def start(self, procfile="Procfile"):
        self.spawn_all(procfile)
        self.await_ready()

    def spawn_all(self, procfile):
        environment = dict(os.environ, SOUK_HTTP_PORT=str(self.port), PORT=str(self.port))
        for name, command in read_procfile(os.path.join(self.root, procfile)).items():
            self.spawn(name, ["sh", "-c", f"exec {command}"], environment)

    def spawn(self, name, command, environment=None):
        """Out of Ctrl-C's reach, but in our session: the scheduler deals out time by sessions, and
        ./souk up has all in one, too."""
        environment = dict(environment or os.environ, SOUK_DIE_WITH_PARENT="true")
        with open(self.path("log", f"{name}.log"), "wb") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=self.root, env=environment, stdout=log, stderr=log,
                stdin=subprocess.DEVNULL, process_group=0)

    def await_ready(self):
        deadline = time.monotonic() + START_S
        while self.get("/readyz") != 200:
            self.expect_all_alive()
            if time.monotonic() > deadline:
                logs = self.path("log", "")
                raise Failure(f"the shop is not ready after {START_S} s; see {logs}")
            time.sleep(0.05)

    def get(self, target, token=None):
        """The status of the answer; 0: there was none."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{target}")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def expect_all_alive(self):
        for name, process in self.processes.items():
            if process.poll() is not None:
                log = self.path("log", f"{name}.log")
                raise Failure(f"{name} ended with {process.returncode}; see {log}")

    def stop(self, *names):
        """Those named, or all; SIGKILL only for who does not go."""
        going = {name: self.processes.pop(name) for name in names or list(self.processes)}
        for process in going.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_S
        for name, process in going.items():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                print(f"    {name} did not end within {STOP_S} s and was killed")


def seed_catalogue(shop):
    """Through the public operations, as ./souk up does it. The file of all SKUs."""
    skus = [f"BENCH-{number:04}" for number in range(1, PRODUCTS + 1)]
    products = [{"sku": sku, "name": f"Bench product {sku}", "description": "Sold by the thousand.",
                 "price": {"amount": 1200, "currency": "EUR"}} for sku in skus]
    stock = [{"sku": sku, "quantity": STOCK} for sku in skus]
    with open(shop.path("seed", "products.json"), "w", encoding="utf-8") as file:
        json.dump({"products": products}, file)
    with open(shop.path("seed", "stock.json"), "w", encoding="utf-8") as file:
        json.dump({"key": "bench", "lines": stock}, file)
    run("build/souk", "seed", shop.path("seed", ""), cwd=shop.root)
    return write_lines(shop.path("skus"), skus)


def seed_customers(shop):
    """Straight into the tables: argon2id would take minutes. The file of tokens."""
    tokens, rows = [], []
    for number in range(CUSTOMERS):
        token, user, session = secrets.token_urlsafe(32), uuid.uuid4(), uuid.uuid4()
        email = f"customer{number}@bench.example"
        digest = hashlib.sha256(token.encode()).hexdigest()
        tokens.append(token)
        rows.append(f"('{user}', '{session}', '{email}', '{digest}')")
    sql("CREATE TEMP TABLE customer (id uuid, session uuid, email text, digest text);"
        f"INSERT INTO customer VALUES {','.join(rows)};"
        'INSERT INTO "user".account (id, email, name, status)'
        " SELECT id, email, 'Customer', 'active' FROM customer;"
        "INSERT INTO auth.credential (user_id, email, password_hash, status)"
        " SELECT id, email, 'none', 'active' FROM customer;"
        "INSERT INTO auth.session (id, token_hash, user_id, expires_at, ends_at)"
        " SELECT session, digest, id, now() + interval '1 day', now() + interval '30 days' FROM customer;"
        "ANALYZE auth.credential; ANALYZE auth.session; ANALYZE \"user\".account;")
    return write_lines(shop.path("tokens"), tokens)


def write_lines(path, lines):
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return path
