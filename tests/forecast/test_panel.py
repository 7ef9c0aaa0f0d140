import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lotwise.errors import ContractError
from lotwise.forecast.panel import cutoffs, dense, monday
from lotwise.tables.weeks import WEEK, past_cutoffs


def test_weeks_without_a_row_are_zero_only_after_the_first(demand_table):
    """A series is absent before its first row and 0 where a later week has none."""
    table = demand_table([[1, 2, 3, 4], [5, 6, 7, 8]], first=[0, 2])
    panel = dense(table.filter(pa.compute.not_equal(table["units"], 7.0)))
    np.testing.assert_array_equal(panel.units, [[1, 2, 3, 4], [np.nan, np.nan, np.nan, 8]])
    panel = dense(table.filter(pa.compute.not_equal(table["units"], 3.0)))
    np.testing.assert_array_equal(panel.units[0], [1, 2, 0, 4])


def test_series_are_sorted_by_product_then_region_whatever_the_rows_order(demand_table):
    """The order of rows changes nothing."""
    table = demand_table([[1, 2], [3, 4], [5, 6], [7, 8]], regions=("north", "south"))
    shuffled = table.take(np.random.default_rng(0).permutation(table.num_rows))
    panel = dense(shuffled)
    assert list(zip(panel.products, panel.regions, strict=True)) == [
        ("p000", "north"), ("p000", "south"), ("p001", "north"), ("p001", "south"),
    ]  # fmt: skip
    np.testing.assert_array_equal(panel.units, dense(table).units)


def test_rows_of_all_regions_hold_for_each_region_without_its_own(demand_table, promotions_table):
    """A promotion everywhere is a promotion in each region."""
    panel = dense(demand_table([[1, 2], [3, 4]], regions=("north", "south")))
    found = panel.spread(promotions_table(np.array([[0.25, 0.75]])), "mailer", panel.weeks)
    np.testing.assert_array_equal(found, [[0.25, 0.75], [0.25, 0.75]])


def test_regions_of_a_table_are_averaged_where_the_panel_has_one(demand_table, promotions_table):
    """Where demand knows one region only, the mean over a table's regions is taken."""
    panel = dense(demand_table([[1, 2]]))
    both = pa.concat_tables(
        table.set_column(1, "region", pa.array([name] * 2))
        for name, table in (
            ("north", promotions_table(np.array([[0.0, 1.0]]))),
            ("south", promotions_table(np.array([[1.0, 1.0]]))),
        )
    )
    np.testing.assert_array_equal(panel.spread(both, "mailer", panel.weeks), [[0.5, 1.0]])


def test_no_demand_is_refused(demand_table):
    """An empty demand table is refused with the next step."""
    with pytest.raises(ContractError, match="rejects"):
        dense(demand_table(np.zeros((0, 3))))


def test_weeks_that_start_on_no_monday_are_refused(demand_table):
    """A week named by a Tuesday is refused with that day."""
    table = demand_table([[1, 2]])
    tuesdays = table.set_column(2, "week", pa.compute.add(table["week"].cast(pa.int32()), 1).cast(pa.int32()).cast(pa.date32()))
    with pytest.raises(ContractError, match="2024-01-02"):
        dense(tuesdays)


@given(st.dates(min_value=np.datetime64("1950-01-01").item(), max_value=np.datetime64("2100-01-01").item()))
def test_the_monday_of_a_week_is_the_calendars(day):
    """A week's Monday agrees with the standard library's."""
    found = monday(np.array([day], "datetime64[D]"))[0].item()
    assert found.weekday() == 0
    assert 0 <= (day - found).days < 7


def test_cutoffs_agree_with_the_shared_arithmetic():
    """Places of past cutoffs are the dates all stages agree on."""
    first = np.datetime64("2024-01-01").item()
    places = cutoffs(30, horizon=4, wanted=3)
    assert [first + WEEK * (place + 1) for place in places] == past_cutoffs(first + WEEK * 29, 4, 3)


@pytest.mark.parametrize(
    ("weeks", "horizon", "wanted", "expected"),
    [
        (30, 4, 0, []),
        (16, 4, 4, [7, 11]),  # cutoffs after weeks 0, 4, 8 and 12: two have 8 weeks before them
        (10, 4, 4, [5]),  # none has 8: the last stays
        (3, 4, 4, []),  # a horizon does not fit
        (5, 4, 1, []),  # one week is no history
    ],
)
def test_cutoffs_that_do_not_fit_are_left_out(weeks, horizon, wanted, expected):
    """As many past cutoffs as have a history are used."""
    assert cutoffs(weeks, horizon=horizon, wanted=wanted) == expected
