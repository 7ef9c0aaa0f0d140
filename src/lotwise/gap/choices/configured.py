"""Regret of configured products: the values chosen against the best value of each option under fitted part-worths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from lotwise.errors import InputError
from lotwise.gap import verdict
from lotwise.gap.choices.logit import Occasions, Reals, Whole, fit, followers, separators
from lotwise.gap.choices.regret import ESTIMATED, NO_MONEY, Row, ends_of, money_unit, resample, row
from lotwise.gap.value import codes

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

CONFIGURED = "regret of configurations"
FEWEST_PRODUCTS = 10
"""Extra prices differ between products only, so that fewer products say too little of how prices deter."""


@dataclass(frozen=True)
class Values:
    """Choices between the values of an option, all that agree in product, option and value as one of their number.

    Parameters
    ----------
    occasions
        Alternatives are values; the last attribute is the extra price.
    product, option
        Numbers of the product and the option of each occasion.
    """

    occasions: Occasions
    product: Whole
    option: Whole


def configured(tables: Mapping[str, pa.Table], *, rng: np.random.Generator, resamples: int = 2000, width: float = 0.9) -> Row:
    """Return the row of the regret of configurations, in money an order line.

    Each option is a choice between its values, with a part-worth of each value for all products and one of the extra
    price. The regret is the best value's utility less that of the one chosen, over that of money, summed over options.
    Options without differences in price are left out: such a choice, of a size, is fit. Rules between options are not
    heeded. Extra prices are known by product, so products are drawn again for the interval, not customers.

    Parameters
    ----------
    tables
        ``orders``, ``options`` and ``order_options``.
    rng
        Source of the bootstrap's draws.
    resamples, width
        Draws of products, and the width of the interval.
    """
    for name in ("orders", "options", "order_options"):
        if name not in tables:
            return row(CONFIGURED, "money", said=verdict.UNMEASURED, note=_MISSING)
    found = _told_apart(_counted(tables))
    if isinstance(found, str):
        return row(CONFIGURED, "money", said=verdict.UNMEASURED, note=found)
    try:
        model = fit(found.occasions)
    except InputError as error:
        return row(CONFIGURED, "money", said=verdict.UNMEASURED, note=str(error))
    drawn = resample(model, found.occasions, found.product, rng=rng, resamples=resamples)
    unit, refused = money_unit(model, drawn, model.names[-1])
    if unit is None:
        return row(CONFIGURED, "money", said=NO_MONEY, note=refused)
    whole = found.occasions
    apart = whole.differences(slice(0, len(whole.start)), slice(0, len(whole.attributes)))
    utility = model.utility(apart)
    regret = np.maximum.reduceat(utility, whole.start)
    best = np.where(utility == regret[whole.occasion], np.arange(len(utility)), len(utility))
    slopes = apart[np.minimum.reduceat(best, whole.start)] * whole.weights[:, None]
    lines = _lines(found)
    spread = drawn.sums(regret * whole.weights, slopes) / drawn.sums(lines) / np.where(unit[1:] > 0, unit[1:], np.nan)
    value = float(regret @ whole.weights) / lines.sum() / unit[0]
    note = _NOTE.format(lines=f"{lines.sum():,.0f}", products=len(np.unique(found.product)))
    return row(CONFIGURED, "money", value, ends_of(spread, drawn, width), said=ESTIMATED, note=note)


def _counted(tables: Mapping[str, pa.Table]) -> Values | str:
    """Return the choices of each product and option, counted, of options whose values differ in price."""
    options = tables["options"].sort_by([(name, "ascending") for name in ("product", "option", "value")])
    orders = tables["orders"].filter(pc.equal(tables["orders"]["kind"], "sale")).select(["order", "line", "product"])
    taken = tables["order_options"].join(orders, keys=["order", "line"], join_type="inner")
    keys = ["product", "option", "value"]
    taken = taken.group_by(keys).aggregate([([], "count_all")])
    times = {tuple(one[key] for key in keys): one["count_all"] for one in taken.to_pylist()}
    code = {key: codes(options[key]) for key in keys}
    product, option, value = (code[key][1] for key in keys)
    extra = pc.fill_null(options["extra_price"], 0.0).to_numpy()
    count = np.array([times.get(tuple(one), 0) for one in zip(*(options[key].to_pylist() for key in keys), strict=True)])
    names, columns = _dummies(code["option"][0], code["value"][0], option, value, count)
    starts = np.flatnonzero(np.diff(product * (option.max() + 1) + option, prepend=-1))
    ends = np.append(starts[1:], len(product))
    attributes = np.column_stack([columns, extra])
    rows: list[int] = []
    start, chosen, weight, owner = [], [], [], []
    for first, end in zip(starts, ends, strict=True):
        if np.ptp(extra[first:end]) == 0:
            continue
        for taken_row in np.flatnonzero(count[first:end]):
            start.append(len(rows))
            chosen.append(len(rows) + taken_row)
            rows += range(first, end)
            weight.append(count[first + taken_row])
            owner.append((product[first], option[first]))
    if not rows:
        return _FLAT
    made = Occasions(
        (*names, "extra price"), attributes[rows], np.array(start), np.array(chosen), np.array(weight, dtype=np.float64)
    )
    owners = np.array(owner, dtype=np.int64)
    return Values(made, owners[:, 0], owners[:, 1])


def _dummies(
    options: tuple[str, ...], values: tuple[str, ...], option: Whole, value: Whole, count: Whole
) -> tuple[list[str], Reals]:
    """Return one column a value of an option, but the one most chosen of each option."""
    key = option * len(values) + value
    pairs, place = np.unique(key, return_inverse=True)
    times = np.bincount(place, count)
    of = pairs // len(values)
    base = {int(max(np.flatnonzero(of == one), key=lambda p: (times[p], -p))) for one in np.unique(of)}
    kept = [p for p in range(len(pairs)) if p not in base]
    names = [f"{options[of[p]]} = {values[pairs[p] % len(values)]}" for p in kept]
    return names, np.asarray(place[:, None] == np.array(kept, dtype=np.int64), dtype=np.float64)


def _told_apart(found: Values | str) -> Values | str:
    """Return the choices without the options of products whose values cannot be told apart."""
    while not isinstance(found, str):
        whole = found.occasions
        if len(np.unique(found.product)) < FEWEST_PRODUCTS:
            return _FEW.format(count=len(np.unique(found.product)), fewest=FEWEST_PRODUCTS)
        silent = followers(whole) or separators(whole)
        if not silent:
            return found
        if len(whole.names) - 1 in silent:
            return _FLAT
        fine = np.logical_and.reduceat((whole.attributes[:, silent] == 0).all(axis=1), whole.start)
        rows = fine[whole.occasion]
        names = tuple(name for place, name in enumerate(whole.names) if place not in silent)
        sizes = whole.sizes[fine]
        chosen = (np.cumsum(rows) - 1)[whole.chosen[fine]]
        kept = np.delete(whole.attributes[rows], silent, axis=1)
        made = Occasions(names, kept, np.cumsum(sizes) - sizes, chosen, whole.weights[fine])
        found = Values(made, found.product[fine], found.option[fine])
    return found


def _lines(found: Values) -> Reals:
    """Return the order lines of each occasion, those of one option of each product only, so that none counts twice."""
    weight = found.occasions.weights
    pair = found.product * (found.option.max() + 1) + found.option
    pairs, place = np.unique(pair, return_inverse=True)
    times, owner = np.bincount(place, weight), pairs // (found.option.max() + 1)
    most = np.zeros(owner.max() + 1)
    np.maximum.at(most, owner, times)
    first = np.unique(np.where(times == most[owner], owner, -1), return_index=True)[1]
    return np.where(np.isin(place, first[times[first] == most[owner[first]]]), weight, 0.0)


_MISSING = "It takes the tables orders, options (with extra prices) and order_options: what could be chosen and what was."
_FLAT = (
    "Extra prices of the same values do not differ between products, so liking cannot be told from price. "
    "It takes options whose extra price differs."
)
_FEW = "Extra prices differ between products only, and {count} products have options to compare. It takes {fewest} at least."
_NOTE = (
    "Mean over {lines} order lines of {products} products: the best value of each option less the one chosen, in fitted "
    "utility over that of money. An upper side: differences in taste and fit count as regret, and rules are not heeded."
)
