"""Commands about the forecast: what will be asked for, how good that was in the past, and why."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from lotwise.cli.app import HERE, Folder, Json, app, listener, opened
from lotwise.errors import InputError, MissingTableError, did_you_mean

if TYPE_CHECKING:
    import pyarrow as pa

    from lotwise.project import Project

Rows = Annotated[int, typer.Option(min=1, help="Rows shown.")]
Subject = Annotated[str, typer.Argument(help="A product, order (NUMBER or NUMBER/LINE), lot, machine or material.")]


@app.command()
def forecast(
    product: Annotated[
        str | None, typer.Argument(help="A product's code; default: total, categories and best sellers.")
    ] = None,
    *,
    again: Annotated[bool, typer.Option(help="Forecast again even if nothing has changed.")] = False,
    rows: Rows = 10,
    project: Folder = HERE,
    json: Json = False,
) -> None:
    """Forecast demand with its uncertainty, from what was known at each cutoff, and show the next weeks."""
    from lotwise import console

    here = opened(project)
    if again or "forecast" in here.stale():
        with listener(json=json) as told:
            here.run(only="forecast", listener=told)
    if json:
        return
    known = _current(here)
    if product is not None:
        known = _of(known, product)
        console.product_outlook(known, here.find("products"))
        return
    console.outlook(known, here.table("forecast_totals"), here.find("products"), rows=rows)
    console.used_method(here.table("candidates"))


@app.command()
def scores(
    *, cutoff: Annotated[str, typer.Option(help="A past cutoff as a date, or 'all'.")] = "all", project: Folder = HERE
) -> None:
    """Show how good the forecasts of past weeks were, of every method and state of information."""
    import pyarrow.compute as pc

    from lotwise import console

    table = opened(project).table("scores")
    shown = table.filter(pc.equal(table["cutoff"], cutoff))
    if shown.num_rows == 0:
        known = sorted(set(table["cutoff"].to_pylist()))
        raise InputError(
            f"No forecast was settled at '{cutoff}'{did_you_mean(cutoff, known)}. Cutoffs: {', '.join(known) or 'none yet'}"
        )
    console.scores(shown)


@app.command()
def methods(*, project: Folder = HERE) -> None:
    """Show every forecasting method: how it did before the first past plan, or why it was not tried."""
    from lotwise import console

    console.methods(opened(project).table("candidates"))


@app.command()
def features(*, project: Folder = HERE) -> None:
    """Show what the forecast is made from: every feature of every source, what it means and how much it moved."""
    from lotwise import console

    console.features(opened(project).table("features"))


@app.command()
def why(
    subject: Subject,
    week: Annotated[
        str | None, typer.Argument(help="A day of the week wanted, such as 2026-11-23; default: the next week.")
    ] = None,
    *,
    region: Annotated[str | None, typer.Option(help="A sales region; default: all of them.")] = None,
    project: Folder = HERE,
) -> None:
    """Show what a forecast is made of, why something is planned as it is, and when an order or a lot is made."""
    here = opened(project)
    known = _current(here)
    forecast = subject in set(known["product"].to_pylist())
    about_plan = week is None and region is None and here.find("plans") is not None
    if forecast or not about_plan:
        _forecast_reasons(here, _of(known, subject), subject, (week, region))
    if about_plan:
        _plan_reasons(here, subject, needed=not forecast)


def _forecast_reasons(here: Project, known: pa.Table, product: str, which: tuple[str | None, str | None]) -> None:
    """Show what the forecast of a product is made of, in one week and one region or all."""
    from lotwise import console

    week, region = which
    weeks = sorted(set(known["week"].to_pylist()))
    wanted = weeks[0] if week is None else _monday(week)
    rows = [row for row in known.to_pylist() if row["week"] == wanted and region in {None, row["region"]}]
    if not rows:
        regions = ", ".join(sorted(set(known["region"].to_pylist())))
        shown = ", ".join(str(day) for day in weeks)
        raise InputError(
            f"'{product}' is not forecast for {week or wanted} in {region or 'any region'}. Weeks: {shown}. Regions: {regions}."
        )
    reasons = [row for row in _of(here.table("reasons"), product, needed=False).to_pylist() if row["week"] == wanted]
    meanings = {(row["source"], row["feature"]): row["meaning"] for row in here.table("features").to_pylist()}
    for row in rows:
        console.why(row, [reason for reason in reasons if reason["region"] == row["region"]], meanings)


def _plan_reasons(here: Project, subject: str, *, needed: bool) -> None:
    """Show why the plan has something as it is; a forecast product that is not planned needs no answer."""
    import pyarrow.compute as pc

    from lotwise import console
    from lotwise.errors import LotwiseError
    from lotwise.plan.orders.why import READS
    from lotwise.plan.orders.why import why as reasons

    tables = {name: table for name in (*READS, *console.TIMES_READ) if (table := here.find(name)) is not None}
    times = console.order_times(tables, subject)
    if needed or pc.any(pc.equal(tables["plans"]["product"], subject)).as_py():
        try:
            console.plan_reasons(reasons(tables, subject).lines)
        except LotwiseError:
            if not times:  # what the plan does not know the schedule may
                raise
    console.plan_reasons(times)


def _current(project: Project) -> pa.Table:
    """Return the forecast of the weeks to come, from all that is known."""
    import pyarrow.compute as pc

    table = project.table("forecast")
    now = table.filter(pc.equal(table["information"], "now"))
    if now.num_rows == 0:
        raise MissingTableError("Nothing is forecast yet. Make it with: lotwise run")
    return now.filter(pc.equal(now["cutoff"], pc.max(now["cutoff"])))


def _of(table: pa.Table, product: str, *, needed: bool = True) -> pa.Table:
    """Return a product's rows."""
    import pyarrow.compute as pc

    found = table.filter(pc.equal(table["product"], product))
    if needed and found.num_rows == 0:
        known = sorted(set(table["product"].to_pylist()))
        hint = did_you_mean(product, known) or "."
        message = f"No product '{product}' is forecast{hint} "
        message += (
            f"{len(known):,} products are, the best sellers that [forecast] products asks for. See them with: lotwise forecast"
        )
        raise InputError(message)
    return found


def _monday(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"'{text}' is no day; write it as 2026-11-23.") from error
    return day - timedelta(days=day.weekday())
