"""Weekly series of one kind, on one grid of weeks, with the scale their changes are measured on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Series:
    """Weekly series of one kind. S series, W weeks that follow one another.

    Parameters
    ----------
    kind
        What they are series of, as in the table ``trends``.
    names
        Which ones, ``(S,)``.
    start
        Day from 1970-01-01 of the first week's Monday.
    levels
        What is shown: units, shares, prices; absent (nan) before a series begins, ``(S, W)``.
    scale
        What changes are tested on: a logarithm, or a share made stable, with what all series of the kind have in
        common taken off where that is meant; absent where ``levels`` are, ``(S, W)``.
    is_log
        Whether a difference on the scale is that of logarithms.
    unit, source
        Unit of the levels, and the table and column they come from.
    price
        Money one unit of the level brings, ``(S,)``; absent: not told.
    is_beside
        Whether what all series do is taken off the scale: a change is then one against the others.
    """

    kind: str
    names: tuple[str, ...]
    start: int
    levels: NDArray[np.float64]
    scale: NDArray[np.float64]
    is_log: bool
    unit: str
    source: str
    price: NDArray[np.float64] | None = None
    is_beside: bool = False

    def __len__(self) -> int:
        """Return the number of series."""
        return len(self.names)


def logged(units: NDArray[np.float64], *, less: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Return log(units + 1/2), less what is common: the log of ``less`` around its own mean.

    Of series that are no counts, half their least value above 0 is added instead, and nothing where none is 0.

    Parameters
    ----------
    units
        Counts, ``(S, W)``.
    less
        What moves all of them, such as the units of everything, ``(W,)``.
    """
    found = _logged(units)
    if less is None:
        return found
    common = _logged(less[None, :])[0]
    return np.asarray(found - (common - common.mean()))


def _logged(units: NDArray[np.float64]) -> NDArray[np.float64]:
    units = np.maximum(units, 0.0)
    is_count = (units == np.round(units)).all(axis=1)
    least = np.where(units > 0, units, np.inf).min(axis=1, initial=np.inf)
    half = np.where((units == 0).any(axis=1), least / 2, 0.0)
    return np.asarray(np.log(units + np.where(is_count, 0.5, half)[:, None]))


def steadied(count: NDArray[np.float64], total: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the arcsine of the root of a share, whose spread does not depend on the share.

    Without Anscombe's constants: with them a share of nothing, or of all, would move with the number it is of.

    Parameters
    ----------
    count, total
        How many of how many, ``(S, W)`` and ``(W,)`` or ``(S, W)``; weeks without any are absent.
    """
    total = np.broadcast_to(total, count.shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = count / total
    return np.where(total > 0, np.arcsin(np.sqrt(np.clip(share, 0, 1))), np.nan)
