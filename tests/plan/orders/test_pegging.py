from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.plan.orders.deliveries import lines_of, served
from lotwise.plan.orders.pegging import pegging_rows, sold_and_gone
from lotwise.plan.orders.projection import projection_rows
from lotwise.plan.orders.purchases import purchase_rows, shipment_rows


def pegged(current, orders):
    lines = lines_of(current, orders)
    return pegging_rows(current, lines, served(current, lines)).to_pylist()


def added_up(rows, *names):
    found = defaultdict(float)
    for row in rows:
        found[tuple(row[name] for name in names)] += row["units"]
    return found


def test_chairs_are_pegged_down_to_the_wood(chair):
    """The late order takes 2 chairs of the first lot and 4 of the second, whose seats take the wood that was bought."""
    found = {(row["demand"], row["supply"]): row["units"] for row in pegged(*chair)}
    assert found["order 2/1", "chair/2024-W01/1"] == 2
    assert found["order 2/1", "chair/2024-W02/1"] == 4
    assert found["forecast chair 2024-01-08", "chair/2024-W02/1"] == 3  # 7 made, 4 owed
    assert found["chair/2024-W02/1", "seat/2024-W01/2"] == 2  # 10 seats of the first week, 8 used in it
    assert found["seat/2024-W02/1", "purchase wood acme 2024-01-01"] == 10


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_nothing_is_lost_on_the_way(random_plan, seed):
    """The units pegged to every lot, purchase, shipment and opening stock add up to its units."""
    current, orders = random_plan(seed)
    rows = pegged(current, orders)
    of = added_up(rows, "supply", "item", "site")
    items, started = current.network.items, current.started
    want = defaultdict(float)
    for n, number in enumerate(started.number):
        item = int(current.labels.item[started.activity[n]])
        if number:
            want[number, items.names[item], items.sites[item]] += started.level[n] * current.out[started.activity[n]]
    for item, units in enumerate(current.opening):
        want[f"stock {items.names[item]}", items.names[item], items.sites[item]] += units
    for product, units in enumerate(current.problem.opening):
        want[f"stock P{product}", f"P{product}", "customers"] += units
    of = {key: units for key, units in of.items() if not key[0].startswith("missing")}
    for key in want.keys() | of.keys():
        assert of.get(key, 0.0) == pytest.approx(want[key], abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_every_demand_is_served_or_missing(random_plan, seed):
    """The units pegged to every order, expected sale and lot add up to what it takes; of varnish two stand for one."""
    current, orders = random_plan(seed)
    rows = pegged(current, orders)
    for row in rows:
        row["units"] /= 2.0 if row["item"] == "varnish" and row["demand"].startswith("P") else 1.0
    to = added_up(rows, "demand")
    lines = lines_of(current, orders)
    delivered = served(current, lines)
    sold, _ = sold_and_gone(current, lines, delivered)
    want = defaultdict(float)
    for n in range(len(lines.units)):
        want[f"order {lines.name(n)}"] += lines.units[n]
    for product, week in np.argwhere(sold > 1e-5):
        want[f"forecast P{product} {current.problem.weeks[week]}"] += sold[product, week]
    for n, number in enumerate(current.started.number):
        if number:
            want[number] += current.takes[:, [current.started.activity[n]]].sum() * current.started.level[n]
    for name in want:
        assert to.get((name,), 0.0) == pytest.approx(want[name], abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_nothing_serves_what_was_before_it(random_plan, seed):
    """No demand is served by what is ready after its week, and only orders beyond the plan are missing."""
    current, orders = random_plan(seed)
    ready = {
        number: current.day(week + int(current.network.activities.lead[activity]))
        for number, activity, week in zip(current.started.number, current.started.activity, current.started.week, strict=True)
    }
    for row in pegged(current, orders):
        if row["supply"] in ready:
            assert ready[row["supply"]] <= row["week"]
        if row["supply"].startswith("missing"):
            assert row["demand"].startswith("order ")


def test_numbers_of_purchases_and_shipments_are_those_of_their_tables(random_plan):
    """Every purchase and shipment that is pegged has a row of its own, found by material, supplier and week."""
    current, orders = random_plan(7)
    known = {f"purchase {row['material']} {row['supplier']} {row['week']}" for row in purchase_rows(current)}
    known |= {f"shipment {row['item']} {row['origin']} {row['week']}" for row in shipment_rows(current)}
    used = {row["supply"] for row in pegged(current, orders)}
    assert {name for name in used if name.startswith(("purchase", "shipment"))} == known


def test_within_a_week_orders_come_before_expected_sales(sketch, problem, orders):
    """Of 5 in stock and a lot of 5, an order of 4 takes stock; 6 expected sales take the fifth and the lot."""
    plan = sketch(1, items=[("chair", "all", "product", 0, False)], activities=[{"kind": "make", "gives": {0: 1.0}}])
    firm = np.array([[4.0]])
    current = plan.current(problem([firm + 6], firm=firm, names=["chair"], opening=[5.0]), [[5.0]])
    rows = pegged(current, orders([("1", 1, "chair", 4, current.problem.weeks[0])], ["chair"]))
    assert {(row["demand"], row["supply"]): row["units"] for row in rows} == {
        ("order 1/1", "stock chair"): 4,
        ("forecast chair 2024-01-01", "stock chair"): 1,
        ("forecast chair 2024-01-01", "chair/2024-W01/1"): 5,
    }


def test_what_nobody_has_counted_is_stock(sketch, problem):
    """Wood taken to be there until an order can come is pegged as stock and received as it is used; it is no purchase."""
    items = [("chair", "all", "product", 0, False), ("wood", "all", "material", -1, True)]
    plan = sketch(
        1,
        items=[*items, ("wood in use", "all", "material", -1, False)],
        activities=[
            {"kind": "make", "takes": {2: 2.0}, "gives": {0: 1.0}},
            {"kind": "buy", "gives": {2: 1.0}},
            {"kind": "replace", "takes": {1: 1.0}, "gives": {2: 1.0}},
        ],
    )
    current = plan.current(problem([[[5.0]]], names=["chair"]), [[5.0], [10.0], [0.0]])
    (row,) = [row for row in pegged(current, {}) if row["demand"] == "chair/2024-W01/1"]
    assert (row["supply"], row["item"], row["units"]) == ("stock wood", "wood", 10)
    assert purchase_rows(current) == []
    (row,) = [row for row in projection_rows(current) if row["item"] == "wood"]
    assert [row[name] for name in ("start", "received", "used", "end")] == [0, 10, 10, 0]
