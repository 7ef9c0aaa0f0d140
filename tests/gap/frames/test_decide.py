"""How much to make of everything in a user's frame."""

import numpy as np
import pyarrow as pa
import pytest

from lotwise.errors import ContractError, SettingsError
from lotwise.gap import decide
from lotwise.tables.forecasted import LEVELS

UNIFORM = 100 * np.asarray(LEVELS)
"""Quantiles of what is uniform on 0 .. 100, but for the tails."""
MARGINS = {"price": 10.0, "cost": 4.0, "salvage": 0.0}


@pytest.fixture
def two_series(long_frame):
    """Return a forecast of two series and two weeks, all uniform on 0 .. 100."""
    return long_frame(np.tile(UNIFORM, (2, 2, 1)), np.full((2, 2), np.nan), room=[50.0, 100.0, 50.0, 100.0])


def test_the_quantile_at_the_critical_ratio_is_made(two_series):
    """At p = 10, c = 4, s = 0 the ratio is .6, the quantity 60, expected to earn 10 x 42 - 4 x 60 = 180, but for the tails.

    E min(60, D) = 60 x .6 / 2 + 60 x .4 = 42; held at 1, the lowest hundredth brings half a hundredth of a unit more.
    """
    row = decide(two_series, MARGINS).to_pylist()[0]
    assert (row["quantity"], row["critical_ratio"]) == pytest.approx((60, 0.6))
    assert row["expected_profit"] == pytest.approx(180 + 10 * 0.01 * 0.5)
    assert "shadow_price" not in row


def test_each_decision_shares_its_own_capacity(two_series):
    """With 50 and 100 units for two series a week, 25 and 50 of each are made; the price is 10 x (1 - F) - 4: 3.5 and 1."""
    found = decide(two_series, MARGINS, capacity="room")
    assert found["quantity"].to_pylist() == pytest.approx([25, 50, 25, 50])
    assert found["shadow_price"].to_pylist() == pytest.approx([3.5, 1, 3.5, 1])


def test_a_budget_is_a_capacity_used_by_cost(two_series):
    """With 120 to spend at cost 4, 15 of each of two series are made; a unit of money earns (10 x .85 - 4) / 4 = 1.125."""
    economics = pa.table({"unique_id": ["s000", "s001"], "price": [10.0, 10.0], "cost": [4.0, 4.0], "salvage": [0.0, 0.0]})
    found = decide(two_series, economics, capacity=120, uses="cost")
    assert found["quantity"].to_pylist() == pytest.approx([15] * 4)
    assert found["shadow_price"].to_pylist() == pytest.approx([1.125] * 4)


def test_whole_units_are_made_where_asked(two_series):
    """At a ratio of .625 the best quantity is 62.5: 62 or 63 earn alike; with 51 units for two 26 and 25 are made."""
    found = decide(two_series, MARGINS | {"cost": 3.75}, whole=True)["quantity"].to_pylist()
    assert set(found) <= {62.0, 63.0}
    assert sorted(decide(two_series, MARGINS, capacity=51, whole=True)["quantity"].to_pylist()) == [25, 25, 26, 26]


def test_a_loss_is_not_made_and_it_is_said(two_series):
    """A price below the cost gives quantity 0 and a note; salvage above the cost counts as the cost: ratio 1."""
    economics = {"unique_id": ["s000", "s001"], "price": [3.0, 10.0], "cost": [4.0, 4.0], "salvage": [0.0, 5.0]}
    first, _, last, _ = decide(two_series, economics).to_pylist()
    assert (first["quantity"], first["expected_profit"]) == (0, 0)
    assert first["note"].startswith("not made")
    assert (last["quantity"], last["critical_ratio"]) == pytest.approx((99, 1))
    assert last["note"].startswith("salvage counts as the cost")


def test_rows_come_back_in_their_order(two_series):
    """A frame of pandas, shuffled, without a cutoff, is answered row by row."""
    shuffled = two_series.drop_columns(["cutoff", "y"]).take([3, 0, 2, 1]).to_pandas()
    found = decide(shuffled, MARGINS)
    assert found.column_names == ["unique_id", "ds", "quantity", "critical_ratio", "expected_profit", "note"]
    assert found["unique_id"].to_pylist() == ["s001", "s000", "s001", "s000"]


@pytest.mark.parametrize(
    ("capacity", "error", "said"),
    [
        (-1.0, SettingsError, "capacity = -1 in 4 of 4 rows"),
        (float("nan"), SettingsError, "expected units of 0 or more"),
        ([50.0], SettingsError, "capacity is a list; expected a number"),
        ("rom", SettingsError, "did you mean 'room'"),
        ("mixed", ContractError, "more than one capacity for a cutoff and ds: 1 rows"),
    ],
)
def test_a_capacity_that_makes_no_sense_is_refused(two_series, capacity, error, said):
    """A negative one, a misspelled column and two values for one decision are told, with rows."""
    frame = two_series.append_column("mixed", pa.array([50.0, 50.0, 60.0, 50.0]))
    with pytest.raises(error, match=said):
        decide(frame, MARGINS, capacity=capacity)
