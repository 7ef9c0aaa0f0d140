"""When products begin, how their first weeks sell, and what a promotion does to any week."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast import panel as dense
from lotwise.forecast import sources as declared
from lotwise.forecast.panel import Panel

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pyarrow as pa

    from lotwise.config import Source
    from lotwise.forecast.panel import Array, Days, Facts

KINDS = ("mailer", "display", "front", "discount")
PHASE = 13
"""Weeks after a launch that may differ from later ones."""
LAUNCHES = 5
"""The usual course, a flat one, counts as much as this many launches."""
RIDGE = 1.0
MOST_FACTOR = 10.0
"""No promotion and no launch multiplies demand by more, or divides it."""
MOST_SERIES = 2000
"""Of more series than this, some are left out evenly."""
STEPS = 25
NEAR = 1e-9


def told(facts: Facts, sources: Sequence[Source], names: Collection[str]) -> Facts:
    """Return the facts of some sources only: what a state of information may look at.

    Promotions stay only where they are a plan known over the whole horizon; prices only where ``demand.unit_price`` is told.

    Parameters
    ----------
    facts
        All facts.
    sources
        As declared.
    names
        Names of the sources told.
    """
    known = {family: source for source in sources if source.name in names for family in declared.families(source)}
    plan = known.get("promotions")
    if plan is not None and (plan.known != "plan" or 0 < plan.lead < facts.horizon):
        del known["promotions"]
    tables = {name: table for name, table in facts.tables.items() if name in known}
    measures = facts.panel.measures if "demand.unit_price" in known else {}
    return replace(facts, tables=tables, panel=replace(facts.panel, measures=measures))


def begun(facts: Facts | None, units: Array) -> Array:
    """Return the place of the week each series began in, absent where that is not known; ``(n_series,)``.

    That is the week of ``products.launched``, or else the first week known where the panel is older than it.
    """
    known = np.isfinite(units)
    first = np.where(known.any(axis=1) & ~known[:, 0], known.argmax(axis=1), np.nan)
    products = None if facts is None else facts.tables.get("products")
    if facts is None or products is None or "launched" not in products.column_names:
        return first
    launched = _launched(products, facts.panel.weeks)
    given = np.array([launched.get(product, np.nan) for product in facts.panel.products.tolist()], np.float64)
    return np.where(np.isfinite(given), given, first)


def phase(units: Array, exposure: Array, level: Array, first: Array) -> Array:
    """Return how a week compares with what analogs sell, by weeks since launch, 1 where that is not known.

    Parameters
    ----------
    units
        Demand up to the cutoff; ``(n_series, n_weeks)``.
    exposure
        Every week in ordinary weeks, promotions counting more; ``(n_series, n_weeks + horizon)``.
    level
        What analogs sell in an ordinary week; ``(n_series,)``.
    first
        Place of each series' first week, absent where not known; ``(n_series,)``.

    Returns
    -------
    Array
        ``(n_series, n_weeks + horizon)``; the ratio of units sold to units expected over the past launches at that
        age and the ages beside it, shrunk towards 1 as if ``LAUNCHES`` more had taken a flat course.
    """
    age = np.arange(exposure.shape[1])[None, :] - first[:, None]
    place = np.where(np.isfinite(age), np.clip(age, -1, PHASE), -1).astype(np.int64)
    weeks = units.shape[1]
    seen = np.isfinite(units) & (place[:, :weeks] >= 0) & (place[:, :weeks] < PHASE)
    if not seen.any():
        return np.ones_like(exposure)
    cell = place[:, :weeks][seen]
    sold = np.bincount(cell, weights=units[seen], minlength=PHASE)
    expected = np.bincount(cell, weights=(level[:, None] * exposure[:, :weeks])[seen], minlength=PHASE)
    near = np.abs(np.arange(PHASE)[:, None] - np.arange(PHASE)[None, :]) <= 1
    flat = LAUNCHES * level[seen.any(axis=1)].mean() + NEAR
    ratio = (near @ sold + flat) / (near @ expected + flat)
    course = np.concatenate([np.clip(ratio, 1 / MOST_FACTOR, MOST_FACTOR), [0.0, 1.0]])
    course[PHASE] = course[PHASE - 1]
    return np.asarray(course[place])


def exposure(facts: Facts | None, units: Array, horizon: int) -> Array:
    """Return every week in ordinary weeks: what its promotion multiplies demand by; ``(n_series, n_weeks + horizon)``.

    One Poisson regression of all series' weekly units on their promotions, each series with a level of its own
    that is profiled out; ``exp`` of the effects, at most ``MOST_FACTOR``. Without promotions all weeks are alike.
    """
    shape = (len(units), units.shape[1] + horizon)
    if facts is None or "promotions" not in facts.tables:
        return np.ones(shape)
    table = facts.tables["promotions"]
    axis = facts.axis[: shape[1]]
    kinds = [kind for kind in KINDS if kind in table.column_names]
    plans = np.stack([np.nan_to_num(facts.panel.spread(table, kind, axis)) for kind in kinds], axis=2)
    step = -(-len(units) // MOST_SERIES)
    effects = _effects(units[::step], plans[::step, : units.shape[1]])
    return np.exp(np.clip(plans @ effects, -np.log(MOST_FACTOR), np.log(MOST_FACTOR)))


def _effects(units: Array, plans: Array) -> Array:
    """Return the effects by Newton's method with a ridge."""
    known = np.isfinite(units)
    sold = np.nan_to_num(units)
    total = sold.sum(axis=1, keepdims=True)
    effects = np.zeros(plans.shape[2])
    for _ in range(STEPS):
        rate = np.where(known, np.exp(np.clip(plans @ effects, -5, 5)), 0.0)
        share = rate / np.maximum(rate.sum(axis=1, keepdims=True), NEAR)
        center = np.einsum("st,stk->sk", share, plans)
        slope = np.einsum("st,stk->k", sold - total * share, plans) - RIDGE * effects
        curved = np.einsum("st,stk,stl->kl", total * share, plans, plans) - np.einsum("sk,sl->kl", total * center, center)
        move = np.linalg.solve(curved + RIDGE * np.eye(len(effects)), slope)
        effects = effects + np.clip(move, -1, 1)
        if np.abs(move).max() < NEAR:
            break
    return effects


