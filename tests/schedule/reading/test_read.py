"""Frames as a shop: what each column becomes."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lotwise.schedule.reading import Faults, build, draft, read
from lotwise.schedule.shop import INSIDE, NEVER, PAUSES, RUNS_ON, Goal

MONDAY = datetime(2026, 11, 2, 6)  # noqa: DTZ001  wall-clock time
ORDERS = {"order": ["A", "B"]}
OPERATIONS = {
    "order": ["A", "A", "B"],
    "operation": [1, 2, 1],
    "machine": ["saw", "oven", "saw"],
    "minutes": [30, 60, 45],
}


def test_two_orders_are_three_operations():
    """Each row is an operation, the second of A comes after the first, and nothing is due."""
    shop = read(ORDERS, OPERATIONS)
    assert shop.operations.name == ("A/1", "A/2", "B/1")
    assert shop.operations.order.tolist() == [0, 0, 1]
    assert (shop.operations.before_offsets.tolist(), shop.operations.before.tolist()) == ([0, 0, 1, 1], [0])
    assert shop.modes.machine.tolist() == [0, 1, 0]
    assert shop.modes.minutes.tolist() == [30, 60, 45]
    assert shop.machines.name == shop.machines.group == ("saw", "oven")
    assert shop.orders.due.tolist() == [NEVER] * 2
    assert (shop.goal, shop.before, shop.start) == (Goal(makespan=1.0, tardiness=0.0), None, None)


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame, pa.table, dict])
def test_frames_of_any_kind_tell_the_same(frame):
    """pandas, Polars, Arrow and dicts of columns are read alike, absent values too."""
    orders = ORDERS | {"due": [120.0, None], "weight": [6.0, None]}
    if frame is pd.DataFrame:
        orders |= {"due": [120.0, np.nan], "weight": [6.0, np.nan]}
    shop = read(frame(orders), frame(OPERATIONS))
    assert shop.orders.due.tolist() == [120, NEVER]
    # money for an hour: 6 and, untold, 1; a minute is a sixtieth
    assert shop.orders.weight == pytest.approx([0.1, 1 / 60])


def test_steps_are_sorted_by_number_and_names_by_row():
    """Step 10 comes after step 9; names come in the sequence of their rows; pandas' 9.0 is 9."""
    rows = {"order": ["A"] * 3, "machine": ["m"] * 3, "minutes": [1, 2, 3]}
    assert read({"order": ["A"]}, rows | {"operation": [10.0, 9.0, 1.0]}).operations.name == ("A/1", "A/9", "A/10")
    assert read({"order": ["A"]}, rows | {"operation": ["weave", "dye", "cut"]}).operations.name == (
        "A/weave",
        "A/dye",
        "A/cut",
    )


def test_rows_of_one_operation_are_alternatives():
    """A group stands for its machines, and a row of one machine counts before one of its group."""
    machines = {"machine": ["saw", "mill"], "count": [3, 1], "group": [None, "cutting"]}
    rows = {
        "order": ["A"] * 3, "operation": [1] * 3, "machine": ["saw", "saw 2", "cutting"], "minutes": [30, 20, 40],
        "cost": [1.0, 2.0, 3.0], "state": [None, "red", None],
    }  # fmt: skip
    shop = read({"order": ["A"]}, rows, machines)
    assert shop.machines.name == ("saw 1", "saw 2", "saw 3", "mill")
    assert shop.machines.group == ("saw", "saw", "saw", "cutting")
    assert shop.modes.minutes.tolist() == [30, 20, 30, 40]
    assert shop.modes.cost.tolist() == [1.0, 2.0, 1.0, 3.0]
    assert (shop.setups.states, shop.operations.state.tolist()) == (("red",), [0])


def test_predecessors_are_named():
    """'after' names operations of any order, or of the same one without it; 'none' starts at once; waits pass after an end."""
    rows = {
        "order": ["A", "A", "A", "B", "B"], "operation": [1, 2, 3, 1, 2], "machine": ["m"] * 5, "minutes": [1] * 5,
        "after": [None, "none", "1; 2", None, "A/3;1"], "wait_minutes": [5, None, 0.5, 0, 0],
    }  # fmt: skip
    shop = read(ORDERS, rows)
    assert shop.operations.before_offsets.tolist() == [0, 0, 0, 2, 2, 4]
    assert shop.operations.before.tolist() == [0, 1, 2, 3]
    # half a minute counts as one
    assert shop.operations.lag.tolist() == [5, 0, 1, 0]


def test_parts_of_a_minute_count_as_one():
    """Minutes and releases are rounded up, due times down; zero minutes stay zero."""
    orders = {"order": ["A"], "release": [0.2], "due": [9.9]}
    rows = {"order": ["A"] * 3, "operation": [1, 2, 3], "machine": ["m"] * 3, "minutes": [0.1, 0.0, 2.0000000001]}
    shop = read(orders, rows)
    assert (shop.orders.release.tolist(), shop.orders.due.tolist()) == ([1], [9])
    assert shop.modes.minutes.tolist() == [1, 0, 2]


