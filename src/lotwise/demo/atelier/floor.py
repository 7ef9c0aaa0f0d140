"""What the floor did: daily demand met from stock or made to order, and every lot with its losses and delays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lotwise.demo.atelier.catalog import REGIONS, STYLES
from lotwise.demo.atelier.law import Reals, Whole, stream

WEEKDAYS = np.array([0.85, 0.85, 0.85, 0.9, 1.05, 1.35, 1.15]) / 7
DOWN_CHANCE, DOWN_LOSS = 0.12, 0.15
LATE_CHANCE, LATE_DAYS = 0.3, 2.0
COVER_WEEKS = 3.4
"""Weeks of recent sales that stock on hand and on the way is filled up to."""


@dataclass(frozen=True)
class Trade:
    """Day by day trade of P styles in R regions over 7 W days, and one lot a style and week.

    ``asked`` and ``sold`` are (P, R, 7 W) units, ``stock`` the same at the end of the day (-1 where nothing is
    kept), ``planned, scrapped, lost, made`` are (P, W) units of the lots, ``down`` the (P, W) hours their machine
    stood still and ``late`` the (P, W) days they were late.
    """

    asked: Whole
    sold: Whole
    stock: Whole
    planned: Whole
    scrapped: Whole
    lost: Whole
    made: Whole
    down: Reals
    late: Whole


def trade(seed: int, rate: Reals) -> Trade:
    """Return what the shops and the floor did where demand has the (P, R, W) rate.

    Demand of a day is Poisson, so that of a week is Poisson with the week's rate. What is made to stock is
    filled up every Monday by a lot that arrives the Monday after; what is out of stock is lost.
    """
    styles, regions, weeks = rate.shape
    asked = stream(seed, "demand").poisson((rate[..., None] * WEEKDAYS).reshape(styles, regions, 7 * weeks))
    kept = np.array([style.make == "stock" for style in STYLES])
    rng = stream(seed, "floor")
    losses = {name: np.zeros((styles, weeks), dtype=np.int64) for name in ("planned", "scrapped", "lost", "made")}
    sold, stock = asked.copy(), np.full_like(asked, -1)
    on_hand = np.ceil(COVER_WEEKS * rate[:, :, 0]).astype(np.int64)
    arriving = np.zeros((styles, regions), dtype=np.int64)
    for week in range(weeks):
        days = slice(7 * week, 7 * week + 7)
        on_hand = on_hand + arriving
        recent = sold[:, :, max(0, 7 * (week - 4)) : 7 * week].sum(axis=2) / max(1, min(week, 4)) if week else rate[:, :, 0]
        wanted = np.maximum(0, np.ceil(COVER_WEEKS * recent).astype(np.int64) - on_hand)
        wanted = np.where(kept[:, None], wanted, asked[:, :, days].sum(axis=2))
        for day in range(days.start, days.stop):
            sold[kept, :, day] = np.minimum(asked[kept, :, day], on_hand[kept])
            on_hand[kept] -= sold[kept, :, day]
            stock[kept, :, day] = on_hand[kept]
        lot = _make(rng, wanted.sum(axis=1))
        for name, units in lot.items():
            losses[name][:, week] = units
        arriving = _share(lot["made"], wanted)
    down = np.where(losses["lost"] > 0, rng.uniform(2, 8, (styles, weeks)).round(1), 0.0)
    late = np.where(rng.random((styles, weeks)) < LATE_CHANCE, rng.geometric(1 / LATE_DAYS, (styles, weeks)), 0)
    return Trade(asked, sold, stock, down=down, late=late, **losses)


def made_share() -> Reals:
    """Return the expected good share of a lot of each style: (1 - scrap) (1 - chance x loss of a stop)."""
    scrap = np.array([style.scrap for style in STYLES])
    return np.asarray((1 - scrap) * (1 - DOWN_CHANCE * DOWN_LOSS))


def _make(rng: np.random.Generator, planned: Whole) -> dict[str, Whole]:
    """Return one lot a style: units are spoiled one by one, and a stop of the machine loses some of the rest."""
    scrapped = rng.binomial(planned, [style.scrap for style in STYLES])
    stopped = rng.random(len(planned)) < DOWN_CHANCE
    lost = np.where(stopped, rng.binomial(planned - scrapped, DOWN_LOSS), 0)
    return {"planned": planned, "scrapped": scrapped, "lost": lost, "made": planned - scrapped - lost}


def _share(made: Whole, wanted: Whole) -> Whole:
    """Return the units each region gets of what was made, rounded down, the first regions taking what is over."""
    total = np.maximum(1, wanted.sum(axis=1, keepdims=True))
    parts = made[:, None] * wanted // total
    over = made[:, None] - parts.sum(axis=1, keepdims=True)
    return np.asarray(parts + (np.arange(len(REGIONS)) < over))
