"""The search of LCM in machine code: occurrence deliver, on a stack of projected baskets.

Items of a level are numbered from the most frequent. A basket's items stand in that order, so that what stands before an item
can extend it, and a set is found after all its subsets. The first items of a level are not searched: their sets are counted
together, by a histogram of the items each basket has of them. Nothing is allocated here: all arrays are lent by the caller,
who is asked for more room where they are too small, and may look at the clock whenever the work lent is used up.

References
----------
Uno, Kiyomi and Arimura (2004), LCM ver. 2: Efficient mining algorithms for frequent/closed/maximal itemsets. FIMI 2004.
Uno, Kiyomi and Arimura (2005), LCM ver. 3: Collaboration of array, bitmap and prefix tree. OSDM 2005 (the histogram).
"""

from __future__ import annotations

from typing import NamedTuple

from numba import njit

from lotwise.mine.itemsets.output import (
    BITS,
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
    add_up,
    ask,
    ask_masks,
    emit,
    emit_masks,
    lengthen,
    shorten,
)  # fmt: skip

ITEMS, OCCURRENCES, HEADS = FIRST_BUFFER, FIRST_BUFFER + 1, FIRST_BUFFER + 2
"""What else may lack room."""
COUNT, NEXT, HEAD, TOP = 0, 1, 2, 3
"""Columns of ``levels``: items, next item, where its heads begin, end of its baskets' items."""
SCAN = 8
"""Items looked through in the time that one delivered item takes."""
BLOCK = 64
"""Counters whose largest is looked at first."""


class Stack(NamedTuple):
    """Arrays of the search; levels lie one behind the other in each.

    ``items`` are those of a level's baskets. An occurrence of an item: ``begins`` where its basket begins, ``ends`` where the
    item stands, ``weigh`` how often the basket counts (no elements: once). ``rows`` and ``heavy`` are where the baskets of a
    new level begin, and how often they count. ``label, counts, first`` are an item's place, count and first occurrence.
    """

    items: Smalls
    begins: Smalls
    ends: Smalls
    weigh: Wholes
    rows: Smalls
    heavy: Wholes
    label: Smalls
    counts: Wholes
    first: Wholes
    levels: Wholes


