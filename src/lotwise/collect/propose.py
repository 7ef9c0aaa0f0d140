"""A first ``lotwise.toml`` for a folder of files nobody has described, with what it could not decide."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lotwise.collect.files import ENDINGS, File
from lotwise.collect.glance import glance
from lotwise.collect.guess import SURE, Guess, guess, guess_table, match
from lotwise.collect.mapping import OURS
from lotwise.collect.marks import names_currency
from lotwise.collect.survey import Survey, survey
from lotwise.errors import InputError
from lotwise.tables.columns import DAY, TIME

if TYPE_CHECKING:
    from pathlib import Path

    from lotwise.collect.glance import Glance, Look
    from lotwise.tables import Column

SOURCES = (
    ("promotions", "promotions", "plan"),
    ("paid prices", "demand.unit_price", "past"),
    ("customers", "orders", "past"),
    ("campaigns", "campaigns", "plan"),
    ("calendar", "calendar", "plan"),
    ("weather", "weather", "plan"),
    ("events", "events", "past"),
    ("competitors", "competitors", "past"),
    ("signals", "signals", "past"),
    ("overrides", "overrides", "plan"),
)
EVER = "2000-01-01"
DESCRIBED = ("name", "category", "department", "type", "package")


@dataclass(frozen=True)
class Proposal:
    """A proposed ``lotwise.toml``.

    Parameters
    ----------
    toml
        Its text.
    undecided
        What it could not decide, each a sentence with what to do.
    """

    toml: str
    undecided: tuple[str, ...]


@dataclass
class _Draft:
    """A mapping as it is being written: files that look the same, as one table."""

    guess: Guess
    seen: Glance
    files: list[str]
    survey: Survey = field(default_factory=Survey)
    paid: str = ""
    drawn: bool = False


def propose(folder: Path) -> Proposal:
    """Return a proposed ``lotwise.toml`` for the files in a folder and in the folders right below it.

    Raises
    ------
    InputError
        There is no file that can be read.
    """
    undecided: list[str] = []
    seen = _seen(folder, undecided)
    drafts = _drafts(seen, undecided)
    if "products" not in {draft.guess.table for draft in drafts}:
        drafts += _products(drafts, undecided)
    blocks = [_project(seen, folder, undecided)]
    blocks += [_block(draft, undecided) for draft in drafts]
    blocks += [_economics(drafts, undecided), *_sources({draft.guess.table for draft in drafts}, drafts)]
    return Proposal("\n".join(blocks), tuple(undecided))


def _seen(folder: Path, undecided: list[str]) -> list[Glance]:
    paths = [*folder.glob("*"), *folder.glob("*/*")]
    inside = sorted(p for p in paths if p.is_file() and not any(part.startswith(".") for part in p.relative_to(folder).parts))
    readable = [path for path in inside if path.suffix.lower() in ENDINGS and path.name != "requirements.txt"]
    seen = []
    for path in readable:
        name = path.relative_to(folder).as_posix()
        try:
            if path.stat().st_size == 0:
                undecided.append(f"{name} is empty and was left out")
                continue
            seen.append(glance(File(path, name, ENDINGS[path.suffix.lower()])))
        except InputError as error:
            undecided.append(f"{name} was left out: {error}")
    if not seen:
        message = f"{folder} holds no file that can be read ({', '.join(ENDINGS)}). " + " ".join(undecided)
        raise InputError(message)
    return seen


def _drafts(seen: list[Glance], undecided: list[str]) -> list[_Draft]:
    """Return one draft for all files with the same columns, orders first."""
    alike: dict[tuple[str, ...], list[Glance]] = {}
    for look in seen:
        alike.setdefault(tuple(column.name for column in look.columns), []).append(look)
    drafts = []
    for group in alike.values():
        names = [look.file.name for look in group]
        best = guess(group[0])[0]
        if best.missing:
            columns = ", ".join(column.name for column in group[0].columns)
            lacking = ", ".join(f"{best.table}.{name}" for name in best.missing)
            nearest = f"no table found; nearest is {best.table}, without {lacking}"
            undecided.append(f"{', '.join(names)}: {nearest}. Its columns are: {columns}")
            continue
        found = _survey(best, group) if best.table == "orders" else Survey()
        drafts.append(_Draft(best, group[0], names, found, best.columns.get("unit_price", "")))
    drafts.sort(key=lambda draft: list(OURS).index(draft.guess.table))
    tables = {draft.guess.table for draft in drafts}
    if "orders" not in tables and "overrides" in tables:
        undecided.append("no file of orders: the demand that planners say is planned; put project.today, the day it starts")
    elif "orders" not in tables:
        undecided.append(_no_orders(seen))
    return drafts


def _no_orders(seen: list[Glance]) -> str:
    """Return that no file holds orders, with the file that comes closest and what it lacks."""
    found = [(guess_table(look, "orders").missing, look.file.name) for look in seen]
    missing, name = min(found, key=lambda pair: len(pair[0]))
    lacking = ", ".join(f"orders.{column}" for column in missing)
    nearest = f"; nearest is {name}, where nothing gives {lacking}" if missing else ""
    return f"no file looks like orders (order number, date, product, units){nearest}. Add a [[collect]] block for them"


def _survey(best: Guess, group: list[Glance]) -> Survey:
    """Return what all lines of the order files say; the product's name is the column that would name it in products."""
    free = [look for look in group[0].columns if look.name not in best.columns.values()]
    named = match(free, "products").get("name")
    return survey([look.file for look in group], best.columns, name=named[0].name if named else None)


