from datetime import date

import pytest

from lotwise.schedule.stage.lines import lines
from tests.schedule.stage.workshop import NEXT, at, given, lot, order, peg, workshop


def test_orders_are_due_at_the_end_of_their_day_and_the_rest_at_the_end_of_the_week():
    """A lot's lines come first due first; expected sales are due on Sunday night."""
    found = lines(given())["C1"]
    assert [(line.order, line.units, line.due) for line in found] == [
        ("A", 3.0, at(3, 0)),
        ("B", 2.0, at(5, 0)),
        ("", 3.0, at(8, 0)),
    ]


def test_a_delay_costs_the_share_of_the_price_a_week():
    """One unit of price 168 that waits a week loses 5 % of it: 0.05 an hour; late_cost counts instead where it is given."""
    # 168 * 0.05 / 168 hours = 0.05 an hour and unit
    assert lines(given())["C1"][0].weight == pytest.approx(3 * 0.05)
    products = [{"product": "chair", "category": "x", "late_cost": 336.0}]
    assert lines(given(workshop(products=products)))["C1"][0].weight == pytest.approx(3 * 2.0)


def test_terms_change_when_an_order_is_due_and_what_it_weighs_but_not_how_it_is_cut():
    """A rush moves the due time and the weight; the day lots are cut by stays."""
    terms = [{"order": "B", "due": at(2, 12), "weight": 10.0, "release": at(1, 8)}]
    rush = next(line for line in lines(given(workshop(order_terms=terms)))["C1"] if line.order == "B")
    assert (rush.due, rush.release, rush.first) == (at(2, 12), at(1, 8), at(5, 0))
    assert rush.weight == pytest.approx(2 * 0.05 * 10)


def test_what_no_row_pegs_and_what_goes_into_other_lots_is_there_too():
    """The units of the lines of a lot are those of the lot; those that other lots take cost nothing where late."""
    tables = workshop(
        lots=[lot("C1", "chair", 8.0), lot("S1", "stool", 4.0)],
        pegging=[peg("order A/1", "C1", "chair", 3.0), peg("S1", "C1", "chair", 2.0)],
    )
    found = lines(given(tables))["C1"]
    assert sum(line.units for line in found) == 8.0
    assert [line.units for line in found if line.weight == 0] == [2.0]


def test_shipments_are_followed_to_the_orders_behind_them():
    """A lot that is shipped is due when the order behind the shipment is, if that leaves in the same week."""
    ships = "shipment chair factory 2026-11-02"
    tables = workshop(
        lots=[lot("C1", "chair", 5.0)],
        pegging=[
            peg(ships, "C1", "chair", 5.0),
            peg("order A/1", ships, "chair", 3.0),
            peg("order B/1", ships, "chair", 2.0, NEXT),
        ],
    )
    assert [(line.order, line.units) for line in lines(given(tables))["C1"]] == [("A", 3.0), ("B", 2.0)]


def test_a_lead_time_brings_the_due_day_forward():
    """What is ready a week after it is started must be done a week before the order is due."""
    tables = workshop(
        lots=[lot("C1", "chair", 3.0, ready=NEXT)],
        orders=[order("A", "chair", 3.0, date(2026, 11, 12))],
        pegging=[peg("order A/1", "C1", "chair", 3.0, NEXT)],
    )
    # due at the end of Thursday, 12 November: a week earlier that is the first minute of Friday, 6 November
    assert lines(given(tables))["C1"][0].due == at(5, 0)
