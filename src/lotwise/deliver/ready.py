"""When each customer's order is ready to be brought, where it goes, and what a day's delay costs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

Row = dict[str, Any]
WEEK_DAYS = 7
SHIPMENT = "shipment "


@dataclass(frozen=True, slots=True)
class Finished:
    """One customer's order whose lines are all made.

    Parameters
    ----------
    order
        Its number.
    place
        Where it goes; None: no place of its number, location or region is known.
    units
        Of all its lines.
    ready
        First day on which it can be brought: what is finished in the course of a day is brought from the next day on.
    due
        Day it is due.
    late_money
        What one day's delay costs.
    """

    order: str
    place: str | None
    units: float
    ready: date
    due: date
    late_money: float


def finished(tables: Mapping[str, pa.Table], places: Sequence[str], start: date, *, delay_share: float) -> list[Finished]:
    """Return the orders whose lines are all made within the plan, by number.

    A line served from stock is ready at once. One made in lots that are scheduled is ready when the schedule says
    (``order_ends``), or, where it says nothing of the line, when the last part of its lots ends; so is what is shipped within
    the week it is due out. Everything else is ready at the end of the week the plan has it in.

    Parameters
    ----------
    tables
        ``deliveries`` and ``orders``; where they exist ``pegging``, ``lateness``, ``order_ends``, ``products``,
        ``order_terms``.
    places
        Names of the places.
    start
        First day of the tours.
    delay_share
        Cost of one week's delay / price, where ``products.late_cost`` does not say.
    """
    rows = {name: table.to_pylist() for name, table in tables.items()}
    lines: dict[tuple[str, int], Row] = {(row["order"], row["line"]): row for row in rows["orders"] if row["kind"] == "sale"}
    made = _Made(rows, start)
    delays = {row["product"]: row["late_cost"] for row in rows.get("products", ()) if row["late_cost"] is not None}
    weights = {row["order"]: row["weight"] for row in rows.get("order_terms", ()) if row["weight"] is not None}
    terms = {row["order"]: row["due"].date() for row in rows.get("order_terms", ()) if row["due"] is not None}
    by_order: dict[str, list[Row]] = defaultdict(list)
    for row in rows["deliveries"]:
        by_order[row["order"]].append(row)
    known, found = frozenset(places), []
    for order, parts in sorted(by_order.items()):
        moments = [made.when(row) for row in parts]
        if None in moments:
            continue
        own = [lines.get((order, row["line"]), {}) for row in parts]
        money = 0.0
        for row, line in zip(parts, own, strict=True):
            a_week = delays.get(row["product"])
            money += row["units"] * (delay_share * (line.get("unit_price") or 0.0) if a_week is None else a_week) / WEEK_DAYS
        found.append(
            Finished(
                order=order,
                place=_place(order, own, known),
                units=sum(row["units"] for row in parts),
                ready=max(_day(moment) for moment in moments if moment is not None),
                due=terms.get(order) or min(_due(row, line) for row, line in zip(parts, own, strict=True)),
                late_money=money * weights.get(order, 1.0),
            )
        )
    return found


def _due(row: Row, line: Row) -> date:
    """Return the day a line is due: its own, else the last of the week the plan has it due in."""
    found: date = line.get("due") or row["due"] + timedelta(days=WEEK_DAYS - 1)
    return found


def _place(order: str, lines: Sequence[Row], known: frozenset[str]) -> str | None:
    """Return where an order goes: a place named as the order wins, then its location, then its region."""
    names = [order, *(line.get("location") for line in lines), *(line.get("region") for line in lines)]
    return next((name for name in names if name in known), None)


def _day(moment: datetime) -> date:
    """Return the first day that begins at or after a moment."""
    return moment.date() if moment.time() == time() else moment.date() + timedelta(days=1)


class _Made:
    """When lines are made, from what supplies them."""

    def __init__(self, rows: Mapping[str, list[Row]], start: date) -> None:
        self._start = datetime.combine(start, time())
        self._supplies: dict[str, list[str]] = defaultdict(list)
        """Order and line, or shipment -> what supplies it."""
        self._under_way: set[str] = set()
        for row in rows.get("pegging", ()):
            if row["demand"].startswith(("order ", SHIPMENT)) and row["demand"] != row["supply"]:
                self._supplies[row["demand"].removeprefix("order ")].append(row["supply"])
        self._ends: dict[str, datetime] = {}
        for row in rows.get("lateness", ()):
            self._ends[row["lot"]] = max(row["ends"], self._ends.get(row["lot"], row["ends"]))
        self._line_ends = {(row["order"], row["line"]): row["ends"] for row in rows.get("order_ends", ())}

    def when(self, row: Row) -> datetime | None:
        """Return when a line of ``deliveries`` is made; None: not within the plan."""
        if row["week"] is None:
            return None
        end = datetime.combine(row["week"] + timedelta(days=WEEK_DAYS), time())
        supplies = self._supplies.get(f"{row['order']}/{row['line']}", [])
        return max((self._supplied(row, supply, end) for supply in supplies), default=end)

    def _supplied(self, row: Row, supply: str, end: datetime) -> datetime:
        if supply.startswith("stock "):
            return self._start
        if supply.startswith(SHIPMENT) and supply.endswith(f" {row['week']}"):  # it arrives in the week it leaves in
            return self._shipped(row, supply, end)
        if supply not in self._ends:
            return end
        said: datetime = self._line_ends.get((row["order"], row["line"]), self._ends[supply])
        return said

    def _shipped(self, row: Row, shipment: str, end: datetime) -> datetime:
        supplies = self._supplies.get(shipment, [])
        if not supplies or shipment in self._under_way:
            return end
        self._under_way.add(shipment)
        found = max(self._supplied(row, supply, end) for supply in supplies)
        self._under_way.discard(shipment)
        return found
