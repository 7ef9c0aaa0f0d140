"""Columns of tables as features and targets: numbers, words as places among the most frequent, times as month and weekday."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import InputError
from lotwise.mine.drivers.cases import Cases, Feature

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lotwise.mine.drivers.cases import Scale

MOST_LEVELS = 60
"""Different words up to which a column is a feature."""

ALIKE = 0.9995
"""Correlation with the target from which a column is the target by another name."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

Column = tuple["NDArray[np.float64]", tuple[str, ...]]
"""Values of a feature, and the words they stand for; none for numbers."""


def any_column(name: str, values: pa.ChunkedArray) -> dict[str, Column]:
    """Return a column as features: numbers and few words as they are, times as month and weekday; nothing else."""
    kind = values.type
    if pa.types.is_boolean(kind) or pa.types.is_floating(kind) or pa.types.is_integer(kind):
        return {name: number(values.cast(pa.float64()).to_numpy(zero_copy_only=False))}
    if pa.types.is_string(kind) and len(pc.unique(values)) <= MOST_LEVELS:
        return {name: coded(values)}
    if (pa.types.is_date(kind) or pa.types.is_timestamp(kind)) and not values.null_count:
        day = days(values)
        return {f"month of {name}": (month(day), MONTHS), f"weekday of {name}": (((day - 4) % 7).astype(float), DAYS)}
    return {}


def target_of(values: pa.ChunkedArray, name: str) -> tuple[NDArray[np.float64], Scale]:
    """Return a column as a target: a number, or 0 and 1 for yes or no or one of two words.

    Raises
    ------
    InputError
        It is neither.
    """
    kind = values.type
    if not len(values):
        return np.empty(0), "number"
    if pa.types.is_boolean(kind):
        return values.to_numpy(zero_copy_only=False).astype(float), "yes or no"
    if pa.types.is_floating(kind) or pa.types.is_integer(kind):
        found = values.to_numpy().astype(float)
        return found, "yes or no" if set(np.unique(found)) == {0.0, 1.0} else "number"
    if pa.types.is_string(kind):
        words = sorted(pc.unique(values).to_pylist())
        if len(words) <= 2:  # noqa: PLR2004  one word or the other
            return pc.equal(values, words[-1]).to_numpy(zero_copy_only=False).astype(float), "yes or no"
        raise InputError(f"'{name}' holds {len(words)} different words; a target is a number, yes or no, or one of two words")
    raise InputError(f"'{name}' holds {kind}; a target is a number, yes or no, or one of two words")


def cases_of(
    target: str, values: NDArray[np.float64], scale: Scale, unit: str, found: Mapping[str, Column], block: NDArray[np.int64]
) -> Cases:
    """Return the cases with the features that vary; those that are the target by another name are left out."""
    features, left = [], []
    for name, (column, levels) in found.items():
        known = np.isfinite(column)
        if not known.any() or np.ptp(column[known]) == 0:
            left.append(f"{name}: never varies")
        elif not levels and _same(column, values):
            left.append(f"{name}: it is the target by another name")
        else:
            features.append(Feature(name, column, levels))
    return Cases(target, np.asarray(values, dtype=np.float64), scale, unit, tuple(features), block, tuple(left))


def _same(column: NDArray[np.float64], values: NDArray[np.float64]) -> bool:
    """Whether a column goes with the target (almost) perfectly, in its numbers or in its ranks."""
    known = np.isfinite(column) & np.isfinite(values)
    if known.sum() < 3 or np.ptp(values[known]) == 0 or np.ptp(column[known]) == 0:  # noqa: PLR2004  two points always agree
        return False
    column, values = column[known], values[known]
    pairs = ((column, values), (np.argsort(np.argsort(column)), np.argsort(np.argsort(values))))
    is_continuous = len(np.unique(column)) == len(np.unique(values)) == len(values)
    return any(abs(np.corrcoef(*pair)[0, 1]) > ALIKE for pair in pairs[: 1 + is_continuous])


def number(values: NDArray[np.float64]) -> Column:
    """Return numbers as a feature; what is not finite is absent."""
    return np.where(np.isfinite(values), values, np.nan).astype(np.float64), ()


def coded(values: pa.ChunkedArray) -> Column:
    """Return words as places among the most frequent ones, the others together."""
    counts = sorted(((row["counts"], row["values"]) for row in values.value_counts().to_pylist() if row["values"] is not None),
                    key=lambda pair: (-pair[0], pair[1]))  # fmt: skip
    levels = [word for _, word in counts[:MOST_LEVELS]]
    place = pc.index_in(values, value_set=pa.array(levels, values.type)).to_numpy(zero_copy_only=False).astype(float)
    if len(counts) > len(levels):
        others = np.isnan(place) & values.is_valid().to_numpy(zero_copy_only=False)
        levels, place = [*levels, "another"], np.where(others, float(len(levels)), place)
    return place, tuple(str(level) for level in levels)


def described(names: pa.ChunkedArray, table: pa.Table | None, column: str, *, key: str = "product") -> Column:
    """Return an attribute of each row's product or customer."""
    if table is None or column not in table.column_names:
        return np.full(len(names), np.nan), ()
    place = pc.index_in(names, value_set=table[key].combine_chunks())
    return coded(pa.chunked_array([table[column].combine_chunks().take(pa.array(place.to_pylist(), pa.int32()))]))


def days(values: pa.ChunkedArray) -> NDArray[np.int64]:
    """Return dates or times as days from 1970-01-01."""
    return np.asarray(values.cast(pa.timestamp("us")).to_numpy().astype("datetime64[D]").astype(np.int64))


def month(day: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the place of each day's month in ``MONTHS``."""
    return np.asarray(day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12, dtype=np.float64)
