"""The schedule made anew after something happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lotwise.schedule.events.change import change
from lotwise.schedule.stage.run import made_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pyarrow as pa

    from lotwise.config import Settings
    from lotwise.schedule.events.events import Events


def reschedule(
    tables: Mapping[str, pa.Table], settings: Settings, events: Events, *, say: Callable[[str], None] | None = None
) -> dict[str, pa.Table]:
    """Return the tables of the stage after events: what is done stays, and of the rest as little moves as pays.

    In a project the same is had beside what is published by ``change`` and ``Project.study``.

    Parameters
    ----------
    tables
        What the stage takes, and ``jobs`` as published.
    settings
        All settings; ``schedule.machine_change`` and ``sequence_change`` say what moving a job costs.
    events
        What happened.
    say
        Hears what is assumed and found.

    Raises
    ------
    InputError
        The events do not fit what is scheduled.
    ContractError
        The changed tables do not fit together.
    LotwiseError
        The schedule found breaks a rule.
    """
    changed = change(tables, settings, events)
    return made_of({**tables, **changed.tables}, changed.settings, say)
