import numpy as np
import pytest

M40 = [{"machine": "M", "hours": 40.0}]


def test_a_product_that_nothing_is_said_of_is_made_freely(made):
    """Without bill, routing and supplier a product takes nothing and costs nothing above standard."""
    found = made()
    assert found.network.activities.names == ("make coat at all",)
    assert (found.takes("make coat at all"), found.gives("make coat at all")) == ({}, {"coat": 1.0})
    assert np.isinf(found.of("high", "make coat at all")).all()


def test_yield_lies_in_what_comes_out(made):
    """Of 1 coat started on 0.5 hours with yield 0.8, 0.8 come out; lots, hours and bill are for what is started."""
    found = made(routing=[{"item": "coat", "machine": "M", "hours": 0.5}], machines=M40, items=[{"item": "coat", "yield": 0.8}])
    assert found.gives("make coat at all on M") == {"coat": 0.8}
    assert found.uses("make coat at all on M") == {"M": 0.5}


def test_co_products_come_out_too(made):
    """Making 1 coat with yield 0.5 gives 0.5 coats and 0.2 scarves, which are for sale; what nobody needs is left out."""
    also = [{"item": "coat", "coproduct": "scarf", "quantity": 0.2}, {"item": "coat", "coproduct": "dust", "quantity": 1.0}]
    found = made(
        {"coat": 10.0, "scarf": 2.0}, routing=[{"item": "coat", "machine": "M", "hours": 0.5}], machines=M40, coproducts=also,
        items=[{"item": "coat", "yield": 0.5}],
    )  # fmt: skip
    assert found.gives("make coat at all on M") == {"coat": 0.5, "scarf": 0.2}


def test_what_only_comes_as_a_co_product_has_its_giver_made(made):
    """Whey for a drink comes from cheese that nobody asked for: cheese is in the network."""
    found = made(
        {"drink": 10.0},
        bom=[{"item": "drink", "component": "whey", "quantity": 1.0}],
        routing=[{"item": "cheese", "machine": "M", "hours": 0.1}],
        machines=M40,
        coproducts=[{"item": "cheese", "coproduct": "whey", "quantity": 9.0}],
    )
    assert found.gives("make cheese at all on M") == {"cheese": 1.0, "whey": 9.0}


def test_machines_of_one_step_are_alternatives_in_each_combination(made):
    """Two cutters and two sewers make four ways, the cheapest first."""
    rows = [
        {"item": "coat", "step": step, "machine": name, "hours": hours, "unit_cost": cost}
        for step, name, hours, cost in ((1, "C1", 0.2, 1.0), (1, "C2", 0.3, 0.0), (2, "S1", 1.0, 0.0), (2, "S2", 0.9, 0.5))
    ]
    found = made(routing=rows, machines=[{"machine": name, "hours": 40.0} for name in ("C1", "C2", "S1", "S2")])
    assert found.labels.route == ("C2 > S1", "C2 > S2", "C1 > S1", "C1 > S2")
    assert found.uses("make coat at all on C1 > S2") == {"C1": 0.2, "S2": 0.9}
    assert found.network.activities.cost.tolist() == [0.0, 0.5, 1.0, 1.5]


def test_many_alternatives_are_chosen_step_by_step(made):
    """Three machines for each of two steps are nine ways, more than eight: each step is an item of its own."""
    rows = [
        {"item": "coat", "step": step, "machine": f"M{step}{n}", "hours": n / 10, "setup_hours": 1.0}
        for step in (1, 2)
        for n in (1, 2, 3)
    ]
    found = made(routing=rows, machines=[{"machine": row["machine"], "hours": 40.0} for row in rows])
    (name,) = (name for name in found.network.activities.names if name.startswith("make"))
    assert name == "make coat at all on M11 or M12 or M13 > M21 or M22 or M23"
    assert found.takes(name) == {"step 1 of coat": 1.0, "step 2 of coat": 1.0}
    assert found.uses("step 2 of coat at all on M23") == {"M23": pytest.approx(0.3)}
    assert found.switch("setup: step 2 of coat at all on M23")["hours"] == {"M23": 1.0}


def test_leads_come_from_items_then_settings(made):
    """Products take the settings' weeks, components none, and items go before both."""
    tables = {
        "bom": [
            {"item": "coat", "component": "sleeve", "quantity": 2.0},
            {"item": "coat", "component": "hood", "quantity": 1.0},
        ],
        "routing": [{"item": name, "machine": "M", "hours": 0.1} for name in ("coat", "sleeve", "hood")],
        "machines": M40,
        "items": [{"item": "hood", "lead_weeks": 2}],
        "settings": {"plan": {"lead_weeks": 1}},
    }
    found = made(**tables)
    assert [found.of("lead", f"make {item} at all on M") for item in ("coat", "sleeve", "hood")] == [1, 0, 2]
    assert (found.of("high", "make hood at all on M") > 0).tolist() == [True, True, False, False]


def test_a_routing_without_machines_limits_nothing(made):
    """Where no table lists machines, a routing is not looked at."""
    found = made(routing=[{"item": "coat", "machine": "M", "hours": 0.5}])
    assert found.network.activities.uses.shape == (0, 1)


def test_a_material_that_is_only_used_limits_nothing_without_materials(made):
    """Where there are neither materials nor suppliers, a bill's bought components are left out."""
    found = made(bom=[{"item": "coat", "component": "cloth", "quantity": 2.0}])
    assert found.network.items.names == ("coat",)
