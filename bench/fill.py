"""Fills a cluster with customers, and with orders of three years past in every table that an order
writes. What is done in SQL stands in grow.sql."""

import concurrent.futures
import os
import re
import secrets
import shutil

import shop

# Each group in one transaction, since its tables refer to each other; the dearest first.
TABLES = (('"order".orders', '"order".order_line'), ('"order".event',), ("payment.ledger",),
          ("payment.payment",), ("inventory.reservation",), ("simulator.charge",),
          ('"order".order_history',))
AT_ONCE = 2
BYTES_OF_ORDER = 2500  # in all tables and indexes together, and for sorting
BYTES_BESIDE = 4_000_000_000  # write-ahead logs


def lacking_bytes(folder, orders):
    """What the disk lacks to hold so many; 0 or less: nothing."""
    return orders * BYTES_OF_ORDER + BYTES_BESIDE - shutil.disk_usage(folder).free


def statements(root):
    """Those of grow.sql, by name."""
    with open(os.path.join(root, "bench/grow.sql"), encoding="utf-8") as file:
        parts = re.split(r"^-- (\w+): .*\n", file.read(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def make_customers(opened, count):
    """The file of their tokens."""
    tokens = shop.sql(f"\\set customers {count}\n" + statements(opened.root)["customers"])
    return shop.write_lines(opened.path("tokens"), tokens)


def make_orders(opened, count):
    """In place of all that there are."""
    sql = statements(opened.root)
    shop.sql(sql["indexes_away"])
    seed = str(secrets.randbits(63))

    def fill(tables):
        shop.run(os.path.join(opened.root, "build/bench-grow"), os.environ["SOUK_ADMIN_DSN"], seed,
                 str(count), *tables)

    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(fill, TABLES))
    shop.sql(sql["told"])
    shop.sql(sql["indexes_back"])
    settle(opened.root)


def settle(root):
    """Nothing is left for autovacuum to do while something is measured."""
    shop.sql(statements(root)["settle"])
