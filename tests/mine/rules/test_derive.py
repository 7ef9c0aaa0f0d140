"""Rules from itemsets against all splits by brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.mine.itemsets.baskets import Baskets
from lotwise.mine.itemsets.caps import Caps
from lotwise.mine.itemsets.found import Itemsets
from lotwise.mine.rules import derive
from lotwise.mine.rules.derive import Bar


def itemsets(baskets, *, minimum=1, longest=4):
    """Return all frequent sets by counting every combination."""
    names = sorted(set().union(*baskets))
    found = []
    for size in range(1, longest + 1):
        for places in itertools.combinations(range(len(names)), size):
            count = sum({names[p] for p in places} <= basket for basket in baskets)
            if count >= minimum:
                found.append((places, count))
    items = np.array([p for places, _ in found for p in places], dtype=np.int32)
    pointers = np.concatenate([[0], np.cumsum([len(places) for places, _ in found])]).astype(np.int64)
    counts = np.array([count for _, count in found], dtype=np.int64)
    return Itemsets(items, pointers, counts, len(baskets), minimum, longest, tuple(names), "brute", "whole", Caps())


def brute(baskets, bar, *, minimum=1, longest=4):
    """Return the sides and confidences of the rules to be kept, and the numbers tried and left out as not simplest."""
    names = sorted(set().union(*baskets))

    def count(side):
        return sum({names[p] for p in side} <= basket for basket in baskets)

    confident = {}
    for size in range(2, longest + 1):
        for whole in itertools.combinations(range(len(names)), size):
            if count(whole) < minimum:
                continue
            for cut in range(1, size):
                for first in itertools.combinations(whole, cut):
                    second = tuple(p for p in whole if p not in first)
                    confident[first, second] = count(whole) / count(first)
    above = {rule: value for rule, value in confident.items() if value >= bar.confidence}
    kept = {
        (first, second): value
        for (first, second), value in above.items()
        if not any(
            confident[part, second] >= value for size in range(1, len(first)) for part in itertools.combinations(first, size)
        )
    }
    return kept, len(confident), len(above) - len(kept)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sets(st.sampled_from("abcde"), min_size=1), min_size=1, max_size=12),
    st.integers(1, 3),
    st.sampled_from([0.0, 0.3, 0.7]),
)
def test_all_splits_by_brute_force(baskets, minimum, confidence):
    """The rules kept, tried and left out for a simpler one are those found by trying every split."""
    bar = Bar(confidence=confidence)
    kept, tried, simpler = brute(baskets, bar, minimum=minimum)
    found = derive.derive(itemsets(baskets, minimum=minimum), bar)
    sides = list(zip(found.antecedents, found.consequents, strict=True))
    assert dict(zip(sides, found.measures.confidence, strict=True)) == pytest.approx(kept)
    assert (found.tried, found.simpler, len(found)) == (tried, simpler, len(kept))


def test_the_correction_counts_every_rule_tried():
    """Two items in 6 of 12 baskets and a third in all: 12 rules are tried, and p is that of Fisher times 12.

    Fisher by hand: 2 / C(12, 6) = 2 / 924. Kept are two of them with confidence 1, a -> b and b -> a, and those with c.
    """
    baskets = [{"a", "b", "c"}] * 6 + [{"c"}] * 6
    found = derive.derive(itemsets(baskets), Bar(confidence=0.9, correction="bonferroni"))
    at = found.antecedents.index((0,))
    assert found.consequents[at] == (1,)
    assert found.tried == 12
    assert found.p_value[at] == pytest.approx(12 * 2 / 924)
    assert found.verdict[at] == "may be chance"


def test_the_order_is_verdict_then_leverage():
    """Usable rules stand first, those not usable last."""
    rng = np.random.default_rng(5)
    baskets = [{"x"} | ({"a", "b"} if rng.random() < 0.3 else set()) | {rng.choice(list("cdef"))} for _ in range(300)]
    found = derive.derive(itemsets(baskets, longest=3), Bar(confidence=0.0))
    order = {"usable": 0, "may be chance": 1, "not usable": 2}
    keys = [(order[v], -round(x, 12)) for v, x in zip(found.verdict, found.measures.leverage, strict=True)]
    assert keys == sorted(keys)
    assert found.verdict[0] == "usable"


def test_sets_beyond_the_most_rules_are_not_split(monkeypatch):
    """The largest sets are left whole, and told: 2 pairs a set of 2, here 3 pairs = 6 rules."""
    monkeypatch.setattr(derive, "MOST", 6)
    found = derive.derive(itemsets([{"a", "b", "c"}] * 3), Bar())
    assert (found.tried, found.left) == (6, 1)


def test_sets_whose_parts_were_cut_by_a_cap_make_no_rule():
    """Without the count of a side nothing can be said."""
    whole = itemsets([{"a", "b"}] * 3)
    cut = Itemsets(
        np.array([0, 0, 1], np.int32), np.array([0, 1, 3]), np.array([3, 3]), 3, 1, 2, whole.names, "cut", "itemsets", Caps()
    )
    assert derive.derive(cut, Bar()).tried == 0


def test_no_sets_no_rules():
    """Nothing frequent, nothing tried."""
    empty = Baskets.of([], [], ["a"])
    nothing = Itemsets(
        np.empty(0, np.int32), np.zeros(1, np.int64), np.empty(0, np.int64), empty.total, 1, 2, ("a",), "-", "whole", Caps()
    )
    assert len(derive.derive(nothing, Bar())) == 0
