import logging

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.config import Forecast
from lotwise.forecast.design import bare
from lotwise.forecast.methods import linear

ONE = np.arange(1.0, 9.0)
COLLINEAR = np.column_stack([np.ones(8), ONE, ONE + 1])
NAMES = ("intercept", "x1", "x2")


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.integers(1, 6), st.integers(10, 40))
def test_gradient_descent_ends_at_the_closed_form(seed, columns, rows):
    """Two roads to least squares agree to 1e-8."""
    rng = np.random.default_rng(seed)
    matrix = np.column_stack([np.ones(rows), rng.normal(size=(rows, columns))])
    target = rng.normal(size=rows)
    singular = np.linalg.svd(matrix, compute_uv=False)
    if singular[-1] < 0.1 * singular[0]:
        return
    found = linear.descended(matrix, target)
    np.testing.assert_allclose(found.coefficients, linear.closed(matrix, target).coefficients, atol=1e-8)
    assert found.rank == columns + 1


@pytest.mark.parametrize("solve", [linear.closed, linear.descended])
def test_collinear_columns_get_the_shortest_solution(solve):
    """With x2 = x1 + 1 and y = x1 + x2 all of (0, 1, 1) + t (1, 1, -1) fit exactly; t = 0 is the shortest."""
    np.testing.assert_allclose(solve(COLLINEAR, ONE + ONE + 1).coefficients, [0, 1, 1], atol=1e-8)


def test_rank_deficiency_is_said():
    """The direction (1, 1, -1) is free, so none of the three coefficients is determined."""
    found = linear.closed(COLLINEAR, ONE + ONE + 1)
    assert found.said(NAMES) == (
        "rank 2 of 3 columns; the coefficients of intercept, x1, x2 are not identified, the shortest solution is used"
    )
    assert linear.closed(COLLINEAR[:, :2], ONE).said(NAMES) == ""


def test_the_gradient_goes_down():
    """The loss after one step from zero is below the loss at zero: a gradient of the wrong sign would raise it."""
    target = 3 + 2 * ONE
    matrix = COLLINEAR[:, :2]
    found = linear.descended(matrix, target, steps=1).coefficients
    assert ((target - matrix @ found) ** 2).sum() < (target**2).sum()


def test_ridge_shrinks_noise_and_keeps_signal():
    """Twenty useless columns and few rows: cross-validation chooses a penalty, and new rows are foretold better with it."""
    rng = np.random.default_rng(1)
    slopes = np.concatenate([[2.0], np.zeros(20)])
    train, test = rng.normal(size=(30, 21)), rng.normal(size=(500, 21))
    target = train @ slopes + rng.normal(size=30)
    found = linear.ridge(train, target)
    plain = linear.closed(train, target)
    assert found.penalty > 0
    errors = [((test @ (one.coefficients - slopes)) ** 2).mean() for one in (found, plain)]
    assert errors[0] < errors[1]


def test_the_penalty_is_that_of_brute_force_cross_validation():
    """With rows of equal leverage, generalized cross-validation is leave-one-out: refitting without each row agrees."""
    matrix = np.kron(np.ones((4, 1)), np.array([[1.0, 1.0], [1.0, -1.0]]))
    target = np.array([3.0, 1.0, 2.5, -0.5, 4.0, 0.5, 2.0, 0.0])
    scale = np.linalg.svd(matrix, compute_uv=False)[0] ** 2

    def left_out(penalty):
        kept = [np.delete(np.arange(8), row) for row in range(8)]
        made = [linear.closed(matrix[rest], target[rest], penalty=penalty).coefficients for rest in kept]
        return sum((target[row] - matrix[row] @ made[row]) ** 2 for row in range(8))

    best = min(linear.PENALTIES * scale, key=left_out)
    assert linear.ridge(matrix, target).penalty == pytest.approx(best)


def test_absent_features_count_as_their_mean():
    """Of 1, absent and 3 the absent one is 0 after scaling, and beyond the range seen nothing is drawn out."""
    matrix = np.array([[1.0], [np.nan], [3.0]], np.float32)
    standard = linear.Standard.of(matrix)
    assert standard(matrix)[1, 0] == 0
    np.testing.assert_allclose(standard(np.array([[9.0]])), standard(matrix[2:]))


@pytest.mark.parametrize("fit", [linear.fit, linear.fit_ridge])
def test_contributions_add_up(fit):
    """Coefficient x (value - mean), the rest and the log of the level sum to the log of the expectation, to 1e-9."""
    rng = np.random.default_rng(5)
    design = bare(rng.poisson(9, (30, 40)).astype(float), 4)
    rows = design.rows(np.arange(8, 34))
    model = fit(design, rows, (), Forecast(), seed=0)
    names, parts = model.contributions(design, rows)
    assert names == [("", "weeks ahead"), ("", "level"), ("", "spread over level")]
    level = np.log(design.level[rows.series, rows.origin])
    np.testing.assert_allclose(parts.sum(axis=1) + level, np.log(model.expect(design, rows)), atol=1e-9)


def test_expectations_sum_to_what_was_sold():
    """The smearing factor makes the fitted expectations add up to the units learned from."""
    rng = np.random.default_rng(8)
    design = bare(rng.poisson(9, (30, 40)).astype(float), 4)
    rows = design.rows(np.arange(8, 34))
    found = linear.fit(design, rows, (), Forecast(), seed=0).expect(design, rows)
    assert found.sum() == pytest.approx(design.units[rows.series, rows.target].sum())


def test_a_constant_feature_is_told_to_the_log(caplog):
    """One week ahead only: that column never changes, its coefficient is free, and the log says so."""
    design = bare(np.random.default_rng(0).poisson(9, (30, 40)).astype(float), 1)
    with caplog.at_level(logging.INFO, "lotwise.forecast"):
        linear.fit(design, design.rows(np.arange(8, 34)), (), Forecast(), seed=0)
    assert "the coefficients of weeks ahead are not identified" in caplog.text
