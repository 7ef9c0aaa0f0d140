"""Unmade, by limit."""

import numpy as np
import pytest

from lotwise.gap import settle
from lotwise.gap.limits import unmade


@pytest.fixture
def bakery(build):
    """Two products, an oven and flour, one week: the oven lacks 5 hours at 12, flour 10 units at 2."""
    money = build.money({"ideal": [[200], [180]], "perfect": [[160], [120]], "now": [[150], [120]]})
    week = {"cutoff": build.week(0), "week": build.week(0)}
    tables = {
        "plans": build.plans([{"product": "p0", "units": 100.0, **week}, {"product": "p1", "units": 30.0, **week}]),
        "uses": build.uses(
            [
                {"product": "p0", "resource": "oven", "quantity": 0.1},
                {"product": "p1", "resource": "oven", "quantity": 0.5},
                {"product": "p0", "resource": "flour", "quantity": 1.0},
                {"product": "p1", "resource": "mixer", "quantity": 0.1},
            ]
        ),
        "prices": build.prices(
            [
                {"resource": "oven", "capacity": 20.0, "price": 12.0, **week},
                {"resource": "flour", "capacity": 90.0, "price": 2.0, **week},
                {"resource": "mixer", "capacity": 9.0, "price": 0.0, **week},
            ]
        ),
    }
    return settle(money), tables


def test_two_resources_by_hand(bakery):
    """The oven's 5 h x 12 = 60 and flour's 10 x 2 = 20 share the 100 that is lost as 75 and 25."""
    value, tables = bakery
    lines = unmade(value, **tables)
    assert [line.name for line in lines] == ["oven", "flour"]
    assert [line.cells.sum() for line in lines] == pytest.approx([75, 25])
    assert lines[0].cells[:, 0] == pytest.approx([30, 45])


def test_what_no_price_explains_is_not_attributed(bakery, build):
    """Without a shadow price there is one line that says so, with the whole loss."""
    value, tables = bakery
    (line,) = unmade(value, **tables | {"prices": build.prices([])})
    assert (line.name, line.cells.sum()) == ("not attributed", 100)


def test_no_loss_is_said(build):
    """If the plan without limits fits, one line says that nothing binds."""
    value = settle(build.money({"ideal": [[5]], "perfect": [[5]], "now": [[4]]}))
    (line,) = unmade(value, plans=build.plans([]), prices=build.prices([]), uses=build.uses([]))
    assert (line.name, line.cells.sum()) == ("no limit binds", 0)


def test_the_first_weeks_are_lost_to_lead_time(build):
    """With one week's lead, what a window's first week loses is lead time's; the rest is priced in the week before."""
    value = settle(build.money({"ideal": [[50, 40]], "perfect": [[0, 30]], "now": [[0, 20]]}, horizon=2))
    cutoff = {"cutoff": build.week(0)}
    lines = unmade(
        value,
        plans=build.plans([{"product": "p0", "week": build.week(week), "units": 10.0, **cutoff} for week in (0, 1)]),
        prices=build.prices([{"resource": "oven", "week": build.week(0), "capacity": 8.0, "price": 1.0, **cutoff}]),
        uses=build.uses([{"product": "p0", "resource": "oven", "quantity": 1.0}]),
        lead_weeks=1,
    )
    assert {line.name: line.cells.tolist() for line in lines} == {"oven": [[0, 10]], "lead time": [[50, 0]]}


def test_prices_of_other_cutoffs_say_nothing(bakery, build):
    """A price of a cutoff that was not settled, such as the current one, is passed over."""
    value, tables = bakery
    later = {"cutoff": build.week(9), "week": build.week(9)}
    prices = build.prices([{"resource": "oven", "capacity": 0.0, "price": 9.0, **later}])
    assert [line.name for line in unmade(value, **tables | {"prices": prices})] == ["not attributed"]


def test_lines_sum_to_the_loss_in_every_cell(bakery):
    """Nothing is lost in the split."""
    value, tables = bakery
    assert np.sum([line.cells for line in unmade(value, **tables)], axis=0) == pytest.approx(value.gain("ideal", "perfect"))


@pytest.fixture
def measured(bakery, build):
    """The bakery with the oven's share of the 100 known to be 60 and flour's 40; the mixer has a price and no share."""
    value, tables = bakery
    rows = [
        {"limit": "oven", "lost": 60.0, "first_in": 70.0, "last_in": 90.0, "price": 12.0, "one_more": 11.0, "another": 70.0},
        {"limit": "flour", "kind": "material", "unit": "kg", "lost": 40.0, "price": 2.0, "one_more": 2.0, "another": 30.0},
        {"limit": "mixer", "lost": 0.0, "price": 1.0, "one_more": 0.0, "another": 0.0},
    ]
    return value, tables | {"limit_values": build.limit_values([{"cutoff": build.week(0), **row} for row in rows])}


