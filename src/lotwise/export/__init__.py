"""What leaves for other systems: work orders, purchase orders, shipments and the schedule as files that others take.

``orders`` gives the current plan documented columns, ``schedule`` and ``dispatch`` do so with the schedule, and ``write`` makes
a CSV, Excel or JSON file of them, all at once; ``calendar`` is the schedule for calendar programs.
"""

from lotwise.export.calendar import ENDING, calendar, write_calendar
from lotwise.export.dispatch import dispatch, jobs_of, schedule
from lotwise.export.orders import KINDS, Kind, orders
from lotwise.export.write import FORMS, write

__all__ = [
    "ENDING",
    "FORMS",
    "KINDS",
    "Kind",
    "calendar",
    "dispatch",
    "jobs_of",
    "orders",
    "schedule",
    "write",
    "write_calendar",
]
