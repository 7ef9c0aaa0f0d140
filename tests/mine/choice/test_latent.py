from __future__ import annotations

import numpy as np
import pytest

from lotwise.errors import InputError
from lotwise.mine.choice.identify import spread_within
from lotwise.mine.choice.latent import LOOSE, Classes, _Work, latent
from lotwise.mine.choice.logit import logit

TRUTH = np.array([[1.5, -1.0, 0.5], [-1.0, -0.3, 1.5]])


def kinds(simulated, *, seed=0, persons=200, tasks=8, share=0.3):
    """Return choices of two kinds of persons, and which of them is of the second."""
    second = np.random.default_rng([seed, 1]).random(persons) < share
    return simulated(TRUTH[second.astype(int)], seed=seed, tasks=tasks), second


def parted(flat, classes=2, width=3):
    """Return part-worths and log-odds of flat parameters."""
    cut = classes * width
    odds = flat[cut:].reshape(classes - 1, -1)
    return flat[:cut].reshape(classes, width), np.concatenate([np.zeros((1, odds.shape[1])), odds])


@pytest.fixture
def work(uneven):
    """Return the uneven choices laid out for two classes with a membership covariate."""
    told = np.column_stack([np.ones(12), np.linspace(-1, 1, 12)])
    return _Work(uneven, uneven.differences() / spread_within(uneven), Classes(2, told))


FLAT = np.array([0.4, -0.2, 0.1, -0.5, 0.3, 0.2, 0.3, -0.4])


def test_likelihood_is_the_mixture_written_out(work):
    """Each person's likelihood is the sum over classes of share x product of choice probabilities."""
    worths, odds = parted(FLAT)
    total, made = 0.0, work.choices
    for place, person in enumerate(made.persons):
        share = np.exp(odds @ work.form.membership[place])
        share /= share.sum()
        mixture = 0.0
        for one, worth in zip(share, worths, strict=True):
            product = one
            for row in np.flatnonzero(made.person == person):
                raised = np.exp(work.apart[row] @ worth) * made.available[row]
                product *= (raised[made.chosen[row]] / raised.sum()) ** made.weights[row]
            mixture += product
        total += np.log(mixture)
    assert work.point(worths, odds).value == pytest.approx(total)


def test_gradient_and_hessian_are_those_of_the_likelihood(work, slope):
    """Gradients of persons and the Hessian agree with differences; the Hessian is that with the loose prior."""

    def gradient(flat):
        return work.curvature(work.point(*parted(flat)))[1].sum(axis=0)

    curve, scores = work.curvature(work.point(*parted(FLAT)))
    assert scores.sum(axis=0) == pytest.approx(slope(lambda flat: work.point(*parted(flat)).value, FLAT), abs=1e-6)
    assert LOOSE * np.eye(8) - curve == pytest.approx(slope(gradient, FLAT), abs=1e-5)


def test_no_round_of_em_lowers_the_likelihood(work):
    """Round after round the likelihood with its prior rises or stays."""
    point, goals = work.point(*parted(FLAT)), []
    for _ in range(10):
        point = work.em(point, 1)
        goals.append(point.goal)
    assert (np.diff(goals) >= 0).all()


def test_truth_lies_within_intervals(simulated):
    """Over 10 seeds the 95 % intervals hold the 7 parameters in at least 61 of 70 (binomial, 99 %)."""
    held = 0
    for seed in range(10):
        found = latent(kinds(simulated, seed=seed)[0], 2, rng=np.random.default_rng(seed), starts=4)
        assert found.converged
        truth = np.concatenate([TRUTH.ravel(), [np.log(0.3 / 0.7)]])
        held += int((np.abs(found.coefficients - truth) < 1.96 * found.errors).sum())
    assert held >= 61


def test_classes_come_by_size_whatever_the_start(simulated):
    """The largest class is class 1, from any start: labels do not switch."""
    made, _ = kinds(simulated)
    found = [latent(made, 2, rng=np.random.default_rng(seed), starts=3) for seed in range(4)]
    for other in found[1:]:
        assert other.coefficients == pytest.approx(found[0].coefficients, abs=1e-4)
    assert found[0].groups[0].share > found[0].groups[1].share
    assert [group.name for group in found[0].groups] == ["class 1", "class 2"]


def test_persons_are_known_by_their_choices(simulated):
    """Posterior classes sum to 1 and are right for nine in ten persons of eight choices."""
    made, second = kinds(simulated)
    found = latent(made, 2, rng=np.random.default_rng(0), starts=3)
    assert found.posterior.sum(axis=1) == pytest.approx(np.ones(200))
    assert ((found.posterior[:, 1] > 0.5) == second).mean() > 0.9


