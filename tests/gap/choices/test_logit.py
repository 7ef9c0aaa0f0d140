"""The conditional logit against closed forms, other software and simulated choices whose part-worths are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import approx_fprime, minimize
from sklearn.linear_model import LogisticRegression

from lotwise.errors import InputError
from lotwise.gap.choices import logit as choice
from lotwise.gap.choices.logit import Occasions, fit

NAMES = ("price", "size", "red")
TRUE = np.array([-0.8, 0.5, 0.3])


def simulated(seed, occasions=400, *, most=6, true=TRUE):
    """Return occasions of 2 to ``most`` alternatives chosen by utility plus Gumbel noise."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(2, most + 1, occasions)
    start = np.cumsum(sizes) - sizes
    attributes = np.column_stack([rng.normal(5, 1, sizes.sum()), rng.normal(size=sizes.sum()), rng.random(sizes.sum()) < 0.4])
    utility = attributes @ true + rng.gumbel(size=len(attributes))
    chosen = np.array([first + np.argmax(utility[first : first + size]) for first, size in zip(start, sizes, strict=True)])
    return Occasions(NAMES, attributes.astype(float), start, chosen)


def by_hand(occasions, beta):
    """Return the log-likelihood in plain loops."""
    total = 0.0
    for first, size, chosen in zip(occasions.start, occasions.sizes, occasions.chosen, strict=True):
        utility = occasions.attributes[first : first + size] @ beta
        total += occasions.attributes[chosen] @ beta - np.log(np.exp(utility).sum())
    return total


def test_one_attribute_two_alternatives_have_a_closed_form():
    """If 75 of 100 take the alternative with one unit more, the part-worth is log 3 and its error 1 / sqrt(100 p q)."""
    attributes = np.tile([[1.0], [0.0]], (100, 1))
    start = np.arange(0, 200, 2)
    model = fit(Occasions(("more",), attributes, start, start + (np.arange(100) >= 75)))
    assert model.part_worths == pytest.approx([np.log(3)], rel=1e-12)
    assert model.errors == pytest.approx([1 / np.sqrt(100 * 0.75 * 0.25)], rel=1e-9)
    assert model.null_log_likelihood == pytest.approx(100 * np.log(0.5))


def test_two_alternatives_are_logistic_regression():
    """With two alternatives the logit is the logistic regression of which was chosen on their difference."""
    made = simulated(1, most=2)
    apart = made.attributes[0::2] - made.attributes[1::2]
    peer = LogisticRegression(C=np.inf, fit_intercept=False, tol=1e-10, max_iter=1000).fit(apart, made.chosen == made.start)
    assert fit(made).part_worths == pytest.approx(peer.coef_[0], abs=1e-5)


def test_ragged_sets_agree_with_a_general_minimizer():
    """Newton reaches the likelihood that BFGS reaches on a loop over occasions, and no less."""
    made = simulated(2, occasions=80)
    peer = minimize(lambda beta: -by_hand(made, beta), np.zeros(3), method="BFGS", options={"gtol": 1e-7})
    model = fit(made)
    assert model.log_likelihood == pytest.approx(-peer.fun, abs=1e-9)
    assert model.part_worths == pytest.approx(peer.x, abs=1e-5)


def test_gradient_and_hessian_are_the_finite_differences(monkeypatch):
    """The exact derivatives are those of the likelihood, and of the gradient, in blocks as in one."""
    made, beta = simulated(3), np.array([0.2, -0.4, 0.1])
    _, gradient, hessian = choice.derivatives(made, beta)
    assert gradient == pytest.approx(approx_fprime(beta, lambda b: choice.derivatives(made, b)[0], 1e-6), rel=1e-4)
    curve = [approx_fprime(beta, lambda b, k=k: choice.derivatives(made, b)[1][k], 1e-6) for k in range(3)]
    assert hessian == pytest.approx(-np.array(curve), rel=1e-4, abs=1e-3)
    monkeypatch.setattr(choice, "BLOCK_ROWS", 50)
    assert choice.derivatives(made, beta)[2] == pytest.approx(hessian, rel=1e-12)
    assert choice.scores(made, beta).sum(axis=0) == pytest.approx(gradient, rel=1e-9)


def test_part_worths_are_recovered_and_errors_match_their_spread():
    """Over 60 seeds each estimate is within 4 standard errors, most within 1.96, and their spread is the mean error.

    The spread of 60 draws has a relative error of 1 / sqrt(120) = 9 %: 30 % are over three of these.
    """
    models = [fit(simulated(seed)) for seed in range(60)]
    found, errors = np.array([m.part_worths for m in models]), np.array([m.errors for m in models])
    assert np.abs((found - TRUE) / errors).max() < 4
    assert 0.9 <= (np.abs((found - TRUE) / errors) < 1.96).mean() <= 0.99
    assert found.std(axis=0, ddof=1) / errors.mean(axis=0) == pytest.approx(1, abs=0.3)


def test_one_large_fit_recovers_within_three_errors():
    """With 20,000 occasions each part-worth is within three standard errors of the truth, in a few steps."""
    model = fit(simulated(7, occasions=20_000))
    assert (np.abs(model.part_worths - TRUE) < 3 * model.errors).all()
    assert model.steps <= 10


