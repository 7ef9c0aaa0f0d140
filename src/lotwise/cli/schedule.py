"""Commands about the schedule: make it, make it anew after an event, and see what each machine does."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path  # noqa: TC003  typer reads it when the command is called
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lotwise.cli.app import HERE, Folder, Json, app, listener, opened
from lotwise.errors import InputError, MissingTableError, did_you_mean

if TYPE_CHECKING:
    from lotwise.config import Settings
    from lotwise.project import Project

SHOWN = ("schedules", "jobs", "lateness", "machine_days", "products")
"""Tables the screen is made from."""
STAGE = "schedule"


@app.command()
def schedule(
    *,
    event: Annotated[
        Path | None,
        typer.Option("--event", help="A TOML file of what has happened: schedule again beside the project, show what differs."),
    ] = None,
    now: Annotated[
        str | None,
        typer.Option("--now", help="The minute it starts from, such as 2026-11-23T10:00; default: as in lotwise.toml."),
    ] = None,
    moves: Annotated[int | None, typer.Option(min=0, help="Neighbors tried; 0: the dispatch rule alone.")] = None,
    method: Annotated[str | None, typer.Option(help="auto, dispatch, list, tabu, flow or exact.")] = None,
    publish: Annotated[bool, typer.Option("--publish", help="Make the schedule after the event the published one.")] = False,
    project: Folder = HERE,
    json: Json = False,
) -> None:
    """Put every lot of the coming weeks on a machine, in minutes, and show the schedule on one screen."""
    here = opened(project)
    settings = changed(here.settings, start=now, moves=moves, method=method)
    if event is not None:
        _after(here, event, settings, publish=publish, json=json)
        return
    if publish:
        raise InputError("--publish belongs to --event FILE; without an event the schedule is published anyway.")
    _made(here, settings, json=json)


@app.command()
def dispatch(
    subject: Annotated[
        str | None, typer.Argument(help="A machine ('sewing 3'), a group of machines or a lot; default: every machine.")
    ] = None,
    *,
    rows: Annotated[int, typer.Option(min=1, help="Rows shown of each machine.")] = 20,
    project: Folder = HERE,
) -> None:
    """Show what each machine does, one job after the other, or where and when each step of a lot is done."""
    import pyarrow.compute as pc

    from lotwise import console
    from lotwise import export as exports

    here = opened(project)
    tables = _found(here, ("jobs",))
    jobs = exports.jobs_of(tables, None)
    own = jobs.filter(pc.equal(jobs["lot"], subject)) if subject is not None else jobs.slice(0, 0)
    if own.num_rows:
        console.lot_jobs(own)
        return
    if subject is not None and subject not in {*jobs["machine"].to_pylist(), *jobs["group"].to_pylist()}:
        known = sorted({*jobs["machine"].to_pylist(), *jobs["group"].to_pylist(), *jobs["lot"].to_pylist()})
        hint = did_you_mean(subject, known) or "."
        raise InputError(f"No machine, group or lot of the schedule is called '{subject}'{hint} See all: lotwise dispatch")
    console.dispatch_list(exports.dispatch(tables, machine=subject), rows=rows, machine=subject)


def changed(settings: Settings, *, start: str | None, moves: int | None, method: str | None) -> Settings:
    """Return settings with those of a command line in place of the file's, checked like the file's."""
    import msgspec

    from lotwise import config

    given = {"start": start if start is None else _minute(start), "moves": moves, "method": method}
    said = {key: value for key, value in given.items() if value is not None}
    if not said:
        return settings
    whole: dict[str, Any] = {
        key: value for key, value in msgspec.structs.asdict(settings.schedule).items() if value is not None
    }
    built = config.build({STAGE: whole | said}, origin="The command line")
    return msgspec.structs.replace(settings, schedule=built.schedule)


def _made(here: Project, settings: Settings, *, json: bool) -> None:
    """Make the schedule, publish it and show it."""
    from lotwise import console
    from lotwise.project import Project

    _planned(here)
    called = here if settings is here.settings else Project(here.folder, settings)
    with listener(json=json) as told:
        called.run(only=STAGE, listener=told)
    if json:
        return
    console.schedule_summary(_found(here, SHOWN), currency=here.settings.project.currency)
    if settings is not here.settings:
        typer.echo("Options of this call hold for it alone: a run makes the schedule by lotwise.toml again.")
    earlier = [name for name in here.stale() if name in ("collect", "guard", "pool", "forecast", "plan")]
    if earlier:
        typer.echo(f"Stale still: {', '.join(earlier)}. Bring all up to date with: lotwise run")


def _after(here: Project, file: Path, settings: Settings, *, publish: bool, json: bool) -> None:
    """Make the schedule anew after an event beside the project, and show what differs."""
    from lotwise import console, whatif

    before = _found(here, SHOWN)
    if "jobs" not in before:
        raise MissingTableError("There is no schedule yet that an event could change. Make it with: lotwise schedule")
    with listener(json=json) as told:
        study = whatif.after_event(here, file, settings, listener=told)
    if publish:
        whatif.publish(here, study)
    if json:
        return
    after = _found(study, SHOWN)
    currency = here.settings.project.currency
    console.schedule_summary(after, currency=currency)
    console.schedule_difference(before, after, event=file.name, currency=currency)
    if publish:
        typer.echo("It is the published schedule now. Write what happened into your data too: a later run knows only those.")
        return
    typer.echo("The published schedule is as it was; publish this one with --publish.")


def _planned(here: Project) -> None:
    if here.find("lots") is None:
        raise MissingTableError("Nothing is planned yet that could be scheduled. Make a plan with: lotwise run")


def _found(here: Project, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: table for name in names if (table := here.find(name)) is not None}


def _minute(text: str) -> datetime:
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"'{text}' is no time; write it as 2026-11-23T10:00, in the project's time zone") from error
    if when.tzinfo is not None:
        raise InputError(f"'{text}' names a time zone; leave it out: times are those of the project's own zone")
    return when.replace(second=0, microsecond=0)
