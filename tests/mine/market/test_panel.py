from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from lotwise.mine.market.panel import panel, rival_prices
from lotwise.tables.collected import COMPETITORS
from lotwise.tables.pooled import DEMAND

MONDAY = date(2025, 1, 6)


def demand(rows):
    """Return the table demand of (product, region, week number, units, revenue)."""
    return DEMAND.check(
        pa.Table.from_pylist(
            [
                {
                    "product": product,
                    "region": region,
                    "week": MONDAY + timedelta(weeks=week),
                    "units": units,
                    "revenue": revenue,
                    "orders": 1,
                    "customers": 1,
                    "censored": False,
                }
                for product, region, week, units, revenue in rows
            ]
        )
    )


def test_prices_are_revenue_over_units_of_all_regions():
    """Regions are added up; a week without sales has no price."""
    found = panel(demand([("a", "n", 0, 1.0, 10.0), ("a", "s", 0, 3.0, 18.0), ("a", "n", 2, 2.0, 12.0)]), 2)
    assert found.products == ("a",)
    np.testing.assert_allclose(found.prices, [[7.0, np.nan, 6.0]])
    assert found.recent_prices().tolist() == [6.0]


def test_weeks_from_today_on_are_not_seen():
    """A week that is not over on the day the data end says nothing."""
    rows = [("a", "n", 0, 1.0, 10.0), ("a", "n", 1, 1.0, 99.0)]
    assert panel(demand(rows), 2, MONDAY + timedelta(weeks=1)).revenue.tolist() == [[10.0]]


def test_no_demand_gives_no_product():
    """Nothing known is an empty panel and no crash."""
    assert panel(DEMAND.empty(), 2).products == ()
    assert panel(demand([("a", "n", 0, 0.0, 0.0)]), 2).products == ()


def test_rival_prices_lie_on_the_same_weeks():
    """A price of an unknown product or of a week outside is left out."""
    found = panel(demand([("a", "n", 0, 1.0, 10.0), ("a", "n", 1, 1.0, 10.0)]), 2)
    rows = [("a", 1, 8.0), ("a", 5, 9.0), ("z", 1, 7.0)]
    table = COMPETITORS.check(
        pa.Table.from_pylist(
            [{"product": p, "competitor": "x", "week": MONDAY + timedelta(weeks=w), "price": price} for p, w, price in rows]
        )
    )
    np.testing.assert_allclose(rival_prices(found, table)["x"], [[np.nan, 8.0]])
    assert rival_prices(found, COMPETITORS.empty()) == {}


@pytest.mark.parametrize("count", [3, 600])
def test_the_best_sellers_are_told_of(count):
    """Of more than 500 products those with most revenue stay, and the others are counted."""
    found = panel(demand([(f"p{n:03d}", "n", 0, 1.0, 1.0 + n) for n in range(count)]), 2)
    assert len(found.products) == min(count, 500)
    assert found.cut == max(count - 500, 0)
    assert f"p{count - 1:03d}" in found.products
