"""What demand of a period may be: a law in steps of a unit, fitted to a history or given by its moments.

Every law is a row of chances of 0, 1, 2, ... *steps*; a step is one unit where demand is counted, and a small part of a
standard deviation where it is measured or large. Demand of several periods is then a convolution, and what a policy serves is
exact (``service``).

References
----------
Adan, van Eenige and Resing (1995), Fitting discrete distributions on the first two moments, Probability in the Engineering and
Informational Sciences 9(4). Syntetos and Boylan (2006), On the stock control performance of intermittent demand estimators,
International Journal of Production Economics 103(1), for the negative binomial.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betainc, ndtr, pdtr

from lotwise.errors import InputError
from lotwise.plan.inventory.bounds import at_least, one_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

LAWS = ("auto", "normal", "poisson", "negative_binomial", "empirical")
"""Laws by name; ``auto`` takes the one that the moments suggest."""
FINE = 60
"""Steps in a standard deviation where demand is not counted unit by unit."""
COUNTED = 400.0
"""Largest mean of a law that is counted unit by unit."""
BELL = 30.0
"""Least mean for which ``auto`` takes a normal, where it is four standard deviations or more."""
TAIL = 1e-12
"""Chance left out at the upper end."""
LONG = 1 << 16
"""Most steps of a law."""


@dataclass(frozen=True, slots=True)
class Law:
    """Chances of 0, 1, 2, ... steps in a period, and the units of a step.

    Raises
    ------
    InputError
        A chance is negative, they do not sum to 1, or the step is not above 0.
    """

    name: str
    chances: NDArray[np.float64]
    step: float = 1.0

    def __post_init__(self) -> None:
        chances = at_least("chances", self.chances)
        if chances.ndim != 1 or abs(chances.sum() - 1.0) > 1e-6:  # noqa: PLR2004 - rounding of a given table
            raise InputError(f"chances: found a sum of {chances.sum():g}; expected one row with a sum of 1. Divide by the sum.")
        if not self.step > 0:
            raise InputError(f"step: found {self.step:g}; expected units above 0. Give the units of one step.")
        object.__setattr__(self, "chances", chances / chances.sum())

    @property
    def mean(self) -> float:
        """Units a period."""
        return float(self.chances @ np.arange(len(self.chances))) * self.step

    @property
    def sd(self) -> float:
        """Standard deviation of a period, units."""
        steps = np.arange(len(self.chances))
        return float(np.sqrt(max(float(self.chances @ steps**2) - float(self.chances @ steps) ** 2, 0.0))) * self.step

    def over(self, periods: int) -> NDArray[np.float64]:
        """Return the chances of 0, 1, 2, ... steps in independent periods, by the power of a Fourier transform."""
        if not periods:
            return np.ones(1)
        if periods == 1:
            return self.chances
        length = (len(self.chances) - 1) * periods + 1
        found: NDArray[np.float64] = np.fft.irfft(np.fft.rfft(self.chances, 2 * length) ** periods, 2 * length)[:length]
        found = np.maximum(found, 0.0)
        last = int(np.searchsorted(np.cumsum(found), 1.0 - TAIL)) + 1
        return np.asarray(found[:last] / found[:last].sum())

    def draw(self, size: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.float64]:
        """Return independent demand, units."""
        places = np.searchsorted(np.cumsum(self.chances), rng.random(size), side="right")
        return np.minimum(places, len(self.chances) - 1) * self.step


def of(name: str, mean: float, sd: float) -> Law:
    """Return the law with a mean and a standard deviation, cut off at 0.

    A normal whose lower tail is cut off at 0 has a slightly higher mean. ``poisson`` takes no heed of ``sd``;
    ``negative_binomial`` needs a variance above the mean and is a Poisson otherwise.

    Parameters
    ----------
    name
        One of ``LAWS`` but ``empirical``; ``auto`` is a normal from a mean of ``BELL`` on if that is four standard
        deviations or more, else a negative binomial.
    mean, sd
        Units a period, at least 0.

    Raises
    ------
    InputError
        The name is not known, or a moment is out of range.
    """
    one_of("law", name, tuple(law for law in LAWS if law != "empirical"))
    mean, sd = float(at_least("mean", mean)), float(at_least("sd", sd))
    if name == "auto":
        name = "normal" if mean >= BELL and mean >= 4 * sd else "negative_binomial"
    if name == "negative_binomial" and sd**2 <= mean:
        name = "poisson"
    if not mean:
        return Law(name, np.ones(1))
    if name == "poisson":
        sd = float(np.sqrt(mean))
    step = 1.0 if mean <= COUNTED and name != "normal" else max(sd / FINE, mean / LONG * 4, 1e-9)
    reach = int(np.ceil((mean + 12 * sd + 40 * sd * sd / mean * (name == "negative_binomial")) / step)) + 2
    if reach > LONG:
        step, reach = step * reach / LONG, LONG
    return Law(name, _cut(_below(name, mean, sd, step, reach)), step)


def _below(name: str, mean: float, sd: float, step: float, reach: int) -> NDArray[np.float64]:
    """Return the chance of demand up to each step; a step wider than a unit holds what lies half a step around it."""
    steps = np.arange(reach)
    edges = steps.astype(float) if step == 1.0 and name != "normal" else (steps + 0.5) * step
    if name == "normal":
        return ndtr((edges - mean) / sd) if sd else (edges >= mean).astype(float)
    if name == "poisson":
        return np.asarray(pdtr(np.floor(edges), mean))
    shape = mean**2 / (sd**2 - mean)
    return _negative_binomial(np.floor(edges), shape, shape / (shape + mean))


def _negative_binomial(count: NDArray[np.float64], shape: float, chance: float) -> NDArray[np.float64]:
    """Return P(N <= count); the regularized incomplete beta function takes any shape."""
    return np.asarray(betainc(shape, count + 1.0, chance))


def _cut(below: NDArray[np.float64]) -> NDArray[np.float64]:
    last = int(np.searchsorted(below, below[-1] * (1.0 - TAIL))) + 1
    return np.diff(np.concatenate([[0.0], below[:last] / below[last - 1]]))


def fit(name: str, demand: ArrayLike) -> Law:
    """Return the law of a history.

    Parameters
    ----------
    name
        One of ``LAWS``. ``empirical`` is the history itself: each of its periods equally likely.
    demand
        Units, at least 0; ``(n_periods,)``, absent ones as not a number.

    Raises
    ------
    InputError
        The name is not known, a value is out of range, or no period is known.
    """
    one_of("law", name, LAWS)
    values = np.asarray(demand, dtype=np.float64)
    values = at_least("demand", values[~np.isnan(values)])
    if not values.size:
        raise InputError("demand: found no known period; expected one or more. Give past demand.")
    if name != "empirical":
        return of(name, float(values.mean()), float(values.std(ddof=1)) if len(values) > 1 else 0.0)
    counted = bool((values == np.round(values)).all()) and values.max() < LONG
    step = 1.0 if counted else max(float(values.max()) / (LONG / 16), 1e-9)
    return Law(name, np.bincount(np.rint(values / step).astype(int)) / len(values), step)
