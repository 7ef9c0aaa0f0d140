"""The grid of settled profits."""

import math

import numpy as np
import pyarrow as pa
import pytest

from lotwise.gap import prescriptiveness, settle
from lotwise.tables.planned import MONEY


def test_profits_stand_at_their_product_and_week(build):
    """Every state is an array of products by weeks in order."""
    value = settle(build.money({"ideal": [[9, 8]], "perfect": [[7, 6]], "now": [[5, 4]]}))
    assert value.products == ("p0",)
    assert value.weeks.tolist() == [build.week(0), build.week(1)]
    assert value.gain("perfect", "now").tolist() == [[2, 2]]


def test_order_of_rows_does_not_matter(build, rng):
    """Shuffled rows give the same grid."""
    profits = {state: rng.normal(size=(5, 6)) for state in ("ideal", "perfect", "now", "none")}
    money = build.money(profits)
    shuffled = settle(money.take(pa.array(rng.permutation(money.num_rows))))
    assert all((shuffled.profit[state] == profits[state]).all() for state in profits)


def test_a_state_with_holes_is_left_out_with_a_note(build):
    """A state that lacks a settled cell is not compared, and the reader is told."""
    value = settle(build.money({"ideal": [[1, 1]], "perfect": [[1, 1]], "now": [[1, 1]], "method": [[1]]}))
    assert "method" not in value.profit
    assert value.notes == ("'method' is left out: it was not settled in 1 of 2 product-weeks",)


def test_weeks_the_ledger_cannot_compare_are_left_out(build):
    """A week in which what is known now was not planned is no part of the grid."""
    value = settle(build.money({"ideal": [[1, 1]], "perfect": [[1, 1]], "now": [[1]]}))
    assert value.weeks.tolist() == [build.week(0)]
    assert value.notes[0].startswith("1 product-weeks are left out")


def test_the_plan_stands_where_the_floor_reported_nothing(build):
    """Cells without a floor record are taken as planned."""
    value = settle(build.money({"ideal": [[9, 9]], "perfect": [[8, 8]], "now": [[7, 6]], "executed": [[5]]}))
    assert value.profit["executed"].tolist() == [[5, 6]]


def test_no_settled_plan_is_an_empty_grid():
    """An empty money table is a grid without weeks, not an error."""
    value = settle(MONEY.empty())
    assert (value.products, len(value.weeks), value.profit) == ((), 0, {})


def test_prescriptiveness_by_hand():
    """P = (now - base) / (perfect - base): (312 - 256) / (320 - 256) = 0.875."""
    assert prescriptiveness(np.array([200.0, 120]), np.array([160.0, 96]), np.array([180.0, 132])) == pytest.approx(0.875)


def test_prescriptiveness_without_a_gap_is_not_a_number():
    """Where the base loses nothing there is no share of it to close."""
    assert math.isnan(prescriptiveness(np.ones(2), np.ones(2), np.ones(2)))
