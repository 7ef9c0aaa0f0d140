"""Routing instances by published recipes, from seeds, as the text of their public formats.

With time windows: Solomon (1987), Operations Research 35(2), section 3: 100 customers whose places are uniform (R), in
clusters (C) or half of each (RC); horizon, capacity and service time are those of his sets; a share of the customers has a
window. In R and RC its middle is uniform between the earliest arrival and the latest start that still gets back; in C it is
the arrival on a tour through the cluster (nearest neighbor and 2-opt here, 3-opt in the paper), so that the windows allow
good tours. Half its width is normal. Demands are uniform here, the paper took them from older problems.

Capacitated: Uchoa et al. (2017), European Journal of Operational Research 257(3), section 4: 100 customers on a grid of
1,000 by 1,000, uniform or clustered, demands 1 to 100, capacity for about 10 customers a tour.
"""

from __future__ import annotations

import numpy as np

CUSTOMERS = 100
VEHICLES = 25
CLUSTERS = 10
KINDS = {
    "R1": (200, 230, 10), "C1": (200, 1236, 90), "RC1": (200, 240, 10),
    "R2": (1000, 1000, 10), "C2": (700, 3390, 90), "RC2": (1000, 960, 10),
}  # fmt: skip
"""Capacity, horizon and service time of Solomon's sets."""
TENTH = 10


def windows(kind: str, share: float, seed: int) -> str:
    """Return an instance with time windows in Solomon's format."""
    rng = np.random.default_rng([seed, len(kind), *kind.encode()])
    capacity, horizon, service = KINDS[kind]
    form = kind.rstrip("12")
    places, cluster = _places(form, rng, side=70 if form == "R" else 90)
    depot = np.array([35, 35]) if form == "R" else np.array([40, 50])
    demand = rng.integers(1, 5, CUSTOMERS) * TENTH if form == "C" else rng.integers(1, 36, CUSTOMERS)
    away = np.hypot(*(places - depot).T)
    first, last = np.ceil(away), np.floor(horizon - away - service)
    middle = _arrivals(places, cluster, depot, service, horizon, rng) if form == "C" else rng.uniform(first, last)
    width = np.abs(rng.normal(horizon / 16, horizon / 64, CUSTOMERS))
    opens = np.clip(np.floor(middle - width), 0, last)
    closes = np.clip(np.ceil(middle + width), np.maximum(first, opens), last)
    has = rng.random(CUSTOMERS) < share
    opens, closes = np.where(has, opens, 0), np.where(has, closes, last)
    rows = [f"{0:5d} {depot[0]:6d} {depot[1]:6d} {0:6d} {0:6d} {horizon:6d} {0:6d}"]
    for number in range(CUSTOMERS):
        x, y = places[number]
        times = f"{int(opens[number]):6d} {int(closes[number]):6d} {service:6d}"
        rows.append(f"{number + 1:5d} {x:6d} {y:6d} {demand[number]:6d} {times}")
    head = f"{kind}-{share:.2f}-{seed}\n\nVEHICLE\nNUMBER     CAPACITY\n  {VEHICLES}         {capacity}\n\nCUSTOMER\n"
    return head + "CUST NO.  XCOORD.  YCOORD.  DEMAND  READY TIME  DUE DATE  SERVICE TIME\n\n" + "\n".join(rows) + "\n"


def capacitated(form: str, seed: int) -> str:
    """Return a capacitated instance in CVRPLIB's format."""
    rng = np.random.default_rng([seed, 7])
    places, _ = _places(form, rng, side=1000)
    demand = rng.integers(1, 101, CUSTOMERS)
    nodes = [rng.integers(0, 1001, 2), *places]
    coordinates = "\n".join(f"{number} {x} {y}" for number, (x, y) in enumerate(nodes, start=1))
    demands = "\n".join(f"{number} {units}" for number, units in enumerate([0, *demand], start=1))
    head = f"NAME : {form}-n{CUSTOMERS + 1}-{seed}\nTYPE : CVRP\nDIMENSION : {CUSTOMERS + 1}\nEDGE_WEIGHT_TYPE : EUC_2D\n"
    sections = f"NODE_COORD_SECTION\n{coordinates}\nDEMAND_SECTION\n{demands}\nDEPOT_SECTION\n1\n-1\nEOF\n"
    return f"{head}CAPACITY : {int(np.ceil(demand.mean() * 10))}\n{sections}"


def _places(form: str, rng: np.random.Generator, *, side: int) -> tuple[np.ndarray, np.ndarray]:
    """Return whole coordinates of all customers, and their cluster; -1 for none."""
    seeds = rng.uniform(0.1 * side, 0.9 * side, (CLUSTERS, 2))
    cluster = np.sort(rng.integers(0, CLUSTERS, CUSTOMERS))
    near = seeds[cluster] + rng.normal(0, side / 25, (CUSTOMERS, 2))
    anywhere = rng.uniform(0, side, (CUSTOMERS, 2))
    alone = {"R": 1.0, "C": 0.0, "RC": 0.5}[form]
    is_alone = np.arange(CUSTOMERS) % 2 < 2 * alone if alone in (0.0, 0.5) else np.ones(CUSTOMERS, bool)
    is_alone = np.arange(CUSTOMERS) % 2 == 0 if form == "RC" else is_alone
    places = np.where(is_alone[:, None], anywhere, near)
    return np.clip(np.rint(places), 0, side).astype(int), np.where(is_alone, -1, cluster)


def _arrivals(
    places: np.ndarray, cluster: np.ndarray, depot: np.ndarray, service: int, horizon: int, rng: np.random.Generator
) -> np.ndarray:
    """Return when each customer is reached on a tour through its cluster that starts at a random time."""
    found = np.zeros(len(places))
    for number in np.unique(cluster):
        tour = _two_opt(_nearest(np.flatnonzero(cluster == number), places, depot), places, depot)
        way = np.hypot(*np.diff(np.vstack([depot, places[tour], depot]), axis=0).T)
        arrives = np.cumsum(way[:-1]) + service * np.arange(len(tour))
        slack = horizon - service - arrives[-1] - way[-1]
        found[tour] = arrives + rng.uniform(0, max(slack, 0))
    return found


def _nearest(members: np.ndarray, places: np.ndarray, depot: np.ndarray) -> list[int]:
    left, at, tour = set(members.tolist()), depot, []
    while left:
        nearest = min(left, key=lambda one: (np.hypot(*(places[one] - at)), one))
        left.remove(nearest)
        tour.append(nearest)
        at = places[nearest]
    return tour


def _two_opt(tour: list[int], places: np.ndarray, depot: np.ndarray) -> list[int]:
    def length(order: list[int]) -> float:
        return float(np.hypot(*np.diff(np.vstack([depot, places[order], depot]), axis=0).T).sum())

    improved = True
    while improved:
        improved = False
        for start in range(len(tour) - 1):
            for end in range(start + 2, len(tour) + 1):
                other = tour[:start] + tour[start:end][::-1] + tour[end:]
                if length(other) < length(tour) - 1e-9:
                    tour, improved = other, True
    return tour
