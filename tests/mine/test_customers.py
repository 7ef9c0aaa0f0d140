"""Who bought what when, hand-checked."""

from datetime import date, datetime

import pyarrow as pa

from lotwise.mine.customers import EPOCH, gather, monday
from lotwise.tables import TABLES


def orders(*rows):
    """Lines of (order, line, day of January 2025, customer, product, units, revenue, kind)."""
    names = ("order", "line", "time", "customer", "product", "units", "revenue", "kind")
    made = [dict(zip(names, row, strict=True)) for row in rows]
    made = [row | {"time": datetime(2025, 1, row["time"], 23, 59), "location": "all", "region": "all"} for row in made]  # noqa: DTZ001
    return TABLES["orders"].check(pa.Table.from_pylist(made, schema=TABLES["orders"].schema))


LINES = (
    ("2", 1, 9, "b", "tea", 1.0, 4.0, "sale"),
    ("1", 2, 8, "a", "tea", 2.0, None, "sale"),
    ("1", 1, 8, "a", "cake", 1.0, 9.0, "cancelled"),
    ("3", 1, 9, None, "tea", 1.0, 4.0, "sale"),
    ("4", 1, 9, "a", "tea", -1.0, -4.0, "return"),
)


def test_lines_of_known_customers_are_sorted_by_day_customer_order_and_line():
    """Nobody's line is left out, money that is not known is 0, and only sales that stand are sold."""
    found = gather(orders(*LINES))
    assert found.customers == ("a", "b")
    assert found.products == ("cake", "tea")
    assert found.row.tolist() == [2, 1, 4, 0]
    assert found.revenue.tolist() == [9, 0, -4, 4]
    assert found.sold.tolist() == [False, True, False, True]
    assert found.today == (date(2025, 1, 10) - EPOCH).days


def test_today_is_the_first_day_not_known():
    """Lines of today and later are left out."""
    found = gather(orders(*LINES), today=date(2025, 1, 9))
    assert set(found.row.tolist()) == {1, 2}
    assert found.today == (date(2025, 1, 9) - EPOCH).days


def test_no_line_is_no_failure():
    """Without a line there is nobody, nothing and no day."""
    found = gather(orders())
    assert len(found) == 0
    assert found.customers == ()
    assert found.today == 0


def test_monday_of_a_week():
    """Thursday 1970-01-01 lies in the week of Monday 1969-12-29, and Monday in its own."""
    assert monday(0) == date(1969, 12, 29)
    assert monday(4) == date(1970, 1, 5)
