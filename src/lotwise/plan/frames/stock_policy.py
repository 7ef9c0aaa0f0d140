"""Stock policies for every item of a long frame of past demand, and what they serve and cost when simulated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from lotwise.errors import ContractError, SettingsError, did_you_mean
from lotwise.plan.frames import columns
from lotwise.plan.inventory import law as laws
from lotwise.plan.inventory.levels import POLICIES, Item, Levels, levels
from lotwise.plan.inventory.simulate import UNMET, Service, simulate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

DEFAULTS: dict[str, Any] = {
    "lead": 1,
    "review": 1,
    "target": None,
    "holding": 1.0,
    "penalty": None,
    "order_cost": 0.0,
    "unmet": "backorder",
}
"""What an item is taken to be where nothing is said of it."""
TARGET = 0.95
"""Service asked for where neither a target nor a penalty is given."""
PATHS, PERIODS, WARMUP = 60, 600, 100
"""Drawn paths of demand by which a policy is judged, other than those by which one may be set."""
TOGETHER = 50
"""Items simulated at once: bounds the memory."""
ENOUGH = 400
"""Fewest items times periods to calibrate on."""
TRIES = 12
"""Halvings of the target asked for in calibration."""
ODDS = 32.0
"""Largest change of a target's odds in calibration."""
_WHAT, _ITEMS = "The demand", "The items"


@dataclass(frozen=True, slots=True)
class _Asked:
    """How levels are set: measure, law and seed."""

    measure: str
    law: str
    seed: int


def stock_policy(  # noqa: PLR0913 - every option a keyword, as for forecasts
    demand: Any,  # noqa: ANN401  any frame there is
    items: Any = None,  # noqa: ANN401  the same
    *,
    policy: str | Sequence[str] = "base_stock",
    measure: str = "fill",
    law: str = "auto",
    calibrate: int = 0,
    holdout: int = 0,
    seed: int = 0,
) -> pa.Table:
    """Return the least levels of each item that reach its target of service, with simulated service and cost beside them.

    A law is fitted to each item's demand. With fixed lead times and backorders levels are exact for it; with lead times that
    vary, and lost sales after a lead time, they are found by simulation. All are then judged on other draws of the law, and on
    the last ``holdout`` periods of the frame, which nothing else sees.

    Parameters
    ----------
    demand
        Columns ``unique_id, ds, y``: units a period, at least 0. Periods are the values of ``ds`` that
        occur; an item without a row in one counts as 0 there.
    items
        One dict for all, or a frame with ``unique_id`` and any of: ``lead`` periods (default 1; a list holds lead times that
        were observed, equally likely), ``review`` periods from one look to the next (1), ``target`` share (0.95; with a
        ``penalty`` and no target, penalty / (holding + penalty) of the cycles), ``holding`` and ``penalty`` money a period by
        unit on hand and by unit owed or lost, ``order_cost`` money an order (0), ``unmet`` ``"backorder"`` or ``"lost"``.
    policy
        ``newsvendor`` (made ready afresh every period, no lead time), ``base_stock``, ``min_max`` (s, S), ``ddmrp``; several
        give a row each.
    measure
        What ``target`` means: ``fill`` (share of demand) or ``cycle`` (share of review cycles without a shortage).
    law
        ``auto``, ``normal``, ``poisson``, ``negative_binomial`` or ``empirical``.
    calibrate
        Periods at the end of the history on which the target asked of the laws is chosen, so that all items together get what
        they should there; 0 leaves the laws alone. It mends what the laws do not know: trends, dependence, few observations.
    holdout
        Periods at the very end that settle the levels.
    seed
        Of the draws.

    Returns
    -------
    pyarrow.Table
        ``unique_id, policy, law, mean, sd, target, level`` (order up to: the quantity, the base stock, S, the top of green),
        ``reorder`` (s, the top of yellow; null where none), ``red, yellow, green`` (null but for ddmrp), simulated ``cycle,
        fill, stock, owed, orders`` (a period) and ``cost`` (holding, orders and penalty; money a period), ``held_cycle,
        held_fill, held_stock`` on the holdout (null without), ``note``.

    Raises
    ------
    ContractError
        A frame breaks its contract.
    SettingsError
        An option is not known or leaves too few periods.
    InputError
        A number is out of range, or an S - s is too wide.

    References
    ----------
    See ``lotwise.plan.inventory``: ``service`` for the levels, ``min_max`` for S - s, ``ddmrp`` for the zones.
    """
    policies = (policy,) if isinstance(policy, str) else tuple(policy)
    for name, value, known in [("law", law, laws.LAWS), ("measure", measure, ("fill", "cycle"))] + [
        ("policy", one, POLICIES) for one in policies
    ]:
        if value not in known:
            raise SettingsError(f"{name} = '{value}' is not known{did_you_mean(str(value), known)}; one of {', '.join(known)}.")
    ids, units = _read(demand)
    periods = units.shape[1]
    if min(calibrate, holdout) < 0 or periods - calibrate - holdout < 2:  # noqa: PLR2004 - a spread needs two
        raise SettingsError(
            f"calibrate = {calibrate} and holdout = {holdout} of {periods} periods; expected 0 or more, two periods left."
        )
    if calibrate and calibrate * len(ids) < ENOUGH:
        raise SettingsError(
            f"calibrate = {calibrate} with {len(ids)} items; expected {ENOUGH} item-periods or more, else chance is learned. "
            "Give more items or periods, or calibrate = 0."
        )
    asked = _Asked(measure, law, seed)
    given = _items(items, ids, measure)
    before = units[:, : periods - holdout]
    parts = []
    for name in policies:
        scaled = _calibrated(before, given, name, asked, calibrate) if calibrate else given
        parts.append(_one_policy(ids, (before, units[:, periods - holdout :]), (given, scaled), name, asked))
    return pa.concat_tables(parts)


