"""The tables of the market from the project's tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.mine.market.likeness import Attributes
from lotwise.mine.market.panel import MOST, panel, rival_prices
from lotwise.mine.market.positions import positions
from lotwise.mine.market.shares import Sales, shares
from lotwise.tables.mined import MARKET, MARKET_SHARES, MINING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from lotwise.stage import Inputs

NO_COMPETITORS = "no competitors' prices are known"
NO_DEMAND = "no weekly demand with revenue is known"
NO_SALES = "orders hold no sale with revenue"


def publish(inputs: Inputs, mined: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Return ``market``, ``market_shares`` and the row of ``mining``."""
    params, today = inputs.settings.mine.market, inputs.settings.project.today
    tables = {
        name: inputs.table(name) if inputs.has(name) else None for name in ("products", "options", "demand", "competitors")
    }
    notes = []
    market, weeks = MARKET.empty(), 0
    if tables["demand"] is not None:
        found = panel(tables["demand"], params.weeks, today)
        rivals = {} if tables["competitors"] is None else rival_prices(found, tables["competitors"])
        market = positions(found, rivals, Attributes(found.products, tables["products"], tables["options"]), params.rivals)
        weeks = len(found.weeks)
        notes += [] if rivals else [NO_COMPETITORS]
        notes += [f"of {found.cut + MOST} products sold lately, the {MOST} with most revenue are told of"] if found.cut else []
    if not weeks:
        notes.append(NO_DEMAND)
    sales = gather(inputs.table("orders"), tables["products"], mined.get("segments"), 7 * params.weeks, today)
    told = MARKET_SHARES.empty() if sales is None else shares(sales)
    notes += [NO_SALES] if sales is None else []
    rows = market.num_rows + told.num_rows
    row = {
        "part": "market",
        "scope": "all",
        "ended": ("capped" if weeks and found.cut else "whole") if rows else "left out",
        "rows": rows,
        "evidence": weeks if rows else 0,
        "note": "; ".join(notes) or None,
    }
    return {
        "market": market,
        "market_shares": told,
        "mining": MINING.check(pa.Table.from_pylist([row], schema=MINING.schema)),
    }


def gather(
    orders: pa.Table, products: pa.Table | None, segments: pa.Table | None, days: int, today: date | None
) -> Sales | None:
    """Return the sales of the last days that brought revenue, or nothing where there is none.

    Parameters
    ----------
    orders, products
        Tables of these names.
    segments
        Table ``segments``, of the customers' segments.
    days
        How many days at the end.
    today
        First day that is not known yet. Default: the day after the last order.
    """
    day = orders["time"].to_numpy().astype("datetime64[D]").astype(np.int64)
    last = int(np.datetime64(today, "D").astype(np.int64)) if today else int(day.max(initial=-1)) + 1
    revenue = pc.fill_null(orders["revenue"], 0.0).to_numpy()
    is_sale = pc.equal(orders["kind"], "sale").to_numpy()
    rows = np.flatnonzero(is_sale & (revenue > 0) & (day < last) & (day >= last - days))
    if not len(rows):
        return None
    encoded = orders["product"].take(pa.array(rows)).combine_chunks().dictionary_encode()
    names, place = np.unique(np.array(encoded.dictionary.to_pylist(), dtype=object), return_inverse=True)
    labels, segment = _segments(orders["customer"].take(pa.array(rows)), segments)
    kept = list(names)
    return Sales(
        products=kept,
        categories=_attribute(products, "category", kept),
        brands=_attribute(products, "brand", kept),
        segments=labels,
        product=place[encoded.indices.to_numpy()],
        segment=segment,
        units=np.maximum(orders["units"].to_numpy()[rows], 0),
        revenue=revenue[rows],
    )


def _segments(customers: pa.ChunkedArray, segments: pa.Table | None) -> tuple[list[str], np.ndarray]:
    """Return the segments there are, and the place of each line's; -1 for none."""
    if segments is None or not segments.num_rows:
        return [], np.full(len(customers), -1)
    names, of = np.unique(np.array(segments["segment"].to_pylist(), dtype=object), return_inverse=True)
    found = pc.fill_null(pc.index_in(customers, segments["customer"].combine_chunks()), len(of)).to_numpy()
    return list(names), np.append(of, -1)[found]


def _attribute(products: pa.Table | None, column: str, names: list[str]) -> list[str | None]:
    if products is None:
        return [None] * len(names)
    known = dict(zip(products["product"].to_pylist(), products[column].to_pylist(), strict=True))
    return [known.get(name) for name in names]
