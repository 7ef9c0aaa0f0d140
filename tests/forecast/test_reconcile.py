import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import nnls

from lotwise.errors import ContractError, SettingsError
from lotwise.forecast import draws
from lotwise.forecast.hierarchy import hierarchy
from lotwise.forecast.reconcile import METHODS, reconcile, shrinkage
from lotwise.tables.forecasted import LEVELS

LINEAR = ("ols", "wls-struct", "wls-variance", "mint-shrink")


def shop(rng, bottom=8):
    """Return a hierarchy of departments, categories and products, with past errors and demand."""
    department = rng.integers(0, 2, bottom).astype(str)
    category = rng.integers(0, 2, bottom).astype(str)
    tree = hierarchy({"department": department, "category": category, "product": np.arange(bottom).astype(str)})
    residuals = rng.normal(size=(len(tree.level), 30)) * rng.uniform(1, 9, (len(tree.level), 1))
    return tree, residuals + residuals.mean(axis=0), rng.poisson(5, (bottom, 20)).astype(float)


def textbook(base, tree, weights):
    """Return S (S' W^-1 S)^-1 S' W^-1 y by dense algebra."""
    summing = tree.summing.toarray()
    inverse = np.linalg.inv(weights)
    return summing @ np.linalg.solve(summing.T @ inverse @ summing, summing.T @ inverse @ base)


def shrunk(residuals):
    """Return the shrunk covariance of errors as Schafer & Strimmer write it, pair by pair."""
    nodes, past = residuals.shape
    covariance = residuals @ residuals.T / past
    each = residuals / np.sqrt(np.diag(covariance))[:, None]
    correlation = each @ each.T / past
    above = below = 0.0
    for one in range(nodes):
        for other in range(nodes):
            if one != other:
                product = each[one] * each[other]
                above += ((product - product.mean()) ** 2).sum() / (past * (past - 1))
                below += correlation[one, other] ** 2
    share = min(max(above / below, 0.0), 1.0)
    return share, share * np.diag(np.diag(covariance)) + (1 - share) * covariance


@pytest.mark.parametrize("method", METHODS)
def test_everything_adds_up(method):
    """Whatever the method, every node is the sum of its bottom series to 1e-9, and none is negative."""
    rng = np.random.default_rng(1)
    tree, residuals, history = shop(rng)
    base = rng.normal(3, 6, (len(tree.level), 4))
    found = reconcile(base, tree, method=method, residuals=residuals, history=history)
    np.testing.assert_allclose(found, tree.summing @ found[tree.upper :], atol=1e-9)
    assert found.min() >= 0


@given(st.integers(0, 10_000), st.sampled_from([method for method in METHODS if method != "top-down"]))
def test_what_adds_up_stays(seed, method):
    """A coherent forecast is its own reconciliation (S P S = S), so reconciling twice is reconciling once."""
    rng = np.random.default_rng(seed)
    tree, residuals, _ = shop(rng, int(rng.integers(1, 12)))
    coherent = tree.totals(rng.uniform(0.1, 9, (tree.summing.shape[1], 3)))
    np.testing.assert_allclose(reconcile(coherent, tree, method=method, residuals=residuals), coherent, atol=1e-7)
    base = rng.uniform(0, 9, (len(tree.level), 3))
    once = reconcile(base, tree, method=method, residuals=residuals, nonnegative=False)
    again = reconcile(once, tree, method=method, residuals=residuals, nonnegative=False)
    if method != "proportions" or once.min() >= 0:
        np.testing.assert_allclose(again, once, atol=1e-7)


def test_projections_are_the_textbooks():
    """Each linear method equals the dense formula with its own W."""
    rng = np.random.default_rng(2)
    tree, residuals, _ = shop(rng)
    base = rng.uniform(0, 30, (len(tree.level), 3))
    share, covariance = shrunk(residuals)
    weights = {
        "ols": np.eye(len(base)),
        "wls-struct": np.diag(tree.summing.sum(axis=1)),
        "wls-variance": np.diag((residuals**2).mean(axis=1)),
        "mint-shrink": covariance,
    }
    assert 0 < share < 1
    assert shrinkage(residuals) == pytest.approx(share)
    for method in LINEAR:
        found = reconcile(base, tree, method=method, residuals=residuals, nonnegative=False)
        np.testing.assert_allclose(found, textbook(base, tree, weights[method]), atol=1e-8)


