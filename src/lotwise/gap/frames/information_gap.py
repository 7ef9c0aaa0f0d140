"""What a forecast is worth in money: against knowing demand, against own history alone, against its own mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from lotwise.config import Gap
from lotwise.gap.bits import crps_of
from lotwise.gap.cents import cents
from lotwise.gap.frames.estimates import Estimates, ratio
from lotwise.gap.frames.long import read
from lotwise.gap.frames.newsvendor import Terms
from lotwise.gap.frames.settled import settled_decisions
from lotwise.gap.sweep import SPREAD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lotwise.gap.frames.estimates import Sums
    from lotwise.gap.frames.newsvendor import Array, Quantiles
    from lotwise.gap.frames.settled import Settled

_SCHEMA = pa.schema(
    [("measure", pa.string()), ("value", pa.float64()), ("low", pa.float64()), ("high", pa.float64()), ("note", pa.string())]
)


def information_gap(  # noqa: PLR0913  each is a keyword of its own
    forecast: Any,  # noqa: ANN401  any frame there is
    economics: Any,  # noqa: ANN401  the same
    *,
    base: Any = None,  # noqa: ANN401  the same
    history: Any = None,  # noqa: ANN401  the same
    capacity: float | str | None = None,
    uses: str | None = None,
    params: Gap | None = None,
    seed: int = 0,
) -> pa.Table:
    """Return what a forecast was worth in money over the periods whose demand is known.

    Every series and period is decided as ``decide`` does, before demand is known, and settled against what came. What is left
    of a period is sold off in it. The same (unique_id, ds) from several cutoffs are as many decisions.

    Parameters
    ----------
    forecast
        Columns ``unique_id, ds, cutoff, y, mean`` and ``q010`` to ``q990``, as ``lotwise.forecast.backtest`` gives them for one
        model. Rows without ``y`` are not settled; without a column ``mean`` that of the quantiles is taken.
    economics, capacity, uses
        As for ``decide``. With a capacity only decisions are settled whose demand is known in all series.
    base
        Another forecast of the same decisions to compare with.
    history
        Columns ``unique_id, ds, y`` to make the base from, as of each cutoff: the better of sample average approximation over
        all rows of a series and over its last 13. The note says which. Rows count as they stand: put rows of 0 in where
        nothing was sold.
    params
        Section ``[gap]``: resamples, periods in a block (``block_weeks``), width of the intervals, ratios of the sweep.
    seed
        Same seed and same frames, same bytes.

    Returns
    -------
    pyarrow.Table
        ``measure, value, low, high, note``. In money over all settled decisions, to the cent: ``profit, demand known``,
        ``profit, base``, ``profit, mean plan``, ``profit, forecast``; ``regret, base`` and ``regret, forecast`` (demand
        known less each); ``value of the forecast`` (over the base) and ``value of thinking in distributions`` (VSS: over
        its mean plan). ``prescriptiveness`` P is the value of the forecast as a share of the regret of the base. ``bits
        gained`` and ``CRPS gained`` are over the base, a decision. ``regret at critical ratio R`` and ``prescriptiveness
        at critical ratio R`` keep the price and move cost and salvage, without a capacity. Intervals are of a bootstrap
        over series and blocks of periods (of periods alone where series share a capacity); there are none with fewer than
        two blocks.

    Raises
    ------
    ContractError, SettingsError
        As for ``decide``; or base and history are both given, or no decision is settled.

    References
    ----------
    Bertsimas and Kallus (2020), From predictive to prescriptive analytics, Management Science 66(3), equation (9), for P;
    Birge (1982), The value of the stochastic solution, Mathematical Programming 24, for VSS; ``gap.interval.bootstrap``.
    """
    params = params or Gap()
    rows = read(forecast, settled=True)
    settled = settled_decisions(rows, economics, base=base, history=history, capacity=capacity, uses=uses)
    cells = {name: settled.grid(values) for name, values in _cells(settled, params.ratios)}
    found = Estimates(cells, params, seed)
    return pa.Table.from_pylist(list(_measures(settled, found, params.ratios)), schema=_SCHEMA)


def _cells(settled: Settled, ratios: Sequence[float]) -> Iterator[tuple[str, Array]]:
    """Yield each figure of every row that measures are made of."""
    rows = settled.rows
    forecasts = {"forecast": rows.demand} | ({"base": settled.base[1]} if settled.base else {})
    yield "perfect", settled.knowing(rows.y)
    yield "mean", settled.knowing(rows.mean)
    yield "count", np.ones(len(rows.y))
    for name, demand in forecasts.items():
        yield name, settled.of(demand)
        yield f"bits {name}", settled.bits(demand)
        yield f"crps {name}", crps_of(rows.y, demand.values)
        for one in ratios:
            yield f"regret {name} {one:g}", regret_at(settled, demand, one)


def regret_at(settled: Settled, demand: Quantiles, one: float) -> Array:
    """Return what each decision would have lost at another critical ratio, prices staying as they are; ``(n_rows,)``."""
    price = settled.terms.price
    other = Terms(price, price * (1 - one * SPREAD), price * (1 - SPREAD), settled.terms.uses)
    made, y = demand.at(np.full(len(price), one)), settled.rows.y
    return other.profit(y, y) - other.profit(np.minimum(made, y), made)


def _measures(settled: Settled, found: Estimates, ratios: Sequence[float]) -> Iterator[dict[str, object]]:
    """Yield the rows of the table."""
    unit = settled.currency or "the currency of the economics"
    counted = f"{int(found.totals['count']):,} decisions, in {unit}"
    yield _money(
        found,
        "profit, demand known",
        "perfect",
        note="; ".join([counted, *settled.notes, *([found.note] if found.note else [])]),
    )
    if settled.base:
        yield _money(found, "profit, base", "base", note=settled.base[0])
    yield _money(found, "profit, mean plan", "mean", note="made as if the mean were to come")
    yield _money(found, "profit, forecast", "forecast")
    if settled.base:
        yield _money(found, "regret, base", "perfect", "base")
    yield _money(found, "regret, forecast", "perfect", "forecast")
    if settled.base:
        yield _money(found, "value of the forecast", "forecast", "base")
        yield _figure(
            found, "prescriptiveness", lambda sums: ratio(sums["forecast"] - sums["base"], sums["perfect"] - sums["base"])
        )
    else:
        yield {"measure": "prescriptiveness", "note": "not measured: give history=... (unique_id, ds, y) or base=..."}
    yield _money(found, "value of thinking in distributions", "forecast", "mean", note="over the mean plan (VSS)")
    if settled.base:
        yield _figure(
            found, "bits gained", lambda sums: ratio(sums["bits forecast"] - sums["bits base"], sums["count"]), "a decision"
        )
        yield _figure(
            found,
            "CRPS gained",
            lambda sums: ratio(sums["crps base"] - sums["crps forecast"], sums["count"]),
            "units a decision",
        )
    for one in ratios:
        yield from _at(found, one, has_base=settled.base is not None)


def _at(found: Estimates, one: float, *, has_base: bool) -> Iterator[dict[str, object]]:
    mine, theirs = f"regret forecast {one:g}", f"regret base {one:g}"
    note = "price stays, cost and salvage moved; no capacity"
    yield _figure(found, f"regret at critical ratio {one:g}", lambda sums: sums[mine], note, digits=2)
    if has_base:
        yield _figure(
            found, f"prescriptiveness at critical ratio {one:g}", lambda sums: 1 - ratio(sums[mine], sums[theirs]), note
        )


def _money(found: Estimates, measure: str, plus: str, minus: str = "", *, note: str = "") -> dict[str, object]:
    """Return a row of money: what is printed is the difference of what is printed."""
    row = _figure(found, measure, lambda sums: sums[plus] - sums[minus] if minus else sums[plus], note, digits=2)
    less = cents(float(found.totals[minus])) if minus else 0
    return row | {"value": (cents(float(found.totals[plus])) - less) / 100}


def _figure(
    found: Estimates, measure: str, formula: Callable[[Sums], Array], note: str = "", *, digits: int = 6
) -> dict[str, object]:
    value = found.value(formula)
    ends = found.between(formula) or (np.nan, np.nan)
    low, high = (round(end, digits) + 0.0 if np.isfinite(end) else None for end in ends)
    known = round(value, digits) + 0.0 if np.isfinite(value) else None
    return {"measure": measure, "value": known, "low": low, "high": high, "note": note}
