"""How much of a year the settled periods of a frame are, for what is paid by the year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from lotwise.errors import ContractError

if TYPE_CHECKING:
    from lotwise.gap.frames.long import Rows

_DAY = 24 * 3600
_MONTHS = ((1, 28, 31), (3, 89, 92), (12, 365, 366))
"""Months of a period, and the fewest and most days between two of them."""
_A_YEAR = 365.25 * _DAY


def settled_years(rows: Rows) -> float:
    """Return the years that the periods of some rows are, one that was decided at several cutoffs counting as many times.

    The length of a period is read from the dates in ``ds`` and ``cutoff``: where all lie whole weeks apart, the most weeks
    that divide every distance, 52 of them a year; otherwise months, quarters or years where the least distance
    is one; otherwise the least distance.

    Raises
    ------
    ContractError
        Periods are plain numbers, or a single date.
    """
    moments = np.unique(np.concatenate([_seconds(rows.times), _seconds(rows.cutoffs)]))
    steps = np.diff(moments)
    if not len(steps):
        raise ContractError(
            "A yearly cost needs the length of a period, and there is a single date in 'ds'; give a column 'cutoff'."
        )
    periods, least = int(rows.decision.max()) + 1, float(steps.min())
    if not (steps % (7 * _DAY)).any():
        return periods * int(np.gcd.reduce(steps)) / (7 * _DAY) / 52
    days = least / _DAY
    months = next((count for count, fewest, most in _MONTHS if fewest <= days <= most), 0)
    return periods * months / 12 if months else periods * least / _A_YEAR


def _seconds(times: pa.Array) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    if pa.types.is_integer(times.type) or pa.types.is_floating(times.type):
        message = "A yearly cost needs the length of a period, and 'ds' holds plain numbers; "
        raise ContractError(message + "give dates, such as the Monday of each week.")
    if times.null_count:
        return np.zeros(0, np.int64)
    return np.asarray(times.cast(pa.timestamp("s"), safe=False).cast(pa.int64()).to_numpy(zero_copy_only=False), np.int64)
