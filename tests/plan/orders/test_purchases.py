import pytest

from lotwise.plan.orders.purchases import purchase_rows, shipment_rows


def test_an_order_costs_its_units_and_its_ordering(chair):
    """Ten wood at 3 and one order at 7 are 37, ordered a week before they arrive."""
    (row,) = purchase_rows(chair[0])
    assert (row["material"], row["supplier"], row["units"], row["cost"]) == ("wood", "acme", 10, 37)
    assert [str(row[name]) for name in ("week", "arrives")] == ["2024-01-01", "2024-01-08"]


def test_two_prices_of_one_week_are_one_order(sketch, problem):
    """A supplier's two prices in one week make one row with the units and money of both: 4 x 3 + 6 x 2."""
    prices = [{"kind": "buy", "gives": {1: 1.0}, "supplier": "acme", "price": price} for price in (3.0, 2.0)]
    items = [("chair", "all", "product", 0, False), ("wood", "all", "material", -1, True)]
    plan = sketch(1, items=items, activities=[*prices, {"kind": "make", "takes": {1: 2.0}, "gives": {0: 1.0}}])
    (row,) = purchase_rows(plan.current(problem([[[5.0]]], names=["chair"]), [[4.0], [6.0], [5.0]]))
    assert (row["units"], row["cost"]) == (10, 24)


def test_only_what_goes_between_sites_is_a_shipment(random_plan):
    """Seats sent to the south are shipments at half a unit of money each; free delivery to customers is none."""
    current, _ = random_plan(3)
    rows = shipment_rows(current)
    assert {(row["item"], row["origin"], row["target"]) for row in rows} == {("seat", "north", "south")}
    assert sum(row["cost"] for row in rows) == pytest.approx(0.5 * sum(row["units"] for row in rows))
