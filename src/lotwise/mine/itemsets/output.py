"""How kernels write the sets they find, in machine code; nothing is allocated here."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

DONE, FULL, PAUSE, SETS, PLACES, FIRST_BUFFER = 0, 1, 2, 3, 4, 5
"""Why a kernel came back: finished, cap of sets, work used up, no room for sets, for places, or in a buffer of its own."""
FOUND, WRITTEN, NEED, WORK, DEPTH = 0, 1, 2, 3, 4
"""Places of ``state``: sets found, places written, room asked for, work left, level."""
BITS = 10
"""Most items of a histogram."""

Wholes = NDArray[np.int64]
Smalls = NDArray[np.int32]


class Output(NamedTuple):
    """Sets found: places, where each set ends, counts; and the prefix that all sets of a level begin with, by place."""

    items: Smalls
    ends: Wholes
    counts: Wholes
    prefix: Smalls


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)  # type: ignore[untyped-decorator]
def emit(output: Output, state: Wholes, size: int, place: int, count: int) -> None:
    """Write the prefix and one more item, in the order of places."""
    at, j = state[WRITTEN], size
    while j > 0 and output.prefix[j - 1] > place:
        output.items[at + j] = output.prefix[j - 1]
        j -= 1
    output.items[at + j] = place
    for i in range(j):
        output.items[at + i] = output.prefix[i]
    state[WRITTEN] = at + size + 1
    output.counts[state[FOUND]] = count
    output.ends[state[FOUND]] = at + size + 1
    state[FOUND] += 1


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)  # type: ignore[untyped-decorator]
def lengthen(prefix: Smalls, size: int, place: int) -> None:
    """Put one more item into the prefix."""
    j = size
    while j > 0 and prefix[j - 1] > place:
        prefix[j] = prefix[j - 1]
        j -= 1
    prefix[j] = place


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)  # type: ignore[untyped-decorator]
def shorten(prefix: Smalls, size: int, place: int) -> None:
    """Take an item out of the prefix."""
    j = 0
    while prefix[j] != place:
        j += 1
    for i in range(j, size - 1):
        prefix[i] = prefix[i + 1]


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)  # type: ignore[untyped-decorator]
def add_up(histogram: Wholes, bits: int) -> None:
    """Turn the weight of the baskets that hold just these items into that of those that hold at least these."""
    for bit in range(bits):
        step = 1 << bit
        for block in range(0, 1 << bits, 2 * step):
            for mask in range(block, block + step):
                histogram[mask] += histogram[mask + step]


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)  # type: ignore[untyped-decorator]
def ask(output: Output, state: Wholes, sets: int, places: int) -> int:
    """Return whether there is room for so many sets and places more; what is needed is left in ``state``."""
    if state[FOUND] + sets > len(output.counts):
        state[NEED] = state[FOUND] + sets
        return SETS
    if state[WRITTEN] + places > len(output.items):
        state[NEED] = state[WRITTEN] + places
        return PLACES
    return DONE


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)  # type: ignore[untyped-decorator]
def ask_masks(output: Output, state: Wholes, histogram: Wholes, bits: int, size: int, longest: int, minimum: int) -> int:
    """Return whether there is room for the frequent sets of a histogram and one set more, all begun by ``size`` items."""
    sets, places = 1, size
    for mask in range(1, 1 << bits):
        if histogram[mask] >= minimum:
            more = 0
            left = mask
            while left:
                left &= left - 1
                more += 1
            if size + more <= longest:
                sets += 1
                places += size + more
    lacks: int = ask(output, state, sets, places)
    return lacks


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)  # type: ignore[untyped-decorator]
def emit_masks(  # noqa: PLR0913, PLR0917  in machine code
    output: Output,
    state: Wholes,
    histogram: Wholes,
    label: Smalls,
    head: int,
    bits: int,
    size: int,
    longest: int,
    minimum: int,
    most: int,
) -> int:
    """Write the prefix with each frequent set of the first items of a level, counted by a histogram."""
    for mask in range(1, 1 << bits):
        if histogram[mask] < minimum:
            continue
        more = 0
        left = mask
        while left:
            left &= left - 1
            more += 1
        if size + more > longest:
            continue
        if state[FOUND] >= most:
            return FULL
        at = state[WRITTEN]
        for i in range(size):
            output.items[at + i] = output.prefix[i]
        length = size
        for bit in range(bits):
            if mask >> bit & 1:
                place = label[head + bit]
                j = at + length
                while j > at and output.items[j - 1] > place:
                    output.items[j] = output.items[j - 1]
                    j -= 1
                output.items[j] = place
                length += 1
        state[WRITTEN] = at + length
        output.counts[state[FOUND]] = histogram[mask]
        output.ends[state[FOUND]] = at + length
        state[FOUND] += 1
    return DONE
