"""Quasi-random draws of tastes, and the distributions they follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.special import ndtri

if TYPE_CHECKING:
    from lotwise.mine.choice.choices import Reals

Kind = Literal["normal", "lognormal", "triangular"]
KINDS: tuple[Kind, ...] = ("normal", "lognormal", "triangular")

_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)
MOST = len(_PRIMES)
"""Most part-worths that may differ over persons."""
_SKIPPED = 50
"""Points left out at the beginning, where the sequences of large primes run together."""


def halton(count: int, width: int, rng: np.random.Generator) -> Reals:
    """Return points that fill the unit cube evenly, ``(count, width)``: Halton's sequence, turned by a random shift.

    References
    ----------
    Halton (1960), Numerische Mathematik 2; Cranley and Patterson (1976), SIAM Journal on Numerical Analysis 13, for the shift;
    Bhat (2001), Transportation Research B 35, for its use here.
    """
    number = np.arange(_SKIPPED, _SKIPPED + count)
    found = np.empty((count, width))
    for place, prime in enumerate(_PRIMES[:width]):
        left, part, value = number.copy(), 1.0 / prime, np.zeros(count)
        while left.any():
            left, digit = np.divmod(left, prime)
            value += digit * part
            part /= prime
        found[:, place] = value
    shifted: Reals = (found + rng.random(width)) % 1.0
    return np.clip(shifted, 1e-9, 1 - 1e-9)


@dataclass(frozen=True)
class Taste:
    """The distribution of one part-worth over persons.

    Parameters
    ----------
    kind
        ``normal``: m + s z; ``triangular``: m + s t, t within -1 and 1; ``lognormal``: sign x exp(m + s z).
    sign
        1 or -1; read by ``lognormal``.
    """

    kind: Kind
    sign: float = 1.0

    def standard(self, uniform: Reals) -> Reals:
        """Return standard draws: normal, or triangular within -1 and 1."""
        if self.kind == "triangular":
            return np.where(uniform < 0.5, np.sqrt(2 * uniform) - 1, 1 - np.sqrt(2 * (1 - uniform)))  # noqa: PLR2004
        found: Reals = ndtri(uniform)
        return found

    def worths(self, middle: float, width: float, standard: Reals) -> Reals:
        """Return the part-worth at each draw."""
        if self.kind == "lognormal":
            return self.sign * np.exp(np.clip(middle + width * standard, -50, 50))
        return middle + width * standard

    def moments(self, middle: float, width: float) -> tuple[float, float, Reals]:
        """Return mean and standard deviation over persons, and the mean's slopes in m and s."""
        if self.kind == "lognormal":
            mean = self.sign * float(np.exp(middle + width**2 / 2))
            return mean, abs(mean) * float(np.sqrt(np.expm1(width**2))), np.array([mean, mean * width])
        deviation = width if self.kind == "normal" else width / np.sqrt(6)
        return middle, float(deviation), np.array([1.0, 0.0])

    def labels(self, name: str) -> tuple[str, str]:
        """Return the names of m and s."""
        if self.kind == "lognormal":
            return f"log mean {name}", f"log sd {name}"
        return name, f"{'sd' if self.kind == 'normal' else 'half-width'} {name}"
