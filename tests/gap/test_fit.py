"""Money known by row and by column, fitted into the cells it may stand in."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.gap.fit import fit


def test_a_column_of_one_row_stands_there():
    """Rows of 40 and 60, columns of 60 and 40, the second for the first row only: the first row is all second column."""
    found = fit(np.array([40.0, 60.0]), np.array([60.0, 40.0]), np.array([[True, True], [True, False]]))
    assert found == pytest.approx(np.array([[0, 1], [1, 0]]), abs=0.01)


def test_what_does_not_fit_is_split_alike():
    """A column of 40 cannot stand in a row of 10 alone: both rows are split 60 to 40."""
    found = fit(np.array([10.0, 90.0]), np.array([60.0, 40.0]), np.array([[True, True], [True, False]]))
    assert found == pytest.approx(np.array([[0.6, 0.4], [0.6, 0.4]]))


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_rows_and_columns_keep_their_sums(seed):
    """Where some cells hold both, each row adds up to 1, each column to its part, and no cell is below 0 but for rounding."""
    rng = np.random.default_rng(seed)
    allowed = rng.random((8, 3)) < 0.7
    allowed[np.arange(8), rng.integers(0, 3, 8)] = True
    cells = rng.uniform(1, 9, (8, 3)) * allowed
    rows = cells.sum(axis=1)
    found = fit(rows, 0.5 * cells.sum(axis=0), allowed)
    assert found.sum(axis=1) == pytest.approx(np.ones(8))
    assert rows @ found == pytest.approx(cells.sum(axis=0))
    assert found.min() >= -0.01


def test_rows_without_loss_are_split_alike():
    """A row of 0 or less changes nothing for the others."""
    found = fit(np.array([0.0, -3.0, 10.0]), np.array([1.0, 3.0]), np.ones((3, 2), dtype=bool))
    assert found == pytest.approx(np.tile([0.25, 0.75], (3, 1)))
