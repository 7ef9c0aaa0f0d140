"""Who bought what, and when: the purchases that recommenders learn from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


@dataclass(frozen=True)
class Purchases:
    """Purchases of known customers, one a row, sorted by customer, product and day.

    Parameters
    ----------
    customers
        Names of the ``n`` customers, ascending; some may have bought nothing.
    products
        Codes of the ``m`` products, ascending.
    customer
        Place of each purchase's customer in ``customers``.
    product
        Place of each purchase's product in ``products``.
    day
        Day of each purchase, counted from 1970-01-01.
    """

    customers: tuple[str, ...]
    products: tuple[str, ...]
    customer: NDArray[np.int64]
    product: NDArray[np.int64]
    day: NDArray[np.int64]

    @property
    def shape(self) -> tuple[int, int]:
        """Number of customers and number of products."""
        return len(self.customers), len(self.products)

    def between(self, start: int | None, end: int) -> Purchases:
        """Return the purchases of the days from ``start`` (None: the first) up to, not including, ``end``."""
        kept = self.day < end
        if start is not None:
            kept &= self.day >= start
        return replace(self, customer=self.customer[kept], product=self.product[kept], day=self.day[kept])

    def among(self, places: NDArray[np.int64]) -> Purchases:
        """Return the purchases of some products only; ``places`` are theirs in ``products``, ascending."""
        kept = np.isin(self.product, places)
        return Purchases(
            self.customers,
            tuple(self.products[place] for place in places),
            self.customer[kept],
            np.searchsorted(places, self.product[kept]),
            self.day[kept],
        )

    def counts(self) -> sparse.csr_array:
        """Return how often each customer bought each product, ``(n, m)``."""
        return self._matrix(np.ones(len(self.day)))

    def decayed(self, half_life: float, end: int) -> sparse.csr_array:
        """Return the same with each purchase worth ``2 ** (-age / half_life)``, age in days on the day before ``end``."""
        return self._matrix(np.exp2((self.day - (end - 1)) / half_life))

    def buyers(self) -> NDArray[np.int64]:
        """Return how many different customers bought each product, ``(m,)``."""
        return np.bincount(self.counts().indices, minlength=len(self.products)).astype(np.int64)

    def _matrix(self, values: NDArray[np.float64]) -> sparse.csr_array:
        matrix = sparse.coo_array((values, (self.customer, self.product)), shape=self.shape).tocsr()
        matrix.sum_duplicates()
        return matrix


def gather(orders: pa.Table, products: Iterable[str], *, others: Iterable[str] = ()) -> Purchases:
    """Return the purchases that orders hold: sales of the given products to known customers.

    A line counts once, whatever its units; returns and cancelled sales do not count.

    Parameters
    ----------
    orders
        The clean ``orders``; columns customer, product, time, units and kind are read.
    products
        Codes of the products that may be recommended.
    others
        Customers known from elsewhere, who may have bought nothing.
    """
    codes = tuple(sorted(set(products)))
    sales = orders.select(["customer", "product", "time", "units", "kind"]).filter(
        (pc.field("kind") == "sale")
        & (pc.field("units") > 0)
        & pc.field("customer").is_valid()
        & pc.field("product").isin(pa.array(codes, pa.string()))
    )
    names = tuple(sorted({*pc.unique(sales["customer"]).to_pylist(), *others}))
    customer, product = _places(sales["customer"], names), _places(sales["product"], codes)
    day = sales["time"].cast(pa.date32()).cast(pa.int32()).to_numpy().astype(np.int64)
    order = np.lexsort((day, product, customer))
    return Purchases(names, codes, customer[order], product[order], day[order])


def _places(values: pa.ChunkedArray, names: tuple[str, ...]) -> NDArray[np.int64]:
    places: NDArray[np.int64] = pc.index_in(values, value_set=pa.array(names, values.type)).to_numpy().astype(np.int64)
    return places
