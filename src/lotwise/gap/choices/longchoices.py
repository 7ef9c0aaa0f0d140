"""Choices in any long frame: one row an alternative of an occasion, with what was shown, its price and its attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import ContractError, breaches, did_you_mean
from lotwise.gap.choices.logit import Occasions, Reals, Whole
from lotwise.gap.choices.regret import Offer, Reach, counts, measures
from lotwise.gap.frames.long import arrow
from lotwise.tables.ledger import UNSEEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NEEDED = ("occasion", "alternative", "chosen", "price")
TOLD = ("shown", "customer", "margin")
_EXAMPLES = 3


def choice_regret(
    choices: Any,  # noqa: ANN401  any frame there is
    *,
    rng: np.random.Generator | None = None,
    attributes: Sequence[str] | None = None,
    resamples: int = 2000,
    interval: float = 0.9,
) -> pa.Table:
    """Return the table ``unseen`` of choices: regret, surplus and margin lost to what was not shown, and shares of it.

    A conditional logit is fitted to what was shown; utility over the part-worth of the price is money.

    Parameters
    ----------
    choices
        Frame of pandas, Polars or Arrow, or a dict of columns, one row an alternative: ``occasion``, ``alternative``,
        ``chosen`` (true for one row an occasion), ``price``, and attributes. Rows are the catalogue then on sale;
        ``shown`` says which of them were shown (absent: all). ``customer`` groups occasions (absent: each stands alone);
        ``margin`` is price less cost (absent: margins are not measured).
    rng
        Source of the bootstrap's draws; absent: seed 0.
    attributes
        Columns that utility depends on beside ``price``; absent: every other column. Texts become one column a value, the
        first in order of the alphabet being the base.
    resamples, interval
        Draws of customers, and the width of intervals.

    Raises
    ------
    ContractError
        The frame has missing columns, empty values, occasions with none or two chosen, with one alternative, or with one
        alternative twice, a choice that was not shown, or prices that differ within no occasion: all are listed.
    InputError
        Attributes cannot be told apart, or separate the choices perfectly.
    """
    table = _columns(choices, attributes)
    chosen, shown = _flags(table, "chosen"), _flags(table, "shown")
    names, columns = _attributes(table)
    occasion, product = _codes(table["occasion"]), _codes(table["alternative"])
    found = [*_per_occasion(table, occasion, product, chosen, shown), *_prices(occasion, columns[:, 0], shown)]
    if found:
        raise ContractError(breaches("Choices cannot be used", found))
    order = np.argsort(occasion, kind="stable")
    size = np.bincount(occasion)
    customer = _codes(table["customer"])[order][np.cumsum(size) - size] if "customer" in table.column_names else None
    offer = Offer(
        Occasions(names, columns[order], np.cumsum(size) - size, np.flatnonzero(chosen[order])),
        shown[order],
        product[order],
        np.arange(len(size)) if customer is None else customer,
        table["margin"].to_numpy().astype(np.float64)[order] if "margin" in table.column_names else None,
    )
    rng = rng or np.random.default_rng(0)
    rows = measures(offer, rng=rng, resamples=resamples, width=interval)
    rows += counts(_reach(offer), rng=rng, resamples=resamples, width=interval)
    return pa.Table.from_pylist(rows, schema=UNSEEN.schema)


def _reach(offer: Offer) -> Reach:
    """Return how many of the products each customer could have chosen were never shown to them."""
    products = int(offer.product.max()) + 1
    key = offer.customer[offer.occasions.occasion] * products + offer.product
    pairs, place = np.unique(key, return_inverse=True)
    hidden = np.bincount(place, offer.shown) == 0
    who = np.unique(pairs // products, return_inverse=True)[1]
    never = int((np.bincount(offer.product, offer.shown, minlength=products) == 0).sum())
    return Reach(np.bincount(who, hidden).astype(np.float64), np.bincount(who).astype(np.float64), never, products)


def _columns(choices: Any, attributes: Sequence[str] | None) -> pa.Table:  # noqa: ANN401  any frame there is
    """Return the frame's columns that are used, in a fixed order, once none is missing or holds an empty value."""
    table = arrow(choices, "The frame of choices")
    others = [name for name in table.column_names if name not in (*NEEDED, *TOLD)]
    wanted = [*NEEDED, *(name for name in TOLD if name in table.column_names), *(others if attributes is None else attributes)]
    found = [
        f"column '{name}' is missing{did_you_mean(name, table.column_names)}"
        for name in wanted
        if name not in table.column_names
    ]
    for name in (name for name in wanted if name in table.column_names):
        empty = pc.is_null(table[name], nan_is_null=True)
        if pa.types.is_floating(table[name].type):
            empty = pc.or_(empty, pc.invert(pc.fill_null(pc.is_finite(table[name]), fill_value=False)))
        if pc.any(empty).as_py():
            rows = np.flatnonzero(empty.to_numpy())
            found.append(f"column '{name}' has {len(rows)} empty or infinite values, first in row {rows[0] + 1}")
        if name in ("price", "margin") and not _is_number(table[name].type):
            found.append(f"column '{name}' has type {table[name].type}, expected numbers")
    if found:
        raise ContractError(breaches("Choices cannot be used", found))
    if "shown" not in table.column_names:
        table = table.append_column("shown", pa.array(np.ones(table.num_rows, dtype=np.bool_)))
        wanted.append("shown")
    return table.select(wanted)


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_boolean(kind))


