"""What moves a target, against planted truths and closed forms."""

import itertools

import numpy as np
import pytest

from lotwise.mine.drivers.cases import Cases, Feature
from lotwise.mine.drivers.explain import _fit, enough, explain
from lotwise.mine.drivers.linear import fit_linear
from lotwise.mine.drivers.said import direction, words

RNG = 20261122


def planted(rows=3000, scale="number", seed=1):
    """Y = 3 a - 2 b + (5 for blue) + noise, with c that moves nothing; 30 blocks."""
    rng = np.random.default_rng(seed)
    a, b, c = rng.normal(size=(3, rows))
    color = rng.integers(0, 3, rows)
    y = 3 * a - 2 * b + 5 * (color == 2) + rng.normal(0, 0.5, rows)
    if scale == "yes or no":
        y = (rng.random(rows) < 1 / (1 + np.exp(-(y - y.mean()) / 2))).astype(float)
    features = (
        Feature("a", a),
        Feature("b", b),
        Feature("c", c),
        Feature("color", color.astype(float), ("red", "green", "blue")),
    )
    return Cases("y", y, scale, "things", features, np.arange(rows) * 30 // rows)


def test_planted_movers_are_ranked_and_sized():
    """The shares are those of mean |part|: a 3 x .8, b 2 x .8, color 5 x 4/9, and nothing of c."""
    cases = planted()
    found = explain(cases, np.random.default_rng(RNG))
    effect = np.abs(found.shap).mean(axis=0)
    # E|3 a| = 3 sqrt(2 / pi) = 2.39, E|2 b| = 1.60; color is 5 for a third: |5 - 5/3| / 3 + 2/3 x 5/3 = 2.22
    assert effect[[0, 1, 3]] == pytest.approx([2.39, 1.60, 2.22], rel=0.12)
    assert effect[2] < 0.15
    assert found.explained > 0.9
    assert found.lost[2] == pytest.approx(0, abs=0.01)
    assert (found.low <= found.lost).all()
    assert (found.lost <= found.high).all()


def test_shuffling_loses_twice_the_variance_a_feature_carries():
    """Shuffled, a feature costs twice the variance of its part: 2 x 9 of the 9 + 4 + 25 x 2 / 9 there are, for a."""
    found = explain(planted(8000), np.random.default_rng(RNG))
    whole = 9 + 4 + 25 * 2 / 9
    assert found.lost[0] == pytest.approx(2 * 9 / whole, rel=0.12)
    assert found.lost[1] == pytest.approx(2 * 4 / whole, rel=0.12)


def test_parts_add_up_to_what_the_model_says():
    """The base and the features' parts of a row are its prediction (on the log odds for yes or no)."""
    cases = planted(800, "yes or no")
    found = explain(cases, np.random.default_rng(RNG))
    said = _fit(cases, cases.matrix(), np.arange(800)).predict(cases.matrix()[found.rows], raw_score=True, num_threads=1)
    assert found.base + found.shap.sum(axis=1) == pytest.approx(said, abs=1e-9)


def test_parts_are_exact_shapley_values():
    """For one tree of two features they are the Shapley values of its conditional expectations, each order tried."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=(400, 2))
    y = np.where(x[:, 0] > 0, np.where(x[:, 1] > 0, 4.0, 1.0), 0.0)
    cases = Cases("y", y, "number", "", (Feature("p", x[:, 0]), Feature("q", x[:, 1])), np.arange(400) * 10 // 400)
    booster = _fit(cases, x, np.arange(400))
    parts = booster.predict(x, pred_contrib=True, num_threads=1)
    tree_parts = np.zeros((400, 2))
    for tree in booster.dump_model()["tree_info"]:
        tree_parts += np.array([shapley(tree["tree_structure"], row) for row in x])
    assert parts[:, :2] == pytest.approx(tree_parts, abs=1e-6)


def shapley(tree, row):
    """Shapley values of one tree by its definition: each order of the features, expectations by the rows of each leaf."""
    total = np.zeros(len(row))
    orders = list(itertools.permutations(range(len(row))))
    for order in orders:
        known = set()
        for feature in order:
            before = expected(tree, row, known)
            known = known | {feature}
            total[feature] += expected(tree, row, known) - before
    return total / len(orders)


def expected(node, row, known):
    if "leaf_value" in node:
        return node["leaf_value"]
    sides = node["left_child"], node["right_child"]
    if node["split_feature"] in known:
        return expected(sides[0] if row[node["split_feature"]] <= node["threshold"] else sides[1], row, known)
    rows = [side.get("internal_count", side.get("leaf_count")) for side in sides]
    return sum(count * expected(side, row, known) for count, side in zip(rows, sides, strict=True)) / sum(rows)


def test_coefficients_are_the_planted_ones():
    """One standard deviation of a adds 3, of b takes 2, of c does nothing, each within three errors."""
    cases = planted()
    model = fit_linear(cases, np.arange(3000))
    for place, truth in enumerate((3, -2, 0)):
        coefficient, error = model.of(place)
        assert abs(coefficient - truth * cases.features[place].values.std()) < 3 * error + 0.005 * abs(truth)
    assert model.of(3) is None


def test_logistic_coefficients_are_those_of_scikit_learn():
    """With the same ridge the logistic model is scikit-learn's."""
    from sklearn.linear_model import LogisticRegression

    cases = planted(1500, "yes or no")
    numbers = Cases("y", cases.values, "yes or no", "", cases.features[:3], cases.block)
    model = fit_linear(numbers, np.arange(1500))
    matrix = numbers.matrix()
    peer = LogisticRegression(C=1 / (1e-3 * 1500), tol=1e-10, max_iter=1000)
    peer.fit((matrix - matrix.mean(axis=0)) / matrix.std(axis=0), cases.values)
    assert model.coefficients == pytest.approx(peer.coef_[0], abs=1e-4)
    assert model.start == pytest.approx(peer.intercept_[0], abs=1e-4)


def test_noise_explains_nothing():
    """Where nothing moves the target, no more than 2 % of its variance is explained in blocks kept apart."""
    rng = np.random.default_rng(5)
    cases = Cases(
        "y", rng.normal(size=2000), "number", "", (Feature("a", rng.normal(size=2000)),), np.arange(2000) * 20 // 2000
    )
    assert explain(cases, rng).explained < 0.02


def test_the_same_seed_gives_the_same():
    """Twice the same, bit for bit."""
    first, second = (explain(planted(600), np.random.default_rng(7)) for _ in range(2))
    assert first.shap.tobytes() == second.shap.tobytes()
    assert first.low.tobytes() == second.low.tobytes()


def test_perfect_separation_and_constants_are_borne():
    """A feature that parts yes from no entirely, an absent one and one class of one row give finite figures."""
    rng = np.random.default_rng(8)
    y = (np.arange(200) >= 100).astype(float)
    features = (
        Feature("parts", y * 2 - 1),
        Feature("noise", rng.normal(size=200)),
        Feature("half absent", np.where(y, np.nan, 1)),
    )
    found = explain(Cases("y", y, "yes or no", "", features, np.arange(200) % 10), rng)
    assert np.isfinite(found.shap).all()
    assert np.isfinite(found.linear.coefficients).all()
    single = np.zeros(200)
    single[0] = 1
    assert np.isfinite(explain(Cases("y", single, "yes or no", "", features, np.arange(200) % 10), rng).lost).all()


def test_reasons_are_given_where_nothing_can_be_told():
    """Too few rows, a constant target and no feature each have their sentence."""
    feature = (Feature("a", np.arange(30.0)),)
    assert "20 at least" in enough(Cases("y", np.arange(5.0), "number", "", feature, np.arange(5)))
    assert "same in every row" in enough(Cases("y", np.ones(30), "number", "", feature, np.arange(30)))
    assert "no column varies" in enough(Cases("y", np.arange(30.0), "number", "", (), np.arange(30)))
    assert enough(Cases("y", np.arange(30.0), "number", "", feature, np.arange(30))) is None


def test_effects_are_said_in_words():
    """Ends of a number are compared, values of words are named from most to least, logs are told in percent."""
    cases = planted()
    a, color = cases.features[0], cases.features[3]
    assert direction(a, a.values, 3 * a.values) == "more"
    assert direction(a, a.values, -a.values) == "less"
    assert direction(a, a.values, np.abs(a.values)) == "both ways"
    assert direction(color, color.values, color.values) == "differs by value"
    assert words(color, color.values, np.array([-1.0, 0.0, 2.0])[color.values.astype(int)], cases) == (
        "blue: 2 more; green: 0 more; red: 1 less"
    )
    logs = Cases("y", cases.values, "log", "", cases.features, cases.block)
    switch, steps = (Feature("s", np.repeat([0.0, top], 10)) for top in (1.0, 2.0))
    assert words(switch, switch.values, np.repeat([0.0, np.log(1.5)], 10), logs) == "50 % more with it than without"
    assert words(steps, steps.values, np.repeat([0.0, np.log(1.5)], 10), logs) == (
        "50 % more at 2 and above than at 0 and below"
    )