def test_timestamps_count_from_the_start():
    """An hour after the start is minute 60; a day it is due on ends at midnight; texts are read too."""
    orders = {"order": ["A", "B"], "release": [MONDAY + timedelta(hours=1), None], "due": [date(2026, 11, 2), None]}
    shop = read(orders, OPERATIONS | {"release": ["2026-11-02 08:00", None, None]}, start=MONDAY)
    assert shop.orders.release.tolist() == [60, 0]
    assert shop.orders.due.tolist() == [18 * 60, NEVER]
    assert shop.operations.release.tolist() == [120, 0, 0]
    assert shop.start == MONDAY


def test_wall_clock_times_of_one_zone_are_read():
    """With a zone, wall-clock times are meant: 08:00 in Berlin is two hours after 06:00 there, which is 05:00 UTC."""
    zone = pa.timestamp("us", "Europe/Berlin")
    release = pa.array([datetime(2026, 11, 2, 7, tzinfo=UTC), None], pa.timestamp("us", "UTC")).cast(zone)
    shop = read({"order": ["A", "B"], "release": release}, OPERATIONS, start=datetime(2026, 11, 2, 5, tzinfo=UTC))
    assert shop.orders.release.tolist() == [120, 0]
    assert shop.start == MONDAY


def test_now_is_minute_0_of_the_shop():
    """With now = 100, a due time of 150 is minute 50, and an order already to be released is so at once."""
    shop = read({"order": ["A", "B"], "due": [150, 90], "release": [20, 130]}, OPERATIONS, now=100)
    assert shop.orders.due.tolist() == [50, -10]
    assert shop.orders.release.tolist() == [0, 30]


def test_batches_keep_their_room():
    """Sizes and rooms are whole; with fractions, thousandths: sizes rounded up and rooms down."""
    rows = OPERATIONS | {"family": [None, "x", None], "size": [None, 2, None], "closed": [None, "runs on", "Inside"]}
    machines = {"machine": ["saw", "oven"], "room": [None, 3.0]}
    shop = read(ORDERS, rows, machines)
    assert (shop.operations.size.tolist(), shop.machines.room.tolist()) == ([0, 2, 0], [0, 3])
    assert shop.operations.family.tolist() == [-1, 0, -1]
    assert shop.operations.crossing.tolist() == [PAUSES, RUNS_ON, INSIDE]
    shop = read(ORDERS, rows | {"size": [None, 0.0005, None]}, machines | {"room": [0, 2.5]})
    assert (shop.operations.size.tolist(), shop.machines.room.tolist()) == ([0, 1, 0], [0, 2500])


def test_machines_have_money_hours_and_states():
    """Overtime costs by the minute; a state that is new is not known; a machine is free from its time on."""
    machines = {"machine": ["saw", "oven"], "overtime_cost": [30.0, None], "state": ["new", "hot"], "free": [None, 15]}
    shop = read(ORDERS, OPERATIONS, machines)
    assert shop.machines.minute_cost.tolist() == [0.5, 0.0]
    assert shop.machines.state.tolist() == [-1, 0]
    assert shop.machines.free.tolist() == [0, 15]


def test_typed_columns_are_built_apart_from_frames():
    """``draft`` and then ``build`` is what ``read`` does; without a machines table the draft has no rows of it."""
    faults = Faults()
    columns = draft({"orders": ORDERS, "operations": OPERATIONS}, faults)
    assert len(columns.machines) == 0
    assert build(columns, faults).operations.name == read(ORDERS, OPERATIONS).operations.name
    assert (faults.found, faults.remarks) == ([], [])


@given(st.permutations(range(12)))
def test_the_sequence_of_rows_does_not_matter(sequence):
    """Where steps are numbers and the machines are told, rows in any sequence are the same shop."""
    rows = {
        "order": [f"O{at // 4}" for at in range(12)], "operation": [at // 2 % 2 + 1 for at in range(12)],
        "machine": ["saw", "mill"] * 6, "minutes": list(range(12)), "state": ["red", "red", "blue", "blue"] * 3,
    }  # fmt: skip
    told = {"order": ["O0", "O1", "O2"]}, {"machine": ["saw", "mill"]}
    mixed = {name: [values[at] for at in sequence] for name, values in rows.items()}
    plain, shuffled = read(told[0], rows, told[1]), read(told[0], mixed, told[1])
    for part in ("operations", "modes"):
        for one in fields(getattr(plain, part)):
            assert np.array_equal(getattr(getattr(plain, part), one.name), getattr(getattr(shuffled, part), one.name))


def test_a_hundred_thousand_operations_are_read():
    """25,000 orders of four operations on groups of ten machines are read whole: a million modes."""
    count = 25_000
    order = np.repeat(np.arange(count), 4)
    step = np.tile(np.arange(1, 5), count)
    groups = pa.array([f"group {at}" for at in range(1, 5)]).take(pa.array(step - 1))
    rows = {"order": order, "operation": step, "machine": groups, "minutes": np.full(4 * count, 7.0)}
    shop = read({"order": np.arange(count)}, rows, {"machine": [f"group {at}" for at in range(1, 5)], "count": [10] * 4})
    assert (shop.size, len(shop.modes.machine), len(shop.operations.before)) == (100_000, 1_000_000, 75_000)
