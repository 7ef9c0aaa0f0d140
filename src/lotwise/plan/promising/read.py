"""What promises are made from, taken from the published tables of a project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import InputError, MissingTableError
from lotwise.plan.network.reading.buying import lead_weeks
from lotwise.plan.promising.facts import ANYWHERE, PLENTY, Facts, Rule, Value
from lotwise.plan.promising.ways import Making, making

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from numpy.typing import NDArray

    from lotwise.config import Settings

    Numbers = NDArray[np.float64]

EDGE = 1e-6
"""Tables hold six digits: as many hours are left out, to be on the safe side, and fewer units are none."""
NEEDED = ("plans", "projection", "loads", "prices", "economics", "deliveries", "lots", "purchases")
TAKEN = (
    *NEEDED, "products", "items", "bom", "routing", "families", "machines", "lanes", "materials", "suppliers", "stock",
    "orders", "order_options", "options", "option_rules", "demand", "work",
)  # fmt: skip
"""Published tables that are read where they exist."""
Against = Literal["orders", "forecast"]


@dataclass(frozen=True)
class _Plan:
    """The current plan's weeks and names."""

    tables: Mapping[str, pa.Table]
    cutoff: date
    weeks: tuple[date, ...]
    products: tuple[str, ...]
    machines: tuple[str, ...]

    def rows(self, name: str) -> list[dict[str, Any]]:
        return self.tables[name].to_pylist() if name in self.tables else []

    def grid(self, names: tuple[str, ...], table: pa.Table, key: str, values: Numbers, week: str = "week") -> Numbers:
        """Return values added up by name and week; ``(n_names, n_weeks)``."""
        found = np.zeros((len(names), len(self.weeks)))
        row = pc.fill_null(pc.index_in(table[key], value_set=pa.array(names, pa.string())), -1).to_numpy()
        column = pc.fill_null(pc.index_in(table[week], value_set=pa.array(self.weeks, pa.date32())), -1).to_numpy()
        inside = (row >= 0) & (column >= 0)
        np.add.at(found, (row[inside], column[inside]), values[inside])
        return found


def read(
    tables: Mapping[str, pa.Table], settings: Settings, *, today: date | None = None, against: Against = "orders"
) -> Facts:
    """Return what promises are made from.

    Parameters
    ----------
    tables
        Published tables by name: those of ``TAKEN`` that exist.
    settings
        Of the project; ``plan`` and ``economics`` are read.
    today
        Nothing is started or delivered before its week; default: the plan's first.
    against
        ``"orders"``: what is planned and not ordered can be promised, for an order that comes is one of those forecast
        (available to promise); ``"forecast"``: only what the expected demand leaves over.

    Raises
    ------
    MissingTableError
        There is no plan yet.
    InputError
        The plan's weeks are over.
    """
    plan = _plan(tables)
    now = 0 if today is None else (today - plan.weeks[0]).days // 7
    if now >= len(plan.weeks):
        raise InputError(
            f"The plan ends in the week of {plan.weeks[-1]}, before {today}. Plan the coming weeks with: lotwise run"
        )
    now = max(now, 0)
    first = max(now, settings.plan.frozen_weeks)
    number = {name: place for place, name in enumerate(plan.machines)}
    how = making(tables, plan.products, plan.weeks, number, lead=settings.plan.lead_weeks)
    items = tuple(dict.fromkeys([*plan.products, *sorted(_named(plan, how))]))
    bought, opens = _bought(plan, how, items, settings, first)
    free, planned = _free(plan, how, items, against)
    lots = plan.tables["lots"]
    lots = lots.filter(pc.not_equal(lots["status"], "expected"))
    started = plan.grid(items, lots, "item", np.ones(lots.num_rows)) > 0
    return Facts(
        weeks=plan.weeks,
        machines=plan.machines,
        items=items,
        **_hours(plan, settings),
        item_price=_prices(plan, items, ("material", "component")),
        demand_price=_demand_prices(plan, items),
        free=np.minimum(free + bought, PLENTY),
        planned=planned,
        up=started,
        shared=_shared(how, items, started),
        ways=how.ways,
        products=_money(plan),
        opens=opens,
        first=first,
        now=now,
        options=_options(plan),
        rules=tuple(Rule(*(row[name] for name in _RULE)) for row in plan.rows("option_rules")),
        transit=_transit(plan),
        multiples=how.multiples,
    )  # fmt: skip


_RULE = ("rule", "product", "kind", "if_option", "if_value", "then_option", "then_value")


