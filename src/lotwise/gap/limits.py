"""What machines, materials, lead times and lot sizes cost: the account ``unmade``, split by limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.gap.fit import fit
from lotwise.gap.interval import total
from lotwise.gap.line import Line
from lotwise.gap.value import IDEAL, codes, days, moment, places
from lotwise.tables.planned import LIMIT_VALUES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from lotwise.gap.value import Cells, Value

LEAD = "lead time"
NONE = "no limit binds"
OPEN = "not attributed"


def unmade(
    value: Value,
    *,
    plans: pa.Table,
    prices: pa.Table,
    uses: pa.Table,
    lead_weeks: int = 0,
    limit_values: pa.Table | None = None,
) -> list[Line]:
    """Return one line for each limit that costs something, the dearest first.

    The total is V(ideal) - V(perfect), in every cell. Where ``limit_values`` knows a window, each limit has the share
    of the window's loss it has there. It falls on the products that use the limit, on each product's weeks in
    proportion to their loss; on all products alike where the shares and the uses do not fit together.

    Elsewhere the window's loss is shared out by shadow price x shortage: the hours or units by which the plan
    without limits exceeds what there is, at the price the plan with limits puts on one more of them. Those shares
    are scaled to the total, for a shadow price holds for the first hour only. What is lost there in the first weeks,
    which nothing made within the window can serve, is lost to lead time.

    Parameters
    ----------
    value
        Settled profits.
    plans, prices, uses
        The tables of these names; only the rows of information ``perfect`` are read.
    lead_weeks
        Weeks from making a unit to having it for sale.
    limit_values
        The table of this name; none by default.
    """
    table = LIMIT_VALUES.empty() if limit_values is None else limit_values
    measured, known = _measured(value, table, uses)
    priced = _priced(value, known, plans=plans, prices=prices, uses=uses, lead_weeks=lead_weeks)
    nothing = np.zeros_like(value.profit[IDEAL])
    cells = {name: measured.get(name, nothing) + priced.get(name, nothing) for name in {**measured, **priced}}
    settled = table.filter(pc.is_in(table["cutoff"], value_set=pa.array(value.cutoffs).cast(pa.date32())))
    lines = [
        Line("unmade", name, " ".join(_note(name, settled, is_priced=name in priced)), cells=money, counted=True)
        for name, money in cells.items()
        if money.any()
    ]
    lines.sort(key=lambda line: (line.name == OPEN, -total(cells[line.name]), line.name))
    loss = value.gain(IDEAL, "perfect")
    return lines or [Line("unmade", NONE, "The plan without limits fits within them.", cells=loss, counted=True)]


def _measured(value: Value, table: pa.Table, uses: pa.Table) -> tuple[dict[str, Cells], NDArray[np.bool_]]:
    """Return the money of each limit where its share is known, and whether it is in each window, ``(n_windows,)``."""
    loss = value.gain(IDEAL, "perfect")
    limits, limit = codes(table["limit"])
    windows = np.unique(value.cutoffs)
    lost = np.zeros((len(windows), len(limits)))
    cutoff = days(table["cutoff"]).astype("datetime64[D]")
    settled = np.isin(cutoff, windows)
    lost[np.searchsorted(windows, cutoff[settled]), limit[settled]] = table["lost"].to_numpy()[settled]
    used = _quantity(uses, products=value.products, resources=limits) > 0
    used[:, ~used.any(axis=0)] = True  # lead time and lot sizes, or nobody says
    cells = np.zeros((len(limits), *loss.shape))
    known = lost.sum(axis=1) > 0
    for window in np.flatnonzero(known):
        weeks = value.windows == window
        mine = loss[:, weeks]
        cells[:, :, weeks] = fit(mine.sum(axis=1), lost[window], used).T[:, :, None] * mine
    return dict(zip(limits, cells, strict=True)), known


def _priced(
    value: Value, known: NDArray[np.bool_], *, plans: pa.Table, prices: pa.Table, uses: pa.Table, lead_weeks: int
) -> dict[str, Cells]:
    """Return the money of each limit in the other windows: by shadow price x shortage, lead time, and what is left."""
    loss = np.where(known[value.windows], 0.0, value.gain(IDEAL, "perfect"))
    resources, weight = shortages(value, plans=plans, prices=prices, uses=uses, lead_weeks=lead_weeks)
    sums = weight.sum(axis=0)
    share = np.divide(weight, sums, out=np.zeros_like(weight), where=sums > 0)[:, value.windows]
    late = value.weeks < value.cutoffs + np.timedelta64(7 * lead_weeks, "D")
    cells = {name: loss * np.where(late, 0.0, part) for name, part in zip(resources, share, strict=True)}
    cells[LEAD] = np.where(late, loss, 0.0)
    cells[OPEN] = np.where(late | (sums[value.windows] > 0), 0.0, loss)
    return {name: money for name, money in cells.items() if money.any()}


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
    return units @ _quantity(uses, products=products, resources=resources)


def _quantity(uses: pa.Table, *, products: tuple[str, ...], resources: tuple[str, ...]) -> NDArray[np.float64]:
    """Return hours or units for one unit of each product, ``(n_products, n_resources)``."""
    row, column = places(uses["product"], products), places(uses["resource"], resources)
    both = (row >= 0) & (column >= 0)
    quantity = np.zeros((len(products), len(resources)))
    quantity[row[both], column[both]] = uses["quantity"].to_numpy()[both]
    return quantity


def _note(name: str, table: pa.Table, *, is_priced: bool) -> Iterator[str]:
    """Yield what a line's note says: how its money was found, and what less of the limit would bring."""
    mine = table.filter(pc.equal(table["limit"], name))
    if mine.num_rows:
        kind = mine["kind"][0].as_py()
        yield _HOW[kind]
        yield from _figures(kind, mine)
    if is_priced and name in _REST:
        yield _REST[name]
        return
    if is_priced:
        yield _PRICED


def _figures(kind: str, mine: pa.Table) -> Iterator[str]:
    """Yield what one more, another one, none and nothing else of the limit would bring, all windows added up."""
    price, more, another, first, last = (
        pc.sum(mine[name]).as_py() for name in ("price", "one_more", "another", "first_in", "last_in")
    )
    if price is not None and more is not None:
        unit = mine["unit"][0].as_py()
        yield f"One more in each week ({unit}): {price:,.2f} by its shadow price, {more:,.2f} when planned again."
    if another is not None:
        yield f"{_ANOTHER[kind]}: {another:,.2f}."
    if first is not None:
        yield f"First in, this limit alone lifted: {first:,.2f}."
    if last is not None:
        yield f"Last in, this limit alone put on: {last:,.2f}."


_HOW = dict.fromkeys(
    ("machine", "material"), "Its share of perfect plan without limits less perfect plan within them, by Aumann-Shapley prices."
) | {
    "lead": "The perfect plan without lead time less the perfect plan with it.",
    "lot": "The perfect plan without lot rules less the perfect plan with them.",
}
_ANOTHER = {"machine": "Another machine", "material": "Another supplier"}
_REST = {
    LEAD: "What the first weeks of each window lose because nothing made within it is ready.",
    OPEN: "Lost to limits in windows in which no resource has both a price and a shortage.",
}
_PRICED = "Its share of perfect plan without limits less perfect plan within them, by shadow price x shortage."
