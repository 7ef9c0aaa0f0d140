from __future__ import annotations

import numpy as np
import pytest

from lotwise.mine.choice.draws import MOST, Taste, halton


def test_points_fill_the_cube_evenly():
    """Means and variances of 2,000 points are 1/2 and 1/12, closer than random points would have them."""
    points = halton(2000, 4, np.random.default_rng(0))
    assert points.mean(axis=0) == pytest.approx(np.full(4, 0.5), abs=2e-3)
    assert points.var(axis=0) == pytest.approx(np.full(4, 1 / 12), abs=1e-3)
    assert np.abs(np.corrcoef(points.T) - np.eye(4)).max() < 0.02


def test_points_begin_as_halton_has_them():
    """After 50 points the first of base 2 is the mirrored 50 = 110010: 0.010011 = 19/64, shifted."""
    shift = np.random.default_rng(0).random(1)
    assert halton(1, 1, np.random.default_rng(0))[0] == pytest.approx((19 / 64 + shift) % 1)


def test_many_dimensions_are_served():
    """As many as are let in stay within the open unit cube."""
    points = halton(300, MOST, np.random.default_rng(1))
    assert points.shape == (300, MOST)
    assert 0 < points.min() < points.max() < 1


@pytest.mark.parametrize("taste", [Taste("normal"), Taste("triangular"), Taste("lognormal", 1.0), Taste("lognormal", -1.0)])
def test_moments_are_those_of_the_draws(taste, slope):
    """Mean, deviation and the mean's slopes agree with 20,000 draws and with differences."""
    worths = taste.worths(0.3, 0.6, taste.standard(halton(20_000, 1, np.random.default_rng(2))[:, 0]))
    mean, deviation, slopes = taste.moments(0.3, 0.6)
    assert mean == pytest.approx(worths.mean(), rel=5e-3)
    assert deviation == pytest.approx(worths.std(), rel=1e-2)
    assert slopes == pytest.approx(slope(lambda at: taste.moments(*at)[0], np.array([0.3, 0.6])), abs=1e-6)


def test_lognormal_worths_are_of_one_sign():
    """Nobody likes to pay where the price is lognormal and below 0."""
    taste = Taste("lognormal", -1.0)
    assert (taste.worths(0.0, 3.0, np.linspace(-5, 5, 11)) < 0).all()
    assert taste.labels("price") == ("log mean price", "log sd price")