def _plan(tables: Mapping[str, pa.Table]) -> _Plan:
    missing = [name for name in NEEDED if name not in tables]
    if missing:
        raise MissingTableError(
            f"There is no plan yet: {', '.join(missing)} have not been published. Make one with: lotwise run"
        )
    plans = tables["plans"]
    plans = plans.filter(pc.and_(pc.equal(plans["information"], "now"), pc.equal(plans["limits"], "real")))
    weeks = set(tables["loads"]["week"].to_pylist())
    if not plans.num_rows:
        raise MissingTableError("There is no plan for the weeks to come. Make one with: lotwise run")
    cutoff = pc.max(plans["cutoff"]).as_py()
    plans = plans.filter(pc.equal(plans["cutoff"], cutoff))
    weeks = weeks or set(plans["week"].to_pylist())
    prices = tables["prices"]
    prices = prices.filter(pc.and_(pc.equal(prices["information"], "now"), pc.equal(prices["cutoff"], cutoff)))
    return _Plan(
        {**tables, "plans": plans, "prices": prices},
        cutoff,
        tuple(sorted(weeks)),
        tuple(sorted(set(plans["product"].to_pylist()))),
        tuple(sorted(set(tables["loads"]["machine"].to_pylist()))),
    )


def _named(plan: _Plan, how: Making) -> set[str]:
    """Return every item that is kept, made, bought or goes into something."""
    found = {item for name, key in (("projection", "item"), ("materials", "material")) for item in _column(plan, name, key)}
    return found | set(how.ways) | {line.component for way in how.ways.values() for line in way.lines}


def _column(plan: _Plan, name: str, key: str) -> list[str]:
    return plan.tables[name][key].to_pylist() if name in plan.tables else []


def _numbers(table: pa.Table, name: str) -> Numbers:
    return np.asarray(pc.fill_null(table[name].cast(pa.float64()), 0.0).to_numpy(), dtype=float)


def _hours(plan: _Plan, settings: Settings) -> dict[str, Numbers]:
    loads = plan.tables["loads"]

    def grid(*names: str) -> Numbers:
        return plan.grid(plan.machines, loads, "machine", sum((_numbers(loads, name) for name in names), np.zeros(len(loads))))

    there, used, extra = grid("hours", "shifts"), grid("run", "setup"), grid("overtime")
    cost = {row["machine"]: row["overtime_cost"] for row in plan.rows("machines")}
    return {
        "regular": np.maximum(there - (used - extra) - EDGE, 0.0),
        "extra": np.maximum(grid("most_overtime") - extra - EDGE, 0.0),
        "overtime_cost": np.array(
            [settings.economics.overtime_cost if cost.get(name) is None else cost[name] for name in plan.machines], dtype=float
        ),
        "open_hours": there.mean(axis=1),
        "machine_price": _prices(plan, plan.machines, ("machine",)),
    }


def _prices(plan: _Plan, names: tuple[str, ...], kinds: tuple[str, ...]) -> Numbers:
    table = plan.tables["prices"]
    table = table.filter(pc.is_in(table["kind"], value_set=pa.array(kinds, pa.string())))
    return plan.grid(names, table, "resource", _numbers(table, "price"))


def _demand_prices(plan: _Plan, items: tuple[str, ...]) -> Numbers:
    table = plan.tables["prices"]
    table = table.filter(pc.equal(table["kind"], "demand"))
    there = plan.grid(items, table, "resource", np.ones(table.num_rows))
    return np.where(there > 0, plan.grid(items, table, "resource", _numbers(table, "price")), np.nan)


def _free(plan: _Plan, how: Making, items: tuple[str, ...], against: Against) -> tuple[Numbers, Numbers]:
    """Return units that can be taken by each week without what is bought, and units of products planned in each week."""
    plans, projection, lines = (plan.tables[name] for name in ("plans", "projection", "deliveries"))
    made = plan.grid(items, plans, "product", _numbers(plans, "units"))
    sold, left = (plan.grid(items, plans, "product", _numbers(plans, name)) for name in ("sold", "left"))
    opening = np.maximum(left[:, 0] + sold[:, 0] - made[:, 0], 0.0)
    opening = np.where(opening > EDGE * len(plan.weeks), opening, 0.0)
    supply = opening[:, None] + np.cumsum(made, axis=1)
    gone = np.cumsum(plan.grid(items, projection, "item", _numbers(projection, "scrapped")), axis=1)
    owed = plan.grid(items, lines, "product", _numbers(lines, "units"), week="due")
    if against == "forecast":
        owed = plan.grid(items, plans, "product", _numbers(plans, "demand"))
    free = supply - gone - np.cumsum(owed, axis=1)
    end = plan.grid(items, projection, "item", _numbers(projection, "end")) - _safety(plan, items)[:, None]
    is_product = np.isin(np.array(items), np.array(plan.products))
    free = np.where(is_product[:, None], free, np.maximum(end, 0.0))
    for place, item in enumerate(items):
        if not is_product[place] and not _is_here(plan, how, item):
            free[place] = 0.0
    return np.where(free > EDGE, free, 0.0), made


def _safety(plan: _Plan, items: tuple[str, ...]) -> Numbers:
    kept: dict[str, float] = {}
    for row in plan.rows("items"):
        kept[row["item"]] = kept.get(row["item"], 0.0) + (row["safety_stock"] or 0.0)
    return np.array([kept.get(item, 0.0) for item in items])


