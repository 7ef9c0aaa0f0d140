"""Makes raw tables nameless: pseudonyms for customers, masks for personal data elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from lotwise.guard import personal
from lotwise.guard.pseudonym import pseudonyms, read_key
from lotwise.tables.collected import COLLECTED, FAULTS, FINDINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.stage import Inputs, Relation
    from lotwise.tables import Table

HOMES = {
    "order": "orders", "location": "orders", "product": "products", "event": "events", "lot": "work",
    "supplier": "suppliers", "receipt": "receipts",
}  # fmt: skip
"""The table in which a code is searched; wherever else it stands it is the same code."""

CODES = (
    "order", "product", "location", "region", "event", "item", "component", "machine", "material", "lot", "rule", "campaign",
    "competitor", "option", "value", "signal", "if_option", "if_value", "then_option", "then_value", "measure", "unit",
    "coproduct", "family", "site", "origin", "target", "supplier", "receipt", "version", "alternate",
    "from_state", "to_state", "setup_state", "batch", "tool", "vehicle", "depot", "place", "starts", "ends", "opens", "closes",
)  # fmt: skip
"""Columns whose values other tables refer to, or that name settings of things: never masked in part."""

WRITTEN = ("text", "overrides.reason", "downtime.reason", "faults.value", "faults.reason")
"""Columns in which people write freely."""

PEOPLE = {"customer": ("customer", "c"), "owner": ("name", "o")}
"""Columns that identify people: what is found there, and the letter of their pseudonyms."""


@dataclass
class Search:
    """What a run has found so far.

    Parameters
    ----------
    inputs
        What the stage was handed.
    key
        Key of the pseudonyms.
    rows
        Rows of ``findings``.
    """

    inputs: Inputs
    key: bytes
    rows: list[dict[str, object]] = field(default_factory=list)

    def add(self, table: str, column: str, kind: str, rows: int, action: str) -> None:
        """Note that a kind of personal data was found."""
        if rows:
            self.rows.append({"table": table, "column": column, "kind": kind, "rows": rows, "action": action})


def run(inputs: Inputs) -> dict[str, Relation]:
    """Return ``nameless.<table>`` for every ``raw.<table>`` there is, ``nameless.faults`` and ``findings``.

    Customers, and planners who own a change, become pseudonyms under the project's key. Other text columns
    are searched for personal data: what is found is masked or dropped as ``[guard] action`` says, left alone
    where ``[guard] keep`` names the column, and counted in any case. A code in which an e-mail address is found becomes a
    pseudonym as a whole, the same in every table, so that tables still join.

    Raises
    ------
    InputError
        The key file can be read by others, or is not a key.
    StoreError
        The key file cannot be made or read.
    """
    settings = inputs.settings.guard
    search = Search(inputs, read_key(inputs.folder / settings.key_file))
    present = [table for table in COLLECTED if inputs.has(f"raw.{table.name}")]
    relations = {table.name: inputs.relation(f"raw.{table.name}") for table in present}
    if inputs.has("raw.faults"):
        relations["faults"] = _hide_faults(inputs.relation("raw.faults"))

    inputs.progress("Hiding customers", 0.1)
    for column in PEOPLE:
        relations = _hide_people(search, relations, column)
    inputs.progress("Searching personal data", 0.4)
    relations = _hide_codes(search, relations)
    for table in [*present, FAULTS]:
        if table.name in relations:
            relations[table.name] = _hide_text(search, table, relations[table.name])

    findings = pa.Table.from_pylist(search.rows, schema=FINDINGS.schema).sort_by([(name, "ascending") for name in FINDINGS.key])
    return {**{f"nameless.{name}": relation for name, relation in relations.items()}, "findings": findings}


def _hide_faults(faults: ibis.Table) -> ibis.Table:
    """Return the faults without the values of columns that identify people."""
    hidden = ibis.cases(*((faults["column"] == one, ibis.literal(f"[{one}]")) for one in PEOPLE), else_=faults["value"])
    return faults.mutate(value=hidden)


def _hide_people(search: Search, relations: dict[str, ibis.Table], column: str) -> dict[str, ibis.Table]:
    """Return the relations with a pseudonym for everyone in one column; empty text is nobody."""
    engine = search.inputs.engine
    kind, letter = PEOPLE[column]
    bare = {
        name: relation.mutate(**{column: relation[column].strip().nullif("")})
        for name, relation in relations.items()
        if column in relation.columns
    }
    if not bare:
        return relations
    known: set[str] = set()
    for name, relation in bare.items():
        counts = relation.filter(relation[column].notnull()).group_by(column).aggregate(rows=ibis._.count())
        counted = engine.to_arrow(counts)
        known.update(counted[column].to_pylist())
        search.add(name, column, kind, sum(counted["rows"].to_pylist()), "pseudonym")
    names = engine.from_arrow(pseudonyms(sorted(known), search.key, letter=letter))
    return {**relations, **{name: _replace(relation, column, names) for name, relation in bare.items()}}


def _hide_codes(search: Search, relations: dict[str, ibis.Table]) -> dict[str, ibis.Table]:
    """Return the relations with a pseudonym for every code that is an e-mail address."""
    for column, home in HOMES.items():
        if home not in relations or column not in relations[home].columns:
            continue
        found = [
            row for row in _candidates(search, relations[home][column], personal.CODE) if personal.find(row[0], personal.CODE)
        ]
        action = "kept" if f"{home}.{column}" in search.inputs.settings.guard.keep else "pseudonym"
        search.add(home, column, "email", sum(rows for _, rows in found), action)
        if not found or action == "kept":
            continue
        hidden = pseudonyms([value for value, _ in found], search.key, letter="x")
        names = search.inputs.engine.from_arrow(hidden)
        relations = {
            name: _replace(relation, column, names, keep=True) if column in relation.columns else relation
            for name, relation in relations.items()
        }
    return relations


def _hide_text(search: Search, table: Table, relation: ibis.Table) -> ibis.Table:
    """Return the relation with personal data in its texts and labels masked or dropped."""
    settings = search.inputs.settings.guard
    for column in _texts(table):
        if column not in relation.columns:
            continue
        kinds = personal.FREE if column in WRITTEN or f"{table.name}.{column}" in WRITTEN else personal.LABEL
        counts, masked, action = dict.fromkeys(kinds, 0), {}, settings.action
        for value, rows in _candidates(search, relation[column], kinds):
            found = personal.find(value, kinds)
            for kind in {one.kind for one in found}:
                counts[kind] += rows
            if found:
                masked[value] = personal.mask(value, found) if action == "mask" else _dropped(table, column)
        kept = f"{table.name}.{column}" in settings.keep
        done = "kept" if kept else {"mask": "masked", "drop": "dropped"}[action]
        for kind, rows in counts.items():
            search.add(table.name, column, kind, rows, done)
        if masked and not kept:
            relation = _replace(relation, column, _masks(search, masked), keep=True)
    return relation


def _texts(table: Table) -> Iterator[str]:
    """Yield the columns that hold words: no code, no identity, no choice of a few values."""
    ours = ("table", "column", "source_file", *PEOPLE)
    for column in table.columns:
        if pa.types.is_string(column.type) and column.name not in CODES + ours and not column.choices:
            yield column.name
    if table is FAULTS:
        yield "value"


def _candidates(search: Search, column: ibis.Value, kinds: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Yield different values that may hold personal data, with the rows they stand in; the commonest first."""
    values = column.name("value").as_table()
    likely = values.filter(values["value"].re_search(personal.CANDIDATE[kinds]))
    counts = likely.group_by("value").aggregate(rows=ibis._.count())
    order = [counts["rows"].desc(), counts["value"]]
    for row in search.inputs.engine.to_arrow(counts.order_by(order).limit(search.inputs.settings.guard.sample)).to_pylist():
        yield row["value"], row["rows"]


def _dropped(table: Table, column: str) -> str | None:
    """Return what stands in place of a whole value: nothing, or a mark where something must stand."""
    return None if any(known.name == column and known.nullable for known in table.columns) else "[dropped]"


def _masks(search: Search, masked: dict[str, str | None]) -> ibis.Table:
    text = pa.table({"known": pa.array(masked, pa.string()), "pseudonym": pa.array(masked.values(), pa.string())})
    return search.inputs.engine.from_arrow(text)


def _replace(relation: ibis.Table, column: str, names: ibis.Table, *, keep: bool = False) -> ibis.Table:
    """Return the relation with one column looked up in ``names``; ``keep`` leaves what is not found there."""
    columns = relation.columns
    joined = relation.left_join(names, relation[column] == names["known"])
    new = joined["pseudonym"]
    if keep:
        new = ibis.ifelse(joined["known"].isnull(), joined[column], joined["pseudonym"])
    return joined.mutate(**{column: new}).select(columns)
