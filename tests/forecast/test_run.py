"""The stage, run as the loop runs it."""

from importlib import import_module
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from lotwise import config
from lotwise import tables as contracts
from lotwise.engine.local import LocalEngine
from lotwise.errors import ContractError, SettingsError
from lotwise.forecast import run
from lotwise.stage import Inputs
from lotwise.stages import stage_named


@pytest.fixture
def inputs_of():
    """A function that makes a stage's inputs from tables."""
    engines = []

    def build(tables, said=None, **sections):
        engines.append(LocalEngine(workers=1))
        settings = config.build(
            {"forecast": {"method": "poisson", "rounds": 5, "scenarios": 5, "cutoffs": 1, "workers": 1}} | sections
        )
        return Inputs(
            settings=settings,
            engine=engines[-1],
            folder=Path(),
            load=tables.__getitem__,
            present=frozenset(tables),
            progress=lambda message, _: said.append(message) if said is not None else None,
        )

    yield build
    for engine in engines:
        engine.close()


def orders_of(lines):
    """Return order lines that keep their contract."""
    columns = {"order": [str(n) for n in range(lines.num_rows)], "line": [1] * lines.num_rows}
    columns |= {name: lines[name] for name in lines.column_names} | {"location": ["all"] * lines.num_rows}
    return contracts.contract("orders").check(pa.table(columns))


def test_the_stage_gives_its_tables(inputs_of, promoted_shop):
    """With no source declared, one is made for each table that exists."""
    tables = {name: contracts.contract(name).check(promoted_shop[name]) for name in ("demand", "promotions")}
    found = run(inputs_of(tables | {"orders": orders_of(promoted_shop["orders"])}))
    assert set(found) == set(stage_named("forecast").gives)
    states = set(found["forecast"]["information"].to_pylist())
    assert {"upto-history", "upto-promotions", "now-customers", "perfect"} <= states
    now = found["scores"].filter(pc.equal(found["scores"]["information"], "now"))
    assert set(now["sources"].to_pylist()) == {"history + promotions + prices + customers"}


def test_products_are_chosen_by_what_was_known_at_the_first_cutoff(inputs_of, demand_table):
    """A product that only sold well after the first cutoff is not chosen before one that sold before it."""
    units = np.ones((4, 30))
    units[2, :20] = 5
    units[3, 26:] = 1000
    found = run(
        inputs_of({"demand": demand_table(units)}, forecast={"method": "poisson", "products": 1, "cutoffs": 1, "rounds": 5})
    )
    assert set(found["forecast"]["product"].to_pylist()) == {"p002"}


def test_all_products_are_taken_when_asked_for(inputs_of, demand_table):
    """Products = 0 forecasts everything, products that are new included."""
    table = demand_table(np.ones((4, 30)), first=[0, 0, 0, 28])
    found = run(inputs_of({"demand": table}, forecast={"method": "poisson", "products": 0, "cutoffs": 1, "rounds": 5}))
    assert len(set(found["forecast"]["product"].to_pylist())) == 4


def test_a_huge_catalog_is_cut_to_what_fits(inputs_of, demand_table, monkeypatch):
    """More product-weeks than fit are cut to the best sellers, and the user is told."""
    monkeypatch.setattr(import_module("lotwise.forecast.run"), "MOST_CELLS", 65)
    said = []
    table = demand_table(np.arange(1, 6)[:, None] * np.ones(30))
    found = run(inputs_of({"demand": table}, said, forecast={"method": "poisson", "products": 0, "cutoffs": 1, "rounds": 5}))
    assert set(found["forecast"]["product"].to_pylist()) == {"p003", "p004"}
    assert any("2 best sellers of 5" in message for message in said)


def test_a_hundred_thousand_products_are_narrowed_before_they_are_spread(inputs_of):
    """Only the chosen products of a large catalog become arrays."""
    count, weeks = 100_000, 3
    week = pa.array(np.tile(np.arange("2024-01-01", "2024-01-22", 7, dtype="datetime64[D]"), count), pa.date32())
    ones = np.ones(count * weeks)
    columns = {
        "product": pc.cast(pa.array(np.repeat(np.arange(count), weeks)), pa.string()),
        "region": pa.repeat(pa.scalar("all"), count * weeks),
        "week": week,
        **dict.fromkeys(("units", "revenue", "unit_price"), ones),
        "discount": pa.nulls(count * weeks, pa.float64()),
        **dict.fromkeys(("orders", "customers"), ones.astype(int)),
        "censored": ones < 0,
    }
    table = contracts.contract("demand").check(pa.table(columns))
    found = run(inputs_of({"demand": table}, forecast={"method": "poisson", "products": 7}))
    assert found["forecast"].num_rows == 7 * 4 * 2  # none and now, four weeks


def test_an_empty_demand_table_is_refused(inputs_of):
    """Zero products left is told with the next step."""
    with pytest.raises(ContractError, match="no row to forecast from"):
        run(inputs_of({"demand": contracts.contract("demand").empty()}))


def test_a_misspelt_source_is_refused_before_any_work(inputs_of, demand_table):
    """The message names the closest table."""
    source = [{"name": "promo", "tables": ["promotion"]}]
    with pytest.raises(SettingsError, match="did you mean 'promotions'"):
        run(inputs_of({"demand": demand_table(np.ones((1, 9)))}, source=source))
