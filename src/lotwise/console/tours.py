"""The tours, for people: what each comes to, the stops of one day, what is late and what stays behind."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from lotwise.console.screen import console, grid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from typing import TextIO

    import pyarrow as pa

SHOWN, LEFT = 20, 10
"""Tours, and orders that stay behind, shown."""
LONG = 48
"""Letters shown of the orders of a stop."""
SEPARATOR = ", "
"""Between the orders of a stop: their numbers may hold blanks."""

Row = dict[str, Any]


def tours(tables: Mapping[str, pa.Table], *, day: date | None = None, currency: str = "", stream: TextIO | None = None) -> None:
    """Write one screen about the tours, or about those of one day with every stop.

    Parameters
    ----------
    tables
        ``tours``, ``tour_costs`` and ``undelivered``; with ``orders`` and ``order_terms`` it also says what comes late.
    day
        Only this day; None: all of them.
    currency
        Of all money.
    """
    out = console(stream)
    rows = sorted(tables["tours"].to_pylist(), key=lambda row: (row["day"], row["tour"], row["stop"]))
    costs = sorted(tables["tour_costs"].to_pylist(), key=lambda row: (row["day"], row["tour"]))
    days = sorted({row["day"] for row in costs})
    if day is not None:
        rows, costs = ([row for row in some if row["day"] == day] for some in (rows, costs))
    left = tables["undelivered"].to_pylist()
    if not costs:
        when = "" if day is None else f" on {day}"
        none = " No order is ready on these days; more of them: days in [deliver]."
        others = f" There are some on {', '.join(map(str, days))}." if days else none
        out.print(escape(f"There are no tours{when}.{others}"))
    else:
        out.print(escape(_sums(costs, currency)))
        _costs(costs, rows, currency, out)
        if day is not None:
            _stops(rows, out)
        _late(rows, tables, out)
    _left(left, out)


def _sums(costs: Sequence[Row], currency: str) -> str:
    total = {name: sum(row[name] for row in costs) for name in ("orders", "units", "kilometers", "hours", "cost")}
    tours = "1 tour brings" if len(costs) == 1 else f"{len(costs):,} tours bring"
    return (
        f"{tours} {total['orders']:,} orders of {total['units']:,.6g} units over {total['kilometers']:,.1f} kilometers in "
        f"{total['hours']:,.1f} hours for {total['cost']:,.2f} {currency}".rstrip()
        + "."
    )


def _costs(costs: Sequence[Row], rows: Sequence[Row], currency: str, out: Any) -> None:  # noqa: ANN401  rich has many consoles
    ends: dict[tuple[date, str], list[Row]] = {}
    for row in rows:
        ends.setdefault((row["day"], row["tour"]), []).append(row)
    numbers = ("stops", "orders", "units", "of", "km", "hours", currency or "cost")
    found = grid(("day", "tour", "leaves", "back", *numbers), right=numbers, whole=("day",))
    for row in costs[:SHOWN]:
        way = ends[row["day"], row["tour"]]
        found.add_row(
            str(row["day"]),
            escape(row["tour"]),
            f"{way[0]['leaves']:%H:%M}",
            f"{way[-1]['arrives']:%H:%M}",
            f"{row['stops']:,}",
            f"{row['orders']:,}",
            f"{row['units']:,.6g}",
            "" if row["capacity"] is None else f"{row['capacity']:,.6g}",
            f"{row['kilometers']:,.1f}",
            f"{row['hours']:,.1f}",
            f"{row['cost']:,.2f}",
        )
    out.print(found)
    if len(costs) > SHOWN:
        out.print(f"{SHOWN:,} of {len(costs):,} tours; all: lotwise show tour_costs")


def _stops(rows: Sequence[Row], out: Any) -> None:  # noqa: ANN401
    numbers = ("waits", "units", "km")
    found = grid(("tour", "place", "arrives", "waits", "leaves", "units", "km", "orders"), right=numbers)
    for row in rows:
        orders = row["orders"] if len(row["orders"]) <= LONG else f"{row['orders'][: LONG - 1]}…"
        found.add_row(
            escape(row["tour"]) if row["stop"] == 0 else "",
            escape(row["place"]),
            f"{row['arrives']:%H:%M}",
            f"{row['waits']:,.0f}",
            f"{row['leaves']:%H:%M}",
            f"{row['units']:,.6g}",
            f"{row['kilometers']:,.1f}",
            escape(orders),
        )
    out.print(found)


def _late(rows: Sequence[Row], tables: Mapping[str, pa.Table], out: Any) -> None:  # noqa: ANN401
    """Write how many orders come after the day they are due."""
    if "orders" not in tables:
        return
    lines = tables["orders"].select(["order", "due"]).to_pylist()
    due: dict[str, date] = {}
    for line in lines:
        if line["due"] is not None:
            due[line["order"]] = min(line["due"], due.get(line["order"], line["due"]))
    if "order_terms" in tables:
        due |= {row["order"]: row["due"].date() for row in tables["order_terms"].to_pylist() if row["due"] is not None}
    last: dict[str, date] = {}
    for row in rows:
        for order in filter(None, row["orders"].split(SEPARATOR)):
            last[order] = max(row["day"], last.get(order, row["day"]))
    late = {order: (when - due[order]).days for order, when in last.items() if order in due and when > due[order]}
    if not late:
        out.print("All of them come by the day they are due.")
        return
    worst = max(late, key=lambda order: (late[order], order))
    out.print(
        escape(f"{len(late):,} of {len(last):,} come after the day they are due, {worst} the latest: {late[worst]} days.")
    )


def _left(left: Sequence[Row], out: Any) -> None:  # noqa: ANN401
    """Write what is ready and stays behind, by reason."""
    if not left:
        return
    out.print(f"{len(left):,} orders are ready and on no tour ({min(len(left), LEFT)} shown; all: lotwise show undelivered):")
    reasons = Counter(row["reason"] for row in left)
    found = grid(("order", "place", "units", "ready", "why"), right=("units",), whole=("ready",))
    for row in sorted(left, key=lambda row: (-reasons[row["reason"]], row["ready"], row["order"]))[:LEFT]:
        cells = (row["order"], row["place"], f"{row['units']:,.6g}", str(row["ready"]), row["reason"])
        found.add_row(*map(escape, cells))
    out.print(found)
