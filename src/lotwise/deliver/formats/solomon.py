"""Solomon's format of problems with time windows, which Gehring and Homberger use too.

Solomon (1987), Operations Research 35(2). Homberger and Gehring (2005), European Journal of Operational Research 162(1).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from lotwise.deliver.formats.instance import SPEED, Instance, lines, refuse

FIELDS = ("CUST NO", "XCOORD", "YCOORD", "DEMAND", "READY TIME", "DUE DATE", "SERVICE TIME")
WHAT = "a file in Solomon's format"


def read_solomon(path: str | Path) -> Instance:
    """Return the problem in a file of Solomon's format: name, VEHICLE with number and capacity, CUSTOMER with seven columns.

    Customer 0 is the depot. A unit of distance is one kilometer, one minute and one of money; distances are not rounded
    beyond a thousandth.

    Raises
    ------
    InputError
        The file is missing, or lines are not what they should be: each of them.
    """
    file = Path(path)
    text = lines(file)
    found: list[str] = []
    name = next((line.strip() for line in text if line.strip()), "")
    fleet = _vehicles(text, found)
    rows = _customers(text, found)
    refuse(file, WHAT, found)
    home, visits = rows[rows[:, 0] == 0][0], rows[rows[:, 0] != 0]
    stops = {
        "order": pa.array([f"{number:g}" for number in visits[:, 0]]),
        "x": visits[:, 1],
        "y": visits[:, 2],
        "units": visits[:, 3],
        "opens": visits[:, 4],
        "closes": visits[:, 5],
        "service_minutes": visits[:, 6],
    }
    count, capacity = fleet
    vehicles = {"vehicle": ["vehicle"], "depot": ["0"], "count": [count], "capacity": [capacity], "speed": [SPEED]}
    vehicles |= {"starts": [home[4]], "ends": [home[5]]}
    depots = {"depot": ["0"], "x": [home[1]], "y": [home[2]], "opens": [home[4]], "closes": [home[5]]}
    return Instance(name, pa.table(stops), pa.table(vehicles), pa.table(depots))


def _numbers(line: str, count: int) -> list[float] | None:
    """Return the numbers of a line, None where they are others than ``count``."""
    try:
        values = [float(part) for part in line.split()]
    except ValueError:
        return None
    return values if len(values) == count and np.isfinite(values).all() else None


def _section(text: list[str], title: str) -> int | None:
    return next((number for number, line in enumerate(text) if line.strip().upper() == title), None)


def _vehicles(text: list[str], found: list[str]) -> tuple[int, float]:
    """Return how many vehicles there are and what they take."""
    start = _section(text, "VEHICLE")
    if start is None:
        found.append("there is no line VEHICLE; expected VEHICLE, NUMBER CAPACITY and two numbers")
        return 0, 0.0
    for number in range(start + 1, len(text)):
        words = text[number].split()
        if not words or words[0].upper() == "NUMBER":
            continue
        values = _numbers(text[number], 2)
        if values is not None and values[0] >= 1 and values[0] == int(values[0]) and values[1] >= 0:
            return int(values[0]), values[1]
        found.append(f"line {number + 1}: '{text[number].strip()}'; expected a whole number of vehicles and their capacity")
        return 0, 0.0
    found.append(f"line {start + 1}: nothing follows VEHICLE; expected the number of vehicles and their capacity")
    return 0, 0.0


def _customers(text: list[str], found: list[str]) -> np.ndarray:
    """Return a row a customer."""
    start = _section(text, "CUSTOMER")
    if start is None:
        found.append(f"there is no line CUSTOMER; expected CUSTOMER, a header and rows of {', '.join(FIELDS)}")
        return np.zeros((0, len(FIELDS)))
    rows, seen = [], dict[float, int]()
    for number in range(start + 1, len(text)):
        line = text[number]
        if not line.strip() or line.split()[0].upper() == "CUST":
            continue
        values = _numbers(line, len(FIELDS))
        if values is None:
            found.append(f"line {number + 1}: '{line.strip()}'; expected seven numbers: {', '.join(FIELDS)}")
            continue
        found += [f"line {number + 1}: {fault}" for fault in _faults(values, seen)]
        seen[values[0]] = number + 1
        rows.append(values)
    if 0 not in seen:
        found.append("there is no customer 0; expected the depot under this number")
    elif len(rows) == 1:
        found.append("there is no customer beside the depot")
    return np.array(rows).reshape(-1, len(FIELDS))


def _faults(values: list[float], seen: dict[float, int]) -> list[str]:
    number, _, _, demand, ready, due, service = values
    found = []
    if number in seen:
        found.append(f"customer {number:g} stands in line {seen[number]} too")
    if min(demand, service, ready) < 0:
        found.append("demand, ready time or service time is below 0")
    if due < ready:
        found.append(f"due date {due:g} is before ready time {ready:g}")
    return found
