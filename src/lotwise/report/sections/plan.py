"""What to make, buy and move: what the current plan earns, and what it releases week by week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report.numbers import cell, count, largest, total

if TYPE_CHECKING:
    from datetime import date

    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

MOST_LOTS = 24
MOST_ORDERS = 20
"""Purchases, and shipments, that are listed."""
NOWHERE = "all"
"""The site of what is at no site of its own."""


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return what is expected, what is released by week, and units by product, or what makes the plan impossible."""
    now = book.now("plans") | {"limits": "real"}
    weeks = book.values("plans", "week", now)
    return {
        "missing": book.missing("plans"),
        "lead": _lead(book, words, numbers, now),
        "proven": _proven(book, words, numbers, now),
        "weeks": [words.brief(week) for week in weeks],
        "released": [_week(book, words, numbers, week) for week in weeks],
        "has_sites": any(site != NOWHERE for name in ("lots", "purchases") for site in book.values(name, "site")),
        **_listed(book, words, numbers, "lots", MOST_LOTS),
        **_listed(book, words, numbers, "purchases", MOST_ORDERS),
        **_listed(book, words, numbers, "shipments", MOST_ORDERS),
        **_units(book, numbers, now),
        "conflicts": [_conflict(row, words, numbers) for row in book.rows("conflicts", order=[("row", "ascending")])],
        "charts": {},
    }


def _lead(book: Book, words: Words, numbers: Numbers, now: dict[str, Any]) -> object:
    if not book.rows("plans", now, most=1):
        return ""
    profit = sum(book.sums("plans", "limits", "profit", now).values())
    lost = sum(book.sums("plans", "limits", "lost", now).values())
    return words(
        "plan.lead",
        day=words.day(now["cutoff"]),
        profit=numbers.money(profit, total("plans", "profit", now), bare=False),
        lost=numbers.units(lost, total("plans", "lost", now)),
    )


def _proven(book: Book, words: Words, numbers: Numbers, now: dict[str, Any]) -> object:
    """Return how far the plan may be from the best one; nothing where promises cannot be kept."""
    for row in book.rows("solves", now, most=1):
        if row["status"] != "infeasible":
            bound = numbers.money(row["bound"], cell("solves", "bound", row), bare=False)
            gap = max(row["bound"] - row["objective"], 0.0) / max(abs(row["bound"]), 1e-9)
            return words("plan.proven", bound=bound, gap=numbers.share(gap, decimals=2))
    return ""


def _week(book: Book, words: Words, numbers: Numbers, week: date) -> dict[str, Any]:
    """Return how much is released in one week."""
    where = {"week": week}
    found: dict[str, Any] = {"week": words.brief(week)}
    for name in ("lots", "purchases", "shipments"):
        rows = book.part(name, where)
        found[name] = numbers.whole(0 if rows is None else rows.num_rows, count(name, where))
    cost = sum(book.sums("purchases", "week", "cost", where).values())
    return found | {"cost": numbers.money(cost, total("purchases", "cost", where))}


def _listed(book: Book, words: Words, numbers: Numbers, name: str, most: int) -> dict[str, Any]:
    """Return the first rows of a table of orders, by week; all their number; and whether some are left out."""
    order = {"lots": ("week", "lot"), "purchases": ("week", "material", "supplier", "site")}
    by = order.get(name, ("week", "item", "origin", "target"))
    rows = book.rows(name, order=[(column, "ascending") for column in by], most=most)
    table = book.table(name)
    everything = table.num_rows if table is not None else 0
    lines = [_order(book, words, numbers, name, row, largest(rows, "cost") if name != "lots" else 0.0) for row in rows]
    return {name: lines, f"{name}_all": numbers.whole(everything), f"{name}_cut": everything > len(rows)}


def _order(book: Book, words: Words, numbers: Numbers, name: str, row: Row, like: float) -> dict[str, Any]:
    """Return a lot, a purchase or a shipment as it is shown."""
    shown: dict[str, Any] = {
        "name": book.called(row["material" if name == "purchases" else "item"]),
        "week": words.brief(row["week"]),
        "there": words.brief(row["ready" if name == "lots" else "arrives"]),
        "units": numbers.units(row["units"], cell(name, "units", row)),
        "site": "" if row.get("site", NOWHERE) == NOWHERE else row["site"],
    }
    if name == "lots":
        status = {"status": row["status"], "says": words(f"plan.status_{row['status']}")}
        before = numbers.units(row["previous"], cell(name, "previous", row))
        return shown | status | {"lot": row["lot"], "route": row["route"], "before": before}
    shown |= {"cost": numbers.money(row["cost"], cell(name, "cost", row), like=like)}
    if name == "purchases":
        return shown | {"supplier": row["supplier"]}
    target = words("plan.customers") if row["target"] == "customers" else row["target"]
    return shown | {"origin": row["origin"], "target": target}


def _units(book: Book, numbers: Numbers, now: dict[str, Any]) -> dict[str, Any]:
    profits = book.sums("plans", "product", "profit", now)
    shown = list(profits)[: book.settings.report.products]
    lines = []
    for product in shown:
        where = now | {"product": product}
        rows = book.rows("plans", where, order=[("week", "ascending")])
        sums = {column: total("plans", column, where) for column in ("demand", "lost", "profit")}
        lines.append({
            "name": book.called(product),
            "units": [numbers.units(row["units"], cell("plans", "units", row)) for row in rows],
            "demand": numbers.units(sum(row["demand"] for row in rows), sums["demand"]),
            "lost": numbers.units(sum(row["lost"] for row in rows), sums["lost"]),
            "profit": numbers.money(profits[product], sums["profit"], like=max(profits.values())),
        })  # fmt: skip
    return {"products": lines, "shown": numbers.whole(len(shown)), "all": numbers.whole(len(profits))}


def _conflict(row: Row, words: Words, numbers: Numbers) -> dict[str, Any]:
    return {
        "row": words.phrase(row["row"]),
        "needed": numbers.units(row["needed"], cell("conflicts", "needed", row)),
        "available": numbers.units(row["available"], cell("conflicts", "available", row)),
        "unit": words.unit(row["unit"] or ""),
        "reason": words.phrase(row["reason"]),
    }
