import numpy as np
import pytest

from lotwise.errors import ContractError
from lotwise.forecast.hierarchy import hierarchy


@pytest.fixture
def three_products():
    """Milk and cheese are dairy, bread is bakery, both are food."""
    return {"category": ["dairy", "bakery", "dairy"], "product": ["milk", "bread", "cheese"]}


def test_the_summing_matrix_by_hand(three_products):
    """Total, two categories in order of name, then the products in the order given."""
    tree = hierarchy(three_products)
    expected = [[1, 1, 1], [0, 1, 0], [1, 0, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]]
    np.testing.assert_array_equal(tree.summing.toarray(), expected)
    assert list(tree.names) == ["total", "bakery", "dairy", "dairy / milk", "bakery / bread", "dairy / cheese"]
    assert tree.levels == ("total", "category", "category / product")
    assert tree.level.tolist() == [0, 1, 1, 2, 2, 2]


def test_levels_need_not_nest():
    """Regions and categories beside each other: every bottom series is in one node of each."""
    keys = {"region": ["n", "n", "s", "s"], "category": ["a", "b", "a", "b"]}
    tree = hierarchy(keys, [(), ("region",), ("category",)])
    values = np.array([1.0, 2.0, 3.0, 4.0])
    np.testing.assert_array_equal(tree.totals(values), [10, 3, 7, 4, 6, 1, 2, 3, 4])
    np.testing.assert_array_equal(tree.above(2), [3, 4, 3, 4])


def test_the_same_label_in_two_departments_is_two_nodes():
    """'other' of food and 'other' of home do not become one category."""
    tree = hierarchy({"department": ["food", "home"], "category": ["other", "other"], "product": ["p", "q"]})
    assert tree.names[tree.level == 2].tolist() == ["food / other", "home / other"]


def test_totals_keep_the_shape_after_the_series(three_products):
    """Draws of shape (products, weeks, scenarios) are summed scenario by scenario."""
    draws = np.random.default_rng(0).random((3, 2, 5))
    np.testing.assert_allclose(hierarchy(three_products).totals(draws)[2], draws[0] + draws[2])


def test_series_that_cannot_be_told_apart_are_refused():
    """Two series with the same labels, a missing column and unequal lengths each say what is wrong."""
    with pytest.raises(ContractError, match="share their labels, first 'a / x'"):
        hierarchy({"category": ["a", "a"], "product": ["x", "x"]})
    with pytest.raises(ContractError, match=r"'categry'.*did you mean 'category'"):
        hierarchy({"category": ["a", "b"]}, [("categry",)])
    with pytest.raises(ContractError, match="one label a series"):
        hierarchy({"category": ["a", "b"], "product": ["x"]})
