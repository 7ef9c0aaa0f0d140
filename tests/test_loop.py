"""Tests of the loop on three small stages: order, staleness, doors, and what a failure leaves."""

from __future__ import annotations

import pyarrow as pa
import pytest

from lotwise import config, loop
from lotwise.engine.store import Store
from lotwise.errors import ContractError, LotwiseError, MissingTableError
from lotwise.stage import Inputs, Stage
from lotwise.stages import STAGES, in_order, stage_named
from lotwise.tables import PASSING, TABLES, Column, Table

SEED = Table("seed", "a number", ("n",), (Column("n", pa.int64(), "a number"),))
TWICE = Table("twice", "a number doubled", ("n",), (Column("n", pa.int64(), "a number"),))
TOTAL = Table("total", "their sum", ("n",), (Column("n", pa.int64(), "a number"),))
PASSED = Table("raw.passed", "a number in passing", (), (Column("n", pa.int64(), "a number"),))
calls: list[str] = []


def give_seed(inputs: Inputs):
    """Return one number and pass another on."""
    calls.append("one")
    passed = inputs.engine.from_arrow(pa.table({"n": [3]}))
    return {"seed": pa.table({"n": [inputs.settings.forecast.horizon]}), "raw.passed": passed}


def give_twice(inputs: Inputs):
    """Return the number doubled, plus the one in passing."""
    calls.append("two")
    if inputs.settings.pool.outlier > 100:
        return {"twice": pa.table({"m": [1]})}
    passed = inputs.table("raw.passed")["n"][0].as_py()
    return {"twice": pa.table({"n": [2 * inputs.table("seed")["n"][0].as_py() + passed]})}


def give_total(inputs: Inputs):
    """Return the sum of both numbers."""
    calls.append("three")
    return {"total": pa.table({"n": [inputs.table("seed")["n"][0].as_py() + inputs.table("twice")["n"][0].as_py()]})}


ONE = Stage("one", "one", (), ("seed",), f"{__name__}:give_seed", passes=("raw.passed",), reads=("forecast", "collect"))
TWO = Stage("two", "two", ("seed", "raw.passed"), ("twice",), f"{__name__}:give_twice", reads=("pool",))
THREE = Stage("three", "three", ("seed", "twice"), ("total",), f"{__name__}:give_total", reads=())


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Return a function that runs the loop on the three stages with some settings."""
    for table in (SEED, TWICE, TOTAL):
        monkeypatch.setitem(TABLES, table.name, table)
    monkeypatch.setitem(PASSING, PASSED.name, PASSED)
    monkeypatch.setattr(loop, "in_order", lambda: in_order((THREE, TWO, ONE)))
    calls.clear()

    def run(**options):
        sections = options.pop("settings", {})
        settings = config.build(sections)
        calls.clear()
        loop.Loop(settings, tmp_path, Store(tmp_path)).run(**options)
        return list(calls)

    run.store = Store(tmp_path)
    return run


def test_stages_run_in_the_order_of_their_tables(run):
    """Whatever their order in the list, each runs after those it takes from."""
    assert run() == ["one", "two", "three"]
    assert run.store.read("total")["n"].to_pylist() == [4 + 2 * 4 + 3]  # seed 4, twice 11


def test_nothing_runs_twice_without_a_reason(run):
    """A second run with nothing changed runs no stage."""
    run()
    assert run() == []


def test_only_what_is_stale_runs(run):
    """A changed setting re-runs its stage, what it passes on, and what takes changed tables."""
    run()
    assert run(settings={"forecast": {"horizon": 5}}) == ["one", "two", "three"]
    assert run(settings={"forecast": {"horizon": 5}, "pool": {"outlier": 9.0}}) == ["one", "two"]


def test_one_stage_alone_makes_what_passes_again(run):
    """Running a stage alone runs the stage whose passing tables it takes, and no other."""
    run()
    assert run(only="two") == ["one", "two"]
    assert run(only="three") == ["three"]


def test_from_a_stage_runs_every_later_one(run):
    """Stages before it stay; it and those after it run, stale or not."""
    run()
    assert run(since="three") == ["three"]
    assert run(since="two") == ["one", "two", "three"]


def test_a_stage_without_its_tables_says_what_to_run(run):
    """Alone on an empty project a stage names the tables it misses."""
    with pytest.raises(MissingTableError, match="seed, twice"):
        run(only="three")


def test_a_breach_at_the_door_publishes_nothing(run):
    """A table that breaks its contract stops the run; what was published before stays."""
    run()
    with pytest.raises(ContractError, match=r"column 'n' .* is missing"):
        run(settings={"pool": {"outlier": 101.0}})
    assert run.store.read("twice")["n"].to_pylist() == [11]


def test_every_run_is_recorded(run):
    """Each stage that ran has a row with its seed, hashes, seconds, rows and peak memory."""
    run()
    run(only="three")
    rows = run.store.read("runs").to_pylist()
    assert [(row["run"], row["stage"]) for row in rows] == [(1, "one"), (1, "two"), (1, "three"), (2, "three")]
    assert all(row["peak_mb"] > 0 and row["seconds"] >= 0 and len(row["inputs"]) == 64 for row in rows)
    assert rows[3]["inputs"] == rows[2]["inputs"]


def test_the_real_stages_are_in_the_order_of_the_design():
    """The order that follows from takes and gives is the one the design draws."""
    assert [stage.name for stage in in_order()] == [stage.name for stage in STAGES]


def test_every_table_is_given_by_one_stage():
    """No table has two givers, and all have one but runs and what a command publishes: reservations."""
    given = [name for stage in STAGES for name in (*stage.gives, *stage.passes)]
    assert sorted(given) == sorted(name for name in (*TABLES, *PASSING) if name not in {"runs", "reservations"})


def test_an_unknown_stage_is_answered_by_the_closest():
    """Stage names come with did-you-mean."""
    with pytest.raises(LotwiseError, match="did you mean 'forecast'"):
        stage_named("forcast")


def test_randomness_depends_on_seed_and_purpose_only(engine, tmp_path):
    """The same purpose draws the same numbers, another purpose others."""
    inputs = Inputs(config.Settings(), engine, tmp_path)
    assert inputs.rng("a").random() == inputs.rng("a").random()
    assert inputs.rng("a").random() != inputs.rng("b").random()
