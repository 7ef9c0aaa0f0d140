import pytest

from lotwise.errors import ContractError
from lotwise.schedule.stage import draft
from lotwise.schedule.stage.parts import parts
from lotwise.schedule.stage.states import States
from tests.schedule.stage.workshop import ROUTING, given, lot, workshop

SETUPS = [
    {"machine": "saw", "from_state": "chair", "to_state": "stool", "hours": 2.0, "cost": 7.0},
    {"machine": "saw", "from_state": "all", "to_state": "chair", "hours": 1.0},
]


def matrix(tables, group):
    told = given(tables)
    states = States(told)
    for part in parts(told):
        for step in part.steps:
            states.of(part, step)
    states.settle(told)
    setups, number = states.setups()
    names = [*setups.states, "new"]
    return {
        (before, after): (int(setups.minutes[number[group], b, a]), float(setups.cost[number[group], b, a]))
        for b, before in enumerate(names)
        for a, after in enumerate(setups.states)
    }


def test_rows_of_setups_hold_the_exact_pair_first():
    """The exact pair counts, then 'all'; staying takes nothing; from a state not known the longest into it is taken."""
    found = matrix(workshop(setups=SETUPS), "saw")
    assert found["chair", "stool"] == (120, 7.0)
    assert found["stool", "chair"] == (60, 0.0)
    assert found["chair", "chair"] == found["stool", "stool"] == (0, 0.0)
    assert found["new", "stool"] == (120, 7.0)


def test_holes_are_listed_with_what_would_fill_them():
    """A change that no row tells is named; the schedule is not made."""
    with pytest.raises(ContractError, match="saw: from 'stool' to 'chair'") as caught:
        draft(given(workshop(setups=SETUPS[:1])))
    assert "'all'" in str(caught.value)


def test_without_rows_every_item_is_set_up_as_its_routing_and_family_say():
    """Half an hour for a lot of another item, and the family's hour where the family differs too."""
    routing = [row | {"setup_hours": 0.5 if row["machine"] == "saw" else None} for row in ROUTING]
    families = [{"family": "soft", "machine": "saw", "setup_hours": 1.0, "setup_cost": 3.0}]
    lots = [lot("C1", "chair", 8.0, family="soft"), lot("S1", "stool", 4.0)]
    found = matrix(workshop(routing=routing, families=families, lots=lots), "saw")
    assert found["stool", "chair"] == (90, 3.0)
    assert found["chair", "stool"] == (30, 0.0)
    assert found["chair", "chair"] == (0, 0.0)


def test_machines_without_any_set_up_have_no_matrix():
    """Where nobody says what changing takes, operations need no state."""
    shop = draft(given()).shop
    assert shop.setups.minutes.shape[0] == 0
    assert (shop.operations.state == -1).all()
