from datetime import date

import pytest
from pool_lines import checks, history, sell

from lotwise.errors import InputError

MONDAYS = [date(2024, 1, day) for day in (1, 8, 15, 22)]


def cells(result, product):
    return [(r["region"], r["week"], r["units"]) for r in result["demand"].to_pylist() if r["product"] == product]


def test_weeks_without_sales_hold_zero(pool):
    """A product is in the panel of its region from its first sale to the last whole week."""
    result = pool(orders=[*history(), sell("q", 9, product="q", region="north", units=2.0)])
    assert cells(result, "q") == [("north", MONDAYS[1], 2.0), ("north", MONDAYS[2], 0.0), ("north", MONDAYS[3], 0.0)]


def test_launch_and_retirement_bound_the_life(pool):
    """A product launched earlier than it sold has zeros before, and none after it retired."""
    goods = [{"product": "q", "category": "c", "launched": date(2024, 1, 3), "retired": date(2024, 1, 16)}]
    result = pool(orders=[*history(), sell("q", 9, product="q")], products=goods)
    assert cells(result, "q") == [("all", MONDAYS[0], 0.0), ("all", MONDAYS[1], 1.0), ("all", MONDAYS[2], 0.0)]


def test_partial_weeks_are_left_out(pool):
    """With orders from a Wednesday to a Thursday only the whole weeks between count, and the rest is counted."""
    result = pool(orders=[sell(day, day) for day in range(2, 32)])
    assert result["demand"]["week"].to_pylist() == MONDAYS[1:]
    # 5 days of the first week and 4 of the last
    assert checks(result, "demand")["sales in partial weeks"] == 9


def test_measures_of_a_week(pool):
    """Units, revenue, mean paid price, discount, orders and customers are those of the week's sales alone."""
    rows = [
        sell("a", 0, product="q", units=2.0, revenue=6.0, discount=2.0, customer="x"),
        sell("a", 0, product="q", units=1.0, revenue=2.0, discount=0.0, customer="x", line=2),
        sell("b", 1, product="q", units=1.0, revenue=4.0, customer="y"),
        sell("c", 2, product="q", units=5.0, revenue=9.0, customer="z"),
        sell("d", 3, product="q", units=-5.0, revenue=-9.0, customer="z"),
    ]
    week = next(r for r in pool(orders=[*history(), *rows])["demand"].to_pylist() if r["product"] == "q")
    # 12 for 4 units; 2 off a list value of 14
    expected = {"units": 4.0, "revenue": 12.0, "unit_price": 3.0, "discount": 2 / 14, "orders": 2, "customers": 2}
    assert {name: week[name] for name in expected} == expected


def test_stock_outs_censor(pool):
    """A week in which the item stood at 0 on any day, there or everywhere, is marked."""
    stock = [
        {"item": "p", "region": "all", "day": date(2024, 1, 10), "units": 0.0},
        {"item": "p", "region": "all", "day": date(2024, 1, 17), "units": 1.0},
        {"item": "q", "region": "all", "day": date(2024, 1, 3), "units": 0.0},
    ]
    result = pool(orders=history(), stock=stock)
    assert result["demand"]["censored"].to_pylist() == [False, True, False, False]


def test_stock_at_another_site_is_no_stock_out(pool):
    """An item is out in a week only where no site has any on that day."""
    days = [(10, "hall", 0.0), (10, "shop", 2.0), (17, "hall", 0.0), (17, "shop", 0.0)]
    stock = [{"item": "p", "site": s, "region": "all", "day": date(2024, 1, d), "units": u} for d, s, u in days]
    assert pool(orders=history(), stock=stock)["demand"]["censored"].to_pylist() == [False, False, True, False]


def test_best_sellers_come_first_where_the_panel_is_limited(pool):
    """What does not fit is left out as a whole product-region, and counted."""
    result = pool({"pool": {"max_cells": 5}}, orders=[*history(), sell("q", 0, product="q")])
    assert set(result["demand"]["product"].to_pylist()) == {"p"}
    assert checks(result, "demand")["product-regions left out"] == 1


def test_open_orders_without_a_history_are_all_that_is_planned(pool):
    """Two days of orders are no history: where one is due later, each product holds 0 in the three weeks before today."""
    orders = [sell(1, 0, due=date(2024, 1, 20)), sell(2, 1)]
    result = pool(orders=orders, products=[{"product": "q", "category": "x"}])
    # today is the day after the last order, Wednesday the 3rd; the week under way is no whole week
    assert [(row["product"], row["week"].isoformat(), row["units"]) for row in result["demand"].to_pylist()] == [
        (product, week, 0) for product in "pq" for week in ("2023-12-11", "2023-12-18", "2023-12-25")
    ]
    assert checks(result, "demand")["weeks without history"] == 6


def test_what_planners_say_needs_neither_orders_nor_a_history(pool):
    """A plan of demand alone makes a panel of zeros before today; without the day it starts on it is refused."""
    said = {"product": "p", "week": date(2024, 2, 5), "made": date(2024, 1, 1), "kind": "units", "value": 4.0}
    products = [{"product": "p", "category": "x", "unit_price": 9.0}]
    result = pool({"project": {"today": date(2024, 2, 1)}}, overrides=[said], products=products)
    assert result["demand"]["week"].to_pylist() == [date(2024, 1, day) for day in (8, 15, 22)]
    assert result["orders"].num_rows == 0
    with pytest.raises(InputError, match=r"\[project\] today = "):
        pool(overrides=[said], products=products)


def test_a_history_that_is_too_short_and_nothing_due_is_refused(pool):
    """Orders of two weeks, none due after today, are refused with what would help."""
    with pytest.raises(InputError, match=r"hold 2 whole weeks.*orders\.due"):
        pool(orders=[sell(day, day, due=date(2024, 1, 2)) for day in range(14)])
