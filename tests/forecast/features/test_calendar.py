"""Holidays of any country, the feasts that move, and how far away they are."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from lotwise.forecast.features import feasts

WEEKS = np.arange(np.datetime64("2024-01-01"), np.datetime64("2026-01-01"), np.timedelta64(7, "D"))


def place(day):
    """Return the place of a day's week."""
    return (np.datetime64(day) - WEEKS[0]).astype(int) // 7


@pytest.mark.parametrize(
    ("country", "feast", "days"),
    [
        ("DE", "Easter", ["2024-04-01", "2025-04-21"]),  # Easter Monday; Good Friday is in the week before
        ("CN", "Lunar New Year", ["2024-02-10", "2025-01-29"]),
        ("TR", "Eid al-Fitr", ["2024-04-10", "2025-03-30"]),
        ("US", "Thanksgiving", ["2024-11-28", "2025-11-27"]),
    ],
)
def test_feasts_move_from_year_to_year(country, feast, days):
    """Each feast is in the week that calendars print for it, in both years."""
    holds = feasts.feasts(country, WEEKS)[feast]
    assert all(holds[place(day)] for day in days)


def test_a_country_is_told_of_the_feasts_it_keeps():
    """China keeps no Easter, Germany no lunar new year and no Ramadan."""
    assert "Easter" not in feasts.feasts("CN", WEEKS)
    assert "Lunar New Year" not in feasts.feasts("DE", WEEKS)
    assert feasts.fasting("DE", WEEKS) is None


def test_ramadan_ends_with_the_feast():
    """In 2024 it went from 11 March to 9 April: all days of the four weeks between, two of the last."""
    fasting = feasts.fasting("TR", WEEKS)
    np.testing.assert_array_equal(fasting[place("2024-03-11") : place("2024-04-08") + 2], [7, 7, 7, 7, 2, 0])


def test_make_up_workdays_are_counted():
    """China worked on Sunday 4 February 2024, and rested from Saturday 10 to Saturday 17."""
    week = feasts.weekly("CN", WEEKS)
    assert week["make-up workdays"][place("2024-02-04")] == 1
    assert week["working days"][place("2024-02-04")] == 6
    assert week["working days"][place("2024-02-12")] == 1  # Sunday 18 February only: five days of rest, one made up
    assert "make-up workdays" not in feasts.weekly("DE", WEEKS)


def test_weeks_to_a_holiday_look_past_the_horizon(tell):
    """25 December is in no target week, three weeks after the first and two after the second, and is seen."""
    told = tell([[1] * 48], {}, "calendar", country="DE", known="plan")  # weeks 2024-01-01 to 2024-11-25
    np.testing.assert_array_equal(told["weeks to a public holiday"][0, -1], [3, 2])


def test_a_day_before_the_history_is_remembered(tell):
    """27 December 2023 is in the week before the first known one, so two weeks before the first target week."""
    own = pa.table({"day": [date(2023, 12, 27)], "region": ["all"], "name": ["fair"]})
    told = tell([[1] * 3], {"calendar": own}, "calendar", known="plan", horizon=1)
    np.testing.assert_array_equal(told["weeks since a special day"][0, :, 0], [2, 3, 4])


def test_feasts_wait_for_a_second_year(tell):
    """One year teaches no feast: with 48 weeks there is none, with 70 there is."""
    short, long = (tell([[1] * weeks], {}, "calendar", country="DE", known="plan") for weeks in (48, 70))
    assert "weeks to Easter" not in short.features
    assert long["weeks to Easter"].min() == 0


def test_special_days_of_the_table_stand_beside(tell):
    """The brand's own days and the country's holidays are told apart."""
    own = pa.table({"day": [date(2024, 1, 16)], "region": ["all"], "name": ["fair"]})
    told = tell([[1] * 4], {"calendar": own}, "calendar", country="US-CA", known="plan", horizon=1)
    np.testing.assert_array_equal(told["special days"][0, :, 0], [0, 1, 0, 0])
    np.testing.assert_array_equal(told["public holidays"][0, :, 0], [0, 1, 0, 0])  # Martin Luther King Jr. Day


@pytest.mark.parametrize(
    ("country", "part"), [("XX", "ISO 3166"), ("DE-ZZ", "those of DE are: BB"), ("de", "ISO 3166"), ("SG-1", "SG are: none")]
)
def test_an_unknown_country_is_refused(country, part):
    """The message names what could be given."""
    assert part in feasts.refusal(country)


@pytest.mark.parametrize(
    ("monday", "day", "number"),
    [("2020-02-24", 24, 7), ("2020-12-28", 28, 51), ("2024-12-30", 30, 52), ("2025-01-06", 6, 0), ("2026-12-28", 28, 51)],
)
def test_leap_years_and_years_of_53_weeks_are_counted_by_days(tell, demand_table, monday, day, number):
    """Weeks since 1 January: 28 December 2020 is 362 days after, so week 51; 30 December 2024 is 364, so week 52."""
    weeks = np.datetime64(monday) + 7 * np.arange(-65, 1)
    demand = demand_table([[1] * len(weeks)]).set_column(2, "week", pa.array(weeks, pa.date32()))
    told = tell(demand, {}, "calendar", known="plan")
    assert (told["day of the month"][0, -2, 0], told["week of the year"][0, -2, 0]) == (day, number)
