"""Rules from itemsets: every split of every set, measured, tested and judged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.itemsets.lookup import Lookup
from lotwise.mine.rules.measures import VERDICTS, Measures, measure, verdicts
from lotwise.mine.rules.significance import corrected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lotwise.mine.itemsets.found import Itemsets

    Reals = NDArray[np.float64]
    Whole = NDArray[np.int64]
    Sides = Sequence[tuple[int, ...]]

NONE = -1
MOST = 5_000_000
"""Rules tried at most."""


@dataclass(frozen=True)
class Bar:
    """What a rule must reach, and how it is judged.

    Parameters
    ----------
    confidence
        Least confidence; rules below it are tried, and counted as tried, but not kept.
    significance
        Corrected p-value up to which a rule is not held for chance.
    correction
        ``"holm"``, ``"bonferroni"`` or ``"benjamini-hochberg"``.
    """

    confidence: float = 0.05
    significance: float = 0.01
    correction: str = "holm"


@dataclass(frozen=True)
class Rules:
    """Rules that were kept; every array has one element a rule, ``(n,)``.

    Parameters
    ----------
    antecedents, consequents
        Places of each rule's items, ascending.
    measures
        Its measures; ``p_value`` is not corrected.
    p_value
        Its p-value, corrected for all rules that were tried.
    verdict
        What is to be thought of it.
    tests
        P-values, not corrected, of all rules that were tried: every split of every frequent set; ``(n_tried,)``.
    simpler
        Rules left out because one with a part of the same first side is as confident.
    left
        Sets that were not split, the largest ones, because there would be more than ``MOST`` rules.
    """

    antecedents: tuple[tuple[int, ...], ...]
    consequents: tuple[tuple[int, ...], ...]
    measures: Measures
    p_value: Reals
    verdict: NDArray[np.str_]
    tests: Reals
    simpler: int = 0
    left: int = 0

    def __len__(self) -> int:
        """Return the number of rules."""
        return len(self.antecedents)

    @property
    def tried(self) -> int:
        """The number of rules that were tried, those not kept included."""
        return len(self.tests)

    def take(self, rows: Whole) -> Rules:
        """Return some of the rules."""
        return replace(
            self,
            antecedents=tuple(self.antecedents[row] for row in rows),
            consequents=tuple(self.consequents[row] for row in rows),
            measures=self.measures.take(rows),
            p_value=self.p_value[rows],
            verdict=self.verdict[rows],
        )


def derive(itemsets: Itemsets, bar: Bar) -> Rules:
    """Return the rules that the itemsets hold, usable ones first.

    Every set of two or more items is split in every way into a first and a second side; each such rule is tried, whatever
    its confidence. Kept are those with the least confidence for which there is no simpler rule (a part of the same first
    side, the same second side) that is at least as confident.

    Parameters
    ----------
    itemsets
        Frequent sets with all their subsets. Where a cap ended the search, splits whose sides were not found are no rules.
    bar
        What a rule must reach.
    """
    splits, left = _splits(itemsets)
    first, second = itemsets.counts[splits.first], itemsets.counts[splits.second]
    measures = measure(itemsets.counts[splits.whole], first, second, itemsets.total)
    simpler = _best_simpler(itemsets, splits, measures.confidence) >= measures.confidence
    kept = measures.confidence >= bar.confidence
    rows = np.flatnonzero(kept & ~simpler)
    sides = _sides(itemsets, splits.first[rows]), _sides(itemsets, splits.second[rows])
    rules = judged(sides, measures.take(rows), measures.p_value, bar)
    return replace(rules, simpler=int((kept & simpler).sum()), left=left)


def judged(sides: tuple[Sides, Sides], measures: Measures, tests: Reals, bar: Bar) -> Rules:
    """Return rules with their verdicts, in order: usable ones first, then by leverage, then by name.

    Parameters
    ----------
    sides
        Places of the items of each rule's two sides.
    measures
        Their measures.
    tests
        P-values of all rules that were tried, these among them.
    bar
        How they are judged.
    """
    known = np.sort(tests)
    p_value = corrected(known, method=bar.correction)[np.searchsorted(known, measures.p_value)]
    verdict = verdicts(measures.lift, p_value, significance=bar.significance)
    rank = [VERDICTS[told] for told in verdict]
    gain = -np.round(measures.leverage, 15)
    order = sorted(range(len(rank)), key=lambda row: (rank[row], gain[row], sides[0][row], sides[1][row]))
    rules = Rules(tuple(sides[0]), tuple(sides[1]), measures, p_value, verdict, tests)
    return rules.take(np.array(order, dtype=np.int64))


def judged_together(many: Sequence[Rules], bar: Bar) -> list[Rules]:
    """Return the rules of some searches, each judged by p-values corrected for the rules tried in all of them."""
    tests = np.concatenate([np.empty(0), *(rules.tests for rules in many)])
    found = []
    for rules in many:
        sides = list(rules.antecedents), list(rules.consequents)
        again = judged(sides, rules.measures, tests, bar)
        found.append(replace(again, tests=rules.tests, simpler=rules.simpler, left=rules.left))
    return found


@dataclass(frozen=True)
class _Splits:
    """Numbers of the sets that are the whole, the first and the second side of each rule tried."""

    whole: Whole
    first: Whole
    second: Whole


def _splits(itemsets: Itemsets) -> tuple[_Splits, int]:
    """Return every split of the sets, and how many sets were not split because the rules would be too many."""
    lookup = Lookup(itemsets)
    parts, tried, left = [], 0, 0
    for size in range(2, int(itemsets.sizes.max(initial=0)) + 1):
        numbers, places = itemsets.of_size(size)
        tried += len(numbers) * (2**size - 2)
        if tried > MOST:
            left += len(numbers)
            continue
        for mask in range(1, 2**size - 1):
            is_first = (mask >> np.arange(size)) & 1 == 1
            parts.append(np.stack([numbers, lookup.find(places[:, is_first]), lookup.find(places[:, ~is_first])]))
    whole, first, second = np.concatenate([np.empty((3, 0), dtype=np.int64), *parts], axis=1)
    known = (first != NONE) & (second != NONE)
    return _Splits(whole[known], first[known], second[known]), left


def _best_simpler(itemsets: Itemsets, splits: _Splits, confidence: Reals) -> Reals:
    """Return the best confidence among rules with a part of each one's first side and the same second side."""
    best = np.full(len(confidence), -np.inf)
    keys = splits.first * len(itemsets) + splits.second
    order = np.argsort(keys)
    keys = keys[order]
    lookup, sizes = Lookup(itemsets), itemsets.sizes[splits.first]
    for size in range(2, int(sizes.max(initial=0)) + 1):
        rows = np.flatnonzero(sizes == size)
        places = itemsets.items[itemsets.pointers[splits.first[rows]][:, None] + np.arange(size)]
        for left_out in range(size):
            part = lookup.find(np.delete(places, left_out, axis=1))
            wanted = part * len(itemsets) + splits.second[rows]
            at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
            rule = order[at]
            known = (part != NONE) & (keys[at] == wanted)
            best[rows] = np.maximum(best[rows], np.where(known, np.maximum(confidence[rule], best[rule]), -np.inf))
    return best


def _sides(itemsets: Itemsets, numbers: Whole) -> Sides:
    """Return the places of the sets of these numbers."""
    sets = {int(number): tuple(itemsets.places(int(number)).tolist()) for number in np.unique(numbers)}
    return [sets[number] for number in numbers.tolist()]
