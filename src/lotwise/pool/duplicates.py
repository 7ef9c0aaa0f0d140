"""Rows that stand more than once: by key, with a stated winner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import ibis

from lotwise.pool.quality import count_rows

if TYPE_CHECKING:
    from lotwise.stage import Engine
    from lotwise.tables import Table


class Settled(NamedTuple):
    """Rows after each key has one row left.

    Parameters
    ----------
    kept
        The winners.
    losers
        The others, with ``same``: whether the row says what its winner says; none where no key repeats.
    identical, different
        How many losers say the same as their winner, and how many do not.
    """

    kept: ibis.Table
    losers: ibis.Table | None
    identical: int
    different: int


def settle(table: Table, rows: ibis.Table, engine: Engine, *, winner: Literal["first", "last"] = "last") -> Settled:
    """Return the rows with each key once.

    The winner is the first or the last by file name and row. Rows whose key stands once are not ranked,
    so that a clean table costs one count.
    """
    key = list(table.key)
    keys = rows.group_by(key).aggregate(times=ibis._.count())
    twice = engine.materialize(keys.filter(keys["times"] > 1).drop("times"))
    if not key or count_rows(twice, engine) == 0:
        return Settled(rows, None, 0, 0)

    ranked = engine.materialize(_ranked(table, rows.semi_join(twice, key), winner=winner))
    winners = ranked.filter(ranked["place"] == 0)
    losers = ranked.filter(ranked["place"] > 0)
    kept = rows.anti_join(twice, key).union(winners.select(rows.columns))
    identical = count_rows(losers.filter(losers["same"]), engine)
    return Settled(kept, losers, identical, count_rows(losers, engine) - identical)


def _ranked(table: Table, rows: ibis.Table, *, winner: Literal["first", "last"]) -> ibis.Table:
    """Return the rows with their place among those of equal key, and whether they equal the winner."""
    lineage = [rows["source_file"], rows["source_row"]]
    body = [name for name in table.names if name not in table.key]
    order = [*(side.desc() if winner == "last" else side for side in lineage), *(rows[name] for name in body)]
    window = ibis.window(group_by=list(table.key), order_by=order)
    firsts = {f"winner_{name}": rows[name].first(include_null=True).over(window) for name in body}
    placed = rows.mutate(place=ibis.row_number().over(window), **firsts)
    same: ibis.Value = ibis.literal(value=True)
    for name in body:
        same = same & placed[name].identical_to(placed[f"winner_{name}"])
    return placed.mutate(same=same).drop(*firsts)
