from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

from lotwise.mine.propensity.logistic import fit


def data(rows=400, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 3))
    return x, (rng.random(rows) < 1 / (1 + np.exp(-(x @ [1.0, -2.0, 0.0] + 0.5)))).astype(float)


def test_weights_are_those_of_a_general_search():
    """Newton's weights equal what scipy finds on the same penalized loss."""
    x, y = data()

    def loss(weights):
        odds = x @ weights[:3] + weights[3]
        return (np.logaddexp(0, odds) - y * odds).sum() + 5.0 * (weights[:3] ** 2).sum() / 2

    best = minimize(loss, np.zeros(4), tol=1e-10).x
    line = fit(x, y, ridge=5.0)
    assert line.converged
    assert np.allclose(line.weights, best, atol=1e-4)


def test_perfect_separation_ends_with_finite_weights():
    """Where a line parts the two wholly the ridge holds the weights, and the search ends."""
    x = np.linspace(-1, 1, 50)[:, None]
    line = fit(x, (x[:, 0] > 0).astype(float), ridge=1e-3)
    assert line.converged
    assert np.isfinite(line.weights).all()
    assert line.chance(np.array([[-1.0]])) < 0.01
    assert line.chance(np.array([[1.0]])) > 0.99


def test_constant_and_repeated_features_do_no_harm():
    """A column of zeros gets weight 0, two equal columns share one weight."""
    x, y = data()
    line = fit(np.column_stack([x[:, 0], x[:, 0], np.zeros(len(x))]), y, ridge=1.0)
    assert line.converged
    assert np.isclose(line.weights[0], line.weights[1])
    assert line.weights[2] == 0


def test_the_mean_chance_is_the_share():
    """The constant is free, so chances add up to what happened."""
    x, y = data()
    assert np.isclose(fit(x, y, ridge=10.0).chance(x).mean(), y.mean(), atol=1e-4)
