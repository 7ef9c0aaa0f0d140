"""Promises for people: the day, the money, what binds, one alternative; and what is reserved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from rich.markup import escape

from lotwise.console.screen import console, grid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from typing import TextIO

    import pyarrow as pa

    from lotwise.plan.promising.alternatives import Alternative
    from lotwise.plan.promising.program import Exact
    from lotwise.plan.promising.promised import Promise

SHOWN = 20


def promised(
    found: Promise,
    others: Sequence[Alternative],
    exact: Exact | None,
    *,
    weeks: Sequence[date],
    by: date | None,
    currency: str,
    stream: TextIO | None = None,
) -> None:
    """Write one short screen about a promise: when, cost and margin, what binds, one alternative."""
    out = console(stream)
    what = f"{found.units:g} {found.product}" + "".join(f", {option} {value}" for option, value in found.options)
    where = "" if found.region == "all" else f" to {found.region}"
    if found.day is None or found.cost is None:
        last = f"not within the {len(weeks)} planned weeks, which end in that of {weeks[-1]}"
        beyond = f" About {found.estimate}, as an estimate and no promise." if found.estimate else ""
        out.print(escape(f"{what}{where}: {last}.{beyond}"))
    else:
        late = "" if by is None or found.day <= by else f", {(found.day - by).days} days after {by}"
        out.print(escape(f"{what}{where}: by {found.day}{late}."))
        if found.p90 is not None:
            out.print(f"Of such promises half were kept by {found.p50}, nine in ten by {found.p90}.")
        margin = found.revenue - found.cost
        share = f" ({margin / found.revenue:.0%})" if found.revenue > 0 else ""
        out.print(f"Cost {found.cost:,.2f}, revenue {found.revenue:,.2f}, margin {margin:,.2f} {currency}{share}.")
    out.print(escape(f"What binds: {found.binds}"))
    if exact is not None:
        out.print(escape(_exact(found, exact, weeks, currency)))
    if others:
        out.print(escape(f"Or: {_other(others[0], found)}"))


def promise_json(found: Promise, exact: Exact | None, weeks: Sequence[date]) -> dict[str, Any]:
    """Return a promise as one JSON object."""
    names = ("product", "units", "region", "week", "day", "p50", "p90", "cost", "revenue", "margin", "binds", "estimate")
    row = {name: getattr(found, name) for name in names} | {"options": dict(found.options)}
    if exact is not None:
        row["exact_cost"] = None if np.isnan(exact.cost) else exact.cost
        row["earliest_week"] = weeks[exact.earliest] if exact.earliest >= 0 else None
        row["earliest_cost"] = None if np.isnan(exact.earliest_cost) else exact.earliest_cost
    return row


def reserved(table: pa.Table, *, everything: bool, currency: str, stream: TextIO | None = None) -> None:
    """Write what is reserved, the soonest first."""
    out = console(stream)
    rows = [row for row in table.to_pylist() if everything or row["status"] in ("held", "confirmed")]
    if not rows:
        out.print("Nothing is reserved. Hold a promise with: lotwise promise PRODUCT UNITS --reserve")
        return
    rows.sort(key=lambda row: (row["day"], int(row["reservation"])))
    right = ("number", "units", currency)
    found = grid(("number", "product", "options", "units", "day", "region", currency, "status", "until", "order"), right=right)
    for row in rows[:SHOWN]:
        found.add_row(*map(escape, _cells(row)))
    out.print(found)
    if len(rows) > SHOWN:
        out.print(f"{SHOWN} of {len(rows):,}; all of them: lotwise show reservations")


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    until = "" if row["expires"] is None or row["status"] != "held" else f"{row['expires']:%Y-%m-%d %H:%M}"
    units, cost = f"{row['units']:g}", f"{row['cost']:,.2f}"
    place = (row["region"], cost, row["status"], until, row["order"] or "")
    return (row["reservation"], row["product"], row["options"], units, str(row["day"]), *place)


def _exact(found: Promise, exact: Exact, weeks: Sequence[date], currency: str) -> str:
    """Return what the linear program says, in words."""
    asked = "" if np.isnan(exact.cost) else f"Solved again: cost {exact.cost:,.2f} {currency} in that week. "
    if exact.earliest < 0:
        return f"{asked}No week within the plan can take it without something firm being late."
    first = weeks[exact.earliest]
    if found.week is not None and first >= found.week:
        return f"{asked}No earlier week can take it."
    price = "" if np.isnan(exact.earliest_cost) else f" at a cost of {exact.earliest_cost:,.2f} {currency}"
    return f"{asked}The week of {first} could take it{price}, if what is forecast and not ordered gave way."


def _other(other: Alternative, found: Promise) -> str:
    if other.kind == "option":
        return f"with {other.option} {other.value} all by {other.day}."
    if other.kind == "split":
        return f"{other.units:g} by {other.day}, the other {found.units - other.units:g} by {found.day}."
    return f"{other.units:g} by {other.day}."