def _read(demand: Any) -> tuple[pa.Array, NDArray[np.float64]]:  # noqa: ANN401  any frame
    """Return the items and their units by period, 0 where there is no row."""
    table = columns.arrow(demand, _WHAT)
    columns.check(table, _WHAT, ("unique_id", "ds", "y"))
    ids, row = columns.numbered(table, "unique_id", _WHAT)
    times, period = columns.numbered(table, "ds", _WHAT)
    found = np.zeros((len(ids), len(times)))
    np.add.at(found, (row, period), columns.floats(table, "y", _WHAT, low=0.0))
    if len(np.unique(row * len(times) + period)) < len(row):
        raise ContractError(f"{_WHAT}: rows stand twice (same unique_id and ds); expected one row each. Sum them first.")
    return ids, found


def _items(items: Any, ids: pa.Array, measure: str) -> list[Item]:  # noqa: ANN401  any frame
    given = columns.by_item(items, ids, DEFAULTS, _ITEMS)
    found = []
    for place, name in enumerate(ids.to_pylist()):
        row = {column: values[place] for column, values in given.items()}
        if row["unmet"] not in UNMET:
            hint = did_you_mean(str(row["unmet"]), UNMET)
            raise ContractError(f"{_ITEMS}: unmet of {name} is '{row['unmet']}'{hint}; expected one of {', '.join(UNMET)}.")
        penalty, means = row["penalty"], measure
        if row["target"] is None and penalty is not None:
            row["target"], means = penalty / (row["holding"] + penalty), "cycle"
        leads = row["lead"] if isinstance(row["lead"], (list, tuple, np.ndarray)) else [row["lead"]]
        found.append(
            Item(
                target=TARGET if row["target"] is None else row["target"],
                measure=means,
                leads=tuple(leads),
                review=row["review"],
                holding=row["holding"],
                penalty=penalty,
                order_cost=row["order_cost"],
                unmet=row["unmet"],
            )
        )
    return found


def _one_policy(
    ids: pa.Array,
    units: tuple[NDArray[np.float64], NDArray[np.float64]],
    items: tuple[list[Item], list[Item]],
    policy: str,
    asked: _Asked,
) -> pa.Table:
    """Return the rows of one policy; ``units`` before and in the holdout, ``items`` as given and as asked of the laws."""
    known, held = units
    given, scaled = items
    fitted = [laws.fit(asked.law, row) for row in known]
    found = levels(policy, fitted, scaled, np.random.default_rng([asked.seed, 0]))
    shown = _judged(policy, found, given, fitted, np.random.default_rng([asked.seed, 1]))
    later = _held(policy, found, given, held)
    absent = pa.nulls(len(ids), pa.float64())
    table = {
        "unique_id": ids,
        "policy": pa.array([policy] * len(ids)),
        "law": pa.array([law.name for law in fitted]),
        "mean": pa.array([law.mean for law in fitted]),
        "sd": pa.array([law.sd for law in fitted]),
        "target": pa.array([item.target for item in given]),
        "level": pa.array(found.level),
        "reorder": pa.array(found.reorder) if policy in ("min_max", "ddmrp") else absent,
    }
    for zone in ("red", "yellow", "green"):
        table[zone] = pa.array(getattr(found, zone)) if policy == "ddmrp" else absent
    for name in ("cycle", "fill", "stock", "owed", "orders", "cost"):
        table[name] = pa.array(shown[name])
    for name in ("cycle", "fill", "stock"):
        table[f"held_{name}"] = pa.array(later[name], from_pandas=True)
    table["note"] = pa.array(found.notes)
    return pa.table(table)


