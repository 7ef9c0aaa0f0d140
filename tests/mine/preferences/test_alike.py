"""Tests of whether customers are alike."""

import numpy as np
import pytest

from lotwise.mine.choice.logit import logit
from lotwise.mine.preferences.alike import chance_alike, robust
from lotwise.mine.preferences.sets import apiece, pooled


def test_alike_customers_are_seldom_called_different(drawn):
    """Of 40 simulations with one taste at most 6 fall under 5 % (2 expected; more than 6 has a chance of 0.3 %)."""
    low = 0
    for seed in range(40):
        sets = drawn([0.5, -0.5, -0.5], seed=seed, persons=100)
        low += chance_alike(sets, logit(pooled(sets)).coefficients) < 0.05
    assert low <= 6


def test_two_kinds_of_customers_are_seen(drawn):
    """Two classes with opposite tastes are seen beyond doubt."""
    sets = drawn([[1.0, -1.0, -0.4], [-1.5, 1.0, -1.2]])
    assert chance_alike(sets, logit(pooled(sets)).coefficients) < 1e-6


def test_choices_of_one_order_say_nothing(drawn):
    """Where every customer has one order there are no pairs, and nothing is said."""
    sets = drawn([[3.0, 0.0, 0.0], [-3.0, 0.0, 0.0]])
    from dataclasses import replace

    assert chance_alike(replace(sets, order=sets.person), logit(pooled(sets)).coefficients) == 1.0


def test_robust_errors_are_those_of_the_general_sandwich(drawn):
    """The sandwich over persons, counted set by set, is that of ``choice.logit``, up to its correction of n / (n - 1)."""
    sets = drawn([[1.0, -1.0, -0.4], [-1.5, 1.0, -1.2]])
    fitted = logit(apiece(sets))
    ours = robust(sets, fitted.coefficients, fitted.covariance)
    assert np.sqrt(np.diag(ours)) == pytest.approx(np.sqrt(np.diag(fitted.robust)), rel=0.005)
