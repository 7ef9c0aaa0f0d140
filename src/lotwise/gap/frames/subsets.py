"""Forecasts made with some sources and without the others, each settled on the same decisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lotwise.errors import ContractError, breaches
from lotwise.gap import shapley
from lotwise.gap.frames.long import example, read

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from lotwise.gap.frames.long import Rows
    from lotwise.gap.frames.newsvendor import Array, Quantiles
    from lotwise.gap.frames.settled import Settled

    Some = frozenset[str]

ORDERS = 16
"""Orders of adding the sources that are sampled where there are more than ``shapley.EXACT``."""


@dataclass(frozen=True)
class Asked:
    """Where the frame of a set of sources comes from.

    Parameters
    ----------
    backtest
        Makes a frame from a tuple of names, or holds frames by sets of names.
    sources
        The names, in order.
    placebo
        Name of the source of pure noise, empty where there is none.
    """

    backtest: Callable[[tuple[str, ...]], Any] | Mapping[Collection[str], Any]
    sources: tuple[str, ...]
    placebo: str = ""

    def frame(self, some: Some) -> Any:  # noqa: ANN401  any frame there is
        """Return the frame of a set.

        Raises
        ------
        ContractError
            There is none.
        """
        if callable(self.backtest):
            return self.backtest(tuple(name for name in (*self.sources, self.placebo) if name in some))
        found = {_set(names): frame for names, frame in self.backtest.items()}
        if some not in found:
            message = f"The backtest holds no frame of {named(some)}; expected the empty set, the whole and sets between."
            raise ContractError(message)
        return found[some]

    def sets(self, orders: int | None, seed: int) -> list[Some]:
        """Return the sets to settle, smaller ones first: those there are, every one, or those along sampled orders."""
        whole = frozenset(self.sources)
        noise = {frozenset({self.placebo}), whole | {self.placebo}} if self.placebo else set()
        if not callable(self.backtest):
            there = {_set(names) for names in self.backtest}
            return self._sorted({some for some in there if some <= whole or some in noise} | {frozenset(), whole})
        if orders is None and len(self.sources) <= shapley.EXACT:
            return self._sorted({*shapley.subsets(self.sources), *noise})
        found = set(shapley.sampled(self.sources, orders or ORDERS, np.random.default_rng(seed)))
        found |= {frozenset(self.sources[:size]) for size in range(len(self.sources) + 1)}
        found |= {frozenset({name}) for name in self.sources} | {whole - {name} for name in self.sources}
        return self._sorted(found | noise)

    def _sorted(self, found: set[Some]) -> list[Some]:
        return sorted(found, key=lambda some: (len(some), [name not in some for name in (*self.sources, self.placebo)]))


@dataclass(frozen=True)
class Brought:
    """What each set of sources brought.

    Parameters
    ----------
    profit
        By series and period, ``(n_series, n_periods)``.
    bits
        Log score a decision.
    """

    profit: Mapping[Some, Array]
    bits: Mapping[Some, float]


def bring(settled: Settled, whole: Rows, asked: Asked, sets: Sequence[Some]) -> Brought:
    """Return what each set brought on the settled decisions; each is asked for once.

    Parameters
    ----------
    settled
        The decisions.
    whole
        Rows of all sources, which were asked for already.
    asked
        Where the others come from.
    sets
        The sets.

    Raises
    ------
    ContractError
        A frame breaks its contract, or holds other decisions or another demand than that of all sources.
    """
    profit, bits = {}, {}
    for some in sets:
        demand = (
            settled.rows.demand if some == frozenset(asked.sources) else _same(settled.rows, whole, asked.frame(some), some)
        )
        profit[some] = settled.grid(settled.of(demand))
        bits[some] = float(settled.bits(demand).mean())
    return Brought(profit, bits)


def named(some: Some) -> str:
    """Return a set of sources in words."""
    return " + ".join(sorted(some)) or "no source"


def _set(names: Collection[str]) -> Some:
    """Return names as a set; a text is one name."""
    return frozenset([names] if isinstance(names, str) else names)


def _same(rows: Rows, whole: Rows, frame: Any, some: Some) -> Quantiles:  # noqa: ANN401  any frame there is
    """Return the quantiles of another frame for the same decisions."""
    what = f"The backtest of {named(some)}"
    other = read(frame, what, settled=True)
    place = rows.places(other, what)
    found = []
    if other.table.num_rows != whole.table.num_rows:
        found.append(f"it has {other.table.num_rows} rows; expected the {whole.table.num_rows} of the backtest of all sources")
    absent = np.flatnonzero(place < 0)
    if len(absent):
        found.append(f"{len(absent)} settled decisions are missing, such as {example(rows.table, absent)}")
    moved = np.flatnonzero((place >= 0) & (other.y[place] != rows.y))
    if len(moved):
        found.append(f"'y' differs from the backtest of all sources in {len(moved)} rows, such as {example(rows.table, moved)}")
    if found:
        raise ContractError(breaches(f"{what} breaks its contract", found))
    return other.demand.take(place)
