"""Tests of the commands about promises, as a user types them."""

from __future__ import annotations

import json

import pytest

import lotwise
from tests.whole.conftest import a_shop, command, run_shop

__all__ = ["a_shop", "command", "run_shop"]


def test_a_promise_is_one_short_screen(a_shop, command):
    """The day, the money and what binds, in a few lines."""
    status, shown, _ = command("promise", "bread", 3, "--project", a_shop)
    assert status == 0
    assert shown.startswith("3 bread: by 2024-08-02.\nCost ")
    assert "What binds: " in shown
    assert len(shown.splitlines()) <= 6


def test_a_promise_for_machines_is_json(a_shop, command):
    """The same as one object, with what the linear program says beside it."""
    status, shown, _ = command("promise", "tea", 2, "--project", a_shop, "--json", "--exact")
    row = json.loads(shown)
    assert (status, row["product"], row["units"], row["day"]) == (0, "tea", 2.0, "2024-08-02")
    assert row["margin"] == pytest.approx(row["revenue"] - row["cost"])
    assert row["earliest_week"] == "2024-07-29"


def test_a_promise_is_held_confirmed_and_planned(a_shop, command):
    """Held, listed, confirmed with the order it became, published for the next plan, which then is stale; let go again."""
    assert command("promise", "cake", 2, "--reserve", "--hours", 5, "--project", a_shop)[0] == 0
    assert "held" in command("reservations", "--project", a_shop)[1]
    assert command("reservations", "--confirm", 1, "--order", "N7", "--project", a_shop)[1].startswith(
        "Reservation 1 is confirmed as order N7"
    )
    here = lotwise.open_project(a_shop)
    (row,) = here.table("reservations").to_pylist()
    assert (row["status"], row["order"], row["units"]) == ("confirmed", "N7", 2.0)
    assert "plan" in here.stale()
    here.run(only="plan")
    assert command("reservations", "--release", 1, "--project", a_shop)[0] == 0
    assert "Nothing is reserved" in command("reservations", "--project", a_shop)[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("promise", "braed"), "did you mean 'bread'"),
        (("promise", "bread", "0"), "expected more than 0"),
        (("promise", "bread", "--option", "red"), "expected a name and a value"),
        (("promise", "bread", "--by", "soon"), "expected a day"),
        (("promise", "bread", "100000", "--reserve"), "has no week to reserve"),
        (("reservations", "--confirm", "1", "--release", "2"), "give one of them"),
        (("reservations", "--order", "N1"), "give --confirm NUMBER"),
        (("reservations", "--release", "5"), "nothing has been reserved yet"),
    ],
)
def test_mistakes_are_one_message(a_shop, command, arguments, said):
    """What cannot be asked for ends with status 2 and the next step."""
    status, _, errors = command(*arguments, "--project", a_shop)
    assert status == 2
    assert said in errors


def test_without_a_plan_it_says_what_to_run(command, tmp_path):
    """A project that has not been run has nothing to promise from."""
    (tmp_path / "lotwise.toml").write_text('[project]\nname = "empty"\n', encoding="utf-8")
    status, _, errors = command("promise", "bread", "--project", tmp_path)
    assert (status, "lotwise run" in errors) == (2, True)


def test_beyond_the_weeks_it_says_so(a_shop, command):
    """More than the weeks can make is no promise; what comes after is called an estimate."""
    _, shown, _ = command("promise", "bread", 5000, "--project", a_shop)
    assert "not within the" in shown
    assert "as an estimate and no promise" in shown
