"""Whom to offer what, with the reason, and how well such offers did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report.numbers import cell, count, total

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

MONEY = ("margin", "capacity_cost", "contribution")


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return one list of offers a customer, the largest expected contribution first."""
    worth = book.sums("offers", "customer", "contribution")
    shown = list(worth)[: book.settings.report.customers]
    scores = book.rows("recommender_scores", order=[("mode", "descending"), ("ndcg10", "descending"), ("model", "ascending")])
    return {
        "missing": book.missing("offers"),
        "customers": [_customer(book, words, numbers, customer, worth[customer]) for customer in shown],
        "shown": numbers.whole(len(shown)),
        "all": numbers.whole(len(worth)),
        "scores": [_score(row, words, numbers) for row in scores],
        "charts": {},
    }


def _customer(book: Book, words: Words, numbers: Numbers, customer: str, worth: float) -> dict[str, Any]:
    where = {"customer": customer}
    rows = book.rows("offers", where, order=[("rank", "ascending")])
    money = numbers.money(worth, total("offers", "contribution", where), bare=False)
    expected = words("offers.expected", money=money, count=numbers.whole(len(rows), count("offers", where)))
    return {"code": customer, "expected": expected, "offers": [_offer(book, words, numbers, row) for row in rows]}


def _offer(book: Book, words: Words, numbers: Numbers, row: Row) -> dict[str, Any]:
    return {
        "rank": numbers.whole(row["rank"], cell("offers", "rank", row)),
        "name": book.called(row["product"]),
        "probability": numbers.share(row["probability"], cell("offers", "probability", row)),
        "promise": words.brief(row["promise_week"]) if row["promise_week"] else "",
        "plain": numbers.whole(row["plain_rank"], cell("offers", "plain_rank", row)),
        "why": words.phrase(row["why"]),
    } | {name: numbers.money(row[name], cell("offers", name, row)) for name in MONEY}


def _score(row: Row, words: Words, numbers: Numbers) -> dict[str, Any]:
    return {
        "model": row["model"],
        "mode": words(f"offers.mode_{row['mode']}"),
        "customers": numbers.whole(row["customers"], cell("recommender_scores", "customers", row)),
        "ndcg": numbers.score(row["ndcg10"], cell("recommender_scores", "ndcg10", row)),
        "error": numbers.score(row["standard_error"], cell("recommender_scores", "standard_error", row), decimals=4),
        "recall": numbers.share(row["recall20"], cell("recommender_scores", "recall20", row)),
        "coverage": numbers.share(row["coverage10"], cell("recommender_scores", "coverage10", row)),
    }
