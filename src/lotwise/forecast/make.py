"""Forecasts, joint draws and scores at every cutoff and from every state of information."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from lotwise.config import Forecast
from lotwise.forecast import censored, launches, layout, record, sources
from lotwise.forecast.auto import Worth
from lotwise.forecast.features.promotions import PROMOTED
from lotwise.forecast.information import Asked, windows
from lotwise.forecast.panel import Facts, codes, dense, ranked, real
from lotwise.stage import silent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lotwise.config import Source
    from lotwise.forecast.panel import Panel


def make(
    demand: pa.Table,
    *,
    tables: Mapping[str, pa.Table] | None = None,
    declared: Sequence[Source] = (),
    economics: pa.Table | None = None,
    params: Forecast | None = None,
    seed: int = 0,
    progress: Callable[[str, float | None], None] = silent,
) -> dict[str, pa.Table]:
    """Return what the stage gives, by table: forecasts, joint draws, their totals, scores and reasons.

    Past cutoffs are forecast from every state of information, and scored; the current one from
    ``none`` and ``now`` only. What lies after a cutoff changes nothing at it, except announced plans.

    Parameters
    ----------
    demand
        Columns ``product, region, week, units`` and, where there are any, ``unit_price, discount``.
    tables
        Other tables by name, with the columns of their contracts.
    declared
        Sources; by default one for each table that exists.
    economics
        Columns ``product, unit_price, unit_cost, salvage``; by them the method is chosen.
    params
        ``[forecast]``; all products given are forecast.
    seed
        Same seed and same data give the same bytes, whatever the number of workers.
    progress
        Told what is done, and what had to be left out.

    Raises
    ------
    ContractError
        There is no demand, its weeks start on no Monday, or a table lacks a column.
    SettingsError
        A source cannot be what it is declared to be.
    """
    params = params or Forecast()
    sources.check(tables or {})
    said: set[str] = set()
    facts = _facts(demand, tables or {}, params, said.add)
    told = sources.declared(declared, {"demand", *facts.tables})
    worth = _worth(facts.panel, economics)
    asked = Asked(told, params, seed, worth)
    made = windows(facts, asked, progress=progress)
    for message in sorted(said):
        progress(message, None)
    drawn = layout.scenarios(facts, made.windows, params.scenarios, seed=seed)
    return {
        "forecast": layout.forecast(facts, made.windows),
        "draws": drawn,
        "forecast_totals": layout.totals(drawn, facts.tables.get("products")),
        "scores": record.scored(facts, made, worth),
        "candidates": layout.candidates(made.choice),
        "features": layout.features(made, told),
        "reasons": layout.reasons(facts, made),
    }


def _facts(demand: pa.Table, tables: Mapping[str, pa.Table], params: Forecast, note: Callable[[str], None]) -> Facts:
    """Return all that is known: announced products beside those sold, and demand as it would have been with stock."""
    panel = dense(demand)
    if "products" in tables:
        panel = launches.extended(panel, tables["products"], params.horizon)
    out = censored.flags(demand, panel)
    if not out.any():
        return Facts(panel, params.horizon, tables, note)
    lift = None
    if "promotions" in tables:
        mailer = panel.spread(tables["promotions"], "mailer", panel.weeks)
        lift = censored.lifts(panel.units, out, np.nan_to_num(mailer) > PROMOTED)
    units, said = censored.unconstrain(panel.units, out, lift=lift)
    if said:
        note(said)
    return Facts(replace(panel, units=units), params.horizon, tables, note, panel.units, out)


def _worth(panel: Panel, economics: pa.Table | None) -> Worth | None:
    """Return the economics of each series; what has none, or could only be sold at a loss, is worth nothing."""
    if economics is None or economics.num_rows == 0:
        return None
    known, place = ranked(economics["product"])
    money = {name: np.zeros(len(known) + 1) for name in ("unit_price", "unit_cost", "salvage")}
    for name, values in money.items():
        values[place] = np.nan_to_num(real(economics[name]))
    series = codes(pa.chunked_array([pa.array(panel.products)]), known)
    price, cost, salvage = (values[series] for values in money.values())
    value = np.maximum(price - salvage, 0.0)
    ratio = np.divide(price - cost, value, out=np.zeros_like(value), where=value > 0)
    return Worth(np.clip(ratio, 0.0, 1.0), value)
