"""What a series' own past demand says of its next weeks, over its long-run level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast import windows

if TYPE_CHECKING:
    from lotwise.config import Source
    from lotwise.forecast.panel import Array, Facts


def level(units: Array) -> Array:
    """Return the long-run mean of each series up to each week, half a unit having been sold besides; ``(n_series, n_weeks)``.

    The half keeps the level above 0 and fades as weeks pass, so that what hardly ever sells is known to hardly ever sell.
    """
    weeks = windows.total(np.isfinite(units).astype(float))
    return np.asarray((windows.total(units) + 0.5) / np.maximum(weeks, 1))


def features(facts: Facts, source: Source) -> dict[str, Array]:
    """Return lags, means, spread and silence of own demand."""
    units = facts.panel.units
    scale = level(units)
    sold = np.nan_to_num(units) > 0
    idle = np.where(np.isfinite(units), ~sold, np.nan)
    found = {f"lag {lag}": windows.delay(units, lag - 1) / scale for lag in range(1, 5)}
    found |= {f"mean {span}": windows.mean(units, span) / scale for span in (4, 8, 13)}
    found |= {
        "exponential mean": windows.smooth(units, 0.7) / scale,
        "deviation 8": windows.deviation(units, 8) / scale,
        "largest 8": windows.largest(units, 8) / scale,
        "median 8": windows.median(units, 8) / scale,
        "weeks since a sale": windows.since(sold),
        "idle weeks of 8": windows.mean(idle, 8),
    }
    return {name: windows.delay(values, source.lead)[:, :, None] for name, values in found.items()}
