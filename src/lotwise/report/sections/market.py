"""Where products stand on the market: our prices beside rivals', and what each segment buys more of than all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from lotwise.report import mined_charts
from lotwise.report.charts import Chart
from lotwise.report.numbers import cell, largest
from lotwise.report.sections.blocks import alternative, block, cut, heads, section

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

MOST, DRAWN, NAMED = 6, 20, 6
EVERYBODY = "all"
MORE = 1.1
"""Times the share of all customers from which a segment buys more of something."""


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return our prices against competitors', those furthest apart first, and what segments buy more or less of."""
    blocks = [_rivals(book, words, numbers), _shares(book, words, numbers)]
    weeks = numbers.whole(book.settings.mine.market.weeks)
    return section("market", book, words, ("market", "market_shares"), blocks, words("market.lead", weeks=weeks))


def _rivals(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    found = book.rows("market", {"kind": "competitor"})
    found = sorted(found, key=lambda row: (-abs(row["index"] - 1), row["product"], row["rival"]))
    shown = found[:MOST]
    like = largest(shown, "price", "rival_price")
    rows = [
        (
            book.called(row["product"]),
            book.called(row["rival"]),
            numbers.money(row["price"], cell("market", "price", row), like=like),
            numbers.money(row["rival_price"], cell("market", "rival_price", row), like=like),
            numbers.share(row["index"], cell("market", "index", row), decimals=0),
            numbers.share(row["change"], cell("market", "change", row), decimals=0),
            numbers.score(row["moves_with"], cell("market", "moves_with", row), decimals=2),
        )
        for row in shown
    ]
    names = ("product", "rival", "price>", "rival_price>", "index>", "change>", "moves_with>")
    return block(
        heads(words, "market", *names, currency=numbers.currency),
        rows,
        title=words("market.rivals"),
        chart=_chart(found, book, words, numbers),
        more=cut(words, numbers, len(rows), len(found), "market"),
    )


def _chart(found: list[Row], book: Book, words: Words, numbers: Numbers) -> Chart | None:
    """Return our prices in percent of each competitor's, by product, the dearest against its rivals first."""
    names = sorted({row["rival"] for row in found})[:NAMED]
    index = {
        product: max(row["index"] for row in found if row["product"] == product)
        for product in {row["product"] for row in found}
    }
    order = sorted(index, key=lambda product: (-index[product], product))[:DRAWN]
    rows = [
        {"name": book.name(product), "part": row["rival"], "index": row["index"],
         "shown": str(numbers.share(row["index"], decimals=0))}
        for product in order for row in found if row["product"] == product and row["rival"] in names
    ]  # fmt: skip
    if not rows:
        return None
    said = [f"{row['name']}, {row['part']} {row['shown']}" for row in rows]
    label = words.text("market.label", lines=words.text("headline.join").join(said))
    return Chart("rivals", mined_charts.rivals(rows, title=words.text("market.axis"), names=names), label)


def _shares(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return what segments spend more on than they would with the shares of all customers, the most money first."""
    kind = next((kind for kind in ("brand", "product") if _differs(book, kind)), None)
    found = book.rows("market_shares", {"kind": kind}) if kind else []
    usual = {(row["category"], row["name"]): row for row in found if row["segment"] == EVERYBODY}
    apart = []
    for row in found:
        whole = usual.get((row["category"], row["name"]))
        if whole is not None and row["segment"] != EVERYBODY and row["share"] > MORE * whole["share"]:
            apart.append((row["revenue"] * (1 - whole["share"] / row["share"]), row, whole))
    apart.sort(key=lambda one: (-one[0], one[1]["category"], one[1]["name"], one[1]["segment"]))
    like = max((beyond for beyond, _, _ in apart[:MOST]), default=0.0)
    rows = [
        (
            Markup('{} <span class="under quiet" translate="no">{}</span>').format(
                alternative(row["name"], book, words), row["category"]
            ),
            row["segment"],
            numbers.share(row["share"], cell("market_shares", "share", row)),
            numbers.share(whole["share"], cell("market_shares", "share", whole)),
            numbers.score(row["index"], cell("market_shares", "index", row), decimals=2),
            numbers.money(beyond, like=like),
        )
        for beyond, row, whole in apart[:MOST]
    ]
    return block(
        heads(words, "market", "name", "segment", "share>", "share_all>", "times>", "beyond>", currency=numbers.currency),
        rows,
        title=words("market.shares"),
        lead=words("market.shares_lead"),
        more=cut(words, numbers, len(rows), len(apart), "market_shares"),
    )


def _differs(book: Book, kind: str) -> bool:
    """Return whether any share of a kind is not the whole of its category."""
    return any(row["share"] < 1 for row in book.rows("market_shares", {"kind": kind, "segment": EVERYBODY}))
