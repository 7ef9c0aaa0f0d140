"""Tests of the rules published tables keep: two lots on two machines, and each way to break a rule."""

from __future__ import annotations

from datetime import date, datetime

import pyarrow as pa
import pytest

from lotwise.schedule.check import check_tables

DAY = date(2026, 11, 2)


def at(text, day=2):
    hour, minute = text.split(":")
    return datetime(2026, 11, day, int(hour), int(minute))  # noqa: DTZ001


def job(lot, step, machine, starts, ends, place, **more):
    group = machine.split()[0]
    minutes = (at(ends) - at(starts)).total_seconds() / 60
    return {
        "lot": lot, "part": 1, "step": step, "item": lot[0], "units": 10.0, "group": group, "machine": machine,
        "starts": at(starts), "ends": at(ends), "setup_starts": None, "from_state": None, "to_state": None,
        "minutes": minutes, "setup_minutes": 0.0, "overtime_minutes": 0.0, "batch": None, "place": place, "status": "planned",
    } | more  # fmt: skip


@pytest.fixture
def good():
    """Lots A1 and B1, cut on 'saw 1' and baked in 'oven': rows of all tables, which tests change."""
    way = {
        "setup_hours": None, "wait_hours": None, "closed": None, "batch": None, "batch_room": None, "batch_hours": None,
        "batch_unit_hours": None,
    }  # fmt: skip
    oven = way | {"machine": "oven", "step": 2, "hours": 0.2, "batch": "bake", "batch_hours": 2.0, "closed": "runs on"}
    saw = {"machine": "saw", "step": 1, "hours": 0.1, "wait_hours": 0.5}
    lot = {"site": "all", "week": DAY, "units": 10.0, "started": 10.0, "status": "proposed"}
    state = {"setup_starts": at("07:00"), "setup_minutes": 30.0, "from_state": "red", "to_state": "blue"}
    return {
        "jobs": [
            job("A1", 1, "saw 1", "06:00", "07:00", 1, to_state="red"),
            job("B1", 1, "saw 1", "07:30", "08:30", 2, **state),
            job("A1", 2, "oven", "09:00", "11:00", 1, batch=0),
            job("B1", 2, "oven", "09:00", "11:00", 2, batch=0),
        ],
        "lateness": [
            {"lot": "A1", "part": 1, "due": at("10:00"), "ends": at("11:00"), "late_hours": 1.0, "reason": "It waited."},
            {"lot": "B1", "part": 1, "due": None, "ends": at("11:00"), "late_hours": 0.0, "reason": ""},
        ],
        "machine_days": [
            {"machine": "saw 1", "day": DAY, "work": 2.0, "setup": 0.5, "overtime": 0.0},
            {"machine": "oven", "day": DAY, "work": 2.0, "setup": 0.0, "overtime": 0.0},
        ],
        "lots": [{"lot": "A1", "item": "A"} | lot, {"lot": "B1", "item": "B"} | lot],
        "routing": [{"item": item} | way | step for item in "AB" for step in (saw, oven)],
        "machines": [{"machine": "saw", "site": None, "room": None}, {"machine": "oven", "site": None, "room": 20.0}],
        "shifts": [{"machine": "all", "weekday": 1, "starts": "06:00", "ends": "14:00", "overtime": None}],
        "downtime": [{"machine": "saw 2", "starts": at("06:00"), "ends": at("20:00")}],
        "setups": [
            {"machine": "saw", "from_state": "all", "to_state": "blue", "hours": 0.5},
            {"machine": "saw", "from_state": "new", "to_state": "red", "hours": 0.0},
        ],
        "tools": [{"tool": "blade", "count": 1}],
        "tool_needs": [{"item": "all", "step": 1, "tool": "blade", "count": None}],
        "calendar": [{"day": date(2026, 11, 3), "region": "all", "working": False}],
        "floor": [],
    }  # fmt: skip


def breaches(rows):
    return check_tables({name: pa.Table.from_pylist(some) for name, some in rows.items() if some})


def test_good_tables_pass(good):
    """A schedule that can be carried out keeps every rule; without jobs there is nothing to judge."""
    assert breaches(good) == []
    assert check_tables({}) == []


