"""Attributes of a frame as columns of numbers: numbers as they are, texts as one column a value but the base."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.mine.choice.choices import Flags, Reals
    from lotwise.mine.intake import Frame

MORE = "1 more"
"""The value of an attribute that is a number."""
CONSTANT = "alternative"
"""The attribute that is what an alternative is liked for beside all others."""


@dataclass
class Coded:
    """Columns that models are estimated from, and what each of them means.

    Parameters
    ----------
    names
        Names of the columns: the attribute's, or ``attribute: value``.
    means
        Attribute and value of each column.
    columns
        Numbers, each ``(n_rows,)``.
    bases
        Attribute and base value of those that are texts.
    shares
        Share of choices that took each attribute and value; texts only.
    """

    names: list[str] = field(default_factory=list)
    means: list[tuple[str, str]] = field(default_factory=list)
    columns: list[Reals] = field(default_factory=list)
    bases: list[tuple[str, str]] = field(default_factory=list)
    shares: dict[tuple[str, str], float] = field(default_factory=dict)

    def number(self, name: str, values: Reals) -> None:
        """Add an attribute that is a number."""
        self.names.append(name)
        self.means.append((name, MORE))
        self.columns.append(values)

    def text(self, name: str, values: pa.Array, chosen: Flags) -> None:
        """Add an attribute that is a text; its base is the value chosen most, the first of the alphabet where several are."""
        kinds, code = np.unique(np.asarray(values.to_pylist(), dtype=object).astype(str), return_inverse=True)
        taken = np.bincount(code[chosen], minlength=len(kinds))
        base = int(taken.argmax()) if len(kinds) else 0
        for place, kind in enumerate(kinds.tolist()):
            self.shares[name, kind] = float(taken[place] / max(taken.sum(), 1))
            if place == base:
                self.bases.append((name, kind))
                continue
            self.names.append(f"{name}: {kind}")
            self.means.append((name, kind))
            self.columns.append((code == place).astype(np.float64))


def coded(frame: Frame, attributes: Sequence[str], alternative: str | None, chosen: Flags) -> Coded:
    """Return the attributes of a frame as columns of numbers; faults are kept by the frame.

    Parameters
    ----------
    frame
        The frame.
    attributes
        Columns; numbers and truth values are taken as numbers, all else as texts.
    alternative
        Column that says which alternative a row is, where each should have a constant of its own.
    chosen
        Whether the row was chosen.
    """
    found = Coded()
    for name in attributes:
        kind = frame.table[name].type if name in frame.table.column_names else pa.float64()
        if pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
            found.number(name, frame.numbers(name))
        else:
            found.text(name, frame.texts(name), chosen)
    if alternative is not None:
        found.text(CONSTANT, frame.texts(alternative), chosen)
    return found
