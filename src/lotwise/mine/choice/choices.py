"""Choices: what could be chosen, with which attributes, and what was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lotwise.errors import ContractError, breaches

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Reals = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

BLOCK = 1 << 20
"""Numbers worked on at a time, so that memory stays small however many choices there are."""
_SHOWN = 3
"""Rows shown in a message."""


@dataclass(frozen=True)
class Choices:
    """Choices with the attributes of everything that could be chosen; ``lay`` fills in what is usual.

    Parameters
    ----------
    attributes
        What each place of a choice offers, ``(n_choices, n_places, n_attributes)``. A constant of an alternative is an
        attribute that is 1 for it and 0 for others.
    chosen
        Place that was chosen, ``(n_choices,)``.
    names
        Attributes.
    available
        Whether the place could be chosen, ``(n_choices, n_places)``; attributes of others are not read.
    weights
        Times each choice counts, ``(n_choices,)``.
    person
        Who chose, any whole numbers, ``(n_choices,)``; choices of one person share tastes.
    alternatives
        Names of the alternatives.
    alternative
        Which alternative stands in each place, ``(n_choices, n_places)``. Where each choice offers few of many
        alternatives, places are as many as the largest choice offers.
    """

    attributes: Reals
    chosen: Whole
    names: tuple[str, ...]
    available: Flags
    weights: Reals
    person: Whole
    alternatives: tuple[str, ...]
    alternative: Whole

    def __len__(self) -> int:
        """Return the number of choices."""
        return len(self.attributes)

    @cached_property
    def persons(self) -> Whole:
        """Everybody who chose, ascending, ``(n_persons,)``."""
        return np.unique(self.person)

    @cached_property
    def who(self) -> Whole:
        """Place of each choice's person in ``persons``, ``(n_choices,)``."""
        return np.searchsorted(self.persons, self.person)

    @cached_property
    def taken(self) -> Whole:
        """Alternative that was chosen, ``(n_choices,)``."""
        return self.alternative[np.arange(len(self)), self.chosen]

    @property
    def null_log_likelihood(self) -> float:
        """Log-likelihood with every available alternative alike."""
        return float(-self.weights @ np.log(self.available.sum(axis=1)))

    def check(self) -> list[str]:
        """Return everything that stands in the way of an estimate, one sentence each; none: an empty list.

        Shapes, absent or infinite numbers, choices of what was not available, weights below 0; attributes that do not
        differ within any choice, follow from those before them, or separate the choices perfectly, all by name.
        """
        from lotwise.mine.choice.identify import unidentified  # noqa: PLC0415  it reads this class

        return _shapes(self) or _values(self) or unidentified(self)

    def remarks(self) -> list[str]:
        """Return what is odd but can be worked with: alternatives never chosen, and choices between one thing."""
        found = []
        never = np.setdiff1d(np.unique(self.alternative[self.available]), self.taken)
        if len(never):
            found.append(f"never chosen: {_listed([f'{self.alternatives[place]!r}' for place in never])}")
        alone = int((self.available.sum(axis=1) == 1).sum())
        if alone:
            found.append(f"{alone:,} choices offer one alternative and say nothing")
        return found

    def select(self, rows: Whole | Flags) -> Choices:
        """Return some of the choices."""
        parts = {name: getattr(self, name)[rows] for name in ("attributes", "chosen", "available", "weights", "person")}
        return replace(self, **parts, alternative=self.alternative[rows])

    def keep(self, names: Sequence[str]) -> Choices:
        """Return the choices with some of the attributes."""
        places = [self.names.index(name) for name in names]
        return replace(self, names=tuple(names), attributes=self.attributes[:, :, places])

    def blocks(self) -> Iterator[tuple[slice, Reals]]:
        """Yield the rows of one block after the other, and its attributes less those chosen, 0 where not available."""
        rows = max(BLOCK // max(self.attributes[0].size, 1), 1)
        for first in range(0, len(self), rows):
            some = slice(first, min(first + rows, len(self)))
            yield some, self.differences(some)

    def differences(self, some: slice = slice(None)) -> Reals:
        """Return the attributes of some choices less those of what was chosen: all that choices depend on."""
        attributes, chosen = self.attributes[some], self.chosen[some]
        apart = attributes - attributes[np.arange(len(attributes)), chosen][:, None, :]
        apart[~self.available[some]] = 0.0
        return apart


def lay(
    attributes: ArrayLike,
    chosen: ArrayLike,
    names: Sequence[str],
    *,
    available: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    person: ArrayLike | None = None,
    alternatives: Sequence[str] = (),
) -> Choices:
    """Return choices, with what is usual where it is not told.

    Parameters
    ----------
    attributes, chosen, names
        As ``Choices`` has them; each place is one alternative.
    available
        Absent: all are.
    weights
        Absent: each choice counts once.
    person
        Absent: each choice is somebody else's.
    alternatives
        Absent: ``alternative 1`` and so on.

    Raises
    ------
    ContractError
        Shapes do not fit, numbers are absent, or something was chosen that was not available: all are listed.
    """
    offered = np.asarray(attributes, dtype=np.float64)
    if offered.ndim != 3:  # noqa: PLR2004  choices, alternatives, attributes
        raise ContractError(f"Found attributes of shape {offered.shape}; expected (choices, alternatives, attributes).")
    count, places, _ = offered.shape
    made = Choices(
        attributes=offered,
        chosen=np.asarray(chosen, dtype=np.int64),
        names=tuple(names),
        available=np.ones((count, places), np.bool_) if available is None else np.asarray(available, dtype=np.bool_),
        weights=np.ones(count) if weights is None else np.asarray(weights, dtype=np.float64),
        person=np.arange(count) if person is None else np.asarray(person, dtype=np.int64),
        alternatives=tuple(alternatives) or tuple(f"alternative {place + 1}" for place in range(places)),
        alternative=np.broadcast_to(np.arange(places), (count, places)),
    )
    found = _shapes(made) or _values(made)
    if found:
        raise ContractError(breaches("Choices cannot be used", found))
    return made


def gather(
    choice: ArrayLike,
    alternative: ArrayLike,
    chosen: ArrayLike,
    attributes: ArrayLike,
    names: Sequence[str],
    *,
    alternatives: Sequence[str] = (),
) -> tuple[Choices, Whole]:
    """Return choices from long rows, and the row that stands in each place: choices may offer different alternatives.

    Memory grows with the largest choice, not with the number of alternatives.

    Parameters
    ----------
    choice
        Choice of each row, any whole numbers, ``(n_rows,)``.
    alternative
        Alternative of each row, from 0, ``(n_rows,)``.
    chosen
        Whether it was chosen, ``(n_rows,)``.
    attributes
        ``(n_rows, n_attributes)``.
    names
        Attributes.
    alternatives
        Their names; absent: ``alternative 1`` and so on.

    Returns
    -------
    tuple[Choices, Whole]
        Choices in order of their keys, and rows ``(n_choices, n_places)``, -1 where none is. Persons and weights are each
        choice's own: ``replace(choices, person=of_rows[rows[:, 0]])``.

    Raises
    ------
    ContractError
        Choices with none or several chosen, or with one alternative twice; or as ``lay``.
    """
    key, which = np.asarray(choice), np.asarray(alternative, dtype=np.int64)
    order = np.lexsort((which, key))
    key, which = key[order], which[order]
    taken, offered = np.asarray(chosen, dtype=np.bool_)[order], np.asarray(attributes, dtype=np.float64)[order]
    row = np.cumsum(np.diff(key, prepend=key[:1]) != 0)
    size = np.bincount(row)
    first = np.cumsum(size) - size
    found = _rows(key[first], np.bincount(row[taken], minlength=len(size)), (np.diff(which) == 0) & (np.diff(row) == 0), row)
    if found:
        raise ContractError(breaches("Choices cannot be used", found))
    place = np.arange(len(key)) - first[row]
    count, places = len(size), int(size.max(initial=0))
    filled = np.zeros((count, places, offered.shape[1]))
    filled[row, place] = offered
    available, standing = np.zeros((count, places), np.bool_), np.zeros((count, places), np.int64)
    available[row, place], standing[row, place] = True, which
    labels = tuple(alternatives) or tuple(f"alternative {number + 1}" for number in range(int(which.max(initial=-1)) + 1))
    plain = [f"place {number}" for number in range(places)]
    made = lay(filled, place[taken], names, available=available, alternatives=plain)
    rows = np.full((count, places), -1)
    rows[row, place] = order
    return replace(made, alternatives=labels, alternative=standing), rows


def _rows(keys: Whole, taken: Whole, twice: Flags, row: Whole) -> list[str]:
    """Return what is wrong with long rows, choice by choice."""
    found = []
    if len(keys) == 0:
        return ["there are no rows; expected at least two choices"]
    for wrong, words in ((taken == 0, "none chosen"), (taken > 1, "several chosen")):
        if wrong.any():
            found.append(f"{int(wrong.sum()):,} choices have {words}, expected one: {_listed(keys[wrong])}")
    if twice.any():
        found.append(f"choices offer an alternative twice: {_listed(np.unique(keys[row[1:][twice]]))}")
    return found


def _shapes(choices: Choices) -> list[str]:
    count, places, width = choices.attributes.shape
    wanted = {
        "chosen": (count,), "weights": (count,), "person": (count,),
        "available": (count, places), "alternative": (count, places),
    }  # fmt: skip
    found = [
        f"'{name}' has shape {getattr(choices, name).shape}, expected {shape}"
        for name, shape in wanted.items()
        if getattr(choices, name).shape != shape
    ]
    if len(choices.names) != width:
        found.append(f"{len(choices.names)} names of attributes for {width} attributes; expected as many")
    if len(set(choices.names)) < len(choices.names):
        found.append("two attributes have one name; expected different names")
    if count == 0:
        found.append("there are no choices; expected at least two")
    if width == 0:
        found.append("there are no attributes; expected at least one")
    if not found and choices.alternative.size and int(choices.alternative.max()) >= len(choices.alternatives):
        found.append(f"{len(choices.alternatives)} alternatives are named, expected {int(choices.alternative.max()) + 1}")
    return found


def _values(choices: Choices) -> list[str]:
    found = []
    bad = ~np.isfinite(choices.attributes) & choices.available[:, :, None]
    for place in np.flatnonzero(bad.any(axis=(0, 1))):
        rows = np.flatnonzero(bad[:, :, place].any(axis=1))
        found.append(f"attribute '{choices.names[place]}' has {int(bad[:, :, place].sum()):,} absent or infinite values, "
                     f"expected numbers: choices {_listed(rows)}")  # fmt: skip
    outside = (choices.chosen < 0) | (choices.chosen >= choices.attributes.shape[1])
    if outside.any():
        found.append(f"what was chosen is no alternative in choices {_listed(np.flatnonzero(outside))}")
        return found
    missed = ~choices.available[np.arange(len(choices)), choices.chosen]
    if missed.any():
        found.append(f"what was chosen was not available in choices {_listed(np.flatnonzero(missed))}; expected available")
    weights = choices.weights
    if not (np.isfinite(weights) & (weights >= 0)).all():
        wrong = np.flatnonzero(~(np.isfinite(weights) & (weights >= 0)))
        found.append(f"weights are absent or below 0 in choices {_listed(wrong)}; expected 0 or more")
    elif weights.sum() == 0:
        found.append("all weights are 0; expected some above 0")
    if (choices.available.sum(axis=1) <= 1).all():
        found.append("no choice offers two alternatives; expected choices between at least two")
    return found


def _listed(values: Sequence[object] | NDArray[np.generic]) -> str:
    """Return the first few values in words."""
    shown = ", ".join(str(value) for value in values[:_SHOWN])
    return shown if len(values) <= _SHOWN else f"{shown} and {len(values) - _SHOWN:,} more"
