"""One column of ours read from one of theirs: the value in our type, or the reason it cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import ibis

from lotwise.collect import amounts, dates
from lotwise.tables.columns import COUNT, DAY, FLAG, REAL, TEXT, TIME

if TYPE_CHECKING:
    import pyarrow as pa

    from lotwise.config import Field
    from lotwise.tables import Column

TYPES = {TEXT: "string", REAL: "float64", COUNT: "int64", FLAG: "boolean", DAY: "date", TIME: "timestamp(6)"}
"""Our Arrow types as the engines' types."""
TRUE = ("true", "t", "yes", "y", "1", "ja", "j", "oui", "o", "sí", "si", "s", "是", "x", "on")
FALSE = ("false", "f", "no", "n", "0", "nein", "non", "否", "off")
MINIMUM, MAXIMUM = -(2.0**53), 2.0**53
OUT_OF_RANGE = "is out of range: dates from 1900 to 2199"
NO = False
"""What a comparison with nothing comes to."""


@dataclass(frozen=True)
class Reading:
    """How one of our columns is read.

    Parameters
    ----------
    value
        The values in our type; null where there is none or it cannot be read.
    given
        The values as they stand, as text; None where nothing can go wrong.
    reason
        Why a value cannot be read; null where it can.
    """

    value: ibis.Value
    given: ibis.StringValue | None = None
    reason: ibis.StringValue | None = None


@dataclass(frozen=True)
class Style:
    """How the values of one set of files are written: decimal mark, their time zone, ours."""

    decimal: str = "."
    zone: str = "UTC"
    target: str = "UTC"


def constant(column: Column, value: str | float | bool) -> Any:  # noqa: ANN401, FBT001  a setting holds any of these
    """Return a value from the settings in a column's type.

    Raises
    ------
    ValueError
        It cannot have that type; the message is a breach.
    """
    try:
        found = _constant(column.type, value)
    except ValueError as error:
        message = f"{value!r} is not {_kind(column)}"
        raise ValueError(message) from error
    if column.choices and found not in column.choices:
        message = f"{value!r} is none of {', '.join(column.choices)}"
        raise ValueError(message)
    if (column.low is not None and found < column.low) or (column.high is not None and found > column.high):
        message = f"{value!r} is not within {column.low} and {column.high}"
        raise ValueError(message)
    return found


def literal(column: Column, value: str | float | bool) -> ibis.Value:  # noqa: FBT001  a setting holds any of these
    """Return a value from the settings as a value of the engine, in a column's type.

    It is cast from text: engines take a bare ``1.0`` for a decimal, whatever type it is said to have.
    """
    return ibis.literal(str(constant(column, value))).cast(TYPES[column.type])


