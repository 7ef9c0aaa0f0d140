"""Tests of bad input to mining, through the whole stage and through functions on frames: an answer or a clear message."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

import lotwise
from lotwise import mine
from lotwise.config.mining import PARTS
from lotwise.errors import ContractError, InputError, LotwiseError
from lotwise.mine.itemsets.caps import Caps
from lotwise.tables.mined import MINED
from tests.mine import world

NAN, INFINITE = float("nan"), float("inf")
DAY = date(2025, 1, 6)


def with_column(table, name, values):
    place = table.column_names.index(name)
    return table.set_column(place, table.schema.field(place), values)


def one_item(given):
    """Every order holds one line."""
    orders = given["orders"]
    return {"orders": with_column(orders, "order", pa.array([f"{row}" for row in range(orders.num_rows)]))}


def an_item_in_every_basket(given):
    """Every order holds a bag."""
    bags = given["orders"].to_pylist()
    first = {row["order"]: row | {"line": 99, "product": "bag", "units": 1.0, "kind": "sale"} for row in bags}
    return {"orders": pa.Table.from_pylist([*bags, *first.values()], schema=given["orders"].schema)}


def a_large_basket(given):
    """One order holds 20,000 different products."""
    line = given["orders"].slice(0, 1).to_pylist()[0]
    lines = [line | {"order": "large", "line": number, "product": f"p{number}"} for number in range(20_000)]
    return {"orders": pa.concat_tables([given["orders"], pa.Table.from_pylist(lines, schema=given["orders"].schema)])}


def only_returns(given):
    """Every line is a return, with units below 0."""
    orders = with_column(given["orders"], "units", pc.negate(pc.abs(given["orders"]["units"])))
    return {"orders": with_column(orders, "kind", pa.array(["return"] * orders.num_rows))}


def one_customer(given):
    """Everything was bought by one customer."""
    return {"orders": with_column(given["orders"], "customer", pa.array(["c01"] * given["orders"].num_rows))}


def no_customer(given):
    """Nobody is known by name."""
    return {"orders": with_column(given["orders"], "customer", pa.nulls(given["orders"].num_rows, pa.string()))}


def one_product(given):
    """Everything sold is one product, at one price."""
    orders = given["orders"].filter(pc.equal(given["orders"]["product"], "tea"))
    return {"orders": with_column(orders, "unit_price", pa.array([4.0] * orders.num_rows))}


def all_alike(given):
    """Every customer does the same on the same days: all features are constant."""
    lines = [row for row in given["orders"].slice(0, 40).to_pylist() if row["kind"] == "sale"]
    rows = [
        line
        | {"order": f"{who}-{number}", "line": 1, "customer": f"c{who:02d}", "time": line["time"] + timedelta(days=5 * number)}
        for who in range(30)
        for number, line in enumerate(lines)
    ]
    return {"orders": pa.Table.from_pylist(rows, schema=given["orders"].schema)}


def nothing_is_known_of_money(given):
    """No line has a price, revenue or discount."""
    orders = given["orders"]
    for name in ("unit_price", "revenue", "discount"):
        orders = with_column(orders, name, pa.nulls(orders.num_rows, pa.float64()))
    return {"orders": orders}


def spoiled_texts(given):
    """Texts are empty, mixed, binary and 1 MB long, without a break and of words that all judge."""
    kinds = (
        "",
        " ",
        "good 太差了 Gutes Zeug",
        "\x00\x01\x02" * 50,
        "x" * 10**6,
        "好" * 10**6,
        "not too good " * 80_000,
        "😀" * 300,
        None,
    )
    events = given["events"]
    count = events.num_rows
    texts = [kinds[row % len(kinds)] if row < 60 or row % 9 in {0, 1, 2, 8} else "fine" for row in range(count)]
    return {"events": with_column(events, "text", pa.array(texts))}


def one_example(given):
    """One review is against, all others for; one line came back."""
    events = with_column(given["events"], "value", pa.array([1.0, *[5.0] * (given["events"].num_rows - 1)]))
    kinds = pa.array(["return", *["sale"] * (given["orders"].num_rows - 1)])
    return {"events": events, "orders": with_column(given["orders"], "kind", kinds)}


def weeks_with_gaps(given):
    """Of three weeks two are without any order."""
    day = given["orders"]["time"].cast(pa.date32()).cast(pa.int32()).to_numpy()
    return {"orders": given["orders"].filter(pa.array((day // 7) % 3 == 0))}


@pytest.fixture(scope="module")
def given():
    """Every table mining may take."""
    return world.tables(weeks=20, customers=40)


@pytest.mark.parametrize(
    "spoil",
    [
        one_item, an_item_in_every_basket, a_large_basket, only_returns, one_customer, no_customer, one_product, all_alike,
        nothing_is_known_of_money, spoiled_texts, one_example, weeks_with_gaps,
    ],
    ids=lambda spoil: spoil.__name__,
)  # fmt: skip
def test_the_stage_goes_through_and_says_what_it_left_out(spoil, given):
    """Every part is told of, every table keeps its contract, and what is left out has a reason."""
    found = world.mine(given | spoil(given))
    for table in MINED:
        table.check(found[table.name])
    notes = found["mining"].to_pylist()
    assert {row["part"] for row in notes} == set(PARTS)
    assert all(row["note"] for row in notes if row["ended"] != "whole")


def test_targets_that_cannot_be_told_leave_the_other_parts_alone(given):
    """A misspelt target, one without a table and one named twice are said in words; nothing fails."""
    targets = ["unitz", "inspections.value", "orders.kind", "stars", "stars"]
    found = world.mine(given, mine={"parts": ["drivers"], "drivers": {"targets": targets}})["mining"].to_pylist()
    notes = {row["scope"]: row["note"] for row in found if row["part"] == "drivers"}
    assert "did you mean 'units'" in notes["unitz"]
    assert "Table 'inspections' has not been given" in notes["inspections.value"]
    assert len([row for row in found if row["scope"] == "stars"]) == 1


def test_a_run_shop_is_mined(run_shop):
    """A shop with orders and products only has its tables; opinions and options are left out, and said."""
    project = lotwise.open_project(run_shop)
    notes = {row["part"]: row for row in project.table("mining").to_pylist()}
    assert set(notes) == set(PARTS)
    assert notes["opinions"]["ended"] == "left out"
    assert project.table("profiles").num_rows > 0


def rules(**columns):
    weighted = {name: "w" for name in ("weight",) if "w" in columns}
    return mine.find_rules({"b": [1, 1, 2], "i": ["x", "y", "x"], **columns}, basket="b", item="i", support=1, **weighted)


@pytest.mark.parametrize(
    ("weight", "said"), [(NAN, "not finite"), (INFINITE, "not finite"), (-1.0, "below 0"), (0.5, "not whole numbers")]
)
def test_weights_that_are_none_are_refused(weight, said):
    """A weight that is nan, infinite, negative or broken is named with its row."""
    with pytest.raises(ContractError, match=rf"{said}.*row 0"):
        rules(w=[weight, weight, 1])


def test_baskets_at_their_ends():
    """One-item baskets have no rule; an item in every basket has a lift of 1 and is not usable."""
    assert mine.find_rules({"b": [1, 2, 3], "i": ["x", "x", "y"]}, basket="b", item="i", support=1).num_rows == 0
    every = mine.find_rules(
        {"b": np.repeat(np.arange(20), 2), "i": ["bag", "x", "bag", "y"] * 10}, basket="b", item="i", support=0.1
    )
    assert {row["verdict"] for row in every.to_pylist() if "bag" in row["consequent"]} == {"not usable"}


def test_a_basket_of_a_million_items_ends_at_its_cap(caplog):
    """Sets of a basket of 10^6 items are searched up to the cap, which is said; with a support of 2 none is left."""
    large = {"b": np.zeros(10**6, dtype=int), "i": np.arange(10**6)}
    found = mine.find_itemsets(large, basket="b", item="i", support=1, caps=Caps(itemsets=1000))
    assert found.num_rows <= 1000
    assert "cap" in caplog.text
    assert mine.find_itemsets(large, basket="b", item="i", support=2).num_rows == 0


TEXTS = {
    "none": [], "empty": ["", " ", None], "mixed": ["good 太差了 Gutes Zeug"] * 5, "binary": ["\x00\x01\x02" * 50],
    "1 MB without a break": ["x" * 10**6], "1 MB of Chinese judgments": ["好" * 10**6, "不好" * 500_000],
    "1 MB of English judgments": ["not too good " * 80_000],
}  # fmt: skip


@pytest.mark.parametrize("texts", TEXTS.values(), ids=TEXTS)
def test_any_text_is_read_or_left_out(texts):
    """Each text is one reading at most, and none fails or takes long."""
    found = mine.read_texts({"text": pa.array(texts, pa.string())})
    assert found.readings.num_rows <= len(texts)


def test_bytes_are_no_text():
    """A column of bytes that are no text is refused."""
    with pytest.raises(ContractError, match="column 'text' holds binary; expected text"):
        mine.read_texts({"text": [b"\xff\xfe"]})


def sold(**columns):
    count = 120
    return {
        "customer": [f"c{row % 20}" for row in range(count)], "time": [DAY + timedelta(days=row) for row in range(count)],
        "product": [("x", "y", "z")[row % 3] for row in range(count)], "revenue": [2.0] * count,
    } | columns  # fmt: skip


CUSTOMERS = {
    "segment": {}, "profile": {"revenue": "revenue"}, "customer_value": {"revenue": "revenue"},
    "foresee": {"customer": "customer", "time": "time", "item": "product", "revenue": "revenue"},
}  # fmt: skip


@pytest.mark.parametrize("function", CUSTOMERS)
def test_customers_at_their_ends(function):
    """One customer, all alike, no row, nan and infinite money: an answer or one message that names what is wrong."""
    call = getattr(mine, function)
    frames = [
        sold(customer=["c"] * 120), sold(), sold(time=[DAY] * 120), sold(revenue=[NAN] * 120), sold(revenue=[INFINITE] * 120),
        {name: pa.array(values)[:0] for name, values in sold().items()},
    ]  # fmt: skip
    answered = 0
    for frame in frames:
        try:
            call(frame, **CUSTOMERS[function])
            answered += 1
        except LotwiseError as error:
            assert len(str(error)) > 20  # noqa: PT017  any of the tree, with a sentence
    assert answered >= 1
    with pytest.raises(ContractError, match="infinite"):
        call(frames[4], **CUSTOMERS[function])


def chosen(**columns):
    rng = np.random.default_rng(1)
    pick = np.repeat(rng.integers(0, 3, 40), 3) == np.tile([0, 1, 2], 40)
    return {
        "c": np.repeat(np.arange(40), 3), "a": ["a", "b", "c"] * 40, "y": pick, "x": rng.normal(size=120), "w": np.ones(120),
    } | columns  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"x": np.where(chosen()["y"], 9.0, 0.0)}, "separates the choices perfectly"),
        ({"x": np.ones(120)}, "does not differ within any choice"),
        ({"x": np.full(120, NAN)}, "column 'x' is empty or not a number"),
        ({"w": np.full(120, -1.0)}, "column 'w' is below 0"),
        ({"y": np.ones(120, dtype=bool)}, "40 choices have several chosen"),
    ],
)
def test_choices_that_tell_nothing_are_refused(columns, said):
    """Perfect separation, constant attributes, nan, negative weights and two chosen are each told."""
    with pytest.raises((ContractError, InputError), match=said):
        mine.fit_choices(chosen(**columns), choice="c", alternative="a", chosen="y", attributes=["x"], weight="w")


def test_targets_at_their_ends(caplog):
    """A class with one example is explained as far as it goes; one that parts the classes perfectly is the target itself."""
    rng = np.random.default_rng(1)
    frame = {"y": [0.0] * 59 + [1.0], "x": rng.normal(size=60), "z": rng.normal(size=60)}
    assert mine.find_drivers(frame, "y").num_rows == 2
    assert mine.find_drivers(frame | {"same": np.array(frame["y"]) * 5 + 1}, "y").num_rows == 2
    assert "same: it is the target by another name" in caplog.text
    with pytest.raises(ContractError, match="0 rows; 20 at least"):
        mine.find_drivers(frame | {"y": [NAN] * 60}, "y")
    with pytest.raises(ContractError, match="3 different words"):
        mine.find_drivers(frame | {"y": ["a", "b", "c"] * 20}, "y")


def test_a_wrong_date_does_not_fill_the_memory():
    """Eight thousand years of weeks are refused, with both ends."""
    days = [DAY] * 399 + [date(9999, 1, 1)]
    frame = {"unique_id": [str(row) for row in range(400)], "ds": days, "y": [1.0] * 400}
    with pytest.raises(ContractError, match=r"from 2025-01-06 to 9999-01-01.*Is a date wrong"):
        mine.find_trends(frame)
