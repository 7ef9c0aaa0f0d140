"""Files joined to each row before its columns are mapped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lotwise import config
from lotwise.collect.batches import open_batches
from lotwise.collect.values import as_text
from lotwise.errors import InputError, did_you_mean

if TYPE_CHECKING:
    import ibis

    from lotwise.collect.batches import Batch
    from lotwise.stage import Inputs

KEY = "lookup key "
LINEAGE = ("source_file", "source_row")


def join(batch: Batch, mapping: config.Mapping, inputs: Inputs) -> tuple[ibis.Table, tuple[str, ...]]:
    """Return a batch with the columns of the mapping's lookups beside its own, and the names of them all.

    Keys are compared as trimmed text. A row that finds nothing keeps nulls.

    Raises
    ------
    InputError
        A column is not there or is there twice, or the lookup's key repeats (it would multiply rows).
    """
    relation, columns = batch.relation, batch.columns
    for lookup in mapping.lookup:
        missing = [
            f"{batch.files[0].name} has no column '{c}'{did_you_mean(c, columns)}" for c in lookup.on if c not in columns
        ]
        if missing:
            raise InputError(f"Lookup {lookup.file}: " + "; ".join(missing) + f". Its columns are: {', '.join(columns)}")
        other, taken = _other(lookup, mapping, inputs)
        twice = sorted(set(taken) & set(columns))
        if twice:
            message = (
                f"Lookup {lookup.file} and {batch.files[0].name} both have: {', '.join(twice)}. Name what to take in 'take'"
            )
            raise InputError(message)
        on = [as_text(relation[theirs]) == other[f"{KEY}{place}"] for place, theirs in enumerate(lookup.on)]
        relation = relation.left_join(other, on).drop(*(f"{KEY}{place}" for place in range(len(on))))
        columns += taken
    return relation, columns


def _other(lookup: config.Lookup, mapping: config.Mapping, inputs: Inputs) -> tuple[ibis.Table, tuple[str, ...]]:
    """Return the lookup's keys and the columns to take."""
    source = config.Mapping(table=mapping.table, files=lookup.file, decimal=mapping.decimal)
    batches = open_batches(source, inputs, None)
    if len(batches) != 1 or batches[0].misfits:
        where = batches[0].misfits[:1] or "files with different columns"
        message = f"Lookup {lookup.file} must be files with the same columns and whole rows; found {where}"
        raise InputError(message)
    theirs, columns = batches[0].relation, batches[0].columns
    keys = list(lookup.on.values())
    taken = tuple(lookup.take or [column for column in columns if column not in keys and column not in LINEAGE])
    missing = [f"'{c}'{did_you_mean(c, columns)}" for c in (*keys, *taken) if c not in columns]
    if missing:
        message = f"Lookup {lookup.file} has no column {', '.join(missing)}. Its columns are: {', '.join(columns)}"
        raise InputError(message)
    named = {f"{KEY}{place}": as_text(theirs[key]) for place, key in enumerate(keys)}
    other = theirs.select(**named, **{column: theirs[column] for column in taken})
    filled = other.filter([other[key].notnull() for key in named])
    _refuse_repeats(filled, list(named), lookup, inputs)
    return filled, taken


def _refuse_repeats(other: ibis.Table, keys: list[str], lookup: config.Lookup, inputs: Inputs) -> None:
    counts = other.group_by(keys).aggregate(rows=other.count())
    twice = inputs.engine.to_arrow(counts.filter(counts["rows"] > 1).order_by(keys).limit(3)).to_pylist()
    if twice:
        shown = "; ".join(", ".join(str(row[key]) for key in keys) + f" stands in {row['rows']} rows" for row in twice)
        message = (
            f"Lookup {lookup.file} repeats its key ({', '.join(lookup.on.values())}), which would multiply rows: {shown}. "
        )
        message += "Keep one row a key"
        raise InputError(message)
