"""Choice sets that many choices share: what was on offer when, and what was taken."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from lotwise.mine.choice.choices import Choices, lay

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]
    Whole = NDArray[np.int64]
    Flags = NDArray[np.bool_]

PRICE = "price"


@dataclass(frozen=True)
class Attribute:
    """What one attribute of a model means: the attribute of the table, and the value of it.

    Parameters
    ----------
    name
        Such as "price", "product" or "fabric".
    value
        "1 more" for a number; else the value it is the constant of.
    """

    name: str
    value: str = "1 more"

    @property
    def key(self) -> str:
        """Its name within a model."""
        return self.name if self.value == "1 more" else f"{self.name}: {self.value}"


@dataclass(frozen=True)
class Sets:
    """What was on offer, and what was taken; sets are kept once, however many choices share them.

    Parameters
    ----------
    choice
        What is chosen, as in the table ``choice_models``.
    alternatives
        Their names.
    attributes
        What the columns of ``offered`` mean; one of them may be named "price", in money.
    offered
        ``(n_sets, n_alternatives, n_attributes)``; 0 where not available.
    available
        ``(n_sets, n_alternatives)``.
    set, chosen, person, week, order
        Set, alternative, customer, week and order of each choice, ``(n_choices,)``.
    base
        Value with part-worth 0 of each attribute that has constants, by the attribute's name.
    remarks
        What a planner should know of how they came about.
    """

    choice: str
    alternatives: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    offered: Reals
    available: Flags
    set: Whole
    chosen: Whole
    person: Whole
    week: Whole
    order: Whole
    base: dict[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Return the number of choices."""
        return len(self.chosen)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the attributes within a model."""
        return tuple(attribute.key for attribute in self.attributes)

    @property
    def cell(self) -> Whole:
        """Set and alternative of each choice as one number."""
        return self.set * len(self.alternatives) + self.chosen

    @property
    def shares(self) -> Reals:
        """Share of choices that took each alternative."""
        return np.bincount(self.chosen, minlength=len(self.alternatives)) / max(len(self), 1)

    def select(self, rows: Whole | Flags) -> Sets:
        """Return some of the choices, among the same sets."""
        parts = {name: getattr(self, name)[rows] for name in ("set", "chosen", "person", "week", "order")}
        return replace(self, **parts)

    def keep(self, names: tuple[str, ...]) -> Sets:
        """Return the same with some of the attributes."""
        kept = [self.names.index(name) for name in names]
        return replace(self, attributes=tuple(self.attributes[place] for place in kept), offered=self.offered[:, :, kept])

    def counts(self) -> Reals:
        """Return how often each alternative was taken from each set, ``(n_sets, n_alternatives)``."""
        cells = np.bincount(self.cell, minlength=self.available.size)
        return cells.reshape(self.available.shape).astype(np.float64)

    def by_person(self) -> tuple[csr_array, Whole]:
        """Return how often each person took each cell, ``(n_persons, n_sets * n_alternatives)``, and the persons."""
        persons, who = distinct(self.person)
        shape = (len(persons), self.available.size)
        return csr_array((np.ones(len(self)), (who, self.cell)), shape=shape), persons


def distinct(numbers: Whole) -> tuple[Whole, Whole]:
    """Return the different whole numbers from 0, ascending, and the place of each: as ``np.unique`` does, without sorting."""
    present = np.bincount(numbers) > 0
    return np.flatnonzero(present), (np.cumsum(present) - 1)[numbers]


def pooled(sets: Sets) -> Choices:
    """Return the choices of everybody together, each taking of one set once, with its count as weight: for the logits."""
    count = np.bincount(sets.cell, minlength=sets.available.size)
    cell = np.flatnonzero(count)
    return _lay(sets, cell, count[cell].astype(np.float64), np.arange(len(cell)))


def apiece(sets: Sets) -> Choices:
    """Return the choices person by person, the same taking of one person counted: for classes and random tastes."""
    key = np.stack([sets.person, sets.cell])
    rows, count = np.unique(key, axis=1, return_counts=True)
    return _lay(sets, rows[1], count.astype(np.float64), rows[0])


def _lay(sets: Sets, cell: Whole, weights: Reals, person: Whole) -> Choices:
    """Return choices laid out, those between one alternative left out: they say nothing."""
    place, chosen = np.divmod(cell, len(sets.alternatives))
    told = sets.available[place].sum(axis=1) > 1
    place, chosen = place[told], chosen[told]
    return lay(
        sets.offered[place],
        chosen,
        sets.names,
        available=sets.available[place],
        weights=weights[told],
        person=person[told],
        alternatives=sets.alternatives,
    )


def sample(sets: Sets, most: int, rng: np.random.Generator) -> Sets:
    """Return at most so many choices: whole persons drawn at random, so that what one chose stays together."""
    if len(sets) <= most:
        return sets
    persons, who = distinct(sets.person)
    count = np.bincount(who)
    drawn = rng.permutation(len(persons))
    kept = np.zeros(len(persons), dtype=bool)
    kept[drawn[np.cumsum(count[drawn]) <= most]] = True
    return sets.select(kept[who]) if kept.any() else sets.select(np.sort(rng.choice(len(sets), most, replace=False)))


def held_from(week: Whole, share: float = 0.2, weeks: int = 13) -> int | None:
    """Return the first of the last weeks, which are kept apart: a share of the weeks, at most so many; none: one week only."""
    present = np.unique(week)
    if len(present) < 2:  # noqa: PLR2004  before and after need a week each
        return None
    return int(present[-min(max(int(len(present) * share), 1), weeks)])


def split(sets: Sets) -> tuple[Sets, Sets]:
    """Return the choices of the weeks before, and those of the last weeks."""
    first = held_from(sets.week)
    if first is None:
        return sets, sets.select(np.zeros(len(sets), dtype=bool))
    return sets.select(sets.week < first), sets.select(sets.week >= first)
