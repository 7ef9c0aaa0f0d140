"""Hours of machines in the current plan: what its lots run and set up, beside ``loads`` and what there is."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lotwise.plan.check.breach import AGAIN, HALF, SHARE, SOLVER, broken, unequal
from lotwise.plan.check.published import rows_of
from lotwise.plan.check.supply import ALL
from lotwise.plan.check.works import way

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from lotwise.plan.check.breach import Breach
    from lotwise.plan.check.published import Row
    from lotwise.plan.check.supply import Bounds, Supply

Cells = dict[tuple[str, int], "Bounds"]
WORKDAYS = 5
SAME = ("item", "site", "route", "week")
"""What is expected to be assembled beside a lot of the same shares its set-up."""


def run_hours(of: Supply) -> tuple[Cells, Cells]:
    """Return the hours that lots run and are set up on each machine in each week: least and most, where machines are chosen."""
    run: Cells = defaultdict(lambda: (0.0, 0.0))
    setup: Cells = defaultdict(lambda: (0.0, 0.0))
    ordered = {tuple(lot[name] for name in SAME) for lot in of.lots if lot["status"] != "expected"}
    for lot in of.lots:
        is_shared = lot["status"] == "expected" and tuple(lot[name] for name in SAME) in ordered
        for _, rows in way(of, lot) or ():
            for row in rows:
                at = (row["machine"], of.number(lot["week"]))
                once = 0.0 if is_shared else row["setup_hours"] or 0.0
                for cells, hours in ((run, lot["started"] * row["hours"]), (setup, once)):
                    cells[at] = (cells[at][0] + (hours if len(rows) == 1 else 0.0), cells[at][1] + hours)
    for at, hours in _families(of).items():
        setup[at] = (setup[at][0] + hours[0], setup[at][1] + hours[1])
    return run, setup


def _families(of: Supply) -> Cells:
    """Return the hours of families' set-ups: once in each week, for members that run on the machine, or all where none does."""
    members: dict[str, set[str]] = defaultdict(set)
    for (item, _), row in of.items.items():
        if row["family"] is not None:
            members[row["family"]].add(item)
    found: Cells = {}
    for row in rows_of(of.tables, "families"):
        machine = row["machine"]
        runs = {item for item in members[row["family"]] if any(machine in rows for rows in of.steps.get(item, {}).values())}
        for lot in of.lots:
            if of.says(lot["item"], lot["site"], "family") != row["family"] or (runs and lot["item"] not in runs):
                continue
            on = [[one["machine"] for one in rows] for _, rows in way(of, lot) or ()]
            surely, maybe = [machine] in on or not runs, not runs or any(machine in names for names in on)
            least, most = found.get((machine, of.number(lot["week"])), (0.0, 0.0))
            hours = row["setup_hours"] or 0.0
            found[machine, of.number(lot["week"])] = (max(least, hours * surely), max(most, hours * maybe))
    return found


def regular(of: Supply) -> dict[tuple[str, int], tuple[float, float]]:
    """Return regular and most overtime hours of each machine and week, holidays and weeks that differ counted."""
    off: dict[tuple[str, int], set[date]] = defaultdict(set)
    for row in rows_of(of.tables, "calendar"):
        if row["working"] is False and row["day"].weekday() < WORKDAYS:
            off[row["region"], of.number(row["day"])].add(row["day"])
    weeks = {(row["machine"], row["week"]): row for row in rows_of(of.tables, "machine_weeks")}
    found = {}
    for machine in rows_of(of.tables, "machines"):
        site = machine.get("site") or ALL
        for number, week in enumerate(of.plan.weeks):
            own = weeks.get((machine["machine"], week), {})
            share = 1 - len(off[ALL, number] | off[site, number]) / WORKDAYS
            extra = own.get("overtime_hours")
            extra = machine["overtime_hours"] or 0.0 if extra is None else extra
            there = own.get("hours", machine["hours"] * share)
            found[machine["machine"], number] = (there, extra if of.settings.overtime else 0.0)
    return found


