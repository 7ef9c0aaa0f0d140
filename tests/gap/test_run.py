"""The stage, from tables to tables."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from lotwise import config
from lotwise.gap import run
from lotwise.stage import Inputs
from lotwise.stages import stage_named
from lotwise.tables import contract
from lotwise.tables.forecasted import FORECAST, QUANTILES, SCORES
from lotwise.tables.pooled import DEMAND, ECONOMICS

WEEKS = 8
PRODUCTS = ("p0", "p1")


def rows(table, listed):
    """Return a table that keeps its contract."""
    return table.check(pa.Table.from_pylist(listed, schema=table.schema))


@pytest.fixture
def tables(build, rng, build_tables):
    """Two products over eight settled weeks of two windows, and the current window's forecast."""
    profits = {
        state: rng.normal(50 - 5 * place, 1, size=(2, WEEKS)) for place, state in enumerate(("ideal", "perfect", "now", "none"))
    }
    cells = [(product, week) for product in PRODUCTS for week in range(WEEKS + 4)]
    forecast = [
        {
            "information": state,
            "cutoff": build.week(week - week % 4),
            "product": product,
            "region": "all",
            "week": build.week(week),
        }
        | {"horizon": week % 4 + 1, "mean": 9.0}
        | dict(zip(QUANTILES, np.linspace(low, 15, 23).tolist(), strict=True))
        for state, low in (("none", 1), ("now", 5))
        for product, week in cells
    ]
    counts = {"revenue": 0.0, "orders": 1, "customers": 1, "censored": False}
    demand = [
        {"product": product, "region": "all", "week": build.week(week), "units": float(week + 6), **counts}
        for product, week in cells
        if week < WEEKS
    ]
    bases = {"price_basis": "observed", "cost_basis": "assumed", "salvage_basis": "given"}
    money = {"unit_price": 4.0, "unit_cost": 3.0, "salvage": 1.0, "holding_cost": 0.03}
    economics = [{"product": product, "category": "bread", **money, **bases} for product in PRODUCTS]
    return {
        **build_tables(profits, 0.0),
        "money": build.money(profits, horizon=4),
        "forecast": rows(FORECAST, forecast),
        "demand": rows(DEMAND, demand),
        "economics": rows(ECONOMICS, economics),
    }


def given(tables, run_number=1, **sections):
    """Return what the stage gives, each table checked at the door."""
    settings = config.build(
        {"gap": {"resamples": 50}, "source": [{"name": "promotions", "tables": ["promotions"]}], **sections}
    )
    inputs = Inputs(settings, engine=None, folder=Path(), load=tables.__getitem__, present=frozenset(tables), run=run_number)
    return {name: contract(name).check(table) for name, table in run(inputs).items()}


def test_all_tables_keep_their_contracts(tables):
    """The stage gives what it declares; nothing was measured with another notice, and there was no run before."""
    found = given(tables)
    filled = {name for name, table in found.items() if table.num_rows}
    assert set(found) == set(stage_named("gap").gives)
    assert set(found) - filled == {"gap_notice", "gap_changes"}


def test_the_next_run_recalls_the_last(tables):
    """A second run with a dearer product says what changed since: the same cells, settled anew, to the cent."""
    first = given(tables)
    money = tables["money"]
    richer = money.set_column(money.schema.get_field_index("profit"), "profit", pc.multiply(money["profit"], 2.0))
    recalled = {name: first[name] for name in ("gap_cells", "gap_history")}
    second = given(tables | {"money": richer} | recalled, run_number=2)
    assert second["gap_history"]["run"].to_pylist() == [1] * first["gap"].num_rows + [2] * second["gap"].num_rows
    moved = {row["account"]: row["money"] for row in second["gap_changes"].to_pylist()}
    actual = [pc.sum(found["gap_cells"]["actual"]).as_py() for found in (first, second)]
    assert moved["actual"] == pytest.approx(actual[1] - actual[0], abs=1e-6)


def test_the_same_seed_gives_the_same_tables(tables):
    """Two runs are identical; another seed moves intervals and never money."""
    first, second, other = given(tables), given(tables), given(tables, project={"seed": 1})
    assert all(first[name].equals(second[name]) for name in first)
    assert first["gap"]["money"].equals(other["gap"]["money"])
    assert not first["gap"]["low"].equals(other["gap"]["low"])


def test_no_settled_window_is_a_ledger_without_money(tables):
    """With a history too short for a past plan every line says how many weeks are needed."""
    found = given(tables | {"money": contract("money").empty(), "demand": DEMAND.empty()})
    ledger = found["gap"]
    assert ledger["money"].null_count == ledger.num_rows
    assert set(ledger["verdict"].to_pylist()) == {"needs 4 more weeks", "needs an experiment"}
    assert "promotions" in ledger["line"].to_pylist()
    assert (found["gap_products"].num_rows, found["gap_sweep"].num_rows) == (0, 0)


def test_no_forecast_at_all_is_a_ledger_without_money(tables):
    """Where nothing could be forecast, not even the number of weeks is known."""
    found = given(tables | {"money": contract("money").empty(), "forecast": FORECAST.empty()})
    assert "needs more weeks of history" in found["gap"]["verdict"].to_pylist()


def test_assumptions_say_what_nobody_confirmed(tables):
    """A cost of 3 on a price of 4 is 75 % of it and assumed; the price is observed."""
    listed = {(row["subject"], row["item"]): row for row in given(tables)["assumptions"].to_pylist()}
    assert listed["cost", "bread (assumed)"]["value"] == "75.0% of the price, 2 products"
    assert listed["cost", "bread (assumed)"]["basis"] == "assumed"
    assert listed["price", "bread (observed)"]["value"] == "4.00 to 4.00 USD, 2 products"
    assert "no floor data" in listed["rule", "actual"]["value"]
    assert listed["settled", "weeks"]["value"] == "8 weeks, 2026-01-05 to 2026-02-23, planned at 2 cutoffs"


def test_sources_nobody_declared_are_lines_and_assumptions(tables):
    """With no [[source]] the lines are the sources forecast wrote into its scores, and the assumptions say whose they are."""
    score = dict.fromkeys(SCORES.names) | {"model": "pooled", "information": "now", "cutoff": "all", "cells": 9}
    scores = rows(SCORES, [score | {"sources": "history + customers"}])
    found = given(tables | {"scores": scores}, source=[])
    lines = {row["line"]: row for row in found["gap"].to_pylist() if row["account"] == "known"}
    assert list(lines) == ["history alone (base)", "customers", "all sources together"]
    assert "Includes method, no source, history, not measured alone." in lines["customers"]["note"]
    bases = {row["item"]: row["basis"] for row in found["assumptions"].to_pylist() if row["subject"] == "source"}
    assert bases == {"history": "assumed", "customers": "assumed"}


def test_scores_of_an_older_forecast_are_read(tables):
    """Scores without the names of sources leave the declared ones."""
    older = {"scores": SCORES.empty().drop_columns(["sources"])}
    assert given(tables | older)["gap"].equals(given(tables)["gap"])


def test_today_is_given_or_observed(tables):
    """A day in the settings counts as given; without one it follows from the orders."""
    observed, said = (
        {row["subject"]: row for row in given(tables, **sections)["assumptions"].to_pylist()}["today"]
        for sections in ({}, {"project": {"today": "2026-03-02"}})
    )
    assert (observed["basis"], said["basis"], said["value"]) == ("observed", "given", "2026-03-02")
