"""Where a line of the ledger is from: its states, its run, and the same money added up again another way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from lotwise.gap.cells import ACCOUNTS
from lotwise.gap.value import AFTER, ESSENTIAL, IDEAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Row = dict[str, Any]

WITHOUT = {IDEAL: "none", "no lots": "no lots"}
"""States of perfect knowledge without some limits, and what ``limits`` says of them; all others have limits real."""

CENT = 0.01
LOOSE = 0.03
"""Lines are within a cent of what their states say. Those under ``known`` are within three: the sum over all sources is the
base less up to two lines that stay, each within a cent, and its steps are dealt out from that."""

ENDS = ("ideal", "actual")
ELSEWHERE = {
    "unmade": "its share of V(ideal) - V(perfect) in each window: lotwise show limit_values",
    "undone": "bound less objective of the plans made with what was known: lotwise show solves",
    "unseen": "no difference of states: lotwise show unseen",
}
"""Where a line stands that is no difference of states, by account."""

_SHOWN = 5
_HASH = 12
"""Digits of a SHA-256 that are shown, as in ``runs.gave``."""

_GAVE = {"plan": "money", "gap": "gap"}
_CELL = ["cutoff", "product", "week"]
_TERM = re.compile(r"\s*([+-]?)\s*(\d[\d.e-]*\s)?\s*([VL])\(((?:[^()]|\([^()]*\))*)\)\s*")
_DIGITS = 4
"""Digits money is added up in, as ``interval.total`` does."""


class Term(NamedTuple):
    """One term of a formula: a weight, whether it is a state or another line, and its name."""

    weight: float
    is_line: bool
    name: str

    def __str__(self) -> str:
        """Return it as it stands in a formula, without its sign."""
        return f"{'L' if self.is_line else 'V'}({self.name})"


def terms(formula: str) -> list[Term] | None:
    """Return the terms of ``V(state) - 0.5 V(state) - L(line) ...``; None where it is anything else.

    V is the profit of a state, L the money of another line. Names may hold anything but a parenthesis without its other half.
    """
    found: list[Term] = []
    at = 0
    while at < len(formula):
        term = _TERM.match(formula, at)
        if term is None or (found and not term[1]):
            return None
        try:
            weight = float(term[2] or 1.0)
        except ValueError:
            return None
        found.append(Term(-weight if term[1] == "-" else weight, term[3] == "L", term[4]))
        at = term.end()
    return found or None


def trace(row: Mapping[str, Any], gap: pa.Table, money: pa.Table, runs: pa.Table) -> list[Row]:
    """Return what one line is made of, a row a fact.

    Parameters
    ----------
    row
        One row of the table ``gap``.
    gap, money, runs
        The tables of these names.

    Returns
    -------
    list of dict
        ``kind``, ``name``, ``money`` (None where the fact is not money) and ``text``. Kinds in their order: ``formula``;
        ``state``, one for each term of the formula, its profit over the settled cells; ``difference``, what the formula
        comes to, beside what is printed; ``stage``, the last runs of plan and gap; ``table``, the files of money and gap
        as these runs left them; ``product`` and ``week``, at most five of each, the largest first. Where the line has no
        formula, or one that cannot be added up, the text of ``formula`` says so, and there is neither state nor
        difference, product nor week.
    """
    added = _added(row["formula"], gap, money, _settled(money))
    formula = f"{row['formula']}: {added.said}" if row["formula"] and added.said else added.said or row["formula"]
    if row["formula"] is None:
        formula = ELSEWHERE.get(row["account"], formula)
    rows = [_fact("formula", row["line"], text=formula)]
    if not added.parts:
        return [*rows, *_stages(runs)]
    for term, part in added.parts:
        money_of = (part if isinstance(part, float) else _total(_by_cell([part]))) / term.weight
        how = "added" if term.weight > 0 else "taken off"
        rows.append(_fact("state", str(term), money_of, how if abs(term.weight) == 1 else f"{how}, {abs(term.weight):g} of it"))
    printed = "not measured" if row["money"] is None else f"printed {row['money']:,.2f}"
    cells = _by_cell(added.states)
    rows += [_fact("difference", row["line"], added.total, printed), *_stages(runs)]
    return rows + [fact for column in ("product", "week") for fact in _largest(cells, column)]


def check(gap: pa.Table, money: pa.Table, cells: pa.Table | None = None) -> list[Row]:
    """Return every measured line that has a formula beside the same money, added up again; then the sums of the ledger.

    Nothing of the ledger's own arithmetic is used: the rows of the states named are signed, kept where all essential states
    were settled, and added up, first by cell.

    Parameters
    ----------
    gap, money
        The tables of these names.
    cells
        The table ``gap_cells``; its sums are compared with the accounts.

    Returns
    -------
    list of dict
        ``account``, ``line``, ``formula``, ``money`` as printed, ``again`` as added up (None where it cannot be), ``agrees``
        (whether they differ by no more than the cents of apportionment), ``note`` (what is wrong; empty where nothing is).
    """
    rows = []
    settled = _settled(money)
    for row in gap.to_pylist():
        if row["formula"] is None or row["money"] is None:
            continue
        added = _added(row["formula"], gap, money, settled)
        near = CENT if row["counted"] or row["account"] in {"ideal", "actual"} else LOOSE
        identity = {name: row[name] for name in ("account", "line", "formula", "money")}
        rows.append(identity | _compared(row["money"], added.total if added.parts else None, near, added.said))
    return rows + list(_sums(gap, money, settled, cells))


def _sums(gap: pa.Table, money: pa.Table, settled: pa.Table, cells: pa.Table | None) -> Iterator[Row]:
    """Yield the sums that must hold: ideal less what is lost is the actual, limits in total, and the cells by account."""
    lines = [row for row in gap.to_pylist() if row["money"] is not None]
    by_account = {
        account: round(
            sum(row["money"] for row in lines if row["account"] == account and (row["counted"] or row["account"] in ENDS)), 2
        )
        for account in ACCOUNTS
    }
    if not settled.num_rows:
        return
    ideal, unknown, unmade, undone, actual = by_account.values()
    says = "ideal - unknown - unmade - undone"
    exact = _compared(actual, round(ideal - unknown - unmade - undone, 2), 0.0, "")
    yield {"account": "actual", "line": says, "formula": says, "money": actual} | exact
    states = set(money["information"].to_pylist())
    whole = "V(ideal) - V(perfect)" + (" + V(now) - V(fenced)" if "fenced" in states else "")
    added = _added(whole, gap, money, settled)
    near = CENT * sum(row["account"] == "unmade" for row in lines)
    sums = {"account": "unmade", "line": "all limits", "formula": whole, "money": unmade}
    yield sums | _compared(unmade, added.total, near, added.said)
    if cells is None:
        return
    for account in ACCOUNTS:
        again = round(pc.sum(cells[account]).as_py() or 0.0, 2)
        of = f"sum of gap_cells.{account}"
        yield {"account": account, "line": of, "formula": of, "money": by_account[account]} | _compared(
            by_account[account], again, 0.0, ""
        )


def _compared(money: float, again: float | None, near: float, said: str) -> Row:
    agrees = again is not None and round(abs(again - money), _DIGITS) <= near
    if again is not None and not agrees:
        said = f"printed is {money - again:+,.2f} from it"
    return {"again": again, "agrees": agrees, "note": said}


def _fact(kind: str, name: str, money: float | None = None, text: str = "") -> Row:
    return {"kind": kind, "name": name, "money": money, "text": text}


def _rows_of(money: pa.Table, state: str) -> pa.Table:
    """Return cell and profit of one state as settled."""
    known = "perfect" if state in WITHOUT else state
    ours = pc.and_(pc.equal(money["information"], known), pc.equal(money["limits"], WITHOUT.get(state, "real")))
    return money.filter(ours).select([*_CELL, "profit"])


def _settled(money: pa.Table) -> pa.Table:
    """Return the cells settled in all essential states."""
    every = pa.concat_tables([_rows_of(money, state) for state in ESSENTIAL])
    counts = every.group_by(_CELL).aggregate([("profit", "count")])
    return counts.filter(pc.equal(counts["profit_count"], len(ESSENTIAL))).select(_CELL)


def _standing(money: pa.Table, state: str) -> pa.Table:
    """Return cell and profit of a state; of those in ``AFTER``, cells it lacks are those of the state before."""
    rows = _rows_of(money, state)
    if state not in AFTER or not rows.num_rows:
        return rows
    before = [_rows_of(money, earlier) for earlier in AFTER[: AFTER.index(state)]]
    last = pa.concat_tables([*before, rows]).group_by(_CELL, use_threads=False).aggregate([("profit", "last")])
    return last.rename_columns([*_CELL, "profit"])


@dataclass(frozen=True)
class _Added:
    """A formula added up: each term with its weighted cells, or money where it is another line; or why it cannot be."""

    parts: list[tuple[Term, pa.Table | float]]
    said: str = ""

    @property
    def states(self) -> list[pa.Table]:
        return [part for _, part in self.parts if not isinstance(part, float)]

    @property
    def total(self) -> float:
        lines = sum(part for _, part in self.parts if isinstance(part, float))
        return (_total(_by_cell(self.states)) if self.states else 0.0) + lines


def _added(formula: str | None, gap: pa.Table, money: pa.Table, settled: pa.Table) -> _Added:
    """Return the terms of a formula over the settled cells."""
    if formula is None:
        return _Added([], "no difference of states: see the line's note")
    found = terms(formula)
    if found is None:
        return _Added([], "this formula cannot be read; expected V(STATE) - V(STATE)")
    if not settled.num_rows:
        return _Added([], "no product-week is settled")
    lines = {row["line"]: row["money"] for row in gap.to_pylist()}
    parts: list[tuple[Term, pa.Table | float]] = []
    for term in found:
        if term.is_line:
            parts.append((term, term.weight * float(lines.get(term.name) or 0.0)))
            continue
        rows = settled.join(_standing(money, term.name), _CELL, join_type="inner")
        missing = settled.num_rows - rows.num_rows
        if missing:
            return _Added([], f"'{term.name}' is not settled in {missing} of {settled.num_rows} product-weeks")
        parts.append((term, rows.select(_CELL).append_column("profit", pc.multiply(rows["profit"], term.weight))))
    return _Added(parts)


def _by_cell(parts: Sequence[pa.Table]) -> pa.Table:
    """Return the sum of each cell in whole ten-thousandths, which add up to the same in any order."""
    sums = pa.concat_tables(parts).group_by(_CELL).aggregate([("profit", "sum")])
    whole = pc.round(pc.multiply(sums["profit_sum"], 10.0**_DIGITS)).cast(pa.int64())
    return sums.select(_CELL).append_column("whole", whole)


def _total(cells: pa.Table) -> float:
    return int(pc.sum(cells["whole"]).as_py()) / float(10**_DIGITS)


def _largest(cells: pa.Table, column: str) -> Iterator[Row]:
    """Yield the products or weeks that hold most of a line, to either side."""
    sums = cells.group_by(column).aggregate([("whole", "sum")]).to_pylist()
    sums.sort(key=lambda row: (-abs(row["whole_sum"]), row[column]))
    for row in sums[:_SHOWN]:
        yield _fact(column, str(row[column]), row["whole_sum"] / 10**_DIGITS)


def _stages(runs: pa.Table) -> Iterator[Row]:
    """Yield the last run of plan and of gap, then the files they left."""
    rows = sorted(runs.to_pylist(), key=lambda row: row["run"])
    last = {row["stage"]: row for row in rows if row["stage"] in _GAVE}
    for stage in _GAVE:
        row = last.get(stage)
        hashes = [f"{part} {row[part][:_HASH]}" for part in ("settings", "inputs", "code")] if row else []
        said = ", ".join([f"run {row['run']}", f"seed {row['seed']}", *hashes]) if row else "no run is recorded"
        yield _fact("stage", stage, text=said)
    for stage, table in _GAVE.items():
        gave = dict(pair.split(":", 1) for pair in last[stage]["gave"].split()) if stage in last else {}
        if table in gave:
            yield _fact("table", table, text=gave[table])
