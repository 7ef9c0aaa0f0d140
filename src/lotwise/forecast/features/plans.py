"""What was announced for each target week, and what stands in where nothing was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast import windows

if TYPE_CHECKING:
    from lotwise.config import Source
    from lotwise.forecast.panel import Array, Facts


def delay_of(source: Source) -> int:
    """Return the weeks before the source's past is known; a plan's past is known at once."""
    return source.lead if source.known == "past" else 0


def target(facts: Facts, source: Source, values: Array, usual: Array, *, shift: int = 0) -> Array:
    """Return the planned value of each target week at each origin; ``(n_series, n_weeks, horizon)``.

    A week that no plan speaks of, or that lies beyond the notice given, is taken to be as usual; where
    that is so for weeks still to come, the user is told.

    Parameters
    ----------
    values
        Absent where there is no plan; ``(n_series, n_weeks + horizon)``.
    usual
        What stands in, as known at each origin; ``(n_series, n_weeks)``, or with a value for each week ahead.
    shift
        Weeks added to the target: -1 for the week before it.
    """
    weeks, horizon = facts.panel.shape[1], facts.horizon
    notice = source.lead or horizon
    missing = int((~np.isfinite(values[:, weeks : weeks + notice]).any(axis=0)).sum())
    if missing:
        facts.note(
            f"{source.name}: no plan for {missing} of the next {min(notice, horizon)} weeks; they are taken to be as usual"
        )
    told = np.arange(1, horizon + 1) + shift <= notice
    planned = windows.ahead(values, weeks, horizon, shift=shift)
    return np.where(told & np.isfinite(planned), planned, usual if usual.ndim > 2 else usual[:, :, None])  # noqa: PLR2004
