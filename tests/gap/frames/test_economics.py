"""Prices and costs of a user's series, and those that are refused."""

import pyarrow as pa
import pytest

from lotwise.errors import ContractError
from lotwise.gap.frames.economics import read

IDS = pa.array(["a", "b"])
GOOD = {"unique_id": ["b", "a"], "price": [10.0, 8.0], "cost": [4.0, 3.0], "salvage": [1.0, 0.0]}


def test_rows_are_put_in_the_order_of_the_series():
    """Series b stands first in the frame and second in the answer; others are passed over."""
    more = {name: [*values, values[0]] for name, values in GOOD.items()} | {"unique_id": ["b", "a", "c"]}
    terms, notes, currency = read(more, IDS)
    assert (terms.price.tolist(), terms.salvage.tolist()) == ([8, 10], [0, 1])
    assert (notes, currency) == (["", ""], "")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"unique_id": ["b", "c"]}, "1 of 2 series have no row, such as a"),
        ({"unique_id": ["b", "b"]}, "1 series stand twice, such as unique_id=b"),
        ({"cost": [-1.0, 3.0]}, "'cost' is absent, infinite or negative in 1 rows, such as unique_id=b cost=-1.0"),
        ({"price": [None, 3.0]}, "'price' is absent, infinite or negative in 1 rows"),
        ({"salvage": [10.0, 0.0]}, "'salvage' is not below 'price' in 1 rows, such as unique_id=b.* swapped"),
        ({"currency": ["EUR", "CNY"]}, "'currency' holds EUR, CNY; convert"),
        ({"price": ["10", "dear"]}, "column 'price' is string; expected numbers"),
    ],
)
def test_economics_that_make_no_sense_are_refused(changed, said):
    """Each breach is told with its rows."""
    with pytest.raises(ContractError, match=said):
        read(GOOD | changed, IDS)


def test_a_missing_column_is_named():
    """A dict for all without a salvage is told so."""
    with pytest.raises(ContractError, match="column 'salvage' is missing"):
        read({"price": 3.0, "cost": 1.0}, IDS)


def test_one_dict_serves_all(caplog):
    """Plain numbers hold for every series; odd ones are noted and logged."""
    terms, notes, currency = read({"price": 3.0, "cost": 4.0, "salvage": 1.0, "currency": "EUR"}, IDS)
    assert terms.ratio().tolist() == [0, 0]
    assert notes == ["not made: its cost is not below its price"] * 2
    assert currency == "EUR"
    assert "2 of 2 series, such as a, b: not made" in caplog.text
