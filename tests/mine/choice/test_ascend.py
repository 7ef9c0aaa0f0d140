from __future__ import annotations

import numpy as np
import pytest

from lotwise.mine.choice.ascend import ascend

CENTERS = np.random.default_rng(0).normal([1.0, -2.0], 1.0, (400, 2))


def normal(theta):
    """Return the log-likelihood of the mean of normal points with variance 1."""
    apart = CENTERS - theta
    return float(-(apart**2).sum() / 2), apart


def rosenbrock(theta):
    """Return minus Rosenbrock's function, and its gradient as two rows."""
    first, second = theta
    bent = second - first**2
    return -(100 * bent**2 + (1 - first) ** 2), np.array([[400 * bent * first, -200 * bent], [2 * (1 - first), 0.0]])


FREE = np.full(2, np.inf)


def test_the_mean_of_normal_points_is_found():
    """The maximum is the mean, its covariance 1 / 400."""
    found = ascend(normal, np.zeros(2), -FREE, FREE)
    assert found.converged
    assert found.at == pytest.approx(CENTERS.mean(axis=0), abs=1e-6)
    assert found.covariance == pytest.approx(np.eye(2) / 400, abs=1e-8)


def test_a_bound_holds_and_has_no_error():
    """With the first parameter at most 0.5 it ends there, is not free, and its variance is absent."""
    found = ascend(normal, np.zeros(2), -FREE, np.array([0.5, np.inf]))
    assert found.at == pytest.approx([0.5, CENTERS[:, 1].mean()], abs=1e-6)
    assert found.free.tolist() == [False, True]
    assert np.isnan(found.covariance[0]).all()
    assert found.covariance[1, 1] == pytest.approx(1 / 400)


def test_all_at_bounds_ends():
    """Where every parameter is at its bound there is nothing to do, and it is a maximum."""
    found = ascend(normal, np.zeros(2), -FREE, np.array([0.5, -3.0]))
    assert found.at.tolist() == [0.5, -3.0]
    assert found.converged


def test_a_bent_valley_is_followed():
    """Rosenbrock's valley ends at (1, 1)."""
    found = ascend(rosenbrock, np.array([-1.2, 1.0]), -FREE, FREE)
    assert found.at == pytest.approx([1.0, 1.0], abs=1e-4)


def test_repeats_stand_for_rows():
    """Points counted twice, in one row or in two, have the same covariance."""
    twice = ascend(lambda theta: (2 * normal(theta)[0], 2 * normal(theta)[1]), np.zeros(2), -FREE, FREE, np.full(400, 2.0))
    assert twice.covariance == pytest.approx(np.eye(2) / 800, abs=1e-8)
