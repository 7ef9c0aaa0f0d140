from __future__ import annotations

import numpy as np
import pytest

from lotwise.mine.choice.fitted import Group
from lotwise.mine.choice.worths import willingness

GROUP = Group("all", 1.0, np.array([-0.5, 2.0]), np.array([[0.0004, 0.0001], [0.0001, 0.01]]), np.zeros(2))


def test_money_is_the_ratio_and_its_error_the_delta_methods():
    """2 / 0.5 = 4; variance 0.01 / 0.25 + 4^2 x 0.0004 / 0.25 + 2 x 4 x 0.0001 / 0.25, as 100,000 draws have it."""
    worth, error = willingness(GROUP, 0)
    assert worth[1] == pytest.approx(4.0)
    assert error[1] ** 2 == pytest.approx(0.04 + 16 * 0.0016 + 8 * 0.0004)
    drawn = np.random.default_rng(0).multivariate_normal(GROUP.part_worths, GROUP.covariance, 100_000)
    assert error[1] == pytest.approx((drawn[:, 1] / -drawn[:, 0]).std(), rel=0.02)


def test_a_price_that_is_liked_gives_no_money():
    """Where the 99 % interval of the price's part-worth reaches 0 utility has no unit of money."""
    unsure = Group("all", 1.0, GROUP.part_worths, np.array([[0.04, 0.0], [0.0, 0.01]]), np.zeros(2))
    assert willingness(unsure, 0) is None
    assert willingness(GROUP, 1) is None
