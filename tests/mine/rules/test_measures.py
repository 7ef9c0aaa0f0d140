"""Measures by hand, by definition and by law."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from lotwise.mine.rules import measures

BASKETS = ({"A", "C"}, {"A", "B"}, {"B", "C"}, {"A", "C"})
"""An example often printed with wrong values."""


def count(*items):
    """Return the baskets of the example that hold all items."""
    return sum(set(items) <= basket for basket in BASKETS)


def rule(first, second):
    """Return the measures of one rule of the example."""
    return measures.measure([count(first, second)], [count(first)], [count(second)], len(BASKETS))


def test_the_supports_of_the_example_often_printed_wrong():
    """A 3/4, B 2/4, C 3/4; AB 1/4, AC 2/4, BC 1/4; ABC 0."""
    found = [count(*items) / 4 for items in ("A", "B", "C", "AB", "AC", "BC", "ABC")]
    assert found == [0.75, 0.5, 0.75, 0.25, 0.5, 0.25, 0.0]


@pytest.mark.parametrize(
    ("first", "second", "confidence", "lift"),
    [
        ("A", "B", 1 / 3, 2 / 3),
        ("A", "C", 2 / 3, 8 / 9),
        ("B", "C", 1 / 2, 2 / 3),
        ("C", "A", 2 / 3, 8 / 9),
        ("B", "A", 1 / 2, 2 / 3),
        ("C", "B", 1 / 3, 2 / 3),
    ],
)
def test_the_rules_of_the_example_often_printed_wrong(first, second, confidence, lift):
    """Every lift is below 1: no rule is usable, however large its confidence."""
    found = rule(first, second)
    assert found.confidence[0] == pytest.approx(confidence)
    assert found.lift[0] == pytest.approx(lift)
    assert measures.verdicts(found.lift, found.p_value, significance=1.0)[0] == "not usable"


def test_every_measure_by_hand():
    """100 baskets, 20 with the first, 30 with the second, 12 with both.

    Support .12; confidence .6; lift .6 / .3 = 2; leverage .12 - .06 = .06; conviction .7 / .4 = 1.75;
    chi-square 100 (12 * 62 - 8 * 18)^2 / (20 * 80 * 30 * 70) = 10.7143.
    """
    found = measures.measure([12], [20], [30], 100)
    names = ("support", "confidence", "lift", "leverage", "conviction", "chi_square")
    values = [getattr(found, name)[0] for name in names]
    assert values == pytest.approx([0.12, 0.6, 2.0, 0.06, 1.75, 100 * 600**2 / (20 * 80 * 30 * 70)])
    assert found.p_value[0] == pytest.approx(stats.chi2.sf(10.7142857, 1), rel=1e-6)


def test_a_rule_that_is_never_wrong_has_no_conviction():
    """Conviction is absent, not infinite."""
    assert np.isnan(measures.measure([5], [5], [8], 20).conviction[0])


def test_an_item_in_every_basket_makes_no_usable_rule():
    """Lift is exactly 1 and there is nothing to test."""
    found = measures.measure([7], [7], [90], 90)
    assert (found.lift[0], found.p_value[0], found.leverage[0]) == (7 / 7 * 90 / 90, 1.0, 0.0)
    assert measures.verdicts(found.lift, found.p_value, significance=0.01)[0] == "not usable"


def test_verdicts():
    """Lift comes first, then the corrected p-value."""
    found = measures.verdicts(np.array([0.9, 1.0, 1.5, 1.5]), np.array([0.0, 0.0, 0.02, 0.01]), significance=0.01)
    assert list(found) == ["not usable", "not usable", "may be chance", "usable"]


@given(st.lists(st.tuples(*[st.integers(0, 50)] * 4), min_size=1, max_size=20))
def test_laws(cells):
    """Lift, leverage and chi-square are the same either way round, and say the same of above, at or below chance."""
    a, b, c, d = (np.array(column, dtype=float) for column in zip(*cells, strict=True))
    a, total = a + 1, a + b + c + d + 1
    one, other = measures.measure(a, a + b, a + c, total), measures.measure(a, a + c, a + b, total)
    for name in ("support", "lift", "leverage", "chi_square", "p_value"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-9, atol=1e-12)
    assert (np.sign(np.round(one.lift - 1, 12)) == np.sign(np.round(one.leverage, 12))).all()
    assert ((one.p_value >= 0) & (one.p_value <= 1)).all()
    assert (one.take(np.array([0])).count == a[:1]).all()
    assert len(one) == len(a)


def test_one_group_set_against_its_expectation_is_chi_square():
    """With one group the statistic of Mantel and Haenszel is (n - 1) / n times Pearson's, and all else is the same."""
    both, first, second, total = (np.array([x]) for x in (12.0, 20.0, 30.0, 100.0))
    variance = first * (total - first) * second * (total - second) / (total**2 * (total - 1))
    found = measures.against(both, first, first * second / total, variance, total)
    plain = measures.measure(both, first, second, total)
    assert found.chi_square[0] == pytest.approx(plain.chi_square[0] * 99 / 100)
    for name in ("support", "confidence", "lift", "leverage", "conviction"):
        assert getattr(found, name)[0] == pytest.approx(getattr(plain, name)[0])


def test_few_expected_are_tested_by_the_poisson_tail():
    """Of 2 expected, 9 were found: twice P(X >= 9)."""
    found = measures.against(*(np.array([x]) for x in (9.0, 20.0, 2.0, 1.5, 100.0)))
    assert found.p_value[0] == pytest.approx(2 * stats.poisson.sf(8, 2))


def test_all_pairs_of_the_example():
    """The arrays hold what the six rules hold one by one."""
    pairs = list(itertools.permutations("ABC", 2))
    found = measures.measure(
        [count(a, b) for a, b in pairs], [count(a) for a, _ in pairs], [count(b) for _, b in pairs], [4] * 6
    )
    np.testing.assert_allclose(found.lift, [rule(a, b).lift[0] for a, b in pairs])
