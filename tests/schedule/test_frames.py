"""``schedule``: frames in, a checked schedule in tables out."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from lotwise.errors import ContractError, SettingsError
from lotwise.schedule.check import breaches
from lotwise.schedule.frames import schedule

MONDAY = datetime(2026, 11, 2, 6)  # noqa: DTZ001  wall-clock time
ORDERS = {"order": [7, 8], "due": [60, 90], "weight": [60.0, 120.0]}
OPERATIONS = {"order": [7, 7, 8], "operation": [1, 2, 1], "machine": ["saw", "oven", "saw"], "minutes": [30, 60, 45]}
SETUPS = {"machine": ["saw"], "from_state": ["all"], "to_state": ["all"], "minutes": [10], "cost": [3.0]}


def random_shop(seed):
    """Return tables of 12 orders in which everything that can be told is told."""
    rng = np.random.default_rng(seed)
    order = np.repeat(np.arange(12), 3)
    operations = {
        "order": order,
        "operation": np.tile([1, 2, 3], 12),
        "machine": np.tile(["saw", "paint", "oven"], 12),
        "minutes": rng.integers(5, 120, 36),
        "added_minutes": np.tile([0, 0, 2], 12),
        "state": np.where(np.tile([False, True, False], 12), rng.choice(["red", "blue", "green"], 36), None).tolist(),
        "family": ["bread" if step == 2 else None for step in range(3)] * 12,
        "size": np.tile([1, 1, 2], 12),
        "closed": np.tile(["inside", "pauses", "runs on"], 12),
        "wait_minutes": rng.integers(0, 20, 36),
    }
    shifts = [("all", day, "06:00", "14:00", False) for day in range(1, 6)]
    shifts += [
        ("all", 6, "06:00", "12:00", True),
        ("painter", 1, "05:00", "10:00", False),
        ("painter", 2, "05:00", "23:00", False),
    ]
    return {
        "orders": {
            "order": np.arange(12), "due": rng.integers(400, 3000, 12), "release": rng.integers(0, 600, 12),
            "weight": rng.integers(1, 9, 12),
        },
        "operations": operations,
        "machines": {
            "machine": ["saw", "paint", "oven"], "count": [2, 2, 1], "room": [None, None, 5], "overtime_cost": [30] * 3,
        },
        "shifts": dict(zip(("machine", "weekday", "starts", "ends", "overtime"), zip(*shifts, strict=True), strict=True)),
        "downtime": {"machine": ["saw 2", "clamp"], "starts": [100, 500], "ends": [700, 900]},
        "setups": SETUPS | {"machine": ["paint"]},
        "tools": {"tool": ["clamp", "painter"], "count": [2, 1]},
        "tool_needs": {"operation": [1, 2], "tool": ["clamp", "painter"]},
    }  # fmt: skip


def test_numbers_come_back_as_numbers():
    """The two jobs on the saw take 30 + 45 = 75 minutes without a break, and the times are whole numbers."""
    found = schedule(ORDERS, OPERATIONS, moves=0)
    jobs = found.jobs.to_pydict()
    assert (jobs["order"], jobs["operation"], jobs["machine"]) == ([7, 7, 8], [1, 2, 1], ["saw", "oven", "saw"])
    assert found.jobs.schema.field("starts").type == pa.int64()
    assert min(jobs["starts"][0], jobs["starts"][2]) == 0
    assert max(jobs["ends"][0], jobs["ends"][2]) == 75
    assert jobs["status"] == ["planned"] * 3
    assert sorted([jobs["place"][0], jobs["place"][2]]) == [1, 2]
    assert breaches(found.shop, found.found.schedule) == []


def test_lateness_is_money_by_the_hour():
    """7 on the saw and then in the oven ends at 90 if it is first: half an hour late at 60 an hour is 30."""
    found = schedule(ORDERS | {"due": [60, 500]}, OPERATIONS, method="dispatch")
    row = found.lateness.to_pylist()[0]
    assert (row["order"], row["due"], row["ends"], row["late_hours"]) == (7, 60, 90, 0.5)
    assert row["money"] == pytest.approx(30.0)
    told = found.summary.to_pylist()[0]
    assert (told["method"], told["late"], told["orders"], told["operations"], told["ends"]) == ("dispatch", 1, 2, 3, 90)
    assert told["total"] == pytest.approx(told["tardiness"])


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame, pa.table])
def test_timestamps_come_back_as_timestamps(frame):
    """Due at 07:30, begun at 06:00 on Monday: the times are timestamps, without a zone where none was given."""
    orders = frame({"order": ["A"], "due": [MONDAY + timedelta(minutes=90)]})
    rows = frame({"order": ["A", "A"], "operation": ["cut", "bake"], "machine": ["saw", "oven"], "minutes": [30, 60]})
    jobs = schedule(orders, rows, start=MONDAY, moves=0).jobs.to_pylist()
    assert [row["operation"] for row in jobs] == ["cut", "bake"]
    assert [row["ends"] for row in jobs] == [MONDAY + timedelta(minutes=30), MONDAY + timedelta(minutes=90)]


def test_a_zone_comes_back():
    """Times in Shanghai come back in Shanghai."""
    zone = pa.timestamp("us", "Asia/Shanghai")
    orders = {"order": pa.array(["A"]), "due": pa.array([datetime(2026, 11, 2, 2, tzinfo=UTC)], zone)}
    rows = {"order": ["A"], "operation": [1], "machine": ["saw"], "minutes": [30]}
    found = schedule(orders, rows, start=datetime(2026, 11, 2, 1, tzinfo=UTC), moves=0)
    assert found.jobs["starts"].type == zone
    assert found.jobs["starts"][0].as_py() == datetime(2026, 11, 2, 1, tzinfo=UTC)


def test_set_ups_are_told():
    """The saw starts unknown: ten minutes to red, then ten to blue, each with its cost."""
    found = schedule(ORDERS, OPERATIONS | {"state": ["red", None, "blue"]}, setups=SETUPS, moves=0)
    rows = sorted((row for row in found.jobs.to_pylist() if row["machine"] == "saw"), key=lambda row: row["starts"])
    assert [row["setup_minutes"] for row in rows] == [10, 10]
    assert (rows[0]["setup_starts"], rows[0]["from_state"]) == (0, None)
    assert rows[1]["from_state"] == rows[0]["to_state"]
    assert found.jobs.to_pylist()[1]["setup_starts"] is None
    assert found.summary["setup"][0].as_py() == 6.0


@pytest.mark.parametrize("budget", [{"moves": 0}, {"seconds": 0}])
def test_without_time_it_is_the_dispatch_rule(budget):
    """A budget of nothing gives the rule's schedule, and says so."""
    told = schedule(ORDERS, OPERATIONS, **budget).summary.to_pylist()[0]
    assert (told["method"], told["moves"]) == ("dispatch", 0)
    assert "no time" in told["why"]


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"method": "tabbu"}, "method = 'tabbu'; did you mean 'tabu'"),
        ({"moves": -1}, "moves = -1; expected at least 0"),
        ({"seconds": float("nan")}, "seconds = nan; expected at least 0"),
        ({"starts": 0}, "starts = 0; expected at least 1"),
    ],
)
def test_a_budget_must_be_one(change, match):
    """Unknown methods and negative budgets are refused before anything is read."""
    with pytest.raises(SettingsError, match=match):
        schedule(ORDERS, OPERATIONS, **change)


