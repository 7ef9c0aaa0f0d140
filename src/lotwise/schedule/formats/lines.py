"""A text of numbers, line by line, and what is wrong with it by line number."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lotwise.errors import InputError, breaches

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMENTS = ("#", "//", "*")
_SHOWN = 10


class Line(NamedTuple):
    """A line that says something: its number in the text, counted from 1, and its words."""

    number: int
    words: tuple[str, ...]


def lines(source: str | Path) -> tuple[str, list[Line]]:
    """Return what a text is called in messages, and its lines without comments and blank ones.

    Parameters
    ----------
    source
        A path, or the text itself: whatever has more than one line.

    Raises
    ------
    InputError
        There is no such file, it is no text, or it says nothing.
    """
    if isinstance(source, str) and "\n" in source:
        name, text = "The text", source
    else:
        name = str(source)
        try:
            text = Path(source).read_text(encoding="utf-8-sig")
        except OSError as error:
            raise InputError(f"{name}: cannot be read ({error.strerror}); expected the path of a text file.") from None
        except UnicodeDecodeError:
            raise InputError(f"{name}: is no text; expected numbers in lines.") from None
    found = [
        Line(number, tuple(line.split()))
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.strip().startswith(_COMMENTS)
    ]
    if not found:
        raise InputError(f"{name}: holds no numbers; expected a first line with the numbers of jobs and machines.")
    return name, found


def whole(line: Line, wrong: list[str]) -> list[int]:
    """Return the words of a line as whole numbers of at least 0; what is none of them is told and left out."""
    found = []
    for word in line.words:
        try:
            number = float(word)
        except ValueError:
            number = -1.0
        if number < 0 or not number.is_integer():
            wrong.append(f"line {line.number}: '{word}' is no whole number of at least 0")
        else:
            found.append(int(number))
    return found


def head(name: str, line: Line) -> tuple[int, int]:
    """Return the numbers of jobs and machines of a first line; what else it says is passed over.

    Raises
    ------
    InputError
        They are not there.
    """
    jobs, machines = (int(word) if word.isdigit() else 0 for word in (*line.words, "", "")[:2])
    if jobs < 1 or machines < 1:
        found = " ".join(line.words)
        raise InputError(
            f"{name}, line {line.number}: found '{found}'; expected the numbers of jobs and machines, such as '10 6'."
        )
    return jobs, machines


def base(machines: Sequence[int], count: int, usual: int, wrong: list[str]) -> int:
    """Return 0 or 1: what the first machine is numbered. Where the numbers leave both open, it is the usual one."""
    low, high = min(machines, default=usual), max(machines, default=usual)
    if low == 0 and high >= count:
        wrong.append(
            f"machines are numbered from 0 to {high}, but there are {count}; expected 0 to {count - 1}, or 1 to {count}"
        )
    elif high > count:
        wrong.append(f"machine {high} is named, but there are {count}; expected 0 to {count - 1}, or 1 to {count}")
    if low == 0:
        return 0
    return 1 if high >= count else usual


def refuse(name: str, wrong: Sequence[str]) -> None:
    """Refuse a text with anything wrong.

    Raises
    ------
    InputError
        What is wrong, line by line; the first ten.
    """
    if wrong:
        more = [f"and {len(wrong) - _SHOWN} more"] if len(wrong) > _SHOWN else []
        raise InputError(breaches(f"{name} cannot be read", [*wrong[:_SHOWN], *more]))
