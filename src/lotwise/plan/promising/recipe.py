"""What one unit of a product or configuration takes, as the tree the search walks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import ContractError
from lotwise.plan.promising.facts import ALWAYS, Way
from lotwise.plan.promising.kernel import Recipe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lotwise.plan.promising.facts import Facts, Line

MOST_NODES = 5_000
"""Components of components, counted each time they go into something, beyond which a bill is refused."""


@dataclass(slots=True)
class _Tree:
    """The nodes found so far, parents first."""

    facts: Facts
    chosen: Mapping[str, str]
    place: dict[str, int]
    parent: list[int] = field(default_factory=list)
    item: list[str] = field(default_factory=list)
    quantity: list[float] = field(default_factory=list)
    offset: list[int] = field(default_factory=list)
    spare: list[bool] = field(default_factory=list)
    total: list[float] = field(default_factory=list)


def recipe(facts: Facts, product: str, chosen: Mapping[str, str], place: dict[str, int]) -> Recipe:
    """Return what one unit of a product with these option values takes; options that are not named count as on average.

    Planned units have components as on average. A configuration that takes more of one than that takes the difference beside
    them; of a component whose own bill depends on the options it takes all anew.

    Parameters
    ----------
    facts
        How things are made.
    product, chosen
        What is asked for: value by option.
    place
        Number of each item.

    Raises
    ------
    ContractError
        The bill has too many levels, or goes round in a circle.
    """
    tree = _Tree(facts, chosen, place)
    _add(tree, -1, product, 1.0, 0, 1.0)
    root = facts.ways.get(product, Way())
    spare = []
    for line in root.lines if chosen else ():
        weight = _weight(line, chosen)
        more = weight if _differs(facts, line.component, chosen) else max(weight - line.share, 0.0)
        if more > 0:
            spare.append((line.component, line.quantity * more / root.good))
    for component, quantity in spare:
        _add(tree, 0, component, quantity, root.lead, 0.0, spare=True)
    return _packed(tree, is_configured=bool(spare))


def _add(tree: _Tree, parent: int, item: str, quantity: float, offset: int, total: float, *, spare: bool = False) -> None:
    """Add an item and all that goes into it."""
    number, above = len(tree.parent), parent
    while above >= 0 and tree.item[above] != item:
        above = tree.parent[above]
    if number >= MOST_NODES or above >= 0:
        raise ContractError(
            f"The bill of '{tree.item[0]}' has more than {MOST_NODES:,} components of components; "
            "expected fewer, and none that goes into itself. Check the table 'bom'."
        )
    tree.parent.append(parent)
    tree.item.append(item)
    tree.quantity.append(quantity)
    tree.offset.append(offset)
    tree.spare.append(spare)
    tree.total.append(total)
    way = tree.facts.ways.get(item)
    if way is None:
        return
    for line in way.lines:
        amount = line.quantity * _weight(line, tree.chosen)
        if amount > 0:
            _add(tree, number, line.component, amount, offset + way.lead, total / way.good * amount)


def _weight(line: Line, chosen: Mapping[str, str]) -> float:
    """Return how much of a line counts."""
    if line.option == ALWAYS:
        return 1.0
    if line.option in chosen:
        return 1.0 if chosen[line.option] == line.value else 0.0
    return line.share


def _differs(facts: Facts, item: str, chosen: Mapping[str, str]) -> bool:
    """Whether anything in an item depends on the options chosen."""
    way = facts.ways.get(item)
    lines = way.lines if way else ()
    return any(line.option in chosen or _differs(facts, line.component, chosen) for line in lines)


def _packed(tree: _Tree, *, is_configured: bool) -> Recipe:
    """Return the tree as arrays."""
    names = list(dict.fromkeys(tree.item))
    slot = {name: number for number, name in enumerate(names)}
    ways = [tree.facts.ways.get(name) for name in names]
    machines: dict[int, int] = {}
    steps: list[tuple[int, float, float, float]] = []
    step_from = [0]
    for way in ways:
        for machine, hours, setup, shared in way.steps if way else ():
            steps.append((machines.setdefault(machine, len(machines)), hours, setup, shared))
        step_from.append(len(steps))
    known = [way or Way() for way in ways]

    def whole(values: list[int]) -> np.ndarray:
        return np.array(values, dtype=np.int64)

    def real(values: list[float]) -> np.ndarray:
        return np.array(values, dtype=np.float64)

    return Recipe(
        items=whole([tree.place[name] for name in names]),
        machines=whole(list(machines)),
        parent=whole(tree.parent),
        slot=whole([slot[name] for name in tree.item]),
        quantity=real(tree.quantity),
        offset=whole(tree.offset),
        spare=np.array(tree.spare, dtype=np.bool_),
        total=real(tree.total),
        lead=whole([way.lead for way in known]),
        good=real([way.good for way in known]),
        least=real([way.least for way in known]),
        step=real([way.step for way in known]),
        largest=real([way.largest for way in known]),
        makes=np.array([way is not None for way in ways], dtype=np.bool_),
        step_from=whole(step_from),
        step_machine=whole([step[0] for step in steps]),
        step_hours=real([step[1] for step in steps]),
        step_setup=real([step[2] for step in steps]),
        step_shared=real([step[3] for step in steps]),
        is_configured=np.array([is_configured], dtype=np.bool_),
    )
