"""Orders and the weeks they reach, from demands."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from lotwise.collect.frepple.rows import or_
from lotwise.collect.frepple.translation import LEAST_HORIZON
from lotwise.tables.weeks import WEEK, monday

if TYPE_CHECKING:
    from lotwise.collect.frepple.schema import Row
    from lotwise.collect.frepple.translation import Translation

MOST_HORIZON, CUTOFFS = 26, 4


def take_orders(models: dict[str, list[Row]], made: Translation) -> None:
    """Take closed demands as history, dated by when they were due; open ones as orders placed this week.

    The week that is under way counts as no history, so that open orders do not swell it.
    """
    week, current = monday(made.today), made.today
    made.today = max(made.today, week + timedelta(days=1))
    made.tables["orders"] = rows = []
    overdue, last = 0, week
    for demand in models["input.demand"]:
        status, due, units = demand["status"] or "open", demand["due"].date(), or_(demand["quantity"], 1.0)
        reason = ""
        if status not in {"open", "closed"}:
            reason = f"status {status}: neither history nor a firm order"
        elif units <= 0:
            reason = "quantity of 0 or less"
        elif status == "closed" and due >= current:
            reason = f"closed, but due on {current} or later"
        if not made.keep_if("input.demand", reason):
            continue
        is_open = status == "open"
        overdue += is_open and due < current
        due = max(due, current) if is_open else due
        last = max(last, due)
        rows.append({
            "order": demand["name"], "line": 1, "time": datetime.combine(week if is_open else due, time()),
            "customer": demand["customer"], "product": demand["item"], "location": demand["location"] or "all",
            "units": units, "due": due if is_open else None,
        })  # fmt: skip
    _note_terms(models["input.demand"], made)
    customers = {row["customer"] for row in rows}
    for row in models["input.customer"]:
        made.keep_if(
            "input.customer", "" if row["name"] in customers else "no demand of theirs; groups of customers are not known"
        )
    _set_span(made, rows, last, week)
    if made.today != current:
        made.notes.append(
            f"today: {made.today}, a day late, so that open orders fall into the week under way, not into history"
        )
    if overdue:
        made.notes.append(f"input.demand: {overdue} open orders are overdue; they are due on {current}, the current date")


def _note_terms(demands: list[Row], made: Translation) -> None:
    """Tell the terms of open demands that no column holds."""
    still = [row for row in demands if (row["status"] or "open") == "open"]
    ranks = {or_(row["priority"], 10.0) for row in still}
    if len(ranks) > 1:
        made.notes.append(f"input.demand: {len(ranks)} priorities of open orders are not kept; what earns more goes first")
    late = sum(row["maxlateness"] is not None for row in still)
    if late:
        made.notes.append(
            f"input.demand: {late} open orders have a largest lateness; where all of a product's is under a week, demand not "
            "met in its week is lost, else it may come late"
        )
    parts = sum((row["minshipment"] or 0.0) > 1 for row in still)
    if parts:
        made.notes.append(f"input.demand: {parts} open orders have a smallest shipment, which is not kept")


def _set_span(made: Translation, rows: list[Row], last: date, week: date) -> None:
    reach = (monday(last) - week) // WEEK + 1
    made.horizon = min(max(reach, LEAST_HORIZON), MOST_HORIZON)
    history = [row["time"].date() for row in rows if row["due"] is None]
    weeks = max(0, (week - monday(min(history))) // WEEK) if history else 0
    made.cutoffs = min(CUTOFFS, weeks // 2 // made.horizon)
    late = sum(row["due"] is not None and row["due"] >= week + made.horizon * WEEK for row in rows)
    if late:
        made.notes.append(f"input.demand: {late} open orders are due after the {made.horizon} weeks that are planned")
    if weeks < 3:  # noqa: PLR2004  as pool asks for
        made.notes.append(
            f"history: {weeks} weeks of closed demands are too few to forecast from: open orders alone are planned, without a "
            "ledger; add older orders to orders.csv"
        )
    elif not made.cutoffs:
        made.notes.append(f"history: {weeks} weeks are too short to settle past plans of {made.horizon} weeks: no ledger")
    if any(row["due"] for row in rows):
        made.notes.append(
            "input.demand: products with open orders are made to order; their forecast comes on top of these orders, for "
            "frePPLe does not say when an order was placed (history is dated by when it was due)"
        )
