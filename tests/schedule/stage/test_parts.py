from datetime import date

import pytest
from hypothesis import given as for_all
from hypothesis import settings as rules
from hypothesis import strategies as some

from lotwise.schedule.stage.parts import parts
from tests.schedule.stage.workshop import ROUTING, at, given, lot, order, peg, workshop


@for_all(
    units=some.floats(0.5, 60),
    ordered=some.lists(some.tuples(some.integers(1, 9), some.integers(3, 30)), max_size=8),
    hours=some.floats(0.6, 12),
)
@rules(max_examples=60, deadline=None)
def test_nothing_is_lost_and_no_part_is_too_long(units, ordered, hours):
    """The parts of a lot have its units, its orders and its weight, and no operation of theirs is longer than allowed."""
    total = max(units, sum(count for count, _ in ordered) + 0.25)
    orders = [order(f"O{n}", "chair", float(count), date(2026, 11, day)) for n, (count, day) in enumerate(ordered)]
    tables = workshop(
        lots=[lot("C1", "chair", total)],
        orders=orders,
        pegging=[peg(f"order O{n}/1", "C1", "chair", float(count)) for n, (count, _) in enumerate(ordered)],
    )
    found = parts(given(tables, part_hours=hours))
    assert sum(part.units for part in found) == pytest.approx(total)
    assert sum(line.units for part in found for line in part.lines if line.order) == pytest.approx(sum(c for c, _ in ordered))
    # a chair takes an hour at the bench, and where orders are whole a part holds one at least
    assert all(part.units <= max(hours, 1.0) + 1e-6 for part in found)
    assert [part.number for part in found] == list(range(1, len(found) + 1))


def test_lots_of_whole_units_are_cut_into_whole_units():
    """Nine chairs of two hours in parts of at most eight hours: three parts of three."""
    routing = [row | {"hours": 2.0} for row in ROUTING]
    tables = workshop(lots=[lot("C1", "chair", 9.0)], routing=routing, orders=[order("A", "chair", 9.0, date(2026, 11, 3))],
                      pegging=[peg("order A/1", "C1", "chair", 9.0)])  # fmt: skip
    assert [part.units for part in parts(given(tables))] == [3.0, 3.0, 3.0]


def test_a_part_holds_one_choice_of_the_options_that_set_ups_ask_for():
    """Red and blue chairs are cut apart; what nobody ordered goes with the commonest color."""
    routing = [row | {"setup_state": "option:color"} for row in ROUTING]
    options = [
        {"order": number, "line": 1, "option": "color", "value": color} for number, color in (("A", "red"), ("B", "blue"))
    ]
    found = parts(given(workshop(routing=routing, order_options=options)))
    chairs = {part.chosen["color"]: part.units for part in found if part.lot["lot"] == "C1"}
    assert chairs == {"red": 6.0, "blue": 2.0}


def test_a_part_fits_into_the_oven():
    """Where a step is a batch, no part takes more room than there is."""
    routing = [
        *ROUTING,
        {"item": "chair", "step": 3, "machine": "oven", "hours": 0.0, "batch": "dry", "batch_room": 2.0, "batch_hours": 1.0},
    ]
    machines = [
        {"machine": name, "count": 1, "hours": 40.0, "room": 6.0 if name == "oven" else None}
        for name in ("saw", "bench", "oven")
    ]
    found = parts(given(workshop(routing=routing, machines=machines)))
    assert max(part.units for part in found if part.lot["item"] == "chair") <= 3.0


def test_what_is_scrapped_is_made_again_in_a_part_of_its_own():
    """Two of eight units lost at the saw: six go on to the bench, and a new part makes two from the start."""
    floor = [{"lot": "C1", "part": 1, "step": 1, "machine": "saw", "started": at(2, 6), "finished": at(2, 10), "scrapped": 2.0}]
    first, again, _ = parts(given(workshop(floor=floor)))
    assert (first.started(1), first.started(2)) == (8.0, 6.0)
    assert (again.number, again.units, again.after) == (2, 2.0, at(2, 10))


def test_lots_without_a_routing_are_left_out_and_said():
    """A lot of something nobody says how to make is not scheduled, and heard of."""
    heard = []
    found = parts(given(workshop(lots=[lot("C1", "chair", 1.0), lot("X1", "mystery", 1.0)]), heard))
    assert {part.lot["lot"] for part in found} == {"C1"}
    assert "X1" in heard[0]
