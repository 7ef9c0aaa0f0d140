"""The first screen: what was lost and why, in a few sentences that are sure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from lotwise.report.numbers import Figure, between, cell, largest, total
from lotwise.report.sections import limits, prices

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

ACCOUNTS = ("ideal", "unknown", "unmade", "undone", "actual")
LOSSES = ("unknown", "unmade", "undone")
NOISE = "noise passes for value"
NOT_A_SOURCE = ("history alone (base)", "all sources together", "placebo")
METHOD = "method, no source"
STOCHASTIC = "planning for more than the mean"
CHANCE = "chance: the irreducible part"
LOST = "lost"
KEEP, DROP = "keep", "drop"
NO_FLOOR = "no floor data"
SURE = ("worth it", "not distinguishable from its price", "not worth its price")


def accounts(book: Book, numbers: Numbers, *, bare: bool) -> dict[str, Figure]:
    """Return the money of each account: the sum of its counted lines, or its one line for ideal and actual."""
    figures = {}
    like = largest(book.rows("gap"), "money")
    for account in ACCOUNTS:
        where = {"account": account} if account in ("ideal", "actual") else {"account": account, "counted": True}
        lines = [row["money"] for row in book.rows("gap", where) if row["money"] is not None]
        figures[account] = numbers.money(sum(lines), total("gap", "money", where), bare=bare, like=like)
    return figures


def is_settled(book: Book) -> bool:
    """Whether the ledger holds money."""
    return any(row["money"] is not None for row in book.rows("gap", {"account": "ideal"}))


def has_floor(book: Book) -> bool:
    """Whether what the floor did was measured: without it, undone is the solver's own gap alone."""
    return not book.rows("gap", {"account": "undone", "line": NO_FLOOR})


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the sentences and the five accounts."""
    said = [
        _lost(book, words, numbers),
        _chance(book, words, numbers),
        *_known(book, words, numbers),
        *_advice(book, words),
        _another(book, words, numbers),
        *_next(book, words, numbers),
    ]
    cards = []
    if is_settled(book):
        figures = accounts(book, numbers, bare=True)
        ideal = figures["ideal"].value or 0.0
        for account, figure in figures.items():
            width = max(0.0, min(1.0, abs(figure.value or 0.0) / ideal)) if ideal > 0 else 0.0
            says = "undone_no_floor" if account == "undone" and not has_floor(book) else f"{account}_is"
            cards.append({"account": account, "says": says, "figure": figure, "width": round(100 * width, 1)})
    return {"sentences": [line for line in said if line], "cards": cards, "missing": book.missing("gap"), **_times(book, words)}


def _times(book: Book, words: Words) -> dict[str, Any]:
    weeks = book.values("money", "week", {"information": "now"})
    cutoff = book.now("plans")["cutoff"] or book.now("forecast")["cutoff"]
    return {
        "cutoff": words("page.cutoff", day=words.day(cutoff)) if cutoff else "",
        "settled": words("page.settled", weeks=len(weeks), first=words.day(weeks[0]), last=words.day(weeks[-1]))
        if weeks
        else "",
    }


def _lost(book: Book, words: Words, numbers: Numbers) -> Markup | None:
    rows = book.rows("gap", {"account": "ideal"})
    if not rows:
        return None
    if not is_settled(book):
        return words("headline.unsettled", verdict=words.phrase(rows[0]["verdict"]))
    weeks = len(book.values("money", "week", {"information": "now"}))
    key = "headline.lost" if has_floor(book) else "headline.lost_no_floor"
    return words(key, weeks=weeks, **accounts(book, numbers, bare=False))


def _chance(book: Book, words: Words, numbers: Numbers) -> Markup | None:
    """Return what no source closes, at most, where it is sure that there is some."""
    rows = [row for row in book.rows("gap", {"account": "unknown", "line": CHANCE}) if (row["low"] or 0.0) > 0]
    return _clause("chance", rows[0], words, numbers) if rows else None


def _advice(book: Book, words: Words) -> list[Markup]:
    """Return the sources to keep and those to drop, where anything can be told."""
    said = []
    for advice in (KEEP, DROP):
        rows = book.rows("source_values", {"advice": advice}, order=[("order", "ascending")])
        names = [Markup("<strong>{}</strong>").format(words.phrase(row["source"])) for row in rows]
        if names:
            said.append(words(f"headline.{advice}", names=words("headline.comma").join(names)))
    return said


def _another(book: Book, words: Words, numbers: Numbers) -> Markup | None:
    """Return what one more hour or unit a week would have earned, of the dearest limit that is sure to have cost something."""
    sure = {row["line"] for row in book.rows("gap", {"account": "unmade", "verdict": LOST})}
    rows = [row for row in limits.summed(book) if row["limit"] in sure and (row["one_more"] or 0.0) > 0]
    if not rows:
        return None
    row = max(rows, key=lambda row: row["one_more"])
    key = "headline.more" if row["kind"] == "machine" else "headline.more_material"
    name = Markup("<strong>{}</strong>").format(book.called(row["limit"]))
    return words(key, resource=name, money=limits.worth(row, "one_more", numbers, bare=False))


def _known(book: Book, words: Words, numbers: Numbers) -> list[Markup]:
    """Return what each source brought that can be told from noise, and a caution where noise passes for value."""
    lines = [row for row in book.rows("gap", {"account": "known"}) if row["money"] is not None]
    steps = [row for row in lines if row["line"] not in (*NOT_A_SOURCE, STOCHASTIC)]
    if not steps:
        return []
    clauses = [_clause("brought", row, words, numbers) for row in steps if row["verdict"] in SURE]
    clauses += [_clause("harmed", row, words, numbers) for row in steps if row["verdict"] == "harmful"]
    ending = words("headline.others") if len(clauses) < len(steps) else words("headline.stop")
    said = [words("headline.join").join(clauses) + ending] if clauses else [words("headline.nothing")]
    if any(row["verdict"] == NOISE for row in lines):
        said.append(words("headline.noise"))
    return said


def _clause(key: str, row: Row, words: Words, numbers: Numbers) -> Markup:
    name = Markup("<strong>{}</strong>").format(words.phrase(row["line"]))
    like = largest([row], "money", "low", "high")
    ends = (numbers.money(row[end], cell("gap", end, row), like=like) for end in ("low", "high"))
    money = numbers.money(row["money"], cell("gap", "money", row), bare=False, like=like)
    key = f"{key}_method" if row["line"] == METHOD else key
    return words(f"headline.{key}", name=name, money=money, interval=between(*ends))


def _next(book: Book, words: Words, numbers: Numbers) -> list[Markup]:
    """Return what limits the current plan, and where the most is given up."""
    now = book.now("plans") | {"limits": "real"}
    if book.rows("solves", now | {"status": "infeasible"}):
        return [words("headline.infeasible")]
    said = []
    condition = book.now("prices") | {"kind": list(prices.KINDS)}
    weeks = book.values("plans", "week", now)
    if weeks and book.table("prices") is not None:
        there = {"weeks": len(weeks), "day": words.day(now["cutoff"])}
        dearest = book.rows(
            "prices", condition, order=[("price", "descending"), ("resource", "ascending"), ("week", "ascending")], most=1
        )
        is_short = bool(dearest) and dearest[0]["price"] > 0
        said.append(_shortest(book, dearest[0], there, words, numbers) if is_short else words("headline.free", **there))
    cuts = book.rows("cuts", order=[("lost_profit", "descending"), ("product", "ascending"), ("week", "ascending")], most=1)
    return said + [_cut(book, row, words, numbers) for row in cuts if row["lost_profit"] > 0]


def _shortest(book: Book, row: Row, there: dict[str, Any], words: Words, numbers: Numbers) -> Markup:
    key = "headline.short" if row["kind"] == "machine" else "headline.short_material"
    name = Markup("<strong>{}</strong>").format(book.called(row["resource"]))
    price = numbers.money(row["price"], cell("prices", "price", row), bare=False)
    return words(key, resource=name, week=words("dates.week", day=words.brief(row["week"])), price=price, **there)


def _cut(book: Book, row: Row, words: Words, numbers: Numbers) -> Markup:
    name = Markup("<strong>{}</strong>").format(book.called(row["product"]))
    money = numbers.money(row["lost_profit"], cell("cuts", "lost_profit", row), bare=False)
    return words("headline.cut", product=name, money=money, week=words("dates.week", day=words.brief(row["week"])))
