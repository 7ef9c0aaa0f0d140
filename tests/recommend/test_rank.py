"""Which products to offer, in which order."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.recommend import rank


def _random(seed, n=3, m=9):
    rng = np.random.default_rng(seed)
    scores = np.round(rng.normal(size=(n, m)), 1)
    return scores, 1 / (1 + np.exp(-scores)), rng.normal(1, 1, m)


def test_scarce_products_fall_behind():
    """Product a is liked more but each unit brings 1 - 0.8 = 0.2, b 1.0: 0.5 x 0.2 < 0.4 x 1, so b comes first."""
    found = rank(np.array([[2.0, 1.0]]), np.array([[0.5, 0.4]]), np.array([0.2, 1.0]), length=2, kept=0.0)
    assert found.place.tolist() == [[1, 0]]
    assert found.contribution[0] == pytest.approx([0.4, 0.1])
    assert found.plain_rank.tolist() == [[2, 1]]


def test_keeping_all_liking_gives_the_most_liked_products():
    """With kept = 1 the list holds the most-liked products, whatever they bring."""
    scores, chances, value = _random(1)
    found = rank(scores, chances, value, length=4, kept=1.0)
    plain = np.sort(np.argsort(-scores, axis=1, kind="stable")[:, :4], axis=1)
    assert np.take_along_axis(chances, plain, 1).sum(axis=1) == pytest.approx(found.chance.sum(axis=1))


def test_without_a_cap_the_order_is_by_contribution():
    """With kept = 0 the list is the head of chance times value."""
    scores, chances, value = _random(2)
    value = np.abs(value)
    found = rank(scores, chances, value, length=4, kept=0.0)
    assert (found.place == np.argsort(-chances * value, axis=1)[:, :4]).all()


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), kept=st.floats(0, 1), length=st.integers(1, 4))
def test_liking_is_kept_and_no_list_brings_more_than_the_best(seed, kept, length):
    """Against every list there is: enough is kept, and the list brings no less than the plain one, no more than the best."""
    scores, chances, value = _random(seed)
    found = rank(scores, chances, value, length=length, kept=kept)
    for row in range(len(scores)):
        every = np.array(list(combinations(range(9), length)))
        liking, brings = chances[row][every].sum(axis=1), (chances[row] * value)[every].sum(axis=1)
        enough = liking >= kept * liking.max() - 1e-9
        assert found.chance[row].sum() >= kept * liking.max() - 1e-9
        assert found.contribution[row].sum() <= brings[enough].max() + 1e-9
        plain = np.argsort(-scores[row], kind="stable")[:length]
        assert found.contribution[row].sum() >= (chances[row] * value)[plain].sum() - 1e-5
        assert len(set(found.place[row].tolist())) == length


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), kept=st.floats(0, 0.99))
def test_keeping_less_liking_never_brings_less(seed, kept):
    """The contribution of a list does not fall when the cap is loosened."""
    scores, chances, value = _random(seed)
    tight, loose = (
        rank(scores, chances, value, length=3, kept=share).contribution.sum(axis=1) for share in (kept + 0.01, kept)
    )
    assert (loose >= tight - 1e-5).all()


def test_fewer_products_than_places():
    """Where there are three products, a list of ten has three."""
    found = rank(np.zeros((2, 3)), np.full((2, 3), 0.1), np.array([1.0, 3.0, 2.0]), length=10, kept=0.9)
    assert found.place.tolist() == [[1, 2, 0], [1, 2, 0]]
    assert found.plain_rank.tolist() == [[2, 3, 1], [2, 3, 1]]


def test_many_products_are_ranked_as_if_all_were_looked_at():
    """Looking only at the most liked and those that bring most loses less than 0.1 % of the contribution."""
    rng = np.random.default_rng(9)
    scores, value = rng.normal(size=(20, 600)), rng.gamma(2, 1, 600)
    chances = 1 / (1 + np.exp(3 - scores))
    pooled = rank(scores, chances, value, length=10, kept=0.9).contribution.sum()
    from lotwise.recommend.rank import _pick

    least = 0.9 * np.sort(chances, axis=1)[:, -10:].sum(axis=1)
    whole = np.take_along_axis(chances * value, _pick(chances * value / value.max(), chances, least, 10), axis=1).sum()
    assert pooled == pytest.approx(whole, rel=1e-3)
