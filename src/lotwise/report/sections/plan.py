"""What to make and buy, what limits it, and what is cut."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report import charts
from lotwise.report.charts import Chart
from lotwise.report.numbers import cell, count, largest, total

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Numbers
    from lotwise.report.words import Words

MOST_CUTS = 15
MOST_ITEMS = 12
MOST_PURCHASES = 40
ROOM = 1.08
"""Space above the highest bar of a load chart."""


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return units, load, cuts, shortages, purchases and stock of the current plan, or what makes it impossible."""
    now = book.now("plans") | {"limits": "real"}
    prices = book.rows("prices", book.now("prices"), order=[("resource", "ascending"), ("week", "ascending")])
    loads = _loads(book, words, prices)
    return {
        "missing": book.missing("plans"),
        "lead": _lead(book, words, numbers, now),
        "weeks": [words.brief(week) for week in book.values("plans", "week", now)],
        **_units(book, numbers, now),
        "resources": [_price(book, words, numbers, row) for row in prices if row["kind"] == "machine"],
        "shortages": [_price(book, words, numbers, row) for row in prices if row["kind"] == "material" and row["price"] > 0],
        "loads": loads,
        **_cuts(book, words, numbers),
        **_purchases(book, words, numbers),
        **_projection(book, words, numbers),
        "conflicts": [_conflict(row, words, numbers) for row in book.rows("conflicts", order=[("row", "ascending")])],
        "charts": {load["chart"].name: load["chart"] for load in loads},
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


def _price(book: Book, words: Words, numbers: Numbers, row: Row) -> dict[str, Any]:
    figures = {name: numbers.units(row[name], cell("prices", name, row)) for name in ("used", "capacity", "overtime")}
    return figures | {
        "name": book.called(row["resource"]),
        "week": words.brief(row["week"]),
        "price": numbers.money(row["price"], cell("prices", "price", row)),
        "is_short": row["price"] > 0,
        "unit": words("plan.hours") if row["unit"] == "hours" else book.called(row["unit"]),
    }


def _loads(book: Book, words: Words, prices: list[Row]) -> list[dict[str, Any]]:
    """Return one chart a machine, the dearest first."""
    machines: dict[str, list[Row]] = {}
    for row in prices:
        if row["kind"] == "machine":
            machines.setdefault(row["resource"], []).append(row)
    order = sorted(machines, key=lambda machine: (-max(row["price"] for row in machines[machine]), machine))
    return [
        {"name": book.called(machine), "chart": _load(book, words, machine, machines[machine], place)}
        for place, machine in enumerate(order, start=1)
    ]


def _load(book: Book, words: Words, machine: str, rows: list[Row], place: int) -> Chart:
    drawn, said = [], []
    for row in rows:
        week = words.brief(row["week"])
        hours = {name: f"{row[name] or 0:,.1f}" for name in ("used", "capacity", "overtime")}
        said.append(words.text("plan.point", week=week, **hours))
        regular = max(0.0, row["used"] - row["overtime"])
        drawn.append(
            {"week": week, "regular": regular, "overtime": row["overtime"], "capacity": row["capacity"], "shown": said[-1]}
        )
    top = ROOM * max(max(row["used"], row["capacity"] or 0.0) for row in rows)
    names = {key: words.text(f"plan.{key}") for key in ("regular", "overtime", "hours", "load")}
    label = words.text("plan.load_label", name=book.name(machine), lines=words.text("headline.join").join(said))
    return Chart(f"load-{place}", charts.load(drawn, words=names, top=top or 1.0), label)


def _cuts(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    rows = book.rows("cuts", order=[("lost_profit", "descending"), ("product", "ascending"), ("week", "ascending")])
    like = largest(rows[:MOST_CUTS], "lost_profit")
    lines = [
        {
            "name": book.called(row["product"]),
            "week": words.brief(row["week"]),
            "wanted": numbers.units(row["wanted"], cell("cuts", "wanted", row)),
            "planned": numbers.units(row["planned"], cell("cuts", "planned", row)),
            "lost": numbers.money(row["lost_profit"], cell("cuts", "lost_profit", row), like=like),
            "resource": book.called(row["resource"]) if row["resource"] else "",
            "reason": words.phrase(row["reason"]),
        }
        for row in rows[:MOST_CUTS]
    ]
    return {"cuts": lines, "cuts_shown": numbers.whole(len(lines)), "cuts_all": numbers.whole(len(rows), count("cuts", {}))}


def _purchases(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    rows = book.rows("purchases", order=[("week", "ascending"), ("cost", "descending"), ("material", "ascending")])
    lines = [
        {
            "name": book.called(row["material"]),
            "week": words.brief(row["week"]),
            "arrives": words.brief(row["arrives"]),
            "units": numbers.units(row["units"], cell("purchases", "units", row)),
            "cost": numbers.money(row["cost"], cell("purchases", "cost", row), like=largest(rows, "cost")),
        }
        for row in rows[:MOST_PURCHASES]
    ]
    return {"purchases": lines, "purchases_all": numbers.whole(len(rows)), "purchases_cut": len(rows) > len(lines)}


def _projection(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the weeks of the items whose stock falls lowest, against what is used of them."""
    items: dict[str, list[Row]] = {}
    for row in book.rows("projection", order=[("item", "ascending"), ("week", "ascending")]):
        items.setdefault(row["item"], []).append(row)
    order = sorted(items, key=lambda item: (_cover(items[item]), item))
    lines = [
        {
            "name": book.called(item),
            "kind": words(f"plan.{row['kind']}_kind"),
            "week": words.brief(row["week"]),
            **{
                name: numbers.units(row[name], cell("projection", name, row))
                for name in ("start", "received", "used", "scrapped", "end")
            },
        }
        for item in order[:MOST_ITEMS]
        for row in items[item]
    ]
    shown = numbers.whole(min(len(items), MOST_ITEMS))
    return {"projection": lines, "items_shown": shown, "items_all": numbers.whole(len(items))}


def _cover(rows: list[Row]) -> float:
    """Return the lowest end stock in weeks of use."""
    used = sum(row["used"] for row in rows) / len(rows)
    return min(row["end"] for row in rows) / used if used > 0 else float("inf")


def _conflict(row: Row, words: Words, numbers: Numbers) -> dict[str, Any]:
    return {
        "row": words.phrase(row["row"]),
        "needed": numbers.units(row["needed"], cell("conflicts", "needed", row)),
        "available": numbers.units(row["available"], cell("conflicts", "available", row)),
        "unit": row["unit"] or "",
        "reason": words.phrase(row["reason"]),
    }
