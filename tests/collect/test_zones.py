# ruff: noqa: DTZ001  what a wall clock shows has no zone
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.collect import zones
from lotwise.errors import SettingsError

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "Africa/Casablanca"]


@settings(max_examples=8, deadline=None)
@given(
    st.lists(st.datetimes(datetime(1971, 1, 1), datetime(2036, 12, 31)), min_size=1, max_size=30),
    st.sampled_from(ZONES),
    st.sampled_from(ZONES),
)
def test_times_move_as_the_zone_data_say(engine, values, source, target):
    """Moving wall-clock times by the table of offsets equals Python's own conversion, changes of clocks included."""
    whole = [value.replace(microsecond=0) for value in values]
    expected = [value.replace(tzinfo=ZoneInfo(source)).astimezone(ZoneInfo(target)).replace(tzinfo=None) for value in whole]
    shifts = zones.shifts([source], target)
    table = pa.table({"row": range(len(whole)), "wall": pa.array(whole, pa.timestamp("us"))})
    beside = shifts.take([value.year - zones.YEARS[0] for value in whole])
    joined = engine.from_arrow(
        pa.table({**{n: table[n] for n in table.column_names}, **{n: beside[n] for n in beside.column_names}})
    )
    moved = engine.to_arrow(joined.select("row", value=zones.shifted(joined["wall"], joined)).order_by("row"))
    assert moved["value"].to_pylist() == expected


def test_the_hour_that_comes_twice_is_the_first():
    """On the night clocks go back in Berlin, 02:30 is summer time."""
    row = next(r for r in zones.shifts(["Europe/Berlin"], "UTC").to_pylist() if r["zone_year"] == 2024)
    assert row["change_2"] == datetime(2024, 10, 27, 3)
    assert (row["shift_1"], row["shift_2"]) == (-7200, -3600)
    assert datetime(2024, 10, 27, 2, 30, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC).hour == 0


def test_an_unknown_zone_is_refused():
    """The message shows how zones are written."""
    with pytest.raises(SettingsError, match=r"There is no time zone 'Berlin'. Write it as Area/City"):
        zones.check_zone("Berlin")
