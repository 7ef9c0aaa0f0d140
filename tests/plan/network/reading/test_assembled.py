import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lotwise.plan import explode, uses
from lotwise.plan.network.made import make
from lotwise.plan.network.reading import build
from lotwise.tables import contract


def hours_of(network):
    """Return machine hours in one unit of each product, through everything that is made for it once."""
    gives, takes = network.activities.gives.toarray(), network.activities.takes.toarray()
    is_make = np.array(network.activities.kinds) == "make"
    hours = np.zeros((len(network.machines.names), len(network.items.names)))
    for _ in range(len(network.items.names) + 1):
        for activity in np.flatnonzero(is_make):
            item = int(np.argmax(gives[:, activity]))
            below = hours @ takes[:, activity] + network.activities.uses.toarray()[:, activity]
            hours[:, item] = below / gives[item, activity]
        for activity in np.flatnonzero(~is_make):
            if takes[:, activity].any():
                hours[:, int(np.argmax(gives[:, activity]))] = hours @ takes[:, activity]
    return hours


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10_000))
def test_hours_in_a_product_are_those_of_its_exploded_bill(tables_of, seed):
    """Without any of the network's own tables, hours through the network are those that ``bill.uses`` adds up."""
    rng = np.random.default_rng(seed)
    items = [f"I{n}" for n in range(6)]
    lines = [
        {"item": items[a], "component": items[b], "quantity": float(rng.integers(1, 4))}
        for a in range(6)
        for b in range(a + 1, 6)
        if rng.random() < 0.4
    ]
    routing = [
        {"item": item, "step": 1, "machine": f"M{rng.integers(2)}", "hours": float(rng.integers(1, 9)) / 10} for item in items
    ]
    machines = [{"machine": f"M{n}", "hours": 1000.0} for n in range(2)]
    tables = {"routing": routing, "machines": machines} | ({"bom": lines} if lines else {})
    problem, given_tables, setting = tables_of({"I0": 5.0, "I1": 2.0}, **tables)
    network, _ = build(problem, given_tables, setting)
    found = hours_of(network)
    sold = [int(np.flatnonzero(network.items.product == number)[0]) for number in range(2)]
    bom = given_tables.get("bom", contract("bom").empty())
    expected = uses(explode(problem.products, bom), given_tables["routing"], machines=["M0", "M1"], materials=[])
    assert found[:, sold] == pytest.approx(expected.toarray())


def test_the_order_of_rows_does_not_matter(made):
    """The same tables in another order make the same network."""
    given_rows = {
        "bom": [{"item": "coat", "component": name, "quantity": 1.0} for name in ("cloth", "hood")],
        "routing": [{"item": item, "machine": name, "hours": 0.1} for item in ("coat", "hood") for name in ("M", "N")],
        "machines": [{"machine": name, "hours": 40.0} for name in ("M", "N")],
        "materials": [{"material": "cloth", "unit_cost": 1.0}],
    }
    one, other = made(**given_rows), made(**{name: rows[::-1] for name, rows in given_rows.items()})
    assert one.network.activities.names == other.network.activities.names
    assert (one.network.activities.uses != other.network.activities.uses).nnz == 0


def test_ranges_of_a_billion_stay_finite(made):
    """Leads, limits, lots and quantities of 10 to the 9 overflow nowhere."""
    big = 1e9
    found = made(
        {"coat": big},
        bom=[{"item": "coat", "component": "cloth", "quantity": big}],
        routing=[{"item": "coat", "machine": "M", "hours": big, "setup_hours": big}],
        machines=[{"machine": "M", "hours": big, "extra_shifts": 10**9, "shift_hours": big}],
        materials=[{"material": "cloth", "unit_cost": big, "lead_weeks": 10**18, "weekly_limit": big}],
        items=[{"item": "coat", "lead_weeks": 10**12, "lot_maximum": 1e-3, "safety_stock": big}],
        suppliers=[{"material": "cloth", "supplier": "A", "unit_price": big, "lead_weeks": 10**18, "lead_spread": big}],
    )
    network = found.network
    for part in (network.items.holding, network.items.left, network.activities.cost, network.activities.takes.data):
        assert np.isfinite(part).all()
    assert (network.activities.lead >= 0).all()
    assert network.switches.most.tolist() == [50, 10**9]


def test_a_network_with_everything_is_planned(made):
    """Alternatives, families, lots, price breaks and lanes together: the plan sells everything, and makes hoods of silk."""
    found = made(
        {"coat": 10.0, "hat": 4.0},
        bom=[
            {"item": "coat", "component": "hood", "quantity": 1.0},
            {"item": "hood", "component": "cloth", "quantity": 2.0, "alternate": "fabric", "scrap": 0.1},
            {"item": "hood", "component": "silk", "quantity": 1.0, "alternate": "fabric"},
        ],
        routing=[
            {"item": "coat", "machine": "M", "hours": 0.5, "setup_hours": 1.0},
            {"item": "coat", "machine": "N", "hours": 0.6},
            {"item": "hood", "machine": "N", "hours": 0.2},
            {"item": "hat", "machine": "M", "hours": 0.3},
        ],
        machines=[{"machine": name, "hours": 20.0, "site": "town", "overtime_hours": 5.0} for name in ("M", "N")],
        materials=[{"material": name, "unit_cost": 3.0, "lead_weeks": 1} for name in ("cloth", "silk")],
        suppliers=[
            {"material": "cloth", "supplier": "mill", "from_units": units, "unit_price": 3.5 - units / 100}
            for units in (0.0, 50.0)
        ],
        items=[
            {"item": "hood", "site": "town", "lot_minimum": 5.0, "lot_maximum": 20.0},
            {"item": "hat", "site": "town", "family": "felt"},
        ],
        families=[{"family": "felt", "machine": "M", "setup_hours": 1.0}],
        lanes=[{"item": "coat", "origin": "town", "target": "customers", "unit_cost": 0.1}],
    )
    plan, flow = make(found.problem, found.network)
    # 40 coats and 16 hats at 50 - 20; hoods of silk at 3 in place of 2 / 0.9 x 3 = 6.67 of cloth; 0.1 for moving a coat.
    assert plan.supply.sum(axis=1) == pytest.approx([40.0, 16.0])
    assert plan.objective == pytest.approx(56 * 30 + 40 * (2 / 0.9 * 3 - 3) - 40 * 0.1)
    assert flow.level[found.activity("use silk as fabric of hood at town")].sum() == pytest.approx(40.0)
