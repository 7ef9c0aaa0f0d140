"""What plans expect to earn by ``solves``, and what past plans brought by ``money``."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from lotwise.plan.check.breach import AGAIN, HALF, broken, unequal
from lotwise.plan.check.published import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from lotwise.plan.check.breach import Breach
    from lotwise.plan.check.facts import Facts
    from lotwise.plan.check.published import Row


BEST = 1e-6
"""Share of the bound an optimal plan may fall short of it."""


def solves(facts: Facts) -> Iterator[Breach]:
    """Yield plans without a row of ``solves``, and objectives, bounds and conflicts that do not fit the plan."""
    if "solves" not in facts.tables:
        return
    solves = {(row["information"], row["limits"], row["cutoff"]): row for row in rows_of(facts.tables, "solves")}
    conflicts = len(rows_of(facts.tables, "conflicts"))
    for plan in facts.plans:
        at = ("solves", plan.name, None)
        row = solves.get((plan.information, plan.limits, plan.cutoff))
        if row is None:
            yield broken(at, (0, "exactly", 1), "rows of table 'solves' for this plan", AGAIN)
            continue
        profit, is_kept = math.fsum(one["profit"] for one in plan.rows.values()), row["status"] != "infeasible"
        judged = [("objective", row["objective"], profit, HALF * (len(plan.rows) + 2))]
        yield from unequal(at, judged, "table 'solves' (the sum of the plan's profits)", AGAIN)
        if is_kept and row["bound"] < row["objective"] - 2 * HALF:
            yield broken(at, (row["bound"], "at least", row["objective"]), "table 'solves', column 'bound'", AGAIN)
        is_best = row["objective"] >= row["bound"] - BEST * max(1.0, abs(row["bound"])) - 2 * HALF
        if row["status"] == "optimal" and not is_best:
            remedy = "A plan that may be improved is 'bounded', not 'optimal': plan again."
            yield broken(at, (row["objective"], "at least", row["bound"]), "table 'solves', for the status is optimal", remedy)
        if plan is facts.current and "conflicts" in facts.tables and is_kept != (conflicts == 0):
            said = (conflicts, "exactly", 0) if is_kept else (conflicts, "at least", 1)
            yield broken(at, said, f"rows of table 'conflicts', for the status is {row['status']}", AGAIN)


def money(facts: Facts) -> Iterator[Breach]:
    """Yield rows of ``money`` that do not follow from the plan, the demand that came and the shelf life."""
    asked: dict[tuple[str, date], float] = defaultdict(float)
    for row in rows_of(facts.tables, "demand", "product", "week", "units"):
        asked[row["product"], row["week"]] += row["units"]
    plans = {(plan.information, plan.limits, plan.cutoff): plan for plan in facts.plans}
    groups: dict[tuple[str, str, date, str], list[Row]] = defaultdict(list)
    for row in rows_of(facts.tables, "money"):
        groups[row["information"], row["limits"], row["cutoff"], row["product"]].append(row)
    for (information, limits, cutoff, product), unsorted in sorted(groups.items()):
        rows, plan = sorted(unsorted, key=lambda row: row["week"]), plans.get((information, limits, cutoff))
        where = f"table 'money', information '{information}', limits '{limits}', cutoff {cutoff}"
        left = _left_over(rows, facts.economics.get(product, {}).get("shelf_weeks"))
        lost = _lost(rows, waits=facts.waits(product))
        for number, row in enumerate(rows):
            at, (there, remains), off = ("money", product, row["week"]), left[number], 2 * HALF * (number + 2)
            judged = [
                ("demand", row["demand"], asked[product, row["week"]], 2 * HALF),
                ("lost", row["lost"], lost[number], off),
                ("profit", row["profit"], row["revenue"] - row["cost"], 4 * HALF),
            ]
            if plan is not None:
                judged.append(("made", row["made"], plan.units(product, row["week"]), 2 * HALF))
            if row["sold"] > there + off:
                yield broken(at, (row["sold"], "at most", there), f"{where}, column 'sold'", AGAIN)
            else:
                judged.append(("left", row["left"], remains, off))
            yield from unequal(at, judged, where, AGAIN)


def _left_over(rows: list[Row], shelf: float | None) -> list[tuple[float, float]]:
    """Return units for sale and left in each week, where the oldest are sold first and go at the end of their last week."""
    cohorts: list[tuple[int, float]] = []  # age in weeks, units; oldest first
    found = []
    for row in rows:
        kept = [(age + 1, units) for age, units in cohorts if shelf is None or age + 1 < math.floor(shelf)]
        there, sold, cohorts = math.fsum(units for _, units in kept) + row["made"], row["sold"], []
        for age, units in (*kept, (0, row["made"])):
            taken = min(units, sold)
            cohorts.append((age, units - taken))
            sold -= taken
        found.append((there, math.fsum(units for _, units in cohorts)))
    return found


def _lost(rows: list[Row], *, waits: bool) -> list[float]:
    """Return the units lost in each week: all that is not sold, or, where demand waits, what waits after the last."""
    if not waits:
        return [row["demand"] - row["sold"] for row in rows]
    return [0.0] * (len(rows) - 1) + [math.fsum(row["demand"] - row["sold"] for row in rows)]
