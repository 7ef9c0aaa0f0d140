"""Firm orders: when each line is due, when the plan has it, and what it takes of each week's supply.

Which lines are firm says ``promises``. They are served before anything that is only forecast: first in, first out by due day,
then by order number, and never before the week they are due in.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.plan.promises import TO_ORDER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from lotwise.plan.orders.current import Current, Row

NOT_PLANNED = "The product is not planned: it has no forecast or no economics."
EDGE = 1e-5
"""Fewer late units than this are rounding: a plan's supply has six digits in each of its weeks."""


@dataclass(frozen=True)
class Lines:
    """Lines of firm orders, the first to be served in front; arrays of shape ``(n_lines,)``.

    Parameters
    ----------
    order, line
        Numbers.
    product, week
        Numbers of the product and of the week it is due in.
    units, price
        Units ordered, and money for one.
    """

    order: tuple[str, ...]
    line: NDArray[np.int64]
    product: NDArray[np.int64]
    week: NDArray[np.int64]
    units: NDArray[np.float64]
    price: NDArray[np.float64]

    def name(self, number: int) -> str:
        """Return the order line as other tables call it."""
        return f"{self.order[number]}/{self.line[number]}"


def firm_lines(
    tables: Mapping[str, pa.Table], products: Sequence[str], weeks: Sequence[date], price: NDArray[np.float64]
) -> Lines:
    """Return the lines of firm orders that are due within some weeks, by product, due day and number.

    Parameters
    ----------
    tables
        ``orders`` and ``products``; without either there is no firm order.
    products, weeks
        Products planned, and the Mondays of the weeks planned.
    price
        Price of one unit of each product where a line has none; ``(n_products,)``.
    """
    mine = _firm(tables, weeks)
    if mine is None:
        none = np.zeros(0, np.int64)
        return Lines((), none, none, none, np.zeros(0), np.zeros(0))
    number = pc.index_in(mine["product"], value_set=pa.array(products, pa.string()))
    mine = mine.append_column("number", number).filter(pc.is_valid(number))
    mine = mine.sort_by([(name, "ascending") for name in ("number", "due", "order", "line")])
    of = mine["number"].to_numpy().astype(np.int64)
    asked = pc.fill_null(mine["unit_price"], np.nan).to_numpy()
    return Lines(
        order=tuple(mine["order"].to_pylist()),
        line=mine["line"].to_numpy().astype(np.int64),
        product=of,
        week=mine["week"].to_numpy().astype(np.int64),
        units=mine["units"].to_numpy().astype(float),
        price=np.where(np.isfinite(asked), asked, price[of]),
    )


def _firm(tables: Mapping[str, pa.Table], weeks: Sequence[date]) -> pa.Table | None:
    """Return the firm lines due within some weeks, of whatever product, with the number of their week; none without orders."""
    if "orders" not in tables or "products" not in tables:
        return None
    makes, orders = tables["products"], tables["orders"]
    chosen = pc.is_in(makes["make"], value_set=pa.array(TO_ORDER, pa.string()))
    to_order = makes.filter(chosen)["product"].combine_chunks()
    monday = pc.cast(pc.floor_temporal(orders["due"], unit="week"), pa.date32())
    week = pc.index_in(monday, value_set=pa.array(weeks, pa.date32()))
    firm = pc.and_(pc.equal(orders["kind"], "sale"), pc.is_in(orders["product"], value_set=to_order))
    firm = pc.and_(pc.and_(firm, pc.greater(orders["units"], 0)), pc.is_valid(week))
    mine = orders.select(["order", "line", "product", "units", "unit_price", "due"])
    return mine.append_column("week", week).filter(firm)


