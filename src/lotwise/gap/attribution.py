"""What each source of information is worth: sources added one by one, in the order declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.compute as pc

from lotwise.config import Source
from lotwise.gap import verdict
from lotwise.gap.line import Line
from lotwise.tables.forecasted import JOINED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

    from lotwise.gap.value import Value

BASE = "history alone (base)"
METHOD = "better method"
ALL = "all sources together"
PLACEBO = "placebo"
_TAKEN = (BASE, METHOD, ALL, PLACEBO)
_DEFAULT = "Added after the lines above it; made from the tables there are, for no [[source]] is declared."


def known(value: Value, sources: Sequence[Source]) -> list[Line]:
    """Return the lines of the account ``known``: what knowledge closes of the base's gap.

    Ordered addition: V(method) - V(none), then V(upto-X) - V(the state before), which sum to V(now) -
    V(none). The order matters where sources overlap, so each line also holds what the source adds when
    all others are there (``last_in``); what is fair to all orders is the Shapley value.

    Parameters
    ----------
    value
        Settled profits; states that are missing are left out, and their money falls to the next line.
    sources
        The sources, in the order they were added; one without tables is taken for one that nobody declared.
    """
    if "none" not in value.profit:
        return [Line("known", BASE, "The plan from history alone was not settled.", verdict=verdict.UNMEASURED)]
    base = (
        "Perfect knowledge less the base, both within the real limits. The base is sample average approximation (SAA): "
        "the best plan for each product's own past demand, all weeks equally likely."
    )
    together = "Method and sources: what is known now less the base."
    lines = [
        Line("known", BASE, base, cells=value.gain("perfect", "none"), verdict=verdict.BASE),
        *_steps(value, sources),
        Line("known", ALL, together, cells=value.gain("now", "none")),
    ]
    if "placebo" in value.profit:
        note = "8 columns of random numbers added to what is known now: any money here is noise."
        lines.append(Line("known", PLACEBO, note, cells=value.gain("placebo", "now")))
    return lines


def told(scores: pa.Table, declared: Sequence[Source]) -> list[Source]:
    """Return the sources the forecast was told, in the order they were added.

    Where none is declared the forecast makes its own, and only the scores say which: those have a name and no tables.

    Parameters
    ----------
    scores
        The table of this name; where no past cutoff was scored, the sources are those declared.
    declared
        ``[[source]]`` of ``lotwise.toml``: what each source costs and when it is known.
    """
    named = scores.filter(pc.equal(scores["information"], "now"))["sources"].drop_null()
    if not len(named):
        return list(declared)
    by_name = {source.name: source for source in declared}
    names = [name for name in named[0].as_py().split(JOINED) if name]
    return [by_name.get(name, Source(name=name, tables=[])) for name in names]


def name_of(source: Source) -> str:
    """Return the name of a source's line, which no other line has."""
    return f"{source.name} (source)" if source.name in _TAKEN else source.name


def _steps(value: Value, sources: Sequence[Source]) -> Iterator[Line]:
    """Yield one line a step from ``none`` to ``now``; the last step always ends at ``now``."""
    method = "The pooled model on history alone less the base."
    steps = [("method", METHOD, method, 0.0, "")]
    for source in sources:
        note = f"Added after the lines above it (known: {source.known})." if source.tables else _DEFAULT
        steps.append((f"upto-{source.name}", name_of(source), note, source.yearly_cost, f"now-{source.name}"))
    steps[-1] = ("now", *steps[-1][1:])
    before, unmeasured = "none", []
    for state, name, note, cost, without in steps:
        if state not in value.profit:
            unmeasured.append(name)
            continue
        said = f"{note} Includes {', '.join(unmeasured)}, not measured alone." if unmeasured else note
        last_in = value.gain("now", without) if without in value.profit else None
        yield Line("known", name, said, cells=value.gain(state, before), last_in=last_in, yearly_cost=cost)
        before, unmeasured = state, []
