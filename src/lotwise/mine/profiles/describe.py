"""Everything known of every customer, from the tables of a project or of a user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.mine.profiles import bought as lines
from lotwise.mine.profiles import habits, history, sensitivity, tastes, worth
from lotwise.mine.profiles.rows import Rows, words
from lotwise.tables.mined import CUSTOMER_MODELS, PROFILES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from numpy.typing import NDArray

    from lotwise.config.mining import MineProfiles
    from lotwise.mine.profiles.bought import Bought
    from lotwise.mine.profiles.history import History
    from lotwise.mine.profiles.worth import Worth

    Reals = NDArray[np.float64]

GIVEN = {
    "age": "age", "income": "income", "household": "household", "children": "children", "region": "region",
    "joined": "customer since",
}  # fmt: skip
"""Columns of the table ``customers`` and the features they make."""


@dataclass(frozen=True)
class Described:
    """Profiles, the models' parameters, how many customers and orders they rest on, and what to know beforehand."""

    profiles: pa.Table
    models: pa.Table
    customers: int
    orders: int
    notes: tuple[str, ...]


def describe(
    tables: Mapping[str, pa.Table], *, today: date | None, settings: MineProfiles, rng: np.random.Generator
) -> Described:
    """Return the profiles of all customers who ordered before today.

    Parameters
    ----------
    tables
        ``orders`` and, where there are any, ``products``, ``order_options``, ``customers``, ``economics``, ``promotions``.
    today
        First day not known yet; default: the day after the last order.
    settings
        ``[mine.profiles]``.
    rng
        Draws the intervals of what is expected.
    """
    found = lines.read(tables["orders"], today=today)
    if not len(found.customer):
        return Described(PROFILES.empty(), CUSTOMER_MODELS.empty(), 0, 0, ("no order of a known customer before today",))
    past = history.summarize(found.customer, found.day, found.revenue, today=found.today)
    rows = Rows()
    notes: list[str | None] = []
    habits.rhythm(rows, past, found.today)
    ahead = _worth(rows, found, past, tables.get("economics"), settings.weeks, rng)
    notes += ahead.notes
    notes.append(sensitivity.discounts(rows, found, tables.get("promotions")))
    notes.append(sensitivity.prices(rows, found, past, settings.least_orders))
    tastes.goods(rows, found, tables.get("products"))
    left = tastes.options(rows, found, tables.get("order_options"))
    notes.append(f"{left} options seldom chosen are left out" if left else None)
    tastes.moments(rows, found)
    habits.size(rows, found)
    habits.returned(rows, found)
    tastes.given(rows, found, tables.get("customers"), GIVEN)
    told = tuple(note for note in notes if note)
    return Described(rows.table(found.customers), worth.models(ahead), len(past.who), len(found.visits()), told)


def _worth(
    rows: Rows, bought: Bought, past: History, economics: pa.Table | None, weeks: int, rng: np.random.Generator
) -> Worth:
    """Add what is expected of each customer."""
    money = (past.paid.astype(np.float64), past.spend) if bought.has_money else None
    found = worth.foresee(
        (past.repeats, past.recency, past.age),
        money,
        ahead=float(weeks),
        rng=rng,
        bought=(bought.customer, bought.day, bought.today),
    )
    if found.frequency is not None:
        _leaving(rows, past, found)
        evidence = words(
            past.repeats.astype(np.int64), " orders again in ", past.age, " weeks, the last ", past.age - past.recency,
            f" weeks ago; model of {found.frequency.rows} customers",
        )  # fmt: skip
        orders = found.orders
        rows.add(
            "expected orders", past.who, evidence, value=orders.mean, low=orders.low, high=orders.high,
            unit=f"orders in {weeks} weeks",
        )  # fmt: skip
    if found.spend is not None:
        _money(rows, past, found, weeks, margins=_margins(bought, economics))
    return found


def _leaving(rows: Rows, past: History, found: Worth) -> None:
    """Add the chance of having left; it is not told of customers who ordered on one day only."""
    once = past.repeats == 0
    again = past.repeats.astype(np.int64)
    model = words("1 - P(alive): ", again, " orders again, the last ", past.age - past.recency, " weeks ago")
    untold = pa.repeat("ordered on one day only; the model tells it from the second on", len(once))
    rows.add(
        "chance of having left", past.who, pc.if_else(pa.array(once), untold, model),
        value=np.where(once, np.nan, 1 - found.alive),
        text=pc.if_else(pa.array(once), "not told", pa.scalar(None, pa.string())), unit="share",
    )  # fmt: skip


def _money(rows: Rows, past: History, found: Worth, weeks: int, *, margins: Reals | None) -> None:
    """Add the money of one order and, where orders are expected, revenue and margin."""
    size = found.order_value
    some = np.isfinite(size.mean)
    evidence = words("mean of ", past.paid[some], " orders, drawn to the mean of all")
    rows.add(
        "expected money per order", past.who[some], evidence, value=size.mean[some], low=size.low[some], high=size.high[some],
        unit="money",
    )  # fmt: skip
    if found.frequency is None:
        return
    sums = found.revenue
    evidence = words("expected orders times expected money per order, before returns; ", past.paid[some], " orders so far")
    unit = f"money in {weeks} weeks"
    rows.add(
        "expected revenue", past.who[some], evidence, value=sums.mean[some], low=sums.low[some], high=sums.high[some], unit=unit
    )
    if margins is None:
        return
    share = margins[past.who[some]]
    ends = np.sort(np.stack([sums.low[some] * share, sums.high[some] * share]), axis=0)
    evidence = words("expected revenue times a margin of ", 100 * share, " %, the customer's own drawn to that of all")
    rows.add("expected margin", past.who[some], evidence, value=sums.mean[some] * share, low=ends[0], high=ends[1], unit=unit)


def _margins(bought: Bought, economics: pa.Table | None) -> Reals | None:
    """Return each customer's margin as a share of revenue; ``None`` where no cost is known."""
    if economics is None or economics.num_rows == 0:
        return None
    place = pc.index_in(pa.array(bought.products, pa.string()), value_set=economics["product"].combine_chunks())
    cost = economics["unit_cost"].combine_chunks().take(place).to_numpy(zero_copy_only=False)[bought.product]
    known = np.isfinite(cost) & (bought.revenue > 0)
    if not known.any():
        return None
    revenue = bought.revenue[known]
    margin = revenue - cost[known] * bought.units[known]
    return worth.margins(bought.customer[known], revenue, margin, len(bought.customers))
