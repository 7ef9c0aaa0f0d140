from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pytest

from lotwise.plan.promises import promises, unplanned
from lotwise.tables import contract

WEEKS = (date(2024, 1, 1), date(2024, 1, 8))


def table(name, rows):
    """Return rows as the named table, columns that may be absent left out."""
    return contract(name).check(pa.Table.from_pylist(rows, schema=pa.schema([contract(name).schema.field(n) for n in rows[0]])))


def tables(*lines):
    """Return orders of (product, units, due, kind), and products that are made in every way."""
    when = {"time": datetime(2023, 12, 20), "location": "all", "region": "all"}  # noqa: DTZ001  the project's own time
    orders = [
        {"order": f"o{place}", "line": 1, "product": product, "units": units, "due": due, "kind": kind, **when}
        for place, (product, units, due, kind) in enumerate(lines, start=1)
    ]
    ways = (("desk", "order"), ("shelf", "assemble"), ("bed", "configure"), ("lamp", "stock"), ("chair", None))
    made = [{"product": product, "category": "home", "make": make} for product, make in ways]
    return {"orders": table("orders", orders), "products": table("products", made)}


@pytest.mark.parametrize(
    ("product", "is_firm"), [("desk", True), ("shelf", True), ("bed", True), ("lamp", False), ("chair", False)]
)
def test_what_is_made_after_it_is_ordered_is_promised(product, is_firm):
    """Orders of what is made, assembled or configured to order are promises; those of what is made to stock are not."""
    found = promises(tables((product, 3.0, date(2024, 1, 14), "sale")), (product,), WEEKS)
    assert (found is not None) == is_firm
    assert found is None or found.tolist() == [[0, 3]]


def test_promises_add_up_by_product_and_week():
    """Lines of one product and week add up; returns, lines without a day and lines due outside the window do not count."""
    lines = [
        ("desk", 3.0, date(2024, 1, 1), "sale"),
        ("desk", 4.0, date(2024, 1, 7), "sale"),
        ("bed", 5.0, date(2024, 1, 10), "sale"),
        ("desk", -9.0, date(2024, 1, 1), "return"),
        ("desk", 9.0, date(2024, 1, 1), "cancelled"),
        ("desk", 9.0, None, "sale"),
        ("desk", 9.0, date(2024, 1, 15), "sale"),
    ]
    assert promises(tables(*lines), ("bed", "desk"), WEEKS).tolist() == [[0, 5], [7, 0]]


def test_lines_due_before_the_window_are_taken_as_delivered():
    """Nobody says which lines were delivered: what was due in the week before promises nothing."""
    assert promises(tables(("desk", 3.0, date(2023, 12, 31), "sale")), ("desk",), WEEKS) is None


def test_firm_orders_of_what_is_not_planned_are_said():
    """Two lines of 12 units whose product nobody plans are counted with examples; planned ones are not."""
    lines = [("desk", 5.0, date(2024, 1, 2), "sale"), ("bed", 7.0, date(2024, 1, 9), "sale"), ("shelf", 1.0, WEEKS[0], "sale")]
    said = (
        "left out 2 firm order lines of 12 units, whose products have no forecast or no economics, such as o1 (desk), o2 (bed)"
    )
    assert list(unplanned(tables(*lines), ("shelf",), WEEKS)) == [said]
    assert list(unplanned(tables(*lines), ("bed", "desk", "shelf"), WEEKS)) == []


@pytest.mark.parametrize("absent", ["orders", "products"])
def test_without_orders_or_products_nothing_is_promised(absent):
    """A project without one of the two tables has no promises, and nothing is said."""
    given = {name: rows for name, rows in tables(("desk", 3.0, WEEKS[0], "sale")).items() if name != absent}
    assert promises(given, ("desk",), WEEKS) is None
    assert list(unplanned(given, (), WEEKS)) == []


def test_the_order_of_rows_does_not_matter():
    """Sums of decimal units are the same to the last bit whatever order the lines come in."""
    lines = [("desk", units, date(2024, 1, 2), "sale") for units in (0.1, 0.2, 0.3, 0.7, 1e6)]
    one, other = (promises(tables(*order), ("desk",), WEEKS) for order in (lines, lines[::-1]))
    assert np.array_equal(one, other)
