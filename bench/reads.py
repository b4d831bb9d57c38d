"""Product reads, each from the store, and what they are held against: a constant page of the same
bytes, served by the same libmicrohttpd."""

import time

import shop
from shop import Failure

CONNECTIONS = (1, 64, 256)
OF_LIBMICROHTTPD = ("content-length", "date", "connection")  # it writes them itself
START_S = 5


def measure(bench):
    print("==> product reads, and a constant page")
    bench.shop.start()
    page = open_page(bench)
    for connections in CONNECTIONS:
        for name, port in (("product reads", bench.shop.port), ("constant page", page)):
            bench.http(name, "products", connections, port=port, times=bench.brief)
    bench.shop.stop()


def open_page(bench):
    """The port of a page that is, byte for byte, the shop's answer for one product."""
    with open(bench.skus, encoding="utf-8") as skus:
        target = f"/v1/products/{skus.readline().strip()}"
    fields, body = shop.fetch(bench.shop.port, target)
    path, port = bench.shop.path("page"), shop.free_port()
    with open(path, "wb") as file:
        file.write(body)
    constant = [text for name, value in fields if name.lower() not in OF_LIBMICROHTTPD
                for text in (name, value)]
    bench.shop.spawn("page", ["build/bench-page", str(port), path, *constant])
    page_fields, page_body = await_page(bench, port, target)
    if page_body != body or names(page_fields) != names(fields):
        raise Failure(f"the constant page is not what the shop answers: {page_fields} {page_body}")
    return port


def await_page(bench, port, target):
    deadline = time.monotonic() + START_S
    while True:
        bench.shop.expect_all_alive()
        try:
            return shop.fetch(port, target)
        except OSError:
            if time.monotonic() > deadline:
                raise Failure(f"the constant page is not there after {START_S} s") from None
            time.sleep(0.05)


def names(fields):
    return sorted(name.lower() for name, _ in fields)
