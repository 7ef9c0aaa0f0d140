"""The tables a report reads: loaded once, cut down to rows before they leave Arrow."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from lotwise.config import Settings

Row = dict[str, Any]


class Book:
    """The tables of one report.

    Parameters
    ----------
    load
        Returns a table by name, or nothing where it does not exist.
    settings
        All settings of the project.
    """

    def __init__(self, load: Callable[[str], pa.Table | None], settings: Settings) -> None:
        self.settings = settings
        self._load = load
        self._held: dict[str, pa.Table | None] = {}

    def table(self, name: str) -> pa.Table | None:
        """Return a table, or nothing where it does not exist."""
        if name not in self._held:
            self._held[name] = self._load(name)
        return self._held[name]

    def missing(self, *names: str) -> list[str]:
        """Return those of the names that are no table yet."""
        return [name for name in names if self.table(name) is None]

    def part(self, name: str, where: Mapping[str, Any] | None = None) -> pa.Table | None:
        """Return the rows whose columns equal the values given; nothing where there is no such table or row."""
        table = self.table(name)
        if table is None:
            return None
        for column, value in (where or {}).items():
            table = table.filter(_holds(table[column], value))
        return table if table.num_rows else None

    def rows(
        self,
        name: str,
        where: Mapping[str, Any] | None = None,
        *,
        order: Sequence[tuple[str, str]] = (),
        most: int | None = None,
    ) -> list[Row]:
        """Return rows as dictionaries, sorted and at most so many; none where the table does not exist.

        Parameters
        ----------
        name
            The table.
        where
            Column -> the value it must have, or a list of values it may have.
        order
            Columns to sort by, each with ``"ascending"`` or ``"descending"``.
        most
            Most rows returned; all by default.
        """
        table = self.part(name, where)
        if table is None:
            return []
        if order:
            table = table.sort_by(list(order))
        found: list[Row] = table.slice(0, most).to_pylist()
        return found

    def sums(self, name: str, by: str, column: str, where: Mapping[str, Any] | None = None) -> dict[Any, float]:
        """Return the sum of a column for each value of another, largest first."""
        table = self.part(name, where)
        if table is None:
            return {}
        summed = table.group_by(by).aggregate([(column, "sum")]).sort_by([(f"{column}_sum", "descending"), (by, "ascending")])
        return dict(zip(summed[by].to_pylist(), summed[f"{column}_sum"].to_pylist(), strict=True))

    def values(self, name: str, column: str, where: Mapping[str, Any] | None = None) -> list[Any]:
        """Return the different values of a column, ascending."""
        table = self.part(name, where)
        return [] if table is None else sorted(table[column].drop_null().unique().to_pylist())

    def now(self, name: str) -> dict[str, Any]:
        """Return the condition that picks, in a forecast or a plan, what is known now at its latest cutoff."""
        cutoffs: list[date] = self.values(name, "cutoff", {"information": "now"})
        return {"information": "now", "cutoff": cutoffs[-1] if cutoffs else None}

    @cached_property
    def names(self) -> dict[str, str]:
        """What products, machines and materials are called, by their code; products of one name keep the code beside it."""
        called: dict[str, str] = {}
        for table, key in (("materials", "material"), ("machines", "machine"), ("products", "product")):
            found = self.table(table)
            if found is not None:
                called |= {row[key]: row["name"] for row in found.select([key, "name"]).to_pylist() if row["name"]}
        asked = self.values("demand", "product")
        often = Counter(called.get(product) for product in asked)
        return called | {code: f"{called[code]} · {code}" for code in asked if code in called and often[called[code]] > 1}

    def name(self, code: str) -> str:
        """Return what a product, machine or material is called: its name, or its code where it has none."""
        return self.names.get(code, code)

    @cached_property
    def _places(self) -> tuple[frozenset[str], tuple[str, ...]]:
        return frozenset(self.values("projection", "item")), tuple(self.values("sites", "site"))

    def at_site(self, resource: str) -> tuple[str, str]:
        """Return the item and the site of a resource called ``ITEM SITE``; no site where it is called by its item alone."""
        items, sites = self._places
        for site in sites:
            item = resource.removesuffix(f" {site}")
            if item != resource and item in items:
                return item, site
        return resource, ""

    def called(self, code: str) -> Markup:
        """Return ``name`` as markup that says it is not to be translated."""
        return Markup('<span translate="no">{}</span>').format(self.name(code))


def _holds(values: pa.ChunkedArray, wanted: Any) -> pa.ChunkedArray:  # noqa: ANN401  any value of a table
    if isinstance(wanted, (list, tuple, set)):
        return pc.is_in(values, value_set=pa.array(list(wanted), values.type))
    return pc.equal(values, pa.scalar(wanted, values.type))
