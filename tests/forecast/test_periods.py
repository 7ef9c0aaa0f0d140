"""Dates of any regular kind are numbered without gaps and come back as they were."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from lotwise.errors import ContractError
from lotwise.forecast.periods import infer


def column(values, kind=None):
    """Return a column of dates."""
    return pa.chunked_array([pa.array(values, kind)])


REGULAR = {
    "days": ("day", [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)]),
    "Mondays": ("week", [date(2024, 12, 30), date(2025, 1, 6), date(2025, 1, 13)]),
    "Sundays of a year of 53 weeks": ("week", [date(2020, 12, 27), date(2021, 1, 3), date(2021, 1, 10)]),
    "first days of months": ("month", [date(2023, 12, 1), date(2024, 1, 1), date(2024, 2, 1)]),
    "last days of months, one of a leap year": ("month", [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31)]),
    "quarters from February": ("quarter", [date(2023, 11, 1), date(2024, 2, 1), date(2024, 5, 1)]),
    "years": ("year", [date(2022, 1, 1), date(2023, 1, 1), date(2024, 1, 1)]),
    "hours": ("hour", [datetime(2024, 3, 31, hour) for hour in (1, 2, 3)]),  # noqa: DTZ001  local times
    "numbers": ("number", [40, 42, 44]),
    "ISO texts": ("week", ["2024-12-30", "2025-01-06", "2025-01-13"]),
}


@pytest.mark.parametrize("name", REGULAR)
def test_consecutive_dates_have_consecutive_numbers_and_come_back(name):
    """Number and label undo each other, and neighbors differ by one."""
    unit, values = REGULAR[name]
    given = column(values)
    periods = infer(given)
    numbers = periods.number(given)
    assert periods.unit == unit
    assert list(np.diff(numbers)) == [1, 1]
    assert periods.labels(numbers).to_pylist() == values


def test_a_gap_is_a_gap():
    """A week left out is a number left out."""
    given = column([date(2024, 1, 1), date(2024, 1, 15), date(2024, 1, 22)])
    assert list(np.diff(infer(given).number(given))) == [2, 1]


def test_a_time_zone_across_midnight_counts_the_local_day():
    """23:30 UTC is the next day in Shanghai."""
    moment = datetime(2024, 1, 1, 23, 30, tzinfo=UTC)
    given = column([moment, moment + timedelta(days=1)], pa.timestamp("us", "Asia/Shanghai"))
    periods = infer(given, "day")
    first = periods.labels(periods.number(given))[0].as_py()
    assert (first.day, first.tzinfo is not None) == (2, True)


BROKEN = {
    "minutes": ([datetime(2024, 1, 1, 0, 15), datetime(2024, 1, 1, 0, 30)], None, "minutes"),  # noqa: DTZ001
    "one date": ([date(2024, 1, 1)], None, "one date only"),
    "an empty date": ([date(2024, 1, 1), None], None, "empty in 1 rows"),
    "no dates": (["soon", "later"], None, "cannot be read as dates"),
    "an unknown unit": ([date(2024, 1, 1)], "weeks", "did you mean 'week'"),
    "numbers that are to be weeks": ([1, 2], "week", "whole numbers"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_counted_is_said(name):
    """Each message names the trouble and the next step."""
    values, unit, message = BROKEN[name]
    with pytest.raises(ContractError, match=message):
        infer(column(values), unit)
