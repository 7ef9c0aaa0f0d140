"""Take rates: how often each value of an option is chosen, by product, with what is uncertain about it.

Shares are hierarchical: what all products have in common pulls products with few orders; weeks long past count less.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.optimize import minimize_scalar
from scipy.special import gammaln
from scipy.stats import beta

from lotwise.errors import InputError
from lotwise.forecast.options.choices import NOT_CHOSEN, table, texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lotwise.forecast.panel import Array, Index, Mask

HALF_LIVES = (2.0, 4.0, 8.0, 13.0, 26.0, 52.0, np.inf)
FEWEST_WEEKS = 6
"""Weeks from which a half-life can be chosen; with fewer, every week counts the same."""
SCORED_WEEKS = 26
ROUNDS = 100
JEFFREYS = 0.5


@dataclass(frozen=True)
class Posterior:
    """What is known of the shares of one option: a Dirichlet distribution for each product.

    Parameters
    ----------
    alpha
        Its parameters, 0 where the product does not offer the value; ``(n_products, n_values)``.
    prior
        The part of them that products have in common.
    orders
        Units each value was chosen in; ``(n_products, n_values)``.
    """

    alpha: Array
    prior: Array
    orders: Array

    @property
    def mean(self) -> Array:
        """Expected shares; each row sums to 1."""
        return np.asarray(self.alpha / self.alpha.sum(axis=1, keepdims=True))

    def interval(self, level: float) -> tuple[Array, Array]:
        """Return the lower and the upper end of the central interval of each share."""
        total = self.alpha.sum(axis=1, keepdims=True)
        rest = total - self.alpha
        sure = rest <= 0
        a, b = np.where(self.alpha > 0, self.alpha, 1.0), np.where(sure, 1.0, rest)
        low, high = (beta.ppf(end, a, b) for end in ((1 - level) / 2, (1 + level) / 2))
        never = self.alpha <= 0
        return np.where(never, 0.0, np.where(sure, 1.0, low)), np.where(never, 0.0, np.where(sure, 1.0, high))


def take_rates(
    frame: Any,  # noqa: ANN401  any table
    *,
    options: Sequence[str],
    product: str | None = None,
    week: str | None = None,
    half_life: float | None = None,
    level: float = 0.9,
    offered: Mapping[str, Sequence[str]] | None = None,
) -> pa.Table:
    """Return the share of units that take each value of each option, with its interval.

    Parameters
    ----------
    frame
        One row a unit sold (pandas, Polars, Arrow or a dict of columns).
    options
        Columns that hold options; an absent cell is a value of its own, ``(none)``.
    product
        Column of the product, or of any other group; without it, all rows are one product.
    week
        Column of the time of sale: dates, or whole numbers of periods.
    half_life
        Weeks (or periods) in which an order loses half its weight; by default the one under which past weeks were
        the most probable, among 2, 4, 8, 13, 26, 52 and never.
    level
        Probability of the interval.
    offered
        Values that can be chosen from now on, by option. New ones get a share; others are retired and drop out.

    Returns
    -------
    pa.Table
        Columns ``product, option, value, take_rate, low, high, units, half_life``; rates of an option sum to 1.

    Raises
    ------
    InputError
        The frame is no table, lacks a column, or the half-life is not above 0.

    References
    ----------
    Minka (2000), Estimating a Dirichlet distribution, for the concentration; West & Harrison (1997), Bayesian
    Forecasting and Dynamic Models, for forgetting by a discount.
    """
    if half_life is not None and half_life <= 0:
        raise InputError(f"The half-life is {half_life:g}; expected weeks above 0, or None to have it chosen")
    data = table(frame, [*options, *(name for name in (product, week) if name)])
    names = pa.chunked_array([pa.repeat(pa.scalar("all"), data.num_rows)]) if product is None else texts(data, product)
    groups = sorted(names.unique().to_pylist())
    group = np.asarray(pc.index_in(names, value_set=pa.array(groups, pa.string())), np.int64)
    when = np.zeros(data.num_rows, np.int64) if week is None else periods(data[week])
    coded = {}
    for option in options:
        values, codes = _coded(data, option, (offered or {}).get(option))
        coded[option] = values, spread(group, codes, when, (len(groups), len(values)))
    memory = half_life or remembered([counts for _, counts in coded.values()])
    parts = [
        _rows(groups, option, values, posterior(counts, _offers(counts, whole=option in (offered or {})), memory), level)
        for option, (values, counts) in coded.items()
    ]
    found = pa.concat_tables(parts)
    return found.append_column("half_life", pa.repeat(pa.scalar(memory), found.num_rows))


def periods(column: pa.ChunkedArray) -> Index:
    """Return whole weeks of dates and times (or the numbers themselves), counted from the first one."""
    if pa.types.is_temporal(column.type):
        days = column.cast(pa.timestamp("us")).to_numpy().astype("datetime64[D]").astype(np.int64)
        weeks = (days + 3) // 7
        return np.asarray(weeks - weeks.min() if len(weeks) else weeks)
    numbers = column.cast(pa.int64()).to_numpy()
    return np.asarray(numbers - numbers.min() if len(numbers) else numbers)


def spread(group: Index, codes: Index, when: Index, shape: tuple[int, int], weight: Array | None = None) -> Array:
    """Return the units of each product, value and week, negative codes left out; ``(n_products, n_values, n_weeks)``."""
    weeks = int(when.max()) + 1 if len(when) else 1
    usable = codes >= 0
    place = np.ravel_multi_index((group[usable], codes[usable], when[usable]), (*shape, weeks))
    count = np.bincount(place, None if weight is None else weight[usable], minlength=shape[0] * shape[1] * weeks)
    return np.asarray(count.reshape(*shape, weeks), float)


def posterior(counts: Array, offers: Mask, half_life: float) -> Posterior:
    """Return what is known of the shares after the last week; each value offered counts with a part of one unit at least.

    Parameters
    ----------
    counts
        Units of each product, value and week; ``(n_products, n_values, n_weeks)``.
    offers
        Whether the product offers the value; ``(n_products, n_values)``.
    half_life
        Weeks in which an order loses half its weight.
    """
    weeks = counts.shape[2]
    age = np.arange(weeks - 1, -1, -1)
    recent = counts @ 0.5 ** (age / half_life) * offers
    width = offers.sum(axis=1, keepdims=True)
    if len(counts) == 1:
        common = offers / width
        strength = JEFFREYS * float(width[0, 0])
    else:
        common = shared(recent, offers)
        strength = concentration(recent, common)
    prior = np.maximum(strength * common, offers / width)
    return Posterior(prior + recent, prior, counts.sum(axis=2))


def shared(counts: Array, offers: Mask) -> Array:
    """Return the shares all products have in common, spread over what each offers; ``(n_products, n_values)``.

    Each value has one weight, and a product's shares are the weights of what it offers (Luce, 1959), found by the
    minorization of Hunter (2004), Annals of Statistics 32.
    """
    chosen = counts.sum(axis=0) + 1 / counts.shape[1]
    units = counts.sum(axis=1) + 1 / len(counts)
    weight = np.full(counts.shape[1], 1 / counts.shape[1])
    for _ in range(ROUNDS):
        at_stake = (units / np.maximum(offers @ weight, np.finfo(float).tiny)) @ offers
        weight = chosen / np.maximum(at_stake, np.finfo(float).tiny)
        weight /= weight.sum()
    own = offers * weight
    return np.asarray(own / own.sum(axis=1, keepdims=True))


def concentration(counts: Array, common: Array) -> float:
    """Return how many units the common shares weigh: the most probable under a log-logistic prior.

    The prior's middle is the number of values; it keeps the result finite where products do not differ.
    """
    middle = float((common > 0).sum(axis=1).mean())

    def loss(log_strength: float) -> float:
        strength = np.exp(log_strength)
        prior = log_strength - 2 * np.logaddexp(log_strength, np.log(middle))
        return float(-(likelihood(counts, strength * common).sum() + prior))

    found = minimize_scalar(loss, bounds=(np.log(0.05), np.log(1e5)), method="bounded")
    return float(np.exp(found.x))


def remembered(by_option: Sequence[Array]) -> float:
    """Return the half-life under which each of the last weeks was the most probable, given the weeks before it."""
    weeks = by_option[0].shape[2] if by_option else 0
    if weeks < FEWEST_WEEKS:
        return float(np.inf)
    first = max(weeks // 2, weeks - SCORED_WEEKS)
    scores = [sum(_predicted(counts, half_life, first) for counts in by_option) for half_life in HALF_LIVES]
    return HALF_LIVES[int(np.argmax(scores))]


def likelihood(counts: Array, alpha: Array) -> Array:
    """Return the log probability of units under a Dirichlet-multinomial, but for a constant; ``(n_products,)``."""
    usable = alpha > 0
    safe = np.where(usable, alpha, 1.0)
    own = np.where(usable, gammaln(safe + counts) - gammaln(safe), 0.0).sum(axis=1)
    total, units = alpha.sum(axis=1), (counts * usable).sum(axis=1)
    return np.asarray(own + gammaln(total) - gammaln(total + units))


def _predicted(counts: Array, half_life: float, first: int) -> float:
    """Return the log probability of the weeks from the first one scored, each from those before it."""
    keep, state, found = 0.5 ** (1 / half_life), np.zeros(counts.shape[:2]), 0.0
    for week in range(counts.shape[2]):
        if week >= first:
            found += float(likelihood(counts[:, :, week], state + JEFFREYS).sum())
        state = keep * state + counts[:, :, week]
    return found


def _coded(data: pa.Table, option: str, offered: Sequence[str] | None) -> tuple[list[str], Index]:
    column = texts(data, option)
    seen = set(column.unique().to_pylist())
    values = sorted(seen if offered is None else {str(value) for value in offered} | (seen & {NOT_CHOSEN}))
    codes = pc.fill_null(pc.index_in(column, value_set=pa.array(values, pa.string())), -1)
    return values, np.asarray(codes, np.int64)


def _offers(counts: Array, *, whole: bool) -> Mask:
    """Return what each product offers: all that is listed, or what it ever sold."""
    sold = counts.sum(axis=2) > 0
    return np.ones_like(sold) if whole else sold | ~sold.any(axis=1, keepdims=True)


def _rows(groups: Sequence[str], option: str, values: Sequence[str], known: Posterior, level: float) -> pa.Table:
    group, value = np.nonzero(known.alpha > 0)
    low, high = known.interval(level)
    return pa.table(
        {
            "product": pa.array(groups, pa.string()).take(pa.array(group)),
            "option": pa.repeat(pa.scalar(option), len(group)),
            "value": pa.array(values, pa.string()).take(pa.array(value)),
            "take_rate": known.mean[group, value],
            "low": low[group, value],
            "high": high[group, value],
            "units": known.orders[group, value],
        }
    )
