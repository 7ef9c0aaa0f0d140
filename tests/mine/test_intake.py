"""Frames taken column by column: what is read from each kind of frame, and what is refused."""

from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pytest

from lotwise.errors import ContractError
from lotwise.mine.intake import Frame


def test_every_frame_gives_the_same_columns():
    """Pandas, Polars with categories, Arrow with views and a dict are read alike."""
    import pandas as pd
    import polars as pl

    data = {"a": ["x", "y", "x"], "b": [1, 2, 3]}
    frames = [
        data, pa.table(data), pd.DataFrame(data), pd.DataFrame(data).astype({"a": "category"}), pl.DataFrame(data),
        pl.DataFrame(data, schema_overrides={"a": pl.Categorical}),
        pa.table({"a": pa.array(data["a"], pa.string_view()), "b": data["b"]}),
        pa.table({"a": pa.chunked_array([pa.array(part).dictionary_encode() for part in (["x"], ["y", "x"])]), "b": data["b"]}),
    ]  # fmt: skip
    for frame in frames:
        taken = Frame.of(frame, "The frame")
        assert taken.texts("a").to_pylist() == data["a"]
        assert taken.numbers("b").tolist() == [1, 2, 3]
        taken.done()


def test_numbers_as_names_have_no_decimal_point_and_nan_is_none():
    """Whole numbers name things without a point, also beside absent ones; infinity and large ones are written out."""
    taken = Frame.of({"a": [1.0, float("nan"), 1e15], "b": [1.5, 2.0, 3.0], "c": [float("inf"), 1e300, 1.0]}, "The frame")
    assert taken.texts("a", empty=True).to_pylist() == ["1", None, "1000000000000000"]
    assert taken.texts("b").to_pylist() == ["1.5", "2", "3"]
    assert taken.texts("c").to_pylist() == ["inf", "1e+300", "1"]
    taken.texts("a")
    with pytest.raises(ContractError, match="column 'a' is empty in row 1"):
        taken.done()


def test_days_are_those_of_the_clock_on_the_wall():
    """Dates, times to the nanosecond, text and times with a zone count as the day they show, also where clocks change."""
    late = datetime(2025, 3, 30, 23, 30, tzinfo=UTC)  # 01:30 on March 31 in Paris, whose clocks had changed that night
    columns = {
        "date": pa.array([date(2025, 3, 31)]), "text": ["2025-03-31"], "time": pa.array(["2025-03-31T23:59:59"]),
        "nano": pa.array([np.datetime64("2025-03-31T23:59:59.999999999", "ns")]),
        "zone": pa.array([late], pa.timestamp("us", tz="Europe/Paris")),
    }  # fmt: skip
    taken = Frame.of(columns, "The frame")
    wanted = (date(2025, 3, 31) - date(1970, 1, 1)).days
    assert all(taken.days(name).tolist() == [wanted] for name in columns)
    taken.done()


def test_all_faults_are_told_together():
    """Numbers for dates, text for numbers and a missing column stand in one message."""
    taken = Frame.of({"when": [20250101], "price": ["dear"]}, "The frame")
    taken.days("when")
    taken.numbers("price")
    taken.texts("prise")
    with pytest.raises(
        ContractError, match=r"(?s)'when' holds int64.*'price' holds string.*'prise' is missing; did you mean 'price'"
    ):
        taken.done()


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (5, "found a int"),
        ({"a": [1, "x"]}, "its columns cannot be read"),
        ({"a": [1], "b": [1, 2]}, "its columns cannot be read"),
        ({"a": [2**70]}, "its columns cannot be read"),
        ({"a": ["\ud800"]}, "its columns cannot be read"),
        ({"a": 5}, "its columns cannot be read"),
        (pa.table([[1], [2]], names=["a", "a"]), "two columns or more have the name a"),
    ],
)
def test_what_is_no_frame_is_refused(frame, said):
    """Each is one clear message, never another error."""
    with pytest.raises(ContractError, match=said):
        Frame.of(frame, "The frame")
