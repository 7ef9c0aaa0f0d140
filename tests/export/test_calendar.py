"""The schedule as a calendar, read by a small parser of its own."""

import re
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lotwise.errors import InputError, MissingTableError, StoreError
from lotwise.export import calendar, write_calendar
from lotwise.export.calendar import fold, text
from lotwise.tables import TABLES
from tests.report.schedules import made_schedule

STAMP = datetime(2018, 1, 1, 5, 0, tzinfo=UTC)
UNESCAPED = {"\\n": "\n", "\\N": "\n", "\\,": ",", "\\;": ";", "\\\\": "\\"}


def lines_of(content):
    """Return the lines of a calendar, unfolded; every one ends with CRLF and has at most 75 octets."""
    assert content.endswith("\r\n")
    raw = content.encode().split(b"\r\n")[:-1]
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in raw)
    return b"\r\n".join(raw).replace(b"\r\n ", b"").decode().split("\r\n")


def read(content):
    """Return the properties of a calendar and those of its events, texts unescaped."""
    head, events, opened = {}, [], []
    for line in lines_of(content):
        name, _, value = line.partition(":")
        value = re.sub(r"\\[nN,;\\]", lambda found: UNESCAPED[found[0]], value)
        if name == "BEGIN":
            opened.append(value)
            if value == "VEVENT":
                events.append({})
        elif name == "END":
            assert opened.pop() == value
        else:
            mine = events[-1] if opened[-1] == "VEVENT" else head
            assert name not in mine
            mine[name] = value
    assert opened == []
    return head, events


def made(tables, **more):
    return calendar(tables, **({"project": "Meadow", "stamp": STAMP, "names": {}} | more))


@pytest.fixture(scope="module")
def tables():
    return made_schedule()


def test_each_job_and_each_batch_is_one_event(tables):
    """Every job without a batch is an event, the jobs of a batch are one, at the times of the table."""
    jobs = tables["jobs"].to_pylist()
    head, events = read(made(tables))
    batches = {(row["machine"], row["starts"], row["ends"]) for row in jobs}
    shown = {
        (event["LOCATION"], *(datetime.strptime(event[name], "%Y%m%dT%H%M%S") for name in ("DTSTART", "DTEND")))  # noqa: DTZ007
        for event in events
    }
    assert shown == batches
    assert len(events) == len({(row["machine"], row["batch"] or row["lot"], row["starts"]) for row in jobs}) < len(jobs)
    assert (head["VERSION"], head["PRODID"], head["NAME"]) == ("2.0", "-//lotwise//schedule//EN", "Meadow")
    assert all(event["DTSTAMP"] == "20180101T050000Z" for event in events)


def test_an_event_keeps_its_uid_when_its_job_moves(tables):
    """The UID is that of lot, part and step: another time and machine leave it, another project does not."""
    rows = [row | {"starts": row["ends"], "machine": "sewing 9"} for row in tables["jobs"].to_pylist()[:3]]
    moved = {"jobs": pa.Table.from_pylist(rows, schema=TABLES["jobs"].schema)}
    uids = {event["UID"] for event in read(made(tables))[1]}
    assert len(uids) == len(read(made(tables))[1])
    later = {event["UID"] for event in read(made(moved))[1]}
    assert later <= uids
    assert not later & {event["UID"] for event in read(made(moved, project="Other"))[1]}


def test_a_calendar_of_one_machine_has_its_jobs_alone(tables):
    """With a machine or a group only its events are in it, and its name says so."""
    head, events = read(made(tables, machine="sewing 1"))
    assert head["NAME"] == "Meadow: sewing 1"
    assert {event["LOCATION"] for event in events} == {"sewing 1"}
    assert {event["CATEGORIES"] for event in read(made(tables, machine="sewing"))[1]} == {"sewing"}


def test_a_job_of_no_time_has_no_end(tables):
    """DTEND must come after DTSTART, so an event that lasts no time goes without one."""
    row = tables["jobs"].to_pylist()[0]
    none = pa.Table.from_pylist([row | {"ends": row["starts"], "minutes": 0.0}], schema=TABLES["jobs"].schema)
    (event,) = read(made({"jobs": none}))[1]
    assert "DTEND" not in event


def test_set_ups_units_and_names_are_told(tables):
    """The description holds lot, units and the set-up with its start; the summary holds the item's name."""
    row = next(row for row in tables["jobs"].to_pylist() if row["setup_starts"] is not None)
    one = {"jobs": pa.Table.from_pylist([row], schema=TABLES["jobs"].schema)}
    (event,) = read(made(one, names={row["item"]: "Bread; white, sliced\\"}))[1]
    assert event["SUMMARY"] == f"{row['machine']}: {row['lot']} Bread; white, sliced\\"
    assert event["DESCRIPTION"].splitlines() == [
        f"{row['lot']}, step {row['step']}: {row['units']:g} of {row['item']}",
        f"Set-up from {row['setup_starts']:%Y-%m-%d %H:%M}: {row['from_state']} to {row['to_state']}, 20 minutes",
    ]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_comes_back(said):
    """Whatever a name holds is folded, escaped and read back, control characters left out."""
    (line,) = lines_of(fold(f"SUMMARY:{text(said)}"))
    kept = "".join(letter for letter in said if letter in "\n\t" or letter.isprintable() or letter > "\x9f")
    again = re.sub(r"\\[nN,;\\]", lambda found: UNESCAPED[found[0]], line.removeprefix("SUMMARY:"))
    assert again == kept


def test_what_is_not_there_is_refused(tables, tmp_path):
    """No schedule, no such machine, another ending or no place to write: a message each, and nothing is written."""
    with pytest.raises(MissingTableError, match="lotwise schedule"):
        made({})
    with pytest.raises(InputError, match=r"'sewing 33', did you mean 'sewing 3'|called 'sewing 33'"):
        made(tables, machine="sewing 33")
    with pytest.raises(InputError, match=r"ends in \.ics"):
        write_calendar("", tmp_path / "a.txt")
    with pytest.raises(StoreError, match="cannot be written"):
        write_calendar("", tmp_path / "nowhere" / "a.ics")
    assert list(tmp_path.iterdir()) == []


def test_the_file_is_the_text_byte_by_byte(tables, tmp_path):
    """CRLF is kept as it is, and the same schedule gives the same bytes."""
    content = made(tables)
    assert write_calendar(content, tmp_path / "a.ics").read_bytes() == content.encode() == made(tables).encode()
