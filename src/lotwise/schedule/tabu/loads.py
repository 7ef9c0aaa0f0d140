"""A lower bound of the makespan where machines can be chosen: the work has to go somewhere."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

if TYPE_CHECKING:
    from lotwise.schedule.tabu.chains import Chains

MOST = 20_000
"""Choices above which the linear program is left out."""


def load_bound(shop: Chains) -> int:
    """Return a makespan that no schedule beats: the smallest largest load of a machine, operations being divisible.

    It is 0 where nothing can be chosen, or where there are more than ``MOST`` choices.

    References
    ----------
    Lenstra, Shmoys, Tardos (1990), Approximation algorithms for scheduling unrelated parallel machines, Mathematical
    Programming 46 (the linear relaxation).
    """
    n, choices, machines = len(shop.before) - 1, len(shop.mode), int(shop.machines[0])
    if choices == n or choices > MOST:
        return 0
    of, each = np.repeat(np.arange(n), np.diff(shop.offsets)), np.arange(choices)
    rows, columns = np.append(shop.machine, np.arange(machines)), np.append(each, np.full(machines, choices))
    loads = coo_array((np.append(shop.minutes.astype(float), np.full(machines, -1.0)), (rows, columns)))
    once = coo_array((np.ones(choices), (of, each)), shape=(n, choices + 1))
    cost = np.append(np.zeros(choices), 1.0)
    answer = linprog(cost, A_ub=loads, b_ub=np.zeros(machines), A_eq=once, b_eq=np.ones(n))
    return ceil(answer.fun * (1 - 1e-9) - 1e-6) if answer.status == 0 else 0
