from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from lotwise.errors import InputError
from lotwise.mine.choice.choices import lay
from lotwise.mine.choice.logit import derivatives, log_sums, logit, solve


def constants(counts):
    """Return choices among alternatives that differ by their constants only."""
    chosen = np.repeat(np.arange(len(counts)), counts)
    attributes = np.broadcast_to(np.eye(len(counts))[:, 1:], (len(chosen), len(counts), len(counts) - 1))
    return lay(attributes, chosen, [f"is {place}" for place in range(1, len(counts))])


def test_constants_alone_give_shares():
    """Of 50, 30 and 20 choices the constants are log(30/50), log(20/50), their variances 1/30 + 1/50 and 1/20 + 1/50."""
    found = logit(constants([50, 30, 20]))
    assert found.coefficients == pytest.approx(np.log([0.6, 0.4]))
    assert found.errors**2 == pytest.approx([1 / 30 + 1 / 50, 1 / 20 + 1 / 50])
    assert found.log_likelihood == pytest.approx(50 * np.log(0.5) + 30 * np.log(0.3) + 20 * np.log(0.2))
    assert found.probabilities(np.eye(3)[None, :, 1:]) == pytest.approx(np.array([[0.5, 0.3, 0.2]]))
    assert found.robust_errors == pytest.approx(found.errors, rel=0.01)


def test_derivatives_are_those_of_the_log_likelihood(uneven, slope):
    """Gradient and Hessian agree with differences, with weights and missing alternatives."""
    at = np.array([0.3, -0.2, 0.5])
    _, gradient, curve = derivatives(uneven, at)
    assert gradient == pytest.approx(slope(lambda beta: derivatives(uneven, beta)[0], at), abs=1e-6)
    assert -curve == pytest.approx(slope(lambda beta: derivatives(uneven, beta)[1], at), abs=1e-6)


def test_a_second_maximizer_finds_the_same(uneven):
    """A search without derivatives, of a likelihood written out choice by choice, ends where Newton's method does."""

    def lost(beta):
        total = 0.0
        for row in range(len(uneven)):
            odds = np.exp(uneven.attributes[row] @ beta) * uneven.available[row]
            total -= uneven.weights[row] * np.log(odds[uneven.chosen[row]] / odds.sum())
        return total

    found = logit(uneven)
    other = minimize(lost, np.zeros(3), method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-10, "maxiter": 2000})
    assert found.log_likelihood == pytest.approx(-other.fun, abs=1e-8)
    assert found.coefficients == pytest.approx(other.x, abs=1e-4)


def test_a_weight_is_a_number_of_choices(uneven):
    """A choice of weight 3 is the same as three choices of weight 1, in the robust errors too where it is one person's."""
    weights = np.resize([1, 2, 3], 60)
    heavy = replace(uneven, weights=weights.astype(float))
    many = replace(uneven, weights=np.ones(60)).select(np.repeat(np.arange(60), weights))
    one, other = logit(heavy), logit(many)
    assert one.coefficients == pytest.approx(other.coefficients)
    assert one.errors == pytest.approx(other.errors)
    assert one.robust_errors == pytest.approx(other.robust_errors)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.lists(st.floats(1e-6, 1e6), min_size=3, max_size=3))
def test_units_of_attributes_do_not_matter(scale):
    """In other units the part-worths are in those units and the likelihood is the same."""
    rng = np.random.default_rng(5)
    attributes = rng.normal(size=(80, 3, 3))
    chosen = (attributes @ [1.0, 0.5, -1.0] + rng.gumbel(size=(80, 3))).argmax(axis=1)
    plain, other = logit(lay(attributes, chosen, "abc")), logit(lay(attributes * scale, chosen, "abc"))
    assert other.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-9)
    assert other.coefficients * scale == pytest.approx(plain.coefficients, rel=1e-5)
    assert other.errors * scale == pytest.approx(plain.errors, rel=1e-5)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.integers(0, 2**31))
