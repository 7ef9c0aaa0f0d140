"""Bits and CRPS that one state of information gains over another."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from lotwise.forecast.scores import crps
from lotwise.gap.bits import WIDE, crps_of, distribution, gains, log_score, scores
from lotwise.gap.value import Value
from lotwise.tables.forecasted import FORECAST, LEVELS, QUANTILES
from lotwise.tables.pooled import DEMAND

FIRST = np.datetime64("2026-01-05")
LEVEL = np.asarray(LEVELS)
LOST = -np.log2(1 - WIDE)


def keys(products, regions, weeks):
    """Return the columns product, region and week of every cell, products slowest."""
    product, region, week = (axis.ravel() for axis in np.meshgrid(*map(np.arange, (products, regions, weeks)), indexing="ij"))
    return {
        "product": pa.array([f"p{place}" for place in product]),
        "region": pa.array([f"r{place}" for place in region]),
        "week": pa.array(FIRST + 7 * week, pa.date32()),
    }


def asked(units):
    """Return ``demand`` from units by product, region and week."""
    units = np.asarray(units, dtype=float)
    none = pa.array([0] * units.size)
    blank = dict.fromkeys(("revenue", "orders", "customers"), none) | {"censored": none.cast(pa.bool_())}
    return DEMAND.check(pa.table(blank | keys(*units.shape) | {"units": units.ravel()}))


def expected(states):
    """Return ``forecast`` from quantiles by product, region, week and level, each week forecast on its Monday."""
    parts = []
    for state, quantiles in states.items():
        shape, flat = quantiles.shape[:3], quantiles.reshape(-1, len(LEVELS))
        own = keys(*shape) | dict(zip(QUANTILES, flat.T, strict=True))
        parts.append(
            own
            | {"information": [state] * len(flat), "cutoff": own["week"], "horizon": [1] * len(flat), "mean": flat.mean(axis=1)}
        )
    return pa.concat_tables([FORECAST.check(pa.table(part)) for part in parts])


def normal(mean, deviation):
    """Return the quantiles of normal laws, never below 0."""
    return np.maximum(np.asarray(mean)[..., None] + deviation * norm.ppf(LEVEL), 0.0)


def grid(products, weeks):
    """Return a Value with these products and weeks and no profit."""
    mondays = FIRST + 7 * np.arange(weeks)
    return Value(tuple(f"p{place}" for place in range(products)), mondays, mondays, {})


def test_knowing_part_of_a_normal_law_gains_what_the_closed_form_says(rng):
    """Demand is N(m, 40) and m is N(1000, 30): knowing m gains log2(50 / 40) = .322 bits and (50 - 40) / sqrt(pi) = 5.64 units.

    The CRPS of a normal law with deviation s is s / sqrt(pi) in expectation (Gneiting and Raftery 2007).
    """
    mean = rng.normal(1000, 30, size=(400, 1, 50))
    units = np.rint(rng.normal(mean, 40))
    forecast = expected({"none": normal(np.full_like(mean, 1000.0), 50), "now": normal(mean, 40)})
    bits, nearer = gains(forecast, asked(units), "now", "none")
    assert bits == pytest.approx(np.log2(50 / 40), abs=0.012)  # of which .008 is a standard error of the sample
    assert nearer == pytest.approx(10 / np.sqrt(np.pi), rel=0.04)


def test_an_error_costs_what_the_closed_form_says(rng):
    """A bias of b costs (b / s)^2 / (2 ln 2) bits: .18 for half a deviation, .72 for one."""
    units = np.rint(rng.normal(1000, 40, size=(400, 1, 50)))
    true, *wrong = (normal(np.full(units.shape, 1000.0 + bias), 40) for bias in (0, 20, 40))
    forecast = expected({"now": true, "half": wrong[0], "one": wrong[1]})
    half, one = (gains(forecast, asked(units), "now", state)[0] for state in ("half", "one"))
    assert half == pytest.approx(0.25 / (2 * np.log(2)), abs=0.02)
    assert one == pytest.approx(1 / (2 * np.log(2)), abs=0.05)


@st.composite
def rows(draw):
    """Return quantiles in order, some of them equal, some whole, some all 0."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    spread = draw(st.sampled_from([0, 1e-300, 1, 4, 40]))
    found = rng.uniform(0, spread, 23) if draw(st.booleans()) else rng.integers(0, int(spread) + 1, 23).astype(float)
    return np.sort(found)


def law(quantiles, *, size=4000, scale=3.0):
    """Return the probability that is scored for 0, 1, 2, ... units, and the forecast's own."""
    units = np.arange(size, dtype=float)
    repeated = np.repeat(quantiles[None], size, axis=0)
    score = log_score(units, repeated, step=np.ones(size), scale=np.full(size, scale))
    low = scale / (np.maximum(units - 0.5, 0) + scale) - scale / (units + 0.5 + scale)
    return score, np.maximum((np.exp2(score) - WIDE * low) / (1 - WIDE), 0.0)


@settings(deadline=None, max_examples=60)
@given(rows(), rows())
def test_the_true_law_has_the_best_expected_score(truth, other):
    """Whatever else is reported, the law scored expects most of itself, and a forecast's own law loses .0145 bits at most."""
    (mine, own), (theirs, _) = law(truth), law(other)
    mixed = np.exp2(mine)
    assert mixed.sum() == pytest.approx(1 - WIDE * 3 / 4003, abs=1e-5)
    assert mixed @ (mine - theirs) >= -1e-6
    assert own @ (mine - theirs) >= -LOST - 1e-6


