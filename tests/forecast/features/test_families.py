"""One test for each thing a family says, of hand-made facts."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from lotwise.forecast import windows
from lotwise.forecast.features import factors
from lotwise.forecast.features.history import before
from lotwise.forecast.panel import Facts, dense


def test_the_trend_is_the_slope_over_the_level(tell):
    """Two units more every week: 2 over a level of (0 + 2 + ... + 18 + 0.5) / 10."""
    told = tell([np.arange(0, 20, 2)], {}, "demand")
    assert told["trend"][0, 9, 0] == pytest.approx(2 / 9.05)


def test_slopes_are_those_of_least_squares():
    """The same as numpy's fit of a line through what is known of the last weeks."""
    values = np.random.default_rng(1).normal(size=(3, 30))
    values[:, [3, 11, 12, 20]] = np.nan
    found = windows.slope(values, 8)
    for end in range(10, 30):
        seen = np.arange(end - 7, end + 1)[np.isfinite(values[0, end - 7 : end + 1])]
        np.testing.assert_allclose(found[:, end], np.polyfit(seen, values[:, seen].T, 1)[0])
    assert np.isnan(found[:, :2]).all()


def test_the_year_before_is_told_from_the_second_year_on(tell):
    """A peak in week 10 is what the target week 62 had a year before, a third of it in the weeks around."""
    units = np.ones((1, 64))
    units[0, 10] = 31
    told = tell(units, {}, "demand")
    level = told.facts.panel.units[0, :61].mean() + 0.5 / 61
    np.testing.assert_allclose(told["a year before"][0, 60], [11 / level, 11 / level])  # targets 61 and 62
    assert "a year before" not in tell(units[:, :60], {}, "demand").features


@pytest.mark.parametrize("lead", [0, 50, 60])
def test_a_year_before_never_looks_past_the_lead(lead):
    """Changing the last weeks that are not known yet changes nothing."""
    values = np.random.default_rng(1).normal(size=(1, 130))
    other = values.copy()
    other[:, 100 - lead + 1 :] += 1
    one, two = (before(v, 4, lead=lead, years=3)[:, :101] for v in (values, other))
    np.testing.assert_array_equal(one, two)
    assert np.isfinite(one).any()


def test_a_price_is_set_against_its_category(tell, demand_table):
    """Ours rises from 2 to 4 while the other product of the category stays: ln 2 now, half of it being usual."""
    prices = pa.array([2.0, 4.0, 5.0, 5.0, 7.0, 7.0])
    demand = demand_table([[1, 1]] * 3).drop_columns("unit_price").append_column("unit_price", prices)
    products = pa.table({"product": ["p000", "p001", "p002"], "category": ["a", "a", "b"]})
    told = tell(demand, {"products": products}, "demand.unit_price")
    found = told["price against its category, over usual"][:, 1, 0]
    np.testing.assert_allclose(found, [np.log(2) / 2, -np.log(2) / 2, np.nan])


def test_buyers_are_told_by_income_children_and_the_largest(tell, orders_table):
    """Anna (rich, a child) buys 3, Ben (poor) 1 and an unknown 1: a third of the buyers each, three fifths of the units."""
    orders = orders_table([("anna", "p000", 0, 3), ("ben", "p000", 1, 1), ("x", "p000", 1, 1)])
    people = pa.table({"customer": ["anna", "ben"], "income": ["high", "low"], "children": ["1", None]})
    told = tell([[3, 2]], {"orders": orders, "customers": people}, "orders")
    assert told["largest household"][0, 1, 0] == pytest.approx(3 / 5)
    assert told["share of income high"][0, 1, 0] == pytest.approx(1 / 3)
    assert told["share with children"][0, 1, 0] == pytest.approx(1 / 3)


def test_the_largest_household_is_the_one_with_most_units(tell, orders_table):
    """The same as counting for every week."""
    rng = np.random.default_rng(2)
    lines = [(f"c{rng.integers(4)}", "p000", int(rng.integers(12)), int(rng.integers(1, 5))) for _ in range(40)]
    told = tell([[1] * 12], {"orders": orders_table(lines)}, "orders")["largest household"][0, :, 0]
    for end in range(12):
        units = np.zeros(4)
        for customer, _, when, amount in lines:
            units[int(customer[1])] += amount * (when <= end)
        np.testing.assert_allclose(told[end], units.max() / units.sum() if units.sum() else np.nan)


