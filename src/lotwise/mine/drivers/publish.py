"""The tables ``drivers`` and ``driver_models``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from lotwise.errors import InputError
from lotwise.mine.drivers import gather, said
from lotwise.mine.drivers.explain import enough, explain
from lotwise.tables.mined import DRIVER_MODELS, DRIVERS, MINING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lotwise.mine.drivers.cases import Cases
    from lotwise.mine.drivers.explain import Explained
    from lotwise.stage import Inputs

Row = dict[str, Any]


def publish(inputs: Inputs, mined: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Return the tables ``drivers``, ``driver_models`` and ``mining``."""
    settings = inputs.settings.mine.drivers

    def read(name: str) -> pa.Table | None:
        if name in mined:
            return mined[name]
        return inputs.table(name) if inputs.has(name) else None

    drivers: list[Row] = []
    models: list[Row] = []
    notes: list[Row] = []
    for target in dict.fromkeys(settings.targets or gather.targets(read)):
        rng = inputs.rng("mine", "drivers", target)
        try:
            found, model, note = of(target, read, rows=settings.rows, features=settings.features, rng=rng)
        except InputError as error:  # no table for it, this time: the other parts go on
            found, model, note = [], [], _note(target, 0, 0, str(error))
        drivers, models, notes = [*drivers, *found], [*models, *model], [*notes, note]
    if not notes:
        notes = [_note("all", 0, 0, "no demand, returns, reviews or scrapped units to explain")]
    return {
        "drivers": DRIVERS.check(pa.Table.from_pylist(drivers, schema=DRIVERS.schema)),
        "driver_models": DRIVER_MODELS.check(pa.Table.from_pylist(models, schema=DRIVER_MODELS.schema)),
        "mining": MINING.check(pa.Table.from_pylist(notes)),
    }


def of(
    target: str, read: Callable[[str], pa.Table | None], *, rows: int, features: int, rng: np.random.Generator
) -> tuple[list[Row], list[Row], Row]:
    """Return the rows of ``drivers``, ``driver_models`` and ``mining`` of one target.

    Parameters
    ----------
    target
        A named target (units, returns, stars, scrap) or TABLE.COLUMN.
    read
        Returns a table by name; None where there is none.
    rows, features
        Most rows learned from, and most features told.
    rng
        For sampling and shuffling.

    Raises
    ------
    InputError
        There is no such target, or no table for it.
    """
    cases = gather.gather(target, read)
    if reason := enough(cases):
        return [], [], _note(target, 0, len(cases.values), reason)
    cases = cases.sample(rows, rng)
    if reason := enough(cases):
        return [], [], _note(target, 0, len(cases.values), reason)
    found, model = table_rows(cases, explain(cases, rng), features)
    left = [text for text in cases.left_out if not text.endswith("never varies")]
    notes = [f"left out: {'; '.join(left)}"] if left else []
    if model[0]["explained"] <= 0:
        notes.append("in weeks or rows kept apart nothing of it is explained: what is told may be chance")
    return found, model, _note(target, len(found), len(cases.values), "; ".join(notes) or None, ended="whole")


def table_rows(cases: Cases, found: Explained, features: int) -> tuple[list[Row], list[Row]]:
    """Return what was explained as rows of ``drivers``, most moved first, and of ``driver_models``."""
    effect = np.abs(found.shap).mean(axis=0)
    share = effect / max(float(effect.sum()), 1e-300)
    order = np.lexsort((np.arange(len(effect)), -share))[:features]
    rows = []
    for rank, place in enumerate(order, start=1):
        feature, added = cases.features[place], found.shap[:, place]
        values = feature.values[found.rows]
        linear = found.linear.of(int(place))
        rows.append(
            {
                "target": cases.target, "feature": feature.name, "rank": rank, "share": float(share[place]),
                "effect": float(effect[place]), "direction": said.direction(feature, values, added),
                "permutation": float(found.lost[place]), "permutation_low": float(found.low[place]),
                "permutation_high": float(found.high[place]), "coefficient": linear[0] if linear else None,
                "coefficient_error": linear[1] if linear else None, "words": said.words(feature, values, added, cases),
            }
        )  # fmt: skip
    model = {
        "target": cases.target, "rows": len(cases.values), "unit": cases.unit, "explained": min(found.explained, 1.0),
        "linear": min(found.linear_explained, 1.0), "mean": float(cases.values.mean()),
    }  # fmt: skip
    return rows, [model]


def _note(target: str, rows: int, evidence: int, note: str | None, *, ended: str = "left out") -> Row:
    return {"part": "drivers", "scope": target, "ended": ended, "rows": rows, "evidence": evidence, "note": note}
