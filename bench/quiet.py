"""Loads that get no row of their own: what comes of them is a figure among others."""

import json
import os
import subprocess

import shop
from shop import Failure


def place(opened, connections, times, skus, tokens):
    """Orders of two lines, placed at a shop, right after a checkpoint, so that none pays for what
    others wrote; every one must be confirmed. What bench-http tells."""
    opened.expect_all_alive()
    shop.sql("CHECKPOINT")
    done = subprocess.run(
        [os.path.join(opened.root, "build/bench-http"), str(opened.port), "orders",
         str(connections), *map(str, times), skus, tokens], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0 or not done.stdout:
        raise Failure(f"orders were not placed: {done.stdout.strip() or 'no result'}")
    told = json.loads(done.stdout)
    return told | {"answered": told["statuses"]["201"]}
