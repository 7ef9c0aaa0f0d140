from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from lotwise.schedule.check import check_tables
from lotwise.schedule.stage.run import made_of
from lotwise.schedule.stage.tables import GIVES
from lotwise.tables import contract
from tests.schedule.stage.workshop import MACHINES, ROUTING, at, lot, order, peg, settings, workshop

RICH = {
    "setups": [{"machine": "saw", "from_state": "all", "to_state": "all", "hours": 0.5, "cost": 2.0}],
    "downtime": [{"machine": "saw", "starts": at(1, 8), "ends": at(1, 9), "kind": "maintenance"}],
    "machines": [row | {"overtime_hours": 8.0, "overtime_cost": 60.0} for row in MACHINES],
    "lots": [lot("C1", "chair", 30.0), lot("S1", "stool", 40.0)],
}


@pytest.fixture(scope="module")
def made():
    """The tables of a schedule with set-ups, downtime and more work than the week has hours."""
    return made_of(workshop(**RICH), settings())


def total(table, column):
    return pc.sum(table[column]).as_py() or 0.0


def test_every_table_keeps_its_contract(made):
    """All tables are there, in the order of their keys."""
    for name in GIVES:
        assert contract(name).check(made[name]).equals(made[name].sort_by([(key, "ascending") for key in contract(name).key]))


def test_the_tables_can_be_carried_out(made):
    """The checker of published tables, which knows nothing of the shop, finds nothing."""
    assert check_tables(workshop(**RICH) | made) == []


def test_the_money_of_late_parts_is_that_of_the_schedule(made):
    """What late parts lose adds up to the tardiness of the published schedule, and as many are late."""
    published = next(row for row in made["schedules"].to_pylist() if row["schedule"] == "published")
    assert total(made["lateness"], "money") == pytest.approx(published["tardiness"], abs=1e-4)
    assert sum(hours > 0 for hours in made["lateness"]["late_hours"].to_pylist()) == published["late"]


def test_work_by_day_is_the_work_of_the_jobs(made):
    """Hours of work, set-up and overtime by day add up to the minutes of the jobs."""
    for day, job in (("work", "minutes"), ("setup", "setup_minutes"), ("overtime", "overtime_minutes")):
        assert total(made["machine_days"], day) * 60 == pytest.approx(total(made["jobs"], job), abs=1e-3)
    assert total(made["machine_days"], "down") == 1.0


def test_jobs_have_all_units_at_every_step(made):
    """Each step of each lot is done for all of its units."""
    sums = made["jobs"].group_by(["lot", "step"]).aggregate([("units", "sum")]).to_pylist()
    assert {(row["lot"], row["step"]): round(row["units_sum"], 6) for row in sums} == {
        ("C1", 1): 30.0, ("C1", 2): 30.0, ("S1", 1): 40.0, ("S1", 2): 40.0,
    }  # fmt: skip


def test_the_same_tables_give_the_same_bytes(made):
    """Made twice, every table is equal."""
    again = made_of(workshop(**RICH), settings())
    assert all(made[name].equals(again[name]) for name in GIVES)


def test_made_again_nothing_changes_unless_it_pays(made):
    """With the schedule before given, no job is marked as changed that has its machine and its place in line."""
    again = made_of(workshop(**RICH) | {"jobs": made["jobs"]}, settings(moves=0))
    rows = again["jobs"].to_pylist()
    assert all(row["before"] is not None for row in rows)
    was = {(row["lot"], row["part"], row["step"]): row for row in made["jobs"].to_pylist()}
    assert all(row["changed"] for row in rows if was[row["lot"], row["part"], row["step"]]["machine"] != row["machine"])


def test_an_order_is_late_by_the_last_part_it_waits_for():
    """Every order is listed with the last part it waits for and the days it is late."""
    made = made_of(workshop(routing=[row | {"hours": 8.0} for row in ROUTING]), settings(moves=0))
    lines = made["order_ends"].to_pylist()
    late = [row for row in lines if row["late_days"] > 0]
    ends = {(row["lot"], row["part"]): row["ends"] for row in made["lateness"].to_pylist()}
    assert late
    assert all(row["ends"] == ends[row["lot"], row["part"]] for row in lines)
    assert all((row["ends"].date() > row["due"]) == (row["late_days"] > 0) for row in lines)


def test_an_order_is_due_when_it_says_though_the_plan_ships_its_lot_before():
    """The lot is wanted in the week the plan ships it; the order behind it is late only after its own day."""
    ships = "shipment chair factory 2026-11-02"
    tables = workshop(
        lots=[lot("C1", "chair", 5.0)],
        orders=[order("A", "chair", 5.0, date(2026, 11, 25))],
        pegging=[peg(ships, "C1", "chair", 5.0), peg("order A/1", ships, "chair", 5.0, date(2026, 11, 23))],
    )
    made = made_of(tables, settings(moves=0))
    assert [(row["order"], row["due"]) for row in made["order_ends"].to_pylist()] == [("A", date(2026, 11, 25))]
    assert {row["due"] for row in made["lateness"].to_pylist()} == {at(8, 0)}


def test_an_order_that_a_later_lot_serves_too_has_no_end_yet():
    """Stock and scheduled lots, shipped or not, give an order its end; a lot of a later week beside them does not."""
    ships, later = "shipment chair factory 2026-11-02", "shipment chair factory 2026-11-30"
    tables = workshop(
        lots=[lot("C1", "chair", 5.0), lot("C9", "chair", 3.0, date(2026, 11, 30))],
        orders=[order("A", "chair", 4.0, date(2026, 11, 5)), order("B", "chair", 5.0, date(2026, 12, 5))],
        pegging=[
            peg(ships, "C1", "chair", 5.0),
            peg("order A/1", ships, "chair", 3.0),
            peg("order A/1", "stock chair", "chair", 1.0),
            peg("order B/1", ships, "chair", 2.0, date(2026, 11, 30)),
            peg(later, "C9", "chair", 3.0, date(2026, 11, 30)),
            peg("order B/1", later, "chair", 3.0, date(2026, 11, 30)),
        ],
    )
    assert [row["order"] for row in made_of(tables, settings(moves=0))["order_ends"].to_pylist()] == ["A"]


def test_nothing_to_schedule_is_empty_tables():
    """Without routings the tables are there, and hold nothing."""
    made = made_of(workshop(routing=[]), settings())
    assert {name: made[name].num_rows for name in GIVES} == dict.fromkeys(GIVES, 0)
    assert all(isinstance(made[name], pa.Table) for name in GIVES)
