"""Which rows of a file are read."""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

import ibis

from lotwise.collect.values import NO, as_number, as_text, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lotwise.config import Condition


def kept(relation: ibis.Table, conditions: Sequence[Condition], decimal: str) -> ibis.BooleanValue:
    """Return whether each row meets all conditions.

    An empty value is equal to nothing: it meets ``not`` and ``not_in``, and no other condition.
    Numbers are compared as numbers, text as trimmed text.
    """
    parts = [part for rule in conditions for part in _parts(relation[rule.column], rule, decimal)]
    return reduce(and_, parts, ibis.literal(not NO))


def keeps_empty(conditions: Sequence[Condition]) -> bool:
    """Return whether a row whose values are all empty meets all conditions."""
    return all(
        rule.equals is None and not rule.among and rule.at_least is None and rule.at_most is None and rule.filled is not True
        for rule in conditions
    )


def _parts(theirs: ibis.Value, rule: Condition, decimal: str) -> Iterator[ibis.BooleanValue]:
    if rule.equals is not None:
        yield _among(theirs, [rule.equals], decimal)
    if rule.differs is not None:
        yield ~_among(theirs, [rule.differs], decimal)
    if rule.among:
        yield _among(theirs, rule.among, decimal)
    if rule.not_in:
        yield ~_among(theirs, rule.not_in, decimal)
    if rule.at_least is not None:
        yield (as_number(theirs, decimal) >= rule.at_least).fill_null(NO)
    if rule.at_most is not None:
        yield (as_number(theirs, decimal) <= rule.at_most).fill_null(NO)
    if rule.filled is not None:
        given = as_text(theirs)
        yield given.notnull() if rule.filled else given.isnull()


def _among(theirs: ibis.Value, values: Sequence[str | float | bool], decimal: str) -> ibis.BooleanValue:
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values):
        found = as_number(theirs, decimal).isin([float(value) for value in values])
    else:
        found = as_text(theirs).isin([plain(value) for value in values])
    return found.fill_null(NO)
