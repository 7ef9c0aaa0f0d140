"""Commands about the plan: make it and see it, ask what if, compare, what to buy, and hand orders to an ERP."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from lotwise.cli.app import HERE, Folder, Json, app, listener, opened
from lotwise.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

    from lotwise.project import Project

Rows = Annotated[int, typer.Option(min=1, help="Rows shown.")]


class By(StrEnum):
    """What ``lotwise purchases`` adds up by."""

    WEEK = "week"
    MATERIAL = "material"
    SUPPLIER = "supplier"


class Orders(StrEnum):
    """What ``lotwise export`` writes."""

    WORK = "work-orders"
    PURCHASE = "purchase-orders"
    SHIPMENTS = "shipments"
    SCHEDULE = "schedule"
    DISPATCH = "dispatch"


SCHEDULED = (Orders.SCHEDULE, Orders.DISPATCH)
"""What is made from the schedule, not from the plan."""


@app.command()
def plan(
    *,
    what_if: Annotated[
        Path | None,
        typer.Option("--what-if", help="A TOML file of scenarios: plan each beside the project, show what differs."),
    ] = None,
    compare: Annotated[
        tuple[str, str] | None,
        typer.Option("--compare", help="Two scenarios planned before, side by side; 'published' is the project's own plan."),
    ] = None,
    project: Folder = HERE,
    json: Json = False,
) -> None:
    """Plan what to make and buy for the most revenue minus cost, settle past plans, and show the plan on one screen."""
    from lotwise import console

    here = opened(project)
    if what_if is not None and compare is not None:
        raise InputError("--what-if plans scenarios and --compare shows two that are planned; give one of them.")
    if what_if is not None or compare is not None:
        _differences(here, what_if, compare, json=json)
        return
    with listener(json=json) as told:
        here.run(only="plan", listener=told)
    if json:
        return
    names = (
        "products",
        "plans",
        "solves",
        "conflicts",
        "cuts",
        "exceptions",
        "deliveries",
        "lots",
        "purchases",
        "materials",
        "loads",
        "prices",
    )
    console.plan_summary(found(here, names), currency=here.settings.project.currency)
    earlier = [name for name in here.stale() if name != "plan"]
    if earlier:
        typer.echo(f"Stale still: {', '.join(earlier)}. Bring all up to date with: lotwise run")


@app.command()
def purchases(
    *,
    by: Annotated[By | None, typer.Option(help="Add the orders up by week, material or supplier.")] = None,
    export: Annotated[Path | None, typer.Option(help="Write all of them to a .csv, .xlsx or .json file.")] = None,
    rows: Rows = 20,
    project: Folder = HERE,
) -> None:
    """Show what to buy: every order to place, when, of whom and for how much."""
    from lotwise import console

    here = opened(project)
    if export is not None:
        _export(here, Orders.PURCHASE.value, export)
        return
    table = here.table("purchases").sort_by([(name, "ascending") for name in ("week", "material", "supplier", "site")])
    currency = here.settings.project.currency
    console.purchases(table, here.find("materials"), by=by.value if by else None, rows=rows, currency=currency)


@app.command()
def export(
    what: Annotated[Orders, typer.Argument(help="What to write.")],
    file: Annotated[Path, typer.Argument(help="Where to: a name that ends in .csv, .xlsx or .json; of a schedule also .ics.")],
    *,
    machine: Annotated[str | None, typer.Option(help="One machine ('sewing 3') or group, of a schedule.")] = None,
    project: Folder = HERE,
) -> None:
    """Write work orders, purchase orders, shipments, the schedule or dispatch lists to a file that other systems take."""
    if what in SCHEDULED:
        _export_schedule(opened(project), what.value, file, machine)
        return
    if machine is not None:
        raise InputError(f"--machine picks from a schedule; {what.value} are of no machine")
    _export(opened(project), what.value, file)


def found(here: Project, names: tuple[str, ...]) -> dict[str, pa.Table]:
    """Return those of the tables that are published, by name."""
    return {name: table for name in names if (table := here.find(name)) is not None}


def _export(here: Project, what: str, file: Path) -> None:
    from lotwise import export as exports

    table = exports.orders(found(here, (exports.KINDS[what].table, "materials", "items")), what)
    exports.write(table, file, name=what)
    typer.echo(f"Wrote {table.num_rows:,} rows to {file}: {', '.join(table.column_names)}")
    if "plan" in here.stale():
        typer.echo("The plan is stale. Bring it up to date with: lotwise run", err=True)


def _export_schedule(here: Project, what: str, file: Path, machine: str | None) -> None:
    """Write the schedule as a table or a calendar."""
    from lotwise import export as exports

    tables = found(here, ("jobs", "schedules", "products"))
    if file.suffix.lower() == exports.ENDING:
        text = exports.calendar(
            tables, project=here.settings.project.name, stamp=_stamp(here, tables), machine=machine, names=_names(tables)
        )
        exports.write_calendar(text, file)
        typer.echo(f"Wrote {text.count('BEGIN:VEVENT'):,} events to {file}, in the floor's own time")
    else:
        make = exports.schedule if what == Orders.SCHEDULE.value else exports.dispatch
        table = make(tables, machine=machine)
        exports.write(table, file, name=what)
        typer.echo(f"Wrote {table.num_rows:,} rows to {file}: {', '.join(table.column_names)}")
    if "schedule" in here.stale():
        typer.echo("The schedule is stale. Bring it up to date with: lotwise schedule", err=True)


def _stamp(here: Project, tables: dict[str, pa.Table]) -> datetime:
    """Return the minute the schedule starts from, else the project's today, in UTC: what a calendar knows the newer one by."""
    starts = [row["starts"] for row in tables["schedules"].to_pylist()] if "schedules" in tables else []
    day = here.settings.project.today or date(1970, 1, 1)
    local: datetime = min(starts, default=datetime.combine(day, time()))
    return local.replace(tzinfo=ZoneInfo(here.settings.project.timezone)).astimezone(UTC)


def _names(tables: dict[str, pa.Table]) -> dict[str, str]:
    """Return what products are called, by code."""
    if "products" not in tables:
        return {}
    return {row["product"]: row["name"] for row in tables["products"].select(["product", "name"]).to_pylist() if row["name"]}


def _differences(here: Project, file: Path | None, names: tuple[str, str] | None, *, json: bool) -> None:
    """Show what scenarios of a file have that the unchanged plan has not, or two scenarios side by side."""
    from lotwise import console, whatif

    if names is not None:
        differences, base = [whatif.compare(here, *names)], names[0]
    else:
        with listener(json=False) as told:
            differences, base = whatif.what_if(here, file or Path(), listener=told), whatif.BASE
    stale = [name for name in here.stale() if name in ("pool", "forecast", "plan")]
    if stale:
        typer.echo(
            f"Stale: {', '.join(stale)}. Plans rest on what is published; bring it up to date with: lotwise run", err=True
        )
    if json:
        console.what_if_json(differences, stream=sys.stdout)
        return
    console.what_if(differences, base=base, currency=here.settings.project.currency, products=here.find("products"))
