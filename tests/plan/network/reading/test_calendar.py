from datetime import date

import numpy as np
import pytest

SEWN = {"routing": [{"item": "coat", "machine": "M", "hours": 1.0}]}


def machine(**more):
    return [{"machine": "M", "hours": 40.0, "overtime_hours": 6.0, "overtime_cost": 30.0} | more]


def test_holidays_take_a_fifth_of_the_week_each(made):
    """New Year's Day takes 8 of 40 hours, a Saturday none, and a day off elsewhere none."""
    days = [
        {"day": date(2024, 1, 1), "working": False},
        {"day": date(2024, 1, 13), "working": False},
        {"day": date(2024, 1, 16), "region": "north", "working": False},
        {"day": date(2024, 1, 17), "working": True},
    ]
    assert made(**SEWN, machines=machine(), calendar=days).network.machines.hours[0] == pytest.approx([32, 40, 40, 40])
    north = made(**SEWN, machines=machine(site="north"), calendar=days)
    assert north.network.machines.hours[0] == pytest.approx([32, 40, 32, 40])


def test_machine_weeks_go_before_everything(made):
    """A week of maintenance has 10 hours and 1 of overtime, holiday or not; an absent overtime is as in any week."""
    weeks = [
        {"machine": "M", "week": date(2024, 1, 1), "hours": 10.0, "overtime_hours": 1.0},
        {"machine": "M", "week": date(2024, 1, 8), "hours": 48.0},
        {"machine": "M", "week": date(2025, 1, 6), "hours": 0.0},
    ]
    found = made(**SEWN, machines=machine(), machine_weeks=weeks, calendar=[{"day": date(2024, 1, 1), "working": False}])
    assert found.network.machines.hours[0].tolist() == [10, 48, 40, 40]
    assert found.network.machines.overtime[0].tolist() == [1, 6, 6, 6]


def test_overtime_is_used_where_the_settings_allow_it(made):
    """Without it no hour of overtime is there; where machines do not say, an hour costs what the settings say."""
    assert not made(**SEWN, machines=machine(), settings={"plan": {"overtime": False}}).network.machines.overtime.any()
    assert made(**SEWN, machines=machine()).network.machines.overtime_cost.tolist() == [30.0]
    priced = made(**SEWN, machines=machine(overtime_cost=None), settings={"economics": {"overtime_cost": 9.0}})
    assert priced.network.machines.overtime_cost.tolist() == [9.0]


def test_no_machines_is_no_machine(made):
    """Without the table there is none."""
    assert made().network.machines.hours.shape == (0, 4)
    assert np.array_equal(made().network.machines.overtime_cost, [])
