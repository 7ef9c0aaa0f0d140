"""Set-up matrices from rows with wildcards."""

from __future__ import annotations

import pytest

from lotwise.errors import ContractError
from lotwise.schedule.reading import read

ORDERS = {"order": ["A"]}
OPERATIONS = {
    "order": ["A"] * 3, "operation": [1, 2, 3], "machine": ["press"] * 3, "minutes": [5] * 3,
    "state": ["red", "blue", "green"],
}  # fmt: skip


def table(*rows):
    return dict(zip(("machine", "from_state", "to_state", "minutes", "cost"), zip(*rows, strict=True), strict=True))


def test_the_most_specific_row_counts():
    """Red to blue by its own row, all to green before red to all, the rest by all to all; within one state nothing."""
    rows = table(
        ("press", "all", "all", 10, 1.0),
        ("press", "red", "all", 20, 2.0),
        ("press", "all", "green", 30, 3.0),
        ("press", "red", "blue", 40, 4.0),
        ("press", "green", "green", 5, 0.5),
        ("press", "new", "all", 7, 0.0),
    )
    shop = read(ORDERS, OPERATIONS, setups=rows)
    assert shop.setups.states == ("red", "blue", "green")
    # rows: from red, blue, green, and from a state not known
    assert shop.setups.minutes[0].tolist() == [[0, 40, 30], [10, 0, 30], [10, 10, 5], [7, 7, 7]]
    assert shop.setups.cost[0, 0].tolist() == [0.0, 4.0, 3.0]
    assert shop.machines.setups.tolist() == [0]


def test_from_a_state_not_known_the_longest_set_up_is_taken():
    """Without rows from 'new', a press in an unknown state takes 30 minutes to green, the longest of 10 and 30."""
    rows = table(("press", "all", "all", 10, 0.0), ("press", "red", "green", 30, 0.0))
    assert read(ORDERS, OPERATIONS, setups=rows).setups.minutes[0, -1].tolist() == [10, 10, 30]


def test_rows_are_of_a_machine_its_group_or_all():
    """The press has rows of its own, another machine those of all, a third those its row names."""
    rows = table(("press", "all", "all", 10, 0.0), ("all", "all", "all", 20, 0.0), ("quick", "all", "all", 3, 0.0))
    machines = {"machine": ["press", "dryer", "robot"], "setups": [None, None, "quick"]}
    shop = read(ORDERS, OPERATIONS, machines, setups=rows)
    assert [int(shop.setups.minutes[at, 0, 1]) for at in shop.machines.setups] == [10, 20, 3]


def test_hours_are_minutes():
    """A quarter of an hour is 15 minutes."""
    rows = {"machine": ["all"], "from_state": ["all"], "to_state": ["all"], "hours": [0.25]}
    assert read(ORDERS, OPERATIONS, setups=rows).setups.minutes.max() == 15


def test_holes_are_named():
    """What no row tells of is listed pair by pair, but only pairs that can follow one another on the machine."""
    rows = table(("press", "red", "all", 20, 0.0), ("press", "blue", "red", 20, 0.0), ("press", "pink", "blue", 1, 0.0))
    with pytest.raises(ContractError) as error:
        read(ORDERS, OPERATIONS, setups=rows)
    assert "'press' says nothing of blue to green, green to red, green to blue" in str(error.value)
    assert "pink" not in str(error.value)
    # green is done elsewhere: nothing is missing
    elsewhere = OPERATIONS | {"machine": ["press", "press", "dryer"]}
    assert read(ORDERS, elsewhere, setups=rows).setups.minutes[0, 1, 0] == 20
