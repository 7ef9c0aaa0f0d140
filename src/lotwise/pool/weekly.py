"""The weekly demand panel: what was asked of each product in each region, weeks without sales included."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

import ibis
import pyarrow as pa

from lotwise.errors import InputError
from lotwise.tables.pooled import DEMAND
from lotwise.tables.weeks import WEEK, monday

if TYPE_CHECKING:
    from lotwise.pool.quality import Book

FEWEST_WEEKS = 3
"""A week to learn from, a week to check on and a week to compare with; fewer say nothing."""

USUAL_WEEKS = 8

NO_HISTORY = "demand counts as 0: only what is promised, and what planners say, is planned"

MONEY = "decimal(18,4)"
"""Sums of such numbers do not depend on their order."""


class Span(NamedTuple):
    """The whole weeks of the order history: the Mondays of the first and the last, and whether there is a history at all."""

    first: date
    last: date
    is_known: bool = True

    @property
    def weeks(self) -> list[date]:
        """Every Monday of the span."""
        return [self.first + WEEK * number for number in range((self.last - self.first) // WEEK + 1)]


def span_of(orders: ibis.Table, book: Book, *, today: date | None, planned: bool = False) -> Span:
    """Return the weeks that lie wholly between the first and the last day of orders.

    Where ``today`` is set, the week of the last order is whole as soon as it is over. Fewer than three whole weeks are no
    history: they will do where orders are promised for later days, or planners say what demand will be.

    Parameters
    ----------
    orders
        Clean order lines.
    book
        Where is counted.
    today
        First day that is not known yet; none: the day after the last order.
    planned
        Whether planners say what demand will be.

    Raises
    ------
    InputError
        There are fewer than three whole weeks, and nothing is promised or planned.
    """
    due = orders["due"].max(where=orders["kind"] == "sale")
    days = book.engine.to_arrow(
        orders.aggregate(first=orders["time"].min().date(), last=orders["time"].max().date(), due=due)
    ).to_pylist()[0]
    if days["last"] is None:
        return _no_history(today)
    last_day = days["last"]
    if today is not None:
        last_day = min(today - timedelta(days=1), monday(days["last"]) + timedelta(days=6))
    span = Span(monday(days["first"] + timedelta(days=6)), monday(last_day + timedelta(days=1)) - WEEK)
    whole = max(0, (span.last - span.first) // WEEK + 1)
    if whole < FEWEST_WEEKS:
        now = today or days["last"] + timedelta(days=1)
        if planned or (days["due"] is not None and days["due"] >= now):
            return _no_history(now)
        message = f"The orders run from {days['first']} to {days['last']} and hold {whole} whole weeks (Monday to Sunday); "
        message += (
            f"at least {FEWEST_WEEKS} are needed, {USUAL_WEEKS} or more are advised. Add older orders to [[collect]] files, or "
            "map the days on which open orders are due (orders.due): then these orders alone are planned."
        )
        raise InputError(message)
    return span


def _no_history(today: date | None) -> Span:
    """Return the weeks before today, in which nothing is known of demand."""
    if today is None:
        message = "There are no orders to tell the day from. Put the first day that is not known yet into lotwise.toml: "
        message += "[project] today = 2024-12-30."
        raise InputError(message)
    last = monday(today) - WEEK
    return Span(last - (FEWEST_WEEKS - 1) * WEEK, last, is_known=False)


def panel(
    orders: ibis.Table, products: ibis.Table, stock: ibis.Table | None, span: Span, book: Book, *, most: int
) -> ibis.Table:
    """Return ``demand``: product x region x week from the first week it could be bought to the last whole one.

    A product is counted in a region from its first sale there, or its launch where that is earlier, to
    the last whole week, or the week it retired where nothing was sold later. Weeks without sales hold 0. Where there is no
    history every product holds 0: what is promised, and what planners say, is then all that is planned.

    Parameters
    ----------
    orders, products, stock
        Clean tables; ``stock`` marks the weeks in which an item ran out.
    span
        The whole weeks.
    book
        Where is counted what stays out of the panel.
    most
        Most rows; the product-regions with the highest revenue come first.

    Raises
    ------
    InputError
        No unit was sold in the whole weeks.
    """
    if not span.is_known:
        return _unknown(products, span, book)
    sales = orders.filter(orders["kind"] == "sale", orders["units"] > 0)
    dated = sales.mutate(week=sales["time"].date().truncate("W").cast("date"))
    inside = dated["week"].between(*(_day(day) for day in (span.first, span.last)))
    sold = book.engine.materialize(_sold(dated.filter(inside)))
    _note_partial(orders, dated, span, book)
    if book.rows(sold) == 0:
        message = f"No unit was sold in the {len(span.weeks)} whole weeks from {span.first} to {span.last}: all demand is 0. "
        message += "Look at 'rejects' and 'quality' (lotwise show quality), and at the columns mapped to units and kind."
        raise InputError(message)

    lives = _cut(book.engine.materialize(_lives(dated, products, span)), book, most)
    weeks = book.engine.from_arrow(pa.table({"week": pa.array(span.weeks, pa.date32())}))
    cells = lives.inner_join(weeks, [lives["start"] <= weeks["week"], weeks["week"] <= lives["stop"]])
    cells = cells.select("product", "region", "week")
    return book.engine.materialize(_filled(cells, sold, _stockouts(stock)))


def _unknown(products: ibis.Table, span: Span, book: Book) -> ibis.Table:
    """Return 0 for every product in every week, and count these weeks."""
    weeks = book.engine.from_arrow(pa.table({"week": pa.array(span.weeks, pa.date32())}))
    cells = products.select("product").cross_join(weeks).mutate(region=ibis.literal("all"))
    none = {name: ibis.null("float64") for name in ("unit_price", "discount")}
    zero = {name: ibis.literal(0.0) for name in ("units", "revenue")} | {
        name: ibis.literal(0) for name in ("orders", "customers")
    }
    filled = book.engine.materialize(
        cells.mutate(**zero, **none, censored=ibis.literal(value=False)).select(DEMAND.names).order_by(DEMAND.key)
    )
    book.count("demand", "weeks without history", book.rows(filled), NO_HISTORY)
    return filled


def _sold(sales: ibis.Table) -> ibis.Table:
    """Return what was sold by product, region and week."""
    priced = sales["revenue"].notnull()

    def total(value: ibis.Value, **where: ibis.Value) -> ibis.Value:
        return value.cast(MONEY).sum(**where).cast("float64")

    sums = sales.group_by("product", "region", "week").aggregate(
        units=total(sales["units"]),
        revenue=total(sales["revenue"]),
        priced=total(sales["units"], where=priced),
        off=total(sales["discount"]),
        orders=sales["order"].nunique(),
        customers=sales["customer"].nunique(),
    )
    listed = (sums["revenue"] + sums["off"]).nullif(0)
    share = ibis.greatest(0.0, ibis.least(1.0, sums["off"] / listed))
    paid = sums["revenue"] / sums["priced"].nullif(0)
    return sums.mutate(unit_price=paid, discount=ibis.ifelse(sums["off"].isnull(), ibis.null("float64"), share)).drop(
        "priced", "off"
    )


def _lives(dated: ibis.Table, products: ibis.Table, span: Span) -> ibis.Table:
    """Return the first and last week of every product in every region, with its revenue in whole weeks."""
    inside = dated["week"].between(*(_day(day) for day in (span.first, span.last)))
    money = dated["revenue"].cast(MONEY).sum(where=inside).cast("float64")
    seen = dated.group_by("product", "region").aggregate(
        start=dated["week"].min(), latest=dated["week"].max(), revenue=ibis.coalesce(money, 0.0)
    )
    dates = products.select(
        "product", launch=products["launched"].truncate("W").cast("date"), end=products["retired"].truncate("W").cast("date")
    )
    lives = seen.left_join(dates, "product").drop("product_right")
    start = ibis.greatest(_day(span.first), ibis.least(lives["start"], ibis.coalesce(lives["launch"], lives["start"])))
    stop = ibis.least(
        _day(span.last), ibis.ifelse(lives["end"].isnull(), _day(span.last), ibis.greatest(lives["end"], lives["latest"]))
    )
    bounded = lives.select("product", "region", "revenue", start=start, stop=stop)
    return bounded.filter(bounded["start"] <= bounded["stop"])


def _cut(lives: ibis.Table, book: Book, most: int) -> ibis.Table:
    """Return the product-regions that fit into the panel, the highest revenue first."""
    weeks = lives["stop"].delta(lives["start"], unit="day") / 7 + 1
    sized = lives.mutate(cells=weeks.cast("float64"))
    order = [sized["revenue"].desc(), sized["product"], sized["region"]]
    summed = sized.mutate(so_far=sized["cells"].sum().over(ibis.window(order_by=order, preceding=None, following=0)))
    over = book.rows(summed.filter(summed["so_far"] > most))
    if over:
        book.count("demand", "product-regions left out", over, f"the panel is limited to {most} rows ([pool] max_cells)")
    return summed.filter(summed["so_far"] <= most).drop("cells", "so_far")


def _filled(cells: ibis.Table, sold: ibis.Table, out: ibis.Table | None) -> ibis.Table:
    """Return every cell with what was sold in it, and whether it was out of stock."""
    joined = cells.left_join(sold, ["product", "region", "week"]).drop("product_right", "region_right", "week_right")
    zero = {name: ibis.coalesce(joined[name], 0.0) for name in ("units", "revenue")}
    none = {name: ibis.coalesce(joined[name], 0) for name in ("orders", "customers")}
    filled = joined.mutate(**zero, **none, censored=ibis.literal(value=False))
    if out is not None:
        marked = filled.left_join(out, ["product", "week", "region"]).drop("product_right", "week_right", "region_right")
        everywhere = out.filter(out["region"] == "all").select("product", "week", anywhere=ibis.literal(value=True)).distinct()
        marked = marked.left_join(everywhere, ["product", "week"])
        known = ibis.coalesce(marked["gone"], marked["anywhere"], ibis.literal(value=False))
        filled = marked.mutate(censored=known)
    return filled.select(DEMAND.names).order_by(DEMAND.key)


def _stockouts(stock: ibis.Table | None) -> ibis.Table | None:
    """Return the weeks in which an item was at 0 on any day at all its sites, by product and region."""
    if stock is None:
        return None
    most = stock.group_by("item", "region", "day").aggregate(units=stock["units"].max())
    out = most.filter(most["units"] <= 0)
    weeks = out.select(product=out["item"], region=out["region"], week=out["day"].truncate("W").cast("date"))
    return weeks.distinct().mutate(gone=ibis.literal(value=True))


def _note_partial(orders: ibis.Table, dated: ibis.Table, span: Span, book: Book) -> None:
    outside = book.rows(dated.filter(~dated["week"].between(*(_day(day) for day in (span.first, span.last)))))
    note = f"only whole weeks count: {span.first} to {span.last + timedelta(days=6)}"
    book.count("demand", "sales in partial weeks", outside, note)
    book.count("demand", "lines that are no sale", book.rows(orders.filter(orders["kind"] != "sale")), "returned or cancelled")


def _day(day: date) -> ibis.Value:
    return ibis.date(day.year, day.month, day.day)
