from datetime import date

import numpy as np
import pytest

from lotwise.errors import ContractError
from lotwise.schedule.check import breaches
from lotwise.schedule.search import dispatch
from lotwise.schedule.shop import INSIDE
from lotwise.schedule.stage import draft
from tests.schedule.stage.workshop import MACHINES, ROUTING, at, given, lot, order, peg, workshop


def test_minutes_come_from_units_and_hours():
    """Eight chairs are sawn in 240 minutes and joined in 480, the steps in turn, on one saw or either bench."""
    shop = draft(given(workshop(lots=[lot("C1", "chair", 8.0)], pegging=[], orders=[]))).shop
    assert shop.operations.name == ("C1/1 saw", "C1/1 bench")
    assert shop.modes.minutes.tolist() == [240, 480, 480]
    assert shop.operations.before.tolist() == [0]


def test_yield_makes_more_units_start():
    """Ten started for eight good ones take the time of ten."""
    shop = draft(given(workshop(lots=[lot("C1", "chair", 8.0, started=10.0)], pegging=[], orders=[]), part_hours=20.0)).shop
    assert shop.modes.minutes[0] == 300


def test_due_and_weight_are_those_of_the_orders():
    """A part is due with its first order; what all of its lines lose in a minute adds up."""
    made = draft(given())
    orders = made.shop.orders
    assert made.given.moment(orders.due[0]) == at(3, 0)
    # eight chairs of 168, 5 % a week: 8 * 168 * 0.05 / (168 * 60) a minute
    assert orders.weight[0] == pytest.approx(8 * 0.05 / 60)


def test_what_goes_into_other_lots_is_due_when_they_must_begin():
    """Seats for stools that are due on Tuesday night are due as long before as the stools take; their delay costs nothing."""
    tables = workshop(
        lots=[lot("SEATS", "chair", 4.0), lot("STOOLS", "stool", 4.0)], orders=[order("A", "stool", 4.0, date(2026, 11, 3))],
        pegging=[peg("STOOLS", "SEATS", "chair", 4.0), peg("order A/1", "STOOLS", "stool", 4.0)],
    )  # fmt: skip
    made = draft(given(tables))
    # four stools: two hours of sawing and four of joining before Wednesday, 0:00
    assert made.given.moment(made.shop.orders.due[0]) == at(2, 18)
    assert made.shop.orders.weight[0] == 0


def test_options_of_routing_become_waits_batches_and_crossings():
    """Waiting, closing hours, batches and tools of a step are those of its operation."""
    routing = [
        ROUTING[0] | {"wait_hours": 2.0, "closed": "inside"},
        ROUTING[1] | {"batch": "glue", "batch_hours": 3.0, "batch_room": 0.5},
    ]
    machines = [MACHINES[0], MACHINES[1] | {"room": 4.0}]
    tables = workshop(
        lots=[lot("C1", "chair", 8.0)], routing=routing, machines=machines, orders=[], pegging=[],
        tools=[{"tool": "jig", "count": 1}], tool_needs=[{"item": "all", "step": 1, "tool": "jig"}],
    )  # fmt: skip
    operations = draft(given(tables)).shop.operations
    assert operations.lag.tolist() == [120]
    assert (operations.crossing[0], operations.family.tolist(), operations.size.tolist()) == (INSIDE, [-1, 0], [0.0, 4.0])
    assert operations.tool_offsets.tolist() == [0, 1, 1]


def test_people_counted_as_a_step_in_the_plan_stand_beside_the_machine():
    """Where tool_needs says that the first step holds the benches, joining is no step of its own."""
    tables = workshop(
        tools=[{"tool": "bench", "count": 2}], tool_needs=[{"item": "chair", "step": 1, "tool": "bench"}],
        lots=[lot("C1", "chair", 8.0)], orders=[], pegging=[],
    )  # fmt: skip
    made = draft(given(tables))
    assert [step.number for _, step in made.steps] == [1]
    assert made.shop.operations.tool_count.tolist() == [1]


def test_steps_that_cannot_be_done_are_listed():
    """Too long for any opening, too few tools, no working time and an unknown machine: all in one message."""
    routing = [
        ROUTING[0] | {"closed": "inside", "hours": 3.0}, ROUTING[1],
        {"item": "stool", "step": 1, "machine": "bench", "hours": 1.0},
        {"item": "lamp", "step": 1, "machine": "oven", "hours": 1.0},
        {"item": "vase", "step": 1, "machine": "kiln", "hours": 1.0},
    ]  # fmt: skip
    lots = [lot(name, name, 4.0) for name in ("chair", "stool", "lamp", "vase")]
    tables = workshop(
        routing=routing, lots=lots, orders=[], pegging=[], machines=[*MACHINES, {"machine": "oven", "count": 1, "hours": 0.0}],
        tools=[{"tool": "jig", "count": 1}], tool_needs=[{"item": "stool", "step": 1, "tool": "jig", "count": 2}],
    )  # fmt: skip
    with pytest.raises(ContractError) as caught:
        draft(given(tables, part_hours=12.0))
    for said in ("longer than any opening", "2 of jig, of which there are 1", "no working time", "'kiln'"):
        assert said in str(caught.value)


def test_the_dispatch_rule_keeps_every_rule_on_a_drafted_shop():
    """What is drafted can be scheduled: the independent checker finds nothing."""
    setups = [{"machine": "all", "from_state": "all", "to_state": "all", "hours": 0.5}]
    down = [{"machine": "saw", "starts": at(1, 8), "ends": at(1, 9)}]
    shop = draft(given(workshop(setups=setups, downtime=down), part_hours=2.0)).shop
    assert breaches(shop, dispatch(shop)) == []
    assert np.all(shop.orders.weight > 0)


def test_no_lots_is_no_shop():
    """A plan without lots has nothing to schedule."""
    assert draft(given(workshop(lots=[]))) is None
