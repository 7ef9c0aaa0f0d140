"""Trends of frames and of the pool, with planted changes."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from lotwise.config import MineTrends
from lotwise.errors import ContractError
from lotwise.mine.trends.frames import find_trends
from lotwise.mine.trends.levels import Step
from lotwise.mine.trends.publish import find
from lotwise.mine.trends.series import Series, logged, steadied
from lotwise.mine.trends.slopes import Slope
from tests.mine import world

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
    assert find_trends(weekly({"a": [5] * 30}), settings=MineTrends(weeks=6)).num_rows == 0


def test_shares_are_made_steady():
    """The arcsine of the root of a share has a spread of 1 / (2 root n), whatever the share."""
    rng = np.random.default_rng(9)
    for share in (0.1, 0.5, 0.8):
        spread = steadied(rng.binomial(400, share, (1, 4000)).astype(float), np.full(4000, 400.0)).std()
        assert spread == pytest.approx(1 / 40, rel=0.05)


def test_levels_and_percent_agree_against_the_others():
    """Where all double and one keeps its units, it falls by half: the level before is what would be sold now without that."""
    rng = np.random.default_rng(8)
    risen = {f"s{number}": rng.poisson(np.where(np.arange(40) < 20, 60, 120)) for number in range(8)}
    kept = rng.poisson(60, 40)
    (row,) = find_trends(weekly(risen | {"kept": kept}), beside_all=True).to_pylist()
    assert (row["series"], row["change"]) == ("kept", "step down")
    assert row["relative"] == pytest.approx(-0.5, abs=0.05)
    assert row["after"] / row["before"] - 1 == pytest.approx(row["relative"])
    assert row["after"] == pytest.approx(kept[20:].mean())


def test_small_numbers_keep_their_percent():
    """A rate that goes from .01 to .02 has risen by 100 %, as 10 to 20 would have."""
    rng = np.random.default_rng(3)
    rates = np.where(np.arange(40) < 20, 0.01, 0.02) * rng.uniform(0.95, 1.05, 40)
    (row,) = find_trends(weekly({"rate": rates})).to_pylist()
    assert row["relative"] == pytest.approx(1, abs=0.05)
    assert logged(np.array([[0.0, 0.5]]))[0] == pytest.approx(np.log([0.25, 0.75]))  # half the least value above 0


def test_of_a_slope_and_steps_in_the_same_weeks_the_surer_stays(monkeypatch):
    """A slope and two steps in the last weeks, one at their first: never both, and never two rows of one key."""
    from lotwise.mine.trends import publish

    for p_slope, kept in ((1e-9, {"rising"}), (1e-3, {"step up"})):
        steps = [Step(17, 5, 23, 1.0, 0.1, 1e-6), Step(23, 17, 30, 1.0, 0.1, 1e-5)]
        monkeypatch.setattr(publish, "steps", lambda *_, found=steps, **__: found)
        monkeypatch.setattr(publish, "slope", lambda _, p=p_slope: Slope(1.0, 0.5, 1.5, p, 13))
        levels = np.exp(np.arange(30.0)[None] / 10)
        rows = find(Series("product", ("a",), 4, levels, np.log(levels), is_log=True, unit="", source=""), MineTrends(weeks=13))
        assert {row["change"] for row in rows} == kept
        assert len({row["start"] for row in rows}) == len(rows)


def test_money_needs_revenue():
    """A step of units tells its money at the price of the lines whose revenue is known, and none where none is."""
    given = world.tables(weeks=24, customers=40)
    lines = given["orders"].filter(pc.equal(given["orders"]["kind"], "sale"))
    half = lines["time"].cast(pa.date32()).to_numpy() < np.datetime64(world.START + timedelta(weeks=12))
    units = np.where(half, 1.0, 10.0)
    price = np.where(np.arange(len(units)) % 2, np.nan, 4.0)
    orders = lines.set_column(7, lines.schema.field("units"), pa.array(units))
    for revenue in (price * units, price * np.nan):
        known = orders.set_column(9, lines.schema.field("revenue"), pa.array(revenue, mask=np.isnan(revenue)))
        found = world.mine({"orders": known}, mine={"parts": ["trends"]})["trends"].to_pylist()
        row = next(row for row in found if row["kind"] == "all")
        expected = None if np.isnan(revenue).all() else pytest.approx(4 * (row["after"] - row["before"]))
        assert row["money"] == expected


def test_too_little_is_said_as_it_is():
    """Few weeks are told apart from weeks enough in which hardly anything was sold."""
    given = world.tables(weeks=24, customers=40)
    orders = given["orders"]
    few = world.mine(
        {"orders": orders.filter(pa.array(orders["time"].to_numpy() < np.datetime64("2025-02-10")))}, mine={"parts": ["trends"]}
    )
    thin = world.mine(
        {"orders": orders.take(list(range(0, orders.num_rows, orders.num_rows // 12)))}, mine={"parts": ["trends"]}
    )
    notes = [next(row["note"] for row in found["mining"].to_pylist() if row["part"] == "trends") for found in (few, thin)]
    assert "4 whole weeks of orders" in notes[0]  # nothing was ordered on the last Sunday
    assert "no series has 3 a week" in notes[1]
