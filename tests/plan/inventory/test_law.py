import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from lotwise.errors import InputError
from lotwise.plan.inventory import law


@pytest.mark.parametrize("name", ["normal", "poisson", "negative_binomial"])
def test_a_law_has_the_moments_it_was_given(name):
    """Mean and standard deviation are what was asked for, to the width of a step."""
    found = law.of(name, 40.0, np.sqrt(40.0) if name == "poisson" else 9.0)
    assert found.mean == pytest.approx(40.0, rel=1e-4)
    assert found.sd == pytest.approx(np.sqrt(40.0) if name == "poisson" else 9.0, rel=1e-3)


def test_negative_binomial_is_that_of_scipy():
    """Chances are those of scipy's negative binomial with the same moments: shape 4, chance 4 / (4 + 6)."""
    found = law.of("negative_binomial", 6.0, np.sqrt(15.0))
    assert found.chances[:10] == pytest.approx(stats.nbinom.pmf(np.arange(10), 4, 0.4), abs=1e-10)


@given(st.lists(st.integers(0, 9), min_size=2, max_size=30), st.integers(1, 5))
def test_demand_of_several_periods_is_the_convolution(history, periods):
    """The chances of several periods are those of one, convolved step by step."""
    found = law.fit("empirical", history)
    expected = np.ones(1)
    for _ in range(periods):
        expected = np.convolve(expected, found.chances)
    over = found.over(periods)
    assert over == pytest.approx(expected[: len(over)], abs=1e-10)


def test_auto_tells_counts_from_bells():
    """Large steady demand is normal, small or lively demand a negative binomial, steadier demand Poisson."""
    assert [law.of("auto", *moments).name for moments in ((100, 20), (100, 60), (3, 4), (3, 1))] == [
        "normal",
        "negative_binomial",
        "negative_binomial",
        "poisson",
    ]


def test_draws_follow_the_law():
    """A long sample has the law's mean and share of zeros, within four standard errors."""
    found = law.of("negative_binomial", 0.5, 1.2)
    drawn = found.draw((100_000,), np.random.default_rng(0))
    assert drawn.mean() == pytest.approx(0.5, abs=4 * 1.2 / np.sqrt(100_000))
    assert (drawn == 0).mean() == pytest.approx(found.chances[0], abs=0.007)


def test_a_million_units_stay_a_few_thousand_steps():
    """A law of large demand is cut into steps, not units."""
    assert len(law.of("normal", 1e9, 1e8).chances) < law.LONG


@pytest.mark.parametrize(("name", "values"), [("norml", [1.0]), ("normal", []), ("normal", [-1.0]), ("empirical", [np.inf])])
def test_bad_input_is_refused(name, values):
    """Names and histories that cannot be are refused."""
    with pytest.raises(InputError, match="found"):
        law.fit(name, values)
