"""Demand for options and components: joint draws of products' totals, exploded by what customers choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import ContractError
from lotwise.forecast.options import explode, parts, rates
from lotwise.forecast.options.choices import Levels, levels
from lotwise.forecast.options.mix import fitted
from lotwise.forecast.options.rules import rules
from lotwise.tables.forecasted import COMPONENT_DEMAND, LEVELS, OPTION_DEMAND, QUANTILES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lotwise.forecast.options.mix import Mix
    from lotwise.forecast.panel import Array, Index

DRAWS = 400
"""Draws from which quantiles are read; each draw of the total is used as often as it takes."""
DAYS = 7
ENDS = (0.05, 0.95)


@dataclass(frozen=True)
class Sold:
    """What was chosen of one product.

    Parameters
    ----------
    levels
        Values of its options.
    codes
        ``(n_lines, n_options)``.
    units
        ``(n_lines,)``.
    age
        Whole weeks before the cutoff, 0 for the last one; ``(n_lines,)``.
    """

    levels: Levels
    codes: Index
    units: Array
    age: Index


@dataclass(frozen=True)
class Known:
    """What is known of the choices of one product.

    Parameters
    ----------
    mix
        Its mix.
    evidence
        Independent choices in one unit sold.
    lots
        Units of each order line.
    """

    mix: Mix
    evidence: float
    lots: Array


def forecast(
    draws: pa.Table,
    orders: pa.Table | None,
    order_options: pa.Table | None,
    options: pa.Table | None = None,
    option_rules: pa.Table | None = None,
    bom: pa.Table | None = None,
    *,
    seed: int = 0,
) -> dict[str, pa.Table]:
    """Return the tables ``option_demand`` and ``component_demand``.

    In every draw, the units of an option's values sum to the product's total, and a component's units to what its
    configurations take. Means are exact: expected total times the exact take rate of the fitted mix.

    Parameters
    ----------
    draws
        Table ``draws`` of one cutoff and one state of information.
    orders, order_options
        What was sold and what was chosen; only sales before the cutoff are read. Without choices, both tables are
        empty.
    options
        Values that can be chosen from now on; a product it does not list offers what it sold.
    option_rules
        Rules between choices; one about an option that was neither listed nor chosen says nothing.
    bom
        Bills of materials; without them ``component_demand`` is empty.
    seed
        Same seed and same data give the same bytes.

    Raises
    ------
    ContractError
        The draws hold more than one cutoff or state of information, rules exclude each other, or an item contains
        itself.
    """
    same = draws.select(["information", "cutoff"]).group_by(["information", "cutoff"]).aggregate([]).to_pylist()
    if len(same) > 1:
        held = ", ".join(sorted(f"{row['information']} at {row['cutoff']}" for row in same))
        message = f"Table 'draws' holds {len(same)} states of information and cutoffs ({held}); expected one: filter it first"
        raise ContractError(message)
    if not same or orders is None or order_options is None or not order_options.num_rows:
        return {"option_demand": OPTION_DEMAND.empty(), "component_demand": COMPONENT_DEMAND.empty()}
    sold = _sold(draws, orders, order_options, options, same[0]["cutoff"])
    mixes = _mixes(sold, option_rules, seed=seed)
    by_option, by_component = _exploded(draws.sort_by([(name, "ascending") for name in CELL]), mixes, bom, seed)
    told = {name: pa.scalar(same[0][name], OPTION_DEMAND.schema.field(name).type) for name in ("information", "cutoff")}
    return {
        "option_demand": _table(by_option, told, OPTION_DEMAND.schema),
        "component_demand": _table(by_component, told, COMPONENT_DEMAND.schema),
    }


CELL = ("product", "region", "week")


def _sold(
    draws: pa.Table, orders: pa.Table, order_options: pa.Table, options: pa.Table | None, cutoff: object
) -> dict[str, Sold]:
    """Return what was chosen of each configurable product that is forecast."""
    wanted = draws.select(["product"]).group_by("product").aggregate([])
    known = pc.and_(pc.equal(orders["kind"], "sale"), pc.greater(orders["units"], 0))
    known = pc.and_(known, pc.less(orders["time"].cast(pa.date32(), safe=False), pa.scalar(cutoff, pa.date32())))
    lines = orders.select(["order", "line", "time", "product", "units"]).filter(known)
    lines = lines.join(wanted, "product", join_type="left semi").sort_by([("order", "ascending"), ("line", "ascending")])
    lines = lines.append_column("number", pa.array(np.arange(lines.num_rows)))
    chosen = order_options.join(lines.select(["order", "line", "number"]), ["order", "line"], join_type="inner")
    found, listed = {}, _listed(options)
    day = lines["time"].cast(pa.date32(), safe=False).cast(pa.int32()).to_numpy()
    age = (pa.scalar(cutoff, pa.date32()).cast(pa.int32()).as_py() - 1 - day) // DAYS
    number, units, product = chosen["number"].to_numpy(), lines["units"].to_numpy(), lines["product"].combine_chunks()
    of = product.take(pa.array(number))
    for name in sorted(set(wanted["product"].to_pylist())):
        own = chosen.filter(pc.equal(of, name))
        offered = listed.get(name)
        if not own.num_rows and not offered:
            continue
        frame, rows = _wide(own, list(offered or sorted(set(own["option"].to_pylist()))))
        kinds = levels(frame, frame.column_names, offered)
        found[name] = Sold(kinds, kinds.encode(frame), units[rows], age[rows])
    return found


def _wide(chosen: pa.Table, options: Sequence[str]) -> tuple[pa.Table, Index]:
    """Return one row an order line with one column an option, and the number of each line."""
    rows, place = np.unique(chosen["number"].to_numpy(), return_inverse=True)
    option = pc.index_in(chosen["option"], value_set=pa.array(options, pa.string())).to_numpy(zero_copy_only=False)
    values = np.asarray(chosen["value"].to_numpy(zero_copy_only=False), object)
    columns = {}
    for number, name in enumerate(options):
        held = option == number
        column = np.full(len(rows), None, object)
        column[place[held]] = values[held]
        columns[name] = pa.array(column, pa.string())
    return pa.table(columns), rows


def _listed(options: pa.Table | None) -> dict[str, dict[str, list[str]]]:
    """Return the values that each product offers, by option."""
    found: dict[str, dict[str, list[str]]] = {}
    if options is not None:
        for row in options.sort_by([("product", "ascending"), ("option", "ascending")]).to_pylist():
            found.setdefault(row["product"], {}).setdefault(row["option"], []).append(row["value"])
    return found


def _mixes(sold: Mapping[str, Sold], option_rules: pa.Table | None, *, seed: int) -> dict[str, Known]:
    """Return the mix of each product; rates common to all products steady those with few orders."""
    counts = _counts(sold)
    memory = rates.remembered([units for _, _, units in counts.values()])
    prior: dict[tuple[str, str], Array] = {}
    for option, (names, values, units) in counts.items():
        offers = np.zeros(units.shape[:2], bool)
        for row, name in enumerate(names):
            kinds = sold[name].levels
            offers[row, [values.index(value) for value in kinds.values[kinds.options.index(option)]]] = True
        common = rates.posterior(units, offers, memory).prior
        prior |= {(name, option): common[row, offers[row]] for row, name in enumerate(names)}
    ruled: dict[str, list[dict[str, str]]] = {}
    for row in option_rules.to_pylist() if option_rules is not None else ():
        ruled.setdefault(row["product"], []).append(row)
    found = {}
    for name, own in sold.items():
        recent = 0.5 ** (own.age / memory)
        kept = rules(own.levels, [row for row in ruled.get(name, ()) if row["then_option"] in own.levels.options])
        before = [prior[name, option] for option in own.levels.options]
        try:
            mix = fitted(own.levels, own.codes, own.units * recent, kept=kept, seed=seed, prior=before)
        except ContractError as error:
            message = f"Product '{name}': {error}"
            raise ContractError(message) from error
        evidence = float(own.units @ recent / (own.units**2 @ recent)) if len(recent) else 1.0
        found[name] = Known(mix, min(evidence, 1.0), own.units if len(recent) else np.ones(1))
    return found


def _counts(sold: Mapping[str, Sold]) -> dict[str, tuple[list[str], list[str], Array]]:
    """Return, by option: the products that have it, all its values, and units by product, value and week."""
    weeks = max((int(own.age.max()) + 1 for own in sold.values() if len(own.age)), default=1)
    found = {}
    for option in sorted({option for own in sold.values() for option in own.levels.options}):
        names = [name for name, own in sold.items() if option in own.levels.options]
        held = {name: sold[name].levels.options.index(option) for name in names}
        values = sorted({value for name in names for value in sold[name].levels.values[held[name]]})
        units = np.zeros((len(names), len(values), weeks))
        for row, name in enumerate(names):
            own = sold[name]
            place = np.array([values.index(value) for value in own.levels.values[held[name]]])
            codes = own.codes[:, held[name]]
            usable = codes >= 0
            np.add.at(units[row], (place[codes[usable]], weeks - 1 - own.age[usable]), own.units[usable])
        found[option] = names, values, units
    return found


Rows = list[dict[str, object]]


def _exploded(draws: pa.Table, mixes: Mapping[str, Known], bom: pa.Table | None, seed: int) -> tuple[Rows, Rows]:
    """Return the rows of both tables, but for the columns that are the same in all."""
    bill, rows = parts.lines(bom, pc.min(draws["week"]).as_py()), []
    cells: dict[str, list[tuple[dict[str, object], Array]]] = {}
    for cell, units in zip(draws.select(CELL).to_pylist(), draws["units"].to_pylist(), strict=True):
        cells.setdefault(cell["product"], []).append((cell, np.tile(np.array(units, float), -(-DRAWS // len(units)))))
    mean: dict[tuple[str, object], float] = {}
    pooled: dict[tuple[str, object], Array] = {}
    for number, (name, own) in enumerate(cells.items()):
        known, rng = mixes.get(name), np.random.default_rng([seed, 2, number])
        taken = parts.parts(name, bill, known.mix.levels.options if known else ())
        each = parts.expected(taken, known.mix, seed=seed) if known else {part.component: part.quantity for part in taken}
        used = [{component: units * totals for component, units in each.items()} for _, totals in own]
        if known:
            found, used = _configured(own, known, taken, rng)
            rows += found
        for (cell, totals), components in zip(own, used, strict=True):
            for component, units in components.items():
                key = component, cell["week"]
                mean[key] = mean.get(key, 0.0) + each[component] * float(totals.mean())
                pooled[key] = pooled.get(key, 0.0) + units
    return rows, [
        {"component": component, "week": week, "mean": mean[component, week], **_levels(pooled[component, week])}
        for component, week in sorted(pooled, key=str)
    ]


def _configured(
    cells: Sequence[tuple[Mapping[str, object], Array]], known: Known, taken: Sequence[parts.Part], rng: np.random.Generator
) -> tuple[Rows, list[dict[str, Array]]]:
    """Return the rows of one product's option values, and the components used in each draw of each region and week."""
    mix, size = known.mix, len(cells[0][1])
    belief = explode.believe(mix, size, rng, evidence=known.evidence)
    ends = [np.quantile(drawn, ENDS, axis=0) for drawn in belief.shares()]
    fixed = [
        {"option": option, "value": value, "take_rate": min(rate, 1.0), "take_rate_low": low, "take_rate_high": high}
        for option, values, shares, (lows, highs) in zip(mix.levels.options, mix.levels.values, mix.shares(), ends, strict=True)
        for value, rate, low, high in zip(values, shares.tolist(), lows.tolist(), highs.tolist(), strict=True)
    ]
    rows: Rows = []
    used = []
    for cell, totals in cells:
        configured = explode.allot(belief, totals, rng, lots=known.lots)
        units = np.concatenate(configured.by_value(mix.levels, size), axis=1)
        curves, total = np.quantile(units, LEVELS, axis=0).T.tolist(), float(totals.mean())
        rows += [
            {**cell, **own, "mean": total * own["take_rate"], **dict(zip(QUANTILES, curve, strict=True))}
            for own, curve in zip(fixed, curves, strict=True)
        ]
        used.append(parts.used(taken, configured, mix.levels, size))
    return rows, used


def _levels(units: Array) -> dict[str, float]:
    """Return the quantiles of draws, by column."""
    return dict(zip(QUANTILES, np.quantile(units, LEVELS).tolist(), strict=True))


def _table(rows: Rows, same: Mapping[str, pa.Scalar], schema: pa.Schema) -> pa.Table:
    """Return rows as a table, with columns that hold one value throughout."""
    own = pa.Table.from_pylist(rows, schema=pa.schema([field for field in schema if field.name not in same]))
    columns = {name: pa.repeat(same[name], own.num_rows) if name in same else own[name] for name in schema.names}
    return pa.table(columns, schema=schema)
