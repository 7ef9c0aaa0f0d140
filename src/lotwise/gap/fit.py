"""Money that is known by row and by column, fitted into the cells it may stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROUNDS = 300
"""Most rounds of fitting."""
CLOSE = 1e-2
"""Share of the whole by which columns may be off for the fit to be taken; the rest is then made good exactly."""
DONE = 1e-12
"""Share of the whole at which fitting ends."""


def fit(rows: NDArray[np.float64], columns: NDArray[np.float64], allowed: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the share of each row that falls on each column, so that rows keep their sums and columns theirs.

    Rows and columns are scaled in turn until both fit. Where no cells that are allowed can hold both, every row is
    split alike.

    Parameters
    ----------
    rows
        Sum of each row, ``(n_rows,)``. Those not above 0 are split alike.
    columns
        Sum of each column, at least 0 and not all 0, ``(n_columns,)``; scaled to the sum of the rows.
    allowed
        Which cells may hold something, ``(n_rows, n_columns)``.

    Returns
    -------
    NDArray
        ``(n_rows, n_columns)``; each row adds up to 1.

    References
    ----------
    Deming and Stephan (1940), On a least squares adjustment of a sampled frequency table when the expected marginal
    totals are known, Annals of Mathematical Statistics 11(4).
    """
    alike = np.broadcast_to(columns / columns.sum(), allowed.shape)
    have = np.maximum(rows, 0.0)
    whole = have.sum()
    if whole <= 0:
        return alike
    want = columns * (whole / columns.sum())
    cells = have[:, None] * want * allowed
    for _ in range(ROUNDS):
        cells = cells * _ratio(want, cells.sum(axis=0))
        cells = cells * _ratio(have, cells.sum(axis=1))[:, None]
        off = want - cells.sum(axis=0)
        if np.abs(off).max() <= DONE * whole:
            break
    if np.abs(off).max() > CLOSE * whole or np.abs(have - cells.sum(axis=1)).max() > DONE * whole:
        return alike
    cells = cells + have[:, None] * off / whole
    return np.where(have[:, None] > 0, cells / np.where(have > 0, have, 1.0)[:, None], alike)


def _ratio(wanted: NDArray[np.float64], found: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(wanted, found, out=np.zeros_like(wanted), where=found > 0)
