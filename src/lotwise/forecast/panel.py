"""The demand table as dense arrays: one row a series (a product in a region), one column a week."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]

WEEK = np.timedelta64(7, "D")
EVERYWHERE = "all"
NO_DEMAND = (
    "Table 'demand' has no row to forecast from: expected at least one product and one week. "
    "Look at tables 'rejects' and 'quality' for what was left out."
)
LEAST = 8
"""Weeks of history a past cutoff should have."""


@dataclass(frozen=True)
class Panel:
    """Demand of all series over all weeks.

    Parameters
    ----------
    products, regions
        Product and region of each series, sorted by both; ``(n_series,)``.
    weeks
        Mondays, none missing; ``(n_weeks,)``.
    units
        Units; absent before the series' first week, 0 where a later week has no row; ``(n_series, n_weeks)``.
    measures
        Other columns of the demand table in the same shape, absent where they have no value.
    """

    products: npt.NDArray[np.str_]
    regions: npt.NDArray[np.str_]
    weeks: Days
    units: Array
    measures: Mapping[str, Array] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, int]:
        """Number of series and of weeks."""
        return self.units.shape[0], self.units.shape[1]

    def series(self, products: pa.ChunkedArray, regions: pa.ChunkedArray | None) -> Index:
        """Return the series of each product and region, -1 where there is none; ``(n_rows,)``."""
        known = np.unique(self.products)
        places = np.unique(self.regions)
        number = np.full((len(known) + 1, len(places) + 1), -1, np.int64)
        number[np.searchsorted(known, self.products), np.searchsorted(places, self.regions)] = np.arange(len(self.products))
        place = codes(regions, places) if regions is not None else np.full(len(products), len(places))
        return np.asarray(number[codes(products, known), place], np.int64)

    def within(self, products: pa.ChunkedArray, region: str) -> Index:
        """Return the series of each product in one region, -1 where there is none; ``(n_rows,)``."""
        return self.series(products, pa.chunked_array([pa.repeat(pa.scalar(region), len(products))]))

    def spread(self, table: pa.Table, column: str, weeks: Days) -> Array:
        """Return a column of a weekly table in the panel's series and the given weeks; absent where it has no row.

        Rows of region ``"all"`` (or of a table without regions) hold for every region that has no row
        of its own; where the panel knows one region only, the mean over the table's regions is taken.

        Returns
        -------
        Array
            ``(n_series, n_weeks_given)``.
        """
        values = real(table[column])
        when = position(table["week"], weeks)
        total = np.zeros((self.shape[0], len(weeks)))
        count = np.zeros_like(total)
        regions = table["region"] if "region" in table.column_names else None
        own = self.series(table["product"], regions)
        usable = (own >= 0) & (when >= 0) & np.isfinite(values)
        _add(total, count, own[usable], when[usable], values[usable])
        for member in self._members(table, regions):
            fits = (member >= 0) & (when >= 0) & np.isfinite(values)
            more, seen = np.zeros_like(total), np.zeros_like(total)
            _add(more, seen, member[fits], when[fits], values[fits])
            total, count = np.where(count > 0, total, more), np.where(count > 0, count, seen)
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)

    def _members(self, table: pa.Table, regions: pa.ChunkedArray | None) -> list[Index]:
        """Return, for each region of ours, the series that rows without a region of ours speak of."""
        wide = np.ones(table.num_rows, bool)
        places = np.unique(self.regions)
        if regions is not None:
            wide = np.asarray(pc.equal(regions, EVERYWHERE).to_numpy(zero_copy_only=False), bool)
            if list(places) == [EVERYWHERE]:
                wide = np.ones(table.num_rows, bool)
        if not wide.any():
            return []
        return [np.where(wide, self.within(table["product"], str(place)), -1) for place in places]


def dense(demand: pa.Table) -> Panel:
    """Return the demand table as a panel.

    Parameters
    ----------
    demand
        Columns ``product, region, week, units`` and any other numeric columns of the ``demand`` contract.

    Raises
    ------
    ContractError
        There is no row, a week is no Monday, or units are negative or infinite; units that are absent are not known.
    """
    if demand.num_rows == 0:
        raise ContractError(NO_DEMAND)
    _refuse_wrong(demand)
    weeks = _mondays(demand["week"])
    products, product = ranked(demand["product"])
    regions, region = ranked(demand["region"])
    pairs, row = np.unique(product * len(regions) + region, return_inverse=True)
    row = row.reshape(-1)
    when = position(demand["week"], weeks)
    shape = (len(pairs), len(weeks))
    first = np.full(shape[0], shape[1])
    np.minimum.at(first, row, when)
    units = np.zeros(shape)
    units[row, when] = real(demand["units"])
    units[np.arange(shape[1]) < first[:, None]] = np.nan
    measures = {}
    for name in ("revenue", "unit_price", "discount", "customers", "orders"):
        if name in demand.column_names:
            measures[name] = np.full(shape, np.nan)
            measures[name][row, when] = real(demand[name])
    return Panel(products[pairs // len(regions)], regions[pairs % len(regions)], weeks, units, measures)


def ranked(values: pa.ChunkedArray) -> tuple[npt.NDArray[np.str_], Index]:
    """Return the different texts in order, and the place of each value among them."""
    known = np.sort(pc.unique(values).to_numpy(zero_copy_only=False).astype(str))
    return known, codes(values, known)


def real(values: pa.ChunkedArray) -> Array:
    """Return numbers as floats, absent ones as not-a-number."""
    return np.asarray(values.cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64)


def days(values: pa.ChunkedArray) -> Days:
    """Return dates or times as days."""
    return np.asarray(values.cast(pa.date32(), safe=False).to_numpy(zero_copy_only=False), "datetime64[D]")


def monday(day: Days) -> Days:
    """Return the Monday of the week of each day."""
    number = day.astype("datetime64[D]").astype(np.int64)
    return (number - (number + 3) % 7).astype("datetime64[D]")


def position(values: pa.ChunkedArray, weeks: Days) -> Index:
    """Return the place of each day's week among consecutive weeks, -1 outside them."""
    found = (monday(days(values)) - weeks[0]).astype(np.int64) // 7
    return np.where((found >= 0) & (found < len(weeks)), found, -1)


