"""Texts that the user has labeled: a CSV of text, intent and sentiment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv as pv

from lotwise.errors import ContractError, InputError, breaches, did_you_mean
from lotwise.mine.opinions.reading import spoken_in
from lotwise.mine.opinions.text import clean, language

if TYPE_CHECKING:
    from pathlib import Path

SIDES = {
    "for": True,
    "positive": True,
    "1": True,
    "+": True,
    "against": False,
    "negative": False,
    "-1": False,
    "0": False,
    "-": False,
}
"""How a sentiment may be written."""

SHOWN = 3


@dataclass(frozen=True)
class Labels:
    """Labeled texts, clean: (text, language, intent) and (text, language, whether it is for)."""

    intents: tuple[tuple[str, str, str], ...] = ()
    sentiments: tuple[tuple[str, str, bool], ...] = ()


def read(file: Path) -> Labels:
    """Return the labels of a CSV with the columns ``text, intent`` and, where you like, ``sentiment`` (for, against).

    Raises
    ------
    InputError
        The file cannot be read.
    ContractError
        Columns are missing or values are not of those that may be there; every breach is listed.
    """
    try:
        table = pv.read_csv(file, convert_options=pv.ConvertOptions(
            column_types={name: pa.string() for name in ("text", "intent", "sentiment")}, strings_can_be_null=True,
        ), parse_options=pv.ParseOptions(newlines_in_values=True))  # fmt: skip
    except (OSError, pa.ArrowInvalid) as error:
        message = f"{file} cannot be read: {error}. Expected a CSV with the columns text, intent[, sentiment]."
        raise InputError(message) from error
    return check(table, str(file))


def check(table: pa.Table, name: str) -> Labels:
    """Return the labels of a table; see ``read``."""
    found = []
    for column in ("text", "intent"):
        if column not in table.column_names and not (column == "intent" and "sentiment" in table.column_names):
            hint = did_you_mean(column, table.column_names)
            found.append(f"column '{column}' is missing{hint}; the columns are: {', '.join(table.column_names)}")
    if found:
        raise ContractError(breaches(f"{name} cannot be used", found))
    texts = [clean(text) for text in table["text"].cast(pa.string()).to_pylist()]
    intents, sides = (
        [(value or "").strip() for value in table[column].cast(pa.string()).to_pylist()]
        if column in table.column_names
        else [""] * len(texts)
        for column in ("intent", "sentiment")
    )
    found += _faults(texts, intents, sides)
    if found:
        raise ContractError(breaches(f"{name} cannot be used", found))
    spoken = [spoken_in(text, language(text)) for text in texts]
    rows = list(zip(texts, spoken, intents, sides, strict=True))
    return Labels(
        tuple((text, tongue, intent.lower()) for text, tongue, intent, _ in rows if intent),
        tuple((text, tongue, SIDES[side.lower()]) for text, tongue, _, side in rows if side),
    )


def _faults(texts: list[str], intents: list[str], sides: list[str]) -> list[str]:
    """Return what is wrong, with the rows (the first below the header is 1)."""
    wrong = {
        "text: empty or not readable; expected a message": [row for row, text in enumerate(texts) if not text],
        "neither intent nor sentiment is given": [
            row for row, (intent, side) in enumerate(zip(intents, sides, strict=True)) if not intent and not side
        ],
        f"sentiment: expected one of {', '.join(SIDES)}": [
            row for row, side in enumerate(sides) if side and side.lower() not in SIDES
        ],
    }
    return [
        f"{reason}; found in {len(rows)} rows, such as {', '.join(str(row + 1) for row in rows[:SHOWN])}"
        for reason, rows in wrong.items()
        if rows
    ]
