"""A user's tables as a shop, and every way they can be wrong.

``read`` takes frames. It makes a ``Draft`` of typed columns, and ``build`` makes a ``Shop`` of that.
"""

from lotwise.schedule.reading.build import build
from lotwise.schedule.reading.draft import Draft, draft
from lotwise.schedule.reading.faults import Faults
from lotwise.schedule.reading.outages import is_stand_in
from lotwise.schedule.reading.read import read

__all__ = ["Draft", "Faults", "build", "draft", "is_stand_in", "read"]