class Room(NamedTuple):
    """Scratch arrays: counters and new numbers of a level's items, candidates and their counts, histogram."""

    counter: Wholes
    number: Smalls
    candidate: Smalls
    value: Wholes
    histogram: Wholes


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)  # type: ignore[untyped-decorator]
def deliver(stack: Stack, counter: Wholes, first: int, last: int) -> int:
    """Count all items that stand before an item in its baskets, and return how many were looked at."""
    work = 0
    weighted = len(stack.weigh) > 0
    for o in range(first, last):
        begin, end = stack.begins[o], stack.ends[o]
        weight = stack.weigh[o] if weighted else 1
        for q in range(begin, end):
            counter[stack.items[q]] += weight
        work += end - begin
    return work


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)  # type: ignore[untyped-decorator]
def gather(stack: Stack, room: Room, first: int, last: int, minimum: int) -> int:
    """Return the number of candidates, found by a second look at the baskets; counters are 0 again."""
    k = 0
    counter, candidate, value = room.counter, room.candidate, room.value
    for o in range(first, last):
        for q in range(stack.begins[o], stack.ends[o]):
            item = stack.items[q]
            if counter[item] >= minimum:
                candidate[k] = item
                value[k] = counter[item]
                k += 1
            counter[item] = 0
    gap = 1
    while gap < k // 3:
        gap = 3 * gap + 1
    while gap > 0:  # Shell's sort, by item
        for i in range(gap, k):
            item, count, j = candidate[i], value[i], i
            while j >= gap and candidate[j - gap] > item:
                candidate[j] = candidate[j - gap]
                value[j] = value[j - gap]
                j -= gap
            candidate[j] = item
            value[j] = count
        gap //= 3
    return k


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)  # type: ignore[untyped-decorator]
def scan(room: Room, items: int, minimum: int) -> int:
    """Return the number of candidates, found by a look at all counters; they are 0 again."""
    k = 0
    counter = room.counter
    for block in range(0, items, BLOCK):
        end = min(block + BLOCK, items)
        largest = counter[block]
        for item in range(block, end):
            largest = max(largest, counter[item])
        if largest >= minimum:
            for item in range(block, end):
                if counter[item] >= minimum:
                    room.candidate[k] = item
                    room.value[k] = counter[item]
                    k += 1
        if largest > 0:
            for item in range(block, end):
                counter[item] = 0
    return k


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)  # type: ignore[untyped-decorator]
def tell(stack: Stack, room: Room, first: int, last: int, bits: int) -> None:
    """Make the histogram of an item's baskets over all its candidates."""
    histogram, number, items = room.histogram, room.number, stack.items
    weighted = len(stack.weigh) > 0
    for mask in range(1 << bits):
        histogram[mask] = 0
    for o in range(first, last):
        mask = 0
        for q in range(stack.begins[o], stack.ends[o]):
            mask |= (1 << (number[items[q]] + 1)) >> 1
        histogram[mask] += stack.weigh[o] if weighted else 1
    add_up(histogram, bits)


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)  # type: ignore[untyped-decorator]
def tell_first(stack: Stack, histogram: Wholes, rows: int, head: int, bits: int) -> None:
    """Make the histogram of a new level's baskets over its first items; single items have their counts already."""
    items = stack.items
    weighted = len(stack.heavy) > 0
    for mask in range(1 << bits):
        histogram[mask] = 0
    for row in range(rows):
        mask = 0
        q, end = stack.rows[row], stack.rows[row + 1]
        while q < end and items[q] < bits:
            mask |= 1 << items[q]
            q += 1
        histogram[mask] += stack.heavy[row] if weighted else 1
    add_up(histogram, bits)
    for bit in range(bits):
        histogram[1 << bit] = stack.counts[head + bit]


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)  # type: ignore[untyped-decorator]
def project(stack: Stack, number: Smalls, first: int, last: int, top: int) -> int:
    """Write an item's baskets with their candidates only, and return how many hold two or more."""
    weighted = len(stack.weigh) > 0
    items = stack.items
    rows = 0
    stack.rows[0] = top
    for o in range(first, last):
        start = top
        for q in range(stack.begins[o], stack.ends[o]):
            new = number[items[q]]
            items[top] = new
            top += new >= 0
        if top > start + 1:
            if weighted:
                stack.heavy[rows] = stack.weigh[o]
            rows += 1
            stack.rows[rows] = top
        else:
            top = start
    return rows


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)  # type: ignore[untyped-decorator]
def occur(stack: Stack, rows: int, head: int, items: int, bits: int, base: int) -> None:  # noqa: C901  counts, then fills
    """Fill the occurrences of a level's items but the first ones; an item that stands first in its basket needs none."""
    first = stack.first
    weighted = len(stack.heavy) > 0
    for j in range(head, head + items + 1):
        first[j] = 0
    for row in range(rows):
        for q in range(stack.rows[row + 1] - 1, stack.rows[row], -1):
            item = stack.items[q]
            if item < bits:
                break
            first[head + item + 1] += 1
    first[head] = base
    for j in range(head + 1, head + items + 1):
        first[j] += first[j - 1]
    for row in range(rows):
        begin = stack.rows[row]
        for q in range(stack.rows[row + 1] - 1, begin, -1):
            item = stack.items[q]
            if item < bits:
                break
            o = first[head + item]
            stack.begins[o] = begin
            stack.ends[o] = q
            if weighted:
                stack.weigh[o] = stack.heavy[row]
            first[head + item] = o + 1
    for j in range(head + items, head, -1):
        first[j] = first[j - 1]
    first[head] = base


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)  # type: ignore[untyped-decorator]
def width(items: int, rows: int) -> int:
    """Return the items of a histogram that takes no longer than the baskets it is made of."""
    bits = 2
    while bits < BITS and (1 << bits) < 2 * rows:
        bits += 1
    return min(bits, items)


