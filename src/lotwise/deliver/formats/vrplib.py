"""CVRPLIB's format (TSPLIB's for vehicle routing): EUC_2D with its rounding, and explicit matrices.

Reinelt (1991), TSPLIB, ORSA Journal on Computing 3(4); Uchoa et al. (2017), European Journal of Operational Research 257(3).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from lotwise.deliver.formats.instance import SPEED, Instance, lines, refuse
from lotwise.deliver.problem import LATEST, TICKS

if TYPE_CHECKING:
    from numpy.typing import NDArray

WHAT = "a CVRPLIB file that can be read"
SECTIONS = ("NODE_COORD_SECTION", "DEMAND_SECTION", "DEPOT_SECTION", "EDGE_WEIGHT_SECTION")
PASSED_OVER = ("DISPLAY_DATA_SECTION",)
FORMATS = ("LOWER_ROW", "LOWER_DIAG_ROW", "UPPER_ROW", "UPPER_DIAG_ROW", "FULL_MATRIX")
WIDTH = {"NODE_COORD_SECTION": 3, "DEMAND_SECTION": 2}


@dataclass
class _File:
    """What a file says: its header, and of each section the numbers of each line."""

    header: dict[str, tuple[str, int]] = field(default_factory=dict)
    sections: dict[str, list[tuple[int, list[float]]]] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)

    def value(self, key: str, default: str = "") -> str:
        return self.header.get(key, (default, 0))[0]


def read_vrp(path: str | Path) -> Instance:
    """Return the capacitated problem in a ``.vrp`` file.

    Distances are whole numbers as the format rounds them: EUC_2D to the nearest, CEIL_2D upwards, EXPLICIT as given (LOWER_ROW,
    LOWER_DIAG_ROW, UPPER_ROW, UPPER_DIAG_ROW, FULL_MATRIX). DISTANCE is the longest tour with services of SERVICE_TIME; without
    VEHICLES there are as many vehicles as customers. A unit of distance is one kilometer, one minute and one of money.

    Raises
    ------
    InputError
        The file is missing, of another type, or lines are not what they should be: each of them.
    """
    file = Path(path)
    said = _parse(lines(file))
    number = _count(said)
    refuse(file, WHAT, said.found)
    points = _points(said, number)
    weights = _weights(said, number, points)
    demand = _column(said, "DEMAND_SECTION", number)
    home = _depot(said, number)
    limits = {key: _positive(said, key) for key in ("CAPACITY", "DISTANCE", "SERVICE_TIME", "VEHICLES")}
    if limits["CAPACITY"] is None and "CAPACITY" not in said.header:
        said.found.append("CAPACITY is missing")
    refuse(file, WHAT, said.found)
    return _instance(said.value("NAME"), weights, demand, points, home, limits)


def _parse(text: list[str]) -> _File:
    """Return header and sections; lines that are neither are noted."""
    said, section = _File(), ""
    for row, line in enumerate(text, start=1):
        words = line.replace(":", " : ", 1).split() if not section or line.strip()[:1].isalpha() else line.split()
        if not words:
            continue
        key = words[0].upper()
        if key == "EOF":
            break
        if key in SECTIONS or key in PASSED_OVER:
            section = key
            said.sections.setdefault(key, [])
        elif key[0].isalpha():
            section = ""
            said.header[key] = (" ".join(words[1:]).removeprefix(":").strip(), row)
        elif section:
            _add(said, section, row, words)
        else:
            said.found.append(f"line {row}: '{line.strip()}'; expected KEY : VALUE or one of {', '.join(SECTIONS)}")
    return said


def _add(said: _File, section: str, row: int, words: list[str]) -> None:
    try:
        values = [float(word) for word in words]
    except ValueError:
        said.found.append(f"line {row}: '{' '.join(words)}'; expected numbers of {section}")
        return
    if len(values) != WIDTH.get(section, len(values)):
        said.found.append(f"line {row}: {len(values)} numbers; expected {WIDTH[section]} in {section}")
        return
    said.sections[section].append((row, values))


def _count(said: _File) -> int:
    """Return how many nodes there are."""
    kind = said.value("TYPE", "CVRP").split()[0:1]
    if kind not in (["CVRP"], ["VRP"]):
        said.found.append(f"line {said.header['TYPE'][1]}: TYPE {said.value('TYPE')}; expected CVRP")
    text = said.value("DIMENSION")
    if not text.isdigit() or int(text) < 2:  # noqa: PLR2004  a depot and a customer
        said.found.append(f"DIMENSION is '{text}'; expected a whole number of 2 or more")
        return 0
    return int(text)


def _positive(said: _File, key: str) -> float | None:
    """Return a number of the header, None where it is not there."""
    if key not in said.header:
        return None
    text, row = said.header[key]
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        said.found.append(f"line {row}: {key} is '{text}'; expected a number of 0 or more")
        return None
    return value


def _column(said: _File, section: str, number: int, width: int = 1) -> NDArray[np.float64]:
    """Return what a section says of each node, in the order of their numbers."""
    found = np.full((number, width), np.nan)
    for row, values in said.sections.get(section, []):
        node = values[0]
        if node != int(node) or not 1 <= node <= number:
            said.found.append(f"line {row}: node {node:g} is not one of 1 to {number}")
            continue
        if not np.isnan(found[int(node) - 1, 0]):
            said.found.append(f"line {row}: node {node:g} stands twice in {section}")
        if section == "DEMAND_SECTION" and values[1] < 0:
            said.found.append(f"line {row}: demand {values[1]:g} is below 0")
        found[int(node) - 1] = values[1:]
    missing = np.flatnonzero(np.isnan(found[:, 0])) + 1
    if len(missing):
        said.found.append(f"{section} has no line for nodes {', '.join(map(str, missing[:20]))}{' ...' * (len(missing) > 20)}")  # noqa: PLR2004
    return found if width > 1 else found[:, 0]


def _points(said: _File, number: int) -> NDArray[np.float64] | None:
    if "NODE_COORD_SECTION" not in said.sections:
        return None
    return _column(said, "NODE_COORD_SECTION", number, width=2)


def _weights(said: _File, number: int, points: NDArray[np.float64] | None) -> NDArray[np.float64]:
    """Return distances as whole numbers."""
    kind = said.value("EDGE_WEIGHT_TYPE")
    if kind == "EXPLICIT":
        return _explicit(said, number)
    if kind not in ("EUC_2D", "CEIL_2D"):
        said.found.append(f"EDGE_WEIGHT_TYPE is '{kind}'; expected EUC_2D, CEIL_2D or EXPLICIT")
        return np.zeros((number, number))
    if points is None:
        said.found.append(f"there is no NODE_COORD_SECTION; {kind} needs one")
        return np.zeros((number, number))
    away = points[:, None, :] - points[None, :, :]
    crow = np.hypot(away[..., 0], away[..., 1])
    return np.floor(crow + 0.5) if kind == "EUC_2D" else np.ceil(crow)


def _explicit(said: _File, number: int) -> NDArray[np.float64]:
    form = said.value("EDGE_WEIGHT_FORMAT")
    values = np.array([value for _, row in said.sections.get("EDGE_WEIGHT_SECTION", []) for value in row])
    found = np.zeros((number, number))
    if form not in FORMATS:
        said.found.append(f"EDGE_WEIGHT_FORMAT is '{form}'; expected one of {', '.join(FORMATS)}")
        return found
    if form == "FULL_MATRIX":
        rows, columns = (index.ravel() for index in np.indices((number, number)))
    else:
        triangle = np.tril_indices if form.startswith("LOWER") else np.triu_indices
        shift = 0 if "DIAG" in form else -1 if form.startswith("LOWER") else 1
        rows, columns = triangle(number, shift)
    if len(values) != len(rows):
        said.found.append(f"EDGE_WEIGHT_SECTION has {len(values)} numbers; {form} of {number} nodes needs {len(rows)}")
        return found
    if (values < 0).any() or not np.isfinite(values).all():
        said.found.append(f"EDGE_WEIGHT_SECTION has {int((values < 0).sum())} numbers below 0")
    found[rows, columns] = values
    if form != "FULL_MATRIX":
        found[columns, rows] = values
    np.fill_diagonal(found, 0.0)
    return found


def _depot(said: _File, number: int) -> int:
    """Return the node of the depot."""
    listed = [int(value) for _, row in said.sections.get("DEPOT_SECTION", []) for value in row if value != -1]
    if len(listed) != 1 or not 1 <= listed[0] <= number:
        said.found.append(f"DEPOT_SECTION names {listed}; expected one node of 1 to {number}, then -1")
        return 0
    return listed[0] - 1


def _instance(
    name: str,
    weights: NDArray[np.float64],
    demand: NDArray[np.float64],
    points: NDArray[np.float64] | None,
    home: int,
    limits: dict[str, float | None],
) -> Instance:
    number = len(weights)
    labels = np.array([str(node + 1) for node in range(number)])
    visits = np.array([node for node in range(number) if node != home])
    stops: dict[str, object] = {"order": labels[visits], "units": demand[visits]}
    depots: dict[str, object] = {"depot": [labels[home]]}
    if points is not None:
        stops |= {"x": points[visits, 0], "y": points[visits, 1]}
        depots |= {"x": [points[home, 0]], "y": [points[home, 1]]}
    if limits["SERVICE_TIME"]:
        stops["service_minutes"] = np.full(len(visits), limits["SERVICE_TIME"])
    vehicles = {
        "vehicle": ["vehicle"],
        "depot": [labels[home]],
        "count": [int(limits["VEHICLES"] or len(visits))],
        "capacity": [limits["CAPACITY"]],
        "speed": [SPEED],
        "ends": [limits["DISTANCE"] or LATEST / TICKS],
    }
    rows, columns = (index.ravel() for index in np.indices((number, number)))
    apart = rows != columns
    distances = {"from": labels[rows[apart]], "to": labels[columns[apart]], "kilometers": weights[rows[apart], columns[apart]]}
    return Instance(name, pa.table(stops), pa.table(vehicles), pa.table(depots), pa.table(distances))
