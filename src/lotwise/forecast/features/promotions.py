"""What is promoted in the target week, against what is usual for the product, and what it did before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast import windows
from lotwise.forecast.features import plans
from lotwise.forecast.features.history import level
from lotwise.forecast.panel import Array, Facts, Mask, position

if TYPE_CHECKING:
    from lotwise.config import Source

KINDS = ("mailer", "display", "front", "discount")
MEANINGS = {
    "{kind} now": "share of sales that saw the {kind} in the last known week",
    "{kind}, mean of 4": "mean {kind} of the last 4 weeks",
    "{kind}, mean": "mean {kind} of all weeks so far",
    "{kind} planned": "{kind} planned for the target week",
    "{kind} planned, over usual": "{kind} planned for the target week, less its mean so far",
    "{kind} the week before": "{kind} planned for the week before the target week",
    "lift of a {kind}": "mean units of past weeks with a {kind}, over those of weeks without a mailer",
    "level without promotion": "mean units of weeks without promotion, over the level",
    "level without promotion, 8 weeks": "the same of the last 8 weeks",
    "mailer of the category": "mean mailer of the category's other products in the target week, less their usual one",
}
PROMOTED = 0.3
"""A week counts as promoted when at least this share of sales saw it."""


def features(facts: Facts, source: Source) -> dict[str, Array]:
    """Return the promotions of the target week (where they are plans), of the past, and their lift.

    A target week beyond the plan, or beyond the notice given, is taken to be as usual: the product's own past mean.
    """
    weeks = facts.panel.shape[1]
    table = facts.tables["promotions"]
    covered = coverage(facts)
    found: dict[str, Array] = {}
    usual_mailer = np.zeros(facts.panel.shape)
    for kind in (kind for kind in KINDS if kind in table.column_names):
        values = facts.panel.spread(table, kind, facts.axis)
        if kind == "discount" and not np.isfinite(values).any():
            continue
        values = np.where(covered, np.nan_to_num(values), np.nan)
        usual = windows.delay(windows.mean(values[:, :weeks]), plans.delay_of(source))
        found |= _past(kind, values[:, :weeks], usual, source)
        if source.known == "plan":
            found |= _planned(kind, values, usual, facts, source)
        if kind == "mailer":
            usual_mailer = usual
    found |= _effects(facts, source, covered)
    if source.known == "plan":
        found["mailer of the category"] = _rivals(facts, found["mailer planned"], usual_mailer)
    return found


def coverage(facts: Facts) -> Mask:
    """Return which weeks the table speaks of: from its first row to its last; ``(n_weeks + horizon,)``."""
    where = position(facts.tables["promotions"]["week"], facts.axis)
    covered = np.zeros(len(facts.axis), bool)
    if (where >= 0).any():
        covered[where[where >= 0].min() : where.max() + 1] = True
    return covered


def _past(kind: str, values: Array, usual: Array, source: Source) -> dict[str, Array]:
    lead = plans.delay_of(source)
    found = {f"{kind} now": values, f"{kind}, mean of 4": windows.mean(values, 4)}
    found = {name: windows.delay(array, lead) for name, array in found.items()}
    found[f"{kind}, mean"] = usual
    return {name: array[:, :, None] for name, array in found.items()}


def _planned(kind: str, values: Array, usual: Array, facts: Facts, source: Source) -> dict[str, Array]:
    base = usual[:, :, None]
    target = plans.target(facts, source, values, usual)
    before = plans.target(facts, source, values, usual, shift=-1)
    return {f"{kind} planned": target, f"{kind} planned, over usual": target - base, f"{kind} the week before": before}


def _effects(facts: Facts, source: Source, covered: Mask) -> dict[str, Array]:
    """Return the past lift of promotion, and the level without it."""
    units = facts.panel.units
    weeks = units.shape[1]
    table = facts.tables["promotions"]
    mailer, display = (np.nan_to_num(facts.panel.spread(table, kind, facts.axis[:weeks])) for kind in ("mailer", "display"))
    promoted = covered[:weeks] & (mailer > PROMOTED)
    quiet = np.where(promoted | (display > PROMOTED), np.nan, units)
    usual = windows.mean(np.where(promoted, np.nan, units))
    lift = windows.mean(np.where(promoted, units, np.nan)) / (usual + 0.5)
    shown = windows.mean(np.where(display > PROMOTED, units, np.nan)) / (usual + 0.5)
    scale = level(units)
    found = {
        "lift of a mailer": lift,
        "lift of a display": shown,
        "level without promotion": windows.mean(quiet) / scale,
        "level without promotion, 8 weeks": windows.mean(quiet, 8) / scale,
    }
    lead = plans.delay_of(source)
    return {name: windows.delay(array, lead)[:, :, None] for name, array in found.items()}


def _rivals(facts: Facts, target: Array, usual: Array) -> Array:
    """Return the mean mailer of the other products of the category in the target week, over their usual one."""
    group = facts.groups("category")
    over = np.nan_to_num(target - usual[:, :, None])
    sums = np.zeros((group.max() + 1, *over.shape[1:]))
    np.add.at(sums, group, over)
    others = np.bincount(group)[group] - 1
    return np.asarray((sums[group] - over) / np.maximum(others, 1)[:, None, None])
