"""Long frames of users: laid out whole, or refused with every breach."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from lotwise.config import Source
from lotwise.errors import ContractError, SettingsError
from lotwise.forecast import frames, read
from lotwise.forecast.frames import Frame

START = date(2024, 1, 1)


def long(rows):
    """Return a frame from (unique_id, week, y)."""
    return pa.table(
        {
            "unique_id": [row[0] for row in rows],
            "ds": [START + timedelta(weeks=row[1]) for row in rows],
            "y": pa.array([row[2] for row in rows], pa.float64()),
        }
    )


TWO = long([("b", 0, 1.0), ("b", 1, 2.0), ("b", 3, 4.0), ("a", 2, 5.0), ("a", 3, 6.0)])


def test_series_stand_in_order_and_begin_where_they_begin():
    """Absent before the first row, 0 in a gap, and the gap is said."""
    said = []
    frame = read(TWO, note=said.append)
    assert frame.ids.to_pylist() == ["a", "b"]
    np.testing.assert_array_equal(frame.units, [[np.nan, np.nan, 5, 6], [1, 2, 0, 4]])
    assert len(said) == 1
    assert "1 periods have no row" in said[0]


def test_gaps_may_be_unknown():
    """A gap that is not known stays absent."""
    assert np.isnan(read(TWO, gaps="unknown").units[1, 2])


def test_every_kind_of_frame_is_the_same():
    """pandas, Polars, Arrow and a dict of columns give the same layout."""
    found = [read(frame).units for frame in (TWO, TWO.to_pandas(), pl.from_arrow(TWO), TWO.to_pydict())]
    for units in found[1:]:
        np.testing.assert_array_equal(units, found[0])


def test_rows_in_any_order_are_the_same():
    """Shuffling the rows changes nothing."""
    order = np.random.default_rng(3).permutation(TWO.num_rows)
    np.testing.assert_array_equal(read(TWO.take(pa.array(order))).units, read(TWO).units)


def test_covariates_of_weeks_to_come_are_kept():
    """Rows without y and a frame of the future are two ways to say the same."""
    known = pd.DataFrame({"unique_id": 7, "ds": pd.date_range("2024-01-01", periods=4, freq="W-MON"), "y": 1.0, "price": 2.0})
    later = pd.DataFrame({"unique_id": 7, "ds": pd.date_range("2024-01-29", periods=2, freq="W-MON"), "price": [3.0, 4.0]})
    apart = read(known, future=later)
    together = read(pd.concat([known, later.assign(y=np.nan)]))
    for frame in (apart, together):
        assert frame.units.shape == (1, 4)
        np.testing.assert_array_equal(frame.columns["price"], [[2, 2, 2, 2, 3, 4]])


def test_a_text_is_a_class_of_its_series():
    """Classes are numbered in order; one that is missing is -1."""
    frame = read(TWO.append_column("kind", pa.array(["x", "x", "x", None, None])))
    np.testing.assert_array_equal(frame.classes["kind"], [-1, 0])


BROKEN = {
    "y below 0": (long([("a", 0, -1.0), ("a", 1, 2.0)]), "below 0; net returns.*1 rows, such as a 2024-01-01"),
    "y infinite": (long([("a", 0, np.inf), ("a", 1, 2.0)]), "infinite"),
    "a row twice": (long([("a", 0, 1.0), ("a", 1, 1.0), ("a", 1, 2.0)]), "1 rows stand twice, such as a 2024-01-08"),
    "no y at all": (long([("a", 0, None), ("a", 1, None)]), "no number"),
    "no row": (TWO.slice(0, 0), "no row"),
    "a column misspelt": (TWO.rename_columns(["uniqueid", "ds", "y"]), "did you mean 'uniqueid'"),
    "y of texts": (TWO.set_column(2, "y", pa.array(["1"] * 5)), "'y' is string"),
    "a series without name": (long([(None, 0, 1.0), ("a", 1, 2.0)]), "'unique_id' is empty in 1 rows"),
    "no frame": (7, "Found a int"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_frame_is_refused_with_its_rows(name):
    """Each message says what was found and what was expected."""
    frame, message = BROKEN[name]
    with pytest.raises(ContractError, match=message):
        read(frame)


def test_a_future_of_unknown_columns_is_refused():
    """A column the frame lacks cannot have been learned from."""
    with pytest.raises(ContractError, match="'prise' is not in the frame"):
        read(TWO, future=pa.table({"unique_id": ["a"], "ds": [START], "prise": [1.0]}))


def columns_of(frame: Frame, *sources):
    """Return the features of a frame's sources by name."""
    design, _ = frame.design(2, sources, lambda _: None)
    return {name: values for features in design.columns.values() for name, values in features.items()}


def test_a_plan_reads_the_target_and_a_past_never_does():
    """The planned value of a target week is the frame's; a past column's features stop at the origin."""
    price = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    table = long([("a", week, 1.0) for week in range(6)]).append_column("price", pa.array(price))
    plan = columns_of(read(table), Source(name="offer", tables=["price"], known="plan"))["offer: price planned"]
    np.testing.assert_array_equal(plan[0, 1], [3, 4])
    for name, values in columns_of(read(table), Source(name="offer", tables=["price"])).items():
        changed = table.set_column(3, "price", pa.array([1.0, 2.0, 3.0, 99.0, 99.0, 99.0]))
        other = columns_of(read(changed), Source(name="offer", tables=["price"]))[name]
        np.testing.assert_array_equal(values[:, :3], other[:, :3])


def test_sources_of_a_frame_are_checked_together():
    """A column that is not there and one that two sources hold are both said."""
    frame = read(TWO.append_column("price", pa.array([1.0] * 5)))
    sources = [Source(name="a", tables=["prise"]), Source(name="b", tables=["price"]), Source(name="c", tables=["price"])]
    with pytest.raises(SettingsError, match=r"did you mean 'price'(.|\n)*counted twice"):
        frame.design(2, sources, lambda _: None)


def test_many_series_are_laid_out_in_chunks_that_change_nothing(monkeypatch):
    """Seven series of 60 weeks, three at a time or all at once: the same features, to the byte."""
    rng = np.random.default_rng(5)
    frame = read(long([(f"s{name}", week, float(rng.poisson(3))) for name in range(7) for week in range(60)]))
    at_once = columns_of(frame)
    monkeypatch.setattr(frames, "CHUNK", 3)
    in_chunks = columns_of(frame)
    assert list(in_chunks) == list(at_once)
    for name, values in at_once.items():
        np.testing.assert_array_equal(in_chunks[name], values)