def _judged(
    policy: str, found: Levels, items: list[Item], fitted: list[laws.Law], rng: np.random.Generator
) -> dict[str, NDArray[np.float64]]:
    """Return service, stock and cost on fresh draws of each law; every array ``(n_items,)``."""
    shown = {name: np.zeros(len(items)) for name in ("cycle", "fill", "stock", "owed", "orders", "cost")}
    for some in batches(policy, items):
        paths = np.stack([fitted[place].draw((PATHS, PERIODS), rng) for place in some])
        served = _played(policy, found, items, (some, paths, WARMUP), rng)
        weights = paths[..., WARMUP:].sum(axis=-1)
        total = weights.sum(axis=-1)
        for name in ("cycle", "stock", "owed", "orders"):
            shown[name][some] = getattr(served, name).mean(axis=-1)
        shown["fill"][some] = np.divide((served.fill * weights).sum(axis=-1), total, out=np.ones(len(some)), where=total > 0)
        missed = (
            shown["owed"][some]
            if items[some[0]].rule(policy)[1] == "backorder"
            else ((1.0 - shown["fill"][some]) * paths.mean(axis=(1, 2)))
        )
        holding, penalty, order = (
            np.array([float(getattr(items[place], name) or 0.0) for place in some])
            for name in ("holding", "penalty", "order_cost")
        )
        shown["cost"][some] = holding * shown["stock"][some] + penalty * missed + order * shown["orders"][some]
    return shown


def _held(policy: str, found: Levels, items: list[Item], held: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return what came of the levels on demand that was kept apart, absent where it is too short to hold a cycle."""
    shown = {name: np.full(len(items), np.nan) for name in ("cycle", "fill", "stock")}
    for some in batches(policy, items):
        review = items[some[0]].rule(policy)[0]
        fits = [place for place in some if min(items[place].rule(policy)[2]) + review <= held.shape[1]]
        if fits:
            places = np.array(fits)
            served = _played(policy, found, items, (places, held[places][:, None, :], 0), np.random.default_rng(0))
            for name, values in shown.items():
                values[places] = getattr(served, name)[:, 0]
    return shown


def _played(
    policy: str,
    found: Levels,
    items: list[Item],
    on: tuple[NDArray[np.int64], NDArray[np.float64], int],
    rng: np.random.Generator,
) -> Service:
    """Return what levels give on paths ``(n_items, n_paths, n_periods)`` of some items, with a warm-up."""
    some, paths, warmup = on
    review, unmet, _ = items[some[0]].rule(policy)
    leads = np.stack([rng.choice(items[place].rule(policy)[2], paths.shape[1:]) for place in some])
    return simulate(found.policy(some), paths, lead=leads, review=review, unmet=unmet, warmup=warmup)


def batches(policy: str, items: list[Item]) -> list[NDArray[np.int64]]:
    """Return the items that are simulated together: of one review and one fate of what is unmet, ``TOGETHER`` at most."""
    kinds: dict[tuple[int, str, int], list[int]] = {}
    for place, item in enumerate(items):
        review, unmet, leads = item.rule(policy)
        kinds.setdefault((review, unmet, min(leads)), []).append(place)
    return [
        np.array(places[start : start + TOGETHER]) for places in kinds.values() for start in range(0, len(places), TOGETHER)
    ]


def _calibrated(known: NDArray[np.float64], items: list[Item], policy: str, asked: _Asked, periods: int) -> list[Item]:
    """Return the items with the odds of their targets changed alike, so that the last periods of all get what they should."""
    before, after = known[:, :-periods], known[:, -periods:]
    fitted = [laws.fit(asked.law, row) for row in before]
    low, high = 1.0 / ODDS, ODDS
    for _ in range(TRIES):
        middle = float(np.sqrt(low * high))
        scaled = [item.asking(middle) for item in items]
        found = levels(policy, fitted, scaled, np.random.default_rng([asked.seed, 2]))
        later = _held(policy, found, items, after)
        low, high = (low, middle) if _excess(later, items, after) >= 0 else (middle, high)
    return [item.asking(high) for item in items]


def _excess(later: dict[str, NDArray[np.float64]], items: list[Item], units: NDArray[np.float64]) -> float:
    """Return by how much the items together are served beyond their targets: demand weighs where the measure is the fill."""
    cycles = np.array([item.measure == "cycle" for item in items])
    served = np.where(cycles, later["cycle"], later["fill"])
    weights = np.where(cycles, units.mean(), units.mean(axis=1)) * np.isfinite(served)
    return float(((np.nan_to_num(served) - [item.target for item in items]) * weights).sum())