def test_probabilities_are_the_average_over_classes(simulated):
    """Somebody unknown chooses as the classes do, by their shares."""
    made, _ = kinds(simulated, persons=80)
    found = latent(made, 2, rng=np.random.default_rng(0), starts=3)
    raised = [np.exp(made.attributes[:5] @ group.part_worths) for group in found.groups]
    mixed = sum(group.share * one / one.sum(axis=1, keepdims=True) for group, one in zip(found.groups, raised, strict=True))
    assert found.probabilities(made.attributes[:5]) == pytest.approx(mixed)


def test_membership_is_learned(simulated):
    """A covariate that says the kind shifts the log-odds of class 2; the truth of 2 lies within three errors."""
    rng = np.random.default_rng(8)
    told = rng.normal(size=400)
    second = rng.random(400) < 1 / (1 + np.exp(1 - 2 * told))
    found = latent(simulated(TRUTH[second.astype(int)], seed=8), 2, rng=rng, starts=4, membership={"age": told})
    place = found.names.index("class 2: membership age")
    assert abs(found.coefficients[place] - 2) < 3 * found.errors[place]
    assert found.coefficients[place] > 5 * found.errors[place]


def test_the_same_seed_gives_the_same_bytes(simulated):
    """Nothing but the seed decides."""
    made, _ = kinds(simulated, persons=60)
    one, two = (latent(made, 3, rng=np.random.default_rng(5), starts=2) for _ in range(2))
    assert one.coefficients.tobytes() == two.coefficients.tobytes()


def test_one_class_is_the_logit(uneven):
    """One class has nothing to mix."""
    assert latent(uneven, 1, rng=np.random.default_rng(0)).log_likelihood == logit(uneven).log_likelihood


def test_starts_are_tried_on_a_sample_of_many_choices(simulated, monkeypatch):
    """With more choices than the sample the result is the same maximum."""
    made, _ = kinds(simulated)
    whole = latent(made, 2, rng=np.random.default_rng(0), starts=3)
    monkeypatch.setattr("lotwise.mine.choice.latent.SAMPLE", 600)
    part = latent(made, 2, rng=np.random.default_rng(0), starts=3)
    assert part.log_likelihood == pytest.approx(whole.log_likelihood, abs=1e-4)


def test_a_class_that_is_certain_stays_finite_and_is_said(simulated):
    """Where a third of the persons always take the most of x0, their class has a finite part-worth and a note says so."""
    worths = np.tile([0.0, 1.0, -1.0], (90, 1))
    worths[60:] = [200.0, 0.0, 0.0]
    found = latent(simulated(worths, tasks=10), 2, rng=np.random.default_rng(0), starts=4)
    assert np.isfinite(found.coefficients).all()
    assert found.groups[1].share == pytest.approx(1 / 3, abs=0.05)
    assert "class 2 is certain of x0" in found.note


def test_a_class_too_many_is_finite_and_said(simulated):
    """Five classes of twelve persons end in finite numbers, with a note on classes too small to tell."""
    found = latent(kinds(simulated, persons=12, tasks=4)[0], 5, rng=np.random.default_rng(0), starts=2)
    assert np.isfinite(found.coefficients).all()
    assert np.isfinite(found.errors).all()
    assert "too few persons to tell what they like: class" in found.note


def test_classes_that_are_alike_are_said(simulated):
    """Persons who are all alike give classes that are alike, which the note says."""
    found = latent(simulated(np.tile([1.0, -1.0], (40, 1))), 4, rng=np.random.default_rng(0), starts=2)
    assert "fewer classes say as much" in found.note


def test_one_choice_a_person_is_said(simulated):
    """With one choice a person classes rest on the form alone, which the note says."""
    found = latent(simulated(np.tile([1.0, -1.0], (150, 1)), tasks=1), 2, rng=np.random.default_rng(0), starts=2)
    assert "one choice a person" in found.note


def test_more_classes_than_persons_are_refused(uneven):
    """Classes are of persons: 13 of 12 persons cannot be."""
    with pytest.raises(InputError, match="13 classes for 12 persons"):
        latent(uneven, 13, rng=np.random.default_rng(0))
    with pytest.raises(InputError, match="at least 1 of each"):
        latent(uneven, 0, rng=np.random.default_rng(0))


@pytest.mark.parametrize("values", [np.ones(12), np.full(12, np.nan), np.arange(5.0)])
def test_membership_that_says_nothing_is_refused(uneven, values):
    """Constant, absent or too few values of a covariate are named."""
    with pytest.raises(InputError, match="Membership 'age'"):
        latent(uneven, 2, rng=np.random.default_rng(0), membership={"age": values})