def _products(drafts: list[_Draft], undecided: list[str]) -> list[_Draft]:
    """Return products drawn from the orders, where nothing else describes them."""
    drawn = []
    for draft in drafts:
        if draft.guess.table != "orders":
            continue
        free = [look for look in draft.seen.columns if look.name not in draft.guess.columns.values()]
        found = {name: pair for name, pair in match(free, "products").items() if name in DESCRIBED}
        columns = {"product": draft.guess.columns["product"]} | {name: look.name for name, (look, _) in found.items()}
        sure = {"product": draft.guess.sure["product"]} | {name: score for name, (_, score) in found.items()}
        drawn.append(
            _Draft(Guess("products", columns, sure, (), 0.0), draft.seen, draft.files, draft.survey, draft.paid, drawn=True)
        )
        undecided.append("no file of products: they are drawn from the orders; costs and shelf lives are then assumed")
    return drawn


def _project(seen: list[Glance], folder: Path, undecided: list[str]) -> str:
    marks = {
        look.example
        for each in seen
        for look in each.columns
        if names_currency(look.name) and look.kind == "text" and len(look.example) == 3  # noqa: PLR2004  ISO 4217
    }
    currency = next(iter(marks)) if len(marks) == 1 else "USD"
    if currency == "USD" and not marks:
        undecided.append(
            "project.currency: the files name none, so USD stands there; put yours (it names the money, it converts none)"
        )
    if len(marks) > 1:
        undecided.append(
            f"project.currency: the files name {', '.join(sorted(marks))}; convert with factor and put the one you keep"
        )
    undecided.append("project.timezone: taken as UTC; put the zone in which your days begin, such as Europe/London")
    return f"""# Proposed by lotwise init from the files in this folder. Read it once; everything can be changed.

[project]
name = {_quote(folder.resolve().name)}
currency = {_quote(currency)} # as shown in the report; all money is taken to be in it
timezone = "UTC" # where days and weeks are counted, such as "Europe/Berlin" or "Asia/Shanghai"
# today = 2024-12-30 # first day that is not known yet; left out: the day after the last order
"""


def _block(draft: _Draft, undecided: list[str]) -> str:
    table = OURS[draft.guess.table]
    files = _quote(draft.files[0]) if len(draft.files) == 1 else "[" + ", ".join(_quote(name) for name in draft.files) + "]"
    lines = [f"# {table.name}: {table.meaning}", "[[collect]]", f'table = "{table.name}"', f"files = {files}"]
    if draft.seen.decimal == ",":
        lines.append('decimal = "," # their decimal mark')
    lines += [*_filters(draft, undecided), "[collect.columns]"]
    looks = {look.name: look for look in draft.seen.columns}
    for column in table.columns:
        theirs = draft.guess.columns.get(column.name)
        if theirs is not None:
            lines.append(_column(column, looks[theirs], draft, undecided))
    lines += _filled_in(draft, undecided)
    unused = [look.name for look in draft.seen.columns if look.name not in draft.guess.columns.values()]
    if unused:
        lines.append("# not used: " + ", ".join(name.replace("\n", " ") for name in unused))
    return "\n".join(lines) + "\n"


def _column(column: Column, look: Look, draft: _Draft, undecided: list[str]) -> str:
    """Return the line that maps one column of theirs, with what is doubtful about it."""
    where, value = f"{draft.guess.table}.{column.name}", _quote(look.name)
    if column.type in (DAY, TIME) and look.formats:
        value = f"{{ from = {value}, format = {_quote(look.formats[0])} }}"
        if len(look.formats) > 1:
            fitting = " and ".join(look.formats[:3])
            undecided.append(f"{where}: '{look.name}' (such as {look.example}) fits {fitting}; taken as the first")
    if column.name == "category" and look.filled < 1:
        value = f'{{ from = {value}, default = "none" }}'
    line = f"{column.name} = {value}"
    if where == "orders.region" and draft.survey.is_thin:
        few = f"{draft.survey.thin} of its {draft.survey.regions} values hold less than 1 % of the lines each"
        undecided.append(f"{where}: '{look.name}' is left out, for {few}; take it in if regions matter to you")
        return f"# {line} # left out: {few}; plans are per product anyway"
    if draft.guess.sure[column.name] < SURE:
        undecided.append(f"{where} is taken from '{look.name}' (such as {look.example}); please check")
        line += " # a guess: please check"
    return line