def test_bad_tables_are_refused():
    """What ``read`` refuses is refused."""
    with pytest.raises(ContractError, match="did you mean 'saw'"):
        schedule(ORDERS, OPERATIONS | {"machine": ["saw", "oven", "sew"]}, {"machine": ["saw", "oven"]})


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_told_is_kept_to(seed):
    """Shops with shifts, overtime, downtime, set-ups, tools, batches and waits are scheduled, and the tables say what is."""
    found = schedule(**random_shop(seed), moves=2_000)
    jobs = found.jobs.to_pylist()
    assert len(jobs) == 36
    assert found.lateness.num_rows == 12
    assert {row["machine"] for row in jobs} <= {"saw 1", "saw 2", "paint 1", "paint 2", "oven"}
    assert all(row["ends"] - row["starts"] >= row["minutes"] for row in jobs)
    late = sum(row["money"] for row in found.lateness.to_pylist())
    told = found.summary.to_pylist()[0]
    assert told["tardiness"] == pytest.approx(late)
    parts = ("tardiness", "setup", "overtime", "change", "modes")
    assert told["total"] == pytest.approx(sum(told[part] for part in parts))
    batches = [row["batch"] for row in jobs if row["batch"] is not None]
    assert all(batches.count(number) > 1 for number in batches)


