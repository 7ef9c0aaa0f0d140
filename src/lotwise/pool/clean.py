"""One table cleaned: typed, repaired by rule, rejected with reasons, each key once, nothing lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from lotwise.pool.duplicates import settle
from lotwise.pool.faults import any_of, faults
from lotwise.pool.missing import fill
from lotwise.pool.typed import shape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lotwise.config import Pool
    from lotwise.pool.faults import Fault
    from lotwise.pool.quality import Book
    from lotwise.tables import Table


def clean(
    table: Table,
    relation: ibis.Table,
    book: Book,
    settings: Pool,
    *,
    prepare: Callable[[ibis.Table], ibis.Table] | None = None,
    also: Callable[[ibis.Table], Sequence[Fault]] | None = None,
) -> ibis.Table:
    """Return the clean rows of one table, with their lineage, and write down what was done.

    Parameters
    ----------
    table
        Contract of the table.
    relation
        Its rows as guard gives them.
    book
        Where counts and reasons go.
    settings
        ``[pool]``.
    prepare
        Derives columns from others, before and after values are filled; doing it twice does no harm.
    also
        Returns faults that only this table knows.
    """
    engine = book.engine
    rows = shape(table, relation, engine)
    if prepare:
        rows = prepare(rows)
    filled = fill(table, engine.materialize(rows), book, settings.missing)
    if prepare and filled.repaired:
        filled = filled._replace(rows=engine.materialize(prepare(filled.rows)))

    found = [*faults(table, filled.rows, required=filled.required), *(also(filled.rows) if also else ())]
    read, rejected = reject(table, filled.rows, found, book)
    settled = settle(table, filled.rows.filter(~any_of(found)) if rejected else filled.rows, engine, winner=settings.duplicates)
    duplicates = settled.identical + settled.different
    if settled.losers is not None:
        note_duplicates(table, settled.losers, settled.identical, settled.different, book, settings)
    kept = engine.materialize(settled.kept)
    book.balance(table.name, read=read, kept=book.rows(kept), rejected=rejected, duplicates=duplicates)
    note_emptied(table, book, settings)
    return kept


def reject(table: Table, rows: ibis.Table, found: Sequence[Fault], book: Book) -> tuple[int, int]:
    """Return how many rows there are and how many are rejected, and list these with every reason."""
    counts = {str(number): rows.count(where=fault.where) for number, fault in enumerate(found)}
    counted = book.engine.to_arrow(rows.aggregate(read=rows.count(), **counts)).to_pylist()[0]
    for number, fault in enumerate(found):
        times = counted[str(number)]
        if times:
            book.count(table.name, f"{fault.column}: {fault.reason}", times, "rejected")
            book.list_rows(
                rows.filter(fault.where), table.name, fault.column, reason=fault.reason, effect="rejected", total=times
            )
    some = any(counted[number] for number in counts)
    return counted["read"], book.rows(rows.filter(any_of(list(found)))) if some else 0


def note_duplicates(table: Table, losers: ibis.Table, identical: int, different: int, book: Book, settings: Pool) -> None:
    """Count and list the rows that lost to another row of their key."""
    key = ", ".join(table.key)
    book.count(table.name, "identical duplicates", identical, "one row of each stays")
    note = f"the {settings.duplicates} row by file and row stays; choose with [pool] duplicates"
    book.count(table.name, "duplicates that differ", different, note if different else None)
    reasons = (
        (True, identical, "the same in every column"),
        (False, different, f"another row, which differs, is the {settings.duplicates} one"),
    )
    for same, total, what in reasons:
        if total:
            some = losers.filter(losers["same"] == same)
            book.list_rows(
                some, table.name, "", reason=f"({key}) stands more than once: {what}", effect="duplicate", total=total
            )


def note_emptied(table: Table, book: Book, settings: Pool) -> None:
    """List values that could not be read in columns that may be absent: the row stays without them."""
    optional = [c.name for c in table.columns if c.nullable and f"{table.name}.{c.name}" not in settings.missing]
    lost = book.faults.filter(book.faults["table"] == table.name, book.faults["column"].isin(optional))
    counts = lost.group_by("column").aggregate(rows=lost.count())
    for row in book.engine.to_arrow(counts.order_by("column")).to_pylist():
        column, total = row["column"], row["rows"]
        book.count(table.name, f"{column}: could not be read", total, "the row stays without the value")
        some = lost.filter(lost["column"] == column).select("source_file", "source_row").distinct()
        some = some.mutate(**{column: ibis.null("string")})
        book.list_rows(some, table.name, column, reason="the row stays without it", effect="repaired", total=total)
