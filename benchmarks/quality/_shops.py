"""Shops by published recipes, with kept seeds, for the scheduling benchmarks."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lotwise.schedule.formats import read_fjsp, read_jsp
from lotwise.schedule.shop import (
    INSIDE,
    NEVER,
    PAUSES,
    Calendars,
    Goal,
    Machines,
    Modes,
    Operations,
    Orders,
    Setups,
    Shop,
)

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "scheduling"
TICK = 15
"""Minutes of one tick of the make-to-order shops."""


def zeros(size: int) -> np.ndarray:
    """Return that many whole zeros."""
    return np.zeros(size, dtype=np.int64)


def assemble(  # noqa: PLR0913  a builder for shops of any kind
    steps: list[list[list[tuple[int, int]]]],
    machines: int,
    *,
    orders: Orders | None = None,
    states: np.ndarray | None = None,
    setups: np.ndarray | None = None,
    calendars: Calendars | None = None,
    goal: Goal,
    same_sequence: bool = False,
    crossing: int = PAUSES,
) -> Shop:
    """Return a shop from each order's steps: the (machine, minutes) each step can be done in."""
    flat = [step for order in steps for step in order]
    n = len(flat)
    owner = np.repeat(np.arange(len(steps)), [len(order) for order in steps])
    first = np.concatenate([[True], owner[1:] != owner[:-1]])
    modes = [mode for step in flat for mode in step]
    names = tuple(f"{owner[place]}/{place}" for place in range(n))
    count = zeros(n + 1)
    return Shop(
        orders or Orders(tuple(map(str, range(len(steps)))), zeros(len(steps)), zeros(len(steps)) + NEVER, np.ones(len(steps))),
        Operations(
            names, owner, zeros(n), zeros(n) - 1 if states is None else states, zeros(n) - 1, zeros(n), zeros(n) + crossing,
            np.concatenate([[0], np.cumsum(~first)]), np.flatnonzero(~first) - 1, zeros(int((~first).sum())), count, zeros(0),
            zeros(0),
        ),
        Modes(
            np.concatenate([[0], np.cumsum([len(step) for step in flat])]), np.array([machine for machine, _ in modes]),
            np.array([minutes for _, minutes in modes]), zeros(len(modes)), np.zeros(len(modes)), zeros(len(modes)),
        ),
        Machines(
            tuple(f"m{k + 1}" for k in range(machines)), tuple(f"m{k + 1}" for k in range(machines)), zeros(machines),
            zeros(machines) - 1 if setups is None else np.arange(machines) % len(setups), zeros(machines) - 1, zeros(machines),
            zeros(machines), np.zeros(machines),
        ),
        calendars or Calendars(),
        Setups() if setups is None else Setups(tuple(map(str, range(setups.shape[2]))), setups, np.zeros(setups.shape)),
        goal=goal,
        same_sequence=same_sequence,
    )  # fmt: skip


def make_to_order(orders: int, seed: int, *, load: float = 1.0, shifts: bool = True) -> Shop:
    """Return customers' orders for a workshop of two shifts, four stages of two machines and five options.

    2-4 operations of 2-16 ticks of 15 minutes, 20 % faster to 25 % slower on each machine of the stage; set-ups of 1-4
    ticks between options; weights 1, 2 and 5; due 0.4-1.6 x the mean load of a machine; with ``shifts`` nothing runs over the
    night, else the machines are always open.
    """
    rng = np.random.default_rng([seed, orders])
    steps, options = [], []
    for _ in range(orders):
        stages = np.sort(rng.choice(4, rng.integers(2, 5), replace=False))
        option = rng.integers(5)
        steps.append([])
        for stage in stages:
            ticks = int(rng.integers(2, 17))
            steps[-1].append([(2 * int(stage) + k, TICK * max(1, round(ticks * rng.uniform(0.8, 1.25)))) for k in range(2)])
            options.append(int(option))
    setups = np.zeros((1, 6, 5), dtype=np.int64)
    setups[0, :5] = TICK * rng.integers(1, 5, (5, 5))
    np.fill_diagonal(setups[0, :5], 0)
    work = sum(mode[0][1] for order in steps for mode in order) / 8
    due = (rng.uniform(0.4, 1.6, orders) * load * work * (24 / 16 if shifts else 1.0)).astype(np.int64)
    weight = rng.choice([1.0, 2.0, 5.0], orders, p=[0.5, 0.3, 0.2]) * 10 / TICK
    days = 6 + int(4 * work / 960) if shifts else 0
    opens = np.arange(days) * 1440 + 360
    calendar = Calendars(np.array([0, days]), opens, opens + 960, zeros(days) - 1)
    own = Orders(tuple(f"A{number}" for number in range(orders)), zeros(orders), due, weight)
    goal = Goal(setup_minute=1 / TICK)
    return assemble(
        steps, 8, orders=own, states=np.array(options), setups=setups, calendars=calendar, goal=goal, crossing=INSIDE
    )


