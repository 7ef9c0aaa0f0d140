from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.plan.orders.lots import lot_rows
from lotwise.plan.orders.projection import projection_rows
from lotwise.plan.orders.purchases import purchase_rows


def test_stock_of_seats_and_wood(chair):
    """Of 10 seats 8 are used and 2 stay; all 20 wood go into seats, and 10 come a week later."""
    found = {(row["item"], str(row["week"])): row for row in projection_rows(chair[0])}
    row = found["seat", "2024-01-01"]
    assert [row[name] for name in ("start", "received", "used", "scrapped", "end")] == [0, 10, 8, 0, 2]
    row = found["wood", "2024-01-08"]
    assert [row[name] for name in ("start", "received", "used", "end")] == [0, 10, 10, 0]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_every_row_closes_and_meets_the_next(random_plan, seed):
    """Start + received - used - scrapped = end to six digits, the end is the next start, and nothing falls below 0."""
    last = {}
    for row in projection_rows(random_plan(seed)[0]):
        assert round(row["start"] + row["received"] - row["used"] - row["scrapped"], 6) == pytest.approx(row["end"], abs=1e-9)
        assert row["start"] == last.get(row["item"], row["start"])
        assert row["end"] > -1e-5
        last[row["item"]] = row["end"]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_received_is_what_is_made_and_bought(random_plan, seed):
    """What an item receives in all sites and weeks are its lots and purchases that are ready in the plan."""
    current, _ = random_plan(seed)
    got, want = defaultdict(float), defaultdict(float)
    for row in projection_rows(current):
        got[row["item"]] += row["received"]
    for row in lot_rows(current):
        want[row["item"]] += row["units"]
    for row in purchase_rows(current):
        want[row["material"]] += row["units"]
    for item in want:
        assert got[item] == pytest.approx(want[item], abs=1e-4)


def test_stock_is_that_of_the_flow(random_plan):
    """The end of a material at both sites is the stock of the flow; steps and choices are no items."""
    current, _ = random_plan(5)
    rows = projection_rows(current)
    ends = {(row["item"], row["week"]): row["end"] for row in rows}
    both = [n for n, name in enumerate(current.network.items.names) if name == "varnish"]
    for week, day in enumerate(current.problem.weeks):
        assert ends.get(("varnish", day), 0.0) == pytest.approx(np.sum(current.flow.stock[both, week]), abs=1e-5)
    assert not any(item.startswith("color of") for item, _ in ends)
