"""Kilometers and minutes between locations: from coordinates, or from a matrix that was given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lotwise.deliver.problem import METERS, TICKS
from lotwise.deliver.reading.sheet import SHOWN, Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.deliver.problem import Reals, Whole

EARTH = 6371.0088
"""Mean radius in kilometers."""
DETOUR = 1.3
"""Kilometers by road for one as the crow flies, where nobody says; on a plane 1."""


def crow(latitude: Reals, longitude: Reals, *, plane: bool) -> Reals:
    """Return kilometers as the crow flies between points: on a plane, or on the earth by the haversine formula."""
    if plane:
        return np.hypot(latitude[:, None] - latitude, longitude[:, None] - longitude)
    north, east = np.radians(latitude), np.radians(longitude)
    half = np.sin((north[:, None] - north) / 2) ** 2
    half = half + np.cos(north[:, None]) * np.cos(north) * np.sin((east[:, None] - east) / 2) ** 2
    found: Reals = 2 * EARTH * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return found


def by_speed(kilometers: Reals, speed: Reals) -> tuple[Whole, Whole, Whole]:
    """Return meters, ticks at each different speed, and which of them each kind of vehicle has."""
    speeds, road = np.unique(speed, return_inverse=True)
    ticks = kilometers[None, :, :] / speeds[:, None, None] * 60 * TICKS
    return _whole(kilometers * METERS), _whole(ticks), road.astype(np.int64)


def matrix(distances: Any, places: Sequence[str], speed: Reals, found: list[str]) -> tuple[Whole, Whole, Whole]:  # noqa: ANN401
    """Return meters, ticks and which ticks each kind has, from rows ``from, to, kilometers, minutes``.

    Every pair of different places needs a row, in both directions. Without ``minutes`` they follow from the speed; without
    ``kilometers`` there are none. Pairs of names that are no place are passed over.
    """
    sheet = Sheet(distances, "distances", found)
    sheet.known(("from", "to", "kilometers", "minutes"))
    lacking = [name for name in ("from", "to") if not sheet.has(name)]
    if lacking or not (sheet.has("kilometers") or sheet.has("minutes")):
        found.append("distances: expected columns from, to and kilometers or minutes or both")
        empty = np.zeros((len(places), len(places)), np.int64)
        return empty, empty[None], np.zeros(len(speed), np.int64)
    index: dict[str, int] = {name: number for number, name in enumerate(dict.fromkeys(places))}
    start = np.array([index.get(name, -1) for name in sheet.texts("from")], np.int64)
    end = np.array([index.get(name, -1) for name in sheet.texts("to")], np.int64)
    mine = (start >= 0) & (end >= 0)
    sheet.names = [f"row {row + 1}" for row in range(len(sheet))]
    both = start * len(index) + end
    seen, times = np.unique(both[mine], return_counts=True)
    sheet.fault(mine & np.isin(both, seen[times > 1]), "a pair stands more than once")
    grids = []
    for name in ("kilometers", "minutes"):
        grid = np.full((len(index), len(index)), 0.0 if not sheet.has(name) else np.nan)
        if sheet.has(name):
            grid[start[mine], end[mine]] = sheet.numbers(name, np.nan)[mine]
            np.fill_diagonal(grid, 0.0)
            _holes(grid, list(index), name, found)
        grids.append(np.nan_to_num(grid))
    own = np.array([index[name] for name in places], np.int64)
    kilometers, minutes = (grid[np.ix_(own, own)] for grid in grids)
    if not sheet.has("minutes"):
        return by_speed(kilometers, speed)
    return _whole(kilometers * METERS), _whole(minutes * TICKS)[None], np.zeros(len(speed), np.int64)


def _holes(grid: Reals, names: Sequence[str], column: str, found: list[str]) -> None:
    """Note the pairs without a number."""
    pairs = np.argwhere(np.isnan(grid))
    if len(pairs):
        said = ", ".join(f"{names[start]} -> {names[end]}" for start, end in pairs[:SHOWN])
        more = f" and {len(pairs) - SHOWN} more" if len(pairs) > SHOWN else ""
        found.append(f"distances: {column} of {len(pairs)} pairs are missing (both directions are needed): {said}{more}")


def _whole(values: Reals) -> Whole:
    found: Whole = np.rint(values).astype(np.int64)
    return found
