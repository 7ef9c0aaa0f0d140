"""Tests of the commands about the schedule, as a user types them."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

import lotwise
from lotwise.cli.schedule import changed
from lotwise.config import Settings
from lotwise.errors import InputError, SettingsError
from tests.whole.conftest import a_shop, command, run_shop

__all__ = ["a_shop", "command", "run_shop"]


@pytest.fixture
def scheduled(a_shop, command):
    """Return a shop with a schedule."""
    status, _, err = command("schedule", "--project", a_shop, "--moves", "50")
    assert status == 0, err
    return a_shop


def test_the_schedule_is_made_and_shown(scheduled, command):
    """One screen: orders and method, the dispatch rule beside it, the load of the machines; and the tables are published."""
    status, out, _ = command("schedule", "--project", scheduled, "--moves", "0")
    assert status == 0
    assert "Method dispatch" in out
    assert "dispatch rule" in out
    assert "oven" in out
    assert "Options of this call hold for it alone" in out
    assert lotwise.open_project(scheduled).table("jobs").num_rows > 0


def test_what_machines_do_is_listed(scheduled, command):
    """All machines, one machine, one group or one lot; what is none of them is refused with the closest name."""
    job = lotwise.open_project(scheduled).table("jobs").to_pylist()[0]
    for subject in ((), (job["machine"],), (job["group"],), (job["lot"],)):
        status, out, _ = command("dispatch", *subject, "--project", scheduled)
        assert status == 0
        assert job["machine"] in out
    status, _, err = command("dispatch", job["machine"] + "x", "--project", scheduled)
    assert status == 2
    assert f"did you mean '{job['machine']}'" in err


@pytest.mark.parametrize("ending", ["csv", "json", "ics"])
@pytest.mark.parametrize("what", ["schedule", "dispatch"])
def test_the_schedule_leaves_as_a_file(scheduled, command, tmp_path, what, ending):
    """Rows or events are as many as jobs, all of them or those of one machine."""
    jobs = lotwise.open_project(scheduled).table("jobs")
    machine, file = jobs["machine"][0].as_py(), tmp_path / f"out.{ending}"
    for more, wanted in (((), jobs.num_rows), (("--machine", machine), jobs["machine"].to_pylist().count(machine))):
        status, out, err = command("export", what, file, "--project", scheduled, *more)
        assert status == 0, err
        assert f"Wrote {wanted:,} " in out
    if ending == "json":
        assert len(json.loads(file.read_text(encoding="utf-8"))["rows"]) == wanted


def test_only_a_schedule_has_machines_and_events(scheduled, command, tmp_path):
    """--machine with work orders, and --publish without an event, are refused."""
    status, _, err = command("export", "work-orders", tmp_path / "a.csv", "--machine", "oven", "--project", scheduled)
    assert (status, "--machine picks from a schedule" in err) == (2, True)
    status, _, err = command("schedule", "--publish", "--project", scheduled)
    assert (status, "--publish belongs to --event" in err) == (2, True)


def test_an_event_is_scheduled_beside_and_published_when_asked(scheduled, command, tmp_path):
    """A machine down shows what differs and leaves the published schedule; with --publish it becomes the published one."""
    project = lotwise.open_project(scheduled)
    before = project.table("jobs")
    first = min(before["starts"].to_pylist())
    event = tmp_path / "down.toml"
    group = before["group"][0].as_py()
    event.write_text(
        f'now = {first.isoformat()}\n[[down]]\nmachine = "{group}"\nfrom = {first.isoformat()}\n'
        f"until = {first.replace(hour=23).isoformat()}\n",
        encoding="utf-8",
    )
    status, out, err = command("schedule", "--event", event, "--moves", "20", "--project", scheduled)
    assert status == 0, err
    assert "down.toml" in out
    assert "The published schedule is as it was" in out
    assert project.table("jobs").equals(before)
    stale = project.stale()
    status, out, err = command("schedule", "--event", event, "--moves", "20", "--publish", "--project", scheduled)
    assert status == 0, err
    assert "It is the published schedule now" in out
    assert not project.table("jobs").equals(before)
    assert project.table("lots").num_rows > 0
    assert set(project.stale()) >= set(stale)


def test_an_event_that_does_not_fit_changes_nothing(scheduled, command, tmp_path):
    """A machine nobody knows, or a file without events, is refused by name, and the schedule stays as it is."""
    before = lotwise.open_project(scheduled).store.manifest()
    for content, said in (
        ('[[down]]\nmachine = "ovn"\nfrom = 2024-07-29T08:00:00\nuntil = 2024-07-29T10:00:00\n', "'ovn' does not exist"),
        ("now = 2024-07-29T08:00:00\n", "it holds no event"),
    ):
        (tmp_path / "event.toml").write_text(content, encoding="utf-8")
        status, _, err = command("schedule", "--event", tmp_path / "event.toml", "--publish", "--project", scheduled)
        assert (status, said in err) == (2, True), err
    assert lotwise.open_project(scheduled).store.manifest() == before


def test_an_order_is_told_with_its_times(scheduled, command):
    """``why`` of a lot says when it is made and on which machine, after why it is planned."""
    job = lotwise.open_project(scheduled).table("jobs").to_pylist()[0]
    status, out, _ = command("why", job["lot"], "--project", scheduled)
    assert status == 0
    assert f"{job['machine']} {job['starts']:%Y-%m-%d %H:%M}" in " ".join(out.split())


def test_without_a_plan_or_a_schedule_the_next_step_is_said(command, tmp_path):
    """A project that has not run is told what to run first."""
    (tmp_path / "lotwise.toml").write_text('[project]\nname = "new"\n', encoding="utf-8")
    for arguments, said in (
        (("schedule",), "Make a plan with: lotwise run"),
        (("schedule", "--event", "none.toml"), "Make it with: lotwise schedule"),
        (("dispatch",), "Make it with: lotwise schedule"),
        (("export", "schedule", tmp_path / "a.ics"), "Make it with: lotwise schedule"),
    ):
        status, _, err = command(*arguments, "--project", tmp_path)
        assert (status, said in err) == (2, True), err


def test_options_are_checked_like_the_file_s():
    """Another start, other moves and another method take the place of the file's; wrong ones are refused."""
    found = changed(Settings(), start="2026-11-23T10:00", moves=5, method="list").schedule
    assert (found.start, found.moves, found.method) == (datetime(2026, 11, 23, 10), 5, "list")  # noqa: DTZ001
    assert changed(Settings(), start=None, moves=None, method=None) == Settings()
    with pytest.raises(SettingsError, match="method"):
        changed(Settings(), start=None, moves=None, method="magic")
    with pytest.raises(InputError, match="is no time"):
        changed(Settings(), start="tomorrow", moves=None, method=None)
    with pytest.raises(InputError, match="time zone"):
        changed(Settings(), start="2026-11-23T10:00+01:00", moves=None, method=None)
