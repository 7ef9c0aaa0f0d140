"""What sells lately."""

import pytest

from lotwise.recommend import popular


def test_recent_counts_customers_not_purchases(buy, day):
    """Two customers who bought b count twice, one who bought a three times once; c, bought long ago, only breaks ties."""
    sales = [("u", "a", 98), ("u", "a", 99), ("u", "a", 100), ("u", "b", 99), ("v", "b", 100), ("w", "c", 0)]
    # buyers are 1, 2 and 1 of at most 2, so the ties are 0.0005, 0.001 and 0.0005
    assert popular.recent(buy(sales), day(101)) == pytest.approx([1.0005, 2.001, 0.0005])


def test_level_lies_between_0_and_1(buy, day):
    """The best seller has level 1; a fortnight halves a purchase: log1p(1/2) / log1p(1)."""
    level = popular.level(buy([("u", "a", 14), ("u", "b", 0)]), day(15))
    assert level == pytest.approx([1, 0.584963, 0], abs=1e-6)
