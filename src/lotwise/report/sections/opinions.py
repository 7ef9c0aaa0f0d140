"""What customers write of each product, and the changes they ask for with the money at stake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report import mined_charts
from lotwise.report.charts import Chart
from lotwise.report.numbers import between, cell, count, largest, total
from lotwise.report.sections.blocks import block, cut, heads, quoted, section

if TYPE_CHECKING:
    from markupsafe import Markup

    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

MOST, ASPECTS = 6, 12


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the changes asked for, most money first, what is said for and against, what messages want, and of what."""
    readings = book.table("readings")
    texts = numbers.whole(readings.num_rows if readings is not None else 0, count("readings", {}))
    made = (_requests, _aspects, _intents, _topics, _scores)
    blocks = [part(book, words, numbers) for part in made]
    lead = words("opinions.lead", texts=texts)
    return section("opinions", book, words, ("readings", "opinions", "requests"), blocks, lead)


def _requests(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    found = book.rows("requests")
    found = sorted(found, key=lambda row: (-(row["at_stake"] or 0.0), -row["texts"], row["product"], row["change"]))
    shown = found[:MOST]
    like = largest(shown, "at_stake_high")
    rows = [
        (
            words.phrase(row["change"]),
            _of(row, book, words),
            numbers.whole(row["texts"], cell("requests", "texts", row)),
            numbers.share(row["share"], cell("requests", "share", row)),
            numbers.money(row["at_stake"], cell("requests", "at_stake", row), like=like),
            between(*(numbers.money(row[f"at_stake_{end}"], like=like) for end in ("low", "high"))),
            quoted(row["example"]),
        )
        for row in shown
    ]
    basis = next((row["basis"] for row in shown if row["basis"]), None)
    return block(
        heads(words, "opinions", "asked~", "product", "texts>", "share>", "stake>", "interval>", "example~",
              currency=numbers.currency),
        rows,
        title=words("opinions.requests"),
        lead=words("opinions.requests_lead"),
        more=cut(words, numbers, len(rows), len(found), "requests"),
        notes=[words("opinions.basis", basis=words.phrase(basis))] if basis else [],
    )  # fmt: skip


def _aspects(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    found = sorted(book.rows("opinions"), key=lambda row: (-row["negative"], row["product"], row["aspect"]))
    rows = [
        (
            _aspect(row["aspect"], words),
            _of(row, book, words),
            *(numbers.whole(row[name], cell("opinions", name, row)) for name in ("texts", "positive", "negative")),
            numbers.score(row["sentiment"], cell("opinions", "sentiment", row), decimals=2),
            between(*(numbers.score(row[end], decimals=2) for end in ("low", "high"))),
            quoted(row["example"]),
        )
        for row in found[:MOST]
    ]
    return block(
        heads(
            words, "opinions", "aspect", "product", "texts>", "positive>", "negative>", "sentiment>", "interval>", "example~"
        ),
        rows,
        title=words("opinions.aspects"),
        lead=words("opinions.aspects_lead"),
        chart=_chart(book, words, numbers),
        more=cut(words, numbers, len(rows), len(found), "opinions"),
    )


def _chart(book: Book, words: Words, numbers: Numbers) -> Chart | None:
    """Return what was said for and against each aspect, over all products."""
    against, favor = (book.sums("opinions", "aspect", column) for column in ("negative", "positive"))
    order = list(against)[:ASPECTS]
    if len(order) <= 1:
        return None
    parts = [words.text(f"opinions.{part}") for part in ("negative", "positive")]
    rows = [
        {"name": _aspect(aspect, words).striptags(), "part": part, "texts": sign * texts[aspect],
         "shown": str(numbers.whole(texts[aspect]))}
        for aspect in order
        for part, sign, texts in zip(parts, (-1, 1), (against, favor), strict=True)
    ]  # fmt: skip
    said = [f"{row['name']}, {row['part']} {row['shown']}" for row in rows]
    label = words.text("opinions.label", lines=words.text("headline.join").join(said))
    return Chart("aspects", mined_charts.opposed(rows, parts=parts, texts=words.text("opinions.texts")), label)


def _intents(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return what the writers of service messages want."""
    intents = book.values("readings", "intent")
    sizes = {name: part.num_rows for name in intents if (part := book.part("readings", {"intent": name})) is not None}
    whole = sum(sizes.values()) or 1
    rows = [
        (
            words.term(name),
            numbers.whole(sizes[name], count("readings", {"intent": name})),
            numbers.share(sizes[name] / whole),
        )
        for name in sorted(sizes, key=lambda name: (-sizes[name], name))
    ]
    return block(heads(words, "opinions", "intent", "messages>", "of_all>"), rows, title=words("opinions.intents"))


def _topics(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the topics most written about, by the words they are told by."""
    texts = book.sums("topics", "topic", "texts")
    first = {topic: book.rows("topics", {"topic": topic}, most=1)[0] for topic in list(texts)[:MOST]}
    rows = [
        (
            quoted(row["words"]),
            words(f"opinions.language_{row['language']}"),
            numbers.whole(texts[topic], total("topics", "texts", {"topic": topic})),
        )
        for topic, row in first.items()
    ]
    return block(
        heads(words, "opinions", "topic", "language", "texts>"),
        rows,
        title=words("opinions.topics"),
        more=cut(words, numbers, len(rows), len(texts), "topics"),
    )


def _scores(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return how well texts were read that the readers had not seen."""
    rows = [
        (
            words.term(row["task"]),
            words(f"opinions.language_{row['language']}"),
            words.phrase(row["model"]),
            numbers.whole(row["texts"], cell("text_scores", "texts", row)),
            numbers.share(row["accuracy"], cell("text_scores", "accuracy", row)),
            numbers.score(row["macro_f1"], cell("text_scores", "macro_f1", row), decimals=2),
            words.phrase(row["basis"]),
        )
        for row in book.rows("text_scores")
    ]
    names = ("task", "language", "reader~", "texts>", "accuracy>", "macro_f1>", "right~")
    return block(heads(words, "opinions", *names), rows, title=words("opinions.scores"))


def _of(row: Row, book: Book, words: Words) -> Markup:
    return words("opinions.all") if row["product"] == "all" else book.called(row["product"])


def _aspect(name: str, words: Words) -> Markup:
    """Return what an aspect is called; a product's material is not a plan's."""
    key = f"opinions.is_{name}"
    return words(key) if words.has(key) else words.term(name)
