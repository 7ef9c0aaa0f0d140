from __future__ import annotations

import numpy as np
import pytest

from lotwise.errors import ContractError, SettingsError
from lotwise.mine.itemsets.caps import Caps
from lotwise.mine.itemsets.frames import find_itemsets, least

LINES = {
    "order": ["a", "a", "b", "b", "c", "c", "c", "d"],
    "product": ["tea", "milk", "tea", "milk", "tea", "milk", "tea", None],
}


def test_pandas_polars_and_arrow_give_the_same_table():
    """Tea and milk are both in 3 of 4 orders, always together: only the pair of them is closed and maximal."""
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    tables = [
        find_itemsets(frame, basket="order", item="product", support=0.5)
        for frame in (
            LINES,
            pa.table(LINES),
            pd.DataFrame(LINES),
            pl.DataFrame(LINES),
            pl.DataFrame(LINES).cast(pl.Categorical),
        )
    ]
    assert all(table.equals(tables[0]) for table in tables)
    rows = tables[0].to_pylist()
    assert [row["items"] for row in rows] == [["milk"], ["tea"], ["milk", "tea"]]
    assert [(row["count"], row["support"]) for row in rows] == [(3, 0.75)] * 3
    assert [(row["is_closed"], row["is_maximal"]) for row in rows] == [(False, False), (False, False), (True, True)]


def test_baskets_count_by_their_weight():
    """Two baskets that count 3 and 4 hold tea 7 times out of 7, and milk 4 times."""
    frame = {"basket": [1, 2, 2], "item": ["tea", "tea", "milk"], "times": [3, 4, 4]}
    found = find_itemsets(frame, basket="basket", item="item", support=4, weight="times")
    assert dict(zip(map(tuple, found["items"].to_pylist()), found["count"].to_pylist(), strict=True)) == {
        ("tea",): 7,
        ("milk",): 4,
        ("milk", "tea"): 4,
    }


@pytest.mark.parametrize(
    ("changed", "how", "expected"),
    [
        ({}, {"item": "prodct"}, "column 'prodct' is missing; did you mean 'product'?"),
        ({"order": [None] * 8}, {}, "column 'order' has 8 empty values, the first in row 0"),
        ({"order": [1.0, np.nan, 2, 2, 2, 2, 2, 2]}, {}, "column 'order' has 1 values that are not finite"),
        ({"product": [["tea"]] * 8}, {}, "column 'product' has type list"),
        ({"times": [1] * 7 + [-1]}, {"weight": "times"}, "weights has 1 values below 0"),
        ({"times": [np.nan] * 2 + [1.0] * 6}, {"weight": "times"}, "weights has 1 values that are not finite"),
        ({"times": [1, 2, 1, 1, 1, 1, 1, 1]}, {"weight": "times"}, "differ from another of the same basket"),
        ({"times": ["x"] * 8}, {"weight": "times"}, "expected whole numbers"),
    ],
)
def test_a_frame_that_breaks_its_contract_says_how(changed, how, expected):
    """Missing columns, baskets without a name, NaN, negative or differing weights are told in words."""
    with pytest.raises(ContractError) as raised:
        find_itemsets(LINES | changed, **({"basket": "order", "item": "product", "support": 1} | how))
    assert expected in str(raised.value)


def test_what_is_no_frame_is_refused():
    """A list is no frame."""
    with pytest.raises(ContractError, match="found a list; expected pandas"):
        find_itemsets([1, 2], basket="a", item="b", support=1)


def test_support_is_a_share_or_a_count():
    """0.3 of 10 baskets is 3 (although 0.3 * 10 is a hair more or less), 0.31 is 4, and a whole number is itself."""
    assert [least(0.3, 10), least(0.31, 10), least(0.07, 100), least(1.0, 5), least(1, 5), least(np.int64(3), 5)] == [
        3,
        4,
        7,
        5,
        1,
        3,
    ]
    for wrong in (0, -1, 1.5, float("nan"), True, "many"):
        with pytest.raises(SettingsError, match="expected a share such as"):
            least(wrong, 10)


def test_a_capped_search_is_told_in_the_log(caplog):
    """A cap that cuts sets is a warning of the log, and the table holds what was found."""
    found = find_itemsets(LINES, basket="order", item="product", support=1, caps=Caps(itemsets=2))
    assert found.num_rows == 2
    assert "ended at its cap of 2 sets" in caplog.text


def test_a_frame_without_rows_has_no_sets():
    """No lines, no sets."""
    import polars as pl

    empty = pl.DataFrame(schema={"order": pl.String, "product": pl.String})
    assert find_itemsets(empty, basket="order", item="product", support=0.1).num_rows == 0
