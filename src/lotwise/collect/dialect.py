"""How a text file is written: its encoding, its delimiter, its header."""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from lotwise.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

DELIMITERS = (",", ";", "\t", "|")
BLOCK = 1 << 20
SAMPLE = 1 << 16
SAMPLE_ROWS = 50
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
HIGH = re.compile(rb"[\x80-\xff]+")
PAIRS = re.compile(rb"(?:[\xa1-\xfe][\xa1-\xfe]|[\x81-\xfe][\x40-\xfe])+")
WIDE = re.compile(r"[\u0800-\uffff]")
FEW = 0.1
"""Share of lines that may read as UTF-8 by chance in a file of Chinese double bytes."""


@dataclass(frozen=True)
class Dialect:
    """How a CSV file is written.

    Parameters
    ----------
    encoding
        Python's name of the encoding.
    delimiter, quote
        Between fields, and around them.
    header
        Column names, trimmed; a column without a name is called ``column 3``.
    skip
        Lines before the first row of data.
    """

    encoding: str
    delimiter: str
    quote: str
    header: tuple[str, ...]
    skip: int


def sniff(path: Path, name: str, *, delimiter: str = "", encoding: str = "", quote: str = '"') -> Dialect:
    """Return how a CSV file is written; what is given is taken as it is, the rest is found from the file.

    Raises
    ------
    InputError
        Encodings are mixed or the given one does not fit, the delimiter is wrong, the header repeats
        a name, or there is no row below it.
    """
    encoding = encoding or detect_encoding(path, name)
    text = _beginning(path, name, encoding)
    first, _, rest = text.partition("\n")
    declared = first.strip().removeprefix("sep=") if first.startswith("sep=") else ""
    body, before = (rest, 1) if declared else (text, 0)
    found = delimiter or declared or _delimiter(body, quote)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=found, quotechar=quote)
    header = next((row for row in reader if row), [])
    skip = reader.line_num + before
    if delimiter and len(header) <= 1:
        _refuse_delimiter(name, header, delimiter)
    names = tuple(column.strip() or f"column {number}" for number, column in enumerate(header, start=1))
    twice = sorted({column for column in names if names.count(column) > 1})
    if twice:
        message = f"{name} has more than one column named {', '.join(twice)}. Rename them in its header"
        raise InputError(message)
    if next((row for row in reader if row), None) is None:
        message = f"{name} holds a header and no row of data: {', '.join(names)}. Export it again, or leave its mapping out"
        raise InputError(message)
    return Dialect(encoding, found, quote, names, skip)


def detect_encoding(path: Path, name: str) -> str:
    """Return the encoding of a text file: by its byte order mark, else UTF-8, GB18030 or Windows-1252.

    Raises
    ------
    InputError
        Some lines are UTF-8 and others are not; the first that is not is named.
    """
    with path.open("rb") as stream:
        start = stream.read(4)
    for mark, encoding in MARKS:
        if start.startswith(mark):
            return encoding
    return "utf-8" if undecodable(path, "utf-8") == 0 else _legacy(path, name)


def undecodable(path: Path, encoding: str) -> int:
    """Return the first line of a file that an encoding cannot read, from 1; 0 where it reads them all."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 0
    with path.open("rb") as stream:
        while True:
            block = stream.read(BLOCK)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                return lines + error.object[: error.start].count(b"\n") + 1
            if not block:
                return 0
            lines += text.count("\n")


def unclosed(path: Path, dialect: Dialect) -> int:
    """Return the row of data in which a quote is opened and never closed; 0 where there is none."""
    mark = dialect.quote.encode()
    with path.open("rb") as stream:
        odd = sum(block.count(mark) for block in iter(lambda: stream.read(BLOCK), b"")) % 2 if mark else 0
    if not odd:
        return 0
    row = 0
    with path.open(encoding=dialect.encoding, newline="") as stream:
        lines = islice(stream, dialect.skip, None)
        try:
            for record in csv.reader(lines, delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True):
                row += bool(record)
        except csv.Error as error:
            return row + 1 if "end of data" in str(error) else 0
    return 0


def _legacy(path: Path, name: str) -> str:
    """Return the encoding of a file that is not UTF-8, judged by its lines beyond ASCII."""
    unicode, wide, other, pairs, first = 0, 0, 0, 0, 0
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if not HIGH.search(line):
                continue
            if _reads(line, "utf-8"):
                unicode += 1
                wide += WIDE.search(line.decode()) is not None
                continue
            other += 1
            first = first or number
            pairs += _is_chinese(line)
    chinese = pairs > other / 2
    unicode = wide if chinese else unicode  # two Chinese bytes may pass for one narrow letter
    if unicode > (FEW * (unicode + other) if chinese else 0):
        guess = "gb18030" if chinese else "latin-1"
        message = (
            f"{name} mixes encodings: {unicode} lines are UTF-8, {other} are not; the first that is not is line {first} "
            f"(row {first - 1}). Save it again in one encoding, or set encoding = '{guess}' to read it all as that"
        )
        raise InputError(message)
    return "gb18030" if chinese else "cp1252" if undecodable(path, "cp1252") == 0 else "latin-1"


def _reads(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_chinese(line: bytes) -> bool:
    """Whether the bytes beyond ASCII come in pairs, as Chinese double bytes do and accented letters do not."""
    runs = HIGH.findall(line)
    even = sum(len(run) % 2 == 0 for run in runs)
    return even > len(runs) / 2 and PAIRS.search(line) is not None and _reads(line, "gb18030")


def _beginning(path: Path, name: str, encoding: str) -> str:
    wrong = undecodable(path, encoding)
    if wrong:
        message = f"{name} is not {encoding}: line {wrong} (row {wrong - 1}) cannot be read. "
        message += "Leave encoding out to have it found, or save the file in one encoding"
        raise InputError(message)
    with path.open(encoding=encoding, newline="") as stream:
        text = stream.read(SAMPLE)
        return text if len(text) < SAMPLE else text + stream.readline()


def _delimiter(text: str, quote: str) -> str:
    """Return the delimiter that splits the first rows into the most fields of one number."""
    best, most = ",", 1.0
    for delimiter in DELIMITERS:
        rows = [
            row
            for row in islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote), SAMPLE_ROWS)
            if row
        ]
        width = len(rows[0]) if rows else 0
        alike = sum(len(row) == width for row in rows) / max(len(rows), 1)
        if width > 1 and width * alike**2 > most:
            best, most = delimiter, width * alike**2
    return best


def _refuse_delimiter(name: str, header: list[str], delimiter: str) -> None:
    line = header[0] if header else ""
    others = [other for other in DELIMITERS if other != delimiter and other in line]
    if others:
        message = f"{name} has one column, '{line[:80]}', when split at '{delimiter}'; it looks split at {others[0]!r}. "
        message += f"Set delimiter = {others[0]!r}, or leave delimiter out to have it found"
        raise InputError(message)
