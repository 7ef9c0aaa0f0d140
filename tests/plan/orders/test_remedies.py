"""Remedies against the exact answer: the plan is made again with the remedy in it."""

from dataclasses import replace

import numpy as np
import pytest

from lotwise.plan.lots import make as make_free
from lotwise.plan.network.made import make
from lotwise.plan.orders.binding import Chains
from lotwise.plan.orders.current import Current
from lotwise.plan.orders.cuts import cut_rows
from lotwise.plan.orders.deliveries import lines_of, served
from lotwise.plan.orders.exceptions import Found, exception_rows

SOLD = [("chair", "all", "product", 0, False)]
SEAT, WOOD = ("seat", "all", "component", -1, True), ("wood", "all", "material", -1, True)


def planned(sketch, problem):
    """Return the plan, and its exceptions of the kind ``cut`` and ``shortage``."""
    network, labels = sketch.parts()
    plan, flow = make(problem, network)
    current = Current(problem, network, labels, plan, flow)
    chains, lines = Chains(current), lines_of(current, {})
    cuts = cut_rows(chains, make_free(problem.without_limits()))
    rows = exception_rows(Found(chains, lines, served(current, lines), cuts))
    return plan, {row["kind"]: row for row in rows}


def test_overtime_beyond_its_limit(sketch, problem):
    """Twenty wanted, the saw has ten hours: ten hours of overtime at 1 bring at most the margins of 4, and really do."""
    plan = sketch(
        1,
        items=SOLD,
        activities=[{"kind": "make", "gives": {0: 1.0}, "uses": {0: 1.0}, "route": "saw"}],
        machines=[("saw", 10, 0, 1)],
    )
    mine = problem([[[20.0]]], names=["chair"], backorder=False, shelf=1)
    made, rows = planned(plan, mine)
    row = rows["cut"]
    assert row["remedy"] == "10 hours of overtime on saw in the week of 2024-01-01, beyond the limit of 0"
    assert (row["remedy_cost"], row["gain"]) == (pytest.approx(10), pytest.approx(40))
    assert row["chain"] == "chair <- chair/2024-W01/1 <- saw"
    plan.machines = [("saw", 10, 10, 1)]
    again, _ = planned(plan, mine)
    assert again.objective - made.objective == pytest.approx(row["gain"] - row["remedy_cost"], rel=0.05)


def test_a_machine_two_levels_down(sketch, problem):
    """A chair takes two seats of half an hour at the press: its four hours are named, and 12 more of them earn 4 each."""
    plan = sketch(
        1,
        items=[*SOLD, SEAT],
        activities=[
            {"kind": "make", "takes": {1: 2.0}, "gives": {0: 1.0}, "route": "saw"},
            {"kind": "make", "gives": {1: 1.0}, "uses": {0: 0.5}, "route": "press"},
        ],
        machines=[("press", 4, 0, 1.5)],
    )
    mine = problem([[[16.0]]], names=["chair"], backorder=False, shelf=1)
    made, rows = planned(plan, mine)
    row = rows["cut"]
    assert row["chain"] == "chair <- chair/2024-W01/1 <- seat/2024-W01/1 <- press"
    assert row["remedy"].startswith("12 hours of overtime on press")  # 12 chairs x 2 seats x 0.5 hours
    plan.machines = [("press", 4, 12, 1.5)]
    again, _ = planned(plan, mine)
    assert again.objective - made.objective == pytest.approx(row["gain"] - row["remedy_cost"], rel=0.05)


def test_an_added_shift_where_it_is_cheaper(sketch, problem):
    """Eight hours are missing; overtime costs 3 an hour, a shift of eight hours 10: the shift is the remedy."""
    made = [{"kind": "make", "gives": {0: 1.0}, "uses": {0: 1.0}, "route": "saw"}]
    shift = ("shift", [], 0.0, np.inf, 1, {0: -8.0}, 10.0)
    plan = sketch(1, items=SOLD, activities=made, machines=[("saw", 10, 0, 3.0)], switches=[shift])
    mine = problem([[[18.0]]], names=["chair"], backorder=False, shelf=1)
    network, labels = plan.parts()
    closed = replace(network, switches=replace(network.switches, open=np.zeros((1, 1), dtype=bool)))
    first, flow = make(mine, closed)
    current = Current(mine, closed, labels, first, flow)
    chains, lines = Chains(current), lines_of(current, {})
    cuts = cut_rows(chains, make_free(mine.without_limits()))
    row = exception_rows(Found(chains, lines, served(current, lines), cuts))[0]
    assert row["remedy"] == "an added shift on saw in the week of 2024-01-01, beyond those that can be added"
    again, _ = make(mine, network)
    assert again.objective - first.objective == pytest.approx(row["gain"] - row["remedy_cost"], rel=0.05)  # 8 x 4 - 10


