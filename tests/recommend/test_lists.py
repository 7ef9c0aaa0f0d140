"""Lists and how good they were."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from lotwise.recommend import lists


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), st.integers(1, 15), st.integers(1, 20), st.integers(0, 10**6))
def test_top_is_the_head_of_a_full_stable_sort(n, m, count, seed):
    """Ties, which are many here, fall by place as in a stable sort."""
    scores = np.random.default_rng(seed).integers(-2, 3, (n, m)).astype(float)
    scores[scores == -2] = -np.inf
    assert (lists.top(scores, count) == np.argsort(-scores, axis=1, kind="stable")[:, :count]).all()


def test_ndcg_by_hand():
    """Hits at places 1 and 3 of 2 bought: (1 + 1/2) / (1 + 1/log2(3))."""
    hit = np.array([[True, False, True]])
    assert lists.ndcg(hit, np.array([2])) == pytest.approx([1.5 / (1 + 1 / np.log2(3))])


def test_ndcg_agrees_with_scikit_learn():
    """Binary gains cut at 10 are what ndcg_score(k=10) computes, also where more than 10 were bought."""
    rng = np.random.default_rng(3)
    scores, bought = rng.normal(size=(30, 25)), rng.random((30, 25)) < 0.5
    hit = np.take_along_axis(bought, lists.top(scores, 20), axis=1)
    assert lists.ndcg(hit, bought.sum(axis=1)).mean() == pytest.approx(ndcg_score(bought, scores, k=10))


def test_recall_is_not_truncated():
    """All 20 places hit of 40 bought are a recall of one half."""
    assert lists.recall(np.ones((1, 20), dtype=bool), np.array([40])) == pytest.approx([0.5])