@settings(deadline=None, max_examples=60)
@given(rows(), st.lists(st.floats(-5, 60), min_size=2, max_size=20).map(sorted))
def test_the_distribution_rises_from_0_to_1_through_its_quantiles(quantiles, points):
    """More units are never less probable, and each quantile has at least its level below it."""
    at = np.array([-1e6, *points, 1e6])
    found = distribution(at, np.repeat(quantiles[None], len(at), axis=0))
    assert (np.diff(found) >= -1e-12).all()
    assert found[0] == pytest.approx(0, abs=1e-9)
    assert found[-1] == pytest.approx(1)
    there = distribution(quantiles, np.repeat(quantiles[None], 23, axis=0))
    assert (there >= LEVEL - 1e-12).all()


@settings(deadline=None, max_examples=60)
@given(rows(), st.floats(0, 1e9), st.sampled_from([1.0, 0.01, 100.0]), st.sampled_from([0.01, 1.0, 1e6]))
def test_scores_are_finite_whatever_comes(quantiles, units, step, scale):
    """Point masses, demand a billion units away and steps of any width leave a number of at most 0."""
    score = log_score(np.array([units]), quantiles[None], step=np.array([step]), scale=np.array([scale]))
    assert np.isfinite(score).all()
    assert score[0] <= 1e-12


def test_the_crps_is_that_of_the_scores_of_the_forecast(rng):
    """The same figures as the table ``scores`` is made of."""
    quantiles, units = np.sort(rng.gamma(2, 5, size=(500, 23)), axis=1), rng.poisson(10, 500).astype(float)
    assert crps_of(units, quantiles) == pytest.approx(crps(units, quantiles), rel=1e-12)


def test_scores_stand_on_the_grid_of_the_settled_plans(rng):
    """Regions add up; cells of the gain are its mean times their number; other products and weeks are passed over."""
    units = rng.poisson(20, size=(4, 2, 6))
    states = {"none": normal(np.full(units.shape, 20.0), 6), "now": normal(units + 1.0, 3)}
    forecast, demand = expected(states), asked(units)
    whole = scores(forecast, demand, grid(3, 4))
    gain = whole.gain("now", "none")
    assert whole.bits["now"].shape == gain.bit_cells.shape == (3, 4)
    assert gain.cells == 12
    assert gain.bits == pytest.approx(gain.bit_cells.sum() / 12)
    assert gain.crps == pytest.approx(gain.crps_cells.sum() / 12)
    cell = normal(units[1, :, 2] + 1.0, 3)
    one = log_score(units[1, :, 2].astype(float), cell, step=np.ones(2), scale=1 + states["none"][1, :, 2].mean(axis=-1))
    assert whole.bits["now"][1, 2] == pytest.approx(one.sum())
    shuffled = (table.take(pa.array(rng.permutation(table.num_rows))) for table in (forecast, demand))
    again = scores(*shuffled, grid(3, 4))
    assert all((again.bits[state] == whole.bits[state]).all() for state in states)


def test_only_cells_that_both_states_forecast_are_compared(rng):
    """A product-week without demand, or with a region that one state lacks, has no gain and is not counted."""
    units = rng.poisson(20, size=(3, 2, 4))
    states = {"none": normal(np.full(units.shape, 20.0), 6), "now": normal(units + 1.0, 3)}
    forecast, demand = expected(states), asked(units)
    forecast = forecast.slice(1)  # 'none' lacks p0, r0, week 0
    demand = demand.slice(0, demand.num_rows - 4)  # p2, r1 is not known: r0 alone is compared
    found = scores(forecast, demand, grid(3, 4))
    gain = found.gain("now", "none")
    assert (gain.cells, gain.bit_cells[0, 0], gain.crps_cells[0, 0]) == (11, 0.0, 0.0)
    assert np.isnan(found.bits["none"]).sum() == 1
    assert found.gain("now", "now").bits == 0
    with pytest.raises(KeyError):
        found.gain("now", "never")


def test_nothing_in_common_gains_nothing(rng):
    """No known demand: no cell, and 0 rather than a division by none."""
    forecast = expected({"none": normal(np.full((1, 1, 2), 20.0), 6), "now": normal(np.full((1, 1, 2), 21.0), 6)})
    assert gains(forecast, asked(rng.poisson(5, (1, 1, 2))).slice(0, 0), "now", "none") == (0.0, 0.0)


def test_the_unit_of_measure_does_not_matter(rng):
    """Bits of demand in kilograms are those of the same in grams; the CRPS is a thousand times as much."""
    kilograms = rng.gamma(4, 3.7, size=(20, 1, 8))
    states = {"none": normal(np.full(kilograms.shape, 15.0), 7), "now": normal(kilograms + 1, 4)}
    bits, nearer = gains(expected(states), asked(kilograms), "now", "none")
    grams = gains(expected({state: 1000 * q for state, q in states.items()}), asked(1000 * kilograms), "now", "none")
    assert grams == (pytest.approx(bits, abs=1e-6), pytest.approx(1000 * nearer))
