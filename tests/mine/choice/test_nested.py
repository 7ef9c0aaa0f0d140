from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lotwise.errors import InputError
from lotwise.mine.choice.choices import lay
from lotwise.mine.choice.logit import logit
from lotwise.mine.choice.nested import Nests, _scored, nested

NEST = np.array([0, 0, 0, 1, 1, 2])
FORM = Nests(NEST, np.array([2, 3, -1]))
STANDING = np.arange(6)
TRUTH = np.array([1.0, -0.5, 0.4, 0.8])


def drawn(truth=TRUTH, *, seed=0, count=1500):
    """Return choices of six alternatives in nests of three, two and one."""
    rng = np.random.default_rng(seed)
    attributes = rng.normal(size=(count, 6, 2))
    chance = FORM.probabilities(truth, attributes, np.ones((count, 6), bool), np.broadcast_to(STANDING, (count, 6)))
    chosen = (rng.random(count)[:, None] > chance.cumsum(axis=1)).sum(axis=1)
    return lay(attributes, chosen, ["x", "y"], alternatives=list("abcdef"))


def by_hand(utility, available, dissimilarity):
    """Return the nested logit's probabilities, nest by nest as in Train (2009), equation 4.2."""
    powers = [np.exp(utility[j] / dissimilarity[NEST[j]]) * available[j] for j in range(6)]
    sums = [sum(powers[j] for j in range(6) if NEST[j] == nest) for nest in range(3)]
    bottom = sum(total ** dissimilarity[nest] for nest, total in enumerate(sums) if total > 0)
    return [power * sums[NEST[j]] ** (dissimilarity[NEST[j]] - 1) / bottom if power else 0.0 for j, power in enumerate(powers)]


def test_probabilities_are_those_of_the_formula():
    """Two-level probabilities agree with the formula written out, with alternatives missing."""
    rng = np.random.default_rng(1)
    attributes, available = rng.normal(size=(20, 6, 2)), rng.random((20, 6)) < 0.6
    available[:, 0] = True
    found = FORM.probabilities(TRUTH, attributes, available, np.broadcast_to(STANDING, (20, 6)))
    hand = [by_hand(row @ TRUTH[:2], there, [0.4, 0.8, 1.0]) for row, there in zip(attributes, available, strict=True)]
    assert found == pytest.approx(np.array(hand), abs=1e-12)


def test_dissimilarities_of_one_give_the_logit():
    """With every dissimilarity at 1 probabilities are exp(utility) over their sum."""
    attributes = np.random.default_rng(2).normal(size=(30, 6, 2))
    raised = np.exp(attributes @ TRUTH[:2])
    found = FORM.probabilities(
        np.array([*TRUTH[:2], 1.0, 1.0]), attributes, np.ones((30, 6), bool), np.broadcast_to(STANDING, (30, 6))
    )
    assert found == pytest.approx(raised / raised.sum(axis=1, keepdims=True))


def test_gradient_is_that_of_the_log_likelihood(uneven, slope):
    """Each choice's gradient sums to that of the log-likelihood, in part-worths and dissimilarities."""
    form = Nests(np.array([0, 0, 1, 1]), np.array([3, 4]))
    apart, standing = uneven.differences(), form.nest[uneven.alternative]
    at = np.array([0.5, -0.3, 0.2, 0.6, 0.9])
    value, scores = _scored(uneven, apart, standing, form, at)
    assert scores.sum(axis=0) == pytest.approx(slope(lambda to: _scored(uneven, apart, standing, form, to)[0], at), abs=1e-5)
    chance = form.probabilities(at, uneven.attributes, uneven.available, uneven.alternative)
    assert value == pytest.approx(uneven.weights @ np.log(chance[np.arange(60), uneven.chosen]))


