"""The table ``offers``: a ranked list for each customer who may be asked, with the reason for each product."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.recommend import evidence, supply, why
from lotwise.recommend.rank import Ranking, rank
from lotwise.tables.offered import OFFERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lotwise.config import Recommend
    from lotwise.recommend.blend import Blend, Weights
    from lotwise.recommend.chance import Chance
    from lotwise.recommend.supply import Supply

EPOCH = date(1970, 1, 1)
DIGITS = 6


def make(model: Blend, weights: Weights, chance: Chance, *, tables: Mapping[str, pa.Table], settings: Recommend) -> pa.Table:
    """Return the offers to every customer of a blend who did not decline.

    Parameters
    ----------
    model
        The blend, learned from all that is known.
    weights
        Its weights.
    chance
        What its scores stand for.
    tables
        ``products`` and ``economics``, and where they exist ``plans``, ``prices``, ``uses``, ``customers`` and ``rules``.
    settings
        Length of the lists, and how much liking they keep.
    """
    codes = model.purchases.products
    plan = supply.read(codes, **{name: tables.get(name) for name in ("plans", "prices", "uses")})
    offered = np.flatnonzero(plan.offered & _on_sale(codes, tables["products"], model.end))
    asked = _asked(model.purchases.customers, tables.get("customers"))
    if not len(offered) or not asked.any():
        return OFFERS.empty()
    margin = _margin(codes, tables["economics"])
    value = (margin - plan.capacity_cost)[offered]
    people, lists = [], []
    for start, stop in model.chunks():
        inside = np.flatnonzero(asked[start:stop])
        scores = model.scores(start, stop, weights)[inside][:, offered]
        lists.append(rank(scores, chance.of(scores), value, length=settings.offers, kept=settings.liking_kept))
        people.append(start + inside)
    ranking = Ranking(*(np.concatenate(pieces) for pieces in zip(*(tuple(vars(part).values()) for part in lists), strict=True)))
    customer = np.repeat(np.concatenate(people), ranking.place.shape[1])
    product = offered[ranking.place.ravel()]
    proof = evidence.read(codes, tables.get("rules"), tables["products"])
    reasons = why.liking(model, weights, _names(codes, tables["products"]), customer, product, evidence=proof)
    return _table(model, plan, margin, ranking, (customer, product, reasons))


def _table(
    model: Blend,
    plan: Supply,
    margin: NDArray[np.float64],
    ranking: Ranking,
    pairs: tuple[NDArray[np.int64], NDArray[np.int64], list[str]],
) -> pa.Table:
    customer, product, reasons = pairs
    people, length = ranking.place.shape
    ranks, plain = np.tile(np.arange(1, length + 1), people), ranking.plain_rank.ravel()
    chance = np.round(ranking.chance.ravel(), DIGITS)
    margin, cost = np.round(margin[product], DIGITS), plan.capacity_cost[product]
    moved = [why.place(*each, plan) for each in zip(ranks.tolist(), plain.tolist(), product.tolist(), strict=True)]
    columns = {
        "customer": pa.array(model.purchases.customers, pa.string()).take(pa.array(customer)),
        "rank": ranks,
        "product": pa.array(model.purchases.products, pa.string()).take(pa.array(product)),
        "probability": chance,
        "margin": margin,
        "capacity_cost": cost,
        "contribution": np.round(chance * (margin - cost), DIGITS),
        "promise_week": pa.array(plan.promise, pa.date32()).take(pa.array(product)),
        "plain_rank": plain,
        "why": [f"{reason}{move}" for reason, move in zip(reasons, moved, strict=True)],
    }
    return pa.table(columns, schema=OFFERS.schema)


def _asked(customers: Sequence[str], people: pa.Table | None) -> NDArray[np.bool_]:
    """Return which customers may be made offers: all but those whose consent is False."""
    if people is None:
        return np.ones(len(customers), dtype=bool)
    declined = set(people["customer"].filter(pc.invert(people["consent"])).to_pylist())
    return np.array([customer not in declined for customer in customers], dtype=bool)


def _on_sale(codes: Sequence[str], products: pa.Table, end: int) -> NDArray[np.bool_]:
    """Return which products can be bought on the first day that is not known."""
    today = EPOCH + timedelta(days=end)
    gone = pc.or_kleene(pc.less(products["retired"], today), pc.greater(products["launched"], today))
    off = set(products["product"].filter(pc.fill_null(gone, fill_value=False)).to_pylist())
    return np.array([code not in off for code in codes], dtype=bool)


def _margin(codes: Sequence[str], economics: pa.Table) -> NDArray[np.float64]:
    place = pc.index_in(pa.array(codes, pa.string()), economics["product"].combine_chunks())
    margin: NDArray[np.float64] = pc.subtract(economics["unit_price"], economics["unit_cost"]).take(place).to_numpy()
    return margin


def _names(codes: Sequence[str], products: pa.Table) -> list[str]:
    """Return the name of each product as shown to people, or its code where it has none."""
    names = dict(zip(products["product"].to_pylist(), products["name"].to_pylist(), strict=True))
    return [names.get(code) or code for code in codes]
