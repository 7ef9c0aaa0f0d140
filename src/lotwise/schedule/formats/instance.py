"""A classical instance as a shop: jobs of operations one after another, and the makespan to be made small."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.schedule.shop import INSIDE, NEVER, Goal, Machines, Modes, Operations, Orders, Shop

if TYPE_CHECKING:
    from collections.abc import Sequence

Job = list[list[tuple[int, int]]]
"""Operations in order; of each, (machine from 0, duration) of every alternative."""


def shop(jobs: Sequence[Job], machines: int) -> Shop:
    """Return a shop with the makespan as its goal; jobs and machines are numbered from 1, operations named ``job/number``."""
    order = np.repeat(np.arange(len(jobs)), [len(job) for job in jobs])
    operations = [operation for job in jobs for operation in job]
    names = tuple(f"{number}/{place}" for number, job in enumerate(jobs, start=1) for place in range(1, len(job) + 1))
    later = np.flatnonzero(np.concatenate([[False], order[1:] == order[:-1]])) if len(order) else order
    size, zero = len(order), np.zeros(len(order), np.int64)
    modes = np.array([mode for operation in operations for mode in operation], np.int64).reshape(-1, 2)
    nothing = np.zeros(0, np.int64)
    offsets = np.concatenate([[0], np.cumsum([len(operation) for operation in operations])]).astype(np.int64)
    titles = tuple(f"machine {number}" for number in range(1, machines + 1))
    none, free = np.full(machines, -1), np.zeros(machines, np.int64)
    return Shop(
        orders=Orders(
            name=tuple(str(number) for number in range(1, len(jobs) + 1)),
            release=np.zeros(len(jobs), np.int64),
            due=np.full(len(jobs), NEVER),
            weight=np.ones(len(jobs)),
        ),
        operations=Operations(
            name=names,
            order=order,
            release=zero,
            state=np.full(size, -1),
            family=np.full(size, -1),
            size=zero,
            crossing=np.full(size, INSIDE),
            before_offsets=np.concatenate([[0], np.cumsum(np.bincount(later, minlength=size))]).astype(np.int64),
            before=later - 1,
            lag=np.zeros(len(later), np.int64),
            tool_offsets=np.zeros(size + 1, np.int64),
            tool=nothing,
            tool_count=nothing,
        ),
        modes=Modes(
            offsets=offsets,
            machine=modes[:, 0],
            minutes=modes[:, 1],
            added=np.zeros(len(modes), np.int64),
            cost=np.zeros(len(modes)),
            calendar=np.zeros(len(modes), np.int64),
        ),
        machines=Machines(titles, titles, free, none, none, free, free, np.zeros(machines)),
        goal=Goal(makespan=1.0, tardiness=0.0),
    )
