"""The tables of segments from the project's tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from lotwise.mine.customers import purchases
from lotwise.mine.segments import telling
from lotwise.mine.segments.features import describe
from lotwise.mine.segments.lines import read
from lotwise.mine.segments.migrating import migrations, recall
from lotwise.mine.segments.segmentation import Segmentation, divide
from lotwise.tables.mined import MIGRATIONS, MINING, SEGMENT_FEATURES, SEGMENT_TRIALS, SEGMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lotwise.mine.segments.migrating import Before
    from lotwise.stage import Inputs

NOBODY = "no sale in orders names a customer"


def publish(inputs: Inputs, mined: Mapping[str, pa.Table]) -> dict[str, pa.Table]:  # noqa: ARG001  nothing is mined before
    """Return ``segments``, ``segment_features``, ``segment_trials``, ``migrations`` and the row of ``mining``."""
    bought = purchases(inputs)
    recalled = inputs.table("segments") if inputs.has("segments") else SEGMENTS.empty()
    before = recall(recalled) if recalled.num_rows else None
    if not bought.sold.any():
        return _left_out(before)
    optional = [inputs.table(name) if inputs.has(name) else None for name in ("products", "order_options")]
    behavior = describe(read(bought, inputs.table("orders"), *optional))
    found = divide(behavior, inputs.settings.mine.segments, inputs.rng("mine", "segments"), before)
    segments = telling.segments(found)
    now = dict(zip(found.behavior.customers, segments["segment"].to_pylist(), strict=True))
    return {
        "segments": segments,
        "segment_features": telling.features(found),
        "segment_trials": telling.trials(found),
        "migrations": MIGRATIONS.empty() if before is None else migrations(before.segment, now),
        "mining": _row(found, _missing(inputs, found)),
    }


def _missing(inputs: Inputs, found: Segmentation) -> int:
    """Return how many customers are known of whom no sale is."""
    if not inputs.has("customers"):
        return 0
    return len(set(inputs.table("customers")["customer"].to_pylist()) - {None} - set(found.behavior.customers))


def _row(found: Segmentation, missing: int) -> pa.Table:
    note = found.note()
    if missing:
        note += f"; {missing} customers without a sale are in none"
    row = {
        "part": "segments",
        "scope": "all",
        "ended": "whole" if found.asked is None else "capped",
        "rows": len(found.numbers),
        "evidence": len(found.behavior.customers),
        "note": note,
    }
    return MINING.check(pa.Table.from_pylist([row]))


def _left_out(before: Before | None) -> dict[str, pa.Table]:
    row = {"part": "segments", "scope": "all", "ended": "left out", "rows": 0, "evidence": 0, "note": NOBODY}
    return {
        "segments": SEGMENTS.empty(),
        "segment_features": SEGMENT_FEATURES.empty(),
        "segment_trials": SEGMENT_TRIALS.empty(),
        "migrations": MIGRATIONS.empty() if before is None else migrations(before.segment, {}),
        "mining": MINING.check(pa.Table.from_pylist([row])),
    }
