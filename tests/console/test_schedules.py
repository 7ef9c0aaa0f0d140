"""What the command line shows of a schedule."""

import io

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from lotwise import console, export
from lotwise.console.schedules import bar, changes
from lotwise.console.screen import called
from lotwise.tables import TABLES
from tests.report.schedules import made_schedule


@pytest.fixture(scope="module")
def tables():
    return made_schedule()


def shown(function, *arguments, **named):
    stream = io.StringIO()
    function(*arguments, **named, stream=stream)
    return stream.getvalue()


def test_the_screen_says_what_the_schedule_comes_to(tables):
    """Orders, method and why, late orders, set-ups, overtime, the dispatch rule beside it, full machines, late lots."""
    out = shown(console.schedule_summary, tables, currency="EUR")
    mine, rule = tables["schedules"].sort_by([("schedule", "descending")]).to_pylist()
    setup = pc.sum(tables["jobs"]["setup_minutes"]).as_py() / 60
    assert "12 orders, 36 operations, 2018-01-01 06:00 to" in out
    assert "Method list: it was asked for. 20,000 neighbors tried." in out
    assert f"{mine['late']} orders late: {mine['tardiness']:,.2f} EUR. Set-ups {setup:,.1f} hours, overtime 1.5 hours." in out
    saved = 1 - (mine["total"] - mine["change"]) / (rule["total"] - rule["change"])
    assert f"{saved:.0%} less than the dispatch rule, changes left out." in out
    assert "Working the overtime" in out
    assert len(out.splitlines()) < 60


def test_nothing_to_schedule_is_said(tables):
    """A schedule without jobs is one sentence."""
    empty = {name: TABLES[name].empty() for name in tables}
    assert "Nothing is to be scheduled" in shown(console.schedule_summary, empty, currency="EUR")


def test_changes_count_machines_and_sequence_apart(tables):
    """Of four operations that were there before, one is elsewhere and one behind another: 25 % each; one is new."""
    row = tables["jobs"].to_pylist()[0] | {"machine": "a", "before": "a", "changed": False}
    more = [row, row | {"before": "b", "changed": True}, row | {"changed": True}, row, row | {"before": None, "changed": False}]
    jobs = pa.Table.from_pylist(more, schema=TABLES["jobs"].schema)
    assert changes(jobs) == (
        "Of 4 operations of the schedule before, 1 (25.0%) are on another machine and 1 (25.0%) behind another one on the same "
        "machine; 1 are new."
    )


def test_an_event_shows_who_is_late_now(tables):
    """Late orders and money before and after, what moves, and the lots that became late or are so no more."""
    rows = [
        row | {"late_hours": 3.0 if row["lot"] == "A3" else 0.0, "money": 30.0, "reason": ""}
        for row in tables["lateness"].to_pylist()
    ]
    after = tables | {"lateness": pa.Table.from_pylist(rows, schema=TABLES["lateness"].schema)}
    out = shown(console.schedule_difference, tables, after, event="motor.toml", currency="EUR")
    assert "motor.toml" in out
    assert "Late now: A3" in out
    assert "Late no more: A10, A6" in out


def test_a_dispatch_list_shows_set_ups_and_what_is_left_out(tables):
    """Each machine has its jobs in sequence; of more than asked for the number is said."""
    out = shown(console.dispatch_list, export.dispatch(tables), rows=2, machine=None)
    assert "sewing 3" in out
    assert "2 of 12; more with --rows" in out
    assert "20 min" in out
    assert "No job" in shown(console.dispatch_list, TABLES["jobs"].empty(), rows=2, machine=None)


@pytest.mark.parametrize(("share", "drawn"), [(0.0, ""), (0.5, "█" * 10), (1.7, "█" * 20), (1 / 160, "▏"), (7 / 160, "▉")])
def test_bars_are_as_long_as_what_they_show(share, drawn):
    """A full bar is 20 letters long, and the smallest part an eighth of a letter."""
    assert bar(share) == drawn


def test_a_name_that_is_the_code_is_said_once():
    """A product's name stands behind its code, unless it says the same or nothing."""
    names = {"C1": "Coat", "chair": "chair", "S": None}
    name = called(pa.table({"product": list(names), "name": list(names.values())}))
    assert [name(code) for code in (*names, "X")] == ["C1 Coat", "chair", "S", "X"]