def test_ordinary_least_squares_is_lstsq():
    """OLS regresses the forecasts on the summing matrix."""
    rng = np.random.default_rng(3)
    tree, _, _ = shop(rng)
    base = rng.uniform(0, 30, (len(tree.level), 2))
    summing = tree.summing.toarray()
    expected = summing @ np.linalg.lstsq(summing, base, rcond=None)[0]
    np.testing.assert_allclose(reconcile(base, tree, method="ols", nonnegative=False), expected, atol=1e-9)


def test_reconciling_with_the_true_covariance_beats_bottom_up():
    """Simulated errors whose sizes are known: trust in proportion to it lowers the mean square error of every level."""
    rng = np.random.default_rng(4)
    tree, _, _ = shop(rng, 12)
    truth = tree.totals(rng.uniform(20, 60, (12, 1)))
    spread = np.where(tree.level == 3, 8.0, 3.0)[:, None]
    base = truth + spread * rng.normal(size=(len(truth), 2000))
    past = spread * rng.normal(size=(len(truth), 400))
    worse = reconcile(base, tree, method="bottom-up") - truth
    better = reconcile(base, tree, method="wls-variance", residuals=past) - truth
    for level in range(4):
        inside = tree.level == level
        assert (better[inside] ** 2).mean() < (worse[inside] ** 2).mean()
    assert np.abs(better.mean(axis=1)).max() < 1.0


def test_top_down_splits_by_the_past():
    """A total of 30 over products that sold 10 and 20 is 10 and 20; from the categories, each keeps its own."""
    tree = hierarchy({"category": ["a", "a", "b"], "product": ["x", "y", "z"]})
    history = np.array([[4.0, 6.0], [10.0, 10.0], [np.nan, 30.0]])
    base = np.array([60.0, 9.0, 5.0, 0.0, 0.0, 0.0])
    total = reconcile(base, tree, method="top-down", history=history)
    np.testing.assert_allclose(total, [60, 30, 30, 10, 20, 30])
    middle = reconcile(base, tree, method="top-down", history=history, level="category")
    np.testing.assert_allclose(middle, [14, 9, 5, 3, 6, 5])


def test_proportions_go_level_by_level():
    """A total of 100 over categories forecast at 30 and 10: 75 and 25; the 75 over products forecast at 1 and 2."""
    tree = hierarchy({"category": ["a", "a", "b"], "product": ["x", "y", "z"]})
    found = reconcile(np.array([100.0, 30.0, 10.0, 1.0, 2.0, 7.0]), tree, method="proportions")
    np.testing.assert_allclose(found, [100, 75, 25, 25, 50, 25])


def test_parts_without_past_share_alike():
    """Where nothing was sold and nothing is expected below, a total is split evenly."""
    tree = hierarchy({"product": ["x", "y"]})
    base = np.array([8.0, 0.0, 0.0])
    np.testing.assert_allclose(reconcile(base, tree, method="top-down", history=np.zeros((2, 3))), [8, 4, 4])
    np.testing.assert_allclose(reconcile(base, tree, method="proportions"), [8, 4, 4])


def test_setting_to_zero_keeps_the_total():
    """A product pushed below 0 is 0, the others make up for it, and the loss is close to the best there is.

    The best non-negative answer by weighted least squares comes from nnls.
    """
    tree = hierarchy({"product": ["x", "y", "z"]})
    base = np.array([10.0, 1.0, 8.0, 9.0])
    free = reconcile(base, tree, method="ols", nonnegative=False)
    assert free.min() < 0
    found = reconcile(base, tree, method="ols")
    assert found.min() == 0
    assert found[0] == pytest.approx(free[0])
    best, residual = nnls(tree.summing.toarray(), base)
    assert best.min() == 0
    assert np.linalg.norm(found - base) < 1.05 * residual