def test_known_shares_stand(measured):
    """Each limit has its share, on the products that use it: only bread uses flour, so its 40 are all of bread's loss."""
    value, tables = measured
    lines = {line.name: line.cells for line in unmade(value, **tables)}
    assert list(lines) == ["oven", "flour"]
    assert lines["oven"][:, 0] == pytest.approx([0, 60], abs=0.5)
    assert lines["flour"][:, 0] == pytest.approx([40, 0], abs=0.5)


def test_the_note_says_what_less_of_a_limit_would_bring(measured):
    """The figures of the table stand in the note, those that are absent do not."""
    oven, flour = unmade(measured[0], **measured[1])
    assert oven.note == (
        "Its share of perfect plan without limits less perfect plan within them, by Aumann-Shapley prices. "
        "One more in each week (hours): 12.00 by its shadow price, 11.00 when planned again. Another machine: 70.00. "
        "First in, this limit alone lifted: 70.00. Last in, this limit alone put on: 90.00."
    )
    assert "(kg): 2.00" in flour.note
    assert "Another supplier: 30.00." in flour.note
    assert "First in" not in flour.note


@pytest.mark.parametrize(("kind", "limit"), [("lead", "lead time"), ("lot", "lot sizes")])
def test_lead_time_and_lot_sizes_fall_on_all(bakery, build, kind, limit):
    """They are no resource, so every product bears them by its loss; their note has no price."""
    value, tables = bakery
    row = {"cutoff": build.week(0), "limit": limit, "kind": kind, "unit": None, "lost": 100.0, "first_in": 100.0}
    (line,) = unmade(value, **tables, limit_values=build.limit_values([row]))
    assert (line.name, line.cells[:, 0].tolist()) == (limit, pytest.approx([40, 60]))
    assert "One more" not in line.note


def test_windows_without_shares_are_split_by_prices(build):
    """A window the table does not know is split by shadow price x shortage, on the same line as the others."""
    value = settle(build.money({"ideal": [[50, 40]], "perfect": [[20, 30]], "now": [[0, 20]]}))
    weeks = [{"cutoff": build.week(week), "week": build.week(week)} for week in (0, 1)]
    tables = {
        "plans": build.plans([{"product": "p0", "units": 10.0, **weeks[1]}]),
        "prices": build.prices([{"resource": "oven", "capacity": 8.0, "price": 1.0, **weeks[1]}]),
        "uses": build.uses([{"product": "p0", "resource": "oven", "quantity": 1.0}]),
    }
    known = build.limit_values([{"cutoff": build.week(0), "limit": "oven", "lost": 30.0}])
    (line,) = unmade(value, **tables, limit_values=known)
    assert line.cells.tolist() == [[30, 10]]
    assert line.note.endswith("by shadow price x shortage.")


@pytest.mark.parametrize("seed", range(5))
def test_shares_and_cells_both_add_up(build, seed):
    """Every cell's lines are its loss, and every window's line its share, whatever uses what."""
    rng = np.random.default_rng(seed)
    ideal = rng.uniform(50, 90, (6, 8))
    perfect = ideal - rng.uniform(-1, 9, (6, 8))
    value = settle(build.money({"ideal": ideal, "perfect": perfect, "now": perfect}, horizon=4))
    parts = rng.dirichlet(np.ones(3), 2)
    loss = value.gain("ideal", "perfect")
    whole = np.array([loss[:, value.windows == window].sum() for window in (0, 1)])
    table = build.limit_values(
        [
            {"cutoff": build.week(4 * window), "limit": f"m{limit}", "lost": part * whole[window]}
            for (window, limit), part in np.ndenumerate(parts)
        ]
    )
    some = rng.random((6, 3)) < 0.6
    uses = build.uses(
        [{"product": f"p{p}", "resource": f"m{m}", "quantity": 1.0} for (p, m), used in np.ndenumerate(some) if used]
    )
    lines = unmade(value, plans=build.plans([]), prices=build.prices([]), uses=uses, limit_values=table)
    assert np.sum([line.cells for line in lines], axis=0) == pytest.approx(loss, abs=1e-9)
    for line in lines:
        sums = [line.cells[:, value.windows == window].sum() for window in (0, 1)]
        assert sums == pytest.approx(parts[:, int(line.name[1])] * whole)
