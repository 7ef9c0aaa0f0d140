import numpy as np
import pytest

from lotwise.plan.network.reading.arrays import SAFETY_SHARE

LINES = [
    {"item": "coat", "component": "hood", "quantity": 1.0},
    {"item": "hood", "component": "cloth", "quantity": 2.0, "alternate": "fabric"},
    {"item": "hood", "component": "silk", "quantity": 1.0, "alternate": "fabric"},
]
FABRICS = {
    "bom": LINES,
    "materials": [
        {"material": "cloth", "unit_cost": 3.0, "holding_cost": 0.4, "space": 0.1, "unit": "m"},
        {"material": "silk", "unit_cost": 5.0},
    ],
    "stock": [{"item": name, "units": 1.0} for name in ("cloth", "silk")],
}


def test_holding_comes_from_the_item_then_the_material_then_a_share_of_cost(made):
    """Cloth says 0.4, the hood 0.7 at its item; silk is 0.005 x 5; a coat that is sold is held by the problem."""
    found = made(**FABRICS, items=[{"item": "hood", "holding_cost": 0.7}])
    holding = found.network.items.holding
    assert [holding[found.item(name)] for name in ("cloth", "hood", "silk", "coat")] == pytest.approx([0.4, 0.7, 0.025, 0.0])


def test_what_is_saved_in_making_is_lost_by_leaving_it(made):
    """A hood of silk is 1 cheaper than its standard: left over it is worth 1 less, and is carried one week more."""
    # Standard: 2 cloth at 3 = 6; of silk 5. Holding of the hood: 0.005 x 6 = 0.03.
    found = made(**FABRICS)
    assert found.network.items.left[found.item("hood")] == pytest.approx(1.0 + 0.03)
    assert found.network.items.left[found.item("cloth")] == pytest.approx(0.4)


def test_no_activity_earns_by_what_it_leaves(made):
    """With what is left taken as prices, cost - takes + gives is nowhere below 0, but for what is sold."""
    sellers = [{"material": "silk", "supplier": "worm", "unit_price": 4.0}]
    network = made(**FABRICS, suppliers=sellers).network
    saved = network.items.left - network.items.holding
    # The group of alternates passes the saving on: 1 of silk's 5 for the supplier, 1 for silk in place of cloth.
    price = np.where(network.items.keeps, saved, 0.0)
    price[list(network.items.names).index("fabric of hood")] = 1.0
    reduced = network.activities.cost - network.activities.takes.T @ price + network.activities.gives.T @ price
    sold = network.items.product[np.asarray(network.activities.gives.argmax(axis=0)).ravel()] >= 0
    assert (reduced[~sold] >= -1e-9).all()


def test_safety_room_and_units_are_taken_over(made):
    """A hood has 4 to stay on hand; the store has room for 100 at a tenth for each meter of cloth."""
    items = [{"item": "hood", "safety_stock": 4.0}]
    found = made(
        **FABRICS | {"stock": [{"item": "cloth", "units": 1.0, "site": "shed"}]},
        items=items,
        sites=[{"site": "shed", "room": 100.0}],
    )
    hood, cloth = found.item("hood", "shed"), found.item("cloth", "shed")
    assert found.network.items.safety[hood] == 4.0
    assert found.network.items.safety_cost[hood] == pytest.approx(SAFETY_SHARE * 6.0)
    assert (found.network.sites, found.network.room) == (("shed",), (100.0,))
    assert (found.network.items.space[cloth], found.network.items.units[cloth]) == (0.1, "m")


def test_kinds_say_what_an_item_is(made):
    """A coat is a product, a hood that is made a component, cloth that is bought a material."""
    found = made(**FABRICS)
    assert [found.network.items.kinds[found.item(name)] for name in ("coat", "hood", "cloth")] == [
        "product",
        "component",
        "material",
    ]