def test_order_and_levels_do_not_matter(seed):
    """Choices and alternatives in another order, and attributes raised for all of a choice, give the same part-worths."""
    rng = np.random.default_rng(5)
    attributes = rng.normal(size=(80, 4, 2))
    chosen = (attributes @ [1.0, -0.5] + rng.gumbel(size=(80, 4))).argmax(axis=1)
    plain = logit(lay(attributes, chosen, "ab"))
    other = np.random.default_rng(seed)
    rows, places = other.permutation(80), other.permutation(4)
    raised = attributes[rows][:, places] + other.normal(size=(80, 1, 2))
    found = logit(lay(raised, np.argsort(places)[chosen[rows]], "ab"))
    assert found.coefficients == pytest.approx(plain.coefficients, abs=1e-8)
    assert found.covariance == pytest.approx(plain.covariance, abs=1e-8)


def test_the_truth_lies_within_intervals(simulated):
    """Over 40 seeds and 3 part-worths the 95 % interval holds the truth in 106 to 119 of 120 (binomial, 99.5 %)."""
    truth, held = np.array([1.0, -0.5, 0.0]), 0
    for seed in range(40):
        found = logit(simulated(np.tile(truth, (200, 1)), seed=seed, tasks=1))
        held += int((np.abs(found.coefficients - truth) < 1.96 * found.errors).sum())
    assert 106 <= held <= 119


def test_robust_errors_are_larger_where_persons_repeat_themselves(simulated):
    """Ten times the same choice by one person is one choice: the sandwich knows, the Hessian does not."""
    once = simulated(np.tile([1.0, -0.5], (200, 1)), tasks=1)
    found = logit(once.select(np.repeat(np.arange(200), 10)))
    assert found.robust_errors == pytest.approx(logit(once).errors, rel=0.15)
    assert found.errors == pytest.approx(logit(once).errors / np.sqrt(10), rel=1e-6)


def test_cars_have_the_published_likelihood(shared_data):
    """The logit of McFadden and Train (2000) has a log-likelihood of -7391.830, found in less than a second."""
    pytest.importorskip("pyarrow")
    if not (shared_data / "choice/car.parquet").exists():
        pytest.skip("the car data are not in shared/data")
    from benchmarks.quality.choice import cars

    made = cars()
    found = logit(lay(made.attributes.reshape(-1, 6, 21), made.chosen - made.start, made.names))
    assert found.log_likelihood == pytest.approx(-7391.830, abs=5e-4)
    assert found.converged


def test_separation_is_refused_and_a_ridge_tames_it():
    """What was chosen always had the most: an error that says so, or finite part-worths with a ridge."""
    attributes = np.random.default_rng(0).normal(size=(30, 2, 1))
    made = lay(attributes, attributes[:, :, 0].argmax(axis=1), ["x"])
    with pytest.raises(InputError, match="'x' separates"):
        logit(made)
    found = logit(made, ridge=0.1)
    assert found["x"] > 1
    assert np.isfinite(found.errors).all()


def test_one_alternative_is_refused():
    """There is no choice between one alternative."""
    with pytest.raises(InputError, match="no choice offers two alternatives"):
        logit(replace(lay(np.ones((3, 2, 1)), [0, 0, 0], ["x"]), available=np.array([[True, False]] * 3)))


def test_one_person_can_be_estimated(simulated):
    """All choices may be one person's; then nothing is known of how persons differ, and the robust errors are absent."""
    found = logit(simulated(np.array([[1.0, -0.5]]), tasks=200))
    assert len(found.persons) == 1
    assert np.isfinite(found.errors).all()
    assert np.isnan(found.robust_errors).all()


def test_extreme_utilities_do_not_overflow():
    """Log-sums of utilities of a million are that utility, and probabilities sum to 1."""
    sums, chance = log_sums(np.array([[1e6, -1e6, 0.0], [-1e6, -1e6, 5.0]]), np.array([[True] * 3, [True, True, False]]))
    assert sums == pytest.approx([1e6, -1e6 + np.log(2)])
    assert chance.sum(axis=1) == pytest.approx([1.0, 1.0])


def test_a_flat_curvature_is_propped_up():
    """A curvature without an inverse still gives a finite step."""
    assert np.isfinite(solve(np.zeros((2, 2)), np.ones(2), np.ones(2))).all()
    assert np.isfinite(solve(np.ones((2, 2)), np.ones(2), np.ones(2))).all()


def test_what_is_known_of_a_fit_is_told(uneven):
    """BIC counts parameters and choices; an unknown name is an error of Python's own."""
    found = logit(uneven)
    assert found.bic == pytest.approx(3 * np.log(uneven.weights.sum()) - 2 * found.log_likelihood)
    assert found.converged
    assert found["x1"] == found.coefficients[1]
