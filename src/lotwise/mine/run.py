"""The stage: every part of mining, each with what the parts it builds on found."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from threadpoolctl import threadpool_limits

from lotwise.config.mining import PARTS
from lotwise.tables import TABLES
from lotwise.tables.mined import MINED, MINING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from lotwise.stage import Inputs

Tables = dict[str, pa.Table]

CHAINS = (("segments", "rules", "market"), ("propensity",), ("opinions", "trends", "drivers"), ("preferences",), ("profiles",))
"""Parts that build on one another, in order; chains are independent and run side by side, the longest first."""


THREADED = ("sklearn.cluster", "lightgbm")
"""Libraries with threads of their own: only those that are loaded can be held to one, in which sums come out the same."""

FACTS = {"orders": "time", "events": "time", "demand": "week", "competitors": "week", "signals": "week", "work": "week"}
"""Tables of what happened, and the column that says when; promotions, campaigns, holidays and weather are known before."""


def run(inputs: Inputs) -> Tables:
    """Return every table of mining; those of parts that the settings leave out hold no row.

    What is found depends neither on how many chains run at once, nor on the order of rows, nor on what happened later than
    ``project.today`` says is known.
    """
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        reading = pool.submit(_held, inputs)
        for library in THREADED:
            import_module(library)
        held = reading.result()
        taken = replace(inputs, load=held.__getitem__, present=frozenset(held), relations={})
        with threadpool_limits(1):
            chains = list(pool.map(lambda chain: _chain(chain, taken), CHAINS))
    found = {part: tables for chain in chains for part, tables in chain.items()}
    mined = _empty() | {name: table for part in PARTS for name, table in found[part].items()}
    return mined | {"mining": pa.concat_tables([found[part]["mining"] for part in PARTS])}


def publish(part: str, inputs: Inputs, mined: Mapping[str, pa.Table]) -> Tables:
    """Return the tables of one part, with its rows of ``mining``; ``mined`` holds those of the parts before it."""
    found: Tables = import_module(f"lotwise.mine.{part}.publish").publish(inputs, mined)
    return found


def _chain(parts: tuple[str, ...], inputs: Inputs) -> dict[str, Tables]:
    mined = _empty()
    found: dict[str, Tables] = {}
    for part in parts:
        if part in inputs.settings.mine.parts:
            inputs.progress(f"Mining {part}", None)
            with threadpool_limits(1):  # OpenMP counts its threads for each of ours
                found[part] = publish(part, inputs, mined)
        else:
            note = {
                "part": part,
                "scope": "all",
                "ended": "left out",
                "rows": 0,
                "evidence": 0,
                "note": "the settings leave it out",
            }
            found[part] = {"mining": MINING.check(pa.Table.from_pylist([note]))}
        mined |= found[part]
    return found


def _held(inputs: Inputs) -> Tables:
    """Return the tables there are, each read once."""
    today = inputs.settings.project.today
    return {name: _known(name, inputs.table(name), today) for name in sorted(inputs.present | set(inputs.relations))}


def _known(name: str, table: pa.Table, today: date | None) -> pa.Table:
    """Return the rows known before today, in the order of the table's key: sums come out the same in any order."""
    if today and name in FACTS:
        table = table.filter(pc.less(table[FACTS[name]].cast(pa.date32(), safe=False), pa.scalar(today)))
    return table.sort_by([(column, "ascending") for column in TABLES[name].key])


def _empty() -> Tables:
    return {table.name: table.empty() for table in MINED}
