"""Pure stock, pure order and every point between, at equal service, from frames."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from lotwise.errors import ContractError, SettingsError, did_you_mean
from lotwise.plan.frames import columns
from lotwise.plan.generic import postponement
from lotwise.plan.generic.postponement import ORDER, Choice

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.generic.postponement import Held

MIX, MADE_TO_ORDER = "mix", "order"
NOT_REACHED = "the target is not reached within the late capacity"
NINETY_FIVE = 1.959964
"""Standard errors of a 95 % interval."""
_DEMAND, _ITEMS, _WAYS = "The demand", "The items", "The ways"


@dataclass(frozen=True, slots=True)
class _Row:
    """One strategy: what is held by it, and what came on the scenarios kept apart."""

    name: str
    held: Held | None
    kept: Held | None


def postpone(
    demand: Any,  # noqa: ANN401  any frame there is
    items: Any,  # noqa: ANN401  the same
    ways: Any,  # noqa: ANN401  the same
    *,
    target: float = 0.95,
    capacity: float = float("inf"),
    against: str | None = None,
) -> pa.Table:
    """Return what pure stock, pure order, every stage of the bill and their mix cost at equal service, the cheapest first.

    Each strategy decides its stock on every second scenario and is settled on the others, which it has not seen.

    Parameters
    ----------
    demand
        Columns ``scenario, unique_id, units``: what is asked of each product, 0 where there is no row. Four scenarios or more;
        a
        few hundred are solved in seconds.
    items
        Columns ``item, stage, cost, left``: what may be made early, finished products too; ``stage`` names its
        decoupling point, ``cost`` is money by unit, ``left`` money by unit left over (disposal and holding; negative
        where it brings something).
    ways
        Columns ``item, unique_id, finish``: money to turn a unit of an item into a product (0 for the finished product), and
        where
        there is a late capacity ``uses`` of it by unit. A row whose ``item`` is empty is made to order, from the start; put
        what waiting costs into its ``finish``.
    target
        Share of demand served, the same for all strategies.
    capacity
        Late capacity in a scenario.
    against
        Stage that savings are reckoned against. Default: the one with the most items, which is pure stock.

    Returns
    -------
    pyarrow.Table
        A row a strategy: ``strategy`` (a stage, ``order``, or ``mix`` of everything), ``cost`` expected on the scenarios that
        decide, ``kept_cost, kept_service`` on those kept apart, ``saving, saving_low, saving_high`` of ``kept_cost``
        against the stage, with a 95 % interval over scenarios, ``price`` money by unit short at which the target just pays,
        ``stock``
        (a list of item and units), ``note``.

    Raises
    ------
    ContractError
        A frame breaks its contract, or names an item or product that is not there.
    SettingsError
        ``against`` is no stage.
    InputError
        A number is out of range.

    References
    ----------
    Lee and Tang (1997), Management Science 43(1). Swaminathan and Tayur (1998), Management Science 44(12).
    """
    products, units = _demand(demand)
    names, stages, choice = _choice(products, units, items, ways, capacity)
    kinds = list(dict.fromkeys(stages))
    if against is None:
        against = max(kinds, key=stages.count)
    if against not in kinds:
        hint = did_you_mean(against, kinds)
        raise SettingsError(f"against = '{against}' is no stage{hint}; expected one of {', '.join(kinds)}.")
    strategies = {kind: np.array([stage == kind for stage in stages]) for kind in kinds}
    if (choice.item == ORDER).any():
        strategies[MADE_TO_ORDER] = np.zeros(len(stages), bool)
    strategies[MIX] = np.ones(len(stages), bool)
    rows = [_strategy(name, choice, only, target) for name, only in strategies.items()]
    return _table(rows, names, next(row for row in rows if row.name == against).kept)


def _demand(demand: Any) -> tuple[pa.Array, NDArray[np.float64]]:  # noqa: ANN401  any frame
    table = columns.arrow(demand, _DEMAND)
    columns.check(table, _DEMAND, ("scenario", "unique_id", "units"))
    scenarios, row = columns.numbered(table, "scenario", _DEMAND)
    products, column = columns.numbered(table, "unique_id", _DEMAND)
    if len(scenarios) < 4:  # noqa: PLR2004 - two to decide and two for an interval
        raise ContractError(f"{_DEMAND}: found {len(scenarios)} scenarios; expected four or more.")
    units = np.zeros((len(scenarios), len(products)))
    np.add.at(units, (row, column), columns.floats(table, "units", _DEMAND, low=0.0))
    return products, units


def _choice(
    products: pa.Array,
    units: NDArray[np.float64],
    items: Any,  # noqa: ANN401  any frame
    ways: Any,  # noqa: ANN401  the same
    capacity: float,
) -> tuple[list[str], list[str], Choice]:
    """Return the items' names and stages, and what there is to choose."""
    table = columns.arrow(items, _ITEMS)
    columns.check(table, _ITEMS, ("item", "stage", "cost", "left"), closed=True)
    known = columns.unique(table["item"], "item", _ITEMS)
    how = columns.arrow(ways, _WAYS)
    columns.check(how, _WAYS, ("item", "unique_id", "finish"), ("uses",), closed=True)
    from_item = how["item"].is_valid().to_numpy(zero_copy_only=False)
    item = np.full(how.num_rows, ORDER)
    early = np.flatnonzero(from_item)
    if len(early):
        item[early] = columns.places(how.take(pa.array(early)), "item", known, _WAYS, of="the items")
    uses = columns.floats(how, "uses", _WAYS, low=0.0) if "uses" in how.column_names else np.zeros(how.num_rows)
    choice = Choice(
        demand=units,
        cost=columns.floats(table, "cost", _ITEMS, low=0.0),
        left=columns.floats(table, "left", _ITEMS),
        item=item,
        product=columns.places(how, "unique_id", products, _WAYS, of="the demand"),
        finish=columns.floats(how, "finish", _WAYS, low=0.0),
        uses=uses,
        short=np.zeros(len(products)),
        capacity=capacity,
    )
    stages = [str(stage) for stage in table["stage"].to_pylist()]
    return [str(name) for name in known.to_pylist()], stages, choice


