"""What every plan brought, on one grid of products and settled weeks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from lotwise.tables.planned import CAUSES

if TYPE_CHECKING:
    from collections.abc import Iterator

Cells = NDArray[np.float64]
"""Money of each product and settled week, shape ``(n_products, n_weeks)``."""

IDEAL = "ideal"
"""The state that knows demand and has no limits: information ``perfect``, limits ``none``."""

NO_LOTS = "no lots"
"""The state that knows demand and has real limits but no lot rules: information ``perfect``, limits ``no lots``."""

ESSENTIAL = (IDEAL, "perfect", "now")
"""Without these three there is no ledger; the others are lines that can be left out."""

NOW, FENCED, EXECUTED = "now", "fenced", "executed"
AFTER = (NOW, FENCED, *(f"{EXECUTED}-{cause}" for cause in CAUSES), EXECUTED)
"""The plan made with what was known, and what became of it: each state stands for the one before where nothing changed."""

_DAY_BITS = 20


@dataclass(frozen=True)
class Value:
    """Settled profit V of every state of information, on one grid.

    Parameters
    ----------
    products
        Product codes, the rows of the grid.
    cutoffs, weeks
        Cutoff and Monday of each column of the grid, ``(n_weeks,)``, in order of time.
    profit
        State -> profit, ``(n_products, n_weeks)``; 0 where a product was not planned.
    notes
        What was left out of the money table, and why.
    """

    products: tuple[str, ...]
    cutoffs: NDArray[np.datetime64]
    weeks: NDArray[np.datetime64]
    profit: dict[str, Cells]
    notes: tuple[str, ...] = ()

    def gain(self, better: str, worse: str) -> Cells:
        """Return V(better) - V(worse), cell by cell."""
        return self.profit[better] - self.profit[worse]

    @property
    def windows(self) -> NDArray[np.int64]:
        """Number of the window (cutoff) each week belongs to, from 0."""
        return np.unique(self.cutoffs, return_inverse=True)[1].astype(np.int64)


def settle(money: pa.Table) -> Value:
    """Return the money table as one aligned grid of profits.

    A cell counts where all of ``ESSENTIAL`` were settled. Another state that lacks one of those
    cells is left out with a note, for a sum over fewer cells would compare unlike things. The states of ``AFTER``
    are the exception: where no week was frozen, a cause did not occur or the floor reported nothing, the state
    before stands.

    Parameters
    ----------
    money
        The table ``money``; rows in any order.

    Returns
    -------
    Value
        With no week at all where nothing could be settled.
    """
    limits, state = money["limits"], money["information"]
    ideal, free = (pc.and_(pc.equal(limits, name), pc.equal(state, "perfect")) for name in ("none", "no lots"))
    state = pc.if_else(ideal, IDEAL, pc.if_else(free, NO_LOTS, state))
    money = money.set_column(money.schema.get_field_index("information"), "information", state)
    money = money.filter(pc.or_(pc.or_(ideal, free), pc.equal(limits, "real")))
    products, row = codes(money["product"])
    times, column = times_of(money)
    states, page = codes(money["information"])
    profit = np.full((len(states), len(products), len(times)), np.nan)
    profit[page, row, column] = money["profit"].to_numpy()
    return _aligned(products, times, dict(zip(states, profit, strict=True)))


def prescriptiveness(perfect: Cells, base: Cells, now: Cells) -> float:
    """Return the share of the base's gap that is closed: the coefficient of prescriptiveness P.

    Parameters
    ----------
    perfect, base, now
        Profits in any one shape: with demand known, of the base (the plan made from each product's own
        history), and of the plan made with what is known.

    Returns
    -------
    float
        1 where nothing is lost any more, 0 where the base is not beaten, below 0 where it does
        harm, not a number where the base loses nothing.

    References
    ----------
    Bertsimas and Kallus (2020), From predictive to prescriptive analytics, Management Science 66(3), equation (9).
    """
    gap = float(np.sum(perfect) - np.sum(base))
    return float(np.sum(now) - np.sum(base)) / gap if gap > 0 else float("nan")


def codes(column: pa.ChunkedArray) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Return the different values in order, and the place of each row's value among them."""
    values = pc.unique(column).sort()
    return tuple(values.to_pylist()), places(column, values)


def places(column: pa.ChunkedArray, values: pa.Array | tuple[str, ...]) -> NDArray[np.int64]:
    """Return the place of each row's value among ``values``; -1 where it is not one of them."""
    among = values if isinstance(values, pa.Array) else pa.array(values, column.type)
    found = pc.fill_null(pc.index_in(column, value_set=among), -1)
    return np.asarray(found.to_numpy(), dtype=np.int64)


def times_of(table: pa.Table) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the different (cutoff, week) as ordered numbers, and the place of each row's among them."""
    time = moment(days(table["cutoff"]), days(table["week"]))
    different, place = np.unique(time, return_inverse=True)
    return different, place.astype(np.int64)


def moment(cutoff: NDArray[np.int64], week: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return one number for a cutoff and a week, both in days, ordered first by cutoff."""
    return (cutoff << _DAY_BITS) + week


def days(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """Return a column of days as days since 1970."""
    return np.asarray(column.cast(pa.int32()).to_numpy(), dtype=np.int64)


def _aligned(products: tuple[str, ...], times: NDArray[np.int64], profit: dict[str, Cells]) -> Value:
    shape = (len(products), len(times))
    absent = np.full(shape, np.nan)
    settled = np.all([np.isfinite(profit.get(state, absent)) for state in ESSENTIAL], axis=0).reshape(shape)
    kept, when = settled.any(axis=1), settled.any(axis=0)
    profit = _filled(profit)
    whole = {state: cells for state, cells in profit.items() if np.isfinite(cells[settled]).all()}
    grid = np.ix_(kept, when)
    day = times[when]
    return Value(
        products=tuple(np.array(products, dtype=object)[kept]),
        cutoffs=(day >> _DAY_BITS).astype("datetime64[D]"),
        weeks=(day & ((1 << _DAY_BITS) - 1)).astype("datetime64[D]"),
        profit={state: np.where(settled, cells, 0.0)[grid] for state, cells in whole.items()},
        notes=tuple(_left_out(profit, settled, whole)),
    )


def _filled(profit: dict[str, Cells]) -> dict[str, Cells]:
    """Return the profits with each cell a state of ``AFTER`` lacks taken from the state before."""
    filled, states = dict(profit), [state for state in AFTER if state in profit]
    for before, state in pairwise(states):
        filled[state] = np.where(np.isnan(profit[state]), filled[before], profit[state])
    return filled


def _left_out(profit: dict[str, Cells], settled: NDArray[np.bool_], whole: dict[str, Cells]) -> Iterator[str]:
    some = np.any([np.isfinite(cells) for cells in profit.values()], axis=0) if profit else settled
    lost = int((some & ~settled).sum())
    if lost:
        yield f"{lost} product-weeks are left out: not every plan the ledger needs was settled for them"
    for state, cells in profit.items():
        if state not in whole:
            missing = int(np.isnan(cells[settled]).sum())
            yield f"'{state}' is left out: it was not settled in {missing} of {int(settled.sum())} product-weeks"
