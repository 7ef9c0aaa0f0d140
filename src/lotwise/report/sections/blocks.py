"""Tables of a section as blocks: a title, a sentence, a drawing, headings and rows; one template shows them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from lotwise.report.numbers import NOTHING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.report.book import Book
    from lotwise.report.charts import Chart
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

CATEGORY = "category "
"""How the choice of a product within a category is called."""
OTHER = "other"
"""Products of a category that are not told apart."""
OURS = (OTHER, "nothing", "1 more", "other products", "no brand")
"""Values that are words of mining and no names."""

Head = dict[str, Any]
Block = dict[str, Any]

PARTS = {
    "customers": ("segments", "profiles", "propensity"),
    "rules": ("rules",),
    "preferences": ("preferences",),
    "opinions": ("opinions",),
    "trends": ("trends",),
    "market": ("market",),
    "drivers": ("drivers",),
}
"""Section -> the parts of mining that say why it is empty."""


def heads(words: Words, section: str, *names: str, **values: str) -> list[Head]:
    """Return headings, in the words of the section's keys: ``name`` holds words, ``name>`` numbers, ``name~`` longer text."""
    return [
        {
            "text": words(f"{section}.{name.rstrip('>~')}", **values),
            "right": name.endswith(">"),
            "is_text": name.endswith("~"),
        }
        for name in names
    ]


def block(
    heads: Sequence[Head],
    rows: Sequence[Sequence[object]],
    *,
    title: Markup | None = None,
    lead: Markup | None = None,
    chart: Chart | None = None,
    more: Markup | None = None,
    notes: Sequence[Markup] = (),
) -> Block:
    """Return one block: its table, and what stands above (title, lead, drawing) and below it (``more``, notes)."""
    return {"heads": heads, "rows": rows, "title": title, "lead": lead, "chart": chart, "more": more, "notes": notes}


def cut(words: Words, numbers: Numbers, shown: int, count: int, table: str) -> Markup | None:
    """Return how many of all rows of a table are shown and the command for all; nothing where none is left out."""
    if shown >= count:
        return None
    said = words("page.more", shown=numbers.whole(shown), all=numbers.whole(count))
    return Markup("{}<code>lotwise show {}</code>").format(said, table)


def section(
    name: str, book: Book, words: Words, tables: Sequence[str], blocks: Sequence[Block], lead: Markup | None = None
) -> dict[str, Any]:
    """Return what the template of a section is given: its blocks, or why there are none."""
    reasons = [row["note"] for row in book.rows("mining", {"part": list(PARTS[name]), "ended": "left out"}) if row["note"]]
    shown = [one for one in blocks if one["rows"] or one["chart"]]
    drawn = [one["chart"] for one in shown if one["chart"]]
    return {
        "name": name,
        "missing": book.missing(*tables),
        "lead": lead if shown else None,
        "blocks": shown,
        "nothing": words("headline.join").join(words.phrase(reason) for reason in dict.fromkeys(reasons)) if reasons else None,
        "charts": {chart.name: chart for chart in drawn},
    }


def listed(book: Book, names: Sequence[str]) -> Markup:
    """Return items in one line, products by their names and values of options after their option."""
    return Markup(" + ").join(_item(book, name) for name in names)


def _item(book: Book, name: str) -> Markup:
    option, equals, value = name.partition("=")
    if not equals or name in book.names:
        return book.called(name)
    return book.called(value) if option == "product" else book.called(f"{option}: {value}")


def chosen(book: Book, words: Words, choice: str, *, short: bool = False) -> Markup:
    """Return what is chosen, such as ``category coats`` (in short ``coats``) or ``COAT size``, a product by its name."""
    if not choice.startswith(CATEGORY):
        return book.called(named(book, choice))
    return book.called(choice.removeprefix(CATEGORY)) if short else words.term(choice)


def alternative(value: str | None, book: Book, words: Words) -> Markup:
    """Return a product by its name, a value of an option as it is, and what stands for several or for none in words."""
    if value is None:
        return Markup("{}").format(NOTHING)
    return words.term(value) if value in OURS else book.called(value)


def named(book: Book, said: str) -> str:
    """Return a text that begins with the code of a product, such as ``COAT size``, or ends with one, with its name."""
    before, apart, after = said.rpartition(": ")
    if apart and after in book.names:
        return f"{before}: {book.name(after)}"
    parts = said.split(" ")
    for length in range(len(parts), 0, -1):
        code = " ".join(parts[:length])
        if code in book.names:
            return " ".join([book.name(code), *parts[length:]])
    return said


def quoted(text: str | None, most: int = 160) -> Markup:
    """Return what a customer wrote, cut where it is long, marked as not to be translated."""
    whole = text or ""
    return Markup('<span translate="no">{}</span>').format(whole if len(whole) <= most else f"{whole[:most].rstrip()} …")
