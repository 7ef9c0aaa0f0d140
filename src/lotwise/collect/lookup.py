"""Files joined to each row before its columns are mapped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lotwise import config
from lotwise.collect.batches import open_batches
from lotwise.collect.filters import keeps_empty, kept
from lotwise.collect.values import as_text
from lotwise.errors import InputError, did_you_mean

if TYPE_CHECKING:
    import ibis
    import ibis.expr.datatypes as dt

    from lotwise.collect.batches import Batch
    from lotwise.stage import Inputs

KEY = "lookup key "
KEPT = "lookup kept "
LINEAGE = ("source_file", "source_row")


def join(batch: Batch, mapping: config.Mapping, inputs: Inputs) -> tuple[ibis.Table, tuple[str, ...]]:
    """Return a batch with the columns of the mapping's lookups beside its own, and the names of them all.

    The mapping's conditions on a lookup's columns are decided on the lookup, which is small, and
    stand beside each row in a column a lookup (``kept_names``), for the batch may have millions of rows.
    Keys are compared as whole numbers where both sides are, else as trimmed text. A row that finds nothing keeps nulls.

    Raises
    ------
    InputError
        A column is not there or is there twice, or the lookup's key repeats (it would multiply rows).
    """
    relation, columns = batch.relation, batch.columns
    for number, lookup in enumerate(mapping.lookup):
        missing = [
            f"{batch.files[0].name} has no column '{c}'{did_you_mean(c, columns)}" for c in lookup.on if c not in columns
        ]
        if missing:
            raise InputError(f"Lookup {lookup.file}: " + "; ".join(missing) + f". Its columns are: {', '.join(columns)}")
        other, taken = _other(lookup, mapping, inputs, {c: relation[c].type() for c in lookup.on})
        twice = sorted(set(taken) & set(columns))
        if twice:
            message = (
                f"Lookup {lookup.file} and {batch.files[0].name} both have: {', '.join(twice)}. Name what to take in 'take'"
            )
            raise InputError(message)
        keys = [other[f"{KEY}{place}"] for place in range(len(lookup.on))]
        on = [_as_key(relation[theirs], key.type()) == key for theirs, key in zip(lookup.on, keys, strict=True)]
        relation = relation.left_join(other, on).drop(*(f"{KEY}{place}" for place in range(len(on))))
        rules = [rule for rule in mapping.filter if rule.column in taken]
        if rules:
            relation = relation.mutate(**{f"{KEPT}{number}": relation[KEPT].fill_null(keeps_empty(rules))}).drop(KEPT)
        columns += taken
    return relation, columns


def kept_names(relation: ibis.Table) -> list[str]:
    """Return the columns that say whether a row meets the conditions on a lookup's columns."""
    return [name for name in relation.columns if name.startswith(KEPT)]


def _other(
    lookup: config.Lookup, mapping: config.Mapping, inputs: Inputs, kinds: dict[str, dt.DataType]
) -> tuple[ibis.Table, tuple[str, ...]]:
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
    named = {f"{KEY}{place}": _as_key(theirs[key], kinds[ours]) for place, (ours, key) in enumerate(lookup.on.items())}
    rules = [rule for rule in mapping.filter if rule.column in taken]
    decided = {KEPT: kept(theirs, rules, mapping.decimal)} if rules else {}
    other = theirs.select(**named, **{column: theirs[column] for column in taken}, **decided)
    filled = other.filter([other[key].notnull() for key in named])
    _refuse_repeats(filled, list(named), lookup, inputs)
    return filled, taken


def _as_key(values: ibis.Value, other: dt.DataType) -> ibis.Value:
    """Return values to join by: whole numbers where both sides are, else trimmed text."""
    return values if values.type().is_integer() and other.is_integer() else as_text(values)


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
