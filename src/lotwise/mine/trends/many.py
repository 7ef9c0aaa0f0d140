"""Corrected p-values where many series were looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def false_discovery(p_values: NDArray[np.float64], *, tests: int | None = None) -> NDArray[np.float64]:
    """Return the smallest share of false alarms at which each would be told (Benjamini and Hochberg 1995).

    Parameters
    ----------
    p_values
        Those that are known, ``(n,)``.
    tests
        How many were made in all; those not given count as 1. Default: as many as given.
    """
    tests = max(tests or 0, len(p_values))
    order = np.argsort(p_values, kind="stable")
    ranked = p_values[order] * tests / np.arange(1, len(p_values) + 1)
    found = np.empty(len(p_values))
    found[order] = np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1.0)
    return found