def parallel_machines(orders: int, machines: int, seed: int, *, most: int = 49) -> Shop:
    """Return unrelated parallel machines with set-ups between jobs and total weighted tardiness.

    Times U[1, 99], set-ups U[1, most] for each machine and pair (Vallada and Ruiz, European Journal of Operational Research
    211, 2011); due U[(1 - T - R/2) C, (1 - T + R/2) C] with T = .4, R = .6 and C the mean load of a machine with mean
    set-ups, weights U[1, 10] (Lin, Lu and Ying, Computers & Operations Research 38, 2011).
    """
    rng = np.random.default_rng([seed, orders, machines])
    times = rng.integers(1, 100, (orders, machines))
    setups = np.zeros((machines, orders + 1, orders), dtype=np.int64)
    setups[:, :orders] = rng.integers(1, most + 1, (machines, orders, orders))
    load = (times.min(axis=1).mean() + setups.mean() / 2) * orders / machines
    due = rng.integers(int(load * 0.3), int(load * 0.9), orders)
    own = Orders(tuple(map(str, range(orders))), zeros(orders), due, rng.integers(1, 11, orders).astype(float))
    steps = [[[(k, int(times[job, k])) for k in range(machines)]] for job in range(orders)]
    return assemble(steps, machines, orders=own, states=np.arange(orders), setups=setups, goal=Goal())


def hybrid_flow(orders: int, seed: int) -> Shop:
    """Return a hybrid flow shop: five stages of 3-5 equal machines, times U[1, 100], makespan.

    The recipe of Liao, Tjandradjaja and Chung (Applied Soft Computing 12, 2012).
    """
    rng = np.random.default_rng([seed, orders])
    sizes = rng.integers(3, 6, 5)
    firsts = np.concatenate([[0], np.cumsum(sizes)])
    times = rng.integers(1, 101, (orders, 5))
    steps = [[[(int(firsts[s] + k), int(times[job, s])) for k in range(sizes[s])] for s in range(5)] for job in range(orders)]
    return assemble(steps, int(firsts[-1]), goal=Goal(makespan=1.0, tardiness=0.0))


