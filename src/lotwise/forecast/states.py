"""The states of information: what the forecaster is told in each, and how late it is asked.

A state is a name in the column ``information``. What two states differ by in money is what the difference of what they
were told is worth; the ledger is made of such differences.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import msgspec
import numpy as np

from lotwise.config import Source
from lotwise.forecast.sources import PLANNED, RESERVED, families
from lotwise.tables.forecasted import JOINED

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from lotwise.config import Forecast

NONE, METHOD, NOW, PLACEBO, PERFECT = RESERVED[:5]
RECENT, FORESIGHT, FENCED = "recent", "foresight", "fenced"
TO_COME = ("promotions", "demand.unit_price", "campaigns", "weather", "competitors", "signals")
"""Tables of which the target weeks can be told as they came: nothing in them is demand itself."""
PRICES = "demand.unit_price"
EXACT = 8
"""Sources up to which every subset is told; of more, those along random orders."""


@dataclass(frozen=True)
class State:
    """What the forecaster is told.

    Parameters
    ----------
    told
        Names of sources and of their variants, in order.
    again
        Added to the seed.
    back
        Weeks before the cutoff the forecast is made.
    """

    told: tuple[str, ...]
    again: int = 0
    back: int = 0


def states(
    sources: Sequence[Source], params: Forecast, *, past: bool, placebo: bool = False, priced: bool = False
) -> dict[str, State]:
    """Return what each state of the pooled model is told, by the state's name.

    ``upto-X`` of the last source is ``now`` and is not listed; what is told the same is fitted once.

    Parameters
    ----------
    sources
        As declared, in order.
    params
        ``[forecast]``: ``repeats``, ``shapley``, ``orders``, ``notice``, ``frozen_weeks`` and ``horizon``.
    past
        Whether the cutoff is a past one, to be settled; otherwise only ``now`` is of use.
    placebo
        Whether noise is measured too.
    priced
        Whether demand has prices.
    """
    told = tuple(source.name for source in sources)
    if not past:
        return {NOW: State(told)}
    found = {METHOD: State(())}
    found |= {f"upto-{name}": State(told[:place]) for place, name in enumerate(told[:-1], start=1)}
    found[NOW] = State(told)
    found |= {f"now-{name}": State(tuple(other for other in told if other != name)) for name in told}
    if placebo:
        found[PLACEBO] = State((*told, PLACEBO))
    found |= {f"again-{turn}": State(told, again=turn) for turn in range(1, params.repeats + 1)}
    for source in (source for source in sources if is_plan(source)):
        found[f"past-{source.name}"] = State(tuple(_past(one) if one == source.name else one for one in told))
    found[FORESIGHT] = State((*told, *(variant.name for variant in _to_come(sources, priced=priced))))
    if params.shapley:
        known = {state.told for state in found.values()}
        wanted = (some for some in _subsets(told, params.orders) if some not in known)
        found |= {f"with-{JOINED.join(some)}": State(some) for some in wanted}
    if params.notice:
        found |= _notices(sources, params.horizon)
    late = {*(range(1, params.horizon + 1) if params.notice else ()), params.frozen_weeks} - {0}
    return found | {f"late-{weeks}": State(told, back=weeks) for weeks in sorted(late)}


def variants(sources: Sequence[Source], params: Forecast, *, priced: bool) -> list[Source]:
    """Return the sources that are told in some state in another way than declared: later, earlier, or as they came.

    Parameters
    ----------
    sources
        As declared.
    params
        ``[forecast]``.
    priced
        Whether demand has prices.
    """
    plans = [source for source in sources if is_plan(source)]
    found = [replaced(source, _past(source.name), known="past", lead=0) for source in plans]
    found += _to_come(sources, priced=priced)
    if params.notice:
        found += [
            replaced(source, _notified(source.name, weeks), known="plan", lead=weeks)
            for source in plans
            for weeks in range(1, _reach(source, params.horizon))
        ]
    return found


def is_plan(source: Source) -> bool:
    """Whether a source tells of weeks to come what could also be told too late: no calendar, no planner's override."""
    announced = {*PLANNED, "weather", "competitors", "signals"} - {"calendar", "overrides"}
    return source.known == "plan" and any(family.partition(".")[0] in announced for family in families(source))


def replaced(source: Source, name: str, *, known: Literal["past", "plan"], lead: int, tables: Sequence[str] = ()) -> Source:
    """Return a source told in another way, under a name of its own."""
    return msgspec.structs.replace(source, name=name, known=known, lead=lead, tables=list(tables) or source.tables)


def _past(name: str) -> str:
    return f"{name} (past)"


def _notified(name: str, weeks: int) -> str:
    return f"{name} ({weeks} weeks ahead)"


def _reach(source: Source, horizon: int) -> int:
    """Return the weeks ahead that a plan is known."""
    return min(source.lead or horizon, horizon)


def _notices(sources: Sequence[Source], horizon: int) -> dict[str, State]:
    """Return the states in which every plan is known only so many weeks ahead; none where nothing is a plan."""
    if not any(is_plan(source) for source in sources):
        return {}

    def named(source: Source, weeks: int) -> str:
        if not is_plan(source) or weeks >= _reach(source, horizon):
            return source.name
        return _notified(source.name, weeks) if weeks else _past(source.name)

    return {f"notice-{weeks}": State(tuple(named(source, weeks) for source in sources)) for weeks in range(horizon)}


def _to_come(sources: Sequence[Source], *, priced: bool) -> list[Source]:
    """Return sources that tell the target weeks as they came, of what is not known of them yet."""
    found = []
    for source in sources:
        tables = [family for family in families(source) if _reveals(family)]
        if tables and not (source.known == "plan" and not source.lead):
            found.append(replaced(source, f"{source.name} (to come)", known="plan", lead=0, tables=tables))
    if priced and not any(PRICES in families(source) for source in sources):
        found.append(Source(name="prices (to come)", tables=[PRICES], known="plan"))
    return found


def _reveals(family: str) -> bool:
    return family in TO_COME or family.partition(".")[0] == "signals"


def _subsets(names: Sequence[str], orders: int) -> Collection[tuple[str, ...]]:
    """Return every subset in the sources' order, or of many sources those along random orders and their reverses."""
    if len(names) <= EXACT:
        return [some for size in range(len(names) + 1) for some in combinations(names, size)]
    rng = np.random.default_rng(len(names))
    found: dict[tuple[str, ...], None] = {}
    for _ in range((orders + 1) // 2):
        order = rng.permutation(len(names))
        for one in (order, order[::-1]):
            found |= {tuple(names[place] for place in sorted(one[:size])): None for size in range(len(names) + 1)}
    return list(found)
