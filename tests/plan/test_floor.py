"""What the floor makes of a plan, cause by cause."""

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lotwise.plan.floor import carry_out, settle_carried
from lotwise.plan.settle import settle
from lotwise.tables.collected import WORK
from lotwise.tables.planned import CAUSES

MONDAYS = [date(2024, 1, 1) + timedelta(weeks=week) for week in range(4)]


def floor(*lots):
    """Return ``work``: lots of product A of the first week, 10 planned and made, unless they say otherwise."""
    usual = {"item": "A", "week": MONDAYS[0], "planned": 10.0, "made": 10.0}
    rows = [{"lot": f"l{number}", **usual, **lot} for number, lot in enumerate(lots)]
    return WORK.check(pa.Table.from_pylist(rows, schema=WORK.schema))


def states(problem, supply, *lots):
    """Return the good units of each state, named by its cause."""
    return {one.cause: one.made.tolist() for one in carry_out(problem, np.array(supply, dtype=float), floor(*lots))}


@pytest.fixture
def two_weeks(problem, terms, machines):
    """Return a plan for A and B on one machine of 20 hours, 0.5 hours a unit of A; B takes none."""
    resources = machines([[0.5, 0.0]], 20.0, weeks=2)
    return problem(np.zeros((1, 2, 2)), terms(2, shelf=9), resources)


def test_every_cause_in_its_order(two_weeks):
    """Of 20 proposed 16 are planned; 2 lost hours cost 4, 1 is scrapped, 3 are short, and the 8 made come a week late.

    With 40 of ours for 20 proposed, each of those counts twice: 40, 32, 24, all a week later, 22, 16.
    """
    lot = {"proposed": 20.0, "planned": 16.0, "made": 8.0, "scrapped": 1.0, "down_hours": 2.0, "machine": "M1"}
    found = states(two_weeks, [[40, 7], [5, 5]], lot | {"finished": MONDAYS[1]})
    assert list(found) == ["", *CAUSES]
    assert [made[0] for made in found.values()] == [[40, 7], [32, 7], [24, 7], [0, 31], [0, 29], [0, 23]]
    assert all(made[1] == [5, 5] for made in found.values())


def test_a_plan_carried_out_in_full_is_the_plan(two_weeks):
    """What was made as planned, and what nobody recorded, changes nothing: there is no state of any cause."""
    assert list(states(two_weeks, [[20, 7], [5, 5]], {"proposed": 10.0, "finished": MONDAYS[0] + timedelta(days=6)})) == [""]


@pytest.mark.parametrize(
    ("lot", "lost"),
    [
        ({"machine": "M1"}, 4.0),  # 2 hours at half an hour a unit
        ({}, 4.0),  # A takes hours of M1 only
        ({"made": 8.0, "scrapped": 1.0}, 1.0),  # never more than is missing
        ({"machine": "M1", "item": "B", "planned": 30.0, "made": 10.0}, 3.0),  # hours unknown: 2 of the week's 20, so 3 of 30
        ({"machine": "M7"}, 8.0),  # nothing is known of M7: all that is missing
        ({"down_hours": 0.0}, 0.0),
    ],
)
def test_units_lost_while_the_machine_stood_still(two_weeks, lot, lost):
    """Hours lost over hours a unit, else the share of the machine's week, else all that is missing."""
    lot = {"made": 2.0, "down_hours": 2.0} | lot
    item = "AB".index(lot.get("item", "A"))
    found = states(two_weeks, [[lot.get("planned", 10.0), 0]] * 2, lot)
    assert found[""][item][0] - found.get("down", found[""])[item][0] == pytest.approx(lost)


def test_hours_count_nothing_where_no_machine_is_known(problem, terms):
    """Without machines a stop explains all that is missing."""
    found = states(problem(np.zeros((1, 1, 2)), terms(shelf=9)), [[10, 0]], {"made": 7.0, "down_hours": 0.1})
    assert list(found) == ["", "down"]
    assert found["down"] == [[7, 0]]


@pytest.mark.parametrize(
    ("lot", "made"),
    [
        ({"planned": 0.0, "made": 3.0}, [13, 0]),  # nobody planned it: made beside our plan, unit for unit
        ({"proposed": 0.0, "made": 8.0}, [18, 0]),  # nobody proposed it
        ({"proposed": 20.0, "planned": 0.0, "made": 0.0}, [0, 0]),  # taken out of the plan
        ({"made": 15.0}, [15, 0]),  # more made than planned
        ({"proposed": 20.0, "planned": 30.0, "made": 30.0}, [15, 0]),  # half as much again
        ({"proposed": 1.0, "planned": 4.0, "made": 4.0}, [13, 0]),  # three more, and not four times our plan
        ({"proposed": 5e-324}, [20, 0]),
        ({"made": 8.0, "scrapped": 30.0}, [8, 0]),  # more scrapped than planned
        ({"planned": 0.0, "made": 0.0}, [10, 0]),  # an empty lot
        ({"finished": date(2020, 1, 1)}, [10, 0]),  # finished before its week: in time
        ({"made": 0.0, "finished": MONDAYS[1]}, [0, 0]),  # nothing made is not late
        ({"item": "dough"}, [10, 0]),
        ({"week": MONDAYS[3], "made": 1.0}, [10, 0]),
    ],
)
def test_records_out_of_the_ordinary(two_weeks, lot, made):
    """Each of these has a stated outcome for a plan of 10 units of A in the first of two weeks."""
    chain = carry_out(two_weeks, np.array([[10.0, 0], [0, 0]]), floor(lot))
    assert chain[-1].made[0].tolist() == pytest.approx(made)
    assert min(one.ready.min() for one in chain) >= 0


