"""Input nobody hopes for: each case is a clear message or does what is stated here."""

from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from lotwise.config import Source
from lotwise.errors import ContractError
from lotwise.forecast import sources
from lotwise.forecast.design import design
from lotwise.forecast.panel import Facts, dense
from lotwise.tables import TABLES

DATED = ["orders", "events", "promotions", "weather", "competitors", "signals"]
ALL = [name for name in sources.FAMILIES if name not in ("demand", "demand.unit_price")]


def rows(name, when, at, count=1, value=1.0):
    """Return rows of a table in some weeks, about one product."""
    days = [date(2024, 1, 1) + timedelta(weeks=number) for number in when] * count
    same = {"product": ["p000"] * len(days), "region": ["all"] * len(days)}
    value = [value * (1 + number % 3) for number in range(len(days))]
    return pa.table(
        {
            "orders": same | {"time": at(when * count), "customer": ["a"] * len(days), "units": value},
            "events": same | {"time": at(when * count), "kind": ["view"] * len(days)},
            "promotions": same | {"week": days, "mailer": value, "display": value},
            "weather": {"day": days, "region": ["all"] * len(days), "temperature": value},
            "competitors": same | {"week": days, "price": value},
            "signals": same | {"signal": ["s"] * len(days), "week": days, "value": value},
        }[name]
    )


def with_units(demand, units):
    """Return a demand table with other units."""
    return demand.set_column(demand.column_names.index("units"), "units", pa.array(units, pa.float64()))


@pytest.mark.parametrize("name", DATED)
def test_what_is_dated_in_the_future_is_not_read_and_said(tell, at, name):
    """Weeks 0 to 7 are known, 8 is running; a row in week 12 changes nothing, and the message gives its date."""
    demand = [[2, 1, 3, 2, 1, 2, 3, 1]]
    plain, future = (tell(demand, {name: rows(name, when, at)}, name) for when in (list(range(8)), [*range(8), 12]))
    assert all(plain[feature].tobytes() == future[feature].tobytes() for feature in plain.features)
    assert plain.notes == []
    assert "has rows dated 2024-03-25 to 2024-03-25, after the last known week; they are not read" in future.notes[0]


@pytest.mark.parametrize("name", DATED)
def test_a_source_that_comes_late_is_taken_as_it_is_and_said(tell, at, name):
    """Nothing since week 3 of 10: six weeks before the cutoff."""
    told = tell([[2, 1, 3, 2, 1, 2, 3, 1, 4, 2]], {name: rows(name, [0, 1, 2, 3], at)}, name)
    assert told.features
    assert told.notes == [f"it: table '{name}' has nothing since 2024-01-22, 6 weeks before the cutoff; taken as it is"]


def test_a_pause_as_long_as_usual_is_no_delay(tell, at):
    """Prices looked up every six weeks are not late after five; with a lead of four weeks, nor is a silence of five."""
    demand = [list(range(1, 19))]
    assert tell(demand, {"competitors": rows("competitors", [0, 6, 12], at)}, "competitors").notes == []
    assert tell(demand, {"competitors": rows("competitors", list(range(13)), at)}, "competitors", lead=4).notes == []


@pytest.mark.parametrize("name", DATED)
def test_a_table_that_has_not_begun_is_said(tell, at, name):
    """All its rows lie after the cutoff: it is declared, exists, and tells nothing yet."""
    told = tell([[1, 2, 3]], {name: rows(name, [5, 6], at)}, name)
    assert f"it: table '{name}' has no row up to the cutoff, 2024-01-22" in told.notes


@pytest.mark.parametrize("name", ALL)
def test_an_empty_table_tells_nothing_and_stops_nothing(tell, name):
    """No row at all: no crash, and only what a calendar or own demand knows is told."""
    table = name.partition(".")[0]
    given = {table: TABLES[table].empty()} if name != "promotions" else {table: TABLES["promotions"].empty()}
    known = "plan" if table in sources.PLANNED else "past"
    told = tell([[2, 1, 3], [1, 1, 0]], given, name, known=known)
    assert name in ("calendar", "products", "overrides") or told.notes


@pytest.mark.parametrize("name", DATED)
def test_values_that_are_not_numbers_are_as_if_absent(tell, at, name):
    """Infinite, absent and (where only positive ones make sense) negative values are skipped, without a warning."""
    table = rows(name, [0, 1, 2, 3], at, value=-1.0)
    for column in table.column_names:
        if pa.types.is_floating(table[column].type):
            spoiled = pa.chunked_array([pa.array([float("inf"), None, *table[column].to_pylist()[2:]])])
            table = table.set_column(table.column_names.index(column), column, spoiled)
    told = tell([[2, 1, 3, 2]], {name: table}, name)
    assert not any(np.isinf(values).any() for values in told.features.values())


def test_a_source_that_never_changes_is_left_out_and_said(tell, at):
    """The same temperature every week, of one region."""
    table = rows("weather", list(range(8)), at)
    table = table.set_column(2, "temperature", pa.array([5.0] * 8))
    told = tell([[1, 2] * 4], {"weather": table}, "weather")
    assert (told.features, told.notes) == ({}, ["it never changes; left out"])


