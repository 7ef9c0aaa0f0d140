from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.plan import expect
from lotwise.plan.orders import rows
from lotwise.plan.orders.rows import GIVEN


def published(current, orders, **more):
    return rows(current.problem, current.network, current.labels, current.plan, current.flow, orders, **more)


def more_of(current):
    """Return a plan of a fifth more of everything, which stands for the plan without limits."""
    supply = 1.2 * current.plan.supply + 1.0
    return replace(current.plan, supply=supply, outcome=expect(current.problem, supply))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_every_table_keeps_its_contract(random_plan, seed):
    """Types, ranges, choices and keys are those of the contracts, rows stand by their key, numbers have six digits."""
    current, orders = random_plan(seed)
    found = published(current, orders, wanted=more_of(current))
    assert set(found) == set(GIVEN)
    for name, table in found.items():
        GIVEN[name].check(table)
        assert table.equals(table.sort_by([(column, "ascending") for column in GIVEN[name].key]))
        for field in table.schema:
            if pa.types.is_floating(field.type):
                values = np.array([value for value in table[field.name].to_pylist() if value is not None])
                assert np.abs(values - np.round(values, 6)).max(initial=0.0) < 1e-9
                assert not np.signbit(values[values == 0]).any()


def test_the_same_plan_gives_the_same_tables(random_plan):
    """Two calls give equal tables, bit for bit."""
    first, second = (published(*random_plan(11)) for _ in range(2))
    assert all(first[name].equals(second[name]) for name in first)


def test_a_plan_that_does_nothing_is_published(random_plan):
    """With no level at all there is no lot and no purchase, and stock lies."""
    current, orders = random_plan(2)
    flow = replace(current.flow, level=np.zeros_like(current.flow.level))
    found = published(replace(current, flow=flow), orders)
    assert (found["lots"].num_rows, found["purchases"].num_rows) == (0, 0)


def test_what_nothing_makes_is_late_and_said_so(sketch, problem, orders):
    """A product without an item sells its stock of 4; the other 5 of its order are missing, for nothing makes it."""
    plan = sketch(2, items=[("wood", "all", "material", -1, True)], activities=[{"kind": "buy", "gives": {0: 1.0}}])
    firm = np.array([[9.0, 0.0]])
    mine = problem([firm], firm=firm, names=["chair"], opening=[4.0])
    found = published(plan.current(mine, np.zeros((1, 2))), orders([("1", 1, "chair", 9, mine.weeks[0])], ["chair"]))
    (row,) = found["deliveries"].to_pylist()
    assert (row["late_units"], row["reason"]) == (5, "Nothing in the tables makes or brings chair.")
    pegged = {row["supply"]: row["units"] for row in found["pegging"].to_pylist()}
    assert pegged == {"stock chair": 4, "missing chair": 5}
    assert found["exceptions"].to_pylist()[0]["remedy"] == ""


def test_loads_count_runs_set_ups_and_shifts(chair):
    """The press runs 10 x 0.5 hours and two lots of a quarter; the saw is full."""
    found = {(row["machine"], str(row["week"])): row for row in published(*chair)["loads"].to_pylist()}
    press, saw = found["press", "2024-01-01"], found["saw", "2024-01-01"]
    assert (press["run"], press["setup"], press["most_overtime"], press["without_limits"]) == (5, 0.5, 10, None)
    assert (saw["run"], saw["hours"], saw["overtime"]) == (8, 8, 0)


def test_prices_are_those_of_the_flow(chair):
    """An hour of the saw earns 4; one more chair ordered earns its margin of 4 less that hour; ranges are shown where given."""
    table = published(*chair, ranges={("saw", 0): (2.0, 3.0)})["prices"]
    first = {row["resource"]: row for row in table.filter(pc.equal(table["week"], table["week"][0])).to_pylist()}
    assert (first["saw"]["price"], first["saw"]["used"], first["saw"]["less"], first["saw"]["more"]) == (4, 8, 2, 3)
    assert (first["chair"]["kind"], first["chair"]["price"], first["chair"]["used"]) == ("demand", 0, 12)
    assert (first["wood"]["kind"], first["wood"]["used"], first["wood"]["capacity"]) == ("material", 20, 20)
    assert first["seat"]["kind"] == "component"


def test_items_at_several_sites_have_a_price_each(random_plan):
    """Varnish in the north and in the south are two resources; a choice of colors is none."""
    names = set(published(*random_plan(4))["prices"]["resource"].to_pylist())
    assert {"varnish north", "varnish south", "P0"} <= names
    assert not any(name.startswith("color of") for name in names)


def test_conflicts_name_orders_and_what_is_in_their_way(chair):
    """Four of twelve chairs cannot be kept: the promise with its orders, and the saw's four hours."""
    machine, promise = published(*chair)["conflicts"].to_pylist()
    assert (machine["row"], machine["needed"], machine["available"]) == ("machine saw in the week of 2024-01-01", 12, 8)
    assert (promise["needed"], promise["available"]) == (12, 8)
    assert "Orders: 1/1, 2/1." in promise["reason"]


def test_ranges_cap_what_a_remedy_brings(chair):
    """Where the price of 4 holds for three more hours, four hours bring at most 12."""
    row = published(*chair, ranges={("saw", 0): (2.0, 3.0)})["exceptions"].to_pylist()[0]
    assert (row["kind"], row["subject"]) == ("late", "2/1")
    assert row["remedy"] == "a later due date: the week of 2024-01-08"  # overtime would cost 12 and bring 12
    assert row["remedy_cost"] == pytest.approx(0.5 * 4)  # delay


def test_exceptions_are_ranked_by_money(random_plan):
    """Ranks run from 1, the money falls."""
    current, orders = random_plan(6)
    table = published(current, orders, wanted=more_of(current))["exceptions"]
    assert table["rank"].to_pylist() == list(range(1, table.num_rows + 1))
    money = np.round(table["money"].to_numpy(), 2)
    assert (np.diff(money) <= 0).all()
