"""One test a family: what it says of hand-made facts."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from lotwise.config import Source
from lotwise.forecast import sources
from lotwise.forecast.panel import Facts, dense

START = date(2024, 1, 1)


def facts_of(demand, horizon=2, **tables):
    """Return facts and the list that notes go to."""
    notes = []
    return Facts(dense(demand), horizon, tables, notes.append), notes


def shown(facts, source):
    """Return the features of a source, each spread out to (series, weeks, horizon)."""
    shape = (*facts.panel.shape, facts.horizon)
    found = sources.features(facts, source)
    return {name.partition(": ")[2]: np.broadcast_to(values, shape) for name, values in found.items()}


def test_history_is_relative_to_the_level(demand_table):
    """Lags are over the long-run mean, half a unit added to the sum: 6 / (9.5 / 3) for the last of 0, 3, 6."""
    facts, _ = facts_of(demand_table([[0, 3, 6]]))
    found = shown(facts, Source(name="own", tables=["demand"]))
    assert found["lag 1"][0, 2, 0] == pytest.approx(6 / (9.5 / 3))
    assert found["lag 2"][0, 2, 1] == pytest.approx(3 / (9.5 / 3))
    assert found["idle weeks of 8"][0, 2, 0] == pytest.approx(1 / 3)


def test_a_lead_hides_the_last_weeks(demand_table):
    """With a lead of one week, week 2 is told what week 1 would have been told without."""
    facts, _ = facts_of(demand_table([[0, 3, 6]]))
    late, prompt = (shown(facts, Source(name="own", tables=["demand"], lead=lead))["lag 1"] for lead in (1, 0))
    np.testing.assert_array_equal(late[:, 1:], prompt[:, :-1])


def test_a_plan_tells_the_target_week_over_the_usual(demand_table, promotions_table):
    """Promoted in week 1 of 4 and in the next: 1 is planned, the past mean is 0.25."""
    facts, notes = facts_of(demand_table([[1, 9, 1, 1]]), promotions=promotions_table(np.array([[0, 1, 0, 0, 1, 0]])))
    found = shown(facts, Source(name="promotions", tables=["promotions"], known="plan"))
    np.testing.assert_array_equal(found["mailer planned"][0, 3], [1, 0])
    np.testing.assert_array_equal(found["mailer planned, over usual"][0, 3], [0.75, -0.25])
    assert found["lift of a mailer"][0, 3, 0] == pytest.approx(9 / 1.5)
    assert notes == []


def test_weeks_beyond_the_plan_are_taken_to_be_as_usual(demand_table, promotions_table):
    """A plan for one of two weeks fills the other with the past mean, and says so."""
    facts, notes = facts_of(demand_table([[1, 9, 1, 1]]), promotions=promotions_table(np.array([[0, 1, 0, 0, 1]])))
    found = shown(facts, Source(name="promotions", tables=["promotions"], known="plan"))
    np.testing.assert_array_equal(found["mailer planned"][0, 3], [1, 0.25])
    assert "no plan for 1 of the next 2 weeks" in notes[0]


def test_notice_limits_how_far_ahead_a_plan_is_known(demand_table, promotions_table):
    """With a week's notice the week after next is as usual."""
    facts, _ = facts_of(demand_table([[1, 9, 1, 1]]), promotions=promotions_table(np.array([[0, 1, 0, 0, 1, 1]])))
    found = shown(facts, Source(name="promotions", tables=["promotions"], known="plan", lead=1))
    np.testing.assert_array_equal(found["mailer planned"][0, 3], [1, 0.25])


def test_promotions_known_in_the_past_only_tell_no_plan(demand_table, promotions_table):
    """A source known in the past says nothing of the target week."""
    facts, _ = facts_of(demand_table([[1, 9, 1, 1]]), promotions=promotions_table(np.array([[0, 1, 0, 0, 1, 1]])))
    found = shown(facts, Source(name="promotions", tables=["promotions"]))
    assert not [name for name in found if "planned" in name]