def test_a_schedule_is_the_start_of_the_next():
    """Two hours later nothing has changed: what has begun stays, nothing is on another machine, and the tables fit."""
    tables = random_shop(1)
    first = schedule(**tables, moves=2_000)
    again = schedule(**tables, moves=0, previous=first.jobs, now=120, frozen_until=240)
    jobs = again.jobs.to_pylist()
    begun = [row for row in first.jobs.to_pylist() if row["starts"] < 120]
    kept = {(row["order"], row["operation"]): row for row in jobs}
    for row in begun:
        now = kept[row["order"], row["operation"]]
        assert (now["machine"], now["starts"], now["ends"]) == (row["machine"], row["starts"], row["ends"])
        assert now["status"] == ("done" if row["ends"] <= 120 else "running")
    assert all(row["starts"] >= 120 for row in jobs if row["status"] in {"planned", "frozen"})
    assert [row["before"] for row in jobs] == first.jobs["machine"].to_pylist()


@pytest.mark.parametrize("seed", range(6))
def test_the_sequence_is_read_back(seed):
    """What each operation was behind, read from the table, is what it is behind in the schedule; batches too."""
    first = schedule(**random_shop(seed), moves=500)
    again = schedule(**random_shop(seed), moves=0, previous=first.jobs)
    kept = first.jobs.num_rows
    assert again.shop.before.behind[:kept].tolist() == first.found.schedule.behind[:kept].tolist()


def test_operations_without_minutes_keep_their_place():
    """An inspection of no minutes between two jobs has a place of its own, and starts when it ends."""
    rows = {"order": ["A"] * 3, "operation": [1, 2, 3], "machine": ["saw"] * 3, "minutes": [10, 0, 5]}
    jobs = schedule({"order": ["A"]}, rows, moves=0).jobs.to_pydict()
    assert (jobs["starts"], jobs["ends"], jobs["place"]) == ([0, 10, 10], [10, 10, 15], [1, 2, 3])


def test_a_breakdown_and_a_rush_order_change_little():
    """A saw breaks down and an order of high weight comes in: few are on another machine, and nothing starts before now."""
    tables = random_shop(2)
    first = schedule(**tables, moves=2_000)
    down = {"machine": ["saw 2", "clamp", "saw 1"], "starts": [100, 500, 300], "ends": [700, 900, 420]}
    orders = {
        name: [*values, extra] for (name, values), extra in zip(tables["orders"].items(), [99, 800, 300, 50], strict=True)
    }
    rush = {"order": 99, "operation": 1, "machine": "paint", "minutes": 60, "state": "red"}
    operations = {name: [*values, rush.get(name)] for name, values in tables["operations"].items()}
    told = tables | {"orders": orders, "operations": operations, "downtime": down}
    again = schedule(**told, moves=2_000, previous=first.jobs, now=300, frozen_until=400)
    jobs = again.jobs.to_pylist()
    assert len(jobs) == 37
    assert next(row for row in jobs if row["order"] == 99)["before"] is None
    assert all(row["starts"] >= 300 for row in jobs if row["status"] in {"planned", "frozen"})
    assert again.summary["changed"][0].as_py() <= 4


def test_remarks_come_with_the_result(caplog):
    """An order due before its release is scheduled, and said to be late whatever is done."""
    with caplog.at_level(logging.WARNING, "lotwise.schedule"):
        found = schedule(ORDERS | {"release": [100, 0]}, OPERATIONS, moves=0)
    assert len(found.remarks) == 1
    assert found.remarks[0] in caplog.text


def test_the_same_moves_and_seed_give_the_same_tables():
    """Two calls give equal tables."""
    first, second = (schedule(**random_shop(3), moves=1_000, seed=5) for _ in range(2))
    assert first.jobs.equals(second.jobs)
    assert first.summary.equals(second.summary)
