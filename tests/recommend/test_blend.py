"""The blend."""

import numpy as np
import pytest

from lotwise.recommend import again, blend, items, popular
from lotwise.recommend.blend import Weights


def test_scores_are_the_weighted_sum_of_the_parts(buy, shop, day):
    """The blend is EASE on log1p counts + g log1p(habit) + d level."""
    bought = buy(shop, {product for _, product, _ in shop})
    model = blend.fit(bought, day(112), ridge=5.0, half_life=30.0)
    x = bought.counts()
    x.data = np.log1p(x.data)
    ease = items.fit(x, 5.0).scores(0, 80)
    habit = again.habit(again.fit(bought, day(112), half_life=30.0))
    expected = ease + 2 * habit + 0.5 * popular.level(bought, day(112))
    assert model.scores(0, 80, Weights(1.0, 2.0, 0.5)) == pytest.approx(expected)


def test_what_comes_later_is_not_looked_at(buy, shop, day):
    """Purchases from the end on change nothing."""
    products = {product for _, product, _ in shop}
    whole, known = (
        buy(shop, products),
        buy([sale for sale in shop if sale[2] < 60], products, others={sale[0] for sale in shop}),
    )
    later, now = (blend.fit(each, day(60), ridge=5.0, half_life=30.0) for each in (whole, known))
    assert (later.scores(0, 80, Weights()) == now.scores(0, 80, Weights())).all()


def test_products_nobody_bought_are_not_scored(buy, day):
    """Only products with a purchase before the end stand in the model."""
    model = blend.fit(buy([("u", "a", 0), ("u", "c", 9)]), day(5), ridge=5.0, half_life=30.0)
    assert model.purchases.products == ("a",)


def test_products_with_most_buyers_are_scored_first(buy, day):
    """Where there are too many products, those with fewest buyers are left out."""
    sales = [("u", "a", 0), ("u", "b", 0), ("v", "b", 0), ("u", "c", 0), ("w", "c", 0)]
    assert blend.fit(buy(sales), day(5), ridge=5.0, half_life=30.0, most=2).purchases.products == ("b", "c")


def test_chunks_hold_every_customer_once(buy, shop, day, monkeypatch):
    """Pieces follow one another without gap or overlap, and give the scores of the whole."""
    model = blend.fit(buy(shop, {product for _, product, _ in shop}), day(112), ridge=5.0, half_life=30.0)
    whole = model.scores(0, 80, Weights())
    monkeypatch.setattr(blend, "CHUNK_CELLS", 100)
    pieces = model.chunks()
    assert [start for start, _ in pieces[1:]] == [stop for _, stop in pieces[:-1]]
    assert (np.concatenate([model.scores(*piece, Weights()) for piece in pieces]) == whole).all()
