"""Segments from frames of your own, without a project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from lotwise.config.mining import MineSegments
from lotwise.errors import ContractError, SettingsError, breaches, did_you_mean
from lotwise.mine.segments import migrating, telling
from lotwise.mine.segments.feature import Feature
from lotwise.mine.segments.features import Behavior, describe
from lotwise.mine.segments.reading import OPTIONAL, arrow, lines
from lotwise.mine.segments.segmentation import divide

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lotwise.mine.segments.segmentation import Segmentation

SKEWED = 2.0
"""Skewness from which a feature without negative values goes by its logarithm."""

SHOWN = 3


def segment(
    frame: Any,  # noqa: ANN401  any frame there is
    *,
    customer: str = "customer",
    time: str = "time",
    revenue: str = "revenue",
    columns: Mapping[str, str] | None = None,
    params: MineSegments | None = None,
    seed: int = 0,
) -> pa.Table:
    """Return the segment of each customer, from a frame of order lines.

    Parameters
    ----------
    frame
        One row an order line (pandas, Polars, Arrow or a dict of columns). Lines without a customer are left out.
    customer, time, revenue
        Its columns of who bought, when, and for how much money; below 0 for a return, where no ``kind`` tells.
    columns
        Its names of ``order``, ``category``, ``units``, ``discount`` (money), ``location``, ``region`` and ``kind`` (sale,
        return, cancelled). Default: columns of these names, where it has them.
    params
        ``[mine.segments]``: method, number, reduction and resamples.
    seed
        Same seed and same lines, in any order, give the same bytes.

    Returns
    -------
    pa.Table
        Table ``segments``: ``customer, segment, name, certainty, recency_days, orders, revenue, rfm``; days are counted to
        the day after the last line. Customers without a sale are left out.

    Raises
    ------
    ContractError
        The frame breaks its contract; every breach is listed.
    SettingsError
        More segments are asked for than there are customers.
    """
    named = {"customer": customer, "time": time, "revenue": revenue}
    return segment_tables(frame, {**named, **dict(columns or {})}, params=params, seed=seed)["segments"]


def segment_tables(
    frame: Any,  # noqa: ANN401  any frame there is
    columns: Mapping[str, str] | None = None,
    *,
    params: MineSegments | None = None,
    seed: int = 0,
) -> dict[str, pa.Table]:
    """Return ``segments``, ``segment_features`` and ``segment_trials`` of a frame of order lines; see ``segment``.

    Parameters
    ----------
    frame, params, seed
        As in ``segment``.
    columns
        The frame's names of ``customer``, ``time``, ``revenue`` and of what else it has.
    """
    table = arrow(frame)
    own = {name: name for name in ("customer", "time", "revenue", *OPTIONAL) if name in table.column_names}
    behavior = describe(lines(table, {**own, **dict(columns or {})}))
    if not behavior.customers:
        raise ContractError("The frame of order lines holds no sale of a known customer; expected one at least.")
    found = _divide(behavior, params, seed)
    return {
        "segments": telling.segments(found),
        "segment_features": telling.features(found),
        "segment_trials": telling.trials(found),
    }


def segment_features(
    frame: Any,  # noqa: ANN401  any frame there is
    *,
    customer: str = "customer",
    params: MineSegments | None = None,
    seed: int = 0,
) -> dict[str, pa.Table]:
    """Return the segments of customers whose features are ready.

    Parameters
    ----------
    frame
        One row a customer, one numeric column a feature. Features without negative values and with a skewness above 2 go by
        their logarithm.
    customer
        Its column of who it is.
    params
        ``[mine.segments]``; the method ``rfm`` needs order lines.
    seed
        Same seed and same rows, in any order, give the same bytes.

    Returns
    -------
    dict of str to pa.Table
        ``segments`` (``customer, segment, name, certainty``; S1 has most customers), ``segment_features`` and
        ``segment_trials``.

    Raises
    ------
    ContractError
        The customer column is missing or not unique, or features are no numbers, or absent or infinite anywhere.
    SettingsError
        More segments are asked for than there are customers, or the method is ``rfm``.
    """
    behavior = _ready(arrow(frame), customer)
    if params is not None and params.method == "rfm":
        raise SettingsError("method = 'rfm' needs order lines and not ready features; use segment(), or another method.")
    found = _divide(behavior, params, seed)
    segments = {
        "customer": pa.array(behavior.customers, pa.string()),
        "segment": pa.array(found.numbers).take(pa.array(found.labels)),
        "name": pa.array(found.names).take(pa.array(found.labels)),
        "certainty": np.clip(found.certainty, 0, 1),
    }
    return {
        "segments": pa.table(segments),
        "segment_features": telling.features(found),
        "segment_trials": telling.trials(found),
    }


def migrations(before: Any, after: Any) -> pa.Table:  # noqa: ANN401  any frame there is
    """Return who moved between two tables ``segments``, segments of the second being renumbered as they go on from the first.

    Parameters
    ----------
    before, after
        Frames with ``customer`` and ``segment``, such as ``segment`` gives at two times.

    Returns
    -------
    pa.Table
        Table ``migrations``: ``before, after, customers, share``; the shares of each ``before`` sum to 1.
    """
    old, new = (_pairs(frame, which) for frame, which in ((before, "before"), (after, "after")))
    segments = sorted(set(new.values()))
    customers = sorted(new)
    labels = np.array([segments.index(new[name]) for name in customers], dtype=np.int64)
    known = migrating.Before(old, dict.fromkeys(old.values(), ""))
    matched = migrating.match(customers, labels, len(segments), known)
    numbers = dict(zip(segments, migrating.number(matched, known), strict=True))
    return migrating.migrations(old, {name: numbers[segment] for name, segment in new.items()})


def _pairs(frame: Any, which: str) -> dict[str, str]:  # noqa: ANN401  any frame there is
    table = arrow(frame)
    missing = [name for name in ("customer", "segment") if name not in table.column_names]
    if missing:
        found = [f"column '{name}' is missing{did_you_mean(name, table.column_names)}" for name in missing]
        raise ContractError(breaches(f"The frame '{which}' breaks its contract", found))
    return dict(zip(*(map(str, table[name].to_pylist()) for name in ("customer", "segment")), strict=True))


def _divide(behavior: Behavior, params: MineSegments | None, seed: int) -> Segmentation:
    used = params or MineSegments()
    count = len(behavior.customers)
    if used.segments > count:
        raise SettingsError(f"segments = {used.segments}, of {count} customers; expected {count} at most, or 0 to choose.")
    return divide(behavior, used, np.random.default_rng(seed))


def _ready(table: pa.Table, customer: str) -> Behavior:
    """Return ready features, sorted by customer."""
    if customer not in table.column_names:
        hint = did_you_mean(customer, table.column_names)
        raise ContractError(breaches("The frame of features breaks its contract", [f"column '{customer}' is missing{hint}"]))
    names = [name for name in table.column_names if name != customer]
    found = [] if names else ["it holds no feature; expected one numeric column at least"]
    found += [] if table.num_rows else ["it holds no row; expected one customer at least"]
    who = np.array([str(name) for name in table[customer].to_pylist()], dtype=object)
    if len(set(who)) < len(who):
        found.append(f"column '{customer}' is not unique: {len(who) - len(set(who))} rows repeat a customer")
    values = np.empty((table.num_rows, len(names)))
    for place, name in enumerate(names):
        kind = table[name].type
        if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)):
            found.append(f"column '{name}' has type {kind}, expected numbers; drop it or turn it into columns of 0 and 1")
            continue
        values[:, place] = table[name].cast(pa.float64()).to_numpy()
        rows = np.flatnonzero(~np.isfinite(values[:, place]))
        if len(rows):
            shown = ", ".join(map(str, rows[:SHOWN]))
            found.append(f"column '{name}' has {len(rows)} empty or infinite values, such as in row {shown}; fill or drop them")
    if found:
        raise ContractError(breaches("The frame of features breaks its contract", found))
    sort = np.argsort(who, kind="stable")
    values = values[sort]
    told = tuple(
        Feature(name, f"high {name}", f"low {name}", name, "log" if _is_skewed(values[:, place]) else "plain")
        for place, name in enumerate(names)
    )
    return Behavior(tuple(who[sort]), told, values, np.ones_like(values))


def _is_skewed(values: np.ndarray) -> bool:
    spread = values.std()
    if values.min() < 0 or spread == 0:
        return False
    return float(((values - values.mean()) ** 3).mean() / spread**3) > SKEWED
