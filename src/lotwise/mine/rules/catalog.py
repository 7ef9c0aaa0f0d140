"""What the catalog's own rules say of options, so that what follows from them is not told as a discovery."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pyarrow as pa

Tables = tuple["pa.Table | None", "pa.Table | None"]
"""The tables options and option_rules, where there are any."""
Choice = tuple[str, str]
"""An option and one of its values."""


@dataclass(frozen=True)
class Catalog:
    """The options of one product and the rules between them.

    Parameters
    ----------
    values
        The values each option can take.
    requires, excludes
        Pairs of choices: the first requires, or excludes, the second.
    """

    values: Mapping[str, frozenset[str]]
    requires: tuple[tuple[Choice, Choice], ...] = ()
    excludes: tuple[tuple[Choice, Choice], ...] = ()
    _known: dict[Choice, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)

    def settled(self, choice: Choice) -> frozenset[str]:
        """Return the options of which less is open once ``choice`` is made: its own, and those the rules narrow then."""
        if choice not in self._known:
            self._known[choice] = _narrowed(self, choice)
        return self._known[choice]

    def ties(self, first: Iterable[Choice], second: Iterable[Choice]) -> bool:
        """Return whether some choice of each side settles something of the same option.

        Then what is seen between the two sides follows, at least in part, from the catalog.
        """
        one = frozenset().union(*(self.settled(choice) for choice in first))
        two = frozenset().union(*(self.settled(choice) for choice in second))
        return not one.isdisjoint(two)

    @property
    def ruled(self) -> frozenset[str]:
        """The options that a rule speaks of."""
        return frozenset(option for pair in (*self.requires, *self.excludes) for option, _ in pair)


def read(chosen: Mapping[str, Iterable[Choice]], options: pa.Table | None, option_rules: pa.Table | None) -> dict[str, Catalog]:
    """Return the catalog of each product.

    Parameters
    ----------
    chosen
        The choices that were made of each product; they belong to its options whatever the table says.
    options, option_rules
        Tables that keep the contracts of these names, where there are any.
    """
    values: dict[str, dict[str, set[str]]] = {product: {} for product in chosen}
    for product, choices in chosen.items():
        for option, value in choices:
            values[product].setdefault(option, set()).add(value)
    for row in options.select(["product", "option", "value"]).to_pylist() if options is not None else ():
        if row["product"] in values:
            values[row["product"]].setdefault(row["option"], set()).add(row["value"])
    rules: dict[tuple[str, str], list[tuple[Choice, Choice]]] = {}
    for row in option_rules.to_pylist() if option_rules is not None else ():
        pair = ((row["if_option"], row["if_value"]), (row["then_option"], row["then_value"]))
        rules.setdefault((row["product"], row["kind"]), []).append(pair)
    return {
        product: Catalog(
            {option: frozenset(taken) for option, taken in found.items()},
            tuple(rules.get((product, "requires"), ())),
            tuple(rules.get((product, "excludes"), ())),
        )
        for product, found in values.items()
    }


def _narrowed(catalog: Catalog, choice: Choice) -> frozenset[str]:
    """Return the options whose values are narrowed by a choice: the rules are applied until nothing changes."""
    everything = {option: set(values) for option, values in catalog.values.items()}
    for option, value in (end for pair in (*catalog.requires, *catalog.excludes) for end in pair):
        everything.setdefault(option, set()).add(value)
    open_now = {option: set(values) for option, values in everything.items()}
    open_now[choice[0]] = {choice[1]}
    before = -1
    while before != (left := sum(map(len, open_now.values()))):
        before = left
        for (one, first), (two, second) in catalog.requires:
            if open_now[one] == {first}:
                open_now[two] &= {second}
            if second not in open_now[two]:
                open_now[one] -= {first}
        for (one, first), (two, second) in catalog.excludes:
            if open_now[one] == {first}:
                open_now[two] -= {second}
            if open_now[two] == {second}:
                open_now[one] -= {first}
    return frozenset(option for option, values in open_now.items() if values != everything.get(option)) | {choice[0]}
