import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.mine.market.shares import Sales, shares, tiers

LINE = st.tuples(st.integers(0, 14), st.integers(-1, 2), st.integers(1, 9), st.integers(1, 50))


def sales(lines):
    """Return sales of (product, segment, units, unit price); products 0 to 12 are of one category, two of another."""
    names = [f"p{place:02d}" for place in range(15)]
    brands = [("own", "other", None)[place % 3] for place in range(13)] + [None, None]
    product, segment, units, price = (np.array(column) for column in zip(*lines, strict=True))
    categories = ["c"] * 13 + [None, None]
    return Sales(names, categories, brands, ["S1", "S2", "S3"], product, segment, units.astype(float), 1.0 * units * price)


@given(st.lists(LINE, min_size=1, max_size=60))
@settings(max_examples=50, deadline=None)
def test_shares_sum_to_one(lines):
    """Within each category, kind and segment the shares sum to 1, and 'all' holds every sale."""
    rows = shares(sales(lines)).to_pylist()
    total = {}
    for row in rows:
        key = (row["category"], row["kind"], row["segment"])
        total[key] = total.get(key, 0.0) + row["share"]
    assert total
    assert all(share == pytest.approx(1) for share in total.values())
    everything = sum(row["revenue"] for row in rows if row["kind"] == "product" and row["segment"] == "all")
    assert everything == pytest.approx(sum(units * price for _, _, units, price in lines))


def test_shares_by_hand():
    """Segment S1 spends 30 of 40 on p00, all spend 30 of 120: share 3/4, index 3."""
    found = shares(sales([(0, 0, 1, 30), (1, 0, 1, 10), (1, 1, 1, 80)])).to_pylist()
    row = next(row for row in found if row["name"] == "p00" and row["segment"] == "S1")
    assert row["share"] == pytest.approx(0.75)
    assert row["index"] == pytest.approx(3.0)
    assert row["units"] == 1.0


def test_others_than_the_best_sellers_are_one_row():
    """Of thirteen products ten are told apart."""
    rows = shares(sales([(place, 0, 1, 50 - place) for place in range(13)])).to_pylist()
    names = {row["name"] for row in rows if row["kind"] == "product"}
    assert len(names) == 11
    assert "other products" in names


def test_tiers_are_thirds_of_the_prices():
    """Six prices are two to a third, equal ones share the middle of those they span, and two are too few."""
    assert tiers(np.array([1.0, 2, 3, 4, 5, 6])) == ["low", "low", "middle", "middle", "high", "high"]
    assert tiers(np.array([1.0, 2, 2, 2, 2, 9])) == ["low", "middle", "middle", "middle", "middle", "high"]
    assert tiers(np.array([1.0, 2.0, 2.0])) is None


def test_categories_without_brands_have_no_brand_shares():
    """Where no brand is known nothing is said of brands."""
    rows = shares(sales([(13, 0, 1, 5), (14, 0, 1, 5)])).to_pylist()
    assert {row["kind"] for row in rows} == {"product"}
    assert {row["category"] for row in rows} == {"no category"}
