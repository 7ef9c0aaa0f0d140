"""What can be said of a line, given its interval."""

from __future__ import annotations

TOTAL = "total"
BASE = "the base"
LOST = "lost"
GAINED = "gained"
NOTHING = "nothing lost"
WORTH = "worth it"
ZERO = "not distinguishable from 0"
AS_PLACEBO = "not distinguishable from the placebo"
AS_PRICE = "not distinguishable from its price"
TOO_DEAR = "not worth its price"
HARMFUL = "harmful"
NOISE = "noise passes for value"
OPEN = "no interval"
AT_MOST = "at most this much"
UNMEASURED = "not measured"
EXPERIMENT = "needs an experiment"

KEEP, DROP, WAIT = "keep", "drop", "cannot tell yet"
_ADVICE = {WORTH: KEEP, HARMFUL: DROP, TOO_DEAR: DROP}

Interval = tuple[float, float]


def of_loss(interval: Interval | None) -> str:
    """Return what can be said of money that is lost."""
    if interval is None:
        return OPEN
    low, high = interval
    if low == high == 0:
        return NOTHING
    if low > 0:
        return LOST
    return GAINED if high < 0 else ZERO


def of_gain(interval: Interval | None) -> str:
    """Return what can be said of money that is gained by what is no source, such as a method."""
    if interval is None:
        return OPEN
    low, high = interval
    if low > 0:
        return GAINED
    return LOST if high < 0 else ZERO


def of_source(interval: Interval | None, *, placebo: Interval | None = None, cost: float = 0.0) -> str:
    """Return what can be said of money a source brings, given the placebo's and the source's own cost.

    Parameters
    ----------
    interval
        Of the money it brings; None where there is none.
    placebo
        Of the money a source of pure noise brings.
    cost
        What the source costs over the same weeks.
    """
    if interval is None:
        return OPEN
    low, high = interval
    if high < 0:
        return HARMFUL
    if high < cost:
        return TOO_DEAR
    if low <= 0:
        return ZERO
    if placebo is not None and low <= placebo[1]:
        return AS_PLACEBO
    return WORTH if low > cost else AS_PRICE


def advice(interval: Interval | None, *, placebo: Interval | None = None, cost: float = 0.0) -> str:
    """Return what to do with a source: keep it, drop it, or wait for more weeks.

    Keep what is worth it, drop what does harm or costs more than it brings; of the rest nothing can be said yet.

    Parameters
    ----------
    interval, placebo, cost
        As for ``of_source``.
    """
    return _ADVICE.get(of_source(interval, placebo=placebo, cost=cost), WAIT)


def of_placebo(interval: Interval | None) -> str:
    """Return what can be said of a source of pure noise: it should bring nothing."""
    if interval is None:
        return OPEN
    low, high = interval
    if low > 0:
        return NOISE
    return HARMFUL if high < 0 else ZERO
