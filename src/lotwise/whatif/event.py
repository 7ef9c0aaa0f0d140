"""The schedule after something happened on the floor, beside the published one, and how it becomes the published one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lotwise.schedule.events import change, read
from lotwise.stages import stage_named

if TYPE_CHECKING:
    from pathlib import Path

    from lotwise.config import Settings
    from lotwise.loop import Listener
    from lotwise.project import Project

STAGE = "schedule"
STUDY = "event"


def after_event(project: Project, file: Path, settings: Settings, *, listener: Listener | None = None) -> Project:
    """Return the study in which the schedule is made anew after what a file says; what is published stays as it is.

    The published schedule is where it starts from: what is done stays, and of the rest as little moves as pays.

    Parameters
    ----------
    project
        A project with a schedule.
    file
        What happened, as ``lotwise.schedule.events.read`` reads it.
    settings
        The project's settings, perhaps with others under ``[schedule]``.
    listener
        Hears how it gets on.

    Raises
    ------
    InputError
        The file holds no events, or they do not fit what is scheduled: everything at once.
    ContractError
        The changed tables do not fit together.
    """
    stage = stage_named(STAGE)
    names = dict.fromkeys((*stage.takes, *stage.may_take, *stage.recalls))
    tables = {name: table for name in names if (table := project.find(name)) is not None}
    changed = change(tables, settings, read(file))
    study = project.study(STUDY, changed.settings, tables=changed.tables)
    study.run(only=STAGE, listener=listener)
    return study


def publish(project: Project, study: Project) -> None:
    """Make the schedule of a study the published one; all other published tables stay.

    The tables that the events changed are not published with it: what happened belongs into the project's own data, else
    the next run that makes a schedule knows nothing of it.
    """
    given = stage_named(STAGE).gives
    with project.store.lock():
        here, beside = project.store.manifest(), study.store.manifest()
        entries = here.tables | {name: entry for name, entry in beside.tables.items() if name in given}
        project.store.adopt(entries, here.stages, other=study.store)
