"""What less of one limit would bring, solved again."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lotwise.plan import make
from lotwise.plan.limit_values import alone, lifted, limit_rows
from lotwise.plan.problem import LotRules
from lotwise.plan.relax import best, ideal
from lotwise.tables.planned import LIMIT_VALUES

QUIET = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def oven(terms, machines, problem):
    """Return a bakery of one week: 10 loaves and 10 cakes are asked for, an oven of 12 hours and mixers of 40.

    A loaf earns 4 and takes an hour, a cake earns 9 and takes 2: 9 cakes at 4.5 an hour do not fit with loaves at 4.
    The ideal needs 30 hours and earns 40 + 90 = 130; 12 hours bake 6 cakes and earn 54.
    """
    resources = replace(machines([[1.0, 2.0], [1.0, 1.0]], [12.0, 40.0]), names=("oven", "mixer"))
    return problem(np.array([[[10.0], [10.0]]]), terms(2, price=[10, 15]), resources)


def test_an_oven_by_hand(oven):
    """The oven costs 76; an hour more earns 4.5, a second oven 12 hours x 4.5 less the half hour's ... = 52.

    24 hours bake 10 cakes in 20 hours and 4 loaves: 90 + 16 = 106 = 54 + 52.
    """
    (row,) = limit_rows(oven, make(oven))
    assert (row["limit"], row["kind"], row["unit"]) == ("oven", "machine", "hours")
    assert [row[name] for name in ("lost", "first_in", "last_in")] == pytest.approx([76, 76, 76])
    assert [row[name] for name in ("price", "one_more", "another")] == pytest.approx([4.5, 4.5, 52])


def test_a_group_of_three_gets_a_third_more(oven):
    """Another machine of a group of 3 adds a third of its hours: 4 hours bake 2 more cakes and earn 18."""
    three = replace(oven, resources=replace(oven.resources, count=np.array([3, 1])))
    (row,) = limit_rows(three, make(three))
    assert row["another"] == pytest.approx(18)


def test_another_machine_brings_its_overtime(oven):
    """A second oven brings 12 hours and 2 of overtime at 1: 28 hours, 4 of them overtime, earn 10 cakes, 8 loaves less 4."""
    resources = replace(oven.resources, overtime=np.array([2.0, 0.0]), overtime_cost=np.array([1.0, 0.0]))
    late = replace(oven, resources=resources)
    # One oven: 12 + 2 hours bake 7 cakes = 63 - 2 = 61. Two: 90 + 8 x 4 - 4 = 118.
    (row,) = limit_rows(late, make(late))
    assert row["another"] == pytest.approx(118 - 61)


def test_a_second_supplier_doubles_the_weekly_limit(oven):
    """A material's other supplier is like the first."""
    flour = replace(oven, resources=replace(oven.resources, kinds=("material", "machine")))
    (row,) = limit_rows(flour, make(flour))
    assert (row["kind"], row["another"]) == ("material", pytest.approx(52))


@QUIET
@given(seed=st.integers(0, 10_000), backorder=st.sampled_from([False, True, None]))
def test_figures_keep_their_order(random_problem, seed, backorder):
    """One more brings at most its price and no more than lifting; no limit alone costs more than all; shares add up."""
    known = random_problem(seed, scenarios=1, backorder=backorder)
    plan = make(known)
    loss = ideal(known) - plan.objective
    found = limit_rows(known, plan)
    assert sum(row["lost"] for row in found) == pytest.approx(loss, rel=1e-5, abs=1e-4)
    for row in found:
        assert 0 <= row["one_more"] <= row["price"] + 1e-6
        assert max(row["one_more"], row["another"]) <= row["first_in"] + 1e-6
        assert max(row["first_in"], row["last_in"]) <= loss + 1e-4


