"""A machine does one thing at a time; what is behind what is said as it is; one sequence where there must be one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.schedule.check.seen import Seen


def overlaps(seen: Seen) -> Iterator[str]:
    """Yield operations that run at one time on one machine without sharing a batch; fixed ones beside each other are facts."""
    start, end = seen.schedule.start, seen.schedule.end
    leaders = np.flatnonzero(seen.leads)
    order = leaders[np.lexsort((end[leaders], start[leaders], seen.machine[leaders]))]
    first, then = order[:-1], order[1:]
    meet = (seen.machine[first] == seen.machine[then]) & (start[then] < end[first]) & ~(seen.fixed[first] & seen.fixed[then])
    for at in np.flatnonzero(meet):
        yield f"{seen.where(first[at])} and {seen.where(then[at])} overlap"


def sequence(seen: Seen) -> Iterator[str]:
    """Yield operations whose ``behind`` is not the one directly before them on their machine."""
    behind, leaders = seen.behind, np.flatnonzero(seen.leads)
    told = seen.schedule.behind
    for o in np.flatnonzero(told != told[seen.leader]):
        yield f"{seen.where(o)} is said to be behind another operation than the rest of its batch"
    for o in np.flatnonzero((told >= 0) & (behind != told)):
        yield f"{seen.where(o)} is said to be behind {seen.name(told[o])}, expected the first member of its batch"
    follows = leaders[behind[leaders] >= 0]
    before = behind[follows]
    wrong = (seen.machine[before] != seen.machine[follows]) | (seen.schedule.end[before] > seen.schedule.start[follows])
    wrong &= ~(seen.fixed[before] & seen.fixed[follows] & (seen.machine[before] == seen.machine[follows]))
    for at in np.flatnonzero(wrong | (before == follows)):
        yield f"{seen.where(follows[at])} is said to be behind {seen.where(before[at])}"
    yield from _twice(seen, before)
    yield from _unlinked(seen, leaders)


def _twice(seen: Seen, before: np.ndarray) -> Iterator[str]:
    """Yield operations that several others say they are directly behind."""
    numbers, counts = np.unique(before, return_counts=True)
    for o, count in zip(numbers[counts > 1], counts[counts > 1], strict=True):
        yield f"{count} operations are said to be directly behind {seen.where(o)}"


def _unlinked(seen: Seen, leaders: np.ndarray) -> Iterator[str]:
    """Yield machines on which not exactly one operation is the first, or whose operations follow one another in a circle."""
    firsts = leaders[seen.behind[leaders] < 0]
    count = np.bincount(seen.machine[firsts], minlength=len(seen.shop.machines.name))
    used = np.bincount(seen.machine[leaders], minlength=len(count)) > 0
    for k in np.flatnonzero(used & (count != 1)):
        yield f"on machine '{seen.shop.machines.name[k]}' {count[k]} operations are said to be the first, expected 1"
    jump = np.append(seen.behind, -1)
    for _ in range(max(len(leaders).bit_length(), 1)):
        jump = np.where(jump >= 0, jump[jump], -1)
    for o in leaders[jump[leaders] >= 0]:
        yield f"{seen.where(o)} is said to be behind itself, by way of others"


def one_sequence(seen: Seen) -> Iterator[str]:
    """Yield machines that take the orders in another sequence than the rest, where ``Shop.same_sequence`` asks for one."""
    if not seen.shop.same_sequence or not seen.shop.size:
        return
    sequences = {}
    for k in np.unique(seen.machine):
        here = np.flatnonzero(seen.machine == k)
        here = here[np.lexsort((seen.schedule.end[here], seen.schedule.start[here]))]
        sequences[k] = list(dict.fromkeys(seen.shop.operations.order[here].tolist()))
    longest = max(sequences, key=lambda k: len(sequences[k]))
    for k, orders in sequences.items():
        common = set(orders) & set(sequences[longest])
        if [j for j in orders if j in common] != [j for j in sequences[longest] if j in common]:
            one, other = seen.shop.machines.name[k], seen.shop.machines.name[longest]
            yield f"machine '{one}' takes the orders in another sequence than machine '{other}', expected one sequence"
