"""Tests of the choice sets of a category."""

import numpy as np
import pytest

from lotwise.mine.preferences.categories import usual
from lotwise.mine.preferences.frames import read_sales

MONDAY = np.datetime64("2024-01-01")


def sales(*lines):
    """Return a frame of (product, week, price)."""
    product, week, price = zip(*lines, strict=True)
    return {"product": product, "day": MONDAY + 7 * np.array(week) + 2, "price": np.array(price, dtype=float)}


def spot(category, week):
    weeks = sorted(set(category.when.tolist()))
    return weeks.index(weeks[0] + week)


def test_the_price_of_a_week_is_the_median_paid():
    """Of 1, 2 and 9 paid for A in week 0 the price is 2."""
    read = read_sales(sales(("A", 0, 1), ("A", 0, 2), ("A", 0, 9), ("B", 0, 5), ("A", 1, 3), ("B", 1, 5)))
    at = read.sets.alternatives.index("A")
    assert read.price[spot(read, 0), at] == 2


def test_a_week_without_a_sale_has_the_median_of_the_weeks_near_it():
    """A was sold in weeks 0, 2 and 4 at 3, 1 and 3; in week 3 its price is 3, not the 1 of the week before."""
    told = [("A", 0, 3), ("A", 2, 1), ("A", 4, 3), *(("B", week, 5) for week in range(20))]
    read = read_sales(sales(*told, ("A", 19, 3)))
    assert read.price[spot(read, 3), read.sets.alternatives.index("A")] == 3


def test_slow_sellers_are_on_sale_around_their_sales():
    """A sells one line in week 5: it is on sale in weeks 3 to 7, and in no other."""
    read = read_sales(sales(*(("B", week, 5) for week in range(60)), ("A", 5, 1)))
    there = read.sets.available[:, read.sets.alternatives.index("A")]
    assert [week for week in range(60) if there[spot(read, week)]] == [3, 4, 5, 6, 7]


def test_fast_sellers_without_a_sale_are_out_of_stock():
    """A sells 5 lines a week but none in week 10: it was not on sale then."""
    lines = [("B", week, 5) for week in range(60)] + [("A", week, 1) for week in range(60) for _ in range(5) if week != 10]
    read = read_sales(sales(*lines))
    there = read.sets.available[:, read.sets.alternatives.index("A")]
    assert [week for week in range(60) if not there[spot(read, week)]] == [10]


def test_offers_say_what_was_on_sale_and_at_which_price():
    """With a list of offers nothing is guessed: A is on sale where it is listed, at the price listed."""
    lines = [("B", week, 5) for week in range(10)] + [("A", 0, 1), ("A", 9, 1)]
    listed = [("A", 0, 1.0), ("A", 9, 2.0), *(("B", week, 5.0) for week in range(10))]
    product, week, price = zip(*listed, strict=True)
    offers = {"product": product, "week": MONDAY + 7 * np.array(week), "price": price}
    read = read_sales(sales(*lines), offers=offers)
    at = read.sets.alternatives.index("A")
    assert np.flatnonzero(read.sets.available[:, at]).tolist() == [0, 9]
    assert read.price[9, at] == 2


def test_all_but_the_best_sellers_are_one_alternative():
    """Told to tell two products apart, the third is ``other``; nothing is lost."""
    lines = [(name, week, 1) for week in range(10) for name, often in (("A", 3), ("B", 2), ("C", 1)) for _ in range(often)]
    read = read_sales(sales(*lines), alternatives=2)
    assert read.sets.alternatives == ("A", "B", "other")
    assert len(read.sets) == 60
    assert read.sets.shares == pytest.approx([0.5, 1 / 3, 1 / 6])


def test_weeks_before_the_last_ones_know_nothing_of_them():
    """Prices and sales of the last weeks changed leave every set before them as it was."""
    rng = np.random.default_rng(1)
    lines = [(str(rng.choice(["A", "B", "C"])), int(week), float(rng.uniform(1, 2))) for week in np.repeat(np.arange(50), 2)]
    changed = [(name, week, price) if week < 40 else ("A", week, 9.0) for name, week, price in lines]
    one, other = (read_sales(sales(*told)) for told in (lines, changed))
    early = one.when < one.when.min() + 40
    assert one.sets.alternatives == other.sets.alternatives
    assert (one.sets.available[early] == other.sets.available[early]).all()
    assert np.array_equal(one.sets.offered[early], other.sets.offered[early])


def test_constant_prices_are_left_out_and_said():
    """Prices that never change say nothing beside the products, and the note says so."""
    read = read_sales(sales(*((name, week, price) for week in range(9) for name, price in (("A", 1), ("B", 2)))))
    sets, notes = usual(read.sets)
    assert "price" not in sets.names
    assert "prices never changed" in notes[0]


def test_a_discount_that_goes_with_the_price_is_counted_in_it():
    """Where list prices stay the same the discount says what the price says, and is left out."""
    rng = np.random.default_rng(1)
    frame = sales(*((name, week, 1) for week in range(40) for name in ("A", "B")))
    cut = np.where(rng.random(80) < 0.3, 0.8, 1.0)
    frame |= {"price": 5 * cut, "list_price": np.full(80, 5.0)}
    sets, notes = usual(read_sales(frame).sets)
    assert sets.names == ("product: B", "price")
    assert notes == ("discount goes with the price and is counted in it",)
