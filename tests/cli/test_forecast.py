"""Tests of the commands about the forecast, as a user types them."""

from __future__ import annotations

import re

import pyarrow.compute as pc
import pytest

import lotwise
from tests.whole.conftest import a_shop, command, run_shop

__all__ = ["a_shop", "command", "run_shop"]


@pytest.fixture
def product(a_shop):
    """A product that is forecast."""
    return lotwise.open_project(a_shop).table("forecast")["product"][0].as_py()


def test_forecast_shows_total_and_best_sellers_without_running_again(a_shop, command):
    """What is fresh is only shown: the total's mean, each week, and the method in use."""
    status, out, errors = command("forecast", "--project", a_shop)
    totals = lotwise.open_project(a_shop).table("forecast_totals")
    now = totals.filter((pc.field("information") == "now") & (pc.field("level") == "total"))
    last = now.filter(pc.equal(now["cutoff"], pc.max(now["cutoff"])))
    assert (status, errors) == (0, "")
    assert all(f"{mean:,.0f} (" in out for mean in last["mean"].to_pylist())
    assert "method: " in out


def test_forecast_runs_what_is_stale(a_shop, command):
    """After a setting of its own has changed, the stage runs first."""
    file = a_shop / "lotwise.toml"
    file.write_text(file.read_text().replace("[forecast]", "[forecast]\nmethod = 'ses'"), encoding="utf-8")
    _, out, errors = command("forecast", "--project", a_shop)
    assert "forecast:" in errors
    assert "method: ses" in out


def test_one_product_is_shown_by_region_and_week(a_shop, product, command):
    """Expectation and both bands of each week."""
    _, out, _ = command("forecast", product, "--project", a_shop)
    assert product in out
    assert "nine times in ten" in out


def test_an_unknown_product_is_status_2(a_shop, command):
    """The message says what is forecast."""
    status, _, errors = command("forecast", "nothing of the kind", "--project", a_shop)
    assert (status, "products are, the best sellers" in errors) == (2, True)


def test_scores_show_every_method_and_state(a_shop, command):
    """Each row of the record over all cutoffs stands there; a cutoff that is none is named."""
    table = lotwise.open_project(a_shop).table("scores")
    _, out, _ = command("scores", "--project", a_shop)
    assert all(state in out for state in set(table["information"].to_pylist()))
    cutoff = next(one for one in table["cutoff"].to_pylist() if one != "all")
    assert command("scores", "--cutoff", cutoff, "--project", a_shop)[0] == 0
    status, _, errors = command("scores", "--cutoff", "2001-01-01", "--project", a_shop)
    assert (status, cutoff in errors) == (2, True)


def test_methods_say_why_some_were_not_tried(a_shop, command):
    """One is in use; those skipped say why."""
    _, out, _ = command("methods", "--project", a_shop)
    assert out.count("(in use)") == 1


def test_features_have_meanings(a_shop, command):
    """Every source and its features stand there with what they mean."""
    _, out, _ = command("features", "--project", a_shop)
    assert "meaning" in out
    assert set(lotwise.open_project(a_shop).table("features")["source"].to_pylist()) <= set(re.findall(r"[\w ]+", out)) | {
        word.strip() for line in out.splitlines() for word in line.split("  ")
    }


def test_why_adds_up_or_says_that_it_cannot(a_shop, product, command):
    """The units shown add up to what is expected, for the next week and for any day of a later one."""
    here = lotwise.open_project(a_shop)
    weeks = sorted(set(here.table("forecast")["week"].to_pylist()))
    for extra in ((), (str(weeks[-1]),)):
        status, out, _ = command("why", product, *extra, "--project", a_shop)
        assert (status, product in out) == (0, True)
        assert "expected" in out
    status, _, errors = command("why", product, "2001-01-01", "--project", a_shop)
    assert (status, str(weeks[-1]) in errors) == (2, True)
    assert command("why", product, "soon", "--project", a_shop)[0] == 2
