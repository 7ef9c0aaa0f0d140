"""Chances and corrections against scipy, closed forms and brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from lotwise.mine.rules import significance


def tables(rng, count, largest):
    """Return ``both, first, second, total`` of random two-by-two tables with no empty margin."""
    cells = rng.integers(0, largest, (count, 4)) + np.array([1, 0, 0, 1])
    total = cells.sum(axis=1).astype(float)
    return cells[:, 0].astype(float), (cells[:, 0] + cells[:, 1]) * 1.0, (cells[:, 0] + cells[:, 2]) * 1.0, total


def laid_out(both, first, second, total):
    """Return one table as scipy takes it."""
    return [[both, first - both], [second - both, total - first - second + both]]


def test_chi_square_is_that_of_scipy():
    """Without a correction for continuity both compute Pearson's statistic."""
    sides = tables(np.random.default_rng(1), 50, 200)
    ours = significance.chi_square(*sides)
    theirs = [stats.chi2_contingency(laid_out(*row), correction=False).statistic for row in np.stack(sides, axis=1)]
    np.testing.assert_allclose(ours, theirs, rtol=1e-10)


def test_fisher_is_that_of_scipy():
    """The exact test agrees for small tables and lopsided ones."""
    rng = np.random.default_rng(2)
    sides = [np.concatenate(parts) for parts in zip(tables(rng, 60, 6), tables(rng, 60, 300), strict=True)]
    theirs = [stats.fisher_exact(laid_out(*row)).pvalue for row in np.stack(sides, axis=1)]
    np.testing.assert_allclose(significance.fisher(*sides), theirs, rtol=1e-7)


@pytest.mark.parametrize("knob", [("AT_ONCE", 3), ("TABLE", 1)])
def test_fisher_is_the_same_in_pieces_and_without_a_table(monkeypatch, knob):
    """Neither the size of the pieces nor where logarithms come from changes a p-value."""
    sides = tables(np.random.default_rng(3), 40, 20)
    whole = significance.fisher(*sides)
    monkeypatch.setattr(significance, *knob)
    np.testing.assert_allclose(significance.fisher(*sides), whole, rtol=1e-9)


def test_small_expected_counts_are_tested_exactly():
    """Of 8 baskets 4 hold each side and all 4 both: by hand 2 / C(8, 4) = 2/70, where chi-square would say 0.005."""
    four = np.array([4.0])
    assert significance.p_values(four, four, four, np.array([8.0]))[0] == pytest.approx(2 / 70)
    large = 100 * four
    expected = stats.chi2.sf(800, 1)
    assert significance.p_values(large, large, large, np.array([800.0]))[0] == pytest.approx(expected)


def test_what_is_in_every_basket_is_connected_with_nothing():
    """Chi-square is undefined and the p-value 1 where a side is in all baskets."""
    sides = (np.array([3.0]), np.array([10.0]), np.array([3.0]), np.array([10.0]))
    assert np.isnan(significance.chi_square(*sides)[0])
    assert significance.p_values(*sides)[0] == 1.0


def test_p_values_of_no_connection_are_no_smaller_than_uniform():
    """Among 4,000 random tables without a connection at most about a share a have a p-value up to a."""
    rng = np.random.default_rng(4)
    first, total = rng.integers(5, 60, 4000), np.full(4000, 300)
    second = rng.integers(5, 60, 4000)
    both = rng.hypergeometric(first, total - first, second)
    p = significance.p_values(both * 1.0, first * 1.0, second * 1.0, total * 1.0)
    for level in (0.01, 0.05, 0.2):
        assert (p <= level).mean() < level + 4 * np.sqrt(level / 4000)


def test_the_poisson_tail_is_twice_the_smaller_one():
    """At 10 where 2 are expected: twice P(X >= 10); at 0: everything above is certain, so twice P(X <= 0) up to 1."""
    found = significance.poisson(np.array([10.0, 0.0, 0.0]), np.array([2.0, 4.0, 0.1]))
    np.testing.assert_allclose(found, [2 * stats.poisson.sf(9, 2), 2 * np.exp(-4), 1.0])


def test_corrections_by_hand():
    """Of 0.01, 0.04, 0.03: Bonferroni times 3; Holm .03, .06, .06; Benjamini-Hochberg .03, .04, .04."""
    p = np.array([0.01, 0.04, 0.03])
    np.testing.assert_allclose(significance.corrected(p, method="bonferroni"), [0.03, 0.12, 0.09])
    np.testing.assert_allclose(significance.corrected(p, method="holm"), [0.03, 0.06, 0.06])
    np.testing.assert_allclose(significance.corrected(p, method="benjamini-hochberg"), [0.03, 0.04, 0.04])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_corrections_keep_their_order(values):
    """Raw <= Benjamini-Hochberg <= Holm <= Bonferroni <= 1; Benjamini-Hochberg is that of scipy."""
    p = np.array(values)
    mild, holm, hard = (significance.corrected(p, method=m) for m in ("benjamini-hochberg", "holm", "bonferroni"))
    slack = 1e-12
    assert (p <= mild + slack).all()
    assert (mild <= holm + slack).all()
    assert (holm <= hard + slack).all()
    assert hard.max() <= 1
    np.testing.assert_allclose(mild, stats.false_discovery_control(p), atol=1e-12)


def test_no_test_needs_no_correction():
    """Nothing tried, nothing corrected."""
    assert len(significance.corrected(np.empty(0), method="holm")) == 0