def test_truth_lies_within_intervals():
    """Over 10 seeds the 95 % intervals hold the 4 parameters in at least 34 of 40 (binomial, 99 %)."""
    held = 0
    for seed in range(10):
        found = nested(drawn(seed=seed), {"one": ["a", "b", "c"], "two": ["d", "e"], "alone": ["f"]})
        assert found.converged
        held += int((np.abs(found.coefficients - TRUTH) < 1.96 * found.errors).sum())
    assert held >= 34


def test_a_nest_that_is_none_is_the_logit():
    """Two alternatives of different nests, here taken for a nest, are at the bound of 1: the logit, and the note says so."""
    made = drawn()
    found = nested(made, {"odd": ["b", "e"]})
    plain = logit(made)
    assert found["nest odd"] == 1
    assert found.log_likelihood == pytest.approx(plain.log_likelihood)
    assert found.coefficients[:2] == pytest.approx(plain.coefficients, abs=1e-5)
    assert found.errors[:2] == pytest.approx(plain.errors, rel=1e-4)
    assert np.isnan(found.errors[2])
    assert np.isnan(found.robust_errors[2])
    assert found.free == 2
    assert "nest 'odd' is none" in found.note


def test_nests_of_one_leave_the_logit():
    """Where every nest has one alternative there is no dissimilarity to estimate."""
    made = drawn(count=300)
    found = nested(made, {name: [name] for name in "abcdef"})
    assert found.names == ("x", "y")
    assert found.log_likelihood == pytest.approx(logit(made).log_likelihood)


def test_red_bus_and_blue_bus_share_what_one_bus_would_have():
    """With a dissimilarity near 0 a car keeps half of the choices beside two buses that are the same."""
    form = Nests(np.array([0, 1, 1]), np.array([-1, 1]))
    chance = form.probabilities(np.array([1.0, 0.05]), np.zeros((1, 3, 1)), np.ones((1, 3), bool), np.arange(3)[None])
    assert chance[0] == pytest.approx([0.5, 0.25, 0.25], abs=0.02)


def test_alternatives_in_other_places_are_the_same():
    """Choices laid out with alternatives in shuffled places have the same likelihood, part-worths and probabilities."""
    made, rng = drawn(count=500), np.random.default_rng(4)
    place = rng.random((500, 6)).argsort(axis=1)
    moved = replace(
        made,
        attributes=np.take_along_axis(made.attributes, place[:, :, None], axis=1),
        chosen=(place == made.chosen[:, None]).argmax(axis=1),
        alternative=place,
    )
    nests = {"one": ["a", "b", "c"], "two": ["d", "e"]}
    one, other = nested(made, nests), nested(moved, nests)
    assert other.coefficients == pytest.approx(one.coefficients, abs=1e-6)
    chance = other.probabilities(moved.attributes, moved.available, moved.alternative)
    expected = np.take_along_axis(one.probabilities(made.attributes), place, axis=1)
    assert chance == pytest.approx(expected, abs=1e-6)


def test_weights_are_numbers_of_choices():
    """Choices of weight 3 are three choices: the same part-worths, errors and likelihood."""
    made = drawn(count=400)
    nests = {"one": ["a", "b", "c"], "two": ["d", "e"]}
    one = nested(replace(made, weights=np.full(400, 3.0)), nests)
    three = nested(made.select(np.repeat(np.arange(400), 3)), nests)
    assert one.coefficients == pytest.approx(three.coefficients, abs=1e-5)
    assert one.errors == pytest.approx(three.errors, rel=1e-3)
    assert one.robust_errors == pytest.approx(three.robust_errors, rel=1e-3)


def test_nests_that_cannot_be_are_refused_together():
    """Unknown alternatives and alternatives in two nests are listed."""
    with pytest.raises(InputError) as error:
        nested(drawn(count=50), {"one": ["a", "z"], "two": ["a"]})
    assert "nest 'one' has 'z', which is no alternative" in str(error.value)
    assert "alternative 'a' stands in nests twice" in str(error.value)
