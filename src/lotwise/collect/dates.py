"""Dates and times in text, read by format in any engine: a pattern finds the parts, ISO text is cast."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

import ibis

from lotwise.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

PARTS = {
    "Y": "([0-9]{4})", "y": "([0-9]{2})", "m": "(0?[1-9]|1[0-2])", "d": "(0?[1-9]|[12][0-9]|3[01])",
    "H": "([01]?[0-9]|2[0-3])", "I": "(0?[1-9]|1[0-2])", "M": "([0-5]?[0-9])", "S": "([0-5]?[0-9])", "f": "([0-9]{1,9})",
    "p": "([AaPp])\\.?[Mm]\\.?", "b": "([^0-9\\s.,/-]+)\\.?", "z": "(Z|[+-][0-9]{2}:?[0-9]{2})", "a": "[^0-9\\s.,]+",
}  # fmt: skip
"""What each directive of a format stands for."""
ALIKE = {"B": "%b", "A": "%a", "e": "%d", "T": "%H:%M:%S", "R": "%H:%M", "F": "%Y-%m-%d", "h": "%b"}

ISO = r"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?)?( ?(Z|[+-][0-9]{2}:?[0-9]{2}))?$"
OFFSET = r"(Z|[+-][0-9]{2}:?[0-9]{2})$"
ZONED = r":[0-9.,]+ ?(Z|[+-][0-9]{2}:?[0-9]{2})$"

DAYS = (
    "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d.%m.%y",
    "%d/%m/%y", "%m/%d/%y", "%Y年%m月%d日", "%d %b %Y", "%b %d, %Y", "%b %d %Y", "%d-%b-%Y", "%d-%b-%y", "%d. %b %Y", "%Y-%m",
)  # fmt: skip
CLOCKS = (
    "",
    " %H:%M",
    " %H:%M:%S",
    " %I:%M %p",
    " %I:%M:%S %p",
    "T%H:%M:%S",
    " %H:%M:%S.%f",
    " %H:%M:%S %z",
    ", %H:%M",
    " um %H:%M",
)
FORMATS = tuple(day + clock for day in DAYS for clock in CLOCKS)
"""Formats a value is held against when it cannot be read, most usual first."""

MONTHS = {
    1: "jan january januar jänner janvier janv enero ene", 2: "feb february februar février févr fév febrero",
    3: "mar march märz mrz mär mars marzo", 4: "apr april avril avr abril abr", 5: "may mai mayo",
    6: "jun june juni juin junio", 7: "jul july juli juillet juil julio", 8: "aug august août aoû agosto ago",
    9: "sep sept september septembre septiembre", 10: "oct october oktober okt octobre octubre",
    11: "nov november novembre noviembre", 12: "dec december dezember dez décembre déc diciembre dic",
}  # fmt: skip

WEEKS_SINCE = "weeks since "
CENTURY = 69
"""Two-digit years from this one on are of the 1900s, as POSIX has it."""
EARLIEST, LATEST = 1900, 2199


@dataclass(frozen=True)
class Format:
    """A date format as a pattern with groups.

    Parameters
    ----------
    pattern
        Regular expression that the whole value must fit.
    group
        Directive -> number of its group.
    """

    pattern: str
    group: dict[str, int]


@dataclass(frozen=True)
class Clock:
    """Times as a wall clock showed them.

    Parameters
    ----------
    wall
        What it showed.
    zone
        The zone it hung in; null for days without a time, which are never moved.
    zones
        All zones that may occur.
    """

    wall: ibis.TimestampValue
    zone: ibis.StringValue
    zones: frozenset[str]


@lru_cache(maxsize=1024)
def compile_format(text: str) -> Format:
    """Return a date format as a pattern.

    Raises
    ------
    SettingsError
        It holds a directive that is not known, or no year.
    """
    spelled = re.sub("%([A-Za-z])", lambda found: ALIKE.get(found[1], found[0]), text)
    pattern = ""
    group: dict[str, int] = {}
    for literal, directive in re.findall("([^%]+)|%(.)", spelled):
        if literal:
            pattern += re.sub(r"(\\ |\s)+", lambda _: r"\s+", re.escape(literal))
            continue
        if directive not in PARTS:
            message = f"format '{text}' holds '%{directive}'; known are {', '.join('%' + known for known in (*PARTS, *ALIKE))}"
            raise SettingsError(message)
        pattern += PARTS[directive]
        if directive != "a":
            group[directive] = len(group) + 1
    if not {"Y", "y"} & set(group):
        message = f"format '{text}' holds no year (%Y or %y)"
        raise SettingsError(message)
    return Format(f"^{pattern}$", group)


def first_week(text: str) -> date:
    """Return the Monday in ``"weeks since 2016-12-26"``.

    Raises
    ------
    SettingsError
        There is no date, or it is no Monday.
    """
    try:
        start = date.fromisoformat(text.removeprefix(WEEKS_SINCE).strip())
    except ValueError as error:
        message = f"format '{text}' holds no date; write it as 'weeks since 2016-12-26'"
        raise SettingsError(message) from error
    if start.weekday():
        message = f"format '{text}': {start} is a {start:%A}; give the Monday that week 1 starts on"
        raise SettingsError(message)
    return start


def week_numbers(text: str) -> tuple[int, int]:
    """Return the first and the last week number within the years that dates may have."""
    start = first_week(text)
    return (date(EARLIEST, 1, 8) - start).days // 7 + 1, (date(LATEST, 12, 24) - start).days // 7 + 1


def read_weeks(number: ibis.NumericValue, format: str) -> ibis.TimestampValue:  # noqa: A002  as in the settings
    """Return the Monday of each week number, counted from 1; numbers are whole and within ``week_numbers``."""
    start = ibis.literal(first_week(format), "date").cast("timestamp(6)")
    return start + ((number.cast("int64") - 1) * 7).as_interval("D")


def read_time(text: ibis.StringValue, format: str | None, source: str) -> Clock:  # noqa: A002  as in the settings
    """Return the time in trimmed text, null where it cannot be read.

    Parameters
    ----------
    text
        The values.
    format
        Such as ``"%d/%m/%Y %H:%M"``; None: ISO 8601.
    source
        Time zone of values without an offset of their own.
    """
    if format is None:
        return _read_iso(text, source)
    known = compile_format(format)
    fits = text.re_search(known.pattern)
    wall = fits.ifelse(_assemble(text, known), None).try_cast("timestamp(6)")
    if "z" in known.group:
        offset = text.re_extract(known.pattern, known.group["z"])
        return Clock(wall - _seconds(offset).as_interval("s"), ibis.literal("UTC"), frozenset({"UTC"}))
    if {"H", "I"} & set(known.group):
        return Clock(wall, ibis.literal(source), frozenset({source}))
    return Clock(wall, ibis.null("string"), frozenset())


def _read_iso(text: ibis.StringValue, source: str) -> Clock:
    """Return ISO 8601 times: an offset of their own counts; a day without a time is never moved."""
    iso = text.re_search(ISO).ifelse(text, None)
    zoned = iso.re_search(ZONED)
    naive = zoned.ifelse(iso.re_replace(" ?" + OFFSET, ""), iso).try_cast("timestamp(6)")
    offset = zoned.ifelse(_seconds(iso.re_extract(OFFSET, 1)), 0)
    zone = zoned.ifelse("UTC", iso.contains(":").ifelse(source, None))
    return Clock(naive - offset.as_interval("s"), zone, frozenset({"UTC", source}))


def _assemble(text: ibis.StringValue, known: Format) -> ibis.StringValue:
    """Return the parts of each value as ISO text."""

    def part(directive: str, absent: str) -> ibis.StringValue:
        if directive not in known.group:
            return ibis.literal(absent)
        return text.re_extract(known.pattern, known.group[directive])

    year = part("Y", "")
    if "Y" not in known.group:
        short = part("y", "00")
        year = (short.cast("int64") >= CENTURY).ifelse("19", "20") + short
    month = part("m", "1").lpad(2, "0")
    if "b" in known.group:
        names = [(name, f"{number:02d}") for number, names in MONTHS.items() for name in names.split()]
        month = part("b", "").lower().cases(*names, else_="??")
    hour = part("H", "0")
    if "I" in known.group:
        late = part("p", "a").lower() == "p"
        twelve = part("I", "0").cast("int64") % 12
        hour = (twelve + late.ifelse(12, 0)).cast("string")
    second = part("S", "0").lpad(2, "0") + "." + part("f", "0")
    return (
        year
        + "-"
        + month
        + "-"
        + part("d", "1").lpad(2, "0")
        + " "
        + hour.lpad(2, "0")
        + ":"
        + part("M", "0").lpad(2, "0")
        + ":"
        + second
    )


def _seconds(offset: ibis.StringValue) -> ibis.IntegerValue:
    """Return an offset such as ``+05:30`` in seconds, 0 for ``Z``."""
    digits = offset.replace(":", "")
    hours, minutes = digits.substr(1, 2).try_cast("int64"), digits.substr(3, 2).try_cast("int64")
    size = (hours * 3600 + minutes * 60).fill_null(0)
    return offset.startswith("-").ifelse(-size, size)


def formats_that_fit(values: Sequence[str]) -> list[str]:
    """Return the known formats that the most of the values fit, most usual first; none where no value fits any."""
    fits = {known: sum(re.search(compile_format(known).pattern, value) is not None for value in values) for known in FORMATS}
    most = max(fits.values())
    return [known for known, count in fits.items() if count == most] if most else []


def hint(values: Sequence[str]) -> str:
    """Return, for values that are no date as expected, what would read them, as the end of a sentence."""
    formats = formats_that_fit(values)
    return "; it would fit format = " + " or ".join(f"'{known}'" for known in formats) if formats else ""
