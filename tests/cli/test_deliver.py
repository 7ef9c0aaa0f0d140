"""Tests of ``lotwise deliver``, as a user types it."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta

import pytest

import lotwise
from lotwise import console
from lotwise.stages import stage_named
from tests.deliver.test_ready import line, rows, sale
from tests.deliver.test_run import MONDAY, PLACES, VAN
from tests.whole.conftest import command

__all__ = ["command"]

TOML = '[project]\ntoday = 2026-11-02\ncurrency = "EUR"\n[deliver]\nplane = true\niterations = 50\ndays = 2\n'


@pytest.fixture
def folder(tmp_path):
    """Return a project whose plan has three orders of two units in stock, and a van of four."""
    (tmp_path / "lotwise.toml").write_text(TOML, encoding="utf-8")
    peg = {"item": "coat", "site": "all", "week": MONDAY, "units": 2.0}
    tables = {
        "places": rows("places", *PLACES),
        "vehicles": rows("vehicles", VAN),
        "deliveries": rows("deliveries", *map(line, "123")),
        "orders": rows("orders", sale("1"), sale("2", due=MONDAY - timedelta(days=1)), sale("3")),
        "pegging": rows("pegging", *({"demand": f"order {number}/1", "supply": "stock coat", **peg} for number in "123")),
    }
    store = lotwise.open_project(tmp_path).store
    giver = {"deliveries": "plan", "pegging": "plan"}
    with store.lock():
        store.publish(
            {name: store.write(name, table, stage=giver.get(name, "pool")) for name, table in tables.items()}, fingerprints={}
        )
    return tmp_path


def test_deliver_shows_tours_on_one_screen(folder, command):
    """Sums, a row a tour, what is late, and what is stale."""
    pytest.importorskip("pyvrp")
    status, out, errors = command("deliver", "--project", folder)
    assert (status, "deliver:" in errors) == (0, True)
    assert "2 tours bring 3 orders of 6 units over 40.0 kilometers" in out
    assert "EUR" in out
    assert "1 of 3 come after the day they are due, 2 the latest: 1 days." in out
    assert len(out.splitlines()) < 40


def test_deliver_shows_the_stops_of_one_day(folder, command):
    """One day's tours with their stops; a day without tours names those that have some."""
    pytest.importorskip("pyvrp")
    _, out, _ = command("deliver", "--day", "2026-11-03", "--project", folder)
    assert "1 tour brings 1 orders" in out
    assert out.count("works") == 2
    _, out, _ = command("deliver", "--day", "2026-12-24", "--project", folder)
    assert "There are no tours on 2026-12-24. There are some on 2026-11-02, 2026-11-03." in out
    status, _, errors = command("deliver", "--day", "tomorrow", "--project", folder)
    assert (status, "expected a day such as 2026-11-03" in errors) == (2, True)


def test_tours_leave_as_files(folder, command, tmp_path):
    """CSV and JSON hold every stop, in order."""
    pytest.importorskip("pyvrp")
    for ending in ("csv", "json"):
        status, out, _ = command("deliver", "--export", tmp_path / f"tours.{ending}", "--project", folder)
        assert (status, "Wrote 6 rows" in out) == (0, True)
    stops = list(csv.DictReader(io.StringIO((tmp_path / "tours.csv").read_text(encoding="utf-8"))))
    assert [stop["place"] for stop in stops] == ["works", "N1", "works"] * 2
    assert len(json.loads((tmp_path / "tours.json").read_text(encoding="utf-8"))["rows"]) == 6


def test_deliver_says_what_is_missing(folder, command):
    """Without vehicles there are no tours, and the screen says which table is empty."""
    store = lotwise.open_project(folder).store
    with store.lock():
        store.publish({"vehicles": store.write("vehicles", rows("vehicles"), stage="pool")}, fingerprints={})
    status, out, _ = command("deliver", "--project", folder)
    assert (status, "nothing in vehicles" in out) == (0, True)


def test_deliver_tells_machines(folder, command):
    """With ``--json`` there are only the stage's events."""
    pytest.importorskip("pyvrp")
    _, out, _ = command("deliver", "--json", "--project", folder)
    assert {json.loads(event)["stage"] for event in out.splitlines()} == {stage_named("deliver").name}


def test_what_stays_behind_is_listed_by_reason():
    """Orders on no tour stand with their reason, without tours too."""
    left = {"order": "7", "place": "N1", "units": 2.0, "ready": date(2026, 11, 2), "reason": "it is larger than every vehicle"}
    tables = {"tours": rows("tours"), "tour_costs": rows("tour_costs"), "undelivered": rows("undelivered", left)}
    stream = io.StringIO()
    console.tours(tables, stream=stream)
    told = " ".join(stream.getvalue().split())
    assert "There are no tours. No order is ready on these days; more of them: days in [deliver]." in told
    assert "1 orders are ready and on no tour" in stream.getvalue()
    assert "it is larger than every vehicle" in stream.getvalue()


def test_order_numbers_may_hold_blanks(folder, command):
    """What is late is found by the whole number of each order of a stop."""
    pytest.importorskip("pyvrp")
    store = lotwise.open_project(folder).store
    peg = {"item": "coat", "site": "all", "week": MONDAY, "units": 2.0, "supply": "stock coat"}
    late = sale("Demand 2", due=MONDAY - timedelta(days=1))
    pool = {"orders": rows("orders", sale("Demand 1"), late, sale("Demand 3"))}
    plan = {
        "deliveries": rows("deliveries", *(line(f"Demand {number}") for number in "123")),
        "pegging": rows("pegging", *({"demand": f"order Demand {number}/1", **peg} for number in "123")),
    }
    with store.lock():
        for stage, tables in (("pool", pool), ("plan", plan)):
            store.publish({name: store.write(name, table, stage=stage) for name, table in tables.items()}, fingerprints={})
    _, out, _ = command("deliver", "--project", folder)
    assert "1 of 3 come after the day they are due, Demand 2 the latest: 1 days." in out
