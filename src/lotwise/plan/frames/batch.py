"""Personal orders in batches, and what a unit costs by the size of a batch, from frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from lotwise.errors import ContractError, SettingsError, did_you_mean
from lotwise.plan.frames import columns
from lotwise.plan.generic import batching
from lotwise.plan.generic.orders import Orders

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

DEFAULTS = {"size": 1.0, "release": 0.0, "late": 1.0, "early": 0.0}
"""What an order is taken to be where its column is absent."""
LONGEST = 520
"""Most weeks."""
_ORDERS = "The orders"


def batch(
    orders: Any,  # noqa: ANN401  any frame there is
    options: Sequence[str],
    *,
    capacity: float,
    setup: float,
    option_setup: float | Mapping[str, float] = 0.0,
    weekly: int = 0,
    mixed: bool = False,
) -> pa.Table:
    """Return which batch each order goes into and when, at least cost of set-ups and of weeks too late and too early.

    Parameters
    ----------
    orders
        Columns ``order``, ``due`` a whole week from 0, and one for each of ``options``. Optional: ``size`` of the capacity
        (1), ``release`` the first week it may be made in (0), ``late`` and ``early`` money by week (1 and 0).
    options
        Columns whose values the orders of a batch share: a color, a fabric, a temperature. An empty value is none.
    capacity
        Of a batch, in the unit of ``size``.
    setup
        Money by batch.
    option_setup
        Money by batch for each value that occurs in it: one figure, or one for each column of ``options``.
    weekly
        Most batches a week; 0 for no limit.
    mixed
        Whether orders with different values may share a batch.

    Returns
    -------
    pyarrow.Table
        A row an order in the order given: ``order, batch`` (from 1), ``week``, ``weeks_late``, ``unit_cost`` (its share by size
        of the batch's set-up, by unit of size, and its own weeks), ``personal_cost`` (the same if it were made alone and in
        time).
        Metadata of the schema: ``cost, setups, timing, bound, bound_gap, first_come_cost, personal_cost``.

    Raises
    ------
    ContractError
        A frame breaks its contract.
    SettingsError
        An option is no column, or a figure is given for none of them.
    InputError
        A number is out of range, an order does not fit a batch, or the batches a week are too few.

    References
    ----------
    See ``lotwise.plan.generic.batching``.
    """
    table = columns.arrow(orders, _ORDERS)
    columns.check(table, _ORDERS, ("order", "due"))
    names = columns.unique(table["order"], "order", _ORDERS)
    for name in options:
        if name not in table.column_names:
            hint = did_you_mean(name, table.column_names)
            raise SettingsError(f"options: '{name}' is no column of the orders{hint}; expected some of them.")
    given = {name: _column(table, name, value) for name, value in DEFAULTS.items()}
    due = columns.floats(table, "due", _ORDERS, low=0.0)
    sets, price = _sets(table, options, option_setup)
    asked = Orders(
        options=sets,
        size=given["size"],
        release=_weeks(given["release"], "release"),
        due=_weeks(due, "due"),
        late=given["late"],
        early=given["early"],
        capacity=capacity,
        setup=setup,
        option=price,
        weeks=_horizon(given, due, len(due), weekly),
        weekly=weekly,
        mixed=mixed,
    )
    found = batching.best(asked)
    week = found.week[found.batch]
    setups = np.array([asked.setup + price[sets[found.batch == lot].any(axis=0)].sum() for lot in range(len(found.week))])
    share = setups[found.batch] / np.bincount(found.batch, asked.size)[found.batch]
    timing = asked.time_cost[np.arange(len(due)), week] / asked.size
    alone = asked.setup + sets @ price
    figures = {
        "cost": found.cost,
        "setups": found.setups,
        "timing": found.timing,
        "bound": found.bound,
        "bound_gap": (found.cost - found.bound) / found.bound if found.bound else 0.0,
        "first_come_cost": batching.fifo(asked).cost,
        "personal_cost": float(alone.sum()),
    }
    rows = {
        "order": names,
        "batch": pa.array(found.batch + 1),
        "week": pa.array(week),
        "weeks_late": pa.array(np.maximum(week - asked.due, 0)),
        "unit_cost": pa.array(share + timing),
        "personal_cost": pa.array(alone / asked.size),
    }
    return pa.table(rows).replace_schema_metadata({name: f"{value:.6f}" for name, value in figures.items()})


def batch_sizes(setup: float, *, rate: float, unit: float = 0.0, wait: float = 0.0, most: int = 50) -> pa.Table:
    """Return what a unit costs by the size of its batch, from a personal order of 1 to ``most``.

    Parameters
    ----------
    setup, unit
        Money by batch and by unit.
    rate
        Orders a week that can share a batch.
    wait
        Money by order and week of waiting until the batch is full.
    most
        Largest batch shown.

    Returns
    -------
    pyarrow.Table
        ``size``, ``unit_cost``, ``weeks_waited`` on average, ``is_best``.

    Raises
    ------
    InputError
        A number is out of range.
    """
    sizes = np.arange(1, int(most) + 1)
    cost = batching.unit_cost(sizes, setup, unit=unit, rate=rate, wait=wait)
    return pa.table(
        {
            "size": pa.array(sizes),
            "unit_cost": pa.array(cost),
            "weeks_waited": pa.array((sizes - 1) / (2.0 * rate)),
            "is_best": pa.array(np.arange(len(sizes)) == np.argmin(cost)),
        }
    )


def _column(table: pa.Table, name: str, value: float) -> NDArray[np.float64]:
    if name not in table.column_names:
        return np.full(table.num_rows, value)
    found = columns.floats(table, name, _ORDERS, low=0.0, blank=True)
    return np.where(np.isnan(found), value, found)


def _weeks(values: NDArray[np.float64], name: str) -> NDArray[np.int64]:
    broken = np.flatnonzero(values != np.round(values))
    if len(broken):
        raise ContractError(
            f"{_ORDERS}: '{name}' is no whole week in {len(broken)} rows (row {broken[0] + 1} is {values[broken[0]]:g}); "
            "expected weeks counted from 0."
        )
    return values.astype(np.int64)


def _horizon(given: dict[str, NDArray[np.float64]], due: NDArray[np.float64], count: int, weekly: int) -> int:
    """Return enough weeks: to the last one named, and as many more as full weeks take."""
    last = int(max(due.max(), given["release"].max())) + 1
    if last > LONGEST:
        raise ContractError(f"{_ORDERS}: found week {last - 1:,}; expected at most {LONGEST:,}. Count from the first week.")
    return last + (-(-count // weekly) if weekly else 0)


def _sets(
    table: pa.Table, options: Sequence[str], option_setup: float | Mapping[str, float]
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return which values each order has, and what each value costs a batch."""
    per = dict.fromkeys(options, float(option_setup)) if isinstance(option_setup, (int, float)) else dict(option_setup)
    strange = [name for name in per if name not in options]
    if strange:
        hint = did_you_mean(strange[0], options)
        raise SettingsError(f"option_setup: '{strange[0]}' is none of the options{hint}; expected {', '.join(options)}.")
    sets, price = [np.zeros((table.num_rows, 0), bool)], []
    for name in options:
        filled = table[name].is_valid().to_numpy(zero_copy_only=False)
        column = table.filter(pa.array(filled))
        if not column.num_rows:
            continue
        values, place = columns.numbered(column, name, _ORDERS)
        part = np.zeros((table.num_rows, len(values)), bool)
        part[np.flatnonzero(filled), place] = True
        sets.append(part)
        price += [float(per.get(name, 0.0))] * len(values)
    return np.concatenate(sets, axis=1), np.array(price)
