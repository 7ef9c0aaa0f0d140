"""Parts of configurations: which components a unit takes, given what was chosen, through all levels of the bill."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import ContractError
from lotwise.tables.bills import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    import pyarrow as pa

    from lotwise.forecast.options.choices import Levels
    from lotwise.forecast.options.explode import Configured
    from lotwise.forecast.options.mix import Mix
    from lotwise.forecast.panel import Array, Index

ALWAYS = "always"
Line = tuple[str, float, str, str]
"""Component, quantity, option and value of a line of a bill."""
Chosen = frozenset[tuple[str, str]]
"""Option values that must all be chosen."""
SAMPLED = 4096


@dataclass(frozen=True)
class Part:
    """A component that a unit takes when all of some values are chosen.

    Parameters
    ----------
    component
        The component.
    quantity
        Units of it in one unit of the product.
    chosen
        The values; none: always.
    """

    component: str
    quantity: float
    chosen: Chosen


def lines(bom: pa.Table | None, day: date | None = None) -> dict[str, list[Line]]:
    """Return the lines of each item's bill that count on a day, as ``in_force`` says."""
    found: dict[str, list[Line]] = defaultdict(list)
    if bom is not None:
        for row in in_force(bom, day).to_pylist():
            found[row["item"]].append((row["component"], row["quantity"], row["option"], row["value"]))
    return found


def parts(product: str, bill: Mapping[str, Sequence[Line]], options: Iterable[str]) -> list[Part]:
    """Return everything a unit of a product can take, each component and condition once.

    A line whose option the product is not known by counts with an equal share of the values its bill names.

    Parameters
    ----------
    product
        The product.
    bill
        Lines by item, from ``lines``.
    options
        Options whose choices are known.

    Raises
    ------
    ContractError
        An item contains itself.
    """
    known = set(options)
    total: dict[tuple[str, Chosen], float] = defaultdict(float)
    level: dict[tuple[str, Chosen], float] = {(product, frozenset()): 1.0}
    for _ in range(len(bill) + 1):
        below: dict[tuple[str, Chosen], float] = defaultdict(float)
        for (item, chosen), units in level.items():
            own = bill.get(item, ())
            for component, quantity, option, value in own:
                if option != ALWAYS and option in known:
                    both = chosen | {(option, value)}
                    if len({name for name, _ in both}) == len(both):
                        below[component, both] += units * quantity
                else:
                    named = 1 if option == ALWAYS else len({other for _, _, name, other in own if name == option})
                    below[component, chosen] += units * quantity / named
        for key, units in below.items():
            total[key] += units
        level = below
    if level:
        items = ", ".join(sorted({f"'{item}'" for item, _ in level}))
        message = f"Table 'bom' breaks its contract: an item of product '{product}' contains itself, near {items}"
        raise ContractError(message)
    return [Part(component, units, chosen) for (component, chosen), units in sorted(total.items(), key=_by_name)]


def used(found: Sequence[Part], configured: Configured, levels: Levels, draws: int) -> dict[str, Array]:
    """Return the units of each component in each draw; ``(n_draws,)`` each."""
    total: dict[str, Array] = defaultdict(lambda: np.zeros(draws))
    for part in found:
        held = _held(part, configured.codes, levels)
        total[part.component] += part.quantity * np.bincount(configured.draw, configured.units * held, minlength=draws)
    return dict(total)


def expected(found: Sequence[Part], mix: Mix, *, seed: int = 0) -> dict[str, float]:
    """Return the mean units of each component in one unit of the product.

    Exact where a component hangs on one option or on two; on more, from 4,096 configurations drawn from the mix.
    """
    names, share, total = mix.levels.options, mix.marginals(), dict.fromkeys((part.component for part in found), 0.0)
    drawn = None
    for part in found:
        place = {option: _place(mix.levels, option, value) for option, value in sorted(part.chosen)}
        if any(value is None for value in place.values()):
            continue
        if len(place) <= 1:
            chance = 1.0
            for option, value in part.chosen:
                chance = share[option][value]
        elif len(place) == 2:  # noqa: PLR2004  two options have a joint table
            (first, one), (second, other) = place.items()
            chance = float(mix.pair(first, second)[one, other])
        else:
            drawn = mix.draw(SAMPLED, np.random.default_rng(seed)) if drawn is None else drawn
            chance = float(np.all([drawn[:, names.index(o)] == v for o, v in place.items()], axis=0).mean())
        total[part.component] += part.quantity * chance
    return total


def _held(part: Part, codes: Index, levels: Levels) -> Array:
    """Return 1 where a configuration takes the part and 0 elsewhere; ``(n_rows,)``."""
    found = np.ones(len(codes))
    for option, value in part.chosen:
        place = _place(levels, option, value)
        found *= codes[:, levels.options.index(option)] == (-1 if place is None else place)
    return found


def _place(levels: Levels, option: str, value: str) -> int | None:
    """Return the code of a value; None where it cannot be chosen."""
    values = levels.values[levels.options.index(option)]
    return values.index(value) if value in values else None


def _by_name(item: tuple[tuple[str, Chosen], float]) -> tuple[str, list[tuple[str, str]]]:
    (component, chosen), _ = item
    return component, sorted(chosen)
