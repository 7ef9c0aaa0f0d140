"""Tables of a section as blocks: a title, a sentence, headings and rows; one template shows them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.report.book import Book
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

Head = dict[str, Any]


def heads(words: Words, section: str, *names: str, **values: str) -> list[Head]:
    """Return headings, in the words of the section's keys: ``name`` holds words, ``name>`` numbers, ``name~`` longer text."""
    found = []
    for name in names:
        key = name.rstrip(">~")
        text = words(f"{section}.{key}", **values) if "{" in words.text_of(f"{section}.{key}") else words(f"{section}.{key}")
        found.append({"text": text, "right": name.endswith(">"), "is_text": name.endswith("~")})
    return found


def block(
    heads: Sequence[Head],
    rows: Sequence[Sequence[object]],
    *,
    title: Markup | None = None,
    lead: Markup | None = None,
    table: str = "",
    numbers: Numbers | None = None,
    count: int = 0,
) -> dict[str, Any]:
    """Return one block; ``count`` rows there are of ``table``, which is said where more than those shown."""
    all_rows = numbers.whole(count) if numbers is not None and count > len(rows) else None
    return {"heads": heads, "rows": rows, "title": title, "lead": lead, "table": table, "all": all_rows}


def section(
    name: str, book: Book, words: Words, tables: Sequence[str], blocks: Sequence[dict[str, Any]], lead: Markup | None = None
) -> dict[str, Any]:
    """Return what the template of a section is given: its blocks, or why there are none."""
    reasons = [row["note"] for row in book.rows("mining", {"part": PARTS[name]}) if row["note"]]
    nothing = Markup(" ").join(words.phrase(reason) for reason in reasons) if reasons else None
    shown = [one for one in blocks if one["rows"]]
    return {
        "name": name,
        "missing": book.missing(*tables),
        "lead": lead if shown else None,
        "blocks": shown,
        "nothing": nothing,
        "charts": {},
    }


PARTS = {
    "customers": "segments",
    "rules": "rules",
    "preferences": "preferences",
    "opinions": "opinions",
    "trends": "trends",
    "drivers": "drivers",
}
"""Section -> the part of mining that says why it is empty."""


def listed(book: Book, names: Sequence[str]) -> Markup:
    """Return items in one line, products by their names."""
    return Markup(" + ").join(book.called(name) for name in names)
