"""What each lot is for: the customers' orders, expected sales and stock that the plan pegs to it, and what a delay costs."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from lotwise.schedule.stage.given import end_of

if TYPE_CHECKING:
    from lotwise.schedule.stage.given import Given, Row

WEEK_HOURS = 168.0
LEAST = 1e-6


class Line(NamedTuple):
    """Units of one lot that serve one demand.

    Parameters
    ----------
    first
        When the lot should be done for it, as the order says. Lots are cut by it, so that a rush leaves their parts alone.
    order, line
        The customer's order line; empty and 0 where it is none.
    units
        How many.
    weight
        Money lost with each hour all of them are late.
    due
        When it is due in the end: as ``first``, or as ``order_terms`` says.
    release
        Not before.
    """

    first: datetime
    order: str
    line: int
    units: float
    weight: float
    due: datetime
    release: datetime | None = None

    @property
    def is_inside(self) -> bool:
        """Whether it goes into other lots: those are late, it is not."""
        return not self.order and self.weight == 0


def lines(given: Given) -> dict[str, list[Line]]:
    """Return the lines of each lot, the first due in front; what no row pegs is due at the end of the lot's week.

    What goes into other lots costs nothing where it is late: those wait for it, and are late themselves.
    """
    serving = _serving(given)
    prices = _Prices(given)
    found = {}
    for lot in given.lots:
        week_end = end_of(lot["week"] + timedelta(days=6))
        ahead = lot["ready"] - lot["week"]
        ends, inside = serving[lot["lot"]]
        own = [prices.line(lot["item"], demand, units, week, ahead) for demand, units, week in ends]
        rest = lot["units"] - inside - sum(line.units for line in own)
        if inside > LEAST:
            own.append(Line(week_end, "", 0, inside, 0.0, week_end))
        if rest > LEAST:
            own.append(Line(week_end, "", 0, rest, prices.hour(lot["item"], rest), week_end))
        found[lot["lot"]] = sorted(own, key=lambda line: (line.first, line.order, line.line))
    return found


def _serving(given: Given) -> dict[str, tuple[list[tuple[str, float, date]], float]]:
    """Return lot -> (demand, units, week) it ends up in, passing through shipments, and the units that go into other lots."""
    to: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(given.rows("pegging"), key=lambda row: (row["week"], row["demand"], row["supply"])):
        to[row["supply"]].append(row)
    lots = {row["lot"] for row in given.rows("lots")}
    taken: dict[tuple[str, str], float] = defaultdict(float)

    def follow(supply: str, units: float, week: date) -> list[tuple[str, float, date]]:
        ends: list[tuple[str, float, date]] = []
        for row in to[supply]:
            part = min(row["units"] - taken[supply, row["demand"]], units)
            if part <= LEAST or row["demand"] in lots:
                continue
            taken[supply, row["demand"]] += part
            units -= part
            used = min(week, row["week"])
            is_on = row["demand"].startswith("shipment ") and row["demand"] != supply
            ends += follow(row["demand"], part, used) if is_on else [(row["demand"], part, used)]
        return ends

    found = {}
    for lot in given.lots:
        inside = sum(row["units"] for row in to[lot["lot"]] if row["demand"] in lots)
        found[lot["lot"]] = (follow(lot["lot"], math.inf, date.max), inside)
    return found


def served_besides(given: Given) -> set[tuple[str, int]]:
    """Return the order lines that more than stock and the scheduled lots serves, such as a lot of a later week."""
    into: dict[str, list[str]] = defaultdict(list)
    for row in given.rows("pegging"):
        into[row["demand"]].append(row["supply"])
    scheduled = {lot["lot"] for lot in given.lots}
    known: dict[str, bool] = {}

    def is_within(supply: str) -> bool:
        if supply.startswith("shipment ") and supply not in known:
            known[supply] = True  # what a shipment takes from itself changes nothing
            known[supply] = bool(into[supply]) and all(is_within(one) for one in into[supply])
        return known.get(supply, supply in scheduled or supply.startswith("stock "))

    found = set()
    for demand in [name for name in into if name.startswith("order ")]:
        order, _, line = demand.removeprefix("order ").rpartition("/")
        if not all(is_within(supply) for supply in into[demand]):
            found.add((order, int(line)))
    return found


class _Prices:
    """What a delay of each product costs, and when each order is due."""

    def __init__(self, given: Given) -> None:
        self._share = given.settings.plan.backorder_share
        self._price = {row["product"]: row["unit_price"] for row in given.rows("economics")}
        self._late = {row["product"]: row["late_cost"] for row in given.rows("products") if row["late_cost"] is not None}
        self._orders = {(row["order"], row["line"]): row for row in given.rows("orders")}
        self._terms = {row["order"]: row for row in given.rows("order_terms")}

    def hour(self, item: str, units: float, price: float | None = None) -> float:
        """Return the money that a delay of so many units costs an hour."""
        a_week = self._late.get(item)
        if a_week is None:
            a_week = self._share * (price or self._price.get(item) or 0.0)
        return float(units * a_week / WEEK_HOURS)

    def line(self, item: str, demand: str, units: float, week: date, ahead: timedelta) -> Line:
        """Return one demand as a line; ``ahead`` is how long the lot must be done before the units are there."""
        week_end = end_of(week + timedelta(days=6)) - ahead
        if not demand.startswith("order "):
            return Line(week_end, "", 0, units, self.hour(item, units), week_end)
        order, _, line = demand.removeprefix("order ").rpartition("/")
        row, terms = self._orders.get((order, int(line)), {}), self._terms.get(order, {})
        first = week_end if row.get("due") is None else min(end_of(row["due"]) - ahead, week_end)
        weight = (1.0 if (said := terms.get("weight")) is None else said) * self.hour(item, units, row.get("unit_price"))
        return Line(first, order, int(line), units, weight, terms.get("due") or first, terms.get("release"))
