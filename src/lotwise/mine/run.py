"""The stage: every part of mining in turn, each with what the parts before it found."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import pyarrow as pa

from lotwise.config.mining import PARTS
from lotwise.tables.mined import MINED, MINING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lotwise.stage import Inputs

Tables = dict[str, pa.Table]


def run(inputs: Inputs) -> Tables:
    """Return every table of mining; those of parts that the settings leave out hold no row."""
    mined: Tables = {table.name: table.empty() for table in MINED}
    for place, part in enumerate(PARTS):
        if part in inputs.settings.mine.parts:
            inputs.progress(f"Mining {part}", place / len(PARTS))
            found = publish(part, inputs, mined)
            mined |= {**found, "mining": pa.concat_tables([mined["mining"], found["mining"]])}
        else:
            left = {
                "part": part,
                "scope": "all",
                "ended": "left out",
                "rows": 0,
                "evidence": 0,
                "note": "the settings leave it out",
            }
            mined["mining"] = pa.concat_tables([mined["mining"], MINING.check(pa.Table.from_pylist([left]))])
    return mined


def publish(part: str, inputs: Inputs, mined: Mapping[str, pa.Table]) -> Tables:
    """Return the tables of one part, with its rows of ``mining``; ``mined`` holds those of the parts before it."""
    found: Tables = import_module(f"lotwise.mine.{part}.publish").publish(inputs, mined)
    return found
