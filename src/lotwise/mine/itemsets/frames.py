"""Itemsets of any frame of lines, without a project."""

from __future__ import annotations

import logging
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import ContractError, SettingsError
from lotwise.mine.intake import Frame
from lotwise.mine.itemsets.baskets import Baskets
from lotwise.mine.itemsets.condense import condense
from lotwise.mine.itemsets.frequent import frequent
from lotwise.tables.mined import ITEMSETS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.mine.itemsets.caps import Caps
    from lotwise.mine.itemsets.found import Itemsets

log = logging.getLogger("lotwise.mine")


def find_itemsets(  # noqa: PLR0913  each is a keyword of its own
    frame: Any,  # noqa: ANN401  any frame there is
    *,
    basket: str,
    item: str,
    support: float,
    longest: int | None = None,
    weight: str | None = None,
    method: str = "auto",
    caps: Caps | None = None,
) -> pa.Table:
    """Return the sets of items that come together in enough baskets, those in most baskets first.

    Parameters
    ----------
    frame
        One row an item of a basket: pandas, Polars, Arrow or another frame with ``__arrow_c_stream__``. A row that stands twice
        counts once; a row without an item adds none, but its basket counts.
    basket, item
        Columns that tell which basket, and which item.
    support
        Least share of all baskets, as a number with a decimal point above 0 and up to 1.0; or least count, as a whole number.
    longest
        Most items of a set; absent: any.
    weight
        Column with how often the basket counts: the same whole number, 0 or more, in all of its rows. Default: once.
    method, caps
        As for ``lotwise.mine.itemsets.frequent.frequent``. What a cap has cut is said as a warning of the log.

    Returns
    -------
    pa.Table
        Table ``itemsets``; which sets are closed and maximal is told among the sets found.

    Raises
    ------
    ContractError
        Columns are missing, baskets have no name, or weights are no whole numbers; every breach is listed.
    SettingsError
        A setting is out of its range.
    """
    baskets = read(frame, basket=basket, item=item, weight=weight)
    minimum = least(support, baskets.total)
    found = frequent(baskets, minimum=minimum, longest=longest, method=method, caps=caps)
    if found.ended != "whole":
        log.warning("%s", found.sentence)
    return table(found)


def least(support: float, total: int) -> int:
    """Return the least count that a support asks for: a share of all (a float), or the count itself (a whole number).

    Raises
    ------
    SettingsError
        It is neither a share above 0 and up to 1.0 nor a whole number of at least 1.
    """
    if isinstance(support, (int, np.integer)) and not isinstance(support, bool) and support >= 1:
        return int(support)
    if isinstance(support, (float, np.floating)) and 0 < support <= 1:
        count = ceil(support * total)
        return max(count - (count - 1 >= support * total or (count - 1) / total >= support), 1) if count else 1
    raise SettingsError(f"support = {support!r}; expected a share such as 0.01, up to 1.0, or a count such as 25, from 1.")


def read(frame: Any, *, basket: str, item: str, weight: str | None = None) -> Baskets:  # noqa: ANN401  any frame there is
    """Return the baskets of a frame, their items in alphabetical order.

    Raises
    ------
    ContractError
        Every breach is listed.
    """
    taken = Frame.of(frame, "The lines")
    lines = taken.table
    given = [name for name in (basket, item, weight) if name is not None and taken.has(name)]
    for name in dict.fromkeys(name for name in given if name != weight):
        taken.faults += _unfit(name, lines[name])
    if basket in given and (absent := lines[basket].null_count):
        row = pc.index(pc.is_null(lines[basket]), value=True).as_py()
        taken.faults.append(f"column '{basket}' has {absent} empty values, the first in row {row}; name each basket")
    taken.done()
    _, number = _numbered(lines[basket])
    names, place = _numbered(lines[item].cast(pa.string()))
    weights = (
        np.ones(int(number.max(initial=-1)) + 1, dtype=np.int64) if weight is None else _weights(lines[weight], number, weight)
    )
    there = place >= 0
    return Baskets.of(number[there], place[there], names, weights)


def table(found: Itemsets) -> pa.Table:
    """Return the sets as table ``itemsets``, those with the largest count first."""
    closed, maximal = condense(found)
    order = np.argsort(-found.counts, kind="stable")
    sets = found.table().take(pa.array(order))
    count = len(found)
    return ITEMSETS.check(
        pa.table({
            "itemset": pa.array(np.arange(1, count + 1)).cast(pa.string()),
            "kind": pa.array(["together"] * count, pa.string()),
            "level": pa.array(["product"] * count, pa.string()),
            "scope": pa.array(["all"] * count, pa.string()),
            "product": pa.nulls(count, pa.string()),
            "items": sets["items"],
            "count": sets["count"],
            "support": sets["support"],
            "is_closed": pa.array(closed[order]),
            "is_maximal": pa.array(maximal[order]),
        })
    )  # fmt: skip


def _unfit(name: str, values: pa.ChunkedArray) -> list[str]:
    """Return what keeps a column from telling things apart."""
    kind = values.type
    if pa.types.is_nested(kind):
        return [f"column '{name}' has type {kind}; expected a name or number a row"]
    if pa.types.is_floating(kind):
        bad = pc.sum(pc.invert(pc.is_finite(values))).as_py()
        return [f"column '{name}' has {bad} values that are not finite; expected a name or number a row"] if bad else []
    return []


def _numbered(values: pa.ChunkedArray) -> tuple[list[Any], NDArray[np.int64]]:
    """Return the different values in order, and the place of each row's; -1 where it is absent."""
    encoded = values.combine_chunks().dictionary_encode()
    order = pc.sort_indices(encoded.dictionary).to_numpy()
    place = np.empty(len(order) + 1, dtype=np.int64)
    place[order] = np.arange(len(order))
    place[-1] = -1
    at = pc.fill_null(encoded.indices, len(order)).to_numpy()
    return encoded.dictionary.take(pa.array(order)).to_pylist(), place[at]


def _weights(values: pa.ChunkedArray, number: NDArray[np.int64], name: str) -> NDArray[np.float64]:
    """Return the weight of each basket; what is no weight is left for ``Baskets.of`` to refuse."""
    if not (pa.types.is_integer(values.type) or pa.types.is_floating(values.type)):
        raise ContractError(f"Column '{name}' has type {values.type}; expected whole numbers.")
    given = pc.fill_null(values.cast(pa.float64()), float("nan")).to_numpy()
    weights = np.zeros(int(number.max(initial=-1)) + 1)
    weights[number] = given
    differ = np.flatnonzero(~((weights[number] == given) | ~np.isfinite(given)))
    if len(differ):
        raise ContractError(
            f"Column '{name}' has {len(differ)} rows that differ from another of the same basket, the first in row "
            f"{differ[0]}; expected one weight a basket."
        )
    return weights
