"""The smallest set of files that makes a plan: the example of docs/how-to/plan-from-files.md, guessed and planned."""

from __future__ import annotations

import contextlib
import io
import re
import runpy
import tomllib
from datetime import date
from pathlib import Path

import pytest

import lotwise
from lotwise.collect import propose
from lotwise.tables import TABLES, contract

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "plan-from-files.md"


@pytest.fixture(scope="module")
def joinery(tmp_path_factory):
    """Return the folder of the example's project, run, and the names of its script."""
    folder = tmp_path_factory.mktemp("files")
    with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()):
        named = runpy.run_path(str(ROOT / "examples" / "plan_from_files.py"))
    return folder / "joinery", named


def test_every_column_of_the_set_is_guessed(joinery):
    """Each file becomes the table of its name, no column is left unused, and nothing about columns is left to decide."""
    folder, named = joinery
    proposed = tomllib.loads((folder / "lotwise.toml").read_text(encoding="utf-8"))
    blocks = {block["table"]: block for block in proposed["collect"]}
    assert {table: block["files"] for table, block in blocks.items()} == {name: f"{name}.csv" for name in named["FILES"]}
    widths = {name: text.splitlines()[0].count(",") + 1 for name, text in named["FILES"].items()}
    assert {table: len(block["columns"]) for table, block in blocks.items()} == widths
    assert not [line for line in named["proposal"].undecided if re.match(r"\w+\.\w+ ", line)]


def test_firm_orders_are_made_in_their_weeks(joinery):
    """Without any history the plan makes what is promised, and nothing else."""
    plans = lotwise.open_project(joinery[0]).table("plans").to_pylist()
    made = {(row["product"], row["week"]): row["units"] for row in plans if row["information"] == "now" and row["units"] > 0}
    assert {key: round(units, 2) for key, units in made.items()} == {
        ("table", date(2026, 11, 23)): 4, ("stool", date(2026, 11, 30)): 10, ("table", date(2026, 12, 7)): 6,
    }  # fmt: skip


def test_it_is_said_that_there_is_no_history(joinery):
    """Quality counts the weeks without history: three for each of the two products."""
    quality = lotwise.open_project(joinery[0]).table("quality").to_pylist()
    assert [row["rows"] for row in quality if row["check"] == "weeks without history"] == [6]


def test_the_page_shows_the_example_s_files_and_columns_that_exist(joinery):
    """Every file stands on the page as it is, and every column the page names is in its table's contract."""
    page = PAGE.read_text(encoding="utf-8")
    assert [name for name, text in joinery[1]["FILES"].items() if f"{name}.csv\n{text}" not in page] == []
    for name, columns in re.findall(r"^\| `(\w+)\.csv` \|[^|]*\|([^|]*)\|", page, flags=re.MULTILINE):
        known = {choice for column in contract(name).columns for choice in (column.name, *(column.choices or ()))}
        assert set(re.findall(r"`(\w+)`", columns)) <= known, name
    more = page.partition("## More than the smallest set")[2]
    known = set(TABLES) | {column.name for table in TABLES.values() for column in table.columns}
    assert set(re.findall(r"`([a-z_]+)`", more)) <= known


def test_a_demand_plan_is_planned_without_orders(joinery, tmp_path):
    """With a file of expected demand in place of the orders, the plan makes what it says."""
    files = dict(joinery[1]["FILES"])
    del files["orders"], files["receipts"]
    files["products"] = files["products"].replace(",order", ",stock")
    files["demand"] = "product,week,units\ntable,2026-11-23,4\nstool,2026-11-30,10\n"
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    toml = propose(tmp_path).toml.replace("# today = 2024-12-30", "today = 2026-11-16")
    (tmp_path / "lotwise.toml").write_text(toml, encoding="utf-8")
    project = lotwise.open_project(tmp_path)
    project.run(until="plan")
    plans = [row for row in project.table("plans").to_pylist() if row["information"] == "now" and row["units"] > 0]
    assert {(row["product"], row["week"]): round(row["units"], 2) for row in plans} == {
        ("table", date(2026, 11, 23)): 4, ("stool", date(2026, 11, 30)): 10,
    }  # fmt: skip
