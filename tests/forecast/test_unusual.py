from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.forecast import unusual
from lotwise.forecast.panel import dense


@pytest.fixture
def steady():
    """Two series of Poisson demand around 20 over 40 weeks."""
    return np.random.default_rng(2).poisson(20, (2, 40)).astype(float)


@pytest.mark.parametrize("value", [120.0, 0.0])
def test_a_single_spike_or_crash_is_one_off(steady, value):
    """A week of 120, or of 0 where demand is 40, is found alone, and cut to 2.5 deviations from what is usual."""
    units = 2 * steady if value == 0 else steady
    units[0, 20] = value
    found = unusual.find(units, far=4.0)
    assert np.argwhere(found.weeks).tolist() == [[0, 20]]
    tamed = unusual.tamed(units, far=4.0)
    assert abs(tamed[0, 20] - found.usual[0, 20]) == pytest.approx(2.5 * found.spread[0, 20])
    assert (np.delete(tamed.ravel(), 20) == np.delete(units.ravel(), 20)).all()


def test_a_spike_counts_until_four_weeks_have_passed(steady):
    """With three weeks after it a spike stays as it is; with four it is cut."""
    steady[0, 20] = 150.0
    assert unusual.tamed(steady[:, :24])[0, 20] == 150.0
    assert unusual.tamed(steady[:, :25])[0, 20] < 50.0


@pytest.mark.parametrize("factor", [0.1, 3.0, 8.0])
def test_a_shift_of_level_is_not_one_off(factor):
    """Demand that rises or falls for good from week 20 on has no one-off week."""
    units = np.random.default_rng(3).poisson(30 * np.where(np.arange(40) < 20, 1, factor), (200, 40)).astype(float)
    assert unusual.find(units).weeks.mean() < 1e-3


def test_lumpy_demand_is_not_one_off():
    """Demand of one week in five, in lots, is always uneven: fewer than 1 in 200 of its lots are found."""
    rng = np.random.default_rng(4)
    units = np.where(rng.random((300, 52)) < 0.2, rng.poisson(12, (300, 52)), 0).astype(float)
    assert unusual.find(units).weeks.sum() < (units > 0).sum() / 200


def test_an_explained_week_is_not_one_off(steady):
    """A promoted spike stays, and does not count as usual for the weeks beside it."""
    steady[0, 20] = 150.0
    explained = np.zeros(steady.shape, bool)
    explained[0, 20] = True
    np.testing.assert_array_equal(unusual.tamed(steady, explained=explained), steady)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(5, 30))
def test_only_the_next_weeks_matter(seed, week):
    """What is tamed in a week depends on no week more than four later, and gaps survive."""
    rng = np.random.default_rng(seed)
    units = rng.poisson(6, (3, 30)).astype(float)
    units[rng.random(units.shape) < 0.05] *= 20
    units[rng.random(units.shape) < 0.1] = np.nan
    units[0, :9] = np.nan
    whole, part = unusual.tamed(units), unusual.tamed(units[:, :week])
    last = max(week - unusual.LATER, 0)
    np.testing.assert_array_equal(whole[:, :last], part[:, :last])
    assert (np.isnan(whole) == np.isnan(units)).all()


def test_a_one_off_week_is_listed_with_its_event(demand_table):
    """A found week is a row with what was usual and what the calendar names in it."""
    units = np.random.default_rng(5).poisson(20, (2, 30)).astype(float)
    units[1, 15] = 200.0
    panel = dense(demand_table(units))
    calendar = pa.table({"day": [date(2024, 1, 1) + timedelta(weeks=15, days=2)], "region": ["all"], "name": ["trade fair"]})
    rows = unusual.listed(panel, unusual.find(panel.units), calendar).to_pylist()
    assert [(row["product"], row["units"], row["event"]) for row in rows] == [("p001", 200.0, "trade fair")]
    assert unusual.listed(panel, unusual.find(panel.units))["event"].null_count == 1
