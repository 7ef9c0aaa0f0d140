"""The search of Eclat in machine code: bitsets of baskets, on a stack of levels.

Each item of a level has a row of words with a bit for each basket. Items are numbered from the most frequent; an item is
extended by those before it, so that a set is found after all its subsets. Nothing is allocated here, as in ``lcm_kernel``.

References
----------
Zaki (2000), Scalable algorithms for association mining. IEEE Transactions on Knowledge and Data Engineering 12(3).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from lotwise.mine.itemsets.output import (
    DEPTH,
    DONE,
    FIRST_BUFFER,
    FOUND,
    FULL,
    NEED,
    PAUSE,
    WORK,
    Output,
    Smalls,
    Wholes,
    ask,
    emit,
    lengthen,
    shorten,
)  # fmt: skip

BITSETS, HEADS = FIRST_BUFFER, FIRST_BUFFER + 1
"""What else may lack room."""
COUNT, NEXT, HEAD, OTHER, KEPT = 0, 1, 2, 3, 4
"""Columns of ``levels``: items, next item, where its heads begin, next item that may extend it, those that do."""

Words = NDArray[np.uint64]


class Stack(NamedTuple):
    """Arrays of the search; levels lie one behind the other.

    ``words`` are the bitsets, ``label`` and ``counts`` of each an item's place and count. ``ends`` and ``weight``: up to which
    word baskets count how often.
    """

    words: Words
    label: Smalls
    counts: Wholes
    ends: Wholes
    weight: Wholes
    levels: Wholes


@intrinsic  # type: ignore[untyped-decorator]
def ones(_: Any, word: Any) -> Any:  # noqa: ANN401, ARG001  numba's own types
    """Return the number of bits that are set in a word."""

    def generate(_: Any, builder: Any, __: Any, arguments: Any) -> Any:  # noqa: ANN401  the same
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), generate


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)  # type: ignore[untyped-decorator]
def meet(words: Words, one: int, two: int, to: int, ends: Wholes, weight: Wholes) -> int:
    """Write the baskets two items share, and return their weight."""
    total = 0
    start = 0
    for group in range(len(ends)):
        bits = 0
        for w in range(start, ends[group]):
            both = words[one + w] & words[two + w]
            words[to + w] = both
            bits += ones(both)
        total += bits * weight[group]
        start = ends[group]
    return total


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)  # type: ignore[untyped-decorator]
def weigh(words: Words, one: int, two: int, ends: Wholes, weight: Wholes) -> int:
    """Return the weight of the baskets two items share."""
    total = 0
    start = 0
    for group in range(len(ends)):
        bits = 0
        for w in range(start, ends[group]):
            bits += ones(words[one + w] & words[two + w])
        total += bits * weight[group]
        start = ends[group]
    return total


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)  # type: ignore[untyped-decorator]
def extend(stack: Stack, state: Wholes, minimum: int, longest: int) -> int:
    """Meet the level's present item with the next ones before it, while there is work and room; DONE after the last."""
    depth = state[DEPTH]
    level = stack.levels[depth]
    head, a, wide = level[HEAD], level[NEXT], stack.ends[-1]
    above = head + level[COUNT]
    is_last = depth + 2 == longest
    while level[OTHER] < a:
        if state[WORK] <= 0:
            return PAUSE
        other, kept = level[OTHER], level[KEPT]
        if above + kept + 1 > len(stack.counts):
            state[NEED] = above + kept + 1
            return HEADS
        if is_last:
            count = weigh(stack.words, (head + a) * wide, (head + other) * wide, stack.ends, stack.weight)
        elif (above + kept + 1) * wide > len(stack.words):
            state[NEED] = (above + kept + 1) * wide
            return BITSETS
        else:
            count = meet(stack.words, (head + a) * wide, (head + other) * wide, (above + kept) * wide, stack.ends, stack.weight)
        if count >= minimum:
            stack.label[above + kept] = stack.label[head + other]
            stack.counts[above + kept] = count
            level[KEPT] = kept + 1
        level[OTHER] = other + 1
        state[WORK] -= wide
    return DONE


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def search(stack: Stack, output: Output, state: Wholes, minimum: int, longest: int, most: int) -> int:  # noqa: C901  one loop, in machine code
    """Search on from where ``state`` stands, and return why the search came back."""
    while True:
        depth = state[DEPTH]
        level = stack.levels[depth]
        head = level[HEAD]
        if level[NEXT] >= level[COUNT]:
            if depth == 0:
                return DONE
            state[DEPTH] = depth - 1
            below = stack.levels[depth - 1]
            shorten(output.prefix, depth, stack.label[below[HEAD] + below[NEXT] - 1])
            continue
        a = level[NEXT]
        if depth + 1 < longest:
            said: int = extend(stack, state, minimum, longest)
            if said:
                return said
        k = level[KEPT]
        ends_here = k <= 1 or depth + 2 == longest
        said = ask(output, state, k + 1, (k + 1) * (depth + 2))
        if said:
            return said
        if state[FOUND] >= most:
            return FULL
        place = stack.label[head + a]
        emit(output, state, depth, place, stack.counts[head + a])
        lengthen(output.prefix, depth, place)
        level[NEXT], level[OTHER], level[KEPT] = a + 1, 0, 0
        above = head + level[COUNT]
        if ends_here:
            for c in range(above, above + k):
                if state[FOUND] >= most:
                    return FULL
                emit(output, state, depth + 1, stack.label[c], stack.counts[c])
            shorten(output.prefix, depth + 1, place)
        else:
            state[DEPTH] = depth + 1
            new = stack.levels[depth + 1]
            new[COUNT], new[NEXT], new[HEAD], new[OTHER], new[KEPT] = k, 0, above, 0, 0
