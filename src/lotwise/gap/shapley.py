"""Fair shares of a whole: the mean over every order of adding the parts whose steps were all measured.

Where every subset was measured that is the Shapley value, exactly. Where only the subsets along some sampled orders
were, it is the mean over those orders and all others that can be walked on the same subsets. Where only one order
was, it is that order's steps. So one rule serves all three, and in each the shares add up to the whole.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from lotwise.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

Part = TypeVar("Part")
Set = frozenset

EXACT = 8
"""Parts up to which every subset is measured by default: 2 to the power of 8 are 256."""


def subsets(parts: Sequence[Part]) -> list[Set[Part]]:
    """Return every subset, smaller ones first: the empty one to the whole."""
    return [frozenset(some) for size in range(len(parts) + 1) for some in combinations(parts, size)]


def sampled(parts: Sequence[Part], orders: int, rng: np.random.Generator) -> list[Set[Part]]:
    """Return the subsets along some random orders of adding the parts, each order beside its reverse.

    An order and its reverse put each part early in the one and late in the other, which takes out much of the luck of
    the draw.

    Parameters
    ----------
    parts
        What is added.
    orders
        Number of orders; one more where it is odd.
    rng
        Source of the draws.

    References
    ----------
    Castro, Gomez and Tejada (2009), Polynomial calculation of the Shapley value based on sampling, Computers and
    Operations Research 36(5); Mitchell et al. (2022), Sampling permutations for Shapley value estimation, JMLR 23(43),
    for antithetic pairs.
    """
    found: dict[Set[Part], None] = {}
    for _ in range((orders + 1) // 2):
        order = [parts[place] for place in rng.permutation(len(parts))]
        for one in (order, order[::-1]):
            found |= dict.fromkeys(frozenset(one[:size]) for size in range(len(parts) + 1))
    return sorted(found, key=lambda some: _place(some, parts))


def weights(parts: Sequence[Part], measured: Collection[Set[Part]]) -> dict[Part, dict[Set[Part], float]]:
    """Return, for each part, the weight of each measured subset's value in the part's share.

    A share is the sum of weight x value, so that it can be taken of any figure, cell by cell. For each part the weights
    add up to 0 over subsets; for each subset they add up to 0 over parts, but for the whole (1) and the empty subset (-1).

    Parameters
    ----------
    parts
        What the whole consists of.
    measured
        Subsets whose value is known, the empty one and the whole among them; others than subsets of ``parts`` are passed
        over.

    Raises
    ------
    InputError
        No order of adding the parts has all its steps measured.

    References
    ----------
    Shapley (1953), A value for n-person games: with every subset measured, the weight of a step from S to S with i is
    |S|! (n - |S| - 1)! / n!, which is the share of orders that take the step.
    """
    whole = frozenset(parts)
    # In one order, whatever Python's hashes of names are: sums of floats must not depend on it.
    known = sorted({some for some in measured if some <= whole}, key=lambda some: _place(some, parts))
    there = set(known)
    steps = {some: [part for part in parts if part not in some and some | {part} in there] for some in known}
    into: dict[Set[Part], float] = dict.fromkeys(known, 0.0)
    out: dict[Set[Part], float] = dict.fromkeys(known, 0.0)
    into[frozenset()], out[whole] = 1.0, 1.0
    for some in known:
        for part in steps[some]:
            into[some | {part}] += into[some]
    for some in reversed(known):
        out[some] += sum(out[some | {part}] for part in steps[some])
    orders = into.get(whole, 0.0)
    if frozenset() not in known or not orders:
        message = (
            f"No order of adding {len(parts)} parts has every step measured; "
            "expected the empty set, the whole and the sets between"
        )
        raise InputError(message)
    found: dict[Part, dict[Set[Part], float]] = {part: {} for part in parts}
    for some in known:
        for part in steps[some]:
            share = into[some] * out[some | {part}] / orders
            if share:
                mine = found[part]
                mine[some | {part}] = mine.get(some | {part}, 0.0) + share
                mine[some] = mine.get(some, 0.0) - share
    return found


def shares(parts: Sequence[Part], values: Mapping[Set[Part], NDArray[np.float64]]) -> dict[Part, NDArray[np.float64]]:
    """Return each part's share of value(whole) - value(nothing), cell by cell.

    Parameters
    ----------
    parts
        What the whole consists of.
    values
        Value of each measured subset, all of one shape.

    Raises
    ------
    InputError
        As for ``weights``.
    """
    found = weights(parts, values.keys())
    shape = np.shape(next(iter(values.values())))
    return {
        part: np.sum([share * values[some] for some, share in of.items()], axis=0) if of else np.zeros(shape)
        for part, of in found.items()
    }


def _place(some: Set[Part], parts: Sequence[Part]) -> tuple[int, list[bool]]:
    """Return what subsets are put in order by: smaller ones first."""
    return len(some), [part in some for part in parts][::-1]