def test_lots_of_one_product_and_week_add_up(two_weeks):
    """Two lots of 10 of which one made 15 and one 5 make up the plan of 20, so nothing is short."""
    assert list(states(two_weeks, [[20, 0], [0, 0]], {"made": 15.0}, {"made": 5.0})) == [""]


def test_scrap_is_paid_for_and_brings_nothing(problem, terms):
    """Of 10 planned at a cost of 6, 4 are scrapped; 10 are asked for at 10: 6 x 10 - 10 x 6 = 0."""
    one = problem(np.zeros((1, 1, 1)), terms())
    last = carry_out(one, np.array([[10.0]]), floor({"made": 6.0, "scrapped": 4.0}))[-1]
    assert settle_carried(one, last, np.array([[10.0]])).profit.tolist() == [[0]]


def test_what_was_not_made_costs_nothing(problem, terms):
    """Of 10 planned 4 are not made: 6 x (10 - 6) = 24."""
    one = problem(np.zeros((1, 1, 1)), terms())
    last = carry_out(one, np.array([[10.0]]), floor({"made": 6.0}))[-1]
    assert settle_carried(one, last, np.array([[10.0]])).profit.tolist() == [[24]]


def test_late_units_are_sold_in_their_week_or_left(problem, terms):
    """10 for the first of two weeks come in the second, where 4 are asked for: 4 x 10 + 6 x 3 - 10 x 6 = -2.

    Coming after the second week they bring salvage only, 10 x 3 - 10 x 6 = -30, and count as made and left.
    """
    one, asked = problem(np.zeros((1, 1, 2)), terms(shelf=9)), np.array([[9.0, 4.0]])
    late, later = (carry_out(one, np.array([[10.0, 0]]), floor({"finished": MONDAYS[weeks]}))[-1] for weeks in (1, 2))
    assert settle_carried(one, late, asked).profit.sum() == pytest.approx(-2)
    after = settle_carried(one, later, asked)
    assert after.profit.tolist() == [[0, -30]]
    assert (later.made.tolist(), after.left.tolist(), after.lost.tolist()) == ([[0, 10]], [[0, 10]], [[9, 4]])


def test_lateness_moves_no_overtime(problem, terms, machines):
    """20 of 10 hours' regular work are made in the first week and sold in the second: its 10 overtime hours cost 10."""
    resources = machines([[1.0]], 10.0, overtime=10.0, overtime_cost=1.0, weeks=2)
    one, asked = problem(np.zeros((1, 1, 2)), terms(shelf=9), resources), np.array([[0.0, 20.0]])
    late = carry_out(one, np.array([[20.0, 0]]), floor({"finished": MONDAYS[1]}))[-1]
    assert settle_carried(one, late, asked).profit.sum() == pytest.approx(20 * (10 - 6) - 10)


units = st.floats(0, 50) | st.just(0.0)
lots = st.fixed_dictionaries(
    {
        "item": st.sampled_from(["A", "B", "dough"]),
        "week": st.sampled_from(MONDAYS),
        "machine": st.sampled_from(["M1", "M7", None]),
        "proposed": st.none() | units,
        "planned": units,
        "made": units,
        "scrapped": st.none() | units,
        "down_hours": st.none() | st.floats(0, 30),
        "finished": st.none() | st.dates(date(2023, 12, 1), date(2024, 2, 20)),
    }
)


@given(lots=st.lists(lots, max_size=8), seed=st.integers(0, 99), backorder=st.lists(st.booleans(), min_size=2, max_size=2))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_chain_adds_up_whatever_the_floor_recorded(problem, terms, machines, lots, seed, backorder):
    """Causes come in their order, none changes nothing, lateness loses no unit, and what is settled is finite."""
    rng = np.random.default_rng(seed)
    resources = machines([[0.5, 0.0]], 20.0, overtime=5.0, overtime_cost=2.0, weeks=3)
    one = problem(np.zeros((1, 2, 3)), terms(2, shelf=[1, 9], backorder=backorder), resources)
    supply, asked = rng.uniform(0, 30, (2, 3)), rng.poisson(15, (2, 3)).astype(float)
    chain = carry_out(one, supply, floor(*lots))
    places = [CAUSES.index(carried.cause) for carried in chain[1:]]
    assert places == sorted(set(places))
    by_cause = {carried.cause: (before, carried) for before, carried in pairwise(chain)}
    if "late" in by_cause:
        before, late = by_cause["late"]
        assert late.made.sum(axis=1) == pytest.approx(before.made.sum(axis=1))
        assert late.good == pytest.approx(before.good)
    outcomes = [settle_carried(one, carried, asked) for carried in chain]
    plain = settle(supply, asked, one.terms, charges=one.resources.overtime_money(supply))
    assert outcomes[0].profit == pytest.approx(plain.profit)
    steps = [before.profit - after.profit for before, after in pairwise(outcomes)]
    assert sum(steps, np.zeros((2, 3))) == pytest.approx(plain.profit - outcomes[-1].profit, abs=1e-6)
    assert all(np.isfinite(outcome.profit).all() for outcome in outcomes)
    for carried, outcome in zip(chain, outcomes, strict=True):
        assert (outcome.sold + outcome.expired).sum(axis=1) == pytest.approx(carried.made.sum(axis=1), abs=1e-6)
