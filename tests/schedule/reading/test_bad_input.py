"""Every way the tables can be wrong: what is said, with rows and the next step, or what is done."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from lotwise.errors import ContractError, SettingsError
from lotwise.schedule.reading import read
from lotwise.schedule.shop import Goal

NOON = datetime(2026, 11, 2, 12)  # noqa: DTZ001  wall-clock time
ORDERS = {"order": ["A", "B"]}
OPERATIONS = {
    "order": ["A", "A", "B"],
    "operation": [1, 2, 1],
    "machine": ["saw", "oven", "saw"],
    "minutes": [30.0, 60.0, 45.0],
}
MACHINES = {"machine": ["saw", "oven"]}
SHIFTS = {"machine": ["saw"], "weekday": [1], "starts": ["06:00"], "ends": ["14:00"]}
BATCH = OPERATIONS | {"family": [None, "bread", None], "size": [None, 5, None]}


def refused(**change):
    tables = {"orders": ORDERS, "operations": OPERATIONS, "machines": MACHINES} | change
    with pytest.raises(ContractError) as error:
        read(**tables)
    return str(error.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"orders": ORDERS | {"order": ["A", "A"]}}, "The orders: A stand more than once (rows 1, 2); give each order one row"),
        ({"orders": {"order": []}}, "The orders: there is no row"),
        ({"orders": ORDERS | {"weight": [-1.0, 2.0]}}, "'weight' is -1 in row 1; expected finite numbers of at least 0"),
        ({"orders": {"oder": ["A", "B"]}}, "column 'order' is missing; did you mean 'oder'?"),
        ({"orders": [1, 2]}, "found a list; expected pandas, Polars, Arrow"),
        ({"orders": None}, "The orders are missing; give a frame"),
        ({"orders": {"order": ["A", "C"]}}, "order 'B' (row 3) is not in the orders; add it there or drop the rows"),
        ({"operations": OPERATIONS | {"minutes": [30, -1, 45]}}, "'minutes' is -1 in row 2"),
        ({"operations": OPERATIONS | {"minutes": [30, None, np.nan]}}, "'minutes' is empty or not a number in rows 2, 3"),
        ({"operations": OPERATIONS | {"minutes": [30, np.inf, 1]}}, "'minutes' is inf in row 2"),
        ({"operations": OPERATIONS | {"minutes": ["x", "y", "z"]}}, "column 'minutes' holds string; expected numbers"),
        ({"operations": OPERATIONS | {"machine": ["saw", None, "saw"]}}, "'machine' is empty in row 2"),
        ({"operations": OPERATIONS | {"machine": ["saw", "ovn", "saw"]}}, "'ovn' (row 2) is not known; did you mean 'oven'?"),
        ({"operations": OPERATIONS | {"operation": [1, 1, 1], "machine": ["saw"] * 3}}, "A/1 on saw stand more than once"),
        (
            {"operations": OPERATIONS | {"operation": [1, 1, 1], "state": ["red", "blue", None]}},
            "rows of one operation give different 'state' (A/1: rows 1, 2)",
        ),
        ({"operations": OPERATIONS | {"after": ["A/2", None, None]}}, "circular precedence: A/1 after A/2 after A/1"),
        ({"operations": OPERATIONS | {"after": [None, None, "B/1"]}}, "circular precedence: B/1 after B/1"),
        ({"operations": OPERATIONS | {"after": [None, "A/7", None]}}, "A/2 comes after 'A/7', which is no operation; did you"),
        ({"operations": OPERATIONS | {"closed": ["inside", "paused", None]}}, "'closed' is 'paused' in row 2; did"),
        (
            {"operations": OPERATIONS | {"minutes": [30, 60, 481], "closed": ["inside"] * 3}, "shifts": SHIFTS},
            "B/1 on saw takes 481 minutes, its longest opening is 480: it never fits inside; set closed = pauses",
        ),
        (
            {"operations": BATCH, "machines": MACHINES | {"room": [None, 4]}},
            "A/2 on oven takes 5 of a room of 4: it is larger than the oven; split it",
        ),
        (
            {"operations": OPERATIONS | {"family": ["x"] * 3, "closed": ["inside", None, "inside"]}},
            "'closed' differs within the family x",
        ),
        ({"machines": {"machine": ["saw", "saw", "oven"]}}, "The machines: saw stand more than once (rows 1, 2)"),
        ({"machines": MACHINES | {"count": [1.5, 0]}}, "'count' is 1.5 in rows 1, 2; expected whole numbers of at least 1"),
        ({"machines": MACHINES | {"calendar": ["two shifts", None]}}, "calendar two shifts in row 1 has no working time"),
        ({"shifts": SHIFTS | {"machine": ["sow"]}}, "'sow' (row 1) is no machine, group, tool or calendar; did you"),
        ({"shifts": SHIFTS | {"weekday": [8]}}, "'weekday' is 8 in row 1; expected whole numbers from 1 to 7"),
        ({"shifts": SHIFTS | {"starts": ["25:00"]}}, "'starts' is '25:00' in row 1; expected a time of day"),
        ({"shifts": SHIFTS, "holidays": ["2026-11-02"]}, "days are named, but times are numbers without a start"),
        ({"downtime": {"machine": ["sav"], "starts": [1], "ends": [2]}}, "'sav' (row 1) is no machine, group or tool"),
        ({"downtime": {"machine": ["saw"], "starts": [3], "ends": [2]}}, "it ends before it starts in row 1"),
        (
            {"tool_needs": {"operation": [1, 9], "tool": ["clamp", "clamp"]}, "tools": {"tool": ["clamp"], "count": [1]}},
            "'9' in row 2 is no operation",
        ),
        ({"tool_needs": {"operation": [1], "tool": ["clmp"]}, "tools": {"tool": ["clamp"], "count": [1]}}, "mean 'clamp'?"),
        (
            {"tool_needs": {"operation": [1], "tool": ["clamp"], "count": [3]}, "tools": {"tool": ["clamp"], "count": [2]}},
            "more is needed than there is of clamp (2 of them) in row 1",
        ),
        ({"tools": {"tool": ["clamp"] * 2, "count": [1, 2]}}, "The tools: clamp stand more than once (rows 1, 2)"),
        ({"orders": ORDERS | {"due": [NOON, NOON]}}, "the times are timestamps; give start"),
        ({"orders": ORDERS | {"due": [NOON, NOON], "release": [1, 2]}}, "numbers in 'release' of the orders and timestamps"),
        ({"orders": ORDERS | {"due": ["noon", "later"]}}, "column 'due' holds string that is no time"),
        ({"orders": ORDERS | {"due": [np.inf, 1.0]}}, "'due' is infinite in row 1; leave it empty"),
        ({"setups": {"machine": ["saw"], "from_state": ["all"], "to_state": ["all"]}}, "both or neither of 'minutes'"),
        (
            {"setups": {"machine": ["sax"], "from_state": ["all"], "to_state": ["all"], "hours": [1]}},
            "The set-ups: 'sax' (row 1) is no machine, group or name",
        ),
        (
            {"setups": {"machine": ["saw"] * 2, "from_state": ["all"] * 2, "to_state": ["all"] * 2, "hours": [1, 2]}},
            "saw / all / all stand more than once (rows 1, 2)",
        ),
        ({"operations": {name: [] for name in OPERATIONS}}, "The operations: there is no row"),
        (
            {
                "orders": {"order": ["A", "A/1"]},
                "operations": OPERATIONS | {"order": ["A", "A/1", "A"], "operation": ["1/1", "1", "2"]},
            },
            "two are called A/1/1 (row 2); take '/' out",
        ),
        ({"orders": ORDERS | {"release": [1e9, 0]}}, "'release' is more than a hundred years away in row 1"),
        ({"operations": OPERATIONS | {"minutes": [1, 1e9, 1]}}, "'minutes' is 1e+09 in row 2; expected finite"),
        ({"machines": MACHINES | {"setups": ["quick", None]}}, "set-ups quick in row 1 have no rows in the set-ups"),
    ],
)  # fmt: skip
def test_the_message_names_rows_and_the_next_step(change, said):
    """What is wrong is refused with rows, what was expected, and what to do."""
    assert said in refused(**change)


def test_all_breaches_are_listed():
    """Four things wrong in three tables are told at once, a line each."""
    said = refused(
        orders=ORDERS | {"weight": [-1.0, 2.0]},
        operations=OPERATIONS | {"minutes": [30, -1, 45], "machine": [None, "oven", "saw"]},
        machines={"name": ["saw", "oven"]},
    )
    assert len(said.splitlines()) == 1 + 4


def test_zones_must_not_be_mixed():
    """One column in UTC and one in no zone, or a start in none, is told with the columns."""
    zoned = pl.DataFrame({"order": ["A", "B"], "due": [NOON.replace(tzinfo=UTC)] * 2, "release": [NOON, NOON]})
    with pytest.raises(ContractError, match=r"time zones are mixed .* 'release' .* UTC: 'due'"):
        read(zoned, OPERATIONS, start=NOON)
    with pytest.raises(ContractError, match="among times that are in the zone UTC; give it the same way"):
        read(zoned.drop("release"), OPERATIONS, start=NOON)


def test_a_calendar_without_working_time_is_refused():
    """A tool that is there at night only leaves a day machine no time for the operation that needs it."""
    shifts = {"machine": ["saw", "clamp"], "weekday": [1, 1], "starts": ["06:00", "22:00"], "ends": ["14:00", "24:00"]}
    tools = {"tools": {"tool": ["clamp"], "count": [1]}, "tool_needs": {"order": ["B"], "operation": [1], "tool": ["clamp"]}}
    assert "B/1 on saw: its tools are never there while the machine is open" in refused(shifts=shifts, **tools)


def test_a_machine_whose_days_are_all_holidays_is_refused():
    """Open on Mondays only, with two years of Mondays off, there is no working time; the machine is named."""
    mondays = [date(2026, 11, 2) + timedelta(weeks=week) for week in range(104)]
    said = refused(shifts=SHIFTS, holidays=mondays, start=datetime(2026, 11, 2))  # noqa: DTZ001  wall-clock time
    assert "The machines: saw have no working time: holidays and downtime leave nothing of their shifts" in said


def test_many_faults_of_one_kind_are_counted():
    """Of twelve machines that are not known the first five are named, and the number of the others."""
    rows = {"order": ["A"] * 12, "operation": range(12), "machine": [f"m{at}" for at in range(12)], "minutes": [1] * 12}
    said = refused(orders={"order": ["A"]}, operations=rows)
    assert said.count("is not known") == 5
    assert "7 more of this kind" in said


def test_an_order_due_before_its_release_is_taken(caplog):
    """It is late whatever is done: that is said, and it is scheduled."""
    with caplog.at_level(logging.WARNING, "lotwise.schedule"):
        shop = read(ORDERS | {"release": [50, 0], "due": [40, 90]}, OPERATIONS)
    assert (shop.orders.release.tolist(), shop.orders.due.tolist()) == ([50, 0], [40, 90])
    assert "due before release in row 1: late whatever is done" in caplog.text


def test_an_order_without_operations_is_taken(caplog):
    """It ends at its release, and that is said."""
    with caplog.at_level(logging.WARNING, "lotwise.schedule"):
        read({"order": ["A", "B", "C"]}, OPERATIONS)
    assert "no operation in row 3 (C)" in caplog.text


def test_a_column_that_is_almost_known_is_named(caplog):
    """'wieght' is not read, and it is asked whether 'weight' was meant."""
    with caplog.at_level(logging.WARNING, "lotwise.schedule"):
        read(ORDERS | {"wieght": [1, 2], "customer": ["x", "y"]}, OPERATIONS)
    assert "column 'wieght' is not read; did you mean 'weight'?" in caplog.text
    assert "customer" not in caplog.text


def test_a_moment_must_be_one():
    """A start that is no time is named."""
    with pytest.raises(SettingsError, match="found the moment 'soon'"):
        read(ORDERS, OPERATIONS, start="soon")


def test_a_goal_is_known():
    """Goals go by name; one that is none is named with the closest."""
    assert read(ORDERS, OPERATIONS, goal="flow").goal == Goal(flow=1.0, tardiness=0.0)
    with pytest.raises(SettingsError, match="goal = 'makspan'; did you mean 'makespan'"):
        read(ORDERS, OPERATIONS, goal="makspan")
