"""Pegging and exceptions of the current plan: what serves what adds up, in time, and the dearest exception comes first."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lotwise.plan.check.breach import AGAIN, HALF, SHARE, SOLVER, Breach, broken
from lotwise.plan.check.published import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from lotwise.plan.check.supply import Supply

Named = dict[tuple[str, str, str], tuple[float, "date"]]
"""Units, and the Monday they are there, by the name of a supply, its item and its site."""


def _supplies(of: Supply) -> Named:
    """Return every lot, purchase, receipt and shipment that pegging can name, and the stock that is counted."""
    found: Named = {}

    def add(name: str, item: str, site: str, units: float, week: date) -> None:
        before = found.get((name, item, site), (0.0, week))[0]
        found[name, item, site] = (before + units, week)

    lots = {lot["lot"] for lot in of.lots}
    for lot in of.lots:
        add(lot["lot"], lot["item"], lot["site"], lot["units"], lot["ready"])
        for line in of.coproducts.get(lot["item"], ()):
            add(lot["lot"], line["coproduct"], lot["site"], lot["started"] * line["quantity"], lot["ready"])
    for row in of.purchases:
        name = " ".join(part for part in ("purchase", row["material"], row["supplier"], str(row["week"])) if part)
        add(name, row["material"], row["site"], row["units"], row["arrives"])
    for row in of.shipments:
        add(f"shipment {row['item']} {row['origin']} {row['week']}", row["item"], row["target"], row["units"], row["arrives"])
    for (item, site), units in of.opening.items():
        add(f"stock {item}", item, site, units, of.plan.cutoff)
    for row in of.receipts:
        if row["receipt"] not in lots:
            add(
                f"receipt {row['receipt']}",
                row["item"],
                row["site"],
                row["units"],
                of.plan.weeks[max(of.number(row["day"]), 0)],
            )
    return found


def pegging(of: Supply) -> Iterator[Breach]:
    """Yield supplies that serve more or less than they are or serve too early, and lots that get other than they take."""
    if "pegging" not in of.tables:
        return
    known = _supplies(of)
    given: dict[tuple[str, str], float] = defaultdict(float)
    total: dict[tuple[str, str], float] = defaultdict(float)
    first: dict[tuple[str, str], date] = {}
    for (name, item, _), (units, when) in known.items():
        total[name, item] += units
        first[name, item] = min(first.get((name, item), when), when)
    for row in rows_of(of.tables, "pegging"):
        name, item, week = row["supply"], row["item"], row["week"]
        if name == f"missing {item}" or (name == f"stock {item}" and item not in of.counted):
            continue
        given[name, item] += row["units"]
        there = first.get((name, item))
        at, rows = ("pegging", name, week), f"table 'pegging', {item} for {row['demand']}"
        if there is None:
            message = f"found a supply that no lot, purchase, shipment or receipt of {item} is called, in {rows}. {AGAIN}"
            yield Breach(*at, None, None, message)
        elif there > week and row["units"] > SOLVER:
            yield Breach(*at, None, None, f"found units used before {there}, when they are there, in {rows}. {AGAIN}")
    products = set(of.plan.products)
    for (name, item), units in sorted(total.items()):
        if item not in of.judged and item not in products:
            continue
        off = SOLVER + SHARE * units + HALF * 2 * (len(of.lots) + 2)
        if abs(given[name, item] - units) > off:
            rows = f"table 'pegging', {item} from {name}"
            yield broken(("pegging", name, None), (given[name, item], "exactly", units), rows, AGAIN)
    yield from _into_lots(of)


def _into_lots(of: Supply) -> Iterator[Breach]:
    for lot in of.lots:
        contents, groups = of.contents(lot)
        got = of.pegged.get(lot["lot"], {})
        for item in sorted(got.keys() | contents.keys()):
            least, most = contents.get(item, (0.0, 0.0))
            units, slack = got.get(item, 0.0), SOLVER + SHARE * most + HALF * 20
            if not least - slack <= units <= most + slack and (units > 0 or item in of.judged):
                said = (units, "at least", least) if units < least else (units, "at most", most)
                yield broken(
                    ("pegging", lot["lot"], lot["week"]), said, f"table 'pegging', {item} for the lot, beside bom", AGAIN
                )
        for group in groups:
            share = sum(got.get(item, 0.0) / units for item, units in group.items() if units > 0)
            if lot["started"] > SOLVER and abs(share - 1.0) > SOLVER + SOLVER / lot["started"]:
                rows = f"table 'pegging', {' or '.join(sorted(group))} for the lot, as shares of what each alone would take"
                yield broken(("pegging", lot["lot"], lot["week"]), (share, "exactly", 1.0), rows, AGAIN)


def exceptions(of: Supply) -> Iterator[Breach]:
    """Yield exceptions out of order: ranks without a hole, the most money first."""
    rows = sorted(rows_of(of.tables, "exceptions"), key=lambda row: row["rank"])
    for number, row in enumerate(rows, start=1):
        at = ("exception", row["subject"], row["week"])
        if row["rank"] != number:
            yield broken(at, (row["rank"], "exactly", number), "table 'exceptions', column 'rank'", AGAIN)
            return
        if number > 1 and row["money"] > rows[number - 2]["money"] + HALF:
            most = rows[number - 2]["money"]
            yield broken(at, (row["money"], "at most", most), "table 'exceptions', column 'money', by rank", AGAIN)
            return
