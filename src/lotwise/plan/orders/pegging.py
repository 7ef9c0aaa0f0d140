"""Which supply serves which demand: from orders and expected sales through lots and components to purchases and stock.

At every item of every site supplies and demands of the plan meet first in, first out; within a week firm orders come before
expected sales, and what is left comes last. Moves within one site and replacements are passed through, so that a row names
the lot, purchase, shipment, receipt or stock behind them. As first in, first out keeps time (what a feasible plan has used up
to a week was there by then), no demand is served by what comes later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from lotwise.plan.orders.fifo import fifo
from lotwise.plan.orders.passing import through
from lotwise.plan.orders.receipts import divided
from lotwise.plan.orders.sides import Side

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csc_array

    from lotwise.plan.orders.current import Current
    from lotwise.plan.orders.deliveries import Lines

FORECAST, GONE, LEFT = 1, 2, 3
"""Place of a demand within its week, after firm orders and what is taken."""
LEAST = 1e-5
"""Fewer units than this are rounding."""


def pegging_rows(current: Current, lines: Lines, delivered: NDArray[np.float64]) -> pa.Table:
    """Return the rows of the table ``pegging``, by its key.

    Parameters
    ----------
    current
        The plan.
    lines, delivered
        The lines of firm orders, and what of them is delivered when (``deliveries.served``).
    """
    names, sites, sold_at = _places(current)
    supplies = _supplies(current, names, sold_at).sorted()
    demands = _demands(current, (names, sold_at), lines, delivered).sorted()
    source, sink, units = fifo((supplies.item, supplies.units), (demands.item, demands.units))
    found = through(supplies, demands, (source, sink, units))
    shown = [*current.shown.tolist(), *range(len(current.shown), len(names))]
    rows: dict[tuple[str, str, str, str], list[float]] = {}
    for to, of, amount in found:
        item = shown[supplies.item[of]]
        key = (demands.name[to], supplies.name[of], names[item], sites[item])
        _count(rows, key, demands.week[to], amount)
    for n in np.flatnonzero(lines.units - delivered.sum(axis=1) > LEAST).tolist():
        item, short = sold_at[lines.product[n]], lines.units[n] - delivered[n].sum()
        _count(rows, (f"order {lines.name(n)}", f"missing {names[item]}", names[item], sites[item]), lines.week[n], short)
    return _table(current, {key: row for key, row in rows.items() if row[1] > LEAST})


def _count(rows: dict[tuple[str, str, str, str], list[float]], key: tuple[str, str, str, str], week: int, units: float) -> None:
    row = rows.setdefault(key, [week, 0.0])
    row[0] = min(row[0], week)
    row[1] += units


def _table(current: Current, rows: dict[tuple[str, str, str, str], list[float]]) -> pa.Table:
    keys = sorted(rows)
    days = pa.array(current.problem.weeks, pa.date32())
    weeks = [min(max(int(rows[key][0]), 0), len(days) - 1) for key in keys]
    texts = {
        name: pa.array([key[n] for key in keys], pa.string()) for n, name in enumerate(("demand", "supply", "item", "site"))
    }
    return pa.table(
        {**texts, "week": days.take(pa.array(weeks, pa.int64())), "units": np.array([rows[key][1] for key in keys])}
    )


def _places(current: Current) -> tuple[list[str], list[str], NDArray[np.int64]]:
    """Return names and sites of all items, and the number of the item each product is sold from.

    A product that nothing supplies is an item of its own here, with its stock.
    """
    items, products = current.network.items, current.problem.products
    names, sites, sold_at = list(items.names), list(items.sites), current.sale_item.copy()
    for product in np.flatnonzero(sold_at < 0).tolist():
        sold_at[product] = len(names)
        names.append(products[product])
        sites.append("all")
    return names, sites, sold_at


def _things(current: Current, names: list[str]) -> NDArray[np.int64]:
    """Return the numbers of items that are things: those that only stand for others are neither left nor missing."""
    return np.concatenate([np.flatnonzero(current.is_real), np.arange(len(current.is_real), len(names))])


def _supplies(current: Current, names: list[str], sold_at: NDArray[np.int64]) -> Side:
    """Return opening stock, receipts, what is started, and at the end of each item what nothing supplies."""
    side, started, activities = Side(), current.started, current.network.activities
    opening = np.zeros(len(names))
    opening[: len(current.opening)] = current.opening
    np.add.at(opening, sold_at, current.problem.opening)
    some = np.flatnonzero(opening > 0)
    side.add([f"stock {names[n]}" for n in some.tolist()], some, -1, opening[some])
    alone, rest = divided(current)[0], current.receipts.copy()
    for receipt in alone:
        rest[receipt.item, receipt.week] -= receipt.units
    side.add(
        [f"receipt {receipt.number}" for receipt in alone],
        np.array([receipt.item for receipt in alone], np.int64),
        np.array([receipt.week for receipt in alone], np.int64),
        np.array([receipt.units for receipt in alone], dtype=float),
    )
    item, week = np.nonzero(rest > LEAST)
    side.add([f"receipt {names[n]}" for n in item.tolist()], item, week, rest[item, week])
    number, item, units = _spread(current.gives, started.activity)
    there = started.week[number] + activities.lead[started.activity[number]]
    side.add([started.number[n] for n in number.tolist()], item, there, units * started.level[number], start=number)
    every = _things(current, names)
    side.add([f"missing {names[n]}" for n in every.tolist()], every, len(current.problem.weeks), np.inf)
    return side


def _demands(
    current: Current, places: tuple[list[str], NDArray[np.int64]], lines: Lines, delivered: NDArray[np.float64]
) -> Side:
    """Return what is taken, delivered and sold, what perishes, and at the end of each item what is left."""
    (names, sold_at), side, started, problem = places, Side(), current.started, current.problem
    number, item, units = _spread(current.takes, started.activity)
    side.add(
        [started.number[n] for n in number.tolist()], item, started.week[number], units * started.level[number], start=number
    )
    line, week = np.nonzero(delivered > 0)
    side.add([f"order {lines.name(n)}" for n in line.tolist()], sold_at[lines.product[line]], week, delivered[line, week])
    sold, expired = sold_and_gone(current, lines, delivered)
    product, week = np.nonzero(sold > LEAST)
    days = [str(day) for day in problem.weeks]
    named = [f"forecast {problem.products[p]} {days[w]}" for p, w in zip(product.tolist(), week.tolist(), strict=True)]
    side.add(named, sold_at[product], week, sold[product, week], place=FORECAST)
    product, week = np.nonzero(expired > LEAST)
    side.add(
        [f"stock {problem.products[p]}" for p in product.tolist()], sold_at[product], week, expired[product, week], place=GONE
    )
    every = _things(current, names)
    side.add([f"stock {names[n]}" for n in every.tolist()], every, len(problem.weeks), np.inf, place=LEFT)
    return side


def _spread(table: csc_array, activity: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return the entries of each activity's column: place in the list, item, units for one unit of level."""
    count = np.diff(table.indptr)[activity]
    number = np.repeat(np.arange(len(activity)), count)
    within = np.arange(len(number)) - np.repeat(np.cumsum(count) - count, count)
    entry = table.indptr[activity][number] + within
    return number, table.indices[entry].astype(np.int64), table.data[entry]


def sold_and_gone(
    current: Current, lines: Lines, delivered: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return expected sales beside firm orders, and units that perish; ``(n_products, n_weeks)`` each.

    Up to each week they are at most what supply leaves after the firm orders of that week and of all later ones.
    """
    problem = current.problem
    firm = np.zeros(problem.shape)
    np.add.at(firm, lines.product, delivered)
    sold, expired = current.sales
    free = problem.opening[:, None] + np.cumsum(current.sold_from - firm, axis=1)
    wanted = np.maximum.accumulate(np.maximum(np.cumsum(sold - firm, axis=1), 0.0), axis=1)
    forecast = np.minimum(wanted, np.maximum(_least_later(free), 0.0))
    gone = np.minimum(np.cumsum(expired, axis=1), np.maximum(_least_later(free - forecast), 0.0))
    return np.diff(forecast, axis=1, prepend=0.0), np.diff(gone, axis=1, prepend=0.0)


def _least_later(units: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the least of each week and all later ones."""
    return np.minimum.accumulate(units[:, ::-1], axis=1)[:, ::-1]
