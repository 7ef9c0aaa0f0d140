from datetime import date, datetime

import pytest

SEWN = {"routing": [{"item": "coat", "machine": "M", "hours": 0.5}], "machines": [{"machine": "M", "hours": 40.0}]}
CLOTH = [{"material": "cloth", "unit_cost": 3.0}, {"material": "silk", "unit_cost": 5.0}]


def test_scrap_is_added_to_what_is_taken(made):
    """Of 2 m of cloth with a fifth lost on the way in, 2 / 0.8 = 2.5 m are taken."""
    found = made(bom=[{"item": "coat", "component": "cloth", "quantity": 2.0, "scrap": 0.2}], materials=CLOTH, **SEWN)
    assert found.takes("make coat at all on M") == {"cloth": 2.5}


def test_lines_of_options_count_with_their_share(made):
    """A lining that one order of four names takes a quarter of its silk."""
    lines = [{"item": "coat", "component": "silk", "quantity": 2.0, "option": "lining", "value": "silk"}]
    orders = [
        {
            "order": str(n),
            "line": 1,
            "time": datetime(2023, 12, 1),  # noqa: DTZ001  the project's own time
            "product": "coat",
            "location": "all",
            "region": "all",
            "units": 1.0,
        }
        | {"kind": "sale"}
        for n in range(4)
    ]
    chosen = [{"order": str(n), "line": 1, "option": "lining", "value": "silk" if n == 0 else "wool"} for n in range(4)]
    stock = [{"item": "silk", "units": 9.0}]
    found = made(bom=lines, orders=orders, order_options=chosen, materials=CLOTH, stock=stock, **SEWN)
    assert found.takes("make coat at all on M") == {"silk": 0.5}


def test_versions_are_activities_of_their_own_weeks(made):
    """Cloth until January 14 and silk from then on: weeks of January 1 and 8 take cloth, those of 15 and 22 silk."""
    lines = [
        {"item": "coat", "component": "cloth", "quantity": 2.0, "version": "1", "ends": date(2024, 1, 14)},
        {"item": "coat", "component": "silk", "quantity": 1.0, "version": "2", "starts": date(2024, 1, 15)},
    ]
    stock = [{"item": "silk", "units": 9.0}, {"item": "cloth", "units": 9.0}]
    found = made(bom=lines, materials=CLOTH, stock=stock, **SEWN)
    first, second = "make coat at all on M from 2024-01-01", "make coat at all on M from 2024-01-15"
    assert (found.takes(first), found.takes(second)) == ({"cloth": 2.0}, {"silk": 1.0})
    assert (found.of("high", first) > 0).tolist() == [True, True, False, False]
    assert (found.of("high", second) > 0).tolist() == [False, False, True, True]


def test_a_line_holds_in_the_weeks_whose_monday_it_covers(made):
    """A line that starts on a Wednesday holds from the week after."""
    lines = [{"item": "coat", "component": "silk", "quantity": 1.0, "starts": date(2024, 1, 10)}]
    found = made(bom=lines, materials=CLOTH, stock=[{"item": "silk", "units": 9.0}], **SEWN)
    assert (found.of("high", "make coat at all on M from 2024-01-15") > 0).tolist() == [False, False, True, True]


def test_alternates_stand_in_through_an_item_that_does_not_keep(made):
    """Silk (2 at 5) stands in for cloth (4 at 3): it is 2 cheaper, which is the making's, and cloth costs 2 above it."""
    # Standard holds the first by name, cloth: 12. The cheapest is silk: 10. Making costs 10 - 12 = -2, cloth 12 - 10 = 2.
    lines = [
        {"item": "coat", "component": "cloth", "quantity": 4.0, "alternate": "fabric"},
        {"item": "coat", "component": "silk", "quantity": 2.0, "alternate": "fabric"},
    ]
    stock = [{"item": "silk", "units": 9.0}, {"item": "cloth", "units": 9.0}]
    found = made(bom=lines, materials=CLOTH, stock=stock, **SEWN)
    silk, cloth = "use silk as fabric of coat at all", "use cloth as fabric of coat at all"
    assert found.takes("make coat at all on M") == {"fabric of coat": 1.0}
    assert (found.takes(silk), found.gives(silk)) == ({"silk": 2.0}, {"fabric of coat": 1.0})
    assert [found.of("cost", name) for name in ("make coat at all on M", silk, cloth)] == [-2.0, 0.0, 2.0]
    assert not found.network.items.keeps[found.item("fabric of coat")]


def test_an_alternate_of_one_line_is_a_plain_line(made):
    """A group with one component is taken directly."""
    lines = [{"item": "coat", "component": "cloth", "quantity": 4.0, "alternate": "fabric"}]
    found = made(bom=lines, materials=CLOTH, stock=[{"item": "cloth", "units": 9.0}], **SEWN)
    assert found.takes("make coat at all on M") == {"cloth": 4.0}


def test_standard_costs_come_from_tables_or_are_rolled_up(made):
    """A sleeve of 2 m cloth at 3 with yield 0.75 costs 8, a hood that says 7 that, a zip what its cheapest supplier asks."""
    lines = [
        {"item": "coat", "component": "sleeve", "quantity": 1.0},
        {"item": "coat", "component": "hood", "quantity": 1.0},
        {"item": "coat", "component": "zip", "quantity": 1.0},
        {"item": "sleeve", "component": "cloth", "quantity": 2.0},
        {"item": "hood", "component": "cloth", "quantity": 1.0},
    ]
    sellers = [{"material": "zip", "supplier": name, "unit_price": price} for name, price in (("A", 4.0), ("B", 3.5))]
    items = [{"item": "sleeve", "yield": 0.75}, {"item": "hood", "unit_cost": 7.0}]
    found = made(bom=lines, items=items, materials=CLOTH, suppliers=sellers, **SEWN)
    names = ("sleeve", "hood", "zip", "cloth", "coat")
    assert [found.labels.standard[found.item(name)] for name in names] == pytest.approx([8.0, 7.0, 3.5, 3.0, 20.0])
