"""What customers will do next, from a frame of purchases and without a project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.config.mining import MinePropensity
from lotwise.errors import SettingsError, breaches, did_you_mean
from lotwise.mine.customers import EPOCH, Purchases, places
from lotwise.mine.intake import Frame
from lotwise.mine.propensity.history import most_revenue, recall
from lotwise.mine.propensity.planned import EMPTY, NOTHING, Plans
from lotwise.mine.propensity.publish import NO_CUSTOMER, ONE_CUSTOMER, left_out, study, tables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from lotwise.mine.propensity.streams import Floats, Ints


@dataclass(frozen=True)
class Foresight:
    """What customers will do next.

    Parameters
    ----------
    propensities
        A row a customer and target: ``customer, target, probability, base``.
    scores
        A row a target and classifier: how well it foresaw the last whole window, with the columns of ``propensity_scores``.
    notes
        A row a target: ``ended`` (whole or left out), ``rows``, ``evidence`` and ``note``, with the columns of ``mining``.
    """

    propensities: pa.Table
    scores: pa.Table
    notes: pa.Table


def foresee(  # noqa: PLR0913  each is a keyword of its own
    frame: Any,  # noqa: ANN401  any frame there is
    *,
    customer: str,
    time: str,
    item: str | None = None,
    revenue: str | None = None,
    targets: Sequence[str] | None = None,
    weeks: int | None = None,
    promotions: Any = None,  # noqa: ANN401  any frame there is
    today: date | None = None,
    settings: MinePropensity | None = None,
    seed: int = 0,
) -> Foresight:
    """Return the calibrated chance that each customer buys an item, buys anything, or leaves, with the report on each model.

    Parameters
    ----------
    frame
        A row a purchase; pandas, Polars, Arrow or a dict of columns.
    customer, time
        Its columns: who, and a date or time.
    item
        Column of what was bought, such as a product or its category; by default only "buys anything" and "leaves" are told.
    revenue
        Column of the money paid; it ranks the items and is a feature.
    targets
        Items foreseen; by default those of the settings, or as many with most revenue (or rows) as their ``categories``.
    weeks
        Weeks in which it should happen; by default the settings', 4.
    promotions
        A frame ``item, week, strength`` (a date in the week, a number of 0 or more) of what is planned, for past weeks as it
        was announced and for weeks to come.
    today
        First day not known; later rows are not looked at. Default: the day after the last row.
    settings
        As in ``[mine.propensity]``.
    seed
        Same seed and same frame give the same bytes.

    Raises
    ------
    ContractError
        Columns are missing, empty or not of their kind; every fault is listed.
    SettingsError
        A target is no item of the frame, or ``weeks`` is not a whole number above 0.

    Notes
    -----
    A customer leaves who buys nothing within the weeks in which nine of ten customers end nine of ten gaps between their
    visits. One customer, or a history shorter than five windows, is left out with the reason in ``notes``; a target that
    fewer than 10 customers on past days did, or did not, gets the base rate.
    """
    if weeks is not None and (not isinstance(weeks, int) or weeks < 1):
        raise SettingsError(f"weeks = {weeks!r}; expected a whole number of weeks, at least 1.")
    used = settings or MinePropensity()
    used = used if weeks is None else msgspec.structs.replace(used, weeks=weeks)
    targets = used.targets or None if targets is None else targets
    taken = Frame.of(frame, "The purchases")
    who, day = taken.texts(customer), taken.days(time)
    what = taken.texts(item) if item is not None else pa.array(["anything"] * len(taken), pa.string())
    money = taken.numbers(revenue, empty=True) if revenue is not None else np.zeros(len(taken))
    taken.done()
    bought = _purchases(who, what, day, money, (today - EPOCH).days if today is not None else None)
    if targets is not None and item is None:
        raise SettingsError(f"targets = {list(targets)!r} without item; name the column that holds the items.")
    wanted = _wanted(targets, bought, used.categories if item is not None else 0)
    names = list(bought.products)
    planned = NOTHING if promotions is None else _plans(promotions, names)
    if len(bought.customers) < 2:  # noqa: PLR2004  one customer tells nothing of another
        found = tables([], [left_out("all", ONE_CUSTOMER if bought.customers else NO_CUSTOMER)], ())
    else:
        past = recall(bought, np.arange(len(names)), names, wanted, cut=np.zeros(len(bought)), plans=planned)
        rng = np.random.default_rng(seed)
        found = tables(*study(past, used, rng), bought.customers)
    return Foresight(found["propensities"], found["propensity_scores"], found["mining"])


def _purchases(who: pa.Array, what: pa.Array, day: Ints, money: Floats, today: int | None) -> Purchases:
    last = today if today is not None else int(day.max()) + 1 if len(day) else 0
    rows = np.flatnonzero(day < last)
    customers, customer = places(who.take(pa.array(rows)))
    items, product = places(what.take(pa.array(rows)))
    paid = np.nan_to_num(money[rows])
    sort = np.lexsort((paid, product, customer, day[rows]))
    count = len(rows)
    return Purchases(
        customers, items, (), customer[sort], product[sort], np.zeros(count, np.int64), day[rows][sort], np.ones(count),
        paid[sort], np.ones(count, dtype=bool), rows[sort], last,
    )  # fmt: skip


def _wanted(targets: Sequence[str] | None, bought: Purchases, most: int) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(targets or ()))
    unknown = [f"'{name}' is no item{did_you_mean(name, bought.products)}" for name in wanted if name not in bought.products]
    if unknown:
        raise SettingsError(breaches("The targets cannot be foreseen", unknown))
    names = list(bought.products)
    return wanted if targets is not None else most_revenue(bought, np.arange(len(names)), names, most)


def _plans(frame: Any, names: Sequence[str]) -> Plans:  # noqa: ANN401  any frame there is
    taken = Frame.of(frame, "The promotions")
    what, day, strength = taken.texts("item"), taken.days("week"), taken.numbers("strength", low=0)
    taken.done()
    place = pc.fill_null(pc.index_in(what, value_set=pa.array(names, pa.string())), -1).to_numpy().astype(np.int64)
    rows = place >= 0
    monday = day - (day + 3) % 7  # 1970-01-01 was a Thursday
    return Plans(len(names), place[rows], monday[rows], strength[rows], 0, EMPTY, EMPTY, EMPTY)
