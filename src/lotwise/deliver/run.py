"""The stage: tours of the first days, for the orders that the factory finishes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from lotwise.deliver.days import Terms, first_days, plan
from lotwise.deliver.ready import finished
from lotwise.errors import MissingPackageError
from lotwise.extras import need
from lotwise.tables.scheduled import DELIVERED

if TYPE_CHECKING:
    import pyarrow as pa

    from lotwise.stage import Inputs

TAKES = (
    "orders", "deliveries", "pegging", "lateness", "order_ends", "products", "order_terms",
)  # fmt: skip
NEEDED = {"places": "where orders go and vehicles start", "vehicles": "which vehicles there are", "deliveries": "firm orders"}


def run(inputs: Inputs) -> dict[str, pa.Table]:
    """Return the tables ``tours``, ``tour_costs`` and ``undelivered``; empty ones where something is missing, which is said.

    Orders are ready when the schedule ends what they wait for, else at the end of the week the plan has them in. One routing
    problem a day; what finds no room today is tried tomorrow.
    """
    empty = {table.name: table.empty() for table in DELIVERED}
    lacking = [f"{name} ({meaning})" for name, meaning in NEEDED.items() if not _filled(inputs, name)]
    if lacking:
        inputs.progress(f"There are no tours: nothing in {', '.join(lacking)}", 1.0)
        return empty
    try:
        need("pyvrp", extra="routes")
    except MissingPackageError as missing:
        inputs.progress(f"There are no tours. {missing}", 1.0)
        return empty
    settings = inputs.settings
    places, start = inputs.table("places"), _start(inputs)
    days = first_days(start, settings.deliver)
    tables = {name: inputs.table(name) for name in TAKES if inputs.has(name)}
    orders = finished(tables, places["place"].to_pylist(), days[0], delay_share=settings.plan.backorder_share)
    ready = sum(order.ready <= days[-1] for order in orders)
    later = min((order.ready for order in orders if order.ready > days[-1]), default=None)
    after = "" if later is None else f", the next on {later} (days = {settings.deliver.days} in [deliver])"
    inputs.progress(f"{ready:,} of {len(orders):,} orders are ready by {days[-1]}{after}", 0.0)
    terms = Terms(places, inputs.table("vehicles"), settings.deliver, settings.project.seed)
    return plan(orders, terms, days, inputs.progress)


def _filled(inputs: Inputs, name: str) -> bool:
    return inputs.has(name) and inputs.table(name).num_rows > 0


def _start(inputs: Inputs) -> date:
    """Return the first day: that of the schedule, else today, else the day after the last order."""
    if _filled(inputs, "schedules"):
        found: date = inputs.table("schedules")["starts"][0].as_py().date()
        return found
    if inputs.settings.project.today is not None:
        return inputs.settings.project.today
    last: date = pc.max(inputs.table("orders")["time"]).as_py().date()
    return last + timedelta(days=1)
