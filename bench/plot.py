"""Draws the points of a run: a file of figures for each plot, and a script of gnuplot's that knows
how it looks."""

import report
import shop
import targets

NOTHING = "-"  # to gnuplot, too


def draw(points, scripts, path):
    """Writes path-NAME.dat and path-NAME.svg for every plot; how many they are."""
    plots = {"orders": rates(points, ("orders", "yardstick spread")),
             "cost": costs(points, ("orders", "yardstick spread")),
             "latency": latencies(points),
             "bus": rates(points, ("inventory.check", "echo behind the broker", "bare proxy",
                                   "nats-server", "nats-server (event loop)"))}
    for name, rows in plots.items():
        with open(f"{path}-{name}.dat", "w", encoding="utf-8") as file:
            file.writelines("\t".join(map(str, row)) + "\n" for row in rows)
        shop.run("gnuplot", "-c", f"{name}.gp", f"{path}-{name}.dat", f"{path}-{name}.svg",
                 cwd=scripts)
    return len(plots)


def rates(points, kinds):
    return columns(points, kinds, lambda point: point["per_second"])


def costs(points, kinds):
    return columns(points, kinds, lambda point: sum(point["processor_us"].values()))


def columns(points, kinds, figure):
    """A line for each number of connections, a column for each kind."""
    found = targets.sort(points)
    counts = sorted({count for kind in kinds for count in found[kind]})
    yield ("count", *(f'"{kind}"' for kind in kinds))
    for count in counts:
        yield (count, *(figure(found[kind][count]) if count in found[kind] else NOTHING
                        for kind in kinds))


def latencies(points):
    """A line for each load, a column for each percentile."""
    yield ("load", "p50", "p90", "p99", "p99.9", "max")
    for point in points:
        if "load" in point:
            yield (point["load"] * 100, *(point[name] for name in report.PERCENTILES))
