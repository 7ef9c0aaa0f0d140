"""Changes of level, against series whose changes are known and against pure noise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from lotwise.mine.trends.levels import SHORTEST, _partition, carried, longer, steps, tries


def noise(rng, weeks, kept):
    values = rng.standard_normal(weeks + 30)
    for week in range(1, len(values)):
        values[week] += kept * values[week - 1]
    return values[30:]


def test_one_change_is_found_where_it_is():
    """A level of 10 that becomes 20 in week 12 is one step of 10 at week 12."""
    rng = np.random.default_rng(1)
    series = np.where(np.arange(30) < 12, 10.0, 20.0) + rng.normal(0, 0.5, 30)
    (found,) = steps(series)
    assert (found.week, found.begin, found.end) == (12, 0, 30)
    assert found.change == pytest.approx(10, abs=0.5)
    assert found.p_value < 1e-6


def test_up_and_down_again_are_two():
    """A level that rises for ten weeks and falls back is told as two steps."""
    rng = np.random.default_rng(2)
    series = np.zeros(40) + rng.normal(0, 1, 40)
    series[15:25] += 6
    assert [step.week for step in steps(series)] == [15, 25]


def test_absent_weeks_move_nothing():
    """Weeks that are not known are left out, and the week of the change is that of the calendar."""
    rng = np.random.default_rng(3)
    series = np.where(np.arange(30) < 15, 0.0, 8.0) + rng.normal(0, 0.5, 30)
    series[[3, 7, 20]] = np.nan
    assert [step.week for step in steps(series)] == [15]


@pytest.mark.parametrize("series", [np.zeros(30), np.full(30, np.nan), np.arange(4.0), np.zeros(0)])
def test_nothing_is_told_of_nothing(series):
    """A constant, absent or too short series has no change."""
    assert steps(series) == []


@pytest.mark.parametrize(("kept", "most"), [(0.0, 0.05), (0.3, 0.08)])
def test_noise_is_seldom_told_as_a_change(kept, most):
    """Of 300 series of noise at a p-value of .05, 5 % at most are told; 8 % where three tenths carry over."""
    rng = np.random.default_rng(4)
    assert np.mean([bool(steps(noise(rng, 52, kept))) for _ in range(300)]) <= most


def test_a_change_of_two_spreads_is_mostly_found():
    """Of 100 series of 52 weeks with a step of two standard deviations, 75 at least are told, within two weeks."""
    rng = np.random.default_rng(5)
    hits = 0
    for _ in range(100):
        week = int(rng.integers(8, 44))
        series = noise(rng, 52, 0.0)
        series[week:] += 2
        hits += any(abs(step.week - week) <= 2 for step in steps(series))
    assert hits >= 75


def test_the_search_is_paid_for():
    """``tries`` makes the best split of noise of which .3 carries over as rare as its p-value says, or rarer."""
    rng = np.random.default_rng(6)
    for weeks in (13, 26, 52):
        small = 0
        for _ in range(400):
            values = noise(rng, weeks, 0.3)
            small += best_split(values) * tries(weeks) <= 0.05
        assert small / 400 <= 0.07, weeks


def best_split(values):
    """The p-value of the split that parts the values best, by trying each."""
    found = []
    for week in range(SHORTEST, len(values) - SHORTEST + 1):
        first, second = values[:week], values[week:]
        residual = np.concatenate([first - first.mean(), second - second.mean()])
        width = max(longer(residual), carried(values))
        spread = np.sqrt(residual @ residual / (len(values) - 2) * width * (1 / len(first) + 1 / len(second)))
        found.append((residual @ residual, 2 * stats.t.sf(abs(second.mean() - first.mean()) / spread, len(values) - 2)))
    return min(found)[1]


@given(st.lists(st.floats(-5, 5), min_size=10, max_size=16))
def test_partitions_are_the_best_there_are(values):
    """The levels found cost no more than any other division of the weeks, each tried."""
    values = np.round(np.array(values), 3)
    if np.ptp(values) == 0:
        return
    spread = np.median(np.abs(np.diff(values))) / (np.sqrt(2) * stats.norm.ppf(0.75))
    cost = 3 * np.log(len(values)) * max(spread**2 * carried(values), 1e-12 + 1e-6 * values.var())

    def total(edges):
        parts = np.split(values, edges)
        return sum(((part - part.mean()) ** 2).sum() for part in parts) + cost * len(edges)

    tried = [[], *([week] for week in range(SHORTEST, len(values) - SHORTEST + 1))]
    tried += [[a, b] for a in range(SHORTEST, len(values)) for b in range(a + SHORTEST, len(values) - SHORTEST + 1)]
    assert total(_partition(values)) == pytest.approx(min(total(edges) for edges in tried), abs=1e-7)