@njit(cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def search(stack: Stack, room: Room, output: Output, state: Wholes, minimum: int, longest: int, most: int) -> int:  # noqa: C901, PLR0911, PLR0912, PLR0915  one loop, in machine code: each part of it is compiled but once
    """Search on from where ``state`` stands, and return why the search came back.

    Nothing that is laid out above the present level counts until its first sets are written, so that a step that lacks room is
    simply taken again.
    """
    while True:
        depth = state[DEPTH]
        level = stack.levels[depth]
        head, a = level[HEAD], level[NEXT]
        k, rows, size = level[COUNT], len(stack.rows) - 1, 0
        above, base, is_pushed, work = 0, 0, True, 0
        first, last = 0, 0
        if a > 0:
            if a >= level[COUNT]:
                if depth == 0:
                    return DONE
                state[DEPTH] = depth - 1
                below = stack.levels[depth - 1]
                shorten(output.prefix, depth, stack.label[below[HEAD] + below[NEXT] - 1])
                continue
            if state[WORK] <= 0:
                return PAUSE
            # candidates of the next item
            first, last = stack.first[head + a], stack.first[head + a + 1]
            k, size = 0, depth + 1
            above, base = head + level[COUNT] + 1, stack.first[head + level[COUNT]]
            if size < longest and first < last:
                work = deliver(stack, room.counter, first, last)
                k = gather(stack, room, first, last, minimum) if work * SCAN < a else scan(room, a, minimum)
            state[WORK] -= work + 1
            if above + k + 1 > len(stack.label):
                state[NEED] = above + k + 1
                return HEADS
            for c in range(k):
                stack.label[above + c] = stack.label[head + room.candidate[c]]
                stack.counts[above + c] = room.value[c]
        bits = 0 if k <= 1 or size + 1 >= longest else width(k, last - first if a > 0 else rows)
        if a > 0 and k > 0 and bits > 0:
            # their baskets: as a histogram where that says all, else laid out as a level of their own
            is_pushed = k > bits
            for c in range(k):
                room.number[room.candidate[c]] = c
            if is_pushed:
                if level[TOP] + work + 1 > len(stack.items):
                    state[NEED] = level[TOP] + work + 1
                    said: int = ITEMS
                elif base + work > len(stack.begins):
                    state[NEED] = base + work
                    said = OCCURRENCES
                else:
                    said = DONE
                    rows = project(stack, room.number, first, last, level[TOP])
                    state[WORK] -= work
            else:
                said = DONE
                tell(stack, room, first, last, bits)
            for c in range(k):
                room.number[room.candidate[c]] = -1
            if said:
                return said
        if is_pushed and bits > 0:
            tell_first(stack, room.histogram, rows, above, bits)
        said = ask_masks(output, state, room.histogram, bits, size, longest, minimum)
        if not said and bits == 0:
            said = ask(output, state, k + 1, (k + 1) * (size + 1))
        if said:
            return said
        # write the item, and its candidates
        if a > 0:
            if state[FOUND] >= most:
                return FULL
            emit(output, state, depth, stack.label[head + a], stack.counts[head + a])
            lengthen(output.prefix, depth, stack.label[head + a])
        if bits > 0:
            if emit_masks(output, state, room.histogram, stack.label, above, bits, size, longest, minimum, most):
                return FULL
        else:
            for c in range(above, above + k):
                if state[FOUND] >= most:
                    return FULL
                emit(output, state, size, stack.label[c], stack.counts[c])
        level[NEXT] = a + 1
        if bits < k and bits > 0:
            occur(stack, rows, above, k, bits, base)
            new = stack.levels[size]
            new[COUNT], new[NEXT], new[HEAD], new[TOP] = k, bits, above, stack.rows[rows]
            state[DEPTH] = size
        elif a > 0:
            shorten(output.prefix, size, stack.label[head + a])
        else:
            return DONE
