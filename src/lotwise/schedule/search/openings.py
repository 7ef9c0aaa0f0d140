"""Open time: where an operation fits, when paused work ends, when a set-up must begin.

A calendar is given as the first of its ``openings`` that may matter and the one after its last; the last one never closes.
"""

from __future__ import annotations

import numba
import numpy as np

from lotwise.schedule.shop import PAUSES, RUNS_ON

_PAUSES, _RUNS_ON = PAUSES, RUNS_ON
NEAR = 6
"""Openings looked at one by one before the rest is halved."""


@numba.njit(cache=True, nogil=True, _nrt=False)
def _opening_at(openings: np.ndarray, first: int, last: int, minute: int) -> int:
    """Return the first opening of a calendar that closes after a minute, worked or not."""
    low, high = first, last - 1
    near = min(high, low + NEAR)
    while low < near and openings[low].closes <= minute:
        low += 1
    if low < near:
        return low
    while low < high:
        middle = (low + high) >> 1
        if openings[middle].closes > minute:
            high = middle
        else:
            low = middle + 1
    return low


@numba.njit(cache=True, nogil=True, _nrt=False)
def _next_worked(openings: np.ndarray, place: int, worked: np.ndarray) -> int:
    """Return the first opening from a place on that is worked."""
    while openings[place].overtime >= 0 and not worked[openings[place].overtime]:
        place += 1
    return place


@numba.njit(cache=True, nogil=True, _nrt=False)
def fit(
    openings: np.ndarray, first: int, last: int, minute: int, minutes: int, crossing: int, worked: np.ndarray
) -> tuple[int, int]:
    """Return start and end of work of so many minutes that can start at ``minute`` at the earliest."""
    if minutes == 0 or first == last - 1:
        return minute, minute + minutes
    place = _next_worked(openings, _opening_at(openings, first, last, minute), worked)
    start = max(minute, openings[place].opens)
    if crossing == _RUNS_ON:
        return start, start + minutes
    if crossing == _PAUSES:
        left, now = minutes, start
        while openings[place].closes - now < left:
            left -= openings[place].closes - now
            place = _next_worked(openings, place + 1, worked)
            now = openings[place].opens
        return start, now + left
    closing = openings[place].closes
    while start + minutes > closing:
        place = _next_worked(openings, place + 1, worked)
        if openings[place].opens != closing:
            start = openings[place].opens
        closing = openings[place].closes
    return start, start + minutes


@numba.njit(cache=True, nogil=True, _nrt=False)
def back(openings: np.ndarray, first: int, last: int, minute: int, minutes: int, worked: np.ndarray) -> int:
    """Return the latest minute to begin paused work of so many minutes that ends by ``minute``."""
    if minutes == 0 or first == last - 1:
        return minute - minutes
    left, now = minutes, minute
    place = _opening_at(openings, first, last, minute - 1)
    while place >= first:
        is_worked = openings[place].overtime < 0 or worked[openings[place].overtime]
        if is_worked and openings[place].opens < now:
            now = min(now, openings[place].closes)
            if now - openings[place].opens >= left:
                return now - left
            left -= now - openings[place].opens
            now = openings[place].opens
        place -= 1
    return now - left


@numba.njit(cache=True, nogil=True, _nrt=False)
def overtime_between(openings: np.ndarray, first: int, last: int, start: int, end: int, worked: np.ndarray) -> int:
    """Return the minutes from start to end that lie in worked overtime."""
    total = 0
    if end > start:
        for place in range(_opening_at(openings, first, last, start), last):
            if openings[place].opens >= end:
                break
            if openings[place].overtime >= 0 and worked[openings[place].overtime]:
                total += min(end, openings[place].closes) - max(start, openings[place].opens)
    return total
