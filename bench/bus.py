"""Calls straight over ZeroMQ from one pipelining client, and the same bytes through a bare proxy
and through nats-server."""

import os

import shop

IN_FLIGHT = (1, 64, 256)
NATS_SERVER = "/usr/sbin/nats-server"


def measure(bench):
    print("==> the bus")
    bench.shop.start()
    for count in IN_FLIGHT:
        ask(bench, "inventory.check", count, os.environ["SOUK_BROKERS"], "inventory.check", "reply")
    bench.shop.stop()
    ways = (start_broker(bench), start_proxy(bench), *start_nats(bench))
    for count in IN_FLIGHT:
        for way in ways:
            way(count)
    bench.shop.stop()


def ask(bench, name, count, endpoint, operation, answers):
    bench.load(f"{name}, {count} in flight", "bench-bus", endpoint, operation, answers, count,
               *bench.brief, bench.skus)


def start_broker(bench):
    """A worker that does nothing, behind a broker without other services."""
    endpoint = f"ipc://{run_folder()}/echo"
    environment = dict(os.environ, SOUK_BROKER_BIND=f"{endpoint}.ipc",
                       SOUK_EVENTS_IN=f"{endpoint}-in.ipc", SOUK_EVENTS_OUT=f"{endpoint}-out.ipc")
    bench.shop.spawn("broker", ["build/souk", "broker"], environment)
    bench.shop.spawn("echo", ["build/bench-echo", "broker", f"{endpoint}.ipc"])
    return lambda count: ask(bench, "echo behind the broker", count, f"{endpoint}.ipc",
                             "echo.echo", "reply")


def start_proxy(bench):
    endpoint = f"ipc://{run_folder()}/proxy"
    bench.shop.spawn("proxy", ["build/bench-proxy", f"{endpoint}.ipc", f"{endpoint}-back.ipc"])
    bench.shop.spawn("worker", ["build/bench-echo", "proxy", f"{endpoint}-back.ipc"])
    return lambda count: ask(bench, "bare proxy", count, f"{endpoint}.ipc", "inventory.check",
                             "echo")


def start_nats(bench):
    """With the client's own threads, as its documentation shows, and in an event loop."""
    port = shop.free_port()
    bench.shop.spawn("nats", [NATS_SERVER, "-a", "127.0.0.1", "-p", str(port)])
    for name, how in (("nats-server", "threads"), ("nats-server (event loop)", "loop")):
        url = f"nats://127.0.0.1:{port}"
        bench.shop.spawn(f"nats-{how}", ["build/bench-nats", "echo", url, how])
        yield lambda count, name=name, how=how: bench.load(
            f"{name}, {count} in flight", "bench-nats", "ask", url, how, count, *bench.brief,
            bench.skus)


def run_folder():
    return os.path.dirname(os.environ["SOUK_BROKERS"].removeprefix("ipc://"))
