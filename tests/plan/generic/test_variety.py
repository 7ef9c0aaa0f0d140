from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.errors import InputError
from lotwise.plan.generic import variety
from lotwise.plan.generic.variety import Logit, Substitution, best, profit, worth


def world(seed, count, *, logit):
    """Return demand, margins (one negative) and complexity of products drawn at random."""
    rng = np.random.default_rng(seed)
    margin, complexity = rng.uniform(3, 10, count), rng.uniform(20, 150, count)
    margin[0] = -1.0
    if logit:
        return Logit([500.0, 300.0], rng.gamma(1, 1, (2, count)), [3.0, 5.0]), margin, complexity
    return Substitution(rng.gamma(1, 30, count), 0.6 * rng.dirichlet(np.full(count, 0.3), count)), margin, complexity


def by_hand(demand, offered, margin, complexity):
    """Return the profit of one range, customer group by customer group."""
    earned = -sum(cost for cost, is_in in zip(complexity, offered, strict=True) if is_in)
    if isinstance(demand, Logit):
        for market, weights, outside in zip(demand.market, demand.weight, demand.outside, strict=True):
            total = outside + sum(w for w, is_in in zip(weights, offered, strict=True) if is_in)
            earned += sum(m * market * w / total for m, w, is_in in zip(margin, weights, offered, strict=True) if is_in)
        return earned
    for i, units in enumerate(demand.demand):
        if offered[i]:
            earned += margin[i] * units
            continue
        earned += sum(margin[j] * units * demand.share[i, j] for j in range(len(margin)) if offered[j])
    return earned


@pytest.mark.parametrize("logit", [False, True])
def test_the_best_range_is_that_of_brute_force(logit):
    """Among all ranges of eight products none earns more, each reckoned by hand."""
    demand, margin, complexity = world(1, 8, logit=logit)
    least = max(by_hand(demand, offered, margin, complexity) for offered in product([False, True], repeat=8))
    found = best(demand, margin, complexity)
    assert found.profit == pytest.approx(least)
    assert by_hand(demand, found.offered, margin, complexity) == pytest.approx(least)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_the_program_and_the_search_agree_with_every_range(seed, logit):
    """Beyond a few products: the program's range is within its gap of the best, and its bound is not below it."""
    demand, margin, complexity = world(seed, 9, logit=logit)
    keep = np.zeros(9, bool)
    exact = best(demand, margin, complexity)
    found = variety.program(demand, margin, complexity, keep, variety.exchanged(demand, margin, complexity, keep))
    assert found.profit >= exact.profit - 2 * variety.GAP * abs(exact.profit) - 1e-6
    assert found.bound >= exact.profit - 1e-6 * abs(exact.profit)


@pytest.mark.parametrize("logit", [False, True])
def test_many_products_are_bounded(logit):
    """With 24 products profit and bound are within 1 %."""
    demand, margin, complexity = world(3, 24, logit=logit)
    found = best(demand, margin, complexity)
    assert found.profit <= found.bound <= 1.01 * found.profit
    assert profit(demand, found.offered, margin, complexity) == pytest.approx(found.profit)


def test_in_the_best_range_every_product_is_worth_its_place():
    """What is in is worth more than nothing, what is out is not."""
    demand, margin, complexity = world(5, 10, logit=False)
    found = best(demand, margin, complexity)
    added = worth(demand, found.offered, margin, complexity)
    assert (added[found.offered] >= -1e-9).all()
    assert (added[~found.offered] <= 1e-9).all()


def test_a_product_to_keep_stays():
    """A product that loses money stays if it must."""
    demand, margin, complexity = world(6, 6, logit=False)
    keep = np.arange(6) == 0
    assert not best(demand, margin, complexity).offered[0]
    assert best(demand, margin, complexity, keep=keep).offered[0]


def test_without_complexity_or_substitution_all_that_earns_is_offered():
    """Nobody substitutes and nothing costs: exactly the products with a margin stay."""
    margin = np.array([3.0, -1.0, 2.0])
    found = best(Substitution(np.ones(3), np.zeros((3, 3))), margin, np.zeros(3))
    assert found.offered.tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("demand", "share"), [([1.0, 2.0], [[0.0, 1.5], [0.0, 0.0]]), ([1.0], [[0.0, 0.1]]), ([-1.0, 0.0], np.zeros((2, 2)))]
)
def test_bad_input_is_refused(demand, share):
    """Shares above 1, shapes that do not fit and negative demand are refused."""
    with pytest.raises(InputError, match="found"):
        Substitution(demand, share)