def codes(values: pa.ChunkedArray, known: npt.NDArray[np.str_]) -> Index:
    """Return the place of each text among the known ones, their number where it is unknown."""
    found = pc.fill_null(pc.index_in(values.cast(pa.string()), value_set=pa.array(known.tolist(), pa.string())), len(known))
    return np.asarray(found.to_numpy(zero_copy_only=False), np.int64)


def cutoffs(n_weeks: int, *, horizon: int, wanted: int) -> list[int]:
    """Return the last known week (its place) of each past cutoff, the earliest first.

    Cutoffs lie a horizon apart, going back from the last window that is wholly observed, so that no week
    is settled twice. Those with less than ``LEAST`` weeks before them are left out; if that leaves none,
    the last one stays as long as there are two weeks to learn from.
    """
    ends = [n_weeks - 1 - horizon * step for step in range(wanted, 0, -1)]
    usable = [end for end in ends if end + 1 >= LEAST]
    return usable or [end for end in ends[-1:] if end + 1 >= 2]  # noqa: PLR2004  a spread needs two weeks


def _mondays(values: pa.ChunkedArray) -> Days:
    day = np.unique(days(values))
    wrong = day[monday(day) != day]
    if len(wrong):
        message = f"Table 'demand' has weeks that start on no Monday, such as {wrong[0]}. Count weeks from Mondays."
        raise ContractError(message)
    return np.arange(day[0], day[-1] + WEEK, WEEK)


def _refuse_wrong(demand: pa.Table) -> None:
    """Pass where no units are negative or infinite."""
    units = real(demand["units"])
    wrong = np.flatnonzero((units < 0) | np.isinf(units))
    if len(wrong):
        product, week, value = (demand[name][int(wrong[0])].as_py() for name in ("product", "week", "units"))
        message = (
            f"Table 'demand' has {len(wrong)} units that are negative or infinite, such as {value:g} of '{product}' in {week}. "
            "Take returns out of the week they were sold in, and leave out what is not known."
        )
        raise ContractError(message)


def _add(total: Array, count: Array, series: Index, week: Index, values: Array) -> None:
    np.add.at(total, (series, week), values)
    np.add.at(count, (series, week), 1.0)


@dataclass(frozen=True)
class Facts:
    """All that is known, to be read as of a cutoff by the families of features.

    Parameters
    ----------
    panel
        Demand.
    horizon
        Weeks ahead.
    tables
        Other tables by name, narrowed to the panel's products.
    note
        Told what had to be left out.
    sold
        Demand as it was recorded, where the panel's is unconstrained: what a plan is settled against.
    censored
        Weeks in which a product was out of stock; ``(n_series, n_weeks)``.
    """

    panel: Panel
    horizon: int
    tables: Mapping[str, pa.Table]
    note: Callable[[str], None]
    sold: Array | None = None
    censored: Mask | None = None

    def came(self, end: int, *, scored: bool = False) -> Array:
        """Return the demand of the weeks after one; ``(n_series, horizon)``.

        With ``scored``, absent where the product was out of stock: what was sold is then only the least that was asked for.
        """
        units = self.panel.units if self.sold is None else self.sold
        after = slice(end + 1, end + 1 + self.horizon)
        if not scored or self.censored is None:
            return units[:, after]
        return np.where(self.censored[:, after], np.nan, units[:, after])

    @property
    def axis(self) -> Days:
        """The panel's weeks and the horizon after them; ``(n_weeks + horizon,)``."""
        weeks = self.panel.weeks
        return np.concatenate([weeks, weeks[-1] + WEEK * np.arange(1, self.horizon + 1)])

    def groups(self, kind: str) -> Index:
        """Return the number of each series' category, department or the like; 0 where products say nothing."""
        products = self.tables.get("products")
        if products is None or kind not in products.column_names or products.num_rows == 0:
            return np.zeros(self.panel.shape[0], np.int64)
        known = np.sort(products["product"].to_numpy(zero_copy_only=False).astype(str))
        order = np.argsort(products["product"].to_numpy(zero_copy_only=False).astype(str), kind="stable")
        names = pc.fill_null(products[kind].cast(pa.string()), "").to_numpy(zero_copy_only=False).astype(str)[order]
        place = np.minimum(np.searchsorted(known, self.panel.products), len(known) - 1)
        named = np.where(known[place] == self.panel.products, names[place], "")
        return np.unique(named, return_inverse=True)[1].reshape(-1).astype(np.int64)
