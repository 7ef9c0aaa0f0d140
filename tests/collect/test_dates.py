# ruff: noqa: DTZ001  what a wall clock shows has no zone
from datetime import date, datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.collect import dates
from lotwise.errors import SettingsError


def times(engine, values, format):  # noqa: A002
    table = engine.from_arrow(pa.table({"row": range(len(values)), "text": values}))
    read = dates.read_time(table["text"], format, "UTC").wall
    return engine.to_arrow(table.select("row", value=read).order_by("row"))["value"].to_pylist()


@pytest.mark.parametrize(
    ("format", "text", "expected"),
    [
        (None, "2024-03-01", datetime(2024, 3, 1)),
        (None, "2024-3-1T9:05", datetime(2024, 3, 1, 9, 5)),
        (None, "2024-03-01 09:05:07.25", datetime(2024, 3, 1, 9, 5, 7, 250_000)),
        (None, "2024-03-01T09:05:00+02:00", datetime(2024, 3, 1, 7, 5)),
        (None, "2024-03-01 09:05:00 -0530", datetime(2024, 3, 1, 14, 35)),
        (None, "2024-03-01T09:05:00Z", datetime(2024, 3, 1, 9, 5)),
        (None, "01/03/2024", None),
        (None, "2024-02-30", None),
        (None, "2024", None),
        ("%d/%m/%Y", "1/3/2024", datetime(2024, 3, 1)),
        ("%d/%m/%Y", "13/13/2024", None),
        ("%d/%m/%Y", "31/02/2024", None),
        ("%d/%m/%Y", "1/3/2024 10:00", None),
        ("%m/%d/%Y %I:%M %p", "3/1/2024 12:05 AM", datetime(2024, 3, 1, 0, 5)),
        ("%m/%d/%Y %I:%M %p", "3/1/2024 1:05 pm", datetime(2024, 3, 1, 13, 5)),
        ("%d.%m.%y", "01.03.69", datetime(1969, 3, 1)),
        ("%d.%m.%y", "01.03.24", datetime(2024, 3, 1)),
        ("%d %b %Y", "1 Mar 2024", datetime(2024, 3, 1)),
        ("%d. %B %Y", "1. März 2024", datetime(2024, 3, 1)),
        ("%d %B %Y", "1 août 2024", datetime(2024, 8, 1)),
        ("%d %b %Y", "1 Foo 2024", None),
        ("%Y年%m月%d日", "2024年3月1日", datetime(2024, 3, 1)),
        ("%Y%m%d", "20240301", datetime(2024, 3, 1)),
        ("%Y-%m-%d %H:%M:%S %z", "2024-03-01 09:00:00 +0100", datetime(2024, 3, 1, 8)),
        ("%Y-%m", "2024-03", datetime(2024, 3, 1)),
    ],
)
def test_a_format_reads_what_fits_and_nothing_else(engine, format, text, expected):  # noqa: A002
    """A value that fits the format and is a day of the calendar is read; any other is null."""
    assert times(engine, [text], format) == [expected]


@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31)), min_size=1, max_size=20),
    st.sampled_from(["%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%m-%d-%Y %I:%M:%S %p", "%d %b %Y %H:%M:%S.%f"]),
)
def test_what_is_written_is_read_back(engine, values, format):  # noqa: A002
    """A time written by Python in a format is read back by the engine."""
    whole = values if "%f" in format else [value.replace(microsecond=0) for value in values]
    assert (
        times(engine, [value.strftime(format).replace(f"{value.year} ", f"{value.year:04d} ") for value in whole], format)
        == whole
    )


def test_what_is_no_format_is_refused():
    """Unknown directives and formats without a year name what is known."""
    with pytest.raises(SettingsError, match=r"format '%Q' holds '%Q'; known are %Y"):
        dates.compile_format("%Q")
    with pytest.raises(SettingsError, match=r"format '%d/%m' holds no year"):
        dates.compile_format("%d/%m")


def test_weeks_are_counted_from_a_monday():
    """The first week starts on a Monday, and any other day is refused by its name."""
    assert dates.first_week("weeks since 2016-12-26") == date(2016, 12, 26)
    with pytest.raises(SettingsError, match="2016-12-28 is a Wednesday; give the Monday"):
        dates.first_week("weeks since 2016-12-28")
    with pytest.raises(SettingsError, match="holds no date"):
        dates.first_week("weeks since then")


def test_the_hint_names_the_formats_that_fit_the_most():
    """Days above 12 decide between day first and month first; where none is, both are named."""
    assert dates.hint(["25/03/2024", "01/03/2024"]) == "; it would fit format = '%d/%m/%Y'"
    assert dates.hint(["01/03/2024"]) == "; it would fit format = '%d/%m/%Y' or '%m/%d/%Y'"
    assert dates.hint(["soon"]) == ""
