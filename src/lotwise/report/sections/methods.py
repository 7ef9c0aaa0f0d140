"""Which method makes the forecast and why, and which features it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report.numbers import cell, count, total
from lotwise.tables.forecasted import BASE

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

NEXT = 5
TOP = 3


def candidates(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the method in use, the next best, how many were tried, and why others were not."""
    rows = book.rows("candidates", order=[("money", "ascending"), ("scrps", "ascending"), ("method", "ascending")])
    used = [row for row in rows if row["chosen"]]
    tried = [row for row in rows if not row["skipped"] and row["scrps"] is not None]
    skipped = [row for row in rows if row["skipped"]]
    after = [row for row in tried if not row["chosen"]]
    return {
        "methods": [_method(row, words, numbers) for row in used + after[:NEXT]],
        "tried": numbers.whole(len(tried)),
        "was_tried": bool(tried),
        "priced": any(row["money"] is not None for row in tried),
        "not_tried": numbers.whole(len(skipped)),
        "skipped": [{"method": row["method"], "why": words.phrase(row["skipped"])} for row in skipped],
    }


def _method(row: Row, words: Words, numbers: Numbers) -> dict[str, Any]:
    return {
        "method": row["method"],
        "meaning": words.phrase(row["meaning"]),
        "chosen": row["chosen"],
        "money": numbers.money(row["money"], cell("candidates", "money", row)),
        "scrps": numbers.score(row["scrps"], cell("candidates", "scrps", row)),
    }


def features(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return each source with its share of what moved the forecast and its strongest features, the largest share first."""
    sources: dict[str, list[Row]] = {}
    for row in book.rows("features", order=[("gain", "descending"), ("source", "ascending"), ("feature", "ascending")]):
        sources.setdefault(row["source"], []).append(row)
    has_gain = any(row["gain"] is not None for rows in sources.values() for row in rows)
    shares = {source: sum(row["gain"] or 0.0 for row in rows) for source, rows in sources.items()}
    ranked = sorted(sources, key=lambda source: (-shares[source], source))
    return {
        "has_gain": has_gain,
        "sources": [
            {
                "source": words("forecast.own_base") if source == BASE else words.phrase(source),
                "features": numbers.whole(len(sources[source]), count("features", {"source": source})),
                "gain": numbers.share(shares[source], total("features", "gain", {"source": source})) if has_gain else None,
                "top": [
                    {
                        "meaning": words.phrase(row["meaning"]),
                        "gain": numbers.share(row["gain"], cell("features", "gain", row)),
                    }
                    for row in sources[source][:TOP]
                    if row["gain"]
                ],
            }
            for source in ranked
        ],
    }