def unplanned_rows(current: Current, tables: Mapping[str, pa.Table]) -> list[Row]:
    """Return the rows of ``deliveries`` for firm lines of products that are not planned: never there, all of them late.

    Where a line has no price of its own nobody says what is at risk: 0.
    """
    problem = current.problem
    mine = _firm(tables, problem.weeks)
    if mine is None:
        return []
    known = pc.is_in(mine["product"], value_set=pa.array(problem.products, pa.string()))
    return [
        {
            "order": row["order"],
            "line": row["line"],
            "product": row["product"],
            "units": row["units"],
            "due": problem.weeks[row["week"]],
            "week": None,
            "late_weeks": len(problem.weeks) - row["week"],
            "late_units": row["units"],
            "money": row["units"] * (row["unit_price"] or 0.0),
            "reason": NOT_PLANNED,
        }
        for row in mine.filter(pc.invert(known)).to_pylist()
    ]


def lines_of(current: Current, tables: Mapping[str, pa.Table]) -> Lines:
    """Return the lines of firm orders that the current plan knows."""
    problem = current.problem
    return firm_lines(tables, problem.products, problem.weeks, problem.terms.price)


def served(current: Current, lines: Lines) -> NDArray[np.float64]:
    """Return the units of each line that are delivered in each week; ``(n_lines, n_weeks)``.

    By the end of its week and of every later one a line has what supply and opening stock leave to it after the lines
    in front of it.
    """
    weeks = len(current.problem.weeks)
    there = current.problem.opening[:, None] + np.cumsum(current.sold_from, axis=1)
    before = np.zeros(len(lines.units))
    for start in _starts(lines.product):
        before[start] = np.cumsum(lines.units[start]) - lines.units[start]
    had = np.clip(there[lines.product] - before[:, None], 0.0, lines.units[:, None])
    had = np.where(had > lines.units[:, None] - EDGE, lines.units[:, None], had)
    had[np.arange(weeks) < lines.week[:, None]] = 0.0
    return np.diff(had, axis=1, prepend=0.0)


def _starts(group: NDArray[np.int64]) -> list[slice]:
    """Return the slices of equal numbers in a sorted array."""
    edges = [0, *(np.flatnonzero(np.diff(group)) + 1).tolist(), len(group)]
    return [slice(first, last) for first, last in itertools.pairwise(edges)] if len(group) else []


@dataclass(frozen=True)
class Lateness:
    """How late each line is; ``(n_lines,)`` each.

    Parameters
    ----------
    week
        Number of the week all of it is there in; the number of weeks where it is not within the plan.
    weeks, units
        Weeks late, and units that are.
    """

    week: NDArray[np.int64]
    weeks: NDArray[np.int64]
    units: NDArray[np.float64]


def lateness(lines: Lines, delivered: NDArray[np.float64]) -> Lateness:
    """Return how late each line is from what is delivered of it in each week."""
    had = np.cumsum(delivered, axis=1)
    week = np.maximum((had < lines.units[:, None] - EDGE).sum(axis=1), lines.week)
    in_time = had[np.arange(len(lines.units)), lines.week]
    late = week - lines.week
    return Lateness(week, late, np.where(late > 0, np.maximum(lines.units - in_time, 0.0), 0.0))


def delivery_rows(
    current: Current, lines: Lines, delivered: NDArray[np.float64], reason: Callable[[int, int], str]
) -> list[Row]:
    """Return the rows of the table ``deliveries``, by order and line.

    Parameters
    ----------
    current, lines, delivered
        The plan, the lines of firm orders, and what of them is delivered when (``served``).
    reason
        Says why a product is short in a week, by their numbers.
    """
    problem, late = current.problem, lateness(lines, delivered)
    rows: list[Row] = [
        {
            "order": lines.order[n],
            "line": int(lines.line[n]),
            "product": problem.products[lines.product[n]],
            "units": lines.units[n],
            "due": problem.weeks[lines.week[n]],
            "week": problem.weeks[late.week[n]] if late.week[n] < len(problem.weeks) else None,
            "late_weeks": int(late.weeks[n]),
            "late_units": late.units[n],
            "money": late.units[n] * lines.price[n],
            "reason": reason(int(lines.product[n]), int(lines.week[n])) if late.weeks[n] > 0 else "",
        }
        for n in range(len(lines.units))
    ]
    return sorted(rows, key=lambda row: (str(row["order"]), row["line"]))