def _strategy(name: str, choice: Choice, only: NDArray[np.bool_], target: float) -> _Row:
    """Return a strategy decided on every second scenario and settled on the others."""
    mixed = name == MIX
    may = np.ones(len(choice.item), bool) if mixed else np.where(choice.item == ORDER, name == MADE_TO_ORDER, only[choice.item])
    some = replace(choice, **{part: getattr(choice, part)[may] for part in ("item", "product", "finish", "uses")}, weights=None)
    held = postponement.hold(replace(some, demand=choice.demand[::2], weights=None), target=target, only=only)
    if held is None:
        return _Row(name, None, None)
    return _Row(name, held, postponement.settle(replace(some, demand=choice.demand[1::2], weights=None), held, target=target))


def _table(rows: list[_Row], names: list[str], base: Held | None) -> pa.Table:
    rows = sorted(rows, key=lambda row: float("inf") if row.held is None else row.held.cost)
    found: list[dict[str, Any]] = []
    for row in rows:
        line: dict[str, Any] = {"strategy": row.name, "note": NOT_REACHED if row.held is None else ""}
        if row.held is not None and row.kept is not None:
            line |= {
                "cost": row.held.cost,
                "kept_cost": row.kept.cost,
                "kept_service": row.kept.service,
                "price": row.held.price,
            }
            line["stock"] = [
                {"item": name, "units": units}
                for name, units in zip(names, row.held.stock.tolist(), strict=True)
                if units > 1e-9  # noqa: PLR2004 - rounding
            ]
            if base is not None:
                saved = base.by_scenario - row.kept.by_scenario
                wide = NINETY_FIVE * float(saved.std(ddof=1)) / np.sqrt(len(saved))
                mean = float(saved.mean())
                line |= {"saving": mean, "saving_low": mean - wide, "saving_high": mean + wide}
        found.append(line)
    numbers = ("cost", "kept_cost", "kept_service", "saving", "saving_low", "saving_high", "price")
    stock = pa.list_(pa.struct([("item", pa.string()), ("units", pa.float64())]))
    schema = pa.schema(
        [("strategy", pa.string()), *((name, pa.float64()) for name in numbers), ("stock", stock), ("note", pa.string())]
    )
    return pa.Table.from_pylist(found, schema=schema)
