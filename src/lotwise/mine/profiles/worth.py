"""What each customer will order in the coming time, and the money of it: both models together, with intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from lotwise.errors import ContractError
from lotwise.mine.profiles import frequency, spend
from lotwise.mine.profiles.wander import wander
from lotwise.tables.mined import CUSTOMER_MODELS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.mine.profiles.estimates import Estimates

    Reals = NDArray[np.float64]
    Index = NDArray[np.int64]

DRAWS = 200
LOW, HIGH = 0.05, 0.95
AT_ONCE = 4096
"""Customers drawn for at once, to keep memory small."""
TOGETHER = 0.2
"""Correlation of money and number of orders from which the model's independence is held for broken."""


@dataclass(frozen=True)
class Range:
    """A mean and the 90 % interval of what may come, each ``(n_customers,)``."""

    mean: Reals
    low: Reals
    high: Reals


@dataclass(frozen=True)
class Worth:
    """Both models, and what they say of each customer.

    Parameters
    ----------
    frequency, spend
        Fitted models; ``None`` where there are too few customers or no money.
    alive
        Chance that the customer still is one; 1 after one order, for lack of evidence.
    orders, revenue
        What is expected in the time ahead; revenue before returns.
    order_value
        Money of one order.
    together
        Correlation of how many orders there were and the money of one; NaN where it is not told.
    notes
        What to know before these figures are used.
    """

    frequency: Estimates | None
    spend: Estimates | None
    alive: Reals
    orders: Range
    order_value: Range
    revenue: Range
    together: float
    notes: tuple[str, ...]


def foresee(
    history: tuple[Reals, Reals, Reals],
    money: tuple[Reals, Reals] | None,
    *,
    ahead: float,
    rng: np.random.Generator,
    bought: tuple[Index, Index, int] | None = None,
) -> Worth:
    """Return what each customer is expected to order and spend in the time ``ahead``.

    Intervals hold what may come, given the parameters: the customer's own rate, leaving and mean are drawn from their
    distributions given what was seen, then the orders and their money. Where single orders are known, rates wander as much
    as they did before today (see ``wander``); else they stay what they are. Where most likely nothing comes, the mean may
    lie above the interval.

    Parameters
    ----------
    history
        x, t_x and T.
    money
        Orders that the mean is of, and mean money of one order (NaN, 0 or less: not known).
    ahead
        Time ahead, in the unit of T.
    rng
        Draws the intervals.
    bought
        Customer and day of each line sold, and today, the first day not known yet; the time is then weeks.
    """
    notes: list[str] = []
    nothing = np.full(len(history[0]), np.nan)
    untold = Range(nothing, nothing, nothing)
    often = _often(history, notes)
    paid = _paid(money, len(nothing))
    size, together = (None, float("nan")) if paid is None else _size(paid, notes)
    if often is None:
        return Worth(None, size, nothing, untold, _order_value(size, paid, nothing), untold, together, tuple(notes))
    drift = None if bought is None else wander(often, *bought[:2], today=bought[2], weeks=ahead, rng=rng)
    if drift is None:
        notes.append("intervals of expected orders take each customer's rate for constant: too little is known to tell more")
    orders, value, revenue = _drawn((often, size), history, paid, (ahead, drift or 0.0), rng)
    return Worth(often, size, frequency.alive(often, *history), orders, value, revenue, together, tuple(notes))


def _often(history: tuple[Reals, Reals, Reals], notes: list[str]) -> Estimates | None:
    try:
        found = frequency.fit(*history)
    except ContractError as error:
        notes.append(_flat(error))
        return None
    if {"a", "b"} & set(found.on_bound):
        notes.append("whether customers leave for good is not told by these orders: chances of having left are near 0 or 1")
    if {"r", "alpha"} & set(found.on_bound):
        notes.append("customers order about equally often: rates do not differ by more than chance")
    return found


def _paid(money: tuple[Reals, Reals] | None, count: int) -> tuple[Reals, Reals] | None:
    """Return orders and mean, 0 orders where no money is known."""
    if money is None:
        return None
    good = np.isfinite(money[1]) & (np.nan_to_num(money[1]) > 0) & (money[0] > 0)
    if not good.any():
        return None
    return np.where(good, money[0], 0.0), np.where(good, money[1], np.full(count, np.nan))


def _size(paid: tuple[Reals, Reals], notes: list[str]) -> tuple[Estimates | None, float]:
    some = paid[0] > 0
    try:
        found = spend.fit(paid[0][some], paid[1][some])
    except ContractError as error:
        notes.append(_flat(error))
        return None, float("nan")
    if found.on_bound:
        notes.append("the money of one order hardly differs between customers or between orders")
    related = spend.together(paid[0][some], paid[1][some])
    if abs(related) > TOGETHER:
        notes.append(
            f"money of one order and number of orders go together (correlation {related:.2f}); the model takes them to be "
            "independent, so expected money of customers with few orders is off"
        )
    return found, related


