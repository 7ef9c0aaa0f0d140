"""What machines, materials and lead times cost: the account ``unmade``, split by what binds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.gap.interval import total
from lotwise.gap.line import Line
from lotwise.gap.value import IDEAL, codes, days, moment, places

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.gap.value import Value

LEAD = "lead time"
NONE = "no limit binds"
OPEN = "not attributed"


def unmade(value: Value, *, plans: pa.Table, prices: pa.Table, uses: pa.Table, lead_weeks: int = 0) -> list[Line]:
    """Return one line for each resource that binds, the dearest first.

    The total is V(ideal) - V(perfect). Within each window it is shared out by shadow price x
    shortage: the hours or units by which the plan without limits exceeds what there is, at the price
    the plan with limits puts on one more of them. The shares are scaled to the total, for a
    shadow price holds for the first hour only. What is lost in the first weeks of a window, which
    nothing made within it can serve, is lost to lead time.

    Parameters
    ----------
    value
        Settled profits.
    plans, prices, uses
        The tables of these names; only the rows of information ``perfect`` are read.
    lead_weeks
        Weeks from making a unit to having it for sale.
    """
    loss = value.gain(IDEAL, "perfect")
    resources, weight = shortages(value, plans=plans, prices=prices, uses=uses, lead_weeks=lead_weeks)
    priced = weight.sum(axis=0)
    shares = np.divide(weight, priced, out=np.zeros_like(weight), where=priced > 0)[:, value.windows]
    late = value.weeks < value.cutoffs + np.timedelta64(7 * lead_weeks, "D")
    shares = np.where(late, 0.0, shares)
    lines = [
        Line("unmade", resource, _NOTE, cells=loss * share, counted=True)
        for resource, share in zip(resources, shares, strict=True)
        if share.any()
    ]
    lines.sort(key=lambda line: (-total(_cells(line)), line.name))
    rest = np.where(late | (priced[value.windows] > 0), 0.0, loss)
    if late.any():
        note = "What the first weeks of each window lose because nothing made within it is ready."
        lines.append(Line("unmade", LEAD, note, cells=np.where(late, loss, 0.0), counted=True))
    if rest.any():
        note = "Lost to limits in windows in which no resource has both a price and a shortage."
        lines.append(Line("unmade", OPEN, note, cells=rest, counted=True))
    return lines or [Line("unmade", NONE, "The plan without limits fits within them.", cells=loss, counted=True)]


def shortages(
    value: Value, *, plans: pa.Table, prices: pa.Table, uses: pa.Table, lead_weeks: int = 0
) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Return the resources, and shadow price x shortage of each in each window, ``(n_resources, n_windows)``."""
    windows = np.unique(value.cutoffs)
    prices = prices.filter(pc.equal(prices["information"], "perfect"))
    resources, resource = codes(prices["resource"])
    cutoff, week = days(prices["cutoff"]), days(prices["week"])
    times, time = np.unique(moment(cutoff, week + 7 * lead_weeks), return_inverse=True)
    used = _use(plans, uses, resources=resources, times=times)[time, resource]
    capacity = pc.fill_null(prices["capacity"], float("inf")).to_numpy()
    worth = np.maximum(prices["price"].to_numpy(), 0.0) * np.maximum(used - capacity, 0.0)
    weight = np.zeros((len(resources), len(windows)))
    window = np.searchsorted(windows, cutoff.astype("datetime64[D]")) if len(windows) else np.zeros(len(cutoff), np.int64)
    settled = np.isin(cutoff.astype("datetime64[D]"), windows)
    np.add.at(weight, (resource[settled], window[settled]), worth[settled])
    return resources, np.round(weight, 6)


def _use(plans: pa.Table, uses: pa.Table, *, resources: tuple[str, ...], times: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return what the perfect plan without limits would use of each resource, ``(n_times, n_resources)``."""
    wanted = pc.and_(pc.equal(plans["information"], "perfect"), pc.equal(plans["limits"], "none"))
    plans = plans.filter(wanted)
    products, product = codes(plans["product"])
    moments = moment(days(plans["cutoff"]), days(plans["week"]))
    known = np.isin(moments, times)
    units = np.zeros((len(times), len(products)))
    units[np.searchsorted(times, moments[known]), product[known]] = plans["units"].to_numpy()[known]
    row, column = places(uses["product"], products), places(uses["resource"], resources)
    both = (row >= 0) & (column >= 0)
    quantity = np.zeros((len(products), len(resources)))
    quantity[row[both], column[both]] = uses["quantity"].to_numpy()[both]
    return units @ quantity


def _cells(line: Line) -> NDArray[np.float64]:
    return np.zeros(()) if line.cells is None else line.cells


_NOTE = "Its share of perfect plan without limits less perfect plan within them, by shadow price x shortage."
