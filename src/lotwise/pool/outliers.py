"""Values far from what is usual for their product: flagged, never dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    from lotwise.pool.quality import Book

ENOUGH = 8
"""Lines of a product below which nothing counts as usual."""

NARROWEST = 0.25
"""Least spread of a logarithm: where nearly all lines are equal, up to exp(8 x 0.25) = 7 times that is not strange."""

NORMAL = 1.4826
"""Standard deviation of a normal law / its median absolute deviation."""

MEASURES = ("units", "unit_price")


def flag(orders: ibis.Table, book: Book, threshold: float) -> None:
    """List the sales whose units or unit price are far from their product's median.

    Parameters
    ----------
    orders
        Clean order lines.
    book
        Where they are listed.
    threshold
        Robust z-score |ln x - median| / max(1.4826 MAD, 0.25) above which a value is flagged.

    References
    ----------
    Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993).
    """
    sales = orders.filter(orders["kind"] == "sale")
    for measure in MEASURES:
        strange = book.engine.materialize(_strange(sales.filter(sales[measure] > 0), measure, threshold))
        times = book.rows(strange)
        book.count("orders", f"outliers in {measure}", times, f"kept; robust z-score above {threshold:g} within the product")
        if times:
            reason = f"far from the product's median (robust z-score above {threshold:g})"
            book.list_rows(strange, "orders", measure, reason=reason, effect="flagged", total=times)


def _strange(sales: ibis.Table, measure: str, threshold: float) -> ibis.Table:
    logged = sales.select("product", "source_file", "source_row", measure, logarithm=sales[measure].ln())
    center = logged.group_by("product").aggregate(center=logged["logarithm"].median(), lines=logged.count())
    center = center.filter(center["lines"] >= ENOUGH)
    away = logged.inner_join(center, "product")
    away = away.mutate(distance=(away["logarithm"] - away["center"]).abs())
    # a value nearer than the narrowest spread allows is never flagged, so only products with a farther one need their spread
    far = away.filter(away["distance"] > threshold * NARROWEST)
    spread = away.semi_join(far, "product").group_by("product").aggregate(spread=ibis._.distance.median() * NORMAL)
    judged = far.inner_join(spread, "product")
    return judged.filter(judged["distance"] > threshold * judged["spread"])
