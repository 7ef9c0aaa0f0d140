"""A schedule, for people: what it comes to, how full machines are, what is late and why; dispatch lists; an event's changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc
from rich.markup import escape

from lotwise.console.screen import called, console, grid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from typing import TextIO

    import pyarrow as pa

PUBLISHED, DISPATCH = "published", "dispatch"
NAMES = {PUBLISHED: "this schedule", DISPATCH: "dispatch rule"}
LATE, LOADED = 10, 15
"""Late orders and machines shown."""
WIDE = 20
"""Letters of a full bar."""
MONEY = ("total", "tardiness", "setup", "overtime", "change")
HOURS = ("open", "work", "setup", "overtime")
HOUR = 60.0
Row = dict[str, Any]


def schedule_summary(tables: Mapping[str, pa.Table], *, currency: str, stream: TextIO | None = None) -> None:
    """Write one screen about a schedule; parts of which no table tells are left out.

    Parameters
    ----------
    tables
        Published tables by name; ``schedules`` and ``jobs`` are needed.
    currency
        Of all money.
    """
    out = console(stream)
    rows = {row["schedule"]: row for row in tables["schedules"].to_pylist()}
    mine = rows.get(PUBLISHED)
    if mine is None or tables["jobs"].num_rows == 0:
        out.print("Nothing is to be scheduled: no lot of the weeks scheduled has a routing.")
        return
    why = f": {mine['why'].rstrip('.')}" if mine["why"] else ""
    out.print(
        escape(
            f"{_count(mine['orders'], 'order')}, {_count(mine['operations'], 'operation')}, {_clock(mine['starts'])} to "
            f"{_clock(mine['ends'])}. Method {mine['method']}{why}. {mine['moves']:,} neighbors tried."
        )
    )
    out.print(escape(_comes_to(mine, tables["jobs"], currency)))
    _compared(rows, currency, out)
    out.print(escape(changes(tables["jobs"])))
    _load(tables.get("machine_days"), out)
    _late(tables.get("lateness"), tables.get("products"), currency, out)


def schedule_difference(
    before: Mapping[str, pa.Table], after: Mapping[str, pa.Table], *, event: str, currency: str, stream: TextIO | None = None
) -> None:
    """Write what an event changes: orders late and money before and after, what moves, and who is late now or no more.

    Parameters
    ----------
    before, after
        Tables of the published schedule and of the one with the event.
    event
        Its name.
    currency
        Of all money.
    """
    out = console(stream)
    old, new = (_mine(tables) for tables in (before, after))
    found = grid(("", "before", "after", "difference"), right=("before", "after", "difference"))
    if old and new:
        for name, called_ in (("late", "orders late"), ("total", f"comes to ({currency})"), *((n, n) for n in MONEY[1:])):
            found.add_row(called_, *(_figure(value) for value in (old[name], new[name])), _figure(new[name] - old[name], "+"))
        found.add_row("ends", _clock(old["ends"]), _clock(new["ends"]), "")
    out.print(f"[bold]{escape(event)}[/]")
    out.print(found)
    out.print(escape(changes(after["jobs"])))
    was, now = (_late_lots(tables.get("lateness")) for tables in (before, after))
    for said, lots in (("Late now", now.keys() - was.keys()), ("Late no more", was.keys() - now.keys())):
        if lots:
            named = sorted(lots, key=lambda lot: -(now | was)[lot])
            more = f" and {len(named) - LATE} more" if len(named) > LATE else ""
            out.print(escape(f"{said}: {', '.join(named[:LATE])}{more}"))


def dispatch_list(table: pa.Table, *, rows: int, machine: str | None, stream: TextIO | None = None) -> None:
    """Write what machines do, one job after the other, as ``lotwise.export.dispatch`` gives it.

    Parameters
    ----------
    table
        Rows of the dispatch list.
    rows
        Most rows of each machine.
    machine
        What was asked for; all machines by default.
    """
    out = console(stream)
    if table.num_rows == 0:
        out.print("No job is scheduled.")
        return
    by: dict[str, list[Row]] = {}
    for row in table.to_pylist():
        by.setdefault(row["machine"], []).append(row)
    for name, mine in by.items():
        out.print(f"[bold]{escape(name)}[/]")
        found = grid(("#", "starts", "ends", "job", "item", "units", "set-up", "batch", ""), right=("#", "units"))
        for row in mine[:rows]:
            found.add_row(*map(escape, _line(row)))
        out.print(found)
        if len(mine) > rows:
            out.print(f"{rows:,} of {len(mine):,}; more with --rows")
    if machine is None and len(by) > 1:
        out.print("One machine: lotwise dispatch MACHINE. As a file or calendar: lotwise export dispatch FILE")


def lot_jobs(table: pa.Table, *, stream: TextIO | None = None) -> None:
    """Write where and when each step of a lot is done, from rows of ``jobs``."""
    found = grid(("part", "step", "machine", "starts", "ends", "units", "set-up", "status"), right=("part", "step", "units"))
    for row in table.sort_by([("part", "ascending"), ("step", "ascending")]).to_pylist():
        cells = (row["part"], row["step"], row["machine"], _clock(row["starts"]), _clock(row["ends"]), units(row["units"]))
        found.add_row(*(escape(str(cell)) for cell in cells), escape(_setup(row)), row["status"])
    console(stream).print(found)


def changes(jobs: pa.Table) -> str:
    """Return what share of the operations of the schedule before is on another machine now, or behind another one."""
    was = jobs.filter(pc.is_valid(jobs["before"]))
    if was.num_rows == 0:
        return "There is no schedule before to compare it with."
    moved = was.filter(pc.not_equal(was["before"], was["machine"])).num_rows
    behind = (pc.sum(was["changed"]).as_py() or 0) - moved
    return (
        f"Of {_count(was.num_rows, 'operation')} of the schedule before, {moved:,} ({moved / was.num_rows:.1%}) are on another "
        f"machine and {behind:,} ({behind / was.num_rows:.1%}) behind another one on the same machine; "
        f"{jobs.num_rows - was.num_rows:,} are new."
    )


def _comes_to(mine: Row, jobs: pa.Table, currency: str) -> str:
    setup, overtime = ((pc.sum(jobs[f"{name}_minutes"]).as_py() or 0.0) / HOUR for name in ("setup", "overtime"))
    late = f"{_count(mine['late'], 'order')} late: {mine['tardiness']:,.2f} {currency}" if mine["late"] else "No order is late"
    bound = "" if mine["bound"] is None else f" No schedule comes to less than {mine['bound']:,.2f} {currency}."
    return f"{late}. Set-ups {setup:,.1f} hours, overtime {overtime:,.1f} hours.{bound}"


def _compared(rows: Mapping[str, Row], currency: str, out: Any) -> None:  # noqa: ANN401  rich has many kinds of consoles
    titles = (f"comes to ({currency})", "late orders", "set-ups", "overtime", "changes", "late")
    found = grid(("", *titles, "ends"), right=titles)
    for name, row in sorted(rows.items(), key=lambda pair: (pair[0] != PUBLISHED, pair[0])):
        money = (f"{row[column]:,.2f}" for column in MONEY)
        found.add_row(escape(NAMES.get(name, name)), *money, f"{row['late']:,}", _clock(row["ends"]))
    out.print(found)
    mine, rule = rows[PUBLISHED], rows.get(DISPATCH)
    if rule is not None and rule["total"] > rule["change"]:
        simple = rule["total"] - rule["change"]
        saved = 1.0 - (mine["total"] - mine["change"]) / simple
        out.print(f"{abs(saved):.0%} {'less' if saved >= 0 else 'more'} than the dispatch rule, changes left out.")


def _load(days: pa.Table | None, out: Any) -> None:  # noqa: ANN401
    if days is None or days.num_rows == 0:
        return
    sums = days.group_by("machine").aggregate([(name, "sum") for name in HOURS]).to_pylist()
    sums.sort(key=lambda row: (-_share(row), row["machine"]))
    found = grid(("machine", "load", "", *HOURS), right=("load", *HOURS), whole=("machine", ""))
    for row in sums[:LOADED]:
        hours = (f"{row[f'{name}_sum']:,.1f}" for name in HOURS)
        found.add_row(escape(row["machine"]), f"{_share(row):.0%}", bar(_share(row)), *hours)
    out.print(f"Load of the machines in hours ({min(len(sums), LOADED)} of {len(sums)}, the fullest first):")
    out.print(found)


def bar(share: float) -> str:
    """Return a bar of eighths of a letter, full at 1."""
    eighths = round(min(max(share, 0.0), 1.0) * WIDE * 8)
    return "█" * (eighths // 8) + ("▏▎▍▌▋▊▉"[eighths % 8 - 1] if eighths % 8 else "")


def _share(row: Row) -> float:
    there, used = row["open_sum"] + row["overtime_sum"], row["work_sum"] + row["setup_sum"]
    return float(used / there) if there > 0 else float(used > 0)


def _late(table: pa.Table | None, products: pa.Table | None, currency: str, out: Any) -> None:  # noqa: ANN401
    late = [] if table is None else [row for row in table.to_pylist() if row["late_hours"] > 0]
    if not late:
        return
    late.sort(key=lambda row: (-row["money"], row["lot"], row["part"]))
    name = called(products)
    titles = ("lot", "item", "due", "hours late", currency, "waited longest for", "what would help most")
    found = grid(titles, right=("hours late", currency), whole=("due",))
    for row in late[:LATE]:
        waited = f"{row['waited_for']}, {row['waited_hours']:,.1f} hours" if row["waited_for"] else ""
        due = "" if row["due"] is None else _clock(row["due"])
        cells = (_lot(row), name(row["item"]), due, f"{row['late_hours']:,.1f}", f"{row['money']:,.2f}")
        found.add_row(*map(escape, (*cells, waited, _first(row["remedy"]))))
    out.print(f"Late, the dearest first ({min(len(late), LATE)} of {len(late):,}; all: lotwise show lateness):")
    out.print(found)
    out.print("Step by step, and what else would help: lotwise why ORDER (or LOT)")


def _first(text: str) -> str:
    """Return the first sentence."""
    head, stop, _ = text.partition(". ")
    return head + stop.strip()


def _mine(tables: Mapping[str, pa.Table]) -> Row | None:
    rows: Sequence[Row] = tables["schedules"].to_pylist() if "schedules" in tables else []
    return next((row for row in rows if row["schedule"] == PUBLISHED), None)


def _late_lots(table: pa.Table | None) -> dict[str, float]:
    rows = [] if table is None else table.to_pylist()
    return {_lot(row): row["money"] for row in rows if row["late_hours"] > 0}


def _line(row: Row) -> tuple[str, ...]:
    status = "" if row["status"] == "planned" else row["status"]
    batch = "" if row["batch"] is None else str(row["batch"])
    setup = row | {"setup_starts": row["setup_start"], "from_state": row["setup_from"], "to_state": row["setup_to"]}
    job = f"{_lot(row)} step {row['step']}"
    times = (_clock(row["start"]), _clock(row["end"]))
    return (str(row["place"]), *times, job, row["item"], units(row["units"]), _setup(setup), batch, status)


def _setup(row: Row) -> str:
    if row["setup_starts"] is None:
        return ""
    return f"{row['from_state'] or '?'} > {row['to_state'] or 'any'}, {row['setup_minutes']:,.0f} min"


def _lot(row: Row) -> str:
    return row["lot"] if row["part"] == 1 else f"{row['lot']} part {row['part']}"


def units(value: float) -> str:
    """Return a quantity with a decimal where it has one."""
    return f"{value:,.1f}".removesuffix(".0")


def _figure(value: float, sign: str = "") -> str:
    return f"{value:{sign},}" if isinstance(value, int) else f"{value:{sign},.2f}"


def _clock(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
