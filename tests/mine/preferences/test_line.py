"""Tests of the product line that earns most."""

import numpy as np
import pytest

from lotwise.errors import SettingsError
from lotwise.mine.preferences.line import best, every
from lotwise.mine.preferences.market import Market, earned, outside_worth


def random_market(seed, groups=1, count=None, **parts):
    rng = np.random.default_rng(seed)
    count = count or int(rng.integers(1, 11))
    worth = np.exp(rng.normal(0, 1.5, (groups, count)))
    outside = outside_worth(worth, float(rng.uniform(0.05, 0.8)))
    names = tuple(str(place) for place in range(count))
    return Market(names, rng.gamma(2, 5, count) - 3, worth, outside, rng.dirichlet(np.ones(groups)), **parts)


@pytest.mark.parametrize("groups", [1, 3])
@pytest.mark.parametrize("seed", range(15))
def test_the_line_earns_as_much_as_the_best_of_all(seed, groups):
    """Logit (linear program) and classes (mixed-integer program) agree with every line tried, with and without a limit."""
    market = random_market(seed, groups)
    for most in (0, 1, 3):
        found = best(market, most=most)
        assert found.is_proven
        assert found.earned == pytest.approx(every(market, most=most).earned, abs=1e-7)
        assert most == 0 or found.kept.sum() <= most


def test_without_a_limit_the_line_is_ordered_by_margin():
    """The best line of a logit holds what earns more than the line itself (Talluri & van Ryzin, 2004)."""
    market = random_market(4, count=20)
    found = best(market)
    assert (found.kept == (market.margin > found.earned)).all()


def test_what_is_always_offered_stays():
    """An alternative that stays is in the line though it loses money, and takes no place of the limit."""
    market = random_market(7, count=6, always=np.array([True, False, False, False, False, False]))
    found = best(market, most=1)
    assert found.kept[0]
    assert found.kept.sum() <= 2
    assert found.earned == pytest.approx(every(market, most=1).earned)


def test_nests_are_searched_whole_while_few():
    """Of a nested logit every line is tried, up to 14 alternatives."""
    market = random_market(3, count=6, nest=np.array([0, 0, 0, 1, 1, 1]), dissimilarity=np.array([0.3, 0.8]))
    assert best(market).method == "every line tried"


def test_many_nested_alternatives_are_searched_and_not_called_proven():
    """Beyond 14 nested alternatives the line is as good as any one step away, and is not called proven."""
    nest = np.repeat([0, 1], 8)
    market = random_market(5, count=16, nest=nest, dissimilarity=np.array([0.5, 0.7]))
    found = best(market)
    assert not found.is_proven
    steps = np.tile(found.kept, (16, 1)) ^ np.eye(16, dtype=bool)
    assert (earned(market, steps) <= found.earned + 1e-9).all()


def test_worths_far_apart_do_no_harm():
    """Worths over 12 orders of magnitude still give the best line."""
    worth = np.exp(np.linspace(-14, 14, 8))[None, :]
    market = Market(tuple("abcdefgh"), np.arange(8.0, 0, -1), worth, outside_worth(worth, 0.3), np.ones(1))
    assert best(market).earned == pytest.approx(every(market).earned, rel=1e-6)


def test_a_limit_below_zero_is_refused():
    """A line of fewer than 0 alternatives is a clear error."""
    with pytest.raises(SettingsError, match="found most = -1"):
        best(random_market(1), most=-1)
