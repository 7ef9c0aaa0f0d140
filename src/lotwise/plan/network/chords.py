"""Chords of any curve over the pieces of another: what one more thing, measured on the same pieces, gains by each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.curves import Curves


def slopes_of(curves: Curves, widths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what one unit of each piece adds to curves of the same cells, as chords; the shape of ``widths``.

    Parameters
    ----------
    curves
        The curves; their scenarios are none below the first piece's end and none beyond the last finite one's.
    widths
        Widths of the pieces, the last of them infinite; ``(n_pieces, ...)``.
    """
    points = np.cumsum(widths[:-1], axis=0)
    below = np.stack([np.minimum(point, curves.sorted).mean(axis=0) for point in points])
    value, width = curves.up * below + curves.down * (points - below), np.diff(points, axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        inner = np.where(width > 0, np.diff(value, axis=0) / width, curves.down)
    return np.concatenate([curves.up[None], inner, curves.down[None]])
