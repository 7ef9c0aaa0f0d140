"""Every named table: its columns, types, units, meanings and key. Read this room first.

A stage takes named tables and gives named tables; what stands here is all that two stages share.
``lotwise tables`` prints these contracts, and the loop checks each table against its own at the door.
"""

from lotwise.errors import MissingTableError, did_you_mean
from lotwise.tables import collected, forecasted, ledger, mined, offered, planned, pooled, recorded, scheduled
from lotwise.tables.contract import Column, Table

CLEAN = (*(t for t in collected.COLLECTED if t is not collected.PLACE_PROMOTIONS), pooled.PROMOTIONS)
"""The collected tables as they leave the pool."""

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        *CLEAN, collected.SOURCES, collected.FINDINGS,
        pooled.DEMAND, pooled.REJECTS, pooled.QUALITY, pooled.ECONOMICS,
        *mined.MINED,
        forecasted.FORECAST, forecasted.DRAWS, forecasted.FORECAST_TOTALS, forecasted.SCORES, forecasted.CANDIDATES,
        forecasted.FEATURES, forecasted.REASONS, forecasted.OPTION_DEMAND, forecasted.COMPONENT_DEMAND,
        planned.PLANS, planned.SOLVES, planned.CONFLICTS, planned.LOTS, planned.PURCHASES, planned.SHIPMENTS, planned.LOADS,
        planned.PROJECTION, planned.DELIVERIES, planned.PEGGING, planned.EXCEPTIONS, planned.PRICES, planned.CHARGES,
        planned.USES, planned.CUTS, planned.MONEY, planned.LIMIT_VALUES,
        ledger.GAP, ledger.GAP_PRODUCTS, ledger.GAP_CELLS, ledger.SOURCE_VALUES, ledger.GAP_NOTICE, ledger.GAP_SWEEP,
        ledger.ASSUMPTIONS, ledger.GAP_HISTORY, ledger.GAP_CHANGES, ledger.UNSEEN,
        *scheduled.SCHEDULED, *scheduled.DELIVERED, scheduled.RESERVATIONS,
        offered.OFFERS, offered.RECOMMENDER_SCORES,
        recorded.RUNS,
    )
}  # fmt: skip
"""The tables that are stored, by name."""

PASSING: dict[str, Table] = {
    table.name: table for table in (*collected.RAW, *collected.NAMELESS, collected.RAW_FAULTS, collected.NAMELESS_FAULTS)
}
"""The tables that only pass from collect to guard to pool and are never stored, by name."""


def contract(name: str) -> Table:
    """Return the contract of a table.

    Raises
    ------
    MissingTableError
        No table has this name; the message names the closest one.
    """
    found = TABLES.get(name) or PASSING.get(name)
    if found is None:
        message = f"There is no table '{name}'{did_you_mean(name, TABLES)}. List them all with: lotwise tables"
        raise MissingTableError(message)
    return found


__all__ = ["CLEAN", "PASSING", "TABLES", "Column", "Table", "contract"]
