"""What moves a column of a frame of one's own."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from lotwise.errors import ContractError, InputError
from lotwise.mine.drivers.columns import any_column, cases_of, target_of
from lotwise.mine.drivers.explain import enough, explain
from lotwise.mine.drivers.publish import table_rows
from lotwise.mine.intake import Frame
from lotwise.tables.mined import DRIVERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.mine.drivers.columns import Column

log = logging.getLogger("lotwise.mine")


def find_drivers(
    frame: Any,  # noqa: ANN401  any frame there is
    target: str,
    *,
    features: Sequence[str] | None = None,
    time: str | None = None,
    rows: int = 50_000,
    seed: int = 1,
) -> pa.Table:
    """Return what moves a column: a table with the columns of ``drivers``, most moved first.

    Parameters
    ----------
    frame
        Pandas, Polars, Arrow or a dict of columns; rows without a target (empty or nan) do not count.
    target
        Its column to explain: numbers, true and false, or one of two words.
    features
        Columns that may move it. Default: all others that hold numbers, times or few words.
    time
        Column of dates by whose weeks rows are kept apart; without it they are kept apart as they stand, in 20 blocks.
    rows
        Most rows learned from; a sample beyond.
    seed
        Of sampling and shuffling.

    Raises
    ------
    ContractError
        A column is missing or the target is not of its kind, holds infinity, never varies or has fewer than 20 rows.
    """
    taken = Frame.of(frame, "The frame")
    for name in (target, *(features or ()), *([time] if time else [])):
        taken.has(name)
    day = taken.days(time) if time and time in taken.table.column_names else np.arange(len(taken)) * 140 // max(len(taken), 1)
    taken.done()
    known = taken.table[target].is_valid().to_numpy(zero_copy_only=False)
    if pa.types.is_floating(taken.table[target].type):
        known &= ~np.isnan(taken.table[target].to_numpy())
    table = taken.table.filter(pa.array(known))
    try:
        values, scale = target_of(table[target], target)
    except InputError as error:
        raise ContractError(f"The frame: {error}") from error
    if np.isinf(values).any():
        raise ContractError(f"The frame: column '{target}' holds infinity; expected finite numbers")
    names = [name for name in features or table.column_names if name not in {target, time}]
    found: dict[str, Column] = {}
    for name in names:
        found |= any_column(name, table[name])
    cases = cases_of(target, values, scale, target, found, day[known] // 7)
    if reason := enough(cases):
        raise ContractError(f"The frame: nothing can be told of '{target}': {reason}")
    if left := [text for text in cases.left_out if not text.endswith("never varies")]:
        log.warning("Left out: %s", "; ".join(left))
    rng = np.random.default_rng(seed)
    cases = cases.sample(rows, rng)
    told, _ = table_rows(cases, explain(cases, rng), len(cases.features))
    return DRIVERS.check(pa.Table.from_pylist(told, schema=DRIVERS.schema))
