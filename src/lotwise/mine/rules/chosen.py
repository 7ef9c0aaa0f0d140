"""The options chosen on the lines that count, product by product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.mine.rules.reading import Bought, encode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from lotwise.mine.rules.reading import Lines

    Reals = NDArray[np.float64]
    Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Chosen:
    """Options chosen on lines; each array has one element a choice, sorted by line and item.

    Parameters
    ----------
    lines
        The lines that count.
    names
        ``"option=value"``, in order.
    choices
        The same as pairs.
    line, item
        Places in ``lines`` and in ``names``.
    margin
        Extra price less extra cost, times the units of the line; NaN where one of them is not known.
    """

    lines: Lines
    names: tuple[str, ...]
    choices: tuple[tuple[str, str], ...]
    line: Whole
    item: Whole
    margin: Reals

    def by_product(self) -> Iterator[tuple[str, Bought, tuple[tuple[str, str], ...], Whole]]:
        """Yield each product with what its lines hold, its choices in the order of the items, and its lines."""
        product = self.lines.product[self.line]
        order = np.argsort(product, kind="stable")
        for mine in np.split(order, np.flatnonzero(np.diff(product[order])) + 1) if len(order) else ():
            line, basket = np.unique(self.line[mine], return_inverse=True)
            used, item = np.unique(self.item[mine], return_inverse=True)
            names, choices = tuple(self.names[place] for place in used), tuple(self.choices[place] for place in used)
            day, customer = self.lines.day[line], self.lines.customer[line]
            bought = Bought(names, basket, item, self.margin[mine], day, customer, self.lines.today)
            yield self.lines.products[product[mine[0]]], bought, choices, line

    def within(self, kept: NDArray[np.bool_]) -> Chosen:
        """Return the choices on some of the lines, ``kept`` having one element a line."""
        rows = kept[self.line]
        return Chosen(self.lines, self.names, self.choices, self.line[rows], self.item[rows], self.margin[rows])

    def counts(self) -> dict[str, Whole]:
        """Return, by item, the lines of each product that hold it; by ``""``, those that hold any option; ``(n_products,)``."""
        products, items = len(self.lines.products), len(self.names)
        cells = self.item * products + self.lines.product[self.line]
        held = np.bincount(cells, minlength=items * products).reshape(items, products)
        any_ = np.bincount(self.lines.product[np.unique(self.line)], minlength=products)
        return {"": any_, **dict(zip(self.names, held, strict=True))}


def choose(lines: Lines, orders: pa.Table, order_options: pa.Table, options: pa.Table | None = None) -> Chosen:
    """Return the options chosen on the lines that count.

    Parameters
    ----------
    lines
        As ``reading.read`` gives them of ``orders``.
    orders, order_options, options
        Tables that keep the contracts of these names.
    """
    own = orders.select(["order", "line"]).take(pa.array(lines.row))
    own = own.append_column("at", pa.array(np.arange(len(lines))))
    found = own.join(order_options, keys=["order", "line"], join_type="inner", use_threads=False)
    label = pc.binary_join_element_wise(found["option"], found["value"], "=")
    names, item = encode(pa.chunked_array(label.chunks, pa.string()))
    line = found["at"].to_numpy()
    sort = np.lexsort((item, line))
    line, item = line[sort], item[sort]
    first = np.unique(item, return_index=True)[1]
    option = found["option"].take(pa.array(sort[first])).to_pylist()
    choices = tuple((o, name[len(o) + 1 :]) for o, name in zip(option, names, strict=True))
    return Chosen(
        lines, names, choices, line, item, _extra(lines, names, options)[lines.product[line], item] * lines.units[line]
    )


def _extra(lines: Lines, names: tuple[str, ...], options: pa.Table | None) -> Reals:
    """Return what one unit of each product earns more with each item, ``(n_products, n_items)``; NaN where not known."""
    found = np.full((len(lines.products), len(names)), np.nan)
    if options is None:
        return found
    label = pc.binary_join_element_wise(options["option"], options["value"], "=")
    row = pc.fill_null(pc.index_in(options["product"], pa.array(lines.products, pa.string())), -1).to_numpy()
    column = pc.fill_null(pc.index_in(label, pa.array(names, pa.string())), -1).to_numpy()
    gain = pc.subtract(options["extra_price"], options["extra_cost"]).cast(pa.float64()).to_numpy()
    known = (row >= 0) & (column >= 0)
    found[row[known], column[known]] = gain[known]
    return found
