"""Decisions whose demand is known by now, with all it takes to make them again from another forecast."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from lotwise.errors import ContractError
from lotwise.gap.bits import log_score
from lotwise.gap.frames import economics as money
from lotwise.gap.frames.decide import known, limits, planned
from lotwise.gap.frames.long import Rows, read
from lotwise.gap.frames.newsvendor import Quantiles, Terms
from lotwise.gap.frames.past import RECENT, sample_average

if TYPE_CHECKING:
    from lotwise.gap.frames.newsvendor import Array

GIVEN = "the base given"
OWN = "own history, all rows alike (SAA)"
LATELY = f"own history, the last {RECENT} rows (recent SAA)"


@dataclass(frozen=True)
class Settled:
    """Decisions whose demand is known, with all it takes to make them again from another forecast.

    Parameters
    ----------
    rows
        The decisions.
    terms
        What a unit earns and costs in each.
    limit
        Capacity each shares; None where there is none.
    base
        Name of the base and its quantiles, None where there is none.
    currency
        Of the money, empty where not given.
    notes
        What was left out, and which base was taken.
    """

    rows: Rows
    terms: Terms
    limit: Array | None
    base: tuple[str, Quantiles] | None
    currency: str
    notes: tuple[str, ...]

    def profit(self, quantity: Array) -> Array:
        """Return what quantities brought; ``(n_rows,)``."""
        return self.terms.profit(np.minimum(quantity, self.rows.y), quantity)

    def grid(self, cells: Array) -> Array:
        """Return figures of the rows by what is resampled: series and periods, or periods alone.

        Series that share a capacity are no separate cases: what one makes another cannot.
        """
        grid = self.rows.grid(cells)
        return grid if self.limit is None else grid.sum(axis=0, keepdims=True)

    def of(self, demand: Quantiles) -> Array:
        """Return what the best plan for a forecast brought; ``(n_rows,)``."""
        return self.profit(planned(self.rows, demand, self.terms, self.limit)[0])

    def knowing(self, units: Array) -> Array:
        """Return what the best plan for demand taken as known brought; ``(n_rows,)``."""
        return self.profit(known(self.rows, units, self.terms, self.limit))

    def bits(self, demand: Quantiles) -> Array:
        """Return the log score of a forecast as ``bits.scores`` has it, the wide law having the base's mean; ``(n_rows,)``."""
        step = steps(self.rows)
        expected = self.base[1].mean() if self.base else self.rows.mean
        return log_score(self.rows.y, demand.values, step=step, scale=step + expected)


def steps(rows: Rows) -> Array:
    """Return the step demand is scored in: 1 where all of a series is whole, else a thousandth to a hundredth of its mean."""
    some = np.maximum(np.bincount(rows.series, rows.y > 0), 1)
    mean = np.bincount(rows.series, rows.y) / some
    fine = 10.0 ** (np.floor(np.log10(np.where(mean > 0, mean, 1.0))) - 2)
    is_whole = np.bincount(rows.series, rows.y != np.rint(rows.y)) == 0
    return np.asarray(np.where(is_whole, 1.0, fine)[rows.series])


def settled_decisions(
    rows: Rows,
    economics: Any,  # noqa: ANN401  any frame there is
    *,
    base: Any,  # noqa: ANN401  the same
    history: Any,  # noqa: ANN401  the same
    capacity: float | str | None,
    uses: str | None,
) -> Settled:
    """Return the decisions whose demand is known, and that the base can make too; the parameters are ``information_gap``'s."""
    if base is not None and history is not None:
        raise ContractError("Found base and history; expected one of them: history makes a base.")
    per_series, odd, currency = money.read(economics, rows.ids, uses)
    limit = limits(rows, capacity)
    bases = _bases(rows, base, history)
    there = np.isfinite(rows.y)
    notes = [f"{int((~there).sum())} rows are not settled: y is not known"] if not there.all() else []
    for quantiles in bases.values():
        without = there & ~np.isfinite(quantiles).all(axis=1)
        if without.any():
            notes.append(f"{int(without.sum())} rows are left out: the base has nothing for them")
        there = there & ~without
    if limit is not None:
        beside = there & (np.bincount(rows.decision, ~there) > 0)[rows.decision]
        if beside.any():
            notes.append(f"{int(beside.sum())} rows are left out: they share the capacity with rows that are")
        there = there & ~beside
    kept = np.flatnonzero(there)
    if not len(kept):
        raise ContractError(f"No decision is settled: {'; '.join(notes)}.")
    notes += [f"{odd.count(note)} of {len(odd)} series: {note}" for note in sorted(set(odd) - {""})]
    mine = Settled(
        rows.take(kept), per_series.take(rows.series[kept]), None if limit is None else limit[kept], None, currency, ()
    )
    return _with_base(mine, {name: Quantiles(quantiles[kept]) for name, quantiles in bases.items()}, notes)


def _bases(rows: Rows, base: Any, history: Any) -> dict[str, Array]:  # noqa: ANN401  any frames there are
    """Return the quantiles of every base there might be, absent in rows it has nothing for."""
    if base is not None:
        other = read(base, "The base")
        place = rows.places(other, "The base")
        return {GIVEN: np.where((place >= 0)[:, None], other.demand.values[place], np.nan)}
    if history is None:
        return {}
    return dict(zip((OWN, LATELY), sample_average(history, rows), strict=True))


def _with_base(settled: Settled, bases: dict[str, Quantiles], notes: list[str]) -> Settled:
    """Return the same with the base that brought most: the harder to beat."""
    if bases:
        brought = {name: float(settled.of(quantiles).sum()) for name, quantiles in bases.items()}
        best = max(brought, key=lambda name: brought[name])
        rest = "; ".join(f"{name}: {profit:,.2f}" for name, profit in brought.items() if name != best)
        notes = [f"base: {best}" + (f", the better of two ({rest})" if rest else ""), *notes]
        settled = replace(settled, base=(best, bases[best]))
    return replace(settled, notes=tuple(notes))
