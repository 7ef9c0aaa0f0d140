"""The current plan: made over the whole network, and published with its work orders, purchases, deliveries and reasons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.plan import orders
from lotwise.plan.network.made import Options
from lotwise.plan.network.pooling import pool, waiting, without_limits
from lotwise.plan.network.reading import build, opening
from lotwise.plan.windows import NOW

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from lotwise.config import Settings
    from lotwise.plan.lots import Plan
    from lotwise.plan.network.flow import Flow
    from lotwise.plan.network.labels import Labels
    from lotwise.plan.network.network import Network
    from lotwise.plan.problem import Problem
    from lotwise.plan.windows import Window

EXPECTED = "expected"
BEFORE = ("lots", "purchases", "shipments")
"""What is read of the plan that was published before."""


@dataclass(frozen=True)
class CurrentPlan:
    """The current plan with all it rests on."""

    problem: Problem
    network: Network
    labels: Labels
    plan: Plan
    flow: Flow

    def tables(self, tables: Mapping[str, pa.Table], wanted: Plan | None) -> dict[str, pa.Table]:
        """Return the published tables of the plan; ``wanted`` is the plan of the same demand without limits."""
        if wanted is not None:
            wanted = without_limits(self.problem, wanted, self.network)
        return orders.rows(self.problem, self.network, self.labels, self.plan, self.flow, tables, wanted=wanted)


def plan_current(
    window: Window,
    tables: Mapping[str, pa.Table],
    settings: Settings,
    *,
    before: Mapping[str, pa.Table] | None = None,
    say: Callable[[str], None] | None = None,
) -> CurrentPlan:
    """Return the plan of a window that is not over, for what is known now, over its network.

    Parameters
    ----------
    window
        The window.
    tables
        Clean tables.
    settings
        All settings; ``plan`` and ``economics`` are read.
    before
        ``lots``, ``purchases`` and ``shipments`` of the plan published before.
    say
        Called with each note about the tables.

    Raises
    ------
    ContractError
        The tables do not fit together.
    """
    problem = window.states[NOW]
    problem = replace(problem, opening=opening(problem, tables, settings), lead=0)
    network, labels = build(problem, tables, settings, before=_told(before), say=say)
    options = Options(
        breakpoints=settings.plan.breakpoints,
        mode=settings.plan.mode,
        service=_service(tables.get("products"), problem.products, settings.plan.service),
        risk=settings.plan.risk,
        tail=settings.plan.risk_tail,
        gap=settings.plan.gap,
    )
    if problem.on_order is not None:
        problem = replace(problem, on_order=waiting(problem, network, options))
    plan, flow = pool(problem, network, options)
    return CurrentPlan(problem, network, labels, plan, flow)


def _told(before: Mapping[str, pa.Table] | None) -> Mapping[str, pa.Table] | None:
    """Return the plan before without lots that were only expected: nobody was told to make them."""
    if before is None or "lots" not in before:
        return before
    return {**before, "lots": before["lots"].filter(pc.not_equal(before["lots"]["status"], EXPECTED))}


def _service(table: pa.Table | None, products: Sequence[str], otherwise: float) -> NDArray[np.float64]:
    """Return the share of each product's demand to be met in its week: its own, else that of the settings."""
    found = np.full(len(products), otherwise)
    if table is None:
        return found
    place = pc.index_in(pa.array(products, pa.string()), value_set=table["product"].combine_chunks())
    own = table["service"].take(place).cast(pa.float64())
    return np.asarray(pc.coalesce(own, pa.array(found)).to_numpy(), dtype=float)
