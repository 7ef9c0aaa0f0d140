"""Stretches of time in rising order without overlap: united, cut, shared."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Openings(NamedTuple):
    """Stretches ``[opens, closes)`` and the overtime period of each; -1: regular."""

    opens: np.ndarray
    closes: np.ndarray
    period: np.ndarray


def openings(opens: np.ndarray, closes: np.ndarray, period: int = -1) -> Openings:
    """Return stretches of one period."""
    return Openings(opens.astype(np.int64), closes.astype(np.int64), np.full(len(opens), period, np.int64))


def united(starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return stretches that overlap or touch as one, in rising order; empty ones are left out."""
    real = ends > starts
    sequence = np.argsort(starts[real], kind="stable")
    starts, ends = starts[real][sequence], np.maximum.accumulate(ends[real][sequence])
    if not len(starts):
        return starts.astype(np.int64), ends.astype(np.int64)
    new = np.concatenate([[True], starts[1:] > ends[:-1]])
    return starts[new].astype(np.int64), ends[np.concatenate([new[1:], [True]])].astype(np.int64)


def cut(given: Openings, starts: np.ndarray, ends: np.ndarray) -> Openings:
    """Return what of openings is outside of stretches; these in rising order without overlap."""
    return _part(given, starts, ends, inside=False)


def shared(given: Openings, starts: np.ndarray, ends: np.ndarray) -> Openings:
    """Return what of openings is within stretches, which touch nowhere; their periods stay."""
    return _part(given, starts, ends, inside=True)


def _part(given: Openings, starts: np.ndarray, ends: np.ndarray, *, inside: bool) -> Openings:
    points = np.unique(np.concatenate([given.opens, given.closes, starts, ends]))
    if len(points) < 2:  # noqa: PLR2004  no stretch without two ends
        return openings(points[:0], points[:0])
    own, is_open = _within(points[:-1], given.opens, given.closes)
    _, away = _within(points[:-1], starts, ends)
    kept = np.flatnonzero(is_open & (away == inside))
    first = np.ones(len(kept), bool)
    first[1:] = (np.diff(kept) > 1) | (own[kept][1:] != own[kept][:-1])
    last = np.concatenate([first[1:], [True]]) if len(kept) else first
    return Openings(points[kept[first]], points[kept[last] + 1], given.period[own[kept[first]]])


def _within(points: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the stretch that begins last before each point, and whether it reaches over it."""
    at = np.searchsorted(starts, points, side="right") - 1
    if not len(starts):
        return at, np.zeros(len(points), bool)
    return at, (at >= 0) & (points < ends[np.maximum(at, 0)])


def both(one: Openings, other: Openings) -> Openings:
    """Return openings of either, regular ones first where they meet, in rising order."""
    starts, ends = united(one.opens, one.closes)
    rest = cut(other, starts, ends)
    opens = np.concatenate([one.opens, rest.opens])
    sequence = np.argsort(opens, kind="stable")
    closes, period = np.concatenate([one.closes, rest.closes]), np.concatenate([one.period, rest.period])
    return Openings(opens[sequence], closes[sequence], period[sequence])


def longest(given: Openings) -> int:
    """Return the longest stretch, openings that touch counted as one; 0 if there is none."""
    starts, ends = united(given.opens, given.closes)
    return int((ends - starts).max()) if len(starts) else 0