def extended(panel: Panel, products: pa.Table, horizon: int, *, recent: int = 8) -> Panel:
    """Return the panel with the products that have no row in it yet but were, or will be, launched about now.

    They are those of ``products`` whose ``launched`` lies at most ``recent`` weeks before the end of the panel and
    at most ``horizon`` weeks after it, and that are not retired; they enter in every region, with 0 in the
    weeks since their launch (it is over, and nothing was sold) and no week before it.

    Parameters
    ----------
    panel
        Demand.
    products
        Columns ``product, launched`` and, where there is any, ``retired``.
    horizon
        Weeks ahead.
    recent
        Weeks since launch after which a product that never sold is left out.
    """
    if "launched" not in products.column_names:
        return panel
    weeks = panel.shape[1]
    known = set(panel.products.tolist()) | _retired(products, panel.weeks[-1])
    new = {
        product: int(place)
        for product, place in _launched(products, panel.weeks).items()
        if product not in known and weeks - recent <= place < weeks + horizon
    }
    if not new:
        return panel
    regions = np.unique(panel.regions)
    names = np.repeat(np.array(list(new)), len(regions))
    first = np.repeat(np.array(list(new.values())), len(regions))
    blank = np.full((len(names), weeks), np.nan)
    units = np.where(np.arange(weeks) >= first[:, None], 0.0, np.nan)
    products_of, regions_of = (
        np.concatenate([panel.products, names]),
        np.concatenate([panel.regions, np.tile(regions, len(new))]),
    )
    order = np.lexsort((regions_of, products_of))
    measures = {name: np.concatenate([values, blank])[order] for name, values in panel.measures.items()}
    units = np.concatenate([panel.units, units])[order]
    return Panel(products_of[order], regions_of[order], panel.weeks, units, measures)


def _launched(products: pa.Table, weeks: Days) -> dict[str, float]:
    """Return the place of each product's launch among the weeks, which may lie before or after them."""
    dated = products.filter(products["launched"].is_valid())
    first = dense.monday(dense.days(dated["launched"]))
    places = (first - weeks[0]).astype(np.int64) // 7
    return dict(zip(dated["product"].to_pylist(), places.astype(float).tolist(), strict=True))


def _retired(products: pa.Table, week: np.datetime64) -> set[str]:
    if "retired" not in products.column_names:
        return set()
    dated = products.filter(products["retired"].is_valid())
    gone = dense.days(dated["retired"]) < week
    return {product for product, is_gone in zip(dated["product"].to_pylist(), gone, strict=True) if is_gone}
