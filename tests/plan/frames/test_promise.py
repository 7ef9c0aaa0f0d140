"""Tests of promises on frames, counted by hand: 4 legs a chair, 0.25 saw hours a leg, 10 saw hours a week."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pytest

from lotwise import InputError
from lotwise.errors import ContractError
from lotwise.plan import promise

WEEKS = [date(2024, 1, 1) + timedelta(weeks=week) for week in range(3)]
CAPACITY = {"resource": ["saw"] * 3, "week": WEEKS, "hours": [10.0] * 3}
NEEDS = {"product": ["chair", "chair", "leg"], "resource": ["leg", "cloth", "saw"], "quantity": [4.0, 1.0, 0.25]}
STOCK = {"item": ["cloth", "cloth"], "week": WEEKS[:2], "units": [5.0, 20.0]}
PRODUCTS = {"product": ["chair"], "price": [50.0], "cost": [20.0]}


def asked(units, **given):
    """Return promises for chairs, one after the other."""
    frames = {"capacity": CAPACITY, "needs": NEEDS, "stock": STOCK, "products": PRODUCTS} | given
    made = {name: pa.table(frame) for name, frame in frames.items() if frame is not None and not isinstance(frame, bool)}
    flags = {name: flag for name, flag in frames.items() if isinstance(flag, bool)}
    orders = pa.table({"product": ["chair"] * len(units), "units": units})
    return promise(orders, made.pop("capacity"), made.pop("needs"), **made, **flags)


def test_orders_are_promised_one_after_another():
    """Cloth for 5 in the first week and 25 by the second; the saw makes 10 a week: 5, 10, 10, then nothing is left."""
    found = asked([5.0, 10.0, 10.0, 1.0])
    assert found["week"].to_pylist() == [WEEKS[0], WEEKS[1], WEEKS[2], None]
    assert found["cost"].to_pylist()[:3] == [100.0, 200.0, 200.0]
    assert found["margin"].to_pylist()[0] == 150.0
    assert found["binds"].to_pylist()[3] == "'saw' has no hours left in the week of 2024-01-15."


def test_orders_asked_for_alone_take_nothing():
    """Without reserving, every order has the first week's cloth and saw to itself."""
    assert asked([5.0, 5.0, 5.0], reserve=False)["week"].to_pylist() == [WEEKS[0]] * 3


def test_frames_of_other_libraries_are_taken():
    """Polars and pandas frames give the same table as Arrow."""
    polars, pandas = pytest.importorskip("polars"), pytest.importorskip("pandas")
    orders = {"product": ["chair"], "units": [5.0]}
    expected = asked([5.0])
    for frame in (polars.DataFrame, pandas.DataFrame):
        found = promise(frame(orders), frame(CAPACITY), frame(NEEDS), stock=frame(STOCK), products=frame(PRODUCTS))
        assert found.equals(expected)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"capacity": {"resource": ["saw"], "week": WEEKS[:1]}}, "column 'hours' is missing"),
        ({"capacity": CAPACITY | {"hours": [10.0, -1.0, 10.0]}}, "'hours' is no such value in 1 rows"),
        ({"capacity": CAPACITY | {"week": [day + timedelta(days=1) for day in WEEKS]}}, "expected a Monday"),
        ({"needs": NEEDS | {"resource": ["leg", "cloht", "saw"]}}, "needs row 2: resource 'cloht' .*did you mean 'cloth'"),
        ({"stock": STOCK | {"week": [date(2023, 1, 2)] * 2}}, "week 2023-01-02 is not in the capacity"),
        ({"products": PRODUCTS | {"product": [None]}}, "'product' is empty"),
    ],
)
def test_frames_that_do_not_fit_are_refused(given, said):
    """What is missing, negative, unknown or of other weeks is named with its row."""
    with pytest.raises(ContractError, match=said):
        asked([1.0], **given)


def test_units_of_nothing_are_refused():
    """Zero units are no order."""
    with pytest.raises(InputError, match="expected more than 0"):
        asked([0.0])
