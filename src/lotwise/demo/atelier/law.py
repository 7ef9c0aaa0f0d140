"""The law of demand: what moves it, and the rate of each style, region and week that follows."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lotwise.demo.atelier.catalog import REGIONS, STYLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.demo.atelier.catalog import Style

Reals = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

START = date(2025, 5, 5)
"""The first Monday."""

AHEAD = 8
"""Weeks after the last one for which plans are known: promotions, campaigns, weather, calendar."""

REGION_SHARE = np.array([0.36, 0.30, 0.34])
DISPLAY, MAILER, FRONT, CAMPAIGN = 0.30, 0.45, 0.25, 0.20
COMFORT = 15.0
"""Degrees Celsius at which the weather neither helps nor hurts."""

BUZZ_KEPT, BUZZ_SHOCK = 0.8, 0.18
DRIFT_KEPT, DRIFT_SHOCK = 0.9, 0.03
SALE, SALE_PRICE = 0.08, 0.8
"""Chance of a competitor's sale in a week, and its price over the usual one."""

FEASTS = {
    "05-01": ("Labor Day", 0.10, False), "06-18": ("Mid-Year Sale", 0.30, True), "10-01": ("National Day", 0.15, False),
    "11-11": ("Singles' Day", 0.45, True), "12-12": ("Double Twelve", 0.25, True), "12-25": ("Christmas", 0.10, True),
    "01-01": ("New Year's Day", 0.10, False), "02-17": ("Spring Festival", -0.35, False), "03-08": ("Women's Day", 0.20, True),
}  # fmt: skip
"""Day of the year -> name, change of the log rate in its week, whether the workshop works."""


@dataclass(frozen=True)
class Market:
    """What moves demand and the rate that follows. P styles, R regions, W weeks and V = W + 8 known ahead.

    ``display, mailer, front`` are (P, R, V) flags, ``depth`` the (P, V) share off the list price, ``covered``
    (P, V) whether a campaign covers the style, ``temperature`` and ``rain`` (R, 7 V) by day, ``rival`` the
    (P, 2, V) competitors' prices, ``buzz`` (P, V) the talk that browsing shows one week before demand, ``feast``
    (V,) the holidays' change of the log rate and ``rate`` the (P, R, V) expected units.
    """

    display: Flags
    mailer: Flags
    front: Flags
    depth: Reals
    covered: Flags
    temperature: Reals
    rain: Reals
    rival: Reals
    buzz: Reals
    feast: Reals
    rate: Reals


def stream(seed: int, purpose: str) -> np.random.Generator:
    """Return a random generator that depends on the seed and the purpose only."""
    return np.random.default_rng([seed, zlib.crc32(purpose.encode())])


def market(seed: int, weeks: int, styles: Sequence[Style] = STYLES) -> Market:
    """Return what moves demand over so many weeks and eight more, and the rate it leads to.

    Parameters
    ----------
    seed
        Of all that is drawn.
    weeks
        Weeks from the first Monday.
    styles
        What is sold; by default what the workshop sells.
    """
    span = weeks + AHEAD
    depth, display, mailer, front = _promotions(stream(seed, "promotions"), len(styles), span)
    covered = _campaigns(stream(seed, "campaigns"), len(styles), span)
    temperature, rain = _weather(stream(seed, "weather"), span)
    prices = _each(styles, "price")[:, 0]
    rival = _rivals(stream(seed, "rivals"), prices, span)
    buzz = _persistent(stream(seed, "buzz"), (len(styles), span), BUZZ_KEPT, BUZZ_SHOCK)
    feast = _feasts(span)
    log_rate = _plain_level(seed, styles)[:, :, None] + feast + buzz[:, None, :] + CAMPAIGN * covered[:, None, :]
    log_rate = log_rate + DISPLAY * display + MAILER * mailer + FRONT * front
    log_rate = log_rate - _each(styles, "elasticity") * np.log(1 - depth)[:, None, :]
    warm = temperature.reshape(len(REGIONS), span, 7).mean(axis=2)
    log_rate = log_rate + _each(styles, "warmth") * (warm - COMFORT) / 10
    log_rate = log_rate + _each(styles, "rivalry") * np.log(rival.mean(axis=1) / prices)[:, None, :]
    return Market(display, mailer, front, depth, covered, temperature, rain, rival, buzz, feast, np.exp(log_rate))


def _plain_level(seed: int, styles: Sequence[Style] = STYLES) -> Reals:
    """Return the (P, R) log rate of a week in which nothing moves demand."""
    tilt = stream(seed, "regions").normal(0, 0.2, (len(styles), len(REGIONS)))
    shares = REGION_SHARE * np.exp(tilt)
    return np.asarray(np.log(_each(styles, "units")[:, 0] * shares / shares.sum(axis=1, keepdims=True)))


