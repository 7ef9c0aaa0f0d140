"""The schedule before, and what of it stays."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import pytest

from lotwise.errors import ContractError
from lotwise.schedule.reading import read
from lotwise.schedule.shop import Goal

ORDERS = {"order": ["A", "B", "C"], "due": [100, 100, 100], "weight": [1.0, 2.0, 4.0]}
OPERATIONS = {
    "order": ["A", "A", "B", "B", "C"], "operation": [1, 2, 1, 2, 1], "machine": ["saw", "oven", "saw", "oven", "saw"],
    "minutes": [30] * 5,
}  # fmt: skip
PREVIOUS = {
    "order": ["A", "A", "B", "B"], "operation": [1, 2, 1, 2], "machine": ["saw", "oven", "saw", "oven"],
    "starts": [0, 30, 30, 60], "ends": [30, 60, 60, 90],
}  # fmt: skip


def test_the_schedule_before_is_told_in_operations():
    """B/1 was behind A/1 on the saw, B/2 behind A/2 in the oven, C was not in it; nothing stays without a fence."""
    before = read(ORDERS, OPERATIONS, previous=PREVIOUS).before
    assert before.machine.tolist() == [0, 1, 0, 1, -1]
    assert before.behind.tolist() == [-1, -1, 0, 1, -2]
    assert not before.fixed.any()


def test_what_has_begun_and_what_is_within_the_fence_stay():
    """At 10, A/1 has begun; with a fence until 40, A/2 and B/1 stay too, with times from now on."""
    before = read(ORDERS, OPERATIONS, previous=PREVIOUS, now=10).before
    assert before.fixed.tolist() == [True, False, False, False, False]
    assert (before.start[0], before.end[0]) == (-10, 20)
    before = read(ORDERS, OPERATIONS, previous=PREVIOUS, now=10, frozen_until=40).before
    assert before.fixed.tolist() == [True, True, True, False, False]


def test_a_fence_is_a_time_or_a_span():
    """Forty minutes from 00:00 are 00:40."""
    start = datetime(2026, 11, 2)  # noqa: DTZ001  wall-clock time
    times = {name: [start + timedelta(minutes=at) for at in PREVIOUS[name]] for name in ("starts", "ends")}
    orders = {"order": ORDERS["order"]}
    found = [
        read(orders, OPERATIONS, previous=PREVIOUS | times, start=start, frozen_until=until).before.fixed.tolist()
        for until in (timedelta(minutes=40), start + timedelta(minutes=40), "2026-11-02 00:40")
    ]
    assert found == [[True, True, True, False, False]] * 3


def test_changes_count_hours_of_a_usual_order():
    """The median weight is 2 an hour: eight hours for another machine, one for another sequence; a goal of one's own stays."""
    goal = read(ORDERS, OPERATIONS, previous=PREVIOUS).goal
    assert (goal.machine_change, goal.sequence_change) == (16.0, 2.0)
    assert read(ORDERS, OPERATIONS, previous=PREVIOUS, goal=Goal(flow=1.0)).goal == Goal(flow=1.0)


def test_batches_are_behind_the_first_of_the_batch_before():
    """A and B shared the saw from 0 to 30: C is behind A, the first of them by number, and both were first."""
    previous = {
        "order": ["C", "B", "A"], "operation": [1, 1, 1], "machine": ["saw"] * 3, "starts": [30, 0, 0], "ends": [60, 30, 30],
        "batch": [None, 4, 4],
    }  # fmt: skip
    assert read(ORDERS, OPERATIONS, previous=previous).before.behind.tolist() == [-1, -2, -1, -2, 0]


@pytest.mark.parametrize(
    ("change", "stays"),
    [
        ({"downtime": {"machine": ["oven"], "starts": [35], "ends": [50]}}, [True, False, True, True]),
        (
            {
                "downtime": {"machine": ["mitt"], "starts": [35], "ends": [50]},
                "tools": {"tool": ["mitt"], "count": [2]},
                "tool_needs": {"order": ["A"], "operation": [2], "tool": ["mitt"]},
            },
            [True, False, True, True],
        ),
        ({"orders": ORDERS | {"release": [None, 45, None]}}, [True, True, False, False]),
        ({"operations": OPERATIONS | {"release": [None, None, 31, None, None]}}, [True, True, False, False]),
        ({"operations": OPERATIONS | {"machine": ["saw", "oven", "mill", "oven", "saw"]}}, [True, True, False, False]),
    ],
)
def test_what_cannot_stay_is_scheduled_anew(change, stays, caplog):
    """Within the fence until 70, what has its machine down or gone or its material late is let go, and what follows it."""
    tables = {"orders": ORDERS, "operations": OPERATIONS} | change
    machines = {"machine": ["saw", "oven", "mill"]}
    with caplog.at_level(logging.WARNING, "lotwise.schedule"):
        before = read(**tables, machines=machines, previous=PREVIOUS, now=5, frozen_until=70).before
    assert before.fixed[:4].tolist() == stays
    assert "cannot stay although within the frozen fence" in caplog.text


def test_a_schedule_of_another_plant_is_refused():
    """Where no machine is known, nothing of it can be meant; one that is known is taken, with a remark on the rest."""
    foreign = PREVIOUS | {"machine": ["x1", "x2", "x1", "x2"]}
    with pytest.raises(ContractError, match=r"none of its machines \(x1, x2\) is among the machines"):
        read(ORDERS, OPERATIONS, previous=foreign)
    partly = read(ORDERS, OPERATIONS, previous=PREVIOUS | {"machine": ["saw", "x2", "saw", "x2"]}).before
    assert partly.machine.tolist() == [0, -1, 0, -1, -1]


def test_operations_that_are_gone_are_left_out(caplog):
    """What is finished and no longer to be done is passed over, and the sequence closes over it."""
    left = {name: values[1:] for name, values in OPERATIONS.items()}
    left = left | {"operation": [2, 1, 2, 1]}
    with caplog.at_level(logging.WARNING, "lotwise.schedule"):
        before = read(ORDERS, left, previous=PREVIOUS, now=30).before
    assert before.behind.tolist() == [-1, -1, 0, -2]
    assert "are of no operation that is to be done" in caplog.text


@pytest.mark.parametrize(
    ("previous", "operations", "match"),
    [
        (PREVIOUS | {"order": ["A", "A", "B", "A"]}, OPERATIONS, "A/2 stand more than once .rows 2, 4"),
        (PREVIOUS | {"ends": [30, 20, 60, 90]}, OPERATIONS, "it ends before it starts in row 2"),
        (PREVIOUS, OPERATIONS | {"machine": ["mill", "oven", "saw", "oven", "saw"]}, "A/1 have begun on a machine"),
        ({name: values[1:] for name, values in PREVIOUS.items()}, OPERATIONS, "A/2 has begun, but A/1 before it has not"),
    ],
)
def test_facts_that_cannot_be_are_refused(previous, operations, match):
    """At 35, what has begun must have had its machine, and what comes before it done."""
    with pytest.raises(ContractError, match=match):
        read(ORDERS, operations, {"machine": ["saw", "oven", "mill"]}, previous=previous, now=35)
