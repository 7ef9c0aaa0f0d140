"""The rows of the tables, from what was found of one choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lotwise.mine.choice.fitted import p_values
from lotwise.mine.preferences.sets import PRICE, Attribute
from lotwise.mine.preferences.worth import fieller, trust

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.mine.choice.fitted import Group
    from lotwise.mine.preferences.model import Model
    from lotwise.mine.preferences.models import Trial
    from lotwise.mine.preferences.offer import Plan
    from lotwise.mine.preferences.sets import Sets
    from lotwise.mine.preferences.traits import Trait

    Reals = NDArray[np.float64]

Row = dict[str, Any]


@dataclass(frozen=True)
class Money:
    """Part-worth of one unit of money more, its variance, and where it is from (empty: from the same model)."""

    price: float
    variance: float
    source: str = ""


def price_of(model: Model) -> Money | None:
    """Return what a higher price does over all customers; absent: the model reads no price."""
    if PRICE not in model.names:
        return None
    place = model.names.index(PRICE)
    worths = np.array([group.part_worths[place] for group in model.groups])
    variances = np.array([group.covariance[place, place] for group in model.groups])
    return Money(float(model.shares @ worths), float(model.shares**2 @ variances))


def trial_rows(sets: Sets, trials: list[Trial], notes: tuple[str, ...]) -> list[Row]:
    """Return the rows of ``choice_models``; the notes stand at the model that was chosen."""
    return [
        {
            "choice": sets.choice, "model": trial.model.name, "choices": round(trial.model.choices),
            "alternatives": len(sets.alternatives), "parameters": trial.model.free,
            "log_likelihood": trial.model.log_likelihood, "null_log_likelihood": trial.model.null_log_likelihood,
            "bic": trial.model.bic, "held_out": trial.held_out, "chosen": trial.is_chosen,
            "note": "; ".join(part for part in (trial.model.note, *(notes if trial.is_chosen else ())) if part) or None,
        }
        for trial in trials
    ]  # fmt: skip


def preference_rows(sets: Sets, model: Model, traits: dict[str, list[Trait]], money: Money | None) -> list[Row]:
    """Return the rows of ``preferences``: of each group, base values first.

    Parameters
    ----------
    sets, model
        The choices, and the model chosen.
    traits
        Part-worths of traits by group.
    money
        Price's part-worth from another model, where this one reads none.
    """
    attributes = {attribute.key: attribute for attribute in sets.attributes}
    share = {label: float(part) for label, part in zip(sets.alternatives, sets.shares, strict=True)}
    found = []
    for group in model.groups:
        start = {"choice": sets.choice, "segment": group.name, "segment_share": min(max(group.share, 0.0), 1.0)}
        told = [attributes[name] for name in model.names]
        for name, base in sets.base.items():
            if any(attribute.name == name for attribute in told):
                blank = Row(attribute=name, value=base, part_worth=0.0, share=share.get(base))
                found.append(start | blank)
        for place, attribute in enumerate(told):
            line = _line(group, place, attribute, _money(model, group, money))
            found.append(start | line | {"share": share.get(attribute.value)})
        found += [start | _trait(trait, _money(model, group, None)) for trait in traits.get(group.name, [])]
    return found


def substitution_rows(sets: Sets, diverted: Reals, elasticity: Reals) -> list[Row]:
    """Return the rows of ``substitutions``; what stands for an alternative itself is its own elasticity, with 0 diverted."""
    found = []
    for gone, missing in enumerate(sets.alternatives):
        if diverted[gone].sum() == 0:
            continue
        for place, instead in enumerate(sets.alternatives):
            value = float(elasticity[gone, place])
            if place == gone and not np.isfinite(value):
                continue
            found.append(
                {
                    "choice": sets.choice, "alternative": missing, "instead": instead,
                    "diverted": min(max(float(diverted[gone, place]), 0.0), 1.0),
                    "elasticity": value if np.isfinite(value) else None,
                }
            )  # fmt: skip
    return found


def line_rows(sets: Sets, plan: Plan) -> list[Row]:
    """Return the rows of ``product_lines``, of what is on sale now."""
    margin = plan.market.margin
    return [
        {
            "choice": sets.choice, "alternative": name, "kept": bool(plan.line.kept[place]),
            "share_now": float(plan.now[place]), "share_then": float(plan.then[place]), "margin": float(margin[place]),
            "earned_now": float(100 * plan.now @ margin), "earned_then": float(100 * plan.then @ margin),
            "outside": plan.outside, "steady": float(plan.steady[place]),
        }
        for place, name in enumerate(sets.alternatives)
        if plan.market.worth[:, place].sum() > 0
    ]  # fmt: skip


def _line(group: Group, place: int, attribute: Attribute, money: tuple[float, float, int] | None) -> Row:
    part_worth, variance = float(group.part_worths[place]), float(group.covariance[place, place])
    error = float(np.sqrt(variance)) if np.isfinite(variance) and variance > 0 else None
    spread = float(group.spread[place])
    row = Row(attribute=attribute.name, value=attribute.value, part_worth=part_worth, standard_error=error)
    row["p_value"] = float(p_values(np.array([part_worth]), np.array([error]))[0]) if error else None
    row["spread"] = spread if spread > 0 else None
    if money is None or attribute.name == PRICE or error is None:
        return row
    price, price_variance, at = money
    shared = float(group.covariance[place, at]) if at >= 0 else 0.0
    return row | _worth(part_worth, price, np.array([[variance, shared], [shared, price_variance]]))


def _trait(trait: Trait, money: tuple[float, float, int] | None) -> Row:
    row = Row(attribute=trait.name, value=trait.value, part_worth=trait.part_worth, standard_error=trait.error)
    if trait.error is None:
        return row
    row["p_value"] = float(p_values(np.array([trait.part_worth]), np.array([trait.error]))[0]) if trait.error > 0 else None
    if money is None:
        return row
    covariance = np.array([[trait.error**2, trait.with_price], [trait.with_price, money[1]]])
    return row | _worth(trait.part_worth, money[0], covariance)


def _money(model: Model, group: Group, money: Money | None) -> tuple[float, float, int] | None:
    """Return the price's part-worth, its variance and its place in the group (-1: not in it), where it can be trusted."""
    if PRICE in model.names:
        place = model.names.index(PRICE)
        price, variance = float(group.part_worths[place]), float(group.covariance[place, place])
        return None if trust(price, variance) else (price, variance, place)
    if money is None or trust(money.price, money.variance):
        return None
    return money.price, money.variance, -1


def _worth(part_worth: float, price: float, covariance: Reals) -> Row:
    worth = fieller(part_worth, price, covariance)
    if not np.isfinite([worth.low, worth.high]).all():
        return {}
    return {"willingness": worth.value, "willingness_low": worth.low, "willingness_high": worth.high}
