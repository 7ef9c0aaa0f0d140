"""Tests of changes made in copies of tables."""

from __future__ import annotations

from datetime import date

import msgspec
import pyarrow as pa
import pytest

from lotwise.tables import contract
from lotwise.whatif.change import Draft, scaled
from lotwise.whatif.scenario import Scenario

MONDAYS = [date(2024, 7, 29), date(2024, 8, 5)]
OPEN = ("machines", "products", "bom", "stock")


def table(name, *rows):
    """Return rows as a table of its contract, what is absent empty."""
    return pa.Table.from_pylist(list(rows), schema=contract(name).schema)


@pytest.fixture
def tables():
    """Return an oven, a mixer that says nothing of overtime, and two products."""
    machines = [
        {"machine": "oven", "hours": 6.0, "count": 2, "overtime_hours": 2.0},
        {"machine": "mixer", "hours": 8.0, "count": 1},
    ]
    products = [{"product": "bread", "category": "plain"}, {"product": "cake", "category": "sweet"}]
    return {"machines": table("machines", *machines), "products": table("products", *products)}


def drafted(tables, **steps):
    """Return a draft in which a scenario's changes are made."""
    scenario = msgspec.convert({"name": "x", **steps}, Scenario)
    draft = Draft(dict(tables), OPEN)
    draft.refuse_unknown(scenario)
    draft.change(scenario, only=OPEN)
    return draft


def column(draft, name, of="machines"):
    """Return a column of a table as a list."""
    return draft.tables[of][name].to_pylist()


def test_values_are_set_added_to_and_multiplied(tables):
    """Only in the rows that are meant; the table that was handed over stays as it was."""
    oven = {"machine": "oven"}
    draft = drafted(
        tables,
        change=[
            {"table": "machines", "where": oven, "set": {"name": "big oven"}, "add": {"hours": 4}, "times": {"count": 2}},
            {"table": "machines", "times": {"hours": 0.5}},
        ],
    )
    assert draft.faults == []
    assert column(draft, "hours") == [(6 + 4) / 2, 8 / 2]
    assert column(draft, "count") == [4, 1]
    assert column(draft, "name") == ["big oven", None]
    assert tables["machines"]["hours"].to_pylist() == [6.0, 8.0]


def test_what_has_no_value_keeps_none_and_it_is_said(tables):
    """Half of nothing is nothing; where no row has a value it is a fault."""
    draft = drafted(tables, change=[{"table": "machines", "add": {"overtime_hours": 1}}])
    assert column(draft, "overtime_hours") == [3.0, None]
    assert "no value in 1 of 2 rows" in draft.notes[0]
    assert (
        "has no value in the rows found; use set"
        in drafted(tables, change=[{"table": "machines", "add": {"shift_hours": 1}}]).faults[0]
    )


def test_rows_are_added_and_dropped(tables):
    """A table that does not exist yet may get rows; what a file need not say is as if it had no such column."""
    draft = drafted(
        tables,
        add=[
            {"table": "machines", "values": {"machine": "press", "hours": 3}},
            {"table": "bom", "values": [{"item": "cake", "component": "flour", "quantity": 2}]},
        ],
        drop=[{"table": "machines", "where": {"machine": ["mixer"]}}],
    )
    assert draft.faults == []
    assert column(draft, "machine") == ["oven", "press"]
    assert column(draft, "option", "bom") == ["always"]