def test_weights_are_repeats():
    """An occasion of weight 3 counts as three: part-worths and errors are those of three copies."""
    made = simulated(4, occasions=50)
    shift = len(made.attributes)
    thrice = Occasions(
        NAMES,
        np.tile(made.attributes, (3, 1)),
        np.concatenate([made.start + copy * shift for copy in range(3)]),
        np.concatenate([made.chosen + copy * shift for copy in range(3)]),
    )
    heavy = fit(Occasions(NAMES, made.attributes, made.start, made.chosen, np.full(50, 3.0)))
    assert heavy.part_worths == pytest.approx(fit(thrice).part_worths, rel=1e-9)
    assert heavy.errors == pytest.approx(fit(thrice).errors, rel=1e-9)


def test_units_of_attributes_do_not_matter():
    """A price in cents has a part-worth a hundredth of that in money, also far from 0, and the same likelihood."""
    made = simulated(5)
    other = Occasions(NAMES, made.attributes * [100, 1, 1] + [1e6, 0, 0], made.start, made.chosen)
    plain, cents = fit(made), fit(other)
    assert cents.part_worths * [100, 1, 1] == pytest.approx(plain.part_worths, rel=1e-6)
    assert cents.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-10)


def test_a_ridge_draws_part_worths_to_zero():
    """A larger penalty gives smaller part-worths and a lower likelihood."""
    made = simulated(6)
    models = [fit(made, ridge=ridge) for ridge in (0.0, 10.0, 1000.0)]
    sizes = [np.abs(model.part_worths).sum() for model in models]
    assert sizes == sorted(sizes, reverse=True)
    assert models[0].log_likelihood > models[1].log_likelihood > models[2].log_likelihood


def test_willingness_to_pay_is_the_ratio_to_price_and_its_error_matches_the_spread():
    """An attribute of part-worth 0.5 at -0.8 for the price is worth 0.625; the delta error is the spread over seeds."""
    worth, errors = zip(*(fit(simulated(seed)).willingness_to_pay() for seed in range(60)), strict=True)
    assert np.mean(worth, axis=0)[1:] == pytest.approx([0.5 / 0.8, 0.3 / 0.8], abs=0.05)
    assert np.std(worth, axis=0, ddof=1)[1:] / np.mean(errors, axis=0)[1:] == pytest.approx(1, abs=0.3)
    assert worth[0][0] == pytest.approx(-1)


def test_money_is_refused_where_price_does_not_deter():
    """A price that attracts, or whose interval holds 0, gives no unit of money."""
    with pytest.raises(InputError, match="99 % interval below 0"):
        fit(simulated(8, true=np.array([0.0, 0.5, 0.3]))).willingness_to_pay()


def test_a_log_sum_of_equal_alternatives_is_the_log_of_their_number():
    """Three alternatives of utility 2 have the log-sum 2 + log 3; one that is not there adds nothing."""
    sums, chance = choice.log_sums(np.array([2.0, 2.0, 2.0, 1.0, -np.inf]), np.array([0, 3]))
    assert sums == pytest.approx([2 + np.log(3), 1.0])
    assert chance == pytest.approx([1 / 3] * 3 + [1.0, 0.0])


@given(st.lists(st.floats(-700, 700), min_size=2, max_size=9), st.integers(1, 8))
def test_a_log_sum_lies_above_the_best_and_grows_with_the_set(utility, fewer):
    """For any utilities best <= log-sum <= best + log n, probabilities sum to 1, and fewer alternatives are worth no more."""
    utility = np.array(utility)
    sums, chance = choice.log_sums(utility, np.array([0]))
    assert utility.max() <= sums[0] <= utility.max() + np.log(len(utility)) + 1e-9
    assert chance.sum() == pytest.approx(1)
    assert choice.log_sums(utility[:fewer], np.array([0]))[0][0] <= sums[0] + 1e-9


def test_attributes_that_say_nothing_are_named():
    """An attribute that is constant within occasions, and one that is the sum of two others, are refused by name."""
    made = simulated(9)
    constant, total = made.occasion * 1.0, made.attributes[:, 0] + made.attributes[:, 1]
    wide = Occasions((*NAMES, "income", "sum"), np.column_stack([made.attributes, constant, total]), made.start, made.chosen)
    with pytest.raises(InputError, match="'income', 'sum'"):
        fit(wide)


def test_separated_choices_are_refused_and_a_ridge_helps():
    """What was chosen always has the most of an attribute: refused by name, finite with a ridge."""
    made = simulated(10)
    mark = np.zeros(len(made.attributes))
    mark[made.chosen] = 1
    wide = Occasions((*NAMES, "mark"), np.column_stack([made.attributes, mark]), made.start, made.chosen)
    with pytest.raises(InputError, match="perfectly: 'mark'"):
        fit(wide)
    assert np.isfinite(fit(wide, ridge=1.0).part_worths).all()


def test_attributes_that_separate_together_are_refused():
    """No single attribute separates, but two together do, exactly: the likelihood has no maximum."""
    rng = np.random.default_rng(0)
    attributes = rng.normal(size=(200, 2))
    start = np.arange(0, 200, 2)
    chosen = start + (attributes[1::2].sum(axis=1) > attributes[0::2].sum(axis=1))
    with pytest.raises(InputError, match="taken together"):
        fit(Occasions(("a", "b"), attributes, start, chosen))
