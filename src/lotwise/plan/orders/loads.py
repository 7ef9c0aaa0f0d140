"""The hours of machines: lots, set-ups, overtime, added shifts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.lots import Plan
    from lotwise.plan.orders.current import Current, Row


def hours(current: Current) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return hours lots run, hours of set-ups, and hours of added shifts; ``(n_machines, n_weeks)`` each."""
    network, flow = current.network, current.flow
    run = np.asarray(network.activities.uses @ flow.level)
    taken = network.switches.hours.tocsr()
    return run, np.asarray(taken.maximum(0) @ flow.times), np.asarray(-(taken.minimum(0) @ flow.times))


def load_rows(current: Current, wanted: Plan | None = None) -> list[Row]:
    """Return the rows of the table ``loads``, by machine and week.

    Parameters
    ----------
    current
        The current plan.
    wanted
        The plan of the same demand without limits; without one nobody says what it would take.
    """
    machines, problem = current.network.machines, current.problem
    run, setup, shifts = hours(current)
    free: dict[str, NDArray[np.float64]] = {}
    if wanted is not None:
        taken = problem.resources.used(wanted.supply)
        free = {name: taken[n] for n, name in enumerate(problem.resources.names) if problem.resources.kinds[n] == "machine"}
    return [
        {
            "machine": name,
            "week": day,
            "hours": machines.hours[n, week],
            "shifts": shifts[n, week],
            "run": run[n, week],
            "setup": setup[n, week],
            "overtime": current.flow.overtime[n, week],
            "most_overtime": machines.overtime[n, week],
            "without_limits": free[name][week] if name in free else None,
        }
        for name, n in sorted(zip(machines.names, range(len(machines.names)), strict=True))
        for week, day in enumerate(problem.weeks)
    ]
