import numpy as np
import pyarrow as pa
import pytest

from lotwise.mine.market.likeness import Attributes, nearest
from lotwise.mine.market.panel import Panel
from lotwise.mine.market.positions import apart, positions
from lotwise.tables.collected import PRODUCTS

WEEKS = 60


def world(reaction):
    """Return eight products that sell more when their competitor's price is up, under a swing that moves all of them."""
    rng = np.random.default_rng(5)
    theirs = 100 * np.exp(0.1 * rng.normal(size=(8, WEEKS)))
    swing = np.sin(np.arange(WEEKS) / 5)
    units = np.exp(4 + swing + reaction * np.log(theirs / 100) + 0.05 * rng.normal(size=(8, WEEKS)))
    names = tuple(f"p{place}" for place in range(8))
    panel = Panel(names, 7 * np.arange(WEEKS), units, units * 80.0, 13, 0)
    return panel, {"rival": theirs}


def products(rows):
    """Return the table products of (product, category, brand, type)."""
    names = ("product", "category", "brand", "type")
    return PRODUCTS.check(pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows]))


def test_units_move_with_a_rivals_price_once_the_common_swing_is_out():
    """A planted reaction is seen in every product; without one the correlations lie about zero."""
    for reaction, low, high in ((1.0, 0.7, 1.0), (0.0, -0.35, 0.35)):
        panel, rivals = world(reaction)
        rows = positions(panel, rivals, Attributes(panel.products, None, None), 3).to_pylist()
        assert len(rows) == 8
        assert all(low <= row["moves_with"] <= high for row in rows)


def test_index_and_change_by_hand():
    """80 beside 100 now and beside 50 at the beginning: index .8, change .8 / 1.6 - 1 = -.5."""
    units = np.ones((1, 30))
    panel = Panel(("p",), 7 * np.arange(30), units, 80 * units, 10, 0)
    rivals = {"x": np.concatenate([np.full(15, 50.0), np.full(15, 100.0)])[None, :]}
    row = positions(panel, rivals, Attributes(("p",), None, None), 3).to_pylist()[0]
    assert row["index"] == pytest.approx(0.8)
    assert row["change"] == pytest.approx(-0.5)
    assert row["weeks"] == 30
    assert row["kind"] == "competitor"


def test_few_weeks_tell_neither_change_nor_correlation():
    """With five weeks of prices only the index is told."""
    panel, rivals = world(1.0)
    late = np.where(np.arange(WEEKS) >= WEEKS - 5, rivals["rival"], np.nan)
    row = positions(panel, {"rival": late}, Attributes(panel.products, None, None), 3).to_pylist()[0]
    assert row["change"] is None
    assert row["moves_with"] is None
    assert row["weeks"] == 5


def test_constant_prices_have_no_correlation():
    """A price that never moves tells nothing of what moves with it."""
    panel = world(0.0)[0]
    rows = positions(panel, {"x": np.full((8, WEEKS), 5.0)}, Attributes(panel.products, None, None), 3).to_pylist()
    assert all(row["moves_with"] is None for row in rows)


def test_what_moves_all_is_taken_out():
    """A swing common to all products leaves nothing; with one product only its mean is taken off."""
    swing = np.sin(np.arange(20.0))
    np.testing.assert_allclose(apart(swing + np.array([[1.0], [5.0], [9.0]])), 0, atol=1e-12)
    np.testing.assert_allclose(apart(swing[None, :]), (swing - swing.mean())[None, :])


def test_likeness_is_the_share_of_same_attributes():
    """Same brand and other type are one half; a shared half of an option's values counts half."""
    rows = [("a", "c", "x", "t"), ("b", "c", "x", "u"), ("d", "c", None, None)]
    options = pa.table({"product": ["a", "a", "b"], "option": ["o"] * 3, "value": ["1", "2", "1"]})
    found = Attributes(("a", "b", "d"), products(rows), None)
    assert found.likeness(0, 1) == 0.5
    assert found.likeness(0, 2) is None
    assert Attributes(("a", "b", "d"), products(rows), options).likeness(0, 1) == pytest.approx(0.5)


def test_nearest_are_of_the_same_category_and_price():
    """A like product at a like price comes first, another category never."""
    rows = [("a", "c", "x", "t"), ("b", "c", "x", "t"), ("d", "c", "x", "t"), ("e", "k", "x", "t")]
    names = tuple(row[0] for row in rows)
    near = nearest(Attributes(names, products(rows), None), np.array([10.0, 30.0, 11.0, 10.0]), 1)
    assert near == [[(2, 1.0)], [(2, 1.0)], [(0, 1.0)], []]
