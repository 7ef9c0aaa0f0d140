"""Flexible job shops in the format of Brandimarte, Fattahi, Kacem and others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lotwise.schedule.formats.instance import Job, shop
from lotwise.schedule.formats.lines import base, head, lines, refuse, whole

if TYPE_CHECKING:
    from pathlib import Path

    from lotwise.schedule.shop import Shop


def read_fjsp(source: str | Path) -> Shop:
    """Return the flexible job shop of a file; its goal is the makespan.

    The first line holds the numbers of jobs and machines (and often the mean number of alternatives, which is passed over).
    Each further line is a job: the number of its operations, then for each operation the number of its alternatives and for
    each of these machine and duration. Lines that begin with ``#`` are comments.

    Parameters
    ----------
    source
        A path, or the text itself. Machines are numbered from 0 or from 1, whichever their numbers fit; both fitting, from 1.

    Raises
    ------
    InputError
        The text is not of this format: what is wrong, line by line.

    References
    ----------
    P. Brandimarte, "Routing and scheduling in a flexible job shop by tabu search", Annals of Operations Research 41 (1993).
    """
    name, found = lines(source)
    count, machines = head(name, found[0])
    wrong: list[str] = []
    if len(found) - 1 != count:
        wrong.append(f"line {found[0].number}: {count} jobs are announced, {len(found) - 1} lines of jobs follow")
    jobs = []
    for line in found[1:]:
        before = len(wrong)
        numbers = whole(line, wrong)
        jobs.append(_job(numbers, line.number, wrong) if len(wrong) == before else [])
    refuse(name, wrong)
    first = base([machine for job in jobs for operation in job for machine, _ in operation], machines, 1, wrong)
    refuse(name, wrong)
    return shop([[[(m - first, d) for m, d in operation] for operation in job] for job in jobs], machines)


def _job(numbers: list[int], line: int, wrong: list[str]) -> Job:
    count, at = numbers[0], 1
    found: Job = []
    for place in range(1, count + 1):
        ways = numbers[at] if at < len(numbers) else 0
        end = at + 1 + 2 * ways
        if ways < 1 or end > len(numbers):
            wrong.append(
                f"line {line}: operation {place} of {count} says {ways} alternatives, but {max(len(numbers) - at - 1, 0)} "
                "numbers are left; expected a machine and a duration for each"
            )
            return found
        found.append(list(zip(numbers[at + 1 : end : 2], numbers[at + 2 : end : 2], strict=True)))
        machines = [machine for machine, _ in found[-1]]
        if len(set(machines)) < len(machines):
            wrong.append(f"line {line}: operation {place} names a machine twice; expected each alternative once")
        at = end
    if at < len(numbers):
        wrong.append(f"line {line}: {len(numbers) - at} numbers are left after the {count} operations announced")
    return found
