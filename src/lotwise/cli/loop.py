"""Commands of the loop: ``lotwise init``, ``run``, one command a stage, ``show`` and the rest."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lotwise.cli.app import HERE, Folder, Json, app, listener, opened
from lotwise.errors import SettingsError
from lotwise.stages import STAGES

if TYPE_CHECKING:
    from lotwise.project import Project
    from lotwise.stage import Stage

Language = Annotated[str | None, typer.Option(help="Language of the report: en or zh; default: the project's.")]


class Form(StrEnum):
    """How ``lotwise show`` writes a table."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


class Demo(StrEnum):
    """The demos."""

    OWN_BRAND = "own_brand"
    ATELIER = "atelier"


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Folder with your files, or frePPLe's JSON.")],
    *,
    force: Annotated[bool, typer.Option(help="Replace a lotwise.toml that is there.")] = False,
) -> None:
    """Look at the files in a folder, or at frePPLe's JSON, and write a lotwise.toml to review."""
    from lotwise.collect import propose

    if folder.is_file() and folder.name.endswith((".json", ".json.gz")):
        _convert(folder)
        return
    file = folder / "lotwise.toml"
    if file.exists() and not force:
        raise SettingsError(f"{file} exists. Edit it, or replace it with: lotwise init {folder} --force")
    proposal = propose(folder)
    file.write_text(proposal.toml, encoding="utf-8")
    typer.echo(f"Wrote {file}. Review it, then run: lotwise run --project {folder}")
    for question in proposal.undecided:
        typer.echo(f"- to decide: {question}")


@app.command()
def run(
    *,
    since: Annotated[str | None, typer.Option("--from", help="Run this stage and every later one again.")] = None,
    project: Folder = HERE,
    language: Language = None,
    json: Json = False,
) -> None:
    """Run every stage that is stale, print the ledger and write the report."""
    _run(opened(project), since=since, language=language, json=json)


@app.command()
def demo(
    name: Annotated[
        Demo, typer.Argument(help="own_brand: a grocer's real year; atelier: a simulated workshop.")
    ] = Demo.OWN_BRAND,
    *,
    folder: Annotated[Path | None, typer.Option(help="Where to put it; default: ./lotwise-demo/NAME.")] = None,
    language: Language = None,
    json: Json = False,
) -> None:
    """Write a demo project, run it, print its ledger and write its report."""
    from importlib import import_module

    folder = folder or Path("lotwise-demo") / name.value
    import_module(f"lotwise.demo.{name.value}").write(folder)
    _run(opened(folder), since=None, language=language, json=json)


@app.command()
def show(
    table: Annotated[str, typer.Argument(help="Name of the table; lotwise tables lists them.")],
    *,
    form: Annotated[Form, typer.Option("--format", help="How to write it.")] = Form.TABLE,
    rows: Annotated[int, typer.Option(min=1, help="Rows of a table shown.")] = 20,
    project: Folder = HERE,
) -> None:
    """Show a published table; of prices those that are not 0."""
    from lotwise import console

    here = opened(project)
    if table == "prices" and form is Form.TABLE:
        console.prices(here.table(table), rows=rows, currency=here.settings.project.currency)
        return
    console.show(here.table(table), form=form.value, rows=rows)


@app.command()
def tables(name: Annotated[str | None, typer.Argument(help="One table; default: all.")] = None) -> None:
    """Show the contracts: what every table holds, with types, units, meanings and keys."""
    from lotwise import console
    from lotwise.tables import TABLES, contract

    console.contracts([contract(name)] if name else TABLES.values())


@app.command()
def status(*, project: Folder = HERE) -> None:
    """Show what is published, when it was made and what is stale."""
    from lotwise import console

    here = opened(project)
    stale = here.stale()
    manifest = here.store.manifest()
    runs = here.find("runs")
    last = {row["stage"]: row for row in (runs.to_pylist() if runs else [])}
    rows = []
    for stage in STAGES:
        ran = last.get(stage.name)
        given = sum(entry.stage == stage.name for entry in manifest.tables.values())
        when = f"{ran['started']:%Y-%m-%d %H:%M} UTC, {ran['seconds']:.1f} s" if ran else "never"
        rows.append((stage.name, "stale" if stage.name in stale else "fresh", when, f"{given} tables"))
    console.rows_of(("stage", "state", "last run", "published"), rows)


