import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lotwise.forecast import conformal
from lotwise.tables.forecasted import LEVELS


@pytest.mark.parametrize("law", ["poisson", "negative binomial"])
def test_quantiles_cover_a_known_law(law):
    """Calibrated on true means of one half, the quantiles of the other half cover as they say, within 3 points."""
    rng = np.random.default_rng(3)
    mean = rng.uniform(1, 60, 12_000)
    units = rng.poisson(mean if law == "poisson" else rng.gamma(5.0, mean / 5.0)).astype(float)
    dispersion = rng.uniform(0.5, 2, 12_000)
    half = slice(0, 6000)
    rest = slice(6000, None)
    found = conformal.calibrate(units[half], mean[half], dispersion[half]).quantiles(mean[rest], dispersion[rest])
    for low, high, share in ((0.25, 0.75, 0.5), (0.05, 0.95, 0.9)):
        ends = found[:, LEVELS.index(low)], found[:, LEVELS.index(high)]
        inside = ((units[rest] > ends[0]) & (units[rest] < ends[1])).mean()
        touching = ((units[rest] >= ends[0]) & (units[rest] <= ends[1])).mean()
        assert inside - 0.03 <= share <= touching + 0.03


@given(st.integers(1, 200), st.integers(0, 10_000))
def test_quantiles_rise_and_are_never_negative(count, seed):
    """Whatever the number of errors, quantiles are monotone and at least 0."""
    rng = np.random.default_rng(seed)
    mean, units, dispersion = rng.uniform(0.02, 30, count), rng.poisson(3, count).astype(float), rng.uniform(0.2, 5, count)
    found = conformal.calibrate(units, mean, dispersion).quantiles(rng.uniform(0.02, 90, 50), rng.uniform(0.2, 9, 50))
    assert (np.diff(found, axis=1) >= 0).all()
    assert found.min() >= 0


def test_wide_errors_of_dispersed_series_stay_theirs():
    """Series that spread more get wider quantiles than series of the same size that do not."""
    rng = np.random.default_rng(5)
    mean = np.full(4000, 20.0) + rng.uniform(0, 1, 4000)
    dispersion = np.repeat([0.5, 3.0], 2000)
    units = np.maximum(mean + rng.normal(size=4000) * np.where(dispersion > 1, 9, 2), 0)
    found = conformal.calibrate(units, mean, dispersion).quantiles(np.array([20.5, 20.5]), np.array([0.5, 3.0]))
    width = found[:, LEVELS.index(0.95)] - found[:, LEVELS.index(0.05)]
    assert width[1] > 3 * width[0]
