"""Tests of the commands about the plan, as a user types them."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pyarrow as pa
import pytest

import lotwise
from lotwise import console
from lotwise.tables import contract, planned
from tests.whole.conftest import a_shop, command, run_shop

__all__ = ["a_shop", "command", "run_shop"]

FIRST, SECOND = date(2024, 7, 29), date(2024, 8, 5)
PLAN = {"information": "now", "limits": "real", "cutoff": FIRST}
CAKE = {"product": "cake", "week": FIRST, "units": 8.0, "demand": 7.0, "sold": 6.0, "lost": 1.0, "left": 2.0, "profit": 26.0}
SOLVE = {"status": "bounded", "objective": 25.0, "bound": 26.0, "products": 1, "rows": 1, "columns": 1}
BUY = {"material": "flour", "supplier": "mill", "site": "all", "week": FIRST, "arrives": SECOND, "units": 30.5, "cost": 61.0}
SCENARIO = '[scenario]\nname = "more cake"\n[[demand]]\nproduct = "cake"\ntimes = 1.2\n'


def rows(table, *given):
    """Return rows as a table of its contract."""
    return pa.Table.from_pylist(list(given), schema=table.schema)


@pytest.fixture
def tables():
    """Return a plan with every table a network plan has: one late order, one lot, two purchases, one machine over its hours."""
    late = {
        "order": "7", "line": 1, "product": "cake", "units": 3.0, "due": FIRST, "late_weeks": 1, "late_units": 3.0,
        "money": 30.0, "reason": "oven",
    }  # fmt: skip
    raised = {
        "rank": 1, "kind": "late", "subject": "7/1", "week": FIRST, "money": 30.0, "reason": "oven is full.", "chain": "",
        "remedy": "One hour more costs 3.",
    }  # fmt: skip
    lot = {
        "lot": "L1", "item": "cake", "site": "all", "route": "oven", "week": FIRST, "ready": FIRST, "started": 8.0,
        "units": 8.0, "family": "", "status": "proposed", "previous": 0.0,
    }  # fmt: skip
    load = {
        "machine": "oven", "week": FIRST, "hours": 6.0, "shifts": 0.0, "run": 7.0, "setup": 0.5, "overtime": 1.5,
        "most_overtime": 2.0,
    }  # fmt: skip
    return {
        "plans": rows(contract("plans"), {**PLAN, **CAKE}),
        "solves": rows(contract("solves"), {**PLAN, **SOLVE}),
        "deliveries": rows(planned.DELIVERIES, late, {**late, "line": 2, "late_weeks": 0, "money": 0.0, "late_units": 0.0}),
        "exceptions": rows(planned.EXCEPTIONS, raised),
        "lots": rows(planned.LOTS, lot, {**lot, "lot": "L2", "week": SECOND, "ready": SECOND}),
        "purchases": rows(planned.PURCHASES, BUY, {**BUY, "week": SECOND, "supplier": "other", "cost": 100.0}),
        "products": rows(contract("products"), {"product": "cake", "name": "Apple cake", "category": "sweet"}),
        "materials": rows(contract("materials"), {"material": "flour", "name": "Wheat flour", "unit": "kg", "unit_cost": 2.0}),
        "loads": rows(planned.LOADS, load),
    }


def shown(function, *arguments, **named):
    """Return what a function of the console writes."""
    stream = io.StringIO()
    function(*arguments, **named, currency="EUR", stream=stream)
    return stream.getvalue()


def test_the_summary_says_what_the_plan_earns_and_what_to_look_at(tables):
    """Profit, bound and gap, late orders, exceptions with their remedy, lots and purchases of the first week, full machines."""
    out = shown(console.plan_summary, tables)
    # (26 - 25) / 26 = 3.85 %
    assert "Expected profit 25.00 EUR" in out
    assert "No plan can earn more than 26.00: at most 3.85% is missed." in out
    assert "1 of 2 lines of firm orders are late: 30.00 EUR at risk" in out
    assert "oven is full. One hour more costs 3." in out
    assert "L1" in out
    assert "L2" not in out
    assert "Apple cake" in out
    assert "Wheat flour" in out
    assert "125%" in out  # 7.5 of 6 hours
    assert len(out.splitlines()) < 50


def test_an_infeasible_plan_says_what_conflicts(tables):
    """The rows that cannot hold together stand first."""
    conflict = {"row": "order 7 due 2024-07-29", "reason": "3 cakes are promised and none can be made"}
    solve = {**PLAN, **SOLVE, "status": "infeasible"}
    said = {**tables, "solves": rows(contract("solves"), solve), "conflicts": rows(contract("conflicts"), conflict)}
    out = shown(console.plan_summary, said)
    assert "Not everything promised can be kept." in out
    assert "- order 7 due 2024-07-29: 3 cakes are promised" in out


def test_purchases_are_listed_and_added_up(tables):
    """One order a line with its unit; sums by supplier, the most money first."""
    out = shown(console.purchases, tables["purchases"], tables["materials"], by=None, rows=1)
    assert "Wheat flour" in out
    assert "30.5" in out
    assert "1 of 2; more with --rows" in out
    by = shown(console.purchases, tables["purchases"], None, by="supplier", rows=9)
    assert by.index("other") < by.index("mill")
    assert "All 2 orders: 161.00 EUR" in by


def test_prices_that_are_0_are_left_out():
    """Prices stand by kind, the highest first, with the amounts they hold between."""
    price = {
        "information": "now", "cutoff": FIRST, "resource": "oven", "week": FIRST, "kind": "machine", "used": 6.0,
        "capacity": 6.0, "overtime": 0.0, "price": 2.0, "unit": "hours", "less": 1.5, "more": 2.5,
    }  # fmt: skip
    flour = {**price, "resource": "flour", "kind": "material", "price": 9.0, "unit": "kg", "capacity": None, "used": 3.0}
    table = rows(contract("prices"), flour, price, {**price, "week": SECOND, "price": 0.0}, {**price, "information": "none"})
    out = shown(console.prices, table, rows=9)
    assert out.index("oven") < out.index("flour")
    assert "1 of 3 prices are 0" in out
    assert "4.5   8.5" in out  # 6 - 1.5 and 6 + 2.5
    assert str(SECOND) not in out


def test_plan_runs_the_stage_and_shows_it(a_shop, command):
    """The stage runs whether stale or not, and one screen follows; for machines there are only its events."""
    status, out, errors = command("plan", "--project", a_shop)
    assert (status, "plan:" in errors) == (0, True)
    assert "Expected profit" in out
    assert "Fullest machines" in out
    _, out, _ = command("plan", "--json", "--project", a_shop)
    assert {json.loads(line)["stage"] for line in out.splitlines()} == {"plan"}


def test_what_if_and_compare_show_the_differences(a_shop, command, tmp_path):
    """A scenario beside the unchanged plan; the same again from what was planned; every row for machines."""
    file = tmp_path / "what.toml"
    file.write_text(SCENARIO, encoding="utf-8")
    before = lotwise.open_project(a_shop).store.manifest()
    status, out, _ = command("plan", "--what-if", file, "--project", a_shop)
    assert status == 0
    assert all(
        word in out for word in ("base", "more cake", "expected profit", "Products that change most", "- Changed demand")
    )
    assert lotwise.open_project(a_shop).store.manifest() == before
    _, again, _ = command("plan", "--compare", "base", "more cake", "--project", a_shop)
    profit = next(line.split()[3:] for line in out.splitlines() if "expected profit" in line)
    assert next(line.split()[3:] for line in again.splitlines() if "expected profit" in line) == profit
    _, lines, _ = command("plan", "--compare", "base", "more cake", "--json", "--project", a_shop)
    assert {json.loads(line)["part"] for line in lines.splitlines()} >= {"figures", "products", "lots"}


def test_a_scenario_that_does_not_fit_is_status_2(a_shop, command, tmp_path):
    """The message lists what does not fit; both options together are refused."""
    file = tmp_path / "what.toml"
    file.write_text(SCENARIO.replace('"cake"', '"cacke"'), encoding="utf-8")
    status, _, errors = command("plan", "--what-if", file, "--project", a_shop)
    assert (status, "did you mean 'cake'?" in errors) == (2, True)
    status, _, errors = command("plan", "--what-if", file, "--compare", "a", "b", "--project", a_shop)
    assert (status, "give one of them" in errors) == (2, True)


@pytest.fixture
def with_purchases(a_shop):
    """Return the shop with one purchase published, as if flour were bought."""
    store = lotwise.open_project(a_shop).store
    with store.lock():
        entry = store.write("purchases", rows(planned.PURCHASES, BUY), stage="plan")
        manifest = store.manifest()
        store.adopt({**manifest.tables, "purchases": entry}, manifest.stages, other=store)
    return a_shop


def test_orders_are_exported(with_purchases, command, tmp_path):
    """By the one command or the other, under documented columns; an unknown ending is status 2."""
    files = tmp_path / "a.csv", tmp_path / "b.csv"
    command("purchases", "--export", files[0], "--project", with_purchases)
    status, out, _ = command("export", "purchase-orders", files[1], "--project", with_purchases)
    assert (status, "Wrote 1 rows" in out) == (0, True)
    assert files[0].read_bytes() == files[1].read_bytes()
    with files[0].open(encoding="utf-8", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["material"], row["order_week"], float(row["quantity"])) == ("flour", "2024-07-29", 30.5)
    status, _, errors = command("export", "purchase-orders", tmp_path / "x.txt", "--project", with_purchases)
    assert (status, ".csv, .xlsx, .json" in errors) == (2, True)


def test_purchases_and_prices_are_shown(with_purchases, command):
    """What to buy stands with its money; of prices those that are not 0."""
    _, out, _ = command("purchases", "--project", with_purchases)
    assert "61.00" in out
    _, out, _ = command("purchases", "--by", "material", "--project", with_purchases)
    assert "All 1 orders: 61.00 EUR" in out
    status, out, _ = command("show", "prices", "--project", with_purchases)
    assert (status, "prices are 0" in out) == (0, True)


def test_why_answers_for_products_and_what_the_plan_names(a_shop, command):
    """A product's forecast is explained and then its plan; what nobody knows is status 2."""
    status, out, _ = command("why", "cake", "--project", a_shop)
    assert (status, "expected" in out) == (0, True)
    status, _, errors = command("why", "cacke", "--project", a_shop)
    assert (status, "did you mean 'cake'?" in errors) == (2, True)
