"""Which currencies the money of a source is in: two are never added up, and none is converted without being told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from lotwise.collect.mapping import OURS, resolve
from lotwise.collect.marks import agree, alone, beside, has_sign, may_be, names_currency
from lotwise.collect.values import NO, as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import ibis

    from lotwise.config import Mapping
    from lotwise.stage import Engine

SHOWN = 3
"""Files that a message names."""
EXAMPLES = 2
"""Rows that a message names for each mark."""


@dataclass(frozen=True)
class Source:
    """A column of theirs that says in which currency money is.

    Parameters
    ----------
    name
        The column.
    table
        Ours.
    makes
        Money of ours -> the column of theirs that it is read from.
    is_money
        Whether it is that column, with marks beside the amounts; else it holds the currency of each row and nothing else.
    converted
        Whether the mapping changes the amounts: by a factor, or by a divisor that is not the units.
    """

    name: str
    table: str
    makes: dict[str, str]
    is_money: bool
    converted: bool


@dataclass(frozen=True)
class Marked:
    """Rows of one file with one mark in one column: how many, and the first and the last of them."""

    source: Source
    mark: str
    file: str
    rows: int
    first: int
    last: int


def find(mapping: Mapping, theirs: ibis.Table, engine: Engine) -> list[Marked]:
    """Return the marks of currencies in the rows that a mapping keeps, in its money and in columns that say the currency.

    It is one query, and none where no column of text is money or says the currency.

    Parameters
    ----------
    mapping
        As the settings hold it.
    theirs
        Rows of theirs as ``mapping.apply`` gives them, with ``kept`` beside them where the mapping has a filter.
    engine
        Where the rows are.
    """
    sources = _sources(mapping, theirs)
    if not sources:
        return []
    rows = theirs.filter(theirs["kept"]) if mapping.filter else theirs
    texts = {source.name: as_text(rows[source.name]) for source in sources}
    some = [has_sign(texts[s.name]) if s.is_money else texts[s.name].notnull() for s in sources]
    marks = {_mark(place): beside(texts[s.name]) if s.is_money else alone(texts[s.name]) for place, s in enumerate(sources)}
    marked = rows.filter(reduce(or_, [one.fill_null(NO) for one in some])).select("source_file", "source_row", **marks)
    counts = marked.group_by("source_file", *marks).aggregate(
        rows=marked.count(), first=marked["source_row"].min(), last=marked["source_row"].max()
    )
    return _together(sources, engine.to_arrow(counts).to_pylist())


def mixed(found: Sequence[Marked]) -> list[str]:
    """Return every breach of one mapping: a column, or two columns of money, in currencies that cannot be one.

    A factor converts a column for good where it is compared with others; a column of two currencies is a breach with
    it as without, for it is the same in all rows.
    """
    columns = _by_column(found)
    wrong = [marked for marked in columns.values() if not _agree(marked)]
    says = next((marked for marked in wrong if not marked[0].source.is_money), [])
    breaches = [_one_column(marked, says) for marked in wrong]
    sound = [marked for marked in columns.values() if marked not in wrong]
    bare = [marked for marked in sound if marked[0].source.is_money and not marked[0].source.converted]
    together = [one for marked in bare for one in marked]
    return breaches if _agree(together) else [*breaches, _several_columns(bare)]


def foreign(found: Sequence[Marked], currency: str) -> list[str]:
    """Return a note on each column of one mapping whose money is in another currency than the project's, and stays in it.

    Columns that say the currency are asked where no mark beside an amount has been noted.
    """
    notes: list[str] = []
    for marked in sorted(_by_column(found).values(), key=lambda marked: not marked[0].source.is_money):
        source = marked[0].source
        other = sorted({one.mark for one in marked if not may_be(one.mark, currency)})
        if not other or source.converted or not _agree(marked) or (notes and not source.is_money):
            continue
        notes.append(
            f"{_files(marked)}: column {_quoted(source)} is in {' and '.join(other)}, [project] says currency = "
            f"{_toml(currency)}, and nothing is converted; change that, or give a factor, such as {_factor(source)}"
        )
    return notes


def _sources(mapping: Mapping, theirs: ibis.Table) -> list[Source]:
    """Return the columns of text that are money or say its currency; none where the mapping reads no money."""
    ways, _ = resolve(mapping, theirs.columns)
    money = [column.name for column in OURS[mapping.table].columns if column.unit == "money" and column.name in ways]
    reads = {name: way.source for name in money if (way := ways[name]).source and not way.map}
    units = ways["units"].source if "units" in ways else None
    changed = {name for name in reads if ways[name].factor != 1 or ways[name].divide_by not in {None, units}}
    sources = []
    for name in theirs.columns:
        makes = {ours: source for ours, source in reads.items() if source == name}
        is_money = bool(makes)
        makes = makes or (reads if names_currency(name) else {})
        if makes and theirs[name].type().is_string():
            converted = bool(changed & set(makes)) if is_money else changed >= set(makes)
            sources.append(Source(name, mapping.table, makes, is_money, converted))
    return sources


def _together(sources: list[Source], counts: list[dict[str, Any]]) -> list[Marked]:
    """Return how often each mark stands in each column of each file, from how often marks stand in a row together."""
    found: dict[tuple[int, str, str], Marked] = {}
    for row in sorted(counts, key=lambda row: (row["source_file"], row["first"])):
        for place, source in enumerate(sources):
            mark = row[_mark(place)]
            if mark is None:
                continue
            key = (place, mark, row["source_file"])
            before = found.get(key, Marked(source, mark, row["source_file"], 0, row["first"], row["last"]))
            first, last = min(before.first, row["first"]), max(before.last, row["last"])
            found[key] = Marked(source, mark, row["source_file"], before.rows + row["rows"], first, last)
    return list(found.values())


def _one_column(marked: list[Marked], says: list[Marked]) -> str:
    """Return that a column holds two currencies, with the way to part its rows."""
    source = marked[0].source
    each = {one.file: [other for other in marked if other.file == one.file] for one in marked}
    if all(_agree(rows) for rows in each.values()):
        step = "Give the files of each currency a [[collect]] of their own"
    elif says:
        rule = f"{{ column = {_toml(says[0].source.name)}, is = {_toml(says[0].mark)} }}"
        step = f"Give each currency a [[collect]] of its own, with filter = [{rule}]"
    else:
        step = (
            "Write the currency into a column of its own, and give each a [[collect]] of its own with a filter on that column"
        )
    holds = f"{_files(marked)}: column {_quoted(source)} holds two currencies or more: {_rows(marked)}"
    in_file = "the file" if len(each) == 1 else "the files"
    return f"{holds}. {step}, and what is to be converted a factor, such as {_factor(source)}; or convert it in {in_file}"


def _several_columns(columns: list[list[Marked]]) -> str:
    """Return that columns of money are in different currencies."""
    whole = [one for marked in columns for one in marked]
    said = "; ".join(f"{_quoted(marked[0].source)}: {_rows(marked)}" for marked in columns)
    advice = f"Give what is to be converted a factor, such as {_factor(columns[-1][0].source)}; or convert it in the file"
    return f"{_files(whole)}: columns of money are in two currencies or more: {said}. {advice}"


def _rows(marked: list[Marked]) -> str:
    """Return each mark with its rows and two of them."""
    several = len({one.file for one in marked}) > 1
    marks: dict[str, list[Marked]] = {}
    for one in marked:
        marks.setdefault(one.mark, []).append(one)
    return ", ".join(f"{mark} in {_counted(rows, several=several)}" for mark, rows in marks.items())


def _counted(marked: list[Marked], *, several: bool) -> str:
    rows = sum(one.rows for one in marked)
    spots = [(one.file, row) for one in marked for row in dict.fromkeys((one.first, one.last))][:EXAMPLES]
    such = "such as " if rows > len(spots) else ""
    if several:
        shown = " and ".join(f"row {row} of {file}" for file, row in spots)
    else:
        shown = ("rows " if len(spots) > 1 else "row ") + " and ".join(str(row) for _, row in spots)
    return f"{rows:,} {'row' if rows == 1 else 'rows'} ({such}{shown})"


def _files(marked: list[Marked]) -> str:
    names = list(dict.fromkeys(one.file for one in marked))
    return ", ".join(names[:SHOWN]) + (" ..." if len(names) > SHOWN else "")


def _quoted(source: Source) -> str:
    makes = ", ".join(f"{source.table}.{name}" for name in source.makes)
    return f"'{source.name}' ({'for' if source.is_money else 'the currency of'} {makes})"


def _factor(source: Source) -> str:
    ours, theirs = next(iter(source.makes.items()))
    return f"{ours} = {{ from = {_toml(theirs)}, factor = 1.17 }}"


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _mark(place: int) -> str:
    return f"mark {place}"


def _by_column(found: Iterable[Marked]) -> dict[str, list[Marked]]:
    columns: dict[str, list[Marked]] = {}
    for one in found:
        columns.setdefault(one.source.name, []).append(one)
    return columns


def _agree(found: Iterable[Marked]) -> bool:
    return agree({one.mark for one in found})
