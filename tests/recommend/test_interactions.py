"""Purchases."""

import numpy as np
import pyarrow as pa
import pytest


def test_only_sales_of_known_products_to_known_customers_count(sell):
    """Returns, cancelled sales, unknown customers and unknown products are left out."""
    from lotwise.recommend import gather

    kept = [("u", "a", 0)]
    tables = [
        sell(kept), sell([("u", "b", 1)], kind="return"), sell([("u", "b", 1)], kind="cancelled"),
        sell([("u", "b", 1)], units=-1.0), sell([(None, "b", 1)]), sell([("u", "unknown", 1)]),
    ]  # fmt: skip
    found = gather(pa.concat_tables(tables), "ab")
    assert (found.customers, found.products) == (("u",), ("a", "b"))
    assert (found.customer.tolist(), found.product.tolist()) == ([0], [0])


def test_a_line_counts_once_whatever_its_units(sell):
    """A line of 5 units and a line of 1 are two purchases."""
    from lotwise.recommend import gather

    found = gather(pa.concat_tables([sell([("u", "a", 0)], units=5.0), sell([("u", "a", 3)])]), "a")
    assert found.counts().toarray().tolist() == [[2.0]]


def test_age_halves_the_weight(buy, day):
    """With a half-life of 7 days, the last day weighs 1 and the day a week before it 1/2."""
    found = buy([("u", "a", 0), ("u", "a", 7), ("v", "b", 7)]).decayed(7.0, day(8))
    assert found.toarray().tolist() == [[1.5, 0, 0], [0, 1, 0]]


def test_between_takes_the_start_and_not_the_end(buy, day):
    """A window holds its first day and not the day after its last."""
    found = buy([("u", "a", 1), ("u", "b", 2), ("u", "c", 3)]).between(day(2), day(3))
    assert found.counts().toarray().tolist() == [[0, 1, 0]]


def test_among_keeps_the_products_asked_for(buy):
    """The purchases of other products are gone, and places follow the products left."""
    found = buy([("u", "a", 1), ("u", "b", 2), ("u", "c", 3)]).among(np.array([0, 2]))
    assert (found.products, found.product.tolist()) == (("a", "c"), [0, 1])


def test_buyers_are_different_customers(buy):
    """Two purchases of one customer are one buyer."""
    assert buy([("u", "a", 1), ("u", "a", 2), ("v", "a", 2)]).buyers().tolist() == [2, 0, 0]


def test_customers_known_from_elsewhere_have_bought_nothing(buy):
    """Others stand among the customers, in the order of their names."""
    found = buy([("u", "a", 1)], others=["z", "b"])
    assert found.customers == ("b", "u", "z")
    assert found.counts().sum(axis=1).tolist() == [0, 1, 0]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_does_not_matter(sell, shop, seed):
    """Shuffled orders give the same purchases."""
    from lotwise.recommend import gather

    orders, codes = sell(shop), {product for _, product, _ in shop}
    shuffled = gather(orders.take(np.random.default_rng(seed).permutation(orders.num_rows)), codes)
    assert all(
        np.array_equal(getattr(shuffled, name), getattr(gather(orders, codes), name)) for name in ("customer", "product", "day")
    )
