"""frePPLe's JSON as rows of its models, each field as the kind that the schema names."""

from __future__ import annotations

import gzip
import json
import math
import re
import zlib
from collections import Counter
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from lotwise.collect.frepple.rows import EVER, HOUR, MOST_SHOWN, NEVER
from lotwise.collect.frepple.schema import SCHEMA, TECHNICAL
from lotwise.errors import InputError, breaches, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lotwise.collect.frepple.schema import Row

MOST_BYTES = 200_000_000


def read(file: Path) -> tuple[dict[str, list[Row]], Counter[tuple[str, str]]]:
    """Return the rows of every model with the fields that are read, and (model, other field) -> rows that fill it.

    Raises
    ------
    InputError
        As for ``convert``.
    """
    content = _content(file)
    shaped = isinstance(content, list) and all(
        isinstance(row, dict) and isinstance(row.get("model"), str) and isinstance(row.get("fields"), dict) for row in content
    )
    if not shaped or not any(row["model"].startswith("input.") for row in content):
        message = (
            f"{file} is JSON, but no frePPLe model: a list of {{model, fields}} with models such as input.item is expected. "
        )
        message += 'Export one with "frepplectl dumpdata input common.parameter".'
        raise InputError(message)
    models: dict[str, list[Row]] = {model: [] for model in SCHEMA}
    unread: Counter[tuple[str, str]] = Counter()
    faults: list[str] = []
    for number, row in enumerate(content, start=1):
        model = row["model"].lower()
        given = {name.removesuffix("_id"): value for name, value in row["fields"].items()}
        if row.get("pk") is not None and "name" not in given:
            given["name"] = row["pk"]
        kinds = SCHEMA.get(model, {})
        models.setdefault(model, []).append(_parsed(given, kinds, f"{model} (entry {number})", faults))
        for name in given.keys() - kinds.keys() - TECHNICAL if kinds else ():
            if name != "name" and given[name] not in (None, "", 0, "0.0", "0", False, [], {}):
                unread[model, name] += 1
    if faults:
        more = [f"and {len(faults) - MOST_SHOWN} more"] if len(faults) > MOST_SHOWN else []
        listed = breaches(f"{file} holds values that cannot be read", [*faults[:MOST_SHOWN], *more])
        message = f"{listed}\nCorrect them in frePPLe and export again."
        raise InputError(message)
    return models, unread


def _content(file: Path) -> Any:  # noqa: ANN401  JSON holds anything
    advice = "Export it again from frePPLe, or copy it again."
    try:
        with file.open("rb") as raw:
            is_packed = raw.read(2) == b"\x1f\x8b"
        with gzip.open(file, "rb") if is_packed else file.open("rb") as stream:
            text = stream.read(MOST_BYTES + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        message = f"{file} is a gzip file that is cut off or damaged. {advice}"
        raise InputError(message) from error
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror}. Give the path of frePPLe's JSON file."
        raise InputError(message) from error
    if len(text) > MOST_BYTES:
        message = f"{file} holds more than {MOST_BYTES // 1_000_000} MB of JSON. Export fewer models or closed orders."
        raise InputError(message)
    try:
        return json.loads(text.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        message = f"{file} is not JSON: {error}. {advice}"
        raise InputError(message) from error


def _parsed(given: Row, kinds: dict[str, str], where: str, faults: list[str]) -> Row:
    row: Row = {}
    for name, kind in kinds.items():
        value = given.get(name)
        if value is None or value == "":
            row[name] = None
            if kind.endswith("!"):
                faults.append(f"{where}: field '{name}' is missing{did_you_mean(name, sorted(given.keys() - kinds.keys()))}")
            continue
        try:
            row[name] = KINDS[kind.rstrip("!")](value)
        except (ValueError, TypeError, OverflowError):
            faults.append(f"{where}: field '{name}' = {str(value)[:60]!r} is no {kind.rstrip('!')}")
    return row


def _text(value: Any) -> str:  # noqa: ANN401  JSON holds anything
    """Return a name, or the natural key of one part that a Django dump refers to a row by."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, (list, dict)):
        raise TypeError
    return str(value).strip()


def _number(value: Any) -> float:  # noqa: ANN401  JSON holds anything
    number = float(value)
    if isinstance(value, bool) or not math.isfinite(number):
        raise ValueError
    return number


def _flag(value: Any) -> bool:  # noqa: ANN401  JSON holds anything
    if str(value).lower() not in {"true", "1", "false", "0"}:
        raise ValueError
    return str(value).lower() in {"true", "1"}


def moment(value: Any) -> datetime:  # noqa: ANN401  JSON holds anything
    """Return a moment without its zone, within the years that are reckoned with."""
    return min(max(datetime.fromisoformat(str(value)).replace(tzinfo=None), EVER), NEVER)


def _clock(value: Any) -> float:  # noqa: ANN401  JSON holds anything
    """Return the hour of the day; a second before the full minute is meant as the full minute."""
    at = time.fromisoformat(str(value))
    seconds = at.hour * 3600 + at.minute * 60 + at.second
    return (seconds + (at.second == 59)) / HOUR  # noqa: PLR2004  the last second of a minute


def _seconds(value: Any) -> float:  # noqa: ANN401  JSON holds anything
    """Return a duration given as seconds, as ``[DD ]HH:MM:SS`` or as ISO 8601, the three ways of Django."""
    found = re.fullmatch(r"(?:(\d+) )?(\d+):(\d+):(\d+(?:\.\d+)?)", str(value)) or re.fullmatch(
        r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", str(value)
    )
    if found is None:
        return _number(value)
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return days * 86_400 + hours * 3600 + minutes * 60 + seconds


KINDS: dict[str, Callable[[Any], Any]] = {
    "text": _text, "number": _number, "flag": _flag, "moment": moment, "clock": _clock, "seconds": _seconds,
}  # fmt: skip
