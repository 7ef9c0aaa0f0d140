"""What each source brings and costs, and whether to keep it: the table ``source_values``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from lotwise.gap import attribution, states, verdict
from lotwise.gap.interval import total
from lotwise.gap.states import NOW
from lotwise.tables.ledger import SOURCE_VALUES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lotwise.config import Source
    from lotwise.gap.bits import Scores
    from lotwise.gap.value import Cells, Value
    from lotwise.gap.verdict import Interval

Key = tuple[str, str]
FIGURES = ("ordered", "first_in", "shapley", "last_in", "in_advance")
NET = ("shapley", "last_in", "ordered")
"""The figures a source's cost is taken from: the first that was measured."""


@dataclass(frozen=True)
class Worth:
    """What one source brings, measured in several ways.

    Parameters
    ----------
    source
        The source; None for the placebo.
    figures
        Weights of the states whose profits add up to each figure, by its name, of ``FIGURES``; those that were measured.
    """

    source: Source | None
    figures: Mapping[str, Mapping[str, float]]

    @property
    def name(self) -> str:
        """Name of its row."""
        return attribution.PLACEBO if self.source is None else attribution.name_of(self.source)

    @property
    def best(self) -> str | None:
        """Name of the figure it is judged by."""
        return next((figure for figure in NET if figure in self.figures), None)

    def cells(self, value: Value) -> dict[Key, Cells]:
        """Return the money of each figure in every cell, by the source's name and the figure's."""
        return {(self.name, figure): states.combined(value.profit, of) for figure, of in self.figures.items()}


def worths(value: Value, sources: Sequence[Source]) -> list[Worth]:
    """Return what each source brings, then the placebo.

    Parameters
    ----------
    value
        Settled profits.
    sources
        The sources, in the order they were added.
    """
    names = [source.name for source in sources]
    measured = states.subsets(value, names)
    shares = {} if attribution.how(value, sources) == attribution.ORDERED else attribution.fair(value, sources)
    found = []
    for place, source in enumerate(sources):
        pairs = {
            "ordered": (measured.get(frozenset(names[: place + 1])), measured.get(frozenset(names[:place]))),
            "first_in": (measured.get(frozenset({source.name})), measured.get(frozenset())),
            "last_in": (NOW, measured.get(frozenset(names) - {source.name})),
            "in_advance": (NOW, f"past-{source.name}"),
        }
        figures: dict[str, Mapping[str, float]] = {
            figure: {better: 1.0, worse: -1.0}
            for figure, (better, worse) in pairs.items()
            if better in value.profit and worse in value.profit and better is not None and worse is not None
        }
        found.append(Worth(source, figures | ({"shapley": shares[source.name]} if source.name in shares else {})))
    if attribution.PLACEBO in value.profit:
        found.append(Worth(None, {"last_in": {attribution.PLACEBO: 1.0, NOW: -1.0}}))
    return found


def table(
    value: Value,
    found: Sequence[Worth],
    ends: Mapping[Key, Interval],
    *,
    years: float,
    how: str,
    scores: Scores | None = None,
) -> pa.Table:
    """Return the table ``source_values``.

    Parameters
    ----------
    value
        Settled profits.
    found
        As ``worths`` gives them.
    ends
        Interval of each figure by the source's name and the figure's, where there is one.
    years
        Length of the settled weeks in years.
    how
        As ``attribution.how`` says.
    scores
        Bits and CRPS of every state, as ``bits.scores`` gives them.
    """
    placebo = ends.get((attribution.PLACEBO, "last_in"))
    again = states.noise(value)
    rows = []
    for place, worth in enumerate(found, start=1):
        row: dict[str, object] = {"order": place, "source": worth.name}
        for (_, figure), cells in worth.cells(value).items():
            low, high = ends.get((worth.name, figure), (None, None))
            row |= {figure: round(total(cells), 2), f"{figure}_low": low, f"{figure}_high": high}
        of = worth.figures[worth.best] if worth.best else {}
        row |= {"bits": states.mean(scores.bits, of), "crps": _less(states.mean(scores.crps, of))} if scores else {}
        row |= {"noise": None if again is None else round(again, 2)}
        rows.append(row | _judged(value, worth, ends, placebo=placebo, years=years, how=how))
    return pa.Table.from_pylist(rows, schema=SOURCE_VALUES.schema)


def _less(crps: float | None) -> float | None:
    """Return a change of a score of which less is better as what is gained."""
    return None if crps is None else -crps


def _judged(
    value: Value, worth: Worth, ends: Mapping[Key, Interval], *, placebo: Interval | None, years: float, how: str
) -> dict[str, object]:
    """Return cost, net, advice, verdict and note of one row."""
    source, best = worth.source, worth.best
    if source is None:
        between = ends.get((worth.name, "last_in"))
        return {
            "advice": "",
            "verdict": verdict.of_placebo(between),
            "note": "8 columns of random numbers: what noise seems to bring.",
        }
    if best is None:
        return {
            "known": source.known,
            "advice": verdict.WAIT,
            "verdict": verdict.UNMEASURED,
            "note": "No plan with and without it was settled.",
        }
    between = ends.get((worth.name, best))
    cost = source.yearly_cost * years
    net = round(total(states.combined(value.profit, worth.figures[best])) - cost, 2)
    low, high = (None, None) if between is None else (round(end - cost, 2) for end in between)
    return {
        "known": source.known if source.tables else None,
        "cost": round(cost, 2),
        "net": net,
        "net_low": low,
        "net_high": high,
        "advice": verdict.advice(between, placebo=placebo, cost=cost),
        "verdict": verdict.of_source(between, placebo=placebo, cost=cost),
        "note": _NOTES[how if best == "shapley" else best],
    }


_NOTES = {
    attribution.EXACT: "Judged by its Shapley value over every subset of the sources.",
    attribution.SAMPLED: "Judged by its Shapley value over orders that were drawn.",
    "last_in": "Judged by what it adds to all the others; what it shares with them counts for none: see lotwise gap --shapley.",
    "ordered": "Judged by what it adds to the sources before it.",
}
