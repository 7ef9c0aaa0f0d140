"""What the report shows of a schedule."""

from datetime import datetime, timedelta

import pyarrow as pa
import pytest

from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import bars, schedule
from lotwise.report.words import Words
from lotwise.tables import TABLES
from tests.report.schedules import START, made_schedule


def table(name, rows):
    return pa.Table.from_pylist(rows, schema=TABLES[name].schema)


@pytest.fixture
def shown(made_up, settings):
    """What the section shows of the made-up tables, some of them changed."""

    def show(language="en", **changed):
        return schedule.context(Book((made_up | changed).get, settings), Words(language), Numbers("USD"))

    return show


def drawn(found):
    """Return the data of the drawing of jobs: bars, closed time, set-ups and the time shown."""
    spec = found["charts"]["gantt"].spec
    closed, setups = (layer["data"]["values"] for layer in spec["layer"][:2])
    span = spec["layer"][-1]["encoding"]["x"]["scale"]["domain"]
    return spec["data"]["values"], closed, setups, span


def test_every_job_is_a_bar_and_every_batch_one(shown, made_up):
    """As many bars as jobs and batches, at the times of the table, read as if they were UTC; set-ups end where jobs start."""
    jobs = made_up["jobs"].to_pylist()
    shown_bars, _, setups, _ = drawn(shown())
    ends = {(bar["machine"], bar["from"], bar["to"]) for bar in shown_bars}
    assert ends == {(row["machine"], f"{row['starts'].isoformat()}Z", f"{row['ends'].isoformat()}Z") for row in jobs}
    assert len(shown_bars) == len({(row["machine"], row["starts"]) for row in jobs}) < len(jobs)
    assert len(setups) == sum(row["setup_starts"] is not None for row in jobs) > 0
    assert {(bar["machine"], bar["to"]) for bar in setups} <= {(bar["machine"], bar["from"]) for bar in shown_bars}


def test_late_orders_are_red_and_told(shown, made_up):
    """Bars of lots that end late have the color of what is late, and their tooltip says by how much; no other one has it."""
    late = {row["lot"]: row["late_hours"] for row in made_up["lateness"].to_pylist() if row["late_hours"] > 0}
    for bar in drawn(shown())[0]:
        lots = bar["batch"].split(", ") if bar["batch"] else [bar["name"]]
        assert (bar["color"] == "late") == any(lot in late for lot in lots) == ("hours late" in bar["due"])


def test_what_has_begun_or_is_frozen_is_outlined(shown, made_up):
    """Bars are held where the job is under way or frozen."""
    held = {
        (row["machine"], f"{row['starts'].isoformat()}Z") for row in made_up["jobs"].to_pylist() if row["status"] != "planned"
    }
    assert {(bar["machine"], bar["from"]) for bar in drawn(shown())[0] if bar["held"]} == held


def test_machines_come_in_the_order_of_the_work(shown):
    """Groups come by the steps done on them, machines by their number, 10 after 9."""
    assert [row["name"] for row in shown()["machines"]] == [
        "cutting 1", "cutting 2", "sewing 1", "sewing 2", "sewing 3", "oven 1"
    ]  # fmt: skip
    rows = [
        row | {"lot": f"{row['lot']}/{k}", "machine": f"sewing {k}", "group": "sewing"}
        for k in (10, 9, 2)
        for row in made_schedule(2)["jobs"].to_pylist()
    ]
    names = [row["name"] for row in shown(jobs=table("jobs", rows), machine_days=TABLES["machine_days"].empty())["machines"]]
    assert names == ["sewing 2", "sewing 9", "sewing 10"]


def test_days_without_an_open_hour_are_shaded(shown, made_up):
    """A weekend between two jobs is one stretch of closed time a machine; downtime comes with its reason."""
    rows = made_up["jobs"].to_pylist()
    later = [row | {"starts": row["starts"] + timedelta(days=7), "ends": row["ends"] + timedelta(days=7)} for row in rows[-3:]]
    down = {"machine": "oven 1", "starts": START, "ends": START + timedelta(hours=2), "kind": "breakdown", "reason": None}
    open_days = [
        {"machine": "oven 1", "group": "oven", "day": (START + timedelta(days=k)).date(), "open": 16.0, "work": 1.0,
         "setup": 0.0, "overtime": 0.0, "down": 0.0} for k in (0, 1, 2, 3, 4, 7, 8)
    ]  # fmt: skip
    days = table("machine_days", open_days)
    found = shown(jobs=table("jobs", rows[:-3] + later), machine_days=days, downtime=table("downtime", [down]))
    assert [(one["machine"], one["from"], one["to"], one["shown"]) for one in drawn(found)[1]] == [
        ("oven 1", "2018-01-06T00:00:00Z", "2018-01-08T00:00:00Z", "closed"),
        ("oven 1", "2018-01-01T06:00:00Z", "2018-01-01T08:00:00Z", "down: breakdown"),
    ]


def test_three_thousand_jobs_stay_light(shown):
    """Of 3,000 jobs those of the first whole days are drawn, at most 1,000, and the section says up to when."""
    found = shown(**made_schedule(1000))
    shown_bars, _, _, span = drawn(found)
    assert 500 < len(shown_bars) <= bars.DRAWN
    assert (found["is_whole"], found["jobs"].value) == (False, 3000)
    last = max(datetime.fromisoformat(bar["to"]) for bar in shown_bars)
    assert span == ["2018-01-01T00:00:00Z", f"{(last + timedelta(days=1)).date().isoformat()}T00:00:00Z"]


def test_many_machines_stay_readable(shown):
    """Of 60 machines the 24 with most work are drawn and listed, and the section says so."""
    rows = [
        row | {"lot": f"{row['lot']}/{k}", "machine": f"{row['machine']}{k}"}
        for k in range(10)
        for row in made_schedule(8)["jobs"].to_pylist()
    ]
    found = shown(jobs=table("jobs", rows), machine_days=TABLES["machine_days"].empty())
    assert (len(found["machines"]), found["all_machines"].value, found["is_cut"]) == (schedule.MOST_MACHINES, 60, True)


def test_items_beyond_the_palette_share_a_color(shown):
    """Seven items have a color of their own, all others one together; what is late and set-ups have theirs."""
    rows = [row | {"item": f"X{k % 20}"} for k, row in enumerate(made_schedule(40)["jobs"].to_pylist())]
    legend = shown(jobs=table("jobs", rows))["charts"]["gantt"].spec["layer"][2]["encoding"]["color"]["scale"]
    assert len(legend["domain"]) == 7 + 3
    assert legend["domain"][-3:] == ["other items", "late", "set-up"]
    assert len(set(legend["range"])) == len(legend["range"])


def test_the_lead_says_how_much_less_it_comes_to(shown, made_up):
    """The dispatch rule comes to what the table says: the difference and its share are shown."""
    mine, rule = sorted(made_up["schedules"].to_pylist(), key=lambda row: -len(row["schedule"]))
    said = shown()["said"]
    assert said["saved"].value == pytest.approx(rule["total"] - mine["total"])
    assert said["share"].value == pytest.approx(1 - mine["total"] / rule["total"])
    alone = shown(schedules=table("schedules", [mine]))
    assert (alone["said"]["saved"], len(alone["schedules"])) == (None, 1)


def test_a_method_nobody_named_keeps_its_word(shown, made_up):
    """A way of looking without a word of its own in the catalog is shown as the table has it."""
    rows = [row | {"method": "crystal ball"} for row in made_up["schedules"].to_pylist()]
    assert "crystal ball" in shown("zh", schedules=table("schedules", rows))["said"]["method"]
