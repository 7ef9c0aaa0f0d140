"""Which sources to keep: those without which past forecasts would have been worse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lotwise.errors import SettingsError
from lotwise.forecast.auto import earlier, tried
from lotwise.forecast.task import Task, many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.config import Forecast
    from lotwise.forecast.auto import Worth
    from lotwise.forecast.design import Design
    from lotwise.forecast.registry import Method


@dataclass(frozen=True)
class Gain:
    """What leaving one source out did.

    Parameters
    ----------
    source
        Its name.
    gain
        Share of the loss without it that it takes away, beside the sources still kept; below 0 where it does harm.
    kept
        Whether it is kept.
    """

    source: str
    gain: float
    kept: bool


def select(
    design: Design, names: Sequence[str], end: int, method: Method, *, params: Forecast, worth: Worth | None = None, seed: int
) -> list[Gain]:
    """Return the gain of each source on the windows before a cutoff, the ones left out first.

    Backward elimination: the source whose absence loses least is left out as long as nothing is lost by it. Loss is
    money where economics are given, otherwise the scaled CRPS.

    Parameters
    ----------
    design, names, end, worth, seed
        As for ``auto.choose``.
    method
        A learner.
    params
        ``[forecast]``.

    Raises
    ------
    SettingsError
        The method is told no sources, or there is too little history.

    References
    ----------
    Guyon & Elisseeff (2003), An introduction to variable and feature selection, JMLR 3, section 4.2.
    """
    ends = earlier(design, end)
    if not method.told or not ends:
        reason = "is told no sources" if not method.told else f"cannot be tried on {end + 1} periods"
        raise SettingsError(f"Method '{method.name}' {reason}: there is nothing to select. Take a learner such as 'poisson'.")

    def loss(chosen: tuple[str, ...]) -> float:
        tasks = [Task(design, last, chosen, params, seed, paths=False) for last in ends]
        trial = tried(method, 0.0, list(zip(tasks, many(method.make, tasks, workers=params.workers), strict=True)), worth)
        found = trial.scrps if trial.money is None else trial.money
        return float("inf") if found is None else found

    left = tuple(names)
    whole = loss(left)
    dropped: list[Gain] = []
    while left:
        without = {name: loss(tuple(other for other in left if other != name)) for name in left}
        worst = min(without, key=lambda name: (without[name], name))
        if without[worst] > whole:
            gains = [Gain(name, round(1 - whole / without[name], 6), kept=True) for name in left]
            return dropped + sorted(gains, key=lambda one: one.gain)
        dropped.append(Gain(worst, round(1 - whole / max(without[worst], 1e-12), 6), kept=False))
        left, whole = tuple(name for name in left if name != worst), without[worst]
    return dropped
