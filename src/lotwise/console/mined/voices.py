"""Opinions: what customers write of each product, what they want changed, what they speak of and what they ask for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.markup import escape

from lotwise.console.mined.said import Row, amount, between, counted, more, nothing, remarks, share, told
from lotwise.console.screen import called, console, grid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TextIO

    import pyarrow as pa
    from rich.console import Console

LONG = 56
"""Columns of an example shown; a Chinese sign takes two."""


def opinions(
    tables: Mapping[str, Sequence[Row]],
    notes: Sequence[Row],
    products: pa.Table | None,
    *,
    rows: int,
    currency: str,
    stream: TextIO | None = None,
) -> None:
    """Write what customers say.

    Parameters
    ----------
    tables
        Rows of ``readings, opinions, requests, topics`` and ``text_scores``: all, or those about some products.
    notes
        Rows of ``mining`` about them.
    products
        The products, for their names.
    rows
        Most rows shown of each table.
    currency
        Of all money.
    """
    out, named = console(stream), called(products)
    if not tables["readings"]:
        nothing(out, notes, "texts")
        return
    _summary(tables["readings"], out)
    if tables["opinions"]:
        _said(tables["opinions"], named, rows, out)
    if tables["requests"]:
        _wanted(tables["requests"], named, rows, currency, out)
    if tables["topics"]:
        _topics(tables["topics"], rows, out)
    if tables["text_scores"]:
        _scores(tables["text_scores"], out)
    remarks(out, notes)


def _summary(read: Sequence[Row], out: Console) -> None:
    languages = Counter(row["language"] for row in read)
    wants = Counter(row["intent"] for row in read if row["intent"])
    told(
        out,
        f"{counted(len(read), 'text')} ({', '.join(f'{count:,} {name}' for name, count in languages.most_common())}), "
        f"{share(sum(row['sentiment'] > 0 for row in read) / len(read))} for, "
        f"{share(sum(row['sentiment'] < 0 for row in read) / len(read))} against.",
        f"Messages want: {', '.join(f'{name} {count:,}' for name, count in wants.most_common())}." if wants else "",
    )


def _said(said: Sequence[Row], named: Callable[[str], str], rows: int, out: Console) -> None:
    numbers = ("texts", "for", "against", "balance", "90 %", "change")
    shown = grid(("product", "aspect", *numbers, "for example"), right=numbers, whole=numbers)
    for row in sorted(said, key=lambda row: (-row["negative"], row["product"], row["aspect"]))[:rows]:
        shown.add_row(
            escape(named(row["product"])),
            escape(row["aspect"]),
            f"{row['texts']:,}",
            share(row["positive"] / row["texts"]),
            share(row["negative"] / row["texts"]),
            f"{row['sentiment']:+.2f}",
            f"{row['low']:+.2f} .. {row['high']:+.2f}",
            "" if row["change"] is None else f"{row['change']:+.2f}",
            escape(_short(row["example"])),
        )
    told(
        out,
        "Of what they speak, most texts against it first (balance: 1 all for, -1 all against; change: lately beside before):",
    )
    out.print(shown)
    more(out, len(said), rows)


def _wanted(wanted: Sequence[Row], named: Callable[[str], str], rows: int, currency: str, out: Console) -> None:
    money = f"{currency or 'money'} a year"
    numbers = ("texts", "of its texts", money, "90 %")
    shown = grid(("product", "change", *numbers, "for example"), right=numbers, whole=numbers)
    order = sorted(wanted, key=lambda row: (-(row["at_stake"] or 0.0), -row["texts"], row["product"], row["change"]))
    for row in order[:rows]:
        shown.add_row(
            escape(named(row["product"])),
            escape(row["change"]),
            f"{row['texts']:,}",
            share(row["share"]),
            amount(row["at_stake"]),
            between(row["at_stake_low"], row["at_stake_high"], amount),
            escape(_short(row["example"])),
        )
    told(out, "What they want changed, most margin at stake first, then most texts:")
    out.print(shown)
    more(out, len(wanted), rows)
    if order[0]["basis"]:
        told(out, f"At stake in the first, '{order[0]['change']}': {order[0]['basis']}.")


def _topics(found: Sequence[Row], rows: int, out: Console) -> None:
    texts: Counter[str] = Counter()
    words, language = {}, {}
    for row in found:
        texts[row["topic"]] += row["texts"]
        words[row["topic"]], language[row["topic"]] = row["words"], row["language"]
    order = sorted(texts, key=lambda topic: (language[topic], -texts[topic], len(topic), topic))
    told(out, "What they speak of:")
    shown = grid(("topic", "language", "words", "texts"), right=("texts",))
    for topic in order[:rows]:
        shown.add_row(escape(topic), language[topic], escape(words[topic]), f"{texts[topic]:,}")
    out.print(shown)
    more(out, len(order), rows)


def _scores(scores: Sequence[Row], out: Console) -> None:
    told(out, "How well texts were read that had not been seen:")
    numbers = ("texts", "read right", "macro F1", "calibration error")
    shown = grid(("what", "language", "by", *numbers, "judged by"), right=numbers, whole=numbers)
    for row in scores:
        error = row["calibration_error"]
        shown.add_row(
            row["task"],
            row["language"],
            escape(row["model"]),
            f"{row['texts']:,}",
            share(row["accuracy"], 1),
            f"{row['macro_f1']:.2f}",
            "" if error is None else f"{error:.3f}",
            escape(row["basis"]),
        )
    out.print(shown)


def _short(text: str | None) -> str:
    text = " ".join((text or "").split())
    return text if cell_len(text) <= LONG else set_cell_size(text, LONG - 1).rstrip() + "…"
