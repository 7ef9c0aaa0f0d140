"""How much to make of everything that was forecast, alone or with one capacity shared."""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from lotwise.errors import ContractError, SettingsError, breaches, did_you_mean
from lotwise.gap.frames import capacity as shared
from lotwise.gap.frames import economics as money
from lotwise.gap.frames.long import KEYS, Rows, example, floats, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.gap.frames.newsvendor import Array, Demand, Index, Terms


def decide(
    forecast: Any,  # noqa: ANN401  any frame there is
    economics: Any,  # noqa: ANN401  the same
    *,
    capacity: float | str | None = None,
    uses: str | None = None,
    whole: bool = False,
) -> pa.Table:
    """Return how much to make of each series in each period: the quantile of demand at the critical ratio.

    A unit too few forgoes price - cost, a unit too many loses cost - salvage; what is left of a period is sold off in it
    (a newsvendor). Between the 23 levels quantiles lie on straight lines, beyond them they are held.

    Parameters
    ----------
    forecast
        Columns ``unique_id``, ``ds``, ``q010`` to ``q990`` and ``cutoff`` where there is more than one, as
        ``lotwise.forecast.forecast`` and ``backtest`` give them.
    economics
        Columns ``unique_id, price, cost, salvage`` in money a unit, one row a series; or one dict of ``price``, ``cost`` and
        ``salvage`` for all. Where cost is not below price nothing is made; salvage above cost counts as cost; both are noted.
    capacity
        Units of a capacity that all series of one ``cutoff`` and ``ds`` share; or the column of ``forecast`` that holds it.
        None: there is none.
    uses
        Column of ``economics`` with the units of capacity that one unit takes; by default 1 each. ``"cost"`` makes
        the capacity a budget.
    whole
        Whether to make whole units only.

    Returns
    -------
    pyarrow.Table
        The forecast's ``unique_id, ds`` (and ``cutoff``) in their order, with ``quantity``, ``critical_ratio``,
        ``expected_profit``, with a capacity also ``shadow_price`` (money that one more unit of it would earn), and ``note``.

    Raises
    ------
    ContractError
        A frame breaks its contract; every breach is listed with rows.
    SettingsError
        The capacity is negative or no number, or names no column.

    References
    ----------
    Arrow, Harris and Marschak (1951), Optimal inventory policy, Econometrica 19(3), for the critical ratio; see
    ``gap.capacity.share`` for the capacity.
    """
    rows = read(forecast)
    terms, notes, _ = money.read(economics, rows.ids, uses)
    terms = terms.take(rows.series)
    limit = limits(rows, capacity)
    quantity, price = planned(rows, rows.demand, terms, limit, whole=whole)
    keys = [name for name in KEYS if name in rows.table.column_names and not (name == "cutoff" and rows.cutoffs.null_count)]
    found = {
        "quantity": pa.array(quantity),
        "critical_ratio": pa.array(terms.ratio()),
        "expected_profit": pa.array(terms.profit(rows.demand.sold(quantity), quantity)),
    }
    if limit is not None:
        found["shadow_price"] = pa.array(price)
    found["note"] = pa.array([notes[series] for series in rows.series.tolist()], pa.string())
    return pa.table({name: rows.table[name] for name in keys} | found)


def limits(rows: Rows, capacity: float | str | None) -> Array | None:
    """Return the capacity that each row's decision shares, ``(n_rows,)``; None where there is none.

    Raises
    ------
    ContractError
        A column of capacities holds two for one decision.
    SettingsError
        As for ``decide``.
    """
    if capacity is None:
        return None
    if isinstance(capacity, Real):
        values = np.full(rows.table.num_rows, float(capacity))
    elif not isinstance(capacity, str):
        raise SettingsError(
            f"capacity is a {type(capacity).__name__}; expected a number or the name of a column of the forecast."
        )
    elif capacity in rows.table.column_names:
        values = floats(rows.table, capacity, "The forecast")
    else:
        names = rows.table.column_names
        raise SettingsError(
            f"capacity = '{capacity}' is no column of the forecast{did_you_mean(capacity, names)}; name one or give a number."
        )
    wrong = np.flatnonzero(~(values >= 0))
    if len(wrong):
        raise SettingsError(
            f"capacity = {values[wrong[0]]:g} in {len(wrong)} of {len(values)} rows; expected units of 0 or more."
        )
    lowest = np.full(rows.decision.max() + 1, np.inf)
    np.minimum.at(lowest, rows.decision, values)
    other = np.flatnonzero(values != lowest[rows.decision])
    if len(other):
        shown = example(rows.table, other, [*(name for name in KEYS if name in rows.table.column_names), str(capacity)])
        found = f"column '{capacity}' holds more than one capacity for a cutoff and ds: {len(other)} rows, such as {shown}"
        raise ContractError(breaches("The forecast breaks its contract", [found]))
    return values


def planned(rows: Rows, demand: Demand, terms: Terms, limit: Array | None, *, whole: bool = False) -> tuple[Array, Array]:
    """Return the quantity of each row, and the shadow price of the capacity it shares; ``(n_rows,)`` each.

    Parameters
    ----------
    rows
        What is decided together.
    demand, terms
        Of each row.
    limit
        As ``limits`` gives it.
    whole
        Whether to make whole units only.
    """
    price = np.zeros(len(rows.series))
    if limit is None:
        quantity = demand.at(terms.ratio())
        return (shared.whole(demand, terms, quantity) if whole else quantity), price
    quantity = np.empty(len(rows.series))
    for some in together(rows):
        mine, ours, room = demand.take(some), terms.take(some), float(limit[some[0]])
        found = shared.share(mine, ours, room)
        price[some] = found.price
        quantity[some] = shared.whole(mine, ours, found.quantity, room) if whole else found.quantity
    return quantity, price


def known(rows: Rows, units: Array, terms: Terms, limit: Array | None) -> Array:
    """Return what to make of demand that is taken as known: all that earns, or the most that fits; ``(n_rows,)``."""
    if limit is None:
        return np.where(terms.price > terms.cost, units, 0.0)
    quantity = np.empty(len(units))
    for some in together(rows):
        quantity[some] = shared.fill(units[some], terms.take(some), float(limit[some[0]]))
    return quantity


def together(rows: Rows) -> Iterator[Index]:
    """Yield the rows of each decision: one cutoff and period."""
    decision = rows.decision
    order = np.argsort(decision, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(decision[order])) + 1)
