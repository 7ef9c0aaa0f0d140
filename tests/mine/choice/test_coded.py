from __future__ import annotations

import numpy as np
import pyarrow as pa

from lotwise.mine.choice.coded import coded
from lotwise.mine.intake import Frame

CHOSEN = np.array([True, False, False, True, True, False])


def rows():
    """Return six rows of three choices."""
    return Frame.of(
        {"price": [1, 2, 3, 4, 5, 6], "brand": ["b", "a", "a", "b", "c", "a"], "new": [True, False, True, False, True, False]},
        "Rows",
    )


def test_texts_become_columns_against_the_value_chosen_most():
    """Brand b was chosen twice and is the base; a and c have columns, and every value its share of choices."""
    found = coded(rows(), ["brand"], None, CHOSEN)
    assert found.names == ["brand: a", "brand: c"]
    assert found.bases == [("brand", "b")]
    assert found.columns[0].tolist() == [0, 1, 1, 0, 0, 1]
    assert found.shares == {("brand", "a"): 0.0, ("brand", "b"): 2 / 3, ("brand", "c"): 1 / 3}


def test_numbers_and_truth_values_stay_one_column():
    """Prices are as they are, truth values 0 and 1."""
    found = coded(rows(), ["price", "new"], None, CHOSEN)
    assert found.means == [("price", "1 more"), ("new", "1 more")]
    assert found.columns[1].tolist() == [1, 0, 1, 0, 1, 0]


def test_categories_are_texts():
    """A column of categories is coded as its texts are."""
    frame = Frame.of(pa.table({"brand": pa.array(["b", "a", "b", "b", "b", "b"]).dictionary_encode()}), "Rows")
    assert coded(frame, ["brand"], None, CHOSEN).names == ["brand: a"]


def test_a_missing_column_is_kept_as_a_fault():
    """A column that is not there is told with the others, later."""
    frame = rows()
    coded(frame, ["prise"], None, CHOSEN)
    assert "column 'prise' is missing; did you mean 'price'" in frame.faults[0]