def test_each_draw_of_all_levels_adds_up():
    """Joint draws of every node, ordered by past errors and projected, add up scenario by scenario."""
    rng = np.random.default_rng(5)
    tree, residuals, _ = shop(rng)
    quantiles = np.sort(rng.gamma(4, 5, (len(tree.level), 2, len(LEVELS))), axis=2)
    drawn = draws.paths(quantiles, np.repeat(residuals[:, None], 2, axis=1), 40, rng)
    found = reconcile(drawn, tree, method="mint-shrink", residuals=residuals)
    assert found.shape == drawn.shape
    np.testing.assert_allclose(found, tree.totals(found[tree.upper :]), atol=1e-9)
    one = reconcile(drawn[:, 1, 7], tree, method="mint-shrink", residuals=residuals)
    np.testing.assert_allclose(found[:, 1, 7], one)


def test_absent_and_flat_errors_are_survived():
    """Some past errors unknown, one node never wrong and one never seen: the answer is finite and adds up."""
    rng = np.random.default_rng(6)
    tree, residuals, _ = shop(rng)
    residuals[0, :10] = np.nan
    residuals[1] = 0.0
    residuals[-1] = np.nan
    base = rng.uniform(1, 9, (len(tree.level), 2))
    for method in ("wls-variance", "mint-shrink"):
        found = reconcile(base, tree, method=method, residuals=residuals)
        assert np.isfinite(found).all()
        np.testing.assert_allclose(found, tree.totals(found[tree.upper :]), atol=1e-9)


def test_fifty_thousand_series_are_no_matter():
    """Sparse all the way: the total of 50,000 products in 500 categories is kept by every linear method's own weights."""
    rng = np.random.default_rng(7)
    bottom = 50_000
    tree = hierarchy({"category": rng.integers(0, 500, bottom).astype(str), "product": np.arange(bottom).astype(str)})
    base = tree.totals(rng.uniform(1, 9, (bottom, 1))) + rng.normal(size=(len(tree.level), 1))
    residuals = rng.normal(size=(len(tree.level), 10))
    for method in LINEAR:
        found = reconcile(base, tree, method=method, residuals=residuals)
        np.testing.assert_allclose(found, tree.totals(found[tree.upper :]), rtol=1e-12)


def test_what_is_missing_is_said():
    """Unknown methods and levels, absent forecasts, wrong shapes and missing errors each have their message."""
    tree = hierarchy({"product": ["x", "y"]})
    base = np.array([3.0, 1.0, 1.0])
    with pytest.raises(SettingsError, match="did you mean 'bottom-up'"):
        reconcile(base, tree, method="bottomup")
    with pytest.raises(SettingsError, match="There is no level 'region'"):
        reconcile(base, tree, method="proportions", level="region")
    with pytest.raises(ContractError, match="forecasts of 2 nodes; the hierarchy has 3"):
        reconcile(base[:2], tree)
    with pytest.raises(ContractError, match="absent or infinite"):
        reconcile(np.array([np.nan, 1.0, 1.0]), tree)
    with pytest.raises(ContractError, match="needs residuals"):
        reconcile(base, tree, method="mint-shrink")
    with pytest.raises(ContractError, match="history have shape"):
        reconcile(base, tree, method="top-down", history=np.zeros(2))


@pytest.mark.parametrize("method", LINEAR)
def test_projections_agree_with_a_second_implementation(method):
    """Each linear method equals that of hierarchicalforecast; errors have mean 0, for theirs are taken around the mean."""
    methods = pytest.importorskip("hierarchicalforecast.methods")
    rng = np.random.default_rng(8)
    tree, residuals, _ = shop(rng)
    residuals -= residuals.mean(axis=1, keepdims=True) - 1e-4  # theirs refuses errors that sum to 0
    base = rng.uniform(0, 30, (len(tree.level), 3))
    made = rng.uniform(0, 30, residuals.shape)
    theirs = methods.MinTrace(method={"wls-variance": "wls_var"}.get(method, method.replace("-", "_")))
    found = theirs.fit_predict(S=tree.summing.toarray(), y_hat=base, y_insample=made + residuals, y_hat_insample=made)
    own = reconcile(base, tree, method=method, residuals=residuals, nonnegative=False)
    np.testing.assert_allclose(own, found["mean"], atol=1e-3)
