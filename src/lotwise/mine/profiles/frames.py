"""Profiles and customer value of frames of one's own, without a project."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from lotwise.config.mining import MineProfiles
from lotwise.errors import ContractError, SettingsError
from lotwise.mine.intake import Frame
from lotwise.mine.profiles import bought, frequency, history, worth
from lotwise.mine.profiles.describe import describe
from lotwise.mine.profiles.reading import WHAT, tables

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    Index = NDArray[np.int64]
    Reals = NDArray[np.float64]

log = logging.getLogger("lotwise.mine")

SUMMARY = ("x", "t_x", "T")


@dataclass(frozen=True)
class CustomerValue:
    """What customers are worth.

    Parameters
    ----------
    customers
        A row a customer: ``customer, x, t_x, T, alive, orders, orders_low, orders_high``, and where money is known
        ``order_value, revenue, revenue_low, revenue_high``. Intervals hold what may come, with 90 % chance.
    models
        The models' parameters, as in the table ``customer_models``.
    notes
        What to know before these figures are used.
    """

    customers: pa.Table
    models: pa.Table
    notes: tuple[str, ...]


def profile(  # noqa: PLR0913  each is a column or a keyword of its own
    frame: Any,  # noqa: ANN401  any frame there is
    *,
    customer: str = "customer",
    time: str = "time",
    revenue: str | None = None,
    order: str | None = None,
    product: str | None = None,
    category: str | None = None,
    location: str | None = None,
    units: str | None = None,
    discount: str | None = None,
    today: date | None = None,
    weeks: int = 13,
    least_orders: int = 8,
    seed: int = 0,
) -> pa.Table:
    """Return what is known of each customer, a row a feature, with its evidence: the table ``profiles``.

    Parameters
    ----------
    frame
        A row an order line, of pandas, Polars, Arrow or the like. Rows without a customer are left out; rows with
        revenue or units below 0 are returns.
    customer, time
        Columns that say who, and when (a day, a time, or a text such as 2025-05-05).
    revenue, units, discount
        Columns with the money paid, the units, and the money off the list price. Default: not known, 1 unit, not known.
    order, product, category, location
        Columns that name them. Default: the lines of a customer and day are one order; not known.
    today
        First day not known yet; later rows count for nothing. Default: the day after the last row.
    weeks
        Weeks ahead for which orders and money are expected.
    least_orders
        Days with an order from which a price elasticity of one's own is told.
    seed
        Draws the intervals: same seed and same frame give the same bytes.

    Raises
    ------
    ContractError
        A column is missing, holds no such values, or nothing was sold before today; every breach is listed.
    SettingsError
        ``weeks`` or ``least_orders`` is below 1.

    Notes
    -----
    Features that need a column the frame lacks, or more customers than it has, are left out; the log says which.
    """
    asked = {"weeks": weeks, "least_orders": least_orders}
    wrong = [f"{name} = {value!r}; expected at least 1." for name, value in asked.items() if not value >= 1]
    if wrong:
        raise SettingsError(" ".join(wrong))
    names = {
        "customer": customer, "time": time, "revenue": revenue, "order": order, "product": product, "category": category,
        "location": location, "units": units, "discount": discount,
    }  # fmt: skip
    given = tables(Frame.of(frame, WHAT), {meaning: name for meaning, name in names.items() if name is not None})
    settings = MineProfiles(weeks=weeks, least_orders=least_orders)
    found = describe(given, today=today, settings=settings, rng=np.random.default_rng(seed))
    for note in found.notes:
        log.warning("%s", note)
    if not found.customers:
        raise ContractError(f"No row is a sale to a named customer before {today or 'today'}: there is nobody to describe.")
    return found.profiles


def customer_value(
    frame: Any,  # noqa: ANN401  any frame there is
    *,
    customer: str = "customer",
    time: str = "time",
    revenue: str | None = None,
    today: date | None = None,
    ahead: float = 13.0,
    seed: int = 0,
) -> CustomerValue:
    """Return how many orders and how much revenue to expect of each customer: BG/NBD and Gamma-Gamma.

    Parameters
    ----------
    frame
        A row an order line, as for ``profile``; or a summary, a row a customer, with columns ``x`` (orders after the first),
        ``t_x`` (time from the first order to the last) and ``T`` (time from the first order to today), in any unit of time.
    customer
        Column that says who. A summary may lack it: rows are then numbered from 1.
    time
        Column that says when; of order lines only.
    revenue
        Column with the money paid; in a summary, the mean money of one of the x orders, as Fader & Hardie (2013) have it.
    today
        First day not known yet. Default: the day after the last row.
    ahead
        Time ahead: weeks, or the unit of the summary.
    seed
        Draws the intervals.

    Raises
    ------
    ContractError
        The frame or summary contradicts itself, or there are too few customers for a model.
    SettingsError
        ``ahead`` is not above 0.

    References
    ----------
    Fader, Hardie & Lee (2005), Marketing Science 24(2); Fader & Hardie (2013), brucehardie.com/notes/025.
    """
    if not 0 < ahead < np.inf:
        raise SettingsError(f"ahead = {ahead!r}; expected a time above 0.")
    taken = Frame.of(frame, "The summary")
    if set(SUMMARY) <= set(taken.table.column_names):
        who, summary, money = _summary(taken, customer, revenue)
        lines = None
    else:
        named = {"customer": customer, "time": time, "revenue": revenue}
        who, summary, money, lines = _lines(
            frame, {meaning: name for meaning, name in named.items() if name is not None}, today
        )
    found = worth.foresee(summary, money, ahead=ahead, rng=np.random.default_rng(seed), bought=lines)
    if found.frequency is None:
        raise ContractError(found.notes[0])
    for note in found.notes:
        log.warning("%s", note)
    columns = {"customer": who, **{name: pa.array(values) for name, values in zip(SUMMARY, summary, strict=True)}}
    columns |= {"alive": pa.array(found.alive), "orders": pa.array(found.orders.mean)}
    columns |= {"orders_low": pa.array(found.orders.low), "orders_high": pa.array(found.orders.high)}
    if found.spend is not None:
        kinds = {"order_value": found.order_value.mean, "revenue": found.revenue.mean}
        kinds |= {"revenue_low": found.revenue.low, "revenue_high": found.revenue.high}
        columns |= {name: pa.array(values, from_pandas=True) for name, values in kinds.items()}
    return CustomerValue(pa.table(columns), worth.models(found), found.notes)


def _summary(
    frame: Frame, customer: str, revenue: str | None
) -> tuple[pa.Array, tuple[Reals, Reals, Reals], tuple[Reals, Reals] | None]:
    """Return who, x, t_x and T, and orders and mean money, of a summary."""
    x, t_x, age = (frame.numbers(name) for name in SUMMARY)
    money = None if revenue is None else (x, frame.numbers(revenue, empty=True))
    numbers = pa.array(np.arange(1, len(frame) + 1)).cast(pa.string())
    who = frame.texts(customer) if customer in frame.table.column_names else numbers
    frame.done()
    frequency.check(x, t_x, age)
    return who, (x, t_x, age), money


def _lines(
    frame: Any,  # noqa: ANN401  any frame there is
    names: dict[str, str],
    today: date | None,
) -> tuple[pa.Array, tuple[Reals, Reals, Reals], tuple[Reals, Reals] | None, tuple[Index, Index, int]]:
    """Return the same of order lines, and the lines: customer, day, and today."""
    found = bought.read(tables(Frame.of(frame, WHAT), names)["orders"], today=today)
    if not len(found.customer):
        raise ContractError(f"No row is a sale to a named customer before {today or 'today'}: there is nobody to value.")
    past = history.summarize(found.customer, found.day, found.revenue, today=found.today)
    who = pa.array(found.customers, pa.string()).take(pa.array(past.who))
    money = (past.paid.astype(np.float64), past.spend) if "revenue" in names else None
    return who, (past.repeats, past.recency, past.age), money, (found.customer, found.day, found.today)
