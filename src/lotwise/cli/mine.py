"""Commands about customers: who they are, what they want, and what has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from lotwise.cli.app import HERE, Folder, Json, app, listener, opened
from lotwise.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.project import Project

Rows = Annotated[int, typer.Option(min=1, help="Rows shown of each table.")]
Row = dict[str, Any]


@app.command()
def mine(
    *,
    again: Annotated[bool, typer.Option("--again", help="Mine again even if nothing has changed.")] = False,
    project: Folder = HERE,
    json: Json = False,
) -> None:
    """Find who the customers are and what they want, and show what each part of it came to."""
    from lotwise import console

    here = _mined(project, json=json, again=again)
    if not json:
        console.mining(here.table("mining"))


@app.command()
def rules(
    item: Annotated[str | None, typer.Argument(help="Only rules that hold this item.")] = None,
    *,
    kind: Annotated[str | None, typer.Option(help="together, option or next; default: all.")] = None,
    scope: Annotated[str, typer.Option(help="all, or a segment or period such as 'segment S1'.")] = "all",
    every: Annotated[bool, typer.Option("--every", help="Also rules that are not usable or may be chance.")] = False,
    rows: Rows = 15,
    project: Folder = HERE,
    json: Json = False,
) -> None:
    """Show what is bought or chosen together and what is bought next, the rules worth most first."""
    from lotwise import console

    here = _mined(project, json=json)
    found = here.table("rules").to_pylist()
    _known(kind, {row["kind"] for row in found}, "kind of rules")
    _known(scope, {row["scope"] for row in found} | {"all"}, "scope of rules")
    found = [
        row for row in found if row["scope"] == scope and kind in {None, row["kind"]} and (every or row["verdict"] == "usable")
    ]
    if item is not None:
        code = _code(here, item, {name for row in found for name in (*row["antecedent"], *row["consequent"])})
        found = [row for row in found if code in {*row["antecedent"], *row["consequent"]}]
    if json:
        _lines(found)
        return
    console.rules(found, _notes(here, "rules"), here.find("products"), rows=rows, currency=_currency(here))


@app.command()
def segments(
    *,
    trials: Annotated[bool, typer.Option("--trials", help="Every way of dividing the customers that was tried.")] = False,
    rows: Rows = 15,
    project: Folder = HERE,
    json: Json = False,
) -> None:
    """Show groups of customers who are alike, what sets them apart, and who went from one to another."""
    from lotwise import console

    here = _mined(project, json=json)
    if json:
        _lines(here.table("segments").to_pylist())
        return
    if trials:
        console.show(here.table("segment_trials"), form="table", rows=1000)
        return
    names = ("segments", "segment_features", "segment_trials", "migrations")
    console.segments(
        {name: here.table(name).to_pylist() for name in names}, _notes(here, "segments"), rows=rows, currency=_currency(here)
    )


@app.command()
def profile(
    customer: Annotated[
        str | None, typer.Argument(help="A customer's pseudonym, or the beginning of it; default: the best.")
    ] = None,
    *,
    rows: Rows = 15,
    project: Folder = HERE,
    json: Json = False,
) -> None:
    """Show what is known of a customer: value, habits, sensitivities and what they will do, each with its evidence."""
    import pyarrow.compute as pc

    from lotwise import console

    here = _mined(project, json=json)
    table = here.table("profiles")
    if customer is not None:
        names = sorted(pc.unique(table["customer"]).to_pylist())
        customer = _customer(customer, names)
        table = table.filter(pc.equal(table["customer"], customer))
    if json:
        _lines(table.to_pylist())
        return
    if customer is None:
        console.profiles(table.to_pylist(), _notes(here, "profiles"), most=rows, currency=_currency(here))
        return
    tables = {"profiles": table.to_pylist()}
    for name in ("segments", "propensities", "offers"):
        found = here.find(name)
        tables[name] = [] if found is None else found.filter(pc.equal(found["customer"], customer)).to_pylist()
    console.profile(customer, tables, here.find("products"), currency=_currency(here))


@app.command()
def propensity(
    target: Annotated[str | None, typer.Argument(help="Only this target, such as 'leaves'.")] = None,
    *,
    rows: Annotated[int, typer.Option(min=1, help="Customers shown of each target.")] = 5,
    project: Folder = HERE,
    json: Json = False,
) -> None:
    """Show how likely customers are to buy or to leave in the coming weeks, and how well that was foreseen before."""
    from lotwise import console

    here = _mined(project, json=json)
    scores, chances = (here.table(name).to_pylist() for name in ("propensity_scores", "propensities"))
    _known(target, {row["target"] for row in scores}, "target")
    scores, chances = ([row for row in some if target in {None, row["target"]}] for some in (scores, chances))
    if json:
        _lines(chances)
        return
    console.propensities(scores, chances, _notes(here, "propensity"), rows=rows)


@app.command()
def preferences(
    choice: Annotated[str | None, typer.Argument(help="One choice, such as 'category coats'; default: all.")] = None,
    *,
    rows: Rows = 20,
    project: Folder = HERE,
    json: Json = False,
) -> None:
    """Show what customers choose, what it is worth to them, what they take instead, and the line that earns most."""
    from lotwise import console

    here = _mined(project, json=json)
    tables = {name: here.table(name).to_pylist() for name in ("choice_models", "preferences", "substitutions", "product_lines")}
    _known(choice, {row["choice"] for row in tables["choice_models"]}, "choice")
    if json:
        _lines([row for row in tables["preferences"] if choice in {None, row["choice"]}])
        return
    notes = _notes(here, "preferences")
    console.preferences(tables, notes, here.find("products"), choice=choice, rows=rows, currency=_currency(here))


@app.command()
def opinions(
    product: Annotated[str | None, typer.Argument(help="Only what is said of this product.")] = None,
    *,
    rows: Rows = 15,
    project: Folder = HERE,
    json: Json = False,
) -> None:
    """Show what customers write: of what, for or against, and the changes they ask for with the money at stake."""
    from lotwise import console

    here = _mined(project, json=json)
    tables = {name: here.table(name).to_pylist() for name in ("readings", "opinions", "requests", "topics", "text_scores")}
    if product is not None:
        product = _code(here, product, {row["product"] for row in tables["opinions"]})
    if json:
        _lines([row for row in tables["opinions"] if product in {None, row["product"]}])
        return
    notes = _notes(here, "opinions")
    console.opinions(tables, notes, here.find("products"), product=product, rows=rows, currency=_currency(here))


@app.command()
def trends(
    series: Annotated[str | None, typer.Argument(help="Only this series, such as a product or a word.")] = None,
    *,
    kind: Annotated[str | None, typer.Option(help="Only series of this kind, such as product or word.")] = None,
    rows: Rows = 10,
    project: Folder = HERE,
    json: Json = False,
) -> None:
    """Show what rises, falls or has changed for good: products, options, words, prices, with dates and sources."""
    from lotwise import console

    here = _mined(project, json=json)
    found = here.table("trends").to_pylist()
    _known(kind, {row["kind"] for row in found}, "kind of series with a change")
    found = [row for row in found if kind in {None, row["kind"]}]
    if series is not None:
        code = _code(here, series, {row["series"] for row in found})
        found = [row for row in found if row["series"] == code]
    if json:
        _lines(found)
        return
    console.trends(found, _notes(here, "trends"), here.find("products"), rows=rows, currency=_currency(here))


@app.command()
def drivers(
    target: Annotated[
        str | None, typer.Argument(help="units, returns, stars, scrap or TABLE.COLUMN; default: what there is.")
    ] = None,
    *,
    project: Folder = HERE,
    json: Json = False,
) -> None:
    """Show what moves a target: how much each feature carries, which way, and how sure that is."""
    from lotwise import console

    here = _mined(project, json=json)
    found, models = here.table("drivers").to_pylist(), here.table("driver_models").to_pylist()
    notes = [row for row in _notes(here, "drivers") if target in {None, row["scope"]}]
    if target is not None and not notes:
        found, models, notes = _explained(here, target)
    found = [row for row in found if target in {None, row["target"]}]
    if json:
        _lines(found)
        return
    console.drivers(found, {row["target"]: row for row in models}, notes)


@app.command()
def market(
    product: Annotated[str | None, typer.Argument(help="Only this product or category.")] = None,
    *,
    rows: Rows = 30,
    project: Folder = HERE,
    json: Json = False,
) -> None:
    """Show where products stand beside competitors and one another by price, and what each has of its category."""
    from lotwise import console

    here = _mined(project, json=json)
    rivals, shares = here.table("market").to_pylist(), here.table("market_shares").to_pylist()
    if product is not None:
        code = _code(
            here,
            product,
            {row["product"] for row in rivals} | {row["name"] for row in shares} | {row["category"] for row in shares},
        )
        rivals = [row for row in rivals if row["product"] == code]
        shares = [row for row in shares if code in {row["category"], row["name"]}]
    if json:
        _lines([*rivals, *shares])
        return
    console.market(rivals, shares, _notes(here, "market"), here.find("products"), rows=rows, currency=_currency(here))


def _mined(folder: Any, *, json: bool, again: bool = False) -> Project:  # noqa: ANN401  a path
    """Return the project, mined: with what is published where that is fresh."""
    here = opened(folder)
    if again or "mine" in here.stale():
        with listener(json=json) as told:
            here.run(only="mine", listener=told)
    return here


def _explained(here: Project, target: str) -> tuple[list[Row], list[Row], list[Row]]:
    """Return what moves a target that is not among the published ones."""
    import numpy as np

    from lotwise.mine.drivers.publish import of

    settings = here.settings.mine.drivers
    rng = np.random.default_rng(here.settings.project.seed)
    found, models, note = of(target, here.find, rows=settings.rows, features=settings.features, rng=rng)
    return found, models, [note]


def _notes(here: Project, part: str) -> list[Row]:
    return [row for row in here.table("mining").to_pylist() if row["part"] == part]


def _currency(here: Project) -> str:
    return here.settings.project.currency


def _known(name: str | None, names: set[str], what: str) -> None:
    if name is not None and name not in names:
        raise InputError(
            f"There is no {what} '{name}'{did_you_mean(name, names)}. There is: {', '.join(sorted(names)) or 'none'}"
        )


def _code(here: Project, name: str, codes: set[str]) -> str:
    """Return the code meant: the name itself, or the product of that name."""
    if name in codes:
        return name
    products = here.find("products")
    if products is not None:
        named: list[str] = [row["product"] for row in products.select(["product", "name"]).to_pylist() if row["name"] == name]
        found = [code for code in named if code in codes]
        if found:
            return found[0]
    raise InputError(f"Nothing was found of '{name}'{did_you_mean(name, codes)}.")


def _customer(begun: str, names: Sequence[str]) -> str:
    found = [name for name in names if name.startswith(begun)]
    if begun in names or len(found) == 1:
        return begun if begun in names else found[0]
    if found:
        raise InputError(f"{len(found):,} customers begin with '{begun}', such as {', '.join(found[:3])}; write more of it.")
    raise InputError(f"There is no customer '{begun}'{did_you_mean(begun, names)}. See some with: lotwise profile")


def _lines(rows: Sequence[Row]) -> None:
    import json as encoder

    for row in rows:
        typer.echo(encoder.dumps(row, default=str, ensure_ascii=False))
