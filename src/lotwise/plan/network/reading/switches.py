"""Set-ups, lots, orders and added shifts, as the switches of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array, csr_array

from lotwise.plan.network.network import Switches
from lotwise.plan.network.reading.draft import Whole
from lotwise.plan.network.reading.given import grouped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lotwise.plan.network.reading.draft import Draft
    from lotwise.plan.network.reading.given import Given, Row

Members = dict[str, tuple[Whole, list[int]]]


def members(given: Given, drafts: Sequence[Draft], machines: Mapping[str, int]) -> Members:
    """Return every switch by its name, with the numbers of the activities that are its members."""
    found: Members = {}
    for number, draft in enumerate(drafts):
        for whole in draft.wholes:
            found.setdefault(whole.name, (whole, []))[1].append(number)
    return found | _families(given, drafts, machines) | _shifts(given, machines)


def _families(given: Given, drafts: Sequence[Draft], machines: Mapping[str, int]) -> Members:
    """Return one set-up for each family.

    The set-up of a machine is for the members that run on it, or for all where none does; machines with the same members
    are set up together, so that a family has more than one switch only where its members can do without one of them.
    """
    by_family: dict[str, list[int]] = {}
    for number, draft in enumerate(drafts):
        if draft.family:
            by_family.setdefault(draft.family, []).append(number)
    found: Members = {}
    for family, rows in sorted(grouped(given.rows["families"], "family").items()):
        mine = by_family.get(family, [])
        sets: dict[tuple[int, ...], list[Row]] = {}
        for row in rows if mine else ():
            running = tuple(number for number in mine if machines.get(row["machine"], -1) in drafts[number].uses)
            sets.setdefault(running or tuple(mine), []).append(row)
        for numbers, together in sets.items():
            name = f"setup: {family}" + (f" on {', '.join(str(row['machine']) for row in together)}" if len(sets) > 1 else "")
            hours = {machines[row["machine"]]: row.get("setup_hours") or 0.0 for row in together if row["machine"] in machines}
            cost = sum(row.get("setup_cost") or 0.0 for row in together)
            found[name] = (Whole(name, "setup", hours={m: h for m, h in hours.items() if h > 0}, cost=cost), list(numbers))
    return found


def _shifts(given: Given, machines: Mapping[str, int]) -> Members:
    """Return the shifts that can be added to each machine."""
    found: Members = {}
    for name, number in machines.items():
        row = given.index["machines"][name]
        if row.get("extra_shifts") and row.get("shift_hours"):
            hours, cost = {number: -row["shift_hours"]}, row.get("shift_cost") or 0.0
            title = f"shift: {name}"
            found[title] = (Whole(title, "shift", largest=1.0, most=int(row["extra_shifts"]), hours=hours, cost=cost), [])
    return found


def switches(found: Members, high: NDArray[np.float64], machines: int) -> Switches:
    """Return the switches as arrays.

    Parameters
    ----------
    found
        From ``members``.
    high
        Most of each level; a switch is closed in weeks in which none of its members can run; ``(n_activities, n_weeks)``.
    machines
        Number of machines.
    """
    every = list(found.values())
    pairs = [(place, number) for place, (_, numbers) in enumerate(every) for number in numbers]
    hours = [(machine, place, units) for place, (whole, _) in enumerate(every) for machine, units in whole.hours.items()]
    opens = [high[numbers].max(axis=0) > 0 if numbers else np.ones(high.shape[1], dtype=bool) for _, numbers in every]
    wholes = [whole for whole, _ in every]
    return Switches(
        names=tuple(whole.name for whole in wholes),
        kinds=tuple(whole.kind for whole in wholes),
        weight=sparse([(*pair, 1.0) for pair in pairs], (len(every), len(high))),
        least=np.array([whole.least for whole in wholes], dtype=float),
        largest=np.array([whole.largest for whole in wholes], dtype=float),
        most=np.array([whole.most for whole in wholes], dtype=np.int64),
        hours=sparse(hours, (machines, len(every))),
        cost=np.array([whole.cost for whole in wholes], dtype=float),
        open=np.array(opens, dtype=bool).reshape(len(every), high.shape[1]),
    )


def sparse(cells: Sequence[tuple[int, int, float]], shape: tuple[int, int]) -> csr_array:
    """Return a sparse matrix from row, column and value of each of its cells."""
    rows, columns, values = (np.array([cell[place] for cell in cells]) for place in range(3))
    found = coo_array((values.astype(float), (rows.astype(np.int64), columns.astype(np.int64))), shape=shape)
    return csr_array(found.tocsr())
