"""The tables ``itemsets`` and ``rules``, and the rows of ``mining``, of what the searches gave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from lotwise.mine.itemsets.condense import condense
from lotwise.mine.rules.found import rank, worth_most
from lotwise.tables.mined import ITEMSETS, MINING, RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lotwise.mine.itemsets.found import Itemsets
    from lotwise.mine.rules.found import Found

PART = "rules"
PAIR = 2
"""Items from which a set is told."""

Row = dict[str, Any]


def rules_table(found: Sequence[Found], most: int | None = None) -> pa.Table:
    """Return the table ``rules``: at most so many of each kind and scope, numbered from the one worth most."""
    kept = []
    for group in grouped(found):
        members = [found[number] for number in group]
        kept += [(group[place], row) for place, row in worth_most(members, most)]
    kept.sort(key=lambda pair: rank(found[pair[0]], pair[1]))
    rows = [rule(found[number], row) for number, row in kept]
    width = max(len(str(len(rows))), 4)
    told = [{"rule": f"R{number:0{width}}", **row} for number, row in enumerate(rows, 1)]
    return RULES.check(pa.Table.from_pylist(told, schema=RULES.schema))


def rule(found: Found, row: int) -> Row:
    """Return one rule as a row of the table ``rules``, without its number."""
    rules, measures = found.rules, found.rules.measures
    return {
        "kind": found.kind,
        "level": found.level,
        "scope": found.scope,
        "product": found.product,
        "antecedent": [found.names[place] for place in rules.antecedents[row]],
        "consequent": [found.names[place] for place in rules.consequents[row]],
        "count": round(float(measures.count[row])),
        "total": round(float(measures.total[row])),
        **{name: _number(getattr(measures, name)[row]) for name in MEASURES},
        "p_value": float(rules.p_value[row]),
        "margin": _number(found.worth[row]),
        "days": None if found.days is None else _number(found.days[row]),
        "verdict": str(rules.verdict[row]),
    }


MEASURES = ("support", "confidence", "lift", "leverage", "conviction", "chi_square")


def itemsets_table(found: Sequence[Found], most: int) -> pa.Table:
    """Return the table ``itemsets``: of each kind and scope the sets of two or more items that most baskets hold."""
    told: list[Row] = []
    for group in grouped(found):
        rows = []
        for number in group:
            one = found[number]
            if one.itemsets is not None:
                rows += _sets(one, one.itemsets, most)
        rows.sort(key=lambda row: (-row["count"], row["product"] or "", row["items"]))
        told += rows[:most]
    width = max(len(str(len(told))), 4)
    numbered = [{"itemset": f"I{number:0{width}}", **row} for number, row in enumerate(told, 1)]
    return ITEMSETS.check(pa.Table.from_pylist(numbered, schema=ITEMSETS.schema))


def mining_rows(found: Sequence[Found], most: int, left_out: Iterable[tuple[str, str]] = (), remark: str = "") -> pa.Table:
    """Return the rows of ``mining``: one a kind and scope, and one for each (scope, reason) that was left out.

    ``remark`` is said of all that was bought together and next.
    """
    rows = []
    for group in grouped(found):
        members = [found[number] for number in group]
        kept = sum(len(one.rules) for one in members)
        told = min(kept, most)
        rows.append(
            {
                "part": PART,
                "scope": f"{members[0].kind}, {members[0].scope}",
                "ended": "capped" if any(one.capped for one in members) else "whole",
                "rows": told,
                "evidence": max((one.evidence for one in members if one.product is None), default=0)
                or sum(one.evidence for one in members),
                "note": _note(members, kept - told, "" if members[0].kind == "option" else remark),
            }
        )
    rows += [
        {"part": PART, "scope": scope, "ended": "left out", "rows": 0, "evidence": 0, "note": reason}
        for scope, reason in left_out
    ]
    return MINING.check(pa.Table.from_pylist(rows, schema=MINING.schema))


def grouped(found: Sequence[Found]) -> list[list[int]]:
    """Return the numbers of the searches of each kind and scope, in the order they were made."""
    groups: dict[tuple[str, str], list[int]] = {}
    for number, one in enumerate(found):
        groups.setdefault((one.kind, one.scope), []).append(number)
    return list(groups.values())


def _sets(one: Found, sets: Itemsets, most: int) -> list[Row]:
    """Return the most frequent sets of one search as rows."""
    closed, maximal = condense(sets)
    rows = np.flatnonzero(sets.sizes >= PAIR)
    rows = rows[np.argsort(-sets.counts[rows], kind="stable")][:most]
    return [
        {
            "kind": one.kind,
            "level": one.level,
            "scope": one.scope,
            "product": one.product,
            "items": sorted(sets[int(number)]),
            "count": int(sets.counts[number]),
            "support": float(sets.support[number]),
            "is_closed": bool(closed[number]),
            "is_maximal": bool(maximal[number]),
        }
        for number in rows
    ]


def _note(members: Sequence[Found], beyond: int, remark: str) -> str:
    """Return in words what was tried, what was left out, and why."""
    beyond += sum(one.beyond for one in members)
    parts = [f"{sum(one.rules.tried for one in members):,} rules tried"]
    for count, reason in (
        (sum(one.rules.simpler for one in members), "a simpler one is as sure"),
        (sum(one.shorter for one in members), "a shorter one holds as often"),
        (sum(one.follow for one in members), "they follow from the catalog's rules"),
        (sum(one.weak for one in members), "here they are not usable or may be chance"),
        (beyond, "others are worth more"),
    ):
        if count:
            parts.append(f"{count:,} left out, for {reason}")
    notes = dict.fromkeys(one.note for one in members if one.note)
    return "; ".join(part for part in (*parts, *notes, remark) if part)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
