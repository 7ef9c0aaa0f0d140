"""Forecasts and draws as the tables other stages take."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.forecast import draws
from lotwise.forecast.information import NONE, NOW, PERFECT
from lotwise.forecast.registry import method_named
from lotwise.forecast.sources import listed
from lotwise.forecast.task import counted
from lotwise.forecast.totals import above, levels
from lotwise.tables import contract
from lotwise.tables.forecasted import BASE, QUANTILES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lotwise.config import Source
    from lotwise.forecast.auto import Choice
    from lotwise.forecast.information import Made, Window
    from lotwise.forecast.panel import Array, Facts

DIGITS = 6
"""Decimals kept, so that the last bits of a fit do not show."""
USUAL, CHANGED = "usual level", "after the model"
"""Sources in ``reasons`` that are none: where every forecast starts, and what came after the model."""
NOISE = 1e-3
"""Units below which a difference is rounding."""


def forecast(facts: Facts, windows: Sequence[Window]) -> pa.Table:
    """Return the ``forecast`` table; at past cutoffs ``perfect`` holds the demand that came."""
    parts = []
    for state, window in _ordered(windows):
        if state == PERFECT:
            mean = _came(window)
            quantiles = np.repeat(mean[:, :, None], len(QUANTILES), axis=2)
        else:
            mean, quantiles = window.curves[state].mean, window.curves[state].quantiles
        values = np.round(quantiles, DIGITS).reshape(-1, len(QUANTILES))
        ahead = np.broadcast_to(np.arange(1, mean.shape[1] + 1), mean.shape).ravel()
        columns = _key(facts, state, window) | {"horizon": ahead, "mean": np.round(mean, DIGITS).ravel()}
        columns |= {name: np.ascontiguousarray(values[:, place]) for place, name in enumerate(QUANTILES)}
        parts.append(pa.table(columns, schema=contract("forecast").schema))
    return pa.concat_tables(parts).combine_chunks()


def scenarios(facts: Facts, windows: Sequence[Window], count: int, *, seed: int) -> pa.Table:
    """Return the ``draws`` table: ``count`` scenarios of each state, one of ``perfect``.

    All states of a cutoff share their randomness, so that two of them differ by what they know and not by luck.
    """
    parts = []
    for state, window in _ordered(windows):
        drawn = _came(window)[:, :, None] if state == PERFECT else _drawn(facts, window, state, count, seed=seed)
        flat = drawn.astype(np.float32)
        places = np.arange(0, flat.size + 1, flat.shape[2], dtype=np.int32)
        units = pa.ListArray.from_arrays(places, pa.array(flat.ravel()))
        parts.append(pa.table(_key(facts, state, window) | {"units": units}, schema=contract("draws").schema))
    return pa.concat_tables(parts).combine_chunks()


def totals(drawn: pa.Table, products: pa.Table | None) -> pa.Table:
    """Return the ``forecast_totals`` table: what joint draws of ``none`` and ``now`` add up to."""
    kept = drawn.filter(pc.is_in(drawn["information"], pa.array([NONE, NOW])))
    made = above(kept, levels(kept, products))
    table = contract("forecast_totals")
    return made.select(table.names).cast(table.schema).sort_by([(name, "ascending") for name in table.key]).combine_chunks()


def candidates(choice: Choice) -> pa.Table:
    """Return the ``candidates`` table: what was found of every method, or why it was not tried."""
    rows = [
        {
            "method": trial.method,
            "meaning": method_named(trial.method).meaning,
            "chosen": trial.method == choice.method.name,
            "money": trial.money,
            "scrps": trial.scrps,
            "seconds": trial.seconds,
            "skipped": trial.skipped,
        }
        for trial in choice.trials
    ]
    if not rows:
        rows = [{"method": choice.method.name, "meaning": choice.method.meaning, "chosen": True, "seconds": 0.0}]
    return pa.Table.from_pylist(sorted(rows, key=itemgetter("method")), schema=contract("candidates").schema)


def features(made: Made, sources: Sequence[Source]) -> pa.Table:
    """Return the ``features`` table: each feature, what it means, and its share of all that moved the current forecast."""
    named = {"", *(source.name for source in sources)}
    rows = listed({name: columns for name, columns in made.design.columns.items() if name in named}, sources)
    gain: dict[tuple[str, str], float] = {}
    if made.reasons is not None:
        moved = np.abs(made.reasons.units).sum(axis=(0, 1))
        shares = moved / moved.sum() if moved.sum() > 0 else moved
        for (source, feature), share in zip(made.reasons.features, shares, strict=True):
            gain[source or BASE, feature.removeprefix(f"{source}: ")] = round(float(share), DIGITS)
    told = []
    for row in rows:
        share = gain.get((str(row["source"]), str(row["feature"])))
        told.append({**row, "gain": share, "used": None if share is None else share > 0})
    table = contract("features")
    return pa.Table.from_pylist(told, schema=table.schema).sort_by([(name, "ascending") for name in table.key])


def reasons(facts: Facts, made: Made) -> pa.Table:
    """Return the ``reasons`` table: what the current forecast is made of, by source; no row where its method cannot say.

    What was changed after the model, such as a planner's override, is a row of its own; all rows of a cell
    add up to the published mean.
    """
    window, found = made.windows[-1], made.reasons
    if found is None:
        return contract("reasons").empty()
    key = {name: values for name, values in _key(facts, NOW, window).items() if name in {"product", "region", "week"}}
    mean = np.round(window.curves[NOW].mean, DIGITS)
    total = np.zeros(mean.shape)
    parts = []
    for source in dict.fromkeys(source for source, _ in found.features):
        chosen = [place for place, (name, _) in enumerate(found.features) if name == source]
        units = found.units[:, :, chosen]
        most = np.abs(units).argmax(axis=2)[:, :, None]
        names = pa.array([found.features[place][1].removeprefix(f"{source}: ") for place in chosen], pa.string())
        added = np.round(units.sum(axis=2), DIGITS)
        total += added
        parts.append(
            pa.table(
                key
                | {
                    "source": pa.repeat(pa.scalar(source or BASE), mean.size),
                    "units": added.ravel(),
                    "feature": names.take(pa.array(most.ravel())),
                    "feature_units": np.round(np.take_along_axis(units, most, axis=2).ravel(), DIGITS),
                    "value": pa.array(np.take_along_axis(found.values[:, :, chosen], most, axis=2).ravel(), from_pandas=True),
                },
                schema=contract("reasons").schema,
            )
        )
    start = np.round(found.start, DIGITS)
    changed = np.round(mean - start - total, DIGITS)
    plain = {USUAL: start + np.where(np.abs(changed) < NOISE, changed, 0.0)}
    if (np.abs(changed) >= NOISE).any():
        plain[CHANGED] = np.where(np.abs(changed) < NOISE, 0.0, changed)
    nothing = {
        name: pa.nulls(mean.size, kind)
        for name, kind in (("feature", pa.string()), ("feature_units", pa.float64()), ("value", pa.float64()))
    }
    for source, units in plain.items():
        own = {"source": pa.repeat(pa.scalar(source), mean.size), "units": units.ravel()}
        parts.append(pa.table(key | own | nothing, schema=contract("reasons").schema))
    return pa.concat_tables(parts).sort_by([(name, "ascending") for name in contract("reasons").key]).combine_chunks()


def _drawn(facts: Facts, window: Window, state: str, count: int, *, seed: int) -> Array:
    rng = np.random.default_rng([seed, 2, int(facts.axis[window.end + 1].astype(np.int64))])
    curve = window.curves[state]
    known = facts.panel.units[:, : window.end + 1]
    if curve.errors is None:
        past = known if curve.span is None else known[:, -curve.span :]
        return counted(draws.bootstrap(past, facts.horizon, count, rng), known)
    return counted(draws.paths(curve.quantiles, curve.errors, count, rng), known)


def _ordered(windows: Sequence[Window]) -> Iterator[tuple[str, Window]]:
    """Yield every state and window in the order of the tables' key."""
    known = {(state, window.end): window for window in windows for state in window.curves}
    known |= {(PERFECT, window.end): window for window in windows if window.came is not None}
    for state, end in sorted(known):
        yield state, known[state, end]


def _came(window: Window) -> Array:
    return np.nan_to_num(np.asarray(window.came, np.float64))


def _key(facts: Facts, state: str, window: Window) -> dict[str, pa.Array]:
    panel, horizon = facts.panel, facts.horizon
    rows = panel.shape[0] * horizon
    weeks = facts.axis[window.end + 1 : window.end + 1 + horizon]
    return {
        "information": pa.repeat(pa.scalar(state), rows),
        "cutoff": pa.repeat(pa.scalar(weeks[0].item(), pa.date32()), rows),
        "product": pa.array(np.repeat(panel.products, horizon)),
        "region": pa.array(np.repeat(panel.regions, horizon)),
        "week": pa.array(np.tile(weeks, panel.shape[0]), pa.date32()),
    }