@QUIET
@given(seed=st.integers(0, 10_000))
def test_a_little_more_earns_its_price(random_problem, seed):
    """A thousandth of an hour more in each week earns a thousandth of the shadow prices, unless they change there."""
    known = random_problem(seed, scenarios=1, products=5, weeks=2)
    before = best(known)
    for number in range(3):
        steps = [np.where(np.arange(3)[:, None] == number, step, 0.0) for step in (1e-3, 2e-3)]
        one, two = (
            best(replace(known, resources=replace(known.resources, capacity=known.resources.capacity + step))) for step in steps
        )
        if two.value - one.value == pytest.approx(one.value - before.value, rel=1e-6, abs=1e-9):  # no bend up to there
            assert (one.value - before.value) / 1e-3 == pytest.approx(one.price[number].sum(), rel=1e-4, abs=1e-5)


def test_limits_that_share_no_product_stand_apart(terms, machines, problem):
    """Two machines with a product each: share, first in and last in are the same figure."""
    apart = problem(np.array([[[10.0], [8.0]]]), terms(2), machines(np.eye(2), [4.0, 5.0]))
    for row, lost in zip(limit_rows(apart, make(apart)), (24, 12), strict=True):  # 6 and 3 units that earn 4 each
        assert [row[name] for name in ("lost", "first_in", "last_in")] == pytest.approx([lost] * 3)


def test_lead_time_is_a_limit(oven):
    """With a week's lead nothing is ready in the only week: 54 of the 130 is lost to lead time, 76 to the oven."""
    late = replace(oven, lead=1)
    found = {row["limit"]: row for row in limit_rows(late, make(late))}
    assert {name: row["lost"] for name, row in found.items()} == pytest.approx({"lead time": 54, "oven": 76})
    assert found["lead time"]["last_in"] == pytest.approx(130)
    assert found["oven"]["first_in"] == 0


def test_lot_sizes_are_a_limit(oven):
    """Cakes in lots of 4: 12 hours bake 4 cakes and 4 loaves = 52, 2 less than 54."""
    lots = replace(oven, rules=LotRules(np.zeros(2), np.array([0.0, 4.0])))
    found = {row["limit"]: row for row in limit_rows(lots, make(lots))}
    assert {name: row["lost"] for name, row in found.items()} == pytest.approx({"lot sizes": 2, "oven": 76})
    assert found["lot sizes"]["last_in"] == pytest.approx(6)  # 12 cakes: 2 of them cost 6 each and bring 3 left over


@pytest.mark.parametrize("limit", ["oven", "lead time", "lot sizes"])
def test_a_limit_is_lifted_or_stands_alone(oven, limit):
    """Lifting takes one limit away and keeps the others; alone keeps it and takes the others away."""
    rules = LotRules(np.zeros(2), np.array([0.0, 4.0]))
    full = replace(oven, lead=1, rules=rules)

    def limits(problem):
        hours = dict(zip(problem.resources.names, problem.resources.capacity[:, 0], strict=True))
        return hours.get("oven", np.inf) < np.inf, problem.lead > 0, problem.rules is not None

    kept = tuple(name == limit for name in ("oven", "lead time", "lot sizes"))
    assert limits(alone(full, limit)) == kept
    assert limits(lifted(full, limit)) == tuple(not one for one in kept)


def test_no_limit_has_no_row(oven):
    """Without machines and materials, or with enough of them, there is nothing to tell."""
    ample = replace(oven, resources=replace(oven.resources, capacity=np.full((2, 1), 50.0)))
    for free in (oven.without_limits(), ample):
        assert limit_rows(free, make(free)) == []


def test_an_unknown_limit_is_refused(oven):
    """The message names what there is."""
    with pytest.raises(ValueError, match="'grill' limits nothing here, expected 'lead time', 'lot sizes' or one of 'oven'"):
        lifted(oven, "grill")


def test_rows_keep_the_contract(random_problem):
    """The rows are those of the table."""
    known = replace(random_problem(1, scenarios=1), lead=1)
    rows = limit_rows(known, make(known))
    assert LIMIT_VALUES.check(pa.Table.from_pylist(rows, schema=LIMIT_VALUES.schema)).num_rows == len(rows) > 1
