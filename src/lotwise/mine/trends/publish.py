"""The table ``trends``: changes that are not chance among all the series looked at."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from lotwise.mine.trends.gather import FEWEST, Weeks, gather
from lotwise.mine.trends.levels import Step, steps
from lotwise.mine.trends.many import false_discovery
from lotwise.mine.trends.slopes import Slope, slope
from lotwise.tables.mined import MINING, TRENDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lotwise.config import MineTrends
    from lotwise.mine.trends.series import Series
    from lotwise.stage import Inputs

EPOCH = date(1970, 1, 1)
NORMAL90 = 1.645
LEAST_WEEKS = 10
"""Whole weeks from which changes can be told."""

Row = dict[str, Any]


def publish(inputs: Inputs, mined: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Return the tables ``trends`` and ``mining``."""
    settings = inputs.settings.mine.trends
    kinds = gather(inputs, mined, most=settings.series)
    rows = [row for series in kinds for row in find(series, settings)]
    looked = sum(len(series) for series in kinds)
    note = _left_out(Weeks.of(inputs), looked)
    ended = "whole" if note is None else "left out"
    said = {"part": "trends", "scope": "all", "ended": ended, "rows": len(rows), "evidence": looked, "note": note}
    table = pa.Table.from_pylist(rows, schema=TRENDS.schema)
    return {"trends": TRENDS.check(table), "mining": MINING.check(pa.Table.from_pylist([said]))}


def _left_out(weeks: Weeks | None, looked: int) -> str | None:
    """Return why no change can be told; None where one can."""
    count = weeks.count if weeks else 0
    if count < LEAST_WEEKS:
        return f"{count} whole weeks of orders; changes are told from {LEAST_WEEKS} on"
    return None if looked else f"no series has {FEWEST:.0f} a week on average, below which chance hides any change"


def find(series: Series, settings: MineTrends) -> list[Row]:
    """Return the changes of one kind of series as rows of ``trends``, the largest in money or relative change first.

    Steps are looked for in all weeks, slopes in the last ones; where both are told of these the surer stays.
    The p-values are corrected for all series of the kind, so that of the changes told a share of ``significance`` is
    false on average.
    """
    if series.levels.shape[1] < LEAST_WEEKS:
        return []
    window = max(series.levels.shape[1] - settings.weeks, 0)
    found: list[tuple[int, Step | Slope]] = []
    for place, scale in enumerate(series.scale):
        found += [(place, step) for step in steps(scale, significance=settings.significance)]
        if rise := slope(scale[window:]):
            found.append((place, rise))
    corrected = false_discovery(np.array([change.p_value for _, change in found]), tests=2 * len(series))
    sure = [(change, float(p)) for change, p in zip(found, corrected, strict=True) if p <= settings.significance]
    slopes = {place: p for (place, change), p in sure if isinstance(change, Slope)}
    late: dict[int, float] = {}
    for (place, change), p in sure:
        if isinstance(change, Step) and change.week >= window:
            late[place] = min(p, late.get(place, p))
    rows = [
        _row(series, place, change, p, window)
        for (place, change), p in sure
        if place not in slopes or place not in late or _is_better(change, slopes[place], late[place], window)
    ]
    return sorted(rows, key=lambda row: (-abs(row["money"] or 0.0), -abs(row["relative"] or 0.0), row["series"], row["start"]))


def _is_better(change: Step | Slope, slope: float, step: float, window: int) -> bool:
    """Whether a change stays beside the others of its series, whose slope and surest late step have these p-values."""
    if isinstance(change, Slope):
        return slope < step
    return change.week < window or step <= slope


def _row(series: Series, place: int, change: Step | Slope, p_value: float, window: int) -> Row:
    """Return a change as a row; against the others, the level before is what would be sold now without the change."""
    levels = series.levels[place]
    if isinstance(change, Step):
        start, end, size = change.week, change.end, change.change
        low, high = size - NORMAL90 * change.error, size + NORMAL90 * change.error
        before, after = np.nanmean(levels[change.begin : start]), np.nanmean(levels[start:end])
        before = after * np.exp(-size) if series.is_beside else before
        word = "step up" if size > 0 else "step down"
    else:
        known = np.flatnonzero(np.isfinite(levels[window:])) + window
        start, end, size, low, high = int(known[0]), int(known[-1]) + 1, change.change, change.low, change.high
        middle = float(np.nanmean(levels[window:]))
        before, after = (_along(series, middle, -size / 2), _along(series, middle, size / 2))
        word = "rising" if size > 0 else "falling"
    relative = [float(np.expm1(value)) for value in (size, low, high)] if series.is_log else _relative(before, after)
    price = np.nan if series.price is None else float(series.price[place])
    money = float((after - before) * price) if np.isfinite(price) else None
    return {
        "kind": series.kind, "series": series.names[place], "start": _monday(series, start), "end": _monday(series, end - 1),
        "change": word, "before": float(before), "after": float(after), "relative": relative[0], "low": relative[1],
        "high": relative[2], "p_value": p_value, "money": money, "unit": series.unit, "source": series.source,
    }  # fmt: skip


def _along(series: Series, middle: float, step: float) -> float:
    """Return the level so far along the scale from a middle one."""
    if series.is_log:
        return middle * float(np.exp(step))
    if series.unit.startswith("share"):
        return float(np.sin(np.clip(np.arcsin(np.sqrt(np.clip(middle, 0, 1))) + step, 0, np.pi / 2)) ** 2)
    return middle + step


def _relative(before: float, after: float) -> list[float | None]:
    return [float(after / before - 1) if before > 0 else None, None, None]


def _monday(series: Series, week: int) -> date:
    return EPOCH + timedelta(days=series.start + 7 * week)
