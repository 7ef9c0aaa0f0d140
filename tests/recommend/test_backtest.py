"""Choosing on one window, testing on the next."""

import numpy as np
import pytest

from lotwise.recommend import backtest, blend
from lotwise.recommend.backtest import Score
from lotwise.recommend.blend import Weights


@pytest.fixture
def learn(buy, shop, day):
    """Return a function that learns from the shop's sales before a day, and all its purchases."""

    def learned(end, sales=shop):
        bought = buy(sales, {product for _, product, _ in shop}, others={customer for customer, _, _ in shop})
        return blend.fit(bought, day(end), ridge=5.0, half_life=60.0), bought

    return learned


@pytest.mark.parametrize(
    ("first", "expected"),
    [(0, [(44, 72), (72, 100)]), (43, [(44, 72), (72, 100)]), (44, [(72, 100)]), (71, [(72, 100)]), (72, [])],
)
def test_windows_have_purchases_before_them(first, expected):
    """Of the two last windows of 4 weeks before day 100, those count that start after the first purchase."""
    assert backtest.windows(first, 100, 4) == expected


def test_truth_new_leaves_out_what_was_bought_before(buy, day):
    """Customer u bought a before and a and b within the window: b is new. c, unknown to the model, is no truth."""
    bought = buy([("u", "a", 0), ("v", "b", 0), ("u", "a", 8), ("u", "a", 9), ("u", "b", 9), ("u", "c", 9)])
    model = blend.fit(bought, day(7), ridge=5.0, half_life=30.0)
    window = (day(7), day(14))
    assert backtest.truth(model, bought, window, "repeat").toarray().tolist() == [[1, 1], [0, 0]]
    assert backtest.truth(model, bought, window, "new").toarray().tolist() == [[0, 1], [0, 0]]


def test_a_perfect_recommender_by_hand(buy, day):
    """Both customers buy again the one product they had: buy again is perfect, popularity right for one of two."""
    bought = buy([("u", "a", 0), ("v", "b", 0), ("w", "a", 0), ("u", "a", 8), ("v", "b", 8)])
    model = blend.fit(bought, day(7), ridge=5.0, half_life=30.0)
    found = backtest.compare(model, bought, (day(7), day(14)), backtest.UNTRIED)
    by_name = {score.model: score for score in found if score.mode == "repeat"}
    assert by_name["buy again"] == Score("buy again", "repeat", 2, 1.0, 1.0, 1.0, 0.0)
    # popularity: a first for both, so 1 for u and 1/log2(3) for v; the error of two values is half their difference
    assert by_name["popularity"].ndcg10 == pytest.approx((1 + 1 / np.log2(3)) / 2)
    assert by_name["popularity"].standard_error == pytest.approx((1 - 1 / np.log2(3)) / 2)
    assert {score.mode for score in found} == {"repeat"}  # nobody bought anything new


def test_the_blend_chosen_is_the_best_of_the_grid(learn, day):
    """No other weights of the grid have a higher nDCG@10 on the window they were chosen on."""
    model, bought = learn(56)
    window = (day(56), day(84))
    chosen = backtest.choose(model, bought, window)
    for mode in backtest.MODES:
        every = []
        for weights in blend.GRID:
            scores = backtest.compare(model, bought, window, {"repeat": weights, "new": weights})
            every.append(next(s.ndcg10 for s in scores if (s.model, s.mode) == ("blend", mode)))
        assert every[blend.GRID.index(chosen[mode])] == pytest.approx(max(every))


def test_the_future_changes_nothing(learn, shop, day):
    """Shuffling what is sold in the last window leaves the weights, the chances and the lists as they were."""
    rng = np.random.default_rng(4)
    past = [sale for sale in shop if sale[2] < 84]
    later = [sale for sale in shop if sale[2] >= 84]
    moved = [(customer, later[k][1], when) for k, (customer, _, when) in zip(rng.permutation(len(later)), later, strict=True)]
    found = []
    for sales in (shop, past + moved):
        model, bought = learn(56, sales)
        weights = backtest.choose(model, bought, (day(56), day(84)))
        chance = backtest.calibrate(model, bought, (day(56), day(84)), weights["repeat"])
        last = learn(84, sales)[0]
        found.append((weights, chance.share.tolist(), last.scores(0, 80, weights["repeat"]).tolist()))
    assert found[0] == found[1]


def test_chances_agree_with_the_next_window(learn, day):
    """The chances learned on one window expect within 25 % the purchases of the next one's first 5 places."""
    model, bought = learn(56)
    chance = backtest.calibrate(model, bought, (day(56), day(84)), Weights())
    last = learn(84)[0]
    scores, hit = last.scores(0, 80, Weights()), backtest.truth(last, bought, (day(84), day(112)), "repeat").toarray()
    best = backtest.lists.top(scores, 5)
    expected, came = (np.take_along_axis(each, best, axis=1).sum() for each in (chance.of(scores), hit))
    assert expected == pytest.approx(came, rel=0.25)


def test_pieces_do_not_change_the_scores(learn, day, monkeypatch):
    """Scoring the customers a few at a time gives the same table."""
    model, bought = learn(84)
    window = (day(84), day(112))
    whole = backtest.compare(model, bought, window, backtest.UNTRIED)
    monkeypatch.setattr(blend, "CHUNK_CELLS", 90)
    assert backtest.compare(model, bought, window, backtest.UNTRIED) == whole
