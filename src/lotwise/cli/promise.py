"""Commands about promises: when a customer can have something and what it costs, and what is reserved."""

from __future__ import annotations

import json as jsons
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from lotwise.cli.app import HERE, Folder, Json, app, opened
from lotwise.errors import BusyError, InputError

if TYPE_CHECKING:
    import pyarrow as pa

    from lotwise.plan.promising.desk import Desk
    from lotwise.plan.promising.ledger import Reservation
    from lotwise.plan.promising.program import Exact
    from lotwise.plan.promising.promised import Promise
    from lotwise.project import Project

BEFORE = ("lots", "purchases", "shipments")


@app.command()
def promise(  # noqa: PLR0913  one option each
    product: Annotated[str, typer.Argument(help="Product code.")],
    units: Annotated[float, typer.Argument(help="How many.")] = 1.0,
    *,
    option: Annotated[list[str] | None, typer.Option("--option", help="Value of an option, as fabric=silk; repeat it.")] = None,
    region: Annotated[str, typer.Option(help="Where to; default: anywhere.")] = "all",
    by: Annotated[str | None, typer.Option(help="Day it is wanted, as 2026-11-20; nothing earlier is promised.")] = None,
    exact: Annotated[
        bool, typer.Option("--exact", help="Ask the plan's linear program again: the true cost and week.")
    ] = False,
    reserve: Annotated[bool, typer.Option("--reserve", help="Hold it.")] = False,
    hours: Annotated[float, typer.Option(help="Hours it is held for unless confirmed.")] = 48.0,
    project: Folder = HERE,
    json: Json = False,
) -> None:
    """Say when so many units of a product or configuration can be there, what that costs, and what binds."""
    from lotwise.console.promises import promise_json, promised
    from lotwise.plan.promising.alternatives import alternatives

    here = opened(project)
    asked: dict[str, Any] = {"options": _options(option), "region": region, "by": _day(by)}
    desk, now = _desk(here)
    if reserve:
        _hold(here, desk, now, product, units, asked, hours=hours, json=json)
        return
    found = desk.promise(product, units, **asked)
    true = _exact(here, desk, found) if exact else None
    if json:
        typer.echo(jsons.dumps(promise_json(found, true, desk.book.facts.weeks), default=str, ensure_ascii=False))
        return
    others = alternatives(desk.book, found)
    promised(found, others, true, weeks=desk.book.facts.weeks, by=asked["by"], currency=here.settings.project.currency)
    _stale(here)


@app.command()
def reservations(
    *,
    confirm: Annotated[int | None, typer.Option("--confirm", help="Number of the reservation to confirm.")] = None,
    order: Annotated[str | None, typer.Option(help="With --confirm: the number of the order it became.")] = None,
    release: Annotated[int | None, typer.Option("--release", help="Number of the reservation to let go.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show those too that are let go or over.")] = False,
    project: Folder = HERE,
) -> None:
    """Show what is reserved, confirm a reservation, or let it go."""
    from lotwise.console.promises import reserved
    from lotwise.plan.promising.ledger import Ledger

    if confirm is not None and release is not None:
        raise InputError("--confirm keeps a reservation and --release lets one go; give one of them.")
    if order is not None and confirm is None:
        raise InputError("--order says what a confirmed reservation became; give --confirm NUMBER with it.")
    here = opened(project)
    ledger, now = Ledger(here.store.home), _now(here)
    if confirm is not None:
        _said(ledger.confirm(confirm, now=now, order=order), "confirmed")
    if release is not None:
        _said(ledger.release(release, now=now), "released")
    ledger.expire(now)
    table = ledger.table(now)
    if table.num_rows:
        _publish(here, table)
    if confirm is None and release is None:
        reserved(table, everything=everything, currency=here.settings.project.currency)


def _hold(  # noqa: PLR0913  one command
    here: Project, desk: Desk, now: datetime, product: str, units: float, asked: dict[str, Any], *, hours: float, json: bool
) -> None:
    held = desk.hold(product, units, **asked, hours=hours)
    _publish(here, desk.ledger.table(now))
    if json:
        row = {name: getattr(held, name) for name in held.__slots__}
        typer.echo(jsons.dumps(row, default=str, ensure_ascii=False))
        return
    until = "" if held.expires is None else f" until {held.expires:%Y-%m-%d %H:%M}"
    cost = f"{held.cost:,.2f} {here.settings.project.currency}"
    typer.echo(f"Reservation {held.number}: {held.units:g} {held.product} by {held.day}, at a cost of {cost}. Held{until}.")
    typer.echo(f"Keep it with: lotwise reservations --confirm {held.number}")


def _desk(here: Project) -> tuple[Desk, datetime]:
    from lotwise.plan.promising.desk import Desk
    from lotwise.plan.promising.read import TAKEN

    now = _now(here)
    return Desk(_tables(here, TAKEN), here.settings, here.store.home, now=now, today=here.settings.project.today), now


def _exact(here: Project, desk: Desk, found: Promise) -> Exact:
    """Return what the linear program says, with all that is reserved firm in it."""
    from lotwise.plan.promising.program import program
    from lotwise.stages import stage_named

    stage = stage_named("plan")
    tables = _tables(here, (*stage.takes, *stage.may_take))
    tables = {name: table for name, table in tables.items() if table.num_rows}
    now = _now(here)
    tables["reservations"] = desk.ledger.table(now)
    asked = program(tables, here.settings, before=_tables(here, BEFORE) or None)
    week = -1 if found.week is None else desk.book.facts.weeks.index(found.week)
    return asked.exact(found.product, found.units, week, opened=desk.book.opened(found))


def _tables(here: Project, names: tuple[str, ...]) -> dict[str, pa.Table]:
    return {name: table for name in names if (table := here.find(name)) is not None}


def _publish(here: Project, table: pa.Table) -> None:
    """Publish the table ``reservations`` for the next plan; the ledger holds them whether or not that works now."""
    try:
        with here.store.lock():
            entry = here.store.write("reservations", table, stage="promise")
            here.store.publish({"reservations": entry}, fingerprints={})
    except BusyError:
        typer.echo("A run holds the project: the plan it makes does not know of this. Then run: lotwise reservations", err=True)


def _options(given: list[str] | None) -> dict[str, str]:
    wrong = [text for text in given or () if "=" not in text]
    if wrong:
        raise InputError(f"Found --option {wrong[0]}; expected a name and a value, as --option fabric=silk.")
    return {name.strip(): value.strip() for name, _, value in (text.partition("=") for text in given or ())}


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise InputError(f"Found --by {text}; expected a day, as 2026-11-20.") from None


def _now(here: Project) -> datetime:
    """Return the time in the project's zone."""
    return datetime.now(UTC).astimezone(ZoneInfo(here.settings.project.timezone)).replace(tzinfo=None)


def _said(row: Reservation, what: str) -> None:
    order = f" as order {row.order}" if row.order else ""
    typer.echo(f"Reservation {row.number} is {what}{order}: {row.units:g} {row.product} by {row.day}.")


def _stale(here: Project) -> None:
    if "plan" in here.stale():
        typer.echo("The plan is stale: something changed since. Bring it up to date with: lotwise run", err=True)
