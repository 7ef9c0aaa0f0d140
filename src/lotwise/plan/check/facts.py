"""What the published tables say, read once: limits, stock, lots, contents of a unit, and the plans."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from lotwise.plan.check.breach import HALF
from lotwise.plan.check.published import counted, rows_of
from lotwise.plan.check.uses import Explosion

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import pyarrow as pa

    from lotwise.config import Plan as Settings
    from lotwise.plan.check.published import Row

WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan of ``plans``: its rows by product and week.

    ``takes`` holds of each product and resource the hours or units of one unit, and how far they may be off.
    """

    information: str
    limits: str
    cutoff: date
    weeks: tuple[date, ...]
    is_past: bool
    lead: int
    rows: dict[tuple[str, date], Row]
    takes: dict[str, dict[str, tuple[float, float]]]

    @property
    def name(self) -> str:
        """The plan as messages call it."""
        return f"plans with information '{self.information}', limits '{self.limits}', cutoff {self.cutoff}"

    @property
    def products(self) -> list[str]:
        """The products of the plan, by name."""
        return sorted({product for product, _ in self.rows})

    def units(self, product: str, week: date) -> float:
        """Return the units of a product that become ready for sale in a week; 0 where the plan has no row."""
        row = self.rows.get((product, week))
        return 0.0 if row is None else float(row["units"])


@dataclass(frozen=True, slots=True)
class Facts:
    """What the tables say, read once."""

    tables: Mapping[str, pa.Table]
    settings: Settings
    machines: dict[str, Row]
    materials: dict[str, Row]
    economics: dict[str, Row]
    on_hand: dict[str, float]
    lots: dict[str, tuple[float, float]]
    waiting: dict[str, bool]
    plans: tuple[Plan, ...]

    @property
    def real(self) -> list[Plan]:
        """The plans that real limits bind."""
        return [plan for plan in self.plans if plan.limits == "real"]

    @property
    def current(self) -> Plan | None:
        """The plan to carry out: the latest with information ``now`` and real limits whose weeks are not over."""
        now = [plan for plan in self.real if plan.information == "now" and not plan.is_past]
        return max(now, key=lambda plan: plan.cutoff, default=None)

    @property
    def is_network(self) -> bool:
        """Whether the plan to carry out says of every lot when and where it is made."""
        return "lots" in self.tables

    def waits(self, product: str) -> bool:
        """Whether demand for a product that is not met waits: as it says itself, else as the settings say."""
        return self.waiting.get(product, self.settings.unserved == "backorder")


def read(tables: Mapping[str, pa.Table], settings: Settings) -> Facts:
    """Return what the tables say, read once, with the plans in order of information, limits and cutoff."""
    last = pc.max(tables["demand"]["week"]).as_py()
    groups: dict[tuple[str, str, date], dict[tuple[str, date], Row]] = defaultdict(dict)
    for row in rows_of(tables, "plans"):
        groups[row["information"], row["limits"], row["cutoff"]][row["product"], row["week"]] = row
    latest = max((cutoff for _, _, cutoff in groups), default=None)
    takes = {cutoff: _takes(tables, cutoff, is_latest=cutoff == latest) for cutoff in {cutoff for _, _, cutoff in groups}}
    plans = []
    for (information, limits, cutoff), rows in sorted(groups.items()):
        weeks = tuple(sorted({week for _, week in rows}))
        is_past = last is not None and weeks[-1] <= last
        lead = 0 if is_past else min(settings.lead_weeks, len(weeks))
        plans.append(Plan(information, limits, cutoff, weeks, is_past, lead, rows, takes[cutoff]))
    products = rows_of(tables, "products")
    return Facts(
        tables,
        settings,
        machines={row["machine"]: row for row in rows_of(tables, "machines")},
        materials={row["material"]: row for row in rows_of(tables, "materials")},
        economics={row["product"]: row for row in rows_of(tables, "economics")},
        on_hand=counted(tables),
        lots={row["product"]: (row["lot_minimum"] or 0.0, row["lot_multiple"] or 0.0) for row in products},
        waiting={row["product"]: row["unserved"] == "backorder" for row in products if row.get("unserved")},
        plans=tuple(plans),
    )


def _takes(tables: Mapping[str, pa.Table], cutoff: date, *, is_latest: bool) -> dict[str, dict[str, tuple[float, float]]]:
    """Return what one unit of each product takes: as published, exact where bills of that day say the same.

    What is published holds for the latest plans; where bills change with time earlier ones are judged by the bills alone.
    """
    takes: dict[str, dict[str, tuple[float, float]]] = defaultdict(dict)
    explosion = Explosion(tables, cutoff)
    is_own = is_latest or not explosion.is_dated
    for row in rows_of(tables, "uses") if is_own or not explosion.is_known else ():
        takes[row["product"]][row["resource"]] = (row["quantity"], HALF)
    for product in {row["product"] for row in rows_of(tables, "plans", "product")} if explosion.is_known else ():
        least, most = explosion.of(product)
        for resource, quantity in least.items():
            published = takes[product].get(resource, (quantity, 0.0))[0]
            if quantity == most[resource] and abs(published - quantity) <= 2 * HALF:
                takes[product][resource] = (quantity, 0.0)
    return dict(takes)
