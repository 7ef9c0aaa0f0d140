"""The stage: demand and what else is known -> forecast, draws, scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import ContractError
from lotwise.forecast import options, sources
from lotwise.forecast.information import NOW
from lotwise.forecast.make import make
from lotwise.forecast.panel import NO_DEMAND, cutoffs
from lotwise.tables import contract
from lotwise.tables.weeks import WEEK

if TYPE_CHECKING:
    from datetime import date

    from lotwise.stage import Inputs, Relation

MOST_CELLS = 1_000_000
"""Product-region-weeks forecast at most; best sellers come first."""
COLUMNS = {
    "demand": ("product", "region", "week", "units", "unit_price", "discount", "censored"),
    "orders": ("time", "customer", "product", "region", "units"),
    "events": ("time", "product", "kind", "value", "text"),
}
"""Columns read of large tables; of others, all."""


def run(inputs: Inputs) -> dict[str, Relation]:
    """Return the tables of the stage."""
    present = {name for name in ("customers",) if inputs.has(name)}
    present |= {name for family in sources.FAMILIES if inputs.has(name := family.partition(".")[0])}
    declared = sources.declared(inputs.settings.source, present)
    demand = inputs.relation("demand")
    inputs.progress("choosing products", 0.0)
    chosen = inputs.engine.from_arrow(pa.table({"product": choose(inputs, demand)}))
    needed = {family.partition(".")[0] for source in declared for family in sources.families(source)} | {"products", "demand"}
    needed |= {"customers"} if "orders" in needed else set()
    narrow = {name: _narrow(inputs, name, chosen) for name in sorted(needed & present)}
    made = make(
        narrow["demand"],
        tables={name: table for name, table in narrow.items() if name != "demand"},
        declared=declared,
        economics=inputs.table("economics") if inputs.has("economics") else None,
        params=inputs.settings.forecast,
        seed=int(inputs.rng("forecast").integers(2**31)),
        progress=inputs.progress,
    )
    return made | optional(inputs, made["draws"])


def optional(inputs: Inputs, draws: pa.Table) -> dict[str, pa.Table]:
    """Return the tables ``option_demand`` and ``component_demand`` of the weeks to come."""
    empty = {name: contract(name).empty() for name in ("option_demand", "component_demand")}
    if not (inputs.has("orders") and inputs.has("order_options")):
        return empty
    chosen = inputs.engine.to_arrow(inputs.relation("order_options"))
    if chosen.num_rows == 0:
        return empty
    names = ("orders", "options", "option_rules", "bom")
    tables = {name: inputs.engine.to_arrow(inputs.relation(name)) if inputs.has(name) else None for name in names}
    now = draws.filter((pc.field("information") == NOW) & (pc.field("cutoff") == pc.max(draws["cutoff"])))
    return options.forecast(now, order_options=chosen, **tables, seed=int(inputs.rng("options").integers(2**31)))


def choose(inputs: Inputs, demand: ibis.Table) -> pa.Array:
    """Return the products to forecast: the best sellers by revenue known before the first past cutoff.

    What sold well later would be chosen by what nobody knew then, and every forecast would look too low.
    """
    params = inputs.settings.forecast
    first = first_cutoff(inputs, demand)
    known = (demand["week"] < ibis.literal(first)).ifelse(demand["revenue"], 0.0)
    ranked = demand.group_by("product").aggregate(revenue=known.cast("decimal(18, 4)").sum(), cells=demand.count())
    ranked = ranked.order_by([ibis.desc("revenue"), ibis.asc("product")])
    ranked = ranked.limit(params.products) if params.products else ranked
    table = inputs.engine.to_arrow(ranked)
    fits = np.cumsum(table["cells"].to_numpy()) <= MOST_CELLS
    fits[:1] = True
    if not fits.all():
        inputs.progress(f"{int(fits.sum())} best sellers of {len(fits)} products fit into {MOST_CELLS:,} product-weeks", None)
    return table["product"].filter(pa.array(fits)).combine_chunks()


def first_cutoff(inputs: Inputs, demand: ibis.Table) -> date:
    """Return the first past cutoff, or the current one where there is no past one."""
    params = inputs.settings.forecast
    known = inputs.engine.to_arrow(demand.select("week").distinct())["week"].to_pylist()
    if not known:
        raise ContractError(NO_DEMAND)
    start = min(known)
    weeks = (max(known) - start) // WEEK + 1
    past = cutoffs(weeks, horizon=params.horizon, wanted=params.cutoffs)
    first: date = start + WEEK * ((past[0] if past else weeks - 1) + 1)
    return first


def _narrow(inputs: Inputs, name: str, chosen: ibis.Table) -> pa.Table:
    """Return a table's rows of the chosen products, and only the columns that are read."""
    table = inputs.relation(name)
    if name == "orders":
        table = table.filter((table["kind"] == "sale") & table["customer"].notnull())
    if name in COLUMNS:
        table = table.select(*COLUMNS[name])
    if name == "events":
        table = table.mutate(text=(table["kind"] == "search").ifelse(table["text"], ibis.null("string")))
    if name == "products":
        sold = table.semi_join(chosen, "product")
        announced = table.filter(table["launched"].notnull()).anti_join(inputs.relation("demand"), "product")
        table = sold.union(announced)
    elif "product" in table.columns:
        own = table.semi_join(chosen, "product")
        wide = _wide(name, table)
        table = own if wide is None else own.union(wide)
    return inputs.engine.to_arrow(table)


def _wide(name: str, table: ibis.Table) -> ibis.Table | None:
    """Return the rows of a table that speak of no product in particular."""
    if name == "signals":
        return table.filter(table["product"] == "all")
    if name == "events":
        return table.filter((table["kind"] == "search") & table["product"].isnull())
    return None
