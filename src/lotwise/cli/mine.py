"""Commands about what customers do: what mining came to, rules, trends, drivers and the market."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from lotwise.cli import asked
from lotwise.cli.app import HERE, Folder, Json, app

if TYPE_CHECKING:
    from lotwise.cli.asked import Row
    from lotwise.project import Project

Rows = Annotated[int, typer.Option(min=1, help="Rows shown of each table.")]


class By(StrEnum):
    """What rules are sorted by."""

    margin = "margin"
    lift = "lift"
    confidence = "confidence"


@app.command()
def mine(
    *,
    again: Annotated[bool, typer.Option("--again", help="Mine again even if nothing has changed.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="A row for each scope, with all there is to know of it.")] = False,
    project: Folder = HERE,
    json: Json = False,
) -> None:
    """Find who the customers are and what they want, and show what each part of it came to."""
    from lotwise import console

    here = asked.mined(project, json=json, again=again)
    if json:
        asked.lines(here.table("mining").to_pylist())
        return
    console.mining(here.table("mining"), everything=everything)


@app.command()
def rules(  # noqa: PLR0913  one a choice of the user's
    item: Annotated[
        str | None, typer.Argument(help="Only rules about this product, type, category or option; by code or name.")
    ] = None,
    *,
    kind: Annotated[str | None, typer.Option(help="together, option or next; default: all.")] = None,
    scope: Annotated[str, typer.Option(help="all, or a segment or period such as 'segment S1'.")] = "all",
    by: Annotated[By, typer.Option(help="What they are sorted by.")] = By.margin,
    everything: Annotated[bool, typer.Option("--all", help="Also rules that are not usable or may be chance.")] = False,
    rows: Rows = 15,
    project: Folder = HERE,
    json: Json = False,
) -> None:
    """Show what is bought or chosen together and what is bought next, the rules worth most first."""
    from lotwise import console

    here = asked.mined(project, json=json)
    found = here.table("rules").to_pylist()
    kind = kind if kind is None else asked.one_of(kind, asked.choices("rules", "kind"), "kind of rules")
    scope = _scope(scope, {row["scope"] for row in found})
    every = {name for row in found for name in (*row["antecedent"], *row["consequent"])}
    products = {row["product"] for row in found if row["product"]}
    found = [row for row in found if row["scope"] == scope and kind in {None, row["kind"]}]
    found = [row for row in found if everything or row["verdict"] == "usable"]
    if item is not None:
        codes = asked.meant(here, item, every | products | {name.partition("=")[2] for name in every if "=" in name})
        found = [row for row in found if _holds(row, codes)]
    found.sort(key=lambda row: (row[by.value] is None, -(row[by.value] or 0.0), row["rule"]))
    if json:
        asked.lines(found)
        return
    currency = asked.currency(here)
    console.rules(found, asked.notes(here, "rules"), here.find("products"), rows=rows, currency=currency, by=by.value)


def _scope(name: str, scopes: set[str]) -> str:
    """Return the scope that is meant: in full, or without its first word."""
    short = {scope.partition(" ")[2].casefold(): scope for scope in scopes}
    return short.get(name.casefold()) or asked.one_of(name, ["all", *sorted(scopes - {"all"})], "scope of rules")


def _holds(row: Row, codes: set[str]) -> bool:
    """Whether a rule is about one of these: as an item, as the value of an option, or as the product of options."""
    names = {*row["antecedent"], *row["consequent"]}
    return bool(codes & (names | {row["product"]} | {name.partition("=")[2] for name in names}))


@app.command()
def trends(
    series: Annotated[
        str | None, typer.Argument(help="Only this series: a product or category by code or name, a word, a competitor.")
    ] = None,
    *,
    kind: Annotated[str | None, typer.Option(help="Only series of this kind, such as product or word.")] = None,
    rows: Rows = 10,
    project: Folder = HERE,
    json: Json = False,
) -> None:
    """Show what rises, falls or has changed for good: products, options, words, prices, with dates and sources."""
    from lotwise import console

    here = asked.mined(project, json=json)
    found = here.table("trends").to_pylist()
    kind = kind if kind is None else asked.one_of(kind, asked.choices("trends", "kind"), "kind of series")
    names = {row["series"]: _names(row["series"]) for row in found}
    found = [row for row in found if kind in {None, row["kind"]}]
    if series is not None:
        codes = asked.meant(here, series, {name for every in names.values() for name in every})
        found = [row for row in found if codes & names[row["series"]]]
    if json:
        asked.lines(found)
        return
    currency = asked.currency(here)
    console.trends(found, asked.notes(here, "trends"), here.find("products"), rows=rows, currency=currency)


def _names(series: str) -> set[str]:
    """Return the names of a series: its own and those of its parts, of ``"Silk Road: SUIT"`` or ``"KNIT size: XL"``."""
    named, _, value = series.partition(": ")
    return {series, named, named.rpartition(" ")[0], value} - {""}


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

    here = asked.mined(project, json=json)
    found, models = here.table("drivers").to_pylist(), here.table("driver_models").to_pylist()
    notes = [row for row in asked.notes(here, "drivers") if target in {None, row["scope"]}]
    if target is not None and not notes:
        found, models, notes = _explained(here, target)
    found = [row for row in found if target in {None, row["target"]}]
    if json:
        asked.lines(found)
        return
    console.drivers(found, {row["target"]: row for row in models}, notes)


def _explained(here: Project, target: str) -> tuple[list[Row], list[Row], list[Row]]:
    """Return what moves a target that is not among the published ones."""
    import numpy as np

    from lotwise.mine.drivers.publish import of

    settings = here.settings.mine.drivers
    rng = np.random.default_rng(here.settings.project.seed)
    found, models, note = of(target, here.find, rows=settings.rows, features=settings.features, rng=rng)
    return found, models, [note]


@app.command()
def market(
    product: Annotated[str | None, typer.Argument(help="Only this product or category, by code or name.")] = None,
    *,
    rows: Rows = 20,
    project: Folder = HERE,
    json: Json = False,
) -> None:
    """Show where products stand beside competitors and one another by price, and what each has of its category."""
    from lotwise import console

    here = asked.mined(project, json=json)
    rivals, shares = here.table("market").to_pylist(), here.table("market_shares").to_pylist()
    if product is not None:
        known = {row["product"] for row in rivals} | {name for row in shares for name in (row["name"], row["category"])}
        codes = asked.meant(here, product, known)
        inside = {row["name"] for row in shares if row["category"] in codes and row["kind"] == "product"}
        within = codes | {row["category"] for row in shares if row["name"] in codes and row["kind"] == "product"}
        rivals = [row for row in rivals if row["product"] in codes | inside]
        shares = [row for row in shares if row["category"] in within or row["name"] in codes]
    if json:
        asked.lines([*rivals, *shares])
        return
    currency = asked.currency(here)
    console.market(rivals, shares, asked.notes(here, "market"), here.find("products"), rows=rows, currency=currency)
