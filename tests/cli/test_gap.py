"""Tests of the commands about the ledger, as a user types them."""

from __future__ import annotations

import json

import pyarrow.compute as pc
import pytest

import lotwise
from lotwise.gap.trace import check
from tests.whole.conftest import a_shop, command, run_shop

__all__ = ["a_shop", "command", "run_shop"]


def test_the_ledger_is_shown_without_booking_it_again(a_shop, command):
    """What is fresh is only shown: every line and the money of each."""
    status, out, errors = command("gap", "--project", a_shop)
    rows = lotwise.open_project(a_shop).table("gap").to_pylist()
    assert (status, errors) == (0, "")
    assert all(row["line"] in out for row in rows)
    assert all(f"{row['money']:,.2f}" in out for row in rows if row["money"] is not None)


def test_the_ledger_is_booked_again_where_it_is_stale(a_shop, command):
    """After a setting of its own has changed the stage runs first, and what changed since is said."""
    file = a_shop / "lotwise.toml"
    file.write_text(file.read_text().replace("resamples = 100", "resamples = 120"), encoding="utf-8")
    _, _, errors = command("gap", "--project", a_shop)
    assert "gap:" in errors


def test_machines_read_json(a_shop, command):
    """One object a line, each a row of the table."""
    _, out, _ = command("gap", "--json", "--project", a_shop)
    lines = [json.loads(line) for line in out.splitlines()]
    assert [row["line"] for row in lines] == lotwise.open_project(a_shop).table("gap")["line"].to_pylist()


@pytest.mark.parametrize(("by", "first"), [("product", "bread"), ("week", "2024-"), ("region", "all")])
def test_the_accounts_are_drilled_into(a_shop, command, by, first):
    """By product, week or region, each with its five accounts, which add up to the ledger's."""
    _, out, _ = command("gap", "--by", by, "--project", a_shop)
    assert first in out
    cells = lotwise.open_project(a_shop).table("gap_cells")
    sums = cells.group_by(by).aggregate([("actual", "sum")])["actual_sum"].to_pylist()
    assert all(f"{money:,.2f}" in out for money in sums)


def test_an_unknown_drill_is_status_2(a_shop, command):
    """The message says by what the ledger is kept."""
    status, _, errors = command("gap", "--by", "weak", "--project", a_shop)
    assert (status, "did you mean 'week'?" in errors) == (2, True)


def test_one_product_has_its_ledger(a_shop, command):
    """Its accounts by week, and what it earned in every state of information."""
    _, out, _ = command("gap", "--product", "cake", "--project", a_shop)
    money = lotwise.open_project(a_shop).table("money")
    assert all(state in out for state in set(money["information"].to_pylist()))
    status, _, errors = command("gap", "--product", "cacke", "--project", a_shop)
    assert (status, "did you mean 'cake'?" in errors) == (2, True)


def test_every_line_can_be_traced(a_shop, command):
    """A line names the states it is the difference of, the run that made it and the files it was made from."""
    status, out, _ = command("gap", "--line", "method", "--project", a_shop)
    assert status == 0
    assert all(word in out for word in ("V(method) - V(", "run 1", "seed", "settings"))
    status, _, errors = command("gap", "--line", "metod, no source", "--project", a_shop)
    assert (status, "did you mean 'method, no source'?" in errors) == (2, True)


def test_the_ledger_is_added_up_again(a_shop, command):
    """Every line agrees with the table money; a ledger that was tampered with does not, and the status says so."""
    status, out, _ = command("gap", "--check", "--project", a_shop)
    assert (status, "agree." in out) == (0, True)
    project = lotwise.open_project(a_shop)
    gap = project.table("gap")
    wrong = gap.set_column(3, "money", pc.add(gap["money"], 1.0))
    assert not all(row["agrees"] for row in check(wrong, project.table("money")))


def test_trend_shows_every_run(a_shop, command):
    """The first run is alone; after a second one both stand there."""
    command("gap", "--again", "--project", a_shop)
    _, out, _ = command("gap", "--trend", "--project", a_shop)
    runs = lotwise.open_project(a_shop).table("gap_history")["run"].to_pylist()
    assert sorted(set(runs)) == [1, 2]
    assert "Nothing changed" in out


def test_sources_say_what_they_bring_and_what_to_do(a_shop, command):
    """Each source, the placebo, and how to be fair to all orders."""
    _, out, _ = command("sources", "--project", a_shop)
    rows = lotwise.open_project(a_shop).table("source_values").to_pylist()
    assert all(row["source"] in out for row in rows)
    assert "lotwise sources --shapley" in out


def test_shapley_values_are_measured_beside_the_project(a_shop, command):
    """They add up to what all sources bring, and what is published stays as it was."""
    before = lotwise.open_project(a_shop).store.manifest()
    status, _, _ = command("sources", "--shapley", "--project", a_shop)
    study = lotwise.Project(a_shop, lotwise.open_project(a_shop).settings, study="shapley")
    values, gap = study.table("source_values"), {row["line"]: row["money"] for row in study.table("gap").to_pylist()}
    brought = pc.sum(values["shapley"]).as_py()
    assert status == 0
    assert brought == pytest.approx(gap["all sources together"] - gap["method, no source"], abs=0.05)
    assert lotwise.open_project(a_shop).store.manifest() == before


def test_notice_is_measured_beside_the_project(a_shop, command):
    """Orders known earlier never earn less than demand known at once, and the curves are printed."""
    status, out, _ = command("gap", "--notice", "--project", a_shop)
    assert (status, "customers order so many weeks ahead" in out) == (0, True)
    assert "the plan is made so many weeks before" in out


def test_an_assumption_is_tried_at_several_values(a_shop, command):
    """The ledger stands under each value; where every cost is given, another assumed share changes nothing."""
    status, out, _ = command("gap", "--assume", "cost_share=0.6,0.8", "--project", a_shop)
    assert status == 0
    assert "cost_share = 0.6" in out
    ideal = lotwise.open_project(a_shop).table("gap")["money"][0].as_py()
    assert f"{ideal:,.0f}" in out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cost_share", "no assumption; expected KEY=LOW..HIGH"),
        ("cost_shar=0.6..0.8", "did you mean 'cost_share'?"),
        ("cost_share=a..b", "holds what is no number"),
        ("cost_share=0.5..1.7", "'economics.cost_share' = 1.1"),
    ],
)
def test_an_assumption_that_is_none_is_status_2(a_shop, command, text, said):
    """The message says what was found, what was expected and, where a name is close, which was meant."""
    status, _, errors = command("gap", "--assume", text, "--project", a_shop)
    assert (status, said in errors) == (2, True)
