"""What was read, what was left out and why, and which personal data were found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from lotwise.report.numbers import cell, count

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

MOST_REASONS = 60
MOST_SHOWN = 80
"""Most characters of a faulty value that are shown."""

GROUP = ["table", "column", "effect", "reason"]


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return checks, rejects by reason with one example each, personal data found, and the files read."""
    return {
        "missing": book.missing("quality", "rejects", "findings", "sources"),
        "checks": _checks(book, words, numbers),
        **_rejects(book, words, numbers),
        "findings": [
            {
                "table": row["table"],
                "column": row["column"],
                "kind": words(f"quality.kind_{row['kind']}"),
                "rows": numbers.whole(row["rows"], cell("findings", "rows", row)),
                "action": words(f"quality.action_{row['action']}"),
            }
            for row in book.rows("findings", order=[("table", "ascending"), ("column", "ascending"), ("kind", "ascending")])
        ],
        "sources": [
            {
                "table": row["table"],
                "file": row["source_file"],
                "format": row["format"],
                "rows": numbers.whole(row["rows"], cell("sources", "rows", row)),
                "filtered": numbers.whole(row["filtered"], cell("sources", "filtered", row)),
                "unused": row["unused"] or "",
                "sha256": row["sha256"][:12],
            }
            for row in book.rows("sources", order=[("table", "ascending"), ("source_file", "ascending")])
        ],
        "charts": {},
    }


def _checks(book: Book, words: Words, numbers: Numbers) -> list[dict[str, Any]]:
    return [
        {
            "table": row["table"],
            "check": words.phrase(row["check"]),
            "rows": numbers.whole(row["rows"], cell("quality", "rows", row)),
            "share": numbers.share(row["share"], cell("quality", "share", row), decimals=2),
            "note": words.phrase(row["note"]),
        }
        for row in book.rows("quality")
    ]


def _rejects(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the number of rows for each table, column, effect and reason, the most frequent first."""
    table = book.part("rejects")
    if table is None:
        return {"rejects": [], "rejects_shown": numbers.whole(0), "rejects_all": numbers.whole(0), "rejects_cut": False}
    numbered = table.append_column("place", pa.array(range(table.num_rows), pa.int64()))
    counted = numbered.group_by(GROUP).aggregate([([], "count_all"), ("place", "min")])
    order = [("count_all", "descending"), *((name, "ascending") for name in GROUP)]
    groups = counted.sort_by(order).slice(0, MOST_REASONS).to_pylist()
    lines = [_reject(group, table.slice(group["place_min"], 1).to_pylist()[0], words, numbers) for group in groups]
    every = numbers.whole(counted.num_rows)
    return {
        "rejects": lines,
        "rejects_shown": numbers.whole(len(lines)),
        "rejects_all": every,
        "rejects_cut": counted.num_rows > len(lines),
    }


def _reject(group: Row, example: Row, words: Words, numbers: Numbers) -> dict[str, Any]:
    value = "" if example["value"] is None else example["value"]
    return {
        "table": group["table"],
        "column": group["column"],
        "effect": words(f"quality.effect_{group['effect']}"),
        "tone": group["effect"],
        "reason": words.phrase(group["reason"]),
        "rows": numbers.whole(group["count_all"], count("rejects", {name: group[name] for name in GROUP})),
        "value": value if len(value) <= MOST_SHOWN else value[:MOST_SHOWN] + "…",
        "where": words("quality.where", file=example["source_file"], row=example["source_row"]),
    }