def plain(value: str | float | bool) -> str:  # noqa: FBT001  a setting holds any of these
    """Return a value from the settings as text, whole numbers without a point."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def as_text(theirs: ibis.Value) -> ibis.StringValue:
    """Return their values as trimmed text, null where they are empty; whole numbers without a point."""
    kind = theirs.type()
    if kind.is_string():
        return theirs.strip().nullif("")
    if kind.is_floating():
        whole = theirs.try_cast("int64")
        return (whole.cast("float64") == theirs).ifelse(whole.cast("string"), theirs.cast("string"))
    return theirs.cast("string")


def as_number(theirs: ibis.Value, decimal: str) -> ibis.FloatingValue:
    """Return their values as numbers, null where there is none."""
    kind = theirs.type()
    if kind.is_numeric() or kind.is_boolean():
        return theirs.cast("float64")
    return amounts.read_number(as_text(theirs), decimal)


def absent(column: Column) -> Reading:
    """Return a column that the source does not have."""
    return Reading(ibis.null(TYPES[column.type]))


def fixed(column: Column, value: str | float | bool) -> Reading:  # noqa: FBT001  a setting holds any of these
    """Return a column that is the same in every row."""
    return Reading(literal(column, value))


def read(
    column: Column,
    theirs: ibis.Value,
    how: Field,
    style: Style,
    *,
    divisor: ibis.Value | None = None,
    ready: ibis.Value | None = None,
) -> Reading:
    """Return how a column of ours is read from one of theirs.

    The steps, in order: the map, the type, factor and divisor, the contract's range and choices, the default.

    Parameters
    ----------
    column
        Ours.
    theirs
        Their values.
    how, style
        As the mapping says.
    divisor
        Their values to divide by.
    ready
        For times: the values on the project's clock, where they had to be moved; see ``moments``.
    """
    given = as_text(theirs)
    if how.map:
        value, wrong = _mapped(column, given, how)
    else:
        value, wrong = _typed(column, theirs, how, style, ready)
    if column.type in (REAL, COUNT) and (how.factor != 1 or divisor is not None):
        value, more = _scaled(column, value, how.factor, None if divisor is None else as_number(divisor, style.decimal))
        wrong += more
    if not how.map:  # what a map gives is checked with the settings
        value, more = _bounded(column, value)
        wrong += more
    reason = _reason(wrong)
    if reason is not None:
        value = reason.isnull().ifelse(value, None)
    if how.default is not None:
        value = given.isnull().ifelse(literal(column, how.default), value)
    return Reading(value, given, reason)


Wrong = list[tuple[Any, Any]]
"""Conditions under which a value cannot be read, each with its reason."""


def _mapped(column: Column, given: ibis.StringValue, how: Field) -> tuple[ibis.Value, Wrong]:
    kind = TYPES[column.type]
    pairs = [(key, literal(column, value)) for key, value in how.map.items()]
    if how.otherwise is not None:
        other = literal(column, how.otherwise)
        return given.cases(*pairs, else_=given.isnull().ifelse(None, other)), []
    known = given.isin(list(how.map))
    reason = f"is not in the map of column '{column.name}'; add it there, or set otherwise"
    return given.cases(*pairs, else_=ibis.null(kind)), [(given.notnull() & ~known, reason)]


def _typed(column: Column, theirs: ibis.Value, how: Field, style: Style, ready: ibis.Value | None) -> tuple[ibis.Value, Wrong]:
    if column.type == TEXT:
        return as_text(theirs), []
    if column.type == FLAG:
        return _flag(theirs)
    if column.type in (DAY, TIME):
        return _time(column, theirs, how, style, ready)
    return _number(column, theirs, style)


def _flag(theirs: ibis.Value) -> tuple[ibis.Value, Wrong]:
    if theirs.type().is_boolean():
        return theirs, []
    text = as_text(theirs)
    value = text.lower().cases(*((t, True) for t in TRUE), *((f, False) for f in FALSE), else_=ibis.null("boolean"))
    return value, [(text.notnull() & value.isnull(), "is neither true nor false")]


def _number(column: Column, theirs: ibis.Value, style: Style) -> tuple[ibis.Value, Wrong]:
    kind = theirs.type()
    if kind.is_integer():
        return theirs.cast(TYPES[column.type]), []
    number = as_number(theirs, style.decimal)
    wrong: Wrong = []
    if kind.is_floating():
        wrong.append((number.isnan() | number.isinf(), "is not a finite number"))
    elif kind.is_string():
        mark = "comma" if style.decimal == "," else "point"
        wrong.append((as_text(theirs).notnull() & number.isnull(), f"is not a number with a decimal {mark}"))
    if column.type == REAL:
        return number, wrong
    whole = ((number == number.floor()) & number.between(MINIMUM, MAXIMUM)).ifelse(number, None).try_cast("int64")
    return whole, [*wrong, (number.notnull() & whole.isnull(), "is not a whole number")]


def _time(column: Column, theirs: ibis.Value, how: Field, style: Style, ready: ibis.Value | None) -> tuple[ibis.Value, Wrong]:
    if how.format is not None and how.format.startswith(dates.WEEKS_SINCE):
        return _week(theirs, how.format, style)
    time = clock(theirs, how, style).wall if ready is None else ready
    wrong: Wrong = []
    if not theirs.type().is_temporal() or how.format is not None:
        expected = f"does not fit the format '{how.format}'" if how.format else "is not a date such as 2024-12-31"
        wrong.append((as_text(theirs).notnull() & time.isnull(), expected))
    elif theirs.type().is_date():
        wrong.append((theirs.notnull() & time.isnull(), OUT_OF_RANGE))
    years = time.year()
    wrong.append((time.notnull() & ~years.between(dates.EARLIEST, dates.LATEST), OUT_OF_RANGE))
    if column.name == "week":
        time = time.truncate("W")
    return (time.cast("date") if column.type == DAY else time), wrong


def clock(theirs: ibis.Value, how: Field, style: Style) -> dates.Clock:
    """Return the times of a column of theirs, each with the zone its clock hung in."""
    kind = theirs.type()
    if kind.is_timestamp() and (kind.timezone or how.format is None):
        zone = "UTC" if kind.timezone else style.zone
        return dates.Clock(theirs.cast("timestamp(6)"), ibis.literal(zone), frozenset({zone}))
    if kind.is_date() and how.format is None:
        return dates.Clock(theirs.try_cast("timestamp(6)"), ibis.null("string"), frozenset())
    return dates.read_time(as_text(theirs), how.format, style.zone)


def _week(theirs: ibis.Value, format: str, style: Style) -> tuple[ibis.Value, Wrong]:  # noqa: A002
    """Return the Monday of numbered weeks, as a day."""
    counted = theirs.type().is_integer()
    number = theirs if counted else as_number(theirs, style.decimal)
    known = number.between(*dates.week_numbers(format)) & (ibis.literal(not NO) if counted else number == number.floor())
    wrong = (theirs.notnull() if theirs.type().is_numeric() else as_text(theirs).notnull()) & ~known.fill_null(NO)
    return dates.read_weeks(known.ifelse(number, None), format).cast("date"), [
        (wrong, "is not the number of a week from 1900 to 2199")
    ]


def _scaled(column: Column, value: ibis.Value, factor: float, divisor: ibis.Value | None) -> tuple[ibis.Value, Wrong]:
    """Return value x factor / divisor, rounded to whole numbers where the column counts."""
    wrong: Wrong = []
    result = value.cast("float64") * factor
    if divisor is not None:
        wrong.append((value.notnull() & (divisor == 0), "cannot be divided by 0"))
        wrong.append((value.notnull() & divisor.isnull(), "has no number to be divided by"))
        result = result / divisor.nullif(0.0)
    if column.type == COUNT:
        result = result.round().cast("int64")
    return result, wrong


def _bounded(column: Column, value: ibis.Value) -> tuple[ibis.Value, Wrong]:
    wrong: Wrong = []
    if column.choices:
        value = value.lower()
        wrong.append((value.notnull() & ~value.isin(column.choices), f"is none of {', '.join(column.choices)}; give a map"))
    if column.low is not None:
        wrong.append((value < column.low, f"is below {column.low:g}"))
    if column.high is not None:
        wrong.append((value > column.high, f"is above {column.high:g}"))
    return value, wrong


def _reason(wrong: Wrong) -> ibis.StringValue | None:
    """Return the first reason that holds."""
    reason: ibis.StringValue | None = None
    for condition, why in reversed(wrong):
        words = ibis.literal(why) if isinstance(why, str) else why
        later = ibis.null("string") if reason is None else reason
        reason = condition.fill_null(NO).ifelse(words, later)
    return reason


def _constant(kind: pa.DataType, value: str | float | bool) -> Any:  # noqa: ANN401, FBT001
    if kind == TEXT:
        return plain(value)
    if kind == FLAG:
        text = plain(value).lower()
        if text not in TRUE + FALSE:
            raise ValueError(text)
        return text in TRUE
    if kind == DAY:
        return date.fromisoformat(str(value))
    if kind == TIME:
        return datetime.fromisoformat(str(value)).replace(tzinfo=None)
    number = float(value)
    if kind == COUNT and not number.is_integer():
        raise ValueError(value)
    return int(number) if kind == COUNT else number


def _kind(column: Column) -> str:
    return {REAL: "a number", COUNT: "a whole number", FLAG: "true or false", DAY: "a date", TIME: "a time"}[column.type]
