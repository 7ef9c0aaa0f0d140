"""The schedule: how it was found, what it comes to, every job on its machine over time, and what each machine does a day."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from lotwise.report import gantt
from lotwise.report.charts import Chart
from lotwise.report.numbers import cell, largest, total
from lotwise.report.sections.bars import DRAWN, Bars, drawn_bars, setup_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

MOST_MACHINES, MOST_JOBS = 24, 12
"""Machines drawn and listed, and jobs listed of each."""
HOURS = ("open", "work", "setup", "overtime", "down")
MONEY = ("total", "tardiness", "setup", "overtime", "change")
PUBLISHED = "published"


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the schedule in figures, its drawing and the dispatch list of each machine."""
    jobs = book.rows("jobs", order=[("machine", "ascending"), ("place", "ascending")])
    sums = _sums(book, numbers)
    order, all_machines = machines(jobs, book)
    found: dict[str, Any] = {
        "missing": book.missing("jobs"),
        "jobs": numbers.whole(len(jobs)),
        "schedules": _schedules(book, words, numbers),
        "said": _said(book, words, numbers),
        "machines": [_machine(words, numbers, name, sums.get(name), jobs) for name in order],
        "all_machines": numbers.whole(all_machines),
        "is_cut": all_machines > len(order),
        "charts": {},
    }
    if not jobs:
        return found
    bars = drawn_bars(book, words, jobs, order)
    charts = (_gantt(words, bars), _days(book, words, bars))
    return found | {
        "charts": {chart.name: chart for chart in charts if chart is not None},
        "drawn": numbers.whole(len(bars.rows)),
        "is_whole": bars.is_whole,
        "until": words.minute(bars.until),
        "most": numbers.whole(DRAWN),
    }


def machines(jobs: Sequence[Row], book: Book) -> tuple[list[str], int]:
    """Return the machines with most work, in the order work goes through their groups, and how many there are."""
    work: dict[str, float] = {}
    steps: dict[str, list[int]] = {}
    group = {row["machine"]: row["group"] for row in book.rows("machine_days")} | {row["machine"]: row["group"] for row in jobs}
    for row in jobs:
        work[row["machine"]] = work.get(row["machine"], 0.0) + row["minutes"] + row["setup_minutes"]
        steps.setdefault(row["group"], []).append(row["step"])
    chosen = sorted(group, key=lambda name: (-work.get(name, 0.0), name))[:MOST_MACHINES]
    when = {name: sum(found) / len(found) for name, found in steps.items()}
    later = max(when.values(), default=0.0) + 1
    return sorted(chosen, key=lambda name: (when.get(group[name], later), group[name], _number(name))), len(group)


def _number(name: str) -> tuple[int, str]:
    """Return the number a machine's name ends with, so that 'sewing 10' comes after 'sewing 9'."""
    last = name.rpartition(" ")[2]
    return (int(last) if last.isdecimal() else 0, name)


def _said(book: Book, words: Words, numbers: Numbers) -> dict[str, Any] | None:
    rows = {row["schedule"]: row for row in book.rows("schedules")}
    mine = rows.get(PUBLISHED)
    if mine is None:
        return None
    other = rows.get("dispatch")
    simple = None if other is None else other["total"] - other["change"]
    saved = None if simple is None else simple - (mine["total"] - mine["change"])
    share = None if saved is None or simple is None or simple <= 0 else saved / simple
    return {
        "starts": words.minute(mine["starts"]),
        "method": _method(words, mine["method"]),
        "why": words.phrase(mine["why"].rstrip(".")),
        "orders": numbers.whole(mine["orders"], cell("schedules", "orders", mine)),
        "operations": numbers.whole(mine["operations"], cell("schedules", "operations", mine)),
        "late": numbers.whole(mine["late"], cell("schedules", "late", mine)),
        "tardiness": numbers.money(mine["tardiness"], cell("schedules", "tardiness", mine), bare=False),
        "moves": numbers.whole(mine["moves"], cell("schedules", "moves", mine)),
        "bound": None if mine["bound"] is None else numbers.money(mine["bound"], cell("schedules", "bound", mine), bare=False),
        "is_late": mine["late"] > 0,
        "saved": None if saved is None else numbers.money(abs(saved), bare=False),
        "is_less": saved is not None and saved >= 0,
        "share": numbers.share(None if share is None else abs(share), decimals=0),
    }


