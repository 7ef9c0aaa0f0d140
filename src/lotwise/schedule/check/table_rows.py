"""Rows of published tables, and the jobs of each machine, lot and part in their order."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

Row = dict[str, Any]
ALL = "all"
PLANNED = "planned"


class Published:
    """What the rules read.

    Parameters
    ----------
    tables
        Published tables by name.
    """

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        """Take the tables; each is read when it is asked for."""
        self._tables = tables
        self._rows: dict[str, list[Row]] = {}

    def has(self, name: str) -> bool:
        """Return whether there is such a table."""
        return name in self._tables

    def rows(self, name: str) -> list[Row]:
        """Return the rows of a table, none where there is no such table."""
        if name not in self._rows:
            self._rows[name] = self._tables[name].to_pylist() if name in self._tables else []
        return self._rows[name]

    @cached_property
    def lots(self) -> dict[str, Row]:
        """The lots by number."""
        return {row["lot"]: row for row in self.rows("lots")}

    @cached_property
    def machines(self) -> dict[str, Row]:
        """The machine groups by name."""
        return {row["machine"]: row for row in self.rows("machines")}

    @cached_property
    def ways(self) -> dict[tuple[str, int, str], Row]:
        """The routing by item, step and machine group."""
        return {(row["item"], row["step"], row["machine"]): row for row in self.rows("routing")}

    @cached_property
    def routes(self) -> dict[str, list[Row]]:
        """The routing by item."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows("routing"):
            found[row["item"]].append(row)
        return found

    @cached_property
    def parts(self) -> dict[tuple[str, int], list[Row]]:
        """The jobs of each part of a lot, by step."""
        found: dict[tuple[str, int], list[Row]] = defaultdict(list)
        for row in sorted(self.rows("jobs"), key=lambda row: row["step"]):
            found[row["lot"], row["part"]].append(row)
        return found

    @cached_property
    def lines(self) -> dict[str, list[list[Row]]]:
        """What is done on each machine, in the order of ``place``: lists of jobs that share a batch, or of one."""
        jobs: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(self.rows("jobs"), key=lambda row: row["place"]):
            jobs[row["machine"]].append(row)
        found: dict[str, list[list[Row]]] = {}
        for machine, some in jobs.items():
            groups: dict[Any, list[Row]] = {}
            for row in some:
                key = row["batch"] if row["batch"] is not None else (row["lot"], row["part"], row["step"])
                groups.setdefault(key, []).append(row)
            found[machine] = list(groups.values())
        return found

    @cached_property
    def batches(self) -> list[list[Row]]:
        """Jobs that are done together, or lists of one, of all machines."""
        return [group for line in self.lines.values() for group in line]

    def steps_of(self, item: str, site: str) -> dict[int, list[Row]]:
        """Return the steps of an item at a site, without those on a tool that another step of it holds."""
        held = (
            [(row["tool"], row["step"]) for row in self.rows("tool_needs") if row["item"] == item] if self.routes[item] else []
        )
        here = [row for row in self.routes[item] if self._site(row["machine"]) in {ALL, site} or site == ALL]
        found: dict[int, list[Row]] = defaultdict(list)
        for row in here or self.routes[item]:
            if not any(tool == row["machine"] and step != row["step"] for tool, step in held):
                found[row["step"]].append(row)
        return found

    def _site(self, group: str) -> str:
        return str((self.machines.get(group) or {}).get("site") or ALL)


def called(row: Row) -> str:
    """Return a job as messages call it."""
    return f"lot {row['lot']}, part {row['part']}, step {row['step']}"


def placed(row: Row) -> str:
    """Return a job with its machine and times."""
    return f"{called(row)} on {row['machine']} ({row['starts']:%Y-%m-%d %H:%M} to {row['ends']:%Y-%m-%d %H:%M})"


def minutes_between(start: Any, end: Any) -> float:  # noqa: ANN401 - two moments of one kind
    """Return the minutes between two moments."""
    return float((end - start).total_seconds() / 60)
