"""What was not known in time, split into what could still be known and what is chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lotwise.gap import verdict
from lotwise.gap.interval import total
from lotwise.gap.line import Line, difference
from lotwise.gap.states import NOW
from lotwise.gap.undone import SOLVER

if TYPE_CHECKING:
    from lotwise.gap.value import Cells, Value

FORESIGHT = "foresight"
CHANCE = "chance: the irreducible part"
CLOSABLE = "not known in time"


def unknown(value: Value, *, left: Cells) -> list[Line]:
    """Return the lines of the account ``unknown``, which add up to V(perfect) - V(now) less what solving left.

    The irreducible part is V(perfect) - V(foresight): what the same model still loses when it is also told the prices,
    promotions, weather and other facts of the target weeks as they came. No source known earlier, and no longer notice
    of what is known already, brings more than the rest by this model; a better model might. Where foresight
    earned no more than what was known, all of it is booked as irreducible.

    Parameters
    ----------
    value
        Settled profits.
    left
        What solving left of the plans made with what was known, at most; it is booked under ``undone``.
    """
    missed = value.gain("perfect", NOW) - left
    if FORESIGHT not in value.profit:
        return [Line("unknown", CLOSABLE, _WHOLE, missed, counted=True, stays=True, formula=_formula(NOW, left))]
    if total(value.gain(FORESIGHT, NOW)) <= 0:
        return [_chance(_ALL_CHANCE, missed, _formula(NOW, left))]
    chance = value.gain("perfect", FORESIGHT)
    return [
        Line("unknown", CLOSABLE, _CLOSABLE, missed - chance, counted=True, stays=True, formula=_formula(NOW, left, FORESIGHT)),
        _chance(_CHANCE, chance, difference("perfect", FORESIGHT)),
    ]


def _chance(note: str, cells: Cells, formula: str) -> Line:
    """Return the line of the irreducible part: an upper limit, for what a model has not learned looks like chance."""
    return Line("unknown", CHANCE, note, cells, counted=True, stays=True, formula=formula, verdict=verdict.AT_MOST)


def _formula(worse: str, left: Cells, better: str = "perfect") -> str:
    """Return the formula, with the line of what solving left where it is taken off."""
    return difference(better, worse) + (f" - L({SOLVER})" if left.any() else "")


_WHOLE = (
    "Perfect knowledge less what was known, within the same limits. "
    "Better forecasts and more sources before the cutoff close part of it, earlier orders more; chance stays."
)
_CLOSABLE = (
    "What the same model would have earned more, told the prices, promotions, weather and other facts of the target weeks "
    "as they came. Plans made earlier and sources that tell them in advance close part of it."
)
_CHANCE = (
    "What the same model still loses with all facts of the target weeks but demand itself. Earlier orders close it, perhaps a "
    "better model too; no source here does, so do not chase it."
)
_ALL_CHANCE = (
    "Perfect knowledge less what was known, within the same limits. The facts of the target weeks as they came, told to the "
    "same model, would have earned no more: by this model all of it is chance. Earlier orders close it, and perhaps a better "
    "model."
)
