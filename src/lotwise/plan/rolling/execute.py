"""What a decision does on the floor in its week: what it takes, gives and costs, refused where it breaks a limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import InputError
from lotwise.plan.network.charges import OF_SWITCH

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.network.network import Network, Switches
    from lotwise.plan.rolling.environment import Decision

EDGE = 1e-5
"""Share by which a limit may be missed: rounding of a solver, and of plans published to six digits."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done in one week.

    Parameters
    ----------
    level, times
        Of activities and switches; ``(n_activities,)`` and ``(n_switches,)``.
    taken, given
        Units taken from each item, and given to it in the same week; ``(n_items,)``. What comes later is left out.
    overtime
        Overtime hours; ``(n_machines,)``.
    charges
        Money above standard by cause, as in ``Flow.charges``.
    """

    level: NDArray[np.float64]
    times: NDArray[np.float64]
    taken: NDArray[np.float64]
    given: NDArray[np.float64]
    overtime: NDArray[np.float64]
    charges: dict[str, float]


def times_for(
    switches: Switches, weighted: NDArray[np.float64], chosen: NDArray[np.int64] | slice = slice(None)
) -> NDArray[np.float64]:
    """Return the fewest times switches (all, or those chosen) must be on for the weighted levels of their members."""
    several = np.ceil(weighted / switches.largest[chosen] - EDGE)
    return np.where(weighted > EDGE, np.maximum(several, 1.0), 0.0)


def execute(network: Network, decision: Decision) -> Done:
    """Return what the decision does in the first week of the network.

    Parameters
    ----------
    network
        As the planner saw it (``State.network``).
    decision
        Levels within ``EDGE`` of a limit count as on it.

    Raises
    ------
    InputError
        The decision breaks limits; all of them are named.
    """
    planned = np.asarray(decision.level, dtype=np.float64)
    activities = network.activities
    if planned.ndim != 2 or len(planned) != len(activities.names) or not planned.shape[1]:  # noqa: PLR2004
        raise InputError(
            f"A decision's level: found shape {planned.shape}; expected ({len(activities.names)}, weeks), at least one week."
        )
    level = np.where(planned[:, 0] > EDGE, planned[:, 0], 0.0)
    times = times_for(network.switches, network.switches.weight @ level) if decision.times is None else np.rint(decision.times)
    same_week = np.where(activities.lead == 0, level, 0.0)
    taken, given = np.asarray(activities.takes @ level), np.asarray(activities.gives @ same_week)
    hours = np.asarray(activities.uses @ level + network.switches.hours @ times)
    overtime = np.maximum(hours - network.machines.hours[:, 0], 0.0)
    breaches = [
        *_levels(network, planned[:, 0]),
        *_switches(network, level, times),
        *_over(network.machines.names, hours, network.machines.hours[:, 0] + network.machines.overtime[:, 0], "hours"),
        *_over(network.items.names, taken, network.items.arriving[:, 0] + given, "units"),
    ]
    if breaches:
        raise InputError("A decision breaks limits of its week:\n" + "\n".join(breaches) + "\nDecide less, or use 'ration'.")
    return Done(level, times, taken, given, overtime, _charges(network, level, times, overtime))


def _charges(
    network: Network, level: NDArray[np.float64], times: NDArray[np.float64], overtime: NDArray[np.float64]
) -> dict[str, float]:
    activities, switches = network.activities, network.switches
    causes: dict[str, float] = dict.fromkeys(("buy", "make", "move", "replace", "setup", "order", "shift"), 0.0)
    for kind, money in zip(activities.kinds, (activities.cost * level).tolist(), strict=True):
        causes[kind] += money
    for switched, money in zip(switches.kinds, (switches.cost * times).tolist(), strict=True):
        causes[OF_SWITCH[switched]] += money
    return causes | {"overtime": float(network.machines.overtime_cost @ overtime)}


def _levels(network: Network, level: NDArray[np.float64]) -> list[str]:
    activities = network.activities
    low, high, step = activities.low[:, 0], activities.high[:, 0], activities.multiple
    slack = EDGE * (1 + np.abs(level))
    outside = ~((level >= low - slack) & (level <= high + slack))
    whole = np.where(step > 0, np.round(level / np.where(step > 0, step, 1.0)) * step, level)
    return [
        *(f"- {activities.names[a]}: found {level[a]:g}; expected {low[a]:g} to {high[a]:g}" for a in np.flatnonzero(outside)),
        *(
            f"- {activities.names[a]}: found {level[a]:g}; expected a whole multiple of {step[a]:g}"
            for a in np.flatnonzero(np.abs(whole - level) > 10 * slack)
        ),
    ]


def _switches(network: Network, level: NDArray[np.float64], times: NDArray[np.float64]) -> list[str]:
    switches = network.switches
    weighted = np.asarray(switches.weight @ level)
    slack = EDGE * (1 + np.abs(weighted))
    with np.errstate(invalid="ignore"):
        most = np.where(times > 0, times * switches.largest, 0.0)
    fits = (weighted >= times * switches.least - slack) & (weighted <= most + slack) & (times <= switches.most)
    fits &= (times == 0) | switches.open[:, 0]
    return [
        f"- {switches.names[s]}: on {times[s]:g} times (at most {switches.most[s]}) with {weighted[s]:g} units; "
        f"expected {switches.least[s]:g} to {switches.largest[s]:g} each time, in an open week"
        for s in np.flatnonzero(~fits)
    ]


def _over(names: tuple[str, ...], used: NDArray[np.float64], most: NDArray[np.float64], unit: str) -> list[str]:
    over = np.flatnonzero(used > most + EDGE * (1 + np.abs(used)))
    return [f"- {names[n]}: {used[n]:g} {unit} are needed; there are {most[n]:g}" for n in over.tolist()]
