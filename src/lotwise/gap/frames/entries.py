"""The lines of a ledger of sources: each measure in cents, with its interval, its price and what can be said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from lotwise.gap import shapley, verdict
from lotwise.gap.cents import apportion, cents
from lotwise.gap.frames.estimates import ratio

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lotwise.gap.frames.estimates import Estimates
    from lotwise.gap.frames.newsvendor import Array
    from lotwise.gap.frames.settled import Settled
    from lotwise.gap.frames.subsets import Asked, Brought
    from lotwise.gap.verdict import Interval

BASE, METHOD, TOTAL, PLACEBO = RESERVED = "base", "method, no source", "total", "placebo"
MEASURES = ("ordered", "first_in", "shapley", "last_in")
_IDEAL = "perfect knowledge over the base"
_ENDS = ("", "_low", "_high")

SCHEMA = pa.schema(
    [("order", pa.int64()), ("line", pa.string()), ("profit", pa.float64())]
    + [(f"{measure}{end}", pa.float64()) for measure in MEASURES for end in _ENDS]
    + [("bits", pa.float64()), ("cost", pa.float64()), *((f"net{end}", pa.float64()) for end in _ENDS)]
    + [("advice", pa.string()), ("verdict", pa.string()), ("note", pa.string())]
)


def lines(settled: Settled, brought: Brought, asked: Asked) -> dict[str, Array]:
    """Return the money of every measure of every line, 'MEASURE LINE', by series and period."""
    profit, sources, none = brought.profit, asked.sources, frozenset[str]()
    whole = frozenset(sources)
    base = settled.grid(settled.of(settled.base[1])) if settled.base else profit[none]
    found = {BASE: base, TOTAL: profit[whole] - base, _IDEAL: settled.grid(settled.knowing(settled.rows.y)) - base}
    steps = {}
    for place, name in enumerate(sources):
        steps[f"ordered {name}"] = (frozenset(sources[: place + 1]), frozenset(sources[:place]))
        steps[f"first_in {name}"] = (frozenset({name}), none)
        steps[f"last_in {name}"] = (whole, whole - {name})
    if asked.placebo:
        steps[f"first_in {PLACEBO}"] = (frozenset({asked.placebo}), none)
        steps[f"last_in {PLACEBO}"] = (whole | {asked.placebo}, whole)
    found |= {key: profit[more] - profit[less] for key, (more, less) in steps.items() if more in profit and less in profit}
    found |= {f"shapley {name}": share for name, share in shapley.shares(sources, dict(profit)).items()}
    both = {TOTAL: found[TOTAL]} | ({METHOD: profit[none] - base} if settled.base else {})
    return found | {f"{measure} {line}": grid for line, grid in both.items() for measure in ("ordered", "shapley")}


def bits(settled: Settled, brought: Brought, asked: Asked) -> dict[str, float]:
    """Return the bits a decision: of the method, each source's fair share, of all together, of the placebo last in."""
    scores, whole = brought.bits, frozenset(asked.sources)
    base = float(settled.bits(settled.base[1]).mean()) if settled.base else scores[frozenset()]
    found = {METHOD: scores[frozenset()] - base, TOTAL: scores[whole] - base}
    noisy = whole | {asked.placebo}
    if asked.placebo and noisy in scores:
        found[PLACEBO] = scores[noisy] - scores[whole]
    values = {some: np.asarray(one) for some, one in scores.items()}
    return found | {name: float(share) for name, share in shapley.shares(asked.sources, values).items()}


