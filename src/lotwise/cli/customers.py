"""Commands about customers: who they are, what they will do, what they choose and what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lotwise.cli import asked
from lotwise.cli.app import HERE, Folder, Json, app
from lotwise.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lotwise.project import Project

Rows = Annotated[int, typer.Option(min=1, help="Rows shown of each table.")]


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

    here = asked.mined(project, json=json)
    if json:
        asked.lines(here.table("segment_trials" if trials else "segments").to_pylist())
        return
    if trials:
        console.show(here.table("segment_trials"), form="table", rows=1000)
        return
    tables = asked.rows(here, "segments", "segment_features", "segment_trials", "migrations")
    console.segments(tables, asked.notes(here, "segments"), rows=rows, currency=asked.currency(here))


@app.command()
def profile(
    customer: Annotated[
        str | None, typer.Argument(help="A customer's pseudonym, or the beginning of it; default: a list, the best first.")
    ] = None,
    *,
    rows: Rows = 15,
    project: Folder = HERE,
    json: Json = False,
) -> None:
    """Show what is known of a customer: value, habits, sensitivities and what they will do, each with its evidence."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from lotwise import console
    from lotwise.console.mined import LISTED

    here = asked.mined(project, json=json)
    table = here.table("profiles")
    if customer is not None:
        customer = asked.customer(customer, sorted(pc.unique(table["customer"]).to_pylist()))
        table = table.filter(pc.equal(table["customer"], customer))
    if json:
        asked.lines(table.to_pylist())
        return
    if customer is None:
        listed = table.filter(pc.is_in(table["feature"], value_set=pa.array(list(LISTED)))).to_pylist()
        console.profiles(listed, asked.notes(here, "profiles"), most=rows, currency=asked.currency(here))
        return
    tables = {"profiles": table.to_pylist()}
    for name in ("segments", "propensities", "offers"):
        found = here.find(name)
        tables[name] = [] if found is None else found.filter(pc.equal(found["customer"], customer)).to_pylist()
    console.profile(customer, tables, here.find("products"), currency=asked.currency(here))


@app.command()
def propensity(
    target: Annotated[str | None, typer.Argument(help="Only this target, such as 'leaves' or a category.")] = None,
    *,
    rows: Annotated[int, typer.Option(min=1, help="Customers shown of one target.")] = 15,
    project: Folder = HERE,
    json: Json = False,
) -> None:
    """Show how likely customers are to buy or to leave in the coming weeks, and how well that was foreseen before."""
    from lotwise import console

    here = asked.mined(project, json=json)
    tables = asked.rows(here, "propensity_scores", "propensities")
    notes = asked.notes(here, "propensity")
    if target is not None:
        target = _target(target, [row["target"] for row in tables["propensity_scores"]])
        tables = {name: [row for row in found if row["target"] == target] for name, found in tables.items()}
        notes = [row for row in notes if row["scope"] == target]
    if json:
        asked.lines(tables["propensities"])
        return
    console.propensities(tables["propensity_scores"], tables["propensities"], notes, rows=rows)


def _target(name: str, targets: Iterable[str]) -> str:
    """Return the target that is meant; a category's name means that it is bought."""
    known = list(dict.fromkeys(targets))
    bought = [one for one in known if one.casefold() == f"buys {name}".casefold()]
    return bought[0] if bought else asked.one_of(name, known, "target")


@app.command()
def preferences(
    choice: Annotated[
        str | None, typer.Argument(help="One choice, such as 'category coats', or all of a product; default: all.")
    ] = None,
    *,
    rows: Rows = 20,
    project: Folder = HERE,
    json: Json = False,
) -> None:
    """Show what customers choose, what it is worth to them, what they take instead, and the line that earns most."""
    from lotwise import console

    here = asked.mined(project, json=json)
    tables = asked.rows(here, "choice_models", "preferences", "substitutions", "product_lines")
    notes, one = asked.notes(here, "preferences"), None
    if choice is not None:
        names = _choices(here, choice, [row["choice"] for row in tables["choice_models"]])
        tables = {name: [row for row in found if row["choice"] in names] for name, found in tables.items()}
        one = next(iter(names)) if len(names) == 1 else None
        scopes = names | {f"options of {name.rpartition(' ')[0]}" for name in names}
        notes = [row for row in notes if row["scope"] in scopes]
    if json:
        asked.lines(tables["preferences"])
        return
    console.preferences(tables, notes, here.find("products"), choice=one, rows=rows, currency=asked.currency(here))


def _choices(here: Project, name: str, choices: Iterable[str]) -> set[str]:
    """Return the choices that are meant by one of them, by a category, or by a product whose options they are."""
    known = list(dict.fromkeys(choices))
    for text in (name, f"category {name}"):
        if found := {one for one in known if one.casefold() == text.casefold()}:
            return found
    if found := {one for one in known if one.casefold().startswith(f"{name.casefold()} ")}:
        return found
    products = here.find("products")
    named = [] if products is None else products.select(["product", "name"]).to_pylist()
    codes = [row["product"] for row in named if (row["name"] or "").casefold() == name.casefold()]
    if found := {one for one in known if any(one.startswith(f"{code} ") for code in codes)}:
        return found
    hint = asked.near(name, [*known, *(one.removeprefix("category ") for one in known)])
    there = ", ".join(known[: asked.LISTED])
    raise InputError(f"There is no choice '{name}'{hint} There is: {there or 'none'}")


@app.command()
def opinions(
    product: Annotated[str | None, typer.Argument(help="Only what is said of this product, by code or name.")] = None,
    *,
    rows: Rows = 15,
    project: Folder = HERE,
    json: Json = False,
) -> None:
    """Show what customers write: of what, for or against, and the changes they ask for with the money at stake."""
    from lotwise import console

    here = asked.mined(project, json=json)
    tables = asked.rows(here, "readings", "opinions", "requests", "topics", "text_scores")
    if product is not None:
        about = ("readings", "opinions", "requests")
        codes = asked.meant(here, product, {row["product"] for name in about for row in tables[name] if row["product"]})
        tables |= {name: [row for row in tables[name] if row["product"] in codes] for name in about}
        tables |= {"topics": [], "text_scores": []}
    if json:
        asked.lines(tables["opinions"])
        return
    notes = asked.notes(here, "opinions")
    console.opinions(tables, notes, here.find("products"), rows=rows, currency=asked.currency(here))
