"""Tests of what brand, type and package are worth."""

import numpy as np
import pytest

from lotwise.mine.preferences.traits import traits

BRANDS = ["A", "A", "A", "B", "B", "B", "A", "B"]
WEIGHT = np.array([10.0, 10, 10, 1, 1, 1, 10, 1])


def test_constants_that_follow_the_brand_give_its_part_worth():
    """Constants of 0 for brand A and -0.7 for B give B -0.7 against A, the brand chosen most, without error."""
    constants = np.where(np.array(BRANDS) == "B", -0.7, 0.0)
    base, other = traits(constants, np.zeros((9, 9)), {"brand": BRANDS}, WEIGHT)
    assert (base.value, base.part_worth, base.error) == ("A", 0.0, None)
    assert (other.value, other.part_worth) == ("B", pytest.approx(-0.7))
    assert other.error == pytest.approx(0, abs=1e-9)


def test_the_error_holds_what_sets_products_apart():
    """The error is that of a difference of means of 4 and 4 products: s sqrt(1/4 + 1/4)."""
    rng = np.random.default_rng(2)
    constants = rng.normal(size=8)
    _, other = traits(constants, np.zeros((9, 9)), {"brand": BRANDS}, WEIGHT)
    is_b = np.array(BRANDS) == "B"
    pooled = (3 * constants[is_b].var(ddof=1) + 3 * constants[~is_b].var(ddof=1)) / 6
    assert other.error == pytest.approx(np.sqrt(pooled / 2))


@pytest.mark.parametrize("values", [["A"] * 8, [None] * 8, list("ABCDEFGH")])
def test_traits_that_say_nothing_are_passed_over(values):
    """One value for all, values not known and a value for each product give no part-worths."""
    assert traits(np.zeros(8), np.zeros((9, 9)), {"brand": values}, WEIGHT) == []
