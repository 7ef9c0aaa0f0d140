"""A frame of order lines as the lines that segments are found in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import ContractError, breaches, did_you_mean
from lotwise.mine.customers import EPOCH
from lotwise.mine.intake import Frame
from lotwise.mine.segments.lines import HOUR, Labels, Lines, labels_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

NEEDED = ("customer", "time", "revenue")
OPTIONAL = ("order", "category", "units", "discount", "location", "region", "kind")
KINDS = ("sale", "return", "cancelled")
SHOWN = 3
"""Rows shown in a message."""


def arrow(frame: Any) -> pa.Table:  # noqa: ANN401  any frame there is
    """Return a frame of pandas, Polars, Arrow or the like as an Arrow table.

    Raises
    ------
    ContractError
        It is no frame, or a column of it mixes types.
    """
    return Frame.of(frame, "The frame").table


def lines(frame: Any, columns: Mapping[str, str], today: date | None = None) -> Lines:  # noqa: ANN401  any frame there is
    """Return the lines of a frame.

    Lines without a customer are left out. Without ``order``, the lines of one customer at one time are one order; without
    ``kind``, a line with revenue below 0 is a return.

    Parameters
    ----------
    frame
        One row an order line.
    columns
        The frame's name for each of ``customer, time, revenue`` and, where it has them, ``order, category, units,
        discount, location, region, kind``.
    today
        First day that is not known yet; later lines are left out. Default: the day after the last line.

    Raises
    ------
    ContractError
        Columns are missing, or hold what they cannot; every breach is listed.
    """
    table = arrow(frame)
    told = {ours: table[name] for ours, name in columns.items() if name in table.column_names}
    found = [_missing(table, columns, name) for name in NEEDED if name not in told]
    found += [
        f"columns names '{name}', which is unknown{did_you_mean(name, [*NEEDED, *OPTIONAL])}" for name in _strange(columns)
    ]
    if not found:
        told = {name: _typed(name, values, found) for name, values in told.items()}
    if not found:
        _check(told, found)
    if found:
        raise ContractError(breaches("The frame of order lines breaks its contract", found))
    return _lay(told, today)


def _missing(table: pa.Table, columns: Mapping[str, str], name: str) -> str:
    wanted = columns.get(name, name)
    return f"column '{wanted}' ({name}) is missing{did_you_mean(wanted, table.column_names)}"


def _strange(columns: Mapping[str, str]) -> list[str]:
    return [name for name in columns if name not in NEEDED + OPTIONAL]


def _typed(name: str, values: pa.ChunkedArray, found: list[str]) -> pa.ChunkedArray:
    """Return a column in the type it is worked with."""
    wanted = {"time": pa.timestamp("us"), "revenue": pa.float64(), "units": pa.float64(), "discount": pa.float64()}
    if name == "time" and not (pa.types.is_temporal(values.type) or pa.types.is_string(values.type)):
        found.append(f"column 'time' has type {values.type}, expected a day or a time")
        return values
    try:
        if pa.types.is_dictionary(values.type):
            values = values.cast(values.type.value_type)
        if name == "time" and pa.types.is_timestamp(values.type) and values.type.tz:
            values = pc.local_timestamp(values)
        return pc.cast(values, wanted.get(name, pa.string()), safe=name != "time")
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        reason = str(error).splitlines()[0]
        found.append(f"column '{name}' has type {values.type}, expected {wanted.get(name, pa.string())}: {reason}")
        return values


def _check(told: Mapping[str, pa.ChunkedArray], found: list[str]) -> None:
    """Add what is wrong with the values, with the first rows it is wrong in."""
    bad = {"time": told["time"].is_null(), "revenue": pc.invert(_finite(told["revenue"]))}
    bad |= {name: pc.invert(_finite(told[name])) for name in ("units", "discount") if name in told}
    for name, wrong in bad.items():
        rows = np.flatnonzero(wrong.to_numpy())
        if len(rows):
            shown = ", ".join(str(row) for row in rows[:SHOWN])
            found.append(f"column '{name}' has {len(rows)} empty or infinite values, such as in row {shown}; fill or drop them")
    if "kind" in told:
        strange = sorted({str(kind) for kind in pc.unique(told["kind"]).to_pylist()} - set(KINDS))
        if strange:
            found.append(f"column 'kind' holds {', '.join(map(repr, strange[:SHOWN]))}; expected {', '.join(KINDS)}")


def _finite(values: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.fill_null(pc.is_finite(values), fill_value=False)


def _lay(told: Mapping[str, pa.ChunkedArray], today: date | None) -> Lines:
    moment = told["time"].cast(pa.int64()).to_numpy()
    day = moment // (24 * HOUR)
    last = (today - EPOCH).days if today else int(day.max(initial=-1)) + 1
    row = np.flatnonzero(told["customer"].is_valid().to_numpy() & (day < last))
    who = labels_of(told["customer"].take(pa.array(row)))
    order = labels_of(told["order"].take(pa.array(row))).place if "order" in told else _order(who.place, moment[row])
    tie = [told[name].take(pa.array(row)).to_numpy() for name in ("revenue", "units") if name in told]
    labels = {name: labels_of(told[name].take(pa.array(row))) for name in ("category", "location", "region") if name in told}
    sort = np.lexsort((*tie, *(label.place for label in labels.values()), order, who.place, moment[row]))
    row, moment = row[sort], moment[row][sort]
    revenue = told["revenue"].to_numpy()[row]
    kind = told["kind"].take(pa.array(row)).to_numpy() if "kind" in told else np.where(revenue < 0, "return", "sale")
    hour = (moment % (24 * HOUR)) / HOUR
    return Lines(
        customers=who.names,
        customer=who.place[sort],
        order=order[sort],
        day=day[row],
        hour=hour if len(hour) and np.ptp(hour) > 0 else None,
        units=told["units"].to_numpy()[row] if "units" in told else np.ones(len(row)),
        revenue=revenue,
        discount=told["discount"].to_numpy()[row] if "discount" in told else None,
        sold=kind == "sale",
        returned=kind == "return",
        labels={name: Labels(label.names, label.place[sort]) for name, label in labels.items()},
        options={},
        today=last,
    )


def _order(customer: np.ndarray, moment: np.ndarray) -> np.ndarray:
    """Return a number for each customer and time."""
    return np.unique(np.column_stack([customer, moment]), axis=0, return_inverse=True)[1].reshape(-1)
