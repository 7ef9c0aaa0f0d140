"""A translation as a project: a CSV file a table and a commented ``lotwise.toml``."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from lotwise.collect.frepple.model import translate
from lotwise.collect.frepple.reading import read
from lotwise.config import FILE
from lotwise.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from lotwise.collect.frepple.schema import Row
    from lotwise.collect.frepple.translation import Translation

FROM = {
    "orders": "input.demand: closed ones are history on the day they were due, open ones firm orders with their due date",
    "products": "input.item with demand: cost -> unit_price; unit_cost from materials and resources; lots from input.operation",
    "bom": "input.operationmaterial: what is consumed, for one unit produced; alternates and effective dates",
    "coproducts": "input.operationmaterial: what else is produced",
    "routing": "input.operationresource x input.operation: duration_per -> hours, duration -> setup_hours; alternates",
    "items": "input.operation and input.buffer: duration + posttime -> lead_weeks (the nearest), lot sizes; minimum stock",
    "families": "input.setuprule: the mean set-up of each family",
    "machines": "input.resource: capacity x availability in the usual week of the coming year, in hours",
    "machine_weeks": "input.calendarbucket: weeks of the coming year with other hours",
    "shifts": "input.calendarbucket: the hours of the usual week, by weekday",
    "setups": "input.setuprule: every change between set-ups that operations ask for",
    "tools": "input.operationresource: resources beside the first one of an operation; input.skill",
    "tool_needs": "input.operationresource: resources beside the first one, and skill",
    "sites": "input.location",
    "lanes": "input.itemdistribution: leadtime -> lead_weeks (the nearest), sizes; and where customers are served from",
    "materials": "input.itemsupplier: the preferred one; leadtime -> lead_weeks (rounded up), sizeminimum -> minimum_order",
    "suppliers": "input.itemsupplier: each of them, with price, lead time, sizes and dates",
    "receipts": "input.operationplan: confirmed and approved purchases, lots and shipments",
    "stock": "input.buffer: onhand -> units; location -> site",
    "calendar": "input.calendarbucket: days on which a site is closed",
}


def convert(file: Path, folder: Path) -> list[str]:
    """Return what could not be carried over, or was assumed, after writing a project for a frePPLe model.

    The folder then holds one CSV file a table and a commented ``lotwise.toml``.

    Parameters
    ----------
    file
        frePPLe's fixture, JSON or gzipped JSON, at most 200 MB.
    folder
        Where the project is to be; made where it is absent. It must hold no file of the same name.

    Raises
    ------
    InputError
        The file cannot be read, is no frePPLe model, lacks fields or holds values that cannot be read (the
        first twenty are listed), has no demand, or holds items that contain themselves; or the folder
        holds a project, or cannot be written.
    """
    for name in (FILE, *(f"{table}.csv" for table in FROM)):
        if (folder / name).exists():
            message = f"{folder / name} exists already. Give an empty folder, or remove that file."
            raise InputError(message)
    models, unread = read(file)
    made = translate(models, unread)
    if not made.tables["orders"]:
        message = f"{file} holds no open or closed demand that could be planned. Export input.demand too."
        raise InputError(message)
    _check_loops(made.tables["bom"], file)
    lost = [
        f"{m}: {n} of {_total(made, m)} rows are not carried over: {reason}" for (m, reason), n in sorted(made.left.items())
    ]
    lost += made.notes
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, rows in made.tables.items():
            if rows:
                _write(folder / f"{name}.csv", rows)
        (folder / FILE).write_text(_settings(made, file.name, folder.resolve().name, lost), encoding="utf-8")
    except OSError as error:
        message = f"{folder} cannot be written: {error.strerror}. Give another folder."
        raise InputError(message) from error
    return lost


def _check_loops(bom: list[Row], file: Path) -> None:
    parts: dict[str, set[str]] = defaultdict(set)
    for row in bom:
        parts[row["item"]].add(row["component"])
    try:
        TopologicalSorter(parts).prepare()
    except CycleError as error:
        message = f"{file}: items contain themselves: {' <- '.join(error.args[1])}. Correct input.operationmaterial in frePPLe."
        raise InputError(message) from error


def _total(made: Translation, model: str) -> int:
    return made.carried[model] + sum(rows for (of, _), rows in made.left.items() if of == model)


def _write(file: Path, rows: list[Row]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _settings(made: Translation, source: str, name: str, lost: list[str]) -> str:
    """Return the text of the project's ``lotwise.toml``."""
    blocks = [
        f"# Made from frePPLe's {_plain(source)}. All columns have lotwise's names, so they need no mapping.",
        "# Not carried over, or assumed:",
        *(f"# - {_plain(line)}" for line in lost),
        "",
        "[project]",
        f"name = {json.dumps(name, ensure_ascii=False)}",
        f"currency = {json.dumps(made.currency)} # of all money; none is converted",
        f"today = {made.today} # frePPLe's current date",
        "",
    ]
    for table, meaning in FROM.items():
        if made.tables.get(table):
            blocks += [f"# {meaning}", "[[collect]]", f'table = "{table}"', f'files = "{table}.csv"', ""]
    blocks += [
        "[forecast]",
        f"horizon = {made.horizon} # weeks; reaches the last open order where 26 weeks do",
        f"cutoffs = {made.cutoffs} # past plans that are settled; the history allows no more",
        "products = 0 # all of them",
        "",
        "[plan]",
        f"weeks = {made.horizon}",
        'unserved = "backorder" # as frePPLe, which delivers late what it cannot deliver in time',
        "",
    ]
    return "\n".join(blocks)


def _plain(line: str) -> str:
    """Return a line that cannot end the comment it stands in."""
    return "".join(sign if sign.isprintable() else " " for sign in line)
