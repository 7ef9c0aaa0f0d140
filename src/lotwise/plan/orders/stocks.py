"""Stock a planner should look at: units that pass their shelf life, and units that lie untouched through all weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.plan.orders.current import Current, Row

CENT = 0.01
LEAST = 1e-3


def expiring(current: Current) -> Iterator[Row]:
    """Yield a row of ``exceptions`` for each product of which units are expected to pass their shelf life."""
    terms = current.problem.terms
    expired = current.sales[1]
    lost = np.maximum(terms.cost - terms.salvage, 0.0)
    for product in np.flatnonzero(expired.sum(axis=1) > LEAST).tolist():
        week, units = int(expired[product].argmax()), float(expired[product].sum())
        name, money = current.problem.products[product], units * float(lost[product])
        text = f"{units:,.6g} units of {name} are expected to pass their shelf life, most in the week of {current.day(week)}."
        if money >= CENT:
            yield _row("expiring", name, current.day(week), money, text)


def surplus(current: Current) -> Iterator[Row]:
    """Yield a row of ``exceptions`` for each item of which units lie untouched from the first week to the last.

    Money is what they lose against their standard cost, and what carrying them costs.
    """
    yield from _products(current)
    items, weeks = current.network.items, len(current.problem.weeks)
    lying = np.maximum(np.minimum(current.flow.stock.min(axis=1), current.opening) - items.safety, 0.0)
    for item in np.flatnonzero((lying > LEAST) & items.keeps).tolist():
        name, unit, units = items.names[item], items.units[item], float(lying[item])
        money = units * (max(float(items.left[item]), 0.0) + float(items.holding[item]) * (weeks - 1))
        where = "" if items.sites[item] == "all" else f" at {items.sites[item]}"
        text = f"{units:,.6g} {unit} of {name}{where} lie untouched through all weeks: more than is wanted and kept for safety."
        if money >= CENT:
            yield _row("surplus", name, current.day(0), money, text)


def _products(current: Current) -> Iterator[Row]:
    problem = current.problem
    terms = problem.terms
    there = problem.opening[:, None] + np.cumsum(current.sold_from, axis=1)
    asked = np.cumsum(problem.demand, axis=2).max(axis=0) if len(problem.demand) else np.zeros(problem.shape)
    lying = np.minimum(np.maximum(there - asked, 0.0).min(axis=1), problem.opening)
    money = lying * (np.maximum(terms.cost - terms.salvage, 0.0) + terms.holding * (len(problem.weeks) - 1))
    for product in np.flatnonzero((lying > LEAST) & (money >= CENT)).tolist():
        name = problem.products[product]
        text = f"{lying[product]:,.6g} units of {name} are left even in the outcome that sells most: more than is wanted."
        yield _row("surplus", name, current.day(0), float(money[product]), text)


def _row(kind: str, subject: str, day: object, money: float, text: str) -> Row:
    row: Row = {"kind": kind, "subject": subject, "week": day, "money": money, "reason": text, "chain": subject}
    return row | {"remedy": "", "remedy_cost": None, "gain": None}
