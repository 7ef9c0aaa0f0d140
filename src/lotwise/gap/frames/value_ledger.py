"""What each source of information is worth in money, from forecasts made with some of them and without the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from lotwise.config import Gap
from lotwise.errors import SettingsError, breaches, did_you_mean
from lotwise.gap.frames.entries import RESERVED, SCHEMA, Entries, bits, lines
from lotwise.gap.frames.estimates import Estimates
from lotwise.gap.frames.long import read
from lotwise.gap.frames.settled import settled_decisions
from lotwise.gap.frames.subsets import Asked, bring
from lotwise.gap.frames.years import settled_years

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence


def value_ledger(  # noqa: PLR0913  each is a keyword of its own
    backtest: Callable[[tuple[str, ...]], Any] | Mapping[Collection[str], Any],
    sources: Sequence[str],
    economics: Any,  # noqa: ANN401  any frame there is
    *,
    base: Any = None,  # noqa: ANN401  the same
    history: Any = None,  # noqa: ANN401  the same
    yearly_cost: Mapping[str, float] | None = None,
    placebo: str | None = None,
    orders: int | None = None,
    capacity: float | str | None = None,
    uses: str | None = None,
    params: Gap | None = None,
    seed: int = 0,
) -> pa.Table:
    """Return what each source of information brought over the settled periods, and whether it is worth its price.

    Each set of sources is decided as ``decide`` does and settled against what came; the ledger subtracts. The sources' fair
    shares are Shapley values: over every set of up to 8 sources, over sets along sampled orders beyond.

    Parameters
    ----------
    backtest
        Told a tuple of source names, in the order of ``sources``, it returns the long frame that ``information_gap``
        takes; each set is asked for once. Or a mapping from such tuples or frozensets to frames, the empty set and the whole
        among them. All frames hold the same decisions.
    sources
        Their names, in the order they are added in for ``ordered``.
    economics, capacity, uses, base, history
        As for ``information_gap``. Without base and history the base is the backtest without any source.
    yearly_cost
        Source -> what it costs a year, in the currency of the economics. The length of a period is derived from the dates in
        ``ds`` and ``cutoff``; a period decided at several cutoffs, whose money is counted as often, is paid for as often.
    placebo
        A source of pure noise that ``backtest`` knows, not one of ``sources``: asked for alone and beside all others.
    orders
        Random orders of adding the sources to measure along, each beside its reverse; by default all sets up to 8
        sources and 16 orders beyond. A mapping is taken as it is.
    params
        Section ``[gap]``: resamples, periods in a block (``block_weeks``), width of the intervals.
    seed
        Same seed and same frames, same bytes.

    Returns
    -------
    pyarrow.Table
        ``order, line, profit, ordered, first_in, shapley, last_in`` (each with ``_low`` and ``_high``), ``bits`` (Shapley
        share of the log score gained, a decision), ``cost, net`` (shapley - cost; with ``_low, _high``), ``advice, verdict,
        note``. Lines: ``base``; ``method, no source``; each source; ``total``; ``placebo``. ``ordered`` and ``shapley`` sum
        over the method and the sources to the total, V(all) - V(base), to the cent; ``profit`` is V of the base and what
        was added so far. Intervals hold the luck of series and periods, not of fitting a model again: the placebo shows
        some of that.

    Raises
    ------
    ContractError
        As for ``information_gap``; or frames of two sets hold other decisions or another ``y``, or a mapping lacks sets.
    SettingsError
        A source stands twice or not at all, or a cost is negative or of no source.

    References
    ----------
    Shapley (1953), A value for n-person games; Castro, Gomez and Tejada (2009), Polynomial calculation of the Shapley value
    based on sampling, Computers and Operations Research 36(5).
    """
    costs = dict(yearly_cost or {})
    _check(sources, costs, placebo or "", orders)
    asked = Asked(backtest, tuple(sources), placebo or "")
    rows = read(asked.frame(frozenset(sources)), "The backtest of all sources", settled=True)
    settled = settled_decisions(rows, economics, base=base, history=history, capacity=capacity, uses=uses)
    years = settled_years(settled.rows) if any(costs.values()) else 0.0
    paid = {name: costs.get(name, 0.0) * years for name in sources}
    brought = bring(settled, rows, asked, asked.sets(orders, seed))
    found = Estimates(lines(settled, brought, asked), params or Gap(), seed)
    return pa.Table.from_pylist(list(Entries(asked, settled, found, bits(settled, brought, asked), paid).rows()), SCHEMA)


def _check(sources: Sequence[str], costs: Mapping[str, float], placebo: str, orders: int | None) -> None:
    if isinstance(sources, str) or not sources:
        raise SettingsError(f"sources = {sources!r}; expected names, one at least.")
    found = [f"source '{name}' stands twice" for name in dict.fromkeys(sources) if list(sources).count(name) > 1]
    found += [f"'{name}' is a line of the ledger; give the source another name" for name in sources if name in RESERVED]
    if placebo in sources:
        found.append(f"'{placebo}' is both a source and the placebo")
    found += [
        f"yearly_cost names '{name}', which is no source{did_you_mean(name, sources)}" for name in costs if name not in sources
    ]
    found += [
        f"yearly_cost of '{name}' is {cost}; expected 0 or more a year"
        for name, cost in costs.items()
        if not 0 <= cost < np.inf
    ]
    if orders is not None and orders < 1:
        found.append(f"orders = {orders}; expected 1 or more")
    if found:
        raise SettingsError(breaches("The sources cannot be measured", found))