def _is_here(plan: _Plan, how: Making, item: str) -> bool:
    """Whether all there is of an item lies where it is needed."""
    sites = {row["site"] for name in ("items",) for row in plan.rows(name) if row["item"] == item}
    sites |= _stock_sites(plan).get(item, set())
    there, needed = sites - {ANYWHERE}, how.needed.get(item, set()) - {ANYWHERE}
    return len(there | needed) <= 1


def _stock_sites(plan: _Plan) -> dict[str, set[str]]:
    if "stock" not in plan.tables:
        return {}
    pairs = plan.tables["stock"].group_by(["item", "site"]).aggregate([]).to_pylist()
    found: dict[str, set[str]] = {}
    for row in pairs:
        found.setdefault(row["item"], set()).add(row["site"])
    return found


def _bought(plan: _Plan, how: Making, items: tuple[str, ...], settings: Settings, first: int) -> tuple[Numbers, dict[str, int]]:
    """Return the units of each item that can still be bought by each week, and the weeks the first order takes."""
    found = np.zeros((len(items), len(plan.weeks)))
    opens: dict[str, int] = {}
    counted, sellers = _stock_sites(plan), _by(plan.rows("suppliers"), "material")
    materials = {row["material"]: row for row in plan.rows("materials")}
    orders = plan.rows("purchases")
    for place, item in enumerate(items):
        for supplier, (wait, limit, rows) in _prices_of(item, sellers, materials, how, settings).items():
            taken = np.zeros(len(plan.weeks))
            for row in orders:
                if (row["material"], row["supplier"]) == (item, supplier) and row["week"] in plan.weeks:
                    taken[plan.weeks.index(row["week"])] += row["units"]
            for week in range(first, len(plan.weeks) - wait):
                if any(_holds(row, plan.weeks[week]) for row in rows):
                    more = PLENTY if limit is None else max(limit - taken[week], 0.0)
                    found[place, week + wait :] += more
            opens[item] = min(opens.get(item, wait), wait)
        if opens.get(item, 0) > 0 and item not in (*counted, *plan.products, *how.ways):
            found[place] = PLENTY  # nobody counts it: the plan takes it to be there until an order can arrive
    return np.minimum(found, PLENTY), opens


def _prices_of(
    item: str,
    sellers: Mapping[str, list[dict[str, Any]]],
    materials: Mapping[str, dict[str, Any]],
    how: Making,
    settings: Settings,
) -> dict[str, tuple[int, float | None, list[dict[str, Any]]]]:
    """Return weeks an order takes, units a week and price rows of each supplier of an item."""
    found: dict[str, tuple[int, float | None, list[dict[str, Any]]]] = {}
    material = materials.get(item, {})
    for row in sellers.get(item, ()):
        wait = lead_weeks(row, material.get("lead_weeks") or 0, settings.plan.lead_service)
        other, limit, rows = found.get(row["supplier"], (wait, row["weekly_limit"], []))
        limits = [one for one in (limit, row["weekly_limit"]) if one is not None]
        found[row["supplier"]] = (max(wait, other), min(limits, default=None), [*rows, row])
    if not found and material and not (item in how.ways and how.ways[item].steps):
        found[""] = (int(material.get("lead_weeks") or 0), material.get("weekly_limit"), [{}])
    return found


def _by(rows: list[dict[str, Any]], name: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return found


def _holds(row: Mapping[str, Any], day: date) -> bool:
    starts, ends = row.get("starts"), row.get("ends")
    return (starts is None or starts <= day) and (ends is None or day <= ends)


def _shared(how: Making, items: tuple[str, ...], started: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return whether something of an item's family is started in each week; of items without one there is nothing to share."""
    family = [how.ways[item].family if item in how.ways else "" for item in items]
    found = started.copy()
    for name in set(family) - {""}:
        mine = np.array([each == name for each in family])
        found[mine] |= started[mine].any(axis=0)
    return found


def _money(plan: _Plan) -> dict[str, tuple[float, float]]:
    """Return price and standard cost of each product planned."""
    rows = {row["product"]: (row["unit_price"], row["unit_cost"]) for row in plan.rows("economics")}
    return {product: rows[product] for product in plan.products if product in rows}


def _options(plan: _Plan) -> dict[str, dict[str, dict[str, Value]]]:
    found: dict[str, dict[str, dict[str, Value]]] = {}
    for row in plan.rows("options"):
        value = Value(row["extra_price"] or 0.0, row["extra_cost"] or 0.0)
        found.setdefault(row["product"], {}).setdefault(row["option"], {})[row["value"]] = value
    return found


def _transit(plan: _Plan) -> dict[str, int]:
    """Return the days to each region: those of a lane to it, else none."""
    regions = set(_column(plan, "demand", "region"))
    lanes = {row["target"]: 7 * (row["lead_weeks"] or 0) for row in plan.rows("lanes") if row["target"] in regions}
    return {region: lanes.get(region, 0) for region in sorted(regions)}
