"""What is chosen together on one order line: the options of one product, and products beside options."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.rules import catalog, offered
from lotwise.mine.rules.derive import judged_together
from lotwise.mine.rules.found import Found, trim
from lotwise.mine.rules.measures import USABLE
from lotwise.mine.rules.scopes import ALL
from lotwise.mine.rules.search import LEAST, least
from lotwise.mine.rules.together import weighed
from lotwise.mine.rules.worth import weigh

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from lotwise.config.mining import MineRules
    from lotwise.mine.rules.catalog import Catalog, Choice
    from lotwise.mine.rules.chosen import Chosen
    from lotwise.mine.rules.derive import Rules
    from lotwise.mine.rules.reading import Bought
    from lotwise.mine.rules.scopes import Scope
    from lotwise.mine.rules.search import Search


def catalogs(chosen: Chosen, tables: catalog.Tables) -> dict[str, Catalog]:
    """Return the catalog of each product on which options were chosen."""
    cells = np.unique(chosen.lines.product[chosen.line] * max(len(chosen.names), 1) + chosen.item)
    taken: dict[str, list[Choice]] = {}
    for product, item in zip(*np.divmod(cells, max(len(chosen.names), 1)), strict=True):
        taken.setdefault(chosen.lines.products[product], []).append(chosen.choices[item])
    return catalog.read(taken, *tables)


def options(
    chosen: Chosen, known: dict[str, Catalog], scopes: list[Scope], search: Search, settings: MineRules
) -> Iterator[Found]:
    """Yield, scope by scope, the rules of each product and then those between products and options.

    Rules between choices of which the catalog's own rules settle something are left out: there customers had no choice, or
    less of it.

    Parameters
    ----------
    chosen
        The options chosen on lines.
    known
        The catalog of each product.
    scopes
        Names, and which lines are in each.
    search, settings
        How is searched, and what is kept.
    """
    laid = [_Laid(*parts) for parts in chosen.by_product()]
    for scope, inside in scopes:
        yield from _within(chosen, laid, known, (scope, inside), search, settings)


@dataclass(frozen=True)
class _Laid:
    """The lines of one product as baskets of choices."""

    name: str
    bought: Bought
    choices: tuple[Choice, ...]
    line: NDArray[np.int64]


def _within(
    chosen: Chosen, laid: list[_Laid], known: dict[str, Catalog], scope: Scope, search: Search, settings: MineRules
) -> Iterator[Found]:
    """Yield the rules of each product, and those between products and options, within one scope: one family of tests."""
    label, inside = scope
    some = [(one, one.bought.within(inside[one.line])) for one in laid]
    some = [(one, bought) for one, bought in some if len(bought.day) >= LEAST]
    runs = [search.run(bought, minimum=least(settings.option_support, len(bought.day))) for _, bought in some]
    lines = chosen.within(inside)
    counts = lines.counts()
    alike = offered.offers(chosen.lines.products, known)
    share = partial(least, settings.option_support)
    between, names = offered.compare(alike, chosen.lines.products, counts, search.bar, share)
    *told, between = judged_together([*(rules for _, rules in runs), between], search.bar)
    for (one, bought), (itemsets, _), rules in zip(some, runs, told, strict=True):
        free = _free(rules, one.choices, known[one.name], only_usable=label != ALL)
        found = weighed(rules.take(free), itemsets, bought)
        found = replace(found, kind="option", level="option", scope=label, product=one.name, follow=len(rules) - len(free))
        yield trim(found, settings.rules)
    worth = weigh(between, _margins(lines, names))
    found = Found("option", "option", label, None, names, between, worth, int(counts[""].sum()))
    yield trim(found, settings.rules)


def _free(rules: Rules, choices: tuple[Choice, ...], known: Catalog, *, only_usable: bool) -> NDArray[np.int64]:
    """Return the rules of which the catalog settles nothing; where only usable ones are told, the others are not looked at."""
    sides = zip(rules.antecedents, rules.consequents, rules.verdict, strict=True)
    tied = [
        not (only_usable and verdict != USABLE) and known.ties((choices[p] for p in one), (choices[p] for p in two))
        for one, two, verdict in sides
    ]
    return np.flatnonzero(~np.array(tied, dtype=np.bool_))


def _margins(chosen: Chosen, names: Iterable[str]) -> NDArray[np.float64]:
    """Return the mean margin of a line with each item: of the product's line, or what the option adds."""
    lines, products = np.unique(chosen.line), chosen.lines.products
    by_product = _means(chosen.lines.product[lines], chosen.lines.margin[lines], len(products))
    mean = {f"product={name}": value for name, value in zip(products, by_product, strict=True)}
    mean |= dict(zip(chosen.names, _means(chosen.item, chosen.margin, len(chosen.names)), strict=True))
    return np.array([mean.get(name, np.nan) for name in names], dtype=np.float64)


def _means(place: NDArray[np.int64], values: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Return the mean of the known values at each place; NaN where there is none."""
    known = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        return np.bincount(place[known], values[known], size) / np.bincount(place[known], minlength=size)
