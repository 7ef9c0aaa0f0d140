"""How far customers' rates wander: how much more they differ from one stretch of weeks to the next than the model says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.profiles import frequency
from lotwise.mine.profiles.history import WEEK, summarize
from lotwise.mine.profiles.tallies import tally

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.mine.profiles.estimates import Estimates

    Reals = NDArray[np.float64]
    Index = NDArray[np.int64]

SAMPLE, DRAWS = 400, 80
LEAST_CUSTOMERS = 50
MOST = 2.0
STEPS = 5
LOW, HIGH = 0.05, 0.95


def wander(
    model: Estimates, customer: Index, day: Index, *, today: int, weeks: float, rng: np.random.Generator
) -> float | None:
    """Return the variance of the factor by which a customer's rate in some weeks differs from that before them.

    BG/NBD holds a customer's rate for constant, so that its intervals are too narrow where rates wander. The last weeks
    before today are foreseen from what was seen before them; the variance is the least with which 90 % intervals would have
    held 90 % of what came, by halving between 0 and 2.

    Parameters
    ----------
    model
        BG/NBD.
    customer, day
        Lines sold, the day counted from 1970-01-01.
    today
        First day not known yet.
    weeks
        Weeks of the stretch.
    rng
        Picks at most 400 customers and draws.

    Returns
    -------
    float | None
        The variance; ``None`` where less is known before these weeks than their number, or of fewer than 50 customers.
    """
    cut = today - round(WEEK * weeks)
    past = summarize(customer, day, np.zeros(len(day)), today=cut)
    if len(past.who) < LEAST_CUSTOMERS or past.age.max() < weeks:
        return None
    some = np.sort(rng.permutation(len(past.who))[:SAMPLE])
    came = _came(customer, day, past.who, (cut, today))[some]
    history = (past.repeats[some], past.recency[some], past.age[some])
    seed = int(rng.integers(2**63))

    def held(variance: float) -> float:
        # The same random numbers each time, so that more variance never seems to hold less by chance.
        drawn = frequency.draw(model, history, weeks, DRAWS, np.random.default_rng(seed), wander=variance)
        below, up_to = (drawn < came[:, None]).mean(axis=1), (drawn <= came[:, None]).mean(axis=1)
        return float(np.mean((up_to >= LOW) & (below <= HIGH)))

    if held(0.0) >= HIGH - LOW:
        return 0.0
    low, high = 0.0, MOST
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if held(middle) >= HIGH - LOW else (middle, high)
    return high


def _came(customer: Index, day: Index, who: Index, between: tuple[int, int]) -> Index:
    """Return the days with an order of each customer between two days."""
    start, end = between
    inside = (day >= start) & (day < end)
    visit = tally(customer[inside] * (end - start) + day[inside] - start)[0] // (end - start)
    visit = visit[np.isin(visit, who)]
    return np.bincount(np.searchsorted(who, visit), minlength=len(who))
