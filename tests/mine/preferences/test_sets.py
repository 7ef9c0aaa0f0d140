"""Tests of choice sets that many choices share."""

import numpy as np
import pytest

from lotwise.mine.choice.logit import logit
from lotwise.mine.preferences.sets import apiece, held_from, pooled, sample, split


def test_pooled_and_apiece_give_the_same_logit(drawn):
    """Counting equal choices changes neither part-worths nor errors."""
    sets = drawn([0.5, -0.5, -0.5])
    one, other = logit(pooled(sets)), logit(apiece(sets))
    assert one.coefficients == pytest.approx(other.coefficients)
    assert one.errors == pytest.approx(other.errors)
    assert one.choices == other.choices == len(sets)


def test_a_sample_keeps_whole_persons(drawn):
    """A sample has at most as many choices as asked, and all choices of each person in it."""
    sets = drawn([0.5, -0.5, -0.5])
    some = sample(sets, 500, np.random.default_rng(1))
    assert len(some) <= 500
    _, count = np.unique(some.person, return_counts=True)
    assert (count == 12).all()


def test_one_person_with_too_many_choices_is_sampled_too(drawn):
    """Where no whole person fits, choices are drawn."""
    assert len(sample(drawn([0.5, 0, -1], persons=1, each=500), 100, np.random.default_rng(1))) == 100


def test_the_last_weeks_are_kept_apart(drawn):
    """A fifth of the weeks, at most 13, is kept apart; of 40 weeks the last 8."""
    sets = drawn([0.5, -0.5, -0.5])
    before, after = split(sets)
    assert before.week.max() == 31
    assert after.week.min() == 32
    assert len(before) + len(after) == len(sets)


def test_one_week_is_not_split():
    """With one week nothing can be kept apart."""
    assert held_from(np.array([3, 3])) is None
