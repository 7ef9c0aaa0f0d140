"""Machines and the names that stand for them: one machine, all of a row with a count, a group, or all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from lotwise.schedule.reading.faults import listed, rows

if TYPE_CHECKING:
    import pyarrow as pa

    from lotwise.schedule.reading.draft import Draft
    from lotwise.schedule.reading.faults import Faults

ALL = "all"
"""Stands for every machine or state without a row of its own."""


@dataclass(frozen=True)
class Plant:
    """The machines, one row each.

    Parameters
    ----------
    name, group
        Of each machine.
    row
        ``(n_machines,)`` the row of the machines table it is from; empty without that table.
    named
        The machines each name stands for: a machine, a row's name before it was counted out, or a group.
    titles
        The names of each machine, the most specific first.
    """

    name: tuple[str, ...]
    group: tuple[str, ...]
    row: np.ndarray
    named: dict[str, np.ndarray]
    titles: tuple[tuple[str, ...], ...]


def plant(draft: Draft, faults: Faults) -> Plant:
    """Return the machines of the machines table, ``count`` of them numbered from 1; without it, those the operations name."""
    table = draft.machines
    if not len(table):
        found = pc.unique(draft.operations["machine"]).to_pylist()
        names = tuple(name for name in found if name)
        return _plant(names, names, names, np.zeros(0, np.int64))
    base, count = table["machine"].to_pylist(), table["count"].astype(np.int64)
    row = np.repeat(np.arange(len(table)), count)
    number = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count) + 1
    names = tuple(
        base[at] if count[at] == 1 else f"{base[at]} {place}" for at, place in zip(row.tolist(), number.tolist(), strict=True)
    )
    group = pc.coalesce(table["group"], table["machine"]).to_pylist()
    _once(names, row, faults)
    return _plant(names, tuple(base[at] for at in row), tuple(group[at] for at in row), row)


def _plant(names: tuple[str, ...], bases: tuple[str, ...], groups: tuple[str, ...], row: np.ndarray) -> Plant:
    named: dict[str, list[int]] = {}
    for titles in (groups, bases, names):
        layer: dict[str, list[int]] = {}
        for place, title in enumerate(titles):
            layer.setdefault(title, []).append(place)
        named |= layer
    told = tuple(tuple(dict.fromkeys(own)) for own in zip(names, bases, groups, strict=True))
    return Plant(names, groups, row, {name: np.array(places) for name, places in named.items()}, told)


def _once(names: tuple[str, ...], row: np.ndarray, faults: Faults) -> None:
    seen: dict[str, int] = {}
    twice = {name: (seen[name], place) for place, name in enumerate(names) if seen.setdefault(name, place) != place}
    if twice:
        at = np.unique(np.concatenate([row[list(pair)] for pair in twice.values()]))
        faults.add(f"The machines: {listed(twice)} stand more than once ({rows(at)}); give each machine one row, or a count")


def first_of(titles: tuple[str, ...], known: set[str]) -> str | None:
    """Return the most specific name of a machine that is known; ``"all"`` last."""
    return next((title for title in (*titles, ALL) if title in known), None)


def strangers(column: pa.Array, known: set[str]) -> dict[str, np.ndarray]:
    """Return the names of a column that are not known, each with its rows."""
    coded = column.dictionary_encode()
    codes = np.asarray(pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False))
    return {name: np.flatnonzero(codes == code) for code, name in enumerate(coded.dictionary.to_pylist()) if name not in known}
