"""Randomized trials: what being shown something brought, the difference of two means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.special import stdtrit

from lotwise.errors import ContractError, breaches, did_you_mean
from lotwise.gap import verdict
from lotwise.gap.choices.regret import row
from lotwise.gap.frames.long import arrow
from lotwise.gap.interval import interval as quantiles
from lotwise.tables.ledger import UNSEEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.gap.choices.logit import Reals

_AT_ONCE = 1 << 22
"""Draws of the bootstrap held at a time."""


def experiment(
    trial: Any,  # noqa: ANN401  any frame there is
    *,
    control: str,
    rng: np.random.Generator | None = None,
    resamples: int = 2000,
    interval: float = 0.9,
    unit: str = "money",
) -> pa.Table:
    """Return the table ``unseen`` of a randomized trial: for each arm, its mean outcome less that of the control arm.

    The interval is Welch's, for arms of unequal variance; the note has that of a bootstrap beside it, which for skewed
    outcomes and few customers is the better one. Neither helps where customers were not dealt at random.

    Parameters
    ----------
    trial
        Frame with ``arm`` and ``outcome``, one row a customer; with ``customer`` several rows of one are summed.
    control
        The arm the others are compared with.
    rng
        Source of the bootstrap's draws; absent: seed 0.
    resamples, interval
        Draws of customers within their arm, and the width of intervals.
    unit
        What outcomes are counted in.

    Raises
    ------
    ContractError
        Missing columns, empty or infinite values, an unknown control arm, fewer than two arms, an arm with fewer than two
        customers, or customers in two arms.

    References
    ----------
    Welch (1947), The generalization of Student's problem when several different population variances are involved,
    Biometrika 34.
    """
    rng = rng or np.random.default_rng(0)
    arms = _arms(arrow(trial, "The trial"), control)
    base = arms.pop(control)
    others = _means(base, rng, resamples)
    rows = []
    for name, arm in arms.items():
        ends = welch(arm, base, interval)
        low, high = quantiles(_means(arm, rng, resamples) - others, interval)
        note = _NOTE.format(
            arm=f"{len(arm):,}", base=f"{len(base):,}", mean=f"{arm.mean():,.4g}", other=f"{base.mean():,.4g}",
            low=f"{low:,.4g}", high=f"{high:,.4g}",
        )  # fmt: skip
        said = verdict.of_loss((-ends[1], -ends[0])) if ends[0] < ends[1] else verdict.OPEN
        rows.append(
            row(f"experiment: {name} less {control}", unit, float(arm.mean() - base.mean()), ends, said=said, note=note)
        )
    return pa.Table.from_pylist(rows, schema=UNSEEN.schema)


def welch(arm: Reals, base: Reals, width: float) -> tuple[float, float]:
    """Return the interval of mean(arm) - mean(base) by Student's t with Welch's degrees of freedom."""
    parts = [each.var(ddof=1) / len(each) for each in (arm, base)]
    variance = sum(parts)
    off = float(arm.mean() - base.mean())
    if variance == 0:
        return off, off
    freedom = variance**2 / sum(part**2 / (len(each) - 1) for part, each in zip(parts, (arm, base), strict=True))
    reach = float(stdtrit(freedom, (1 + width) / 2) * np.sqrt(variance))
    return off - reach, off + reach


def _means(outcome: Reals, rng: np.random.Generator, resamples: int) -> Reals:
    """Return the mean of each resample, a block of resamples at a time."""
    step = max(_AT_ONCE // len(outcome), 1)
    parts = [
        outcome[rng.integers(0, len(outcome), (min(step, resamples - first), len(outcome)))].mean(axis=1)
        for first in range(0, resamples, step)
    ]
    return np.concatenate(parts)


def _arms(table: pa.Table, control: str) -> dict[str, Reals]:
    """Return the outcomes of each arm's customers, in order of the arms' names, once nothing is wrong with them."""
    found = list(_faults(table, control))
    if found:
        raise ContractError(breaches("The trial cannot be used", found))
    if "customer" in table.column_names:
        table = table.group_by(["customer", "arm"], use_threads=False).aggregate([("outcome", "sum")])
        table = table.rename_columns(["customer", "arm", "outcome"])
        twice = table.num_rows - len(pc.unique(table["customer"]))
        if twice:
            raise ContractError(f"The trial cannot be used:\n- {twice} customers are in two arms; expected each in one")
    names = table["arm"].cast(pa.string())
    outcome = table["outcome"].cast(pa.float64())
    arms = {name: outcome.filter(pc.equal(names, name)).to_numpy() for name in sorted(pc.unique(names).to_pylist())}
    few = [f"arm '{name}' has {len(each)} customer; expected two at least" for name, each in arms.items() if len(each) < 2]  # noqa: PLR2004  one has no variance
    if few or len(arms) < 2:  # noqa: PLR2004  an arm and its control
        raise ContractError(
            breaches("The trial cannot be used", few or [f"there is one arm, '{control}'; expected two at least"])
        )
    return arms


def _faults(table: pa.Table, control: str) -> Iterator[str]:
    for name in ("arm", "outcome"):
        if name not in table.column_names:
            yield f"column '{name}' is missing{did_you_mean(name, table.column_names)}"
    for name in (name for name in ("arm", "outcome", "customer") if name in table.column_names):
        empty = pc.sum(pc.is_null(table[name], nan_is_null=True)).as_py()
        if empty:
            yield f"column '{name}' has {empty} empty values"
    if "outcome" in table.column_names and not _is_finite(table["outcome"]):
        yield f"column 'outcome' has type {table['outcome'].type} or infinite values; expected finite numbers"
    if "arm" in table.column_names:
        arms = sorted(str(name) for name in pc.unique(table["arm"]).to_pylist())
        if control not in arms:
            yield f"there is no control arm '{control}'{did_you_mean(control, arms)}; arms are: {', '.join(arms)}"


def _is_finite(column: pa.ChunkedArray) -> bool:
    if pa.types.is_floating(column.type):
        return bool(pc.all(pc.is_finite(column), skip_nulls=True).as_py())
    return bool(pa.types.is_integer(column.type) or pa.types.is_boolean(column.type))


_NOTE = (
    "{arm} customers with a mean of {mean} against {base} with {other}, dealt at random; interval of Welch (1947). "
    "Bootstrap: {low} to {high}."
)
