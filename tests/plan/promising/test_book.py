"""Tests of what is promised and reserved, on a workshop counted by hand; see ``conftest``."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from lotwise import InputError
from lotwise.errors import ContractError
from lotwise.plan.promising import Book, Line, Rule, Value, Way, learn
from tests.plan.promising.conftest import WEEKS, build_facts, with_free


@pytest.mark.parametrize(("units", "week"), [(1, 0), (10, 0), (11, 1), (20, 1), (40, 3), (41, None)])
def test_the_slowest_machine_says_the_week(book, units, week):
    """The saw makes legs for 10 chairs a week, so 10 u chairs take u weeks and 41 are beyond the four."""
    found = book.promise("chair", units)
    assert found.week == (None if week is None else WEEKS[week])


def test_planned_units_go_first_and_later_promises_stay_kept(facts):
    """With 6, 6, 2, 9 units by the weeks only 2 can go in week 0: the third week has no more."""
    book = Book(replace(with_free(facts, "chair", [6.0, 6.0, 2.0, 9.0]), regular=np.zeros((2, 4))))
    assert book.promise("chair", 2).week == WEEKS[0]
    assert book.promise("chair", 3).week == WEEKS[3]


def test_free_components_save_their_machine(facts):
    """40 free legs are 10 chairs beside the 10 whose legs are sawn: 20 in the first week, which is all paint can do."""
    book = Book(with_free(facts, "leg", [40.0] * 4))
    assert book.promise("chair", 20).week == WEEKS[0]
    assert book.promise("chair", 21).week == WEEKS[1]


def test_hours_of_different_weeks_do_not_add_up_to_a_chair(facts):
    """The saw is free in week 0 and paint in week 1 only; without stock of legs between, a leg is made the week it is used."""
    hours = np.array([[10.0, 0, 0, 10], [0.0, 4, 0, 4]])
    assert Book(replace(facts, regular=hours)).promise("chair", 1).week == WEEKS[3]


def test_lead_weeks_reach_back(facts):
    """Legs a week ahead of chairs: the first chair of a sawn leg is there in week 1, by saw hours of week 0."""
    ways = facts.ways | {"leg": replace(facts.ways["leg"], lead=1)}
    book = Book(replace(facts, ways=ways))
    found = book.promise("chair", 10)
    assert found.week == WEEKS[1]
    assert "started before" in found.binds


def test_what_is_bought_comes_after_its_lead(facts):
    """Beams that take 2 weeks give the first chair in week 2, and the reason says so."""
    book = Book(replace(with_free(facts, "beam", [0.0, 0.0, 1e15, 1e15]), opens={"beam": 2}))
    found = book.promise("chair", 1)
    assert found.week == WEEKS[2]
    assert found.binds == "'beam' is used up in the week of 2024-01-08; what is ordered now takes 2 weeks to arrive."


def test_lots_and_setups_take_their_hours(facts):
    """A lot of at least 8 legs and 8 hours of set-up: 8 * 0.25 + 8 = 10 saw hours for one chair, and no second one then."""
    ways = facts.ways | {"leg": Way(steps=((0, 0.25, 8.0, 0.0),), lines=(Line("beam", 1.0),), least=8.0)}
    book = Book(replace(facts, ways=ways))
    first = book.promise("chair", 1)
    assert (first.week, book.promise("chair", 3).week) == (WEEKS[0], WEEKS[1])
    book.reserve(first)
    assert book.promise("chair", 1).week == WEEKS[1]


def test_cost_is_the_standard_and_prices_and_overtime(facts):
    """12 chairs: 48 legs in 12 saw hours, 2 of them overtime at 30; paint 2.4 hours at a price of 5: 12 * 20 + 60 + 12."""
    prices = np.array([[0.0] * 4, [5.0] * 4])
    book = Book(replace(facts, extra=np.array([[2.0] * 4, [0.0] * 4]), machine_price=prices))
    found = book.promise("chair", 12)
    assert (found.week, found.cost, found.revenue) == (WEEKS[0], pytest.approx(312.0), 600.0)


def test_the_dual_of_demand_says_what_one_more_costs(facts):
    """One more chair would earn 12 of its price of 50, so it costs 38."""
    earns = np.full((3, 4), 12.0)
    assert Book(replace(facts, demand_price=earns)).promise("chair", 2).cost == pytest.approx(76.0)


def test_a_reservation_takes_and_a_release_gives_back(book):
    """After 10 reserved chairs the next is a week later; released, it is as before."""
    number = book.reserve(book.promise("chair", 10))
    assert book.promise("chair", 1).week == WEEKS[1]
    book.release(number)
    assert book.promise("chair", 10).week == WEEKS[0]


def test_a_promise_that_was_taken_meanwhile_is_not_reserved(book):
    """Two promises rest on the same hours: the second cannot be reserved, and says so."""
    one, two = book.promise("chair", 10), book.promise("chair", 10)
    book.reserve(one)
    with pytest.raises(InputError, match="cannot be there in the week of 2024-01-01 any more"):
        book.reserve(two)


def test_a_configuration_takes_other_components():
    """Oak comes in week 2 and half of all chairs have it: planned chairs become oak ones from then on, pine ones at once."""
    lines = (Line("leg", 1.0, "wood", "oak", 0.5), Line("beam", 1.0, "wood", "pine", 0.5))
    facts = build_facts(regular=np.zeros((2, 4)), ways={"chair": Way(lines=lines)}, options=WOODS)
    facts = replace(
        with_free(with_free(facts, "leg", [0, 0, 9.0, 9.0]), "chair", [4.0, 8.0, 12.0, 16.0]), planned=np.full((3, 4), 4.0)
    )
    book = Book(facts)
    pine, oak = (book.promise("chair", 4, options={"wood": wood}) for wood in ("pine", "oak"))
    assert (pine.week, oak.week, book.promise("chair", 4).week) == (WEEKS[0], WEEKS[2], WEEKS[0])
    assert (oak.revenue, oak.cost) == (4 * 60.0, pytest.approx(4 * 27.0))


WOODS = {"chair": {"wood": {"oak": Value(10.0, 7.0), "pine": Value()}, "size": {"M": Value(), "XL": Value()}}}
RULE = Rule("R1", "chair", "excludes", "wood", "oak", "size", "XL")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"product": "chiar"}, "did you mean 'chair'"),
        ({"units": 0}, "expected more than 0"),
        ({"units": float("nan")}, "expected more than 0"),
        ({"units": 7}, "multiples of 5; ask for 5 or 10"),
        ({"region": "nort"}, "did you mean 'north'"),
        ({"options": {"wod": "oak"}}, "did you mean 'wood'"),
        ({"options": {"wood": "oka"}}, "did you mean 'oak'"),
        ({"options": {"wood": "oak", "size": "XL"}}, "rule R1: wood 'oak' does not go with size 'XL'"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(facts, asked, said):
    """What nobody knows, values that do not go together and units that are none name the next step."""
    book = Book(replace(facts, options=WOODS, rules=(RULE,), transit={"north": 2}, multiples={"chair": 5.0}))
    with pytest.raises(InputError, match=said):
        book.promise(**({"product": "chair", "units": 5} | asked))


def test_the_way_to_the_region_and_the_day_asked_for(facts):
    """Ready by Friday 2024-01-05 and 3 days on the way; wanted for the 22nd it is made in the last week that is in time."""
    book = Book(replace(facts, transit={"north": 3}))
    assert str(book.promise("chair", 1, region="north").day) == "2024-01-08"
    assert book.promise("chair", 1, region="north", by=WEEKS[3]).week == WEEKS[2]


def test_beyond_the_weeks_is_an_estimate_or_nothing(facts):
    """41 chairs: 1 is left after four weeks, a week more by the open hours; without a way to make it there is no estimate."""
    assert str(Book(facts).promise("chair", 41).estimate) == "2024-02-02"
    found = Book(replace(facts, ways={})).promise("chair", 41)
    assert (found.week, found.day, found.estimate, found.margin) == (None, None, None, None)
    assert "no routing says how more are made" in found.binds


def test_days_of_delay_come_from_the_past(facts):
    """Of 100 past delays of 0 to 99 days the 51st and the 91st smallest are told: 50 and 90 days more."""
    found = Book(facts, delays=learn(np.arange(100.0))).promise("chair", 1)
    assert ((found.p50 - found.day).days, (found.p90 - found.day).days) == (50, 90)


def test_a_bill_that_goes_round_is_refused(facts):
    """A chair that goes into its own legs has no end."""
    ways = facts.ways | {"leg": Way(lines=(Line("chair", 1.0),))}
    with pytest.raises(ContractError, match="none that goes into itself"):
        Book(replace(facts, ways=ways)).promise("chair", 1)


random_hours = st.lists(st.floats(0, 12), min_size=8, max_size=8)
questions = st.lists(st.tuples(st.floats(0.5, 25), st.booleans()), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(random_hours, st.lists(st.floats(0, 30), min_size=4, max_size=4), st.integers(0, 1), questions)
def test_no_promise_is_earlier_than_the_linear_program_allows(hours, legs, lead, asked):
    """Every promise, with all reserved before it, leaves a linear program of making and using up that has a point."""
    facts = with_free(build_facts(regular=np.array(hours).reshape(2, 4)), "leg", np.cumsum(legs))
    facts = replace(facts, ways=facts.ways | {"leg": replace(facts.ways["leg"], lead=lead)})
    book, firm = Book(facts), np.zeros(4)
    for units, reserves in asked:
        found = book.promise("chair", units)
        if found.week is None:
            continue
        more = firm.copy()
        more[WEEKS.index(found.week)] += units
        assert is_possible(np.array(hours).reshape(2, 4), np.cumsum(legs), lead, more)
        if reserves:
            book.reserve(found)
            firm = more


def is_possible(hours, legs, lead, firm):
    """Return whether chairs x and legs z of each week can keep all that is firm: the program written out anew."""
    ones = np.tril(np.ones((4, 4)))
    late = np.eye(4, k=-lead)  # legs started in a week are there lead weeks later
    rows = [
        np.hstack([-ones, np.zeros((4, 4))]),
        np.hstack([4 * ones, -ones @ late]),
        np.hstack([np.zeros((4, 4)), 0.25 * np.eye(4)]),
        np.hstack([0.2 * np.eye(4), np.zeros((4, 4))]),
    ]
    sides = [-np.cumsum(firm), legs, hours[0], hours[1]]
    found = linprog(np.zeros(8), A_ub=np.vstack(rows), b_ub=np.concatenate(sides) + 1e-6, method="highs")
    return found.status == 0


@settings(max_examples=30, deadline=None)
@given(random_hours, st.floats(0.5, 20), st.floats(0.5, 20))
def test_more_units_are_never_sooner(hours, one, other):
    """The week of more units is not before that of fewer, and nothing asked changes what is free."""
    book = Book(build_facts(regular=np.array(hours).reshape(2, 4)))
    few, many = (book.promise("chair", units).week or WEEKS[3].replace(year=2030) for units in sorted((one, other)))
    assert few <= many
    assert book.promise("chair", min(one, other)).week in (few, None)
