"""What the plan says about each product."""

from datetime import date

import pytest

from lotwise.recommend import supply

OLD, NOW = date(2024, 1, 1), date(2024, 1, 29)
WEEKS = (NOW, date(2024, 2, 5))


def _plan(product, units, left=(0.0, 0.0), sold=None, **changes):
    sold = sold or units
    rows = [
        {
            "information": "now",
            "limits": "real",
            "cutoff": NOW,
            "product": product,
            "week": week,
            "units": u,
            "sold": s,
            "left": rest,
        }
        for week, u, s, rest in zip(WEEKS, units, sold, left, strict=True)
    ]
    return [row | changes for row in rows]


def test_without_a_plan_everything_can_be_had():
    """No plan, no prices: every product is offered and nothing is scarce."""
    found = supply.read("ab")
    assert (found.offered.tolist(), found.capacity_cost.tolist(), found.promise) == ([True, True], [0, 0], (None, None))


def test_products_without_units_are_not_offered(fill):
    """Product a is made, b is neither made nor in stock, c is in stock only, d is not planned at all."""
    plans = fill(
        "plans", [*_plan("a", (5.0, 0.0)), *_plan("b", (0.0, 0.0)), *_plan("c", (0.0, 0.0), left=(2.0, 0.0), sold=(1.0, 2.0))]
    )
    assert supply.read("abcd", plans=plans).offered.tolist() == [True, False, True, False]


def test_only_the_current_plan_counts(fill):
    """Past plans, plans without limits and plans of other information say nothing about what can be had."""
    other = [{"cutoff": OLD}, {"limits": "none"}, {"information": "perfect"}]
    plans = fill("plans", [*_plan("a", (5.0, 0.0)), *(row for change in other for row in _plan("b", (5.0, 5.0), **change))])
    assert supply.read("ab", plans=plans).offered.tolist() == [True, False]


def test_the_promise_is_the_first_week_with_units_left(fill):
    """Product a has some left in its second week, b in its first, c never."""
    plans = [*_plan("a", (5.0, 5.0), left=(0.0, 1.0)), *_plan("b", (5.0, 5.0), left=(1.0, 1.0)), *_plan("c", (5.0, 5.0))]
    assert supply.read("abc", plans=fill("plans", plans)).promise == (WEEKS[1], WEEKS[0], None)


@pytest.fixture
def prices(fill):
    """Return prices: an oven at 4 and 2 (mean 3), a free mixer, flour at 1; past plans had others."""
    table = [("oven", "machine", (4.0, 2.0)), ("mixer", "machine", (0.0, 0.0)), ("flour", "material", (1.0, 1.0))]
    rows = [
        {"information": "now", "cutoff": NOW, "resource": resource, "kind": kind, "week": week, "price": price}
        for resource, kind, each in table
        for week, price in zip(WEEKS, each, strict=True)
    ]
    return fill(
        "prices", [*rows, rows[0] | {"cutoff": OLD, "price": 99.0}, rows[0] | {"information": "perfect", "price": 99.0}]
    )


def _use(product, resource, quantity, kind="machine"):
    return {"product": product, "resource": resource, "kind": kind, "quantity": quantity}


def test_capacity_cost_by_hand(fill, prices):
    """Product a takes half an oven hour at the mean price 3 and 2 flour at 1: 1.5 + 2 = 3.5; b takes only the free mixer."""
    uses = fill(
        "uses",
        [_use("a", "oven", 0.5), _use("a", "flour", 2.0, "material"), _use("b", "mixer", 3.0), _use("b", "unpriced", 9.0)],
    )
    found = supply.read("ab", prices=prices, uses=uses)
    assert found.capacity_cost.tolist() == [3.5, 0]
    assert (found.scarce, found.free) == (("flour", ""), ("", "mixer"))


def test_a_product_with_one_busy_machine_is_not_free(fill, prices):
    """Free hours on one machine do not help a product that also needs a busy one."""
    uses = fill("uses", [_use("a", "oven", 0.1), _use("a", "mixer", 9.0)])
    found = supply.read("a", prices=prices, uses=uses)
    assert (found.scarce, found.free) == (("oven",), ("",))
