"""Signals of any kind: who they speak of, what they say now, and what they announce."""

import numpy as np
import pyarrow as pa
import pytest


@pytest.fixture
def signals(week):
    """A function from (signal, product, region, week, value) to a table of signals."""

    def table(*rows):
        columns = ("signal", "product", "region", "week", "value")
        made = [
            dict(zip(columns, (name, product, region, week(when), value), strict=True))
            for name, product, region, when, value in rows
        ]
        return {"signals": pa.Table.from_pylist(made)}

    return table


def test_the_last_value_stands_until_the_next(tell, signals):
    """An index of 3 in week 0 and 6 in week 2: weeks 0 and 1 know 3; the mean of three weeks' two values is 4.5."""
    told = tell([[1, 1, 1]], signals(("index", "all", "all", 0, 3.0), ("index", "all", "all", 2, 6.0)), "signals")
    np.testing.assert_array_equal(told["index now"][0, :, 0], [3, 3, 6])
    assert told["index, mean of 4"][0, 2, 0] == 4.5
    assert told["index now, over usual"][0, 2, 0] == pytest.approx(1)  # 6 - 4.5 over a deviation of 1.5


def test_the_row_closest_to_a_series_counts(tell, signals):
    """Its own row first, then that of its region, then that of all."""
    rows = signals(
        ("index", "all", "all", 0, 1.0), ("index", "all", "north", 0, 2.0), ("index", "p001", "all", 0, 3.0),
        ("index", "p001", "north", 0, 4.0),
    )  # fmt: skip
    told = tell([[1, 2]] * 4, rows, "signals", regions=("north", "south"))
    np.testing.assert_array_equal(told["index now"][:, 0, 0], [2, 1, 4, 3])


def test_regions_are_averaged_where_demand_has_none(tell, signals):
    """Demand of one region 'all' takes the mean of 2 in the north and 4 in the south."""
    rows = signals(
        *(("index", "all", place, when, v + when) for place, v in (("north", 2.0), ("south", 4.0)) for when in (0, 1))
    )
    told = tell([[1, 2]], rows, "signals")
    np.testing.assert_array_equal(told["index now"][0, :, 0], [3, 4])


def test_a_signal_announced_tells_the_target_week(tell, signals):
    """As a plan week 2 is known from week 0 on; beyond the notice of one week the last value stands in."""
    rows = signals(*(("fair", "all", "all", when, value) for when, value in enumerate([1.0, 1.0, 9.0, 9.0])))
    whole = tell([[1, 1]], rows, "signals", known="plan")
    short = tell([[1, 1]], rows, "signals", known="plan", lead=1)
    np.testing.assert_array_equal(whole["fair planned"][0], [[1, 9], [9, 9]])
    np.testing.assert_array_equal(short["fair planned"][0], [[1, 1], [9, 1]])


def test_a_signal_of_the_past_tells_no_target_week(tell, signals):
    """Values of weeks to come are not read, and the user hears of those nobody can know."""
    rows = signals(*(("fair", "all", "all", when, float(when)) for when in range(6)))
    told = tell([[1, 1, 1]], rows, "signals")
    assert not [name for name in told.features if "planned" in name]
    assert told["fair now"].max() == 2
    assert "has rows dated 2024-01-29 to 2024-02-05, after the last known week" in told.notes[0]


def test_one_signal_can_be_a_source(tell, signals):
    """'signals.fair' takes that one only."""
    rows = signals(*((name, "all", "all", when, float(when)) for name in ("fair", "index") for when in range(3)))
    assert {name.partition(" ")[0] for name in tell([[1, 1, 1]], rows, "signals.fair").features if "," not in name} == {"fair"}


def test_a_misspelt_signal_is_left_out_and_said(tell, signals):
    """The closest name is given."""
    told = tell([[1, 1]], signals(("index", "all", "all", 0, 3.0)), "signals.indx")
    assert told.features == {}
    assert "no row of 'indx' about what is forecast; did you mean 'index'?" in told.notes[-1]


def test_a_constant_signal_is_left_out_and_said(tell, signals):
    """One that is always 5 teaches nothing; the other stays."""
    rows = [("flat", "all", "all", when, 5.0) for when in range(4)] + [
        ("live", "all", "all", when, float(when)) for when in range(4)
    ]
    told = tell([[1] * 4], signals(*rows), "signals")
    assert {name.partition(" ")[0].strip(",") for name in told.features} == {"live"}
    assert told.notes == ["it: signal 'flat' never changes; left out"]
