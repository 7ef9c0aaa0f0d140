"""Long frames as arrays, and those that are refused."""

import numpy as np
import pyarrow as pa
import pytest

from lotwise.errors import ContractError
from lotwise.gap.frames.long import read
from lotwise.tables.forecasted import LEVELS, QUANTILES


@pytest.fixture
def frame(long_frame):
    """Return two series over three weeks."""
    return long_frame(np.tile(np.arange(23.0), (2, 3, 1)), np.arange(6.0).reshape(2, 3))


def change(frame, column, row, value):
    values = frame[column].to_pylist()
    values[row] = value
    return frame.set_column(frame.column_names.index(column), column, pa.array(values, frame[column].type))


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (lambda frame: pa.concat_tables([frame, frame.slice(1, 1)]), r"1 rows stand twice .* unique_id=s000 ds=2026-01-12"),
        (lambda frame: frame.drop_columns(list(QUANTILES)), "23 of the 23 quantile columns are missing: q010, q025, q050 ..."),
        (lambda frame: frame.rename_columns({"unique_id": "unique_ids"}), "did you mean 'unique_ids'"),
        (lambda frame: change(frame, "q500", 4, 1.0), "quantiles fall in 1 rows, such as unique_id=s001 ds=2026-01-12"),
        (lambda frame: change(frame, "q500", 4, None), "a quantile is absent or infinite in 1 rows"),
        (lambda frame: change(frame, "y", 2, -1.0), "'y' is negative or infinite in 1 rows, such as .* y=-1.0"),
        (lambda frame: change(frame, "cutoff", 0, frame["ds"][0].as_py()), "'ds' does not come after 'cutoff'"),
        (lambda frame: change(frame, "ds", 0, None), "column 'ds' is empty in 1 of 6 rows"),
        (lambda frame: frame.set_column(3, "y", pa.nulls(6, pa.float64())), "'y' is known in no row"),
        (lambda frame: frame.set_column(3, "y", pa.array(["a"] * 6)), "column 'y' is string; expected numbers"),
        (lambda frame: frame.slice(0, 0), "there is no row"),
        (lambda frame: frame.to_pylist(), "found a list; expected pandas, Polars, Arrow"),
    ],
)
def test_a_broken_frame_is_refused_with_its_rows(frame, broken, said):
    """Each breach is told with column, rows and what to do."""
    with pytest.raises(ContractError, match=said):
        read(broken(frame), settled=True)


def test_several_models_are_told_apart(frame):
    """Where rows stand twice because there are two models, the message names them."""
    both = pa.concat_tables([frame.append_column("model", pa.array([name] * 6)) for name in ("a", "b")])
    with pytest.raises(ContractError, match=r"6 rows stand twice .* keep one model of a, b"):
        read(both)


def test_one_period_from_two_cutoffs_is_two_decisions(frame):
    """The same series and week known from two cutoffs stand side by side, and their money adds up in one period."""
    earlier = change(change(frame, "cutoff", 1, frame["cutoff"][0].as_py()), "cutoff", 4, frame["cutoff"][0].as_py())
    rows = read(pa.concat_tables([frame, earlier.filter(pa.array([False, True, False, False, True, False]))]))
    assert len(np.unique(rows.decision)) == 4
    assert rows.grid(np.ones(8)).tolist() == [[1, 2, 1], [1, 2, 1]]


def test_quantiles_below_zero_count_as_zero_and_the_mean_is_made_up_for(long_frame):
    """Demand is never below 0; a frame without a mean gets that of its quantiles: of -50 .. 50 it is that of 0 .. 50."""
    values = 100 * np.asarray(LEVELS) - 50
    rows = read(long_frame(values[None, None], np.ones((1, 1))))
    assert rows.demand.values.min() == 0
    # 12.5 for a uniform; the tail held at 49 from level .99 on takes half a hundredth of a unit away.
    assert rows.mean[0] == pytest.approx(12.5 - 0.01 * 0.5)


def test_names_may_be_categories(frame):
    """Categories, also of the kind Polars gives, are read as the texts they stand for."""
    names = frame["unique_id"].combine_chunks()
    plain = read(frame).series.tolist()
    for kind in (
        names.dictionary_encode(),
        pa.DictionaryArray.from_arrays([0, 0, 0, 1, 1, 1], names.unique().cast(pa.string_view())),
    ):
        rows = read(frame.set_column(0, "unique_id", kind))
        assert (rows.ids.to_pylist(), rows.series.tolist()) == (["s000", "s001"], plain)
