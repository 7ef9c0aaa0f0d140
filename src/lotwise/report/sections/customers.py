"""Who the customers are: segments and what sets them apart, who went where, and what customers will do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from lotwise.report.numbers import cell, count, total
from lotwise.report.sections.blocks import block, heads, section

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

APART, MOVES = 3, 12


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the segments, the largest revenue first, the customers' moves between them, and the scores of propensities."""
    members = book.table("segments")
    chosen = book.rows("segment_trials", {"chosen": True}, most=1)
    lead = None
    if members is not None and members.num_rows and chosen:
        lead = words(
            "customers.lead",
            count=numbers.whole(members.num_rows, count("segments", {})),
            method=words.phrase(chosen[0]["method"]),
            stability=numbers.score(chosen[0]["stability"], cell("segment_trials", "stability", chosen[0]), decimals=2),
        )
    blocks = [_segments(book, words, numbers), _moves(book, words, numbers), _will(book, words, numbers)]
    return section("customers", book, words, ("segments", "propensity_scores"), blocks, lead)


def _segments(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    members = book.table("segments")
    revenue = book.sums("segments", "segment", "revenue")
    orders = book.sums("segments", "segment", "orders")
    whole = sum(revenue.values()) or 1.0
    rows = []
    for name in sorted(revenue, key=lambda name: (len(name), name)):
        mine = book.rows("segments", {"segment": name})
        size, where = len(mine), {"segment": name}
        rows.append(
            (
                Markup('{} <span class="under quiet">{}</span>').format(name, words.phrase(mine[0]["name"])),
                numbers.whole(size, count("segments", where)),
                numbers.share(size / (members.num_rows if members else 1)),
                numbers.share(revenue[name] / whole),
                numbers.money(revenue[name], total("segments", "revenue", where)),
                numbers.units(orders[name] / size),
                _apart(name, book, words, numbers),
            )
        )
    names = ("segment", "count>", "of_all>", "of_revenue>", "revenue>", "orders>", "apart~")
    return block(heads(words, "customers", *names, currency=numbers.currency), rows)


def _apart(segment: str, book: Book, words: Words, numbers: Numbers) -> Markup:
    rows = book.rows("segment_features", {"segment": segment})
    rows = sorted(rows, key=lambda row: (-abs(row["difference"]), row["feature"]))[:APART]
    return Markup("<br>").join(
        words(
            "customers.against",
            feature=words.phrase(row["feature"]),
            mean=numbers.score(row["mean"], cell("segment_features", "mean", row), decimals=2),
            overall=numbers.score(row["overall"], cell("segment_features", "overall", row), decimals=2),
        )
        for row in rows
    )


def _moves(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    order = [("customers", "descending"), ("before", "ascending"), ("after", "ascending")]
    found = [row for row in book.rows("migrations", order=order) if row["before"] != row["after"]]
    rows = [
        (
            words.phrase(row["before"]),
            words.phrase(row["after"]),
            numbers.whole(row["customers"], cell("migrations", "customers", row)),
            numbers.share(row["share"], cell("migrations", "share", row)),
        )
        for row in found[:MOVES]
    ]
    return block(
        heads(words, "customers", "before", "after", "count>", "of_them>"),
        rows,
        title=words("customers.moves"),
        table="migrations",
        numbers=numbers,
        count=len(found),
    )


def _will(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    order = [("target", "ascending"), ("chosen", "descending"), ("log_loss", "ascending"), ("model", "ascending")]
    found = [row for row in book.rows("propensity_scores", order=order) if row["chosen"] or row["model"] == "base rate"]
    names = ("target", "model", "log_loss>", "auc>", "calibration>", "base>")
    base = {row["target"]: row["base"] for row in _first(book)}
    rows = [
        (
            words.phrase(row["target"]),
            words.phrase(row["model"]),
            *(
                numbers.score(row[name], cell("propensity_scores", name, row))
                for name in ("log_loss", "auc", "calibration_error")
            ),
            numbers.share(base.get(row["target"])),
        )
        for row in found
    ]
    return block(heads(words, "customers", *names), rows, title=words("customers.will"), lead=words("customers.will_lead"))


def _first(book: Book) -> list[Row]:
    """Return one row of propensities a target: the share of all is the same in each."""
    targets = book.values("propensities", "target")
    return [row for target in targets for row in book.rows("propensities", {"target": target}, most=1)]
