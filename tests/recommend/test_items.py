"""The closed-form item model."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from lotwise.recommend import items


def _steck(x, ridge):
    """Return B as the paper writes it, by a plain inverse."""
    p = np.linalg.inv(x.T @ x + ridge * np.eye(x.shape[1]))
    b = -p / np.diag(p)
    np.fill_diagonal(b, 0)
    return b


@settings(max_examples=25, deadline=None)
@given(n=st.integers(1, 40), m=st.integers(1, 60), seed=st.integers(0, 10**6), ridge=st.floats(0.5, 500))
def test_primal_and_dual_are_equal(n, m, seed, ridge):
    """Both forms give the scores and similarities of the paper's formula, to 1e-10 before rounding."""
    x = np.log1p(np.random.default_rng(seed).poisson(0.4, (n, m)))
    b = _steck(x, ridge)
    for form in ("primal", "dual"):
        model = items.fit(sparse.csr_array(x), ridge, form=form)
        assert np.abs(model.influence(np.arange(m)) - b).max() < 1e-10
        assert np.abs(model.scores(0, n) - x @ b).max() < 1e-6


def test_unrounded_dual_scores_equal_the_primal_ones(monkeypatch):
    """Without rounding, the short cut for customers that were fitted on agrees to 1e-10."""
    monkeypatch.setattr(items, "DIGITS", 15)
    x = sparse.csr_array(np.log1p(np.random.default_rng(1).poisson(0.3, (40, 90))))
    primal, dual = items.fit(x, 50.0, form="primal"), items.fit(x, 50.0, form="dual")
    assert np.abs(primal.scores(5, 30) - dual.scores(5, 30)).max() < 1e-10


@pytest.mark.parametrize(("shape", "form"), [((9, 4), "primal"), ((4, 9), "dual")])
def test_the_smaller_matrix_is_inverted(shape, form):
    """Fewer products than customers take the primal form, more the dual one."""
    model = items.fit(sparse.csr_array(np.ones(shape)), 1.0)
    assert (model.weights is None) == (form == "dual")


def test_two_products_by_hand():
    """X'X + I = [[3, 1], [1, 2]], so P = [[2, -1], [-1, 3]] / 5 and B = [[0, 1/3], [1/2, 0]]."""
    x = sparse.csr_array(np.array([[1.0, 1.0], [1.0, 0.0]]))
    for form in ("primal", "dual"):
        influence = items.fit(x, 1.0, form=form).influence(np.arange(2))
        assert influence == pytest.approx(np.array([[0, 1 / 3], [1 / 2, 0]]))


def test_fitting_changes_nothing(shop, buy):
    """The matrix it is given stays as it was."""
    x = buy(shop, {product for _, product, _ in shop}).counts()
    before = x.toarray()
    items.fit(x, 5.0)
    assert (x.toarray() == before).all()
