"""The stage: offers to each customer, and how well such offers foresaw purchases in the past."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from lotwise.recommend import backtest, blend
from lotwise.recommend.blend import Weights
from lotwise.recommend.interactions import gather
from lotwise.recommend.offers import make
from lotwise.tables.offered import OFFERS, RECOMMENDER_SCORES

if TYPE_CHECKING:
    from lotwise.config import Recommend
    from lotwise.recommend.backtest import Score
    from lotwise.recommend.chance import Chance
    from lotwise.recommend.interactions import Purchases
    from lotwise.stage import Inputs

EPOCH = date(1970, 1, 1)
TAKES = ("products", "economics", "plans", "prices", "uses", "customers", "rules")

POPULAR_ONLY = Weights(0.0, 0.0, 1.0)
"""The blend where there are too few weeks to learn more from."""


def run(inputs: Inputs) -> dict[str, pa.Table]:
    """Return the tables ``offers`` and ``recommender_scores``.

    Products count whose economics are known; of these, those are offered that the current plan has.
    Every known customer is made offers but those who declined (``customers.consent``).
    """
    settings = inputs.settings.recommend
    tables = {name: inputs.table(name) for name in TAKES if inputs.has(name)}
    orders, others = inputs.table("orders"), tables["customers"]["customer"].to_pylist() if "customers" in tables else []
    purchases = gather(orders, tables["economics"]["product"].to_pylist(), others=others)
    if not len(purchases.day):
        inputs.progress("No order names both a known customer and a product with economics, so nothing is offered", 1.0)
        return {"offers": OFFERS.empty(), "recommender_scores": RECOMMENDER_SCORES.empty()}
    end = _end(inputs, orders)
    inputs.progress(f"Learning from {len(purchases.day):,} purchases of {purchases.shape[0]:,} customers", 0.0)
    scores, weights, chance = _looking_back(purchases, end, settings)
    inputs.progress("Learning from all weeks", 0.6)
    model = blend.fit(purchases, end, ridge=settings.ridge, half_life=settings.half_life_days)
    if chance is None:
        inputs.progress("Too few weeks to test recommenders, so popular products are offered", 0.7)
        chance = backtest.calibrate(model, purchases, (end - 7 * settings.window_weeks, end), weights)
    inputs.progress("Ranking offers", 0.8)
    table = pa.Table.from_pylist([asdict(score) for score in scores], schema=RECOMMENDER_SCORES.schema)
    offers = make(model, weights, chance, tables=tables, settings=settings)
    if not offers.num_rows:
        inputs.progress("No product that customers buy can be had, or no customer may be asked, so nothing is offered", 1.0)
    return {"offers": offers, "recommender_scores": table.sort_by([("model", "ascending"), ("mode", "ascending")])}


def _end(inputs: Inputs, orders: pa.Table) -> int:
    """Return the first day that is not known, counted from 1970-01-01."""
    today = inputs.settings.project.today
    return ((today or pc.max(orders["time"]).as_py().date()) - EPOCH).days + (today is None)


def _looking_back(purchases: Purchases, end: int, settings: Recommend) -> tuple[list[Score], Weights, Chance | None]:
    """Return how recommenders did, the blend's weights, and the chances its scores stand for.

    With two windows of weeks, weights and chances are learned on the first and the second is looked at
    once. With one, the weights are those found elsewhere. With none, only popularity can be offered.
    """
    past = backtest.windows(int(purchases.day.min()), end, settings.window_weeks)
    if not past:
        return [], POPULAR_ONLY, None
    first = blend.fit(purchases, past[0][0], ridge=settings.ridge, half_life=settings.half_life_days)
    chosen = backtest.choose(first, purchases, past[0]) if len(past) > 1 else backtest.UNTRIED
    chance = backtest.calibrate(first, purchases, past[0], chosen["repeat"])
    last = (
        blend.fit(purchases, past[-1][0], ridge=settings.ridge, half_life=settings.half_life_days) if len(past) > 1 else first
    )
    return backtest.compare(last, purchases, past[-1], chosen), chosen["repeat"], chance