@dataclass(frozen=True)
class Entries:
    """All there is to say of each line.

    Parameters
    ----------
    asked
        The sources.
    settled
        The decisions.
    found
        Money of ``lines``.
    bits
        As ``bits`` gives them.
    costs
        What each source costs over the settled periods.
    """

    asked: Asked
    settled: Settled
    found: Estimates
    bits: Mapping[str, float]
    costs: Mapping[str, float]

    def rows(self) -> Iterator[dict[str, object]]:
        """Yield the rows of the ledger; ``ordered`` and ``shapley`` sum to the total in the cents that are printed."""
        parts = [*([METHOD] if f"shapley {METHOD}" in self.found.totals else []), *self.asked.sources]
        base = cents(float(self.found.totals[BASE]))
        total = cents(float(self.found.totals[BASE]) + float(self.found.totals[TOTAL])) - base
        shared = {measure: self._apportioned(measure, parts, total) for measure in ("ordered", "shapley")}
        reached = base + np.cumsum(shared["ordered"]) if shared["ordered"] else None
        yield {"order": 1, "line": BASE, "profit": base / 100, "note": self._about_base()}
        for place, line in enumerate(parts):
            money = {measure: amounts[place] / 100 for measure, amounts in shared.items() if amounts}
            profit = {"order": place + 2, "line": line, "profit": None if reached is None else reached[place] / 100}
            row = profit | self._measured(line) | money | {"bits": round(self.bits[line], 6)}
            yield row | self._judged(line, money["shapley"])
        last = {"order": len(parts) + 2, "line": TOTAL, "profit": (base + total) / 100} | self._measured(TOTAL)
        last |= {measure: total / 100 for measure, amounts in shared.items() if amounts}
        yield last | {"bits": round(self.bits[TOTAL], 6), "note": self._about_total()}
        if self.asked.placebo:
            said = {"verdict": verdict.of_placebo(self._noise()), "note": f"'{self.asked.placebo}', pure noise"}
            yield {"order": len(parts) + 3, "line": PLACEBO} | self._measured(PLACEBO) | {"bits": self.bits.get(PLACEBO)} | said

    def _apportioned(self, measure: str, parts: Sequence[str], total: int) -> list[int]:
        """Return whole cents of each line that sum to the total; none where a line was not measured."""
        keys = [f"{measure} {line}" for line in parts]
        if not all(key in self.found.totals for key in keys):
            return []
        return [int(one) for one in apportion([float(self.found.totals[key]) for key in keys], total)]

    def _measured(self, line: str) -> dict[str, object]:
        """Return each measure of a line that there is, with its interval."""
        row: dict[str, object] = {}
        for measure in MEASURES:
            key = f"{measure} {line}"
            if key in self.found.totals and (measure != "ordered" or self._is_ordered()):
                row[measure] = cents(float(self.found.totals[key])) / 100
                row |= _spanned(measure, self._interval(key))
        return row

    def _is_ordered(self) -> bool:
        """Whether every step of the order the sources were given in was measured."""
        return all(f"ordered {name}" in self.found.totals for name in self.asked.sources)

    def _judged(self, line: str, money: float) -> dict[str, object]:
        """Return what a source costs and what to do with it; the method has no price."""
        if line == METHOD:
            return {
                "verdict": verdict.of_gain(self._interval(f"shapley {line}")),
                "note": "the forecast without any source, over the base",
            }
        cost, ends, noise = self.costs[line], self._interval(f"shapley {line}"), self._noise()
        net = None if ends is None else (ends[0] - cost, ends[1] - cost)
        return {
            "cost": round(cost, 2),
            "net": cents(money - cost) / 100,
            **_spanned("net", net),
            "advice": verdict.advice(ends, placebo=noise, cost=cost),
            "verdict": verdict.of_source(ends, placebo=noise, cost=cost),
        }

    def _interval(self, key: str) -> Interval | None:
        return self.found.between(lambda sums: sums[key])

    def _noise(self) -> Interval | None:
        """Return how far the placebo reaches, first in or last in."""
        keys = [key for key in (f"first_in {PLACEBO}", f"last_in {PLACEBO}") if key in self.found.totals]
        ends = [between for between in map(self._interval, keys) if between]
        return (min(low for low, _ in ends), max(high for _, high in ends)) if ends else None

    def _about_base(self) -> str:
        count = f"{len(self.settled.rows.y):,} decisions, in {self.settled.currency or 'the currency of the economics'}"
        start = "" if self.settled.base else "base: the backtest without any source"
        return "; ".join(note for note in (count, start, *self.settled.notes, self.found.note) if note)

    def _about_total(self) -> str:
        """Return P in words."""
        value = self.found.value(lambda sums: ratio(sums[TOTAL], sums[_IDEAL]))
        ends = self.found.between(lambda sums: ratio(sums[TOTAL], sums[_IDEAL]))
        if not np.isfinite(value):
            return "the base loses nothing"
        span = f" ({ends[0]:.1%} to {ends[1]:.1%})" if ends and np.isfinite(ends[0]) else ""
        return f"{value:.1%}{span} of what the base loses against knowing demand: prescriptiveness P"


def _spanned(name: str, ends: Interval | None) -> dict[str, object]:
    """Return the ends of an interval as columns."""
    low, high = (round(end, 2) + 0.0 for end in ends) if ends else (None, None)
    return {f"{name}_low": low, f"{name}_high": high}
