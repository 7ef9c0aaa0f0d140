"""The long table of profiles: blocks of one feature each, put in order of customer and feature."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.tables.mined import PROFILES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Reals = NDArray[np.float64]
    Index = NDArray[np.int64]

WORDS = ("feature", "unit")


@dataclass
class Rows:
    """Blocks of rows; features come in the order they were added in.

    Parameters
    ----------
    blocks
        Tables of rows, with the place of the customer in ``customer``.
    """

    blocks: list[pa.Table] = field(default_factory=list)

    def add(  # noqa: PLR0913  each is a column of its own
        self,
        feature: str,
        who: Index,
        evidence: pa.Array,
        *,
        value: Reals | Index | None = None,
        text: pa.Array | None = None,
        low: Reals | None = None,
        high: Reals | None = None,
        unit: str | None = None,
    ) -> None:
        """Add one feature of some customers; NaN and infinity stand for absent."""
        count = len(who)
        columns = {
            "customer": pa.array(who, pa.int64()),
            "block": pa.repeat(pa.scalar(len(self.blocks), pa.int64()), count),
            "feature": pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([feature])),
            "value": _real(value, count),
            "text": pa.nulls(count, pa.string()) if text is None else text,
            "low": _real(low, count),
            "high": _real(high, count),
            "unit": pa.DictionaryArray.from_arrays(
                pa.array(np.zeros(count, np.int32), mask=np.full(count, unit is None)), pa.array([unit or ""])
            ),
            "evidence": evidence,
        }
        self.blocks.append(pa.table(columns))

    def table(self, customers: Sequence[str]) -> pa.Table:
        """Return the contract's table; ``customers`` are the names the places stand for."""
        if not self.blocks:
            return PROFILES.empty()
        whole = pa.concat_tables(
            [block.set_column(2, "feature", block["feature"].cast(pa.string())) for block in self._plain()]
        ).combine_chunks()
        order = np.lexsort((whole["block"].to_numpy(), whole["customer"].to_numpy()))
        whole = whole.take(pa.array(order)).drop_columns(["block"])
        names = pa.array(customers, pa.string()).take(whole["customer"].combine_chunks())
        return PROFILES.check(whole.set_column(0, "customer", names))

    def _plain(self) -> list[pa.Table]:
        unit = [block.column_names.index("unit") for block in self.blocks]
        return [
            block.set_column(at, "unit", block["unit"].cast(pa.string())) for at, block in zip(unit, self.blocks, strict=True)
        ]


def _real(values: Reals | Index | None, count: int) -> pa.Array:
    if values is None:
        return pa.nulls(count, pa.float64())
    filled = np.asarray(values, np.float64)
    return pa.array(filled, mask=~np.isfinite(filled))


def words(*parts: str | pa.Array | Reals | Index) -> pa.Array:
    """Return one text an element; whole numbers stand as they are, others with one digit after the point."""
    texts = [part if isinstance(part, str) else _texts(part) for part in parts]
    return pc.binary_join_element_wise(*[pa.scalar(text) if isinstance(text, str) else text for text in texts], "")


def _texts(part: pa.Array | Reals | Index) -> pa.Array:
    if isinstance(part, pa.Array | pa.ChunkedArray):
        return part.cast(pa.string())
    if part.dtype.kind in "iu":
        return pa.array(part).cast(pa.string())
    return pa.array(np.char.mod("%.1f", part).astype(object), pa.string())


def days(numbers: Index) -> pa.Array:
    """Return days counted from 1970-01-01 as texts such as ``2025-05-05``."""
    return pa.array(np.asarray(numbers, np.int64).astype("datetime64[D]")).cast(pa.string())


def percent(shares: Reals) -> pa.Array:
    """Return shares as texts in percent, such as ``24 %``."""
    return pc.binary_join_element_wise(pa.array(np.rint(100 * shares).astype(np.int64)).cast(pa.string()), " %", "")
