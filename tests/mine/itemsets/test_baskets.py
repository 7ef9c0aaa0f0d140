from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lotwise.errors import ContractError
from lotwise.mine.itemsets.baskets import Baskets


@given(lines=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 9)), max_size=40))
def test_each_basket_holds_its_items_once_and_in_order(lines):
    """Whatever the order of the lines and however often one stands there, a basket holds the set of its items."""
    baskets = Baskets.of([b for b, _ in lines], [i for _, i in lines], [str(n) for n in range(10)])
    for number in range(len(baskets)):
        items = baskets.items[baskets.pointers[number] : baskets.pointers[number + 1]].tolist()
        assert items == sorted({i for b, i in lines if b == number})
    assert len(baskets) == max((b for b, _ in lines), default=-1) + 1


def test_weights_tell_how_many_baskets_there_are():
    """Baskets without an item count too, where weights tell of them."""
    baskets = Baskets.of([0, 2], [1, 0], ["a", "b"], weights=[2, 5, 1, 4])
    assert len(baskets) == 4
    assert baskets.total == 12
    assert baskets.pointers.tolist() == [0, 1, 1, 2, 2]


def test_every_fault_is_listed():
    """NaN, fractions, negative numbers and places out of range are all told at once."""
    with pytest.raises(ContractError) as raised:
        Baskets.of([0, 1, 5], [0, 7, -1], ["a", "b"], weights=[np.nan, 1.5, -2.0, np.inf])
    message = str(raised.value)
    assert "item_places has 1 values below 0: -1 (row 2)" in message
    assert "item_places has 1 values beyond the 2 names: 7 (row 1)" in message
    assert "weights has 2 values that are not finite: nan (row 0), inf (row 3)" in message
    assert "weights has 1 values that are not whole numbers: 1.5 (row 1)" in message
    assert "weights has 1 values below 0: -2.0 (row 2)" in message
    assert "basket_places has 1 values beyond the 4 weights: 5 (row 2)" in message


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        (([0, 1], [0], ["a"]), "basket_places has 2 values, item_places 1"),
        ((["x"], [0], ["a"]), "basket_places has shape (1,) and type <U1"),
        (([[0]], [[0]], ["a"]), "basket_places has shape (1, 1)"),
        (([0], [0], ["a"], [2**60]), "less than 2^53"),
    ],
)
def test_what_is_no_line_is_told(given_, expected):
    """Columns of unequal length, texts, tables and weights too heavy to add up exactly are refused."""
    with pytest.raises(ContractError) as raised:
        Baskets.of(*given_)
    assert expected in str(raised.value)


def test_no_baskets_at_all_are_baskets():
    """Nothing given is nothing, not a fault."""
    baskets = Baskets.of([], [], [])
    assert len(baskets) == 0
    assert baskets.total == 0
