"""Opinions: what customers write of each product, what they want changed, what they speak of and what they ask for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.markup import escape

from lotwise.console.mined.said import Row, counted, figure, nothing, share, told
from lotwise.console.screen import called, console, grid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

    import pyarrow as pa

LONG = 70
"""Letters of an example shown."""


def opinions(
    tables: Mapping[str, Sequence[Row]],
    notes: Sequence[Row],
    products: pa.Table | None,
    *,
    product: str | None,
    rows: int,
    currency: str,
    stream: TextIO | None = None,
) -> None:
    """Write what customers say, of all products or of one.

    Parameters
    ----------
    tables
        Rows of ``readings, opinions, requests, topics`` and ``text_scores``.
    notes
        Rows of ``mining`` about them.
    products
        The products, for their names.
    product
        Only what is said of this one; None: of all.
    rows
        Most rows shown of each table.
    currency
        Of all money.
    """
    out, named = console(stream), called(products)
    if not tables["readings"]:
        nothing(out, notes, "texts")
        return
    read = [row for row in tables["readings"] if product in {None, row["product"]}]
    _summary(read, tables["text_scores"], out)
    said = [row for row in tables["opinions"] if product in {None, row["product"]}]
    numbers = ("texts", "for", "against", "90 %", "change")
    shown = grid(("product", "aspect", *numbers, "for example"), right=numbers, whole=numbers)
    for row in sorted(said, key=lambda row: (-row["negative"], row["product"], row["aspect"]))[:rows]:
        band = f"{row['low']:+.2f} .. {row['high']:+.2f}"
        change = "" if row["change"] is None else f"{row['change']:+.2f}"
        shown.add_row(
            escape(named(row["product"])),
            row["aspect"],
            f"{row['texts']:,}",
            share(row["positive"] / row["texts"]),
            share(row["negative"] / row["texts"]),
            band,
            change,
            escape(_short(row["example"])),
        )
    out.print(shown)
    wanted = [row for row in tables["requests"] if product in {None, row["product"]}]
    if wanted:
        told(out, "What they want changed, most money at stake first:")
        figures = ("texts", "of its texts", f"{currency} a year".strip(), "90 %")
        shown = grid(("product", "change", *figures, "for example"), right=figures, whole=figures)
        for row in sorted(wanted, key=lambda row: (-(row["at_stake"] or 0.0), -row["texts"], row["product"]))[:rows]:
            band = (
                "" if row["at_stake_low"] is None else f"{figure(row['at_stake_low'], 0)} .. {figure(row['at_stake_high'], 0)}"
            )
            shown.add_row(
                escape(named(row["product"])),
                escape(row["change"]),
                f"{row['texts']:,}",
                share(row["share"]),
                figure(row["at_stake"], 0),
                band,
                escape(_short(row["example"])),
            )
        out.print(shown)
        basis = next((row["basis"] for row in wanted if row["basis"]), None)
        told(out, f"At stake: {basis}." if basis else "")
    if product is None:
        _topics(tables["topics"], out)


def _summary(read: Sequence[Row], scores: Sequence[Row], out) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    against, languages = sum(row["sentiment"] < 0 for row in read), Counter(row["language"] for row in read)
    wants = Counter(row["intent"] for row in read if row["intent"])
    told(
        out,
        f"{counted(len(read), 'text')} ({', '.join(f'{count:,} {name}' for name, count in languages.most_common())}), "
        f"{share(against / max(len(read), 1))} against.",
        f"Messages want: {', '.join(f'{name} {count:,}' for name, count in wants.most_common())}." if wants else "",
    )
    for row in scores:
        told(
            out,
            f"{row['task']}, {row['language']}: {share(row['accuracy'], 1)} of {row['texts']:,} unseen texts read right by "
            f"{row['model']} (macro F1 {row['macro_f1']:.2f}; {row['basis']}).",
        )


def _topics(found: Sequence[Row], out) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    texts: Counter[str] = Counter()
    words = {}
    for row in found:
        texts[row["topic"]] += row["texts"]
        words[row["topic"]] = row["words"]
    if words:
        told(out, "What they speak of:")
        shown = grid(("topic", "words", "texts"), right=("texts",))
        for topic, count in texts.most_common():
            shown.add_row(topic, escape(words[topic]), f"{count:,}")
        out.print(shown)


def _short(text: str | None) -> str:
    text = " ".join((text or "").split())
    return text if len(text) <= LONG else text[: LONG - 1] + "…"