def _flags(table: pa.Table, name: str) -> np.ndarray:
    values = table[name].to_numpy()
    if not np.isin(values, [0, 1]).all():
        raise ContractError(
            f"Choices cannot be used:\n- column '{name}' holds {values[~np.isin(values, [0, 1])][0]}, expected 0 or 1"
        )
    return np.asarray(values, dtype=np.bool_)


def _codes(column: pa.ChunkedArray) -> Whole:
    values = column.to_numpy()
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def _attributes(table: pa.Table) -> tuple[tuple[str, ...], Reals]:
    """Return the attributes, the price first; texts as one column a value but the first."""
    names, columns = ["price"], [table["price"].to_numpy().astype(np.float64)]
    for name in table.column_names:
        if name in (*NEEDED, *TOLD):
            continue
        if _is_number(table[name].type):
            names.append(name)
            columns.append(table[name].to_numpy().astype(np.float64))
            continue
        values, code = np.unique(table[name].to_numpy().astype(str), return_inverse=True)
        names += [f"{name} = {value}" for value in values[1:]]
        columns += [(code == place).astype(np.float64) for place in range(1, len(values))]
    return tuple(names), np.column_stack(columns)


def _per_occasion(table: pa.Table, occasion: Whole, product: Whole, chosen: np.ndarray, shown: np.ndarray) -> Iterator[str]:
    """Yield what is wrong with occasions, each fault with examples."""
    size, taken = np.bincount(occasion), np.bincount(occasion, chosen)
    hidden = np.bincount(occasion, chosen & ~shown) > 0
    twice = np.zeros(len(size), dtype=np.bool_)
    _, first, times = np.unique(occasion * (product.max() + 1) + product, return_index=True, return_counts=True)
    twice[occasion[first[times > 1]]] = True
    row = np.unique(occasion, return_index=True)[1]
    several = np.zeros(len(size), dtype=np.bool_)
    if "customer" in table.column_names:
        customer = _codes(table["customer"])
        several[occasion[customer != customer[row][occasion]]] = True
    for fault, text in (
        (taken == 0, "have no chosen alternative; expected one"),
        (taken > 1, "have two chosen alternatives or more; expected one"),
        (hidden, "have a chosen alternative that was not shown"),
        (size == 1, "have a single alternative; expected two at least"),
        (twice, "have an alternative twice"),
        (several, "have more than one customer"),
    ):
        where = row[fault][:_EXAMPLES]
        if len(where):
            shown_as = ", ".join(str(value) for value in table["occasion"].take(pa.array(where)).to_pylist())
            yield f"{fault.sum()} occasions {text}: {shown_as}"


def _prices(occasion: Whole, price: Reals, shown: np.ndarray) -> Iterator[str]:
    least, most = np.full(occasion.max() + 1, np.inf), np.full(occasion.max() + 1, -np.inf)
    np.minimum.at(least, occasion[shown], price[shown])
    np.maximum.at(most, occasion[shown], price[shown])
    if not (most > least).any():
        yield "'price' is the same for all alternatives shown on every occasion; expected prices that differ"
