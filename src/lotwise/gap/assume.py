"""What the money rests on: every price, cost and rule that was given, assumed or observed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.gap import states
from lotwise.gap.interval import MOST_GROUPS
from lotwise.gap.sweep import SPREAD
from lotwise.tables.ledger import ASSUMPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lotwise.config import Settings, Source
    from lotwise.gap.value import Value

Row = tuple[str, str, str, str, str]
"""Subject, item, value, basis, note."""


def assumptions(
    value: Value, economics: pa.Table, demand: pa.Table, *, settings: Settings, sources: Sequence[Source] = ()
) -> pa.Table:
    """Return the table ``assumptions``: what the ledger rests on, and which of it nobody has confirmed.

    Parameters
    ----------
    value
        Settled profits; may be empty.
    economics, demand
        The tables of these names.
    settings
        All settings; what is said there counts as given.
    sources
        The sources, in the order they were added; one without tables is one that nobody declared.
    """
    planned = economics.filter(pc.is_in(economics["product"], value_set=pa.array(value.products, pa.string())))
    rows = [
        *_economics(planned if len(value.products) else economics, settings.project.currency),
        *_costs(economics, settings),
        *_time(value, demand, settings),
        *_rules(value, demand, settings),
        *_sources(sources, settings.project.currency),
        *(("left out", f"note {place}", note, "observed", "") for place, note in enumerate(value.notes, start=1)),
    ]
    columns = zip(*rows, strict=True)
    return pa.table(dict(zip(ASSUMPTIONS.names, map(list, columns), strict=True)), schema=ASSUMPTIONS.schema)


def _economics(economics: pa.Table, currency: str) -> Iterator[Row]:
    """Yield price, cost and salvage of each category, apart by where they are from."""
    for subject, column, note in (
        ("price", "unit_price", "Price of one unit, the same in every week: a week with a discount is valued too high."),
        ("cost", "unit_cost", "Cost of materials and making of one unit."),
        ("salvage", "salvage", "What one unsold unit still brings."),
    ):
        basis = economics[f"{subject}_basis"]
        kinds = economics.select(["category"]).append_column("basis", basis).group_by(["category", "basis"]).aggregate([])
        for kind in kinds.sort_by([("category", "ascending"), ("basis", "ascending")]).to_pylist():
            ours = economics.filter(pc.and_(pc.equal(economics["category"], kind["category"]), pc.equal(basis, kind["basis"])))
            amount, price = ours[column].to_numpy(), ours["unit_price"].to_numpy()
            said = f"{amount.min():,.2f} to {amount.max():,.2f} {currency}" if subject == "price" else _share(amount, price)
            products = f"{ours.num_rows} product" + ("s" if ours.num_rows > 1 else "")
            yield subject, f"{kind['category']} ({kind['basis']})", f"{said}, {products}", kind["basis"], note


def _share(amount: np.ndarray, price: np.ndarray) -> str:
    sold = price.sum()
    return f"{amount.sum() / sold:.1%} of the price" if sold > 0 else "0"


def _costs(economics: pa.Table, settings: Settings) -> Iterator[Row]:
    currency = settings.project.currency
    held, cost = economics["holding_cost"].to_numpy().sum(), economics["unit_cost"].to_numpy().sum()
    share = f"{held / cost:.2%} of the unit cost a week" if cost > 0 else "0"
    yield "holding", "all products", share, "assumed", "Cost of keeping one unit one week, from [economics]."
    overtime = f"{settings.economics.overtime_cost:,.2f} {currency} an hour"
    yield "overtime", "machines that do not say", overtime, "assumed", "Paid on top of the unit cost, from [economics]."
    yield "currency", "all money", currency, "given", "From [project]."


def _time(value: Value, demand: pa.Table, settings: Settings) -> Iterator[Row]:
    horizon = settings.forecast.horizon
    yield (
        "horizon",
        "forecast and plan",
        f"{horizon} and {settings.plan.weeks} weeks",
        "given",
        "Weeks looked ahead at each cutoff.",
    )
    if settings.project.today is not None:
        yield "today", "first day not known yet", str(settings.project.today), "given", "From [project]."
    elif demand.num_rows:
        last = f"after the week of {pc.max(demand['week']).as_py()}"
        yield "today", "first day not known yet", last, "observed", "After the last whole week of orders."
    if len(value.weeks):
        cutoffs = len(np.unique(value.cutoffs))
        said = f"{len(value.weeks)} weeks, {value.weeks.min()} to {value.weeks.max()}, planned at {cutoffs} cutoffs"
        yield "settled", "weeks", said, "observed", "Each plan uses what was known at its cutoff only."
        yield (
            "settled",
            "products",
            f"{len(value.products)} products",
            "observed",
            "Chosen by what was known at the first cutoff.",
        )


def _rules(value: Value, demand: pa.Table, settings: Settings) -> Iterator[Row]:
    floor = "as the floor carried it out" if "executed" in value.profit else "made in full, for there is no floor data"
    said = f"the plan lotwise would have made with what was known, {floor}"
    yield "rule", "actual", said, "assumed", "What the firm itself planned is not in the data."
    yield (
        "rule",
        "opening stock",
        "past windows open with no stock",
        "assumed",
        "The plan to carry out opens with the stock there is.",
    )
    unserved = {"lost": "is lost", "backorder": "waits, at a cost"}[settings.plan.unserved]
    yield "rule", "demand that is not met", unserved, "assumed", "From [plan], where products.unserved does not say."
    yield "rule", "base", _base(value), "assumed", "What P is measured against: the better one of two, known after the fact."
    frozen = settings.forecast.frozen_weeks
    yield (
        "rule",
        "frozen weeks",
        f"{frozen} weeks" if frozen else "none",
        "given",
        "From [forecast]: fixed when a plan is made.",
    )
    settled = pc.is_in(demand["week"], value_set=pa.array(np.unique(value.weeks), demand["week"].type))
    ours = pc.and_(settled, pc.is_in(demand["product"], value_set=pa.array(value.products, pa.string())))
    short = pc.sum(pc.and_(ours, demand["censored"])).as_py() or 0
    note = "Sales stand for demand there, which may have been higher."
    yield "demand", "weeks out of stock", f"{short} of the settled product-weeks", "observed", note
    gap = settings.gap
    drawn = f"{gap.interval:.0%}, {gap.resamples} resamples of products and blocks of {gap.block_weeks} weeks"
    many = f" Products in {MOST_GROUPS} groups." if len(value.products) > MOST_GROUPS else ""
    yield "interval", "all lines", drawn, "given", f"From [gap]; few blocks make it approximate.{many}"
    note = "Each product-week stands alone there: no limits, no stock carried over."
    yield "sweep", "price - salvage", f"{SPREAD:.0%} of the price", "assumed", note


def _base(value: Value) -> str:
    state = states.base(value) if value.profit else None
    return f"SAA: the best plan for {states.BASES[state or states.NONE]}"


def _sources(sources: Sequence[Source], currency: str) -> Iterator[Row]:
    for source in sources:
        if not source.tables:
            yield "source", source.name, "as lotwise made it", "assumed", "Declare a [[source]] to say what is known when."
            continue
        said = f"known: {source.known}, lead {source.lead} weeks, {source.yearly_cost:,.2f} {currency} a year"
        yield "source", source.name, said, "given", f"Tables: {', '.join(source.tables)}."
