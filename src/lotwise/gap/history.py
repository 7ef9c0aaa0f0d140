"""The ledger's memory: what each run left, and why the last one differs from the run before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.gap.cells import ACCOUNTS, in_cents
from lotwise.tables.ledger import GAP_CHANGES, GAP_HISTORY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from lotwise.gap.value import Value

RUNS_KEPT = 60
"""Runs that the history goes back."""

WEEKS_CAME, WEEKS_WENT = "weeks that came", "weeks that went"
PRODUCTS_CAME, PRODUCTS_WENT = "products that came", "products that went"
ANEW = "settled anew"

CAUSES = (WEEKS_CAME, WEEKS_WENT, PRODUCTS_CAME, PRODUCTS_WENT, ANEW)
"""Why an account changed, in the order of the table ``gap_changes``."""

FACTS = ("collect", "guard", "pool")
"""Stages whose tables say what happened in the world; what later stages give follows from them."""

STAGES = (*FACTS, "forecast", "plan")
"""Stages before the ledger, in their order."""

_NAMES_SHOWN = 3


def history(before: pa.Table | None, gap: pa.Table, value: Value, run: int) -> pa.Table:
    """Return the table ``gap_history``: the lines of this run after those of the runs before.

    Parameters
    ----------
    before
        The history as the last run left it; None where there is none. Rows of this run are replaced.
    gap
        The table ``gap`` of this run.
    value
        The grid it stands on.
    run
        Number of this run.

    Returns
    -------
    pyarrow.Table
        At most the last ``RUNS_KEPT`` runs, the oldest first, lines in the ledger's order.
    """
    rows = gap.num_rows
    last = value.weeks.max().item() if len(value.weeks) else None
    now = {
        "run": pa.array([run] * rows, pa.int64()),
        **{name: gap[name] for name in ("account", "line", "money", "low", "high")},
        "weeks": pa.array([len(value.weeks)] * rows, pa.int64()),
        "last": pa.array([last] * rows, pa.date32()),
        "products": pa.array([len(value.products)] * rows, pa.int64()),
    }
    added = pa.table(now, schema=GAP_HISTORY.schema)
    if before is None:
        return added
    others = before.filter(pc.not_equal(before["run"], run))
    kept = sorted({*others["run"].to_pylist(), run})[-RUNS_KEPT:]
    both = pa.concat_tables([others, added])
    return both.filter(pc.greater_equal(both["run"], kept[0])).sort_by("run")


def changes(cells: pa.Table, before: pa.Table | None, history: pa.Table | None, runs: pa.Table | None, run: int) -> pa.Table:
    """Return the table ``gap_changes``: why each account differs from the run before, in cents that add up.

    A cell of one run only is put down to its week where the other run settled no such week, else to its product where
    the other run settled no such product; all other cells are *settled anew*, and so is a region that came or went.

    Parameters
    ----------
    cells
        The table ``gap_cells`` of this run.
    before
        The same as the last run left it; None where there is none.
    history
        The table ``gap_history`` as the last run left it: its last run is the one compared with.
    runs
        The table ``runs``, in which the earlier stages of this run stand already.
    run
        Number of this run.

    Returns
    -------
    pyarrow.Table
        A row for each account and cause that moved it by a cent at least. None in the first run, nor where the last
        ledger is of this same run, for it is not known any more what it replaced.
    """
    since = pc.max(history["run"]).as_py() if history is not None else None
    if before is None or since is None or since >= run:
        return GAP_CHANGES.empty()
    came, new = _cause(cells, before, WEEKS_CAME, PRODUCTS_CAME)
    went, old = _cause(before, cells, WEEKS_WENT, PRODUCTS_WENT)
    behind = _behind(runs, since, run) if runs is not None else ""
    notes = {cause: " ".join(filter(None, [(new | old).get(cause), behind])) for cause in CAUSES}
    rows = []
    for account in ACCOUNTS:
        moved = _by_cause(cells, came, account) - _by_cause(before, went, account)
        rows += [
            {"since": since, "account": account, "cause": cause, "money": int(amount) / 100, "note": notes[cause]}
            for cause, amount in zip(CAUSES, moved, strict=True)
            if amount
        ]
    return pa.Table.from_pylist(rows, schema=GAP_CHANGES.schema)


def _cause(ours: pa.Table, theirs: pa.Table, of_week: str, of_product: str) -> tuple[NDArray[np.int64], dict[str, str]]:
    """Return the place in ``CAUSES`` each row of ours belongs to, and which weeks and products are ours alone."""
    place = np.full(ours.num_rows, CAUSES.index(ANEW))
    said: dict[str, str] = {}
    for column, cause in (("product", of_product), ("week", of_week)):
        alone = pc.invert(pc.is_in(ours[column], value_set=pc.unique(theirs[column])))
        place[alone.to_numpy()] = CAUSES.index(cause)
        names = pc.unique(ours[column].filter(alone)).sort().to_pylist()
        said |= {cause: _listed(column, names)} if names else {}
    return place, said


def _listed(what: str, names: list[object]) -> str:
    """Return how many there are and which: weeks by the first and last, products by the first few."""
    count = f"{len(names)} {what}{'s' if len(names) > 1 else ''}"
    if what == "week":
        return f"{count}: {names[0]}{f' to {names[-1]}' if len(names) > 1 else ''}."
    more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
    return f"{count}: {', '.join(map(str, names[:_NAMES_SHOWN]))}{more}."


def _by_cause(cells: pa.Table, place: NDArray[np.int64], account: str) -> NDArray[np.int64]:
    """Return the cents of one account by cause."""
    amounts = np.zeros(len(CAUSES), dtype=np.int64)
    np.add.at(amounts, place, in_cents(cells[account]))
    return amounts


def _behind(runs: pa.Table, since: int, run: int) -> str:
    """Return what changed in the stages before the ledger, from the run compared with to this one.

    Tables are named where they are facts, or where neither facts nor settings nor code explain that they changed.
    """
    changed: dict[str, list[str]] = {"settings": [], "code": []}
    tables: list[str] = []
    for stage, then, now in _pairs(runs, since, run):
        for part, stages in changed.items():
            if then[part] != now[part]:
                stages.append(stage)
        if stage in FACTS or not (tables or changed["settings"] or changed["code"]):
            old, new = _gave(then), _gave(now)
            tables += sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    said = [f"{part} of {', '.join(stages)} changed" for part, stages in changed.items() if stages]
    said += [f"tables: {', '.join(tables)} changed"] if tables else []
    return f"Behind it: {'; '.join(said)}." if said else "No stage before changed: settings or code of gap did."


def _pairs(runs: pa.Table, since: int, run: int) -> Iterator[tuple[str, Mapping[str, str], Mapping[str, str]]]:
    """Yield each stage with the row that stood when the last ledger was made, and the one that stands now."""
    rows = sorted(runs.to_pylist(), key=lambda row: row["run"])
    for stage in STAGES:
        ours = [row for row in rows if row["stage"] == stage and row["run"] <= run]
        then = [row for row in ours if row["run"] <= since]
        if then:
            yield stage, then[-1], ours[-1]


def _gave(row: Mapping[str, str]) -> dict[str, str]:
    """Return the hash of each table a stage gave."""
    return dict(pair.split(":", 1) for pair in row["gave"].split())
