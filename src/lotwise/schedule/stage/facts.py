"""The schedule before and what the floor says: which operations are done, under way or frozen, and where the others were."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lotwise.errors import ContractError, breaches
from lotwise.schedule.shop import RUNS_ON, Before

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lotwise.schedule.stage.given import Given, Row
    from lotwise.schedule.stage.openings import Opening

FINISHED, RUNNING, FROZEN = "finished", "running", "frozen"
Key = tuple[str, int, int]
"""Lot, part, step."""


class Fact(NamedTuple):
    """One operation that stays as it is."""

    machine: int
    start: int
    end: int
    status: str
    batch: int | None = None


@dataclass(frozen=True)
class Work:
    """The operations as facts need to see them.

    Parameters
    ----------
    keys
        Lot, part and step of each operation.
    machines
        Number of each machine by its name.
    minutes
        Operation -> machine -> working minutes there.
    crossing
        How each operation takes closed time.
    before
        Operation -> (operation before it, minutes between them).
    release
        Minute before which an operation cannot start.
    openings
        When each machine is open, earlier than minute 0 too.
    """

    keys: Sequence[Key]
    machines: Mapping[str, int]
    minutes: Sequence[Mapping[int, int]]
    crossing: Sequence[int]
    before: Mapping[int, Sequence[tuple[int, int]]]
    release: Sequence[int]
    openings: Callable[[int], list[Opening]]


@dataclass
class Facts:
    """What is known of the operations before the search: ``told`` of those that stay, ``rows`` of the schedule before."""

    told: dict[int, Fact] = field(default_factory=dict)
    rows: dict[int, Row] = field(default_factory=dict)

    def before(self, given: Given, work: Work) -> Before | None:
        """Return the schedule before as the shop wants it; none where nothing is known."""
        if not self.told and not self.rows:
            return None
        count = len(work.keys)
        machine, behind = np.full(count, -1, dtype=np.int64), np.full(count, -2, dtype=np.int64)
        start, end = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
        for n, last in _sequence(self.rows, work.machines).items():
            row = self.rows[n]
            machine[n], behind[n] = work.machines[row["machine"]], last
            start[n], end[n] = given.minute(row["starts"]), given.minute(row["ends"])
        for n, fact in self.told.items():
            machine[n], start[n], end[n] = fact.machine, fact.start, fact.end
        fixed = np.zeros(count, dtype=bool)
        fixed[list(self.told)] = True
        return Before(machine, behind, fixed, start, end)


def facts(given: Given, work: Work) -> Facts:
    """Return what stays as it is, and where the other operations were.

    What the floor says holds. Of the rest of the schedule before, what should have begun is taken to have gone as scheduled,
    and what starts within the frozen fence is kept, as long as nothing that is known by now speaks against it: its machine is
    still occupied or down, what it waits for is not there, or its machine is no longer one that can do it.

    Raises
    ------
    ContractError
        The floor says of one machine that it did two jobs at the same time, or that a job ended before it began.
    """
    number = {key: n for n, key in enumerate(work.keys)}
    rows = {number[key]: row for row in given.rows("jobs") if (key := (row["lot"], row["part"], row["step"])) in number}
    known = {n: row for n, row in rows.items() if work.machines.get(row["machine"], -1) in work.minutes[n]}
    if given.rows("jobs") and not rows:
        given.say("the schedule before is of other lots: it is not used")
    if len(known) < len(rows):
        given.say(f"{len(rows) - len(known)} jobs of the schedule before were on machines that cannot do them now")
    told = _from_floor(given, work, number, known)
    assumed = _assumed(given, work, known, told)
    if assumed:
        jobs = "1 job is" if assumed == 1 else f"{assumed:,} jobs are"
        given.say(f"{jobs} taken to have gone as scheduled; the floor says nothing of that")
    return Facts(told, known)


def _from_floor(given: Given, work: Work, number: Mapping[Key, int], known: Mapping[int, Row]) -> dict[int, Fact]:
    """Return the facts the floor tells, with the steps before them, which must be over by then."""
    told: dict[int, Fact] = {}
    wrong, unknown = [], 0
    for row in given.rows("floor"):
        n = number.get((row["lot"], row["part"], row["step"]))
        if n is None or row["started"] > given.start:
            unknown += n is None
            continue
        if row["finished"] is not None and row["finished"] < row["started"]:
            wrong.append(f"lot {row['lot']}, part {row['part']}, step {row['step']} ends before it begins")
            continue
        if work.machines[row["machine"]] not in work.minutes[n]:
            wrong.append(f"lot {row['lot']}, part {row['part']}, step {row['step']} cannot be done on {row['machine']}")
            continue
        told[n] = _floor_fact(given, work, n, row)
    if unknown:
        given.say(f"{unknown} rows of floor are of jobs that are not scheduled here")
    for n in sorted(told, key=lambda n: told[n].start):
        _complete(work, n, known, told, given)
    wrong += _overlaps(work, told)
    if wrong:
        raise ContractError(breaches("Table 'floor' cannot be true", wrong))
    return told


def _floor_fact(given: Given, work: Work, n: int, row: Row) -> Fact:
    machine, start = work.machines[row["machine"]], given.minute(row["started"])
    if row["finished"] is not None:
        return Fact(machine, start, given.minute(row["finished"]), FINISHED)
    own = work.openings(machine)
    end = given.minute(row["expected"]) if row["expected"] else _worked(own, start, work.minutes[n][machine], work.crossing[n])
    return Fact(machine, start, max(end, 0, start), RUNNING)


def _complete(work: Work, n: int, known: Mapping[int, Row], told: dict[int, Fact], given: Given) -> None:
    """Add the steps of the same part before a fact: as scheduled where that fits, else done in no time before it."""
    for earlier, _ in work.before.get(n, ()):
        if earlier in told or work.keys[earlier][:2] != work.keys[n][:2]:
            continue
        machine, start = next(iter(work.minutes[earlier])), told[n].start
        fact = Fact(machine, start, start, FINISHED)
        if (row := known.get(earlier)) is not None and given.minute(row["ends"]) <= start:
            fact = Fact(work.machines[row["machine"]], given.minute(row["starts"]), given.minute(row["ends"]), FINISHED)
        told[earlier] = fact
        _complete(work, earlier, known, told, given)


def _overlaps(work: Work, told: Mapping[int, Fact]) -> list[str]:
    """Return pairs of jobs that one machine cannot have done at once; a batch starts and ends together."""
    names = {number: name for name, number in work.machines.items()}
    found, last = [], dict[int, tuple[int, Fact]]()
    for n, fact in sorted(told.items(), key=lambda pair: (pair[1].start, pair[1].end)):
        other = last.get(fact.machine)
        if other and fact.start < other[1].end and (fact.start, fact.end) != (other[1].start, other[1].end):
            told_of = " and ".join(
                f"lot {lot}, part {part}, step {step}" for lot, part, step in (work.keys[other[0]], work.keys[n])
            )
            found.append(f"{names[fact.machine]} did {told_of} at the same time")
        if other is None or fact.end >= other[1].end:
            last[fact.machine] = (n, fact)
    return found


def _assumed(given: Given, work: Work, known: Mapping[int, Row], told: dict[int, Fact]) -> int:
    """Add what is taken to have gone as scheduled and what is frozen; return how much of it should have begun."""
    fence = given.minute(given.start + timedelta(hours=given.settings.schedule.frozen_hours))
    busy: dict[int, list[Fact]] = defaultdict(list)
    for fact in told.values():
        busy[fact.machine].append(fact)
    count = 0
    for n, row in sorted(known.items(), key=lambda pair: (pair[1]["starts"], pair[1]["place"])):
        start = given.minute(row["starts"])
        stays = start < max(fence, 0) or row["status"] in {FINISHED, RUNNING}
        kept = _as_scheduled(given, work, n, row) if stays and n not in told else None
        if kept is None or not _fits(work, n, kept, told, busy[kept.machine]):
            continue
        told[n] = kept
        busy[kept.machine].append(kept)
        count += kept.start < 0 and row["status"] != FINISHED
    return count


def _as_scheduled(given: Given, work: Work, n: int, row: Row) -> Fact | None:
    """Return a job of the schedule before as a fact; none where its machine was or is down in between, so that it moves."""
    machine, start, end = work.machines[row["machine"]], given.minute(row["starts"]), given.minute(row["ends"])
    if end > 0 and row["status"] != FINISHED:
        own = [o for o in work.openings(machine) if row["overtime_minutes"] > 0 or not o.period]
        worked = _worked(own, start, round(row["minutes"]), work.crossing[n])
        if start >= 0 and worked != end:
            return None
        end = max(worked, end) if start < 0 else end
    status = FROZEN if start >= 0 else RUNNING if end > 0 else FINISHED
    return Fact(machine, start, end, row["status"] if row["status"] == FINISHED else status, row["batch"])


def _fits(work: Work, n: int, fact: Fact, told: Mapping[int, Fact], busy: Sequence[Fact]) -> bool:
    """Return whether nothing known speaks against a job having gone, or going, as scheduled."""
    for earlier, lag in work.before.get(n, ()):
        if earlier not in told or told[earlier].end + lag > fact.start:
            return False
    if work.release[n] > max(fact.start, 0):
        return False
    together = fact.batch is not None
    return all(
        fact.end <= other.start
        or other.end <= fact.start
        or (together and (fact.start, fact.end, fact.batch) == (other.start, other.end, other.batch))
        for other in busy
    )


def _worked(openings: Sequence[Opening], start: int, minutes: int, crossing: int) -> int:
    if crossing == RUNS_ON:
        return start + minutes
    left, now = minutes, start
    for opening in openings:
        begin = max(opening.opens, start)
        if opening.closes <= begin:
            continue
        if opening.closes - begin >= left:
            return begin + left if left else now
        left -= opening.closes - begin
        now = opening.closes
    return now + left


def _sequence(rows: Mapping[int, Row], machines: Mapping[str, int]) -> dict[int, int]:
    """Return operation -> the one it was directly behind on its machine; of a batch its first member, and -1 for the first."""
    found: dict[int, int] = {}
    lines: dict[int, list[int]] = defaultdict(list)
    for n, row in rows.items():
        lines[machines[row["machine"]]].append(n)
    for line in lines.values():
        line.sort(key=lambda n: (rows[n]["starts"], rows[n]["place"], n))
        last, now = -1, -1
        batch: int | None = None
        for n in line:
            if batch is None or rows[n]["batch"] != batch:
                last, now, batch = now, n, rows[n]["batch"]
            now = min(now, n)
            found[n] = last
    return found
