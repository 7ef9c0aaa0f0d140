import pytest

from lotwise.errors import ContractError
from lotwise.schedule.stage.park import park
from tests.schedule.stage.workshop import at, given, workshop


def test_machines_are_numbered_where_there_are_several():
    """One saw is the saw; two benches are bench 1 and bench 2."""
    assert [name for name, _ in park(given()).machines] == ["bench 1", "bench 2", "saw"]


def test_shifts_say_how_many_machines_have_the_weekly_hours():
    """100 hours in shifts of 40 are three machines; with a third that works 20 hours they are just enough."""
    shifts = [{"machine": "saw", "weekday": day, "starts": "06:00", "ends": "14:00"} for day in range(1, 6)]
    machines = [{"machine": "saw", "hours": 100.0}, {"machine": "bench", "hours": 40.0}]
    assert park(given(workshop(machines=machines, shifts=shifts))).groups["saw"].machines == ("saw 1", "saw 2", "saw 3")
    shifts += [{"machine": "saw 4", "weekday": 1, "starts": "06:00", "ends": "10:00"}]
    assert len(park(given(workshop(machines=machines, shifts=shifts))).groups["saw"].machines) == 4


def test_whatever_does_not_exist_is_listed_at_once():
    """Unknown machines, tools and times of day are named with their tables, all in one message."""
    tables = workshop(
        shifts=[{"machine": "sow", "weekday": 1, "starts": "6 o'clock", "ends": "14:00"}],
        downtime=[{"machine": "bench 7", "starts": at(2, 6), "ends": at(2, 5)}],
        tool_needs=[{"item": "chair", "step": 1, "tool": "jig"}],
        setups=[{"machine": "lathe", "from_state": "a", "to_state": "b", "hours": 1.0}],
    )
    tables["machines"] = workshop(
        machines=[{"machine": "saw", "count": 1, "hours": 40.0}, {"machine": "bench", "count": 2, "hours": 80.0}]
    )["machines"]
    with pytest.raises(ContractError) as caught:
        park(given(tables))
    message = str(caught.value)
    for said in ("'sow'", "did you mean 'saw'", "6 o'clock", "bench 7", "jig", "lathe", "not after"):
        assert said in message