def loads(of: Supply) -> Iterator[Breach]:
    """Yield machines and weeks whose hours are not those of the lots, or more than there are."""
    run, setup = run_hours(of)
    there, machines = regular(of), {row["machine"]: row for row in rows_of(of.tables, "machines")}
    published = {(row["machine"], of.number(row["week"])): row for row in rows_of(of.tables, "loads")}
    slack = HALF * (2 + len(of.lots))
    for at in sorted(there.keys() | published.keys()):
        (machine, number), row = at, published.get(at)
        week = of.plan.weeks[number] if 0 <= number < len(of.plan.weeks) else None
        if at not in there or week is None:
            remedy = "The machine, or the week, is unknown: correct table machines, and plan again."
            yield broken(("load", machine, week), (0, "exactly", 1), "rows of 'machines' for a row of 'loads'", remedy)
            continue
        hours, extra = there[at]
        least = run[at][0] + setup[at][0]
        if row is not None:
            yield from _as_published(("load", machine, week), row, (run[at], setup[at], there[at]), slack)
            yield from _shifts(("load", machine, week), row, machines[machine])
            extra, hours = row["overtime"], row["hours"] + row["shifts"]
        elif "loads" in of.tables and least > slack:
            yield broken(("load", machine, week), (0.0, "at least", least), "table 'loads', for the hours of its lots", AGAIN)
            continue
        else:
            hours += (machines[machine].get("extra_shifts") or 0) * (machines[machine].get("shift_hours") or 0.0)
        most = hours + extra
        if of.settings.mode != "unconstrained" and least > most * (1 + SHARE) + SOLVER + slack:
            remedy = (
                "Its lots run and are set up longer than there are hours: make less in this week, or add hours in machines."
            )
            yield broken(("load", machine, week), (least, "at most", most), f"lots on {machine}", remedy)


def _as_published(
    at: tuple[str, str, date | None], row: Row, own: tuple[Bounds, Bounds, tuple[float, float]], slack: float
) -> Iterator[Breach]:
    run, setup, (hours, extra) = own
    judged = [
        (name, row[name], min(max(row[name], least), most), slack + SHARE * most)
        for name, (least, most) in (("run", run), ("setup", setup))
    ]
    needed = max(row["run"] + row["setup"] - row["hours"] - row["shifts"], 0.0)
    judged.append(("overtime", row["overtime"], min(needed, extra), slack + SOLVER))
    judged += [("hours", row["hours"], hours, 2 * HALF), ("most_overtime", row["most_overtime"], extra, 2 * HALF)]
    yield from unequal(at, judged, "table 'loads', beside lots, routing, families and machines", AGAIN)


def _shifts(at: tuple[str, str, date | None], row: Row, machine: Row) -> Iterator[Breach]:
    each, most = machine.get("shift_hours") or 0.0, machine.get("extra_shifts") or 0
    whole = round(row["shifts"] / each) * each if each > 0 else 0.0
    allowed = min(whole, most * each)
    if abs(row["shifts"] - allowed) > SOLVER:
        remedy = f"Added shifts are whole ones of {each:,.10g} hours, {most} at most."
        yield broken(at, (row["shifts"], "such as", allowed), "table 'loads', column 'shifts'", remedy)


def priced(of: Supply) -> Iterator[Breach]:
    """Yield rows of ``prices`` of the current plan whose hours are not those of ``loads``."""
    published = {(row["machine"], row["week"]): row for row in rows_of(of.tables, "loads")}
    for row in rows_of(of.tables, "prices") if "loads" in of.tables else ():
        if (row["information"], row["cutoff"], row["kind"]) != (of.plan.information, of.plan.cutoff, "machine"):
            continue
        load = published.get((row["resource"], row["week"]), {"run": 0.0, "setup": 0.0, "overtime": 0.0})
        judged = (
            ("used", row["used"], load["run"] + load["setup"], 4 * HALF),
            ("overtime", row["overtime"], load["overtime"], 4 * HALF),
        )
        yield from unequal(("prices", row["resource"], row["week"]), judged, "table 'prices' beside 'loads'", AGAIN)
