"""A user's prices and costs by series, and what is made of odd ones."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import ContractError, breaches
from lotwise.gap.frames.long import SHOWN, among, arrow, example, floats, missing
from lotwise.gap.frames.newsvendor import Terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.gap.frames.newsvendor import Array, Index

log = logging.getLogger("lotwise.gap")

MONEY = ("price", "cost", "salvage")
NEVER_MADE = "not made: its cost is not below its price"
AS_COST = "salvage counts as the cost: what is left cannot earn more than it cost"

_WHAT = "The economics"


def read(economics: Any, ids: pa.Array, uses: str | None = None) -> tuple[Terms, list[str], str]:  # noqa: ANN401  any frame
    """Return what a unit of each series earns and costs, a note on each odd one, and the currency.

    A series whose cost is not below its price is never made. Salvage above the cost counts as the cost.

    Parameters
    ----------
    economics
        Columns ``unique_id, price, cost, salvage``, one row a series, and ``currency`` where there is one; or one dict of
        ``price, cost, salvage`` for all.
    ids
        The series asked for; rows of others are passed over.
    uses
        Column of the capacity a unit takes; by default 1.

    Returns
    -------
    Terms
        In the order of ``ids``.
    list of str
        Note of each series, empty where nothing is odd.
    str
        Currency, empty where none is given.

    Raises
    ------
    ContractError
        A series has no row or two, a figure is absent, infinite or negative, salvage is not below the price, or there are
        two currencies; every breach is listed.
    """
    table = _one_for_all(economics, ids) if _is_one(economics) else arrow(economics, _WHAT)
    lacking = missing(table, ("unique_id", *MONEY, *([uses] if uses else [])))
    if lacking:
        raise ContractError(breaches(f"{_WHAT} break their contract", lacking))
    place = among(table, "unique_id", ids, _WHAT)
    table = table.filter(pa.array(place >= 0))
    place = place[place >= 0]
    columns = {name: floats(table, name, _WHAT) for name in (*MONEY, *([uses] if uses else []))}
    currencies = pc.unique(table["currency"]).drop_null().to_pylist() if "currency" in table.column_names else []
    found = list(_faults(table, ids, place, columns, currencies))
    if found:
        raise ContractError(breaches(f"{_WHAT} break their contract", found))
    order = np.argsort(place, kind="stable")
    price, cost, salvage = (columns[name][order] for name in MONEY)
    notes = [
        NEVER_MADE if never else AS_COST if cut else ""
        for never, cut in zip((cost >= price).tolist(), (salvage > cost).tolist(), strict=True)
    ]
    _tell(notes, ids)
    taken = columns[uses][order] if uses else np.ones(len(ids))
    return Terms(price, cost, np.minimum(salvage, cost), taken), notes, str(currencies[0]) if currencies else ""


def _is_one(economics: Any) -> bool:  # noqa: ANN401  any frame
    return (
        isinstance(economics, dict)
        and "unique_id" not in economics
        and all(np.ndim(value) == 0 for value in economics.values())
    )


def _one_for_all(economics: dict[str, object], ids: pa.Array) -> pa.Table:
    return pa.table({"unique_id": ids, **{name: pa.repeat(pa.scalar(value), len(ids)) for name, value in economics.items()}})


def _faults(table: pa.Table, ids: pa.Array, place: Index, columns: dict[str, Array], currencies: list[object]) -> Iterator[str]:
    absent = np.setdiff1d(np.arange(len(ids)), place)
    if len(absent):
        shown = ", ".join(str(ids[int(one)].as_py()) for one in absent[:SHOWN])
        yield f"{len(absent)} of {len(ids)} series have no row, such as {shown}; add one for each"
    order = np.argsort(place, kind="stable")
    twice = order[1:][np.diff(place[order]) == 0]
    if len(twice):
        yield f"{len(twice)} series stand twice, such as {example(table, twice, ('unique_id', *MONEY))}; keep one row a series"
    for name, values in columns.items():
        wrong = np.flatnonzero(~(np.isfinite(values) & (values >= 0)))
        if len(wrong):
            shown = example(table, wrong, ("unique_id", name))
            yield f"'{name}' is absent, infinite or negative in {len(wrong)} rows, such as {shown}"
    wrong = np.flatnonzero((columns["salvage"] >= columns["price"]) & (columns["price"] > 0))
    if len(wrong):
        shown = example(table, wrong, ("unique_id", *MONEY))
        yield f"'salvage' is not below 'price' in {len(wrong)} rows, such as {shown}; are the columns swapped?"
    if len(currencies) > 1:
        yield f"'currency' holds {', '.join(map(str, currencies))}; convert all money into one"


def _tell(notes: list[str], ids: pa.Array) -> None:
    for note in (NEVER_MADE, AS_COST):
        odd = [place for place, said in enumerate(notes) if said == note]
        if odd:
            shown = ", ".join(str(ids[place].as_py()) for place in odd[:SHOWN])
            log.warning("%d of %d series, such as %s: %s", len(odd), len(ids), shown, note)
