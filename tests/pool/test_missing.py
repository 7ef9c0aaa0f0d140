from datetime import date

import pytest
from pool_lines import checks, history, sell

PRICES = [None, 2.0, None, None, 8.0, None]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("mean", [5.0, 2.0, 5.0, 5.0, 8.0, 5.0]),
        ("median", [5.0, 2.0, 5.0, 5.0, 8.0, 5.0]),
        ("interpolate", [2.0, 2.0, 4.0, 6.0, 8.0, 8.0]),  # days 1 to 4 rise by 2 a day
        (3, [3.0, 2.0, 3.0, 3.0, 8.0, 3.0]),
    ],
)
def test_rules_fill(pool, rule, expected):
    """Each rule fills what is missing within the product, lists every value and leaves the others alone."""
    rows = [sell(f"q{day}", day, product="q", unit_price=price, revenue=None) for day, price in enumerate(PRICES)]
    result = pool({"pool": {"missing": {"orders.unit_price": rule}}}, orders=[*history(), *rows])
    found = [r["unit_price"] for r in result["orders"].to_pylist() if r["product"] == "q"]
    assert found == pytest.approx(expected)
    assert [r["effect"] for r in result["rejects"].to_pylist()] == ["repaired"] * 4


def test_reject_makes_a_column_required(pool):
    """An optional column with the rule reject must be filled."""
    result = pool({"pool": {"missing": {"orders.customer": "reject"}}}, orders=[*history(), sell("x", customer=None)])
    assert checks(result, "orders")["customer: empty"] == 1


def test_a_constant_fills_text(pool):
    """A constant keeps rows whose place is missing."""
    rows = [*history(), sell("x", region=None)]
    assert pool(orders=rows)["orders"].num_rows == 28
    assert pool({"pool": {"missing": {"orders.region": "elsewhere"}}}, orders=rows)["orders"].num_rows == 29


def test_promotions_take_constants(pool):
    """A missing flag of a promotion becomes the constant, and is counted."""
    told = [{"product": "p", "location": "all", "week": date(2024, 1, 8), "mailer": 1.0}]
    result = pool({"pool": {"missing": {"promotions.display": 1}}}, orders=history(), promotions=told)
    assert result["promotions"]["display"].to_pylist() == [1.0]
    assert checks(result, "promotions")["display: missing"] == 1
