"""Reasons in words."""

import numpy as np
import pytest

from lotwise.recommend import blend, why
from lotwise.recommend.blend import Weights
from lotwise.recommend.supply import Supply


def _say(model, customer, product, weights):
    known = model.purchases
    pair = np.array([known.customers.index(customer)]), np.array([known.products.index(product)])
    return why.liking(model, weights, [f"the {code}" for code in known.products], *pair)[0]


@pytest.fixture
def model(buy, day):
    """Return a model of customers who buy bread and butter together; u buys bread every 7 days and no butter yet."""
    sales = [("u", "bread", when) for when in (0, 7, 7, 14, 22)]
    sales += [(f"c{k}", product, 20 + k % 3) for k in range(20) for product in ("bread", "butter")]
    return blend.fit(buy([*sales, ("v", "beer", 22)], ("bread", "butter", "beer")), day(23), ridge=5.0, half_life=112.0)


def test_bought_again(model):
    """Customer u bought bread on 4 different days with gaps of 7, 7 and 8 days: usually every 7."""
    assert _say(model, "u", "bread", Weights()) == "You bought it 4 times, last on 2024-01-23; usually every 7 days"


def test_no_rhythm_from_one_purchase(model):
    """One purchase has no rhythm."""
    assert _say(model, "v", "beer", Weights()) == "You bought it once, last on 2024-01-23"


def test_bought_with_what_you_buy(model):
    """Butter is drawn by the bread that u buys, and by nothing else."""
    assert _say(model, "u", "butter", Weights(1.0, 3.0, 0.1)) == "Bought with the bread, which you buy"


def test_popular_where_nothing_else_speaks(model):
    """Customer v bought nothing that goes with butter: 20 customers bought it lately."""
    assert _say(model, "v", "butter", Weights(1.0, 3.0, 0.3)) == "Popular: 20 customers bought it in the last 4 weeks"


def test_popular_once(buy, day):
    """What sold long ago is told so."""
    model = blend.fit(buy([("u", "a", 0), ("v", "b", 99)]), day(100), ridge=5.0, half_life=112.0)
    assert _say(model, "v", "a", Weights(0.0, 0.0, 1.0)) == "Popular: 1 customer bought it so far"


@pytest.mark.parametrize("form", ["primal", "dual"])
def test_the_parts_add_up_to_the_score(buy, shop, day, form):
    """What the customer's products are said to add is, in sum, the item model's score."""
    from lotwise.recommend import items

    bought = buy(shop, {product for _, product, _ in shop})
    model = blend.fit(bought, day(112), ridge=5.0, half_life=30.0)
    fitted = items.fit(model.items.x, 5.0, form=form)
    customer, product = np.repeat(np.arange(80), 12), np.tile(np.arange(12), 80)
    drawn, _ = why._drawn(blend.Blend(model.purchases, model.end, fitted, model.habits, model.level), customer, product)  # noqa: SLF001
    assert drawn == pytest.approx(fitted.scores(0, 80).ravel(), abs=1e-4)


def test_moves_are_explained():
    """Moved up: it earns more, with free hours where there are some; moved down: what is short; else nothing."""
    plan = Supply(np.ones(2, bool), np.array([0.0, 2.0]), (None, None), ("", "oven"), ("milk line", ""))
    assert why.place(1, 3, 0, plan) == "; moved up: it earns more, and milk line has free hours"
    assert why.place(1, 3, 1, plan) == "; moved up: it earns more"
    assert why.place(3, 1, 1, plan) == "; moved down: oven is short"
    assert why.place(3, 1, 0, plan) == why.place(2, 2, 1, plan) == ""