def _each(styles: Sequence[Style], field: str) -> Reals:
    """Return one figure of every style, shaped to multiply (P, R, V)."""
    return np.array([getattr(style, field) for style in styles])[:, None, None]


def _promotions(rng: np.random.Generator, count: int, span: int) -> tuple[Reals, Flags, Flags, Flags]:
    """Return the plan: runs of one or two weeks, about one week in eight, shown in the shops, the mailer or both."""
    shape = (count, span)
    starts = rng.random(shape) < 0.085  # noqa: PLR2004  with half of the runs going on, one week in eight
    longer = np.zeros(shape, dtype=bool)
    longer[:, 1:] = starts[:, :-1] & (rng.random((shape[0], span - 1)) < 0.5)  # noqa: PLR2004
    promoted = starts | longer
    depth = np.where(promoted, rng.choice([0.1, 0.2, 0.3], shape, p=[0.4, 0.4, 0.2]), 0.0)
    mailer = promoted & (rng.random(shape) < 0.55)  # noqa: PLR2004
    front = mailer & (rng.random(shape) < 0.4)  # noqa: PLR2004
    display = promoted & (rng.random(shape) < 0.65)  # noqa: PLR2004
    everywhere = np.ones((1, len(REGIONS), 1), dtype=bool)
    shops = np.array([region != "web" for region in REGIONS])[None, :, None]
    return depth, display[:, None, :] & shops, mailer[:, None, :] & everywhere, front[:, None, :] & everywhere


def _campaigns(rng: np.random.Generator, count: int, span: int) -> Flags:
    """Return the (P, V) cells that a campaign covers: three weeks, four styles in 14, every tenth week from the fifth."""
    covered = np.zeros((count, span), dtype=bool)
    for start in range(4, span, 10):
        covered[rng.choice(count, 4 * count // 14, replace=False), start : start + 3] = True
    return covered


def _weather(rng: np.random.Generator, span: int) -> tuple[Reals, Reals]:
    """Return temperature and rain by day: the season and spells that last; the web has its customers' mean."""
    days = np.arange(7 * span) + START.timetuple().tm_yday
    season = np.cos(2 * np.pi * (days - 203) / 365.25)
    spells = _persistent(rng, (2, 7 * span), 0.9, 1.3)
    places = np.array([[12.0], [19.0]]) + np.array([[15.0], [9.0]]) * season + spells
    wet = rng.random((3, 7 * span)) < 0.3  # noqa: PLR2004  three days in ten
    rain = np.where(wet, rng.gamma(1.2, 6.0, wet.shape), 0.0)
    return np.vstack([places, places.mean(axis=0)]).round(1), rain.round(1)


def _rivals(rng: np.random.Generator, prices: Reals, span: int) -> Reals:
    """Return two competitors' prices: around ours, drifting, with a sale now and then."""
    drift = _persistent(rng, (len(prices) * 2, span), DRIFT_KEPT, DRIFT_SHOCK).reshape(len(prices), 2, span)
    sale = rng.random(drift.shape) < SALE
    return np.asarray((prices[:, :, None] * np.exp(drift) * np.where(sale, SALE_PRICE, 1.0)).round(0))


def _feasts(span: int) -> Reals:
    feast = np.zeros(span)
    for day, (_, effect, _) in feast_days(span):
        feast[(day - START).days // 7] += effect
    return feast


def feast_days(span: int) -> list[tuple[date, tuple[str, float, bool]]]:
    """Return the special days of the span, each with its name, effect and whether the workshop works."""
    days = [date.fromordinal(START.toordinal() + offset) for offset in range(7 * span)]
    return [(day, FEASTS[f"{day:%m-%d}"]) for day in days if f"{day:%m-%d}" in FEASTS]


def days_on(offset: Whole) -> pa.Array:
    """Return the dates that lie so many days after the first Monday."""
    return pa.array(np.datetime64(START, "D") + offset * np.timedelta64(1, "D"), pa.date32())


def _persistent(rng: np.random.Generator, shape: tuple[int, int], kept: float, shock: float) -> Reals:
    """Return rows of a first-order autoregression that begins in its steady state."""
    noise = rng.normal(0, shock, shape)
    noise[:, 0] /= np.sqrt(1 - kept**2)
    series = np.empty(shape)
    series[:, 0] = noise[:, 0]
    for step in range(1, shape[1]):
        series[:, step] = kept * series[:, step - 1] + noise[:, step]
    return series
