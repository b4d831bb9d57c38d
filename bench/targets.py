"""What each row is held against, and what is aimed at. A target that is missed fails no run."""

import re
from collections import namedtuple

Target = namedtuple("Target", "at_least stretch", defaults=(None,))


def best(points, kind, count):
    """Of all numbers of clients: the most that it can do."""
    return max(points[kind].values(), key=lambda point: point["per_second"])


def alike(points, kind, count):
    """With as many connections, or calls in flight."""
    return points[kind].get(count)


# A kind of row, what it is held against, which of that, and its targets by connections or calls.
HELD = (
    ("orders", "yardstick spread", best, {64: Target(2.0, 3.0)}),
    ("orders with all following", "orders with nobody following", alike, {64: Target(0.7)}),
    ("orders of one SKU", "orders", alike, {64: Target(0.9)}),
    ("orders of one SKU", "yardstick hot", best, {}),
    ("product reads", "constant page", alike, {64: Target(0.4, 0.5), 256: Target(0.4, 0.5)}),
    ("inventory.check", "bare proxy", alike, {64: Target(0.35), 256: Target(0.35)}),
    ("echo behind the broker", "bare proxy", alike, {64: Target(0.6), 256: Target(0.6)}),
    ("echo behind the broker", "nats-server", alike, {64: Target(1.0), 256: Target(1.0)}),
    ("echo behind the broker", "nats-server (event loop)", alike, {}),
)
ALONE_AT_MOST = 2.5


def sort(points):
    """By kind and number: "orders, 64 connections" is sorted["orders"][64]."""
    found = {}
    for point in points:
        match = re.fullmatch(r"(.*), (\d+) (?:connections|in flight|clients)", point["name"])
        if match:
            found.setdefault(match[1], {})[int(match[2])] = point
    return found


def ratio(point, other, target):
    held = {"to": other["name"], "value": point["per_second"] / other["per_second"]}
    if target:
        held |= {"at_least": target.at_least, "reached": held["value"] >= target.at_least}
    if target and target.stretch:
        held |= {"stretch": target.stretch, "stretched": held["value"] >= target.stretch}
    return held


def hold(bench):
    points = sort(bench.points)
    for kind, against, choose, goals in HELD:
        for count, point in points[kind].items():
            other = choose(points, against, count)
            if other:
                point.setdefault("ratios", []).append(ratio(point, other, goals.get(count)))
    alone_ms = 1000 / points["yardstick spread"][1]["per_second"]
    bench.fact("p50 of one order alone, to the yardstick's with one client",
               points["orders"][1]["p50_ms"] / alone_ms, "times", at_most=ALONE_AT_MOST)
