import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lotwise.forecast.methods import seasons

CYCLE = np.array([0.6, 0.9, 1.1, 1.4])


def planted(years, noise, seed=0):
    """Return 40 series of quarters around 100 with the same planted season and multiplicative noise."""
    rng = np.random.default_rng(seed)
    return 100 * np.tile(CYCLE, years) * np.exp(noise * rng.standard_normal((40, 4 * years)))


def ends(values):
    return np.full(len(values), values.shape[1])


def test_a_planted_season_is_found_and_noise_is_not():
    """All planted seasons pass the test; of noise alone about one in ten does, certainly not one in three."""
    values = planted(8, 0.1)
    assert seasons.are_seasonal(values, 4, ends(values)).all()
    noise = np.random.default_rng(1).standard_normal((200, 48)) + 50
    assert seasons.are_seasonal(noise, 12, ends(noise)).mean() < 1 / 3


def test_without_noise_the_factors_are_the_season():
    """With nothing to doubt, factors are the planted ones with geometric mean 1."""
    values = planted(6, 0.0)
    expected = CYCLE / np.exp(np.log(CYCLE).mean())
    np.testing.assert_allclose(seasons.factors(values, 4, ends(values)), np.tile(expected, (40, 1)), rtol=1e-9)


@given(st.integers(1, 60), st.sampled_from([1, 4, 12]))
def test_the_mean_of_the_logarithms_is_zero(length, season):
    """Factors neither raise nor lower a series, whatever its length."""
    values = np.random.default_rng(length).gamma(2.0, 50.0, (3, length)) + 1
    found = seasons.factors(values, season, ends(values))
    assert found.shape == (3, season)
    np.testing.assert_allclose(np.log(found).mean(axis=1), 0, atol=1e-12)


def test_noise_is_shrunk_away_and_seasons_are_kept():
    """Factors of noise alone stand nearer to 1 than unshrunken ones; strong seasons hardly change."""
    noise = np.exp(0.2 * np.random.default_rng(2).standard_normal((100, 24)))
    plain, shrunk = (np.abs(np.log(seasons.factors(noise, 4, ends(noise), doubt=doubt))).mean() for doubt in (0.0, 2.0))
    assert shrunk < 0.3 * plain
    strong = planted(8, 0.02)
    plain, shrunk = (seasons.factors(strong, 4, ends(strong), doubt=doubt) for doubt in (0.0, 2.0))
    np.testing.assert_allclose(shrunk, plain, rtol=0.01)


def test_nothing_after_the_end_is_read():
    """Factors and test of the first weeks are the same whatever follows them."""
    values = planted(8, 0.1)
    later = values.copy()
    later[:, 20:] = 7.0
    early = np.full(len(values), 20)
    assert (seasons.factors(values, 4, early) == seasons.factors(later, 4, early)).all()
    assert (seasons.are_seasonal(values, 4, early) == seasons.are_seasonal(later, 4, early)).all()


def test_gaps_are_closed_from_the_past():
    """Missing 14 moves from 13 as 4 followed 3 a season ago: 13 + (4 - 3); without a past a gap repeats its neighbor."""
    units = np.array([[1.0, 2, 3, 4, 11, 12, 13, np.nan], [np.nan, 5, np.nan, 6, 7, 8, 9, 9]])
    found = seasons.filled(units, 4)
    assert found[0, 7] == pytest.approx(14)
    assert np.isnan(found[1, 0])
    assert found[1, 2] == 5
