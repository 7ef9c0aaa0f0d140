from datetime import date

from lotwise.schedule.stage.parts import parts
from lotwise.schedule.stage.waits import arrivals, part_waits
from tests.schedule.stage.workshop import MONDAY, NEXT, at, given, lot, order, peg, workshop


def names(found, waits):
    return {found[place].key: sorted({found[other].key for other in others}) for place, others in waits.items() if others}


def test_a_part_waits_for_the_parts_that_hold_its_share():
    """Stools in two parts of four take a seat each: their first part waits for the first seats, their second for the rest."""
    tables = workshop(
        lots=[lot("SEATS", "chair", 8.0), lot("STOOLS", "stool", 8.0)],
        pegging=[peg("STOOLS", "SEATS", "chair", 8.0)],
        orders=[],
    )
    told = given(tables, part_hours=4.0)
    found = parts(told)
    assert names(found, part_waits(told, found)) == {
        ("STOOLS", 1): [("SEATS", 1)],
        ("STOOLS", 2): [("SEATS", 2)],
    }


def test_a_lot_is_used_by_what_needs_it_first():
    """Two lots take from one: that of the earlier week has its first parts."""
    tables = workshop(
        lots=[lot("SEATS", "chair", 8.0), lot("LATER", "stool", 4.0, NEXT), lot("SOON", "stool", 4.0)],
        pegging=[peg("LATER", "SEATS", "chair", 4.0, NEXT), peg("SOON", "SEATS", "chair", 4.0)],
        orders=[],
    )
    told = given(tables, part_hours=4.0)
    found = parts(told)
    assert names(found, part_waits(told, found)) == {("SOON", 1): [("SEATS", 1)], ("LATER", 1): [("SEATS", 2)]}


def test_units_of_orders_do_not_go_into_other_lots_as_well():
    """Of eight chairs an order has the four of the first part: stools that take four wait for the second part."""
    tables = workshop(
        lots=[lot("CHAIRS", "chair", 8.0), lot("STOOLS", "stool", 4.0)],
        pegging=[peg("order A/1", "CHAIRS", "chair", 4.0), peg("STOOLS", "CHAIRS", "chair", 4.0)],
        orders=[order("A", "chair", 4.0, date(2026, 11, 3))],
    )
    told = given(tables, part_hours=4.0)
    found = parts(told)
    assert [[(line.order, line.units) for line in part.lines] for part in found[:2]] == [[("A", 4.0)], [("", 4.0)]]
    assert names(found, part_waits(told, found)) == {("STOOLS", 1): [("CHAIRS", 2)]}


def test_what_is_in_stock_goes_into_the_first_parts():
    """Half of the wood is there, half arrives with a purchase: only the second part waits for it."""
    bought = {"material": "wood", "supplier": "ACME", "site": "all", "week": MONDAY, "arrives": NEXT, "units": 4.0, "cost": 1.0}
    tables = workshop(
        lots=[lot("C1", "chair", 8.0)],
        pegging=[peg("C1", "stock wood", "wood", 4.0), peg("C1", f"purchase wood ACME {MONDAY}", "wood", 4.0)],
        purchases=[bought],
        orders=[],
    )  # fmt: skip
    told = given(tables, part_hours=4.0)
    found = parts(told)
    assert {found[place].key: wait for place, wait in arrivals(told, found).items()} == {("C1", 2): (at(8, 0), "wood")}
