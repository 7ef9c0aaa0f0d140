"""What rules are worth, which of them another outdoes, and their order."""

from __future__ import annotations

import numpy as np
import pytest

from lotwise.mine.rules.derive import Bar, judged
from lotwise.mine.rules.found import Found, trim, worth_most
from lotwise.mine.rules.measures import measure
from lotwise.mine.rules.worth import outdone, weigh


def rules(*rows, total=1000):
    """Return rules from (first, second, both, count of the first, count of the second)."""
    both, first, second = (np.array([row[k] for row in rows]) for k in (2, 3, 4))
    measures = measure(both, first, second, total)
    return judged(([row[0] for row in rows], [row[1] for row in rows]), measures, measures.p_value, Bar())


def test_margin_by_hand():
    """60 of 1000 hold both, 100 the first, 200 the second: 60 - 20 = 40 beyond chance, at 3 + 0.5 money a basket."""
    one = rules(((0,), (1, 2), 60, 100, 200))
    assert weigh(one, np.array([9.0, 3.0, 0.5])) == pytest.approx([40 * 3.5])
    assert np.isnan(weigh(one, np.array([9.0, 3.0, np.nan]))[0])


def test_a_longer_second_side_is_outdone_by_a_shorter_one():
    """Corn, so beans: 80 beyond chance; corn, so beans and milk: 45; corn, so milk: fewer still, so it outdoes nothing."""
    told = rules(((0,), (1,), 90, 100, 100), ((0,), (1, 2), 50, 100, 50), ((0,), (2,), 55, 100, 400))
    out = dict(zip(zip(told.antecedents, told.consequents, strict=True), outdone(told), strict=True))
    assert out == {((0,), (1,)): False, ((0,), (1, 2)): True, ((0,), (2,)): False}


def test_a_longer_second_side_that_says_more_stays():
    """Neither half is connected with the first side, only both together."""
    told = rules(((0,), (1,), 20, 100, 200), ((0,), (2,), 20, 100, 200), ((0,), (1, 2), 18, 100, 20))
    out = dict(zip(told.consequents, outdone(told), strict=True))
    assert out == {(1,): False, (2,): False, (1, 2): False}


def found(scope, worth, *rows):
    """Return a search with these rules and what they are worth."""
    told = rules(*rows)
    by_side = {row[0]: value for row, value in zip(rows, worth, strict=True)}
    values = np.array([by_side[first] for first in told.antecedents])
    return Found("together", "product", scope, None, ("a", "b", "c", "d"), told, values, 1000)


def test_order_is_verdict_then_margin_then_what_is_not_known():
    """A usable rule without a margin stands after those with one, and before those that are not usable."""
    one = found("all", [np.nan, 5.0, 50.0], ((0,), (3,), 60, 100, 200), ((1,), (3,), 60, 100, 200), ((2,), (3,), 10, 100, 200))
    assert [one.rules.antecedents[row] for _, row in worth_most([one])] == [(1,), (0,), (2,)]
    assert len(worth_most([one, one], 4)) == 4


def test_within_a_segment_only_usable_rules_are_told():
    """The others are counted."""
    rows = ((0,), (3,), 60, 100, 200), ((1,), (3,), 61, 100, 200), ((2,), (3,), 10, 100, 200)
    some = trim(found("segment S1", [1.0, 2.0, 3.0], *rows), 1)
    assert (len(some.rules), some.beyond, some.weak) == (1, 1, 1)
    whole = trim(found("all", [1.0, 2.0, 3.0], *rows), 5)
    assert (len(whole.rules), whole.beyond, whole.weak) == (3, 0, 0)
