"""The command about tours: plan them and see them, all or one day's, and hand them on as a file."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path  # noqa: TC003  typer reads it
from typing import Annotated

import typer

from lotwise.cli.app import HERE, Folder, Json, app, listener, opened
from lotwise.errors import InputError

READS = ("tours", "tour_costs", "undelivered", "orders", "order_terms")


@app.command()
def deliver(
    *,
    day: Annotated[str | None, typer.Option(help="Show every stop of one day's tours, such as 2026-11-03.")] = None,
    export: Annotated[Path | None, typer.Option(help="Write all tours to a .csv, .xlsx or .json file.")] = None,
    project: Folder = HERE,
    json: Json = False,
) -> None:
    """Plan the tours that bring finished orders to customers, and show them on one screen."""
    from lotwise import console, extras
    from lotwise import export as exports

    wanted = None if day is None else _day(day)
    here = opened(project)
    with listener(json=json) as told:
        here.run(only="deliver", listener=told)
    tables = {name: table for name in READS if (table := here.find(name)) is not None}
    if export is not None:
        rows = tables["tours"].sort_by([(name, "ascending") for name in ("day", "tour", "stop")])
        exports.write(rows, export, name="tours")
        typer.echo(f"Wrote {rows.num_rows:,} rows to {export}: {', '.join(rows.column_names)}")
    if json:
        return
    lacking = [name for name in ("places", "vehicles", "deliveries") if not _filled(here.find(name))]
    if lacking:
        typer.echo(f"There are no tours: nothing in {', '.join(lacking)}.")
        typer.echo("places say where orders go and vehicles start, vehicles which there are: lotwise tables places")
    else:
        extras.need("pyvrp", extra="routes")
        console.tours(tables, day=wanted, currency=here.settings.project.currency)
    earlier = [name for name in here.stale() if name != "deliver"]
    if earlier:
        typer.echo(f"Stale still: {', '.join(earlier)}. Bring all up to date with: lotwise run")


def _filled(table: object) -> bool:
    return bool(getattr(table, "num_rows", 0))


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  a day has no zone
    except ValueError:
        raise InputError(f"--day {text}: expected a day such as 2026-11-03") from None
