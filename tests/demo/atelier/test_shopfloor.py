from datetime import date

import pytest

from lotwise.config import Settings
from lotwise.demo.atelier.catalog import MACHINES
from lotwise.demo.atelier.shopfloor import shopfloor
from lotwise.schedule.stage.given import Given
from lotwise.schedule.stage.openings import Hours
from lotwise.schedule.stage.park import park
from tests.schedule.stage.workshop import MONDAY, lot, table

WEEK = 7 * 24 * 60


@pytest.fixture(scope="module")
def floor():
    """The workshop's machines and hours, as the stage takes them."""
    shifts = [
        {"machine": row["machine"], "weekday": row["weekday"], "starts": row["from"], "ends": row["to"]}
        | {"overtime": row["overtime"] == "yes"}
        for row in shopfloor(78)["shifts"].to_pylist()
    ]
    machines = [
        {"machine": name, "hours": float(hours), "overtime_hours": float(extra), "overtime_cost": float(cost)}
        for name, (hours, extra, cost) in MACHINES.items()
    ]
    tables = {"lots": [lot("L", "COAT-WOOL", 1.0)], "shifts": shifts, "machines": machines}
    given = Given({name: table(name, rows) for name, rows in tables.items()}, Settings())
    return given, park(given)


@pytest.mark.parametrize("group", MACHINES)
def test_shifts_hold_the_weekly_hours_of_the_plan(floor, group):
    """The machines of a group are open for its regular hours a week, and on Saturday for its overtime hours."""
    given, found = floor
    hours = Hours(given, found, MONDAY)
    week = [o for name in found.groups[group].machines for o in hours.machine(name, found.groups[group]) if o.opens < WEEK]
    assert sum(o.closes - o.opens for o in week if not o.period) == 60 * MACHINES[group][0]
    assert sum(o.closes - o.opens for o in week if o.period) == 60 * MACHINES[group][1]


def test_maintenance_is_in_the_first_week_to_come():
    """Blades are ground on the Wednesday after the last week simulated."""
    down = shopfloor(78)["downtime"].to_pylist()
    assert [(row["machine"], row["from"].date()) for row in down] == [("cutting 2", date(2026, 11, 4))]
