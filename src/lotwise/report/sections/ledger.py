"""The ledger: every line with its interval and verdict, what each source brought, and the sweep over margins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from lotwise.report import charts
from lotwise.report.charts import Chart
from lotwise.report.numbers import amount, cell, largest, spell
from lotwise.report.sections.headline import ACCOUNTS, NOT_A_SOURCE, SURE, accounts, is_settled

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

PLACEBO = "placebo"
LOSSES = ("unknown", "unmade", "undone")


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the lines of the ledger, of the sources and of the sweep, with their charts."""
    rows = book.rows("gap", order=[("order", "ascending")])
    like = largest(rows, "money")
    shown = [_line(book, row, words, numbers, like) for row in rows]
    sweep = book.rows("gap_sweep", order=[("critical_ratio", "ascending")])
    drawn = [_waterfall(book, words, numbers), _intervals(rows, words, numbers), _sweep(sweep, words)]
    return {
        "missing": book.missing("gap"),
        "lines": [line for line in shown if line["account"] != "known"],
        "known": [line for line in shown if line["account"] == "known"],
        "sweep": [_ratio(row, numbers, largest(sweep, "gap_none", "gap_now")) for row in sweep],
        "width": f"{100 * book.settings.gap.interval:.0f}\u00a0%",
        "charts": {chart.name: chart for chart in drawn if chart},
    }


def _line(book: Book, row: Row, words: Words, numbers: Numbers, like: float) -> dict[str, Any]:
    is_resource = row["account"] == "unmade" and row["line"] in book.names
    return {
        "account": row["account"],
        "name": book.called(row["line"]) if is_resource else words.phrase(row["line"]),
        "money": numbers.money(row["money"], cell("gap", "money", row), like=like),
        "between": _between(row, numbers, like),
        "share": numbers.share(row["share"], cell("gap", "share", row)),
        "verdict": words.phrase(row["verdict"]),
        "tone": _tone(row),
        "note": words.phrase(row["note"]),
        "is_total": row["account"] in ("ideal", "actual"),
        "is_counted": row["counted"],
    }


def _between(row: Row, numbers: Numbers, like: float) -> Markup:
    """Return an interval as two figures, or a dash where there is none."""
    if row["low"] is None or row["high"] is None:
        return Markup(numbers.money(None).__html__())  # noqa: S704  a figure escapes its own text
    ends = [numbers.money(row[end], cell("gap", end, row), like=like) for end in ("low", "high")]
    return Markup('<span class="between">[{}, {}]</span>').format(*ends)


def _tone(row: Row) -> str:
    if row["verdict"] in SURE or row["verdict"] == "gained":
        return "good"
    return "bad" if row["verdict"] in ("lost", "harmful", "noise passes for value") else "quiet"


def _waterfall(book: Book, words: Words, numbers: Numbers) -> Chart | None:
    if not is_settled(book):
        return None
    figures = accounts(book, numbers, bare=False)
    at = figures["ideal"].value or 0.0
    rows: list[dict[str, Any]] = []
    for account in ACCOUNTS:
        value = figures[account].value or 0.0
        start, end = (at, at - value) if account in LOSSES else (0.0, value)
        at = end
        shown = spell(-value if account in LOSSES else value, amount(figures["ideal"].value or 0.0))
        rows.append({"name": words.text(f"headline.{account}"), "account": account, "start": start, "end": end, "shown": shown})
    label = words.text("ledger.waterfall_label", **{account: str(figure) for account, figure in figures.items()})
    return Chart("waterfall", charts.waterfall(rows, money=numbers.currency), label)


def _intervals(rows: list[Row], words: Words, numbers: Numbers) -> Chart | None:
    lines = [
        row for row in rows if row["account"] == "known" and row["low"] is not None and row["line"] not in NOT_A_SOURCE[:2]
    ]
    if not lines:
        return None
    like = amount(largest(rows, "money"))
    drawn = [
        {
            "name": words.plain(row["line"]),
            "money": row["money"],
            "low": row["low"],
            "high": row["high"],
            "kind": PLACEBO if row["line"] == PLACEBO else "sure" if row["verdict"] in SURE else "unsure",
            "shown": spell(row["money"], like),
            "between": f"[{spell(row['low'], like)}, {spell(row['high'], like)}]",
        }
        for row in lines
    ]
    noise = next(((row["low"], row["high"]) for row in lines if row["line"] == PLACEBO), None)
    said = words.text("headline.join").join(f"{row['name']} {row['shown']} {row['between']}" for row in drawn)
    spec = charts.intervals(drawn, money=numbers.currency, noise=noise, noise_name=words.text("ledger.band"))
    return Chart("known", spec, words.text("ledger.known_label", lines=said))


def _ratio(row: Row, numbers: Numbers, like: float) -> dict[str, Any]:
    ends = [numbers.share(row[end], cell("gap_sweep", end, row)) for end in ("low", "high") if row[end] is not None]
    between = Markup('<span class="between">[{}, {}]</span>').format(*ends) if len(ends) > 1 else numbers.share(None)
    return {
        "ratio": numbers.score(row["critical_ratio"], cell("gap_sweep", "critical_ratio", row), decimals=2),
        "gap_none": numbers.money(row["gap_none"], cell("gap_sweep", "gap_none", row), like=like),
        "gap_now": numbers.money(row["gap_now"], cell("gap_sweep", "gap_now", row), like=like),
        "closed": numbers.share(row["closed"], cell("gap_sweep", "closed", row)),
        "between": between,
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
    return f"{closed} [{spell(100 * row['low'], 1)}, {spell(100 * row['high'], 1)}]"
