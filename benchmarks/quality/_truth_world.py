"""Worlds of the atelier's law for the benchmark ``truth``, and the plans of one who knows that law."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy.special import pdtr, pdtrc
from scipy.stats import poisson

from lotwise.demo.atelier import law
from lotwise.demo.atelier.catalog import REGIONS, STYLES

if TYPE_CHECKING:
    from collections.abc import Collection

    from lotwise.demo.atelier.catalog import Style

Array = npt.NDArray[np.float64]

SOURCES = ("promotions", "calendar", "browsing", "competitors")
"""Causes of demand that a planner may be told, in the order they are added."""

PRODUCTS, WEEKS, SETTLED, HORIZON = 60, 100, 16, 4
ENDS = tuple(range(WEEKS - SETTLED - 1, WEEKS - 1, HORIZON))
"""Last known week of each window."""

DRAWS = 300
"""Draws of what is not known, for a plan of one who knows the law."""

CLIMATE_WEEKS, YEAR = 520, 52


@dataclass(frozen=True)
class World:
    """One company under the law: 60 products in all regions together, 100 weeks and the four after them.

    Parameters
    ----------
    price, cost, salvage
        Money a unit; ``(n_products,)``.
    level
        Expected units of a week in which nothing moves demand; ``(n_products,)``.
    shops
        Share of the level that is sold in shops, where displays stand; ``(n_products,)``.
    elasticity, rivalry
        Of each product, as in the law; ``(n_products,)``.
    market
        All that moves demand; weeks run on after the last one.
    terms
        By source: what it adds to the logarithm of the rate; ``(n_products, n_weeks)``.
    rate, units
        Expected demand and the demand that came; ``(n_products, n_weeks)``.
    """

    price: Array
    cost: Array
    salvage: Array
    level: Array
    shops: Array
    elasticity: Array
    rivalry: Array
    market: law.Market
    terms: dict[str, Array]
    rate: Array
    units: Array

    @property
    def ratio(self) -> Array:
        """Critical ratio of each product."""
        return (self.price - self.cost) / (self.price - self.salvage)

    def settled(self, rows: Array) -> Array:
        """Return the settled weeks of rows over all weeks."""
        return rows[:, WEEKS - SETTLED : WEEKS]

    def profit(self, plan: Array) -> Array:
        """Return the profit of the plan for the settled weeks, given the demand that came; ``(n_products, 16)``."""
        sold = np.minimum(plan, self.settled(self.units))
        return (self.price - self.salvage)[:, None] * sold - (self.cost - self.salvage)[:, None] * plan

    def expected(self, plan: Array) -> Array:
        """Return its expected profit given the true rate: E min(q, D) = rate P(D < q) + q P(D > q) for Poisson D."""
        rate = self.settled(self.rate)
        sold = rate * np.where(plan >= 1, pdtr(np.maximum(plan - 1, 0), rate), 0) + plan * pdtrc(plan, rate)
        return (self.price - self.salvage)[:, None] * sold - (self.cost - self.salvage)[:, None] * plan

    def known(self) -> Array:
        """Return the expected profit of who knows demand: the margin on every unit."""
        return (self.price - self.cost)[:, None] * self.settled(self.rate)


def world(seed: int) -> World:
    """Return the world of a seed: products drawn anew from the atelier's styles, weeks drawn anew from its law."""
    rng = law.stream(seed, "products")
    drawn = rng.integers(0, len(STYLES), PRODUCTS)
    sizes = np.exp(rng.normal(0, 0.3, PRODUCTS))
    styles = [replace(STYLES[k], units=STYLES[k].units * size, warmth=0.0) for k, size in zip(drawn, sizes, strict=True)]
    market = law.market(seed, WEEKS, styles)
    plain = (market.rate / np.exp(law.DISPLAY * market.display))[:, :, 0]
    shops = plain[:, [region != "web" for region in REGIONS]].sum(axis=1) / plain.sum(axis=1)
    terms = _terms(market, styles, shops)
    rate = market.rate.sum(axis=1)
    level = rate[:, 0] / np.exp(sum(terms[source][:, 0] for source in SOURCES))
    units = law.stream(seed, "demand").poisson(rate).astype(float)
    money = (_each(styles, field) for field in ("price", "cost", "salvage"))
    return World(*money, level, shops, _each(styles, "elasticity"), _each(styles, "rivalry"), market, terms, rate, units)


def _each(styles: list[Style], field: str) -> Array:
    return np.array([getattr(style, field) for style in styles], dtype=float)


def _terms(market: law.Market, styles: list[Style], shops: Array) -> dict[str, Array]:
    price, elasticity, rivalry = (_each(styles, field)[:, None] for field in ("price", "elasticity", "rivalry"))
    return {
        "promotions": _promoted(market, elasticity, shops[:, None]),
        "calendar": np.broadcast_to(market.feast, market.depth.shape),
        "browsing": market.buzz,
        "competitors": rivalry * np.log(market.rival.mean(axis=1) / price),
    }


def _promoted(market: law.Market, elasticity: Array, shops: Array) -> Array:
    """Return what promotions and campaigns add to the log rate of all regions together; displays stand in shops only."""
    shown = 1 + shops * np.expm1(law.DISPLAY * market.display.any(axis=1))
    plain = law.MAILER * market.mailer[:, 0] + law.FRONT * market.front[:, 0] + law.CAMPAIGN * market.covered
    return np.asarray(plain - elasticity * np.log(1 - market.depth) + np.log(shown))


