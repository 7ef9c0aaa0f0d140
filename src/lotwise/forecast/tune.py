"""Settings of a learner, searched at random on past windows, within a budget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from lotwise.errors import SettingsError
from lotwise.forecast.auto import Trial, Worth, earlier, tried, work
from lotwise.forecast.task import Task, many

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lotwise.config import Forecast
    from lotwise.forecast.design import Design
    from lotwise.forecast.registry import Method

ROUNDS, LEAVES, RATES = (50, 400), (7, 63), (0.02, 0.2)
"""What is searched, evenly on a logarithmic scale."""
MOST = 200
"""Settings tried at most."""


@dataclass(frozen=True)
class Tuned:
    """One setting and how it did.

    Parameters
    ----------
    params
        ``[forecast]`` with its rounds, leaves and learning rate.
    trial
        Money and scaled CRPS on the past windows.
    """

    params: Forecast
    trial: Trial


def tuned(
    design: Design,
    names: Sequence[str],
    end: int,
    method: Method,
    *,
    asked: tuple[Forecast, Worth | None, int],
    progress: Callable[[str, float | None], None],
) -> Forecast:
    """Return the best settings found, or those given where none were to be searched; says what was found."""
    params, worth, seed = asked
    if params.tune == 0 or not method.told or not earlier(design, end):
        return params
    found = search(design, names, end, method, params=params, worth=worth, seed=seed)
    best = found[0]
    told = f"rounds = {best.params.rounds}, leaves = {best.params.leaves}, learning_rate = {best.params.learning_rate}"
    progress(f"tuned '{method.name}' on {len(found)} settings: {told}, scaled CRPS {best.trial.scrps}", None)
    return best.params


def search(
    design: Design, names: Sequence[str], end: int, method: Method, *, params: Forecast, worth: Worth | None = None, seed: int
) -> list[Tuned]:
    """Return the settings tried, the best first; today's are always among them.

    Parameters
    ----------
    design, names, end, worth, seed
        As for ``auto.choose``.
    method
        The learner that is tuned.
    params
        ``[forecast]``; its ``tune`` says how many settings are tried, in reckoned seconds.

    Raises
    ------
    SettingsError
        The method has no settings to search, or there is too little history to try any.

    References
    ----------
    Bergstra & Bengio (2012), Random search for hyper-parameter optimization, JMLR 13.
    """
    ends = earlier(design, end)
    if not method.told:
        raise SettingsError(
            f"Method '{method.name}' has no settings to tune; those that have are told sources, such as 'poisson'."
        )
    if not ends:
        raise SettingsError(f"{end + 1} periods are too few to try settings on; expected at least 12.")
    rng = np.random.default_rng([seed, 3])
    left = float(params.tune)
    found: list[Tuned] = []
    trial = params
    while len(found) < MOST:
        seconds = sum(method.seconds(work(design, last)) for last in ends) * trial.rounds * trial.leaves / 3000
        if found and seconds > left:
            break
        left -= seconds
        tasks = [Task(design, last, tuple(names), trial, seed) for last in ends]
        made = many(method.make, tasks, workers=params.workers)
        found.append(Tuned(trial, tried(method, round(seconds, 2), list(zip(tasks, made, strict=True)), worth)))
        trial = _drawn(params, rng)
    return sorted(found, key=_loss)


def _drawn(params: Forecast, rng: np.random.Generator) -> Forecast:
    rounds, leaves, rate = (float(np.exp(rng.uniform(*np.log(ends)))) for ends in (ROUNDS, LEAVES, RATES))
    return msgspec.structs.replace(params, rounds=round(rounds), leaves=round(leaves), learning_rate=round(rate, 3))


def _loss(tuned: Tuned) -> tuple[float, float]:
    trial = tuned.trial
    worst = float("inf")
    return (worst if trial.money is None else trial.money, worst if trial.scrps is None else trial.scrps)