@app.command()
def check(*, project: Folder = HERE) -> None:
    """Check the published plans and the schedule by independent checkers: status 1 where one breaks a rule."""
    from lotwise.plan.check import READS, RULES, check, unchecked
    from lotwise.schedule import check as schedule

    here = opened(project)
    found = {name: table for name in {*READS, *schedule.READS} if (table := here.find(name)) is not None}
    breaches = [str(breach) for breach in check(found, here.settings.plan)]
    breaches += schedule.check_tables(found)
    for breach in breaches:
        typer.echo(breach)
    old = [name for name in here.stale() if name in ("plan", "schedule")]
    if old:
        typer.echo(f"Stale, and checked by today's settings: {', '.join(old)}. Bring it up to date with: lotwise run", err=True)
    if breaches:
        raise typer.Exit(1)
    plans = found["plans"].group_by(["information", "limits", "cutoff"]).aggregate([])
    typer.echo(f"All plans keep the rules: {plans.num_rows} plans, {len(RULES)} rules.")
    if "jobs" in found and found["jobs"].num_rows:
        typer.echo(f"The schedule keeps the rules: {found['jobs'].num_rows} jobs, {len(schedule.RULES)} rules.")
    for sentence in unchecked(found):
        typer.echo(f"- not checked: {sentence}")


@app.command()
def report(*, project: Folder = HERE, language: Language = None) -> None:
    """Write the report again from what is published."""
    typer.echo(f"Report: {_from_here(_report(opened(project), language))}")


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="File to write.")], *, project: Folder = HERE) -> None:
    """Write everything published to one file."""
    manifest = opened(project).store.backup(file)
    typer.echo(f"Wrote {len(manifest.tables)} tables to {file}. The key of the pseudonyms is not in it: keep it apart.")


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="File that backup wrote.")], *, project: Folder = HERE) -> None:
    """Publish the tables of a backup in place of today's."""
    store = opened(project).store
    with store.lock():
        manifest = store.restore(file)
    typer.echo(f"Published the {len(manifest.tables)} tables of {file}.")


def _convert(file: Path) -> None:
    """Write a project for frePPLe's JSON beside it, in a folder of its name."""
    from lotwise.collect.frepple import convert

    folder = file.parent / file.name.removesuffix(".gz").removesuffix(".json")
    left = convert(file, folder)
    typer.echo(f"Wrote {folder / 'lotwise.toml'}. Review it, then run: lotwise run --project {folder}")
    for line in left:
        typer.echo(f"- {line}")


def _add(stage: Stage) -> None:
    """Add the command of one stage."""

    def command(*, project: Folder = HERE, json: Json = False) -> None:
        here = opened(project)
        with listener(json=json) as told:
            here.run(only=stage.name, listener=told)
        earlier = [name for name in here.stale() if name != stage.name]
        if earlier and not json:
            typer.echo(f"Stale still: {', '.join(earlier)}. Bring all up to date with: lotwise run")

    app.command(stage.name, help=f"{stage.meaning} Gives {', '.join(stage.gives)}.")(command)


for _stage in STAGES:
    if _stage.name not in ("deliver", "forecast", "gap", "plan", "schedule"):  # which also answer
        _add(_stage)


def _run(project: Project, *, since: str | None, language: str | None, json: bool) -> None:
    from lotwise import console

    with listener(json=json) as told:
        ran = project.run(since=since, listener=told)
    file = project.folder / project.settings.report.file
    if ran or language or not file.exists():
        file = _report(project, language)
    if json:
        return
    gap = project.find("gap")
    if gap is not None:
        console.ledger(gap, currency=project.settings.project.currency)
    typer.echo(f"Report: {_from_here(file)}")


def _from_here(file: Path) -> Path:
    """Return a path as short as it can be typed here."""
    here = Path.cwd()
    return file.relative_to(here) if file.is_relative_to(here) else file


def _report(project: Project, language: str | None) -> Path:
    from lotwise import report

    written: Path = report.write(
        project.find, project.settings, project.folder / project.settings.report.file, language=language
    )
    return written
