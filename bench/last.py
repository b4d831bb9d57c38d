"""This run beside the one before it."""

import glob
import json
import os

ROW = "{:<62}{:>14}{:>14}{:>9}"


def find(folder, quick):
    """The newest report of a run that was as long. None: there is none that can be read."""
    for path in sorted(glob.glob(os.path.join(folder, "*.json")), reverse=True):
        try:
            with open(path, encoding="utf-8") as file:
                report = json.load(file)
        except ValueError:
            continue
        if report.get("quick") == quick:
            return report
    return None


def figures(report):
    """Name, value and how it is written, ratios first: they alone are worth comparing."""
    points, facts = report.get("points", []), report.get("facts", [])
    for point in points:
        for held in point.get("ratios", []):
            yield f"{point['name']} : {held['to'].split(',')[0]}", held["value"], "{:.2f}"
    for fact in facts:
        yield f"{fact['name']}, {fact['unit']}", fact["value"], "{:,.2f}"
    for point in points:
        yield f"{point['name']}, each second", point["per_second"], "{:,.0f}"


def text(report, earlier):
    if not earlier:
        return "\nno earlier run of this kind to compare with\n"
    before = {name: value for name, value, _ in figures(earlier)}
    rows = ["", f"beside the last run like this, of {earlier['date']}, Souk {earlier['revision']};",
            "only ratios compare between runs, since rates are the machine's of that day",
            ROW.format("", "then", "now", "change").rstrip()]
    for name, value, written in figures(report):
        then = before.get(name)
        if then and value is not None:
            rows.append(ROW.format(name, written.format(then), written.format(value),
                                   f"{value / then - 1:+.0%}"))
    return "\n".join(rows) + "\n"
