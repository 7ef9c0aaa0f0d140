"""What customers did not see: the table ``unseen``, never added to the other accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from lotwise.errors import InputError
from lotwise.gap import verdict
from lotwise.gap.choices.configured import configured
from lotwise.gap.choices.exposure import chosen_among, reach
from lotwise.gap.choices.regret import BEST, MARGIN, PAIRS, PRODUCTS, REGRET, SURPLUS, Reach, Row, counts, measures, row
from lotwise.tables.ledger import UNSEEN

if TYPE_CHECKING:
    from collections.abc import Mapping

EXPERIMENTS = "experiments"


def unseen(
    tables: Mapping[str, pa.Table],
    *,
    rng: np.random.Generator | None = None,
    resamples: int = 2000,
    interval: float = 0.9,
) -> pa.Table:
    """Return the table ``unseen``: each measure with its interval, or why it was not measured and what it would take.

    Parameters
    ----------
    tables
        Tables by name, each keeping its contract, any of them absent: ``orders``; ``events`` (views, searches and carts say
        what was shown); ``products``; ``economics`` (margins); ``options`` and ``order_options`` (configurations).
    rng
        Source of the bootstrap's draws; absent: seed 0.
    resamples, interval
        Draws of customers, and the width of intervals.
    """
    rng = rng or np.random.default_rng(0)
    given = {name: table for name, table in tables.items() if table.num_rows}
    rows = [*_choices(given, rng, resamples, interval), *_reach(given, rng, resamples, interval)]
    rows.append(configured(given, rng=rng, resamples=resamples, width=interval))
    rows.append(row(EXPERIMENTS, "money", said=verdict.EXPERIMENT, note=_EXPERIMENTS))
    return pa.Table.from_pylist(rows, schema=UNSEEN.schema)


def line(table: pa.Table) -> tuple[float | None, str, str]:
    """Return money, verdict and note of the account's line in the ledger: the margin not shown, where it was measured.

    Parameters
    ----------
    table
        The table ``unseen``.
    """
    found = next((one for one in table.to_pylist() if one["measure"] == MARGIN), None)
    if found is None or found["value"] is None:
        return None, verdict.EXPERIMENT, f"{found['note']} {_EXPERIMENT}" if found else _EXPERIMENT
    return found["value"], found["verdict"], found["note"]


def _choices(tables: Mapping[str, pa.Table], rng: np.random.Generator, resamples: int, width: float) -> list[Row]:
    offer = chosen_among(tables, rng)
    if isinstance(offer, str):
        return _open(offer)
    try:
        return measures(offer, rng=rng, resamples=resamples, width=width)
    except InputError as error:
        return _open(str(error))


def _open(why: str) -> list[Row]:
    units = {REGRET: "money", SURPLUS: "money", BEST: "share", MARGIN: "money"}
    return [row(measure, unit, said=verdict.UNMEASURED, note=why) for measure, unit in units.items()]


def _reach(tables: Mapping[str, pa.Table], rng: np.random.Generator, resamples: int, width: float) -> list[Row]:
    seen = reach(tables)
    if isinstance(seen, Reach):
        return counts(seen, rng=rng, resamples=resamples, width=width)
    return [row(measure, "share", said=verdict.UNMEASURED, note=seen) for measure in (PRODUCTS, PAIRS)]


_EXPERIMENT = "What customers would have bought had they been shown it: offer it to some and not to others, then compare."
_EXPERIMENTS = (
    "There is no record of trials. It takes customers dealt at random into those who are shown something and those who "
    "are not, and what each then brought: lotwise.gap.experiment compares them."
)