class Oracle:
    """One who knows the law and each product's level, and of a week what the sources say, but no past demand.

    What a source does not say is drawn from the law: promotions and holidays as they are over the years, the buzz and the
    competitors' prices from what was known at the cutoff where the source is there, from their steady state where not.
    Past demand says something of the buzz too; the forecaster of this benchmark is not told it either.
    """

    def __init__(self, world: World, seed: int) -> None:
        """Draw, for each source, what it adds to the log rate in each settled week if it is not there, and if it is."""
        self.world = world
        self.rng = law.stream(seed, "oracle")
        self.without = {source: getattr(self, f"_{source}")() for source in SOURCES}
        self.given = {source: world.settled(world.terms[source])[:, :, None] for source in ("promotions", "calendar")}
        self.given |= {"browsing": self._browsed(), "competitors": self._watched()}

    def plan(self, known: Collection[str]) -> Array:
        """Return the best plan given some of the sources, ``(n_products, 16)``: the critical quantile of the law's mixture."""
        terms = [self.given[source] if source in known else self.without[source] for source in SOURCES]
        return self._quantile(np.exp(sum(terms, np.zeros((1, 1, DRAWS)))) * self.world.level[:, None, None])

    def foresight(self) -> Array:
        """Return the best plan given all that moves demand: the critical quantile of Poisson demand at the true rate."""
        return np.asarray(poisson.ppf(self.world.ratio[:, None], self.world.settled(self.world.rate)))

    def _quantile(self, rate: Array) -> Array:
        demand = self.rng.poisson(rate)
        place = np.ceil(self.world.ratio * DRAWS).astype(int) - 1
        rows = zip(demand, place, strict=True)
        return np.array([np.partition(row, k, axis=1)[:, k] for row, k in rows], dtype=float)

    def _promotions(self) -> Array:
        """Return draws of other weeks' promotions, each product's own."""
        many = law.market(int(self.rng.integers(2**31)), CLIMATE_WEEKS, [STYLES[0]] * PRODUCTS)
        terms = _promoted(many, self.world.elasticity[:, None], self.world.shops[:, None])
        return terms[:, self.rng.permutation(CLIMATE_WEEKS)[:DRAWS]][:, None, :]

    def _calendar(self) -> Array:
        """Return the holidays of weeks drawn from a year."""
        weeks = self.rng.permutation(np.resize(np.arange(YEAR), DRAWS))
        return np.asarray(self.world.market.feast[weeks][None, None, :])

    def _browsing(self) -> Array:
        return self._normal() * law.BUZZ_SHOCK / np.sqrt(1 - law.BUZZ_KEPT**2)

    def _browsed(self) -> Array:
        """Return draws of the buzz of each week: browsing has shown that of the first week after the cutoff."""
        shown = self.world.market.buzz[:, np.repeat(ENDS, HORIZON) + 1]
        ahead = np.tile(np.arange(HORIZON), len(ENDS))
        spread = law.BUZZ_SHOCK * np.sqrt((1 - law.BUZZ_KEPT ** (2 * ahead)) / (1 - law.BUZZ_KEPT**2))
        return (shown * law.BUZZ_KEPT**ahead)[:, :, None] + spread[None, :, None] * self._normal()

    def _competitors(self) -> Array:
        steady = law.DRIFT_SHOCK / np.sqrt(1 - law.DRIFT_KEPT**2)
        return self._rivals(np.zeros((PRODUCTS, 2, 1)), np.array([steady]))

    def _watched(self) -> Array:
        """Return draws of the competitors' term from the drift of their prices at each cutoff."""
        ahead = np.tile(np.arange(1, HORIZON + 1), len(ENDS))
        spread = law.DRIFT_SHOCK * np.sqrt((1 - law.DRIFT_KEPT ** (2 * ahead)) / (1 - law.DRIFT_KEPT**2))
        drift = self._drift()[:, :, np.repeat(ENDS, HORIZON)] * law.DRIFT_KEPT**ahead
        return self._rivals(drift, spread)

    def _drift(self) -> Array:
        """Return the drift of each competitor's price, its sales told apart: one cuts the price by far more than a drift."""
        ratio = np.log(self.world.market.rival / self.world.price[:, None, None])
        drift = np.zeros_like(ratio)
        before = np.zeros(ratio.shape[:2])
        for week in range(ratio.shape[2]):
            sale = ratio[:, :, week] - law.DRIFT_KEPT * before < np.log(law.SALE_PRICE) / 2
            before = drift[:, :, week] = ratio[:, :, week] - sale * np.log(law.SALE_PRICE)
        return drift

    def _rivals(self, drift: Array, spread: Array) -> Array:
        price = [np.exp(drift[:, k, :, None] + spread[None, :, None] * self._normal()) for k in range(2)]
        cut = [np.where(self.rng.random((PRODUCTS, 1, DRAWS)) < law.SALE, law.SALE_PRICE, 1.0) for _ in range(2)]
        return np.asarray(self.world.rivalry[:, None, None] * np.log((price[0] * cut[0] + price[1] * cut[1]) / 2))

    def _normal(self) -> Array:
        return self.rng.standard_normal((PRODUCTS, 1, DRAWS))
