"""Trends of frames and of the pool, with planted changes."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from lotwise.config import MineTrends
from lotwise.errors import ContractError
from lotwise.mine.trends.frames import find_trends
from lotwise.mine.trends.series import steadied

MONDAY = date(2026, 1, 5)


def weekly(units):
    """A frame of weekly units by series."""
    names = [name for name in units for _ in units[name]]
    days = [MONDAY + timedelta(weeks=week) for name in units for week in range(len(units[name]))]
    return pa.table({"unique_id": names, "ds": days, "y": [float(value) for name in units for value in units[name]]})


@pytest.fixture
def planted():
    """Thirty quiet series, one that doubles in week 20 of 40 and one that rises over the last weeks."""
    rng = np.random.default_rng(7)
    units = {f"quiet {number:02d}": rng.poisson(50, 40) for number in range(30)}
    units["doubled"] = rng.poisson(np.where(np.arange(40) < 20, 40, 80))
    units["rising"] = rng.poisson(50 * np.exp(0.08 * np.maximum(np.arange(40) - 27, 0)))
    return weekly(units)


def test_planted_changes_are_found_and_hardly_any_other(planted):
    """The doubled series is a step up of about 100 % from its week on; at most one quiet series is told."""
    rows = {(row["series"], row["change"]): row for row in find_trends(planted).to_pylist()}
    doubled = rows["doubled", "step up"]
    assert doubled["start"] == MONDAY + timedelta(weeks=20)
    assert doubled["low"] < 1 < doubled["high"]
    assert any(series == "rising" and change in {"rising", "step up"} for series, change in rows)
    assert sum(series.startswith("quiet") for series, _ in rows) <= 1


def test_what_all_do_is_no_change_of_one():
    """Where all series double at once, each has changed, but none against the others."""
    rng = np.random.default_rng(8)
    units = weekly({f"s{number}": rng.poisson(np.where(np.arange(40) < 20, 60, 120)) for number in range(8)})
    assert find_trends(units).num_rows == 8
    assert find_trends(units, beside_all=True).num_rows == 0


def test_the_order_of_rows_changes_nothing(planted):
    """Shuffled rows give the same trends."""
    shuffled = planted.take(np.random.default_rng(1).permutation(planted.num_rows))
    assert find_trends(shuffled).equals(find_trends(planted))


def test_later_weeks_change_nothing_before(planted):
    """A step that is found in the first 30 weeks is found at the same week whatever comes after it looks like."""
    early = planted.filter(pa.array([day < MONDAY + timedelta(weeks=30) for day in planted["ds"].to_pylist()]))
    found = [row for row in find_trends(early).to_pylist() if row["series"] == "doubled"]
    assert [row["start"] for row in found] == [MONDAY + timedelta(weeks=20)]


def test_all_faults_of_a_frame_are_listed():
    """A missing column, nan and negative values are named together."""
    with pytest.raises(ContractError) as error:
        find_trends({"series": ["a", "b"], "ds": [MONDAY, MONDAY], "y": [float("nan"), -1.0]})
    assert "column 'unique_id' is missing" in str(error.value)
    assert "not a number (nan) in row 0" in str(error.value)
    assert "below 0 in row 1 (-1)" in str(error.value)


def test_little_data_tell_nothing():
    """No row, one week and a constant have no trends."""
    empty = pa.table({"unique_id": pa.array([], pa.string()), "ds": pa.array([], pa.date32()), "y": pa.array([], pa.float64())})
    assert find_trends(empty).num_rows == 0
    assert find_trends(weekly({"a": [5]})).num_rows == 0
    assert find_trends(weekly({"a": [5] * 30}), settings=MineTrends(weeks=4)).num_rows == 0


def test_shares_are_made_steady():
    """The arcsine of the root of a share has a spread of 1 / (2 root n), whatever the share."""
    rng = np.random.default_rng(9)
    for share in (0.1, 0.5, 0.8):
        spread = steadied(rng.binomial(400, share, (1, 4000)).astype(float), np.full(4000, 400.0)).std()
        assert spread == pytest.approx(1 / 40, rel=0.05)