def test_households_are_due_between_half_and_four_times_their_interval(demand_table, orders_table):
    """Two units every two weeks: one unit a week is due from the second week after the last purchase to the seventh."""
    weeks = 16
    orders = orders_table([("anna", "p000", 0, 2), ("anna", "p000", 2, 2), ("ben", "p000", 1, 5)])
    facts, _ = facts_of(demand_table([[1] * weeks]), horizon=1, orders=orders)
    found = (
        shown(facts, Source(name="customers", tables=["orders"]))["due"][0, :, 0]
        * (np.arange(1, weeks + 1) + 0.5)
        / np.arange(1, weeks + 1)
    )
    # from origin t the target is t + 1: elapsed = t - 1; due where 1 < elapsed < 8, so t = 3..8
    np.testing.assert_allclose(found, [0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0])


def test_households_are_counted_once_a_week(demand_table, orders_table):
    """Two lines of one customer are one household; a line without customer is none."""
    orders = orders_table([("anna", "p000", 0, 1), ("anna", "p000", 0, 1), ("ben", "p000", 0, 1), (None, "p000", 0, 1)])
    facts, _ = facts_of(demand_table([[2, 2]]), orders=orders)
    found = shown(facts, Source(name="customers", tables=["customers"]))["households"]
    assert found[0, 0, 0] * 2.5 == pytest.approx(2)  # the level is (2 + 0.5) / 1


def test_prices_are_carried_over_weeks_without_sales(demand_table):
    """A week without a sale has the last price paid."""
    facts, _ = facts_of(demand_table([[1, 0, 0]]))
    found = shown(facts, Source(name="prices", tables=["demand.unit_price"]))
    np.testing.assert_allclose(found["price"][0, :, 0], np.log(2))


def test_attributes_follow_the_category(demand_table):
    """Products of one category share its number and its trend."""
    products = pa.table({"product": ["p000", "p001", "p002"], "category": ["b", "a", "b"], "department": ["x", "x", "x"]})
    facts, _ = facts_of(demand_table([[1, 5], [1, 1], [1, 3]]), products=products)
    found = shown(facts, Source(name="attributes", tables=["products"]))
    np.testing.assert_array_equal(found["category"][:, 0, 0], [1, 0, 1])
    assert found["category trend 1"][0, 1, 0] == found["category trend 1"][2, 1, 0] == pytest.approx(8 / 5.5)


def test_campaigns_run_from_start_to_end(demand_table):
    """A campaign from week 1 to week 2 reaches 30 customers in both, and in no other."""
    day = [START + timedelta(days=n) for n in (9, 15)]
    campaigns = pa.table({"campaign": ["a"], "product": ["p000"], "start": [day[0]], "end": [day[1]], "customers": [30.0]})
    facts, _ = facts_of(demand_table([[1, 1, 1, 1]]), campaigns=campaigns)
    found = shown(facts, Source(name="coupons", tables=["campaigns"], known="plan"))
    np.testing.assert_array_equal(found["campaign customers planned"][0, 0], [30, 30])
    np.testing.assert_array_equal(found["campaigns planned"][0, 2], [0, 0])


def test_the_calendar_knows_months_and_special_days(demand_table):
    """The week of 2024-01-29 holds the first of February; a holiday two weeks on is two weeks away."""
    special = pa.table({"day": [START + timedelta(days=37)], "region": ["all"], "name": ["fair"], "working": [True]})
    facts, _ = facts_of(demand_table([[1] * 5]), calendar=special)
    found = shown(facts, Source(name="calendar", tables=["calendar"], known="plan"))
    assert found["holds the first of a month"][0, 3, 0] == 1
    assert found["weeks to a special day"][0, 2, 0] == 2
    assert found["special days"][0, 4, 0] == 1


