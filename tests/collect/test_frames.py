import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from lotwise.collect.frames import digest, read_frame
from lotwise.errors import InputError

DATA = {"order": ["a", "b"], "units": [1, 2]}


@pytest.mark.parametrize("make", [pa.table, pl.DataFrame, pd.DataFrame, pa.RecordBatch.from_pydict])
def test_any_frame_is_taken(make):
    """pandas, Polars and Arrow frames give the same rows, numbered from 1."""
    table = read_frame("f", {"f": make(DATA)})
    assert table.to_pylist() == [{"order": "a", "units": 1, "source_row": 1}, {"order": "b", "units": 2, "source_row": 2}]


def test_a_missing_frame_names_those_given():
    """The message says how a frame is given."""
    with pytest.raises(
        InputError, match=r"no frame 'order'; did you mean 'orders'\?. The frames given are: orders. Give it with: project.run"
    ):
        read_frame("order", {"orders": pa.table(DATA)})


def test_what_is_no_frame_is_refused():
    """A list is not a frame, and a frame without rows is no data."""
    with pytest.raises(InputError, match="Frame 'f' is a list; expected pandas, Polars, Arrow"):
        read_frame("f", {"f": [1]})
    with pytest.raises(InputError, match="Frame 'f' has no row"):
        read_frame("f", {"f": pa.table(DATA).slice(0, 0)})


def test_the_fingerprint_is_of_values_not_of_chunks():
    """The same values in other chunks have the same fingerprint, other values another."""
    whole = pa.table(DATA)
    parts = pa.concat_tables([whole.slice(0, 1), whole.slice(1)])
    assert digest(whole) == digest(parts) != digest(whole.slice(0, 1))
