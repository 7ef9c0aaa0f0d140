"""The part's tables: choice models, preferences, substitutions and product lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.mine.preferences import categories, options
from lotwise.mine.preferences.sold import Chosen, Sold, read
from lotwise.mine.preferences.study import Costs, Found, study_category, study_option, study_together
from lotwise.tables.mined import CHOICE_MODELS, MINING, PREFERENCES, PRODUCT_LINES, SUBSTITUTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lotwise.mine.preferences.rows import Money
    from lotwise.mine.preferences.sets import Sets
    from lotwise.stage import Inputs
    from lotwise.tables.contract import Table

GIVEN = (CHOICE_MODELS, PREFERENCES, SUBSTITUTIONS, PRODUCT_LINES, MINING)
RECENT = 13
"""Weeks at the end whose prices are those of now."""


def publish(inputs: Inputs, mined: Mapping[str, pa.Table]) -> dict[str, pa.Table]:  # noqa: ARG001  every part is called alike
    """Return the part's tables and its rows of ``mining``.

    Parameters
    ----------
    inputs
        The stage's inputs: ``orders`` and ``products``; ``promotions``, ``economics``, ``order_options``, ``options`` and
        ``option_rules`` where they exist.
    mined
        Tables of the parts before this one; none is read.
    """
    found = Found()
    orders, products = _table(inputs, "orders"), _table(inputs, "products")
    if orders is None or products is None or orders.num_rows == 0 or products.num_rows == 0:
        found.tell("all", 0, 0, ended="left out", note="there are no orders to see choices in")
        return _tables(found)
    sold, chosen = read(orders, _table(inputs, "order_options"), _table(inputs, "options"), today=inputs.settings.project.today)
    if len(sold) == 0:
        found.tell("all", 0, 0, ended="left out", note="there are no orders to see choices in")
        return _tables(found)
    prices = _categories(inputs, found, sold, products)
    _options(inputs, found, (sold, chosen), products, prices)
    if not found.mining:
        found.tell("all", 0, len(sold), ended="left out", note="the settings name no category and no product to be modeled")
    return _tables(found)


def _categories(inputs: Inputs, found: Found, sold: Sold, products: pa.Table) -> dict[str, Money]:
    """Add the choices of the largest categories, and return what a higher price does in each where that is known."""
    settings = inputs.settings.mine.preferences
    economics, promotions = _table(inputs, "economics"), _table(inputs, "promotions")
    prices = {}
    for name in categories.largest(sold, products, settings.categories):
        made = categories.category(name, sold, products, promotions, alternatives=settings.alternatives)
        if isinstance(made, str):
            found.tell(f"category {name}", 0, 0, ended="left out", note=made)
            continue
        costs = _costs(economics, name, sold, set(made.sets.alternatives))
        rng = inputs.rng("mine", "preferences", made.sets.choice)
        money = study_category(found, made, products, costs, settings, rng)
        if money is not None:
            prices[name] = money
    return prices


def _options(inputs: Inputs, found: Found, bought: tuple[Sold, Chosen], products: pa.Table, prices: dict[str, Money]) -> None:
    """Add the choices of the options of the products with most revenue."""
    settings = inputs.settings.mine.preferences
    sold, chosen = bought
    configured = np.unique(sold.product[chosen.line])
    revenue = np.bincount(sold.product, sold.revenue, minlength=len(sold.products))
    largest = configured[np.argsort(-revenue[configured], kind="stable")][: settings.products]
    listed, rules, economics = _table(inputs, "options"), _table(inputs, "option_rules"), _table(inputs, "economics")
    of_category = dict(zip(products["product"].to_pylist(), products["category"].to_pylist(), strict=True))
    for place in largest:
        product = sold.products[place]
        category = of_category.get(product, "")
        money = (prices[category], f"category {category}") if category in prices else None
        begun, said, evidence, capped = len(found.preferences), [], 0, False
        told = options.of_product(product, sold, chosen, rules)
        for sets in told:
            margin = _margins(product, sets, sold, listed, economics)
            rng = inputs.rng("mine", "preferences", sets.choice)
            said.append(study_option(found, sets, margin, money, settings, rng))
            evidence, capped = max(evidence, len(sets)), capped or len(sets) > settings.choices
        if len(told) > 1:
            whole = options.together(product, [options.unpriced(sets) for sets in told])
            study_together(found, whole, settings, inputs.rng("mine", "preferences", whole.choice))
        rows = len(found.preferences) - begun
        ended = "left out" if rows == 0 else "capped" if capped else "whole"
        said += ["models are estimated from a sample of the choices, by settings"] if capped else []
        said += ["no option of it was chosen in more than one way"] if not rows and not any(said) else []
        found.tell(f"options of {product}", rows, evidence, ended=ended, note="; ".join(dict.fromkeys(filter(None, said))))


def _costs(economics: pa.Table | None, category: str, sold: Sold, told: set[str]) -> Costs:
    """Return what the products of a category cost, and the mean margin of those not told apart, weighted by their lines."""
    if economics is None or economics.num_rows == 0:
        return Costs({})
    mine = economics.filter(pc.equal(economics["category"], category)).to_pylist()
    costs = {row["product"]: row["unit_cost"] for row in mine}
    lines = np.bincount(sold.product, minlength=len(sold.products))
    count = {name: int(lines[at]) for at, name in enumerate(sold.products)}
    rest = [(row["unit_price"] - row["unit_cost"], count.get(row["product"], 0)) for row in mine if row["product"] not in told]
    weight = sum(many for _, many in rest)
    other = sum(margin * many for margin, many in rest) / weight if weight else None
    return Costs(costs, other, any(row["cost_basis"] == "assumed" for row in mine if row["product"] in told))


def _margins(
    product: str, sets: Sets, sold: Sold, listed: pa.Table | None, economics: pa.Table | None
) -> NDArray[np.float64] | None:
    """Return what one unit with each value earns: the plain product's margin, and the extra price less the extra cost."""
    cost = None
    if economics is not None:
        cost = next(iter(economics.filter(pc.equal(economics["product"], product))["unit_cost"].to_pylist()), None)
    mine = (sold.product == sold.products.index(product)) & (sold.week > sold.week.max() - RECENT) & np.isfinite(sold.price)
    if cost is None or not mine.any():
        return None
    price, regular = float(np.median(sold.price[mine])), float(np.median(sold.regular[mine]))
    extra = dict.fromkeys(sets.alternatives, 0.0)
    option = next(iter(sets.base))
    for row in listed.filter(pc.equal(listed["product"], product)).to_pylist() if listed is not None else []:
        if row["option"] == option and row["value"] in extra:
            extra[row["value"]] = (row["extra_price"] or 0.0) * price / regular - (row["extra_cost"] or 0.0)
    return np.array([price - cost + extra[name] for name in sets.alternatives])


def _table(inputs: Inputs, name: str) -> pa.Table | None:
    return inputs.table(name) if inputs.has(name) else None


def _tables(found: Found) -> dict[str, pa.Table]:
    return {table.name: _made(table, getattr(found, table.name)) for table in GIVEN}


def _made(table: Table, rows: list[dict[str, object]]) -> pa.Table:
    if not rows:
        return table.empty()
    columns = {name: [row.get(name) for row in rows] for name in table.names}
    return table.check(pa.table(columns, schema=pa.schema([pa.field(c.name, c.type) for c in table.columns])))
