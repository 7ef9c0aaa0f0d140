"""The ledger: every line with its interval, verdict and formula, and the sweep over margins."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lotwise.report import charts
from lotwise.report.charts import Chart
from lotwise.report.numbers import between, cell, largest, span, spell
from lotwise.report.sections import waterfall
from lotwise.report.sections.headline import SURE

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

SPECIAL = re.compile(r'(["$`\\])')
"""What a shell would read between double quotes."""


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the lines of the ledger and of the sweep, with their charts."""
    rows = [row for row in book.rows("gap", order=[("order", "ascending")]) if row["account"] != "known"]
    sweep = book.rows("gap_sweep", order=[("critical_ratio", "ascending")])
    drawn = [waterfall.chart(book, words, numbers), _sweep(sweep, words)]
    return {
        "missing": book.missing("gap"),
        "lines": lines(book, rows, words, numbers),
        "sweep": [_ratio(row, numbers, largest(sweep, "gap_none", "gap_now")) for row in sweep],
        "width": f"{100 * book.settings.gap.interval:.0f}\u00a0%",
        "charts": {chart.name: chart for chart in drawn if chart},
    }


def lines(book: Book, rows: list[Row], words: Words, numbers: Numbers) -> list[dict[str, Any]]:
    """Return rows of the table ``gap`` as the page shows them, with formula and the command that works each out again."""
    like = largest(book.rows("gap"), "money")
    return [_line(book, row, words, numbers, like) for row in rows]


def _line(book: Book, row: Row, words: Words, numbers: Numbers, like: float) -> dict[str, Any]:
    is_resource = row["account"] == "unmade" and row["line"] in book.names
    return {
        "account": row["account"],
        "name": book.called(row["line"]) if is_resource else words.phrase(row["line"]),
        "money": numbers.money(row["money"], cell("gap", "money", row), like=like),
        "between": between(*(numbers.money(row[end], cell("gap", end, row), like=like) for end in ("low", "high"))),
        "share": numbers.share(row["share"], cell("gap", "share", row)),
        "verdict": words.phrase(row["verdict"]),
        "tone": _tone(row),
        "note": words.phrase(row["note"]),
        "formula": row["formula"],
        "command": _command(row["line"]) if row["money"] is not None else "",
        "is_total": row["account"] in ("ideal", "actual"),
        "is_counted": row["counted"],
    }


def _command(line: str) -> str:
    return 'lotwise gap --line "{}"'.format(SPECIAL.sub(r"\\\1", line))


def _tone(row: Row) -> str:
    if row["verdict"] in SURE or row["verdict"] == "gained":
        return "good"
    return "bad" if row["verdict"] in ("lost", "harmful", "noise passes for value") else "quiet"


def _ratio(row: Row, numbers: Numbers, like: float) -> dict[str, Any]:
    return {
        "ratio": numbers.score(row["critical_ratio"], cell("gap_sweep", "critical_ratio", row), decimals=2),
        "gap_none": numbers.money(row["gap_none"], cell("gap_sweep", "gap_none", row), like=like),
        "gap_now": numbers.money(row["gap_now"], cell("gap_sweep", "gap_now", row), like=like),
        "closed": numbers.share(row["closed"], cell("gap_sweep", "closed", row)),
        "between": between(*(numbers.share(row[end], cell("gap_sweep", end, row)) for end in ("low", "high"))),
    }


def _sweep(rows: list[Row], words: Words) -> Chart | None:
    known = [row for row in rows if row["closed"] is not None]
    if not known:
        return None
    drawn = [
        {
            "ratio": row["critical_ratio"],
            "closed": row["closed"],
            "low": row["low"],
            "high": row["high"],
            "shown": _percent(row),
        }
        for row in known
    ]
    ratios = ", ".join(f"{row['critical_ratio']:g}" for row in known)
    spec = charts.sweep(drawn, ratio=words.text("ledger.ratio"), closed=words.text("ledger.closed"))
    return Chart("sweep", spec, words.text("ledger.sweep_label", ratios=ratios))


def _percent(row: Row) -> str:
    """Return the share closed, with its interval where there is one."""
    closed = f"{spell(100 * row['closed'], 1)} %"
    if row["low"] is None or row["high"] is None:
        return closed
    return f"{closed} {span(100 * row['low'], 100 * row['high'], 1)}"
