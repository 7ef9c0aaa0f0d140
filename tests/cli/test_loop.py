"""Tests of the command line as a user types it."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import lotwise
from lotwise import config
from lotwise.plan.check import RULES
from lotwise.stages import STAGES
from lotwise.tables import TABLES
from tests.collect.test_frepple import lamp
from tests.whole.conftest import a_shop, command, run_shop

__all__ = ["a_shop", "command", "run_shop"]

LOTWISE = Path(sys.executable).with_name("lotwise")


def test_every_stage_is_a_command(command):
    """``lotwise --help`` lists each stage with its meaning."""
    _, out, _ = command("--help")
    assert all(stage.name in out for stage in STAGES)


def test_tables_prints_every_contract(command):
    """Each table is shown with its columns."""
    _, out, _ = command("tables")
    assert all(f"{name}:" in out for name in TABLES)


def test_an_unknown_table_is_status_2(command):
    """The message offers the closest name."""
    status, _, errors = command("tables", "demnd")
    assert status == 2
    assert "did you mean 'demand'" in errors


def test_a_folder_without_settings_says_what_to_do(tmp_path, command):
    """The next step is lotwise init."""
    status, _, errors = command("run", "--project", tmp_path)
    assert (status, "lotwise init" in errors) == (2, True)


def test_a_run_ends_with_the_ledger_and_the_report(a_shop, command):
    """The terminal shows the accounts and names the report."""
    status, out, errors = command("run", "--project", a_shop, "--from", "gap")
    assert status == 0
    assert all(account in out for account in ("ideal", "unknown", "unmade", "undone", "actual"))
    assert (a_shop / "report.html").exists()
    assert "nothing has changed" in errors


def test_a_second_run_runs_nothing(a_shop, command):
    """With nothing changed every stage is fresh."""
    command("run", "--project", a_shop)
    _, _, errors = command("run", "--project", a_shop)
    assert errors.count("nothing has changed") == len(STAGES)


def test_json_is_one_object_a_line(a_shop, command):
    """Machines read what happened, line by line."""
    _, out, _ = command("run", "--project", a_shop, "--from", "gap", "--json")
    events = [json.loads(line) for line in out.splitlines()]
    assert [event["stage"] for event in events if event["event"] == "finished"] == ["gap", "recommend", "deliver"]


@pytest.mark.parametrize("form", ["csv", "json"])
def test_show_writes_every_row(form, a_shop, command):
    """Csv and json hold all rows and columns of a table."""
    table = lotwise.open_project(a_shop).table("demand")
    _, out, _ = command("show", "demand", "--project", a_shop, "--format", form)
    assert len(out.splitlines()) == table.num_rows + (form == "csv")
    assert all(name in out for name in table.column_names)


def test_show_writes_parquet_that_reads_back(a_shop):
    """The bytes on standard output are the table."""
    ran = subprocess.run([LOTWISE, "show", "gap", "-p", a_shop, "--format", "parquet"], check=True, capture_output=True)
    assert pq.read_table(io.BytesIO(ran.stdout)).equals(lotwise.open_project(a_shop).table("gap"))


def test_a_spreadsheet_finds_no_formula(a_shop, command):
    """Text that starts like a formula is disarmed in CSV."""
    products = a_shop / "products.csv"
    products.write_text(products.read_text().replace("tea,food", "tea,=1+1"))
    command("run", "--project", a_shop)
    _, out, _ = command("show", "products", "--project", a_shop, "--format", "csv")
    assert "'=1+1" in out


def test_status_says_what_is_stale(a_shop, command):
    """After a setting has changed its stage and all later ones are stale."""
    file = a_shop / "lotwise.toml"
    file.write_text(file.read_text() + "\n[plan]\nbreakpoints = 8\n")
    _, out, _ = command("status", "--project", a_shop)
    states = {line.split()[0]: line.split()[1] for line in out.splitlines() if line.split()[1:2] in (["fresh"], ["stale"])}
    assert states["forecast"] == "fresh"
    assert states["plan"] == states["gap"] == "stale"


def test_check_counts_plans_and_rules_and_says_what_it_cannot_judge(a_shop, command):
    """Plans that keep all rules are status 0; each absent table has its line."""
    plans = lotwise.open_project(a_shop).table("plans").to_pylist()
    number = len({(row["information"], row["limits"], row["cutoff"]) for row in plans})
    status, out, errors = command("check", "--project", a_shop)
    first, schedule, *others = out.splitlines()
    assert (status, errors) == (0, "")
    assert first == f"All plans keep the rules: {number} plans, {len(RULES)} rules."
    assert schedule.startswith("The schedule keeps the rules: ")
    assert "- not checked: Table 'materials' is absent: no material limits a plan." in others
    assert all(line.startswith("- not checked: ") for line in others)


def test_check_names_each_breach_and_a_stale_plan(a_shop, command):
    """A plan made without lead weeks breaks a rule of a week of lead: status 1, one line a breach, and what to do."""
    file = a_shop / "lotwise.toml"
    file.write_text(file.read_text() + "\n[plan]\nlead_weeks = 1\n")
    status, out, errors = command("check", "--project", a_shop)
    lines = out.splitlines()
    assert status == 1
    assert any(line.startswith("lead weeks: bread, week of ") for line in lines)
    assert all(line.split(":")[0] in RULES for line in lines)
    assert "Stale, and checked by today's settings: plan, schedule" in errors


def test_backup_and_restore(a_shop, tmp_path, command):
    """What was backed up comes back with identical hashes after a run that changed it."""
    store = lotwise.open_project(a_shop).store
    before = store.manifest().tables
    command("backup", tmp_path / "all.tar", "--project", a_shop)
    file = a_shop / "lotwise.toml"
    file.write_text(file.read_text() + "\n[plan]\nbreakpoints = 8\n")
    command("run", "--project", a_shop)
    status, _, _ = command("restore", tmp_path / "all.tar", "--project", a_shop)
    assert status == 0
    assert store.manifest().tables == before


def test_init_does_not_replace_settings(a_shop, command):
    """A lotwise.toml that is there stays unless --force is given."""
    before = (a_shop / "lotwise.toml").read_bytes()
    status, _, errors = command("init", a_shop)
    assert (status, "--force" in errors) == (2, True)
    assert (a_shop / "lotwise.toml").read_bytes() == before


@pytest.mark.parametrize("name", ["plant.json", "plant.json.gz"])
def test_init_makes_a_project_of_frepples_json(name, tmp_path, command):
    """The project lies beside the file, in a folder of its name; a second time it is not overwritten."""
    file, project = tmp_path / name, tmp_path / "plant"
    content = json.dumps(lamp()).encode()
    file.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    status, out, _ = command("init", file)
    first, *left = out.splitlines()
    assert status == 0
    assert first == f"Wrote {project / 'lotwise.toml'}. Review it, then run: lotwise run --project {project}"
    assert left
    assert all(line.startswith("- ") for line in left)
    assert config.read(project / "lotwise.toml").project.name == "plant"
    status, _, errors = command("init", file)
    assert (status, "exists already" in errors) == (2, True)


def test_init_refuses_json_of_something_else(tmp_path, command):
    """The message says what was expected and how to export it; no folder is made."""
    file = tmp_path / "other.json"
    file.write_text('{"a": 1}', encoding="utf-8")
    status, _, errors = command("init", file)
    assert status == 2
    assert "no frePPLe model" in errors
    assert "frepplectl dumpdata" in errors
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    ("arguments", "status"), [(["tables", "demand"], 0), (["tables", "demnd"], 2), (["tables", "--no"], 2)]
)
def test_the_process_leaves_with_its_status_and_all_it_said(arguments, status):
    """What was written before leaving is there, and the status is the command's."""
    ran = subprocess.run([LOTWISE, *arguments], check=False, capture_output=True, text=True)
    assert ran.returncode == status
    assert ran.stdout.rstrip().endswith("higher") if status == 0 else ran.stderr
