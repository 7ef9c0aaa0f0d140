"""The book of quality: what was counted in each table, what was left out, and that nothing was lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from lotwise.tables.pooled import QUALITY, REJECTS

if TYPE_CHECKING:
    from lotwise.stage import Engine

LISTED = {"rejected": 1_000_000, "repaired": 1_000_000, "duplicate": 100_000, "flagged": 10_000}
"""Most rows of one table listed in ``rejects`` for one effect."""

SHORTENED = 10_000
"""Rows that are listed where there are more than that."""


@dataclass
class Book:
    """What the pool writes down as it works.

    Parameters
    ----------
    engine
        Where relations are counted and read.
    faults
        ``nameless.faults``: values that could not be read, with the reason.
    """

    engine: Engine
    faults: ibis.Table
    checks: dict[tuple[str, str], tuple[int, str | None]] = field(default_factory=dict)
    lists: list[pa.Table] = field(default_factory=list)

    def count(self, table: str, check: str, rows: int, note: str | None = None) -> None:
        """Note how many rows of a table a check holds for."""
        self.checks[table, check] = (rows, note)

    def list_rows(self, rows: ibis.Table, table: str, column: str, *, reason: str, effect: str, total: int) -> None:
        """List rows in ``rejects``, with the value and the reason they were read with where that failed.

        Parameters
        ----------
        rows
            Relation with the column at fault and the lineage.
        table, column
            What is at fault; no column where the whole row is.
        reason, effect
            As in ``rejects``.
        total
            How many rows there are; beyond the number in ``LISTED`` only the first are listed.
        """
        text = rows[column].cast("string") if column else ibis.null("string")
        plain = rows.select("source_file", "source_row", value=text)
        plain = self._as_read(plain, table, column, reason) if column else plain.mutate(reason=ibis.literal(reason))
        listed = plain.order_by("source_file", "source_row", "value")
        if total > LISTED[effect]:
            listed = listed.limit(SHORTENED)
            self.count(
                table, f"{effect}, not all listed: {column or 'row'}", total, f"only the first {SHORTENED} stand in rejects"
            )
        found = self.engine.to_arrow(listed)
        same = {"table": table, "column": column, "effect": effect}
        columns = {name: found[name] if name in found.column_names else [same[name]] * len(found) for name in REJECTS.names}
        self.lists.append(pa.table(columns, schema=REJECTS.schema))

    def _as_read(self, plain: ibis.Table, table: str, column: str, reason: str) -> ibis.Table:
        """Return the rows with value and reason of the fault they come from, where there is one."""
        faults = self.faults.filter(self.faults["table"] == table, self.faults["column"] == column)
        known = faults.group_by("source_file", "source_row").aggregate(
            as_read=faults["value"].min(), why=faults["reason"].min()
        )
        joined = plain.left_join(known, ["source_file", "source_row"])
        return joined.select(
            source_file=plain["source_file"],
            source_row=plain["source_row"],
            value=ibis.coalesce(plain["value"], known["as_read"]),
            reason=ibis.ifelse(plain["value"].isnull() & known["why"].notnull(), known["why"] + f" ({reason})", reason),
        )

    def rows(self, relation: ibis.Table) -> int:
        """Return how many rows a relation has."""
        return count_rows(relation, self.engine)

    def balance(self, table: str, *, read: int, kept: int, rejected: int, duplicates: int) -> None:
        """Note the four counts of a table.

        Raises
        ------
        RuntimeError
            They do not add up: a row was lost or made up. This is a bug of ours.
        """
        if read != kept + rejected + duplicates:
            message = f"Table '{table}': {read} rows read, but {kept} kept + {rejected} rejected + {duplicates} duplicates. "
            message += "This is a bug of lotwise; please report it."
            raise RuntimeError(message)
        self.count(table, "rows read", read)
        self.count(table, "rows kept", kept)
        self.count(table, "rows rejected", rejected)
        self.count(table, "duplicates removed", duplicates)

    def quality(self) -> pa.Table:
        """Return the table ``quality``; shares are of the rows read."""
        rows = []
        for (table, check), (count, note) in sorted(self.checks.items()):
            read = self.checks.get((table, "rows read"), (0, None))[0]
            share = count / read if read else None
            rows.append({"table": table, "check": check, "rows": count, "share": share, "note": note})
        return pa.Table.from_pylist(rows, schema=QUALITY.schema)

    def rejects(self) -> pa.Table:
        """Return the table ``rejects``, by table, file and row."""
        everything = pa.concat_tables([REJECTS.empty(), *self.lists])
        order = ("table", "source_file", "source_row", "column", "effect", "reason")
        return everything.sort_by([(name, "ascending") for name in order]).combine_chunks()


def count_rows(relation: ibis.Table, engine: Engine) -> int:
    """Return how many rows a relation has."""
    return int(engine.to_arrow(relation.aggregate(rows=relation.count()))["rows"][0].as_py())