def test_a_source_without_a_value_is_left_out_and_said(tell, at):
    """All temperatures are absent."""
    table = rows("weather", list(range(8)), at).set_column(2, "temperature", pa.array([None] * 8, pa.float64()))
    assert tell([[1, 2] * 4], {"weather": table}, "weather").notes == ["it holds no value for what is forecast; left out"]


def test_two_sources_that_say_the_same_are_named(demand_table, at):
    """One signal under two names: their worth would be split between them."""
    one = rows("signals", list(range(10)), at)
    twin = one.set_column(one.column_names.index("signal"), "signal", pa.array(["t"] * 10))
    other = rows("signals", list(range(0, 10, 2)), at)
    other = other.set_column(other.column_names.index("signal"), "signal", pa.array(["u"] * 5))
    notes = []
    facts = Facts(dense(demand_table([list(range(10))])), 2, {"signals": pa.concat_tables([one, twin, other])}, notes.append)
    told = [Source(name=name, tables=[f"signals.{key}"]) for name, key in (("mentions", "s"), ("buzz", "t"), ("index", "u"))]
    design(facts, [Source(name="history", tables=["demand"]), *told], None)
    assert len(notes) == 1
    assert notes[0].startswith("sources 'mentions' and 'buzz' say the same: their worth is split between them; leave one out")


def test_a_plan_for_part_of_the_horizon_is_filled_and_said(tell, promotions_table):
    """One of two weeks is planned: the other is taken to be as usual."""
    told = tell([[1, 9, 1, 1]], {"promotions": promotions_table(np.array([[0, 1, 0, 0, 1]]))}, "promotions", known="plan")
    np.testing.assert_array_equal(told["mailer planned"][0, 3], [1, 0.25])
    assert told.notes[0] == "it: no plan for 1 of the next 2 weeks; they are taken to be as usual"


def test_a_region_that_appears_in_the_middle_is_unknown_before(tell, demand_table):
    """From week 3 on it has demand; before there is none, which is not a demand of 0."""
    demand = demand_table([[2, 1, 3, 2, 1], [9, 9, 9, 4, 4]], regions=("north", "south"), first=[0, 3])
    told = tell(demand, {}, "demand")
    np.testing.assert_array_equal(told["lag 1"][1, :, 0], [np.nan, np.nan, np.nan, 4 / 4.5, 4 / 4.25])


@pytest.mark.parametrize("value", [-2.0, float("inf")])
def test_demand_that_cannot_be_is_refused(demand_table, value):
    """Negative or infinite units: the message says how many, where, and what to do."""
    with pytest.raises(ContractError, match=r"1 units that are negative or infinite, such as .* of 'p000' in 2024-01-08"):
        dense(with_units(demand_table([[1, 2, 3]]), [1.0, value, 3.0]))


def test_demand_that_is_absent_is_not_known(tell, demand_table):
    """A week without a number is no week without a sale: means leave it out, and it is not idle."""
    told = tell(with_units(demand_table([[2, 3, 4]]), [2.0, None, 4.0]), {}, "demand")
    assert told["mean 4"][0, 2, 0] == pytest.approx(3 / 3.25)
    assert told["idle weeks of 8"][0, 2, 0] == 0


def test_a_gap_in_the_rows_is_a_week_without_a_sale(tell, demand_table):
    """A week between two others that has no row counts as 0."""
    demand = demand_table([[2, 5, 4]])
    told = tell(demand.filter(pc.not_equal(demand["week"], date(2024, 1, 8))), {}, "demand")
    assert told["idle weeks of 8"][0, 2, 0] == pytest.approx(1 / 3)


@pytest.mark.parametrize(("zone", "weeks"), [("America/New_York", [1, 0]), ("UTC", [0, 1]), ("Asia/Shanghai", [0, 1])])
def test_a_time_with_a_zone_counts_in_that_zone(tell, zone, weeks):
    """Monday 04:30 in Greenwich is still Sunday in New York, so another week; noon in Shanghai."""
    moment = datetime(2024, 1, 8, 4, 30)  # noqa: DTZ001  made aware by its column
    time = pa.array([moment], pa.timestamp("us", "UTC")).cast(pa.timestamp("us", zone))
    events = pa.table({"time": time, "product": ["p000"], "kind": ["view"]})
    told = tell([[1, 2]], {"events": events}, "events")
    seen = told["view 1"][0, :, 0] > 0
    np.testing.assert_array_equal(seen, [bool(number) for number in weeks])


@pytest.mark.parametrize("name", [name for name in ALL if name != "overrides"])
def test_one_product_is_enough(tell, at, week, name):
    """Every family answers for a single product without a warning."""
    table = name.partition(".")[0]
    made = {
        "products": pa.table({"product": ["p000"], "category": ["a"]}),
        "campaigns": pa.table({"product": ["p000"], "start": [week(1)], "end": [week(1)], "customers": [5.0]}),
        "calendar": pa.table({"day": [week(1)], "region": ["all"]}),
        "work": pa.table({"item": ["p000"], "week": [week(1)], "planned": [2.0], "made": [1.0]}),
    }
    given = made[table] if table in made else rows(table, [0, 1, 2], at)
    if name == "events.rating":
        given = given.set_column(given.column_names.index("kind"), "kind", pa.array(["rating"] * 3))
    assert tell([[2, 1, 3]], {table: given}, name).features
