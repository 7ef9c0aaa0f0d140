"""The current plan, for people: what it earns, what to look at, what to release, what is full; purchases and prices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc
from rich.markup import escape

from lotwise.console.screen import called, console, grid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

    import pyarrow as pa

NOW = "now"
RAISED = 10
"""Exceptions shown."""
TOLD = 72
"""Letters of a reason shown."""
RELEASED = 8
"""Lots and purchases shown."""
LOADED = 5
"""Machines shown."""
LEAST = 1e-6
"""Prices below this are 0: tables hold six digits."""
KINDS = ("machine", "material", "component", "storage")
"""Kinds of prices shown; those of demand are as many as products and weeks."""
BY = {"week": ("week",), "material": ("material",), "supplier": ("supplier",)}
"""What purchases can be added up by."""


def plan_summary(tables: Mapping[str, pa.Table], *, currency: str, stream: TextIO | None = None) -> None:
    """Write one screen about the current plan; parts of which no table tells are left out.

    Parameters
    ----------
    tables
        Published tables by name; ``plans`` and ``solves`` are needed.
    currency
        Of all money.
    """
    out = console(stream)
    solve = [row for row in tables["solves"].to_pylist() if (row["information"], row["limits"]) == (NOW, "real")]
    if not solve:
        out.print("Nothing is planned for the weeks to come. Make a forecast first with: lotwise run")
        return
    last = max(solve, key=lambda row: row["cutoff"])
    plans = tables["plans"]
    mine = plans.filter(pc.and_(pc.equal(plans["information"], NOW), pc.equal(plans["cutoff"], last["cutoff"])))
    mine = mine.filter(pc.equal(mine["limits"], "real"))
    weeks = sorted(set(mine["week"].to_pylist()))
    out.print(escape(_earned(last, weeks, currency)))
    if last["status"] == "infeasible":
        _conflicts(tables, out)
    _late(tables, currency, out)
    _raised(tables, currency, out)
    _released(tables, mine, last["cutoff"], out)
    _bought(tables, last["cutoff"], currency, out)
    _loaded(tables, last["cutoff"], out)


def purchases(
    table: pa.Table, materials: pa.Table | None, *, by: str | None, rows: int, currency: str, stream: TextIO | None = None
) -> None:
    """Write the orders to place, by the week they are placed in, or their sums by week, material or supplier."""
    out = console(stream)
    if table.num_rows == 0:
        out.print("Nothing is to be bought in the weeks planned.")
        return
    if by is None:
        _orders(table, materials, rows, currency, out)
        return
    sums = table.group_by(list(BY[by])).aggregate([("cost", "sum"), ([], "count_all")]).sort_by(by).to_pylist()
    if by != "week":
        sums.sort(key=lambda row: (-row["cost_sum"], row[by]))
    found = grid((by, "orders", currency), right=("orders", currency))
    for row in sums[:rows]:
        found.add_row(escape(str(row[by]) or "nobody named"), f"{row['count_all']:,}", f"{row['cost_sum']:,.2f}")
    out.print(found)
    _more(len(sums), rows, out)
    out.print(f"All {table.num_rows:,} orders: {pc.sum(table['cost']).as_py():,.2f} {currency}")


def prices(table: pa.Table, *, rows: int, currency: str, stream: TextIO | None = None) -> None:
    """Write the shadow prices of the current plan that are not 0, by kind, the highest first; those of demand are left out."""
    out = console(stream)
    mine = table.filter(pc.equal(table["information"], NOW))
    mine = mine.filter(pc.equal(mine["cutoff"], pc.max(mine["cutoff"]))) if mine.num_rows else mine
    if mine.num_rows == 0:
        out.print("The current plan has no prices: no machine and no material limits it.")
        return
    every = [row for row in mine.to_pylist() if row["kind"] in KINDS]
    priced = [row for row in every if abs(row["price"]) > LEAST]
    priced.sort(key=lambda row: (KINDS.index(row["kind"]), -row["price"], row["resource"], row["week"]))
    numbers = ("used", "of", "overtime", f"price ({currency})", "holds from", "to")
    found = grid(("kind", "resource", "week", *numbers, "unit"), right=numbers)
    last = ""
    for row in priced[:rows]:
        if last and row["kind"] != last:
            found.add_section()
        low, high = _range(row)
        capacity = "" if row["capacity"] is None else _units(row["capacity"])
        overtime = _units(row["overtime"]) if row["overtime"] else ""
        cells = (_units(row["used"]), capacity, overtime, f"{row['price']:,.2f}", low, high)
        found.add_row(
            "" if row["kind"] == last else row["kind"], escape(row["resource"]), str(row["week"]), *cells, row["unit"]
        )
        last = row["kind"]
    if priced:
        out.print(found)
        _more(len(priced), rows, out)
        out.print("A price is what one more hour or unit in that week would earn; it holds between the two amounts.")
    out.print(f"{len(every) - len(priced):,} of {len(every):,} prices are 0: more there would earn nothing.")
    if len(every) < mine.num_rows:
        out.print("What one more unit ordered of each product would earn is in the table too: lotwise show prices --format csv")


def plan_reasons(lines: Sequence[str], *, stream: TextIO | None = None) -> None:
    """Write why the plan treats an order or product as it does, one sentence a line."""
    out = console(stream)
    for line in lines:
        out.print(escape(line))


def _earned(solve: Mapping[str, Any], weeks: Sequence[Any], currency: str) -> str:
    objective, bound = solve["objective"], solve["bound"]
    span = f"{len(weeks)} weeks from {weeks[0]}" if weeks else "no week"
    said = f"Expected profit {objective:,.2f} {currency} over {span}, {solve['products']:,} products."
    if solve["status"] == "infeasible":
        return f"{said} Not everything promised can be kept."
    share = (bound - objective) / max(abs(bound), LEAST)
    return f"{said} No plan can earn more than {bound:,.2f}: at most {share:.2%} is missed."


def _conflicts(tables: Mapping[str, pa.Table], out: Any) -> None:  # noqa: ANN401  rich has many kinds of consoles
    for row in tables["conflicts"].slice(0, RAISED).to_pylist() if "conflicts" in tables else ():
        out.print(escape(f"- {row['row']}: {row['reason']}"))


def _late(tables: Mapping[str, pa.Table], currency: str, out: Any) -> None:  # noqa: ANN401
    if "deliveries" not in tables or tables["deliveries"].num_rows == 0:
        return
    lines = tables["deliveries"]
    late = lines.filter(pc.greater(lines["late_weeks"], 0))
    if late.num_rows == 0:
        out.print(f"All {lines.num_rows:,} lines of firm orders are in time.")
        return
    money = pc.sum(late["money"]).as_py()
    out.print(
        f"{late.num_rows:,} of {lines.num_rows:,} lines of firm orders are late: {money:,.2f} {currency} at risk. "
        "Why one is: lotwise why ORDER"
    )


def _raised(tables: Mapping[str, pa.Table], currency: str, out: Any) -> None:  # noqa: ANN401
    """Write what to look at: ``exceptions``, else what is cut, the most money first."""
    if "exceptions" in tables:
        rows = tables["exceptions"].sort_by("rank").to_pylist()
    else:
        cuts = tables["cuts"].to_pylist() if "cuts" in tables else []
        rows = [
            {
                "kind": "cut",
                "subject": row["product"],
                "week": row["week"],
                "money": row["lost_profit"],
                "reason": row["reason"],
            }
            for row in sorted(cuts, key=lambda row: (-row["lost_profit"], row["product"], row["week"]))
        ]
    if not rows:
        out.print("Nothing needs a look: nothing is late, cut, short or left over.")
        return
    found = grid(("what", "which", "week", currency, "why, and what would help"), right=(currency,), whole=("week",))
    name = called(tables.get("products"))
    for row in rows[:RAISED]:
        said = " ".join(text for text in (_first(row["reason"]), row.get("remedy")) if text)
        found.add_row(
            row["kind"],
            escape(name(row["subject"])),
            str(row["week"]),
            f"{row['money']:,.2f}",
            escape(said if len(said) <= TOLD else f"{said[: TOLD - 1].rstrip()}…"),
        )
    table = "exceptions" if "exceptions" in tables else "cuts"
    out.print(f"To look at, the most money first ({min(len(rows), RAISED)} of {len(rows):,}; all: lotwise show {table}):")
    out.print(found)


def _released(tables: Mapping[str, pa.Table], plans: pa.Table, first: Any, out: Any) -> None:  # noqa: ANN401
    """Write the lots to start in the first week: of ``lots``, else what the plan makes."""
    name = called(tables.get("products"))
    if "lots" in tables:
        rows = [row for row in tables["lots"].sort_by("lot").to_pylist() if row["week"] == first]
        rows.sort(key=lambda row: (row["status"] != "proposed", -row["units"], row["lot"]))
        found = grid(("lot", "item", "site", "units", "ready", "status"), right=("units",))
        for row in rows[:RELEASED]:
            cells = (row["lot"], name(row["item"]), row["site"], _units(row["units"]), str(row["ready"]), row["status"])
            found.add_row(*map(escape, cells))
    else:
        rows = [row for row in plans.to_pylist() if row["week"] == first and row["units"] > LEAST]
        rows.sort(key=lambda row: (-row["units"], row["product"]))
        found = grid(("product", "units", "expected demand"), right=("units", "expected demand"))
        for row in rows[:RELEASED]:
            found.add_row(escape(name(row["product"])), _units(row["units"]), _units(row["demand"]))
    if not rows:
        out.print(f"Nothing is to be started in the week of {first}.")
        return
    out.print(f"To make in the week of {first} ({min(len(rows), RELEASED)} of {len(rows):,}):")
    out.print(found)


def _bought(tables: Mapping[str, pa.Table], first: Any, currency: str, out: Any) -> None:  # noqa: ANN401
    if "purchases" not in tables or tables["purchases"].num_rows == 0:
        return
    table = tables["purchases"]
    mine = table.filter(pc.less_equal(table["week"], first))
    if mine.num_rows == 0:
        out.print(f"Nothing is to be ordered in the week of {first}; {table.num_rows:,} orders later: lotwise purchases")
        return
    out.print(f"To order by the week of {first} ({min(mine.num_rows, RELEASED)} of {mine.num_rows:,}; all: lotwise purchases):")
    _orders(mine.sort_by([("cost", "descending"), ("material", "ascending")]), tables.get("materials"), RELEASED, currency, out)


def _orders(table: pa.Table, materials: pa.Table | None, rows: int, currency: str, out: Any) -> None:  # noqa: ANN401
    known = {row["material"]: row for row in materials.to_pylist()} if materials is not None else {}
    numbers = ("quantity", currency)
    suppliers = any(table["supplier"].to_pylist())
    found = grid(
        ("order in", "arrives", "material", *(("supplier",) if suppliers else ()), *numbers[:1], "unit", currency),
        right=numbers,
    )
    for row in table.slice(0, rows).to_pylist():
        mine = known.get(row["material"], {})
        own = mine.get("name") or row["material"]
        called = row["material"] if own == row["material"] else f"{row['material']} {own}"
        supplier = (row["supplier"],) if suppliers else ()
        amount = (_units(row["units"]), mine.get("unit") or "units", f"{row['cost']:,.2f}")
        found.add_row(*map(escape, (str(row["week"]), str(row["arrives"]), called, *supplier, *amount)))
    out.print(found)
    _more(table.num_rows, rows, out)


def _loaded(tables: Mapping[str, pa.Table], cutoff: Any, out: Any) -> None:  # noqa: ANN401
    """Write the machines that are fullest in any week."""
    loads = _loads(tables, cutoff)
    if not loads:
        return
    fullest: dict[str, tuple[float, Any, float, float, float]] = {}
    totals: dict[str, list[float]] = {}
    for machine, week, used, hours, overtime in loads:
        share = used / hours if hours > 0 else float(used > 0)
        if machine not in fullest or share > fullest[machine][0]:
            fullest[machine] = (share, week, used, hours, overtime)
        sums = totals.setdefault(machine, [0.0, 0.0])
        sums[0] += used
        sums[1] += hours
    numbers = ("load", "hours", "of", "overtime", "all weeks")
    found = grid(("machine", "fullest week", *numbers), right=numbers)
    order = sorted(fullest, key=lambda machine: (-fullest[machine][0], machine))
    for machine in order[:LOADED]:
        share, week, used, hours, overtime = fullest[machine]
        whole = totals[machine][0] / totals[machine][1] if totals[machine][1] > 0 else 0.0
        cells = (f"{share:.0%}", _units(used), _units(hours), _units(overtime), f"{whole:.0%}")
        found.add_row(escape(machine), str(week), *cells)
    out.print(f"Fullest machines ({min(len(order), LOADED)} of {len(order):,}):")
    out.print(found)


def _loads(tables: Mapping[str, pa.Table], cutoff: Any) -> list[tuple[str, Any, float, float, float]]:  # noqa: ANN401
    """Return machine, week, hours used, regular and added hours, overtime hours."""
    if "loads" in tables:
        rows = tables["loads"].to_pylist()
        return [
            (row["machine"], row["week"], row["run"] + row["setup"], row["hours"] + row["shifts"], row["overtime"])
            for row in rows
        ]
    rows = tables["prices"].to_pylist() if "prices" in tables else []
    mine = [row for row in rows if (row["information"], row["cutoff"], row["kind"]) == (NOW, cutoff, "machine")]
    return [(row["resource"], row["week"], row["used"], row["capacity"] or 0.0, row["overtime"]) for row in mine]


def _first(text: str) -> str:
    """Return the first sentence."""
    head, stop, _ = text.partition(". ")
    return head + stop.strip()


def _range(row: Mapping[str, Any]) -> tuple[str, str]:
    """Return the amounts between which a price holds, empty where nobody says."""
    at = row["used"] if row["capacity"] is None else row["capacity"]
    low = "" if row.get("less") is None else _units(max(at - row["less"], 0.0))
    return low, "" if row.get("more") is None else _units(at + row["more"])


def _more(found: int, rows: int, out: Any) -> None:  # noqa: ANN401
    if found > rows:
        out.print(f"{rows:,} of {found:,}; more with --rows")


def _units(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0") if abs(value) < 1000 else f"{value:,.0f}"  # noqa: PLR2004  where tenths stop to matter
