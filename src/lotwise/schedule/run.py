"""The stage: every lot of the coming weeks on a machine, in minutes, and how late each order is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lotwise.schedule.stage.run import made_of

if TYPE_CHECKING:
    from lotwise.stage import Inputs, Relation

TAKES = (
    "lots", "routing", "machines", "machine_weeks", "shifts", "downtime", "setups", "tools", "tool_needs", "order_terms",
    "floor", "calendar", "items", "families", "bom", "pegging", "deliveries", "orders", "order_options", "products",
    "economics", "receipts", "purchases", "shipments", "jobs",
)  # fmt: skip


def run(inputs: Inputs) -> dict[str, Relation]:
    """Return ``jobs``, ``lateness``, ``order_ends``, ``schedules`` and ``machine_days``.

    Raises
    ------
    ContractError
        Tables do not fit together; every breach is listed, and the schedule published before stays.
    LotwiseError
        The schedule found breaks a rule.
    """
    given = {name: inputs.table(name) for name in TAKES if inputs.has(name)}
    return {**made_of(given, inputs.settings, lambda note: inputs.progress(note, None))}
