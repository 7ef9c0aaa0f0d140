"""What rises, falls or has changed for good, with its dates and where it was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from lotwise.report import mined_charts
from lotwise.report.charts import Chart
from lotwise.report.numbers import between, cell, count, largest
from lotwise.report.sections.blocks import block, cut, heads, named, section

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Figure, Numbers
    from lotwise.report.words import Words

MOST, DRAWN = 4, 12
BREAK = "\n"
"""What parts the lines of a label."""
SOLD = ("all", "category", "product")
"""Kinds of series of what is sold, which are shown together."""
KINDS = ("option", "word", "search", "opinion", "competitor", "signal")
WIDEST = 4.0
"""Levels before times so much are the most a drawing shows of an interval."""


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the changes in what is sold, then those of each other kind, the largest first."""
    sold = book.rows("trends", {"kind": list(SOLD)})
    sold = sorted(sold, key=lambda row: (-abs(row["money"] or 0.0), row["p_value"], row["series"], row["start"]))
    blocks = [
        _block("sold", sold, 2 * MOST, book, words, numbers),
        *(_block(kind, book.rows("trends", {"kind": kind}), MOST, book, words, numbers) for kind in KINDS),
    ]
    blocks[0]["chart"] = _chart(sold[:DRAWN], book, words)
    return section("trends", book, words, ("trends",), blocks, words("trends.lead"))


def _block(kind: str, found: list[Row], most: int, book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    shown = found[:most]
    like = largest(shown, "money")
    has_ends = any(row["low"] is not None for row in shown)
    has_money = any(row["money"] is not None for row in shown)
    rows = [
        (
            _series(row, book, words),
            _since(row, words),
            *(_level(row, end, numbers) for end in ("before", "after")),
            numbers.share(row["relative"], cell("trends", "relative", row), decimals=0),
            *((between(*(numbers.share(row[end], decimals=0) for end in ("low", "high"))),) if has_ends else ()),
            *((numbers.money(row["money"], cell("trends", "money", row), like=like),) if has_money else ()),
        )
        for row in shown
    ]
    names = ("series", "since~", "before>", "after>", "relative>", *(("interval>",) if has_ends else ()))
    names = (*names, *(("money>",) if has_money else ()))
    sources = sorted({row["source"] for row in found})
    where = {"kind": kind} if kind != "sold" else None
    seen = words(
        "trends.source",
        count=numbers.whole(len(found), count("trends", where) if where else None),
        source=Markup(" ").join(Markup("<code>{}</code>").format(source) for source in sources),
        unit=words.phrase(shown[0]["unit"]) if shown else "",
    )
    return block(
        heads(words, "trends", *names, currency=numbers.currency),
        rows,
        title=words(f"trends.kind_{kind}"),
        lead=seen,
        more=cut(words, numbers, len(rows), len(found), "trends"),
    )


def _series(row: Row, book: Book, words: Words) -> Markup:
    if row["kind"] == "all":
        return words("trends.kind_all")
    return Markup('<span translate="no">{}</span>').format(named(book, row["series"]))


def _since(row: Row, words: Words) -> Markup:
    change = words(f"trends.{row['change'].replace(' ', '_')}")
    return words("trends.since_day", change=change, day=words.day(row["start"]))


def _level(row: Row, name: str, numbers: Numbers) -> Figure:
    origin = cell("trends", name, row)
    return numbers.share(row[name], origin) if row["unit"].startswith("share") else numbers.units(row[name], origin)


def _chart(shown: list[Row], book: Book, words: Words) -> Chart | None:
    """Return the levels after the changes in percent of those before."""
    shown = [row for row in shown if row["relative"] is not None and row["low"] is not None and row["high"] is not None]
    if not shown:
        return None
    parts = [words.text(f"trends.{part}") for part in ("less", "more")]
    rows = [
        {
            "name": f"{_series(row, book, words).striptags()}\n{words.brief(row['start'])}",
            "part": parts[int(row["relative"] > 0)],
            "after": 1 + row["relative"],
            "low": 1 + row["low"],
            "high": min(1 + row["high"], max(WIDEST, 1 + row["relative"])),
            "shown": f"{_since(row, words)}: {_percent(row['relative'])}",
            "between": f"[{_percent(row['low'])}, {_percent(row['high'])}]",
        }
        for row in shown
    ]
    said = [f"{row['name'].partition(BREAK)[0]} {row['shown']} {row['between']}" for row in rows]
    label = words.text("trends.label", lines=words.text("headline.join").join(said))
    return Chart("changed", mined_charts.changed(rows, title=words.text("trends.axis"), parts=parts), label)


def _percent(share: float) -> str:
    return f"{100 * share:+.0f} %".replace("-", "\u2212")