def test_lots_are_known_when_they_are_finished(tell, week):
    """Begun in week 0, finished in week 1: 8 of 10 planned were good and 2 scrapped; a lot of a component says nothing."""
    work = pa.table(
        {
            "item": ["p000", "flour"], "week": [week(0)] * 2, "planned": [10.0, 5.0], "made": [8.0, 5.0],
            "scrapped": [2.0, 0.0], "finished": [week(1), None],
        }
    )  # fmt: skip
    told = tell([[1, 1, 1]], {"work": work}, "work")
    np.testing.assert_array_equal(told["output over plan"][0, :, 0], [np.nan, 0.8, 0.8])
    np.testing.assert_array_equal(told["scrap share"][0, :, 0], [np.nan, 0.2, 0.2])
    assert told["made of 4"][0, 1, 0] == pytest.approx(4 / 1.25)


def degrees(weeks, value):
    """Return a weather table with one day a week."""
    days = [date(2024, 1, 1) + timedelta(weeks=number) for number in weeks]
    return {"weather": pa.table({"day": days, "region": ["all"] * len(days), "temperature": [float(value(n)) for n in weeks]})}


def test_where_no_forecast_reaches_the_season_tells(tell):
    """No forecast for the target weeks: those of the year before stand in, of which the middle one counts."""
    told = tell([[1] * 70], degrees(range(70), lambda n: n % 52), "weather", known="plan")
    np.testing.assert_allclose(told["temperature expected"][0, -1], [18, 19])  # weeks 70 and 71, a year before 18 and 19
    assert "no plan for 2 of the next 2 weeks" in told.notes[0]


def test_weather_of_the_past_never_tells_the_target_week(tell):
    """Declared as past, days after the cutoff are not read: with or without them every byte is the same."""
    some, all_of = (tell([[1] * 70], degrees(range(days), lambda n: (n * 7) % 31), "weather").features for days in (70, 72))
    assert some.keys() == all_of.keys()
    assert all(some[name].tobytes() == all_of[name].tobytes() for name in some)
    assert "temperature of the season" in some


@pytest.fixture
def shelf(demand_table):
    """A function from attributes to facts of as many products."""

    def facts(**columns):
        count = len(next(iter(columns.values())))
        products = pa.table({"product": [f"p{n:03d}" for n in range(count)], "category": ["a"] * count} | columns)
        return Facts(dense(demand_table([[1, 2]] * count)), 2, {"products": products}, lambda _: None)

    return facts


def test_factors_are_principal_components(shelf):
    """Against the eigenvalues of the covariance of the indicators, with many values (sparse) and with few (dense)."""
    for values in (6, 150):
        rng = np.random.default_rng(values)
        kinds = {"type": [f"t{n % values}" for n in range(400)], "package": [f"k{n}" for n in rng.integers(0, values, 400)]}
        found, share = factors.scores(shelf(**kinds), ("type", "package"))
        marks = np.hstack([np.equal.outer(np.array(kind), np.unique(kind)).astype(float) for kind in kinds.values()])
        marks = marks[:, marks.sum(axis=0) >= 2]
        sizes = np.linalg.eigvalsh(np.cov(marks.T, bias=True))[::-1]
        assert share == pytest.approx(sizes[:4].sum() / sizes.sum())
        np.testing.assert_allclose(found.T @ found / 400, np.eye(4), atol=2e-4)  # rounded to four decimals


def test_factors_need_something_in_common(shelf):
    """Products that share no value, or are too few, have none."""
    assert factors.scores(shelf(type=[f"t{n}" for n in range(40)]), ("type",))[0].shape == (40, 0)
    assert factors.scores(shelf(type=["x", "y"] * 5), ("type",))[0].shape == (10, 0)


def test_brands_and_factors_stand_among_the_attributes(tell):
    """A brand is a number, four factors of three attributes are told, and how much of the variance they hold."""
    rng = np.random.default_rng(5)
    columns = {name: [f"v{n}" for n in rng.integers(0, 5, 30)] for name in ("brand", "type", "package", "category")}
    products = pa.table({"product": [f"p{n:03d}" for n in range(30)]} | columns)
    told = tell([[1, 2]] * 30, {"products": products}, "products")
    assert {"brand", "factor 1", "factor 4"} <= told.features.keys()
    assert "4 factors hold" in told.notes[0]
