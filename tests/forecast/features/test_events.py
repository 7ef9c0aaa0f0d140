"""Browsing, carts, searches, ratings and reviews."""

import numpy as np
import pyarrow as pa
import pytest


@pytest.fixture
def events(at):
    """A function from (week, product, kind, value, text) to a table of events."""

    def table(*rows):
        when, product, kind, value, text = zip(*rows, strict=True)
        columns = {"time": at(when), "product": pa.array(product, pa.string()), "kind": list(kind)}
        return pa.table(columns | {"value": pa.array(value, pa.float64()), "text": pa.array(text, pa.string())})

    return table


def test_carts_are_set_against_sales(tell, events):
    """Two carts in week 1 and 3 units in two weeks: 2.5 / 3.5."""
    told = tell([[1, 2]], {"events": events((1, "p000", "cart", None, None), (1, "p000", "cart", None, None))}, "events")
    assert told["carts a unit"][0, 1, 0] == pytest.approx(2.5 / 3.5)


def test_searches_that_name_the_category_are_counted(tell, events):
    """'Green teas' names TEA, 'steak' does not; a category in Chinese may stand anywhere; one mention a search."""
    rows = [(1, None, "search", None, text) for text in ("Green teas", "steak", "tea or tea", "好喝的茶叶", None)]
    products = pa.table({"product": ["p000", "p001", "p002"], "category": ["TEA", "茶叶", None]})
    told = tell([[1, 1]] * 3, {"events": events(*rows), "products": products}, "events")
    usual = np.array([2, 1, 0]) / 2
    np.testing.assert_allclose(told["searches of its category, over usual"][:, 1, 0], usual / (usual + 0.5))


def test_ratings_are_counted_and_averaged(tell, events):
    """Four stars in week 0 and two with a review in week 9: mean 3, of the last eight weeks 2."""
    rows = [(0, "p000", "rating", 4.0, None), (9, "p000", "review", 2.0, "so so"), (9, "p000", "view", 7.0, None)]
    told = tell([[1] * 10], {"events": events(*rows)}, "events.rating")
    assert told["rating"][0, 9, 0] == 3
    assert told["rating of 8, over its own"][0, 9, 0] == -1
    assert told["ratings so far"][0, 9, 0] == pytest.approx(np.log(3))
    assert told["ratings and reviews of 8"][0, 9, 0] == pytest.approx(1 / 8 / 1.05)  # the level is (10 + 0.5) / 10


def test_an_infinite_rating_is_none(tell, events):
    """It counts as said, not as rated."""
    told = tell([[1, 2]], {"events": events((0, "p000", "rating", np.inf, None), (1, "p000", "rating", 3.0, None))}, "reviews")
    assert told["rating"][0, 1, 0] == 3


def test_events_without_ratings_say_so(tell, events):
    """A source of reviews without any is left out, and said."""
    told = tell([[1, 2]], {"events": events((0, "p000", "view", None, None))}, "reviews")
    assert (told.features, told.notes) == ({}, ["it: reviews say nothing of what is forecast; left out"])