def test_weather_known_ahead_is_told_over_the_usual(demand_table):
    """Ten degrees usually, twenty in the target week."""
    days = [START + timedelta(days=n) for n in range(35)]
    degrees = [10.0] * 21 + [20.0] * 14
    weather = pa.table({"day": days, "region": ["all"] * 35, "temperature": degrees, "rain": [0.0] * 35})
    facts, _ = facts_of(demand_table([[1, 1, 1]]), weather=weather)
    found = shown(facts, Source(name="weather", tables=["weather"], known="plan"))
    np.testing.assert_allclose(found["temperature expected, over usual"][0, 2], [10, 10])


def test_events_are_counted_by_kind(demand_table):
    """Three views in week 1, over the level of (2 + 0.5) / 2."""
    when = pa.array([START + timedelta(days=8)] * 3, pa.date32()).cast(pa.timestamp("us"))
    events = pa.table({"time": when, "product": ["p000"] * 3, "kind": ["view"] * 3})
    facts, _ = facts_of(demand_table([[1, 1]]), events=events)
    found = shown(facts, Source(name="events", tables=["events"]))
    assert found["view 1"][0, 1, 0] == pytest.approx(3 / 1.25)


def test_competing_prices_are_set_against_ours(demand_table):
    """They ask 3, we ask 2; a week without a row keeps the last price."""
    weeks = [START, START + timedelta(weeks=2)]
    theirs = pa.table({"product": ["p000"] * 2, "competitor": ["c"] * 2, "week": weeks, "price": [3.0, 4.0]})
    facts, _ = facts_of(demand_table([[1, 1, 1]]), competitors=theirs)
    found = shown(facts, Source(name="market", tables=["competitors"]))
    np.testing.assert_allclose(found["competing price over ours"][0, :, 0], [1.5, 1.5, 2])


def table_of(name, rng, weeks):
    """Return a random table of one kind over some weeks, for two products."""
    when = [START + timedelta(weeks=week) for week in range(weeks) for _ in range(2)]
    columns = {"product": ["p000", "p001"] * weeks}
    times = pa.array(when, pa.date32()).cast(pa.timestamp("us"))
    rows = 2 * weeks
    if name == "promotions":
        columns |= {"week": when, "mailer": rng.random(rows), "display": rng.random(rows)}
    if name == "competitors":
        columns |= {"week": when, "price": 1 + rng.random(rows)}
    if name == "events":
        columns |= {
            "time": times,
            "kind": rng.choice(["view", "cart"], rows),
        }
    if name == "orders":
        columns |= {"time": times, "units": rng.poisson(2, rows)}
        columns["customer"] = rng.choice(["anna", "ben", "cleo"], rows)
    if name == "weather":
        columns = {
            "day": when,
            "region": ["all"] * rows,
            "temperature": rng.random(rows),
            "rain": rng.random(rows),
        }
    return pa.table(columns)


@pytest.mark.parametrize("name", ["demand", "promotions", "orders", "events", "competitors", "weather"])
@pytest.mark.parametrize("lead", [0, 2])
def test_no_past_family_sees_past_its_lead(demand_table, name, lead):
    """With everything from week 12 on replaced, every feature up to week 11 (13 with a lead of two) is the same bytes."""
    weeks, end = 20, 12
    rng = np.random.default_rng(3)
    units = rng.poisson(4, (2, weeks))
    one, other = ({key: table_of(key, np.random.default_rng(seed), weeks) for key in sources.NEEDS} for seed in (1, 2))
    products = pa.table({"product": ["p000", "p001"], "category": ["a", "a"]})
    mixed = {key: pa.concat_tables([one[key].slice(0, 2 * end), other[key].slice(2 * end)]) for key in one} | {
        "products": products
    }
    one["products"] = products
    changed = units.copy()
    if name == "demand":
        changed[:, end:] = rng.poisson(9, (2, weeks - end))
    source = Source(name="it", tables=[name], lead=lead)
    before, after = (shown(facts_of(demand_table(u), **tables)[0], source) for u, tables in ((units, one), (changed, mixed)))
    assert before
    seen = end + lead if name != "demand" else end
    for feature, values in before.items():
        assert values[:, :seen].tobytes() == after[feature][:, :seen].tobytes(), feature
