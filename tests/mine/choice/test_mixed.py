from __future__ import annotations

import numpy as np
import pytest

from lotwise.errors import InputError
from lotwise.mine.choice.choices import lay
from lotwise.mine.choice.draws import Taste, halton
from lotwise.mine.choice.logit import derivatives, logit
from lotwise.mine.choice.mixed import Mixture, mixed
from lotwise.mine.choice.mixed import simulated as likelihood


def varied(simulated, *, seed=0, persons=250, tasks=8):
    """Return choices of persons whose first part-worth is normal (1, 0.8), second -exp(normal(-0.3, 0.5)), third 0.5."""
    normal = np.random.default_rng([seed, 2]).normal(size=(2, persons))
    worths = np.column_stack([1 + 0.8 * normal[0], -np.exp(-0.3 + 0.5 * normal[1]), np.full(persons, 0.5)])
    return simulated(worths, seed=seed, tasks=tasks)


def work(choices, kinds, draws=16):
    """Return choices laid out for tastes of the first attributes."""
    tastes = tuple(Taste(kind, -1.0) for kind in kinds)
    form = Mixture(np.arange(len(kinds)), tastes, halton(50, len(kinds), np.random.default_rng(0)))
    return likelihood(choices, form, halton(len(choices.persons) * draws, len(kinds), np.random.default_rng(1)))


@pytest.mark.parametrize("kinds", [["normal"], ["triangular", "normal"], ["lognormal", "normal", "lognormal"]])
def test_gradient_is_that_of_the_simulated_likelihood(uneven, slope, kinds):
    """Gradients of persons sum to differences of the log-likelihood, for every distribution."""
    made, at = work(uneven, kinds), np.array([0.3, -0.4, 0.2, 0.5, 0.7, 0.4][: 3 + len(kinds)])
    assert made.scored(at)[1].sum(axis=0) == pytest.approx(slope(lambda to: made.scored(to)[0], at), abs=1e-6)


def test_likelihood_is_the_average_over_draws_written_out(uneven):
    """Each person's likelihood is the mean over draws of the product of choice probabilities."""
    made, at = work(uneven, ["normal"], draws=5), np.array([0.3, -0.4, 0.2, 0.8])
    total, apart = 0.0, uneven.differences() / made.scale
    for place, person in enumerate(uneven.persons):
        products = []
        for standard in made.standard[0, place]:
            worth, product = np.array([0.3 + 0.8 * standard, -0.4, 0.2]), 1.0
            for row in np.flatnonzero(uneven.person == person):
                raised = np.exp(apart[row] @ worth) * uneven.available[row]
                product *= (raised[uneven.chosen[row]] / raised.sum()) ** uneven.weights[row]
            products.append(product)
        total += np.log(np.mean(products))
    assert made.scored(at)[0] == pytest.approx(total)


def test_blocks_do_not_matter(simulated, monkeypatch):
    """Worked on in many blocks the likelihood and gradients are the same."""
    made, at = varied(simulated, persons=40), np.array([0.5, -0.5, 0.5, 0.4])
    whole = work(made, ["normal"]).scored(at)
    monkeypatch.setattr("lotwise.mine.choice.mixed._BLOCK", 200)
    part = work(made, ["normal"]).scored(at)
    assert part[0] == pytest.approx(whole[0])
    assert part[1] == pytest.approx(whole[1])


def test_without_spread_it_is_the_logit(uneven):
    """With spreads of 0 likelihood and gradient are the logit's."""
    made, at = work(uneven, ["normal", "normal"]), np.array([0.3, -0.4, 0.2, 0.0, 0.0])
    value, gradient, _ = derivatives(uneven, at[:3] / made.scale)
    found = made.scored(at)
    assert found[0] == pytest.approx(value)
    assert found[1].sum(axis=0)[:3] == pytest.approx(gradient / made.scale)


def test_many_draws_reach_the_integral(simulated):
    """With 2,000 draws the likelihood of one normal taste is that of Gauss-Hermite quadrature, to 0.02 a hundred choices."""
    made = simulated(np.random.default_rng(0).normal([1.0, -0.5], [1.0, 0.0], (25, 2)), tasks=4)
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    at, laid = np.array([0.8, -0.4, 0.9]), work(made, ["normal"], draws=2000)
    chance = np.empty((25, 40))
    for place, node in enumerate(nodes):
        utility = made.differences() / laid.scale @ np.array([at[0] + at[2] * node, at[1]])
        chance[:, place] = (-np.log(np.exp(utility).sum(axis=1))).reshape(25, 4).sum(axis=1)
    exact = np.log(np.exp(chance) @ weights / weights.sum()).sum()
    assert laid.scored(at)[0] == pytest.approx(exact, abs=0.02)


def test_truth_lies_within_intervals(simulated):
    """Over 10 seeds the 95 % intervals hold the 5 parameters in at least 43 of 50 (binomial, 99 %)."""
    held, truth = 0, np.array([1.0, -0.3, 0.5, 0.8, 0.5])
    for seed in range(10):
        found = mixed(
            varied(simulated, seed=seed), {"x0": "normal", "x1": "lognormal"}, draws=100, rng=np.random.default_rng(seed)
        )
        assert found.converged
        held += int((np.abs(found.coefficients - truth) < 1.96 * found.errors).sum())
    assert held >= 43


