"""Work orders: when they start and end, their sizes, what comes out of them, the route they take, and what is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lotwise.plan.check.breach import AGAIN, HALF, SHARE, SOLVER, Breach, broken, unequal
from lotwise.plan.check.facts import WEEK
from lotwise.plan.check.published import holds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.plan.check.published import Row
    from lotwise.plan.check.supply import Supply

THEN, OR = " > ", " or "
"""What stands between the machines of a route, and between those that are chosen from in one step."""


def works(of: Supply) -> Iterator[Breach]:
    """Yield lots outside the plan's weeks, with another lead time, yield, size or route than the tables allow."""
    for lot in of.lots:
        item, site = lot["item"], lot["site"]
        at, rows = ("work order", lot["lot"], lot["week"]), f"table 'lots', {lot['units']:,.10g} of {item}"
        product = of.products.get(item, {})
        lead = of.says(item, site, "lead_weeks", of.settings.lead_weeks if item in of.plan.products else 0)
        judged = [
            ("ready (weeks after its start)", (lot["ready"] - lot["week"]) / WEEK, lead, 0.0),
            ("units", lot["units"], lot["started"] * of.says(item, site, "yield", 1.0), 4 * HALF),
        ]
        yield from unequal(at, judged, rows, AGAIN)
        if of.number(lot["week"]) < 0:
            remedy = "Nothing can start before the plan: plan again."
            yield broken(at, (of.number(lot["week"]), "weeks after the cutoff, at least", 0), rows, remedy)
        if of.number(lot["ready"]) >= len(of.plan.weeks):
            yield broken(at, (of.number(lot["ready"]), "weeks after the cutoff, at most", len(of.plan.weeks) - 1), rows, AGAIN)
        if lot["status"] == "proposed":
            least, step, most = (of.says(item, site, name, product.get(name)) for name in SIZES)
            yield from sized(at, lot["started"], (least or 0.0, step or 0.0, most), rows)
        yield from _routed(of, lot)
        lines = of.bills.get(item, ())
        if lines and not any(holds(line, lot["week"]) for line in lines):
            message = f"no line of its bill holds in the week of {lot['week']}, in {rows}"
            yield Breach(*at, None, None, f"{message}. Add one to bom, or make it in another week.")


SIZES = ("lot_minimum", "lot_multiple", "lot_maximum")


def sized(at: tuple[str, str, object], units: float, rule: tuple[float, float, float | None], rows: str) -> Iterator[Breach]:
    """Yield units that are less than a minimum, no whole multiple, or more than a maximum."""
    (least, step, most), slack = rule, SOLVER + SHARE * units
    if units < least - slack:
        yield broken(at, (units, "at least", least), rows, "It is smaller than the smallest allowed: none, or that.")  # type: ignore[arg-type]
    whole = round(units / step) * step if step > 2 * HALF else units
    if abs(units - whole) > slack:
        yield broken(at, (units, "such as", whole), rows, f"Units are whole multiples of {step:,.10g}.")  # type: ignore[arg-type]
    if most is not None and units > most + slack:
        yield broken(at, (units, "at most", most), rows, "It is larger than the largest allowed: split it.")  # type: ignore[arg-type]


def way(of: Supply, lot: Row) -> list[tuple[int, list[Row]]] | None:
    """Return the rows of ``routing`` behind each step of a lot's route, or nothing where the route does not fit the routing."""
    steps = of.steps.get(lot["item"], {})
    named = lot["route"].split(THEN) if lot["route"] else []
    if len(named) != len(steps):
        return None
    found = []
    for machines, (step, rows) in zip(named, sorted(steps.items()), strict=True):
        chosen = [machines] if machines in rows else machines.split(OR)
        if not set(chosen) <= rows.keys():
            return None
        found.append((step, [rows[machine] for machine in chosen]))
    return found


def _routed(of: Supply, lot: Row) -> Iterator[Breach]:
    if way(of, lot) is None:
        ways = THEN.join(OR.join(sorted(rows)) for _, rows in sorted(of.steps.get(lot["item"], {}).items()))
        message = (
            f"found route '{lot['route']}', expected machines of '{ways}', in table 'lots', {lot['item']}. Compare it with"
        )
        yield Breach("work order", lot["lot"], lot["week"], None, None, f"{message} routing, and plan again.")


def decided(of: Supply) -> Iterator[Breach]:
    """Yield frozen lots that are not as planned before, and approved lots that the plan leaves out or makes larger."""
    lots = {lot["lot"]: lot for lot in of.lots}
    for lot in of.lots:
        at, rows = ("decided", lot["lot"], lot["week"]), "table 'lots'"
        before, is_early = lot["previous"], of.is_frozen(lot["week"])
        if lot["status"] == "frozen" and not is_early:
            remedy = "Only the first plan.frozen_weeks are frozen: plan again."
            yield broken(
                at, (of.number(lot["week"]), "weeks after the cutoff, at most", of.settings.frozen_weeks - 1), rows, remedy
            )
        if is_early and lot["status"] != "approved" and before is not None and lot["units"] > before + SOLVER + SHARE * before:
            remedy = "In the frozen weeks nothing is made beyond the plan before: plan again, or lower plan.frozen_weeks."
            yield broken(at, (lot["units"], "at most", before), rows, remedy)
    for row in of.receipts:
        if row["kind"] != "lot" or row["begun"] is not False or not of.is_made(row["item"]):
            continue
        at, rows = ("decided", row["receipt"], row["day"]), f"table 'receipts', {row['units']:,.10g} of {row['item']}"
        mine = lots.get(row["receipt"])
        if mine is None or mine["status"] != "approved":
            yield broken(at, (0, "exactly", 1), f"approved lots of this number in 'lots', beside {rows}", AGAIN)
        elif mine["units"] > row["units"] + SOLVER:
            yield broken(
                at, (mine["units"], "at most", row["units"]), f"{rows}, beside its lot", "Approved lots keep their units."
            )
