"""The newsvendor's regret and the sweep."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lotwise.config import Gap
from lotwise.gap import pinball_regret, sweep
from lotwise.gap.sweep import quantity_at
from lotwise.tables.forecasted import FORECAST, LEVELS, QUANTILES
from lotwise.tables.pooled import DEMAND, ECONOMICS

units = st.floats(0, 1e4)


@given(units, units, st.floats(0.01, 1e3), st.floats(0, 1), st.floats(0, 1))
def test_regret_is_price_weighted_pinball(demand, quantity, price, cost_share, salvage_share):
    """Knowing demand less deciding before it, computed from the profits themselves, is the formula to 1e-9 of the money."""
    cost = price * cost_share
    salvage = cost * salvage_share * 0.999

    def profit(made):
        return price * min(made, demand) - cost * made + salvage * max(made - demand, 0)

    regret = pinball_regret(demand, quantity, price=price, cost=cost, salvage=salvage)
    assert regret == pytest.approx(profit(demand) - profit(quantity), abs=1e-9 * max(1, price * (demand + quantity)))
    assert regret >= 0


def test_quantities_between_and_beyond_the_levels():
    """Quantiles are straight between levels and held beyond the outer two."""
    row = np.asarray(LEVELS)[None] * 100
    assert [quantity_at(row, ratio)[0] for ratio in (0.0, 0.5, 0.525, 1.0)] == pytest.approx([1, 50, 52.5, 99])


@pytest.fixture
def three_cells(build):
    """One product, three weeks asked 10, 20, 30 at a price of 10; the base makes 20, now makes 12, 20, 26, for certain."""
    key = {"product": "p0", "region": "all"}
    forecast = [
        {"information": state, "cutoff": build.week(week), "horizon": 1, "mean": made, **key, "week": build.week(week)}
        | dict.fromkeys(QUANTILES, made)
        for state, plan in (("none", (20.0, 20.0, 20.0, 20.0)), ("now", (12.0, 20.0, 26.0, 20.0)))
        for week, made in enumerate(plan)
    ]
    demand = [
        {**key, "week": build.week(week), "units": asked, "revenue": 0.0, "orders": 0, "customers": 0, "censored": False}
        for week, asked in enumerate((10.0, 20.0, 30.0))
    ]
    money = {"unit_price": 10.0, "unit_cost": 5.0, "salvage": 0.0, "holding_cost": 0.0}
    bases = {"price_basis": "given", "cost_basis": "given", "salvage_basis": "given"}
    economics = [{"product": "p0", "category": "bread", **money, **bases}]
    return tuple(
        table.check(pa.Table.from_pylist(rows, schema=table.schema))
        for table, rows in ((FORECAST, forecast), (DEMAND, demand), (ECONOMICS, economics))
    )


def test_three_cells_by_hand(three_cells, rng):
    """Price - salvage = 6. At ratio .5 a unit too many or too few costs 3: 20 x 3 = 60 and (2 + 4) x 3 = 18.

    At ratio .9 too few costs 5.4 and too many .6: 10 x .6 + 10 x 5.4 = 60 and 2 x .6 + 4 x 5.4 = 22.8. The fourth week
    has not been settled.
    """
    found = sweep(*three_cells, rng=rng, settings=Gap(ratios=(0.9, 0.5))).to_pydict()
    assert found["critical_ratio"] == [0.5, 0.9]
    assert found["gap_none"] == pytest.approx([60, 60])
    assert found["gap_now"] == pytest.approx([18, 22.8])
    assert found["closed"] == pytest.approx([0.7, 0.62])
    assert found["low"] == [None, None]


def test_intervals_stand_where_there_are_two_blocks(three_cells, rng):
    """With blocks of one week three weeks suffice, and the interval holds the figure."""
    (row,) = sweep(*three_cells, rng=rng, settings=Gap(ratios=(0.5,), block_weeks=1, resamples=200)).to_pylist()
    assert row["low"] <= row["closed"] <= row["high"]


def test_no_past_forecast_is_an_empty_sweep(three_cells, rng):
    """Without a settled week there is nothing to sweep."""
    forecast, demand, economics = three_cells
    assert sweep(forecast.slice(0, 0), demand, economics, rng=rng).num_rows == 0


def test_a_perfect_base_leaves_nothing_to_close(three_cells, rng):
    """Where the base loses nothing, the share closed is absent rather than a number."""
    forecast, demand, economics = three_cells
    middle = demand.slice(1, 1)
    (row,) = sweep(forecast, middle, economics, rng=rng, settings=Gap(ratios=(0.5,))).to_pylist()
    assert (row["gap_none"], row["closed"], row["low"]) == (0, None, None)
