"""The truth behind the files: one simulation gives both, so tests can compare an estimate with what holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from lotwise.demo.atelier import book, choose, floor, house, law, people, plans, shopfloor, voices
from lotwise.demo.atelier.catalog import CODES, REGIONS, STYLES

if TYPE_CHECKING:
    import pyarrow as pa

    from lotwise.demo.atelier.law import Flags, Reals, Whole

SEED = 20261121
WEEKS = 78
BAD_UNITS, BAD_TIMES = 6, 5


@dataclass(frozen=True)
class Effects:
    """The change of the log rate of demand that each cause brings; arrays hold one number a style.

    ``display, mailer, front, campaign`` are for a whole week of it, ``elasticity`` is for a fall of the log
    price, ``rivalry`` for a rise of the mean competitors' log price over ours, ``warmth`` for 10 degrees more than
    15. The buzz of a style keeps ``buzz_kept`` of itself from week to week; the log rate of browsing is moved
    by the buzz one week before that of demand.
    """

    display: float
    mailer: float
    front: float
    campaign: float
    elasticity: Reals
    rivalry: Reals
    warmth: Reals
    buzz_kept: float
    feasts: dict[str, float]


@dataclass(frozen=True)
class Execution:
    """How the floor departs from its plan: expected values that hold for every lot.

    ``made_share`` is the expected good share of a lot by style, (1 - ``scrap``) (1 - ``down_chance`` x
    ``down_loss``). A lot is late with ``late_chance``, then by a geometric number of days of mean ``late_days``.
    """

    scrap: Reals
    made_share: Reals
    down_chance: float
    down_loss: float
    late_chance: float
    late_days: float


@dataclass(frozen=True)
class Heard:
    """What customers say: what is wrong with which style, and what the writers of messages want.

    ``faults`` is the change that most unhappy reviews of a style ask for, ``slow_region`` where parcels come late,
    ``asked`` how many reviews ask for (style or 'all', change), ``intents`` what the writer of each message wants.
    """

    faults: dict[str, str]
    slow_region: str
    asked: dict[tuple[str, str], int]
    intents: tuple[str, ...]


@dataclass(frozen=True)
class Truth:
    """What holds in the simulated workshop. P styles, R regions, W weeks.

    Parameters
    ----------
    products, regions, weeks
        What the axes stand for; weeks are Mondays.
    rate
        (P, R, W) expected units: demand is Poisson with this mean, independent from cell to cell.
    demand, sales
        (P, R, W) units asked for and units sold; they differ only where stock ran out.
    stocked_out
        (P, R, W) whether stock stood at 0 at the end of a day of the week.
    buzz
        (P, W) change of the log rate that browsing showed a week before.
    take
        Share of units with each (style, option, value), rules included.
    effects
        What moves the rate.
    execution
        How lots depart from their plan.
    planted
        How many faults the files hold.
    heard
        What customers say, and why.
    """

    products: tuple[str, ...]
    regions: tuple[str, ...]
    weeks: tuple[date, ...]
    rate: Reals
    demand: Whole
    sales: Whole
    stocked_out: Flags
    buzz: Reals
    take: dict[tuple[str, str, str], float]
    effects: Effects
    execution: Execution
    planted: book.Planted
    heard: Heard


@dataclass(frozen=True)
class World:
    """The truth, and every table the workshop keeps, as it keeps it."""

    truth: Truth
    tables: dict[str, pa.Table]


def truth(*, seed: int = SEED, weeks: int = WEEKS) -> Truth:
    """Return what holds in the workshop that ``write`` writes for the same seed and number of weeks."""
    return simulate(seed, weeks).truth


def simulate(seed: int, weeks: int) -> World:
    """Return the workshop: a pure function of the seed and the number of weeks."""
    market = law.market(seed, weeks)
    trade = floor.trade(seed, market.rate[:, :, :weeks])
    folk, segment, phoned = people.customers(seed, weeks)
    bought = people.lines(seed, trade.sold, segment)
    clean = book.orders(seed, bought, folk["email"], market.depth)
    said = voices.reviews(seed, bought, folk, 7 * weeks)
    asked = voices.messages(seed, folk, weeks)
    made = house.lots(trade)
    tables = {
        "orders": book.soil(seed, clean),
        "order_options": book.options(bought, clean["order"]),
        "customers": folk,
        "events": voices.browsing(seed, market.buzz[:, : weeks + 1], folk["email"]),
        "reviews": said.table,
        "messages": asked.table,
        **house.catalog(),
        **plans.plans(market, weeks),
        "stock": house.stock(trade),
        "work": made,
        "inspections": house.inspections(seed, made),
        "sensors": house.sensors(seed, 7 * weeks),
        **shopfloor.shopfloor(weeks),
    }
    planted = book.Planted(
        book.DUPLICATES,
        book.CANCELLED,
        book.REVERSED,
        voices.UNKNOWN,
        BAD_UNITS,
        BAD_TIMES,
        phoned,
        said.mails,
        said.phones,
        said.names,
    )
    heard = Heard(voices.FAULTS, voices.SLOW_REGION, said.asked, asked.intents)
    return World(_told(market, trade, planted, weeks, heard), tables)


def _told(market: law.Market, trade: floor.Trade, planted: book.Planted, weeks: int, heard: Heard) -> Truth:
    by_week = (len(CODES), len(REGIONS), weeks, 7)
    return Truth(
        products=CODES,
        regions=REGIONS,
        weeks=tuple(law.START + timedelta(weeks=week) for week in range(weeks)),
        rate=market.rate[:, :, :weeks],
        demand=trade.asked.reshape(by_week).sum(axis=3),
        sales=trade.sold.reshape(by_week).sum(axis=3),
        stocked_out=(trade.stock.reshape(by_week) == 0).any(axis=3),
        buzz=market.buzz[:, :weeks],
        take=choose.takes(),
        effects=_effects(),
        execution=Execution(
            _column("scrap"), floor.made_share(), floor.DOWN_CHANCE, floor.DOWN_LOSS, floor.LATE_CHANCE, floor.LATE_DAYS
        ),
        planted=planted,
        heard=heard,
    )


def _effects() -> Effects:
    return Effects(
        display=law.DISPLAY,
        mailer=law.MAILER,
        front=law.FRONT,
        campaign=law.CAMPAIGN,
        elasticity=_column("elasticity"),
        rivalry=_column("rivalry"),
        warmth=_column("warmth"),
        buzz_kept=law.BUZZ_KEPT,
        feasts={name: effect for name, effect, _ in law.FEASTS.values()},
    )


def _column(field: str) -> Reals:
    return np.array([getattr(style, field) for style in STYLES])
