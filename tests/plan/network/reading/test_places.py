import numpy as np

from lotwise.plan.network.reading import opening

MACHINES = [{"machine": "M", "hours": 40.0, "site": "mill"}, {"machine": "N", "hours": 40.0, "site": "loft"}]
BOTH = [{"item": "coat", "machine": "M", "hours": 1.0}, {"item": "coat", "machine": "N", "hours": 2.0}]


def pairs(found):
    return list(zip(found.network.items.names, found.network.items.sites, strict=True))


def test_a_product_of_one_site_is_sold_from_its_own_item(made):
    """With one site a product has one item, which does not keep."""
    found = made()
    assert pairs(found) == [("coat", "all")]
    assert (found.network.items.product.tolist(), found.network.items.keeps.tolist()) == ([0], [False])


def test_a_product_of_two_sites_is_kept_there_and_moved_to_its_customers(made):
    """Coats sewn at the mill and the loft have an item at each, and one they are sold from, reached at no cost at once."""
    found = made(machines=MACHINES, routing=BOTH)
    assert pairs(found) == [("coat", "loft"), ("coat", "mill"), ("coat", "customers")]
    assert found.network.items.keeps.tolist() == [True, True, False]
    assert found.network.items.product.tolist() == [-1, -1, 0]
    move = found.activity("deliver coat from mill")
    assert (found.network.activities.lead[move], found.network.activities.cost[move]) == (0, 0.0)
    assert found.uses("make coat at mill on M") == {"M": 1.0}


def test_a_lane_to_customers_is_the_only_way_to_them(made):
    """With a lane from the mill, the loft's coats reach customers only by the lane to the mill."""
    lanes = [
        {"item": "coat", "origin": "mill", "target": "customers", "lead_weeks": 1, "unit_cost": 0.5},
        {"item": "all", "origin": "loft", "target": "mill", "unit_cost": 0.1},
    ]
    found = made(machines=MACHINES, routing=BOTH, lanes=lanes)
    moves = [
        name
        for name, kind in zip(found.network.activities.names, found.network.activities.kinds, strict=True)
        if kind == "move"
    ]
    assert sorted(moves) == ["move coat from loft to mill", "move coat from mill to customers"]
    assert (found.of("lead", moves[1]), found.of("cost", moves[1])) == (1, 0.5)


def test_a_site_from_which_no_lane_leads_on_is_left_out(made):
    """With a lane to customers from the mill alone, what the loft makes is of no use."""
    lanes = [{"item": "coat", "origin": "mill", "target": "customers"}]
    found = made(machines=MACHINES, routing=BOTH, lanes=lanes)
    assert pairs(found) == [("coat", "mill"), ("coat", "customers")]


def test_a_product_that_goes_into_another_is_kept_and_sold(made):
    """A hat that is also part of a set is kept, and a free move takes it to where it is sold."""
    found = made({"hat": 5.0, "set": 5.0}, bom=[{"item": "set", "component": "hat", "quantity": 1.0}], routing=[], machines=[])
    assert pairs(found) == [("hat", "all"), ("hat", "customers"), ("set", "all")]
    assert found.takes("make set at all") == {"hat": 1.0}
    assert "deliver hat from all" in found.network.activities.names


def test_components_are_where_what_they_go_into_is_made(made):
    """Cloth is bought at both mills, a hood sewn at one is moved to the other."""
    bom = [{"item": "coat", "component": part, "quantity": 1.0} for part in ("cloth", "hood")]
    routing = [*BOTH, {"item": "hood", "machine": "N", "hours": 0.1}]
    lanes = [{"item": "all", "origin": "loft", "target": "mill"}]
    stock = [{"item": "cloth", "units": 1.0, "site": "mill"}]
    found = made(
        machines=MACHINES,
        routing=routing,
        bom=bom,
        lanes=lanes,
        stock=stock,
        materials=[{"material": "cloth", "unit_cost": 1.0}],
    )
    names = found.network.activities.names
    assert {"buy cloth at loft", "buy cloth at mill", "make hood at loft on N", "move hood from loft to mill"} <= set(names)
    assert "make hood at mill" not in " ".join(names)
    assert found.takes("make coat at mill on M") == {"cloth": 1.0, "hood": 1.0}


def test_items_say_where_a_material_is_delivered(made):
    """Cloth that is kept at the mill alone is bought there and moved to the loft."""
    found = made(
        machines=MACHINES,
        routing=[BOTH[1]],
        bom=[{"item": "coat", "component": "cloth", "quantity": 1.0}],
        materials=[{"material": "cloth", "unit_cost": 1.0}],
        items=[{"item": "cloth", "site": "mill"}],
        lanes=[{"item": "cloth", "origin": "mill", "target": "loft", "lead_weeks": 1}],
    )
    names = found.network.activities.names
    assert "buy cloth at mill" in names
    assert "buy cloth at loft" not in names


def test_opening_is_left_to_the_network_where_a_product_is_kept(tables_of):
    """A coat with two sites has its stock there; a hat with one has it in the problem."""
    problem, tables, settings = tables_of(
        {"coat": 1.0, "hat": 1.0},
        machines=MACHINES,
        routing=[*BOTH, {"item": "hat", "machine": "M", "hours": 1.0}],
        stock=[{"item": "coat", "units": 5.0, "site": "mill"}, {"item": "hat", "units": 7.0, "site": "mill"}],
    )
    assert opening(problem, tables, settings).tolist() == [0.0, 7.0]
    assert np.array_equal(problem.opening, [5.0, 7.0])
