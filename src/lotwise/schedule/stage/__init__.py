"""The stage: lots of the plan as a shop, and the schedule found for it as tables.

``given`` is what the stage takes, ``draft`` makes a ``Shop`` of it with what its operations stand for, and ``tables`` says the
schedule in rows. Between reading and publishing everything is whole minutes.
"""

from lotwise.schedule.stage.draft import Draft, draft
from lotwise.schedule.stage.given import Given
from lotwise.schedule.stage.tables import tables

__all__ = ["Draft", "Given", "draft", "tables"]
