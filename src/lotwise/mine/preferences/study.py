"""One choice studied whole: models, part-worths, substitution and the line that earns most."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from lotwise.mine.preferences import categories, options
from lotwise.mine.preferences.alike import chance_alike
from lotwise.mine.preferences.models import ALIKE, choose, logit_of
from lotwise.mine.preferences.offer import market, plan, recent, taken_now, worth_now
from lotwise.mine.preferences.rows import Money, Row, line_rows, preference_rows, price_of, substitution_rows, trial_rows
from lotwise.mine.preferences.sets import PRICE
from lotwise.mine.preferences.substitution import diverted, elasticities
from lotwise.mine.preferences.traits import traits
from lotwise.mine.preferences.worth import trust

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from lotwise.config.mining import MinePreferences
    from lotwise.mine.preferences.categories import Category
    from lotwise.mine.preferences.model import Model
    from lotwise.mine.preferences.sets import Sets
    from lotwise.mine.preferences.traits import Trait

    Reals = NDArray[np.float64]

LEAST = 50
"""Choices from which a model is estimated."""

TRAITS = ("brand", "type", "package")


@dataclass(frozen=True)
class Costs:
    """Cost of one unit of each product, the mean margin of products not told apart (absent: not known), and its basis."""

    unit: dict[str, float]
    other: float | None = None
    is_assumed: bool = False


@dataclass
class Found:
    """Rows of each table, from one choice or several."""

    choice_models: list[Row] = field(default_factory=list)
    preferences: list[Row] = field(default_factory=list)
    substitutions: list[Row] = field(default_factory=list)
    product_lines: list[Row] = field(default_factory=list)
    mining: list[Row] = field(default_factory=list)

    def tell(self, scope: str, rows: int, evidence: int, *, ended: str = "whole", note: str = "") -> None:
        """Add what came of one choice."""
        row = {"part": "preferences", "scope": scope, "ended": ended, "rows": rows, "evidence": evidence, "note": note or None}
        self.mining.append(row)


def study_category(
    found: Found, category: Category, products: pa.Table, costs: Costs, settings: MinePreferences,
    rng: np.random.Generator,
) -> Money | None:  # fmt: skip
    """Add what the choices of one category tell, and return what a higher price does there; absent: nothing was told.

    Parameters
    ----------
    found
        Where rows are added.
    category
        Its choices.
    products
        Table ``products``.
    costs
        What the products cost. Unless it is known of every product no line is proposed.
    settings, rng
        As for ``choose``.
    """
    sets, left = categories.usual(category.sets)
    if len(sets) < LEAST:
        found.tell(sets.choice, 0, len(sets), ended="left out", note=f"{len(sets)} choices, too few: {LEAST} are needed")
        return None
    chosen = choose(sets, settings, rng, nests=categories.nests(category, products))
    if isinstance(chosen, str):
        found.tell(sets.choice, 0, len(sets), ended="left out", note=chosen)
        return None
    trials, model = chosen
    money = price_of(model)
    doubt = trust(money.price, money.variance) if money else ""
    notes = [*left, *([doubt] if doubt else [])]
    found.choice_models += trial_rows(sets, trials, tuple(notes))
    told = _traits(sets, model, category, products)
    rows = preference_rows(sets, model, told, None)
    found.preferences += rows
    elasticity = elasticities(model, sets) if money and not doubt else np.full((len(sets.alternatives),) * 2, np.nan)
    found.substitutions += substitution_rows(sets, diverted(model, sets), elasticity)
    note = _line(found, category, sets, model, costs, settings)
    ended, capped = _capped(sets, settings)
    said = [PRICES] if money and not doubt else []
    found.tell(sets.choice, len(rows), len(sets), ended=ended, note="; ".join([*capped, *said, *([note] if note else [])]))
    return money


PRICES = "prices were set by the seller, not by chance: what goes with a price need not come from it"


def study_option(
    found: Found, sets: Sets, margin: Reals | None, money: tuple[Money, str] | None, settings: MinePreferences,
    rng: np.random.Generator,
) -> str:  # fmt: skip
    """Add what the choices of one option tell, and return what is to be said of it; empty: nothing.

    Parameters
    ----------
    found
        Where rows are added.
    sets
        Its choices.
    margin
        Money one unit with each value earns; absent: not known.
    money
        What a higher price of the product does in the choice of its category, and that category's name; absent: not known.
    settings, rng
        As for ``choose``.
    """
    if len(sets) < LEAST:
        return f"{sets.choice}: {len(sets)} choices, too few: {LEAST} are needed"
    sets, price_note = _priced(sets)
    chosen = choose(sets, settings, rng)
    if isinstance(chosen, str):
        return f"{sets.choice}: {chosen}"
    trials, model = chosen
    notes, other = [price_note] if price_note else [], None
    if PRICE not in model.names and money is not None and not trust(money[0].price, money[0].variance):
        other = money[0]
        notes.append(f"worth in money by what prices do in the choice of {money[1]}, on top of the extra price")
    elif PRICE not in model.names:
        notes.append("no price is known to move these choices, so that worth in money is not told")
    found.choice_models += trial_rows(sets, trials, tuple(notes))
    found.preferences += preference_rows(sets, model, {}, other)
    blank = np.full((len(sets.alternatives),) * 2, np.nan)
    elasticity = elasticities(model, sets) if PRICE in model.names else blank
    found.substitutions += substitution_rows(sets, diverted(model, sets), elasticity)
    if margin is None:
        return NO_MARGIN
    always = np.zeros(len(margin), dtype=bool)
    made = market(model, sets, margin, taken_now(model, sets), always, settings.outside)
    found.product_lines += line_rows(sets, plan(made, most=settings.line, outside=settings.outside))
    return ""


def study_together(found: Found, sets: Sets, settings: MinePreferences, rng: np.random.Generator) -> None:
    """Add the classes of customers that show over all options of a product, where there are any that foresee better.

    Parameters
    ----------
    found
        Where rows are added.
    sets
        What ``options.together`` returns, without prices.
    settings, rng
        As for ``choose``.
    """
    plain = logit_of(sets)
    if "latent classes" not in settings.models or len(sets) < LEAST or isinstance(plain, str):
        return
    if chance_alike(sets.keep(plain.names), plain.groups[0].part_worths) > ALIKE:
        return
    only = msgspec.structs.replace(settings, models=("logit", "latent classes"))
    chosen = choose(sets, only, rng)
    if isinstance(chosen, str) or chosen[1].name != "latent classes":
        return
    trials, model = chosen
    found.choice_models += trial_rows(sets, trials, ("classes of customers over all options together",))
    found.preferences += preference_rows(sets, model, {}, None)


ASSUMED_COSTS = "the line rests on assumed costs"
NO_MARGIN = "no margin is known, so that no line is proposed"


def _priced(sets: Sets) -> tuple[Sets, str]:
    """Return the sets with their price only where a higher one is disliked and the logit is better for it (BIC)."""
    if PRICE not in sets.names:
        return sets, ""
    without = options.unpriced(sets)
    dear, plain = logit_of(sets), logit_of(without)
    if isinstance(dear, str) or isinstance(plain, str) or PRICE not in dear.names:
        return without, ""
    if dear.groups[0].part_worths[dear.names.index(PRICE)] < 0 and dear.bic < plain.bic:
        return sets, ""
    return without, "extra prices varied with discounts only, and choices did not follow them"


def _traits(sets: Sets, model: Model, category: Category, products: pa.Table) -> dict[str, list[Trait]]:
    places = [at for at, row in enumerate(category.products) if row >= 0]
    values = {name: [products[name][int(category.products[at])].as_py() for at in places] for name in TRAITS}
    spot = {name: at for at, name in enumerate(model.names)}
    keys = [spot.get(f"product: {sets.alternatives[at]}", -1) for at in places]
    if sum(key < 0 for key in keys) != 1:
        return {}  # a product's constant could not be estimated
    weight = np.bincount(sets.chosen, minlength=len(sets.alternatives))[places].astype(np.float64)
    found = {}
    for group in model.groups:
        count = len(keys)
        constants = np.array([group.part_worths[key] if key >= 0 else 0.0 for key in keys])
        full = np.zeros((count + 1, count + 1))
        ends = [*keys, spot.get(PRICE, -1)]
        told = [at for at, key in enumerate(ends) if key >= 0]
        full[np.ix_(told, told)] = group.covariance[np.ix_([ends[at] for at in told], [ends[at] for at in told])]
        found[group.name] = traits(constants, full, values, weight)
    return found


def _line(found: Found, category: Category, sets: Sets, model: Model, costs: Costs, settings: MinePreferences) -> str:
    """Add the line that earns most, or return why there is none."""
    last = recent(sets)
    weight = last.counts().sum(axis=1)[:, None] * sets.available
    price = (weight * np.nan_to_num(category.price)).sum(axis=0) / np.maximum(weight.sum(axis=0), 1e-300)
    margin = np.array([price[at] - costs.unit.get(name, np.nan) for at, name in enumerate(sets.alternatives)])
    always = np.array([name == categories.OTHER for name in sets.alternatives])
    margin[always] = np.nan if costs.other is None else costs.other
    worth = worth_now(model, sets)
    sold = worth[0].sum(axis=0) > 0
    if not np.isfinite(margin[sold]).all() or not sold.any():
        return NO_MARGIN
    made = market(model, sets, np.where(sold, np.nan_to_num(margin), 0.0), worth, always, settings.outside)
    found.product_lines += line_rows(sets, plan(made, most=settings.line, outside=settings.outside))
    return ASSUMED_COSTS if costs.is_assumed else ""


def _capped(sets: Sets, settings: MinePreferences) -> tuple[str, list[str]]:
    if len(sets) <= settings.choices:
        return "whole", []
    return "capped", [f"models are estimated from {settings.choices:,} of {len(sets):,} choices, by settings"]