def permutation_flow(orders: int, machines: int, seed: int, *, share: float = 0.0, tardiness: bool = False) -> Shop:
    """Return a permutation flow shop with times U[1, 99] (Taillard, European Journal of Operational Research 64, 1993).

    Set-ups U[1, 99 x share] for each machine and pair (Ruiz, Maroto and Alcaraz, European Journal of Operational Research
    165, 2005). With ``tardiness`` the total tardiness against due dates U[(1 - T - R/2) P, (1 - T + R/2) P], T = .4, R = .6,
    P a lower bound of the makespan (Vallada, Ruiz and Minella, Computers & Operations Research 35, 2008); otherwise
    the makespan.
    """
    rng = np.random.default_rng([seed, orders, machines])
    times = rng.integers(1, 100, (orders, machines))
    setups = None
    if share:
        setups = np.zeros((machines, orders + 1, orders), dtype=np.int64)
        setups[:, :orders] = rng.integers(1, max(2, int(99 * share) + 1), (machines, orders, orders))
    steps = [[[(k, int(times[job, k]))] for k in range(machines)] for job in range(orders)]
    states = np.repeat(np.arange(orders), machines) if share else None
    heads = np.concatenate([np.zeros((orders, 1)), np.cumsum(times, axis=1)[:, :-1]], axis=1).min(axis=0)
    tails = (times.sum(axis=1, keepdims=True) - np.cumsum(times, axis=1)).min(axis=0)
    least = max((heads + times.sum(axis=0) + tails).max(), times.sum(axis=1).max())
    if not tardiness:
        return assemble(
            steps, machines, states=states, setups=setups, goal=Goal(makespan=1.0, tardiness=0.0), same_sequence=True
        )
    due = rng.integers(int(least * 0.3), int(least * 0.9), orders)
    own = Orders(tuple(map(str, range(orders))), zeros(orders), due, np.ones(orders))
    return assemble(steps, machines, orders=own, states=states, setups=setups, goal=Goal(), same_sequence=True)


def job_shop(name: str) -> Shop:
    """Return a classical job shop, such as ``la21``."""
    return read_jsp(DATA / "jsp" / name)


def flexible(name: str) -> Shop:
    """Return a flexible job shop of Brandimarte's, such as ``mk06``."""
    return read_fjsp(DATA / "fjsp" / "brandimarte" / f"{name}.txt")


FAMILIES = {
    "job shop": [("la21", lambda: job_shop("la21")), ("la27", lambda: job_shop("la27")), ("la29", lambda: job_shop("la29")),
                 ("la38", lambda: job_shop("la38")), ("la40", lambda: job_shop("la40"))],
    "flexible job shop": [(name, lambda name=name: flexible(name)) for name in ("mk02", "mk04", "mk06", "mk07", "mk10")],
    "hybrid flow shop": [(f"hfs 30 #{seed}", lambda seed=seed: hybrid_flow(30, seed)) for seed in (1, 2, 3, 4)],
    "permutation flow shop": [
        (f"pfs {n} x {m}", lambda n=n, m=m: permutation_flow(n, m, 1)) for n, m in ((20, 5), (50, 10), (100, 10))],
    "permutation flow shop with set-ups": [
        (f"pfs {n} x {m} set-ups 50 %", lambda n=n, m=m: permutation_flow(n, m, 1, share=0.5))
        for n, m in ((20, 5), (50, 10))],
    "permutation flow shop, tardiness": [
        (f"pfs {n} x {m} tardiness", lambda n=n, m=m: permutation_flow(n, m, 1, tardiness=True))
        for n, m in ((20, 5), (50, 10))],
    "parallel machines, set-ups, weighted tardiness": [
        (f"{n} on {m} #{seed}", lambda n=n, m=m, seed=seed: parallel_machines(n, m, seed))
        for n, m, seed in ((20, 4, 1), (40, 4, 1), (40, 6, 2), (60, 6, 1))],
    "make to order: set-ups, shifts, weighted tardiness": [
        (f"{n} orders #{seed}", lambda n=n, seed=seed: make_to_order(n, seed, load=0.8))
        for n, seed in ((20, 1), (40, 1), (60, 2), (100, 1))],
    "make to order: set-ups, weighted tardiness": [
        (f"{n} orders, always open #{seed}", lambda n=n, seed=seed: make_to_order(n, seed, load=0.8, shifts=False))
        for n, seed in ((10, 1), (20, 1), (40, 1), (60, 2))],
}  # fmt: skip
"""Instances of each family, made when they are asked for."""
SETUP_FAMILIES = (
    "parallel machines, set-ups, weighted tardiness",
    "make to order: set-ups, shifts, weighted tardiness",
    "make to order: set-ups, weighted tardiness",
)