def test_mean_and_spread_over_persons_are_told(simulated):
    """The group has means and deviations of the part-worths: 1 and 0.8; -0.84 and 0.45; 0.5 and 0."""
    found = mixed(varied(simulated, persons=600), {"x0": "normal", "x1": "lognormal"}, draws=100, rng=np.random.default_rng(0))
    group = found.groups[0]
    assert found.names == ("x0", "log mean x1", "x2", "sd x0", "log sd x1")
    assert group.part_worths == pytest.approx([1.0, -np.exp(-0.3 + 0.125), 0.5], abs=0.12)
    assert group.spread == pytest.approx([0.8, 0.84 * np.sqrt(np.expm1(0.25)), 0.0], abs=0.15)
    assert "'x1' is taken as below 0 for everybody" in found.note


def test_units_of_attributes_do_not_matter(simulated):
    """In hundredths means, errors and spreads are a hundred times as large, for every distribution."""
    from dataclasses import replace

    made = varied(simulated, persons=80)
    kinds = {"x0": "triangular", "x1": "lognormal", "x2": "normal"}
    plain = mixed(made, kinds, draws=50, rng=np.random.default_rng(0))
    small = mixed(replace(made, attributes=made.attributes / 100), kinds, draws=50, rng=np.random.default_rng(0))
    assert small.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-4)
    assert small.groups[0].part_worths == pytest.approx(100 * plain.groups[0].part_worths, rel=1e-3)
    assert small.groups[0].errors == pytest.approx(100 * plain.groups[0].errors, rel=1e-2)
    assert small.groups[0].spread == pytest.approx(100 * plain.groups[0].spread, rel=1e-2, abs=1e-3)


def test_no_spread_is_at_its_bound_and_said(simulated):
    """Persons who are alike give a spread near 0; at 0 it has no error and the model is the logit."""
    for seed in range(20):
        made = simulated(np.tile([1.0, -0.5], (60, 1)), seed=seed, tasks=3)
        found = mixed(made, {"x0": "normal"}, draws=50, rng=np.random.default_rng(0))
        if found["sd x0"] == 0:
            break
    assert "no spread of 'x0' over persons was found" in found.note
    assert np.isnan(found.errors[2])
    assert np.isfinite(found.groups[0].errors).all()
    assert found.log_likelihood == pytest.approx(logit(made).log_likelihood, abs=1e-6)


def test_probabilities_sum_to_one(simulated):
    """Probabilities are averages over tastes; what is not available has none."""
    made = varied(simulated, persons=60)
    found = mixed(made, {"x0": "normal"}, draws=50, rng=np.random.default_rng(0))
    available = np.ones((4, 3), bool)
    available[0, 1] = False
    chance = found.probabilities(made.attributes[:4], available)
    assert chance.sum(axis=1) == pytest.approx(np.ones(4))
    assert chance[0, 1] == 0


def test_the_same_seed_gives_the_same_bytes(simulated):
    """Nothing but the seed decides."""
    made = varied(simulated, persons=40)
    one, two = (mixed(made, {"x0": "normal"}, draws=30, rng=np.random.default_rng(7)) for _ in range(2))
    assert one.coefficients.tobytes() == two.coefficients.tobytes()


def test_what_cannot_be_drawn_is_refused_together(simulated):
    """Unknown attributes and distributions, no draws and one person only are listed."""
    made = simulated(np.array([[1.0, -0.5]]), tasks=50)
    with pytest.raises(InputError) as error:
        mixed(made, {"x00": "normal", "x1": "cauchy"}, draws=0, rng=np.random.default_rng(0))
    said = str(error.value)
    assert "no attribute 'x00'; did you mean 'x0'?" in said
    assert "'cauchy', expected one of normal, lognormal, triangular" in said
    assert "0 draws" in said
    assert "one person's" in said


def test_a_lognormal_without_end_stops_at_its_bound():
    """Six choices that a lognormal cannot fit end at a bound, finite and said."""
    rng = np.random.default_rng(0)
    made = lay(rng.normal(size=(6, 2, 1)), [0, 1, 0, 1, 0, 1], ["x"])
    found = mixed(made, {"x": "lognormal"}, draws=10, rng=rng)
    assert np.isfinite(found.coefficients).all()
    assert "'x' is at a bound" in found.note or "no spread" in found.note


def test_too_few_draws_are_said(simulated):
    """With thirty telling choices a person and five tastes the likelihood rests on few of 20 draws, which the note says."""
    made = simulated(np.random.default_rng(0).normal(0, 2, (60, 5)), tasks=30)
    found = mixed(made, dict.fromkeys(made.names, "normal"), draws=20, rng=np.random.default_rng(0))
    assert "of 20 draws: ask for more draws" in found.note


def test_effective_draws_are_all_where_draws_do_not_matter(uneven):
    """Without spread every draw counts the same: 16 of 16; with spread fewer, and never below 1."""
    made = work(uneven, ["normal"])
    assert made.effective(np.array([0.3, -0.4, 0.2, 0.0])) == pytest.approx(np.full(12, 16.0))
    some = made.effective(np.array([0.3, -0.4, 0.2, 3.0]))
    assert ((some >= 1) & (some < 16)).all()


def test_one_choice_a_person_is_said(simulated):
    """With one choice a person spreads rest on the form alone, which the note says."""
    found = mixed(simulated(np.tile([1.0, -1.0], (150, 1)), tasks=1), {"x0": "normal"}, draws=20, rng=np.random.default_rng(0))
    assert "one choice a person" in found.note
