"""The ledger's main figures, had margins been different: a sweep over the critical ratio."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.config import Gap
from lotwise.gap.interval import bootstrap, has_blocks, interval, quotient
from lotwise.gap.value import codes, times_of
from lotwise.tables.forecasted import LEVELS, QUANTILES
from lotwise.tables.ledger import GAP_SWEEP

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

SPREAD = 0.6
"""Price - salvage as a share of the price in the sweep: cost of a unit too few plus cost of a unit too many."""

_KEY = ["cutoff", "product", "region", "week"]
_OF_NONE = " of none"


def pinball_regret(
    demand: ArrayLike, quantity: ArrayLike, *, price: ArrayLike, cost: ArrayLike, salvage: ArrayLike
) -> NDArray[np.float64]:
    """Return what deciding a quantity before demand is known loses against knowing it.

    For profit = price min(q, y) - cost q + salvage max(q - y, 0), the regret is (price - salvage) times the pinball
    loss at the critical ratio (price - cost) / (price - salvage). All arguments broadcast.

    Parameters
    ----------
    demand, quantity
        Units asked for (y) and units made (q).
    price, cost, salvage
        Money a unit sells for, costs, and brings when it is left; salvage < price.

    References
    ----------
    Koenker and Bassett (1978) for the pinball loss; Gneiting (2011), Quantiles as optimal point forecasts, for the identity.
    """
    y, q, p, c, s = (np.asarray(a, dtype=np.float64) for a in (demand, quantity, price, cost, salvage))
    ratio = (p - c) / (p - s)
    regret: NDArray[np.float64] = (p - s) * np.maximum(ratio * (y - q), (ratio - 1) * (y - q))
    return regret


def quantity_at(quantiles: NDArray[np.float64], ratio: float) -> NDArray[np.float64]:
    """Return each row's quantile at a ratio, interpolated between ``LEVELS`` and held beyond the outer two."""
    levels = np.asarray(LEVELS)
    upper = int(np.clip(np.searchsorted(levels, ratio), 1, len(levels) - 1))
    part = float(np.clip((ratio - levels[upper - 1]) / (levels[upper] - levels[upper - 1]), 0.0, 1.0))
    found: NDArray[np.float64] = (1 - part) * quantiles[:, upper - 1] + part * quantiles[:, upper]
    return found


def sweep(
    forecast: pa.Table, demand: pa.Table, economics: pa.Table, *, rng: np.random.Generator, settings: Gap | None = None
) -> pa.Table:
    """Return the table ``gap_sweep``: the gap of the base and of what is known now at other margins.

    Every product-week is a newsvendor of its own, without limits and without stock carried over, who makes the
    quantile at the critical ratio. Prices stay; cost and salvage are moved so that the ratio is
    the same for every product and price - salvage is ``SPREAD`` of the price.

    Parameters
    ----------
    forecast, demand, economics
        The tables of these names. Weeks count where demand is known and both states were forecast.
    rng
        Source of the bootstrap's draws.
    settings
        Section ``[gap]``; its defaults where absent.

    Returns
    -------
    pyarrow.Table
        One row a ratio; none where no past week was forecast. ``closed`` is absent where the base loses
        nothing, its interval also where there are fewer than two blocks of weeks.
    """
    settings = settings or Gap()
    cells = _settled(forecast, demand, economics)
    if not cells.num_rows:
        return GAP_SWEEP.empty()
    rows = []
    for ratio in sorted(set(settings.ratios)):
        none, now = (_regret(cells, suffix, ratio) for suffix in (_OF_NONE, ""))
        rows.append({"critical_ratio": ratio, **_figures(none, now, rng, settings)})
    return pa.Table.from_pylist(rows, schema=GAP_SWEEP.schema)


def _settled(forecast: pa.Table, demand: pa.Table, economics: pa.Table) -> pa.Table:
    """Return one row for each product, region and week that both states forecast and whose demand is known, in order."""
    state = forecast["information"]
    none, now = (forecast.filter(pc.equal(state, name)).select([*_KEY, *QUANTILES]) for name in ("none", "now"))
    both = now.join(none, _KEY, join_type="inner", right_suffix=_OF_NONE)
    asked = demand.select(["product", "region", "week", "units"])
    priced = economics.select(["product", "unit_price"])
    settled = both.join(asked, ["product", "region", "week"], join_type="inner").join(priced, "product", join_type="inner")
    return settled.sort_by([(name, "ascending") for name in _KEY])


def _regret(cells: pa.Table, suffix: str, ratio: float) -> NDArray[np.float64]:
    """Return the regret of one state at one ratio, ``(n_products, n_weeks)``, regions summed."""
    quantiles = np.column_stack([cells[name + suffix].to_numpy() for name in QUANTILES])
    price = cells["unit_price"].to_numpy()
    cost, salvage = price * (1 - ratio * SPREAD), price * (1 - SPREAD)
    made = quantity_at(quantiles, ratio)
    loss = pinball_regret(cells["units"].to_numpy(), made, price=price, cost=cost, salvage=salvage)
    products, row = codes(cells["product"])
    times, column = times_of(cells)
    grid = np.zeros((len(products), len(times)))
    np.add.at(grid, (row, column), loss)
    return grid


def _figures(
    none: NDArray[np.float64], now: NDArray[np.float64], rng: np.random.Generator, settings: Gap
) -> dict[str, float | None]:
    base, left = float(none.sum()), float(now.sum())
    closed = round(1 - left / base, 6) if base > 0 else None
    low = high = None
    if closed is not None and has_blocks(none.shape[1], settings.block_weeks):
        sums = bootstrap(np.stack([none, now]), rng=rng, resamples=settings.resamples, block_weeks=settings.block_weeks)
        left_open = quotient(sums[:, 1], sums[:, 0], (left, base))
        low, high = (round(end, 6) for end in interval(1 - left_open, settings.interval))
    return {"gap_none": round(base, 2), "gap_now": round(left, 2), "closed": closed, "low": low, "high": high}