def _order_value(size: Estimates | None, paid: tuple[Reals, Reals] | None, nothing: Reals) -> Range:
    if size is None or paid is None:
        return Range(nothing, nothing, nothing)
    mean = spend.expected(size, *paid)
    return Range(np.where(np.isfinite(mean), mean, np.nan), nothing, nothing)


def _drawn(
    models: tuple[Estimates, Estimates | None],
    history: tuple[Reals, Reals, Reals],
    paid: tuple[Reals, Reals] | None,
    time: tuple[float, float],
    rng: np.random.Generator,
) -> tuple[Range, Range, Range]:
    """Return orders, money of one order and revenue, each with its interval; ``time`` is how far ahead, and the wandering."""
    often, size = models
    ahead, drift = time
    count = len(history[0])
    ends = {name: np.full((2, count), np.nan) for name in ("orders", "value", "revenue")}
    for start in range(0, count, AT_ONCE):
        part = slice(start, start + AT_ONCE)
        some = (history[0][part], history[1][part], history[2][part])
        drawn = frequency.draw(often, some, ahead, DRAWS, rng, wander=drift)
        ends["orders"][:, part] = _ends(drawn.astype(np.float64))
        if size is not None and paid is not None:
            one, total = spend.draw(size, paid[0][part], paid[1][part], drawn, rng)
            ends["value"][:, part], ends["revenue"][:, part] = _ends(one), _ends(total)
    orders = frequency.expected(often, *history, ahead)
    value = _order_value(size, paid, np.full(count, np.nan)).mean
    return (
        Range(orders, *ends["orders"]),
        Range(value, *np.where(np.isnan(value), np.nan, ends["value"])),
        Range(orders * value, *np.where(np.isnan(value), np.nan, ends["revenue"])),
    )


def _ends(drawn: Reals) -> Reals:
    """Return the 5 % and 95 % quantiles of each row, ``(2, n_customers)``: values that were drawn."""
    low, high = int(LOW * drawn.shape[1]), int(np.ceil(HIGH * drawn.shape[1])) - 1
    return np.partition(drawn, (low, high), axis=1)[:, [low, high]].T


def margins(customer: Index, revenue: Reals, margin: Reals, customers: int) -> Reals:
    """Return the margin of each customer as a share of revenue, drawn to that of all.

    The share of a customer is taken to be normal about that of all; its variance over customers comes from how far the
    customers' own shares differ beyond chance (moments), and chance from how far single lines differ.

    Parameters
    ----------
    customer, revenue, margin
        Of each line whose cost is known, with revenue above 0.
    customers
        How many customers there are; those without such a line get the share of all.
    """
    if revenue.sum() <= 0:
        return np.full(customers, np.nan)
    everybody = margin.sum() / revenue.sum()
    bought = np.bincount(customer, weights=revenue, minlength=customers)
    squares = np.bincount(customer, weights=revenue**2, minlength=customers)
    off = np.bincount(customer, weights=margin - everybody * revenue, minlength=customers)
    some = bought > 0
    noise = ((margin - everybody * revenue) ** 2).sum() / (revenue**2).sum() * squares[some] / bought[some] ** 2
    difference = off[some] / bought[some]
    between = max(float(np.average(difference**2 - noise, weights=bought[some])), 0.0)
    share = np.full(customers, everybody)
    share[some] += difference * np.divide(between, between + noise, out=np.zeros(len(noise)), where=between + noise > 0)
    return share


def models(worth: Worth) -> pa.Table:
    """Return the contract's table of both models' parameters."""
    found = []
    for name, model in (("BG/NBD", worth.frequency), ("Gamma-Gamma", worth.spend)):
        if model is not None:
            errors = model.standard_errors
            found += [
                {
                    "model": name, "parameter": letter, "value": float(value),
                    "standard_error": float(error) if np.isfinite(error) else None,
                    "customers": model.rows, "log_likelihood": model.log_likelihood,
                }
                for letter, value, error in zip(model.names, model.values, errors, strict=True)
            ]  # fmt: skip
    return CUSTOMER_MODELS.check(pa.Table.from_pylist(found, schema=CUSTOMER_MODELS.schema))


def _flat(error: ContractError) -> str:
    """Return a message of several lines as one."""
    first, *others = str(error).splitlines()
    return f"{first} {'; '.join(line.removeprefix('- ') for line in others)}"
