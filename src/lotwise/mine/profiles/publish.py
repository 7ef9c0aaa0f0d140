"""The part's tables, from those of the pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from lotwise.mine.profiles.describe import describe
from lotwise.tables.mined import MINING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lotwise.stage import Inputs

TAKEN = ("orders", "products", "order_options", "customers", "economics", "promotions")


def publish(inputs: Inputs, mined: Mapping[str, pa.Table]) -> dict[str, pa.Table]:  # noqa: ARG001  every part takes both
    """Return ``profiles``, ``customer_models`` and the part's row of ``mining``."""
    tables = {name: inputs.table(name) for name in TAKEN if inputs.has(name)}
    settings = inputs.settings
    found = describe(tables, today=settings.project.today, settings=settings.mine.profiles, rng=inputs.rng("mine", "profiles"))
    row = {
        "part": "profiles",
        "scope": "all",
        "ended": "whole" if found.customers else "left out",
        "rows": found.profiles.num_rows,
        "evidence": found.customers,
        "note": "; ".join(found.notes) or None,
    }
    mining = MINING.check(pa.Table.from_pylist([row], schema=MINING.schema))
    return {"profiles": found.profiles, "customer_models": found.models, "mining": mining}
