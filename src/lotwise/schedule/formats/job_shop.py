"""Job shops in the standard format and in Taillard's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lotwise.schedule.formats.instance import shop
from lotwise.schedule.formats.lines import Line, base, head, lines, refuse, whole

if TYPE_CHECKING:
    from pathlib import Path

    from lotwise.schedule.shop import Shop


def read_jsp(source: str | Path) -> Shop:
    """Return the job shop of a file; its goal is the makespan.

    Standard: a line with the numbers of jobs and machines, then a line a job, with machine and duration of each operation in
    turn. Taillard: a line of words and a line that begins with the numbers of jobs and machines, then ``Times`` and a line of
    durations for each job, then ``Machines`` and a line of machines for each. Lines that begin with ``#`` are comments.

    Parameters
    ----------
    source
        A path, or the text itself. Machines are numbered from 0 or from 1, whichever their numbers fit.

    Raises
    ------
    InputError
        The text is not of this format: what is wrong, line by line.

    References
    ----------
    E. Taillard, "Benchmarks for basic scheduling problems", European Journal of Operational Research 64 (1993).
    """
    name, found = lines(source)
    wrong: list[str] = []
    while len(found) > 1 and not found[0].words[0][0].isdigit() and _word(found[0]) not in {"times", "machines"}:
        found = found[1:]
    count, machines = head(name, found[0])
    if any(_word(line) == "times" for line in found):
        rows = _taillard(found, count, machines, wrong)
    else:
        rows = _standard(found, count, machines, wrong)
    refuse(name, wrong)
    first = base([machine for row in rows for machine, _ in row], machines, 0, wrong)
    refuse(name, wrong)
    return shop([[[(machine - first, duration)] for machine, duration in row] for row in rows], machines)


def _word(line: Line) -> str:
    return line.words[0].lower().rstrip(":")


def _table(part: list[Line], size: tuple[int, int], what: str, wrong: list[str]) -> list[list[int]]:
    """Return lines of numbers, so many and so long."""
    count, width = size
    if len(part) != count:
        wrong.append(f"line {part[0].number if part else 1}: {count} lines of {what} are expected, {len(part)} are there")
    rows = []
    for line in part:
        before = len(wrong)
        numbers = whole(line, wrong)
        if len(wrong) == before and len(numbers) != width:
            wrong.append(f"line {line.number}: {len(numbers)} numbers; expected {width}: {what}")
        rows.append(numbers)
    return rows


def _standard(found: list[Line], count: int, machines: int, wrong: list[str]) -> list[list[tuple[int, int]]]:
    rows = _table(found[1:], (count, 2 * machines), "machine and duration of each operation of a job", wrong)
    return [list(zip(row[::2], row[1::2], strict=False)) for row in rows]


def _taillard(found: list[Line], count: int, machines: int, wrong: list[str]) -> list[list[tuple[int, int]]]:
    words = [_word(line) for line in found]
    if words.count("times") != 1 or words.count("machines") != 1 or words.index("machines") < words.index("times"):
        wrong.append(
            f"line {found[words.index('times')].number}: expected 'Times' once and then 'Machines' once, found "
            f"{words.count('times')} and {words.count('machines')}; put one instance in a file"
        )
        return []
    begin, middle = words.index("times"), words.index("machines")
    times = _table(found[begin + 1 : middle], (count, machines), "duration of each operation of a job", wrong)
    places = _table(found[middle + 1 :], (count, machines), "machine of each operation of a job", wrong)
    return [list(zip(place, time, strict=False)) for place, time in zip(places, times, strict=False)]