JOBS = [
    (1, {"setup_starts": at("06:50")}, "the set-up of lot B1, part 1, step 1 on saw 1"),
    (1, {"setup_minutes": 20.0}, "has 20 minutes of set-up from red to blue, expected 30"),
    (1, {"from_state": "green"}, "is said to find its machine in state green, expected red"),
    (1, {"setup_starts": at("07:15")}, "there is no time for 30 minutes"),
    (1, {"ends": at("09:00")}, "lot B1, part 1, step 2 on oven (2026-11-02 09:00 to 2026-11-02 11:00) starts before"),
    (1, {"starts": at("06:30"), "setup_starts": None}, "begins before lot A1, part 1, step 1 on saw 1"),
    (0, {"minutes": 50.0}, "has 50 minutes, expected 60.0, by units and routing"),
    (0, {"place": 3}, "the places on saw 1 are [2, 3]"),
    (0, {"starts": at("05:00")}, "starts in closed hours of its machine"),
    (0, {"starts": at("06:30")}, "its machine is open 30 minutes meanwhile, too few for its 60"),
    (0, {"machine": "axe 1"}, "the machine is none of the group saw"),
    (0, {"group": "oven"}, "the routing of A has no step 1 on oven"),
    (0, {"units": 9.0}, "the parts of lot A1 have 9 units, expected 10"),
    (0, {"step": 3}, "lot A1, part 1 has steps [2, 3], expected [1, 2], those of its routing"),
    (0, {"lot": "C1"}, "lot C1 has jobs, but is not in table 'lots'"),
    (2, {"starts": at("08:00")}, "shares batch 0 with"),
    (3, {"batch": None}, "begins before"),
    (3, {"ends": at("08:00")}, "ends before it starts"),
]


@pytest.mark.parametrize(("row", "change", "words"), JOBS)
def test_changed_jobs_are_found(good, row, change, words):
    """Each change of a job breaks a rule, and the breach names the job."""
    good["jobs"][row].update(change)
    assert any(words in breach for breach in breaches(good))


@pytest.mark.parametrize(
    ("table", "row", "change", "words"),
    [
        ("lateness", 0, {"late_hours": 0.5}, "is said to be 0.5 hours late, expected 1"),
        ("lateness", 0, {"ends": at("12:00")}, "is said to end 2026-11-02 12:00:00, expected 2026-11-02 11:00:00"),
        ("lateness", 1, {"reason": "It waited."}, "is in time, but has a reason"),
        ("lateness", 1, {"part": 2}, "lot B1, part 2 is in table 'lateness', but not in table 'jobs'"),
        ("machine_days", 0, {"work": 1.0}, "the days of saw 1 have 1 hours of work, its jobs 2"),
        ("machine_days", 0, {"setup": 0.0}, "the days of saw 1 have 0 hours of set-up, its jobs 0.5"),
        ("machine_days", 1, {"work": 25.0}, "more than there can be"),
        ("downtime", 0, {"machine": "saw"}, "starts in closed hours of its machine: see shifts, calendar and downtime"),
        ("calendar", 0, {"day": DAY}, "starts in closed hours of its machine"),
        ("machines", 1, {"room": 15.0}, "takes room 20, its machine has 15"),
        ("shifts", 0, {"starts": "07:20"}, "too few for its set-up"),
    ],
)
def test_changed_tables_are_found(good, table, row, change, words):
    """What the other tables say no longer fits the jobs, and the breach says what."""
    good[table][row].update(change)
    assert any(words in breach for breach in breaches(good))


def test_a_lot_without_jobs_is_found(good):
    """Every lot of the weeks scheduled is there."""
    good["lots"].append(good["lots"][0] | {"lot": "C1"})
    assert breaches(good) == ["lot C1 of the week of 2026-11-02 has a routing, but no jobs"]


def test_a_tool_held_twice_is_found(good):
    """Two saws share one blade."""
    good["jobs"][1] |= {"machine": "saw 2", "place": 1, "starts": at("06:30"), "ends": at("07:30"), "setup_starts": None}
    good["downtime"] = []
    assert "at 2026-11-02 06:30 2 of blade are held, there are 1: lot A1, part 1, step 1; lot B1, part 1, step 1" in breaches(
        good
    )


def test_facts_are_not_judged_among_themselves(good):
    """What has begun on the floor may overlap with what else has begun there."""
    good["jobs"][1]["starts"] = at("06:50")
    for row in good["jobs"][:2]:
        row["status"] = "running"
    assert not any("begins before" in breach for breach in breaches(good))
