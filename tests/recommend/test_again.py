"""Buy again."""

import numpy as np

from lotwise.recommend import again


def test_often_and_lately_comes_first(buy, day):
    """With a half-life of 10 days: a bought on days 0 and 10 weighs 1.5 on day 10, b bought on day 10 weighs 1."""
    habits = again.fit(buy([("u", "a", 0), ("u", "a", 10), ("u", "b", 10)]), day(11), half_life=10.0)
    assert habits.toarray().tolist() == [[1.5, 1, 0]]


def test_products_never_bought_follow_by_buyers(buy, day):
    """What the customer never bought stands behind, the product with most buyers first."""
    bought = buy([("u", "a", 0), ("v", "b", 0), ("w", "b", 0), ("v", "c", 0)])
    scores = again.scores(again.fit(bought, day(300), half_life=112.0), bought.buyers())
    assert np.argsort(-scores[0]).tolist() == [0, 1, 2]


def test_habit_is_the_logarithm(buy, day):
    """A product bought once on the last day has the habit log 2."""
    habits = again.fit(buy([("u", "a", 0)]), day(1), half_life=112.0)
    assert again.habit(habits).tolist() == [[round(np.log(2), 6), 0, 0]]
