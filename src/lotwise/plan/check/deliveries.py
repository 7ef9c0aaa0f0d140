"""Firm order lines of the current plan: each in ``deliveries``, and late exactly where supply does not reach them."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from lotwise.plan.check.breach import AGAIN, HALF, SHARE, SOLVER, Breach, broken, unequal
from lotwise.plan.check.facts import WEEK
from lotwise.plan.check.flows import stored
from lotwise.plan.check.orders import firm_lines
from lotwise.plan.check.published import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.plan.check.facts import Facts
    from lotwise.plan.check.published import Row
    from lotwise.plan.check.supply import Supply


def deliveries(facts: Facts, of: Supply) -> Iterator[Breach]:
    """Yield firm lines that are left out or not as ordered, and lines that are late otherwise than supply makes them.

    Supply and opening stock serve the lines of a product first in, first out: by due day, then by number, none before the
    week it is due in.
    """
    if "deliveries" not in of.tables:
        return
    published = {(row["order"], row["line"]): row for row in rows_of(of.tables, "deliveries")}
    lines = firm_lines(facts, of.plan)
    known = {(line["order"], line["line"]) for line in lines}
    for order, line in sorted(published.keys() - known):
        message = "found a row of table 'deliveries' for a line that is no firm order due in the plan. Compare it with orders."
        yield Breach("delivery", f"{order}/{line}", published[order, line]["due"], None, None, message)
    by_product: dict[str, list[Row]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: (line["product"], line["due"], line["order"], line["line"])):
        row, at = published.get((line["order"], line["line"])), ("delivery", f"{line['order']}/{line['line']}", line["monday"])
        if row is None:
            yield broken(at, (0, "exactly", 1), "rows of table 'deliveries' for this line of 'orders'", AGAIN)
            continue
        if (row["product"], row["due"]) != (line["product"], line["monday"]):
            message = f"found {row['product']} due in the week of {row['due']}, expected {line['product']}"
            yield Breach(*at, None, None, f"{message}, {line['monday']}, in table 'deliveries'. {AGAIN}")
            continue
        yield from unequal(at, [("units", row["units"], line["units"], 2 * HALF)], "table 'deliveries'", AGAIN)
        by_product[line["product"]].append(line)
    planned, kept = set(of.plan.products), stored(of)
    for product, mine in sorted(by_product.items()):
        opening = 0.0 if product in kept or product not in planned else facts.on_hand.get(product, 0.0)
        yield from _in_time(of, opening, mine, published)


def _in_time(of: Supply, opening: float, lines: list[Row], published: dict[tuple[str, int], Row]) -> Iterator[Breach]:
    """Yield lines of one product, in the order they are served in, whose lateness is not what supply leaves them."""
    made = [of.plan.units(lines[0]["product"], week) for week in of.plan.weeks]
    there = [opening + math.fsum(made[: number + 1]) for number in range(len(made))]
    owed, end = 0.0, len(of.plan.weeks)
    for line in lines:
        owed += line["units"]
        row, due = published[line["order"], line["line"]], of.number(line["monday"])
        slack = SOLVER * 2 + SHARE * owed + HALF * (end + 2)
        late = min(max(owed - there[due], 0.0), line["units"])
        surely = next((number for number in range(due, end) if there[number] >= owed + slack), end)
        maybe = next((number for number in range(due, end) if there[number] >= owed - slack), end)
        at, rows = ("delivery", f"{line['order']}/{line['line']}", line["monday"]), "table 'deliveries', beside plans and stock"
        week = end if row["week"] is None else (row["week"] - of.plan.cutoff) / WEEK
        if not maybe <= week <= surely:
            yield broken(at, (week, "weeks after the cutoff when all of it is there, exactly", maybe), rows, AGAIN)
            continue
        judged = [("late_weeks", row["late_weeks"], week - due, 0.0), ("late_units", row["late_units"], late, 2 * slack)]
        price = line["unit_price"]
        if price is not None:
            judged.append(("money", row["money"], row["late_units"] * price, HALF * (price + 2)))
        yield from unequal(at, judged, rows, AGAIN)
        if bool(row["reason"]) != (row["late_weeks"] > 0):
            message = f"found the reason '{row['reason']}' for {row['late_weeks']} weeks late, in {rows}. {AGAIN}"
            yield Breach(*at, None, None, message)
