"""Orders placed through everything: HTTP, edge, broker, four services, PostgreSQL."""

import time

import latency
import shop
import sql_client
from shop import Failure

CONNECTIONS = (1, 8, 64, 256)
HOT_CONNECTIONS = 64


def measure(bench):
    print("==> orders")
    bench.shop.start()
    expect_customers(bench)
    for connections in CONNECTIONS:
        bench.orders("orders", "orders", connections, lines=2)
        if connections == HOT_CONNECTIONS:
            bench.orders("orders of one SKU", "hot", connections, lines=1)
    latency.measure(bench)
    verify(bench)
    bench.shop.stop()
    sql_client.measure(bench)


def expect_customers(bench):
    with open(bench.tokens, encoding="utf-8") as tokens:
        if bench.shop.get("/v1/me", tokens.readline().strip()) != 200:
            raise Failure("the customers that were made are not known to the shop")


def verify(bench):
    """What was counted is what the tables hold."""
    count(bench)
    check = shop.run("build/souk", "check", cwd=bench.shop.root).strip().splitlines()
    bench.verified += [
        f"{bench.orders_answered:,} orders were answered 201, and as many are confirmed, paid,"
        " reserved", f"souk check: {len(check)} invariants hold"]


def count(bench):
    settle()
    held = shop.sql('SELECT (SELECT count(*) FROM "order".orders WHERE status = \'confirmed\'),'
                    ' (SELECT count(*) FROM "order".orders),'
                    " (SELECT count(*) FROM payment.payment WHERE status = 'captured'),"
                    " (SELECT sum(reserved) FROM inventory.stock)")[0]
    told = [bench.orders_answered] * 3 + [bench.order_lines]
    if [int(number) for number in held.split("|")] != told:
        raise Failure(f"the tables do not hold what was answered: {held}, expected {told}")


def settle():
    """All orders that were answered have ended; nothing is to be waited for."""
    deadline = time.monotonic() + 10
    while shop.sql('SELECT count(*) FROM "order".orders WHERE status = \'placing\'') != ["0"]:
        if time.monotonic() > deadline:
            raise Failure("orders are still being placed 10 s after the last answer")
        time.sleep(0.1)
