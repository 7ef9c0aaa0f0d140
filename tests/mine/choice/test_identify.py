from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lotwise.errors import InputError
from lotwise.mine.choice.choices import lay
from lotwise.mine.choice.identify import separating, separators, spread_within, unidentified, usable
from lotwise.mine.choice.logit import logit


@pytest.fixture
def plain(simulated):
    """Return 300 choices of two attributes."""
    return simulated(np.tile([1.0, -1.0], (300, 1)), tasks=1)


def joined(choices, **columns):
    """Return the choices with more attributes, each (n_choices, n_places)."""
    more = np.stack([np.broadcast_to(values, choices.available.shape) for values in columns.values()], axis=2)
    attributes = np.concatenate([choices.attributes, more], axis=2)
    return replace(choices, attributes=attributes, names=(*choices.names, *columns))


def test_a_constant_attribute_is_named(plain):
    """What does not differ within any choice, such as a person's age, cannot be estimated."""
    age = np.random.default_rng(0).uniform(20, 60, (300, 1))
    assert unidentified(joined(plain, age=age)) == ["attribute 'age' does not differ within any choice"]


def test_a_follower_is_named_with_those_it_follows_from(plain):
    """2 x0 - 3 x1 + age follows from x0 and x1, for age is alike within a choice."""
    first, second = plain.attributes[:, :, 0], plain.attributes[:, :, 1]
    mix = 2 * first - 3 * second + np.random.default_rng(0).uniform(20, 60, (300, 1))
    assert unidentified(joined(plain, mix=mix)) == ["attribute 'mix' follows from 'x0', 'x1'"]


def test_constants_of_all_alternatives_follow_from_each_other(plain):
    """One constant too many is named."""
    dummies = {name: np.arange(3) == place for place, name in enumerate("abc")}
    assert unidentified(joined(plain, **dummies)) == ["attribute 'c' follows from 'a', 'b'"]


def test_a_separator_is_named(plain):
    """An attribute that the chosen always had the most of has no finite part-worth."""
    most = np.arange(3) == plain.chosen[:, None]
    made = joined(plain, most=most)
    assert separators(made) == [("most", "most")]
    with pytest.raises(InputError, match="'most' separates the choices perfectly"):
        logit(made)


def test_a_mixture_that_separates_is_found_by_linear_program():
    """x0 + x1 is always greatest for what was chosen, though neither is alone."""
    attributes = np.random.default_rng(2).normal(size=(60, 3, 3))
    made = lay(attributes, attributes[:, :, :2].sum(axis=2).argmax(axis=1), ["x0", "x1", "noise"])
    assert separators(made) == []
    assert set(separating(made)) >= {"x0", "x1"}
    with pytest.raises(InputError, match=r"together separate the choices perfectly: .*'x0', 'x1'"):
        logit(made)


def test_choices_that_overlap_are_not_separated(plain):
    """Where the likelihood has a maximum the program finds no mixture."""
    assert separating(plain) == []
    assert unidentified(plain) == []


def test_usable_leaves_out_what_cannot_be_estimated_and_says_so(plain):
    """What is left can be estimated, and has the likelihood of the choices without the faults."""
    made = joined(plain, age=np.ones((300, 1)), copy=plain.attributes[:, :, 0] * 5, most=np.arange(3) == plain.chosen[:, None])
    kept, notes = usable(made)
    assert kept.names == ("x0", "x1")
    assert len(notes) == 3
    assert logit(kept).log_likelihood == pytest.approx(logit(plain).log_likelihood)


def test_usable_leaves_out_an_alternative_never_chosen_with_its_constant(plain):
    """Its constant falls without end; the limit is the model of the choices without the alternative."""
    wider = lay(
        np.concatenate([plain.attributes, np.zeros((300, 1, 2))], axis=1),
        plain.chosen,
        plain.names,
        alternatives=["a", "b", "c", "d"],
    )
    kept, notes = usable(joined(wider, d=np.arange(4) == 3))
    assert "alternatives never chosen, left out: 'd'" in notes
    assert not kept.available[:, 3].any()
    assert logit(kept).log_likelihood == pytest.approx(logit(plain).log_likelihood)


def test_usable_may_leave_nothing():
    """Choices between one thing leave no choice, without an error."""
    made = lay(np.ones((2, 2, 1)), [0, 1], ["x"])
    kept, notes = usable(replace(made, available=np.eye(2, dtype=bool)))
    assert len(kept) == 0
    assert notes == ("2 choices offer one alternative or weigh nothing",)


def test_spread_is_the_distance_to_what_was_chosen():
    """Differences of 3 and 4 to the chosen have a root mean square of sqrt(12.5)."""
    made = lay(np.array([[[0.0], [3.0]], [[0.0], [4.0]]]), [0, 0], ["x"])
    assert spread_within(made) == pytest.approx([np.sqrt(12.5)])
