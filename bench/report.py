"""Tables for people, one JSON for programs, both kept under bench/results/."""

import json
import os
import time

ROW = "{:<46}{:>10}{:>9}{:>9}{:>9}{:>8}  {}"
HEAD = ROW.format("", "per second", "p50 ms", "p99 ms", "cpu us", "ratio", "to, and target")
FACT_ROW = "{:<60}{:>12} {:<10}  {}"
PERCENTILES = ("p50_ms", "p90_ms", "p99_ms", "p999_ms", "max_ms")
LATENCY_ROW = "{:<34}{:>10}" + "{:>9}" * len(PERCENTILES)


def judged(target, reached):
    return f"{target}, {'reached' if reached else 'missed'}"


def ratio_text(held):
    text = held["to"].split(",")[0]
    if "at_least" in held:
        text += ": " + judged(f"at least {held['at_least']:g}", held["reached"])
    if "stretch" in held:
        text += "; " + judged(f"stretch {held['stretch']:g}", held["stretched"])
    return text


def point_row(point):
    """Of several ratios each has a line."""
    used = point.get("processor_us")
    figures = [f"{point[name]:.2f}" if name in point else "" for name in ("p50_ms", "p99_ms")]
    figures.append(f"{sum(used.values()):.0f}" if used else "")
    ratios = [(f"{held['value']:.2f}", ratio_text(held)) for held in point.get("ratios", [])]
    first, *others = ratios or [("", "")]
    rows = [ROW.format(point["name"], f"{point['per_second']:,.0f}", *figures, *first)]
    rows += [ROW.format("", "", "", "", "", *ratio) for ratio in others]
    return "\n".join(row.rstrip() for row in rows)


def point_rows(points):
    """All of a kind together, although they were measured in turn with others."""
    kinds = list(dict.fromkeys(kind(point) for point in points))
    yield HEAD
    yield from map(point_row, sorted(points, key=lambda point: kinds.index(kind(point))))


def kind(point):
    return point["name"].rsplit(",", 1)[0]


def latency_rows(points):
    yield ""
    yield ("orders that come at a fixed rate (as a Poisson process), times from when each was due,"
           " in ms")
    yield LATENCY_ROW.format("", "per second", "p50", "p90", "p99", "p99.9", "max")
    for point in points:
        yield LATENCY_ROW.format(kind(point), f"{point['offered_per_second']:,.0f}",
                                 *(f"{point[name]:,.1f}" for name in PERCENTILES))


def fact_row(fact):
    bound = next((name for name in ("at_most", "at_least") if name in fact), None)
    target = judged(f"{bound.replace('_', ' ')} {fact[bound]:g}", fact["reached"]) if bound else ""
    value = "not measured" if fact["value"] is None else f"{fact['value']:,.2f}"
    return FACT_ROW.format(fact["name"], value, fact["unit"], target).rstrip()


def fact_rows(facts):
    """What is measured but is no rate, a table of its own."""
    if facts:
        yield from ("", FACT_ROW.format("", "value", "unit", "target").rstrip())
        yield from map(fact_row, facts)


def cost_rows(title, points):
    """Where an order's processor time goes: a line for each process, dearest first, a column for
    each point."""
    costs = [point["processor_us"] for point in points]
    total = {name: sum(cost.get(name, 0) for cost in costs) for cost in costs for name in cost}
    dear = [name for name in sorted(total, key=total.get, reverse=True) if total[name] >= 1]
    row = "{:<34}" + "{:>9}" * len(points)
    yield from ("", title)
    yield row.format("", *(point["name"].rsplit(", ", 1)[1].split()[0] for point in points))
    for name in dear:
        yield row.format(f"    {name}", *(f"{cost.get(name, 0):.0f}" for cost in costs))
    yield row.format("    together", *(f"{sum(cost.values()):.0f}" for cost in costs))


def all_cost_rows(points):
    for name, title in (("orders", "processor time of an order in us, by connections"),
                        ("yardstick spread", "the same of the yardstick's order, by clients")):
        yield from cost_rows(title, [point for point in points if kind(point) == name])


def machine_rows(report):
    machine = report["machine"]
    yield (f"{machine['cores']} cores of {machine['processor']}, {machine['memory']},"
           f" Linux {machine['kernel']}")
    yield (f"a commit waits {machine['sync_us']} us for the disk;"
           f" others took {machine['busy_before']:.0%} of the processors before")
    settings = ", ".join(f"{name} {value}" for name, value in sorted(machine["settings"].items()))
    yield f"PostgreSQL {machine['postgresql']}: {settings}"


def text(report):
    length = "quick" if report["quick"] else "full"
    closed = [point for point in report["points"] if "offered_per_second" not in point]
    opened = [point for point in report["points"] if "offered_per_second" in point]
    rows = [f"Souk {report['revision']}, {report['date']}, {length} run", *machine_rows(report), "",
            *point_rows(closed), *latency_rows(opened), *fact_rows(report["facts"]), "",
            *report["verified"], *all_cost_rows(closed)]
    return "\n".join(rows) + "\n"


def keep(report, table, folder):
    """Writes both; their path, without its ending."""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, time.strftime("%Y-%m-%dT%H-%M-%S"))
    with open(f"{path}.json", "w", encoding="utf-8") as file:
        json.dump(report, file, indent=4)
    with open(f"{path}.txt", "w", encoding="utf-8") as file:
        file.write(table)
    return path
