"""Recency, frequency and money: fifths of each, and the groups they make."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIFTHS = 5
WHEN = ("lately", "a while ago", "long ago")
HOW_MUCH = ("often and much", "now and then", "seldom and little")
GROUPS = tuple(f"{when}, {much}" for when in WHEN for much in HOW_MUCH)
"""Names of the groups, in the order ``group`` numbers them."""


def fifth(values: NDArray[np.float64], among: NDArray[np.float64] | None = None) -> NDArray[np.int64]:
    """Return the fifth each value falls in, 5 the highest.

    With ``less`` of the ``n`` values it is compared with below it and ``equal`` of them equal to it, a value's fifth is
    ``1 + floor(5 (less + equal / 2) / n)``: equal values always share a fifth, the middle one of those they span, and where
    all values are equal it is the third.

    Parameters
    ----------
    values
        Values to score, ``(n_values,)``.
    among
        Values they are compared with. Default: themselves.
    """
    known = np.sort(values if among is None else among)
    below, up_to = np.searchsorted(known, values, "left"), np.searchsorted(known, values, "right")
    found: NDArray[np.int64] = np.minimum(1 + (FIFTHS * (below + up_to)) // (2 * len(known)), FIFTHS)
    return found


def scores(
    recency: NDArray[np.float64],
    frequency: NDArray[np.float64],
    money: NDArray[np.float64],
    rows: NDArray[np.int64] | None = None,
) -> NDArray[np.int64]:
    """Return the fifths of recency, frequency and money, 5 the best, ``(n_customers, 3)``.

    Parameters
    ----------
    recency
        Days since the last order: fewer are better.
    frequency, money
        Orders and revenue so far: more is better.
    rows
        Customers whose values draw the lines between the fifths. Default: all.

    References
    ----------
    A. M. Hughes, Strategic Database Marketing (1994), chapter on RFM cells.
    """
    columns = (-recency, frequency, money)
    return np.column_stack([fifth(column, None if rows is None else column[rows]) for column in columns])


def group(scored: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the place in ``GROUPS`` of each customer's fifths.

    Lately is a recency of 4 or 5, a while ago 3, long ago 1 or 2; often and much is a mean of frequency and money of at
    least 3.5, seldom and little one below 2.5.
    """
    when = np.digitize(scored[:, 0], [2.5, 3.5])
    much = np.digitize((scored[:, 1] + scored[:, 2]) / 2, [2.5, 3.5])
    return (2 - when) * len(HOW_MUCH) + (2 - much)


def words(scored: NDArray[np.int64]) -> list[str]:
    """Return the fifths as text, such as ``5-3-4``."""
    return ["-".join(map(str, row)) for row in scored.tolist()]
