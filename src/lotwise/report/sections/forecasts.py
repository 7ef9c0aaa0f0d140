"""What will be asked for: in total, by product, by option; which method says so, from what, and how good it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report.sections import bands, choices, methods, products, record, totals

if TYPE_CHECKING:
    from lotwise.report.book import Book
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the total, one card a product, the method with its record and its features, and options."""
    now = book.now("forecast")
    foreseen = set(book.values("forecast", "product", now))
    ranked = [product for product in book.sums("demand", "product", "revenue") if product in foreseen]
    shown = ranked[: book.settings.report.products]
    told = {product: bands.of_product(book, product) for product in shown}
    cards = [products.card(book, words, numbers, product, rows) for product, rows in told.items()]
    for place, card in enumerate(cards, start=1):
        card["chart"] = products.chart(f"forecast-{place}", card, words)
    total = totals.context(book, words, numbers, sorted(foreseen))
    errors = record.errors(book, words, told)
    charts = [card["chart"] for card in cards] + errors + ([total["chart"]] if total else [])
    return {
        "missing": book.missing("forecast", "demand"),
        "total": total,
        "cards": cards,
        "shown": numbers.whole(len(shown)),
        "is_summed": len(book.values("forecast", "region", now)) > 1,
        "says": [name for name in ("settled", "promotions", "days") if any(card[name] for card in cards)],
        "has_errors": bool(errors),
        "charts": {chart.name: chart for chart in charts},
        **record.scores(book, words, numbers),
        **methods.candidates(book, words, numbers),
        **methods.features(book, words, numbers),
        **choices.options(book, words, numbers, ranked),
        **choices.components(book, words, numbers),
    }