def test_a_week_is_its_monday(tables):
    """Any day of a week means the week."""
    stock = table("stock", {"item": "cake", "site": "all", "region": "all", "day": MONDAYS[0], "units": 1.0})
    draft = drafted({**tables, "stock": stock}, change=[{"table": "stock", "set": {"day": "2024-08-01"}}])
    assert column(draft, "day", "stock") == [date(2024, 8, 1)]
    weeks = Draft({}, ("machine_weeks",))
    steps = {
        "name": "x",
        "add": [{"table": "machine_weeks", "values": {"machine": "oven", "week": date(2024, 8, 1), "hours": 0}}],
    }
    weeks.change(msgspec.convert(steps, Scenario), only=("machine_weeks",))
    assert column(weeks, "week", "machine_weeks") == [MONDAYS[0]]


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ({"change": [{"table": "machins", "set": {"hours": 1}}]}, "did you mean 'machines'?"),
        ({"change": [{"table": "machines", "set": {"hour": 1}}]}, "no column 'hour'; did you mean 'hours'?"),
        ({"change": [{"table": "machines", "where": {"machine": "ovn"}, "set": {"hours": 1}}]}, "did you mean 'oven'?"),
        ({"change": [{"table": "machines", "where": {"machin": "oven"}, "set": {"hours": 1}}]}, "did you mean 'machine'?"),
        ({"change": [{"table": "machines", "set": {"hours": "many"}}]}, "hours = 'many' is no double"),
        ({"change": [{"table": "machines", "set": {"machine": 3}}]}, "machine = 3 is no string"),
        ({"change": [{"table": "machines", "set": {"hours": True}}]}, "hours = True is no double"),
        ({"change": [{"table": "machines", "times": {"machine": 2}}]}, "holds no numbers"),
        ({"change": [{"table": "machines", "times": {"count": 1.3}}]}, "1.3 makes fractions"),
        ({"change": [{"table": "machines"}]}, "nothing is set, added or multiplied"),
        ({"change": [{"table": "machines", "set": {"hours": -1}}]}, "values below 0: -1"),
        ({"change": [{"table": "machines", "set": {"machine": "oven"}}]}, "key (machine) is not unique"),
        ({"change": [{"table": "bom", "set": {"quantity": 1}}]}, "this project has no table 'bom'"),
        ({"drop": [{"table": "machines", "where": {"machine": "oven", "hours": 8}}]}, "together"),
        ({"add": [{"table": "machines", "values": {"hours": 1}}]}, "needs 'machine'"),
        ({"add": [{"table": "machines", "values": {"machine": "oven", "hours": 1}}]}, "is not unique"),
    ],
)
def test_what_does_not_fit_is_a_fault(tables, steps, said):
    """The fault names the change, what was found and what was meant."""
    faults = drafted(tables, **steps).faults
    assert any(said in fault for fault in faults), faults
    assert all(fault.startswith("scenario 'x'") for fault in faults)


def test_every_fault_is_found(tables):
    """One change that cannot be made does not hide the next."""
    faults = drafted(
        tables,
        change=[
            {"table": "machines", "set": {"hour": 1, "nam": "x"}},
            {"table": "machines", "where": {"machine": "x"}, "add": {"hours": 1}},
        ],
    ).faults
    assert len(faults) == 3


@pytest.fixture
def draws():
    """Return two draws of each of two products in two weeks."""
    rows = [
        {"information": "now", "cutoff": MONDAYS[0], "product": product, "region": "all", "week": week, "units": [10.0, 20.0]}
        for product in ("bread", "cake")
        for week in MONDAYS
    ]
    return table("draws", *rows)


def asked(draws, tables, *changes):
    """Return the first draw of each row after changes of demand, and the faults."""
    scenario = msgspec.convert({"name": "x", "demand": list(changes)}, Scenario)
    draft = Draft({}, OPEN)
    found = scaled(draws, tables["products"], scenario.demand, draft, "x")
    assert found.schema.equals(draws.schema)
    return [units[0] for units in found["units"].to_pylist()], draft.faults


def test_demand_is_multiplied_where_it_is_meant(draws, tables):
    """By product, category, region and days; what two changes name is multiplied by both."""
    assert asked(draws, tables, {"times": 2}) == ([20.0] * 4, [])
    assert asked(draws, tables, {"times": 2, "product": "cake"}) == ([10.0, 10.0, 20.0, 20.0], [])
    assert asked(draws, tables, {"times": 2, "category": ["sweet"]}) == ([10.0, 10.0, 20.0, 20.0], [])
    # the first week ends on August 4: it is meant by a change until July 30, and not by one from August 5
    assert asked(draws, tables, {"times": 2, "until": date(2024, 7, 30)})[0] == [20.0, 10.0, 20.0, 10.0]
    assert asked(draws, tables, {"times": 2, "from": date(2024, 8, 5)})[0] == [10.0, 20.0, 10.0, 20.0]
    both = asked(draws, tables, {"times": 2, "product": "cake"}, {"times": 0.5, "region": "all"})
    assert both == ([5.0, 5.0, 10.0, 10.0], [])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"times": 2, "product": "cke"}, "no product 'cke' is forecast; did you mean 'cake'?"),
        ({"times": 2, "category": "swee"}, "did you mean 'sweet'?"),
        ({"times": 2, "from": date(2030, 1, 1)}, "is of 2024-07-29 to 2024-08-11"),
        ({"times": -1}, "times = -1 is below 0"),
    ],
)
def test_demand_that_is_not_forecast_is_a_fault(draws, tables, change, said):
    """The fault says what is forecast."""
    (fault,) = asked(draws, tables, change)[1]
    assert said in fault
