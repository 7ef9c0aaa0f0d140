from datetime import date

import pytest

from lotwise.errors import InputError
from lotwise.schedule.events import Down, Events, Floor, Late, Rush, Scrap, change, reschedule
from lotwise.schedule.stage.run import made_of
from tests.schedule.stage.workshop import MONDAY, at, lot, order, peg, settings, workshop

LOTS = {
    "lots": [lot(f"L{n}", item, 8.0) for n, item in enumerate(("chair", "stool") * 3)],
    "orders": [order(f"O{n}", ("chair", "stool")[n % 2], 8.0, date(2026, 11, 3 + n)) for n in range(6)],
    "pegging": [peg(f"order O{n}/1", f"L{n}", ("chair", "stool")[n % 2], 8.0) for n in range(6)]
    + [peg("L5", f"purchase wood {MONDAY}", "wood", 8.0)],
    "purchases": [
        {"material": "wood", "supplier": "", "site": "all", "week": MONDAY, "arrives": MONDAY, "units": 8.0, "cost": 1.0},
    ],
}  # fmt: skip
NOW = at(2, 9)


@pytest.fixture(scope="module")
def before():
    """Six lots with the schedule that was published for them."""
    tables = workshop(**LOTS)
    return tables | {"jobs": made_of(tables, settings())["jobs"]}


def jobs(tables):
    return {(row["lot"], row["part"], row["step"]): row for row in tables["jobs"].to_pylist()}


def test_what_has_begun_stays_as_it_is(before):
    """Whatever happens, jobs that had begun by now keep machine and start, and no other starts before now."""
    after = jobs(reschedule(before, settings(), Events(now=NOW, rush=[Rush(item="stool", units=2.0, due=at(3, 0))])))
    for key, job in jobs(before).items():
        if job["starts"] < NOW:
            assert (after[key]["machine"], after[key]["starts"]) == (job["machine"], job["starts"])
            assert after[key]["status"] in {"finished", "running"}
        else:
            assert after[key]["starts"] >= NOW


def test_nothing_is_done_on_a_machine_that_is_down(before):
    """A bench that is down for two days starts nothing in them."""
    after = reschedule(before, settings(), Events(now=NOW, down=[Down("bench 1", NOW, at(4, 9))]))
    assert not [row for row in jobs(after).values() if row["machine"] == "bench 1" and NOW <= row["starts"] < at(4, 9)]


def test_units_nobody_planned_are_scheduled(before):
    """A rush of two stools is a lot of its own, due as said."""
    after = reschedule(before, settings(), Events(now=NOW, rush=[Rush(item="stool", units=2.0, due=at(3, 12))]))
    row = next(row for row in after["lateness"].to_pylist() if row["lot"].startswith("rush"))
    assert (row["item"], row["due"]) == ("stool", at(3, 12))
    assert row["ends"] > NOW


def test_an_order_in_a_hurry_weighs_more_and_keeps_its_part(before):
    """A rush of an order that is there moves its due time; parts and their units stay."""
    after = reschedule(before, settings(), Events(now=NOW, rush=[Rush(order="O5", due=at(3, 0))]))
    assert next(row["due"] for row in after["lateness"].to_pylist() if row["lot"] == "L5") == at(3, 0)
    assert {key: row["units"] for key, row in jobs(after).items()} == {key: row["units"] for key, row in jobs(before).items()}


def test_late_lots_and_materials_wait(before):
    """A lot held until Thursday, and one whose wood comes on Friday, start no earlier."""
    late = [Late(at(4, 0), lot="L4"), Late(at(5, 0), material="wood")]
    after = jobs(reschedule(before, settings(), Events(now=at(1, 0), late=late)))
    assert min(row["starts"] for key, row in after.items() if key[0] == "L4") >= at(4, 0)
    assert min(row["starts"] for key, row in after.items() if key[0] == "L5") >= at(5, 0)


def test_scrapped_units_are_made_again(before):
    """Three units lost in a job that has begun come again in a further part, from the first step."""
    begun = min(jobs(before).values(), key=lambda row: row["starts"])
    after = jobs(
        reschedule(before, settings(), Events(now=NOW, scrap=[Scrap(begun["lot"], begun["part"], 3.0, begun["step"])]))
    )
    new = {key: row for key, row in after.items() if key not in jobs(before)}
    assert {(key[0], key[2]): row["units"] for key, row in new.items()} == {(begun["lot"], 1): 3.0, (begun["lot"], 2): 3.0}
    assert min(row["starts"] for row in new.values()) >= NOW


def test_actual_times_are_kept(before):
    """A job that ended earlier than scheduled is finished then."""
    first = min(jobs(before).values(), key=lambda row: row["starts"])
    key, done = (first["lot"], first["part"], first["step"]), at(1, 9, 30)
    after = jobs(
        reschedule(
            before, settings(), Events(now=NOW, floor=[Floor(first["lot"], first["step"], first["part"], finished=done)])
        )
    )
    assert (after[key]["ends"], after[key]["status"]) == (done, "finished")


def test_only_what_happened_changes_the_tables(before):
    """Changes are the changed tables alone, and the settings start from now."""
    changed = change(before, settings(), Events(now=NOW, down=[Down("saw", NOW, at(3, 0), "blade")]))
    assert list(changed.tables) == ["downtime"]
    assert changed.tables["downtime"].to_pylist()[0]["reason"] == "blade"
    assert changed.settings.schedule.start == NOW


def test_all_that_does_not_fit_is_listed_and_nothing_changes(before):
    """Unknown machines, lots, items, materials and impossible times come in one message."""
    events = Events(
        now=NOW, down=[Down("bnech 1", NOW, at(1, 0))],
        rush=[Rush(), Rush(item="sofa", units=1.0, due=NOW), Rush(item="chair")],
        late=[Late(NOW), Late(NOW, material="gold")], scrap=[Scrap("L0", 1, 99.0), Scrap("L9")],
        floor=[Floor("L0", 7), Floor("L0", 1, started=at(4, 0))],
    )  # fmt: skip
    with pytest.raises(InputError) as caught:
        change(before, settings(), events)
    said = (
        "did you mean 'bench 1'",
        "not after",
        "neither",
        "'sofa'",
        "units and due",
        "'gold'",
        "99 units",
        "'L9'",
        "steps are 1, 2",
    )
    assert [one for one in (*said, "after now") if one not in str(caught.value)] == []


def test_a_name_unlike_any_is_answered_by_those_there_are(before):
    """Where no name is close, the names there are stand in the message."""
    with pytest.raises(InputError, match=r"machine 'press' does not exist; there are bench, bench 1, bench 2, saw"):
        change(before, settings(), Events(now=NOW, down=[Down("press", NOW, at(4, 9))]))
