"""What knowledge closes of the base's gap, step by step: the method, then the sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.compute as pc

from lotwise.config import Source
from lotwise.gap import states, verdict
from lotwise.gap.line import Line, difference, weighted
from lotwise.gap.shapley import weights
from lotwise.gap.states import METHOD, NOW
from lotwise.tables.forecasted import JOINED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

    from lotwise.gap.value import Value

BASE = "history alone (base)"
METHOD_LINE = "method, no source"
ALL = "all sources together"
PLACEBO = "placebo"
STOCHASTIC = "planning for more than the mean"
_TAKEN = (BASE, METHOD_LINE, ALL, PLACEBO, STOCHASTIC)
ORDERED, EXACT, SAMPLED = "ordered", "shapley", "sampled"


def known(value: Value, sources: Sequence[Source]) -> list[Line]:
    """Return the lines of the account ``known``: what knowledge closes of the base's gap.

    V(method) - V(base), then what each source adds, which sum to V(now) - V(base). Where every subset of the sources was
    settled, or those along several orders, a source's money is its Shapley value; otherwise it is what it adds after the
    sources before it, V(upto-X) - V(the state before), and the order matters where sources overlap. Each line also
    holds what the source adds when all others are there (``last_in``).

    Parameters
    ----------
    value
        Settled profits; states that are missing are left out, and their money falls to the next line.
    sources
        The sources, in the order they were added; one without tables is taken for one that nobody declared.
    """
    base = states.base(value)
    if base is None:
        return [Line("known", BASE, "The plan from history alone was not settled.", verdict=verdict.UNMEASURED)]
    said = (
        "Perfect knowledge less the base, both within the real limits. The base is sample average approximation (SAA): "
        f"the best plan for {states.BASES[base]}."
    )
    other = next((state for state in states.BASES if state != base and state in value.profit), None)
    if other:
        said += " It earned more than the other one, from " + states.BASES[other] + "."
    together = "Method and sources: what is known now less the base."
    gap, all_ = difference("perfect", base), difference(NOW, base)
    measured = how(value, sources)
    steps = _ordered(value, sources, base) if measured == ORDERED else _fair(value, sources, base, measured)
    lines = [
        Line("known", BASE, said, cells=value.gain("perfect", base), verdict=verdict.BASE, formula=gap),
        *steps,
        Line("known", ALL, together, cells=value.gain(NOW, base), formula=all_, states={NOW: 1.0, base: -1.0}),
    ]
    if "placebo" in value.profit:
        note = "8 columns of random numbers added to what is known now: any money here is noise."
        of = {"placebo": 1.0, NOW: -1.0}
        lines.append(Line("known", PLACEBO, note, value.gain("placebo", NOW), formula=difference("placebo", NOW), states=of))
    if "mean" in value.profit:
        note = (
            "The plan for the whole distribution less the plan that takes expected demand for certain, both from what is known "
            "now: the value of the stochastic solution (VSS). No step from the base."
        )
        lines.append(Line("known", STOCHASTIC, note, cells=value.gain(NOW, "mean"), formula=difference(NOW, "mean")))
    return lines


def how(value: Value, sources: Sequence[Source]) -> str:
    """Return how the sources share what they bring: in order, by Shapley values, or by those of sampled orders."""
    names = [source.name for source in sources]
    measured = states.subsets(value, names)
    if len(measured) == 2 ** len(names):
        return EXACT if len(names) > 1 else ORDERED
    return SAMPLED if any(state.startswith("with-") for state in measured.values()) else ORDERED


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
    named = scores.filter(pc.equal(scores["information"], NOW))["sources"].drop_null()
    if not len(named):
        return list(declared)
    by_name = {source.name: source for source in declared}
    names = [name for name in named[0].as_py().split(JOINED) if name]
    return [by_name.get(name, Source(name=name, tables=[])) for name in names]


def name_of(source: Source) -> str:
    """Return the name of a source's line, which no other line has."""
    return f"{source.name} (source)" if source.name in _TAKEN else source.name


def fair(value: Value, sources: Sequence[Source]) -> dict[str, dict[str, float]]:
    """Return the weight of each state in the Shapley value of each source, by the source's name."""
    names = [source.name for source in sources]
    measured = states.subsets(value, names)
    shares = weights(names, measured.keys()) if names else {}
    return {name: {measured[some]: share for some, share in of.items() if share} for name, of in shares.items()}


def _fair(value: Value, sources: Sequence[Source], base: str, how: str) -> Iterator[Line]:
    """Yield the step of the method and the Shapley value of each source."""
    orders = "all orders of adding the sources" if how == EXACT else "the orders that were drawn"
    yield _step(value, METHOD_LINE, _METHOD_NOTE, {METHOD: 1.0, base: -1.0})
    shares = fair(value, sources)
    for source in sources:
        note = f"Its Shapley value: what it adds, as the mean over {orders}{_known(source)}."
        yield _step(value, name_of(source), note, shares[source.name], source)


def _ordered(value: Value, sources: Sequence[Source], base: str) -> Iterator[Line]:
    """Yield one line a step from the base to ``now``; the last step always ends at ``now``."""
    steps: list[tuple[str, str, str, Source | None]] = [(METHOD, METHOD_LINE, _METHOD_NOTE, None)]
    for source in sources:
        note = f"Added after the lines above it{_known(source)}." if source.tables else _DEFAULT
        steps.append((f"upto-{source.name}", name_of(source), note, source))
    steps[-1] = (NOW, *steps[-1][1:])
    before, unmeasured = base, []
    for state, name, note, of in steps:
        if state not in value.profit:
            unmeasured.append(name)
            continue
        said = f"{note} Includes {', '.join(unmeasured)}, not measured alone." if unmeasured else note
        yield _step(value, name, said, {state: 1.0, before: -1.0}, of)
        before, unmeasured = state, []


def _step(value: Value, name: str, note: str, of: dict[str, float], source: Source | None = None) -> Line:
    """Return the line of one step from the base to what is known now."""
    last_in = None
    if source is not None and f"now-{source.name}" in value.profit:
        last_in = value.gain(NOW, f"now-{source.name}")
    return Line(
        "known",
        name,
        note,
        cells=states.combined(value.profit, of),
        step=True,
        last_in=last_in,
        yearly_cost=source.yearly_cost if source else 0.0,
        formula=weighted(of),
        states=of,
    )


def _known(source: Source) -> str:
    return f" (known: {source.known})" if source.tables else ""


_METHOD_NOTE = "The method told nothing but each product's own level and spread, less the base."
_DEFAULT = "Added after the lines above it; made from the tables there are, for no [[source]] is declared."
