"""Missing values: rejected, or filled by the rule of their column."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import ibis
import pyarrow as pa

from lotwise.errors import SettingsError, breaches, did_you_mean
from lotwise.tables.collected import COLLECTED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lotwise.pool.quality import Book
    from lotwise.tables import Column, Table

RULES = ("mean", "median", "interpolate")
GROUPS = ("product", "item", "material", "machine", "region")
"""The first of these a table has is what a value is typical of."""

CLOCKS = ("time", "week", "day")
"""The first of these a table has is what is interpolated along."""


class Filled(NamedTuple):
    """Rows after the rules: how many values were filled, and which columns must not be empty."""

    rows: ibis.Table
    repaired: int
    required: frozenset[str]


def fill(table: Table, rows: ibis.Table, book: Book, rules: Mapping[str, str | float]) -> Filled:
    """Return the rows of one table with their missing values filled by rule; every value filled is listed.

    ``mean`` and ``median`` are those of the row's product (or item, material, machine, region), and of
    the whole column where it has none. ``interpolate`` goes in a straight line between the neighbors in
    time, and takes the nearest one at the ends. Anything else is a constant.
    """
    ours = {name.partition(".")[2]: rule for name, rule in rules.items() if name.partition(".")[0] == table.name}
    required = frozenset(column for column, rule in ours.items() if rule == "reject")
    repaired = 0
    for column in table.columns:
        rule = ours.get(column.name, "reject")
        if rule == "reject":
            continue
        filled = book.engine.materialize(_fill(table, rows, column, rule))
        was = filled.filter(filled["was_missing"])
        times = book.rows(was)
        if times:
            word = rule if rule in RULES else f"the constant {rule}"
            note = f"filled: {word}"
            book.count(table.name, f"{column.name}: missing", times, note)
            empty = was.mutate(**{column.name: ibis.null("string")})
            book.list_rows(empty, table.name, column.name, reason=note, effect="repaired", total=times)
        repaired += times
        rows = filled.drop("was_missing")
    return Filled(rows, repaired, required)


def fill_constants(table: Table, rows: ibis.Table, book: Book, rules: Mapping[str, str | float]) -> ibis.Table:
    """Return the rows of a large table with constants where values are missing; they are counted, not listed."""
    for column in table.columns:
        rule = rules.get(f"{table.name}.{column.name}", "reject")
        if rule == "reject":
            continue
        times = book.rows(rows.filter(rows[column.name].isnull()))
        if times:
            book.count(table.name, f"{column.name}: missing", times, f"filled: the constant {rule}")
        rows = rows.mutate(**{column.name: ibis.coalesce(rows[column.name], ibis.literal(rule).cast(ibis.dtype(column.type)))})
    return rows


def check_rules(rules: Mapping[str, str | float]) -> None:
    """Pass when every rule names a column there is and fits it.

    Raises
    ------
    SettingsError
        Some do not; all are listed.
    """
    found = [breach for name, rule in rules.items() for breach in _wrong(name, rule)]
    if found:
        raise SettingsError(breaches("[pool] missing breaks its contract", found))


def _wrong(name: str, rule: str | float) -> Iterator[str]:
    columns = {f"{table.name}.{column.name}": (table, column) for table in COLLECTED for column in table.columns}
    if name not in columns:
        yield f"'{name}' is no column{did_you_mean(name, columns)}"
        return
    table, column = columns[name]
    number = pa.types.is_floating(column.type) or pa.types.is_integer(column.type)
    if rule in RULES and not number:
        yield f"'{name}' = {rule!r} needs a number, but the column holds {column.type}"
    elif rule == "interpolate" and not any(clock in table.names for clock in CLOCKS):
        yield f"'{name}' = 'interpolate' needs a time, a week or a day beside it; use 'median'"
    elif isinstance(rule, str) and rule not in ("reject", *RULES) and number:
        yield f"'{name}' = {rule!r} is no number; expected reject, {', '.join(RULES)} or a number"
    elif pa.types.is_temporal(column.type) and rule != "reject":
        yield f"'{name}' = {rule!r}: days and times cannot be filled; use 'reject'"
    elif name == "promotions.location" or (table.name == "promotions" and rule in RULES):
        yield f"'{name}' = {rule!r}: promotions take 'reject' or a constant"


def _fill(table: Table, rows: ibis.Table, column: Column, rule: str | float) -> ibis.Table:
    """Return the rows with one column filled, and ``was_missing``."""
    name = column.name
    if rule == "interpolate":
        known = _interpolated(table, rows, name)
    elif rule in RULES:
        known = _typical(table, rows, name, rule)
    else:
        constant = ibis.literal(str(rule) if pa.types.is_string(column.type) else rule).cast(ibis.dtype(column.type))
        known = rows.mutate(guess=constant)
    return known.mutate(
        **{name: ibis.coalesce(known[name], known["guess"].cast(ibis.dtype(column.type)))},
        was_missing=known[name].isnull() & known["guess"].notnull(),
    ).drop("guess")


def _typical(table: Table, rows: ibis.Table, name: str, rule: str | float) -> ibis.Table:
    def middle(some: ibis.Table) -> ibis.Value:
        if rule == "median":
            return some[name].cast("float64").median()
        return some[name].cast("decimal(18,4)").sum().cast("float64") / some[name].count().nullif(0)

    whole = rows.aggregate(overall=middle(rows))
    group = next((word for word in GROUPS if word in table.names and word != name), None)
    if group is None:
        return rows.cross_join(whole).rename(guess="overall")
    each = rows.group_by(group).aggregate(own=middle(rows)).rename(of=group)
    joined = rows.left_join(each, rows[group] == each["of"]).cross_join(whole)
    return joined.mutate(guess=ibis.coalesce(joined["own"], joined["overall"])).drop("own", "of", "overall")


def _interpolated(table: Table, rows: ibis.Table, name: str) -> ibis.Table:
    """Return the rows with a guess on the line between the known neighbors in time.

    Counting known values forward (and backward) numbers the stretches that follow (precede) each of
    them; a stretch holds exactly one known value, so its maximum is that value.
    """
    group = [word for word in GROUPS if word in table.names and word != name][:1]
    clock = next(word for word in CLOCKS if word in table.names)
    clocked = rows.mutate(at=rows[clock].cast("timestamp").epoch_seconds().cast("float64"), known_at=ibis.null("float64"))
    clocked = clocked.mutate(known_at=ibis.ifelse(clocked[name].notnull(), clocked["at"], ibis.null("float64")))
    ties = [clocked[word] for word in ("source_file", "source_row")]
    forward = ibis.window(group_by=group, order_by=[clocked["at"], *ties], preceding=None, following=0)
    backward = ibis.window(
        group_by=group, order_by=[clocked["at"].desc(), *(tie.desc() for tie in ties)], preceding=None, following=0
    )
    counted = clocked.mutate(before=clocked[name].count().over(forward), after=clocked[name].count().over(backward))
    found = counted
    for side in ("before", "after"):
        stretch = ibis.window(group_by=[*group, side])
        found = found.mutate(
            **{f"{side}_value": found[name].max().over(stretch), f"{side}_at": found["known_at"].max().over(stretch)}
        )
    slope = (found["after_value"] - found["before_value"]) / (found["after_at"] - found["before_at"]).nullif(0)
    line = found["before_value"] + slope * (found["at"] - found["before_at"])
    guess = ibis.coalesce(line, found["before_value"], found["after_value"])
    return found.mutate(guess=guess).select(*rows.columns, "guess")
