"""Commands about the ledger: what was lost and why, what each source is worth, and what the figures rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from lotwise.cli.app import HERE, Folder, Json, app, listener, opened
from lotwise.errors import InputError, did_you_mean

if TYPE_CHECKING:
    import pyarrow as pa

    from lotwise.project import Project

Shapley = Annotated[bool, typer.Option("--shapley", help="Measure every subset of the sources, for their Shapley values.")]


@app.command()
def gap(  # noqa: PLR0913  each is an option of its own
    *,
    product: Annotated[str | None, typer.Option(help="The ledger of one product, by week.")] = None,
    by: Annotated[str | None, typer.Option(help="The accounts by product, week or region.")] = None,
    line: Annotated[str | None, typer.Option(help="One line: what it was made from, and where it comes from.")] = None,
    shapley: Shapley = False,
    notice: Annotated[bool, typer.Option("--notice", help="Measure what knowing earlier is worth.")] = False,
    assume: Annotated[
        str | None, typer.Option(help="The ledger had an assumption been another, such as cost_share=0.6..0.8.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Work every line out again from the table money.")] = False,
    trend: Annotated[bool, typer.Option("--trend", help="The accounts of every run so far.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Book it again even if nothing has changed.")] = False,
    rows: Annotated[int, typer.Option(min=1, help="Rows shown.")] = 20,
    project: Folder = HERE,
    json: Json = False,
) -> None:
    """Book what is lost against the ideal in four accounts, in money, and show the ledger."""
    from lotwise import console

    here = opened(project)
    if again or "gap" in here.stale():
        with listener(json=json) as told:
            here.run(only="gap", listener=told)
    if shapley or notice:
        here = _measured(here, shapley=shapley, notice=notice, json=json)
    if json:
        console.show(here.table("gap_notice" if notice else "gap"), form="json", rows=rows)
    elif assume is not None:
        _assumed(here, assume)
    elif product is not None:
        _product(here, product)
    elif by is not None:
        _drilled(here, by, rows)
    elif line is not None:
        _traced(here, line)
    elif check:
        _checked(here)
    else:
        _shown(here, notice=notice, trend=trend, study=shapley or notice)


@app.command()
def sources(*, shapley: Shapley = False, project: Folder = HERE, json: Json = False) -> None:
    """Show what each source of information costs and brings, and whether to keep it."""
    from lotwise import console

    here = opened(project)
    if shapley:
        here = _measured(here, shapley=True, notice=False, json=json)
    found = here.table("source_values")
    if json:
        console.show(found, form="json", rows=found.num_rows)
        return
    console.source_values(found, currency=here.settings.project.currency)


def _measured(here: Project, *, shapley: bool, notice: bool, json: bool) -> Project:
    """Return the study that measures more, after running what it lacks."""
    from lotwise import studies

    study = studies.measured(here, shapley=shapley, notice=notice)
    with listener(json=json) as told:
        study.run(until="gap", listener=told)
    return study


def _assumed(here: Project, text: str) -> None:
    """Show the ledger under each value of an assumption."""
    from lotwise import console, studies

    assumption = studies.read_assumption(text)
    found = {}
    for value, study in studies.assumed(here, assumption):
        with listener(json=False) as told:
            study.run(until="gap", listener=told)
        found[value] = study.table("gap")
    console.sensitivity(found, name=assumption.key, currency=here.settings.project.currency)


def _product(here: Project, product: str) -> None:
    from lotwise import console

    cells = here.table("gap_cells")
    known = set(cells["product"].to_pylist())
    if product not in known:
        message = (
            f"The ledger has no product '{product}'{did_you_mean(product, known)}. List them with: lotwise gap --by product"
        )
        raise InputError(message)
    currency = here.settings.project.currency
    console.product_ledger(cells, here.table("money"), product, here.find("products"), currency=currency)


def _drilled(here: Project, by: str, rows: int) -> None:
    from lotwise import console

    columns = ("product", "week", "region")
    if by not in columns:
        message = f"The ledger is not kept by '{by}'{did_you_mean(by, columns)}; expected one of {', '.join(columns)}"
        raise InputError(message)
    console.drilled(here.table("gap_cells"), by, here.find("products"), rows=rows)


def _traced(here: Project, line: str) -> None:
    from lotwise import console
    from lotwise.gap.trace import trace

    gap = here.table("gap")
    row = _line(gap, line)
    facts = trace(row, gap, here.table("money"), here.table("runs"))
    console.traced(row, facts, currency=here.settings.project.currency)


def _checked(here: Project) -> None:
    from lotwise import console
    from lotwise.gap.trace import check

    rows = check(here.table("gap"), here.table("money"), here.find("gap_cells"))
    if not console.checked(rows, currency=here.settings.project.currency):
        raise typer.Exit(1)


def _shown(here: Project, *, notice: bool, trend: bool, study: bool) -> None:
    """Show the ledger, or the ledgers of all runs."""
    from lotwise import console

    currency = here.settings.project.currency
    if trend:
        console.trend(here.table("gap_history"), here.table("gap_changes"), currency=currency)
        return
    console.ledger(here.table("gap"), currency=currency)
    if notice:
        console.notice(here.table("gap_notice"), currency=currency)
    if study:
        return
    console.changed(here.table("gap_changes"), currency=currency)
    earlier = [name for name in here.stale() if name != "gap"]
    if earlier:
        typer.echo(f"Stale: {', '.join(earlier)}. Bring all up to date with: lotwise run")


def _line(gap: pa.Table, line: str) -> dict[str, Any]:
    """Return the row of a line by its name, or by the beginning of one."""
    rows = gap.to_pylist()
    same = [row for row in rows if row["line"] == line] or [row for row in rows if row["line"].startswith(line)]
    if len(same) != 1:
        names = [row["line"] for row in rows]
        found = f"'{line}' is the beginning of {len(same)} lines" if same else f"The ledger has no line '{line}'"
        message = f"{found}{did_you_mean(line, names)}. Its lines are: {', '.join(names)}"
        raise InputError(message)
    return dict(same[0])