def test_a_supplier_with_a_limit(sketch, problem):
    """Wood for eight chairs is all acme brings in a week: the wood is short, and twelve more are worth 4 each."""
    plan = sketch(
        1,
        items=[*SOLD, WOOD],
        activities=[
            {"kind": "make", "takes": {1: 1.0}, "gives": {0: 1.0}, "route": "saw"},
            {"kind": "buy", "gives": {1: 1.0}, "supplier": "acme", "price": 3.0, "most": 8.0},
        ],
    )
    mine = problem([[[20.0]]], names=["chair"], backorder=False, shelf=1)
    made, rows = planned(plan, mine)
    row = rows["shortage"]
    assert (row["subject"], row["money"]) == ("wood", pytest.approx(48))
    assert row["remedy"] == "12 units more of wood from acme in the week of 2024-01-01 than its limit"
    plan.activities[1]["most"] = 20.0
    again, _ = planned(plan, mine)
    assert again.objective - made.objective == pytest.approx(row["gain"], rel=0.05)


def test_a_purchase_that_comes_too_late(sketch, problem):
    """Wood takes a week and five are there: the chairs of the first week want an expedited purchase, whose cost nobody says."""
    plan = sketch(
        2,
        items=[*SOLD, WOOD],
        activities=[
            {"kind": "make", "takes": {1: 1.0}, "gives": {0: 1.0}, "route": "saw"},
            {"kind": "buy", "gives": {1: 1.0}, "supplier": "acme", "price": 3.0, "lead": 1},
        ],
        opening={1: 5.0},
    )
    mine = problem([[[20.0, 20.0]]], names=["chair"], backorder=False, shelf=1)
    made, rows = planned(plan, mine)
    row = rows["shortage"]
    assert row["reason"].startswith(
        "No wood can be there in the week of 2024-01-01: it takes 1 week, so the first comes in the week of 2024-01-08."
    )
    assert row["remedy"].startswith("an expedited purchase of 15 units of wood, there by the week of 2024-01-01")
    assert row["remedy_cost"] is None
    plan.opening = {1: 20.0}
    again, _ = planned(plan, mine)
    assert again.objective - made.objective == pytest.approx(row["gain"], rel=0.05)


def test_a_route_that_is_not_used_for_its_set_up(sketch, problem):
    """Nothing runs on the robot, whose set-up costs 5: ten chairs on it would bring 40."""
    made = [{"kind": "make", "gives": {0: 1.0}, "uses": {n: 1.0}, "route": route} for n, route in enumerate(("saw", "robot"))]
    machines = [("saw", 10.0, 0.0, 0.0), ("robot", 10.0, 0.0, 0.0)]
    setup = ("setup", [1], 0.0, np.inf, 1, {}, 5.0)
    plan = sketch(1, items=SOLD, activities=made, machines=machines, switches=[setup])
    mine = problem([[[20.0]]], names=["chair"], backorder=False, shelf=1)
    current = plan.current(mine, [[10.0], [0.0]], [[0]], machine_price=[[4.0], [0.0]], item_price=[[4.0]])
    chains, lines = Chains(current), lines_of(current, {})
    wanted = make_free(mine.without_limits())
    row = exception_rows(Found(chains, lines, served(current, lines), cut_rows(chains, wanted)))[0]
    assert row["remedy"] == "10 units of chair made on robot in the week of 2024-01-01"
    assert (row["remedy_cost"], row["gain"]) == (5, 40)


def test_another_component_below(sketch, problem):
    """The seat of a chair is of wood, of which there are ten, or of felt, whose first order costs 7: ten more seats of felt."""
    items = [*SOLD, SEAT, WOOD, ("felt", "all", "material", -1, True), ("cover", "all", "component", -1, False)]
    plan = sketch(
        1,
        items=items,
        activities=[
            {"kind": "make", "takes": {4: 1.0}, "gives": {0: 1.0}, "route": "saw"},
            {"kind": "replace", "takes": {2: 1.0}, "gives": {4: 1.0}},
            {"kind": "replace", "takes": {3: 1.0}, "gives": {4: 1.0}},
            {"kind": "buy", "gives": {3: 1.0}, "supplier": "acme", "price": 2.0},
        ],
        switches=[("order", [2], 0.0, np.inf, 1, {}, 7.0)],
        opening={2: 10.0},
    )
    mine = problem([[[20.0]]], names=["chair"], backorder=False, shelf=1)
    price = [[4.0], [0.0], [4.0], [0.0], [4.0]]
    current = plan.current(mine, [[10.0], [10.0], [0.0], [0.0]], [[0]], item_price=price)
    chains, lines = Chains(current), lines_of(current, {})
    found = exception_rows(Found(chains, lines, served(current, lines), cut_rows(chains, make_free(mine.without_limits()))))
    row = next(row for row in found if row["kind"] == "cut")
    assert row["chain"] == "chair <- chair/2024-W01/1 <- wood"
    assert row["remedy"] == "10 units of cover replaced by felt in the week of 2024-01-01"
    assert (row["remedy_cost"], row["gain"]) == (7, 40)
