"""Overtime as whole numbers: which periods of a calendar are worked, and how many minutes of work lie in them."""

from __future__ import annotations

from itertools import pairwise, product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from lotwise.schedule.shop import Calendars

PERIODS = 3
"""Overtime periods one calendar may have: each choice of them has ways of its own."""


def periods_of(calendars: Calendars, number: int) -> list[int]:
    """Return the overtime periods of a calendar, rising."""
    here = calendars.overtime[calendars.offsets[number] : calendars.offsets[number + 1]]
    found: list[int] = np.unique(here[here >= 0]).tolist()
    return found


def choices(calendars: Calendars, number: int) -> list[np.ndarray]:
    """Return every choice of worked periods of a calendar, ``(n_periods,)`` each; other calendars' periods are not worked."""
    own = periods_of(calendars, number)
    found = []
    for picks in product((False, True), repeat=len(own)):
        worked = np.zeros(len(calendars.periods), dtype=bool)
        worked[own] = picks
        found.append(worked)
    return found


def openings_of(calendars: Calendars, number: int, worked: np.ndarray) -> list[tuple[int, int]]:
    """Return the worked overtime openings of a calendar."""
    part = slice(calendars.offsets[number], calendars.offsets[number + 1])
    rows = zip(calendars.opens[part].tolist(), calendars.closes[part].tolist(), calendars.overtime[part].tolist(), strict=True)
    return [(a, b) for a, b, period in rows if period >= 0 and worked[period]]


def pieces(openings: list[tuple[int, int]], stretch: tuple[int, int], length: int) -> list[tuple[int, int, tuple[int, int]]]:
    """Return (constant, slope, part of the stretch): of the minutes from s to s + length, constant + slope x s are open."""
    first, last = stretch
    corners = {first} | {corner for a, b in openings for corner in (a - length, a, b - length, b) if first < corner <= last}
    ordered = [*sorted(corners), last + 1]

    def minutes(start: int) -> int:
        return sum(max(0, min(start + length, b) - max(start, a)) for a, b in openings)

    found = []
    for begins, ends in pairwise(ordered):
        slope = minutes(begins + 1) - minutes(begins)
        found.append((minutes(begins) - slope * begins, slope, (begins, ends - 1)))
    return found


def lies_within(calendars: Calendars, inner: int, outer: int) -> bool:
    """Return whether one calendar is closed wherever another one is, whatever overtime is worked."""
    if inner == outer:
        return True
    rows = [
        list(
            zip(calendars.opens[part].tolist(), calendars.closes[part].tolist(), calendars.overtime[part].tolist(), strict=True)
        )
        for part in (slice(calendars.offsets[c], calendars.offsets[c + 1]) for c in (inner, outer))
    ]
    if not rows[1]:
        return True
    if not rows[0] or rows[0][-1][1] < rows[1][-1][1]:
        return False
    return all(any(a <= x and y <= b and p == q for a, b, q in rows[1]) for x, y, p in rows[0])
