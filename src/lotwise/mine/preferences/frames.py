"""Preferences from a frame of sales of one's own, without a project: models, shares under other offers, and the line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from lotwise.config.mining import MinePreferences
from lotwise.errors import InputError, SettingsError, did_you_mean
from lotwise.mine.intake import Frame
from lotwise.mine.preferences import categories
from lotwise.mine.preferences.categories import Category
from lotwise.mine.preferences.models import Trial, choose
from lotwise.mine.preferences.offer import market, mean_now, plan, worth_now
from lotwise.mine.preferences.rows import line_rows, preference_rows, substitution_rows, trial_rows
from lotwise.mine.preferences.sets import PRICE, Sets
from lotwise.mine.preferences.shelf import PROMOTED
from lotwise.mine.preferences.simulate import simulated
from lotwise.mine.preferences.sold import TO_MONDAY, Sold, places
from lotwise.mine.preferences.substitution import diverted, elasticities
from lotwise.tables.mined import CHOICE_MODELS, PREFERENCES, PRODUCT_LINES, SUBSTITUTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lotwise.mine.preferences.model import Model
    from lotwise.tables.contract import Table


@dataclass(frozen=True)
class Preferences:
    """What the buyers of a frame of sales want.

    Parameters
    ----------
    category
        The choices, and the price of each product in each week.
    sets
        The choices with the attributes that are told apart.
    trials
        The models tried.
    model
        The one chosen, estimated from all weeks.
    notes
        What was left out, and why.
    """

    category: Category
    sets: Sets
    trials: list[Trial]
    model: Model
    notes: tuple[str, ...]

    def models(self) -> pa.Table:
        """Return the models tried: the columns of table ``choice_models``."""
        return _made(CHOICE_MODELS, trial_rows(self.sets, self.trials, self.notes))

    def table(self) -> pa.Table:
        """Return part-worths with errors and willingness to pay: the columns of table ``preferences``."""
        return _made(PREFERENCES, preference_rows(self.sets, self.model, {}, None))

    def substitution(self) -> pa.Table:
        """Return where buyers go when a product is missing, and elasticities: the columns of table ``substitutions``."""
        return _made(
            SUBSTITUTIONS, substitution_rows(self.sets, diverted(self.model, self.sets), elasticities(self.model, self.sets))
        )


def read_sales(
    frame: Any,  # noqa: ANN401  any frame there is
    *,
    offers: Any = None,  # noqa: ANN401  the same
    name: str = "all",
    alternatives: int = 12,
) -> Category:
    """Return the choices between products that a frame of sales shows: what was bought, among what was on sale.

    Parameters
    ----------
    frame
        A row a sale line of products that stand in for each other. Columns ``product``, ``day`` and ``price`` (of one unit); if
        there, ``customer``, ``order``, ``region`` and ``list_price``. Lines without a customer are each somebody else's.
    offers
        A row a product and week: columns ``product``, ``week`` (any day of it) and, if there, ``region``, ``price``, and
        ``display``, ``mailer``, ``front`` (shares from 0 to 1). With ``price`` it lists all that was on sale. Without, a
        product was on sale where it was sold around that week, at the median price paid then, or in the weeks nearest.
    name
        What the products are called together.
    alternatives
        Most products told apart, best sellers first; all others are one, ``other``.

    Raises
    ------
    ContractError
        Columns are missing, empty, not of their kind, or hold numbers that cannot be: every fault is listed.
    InputError
        The frame holds no choice, such as one product.
    SettingsError
        Fewer than 2 alternatives are asked for.
    """
    if alternatives < 2:  # noqa: PLR2004  a choice is between two
        message = f"A choice is between at least 2 alternatives, found alternatives = {alternatives}."
        raise SettingsError(message)
    sold = _sold(Frame.of(frame, "The sales"))
    listed = pa.table(
        {
            "product": pa.array(sold.products, pa.string()),
            "category": pa.array([name] * len(sold.products), pa.string()),
            "unit_price": pa.nulls(len(sold.products), pa.float64()),
        }
    )
    told = None if offers is None else _offers(Frame.of(offers, "The offers"))
    found = categories.category(name, sold, listed, told, alternatives=alternatives)
    if isinstance(found, str):
        message = f"The sales hold no choice: {found}. Give the sales of at least two products that stand in for each other."
        raise InputError(message)
    return found


def find_preferences(
    sales: Any,  # noqa: ANN401  any frame there is
    *,
    params: MinePreferences | None = None,
    nests: Mapping[str, Sequence[str]] | None = None,
    seed: int = 0,
) -> Preferences:
    """Return what buyers want: the choice model that foresees the last weeks best, estimated from all.

    Parameters
    ----------
    sales
        A frame as ``read_sales`` takes it, or what ``read_sales`` returned.
    params
        ``[mine.preferences]``: models tried, classes, choices, alternatives.
    nests
        Products of each nest, for the nested logit; absent: it is not tried.
    seed
        Same seed and same frame give the same bytes.

    Raises
    ------
    ContractError, InputError, SettingsError
        As for ``read_sales``; or nothing tells the products apart.
    """
    settings = params or MinePreferences()
    read = sales if isinstance(sales, Category) else read_sales(sales, alternatives=settings.alternatives)
    sets, left = categories.usual(read.sets)
    chosen = choose(sets, settings, np.random.default_rng(seed), nests=nests)
    if isinstance(chosen, str):
        message = f"No model can be estimated from these sales: {chosen}."
        raise InputError(message)
    return Preferences(read, sets, *chosen, left)


def shares(
    preferences: Preferences,
    *,
    offered: Sequence[str] | None = None,
    prices: Mapping[str, float] | None = None,
    outside: float = 0.0,
    seed: int = 0,
) -> pa.Table:
    """Return the share of choices each product would get under another offer, at other prices.

    Prices and promotions not told are the mean of the last 13 weeks.

    Parameters
    ----------
    preferences
        What buyers want.
    offered
        Products on offer; absent: all that were on sale in the last weeks.
    prices
        Price of one unit, by product.
    outside
        Share of those who come that take nothing when all is offered at prices of now; sales do not show it. 0: nobody, so that
        shares are of sales.
    seed
        For the draws behind the intervals.

    Returns
    -------
    pa.Table
        ``alternative, price`` (absent for ``other``), ``share``, and its 95 % interval ``low, high`` by the uncertainty of the
        part-worths. With ``outside`` shares sum to less than 1.

    Raises
    ------
    SettingsError
        A product is not known, a price is not above 0, or prices are given to a model that reads none: all faults are listed.
    """
    names = preferences.sets.alternatives
    faults = _asked(preferences, offered or (), prices or {}, outside)
    if faults:
        raise SettingsError("; ".join(faults) + ".")
    there, mean = mean_now(preferences.model, preferences.sets)
    asked = there if offered is None else np.array([name in set(offered) for name in names])
    then = mean.copy()
    column = preferences.model.names.index(PRICE) if PRICE in preferences.model.names else -1
    for name, price in (prices or {}).items():
        then[names.index(name), column] = price
    rng = np.random.default_rng(seed)
    share, low, high = simulated(preferences.model, preferences.sets, (mean, there), (then, asked), outside, rng)
    paid = [None if column < 0 or name == categories.OTHER else float(then[at, column]) for at, name in enumerate(names)]
    kept = np.flatnonzero(asked)
    return pa.table(
        {
            "alternative": [names[at] for at in kept],
            "price": pa.array([paid[at] for at in kept], pa.float64()),
            "share": share[kept],
            "low": low[kept],
            "high": high[kept],
        }
    )


def line(preferences: Preferences, margins: Mapping[str, float], *, most: int = 0, outside: float = 0.3) -> pa.Table:
    """Return the products to offer so that most is earned: the columns of table ``product_lines``.

    Parameters
    ----------
    preferences
        What buyers want.
    margins
        Money one unit earns, by product; of ``other`` too, where there is one: it stays on offer.
    most
        Most products; 0: any number.
    outside
        Share of those who come that take nothing when all is offered; sales do not show it, so it is assumed.

    Raises
    ------
    SettingsError
        A margin is missing or not finite, or a share or number is out of its range: all faults are listed.
    """
    names = preferences.sets.alternatives
    missing = [name for name in names if not np.isfinite(margins.get(name, np.nan))]
    faults = [f"the margin of '{name}' is missing or not a finite number" for name in missing]
    faults += [f"outside is {outside:g}, expected a share between 0 and 1"] if not 0 < outside < 1 else []
    faults += [f"most is {most}, expected 0 (any number) or more"] if most < 0 else []
    if faults:
        raise SettingsError("; ".join(faults) + ".")
    always = np.array([name == categories.OTHER for name in names])
    worth = worth_now(preferences.model, preferences.sets)
    made = market(preferences.model, preferences.sets, np.array([margins[name] for name in names]), worth, always, outside)
    return _made(PRODUCT_LINES, line_rows(preferences.sets, plan(made, most=most, outside=outside)))


def _asked(preferences: Preferences, offered: Sequence[str], prices: Mapping[str, float], outside: float) -> list[str]:
    names = preferences.sets.alternatives
    found = [f"product '{name}' is not known{did_you_mean(name, names)}" for name in (*offered, *prices) if name not in names]
    found += [f"the price of '{name}' is {price:g}, expected above 0" for name, price in prices.items() if not price > 0]
    if prices and PRICE not in preferences.model.names:
        found.append("the model reads no price, so that other prices change nothing; prices never changed in these sales")
    if categories.OTHER in prices:
        found.append("'other' has no price")
    if not 0 <= outside < 1:
        found.append(f"outside is {outside:g}, expected a share from 0 to below 1")
    return found


def _sold(frame: Frame) -> Sold:
    product, day, price = frame.texts("product"), frame.days("day"), frame.numbers("price", low=0)
    columns = frame.table.column_names
    listed = frame.numbers("list_price", low=0, empty=True) if "list_price" in columns else np.full(len(frame), np.nan)
    blank = pa.nulls(len(frame), pa.string())
    customer = frame.texts("customer", empty=True) if "customer" in columns else blank
    order = frame.texts("order", empty=True) if "order" in columns else blank
    region = frame.texts("region") if "region" in columns else pa.array(["all"] * len(frame), pa.string())
    if len(frame) == 0:
        frame.faults.append("it has no row; expected sale lines")
    frame.done()
    products, of_product = places(pa.chunked_array([product]))
    regions, of_region = places(pa.chunked_array([region]))
    people, person = places(pa.chunked_array([customer]))
    numbers, of_order = places(pa.chunked_array([order]))
    alone = np.arange(len(frame))
    person = np.where(person < 0, len(people) + alone, person)
    of_order = np.where(of_order < 0, len(numbers) + alone, of_order)
    paid = np.where(price > 0, price, np.nan)
    regular = np.where(listed > 0, listed, paid)
    week = (day + TO_MONDAY) // 7
    return Sold(products, regions, of_product, of_region, week, person, of_order, paid, regular, np.nan_to_num(paid))


def _offers(frame: Frame) -> pa.Table:
    product, week = frame.texts("product"), frame.days("week")
    columns = frame.table.column_names
    region = frame.texts("region") if "region" in columns else pa.array(["all"] * len(frame), pa.string())
    told = {name: frame.numbers(name, low=0) for name in (PRICE, *PROMOTED) if name in columns}
    frame.done()
    day = pa.array((week - (week + TO_MONDAY) % 7).astype(np.int32)).cast(pa.date32())
    return pa.table({"product": product, "region": region, "week": day, **told})


def _made(table: Table, rows: list[dict[str, Any]]) -> pa.Table:
    columns = {name: [row.get(name) for row in rows] for name in table.names}
    return table.check(pa.table(columns, schema=pa.schema([pa.field(c.name, c.type) for c in table.columns])))
