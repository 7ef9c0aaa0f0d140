"""Tests of promises from published tables: a bakery that is planned, reserved from, and planned again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from lotwise import InputError, MissingTableError
from lotwise.plan import run
from lotwise.plan.promises import promises
from lotwise.plan.promising import read
from lotwise.plan.promising.alternatives import alternatives
from lotwise.plan.promising.desk import Desk
from lotwise.plan.promising.program import EDGE, program
from lotwise.tables import contract
from tests.plan.test_run import CUTOFFS, bakery, inputs

NOW = datetime(2024, 1, 29, 9)  # noqa: DTZ001  the project's own time


@pytest.fixture(scope="module")
def planned():
    """Return the bakery's tables with those of its plan, and its settings."""
    given = bakery()
    asked = inputs(given)
    return given | run(asked), asked.settings


@pytest.fixture
def desk(planned, tmp_path):
    return Desk(*planned, tmp_path, now=NOW)


def test_the_book_starts_from_the_plan(planned):
    """What is planned and not ordered can be promised: of rusk the opening 6 and what is made, by each week."""
    facts = read(*planned)
    plans = [
        row for row in planned[0]["plans"].to_pylist()
        if (row["information"], row["limits"], row["product"], row["cutoff"]) == ("now", "real", "rusk", CUTOFFS[2])
    ]  # fmt: skip
    made = np.cumsum([row["units"] for row in sorted(plans, key=lambda row: row["week"])])
    assert facts.free[facts.items.index("rusk")] == pytest.approx(6 + made, abs=1e-4)
    assert facts.ways["bread"].steps == ((0, 1.0, 0.0, 0.0),)
    assert facts.opens == {"flour": 1}


def test_against_the_forecast_only_what_it_leaves(planned):
    """What the expected demand takes is not promised a second time, so no more is free than against orders."""
    every, left = (read(*planned, against=against).free for against in ("orders", "forecast"))
    assert (left <= every + 1e-9).all()
    assert left[:2].sum() < every[:2].sum()


def test_without_a_plan_or_after_it_the_next_step_is_named(planned):
    """Tables without a plan, and a day after the plan's last week, say what to do."""
    with pytest.raises(MissingTableError, match="lotwise run"):
        read(bakery(), planned[1])
    with pytest.raises(InputError, match=r"before 2024-03-01\. Plan the coming weeks"):
        read(*planned, today=date(2024, 3, 1))


def test_nothing_is_promised_for_weeks_gone_by(planned, tmp_path):
    """On a day of the second week the first is over."""
    desk = Desk(*planned, tmp_path, now=NOW + timedelta(days=8))
    assert desk.promise("bread", 1).week == date(2024, 2, 5)


def test_what_is_held_is_not_promised_again(desk, planned, tmp_path):
    """Held by one desk, taken from another's; let go after its hours, it is free again."""
    most = sum(desk.promise("bread", 1000).by_week[-1:])
    held = desk.hold("bread", np.floor(most))
    other = Desk(*planned, tmp_path, now=NOW + timedelta(hours=47))
    assert other.promise("bread", np.floor(most)).week is None
    assert Desk(*planned, tmp_path, now=NOW + timedelta(hours=49)).promise("bread", np.floor(most)).week == held.week


def test_reserved_units_are_firm_in_the_next_plan_and_counted_once(planned, desk):
    """Held and confirmed ones are firm for their week; let go ones are not, and one that is an order counts as the order."""
    first = desk.hold("rusk", 3)
    second = desk.hold("rusk", 2)
    now = NOW + timedelta(minutes=1)
    desk.ledger.confirm(second.number, now=now, order="o9")
    tables = dict(planned[0]) | {"reservations": desk.ledger.table(now)}
    weeks = (date(2024, 1, 29), date(2024, 2, 5))
    place = weeks.index(first.week)
    assert promises(tables, ("rusk",), weeks)[0, place] == 5
    order = {
        "order": "o9",
        "line": 1,
        "product": "rusk",
        "location": "all",
        "region": "all",
        "units": 2.0,
        "kind": "sale",
        "time": NOW,
    }
    names = contract("orders").schema
    tables["orders"] = pa.Table.from_pylist([order], schema=names)
    assert promises(tables, ("rusk",), weeks)[0, place] == 3
    desk.ledger.release(first.number, now=now)
    tables["reservations"] = desk.ledger.table(now)
    assert promises(tables, ("rusk",), weeks) is None


def test_the_next_plan_keeps_what_is_reserved(planned, desk):
    """Planned again with all bread of the first week reserved, no promise is missing, and a new desk still has it set aside."""
    units = np.floor(desk.promise("bread", 1000).by_week[0])
    desk.hold("bread", units)
    again = bakery() | {"reservations": desk.ledger.table(NOW)}
    found = again | run(inputs(again))
    assert found["conflicts"].num_rows == 0
    later = Desk(found, planned[1], desk.ledger.file.parent, now=NOW)
    later.promise("bread", 1)
    assert later.late == []
    assert later.book.promise("bread", units).week != date(2024, 1, 29)


def test_the_program_keeps_every_promise_and_knows_the_cost(planned, desk):
    """Promises of bread and rusk, reserved one after another, are never late in the program; its cost is that of the duals."""
    again = {name: table for name, table in bakery().items() if table.num_rows}
    asked = program(again, planned[1])
    firm = np.zeros(asked.problem.shape)
    for product, units in (("bread", 5), ("rusk", 4), ("bread", 9), ("rusk", 8)):
        promise = desk.promise(product, units)
        if promise.week is None:
            continue
        exact = asked.exact(product, units, desk.book.facts.weeks.index(promise.week), opened=desk.book.opened(promise))
        assert 0 <= exact.earliest <= desk.book.facts.weeks.index(promise.week)
        desk.hold(product, units)
        firm[asked.problem.products.index(product), desk.book.facts.weeks.index(promise.week)] += units
        assert (asked.late(firm) <= EDGE).all()
    assert firm.sum() > 0


def test_fewer_units_sooner_is_said(planned, tmp_path):
    """More than the first week has: some of it then, the rest when all of it is there."""
    desk = Desk(*planned, tmp_path, now=NOW)
    by_week = desk.promise("rusk", 1000).by_week
    promise = desk.promise("rusk", np.floor(by_week[1]))
    (other,) = alternatives(desk.book, promise)
    assert (other.kind, other.units, str(other.day)) == ("split", np.floor(by_week[0]), "2024-02-02")


def test_another_value_that_is_sooner_is_said():
    """Where pine is there and oak is not, pine is offered."""
    from lotwise.plan.promising import Book, Line, Way
    from tests.plan.promising.conftest import build_facts, with_free

    lines = (Line("leg", 1.0, "wood", "oak", 0.5), Line("beam", 1.0, "wood", "pine", 0.5))
    facts = build_facts(ways={"chair": Way(steps=((0, 1.0, 0.0, 0.0),), lines=lines)})
    book = Book(replace(with_free(facts, "leg", [0.0, 0.0, 9.0, 9.0]), options={}))
    (other,) = [one for one in alternatives(book, book.promise("chair", 5, options={"wood": "oak"})) if one.kind == "option"]
    assert (other.option, other.value, str(other.day)) == ("wood", "pine", "2024-01-05")