def _method(words: Words, method: str) -> Markup:
    """Return what a way of looking is called; one nobody has a word for keeps its own."""
    key = "schedule.dispatch_rule" if method == "dispatch" else f"schedule.{method}"
    return words(key) if words.has(key) else words.phrase(method)


def _schedules(book: Book, words: Words, numbers: Numbers) -> list[dict[str, Any]]:
    rows = sorted(book.rows("schedules"), key=lambda row: (row["schedule"] != PUBLISHED, row["schedule"]))
    like = largest(rows, *MONEY)
    return [
        {name: numbers.money(row[name], cell("schedules", name, row), like=like) for name in MONEY}
        | {
            "name": words("schedule.this") if row["schedule"] == PUBLISHED else _method(words, row["schedule"]),
            "late": numbers.whole(row["late"], cell("schedules", "late", row)),
            "changed": numbers.whole(row["changed"], cell("schedules", "changed", row)),
            "ends": words.minute(row["ends"]),
            "is_mine": row["schedule"] == PUBLISHED,
        }
        for row in rows
    ]


def _sums(book: Book, numbers: Numbers) -> dict[str, dict[str, Any]]:
    """Return the hours of each machine over all days."""
    columns = {name: book.sums("machine_days", "machine", name) for name in HOURS}
    found: dict[str, dict[str, Any]] = {}
    for machine in columns["open"]:
        hours = {name: columns[name][machine] for name in HOURS}
        used = hours["work"] + hours["setup"]
        there = hours["open"] + hours["overtime"]
        found[machine] = {
            name: numbers.units(hours[name], total("machine_days", name, {"machine": machine})) for name in HOURS
        } | {"load": numbers.share(used / there if there > 0 else None, decimals=0)}
    return found


def _machine(words: Words, numbers: Numbers, name: str, sums: dict[str, Any] | None, jobs: Sequence[Row]) -> dict[str, Any]:
    mine = [row for row in jobs if row["machine"] == name]
    none = dict.fromkeys((*HOURS, "load"), numbers.units(None))
    return (sums or none) | {
        "name": name,
        "count": numbers.whole(len(mine)),
        "jobs": [_job(words, numbers, row) for row in mine[:MOST_JOBS]],
        "is_cut": len(mine) > MOST_JOBS,
    }


def _job(words: Words, numbers: Numbers, row: Row) -> dict[str, Any]:
    return {
        "place": numbers.whole(row["place"], cell("jobs", "place", row)),
        "job": f"{row['lot']} · {row['part']} · {row['step']}",
        "item": row["item"],
        "starts": words.minute(row["starts"]),
        "ends": words.minute(row["ends"]),
        "setup": setup_of(words, row),
        "units": numbers.units(row["units"], cell("jobs", "units", row)),
        "batch": numbers.whole(row["batch"], None if row["batch"] is None else cell("jobs", "batch", row)),
        "status": words(f"schedule.{row['status']}"),
    }


def _gantt(words: Words, bars: Bars) -> Chart:
    fields = {name: words.text(f"schedule.{key}") if key else "" for name, key in bars.fields.items()}
    spec = gantt.gantt(bars.drawn, words={"date": words.text("dates.axis")} | fields)
    told = {"jobs": f"{len(bars.rows):,}", "machines": len(bars.drawn["machines"]), "late": bars.late}
    days = {"first": words.minute(bars.since), "last": words.minute(bars.until)}
    return Chart("gantt", spec, words.text("schedule.label", **told, **days))


def _days(book: Book, words: Words, bars: Bars) -> Chart | None:
    """Return what each machine drawn does on each day drawn; nothing where no table says so."""
    rows = book.rows("machine_days", {"machine": bars.drawn["machines"]}, order=[("day", "ascending")])
    midnight = time()
    drawn = [
        {"machine": row["machine"], "from": row["day"].isoformat(), "to": (row["day"] + timedelta(days=1)).isoformat()}
        | {name: row[name] for name in ("open", "work", "setup", "overtime")}
        | {"shown": words.text("schedule.day", day=words.brief(row["day"]), **{n: f"{row[n]:,.1f}" for n in HOURS})}
        for row in rows
        if datetime.combine(row["day"], midnight) < bars.until  # the floor's own clock
    ]
    if not drawn:
        return None
    names = {"date": words.text("dates.axis"), "load": ""}
    spec = gantt.machine_days({"days": drawn} | {name: bars.drawn[name] for name in ("machines", "span")}, words=names)
    return Chart("machine-days", spec, words.text("schedule.days_label", machines=len(bars.drawn["machines"])))
