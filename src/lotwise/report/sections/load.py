"""How full machines are: what lots run, set-ups, overtime and added shifts, by machine and week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report import charts
from lotwise.report.charts import Chart
from lotwise.report.numbers import cell, total

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

MOST_DRAWN, MOST = 9, 30
"""Machines drawn, and machines listed."""
HOURS = ("hours", "shifts", "run", "setup", "overtime")
ROOM = 1.08
"""Space above the highest bar of a load chart."""


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the machines, the fullest first, each with its weeks."""
    machines: dict[str, list[Row]] = {}
    for row in book.rows("loads", order=[("machine", "ascending"), ("week", "ascending")]):
        machines.setdefault(row["machine"], []).append(row)
    order = sorted(machines, key=lambda machine: (-max(map(share, machines[machine])), machine))
    drawn: list[dict[str, Any]] = [
        {
            "name": book.called(machine),
            "chart": _chart(book, words, machine, machines[machine], place),
            "weeks": [_week(words, numbers, row) for row in machines[machine]],
        }
        for place, machine in enumerate(order[:MOST_DRAWN], start=1)
    ]
    return {
        "missing": book.missing("loads"),
        "machines": [_machine(book, words, numbers, machine, machines[machine]) for machine in order[:MOST]],
        "drawn": drawn,
        "drawn_shown": numbers.whole(len(drawn)),
        "all": numbers.whole(len(order)),
        "is_cut": len(order) > MOST,
        "charts": {load["chart"].name: load["chart"] for load in drawn},
    }


def share(row: Row) -> float:
    """Return hours used over regular hours and added shifts; 1 where there are none and some are used all the same."""
    there, used = row["hours"] + row["shifts"], row["run"] + row["setup"]
    return used / there if there > 0 else float(used > 0)


def _machine(book: Book, words: Words, numbers: Numbers, machine: str, rows: list[Row]) -> dict[str, Any]:
    sums = {name: sum(row[name] for row in rows) for name in HOURS}
    fullest = max(rows, key=share)
    there = sums["hours"] + sums["shifts"]
    return {name: numbers.units(sums[name], total("loads", name, {"machine": machine})) for name in HOURS} | {
        "name": book.called(machine),
        "load": numbers.share((sums["run"] + sums["setup"]) / there if there > 0 else None, decimals=0),
        "fullest": words.brief(fullest["week"]),
        "most": numbers.share(share(fullest), decimals=0),
        "is_full": share(fullest) >= 1 - 1e-6,
    }


def _week(words: Words, numbers: Numbers, row: Row) -> dict[str, Any]:
    figures = {name: numbers.units(row[name], cell("loads", name, row)) for name in (*HOURS, "most_overtime", "without_limits")}
    return figures | {"week": words.brief(row["week"]), "is_full": share(row) >= 1 - 1e-6}


def _chart(book: Book, words: Words, machine: str, rows: list[Row], place: int) -> Chart:
    drawn, said = [], []
    for row in rows:
        week, there = words.brief(row["week"]), row["hours"] + row["shifts"]
        told = {"used": row["run"] + row["setup"], "capacity": there, "setup": row["setup"], "overtime": row["overtime"]}
        said.append(words.text("load.point", week=week, **{name: f"{hours:,.1f}" for name, hours in told.items()}))
        most = there + row["most_overtime"]
        drawn.append(
            {"week": week, "run": row["run"], "setup": row["setup"], "capacity": there, "most": most, "shown": said[-1]}
        )
    top = ROOM * max(max(row["run"] + row["setup"], row["most"]) for row in drawn)
    names = {key: words.text(f"load.{key}") for key in ("run", "setup", "hours", "load")}
    label = words.text("load.label", name=book.name(machine), lines=words.text("headline.join").join(said))
    return Chart(f"load-{place}", charts.load(drawn, words=names, top=top or 1.0), label)
