"""One table for people, one JSON for programs, both kept under bench/results/."""

import json
import os
import time

ROW = "{:<44}{:>12}{:>10}{:>10}{:>9}  {}"
FACT_ROW = "{:<60}{:>12} {:<10}  {}"


def judged(target, reached):
    return f"{target}, {'reached' if reached else 'missed'}"


def point_row(point):
    ratio = f"{point['ratio']:.2f}" if "ratio" in point else ""
    target = ""
    if "target" in point and "ratio" in point:
        target = judged(f"at least {point['target']:g}", point["ratio"] >= point["target"])
    times = [f"{point[name]:.2f}" if name in point else "" for name in ("p50_ms", "p99_ms")]
    return ROW.format(point["name"], f"{point['per_second']:,.0f}", *times, ratio, target).rstrip()


def fact_row(fact):
    bound = next((name for name in ("at_most", "at_least") if name in fact), None)
    target = judged(f"{bound.replace('_', ' ')} {fact[bound]:g}", fact["reached"]) if bound else ""
    return FACT_ROW.format(fact["name"], f"{fact['value']:,.2f}", fact["unit"], target).rstrip()


def fact_rows(facts):
    """What is measured but is no rate, a table of its own."""
    if facts:
        yield from ("", FACT_ROW.format("", "value", "unit", "target").rstrip())
        yield from map(fact_row, facts)


def processor_rows(points):
    """Where an order's processor time goes, dearest first."""
    for point in points:
        if "processor_us" not in point:
            continue
        costs = sorted(point["processor_us"].items(), key=lambda item: -item[1])
        total = sum(point["processor_us"].values())
        yield ""
        yield f"processor time for each of {point['name']}: {total:.0f} us"
        yield from (f"    {us:7.1f} us  {name}" for name, us in costs if us >= 0.5)


def machine_rows(report):
    machine = report["machine"]
    yield (f"{machine['cores']} cores of {machine['processor']}, {machine['memory']},"
           f" Linux {machine['kernel']}")
    yield (f"a commit waits {machine['sync_us']} us for the disk;"
           f" others took {machine['busy_before']:.0%} of the processors before")
    settings = ", ".join(f"{name} {value}" for name, value in sorted(machine["settings"].items()))
    yield f"PostgreSQL {machine['postgresql']}: {settings}"


def text(report):
    kind = "quick" if report["quick"] else "full"
    rows = [f"Souk {report['revision']}, {report['date']}, {kind} run", *machine_rows(report), "",
            ROW.format("", "per second", "p50 ms", "p99 ms", "ratio", "target").rstrip(),
            *map(point_row, report["points"]), *fact_rows(report["facts"]), "", *report["verified"],
            *processor_rows(report["points"])]
    return "\n".join(rows) + "\n"


def keep(report, root):
    """Writes both; the path of the table."""
    folder = os.path.join(root, "bench", "results")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, time.strftime("%Y-%m-%dT%H-%M-%S"))
    with open(f"{path}.json", "w", encoding="utf-8") as file:
        json.dump(report, file, indent=4)
    with open(f"{path}.txt", "w", encoding="utf-8") as file:
        file.write(text(report))
    return f"{path}.txt"
