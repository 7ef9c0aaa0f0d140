"""Since the last run: why each account differs, and the accounts of every run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report import ledger_charts
from lotwise.report.charts import Chart
from lotwise.report.numbers import amount, cell, largest, spell, total
from lotwise.report.sections.headline import ACCOUNTS

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

MOST_RUNS = 30


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the causes of each change, and the accounts run by run."""
    rows = book.rows("gap_changes")
    rows.sort(key=lambda row: ACCOUNTS.index(row["account"]))
    runs = _runs(book)
    chart = _chart(runs, words, numbers)
    like = largest(rows, "money")
    since = rows[0]["since"] if rows else None
    return {
        "missing": book.missing("gap_changes", "gap_history"),
        "changes": [_change(row, words, numbers, like) for row in rows],
        "since": words("changes.since", run=since) if since else "",
        "runs": [_run(row, words, numbers, largest(runs, *ACCOUNTS)) for row in runs],
        "charts": {chart.name: chart} if chart else {},
    }


def _change(row: Row, words: Words, numbers: Numbers, like: float) -> dict[str, Any]:
    return {
        "account": row["account"],
        "cause": words.phrase(row["cause"]),
        "money": numbers.money(row["money"], cell("gap_changes", "money", row), like=like),
        "note": words.phrase(row["note"]),
    }


def _runs(book: Book) -> list[Row]:
    """Return the accounts of the last runs that could settle anything, the oldest first."""
    found: dict[int, Row] = {}
    for row in book.rows("gap_history", {"account": list(ACCOUNTS)}, order=[("run", "ascending")]):
        if row["money"] is None:
            continue
        told = {name: row[name] for name in ("run", "weeks", "last", "products")}
        mine = found.setdefault(row["run"], told | dict.fromkeys(ACCOUNTS, 0.0))
        mine[row["account"]] = round(mine[row["account"]] + row["money"], 2)
    return list(found.values())[-MOST_RUNS:]


def _run(row: Row, words: Words, numbers: Numbers, like: float) -> dict[str, Any]:
    return {
        "run": row["run"],
        "weeks": row["weeks"],
        "last": words.day(row["last"]) if row["last"] else "",
        "products": row["products"],
        "accounts": [
            numbers.money(row[account], total("gap_history", "money", {"run": row["run"], "account": account}), like=like)
            for account in ACCOUNTS
        ],
    }


def _chart(runs: list[Row], words: Words, numbers: Numbers) -> Chart | None:
    """Return the accounts of each run as lines, where there are two runs at least."""
    if len(runs) <= 1:
        return None
    digits = amount(largest(runs, *ACCOUNTS))
    names = {account: words.text(f"headline.{account}") for account in ACCOUNTS}
    drawn = [
        {"run": row["run"], "part": names[account], "money": row[account], "shown": spell(row[account], digits),
         "label": words.text("changes.point", run=row["run"], weeks=row["weeks"])}
        for row in runs for account in ACCOUNTS
    ]  # fmt: skip
    said = words.text("headline.join").join(f"{names[account]} {spell(runs[-1][account], digits)}" for account in ACCOUNTS)
    spec = ledger_charts.trend(drawn, money=numbers.currency, run=words.text("changes.run"), parts=list(names.values()))
    return Chart("trend", spec, words.text("changes.label", runs=len(runs), lines=said))