def _filters(draft: _Draft, undecided: list[str]) -> list[str]:
    """Return the lines that say which rows to read: no services, and for products drawn from orders only named, paid ones."""
    columns, found = draft.guess.columns, draft.survey
    rules = []
    if found.services:
        codes = ", ".join(map(_quote, found.services))
        rules.append(f"  {{ column = {_quote(columns['product'])}, not_in = [{codes}] }}, # a guess: no products")
    price = draft.paid
    free = f"{{ column = {_quote(price)}, at_least = 0.0001 }},"
    if draft.drawn and "name" in columns:
        rules.append(f"  {{ column = {_quote(columns['name'])}, filled = true }},")
    if found.free and draft.drawn:
        rules.append(f"  {free} # lines of price 0 often carry a remark instead of a name")
    if found.free and not draft.drawn:
        rules.append(f"  # {free} # {found.free:,} lines of price 0 (gifts, samples, corrections?) count as demand without it")
    if not draft.drawn:
        _ask_filters(found, columns, undecided)
    once = ["distinct = true # order lines say the same of a product many times"] if draft.drawn else []
    return [*once, *(["filter = [", *rules, "]"] if rules else [])]


def _ask_filters(found: Survey, columns: dict[str, str], undecided: list[str]) -> None:
    if found.services:
        codes = ", ".join(found.services)
        undecided.append(f"orders: lines of {codes} are left out (filter), as they seem to be no products; please check")
    if found.free:
        share = f"{found.free:,} of {found.lines:,} lines have price 0 in '{columns['unit_price']}'"
        undecided.append(f"orders: {share} and count as demand; a filter to leave them out stands ready")


def _filled_in(draft: _Draft, undecided: list[str]) -> list[str]:
    """Return the lines of columns that no column of theirs gives."""
    columns, lines = draft.guess.columns, []
    if draft.guess.table == "orders" and "revenue" in columns and "unit_price" not in columns:
        lines.append(f"unit_price = {{ from = {_quote(columns['revenue'])}, divide_by = {_quote(columns['units'])} }}")
    if draft.guess.table == "orders" and not {"revenue", "unit_price"} & set(columns):
        undecided.append("orders: no column looks like a price or an amount; without one no money can be counted")
    if draft.guess.table == "products" and "category" not in columns:
        lines.append('category = { value = "all" } # no column fits: all products share one category')
        undecided.append("products.category: no column fits, so all products share the category 'all'")
    if draft.guess.table == "overrides" and "kind" not in columns:
        lines.append('kind = { value = "units" } # the forecast becomes the value; "add" and "factor" change it')
    if draft.guess.table == "overrides" and "made" not in columns:
        lines.append(f'made = {{ value = "{EVER}" }} # the day it was entered: known to every plan')
    if draft.guess.table == "receipts" and "kind" not in columns:
        lines.append('kind = { value = "purchase" } # or "lot" or "shipment"')
        undecided.append("receipts.kind: no column fits, so all are taken as purchases; put lot or shipment where they are")
    return lines


def _economics(drafts: list[_Draft], undecided: list[str]) -> str:
    given = {column for draft in drafts if draft.guess.table == "products" for column in draft.guess.columns}
    shares = [f"{name}_share" for name, column in (("cost", "unit_cost"), ("salvage", "salvage")) if column not in given]
    if shares:
        are = "are" if len(shares) > 1 else "is"
        undecided.append(f"[economics]: {' and '.join(shares)} {are} assumed; every figure of the ledger rests on them")
    return """# What one unit earns and costs where the products table does not say. ASSUMED: put your own shares here.
[economics]
cost_share = 0.7 # assumed: unit cost / price
salvage_share = 0.3 # assumed: what an unsold unit still brings / price
holding_share = 0.005 # assumed: cost of keeping a unit one week / its cost
"""


def _sources(tables: set[str], drafts: list[_Draft]) -> list[str]:
    """Return the sources of information whose worth can be measured with what there is."""
    orders = [draft.guess.columns for draft in drafts if draft.guess.table == "orders"]
    there = set(tables) - {"orders"}
    there |= {"demand.unit_price"} if any({"unit_price", "revenue"} & set(columns) for columns in orders) else set()
    there |= {"orders"} if any("customer" in columns for columns in orders) else set()
    blocks = ["# Sources of information: the ledger shows what each is worth, added in this order."]
    blocks.append('[[source]]\nname = "own history"\ntables = ["demand.units"]\n')
    for name, table, known in SOURCES:
        if table in there:
            blocks.append(f'[[source]]\nname = "{name}"\ntables = ["{table}"]\nknown = "{known}"\n')
    return blocks


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
