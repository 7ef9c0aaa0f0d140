"""What moves a column of a frame of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from lotwise.errors import ContractError
from lotwise.mine.drivers.columns import any_column, cases_of, days, target_of
from lotwise.mine.drivers.explain import enough, explain
from lotwise.mine.drivers.publish import table_rows
from lotwise.mine.intake import Frame
from lotwise.tables.mined import DRIVERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.mine.drivers.columns import Column


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
        Pandas, Polars, Arrow or a dict of columns; rows without a target do not count.
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
    taken.done()
    table = taken.table.filter(taken.table[target].is_valid())
    values, scale = target_of(table[target], target)
    if not np.isfinite(values).all():
        raise ContractError(f"The frame: column '{target}' holds infinity or nan; expected finite numbers")
    names = features or [name for name in table.column_names if name not in {target, time}]
    found: dict[str, Column] = {}
    for name in names:
        found |= any_column(name, table[name])
    block = days(table[time]) // 7 if time else np.arange(table.num_rows) * 20 // max(table.num_rows, 1)
    cases = cases_of(target, values, scale, target, found, block)
    if reason := enough(cases):
        raise ContractError(f"The frame: nothing can be told of '{target}': {reason}")
    rng = np.random.default_rng(seed)
    cases = cases.sample(rows, rng)
    told, _ = table_rows(cases, explain(cases, rng), len(cases.features))
    return DRIVERS.check(pa.Table.from_pylist(told, schema=DRIVERS.schema))
