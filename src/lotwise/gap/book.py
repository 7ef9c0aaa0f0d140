"""Lines in cents, each with its interval and what can be said of it: the table ``gap``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from lotwise.config import Gap
from lotwise.gap import attribution, verdict
from lotwise.gap.cents import apportion, cents
from lotwise.gap.interval import bootstrap, has_blocks, interval, quotient, total
from lotwise.tables.ledger import GAP

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lotwise.gap.line import Line
    from lotwise.gap.value import Cells, Value
    from lotwise.gap.verdict import Interval

WEEKS_A_YEAR = 52

Key = tuple[str, str]
_BASE, _METHOD, _ALL, _PLACEBO = (
    ("known", name) for name in (attribution.BASE, attribution.METHOD_LINE, attribution.ALL, attribution.PLACEBO)
)
_LAST_IN = "last in"
_CLOSED = ("closed", "share of the base's gap")


@dataclass(frozen=True)
class Booked:
    """The ledger, and the figures it is printed from.

    Parameters
    ----------
    gap
        The table of this name.
    cents
        Money of every measured line in whole cents, by its key.
    ends
        Interval of every line, and of every further figure that was asked for.
    """

    gap: pa.Table
    cents: dict[Key, int]
    ends: dict[Key, Interval]

    def account(self, lines: Sequence[Line], account: str) -> int:
        """Return the cents of one account."""
        return sum(self.cents[line.key] for line in lines if line.account == account and line.cells is not None)


def book(
    value: Value,
    lines: Sequence[Line],
    *,
    rng: np.random.Generator,
    settings: Gap | None = None,
    further: Mapping[Key, Cells] | None = None,
    bits: Mapping[Key, float] | None = None,
) -> Booked:
    """Return the table ``gap``, in cents, each line with its interval and what can be said of it.

    Totals are rounded to the cent and the lines follow from them by largest remainders. So, in the
    cents that are printed, ideal less the counted lines is the actual, and the base's gap less what is
    closed of it is what stays unknown.

    Parameters
    ----------
    value
        The grid the lines stand on.
    lines
        As ``ledger.lines_of`` gives them: one ``ideal`` and one ``actual`` among them.
    rng
        Source of the bootstrap's draws.
    settings
        Section ``[gap]``; its defaults where absent.
    further
        Other money in every cell whose interval is wanted from the same draws, by keys no line has.
    bits
        Bits gained by each line, by its key.
    """
    settings = settings or Gap()
    money = _money(lines)
    ends = _intervals(lines, further or {}, rng, settings)
    years = len(value.weeks) / WEEKS_A_YEAR
    ideal = next(money[line.key] for line in lines if line.account == "ideal")
    rows = []
    for line in lines:
        whole = money.get(_BASE, 0) if line.account == "known" else ideal
        amount = money.get(line.key, None if line.amount is None else cents(line.amount))
        low, high = ends.get(line.key, (None, None))
        said = [line.note, *_besides(line, ends, years)]
        if line.account == "ideal" and not ends:
            said.append(f"No intervals: fewer than {2 * settings.block_weeks} settled weeks (two blocks).")
        rows.append(
            {
                **_identity(line),
                "money": None if amount is None else amount / 100,
                "low": low,
                "high": high,
                "share": round(amount / whole, 6) if amount is not None and whole > 0 else None,
                "verdict": line.verdict or _judged(line, ends, years),
                "formula": line.formula,
                "bits": (bits or {}).get(line.key),
                "note": " ".join(said),
            }
        )
    return Booked(_table(rows), money, ends)


def unmeasured(lines: Sequence[Line]) -> pa.Table:
    """Return the same table for lines that hold no money."""
    return _table([{**_identity(line), "verdict": line.verdict, "note": line.note} for line in lines])


def _money(lines: Sequence[Line]) -> dict[Key, int]:
    """Return the cents of every measured line; accounts and sources add up."""
    sums = {line.key: total(line.cells) for line in lines if line.cells is not None}
    money = {key: cents(amount) for key, amount in sums.items()}
    ideal, actual = (next(money[line.key] for line in lines if line.account == end) for end in ("ideal", "actual"))
    money |= _shared([line.key for line in lines if line.counted], sums, ideal - actual)
    if _ALL in money:
        money[_ALL] = money[_BASE] - sum(money[line.key] for line in lines if line.stays)
        money |= _shared([line.key for line in lines if line.step], sums, money[_ALL])
    return money


def _shared(keys: Sequence[Key], sums: dict[Key, float], whole: int) -> dict[Key, int]:
    return dict(zip(keys, apportion([sums[key] for key in keys], whole).tolist(), strict=True))


def _intervals(
    lines: Sequence[Line], further: Mapping[Key, Cells], rng: np.random.Generator, settings: Gap
) -> dict[Key, Interval]:
    """Return the interval of every measured line, of each last-in figure, of P and of what else is asked, paired."""
    cells: dict[Key, Cells] = {line.key: line.cells for line in lines if line.cells is not None}
    cells |= {(_LAST_IN, line.name): line.last_in for line in lines if line.last_in is not None}
    cells |= further
    stack = np.stack(list(cells.values()))
    if not has_blocks(stack.shape[2], settings.block_weeks):
        return {}
    sums = bootstrap(stack, rng=rng, resamples=settings.resamples, block_weeks=settings.block_weeks)
    by_key = dict(zip(cells, sums.T, strict=True))
    ends = {key: _rounded(interval(column, settings.interval), 2) for key, column in by_key.items()}
    if _ALL in by_key:
        closed = quotient(by_key[_ALL], by_key[_BASE], (total(cells[_ALL]), total(cells[_BASE])))
        ends[_CLOSED] = _rounded(interval(closed, settings.interval), 6)
    return ends


def _rounded(ends: Interval, digits: int) -> Interval:
    low, high = (round(end, digits) + 0.0 for end in ends)
    return low, high


def _judged(line: Line, ends: dict[Key, Interval], years: float) -> str:
    found = ends.get(line.key)
    if line.account != "known":
        return verdict.of_loss(found)
    if line.key == _PLACEBO:
        return verdict.of_placebo(found)
    if line.key == _METHOD:
        return verdict.of_gain(found)
    placebo = ends.get(_PLACEBO) if line.step or line.key == _ALL else None
    return verdict.of_source(found, placebo=placebo, cost=line.yearly_cost * years)


def _besides(line: Line, ends: dict[Key, Interval], years: float) -> Iterator[str]:
    """Yield what else the note says: money last in, money net of the source's cost, or P."""
    if line.last_in is not None:
        between = ends.get((_LAST_IN, line.name))
        span = f" ({between[0]:,.2f} to {between[1]:,.2f})" if between else ""
        yield f"Last in, beside all others: {total(line.last_in):,.2f}{span}."
    if line.yearly_cost and line.cells is not None:
        cost = line.yearly_cost * years
        yield f"Net of its cost of {cost:,.2f} over these weeks: {total(line.cells) - cost:,.2f}."
    if line.key == _ALL:
        between = ends.get(_CLOSED)
        span = f", interval {between[0]:.1%} to {between[1]:.1%}" if between and np.isfinite(between[0]) else ""
        yield f"Its share is the coefficient of prescriptiveness P (Bertsimas and Kallus 2020){span}."


def _identity(line: Line) -> dict[str, object]:
    return {"account": line.account, "line": line.name, "counted": line.counted}


def _table(rows: Sequence[dict[str, object]]) -> pa.Table:
    ordered = [{"order": place, **row} for place, row in enumerate(rows, start=1)]
    return pa.Table.from_pylist(ordered, schema=GAP.schema)
