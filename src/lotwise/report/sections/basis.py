"""What the money rests on, how to see it again, and the runs behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report.numbers import cell, count

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

MOST_ASSUMPTIONS = 120
BASES = ("assumed", "given", "observed")
COMMANDS = {"again_gap": "lotwise show gap", "again_check": "lotwise gap --check",
            "again_plans": "lotwise show plans --format csv", "again_tables": "lotwise tables",
            "again_run": "lotwise run"}  # fmt: skip


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the assumptions, the commands that show and reproduce the figures, and the last run of each stage."""
    rows = book.rows("assumptions")
    bases = {
        basis: numbers.whole(sum(row["basis"] == basis for row in rows), count("assumptions", {"basis": basis}))
        for basis in BASES
    }
    return {
        "missing": book.missing("assumptions"),
        "assumptions": [_assumption(row, words) for row in rows[:MOST_ASSUMPTIONS]],
        "shown": numbers.whole(min(len(rows), MOST_ASSUMPTIONS)),
        "all": numbers.whole(len(rows), count("assumptions", {})),
        "is_cut": len(rows) > MOST_ASSUMPTIONS,
        "counts": words("basis.counts", **bases) if rows else "",
        "commands": [(command, words(f"basis.{key}")) for key, command in COMMANDS.items()],
        "runs": _runs(book, numbers),
        "charts": {},
    }


def _assumption(row: Row, words: Words) -> dict[str, Any]:
    return {
        "subject": words.phrase(row["subject"]),
        "item": words.phrase(row["item"]),
        "value": words.phrase(row["value"]),
        "basis": words(f"basis.{row['basis']}"),
        "tone": row["basis"],
        "note": words.phrase(row["note"]),
    }


def _runs(book: Book, numbers: Numbers) -> list[dict[str, Any]]:
    last: dict[str, Row] = {}
    for row in book.rows("runs", order=[("run", "ascending"), ("started", "ascending")]):
        last[row["stage"]] = row
    return [
        {
            "stage": row["stage"],
            "started": f"{row['started']:%Y-%m-%d %H:%M}",
            "run": numbers.whole(row["run"], cell("runs", "run", row)),
            "seconds": numbers.score(row["seconds"], cell("runs", "seconds", row), decimals=1),
            "memory": numbers.whole(row["peak_mb"], cell("runs", "peak_mb", row)),
            "rows": numbers.whole(row["rows"], cell("runs", "rows", row)),
            "seed": row["seed"],
        }
        for row in sorted(last.values(), key=lambda row: row["started"])
    ]
