"""Collect: the mapped files as raw tables, with the values that could not be read and the files that were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from lotwise.collect import currencies, dates
from lotwise.collect.batches import open_batches
from lotwise.collect.mapping import Mapped, apply, check_settings, given_name, reason_name, wanted
from lotwise.collect.values import OUT_OF_RANGE
from lotwise.collect.zones import check_zone
from lotwise.errors import InputError, SettingsError, breaches
from lotwise.tables.collected import FAULTS, LINEAGE, SOURCES
from lotwise.tables.columns import DAY, TIME

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lotwise.collect.batches import Batch
    from lotwise.collect.currencies import Marked
    from lotwise.config import Mapping
    from lotwise.stage import Inputs, Relation

EXAMPLES = 1000
"""Different dates that are looked at to say which format they have."""


def run(inputs: Inputs) -> dict[str, Relation]:
    """Return ``raw.<table>`` for each mapped table, ``raw.faults`` and ``sources``.

    Several mappings of one table are put one below the other. Parquet is not copied: its relation
    reads the files when it is computed. Text is read once and kept by the engine.

    Raises
    ------
    SettingsError
        The mappings name tables, columns, formats or values that cannot be; every breach is listed.
    InputError
        Files are missing, unreadable, lack a column, or hold money in two currencies; every breach of every mapping is listed.
    """
    mappings = inputs.settings.collect
    if not mappings:
        message = "lotwise.toml maps no file: it has no [[collect]]. Make one from your files with: lotwise init"
        raise SettingsError(message)
    check_zone(inputs.settings.project.timezone)
    found = check_settings(mappings)
    if found:
        raise SettingsError(breaches("lotwise.toml breaks its contract", found))
    parts: dict[str, list[Mapped]] = {}
    faults: list[Relation] = []
    sources: list[dict[str, object]] = []
    wrong: list[str] = []
    for number, mapping in enumerate(mappings):
        inputs.progress(f"reading {mapping.table}", number / len(mappings))
        money: list[Marked] = []
        for batch in _batches(mapping, inputs, wrong):
            mapped, breach, theirs = apply(mapping, batch, inputs)
            if mapped is None:
                wrong.append(_no_columns(batch, breach))
                continue
            money += currencies.find(mapping, theirs, inputs.engine)
            if batch.is_text:
                mapped = Mapped(mapped.table, inputs.engine.materialize(mapped.relation), mapped.readings, mapped.used)
            parts.setdefault(mapping.table, []).append(mapped)
            faults += _faults(mapped, batch, inputs)
            sources += _sources(mapping, batch, mapped, theirs, inputs)
        wrong += currencies.mixed(money)
        for note in currencies.foreign(money, inputs.settings.project.currency):
            inputs.progress(note, None)
    if wrong:
        raise InputError(breaches("Files cannot be read as lotwise.toml says", wrong))
    given: dict[str, Relation] = {f"raw.{name}": _whole(name, maps, inputs) for name, maps in parts.items()}
    given["raw.faults"] = _union([*faults, inputs.engine.from_arrow(FAULTS.empty())])
    given["sources"] = _one_a_file(sources)
    return given


def _batches(mapping: Mapping, inputs: Inputs, wrong: list[str]) -> list[Batch]:
    try:
        return open_batches(mapping, inputs, wanted(mapping))
    except InputError as error:
        wrong.append(str(error))
        return []


def _no_columns(batch: Batch, found: list[str]) -> str:
    names = ", ".join(read.name for read in batch.files[:3]) + (" ..." if len(batch.files) > 3 else "")  # noqa: PLR2004
    single = len(batch.columns) == 1 and batch.is_text
    hint = "; it has one column only, so set its delimiter" if single else ""
    return f"{names}: " + "; ".join(found) + f". Its columns are: {', '.join(batch.columns)}{hint}"


def _whole(name: str, maps: list[Mapped], inputs: Inputs) -> ibis.Table:
    """Return all parts of one table, order lines numbered where their source has no number."""
    table = maps[0].table
    columns = [*table.names, *(column.name for column in LINEAGE)]
    whole = _union([mapped.relation.select(*columns) for mapped in maps])
    if name != "orders" or all(mapped.readings["line"].given is not None for mapped in maps):
        return whole
    in_order = ibis.window(group_by=whole["order"], order_by=[whole["source_file"], whole["source_row"]])
    counted = (ibis.row_number().over(in_order) + 1).cast("int64")
    return inputs.engine.materialize(whole.mutate(line=whole["line"].fill_null(counted)).select(*columns))


def _faults(mapped: Mapped, batch: Batch, inputs: Inputs) -> Iterable[Relation]:
    """Return the values that could not be read, one relation a column that has any, and the rows that do not fit."""
    if batch.misfits:
        rows = [
            {"table": mapped.table.name, "source_file": name, "source_row": row, "column": "", "value": None, "reason": reason}
            for name, row, reason in batch.misfits
        ]
        yield inputs.engine.from_arrow(pa.Table.from_pylist(rows, schema=FAULTS.schema))
    checked = {name for name, reading in mapped.readings.items() if reading.reason is not None}
    if not checked:
        return
    relation = mapped.relation
    counts = inputs.engine.to_arrow(
        relation.aggregate(**{n: relation[reason_name(n)].count() for n in sorted(checked)})
    ).to_pylist()[0]
    for name in mapped.table.names:
        if not counts.get(name):
            continue
        bad = relation.filter(relation[reason_name(name)].notnull())
        yield bad.select(
            table=ibis.literal(mapped.table.name),
            source_file=bad["source_file"],
            source_row=bad["source_row"],
            column=ibis.literal(name),
            value=bad[given_name(name)],
            reason=_reason(mapped, name, bad, inputs),
        )


def _reason(mapped: Mapped, name: str, bad: ibis.Table, inputs: Inputs) -> ibis.StringValue:
    """Return why each value could not be read; for dates, with the formats that the most of them would fit."""
    reason = bad[reason_name(name)]
    kind = next(column.type for column in mapped.table.columns if column.name == name)
    if kind not in (DAY, TIME):
        return reason
    unread = bad.filter(reason != OUT_OF_RANGE)
    values = unread.select(value=unread[given_name(name)]).distinct()
    shown = inputs.engine.to_arrow(values.order_by("value").limit(EXAMPLES))["value"].to_pylist()
    advice = dates.hint([value for value in shown if value])
    return (reason == OUT_OF_RANGE).ifelse(reason, reason + advice) if advice else reason


def _sources(mapping: Mapping, batch: Batch, mapped: Mapped, theirs: ibis.Table, inputs: Inputs) -> list[dict[str, object]]:
    left_out: dict[str, int] = {}
    if mapping.filter:
        dropped = (~theirs["kept"]).ifelse(1, 0).sum().cast("int64")
        several = len(batch.files) > 1
        counts = theirs.group_by("source_file").aggregate(rows=dropped) if several else theirs.aggregate(rows=dropped)
        found = inputs.engine.to_arrow(counts).to_pylist()
        left_out = {row.get("source_file", batch.files[0].name): row["rows"] or 0 for row in found}
    unused = ", ".join(column for column in batch.columns if column not in mapped.used) or None
    return [
        {
            "table": mapping.table,
            "source_file": read.name,
            "format": read.format,
            "rows": read.rows,
            "filtered": left_out.get(read.name, 0),
            "unused": unused,
            "sha256": read.sha256,
        }
        for read in batch.files
    ]


def _one_a_file(sources: list[dict[str, object]]) -> pa.Table:
    """Return the sources, a file that several mappings read for one table standing once, its rows added up."""
    files: dict[tuple[object, object], dict[str, object]] = {}
    for source in sources:
        key = (source["table"], source["source_file"])
        if key in files:
            both = files[key]
            for count in ("rows", "filtered"):
                both[count] = int(str(both[count])) + int(str(source[count]))
            spare = [set(str(s["unused"] or "").split(", ")) for s in (both, source)]
            both["unused"] = ", ".join(sorted((spare[0] & spare[1]) - {""})) or None
        else:
            files[key] = source
    rows = sorted(files.values(), key=lambda source: (str(source["table"]), str(source["source_file"])))
    return SOURCES.check(pa.Table.from_pylist(rows, schema=SOURCES.schema))


def _union(parts: list[ibis.Table]) -> ibis.Table:
    if len(parts) == 1:
        return parts[0]
    loose = [part.cast({name: kind.copy(nullable=True) for name, kind in part.schema().items()}) for part in parts]
    return ibis.union(*loose, distinct=False)
