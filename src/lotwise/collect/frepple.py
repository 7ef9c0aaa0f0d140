"""A project from frePPLe's JSON: its fixture (a Django dump of models and fields) as files of our tables.

What no table of ours holds is counted with its reason, row by row, so that nothing is lost unsaid. What frePPLe's
fields mean is taken from its model reference (frepple.com/docs, "Model reference").
"""

from __future__ import annotations

import csv
import gzip
import json
import math
import re
import zlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

from lotwise.config import FILE
from lotwise.errors import InputError, breaches, did_you_mean
from lotwise.tables.weeks import WEEK, monday

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    Row = dict[str, Any]

MOST_BYTES = 200_000_000
MOST_SHOWN = 20
HOUR, DAY_HOURS, WEEK_SECONDS = 3600.0, 24.0, 604_800.0
USUAL_HOURS = 40.0
"""Hours a week where no calendar says when a resource works; frePPLe would take all 168."""
YEAR_WEEKS = 52
"""Weeks from today on whose most frequent hours are a machine's working week."""
LEAST_HORIZON, MOST_HORIZON, CUTOFFS = 4, 26, 4
EVER, NEVER = datetime(1, 1, 1), datetime(9999, 12, 31)  # noqa: DTZ001  frePPLe's moments have no zone
SPECIAL_DAYS = 62
"""A closure of more days is the rule, not a special period."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CURRENCIES = {"$": "USD", "€": "EUR", "£": "GBP"}
TECHNICAL = {"lft", "rght", "lvl", "source", "lastmodified", "id", "plan"}
"""Fields that frePPLe keeps for itself."""
CHOICES = ("alternate", "split")

EFFECTIVE = {"effective_start": "moment", "effective_end": "moment"}
SCHEMA: dict[str, dict[str, str]] = {
    "common.parameter": {"name": "text", "value": "text"},
    "input.calendar": {"name": "text!", "defaultvalue": "number"},
    "input.calendarbucket": {
        "calendar": "text!", "startdate": "moment", "enddate": "moment", "value": "number", "priority": "number",
        "starttime": "clock", "endtime": "clock", **dict.fromkeys(WEEKDAYS, "flag"),
    },
    "input.location": {"name": "text!", "available": "text"},
    "input.customer": {"name": "text!"},
    "input.item": {"name": "text!", "description": "text", "category": "text", "subcategory": "text", "cost": "number",
                   "owner": "text"},
    "input.operation": {
        "name": "text!", "type": "text", "item": "text", "owner": "text", "priority": "number", "duration": "seconds",
        "duration_per": "seconds", "sizeminimum": "number", "sizemultiple": "number", **EFFECTIVE,
    },
    "input.operationmaterial": {
        "operation": "text!", "item": "text!", "quantity": "number", "quantity_fixed": "number", "type": "text",
        "name": "text", "priority": "number", **EFFECTIVE,
    },
    "input.operationresource": {"operation": "text!", "resource": "text!", "quantity": "number", "name": "text",
                                "priority": "number", **EFFECTIVE},
    "input.resource": {
        "name": "text!", "description": "text", "type": "text", "maximum": "number", "maximum_calendar": "text",
        "available": "text", "location": "text", "owner": "text", "cost": "number", "efficiency": "number",
        "constrained": "flag",
    },
    "input.buffer": {"item": "text!", "location": "text", "onhand": "number"},
    "input.supplier": {"name": "text!"},
    "input.itemsupplier": {"item": "text!", "leadtime": "seconds", "sizeminimum": "number", "cost": "number",
                           "priority": "number", **EFFECTIVE},
    "input.demand": {"name": "text!", "item": "text!", "due": "moment!", "quantity": "number", "status": "text",
                     "customer": "text", "location": "text"},
}  # fmt: skip
"""Model -> field -> what it holds; ``!`` where a row without it says nothing."""

NO_PLACE = {
    "input.location": "all sites are planned as one; their names stay in orders and stock",
    "input.supplier": "a material has one lead time and price, whoever delivers it",
    "input.itemdistribution": "all sites are planned as one, without transfers between them",
    "input.skill": "machines are groups of equals; skills are not known",
    "input.resourceskill": "machines are groups of equals; skills are not known",
    "input.setupmatrix": "set-ups that depend on the sequence are not known",
    "input.setuprule": "set-ups that depend on the sequence are not known",
    "input.operationplan": "open purchases, transfers and manufacturing orders have no table; what is under way is not counted",
}
"""Models that no table of ours holds, and what follows."""


@dataclass
class Translation:
    """A frePPLe model as tables of ours, with what became of each of its rows.

    Parameters
    ----------
    tables
        Our table -> its rows.
    today
        First day that is not known yet.
    currency
        Currency of all money.
    horizon, cutoffs
        Weeks planned, enough for the last open order where 26 are; past plans that the history allows.
    carried
        Model -> rows that are in the tables or were reckoned into them.
    left
        (model, reason) -> rows that are not.
    notes
        What is carried over in part, or was assumed.
    """

    tables: dict[str, list[Row]] = field(default_factory=dict)
    today: date = date.min
    currency: str = "USD"
    horizon: int = LEAST_HORIZON
    cutoffs: int = 0
    carried: Counter[str] = field(default_factory=Counter)
    left: Counter[tuple[str, str]] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def keep_if(self, model: str, reason: str) -> bool:
        """Return whether a row is carried over, which it is where no reason speaks against it, and count it."""
        if reason:
            self.left[model, reason] += 1
        else:
            self.carried[model] += 1
        return not reason


def convert(file: Path, folder: Path) -> list[str]:
    """Return what could not be carried over, or was assumed, after writing a project for a frePPLe model.

    The folder then holds one CSV file a table and a commented ``lotwise.toml``.

    Parameters
    ----------
    file
        frePPLe's fixture, JSON or gzipped JSON, at most 200 MB.
    folder
        Where the project is to be; made where it is absent. It must hold no ``lotwise.toml``.

    Raises
    ------
    InputError
        The file cannot be read, is no frePPLe model, lacks fields or holds values that cannot be read (all
        of them are listed), or holds items that contain themselves; or the folder holds a project, or cannot be written.
    """
    if (folder / FILE).exists():
        message = f"{folder / FILE} exists already. Give an empty folder, or remove that file."
        raise InputError(message)
    models, unread = read(file)
    made = translate(models, unread)
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


def read(file: Path) -> tuple[dict[str, list[Row]], Counter[tuple[str, str]]]:
    """Return the rows of every model with the fields that are read, and (model, other field) -> rows that fill it.

    Raises
    ------
    InputError
        As for ``convert``.
    """
    content = _content(file)
    shaped = isinstance(content, list) and all(
        isinstance(row, dict) and isinstance(row.get("model"), str) and isinstance(row.get("fields"), dict) for row in content
    )
    if not shaped or not any(row["model"].startswith("input.") for row in content):
        message = (
            f"{file} is JSON, but no frePPLe model: a list of {{model, fields}} with models such as input.item is expected. "
        )
        message += 'Export one with "frepplectl dumpdata input common.parameter".'
        raise InputError(message)
    models: dict[str, list[Row]] = {model: [] for model in SCHEMA}
    unread: Counter[tuple[str, str]] = Counter()
    faults: list[str] = []
    for number, row in enumerate(content, start=1):
        model = row["model"].lower()
        given = {name.removesuffix("_id"): value for name, value in row["fields"].items()}
        if row.get("pk") is not None and "name" not in given:
            given["name"] = row["pk"]
        kinds = SCHEMA.get(model, {})
        models.setdefault(model, []).append(_parsed(given, kinds, f"{model} (entry {number})", faults))
        for name in given.keys() - kinds.keys() - TECHNICAL if kinds else ():
            if name != "name" and given[name] not in (None, "", 0, "0.0", "0", False, [], {}):
                unread[model, name] += 1
    if faults:
        more = [f"and {len(faults) - MOST_SHOWN} more"] if len(faults) > MOST_SHOWN else []
        listed = breaches(f"{file} holds values that cannot be read", [*faults[:MOST_SHOWN], *more])
        message = f"{listed}\nCorrect them in frePPLe and export again."
        raise InputError(message)
    return models, unread


def translate(models: dict[str, list[Row]], unread: Counter[tuple[str, str]] | None = None) -> Translation:
    """Return the rows of ``read`` as tables of ours."""
    made = Translation()
    for model in models.keys() - SCHEMA.keys() | NO_PLACE.keys():
        if models.get(model):
            made.left[model, NO_PLACE.get(model, "model not understood")] = len(models[model])
    _take_parameters(models, made)
    _take_orders(models, made)
    ways = _take_operations(models, made)
    _take_bom(models, ways, made)
    _take_resources(models, ways, made)
    _take_materials(models, ways, made)
    _take_products(models, ways, made)
    _take_stock(models, ways, made)
    for model in sorted({model for model, _ in unread or ()} - NO_PLACE.keys()):
        names = ", ".join(f"{name} ({rows})" for (of, name), rows in sorted((unread or {}).items()) if of == model)
        made.notes.append(f"{model}: no column takes these fields (rows that fill them): {names}")
    return made


def _content(file: Path) -> Any:  # noqa: ANN401  JSON holds anything
    advice = "Export it again from frePPLe, or copy it again."
    try:
        with file.open("rb") as raw:
            is_packed = raw.read(2) == b"\x1f\x8b"
        with gzip.open(file, "rb") if is_packed else file.open("rb") as stream:
            text = stream.read(MOST_BYTES + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        message = f"{file} is a gzip file that is cut off or damaged. {advice}"
        raise InputError(message) from error
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror}. Give the path of frePPLe's JSON file."
        raise InputError(message) from error
    if len(text) > MOST_BYTES:
        message = f"{file} holds more than {MOST_BYTES // 1_000_000} MB of JSON. Export fewer models or closed orders."
        raise InputError(message)
    try:
        return json.loads(text.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        message = f"{file} is not JSON: {error}. {advice}"
        raise InputError(message) from error


def _parsed(given: Row, kinds: dict[str, str], where: str, faults: list[str]) -> Row:
    row = {}
    for name, kind in kinds.items():
        value = given.get(name)
        if value is None or value == "":
            row[name] = None
            if kind.endswith("!"):
                faults.append(f"{where}: field '{name}' is missing{did_you_mean(name, given.keys() - kinds.keys())}")
            continue
        try:
            row[name] = KINDS[kind.rstrip("!")](value)
        except (ValueError, TypeError, OverflowError):
            faults.append(f"{where}: field '{name}' = {str(value)[:60]!r} is no {kind.rstrip('!')}")
    return row


def _text(value: Any) -> str:  # noqa: ANN401  JSON holds anything
    """Return a name, or the natural key of one part that a Django dump refers to a row by."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, (list, dict)):
        raise TypeError
    return str(value).strip()


def _number(value: Any) -> float:  # noqa: ANN401  JSON holds anything
    number = float(value)
    if isinstance(value, bool) or not math.isfinite(number):
        raise ValueError
    return number


def _flag(value: Any) -> bool:  # noqa: ANN401  JSON holds anything
    return {"true": True, "1": True, "false": False, "0": False}[str(value).lower()] if str(value) else False


def _moment(value: Any) -> datetime:  # noqa: ANN401  JSON holds anything
    return datetime.fromisoformat(str(value)).replace(tzinfo=None)


def _clock(value: Any) -> float:  # noqa: ANN401  JSON holds anything
    """Return the hour of the day; a second before the full minute is meant as the full minute."""
    at = time.fromisoformat(str(value))
    seconds = at.hour * 3600 + at.minute * 60 + at.second
    return (seconds + (at.second == 59)) / HOUR  # noqa: PLR2004  the last second of a minute


def _seconds(value: Any) -> float:  # noqa: ANN401  JSON holds anything
    """Return a duration given as seconds, as ``[DD ]HH:MM:SS`` or as ISO 8601, the three ways of Django."""
    found = re.fullmatch(r"(?:(\d+) )?(\d+):(\d+):(\d+(?:\.\d+)?)", str(value)) or re.fullmatch(
        r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", str(value)
    )
    if found is None:
        return _number(value)
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return days * 86_400 + hours * 3600 + minutes * 60 + seconds


KINDS: dict[str, Callable[[Any], Any]] = {
    "text": _text, "number": _number, "flag": _flag, "moment": _moment, "clock": _clock, "seconds": _seconds,
}  # fmt: skip


def _take_parameters(models: dict[str, list[Row]], made: Translation) -> None:
    told = {row["name"]: row["value"] or "" for row in models["common.parameter"]}
    for row in models["common.parameter"]:
        made.keep_if("common.parameter", "" if row["name"] in {"currentdate", "currency"} else "settings of frePPLe's own")
    try:
        made.today = _moment(told["currentdate"]).date()
    except (KeyError, ValueError):
        closed = [row["due"].date() for row in models["input.demand"] if row["status"] == "closed"]
        made.today = max(closed) + timedelta(days=1) if closed else min(
            (row["due"].date() for row in models["input.demand"]), default=date(2000, 1, 3)
        )  # fmt: skip
        made.notes.append(f"today: the parameter currentdate is no date; {made.today} is taken, from the demands")
    symbol = told.get("currency", "$").strip(", ")
    made.currency = CURRENCIES.get(symbol, symbol if re.fullmatch("[A-Z]{3}", symbol) else "USD")
    if made.currency != symbol:
        made.notes.append(f"currency: '{symbol}' is taken as {made.currency}")


def _take_orders(models: dict[str, list[Row]], made: Translation) -> None:
    """Take closed demands as history, dated by when they were due; open ones as orders placed this week.

    The week that is under way counts as no history, so that open orders do not swell it.
    """
    week, current = monday(made.today), made.today
    made.today = max(made.today, week + timedelta(days=1))
    made.tables["orders"] = rows = []
    overdue, last = 0, week
    for demand in models["input.demand"]:
        status, due, units = demand["status"] or "open", demand["due"].date(), _or(demand["quantity"], 1.0)
        reason = ""
        if status not in {"open", "closed"}:
            reason = f"status {status}: neither history nor a firm order"
        elif units <= 0:
            reason = "quantity of 0 or less"
        elif status == "closed" and due >= current:
            reason = f"closed, but due on {current} or later"
        if not made.keep_if("input.demand", reason):
            continue
        is_open = status == "open"
        overdue += is_open and due < current
        due = max(due, current) if is_open else due
        last = max(last, due)
        rows.append({
            "order": demand["name"], "line": 1, "time": datetime.combine(week if is_open else due, time()),
            "customer": demand["customer"], "product": demand["item"], "location": demand["location"] or "all",
            "units": units, "due": due if is_open else None,
        })  # fmt: skip
    customers = {row["customer"] for row in rows}
    for row in models["input.customer"]:
        made.keep_if(
            "input.customer", "" if row["name"] in customers else "no demand of theirs; groups of customers are not known"
        )
    _set_span(made, rows, last, week)
    if made.today != current:
        made.notes.append(
            f"today: {made.today}, a day late, so that open orders fall into the week under way, not into history"
        )
    if overdue:
        made.notes.append(f"input.demand: {overdue} open orders are overdue; they are due on {current}, the current date")


def _set_span(made: Translation, rows: list[Row], last: date, week: date) -> None:
    reach = (monday(last) - week) // WEEK + 1
    made.horizon = min(max(reach, LEAST_HORIZON), MOST_HORIZON)
    history = [row["time"].date() for row in rows if row["due"] is None]
    weeks = max(0, (week - monday(min(history))) // WEEK) if history else 0
    made.cutoffs = min(CUTOFFS, weeks // 2 // made.horizon)
    late = sum(row["due"] is not None and row["due"] >= week + made.horizon * WEEK for row in rows)
    if late:
        made.notes.append(f"input.demand: {late} open orders are due after the {made.horizon} weeks that are planned")
    if weeks < 3:  # noqa: PLR2004  as pool asks for
        made.notes.append(
            f"history: {weeks} weeks of closed demands; lotwise run needs 3 or more: add older orders to orders.csv"
        )
    elif not made.cutoffs:
        made.notes.append(f"history: {weeks} weeks are too short to settle past plans of {made.horizon} weeks: no ledger")
    if any(row["due"] for row in rows):
        made.notes.append(
            "input.demand: products with open orders are made to order; their forecast comes on top of these orders, for "
            "frePPLe does not say when an order was placed (history is dated by when it was due)"
        )


@dataclass(frozen=True)
class _Ways:
    """How each item is made.

    Parameters
    ----------
    steps
        Item -> the operations it is made by, in order.
    produced
        Item -> units that one unit of the operations gives.
    item_of
        Operation -> the item it works for.
    """

    steps: dict[str, list[Row]]
    produced: dict[str, float]
    item_of: dict[str, str]


def _take_operations(models: dict[str, list[Row]], made: Translation) -> _Ways:
    operations = models["input.operation"]
    children: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(operations, key=_rank):
        if row["owner"]:
            children[row["owner"]].append(row)
    gives: dict[str, list[Row]] = defaultdict(list)
    for row in models["input.operationmaterial"]:
        if _or(row["quantity"], 1.0) > 0:
            gives[row["operation"]].append(row)

    found: dict[str, list[list[Row]]] = defaultdict(list)
    for row in operations:
        if row["owner"]:
            continue
        own = [[c] for c in children[row["name"]]] if row["type"] in CHOICES else [[row, *children[row["name"]]]]
        for steps in own:
            item = row["item"] or steps[0]["item"] or _only({g["item"] for step in steps for g in gives[step["name"]]})
            if item and all(_holds(step, made.today) for step in steps):
                found[item].append(steps)
    chosen = {item: min(ways, key=lambda steps: _rank(steps[0])) for item, ways in found.items()}
    item_of = {step["name"]: item for item, steps in chosen.items() for step in steps}
    candidates = {step["name"] for ways in found.values() for steps in ways for step in steps}
    for row in operations:
        reason = "" if row["name"] in item_of else "makes no item, or is not in effect today"
        if reason and row["type"] in CHOICES:
            reason = "a choice between operations; the preferred one is taken"
        elif reason and row["name"] in candidates:
            reason = "alternates: the item is made by the preferred operation only"
        made.keep_if("input.operation", reason)
    produced = {
        item: sum(_or(g["quantity"], 1.0) for step in steps for g in gives[step["name"]] if g["item"] == item) or 1.0
        for item, steps in chosen.items()
    }
    return _Ways(chosen, produced, item_of)


def _take_bom(models: dict[str, list[Row]], ways: _Ways, made: Translation) -> None:
    """Take what operations consume, for one unit of what they produce."""
    lines: Counter[tuple[str, str]] = Counter()
    preferred = _preferred(models["input.operationmaterial"], made.today)
    for row in models["input.operationmaterial"]:
        item, quantity = ways.item_of.get(row["operation"]), _or(row["quantity"], 1.0)
        reason = ""
        if item is None:
            reason = "of operations that are not carried over"
        elif row["quantity_fixed"] or (row["type"] or "").startswith("fixed"):
            reason = "a quantity for a lot of any size; bills are for one unit"
        elif not _holds(row, made.today):
            reason = f"not in effect on {made.today}"
        elif quantity > 0 and row["item"] != item:
            reason = "co-products"
        elif quantity == 0:
            reason = "quantity 0"
        elif id(row) not in preferred:
            reason = "alternates: the preferred component is taken only"
        if made.keep_if("input.operationmaterial", reason) and quantity < 0 and item is not None:
            lines[item, row["item"]] -= quantity / ways.produced[item]  # type: ignore[assignment]
    made.tables["bom"] = [
        {"item": item, "component": component, "quantity": round(quantity, 9)} for (item, component), quantity in lines.items()
    ]


def _take_resources(models: dict[str, list[Row]], ways: _Ways, made: Translation) -> None:
    """Take the steps of the operations that are carried over, and the machines they run on."""
    resources = {row["name"]: row for row in models["input.resource"]}
    members: dict[str, list[str]] = defaultdict(list)
    for row in models["input.resource"]:
        if row["owner"] in resources:
            members[row["owner"]].append(row["name"])
    groups = {name: list(dict.fromkeys(_leaves(name, members, set()))) for name in resources}
    limited = {n for n, g in groups.items() if g and all(_is_limited(resources[leaf]) for leaf in g)}
    preferred = _preferred(models["input.operationresource"], made.today)
    loads: dict[str, list[Row]] = defaultdict(list)
    for row in models["input.operationresource"]:
        reason = ""
        if row["operation"] not in ways.item_of:
            reason = "of operations that are not carried over"
        elif row["resource"] not in limited:
            reason = "on resources that are unknown, unlimited or counted in time buckets"
        elif id(row) not in preferred:
            reason = "alternates, or not in effect today: the preferred resource is taken only"
        if made.keep_if("input.operationresource", reason):
            loads[row["operation"]].append(row)
    made.tables["routing"] = _routing(ways, loads, made)
    used = list(dict.fromkeys(row["machine"] for row in made.tables["routing"]))
    reckoned = {leaf for name in used for leaf in groups[name]} | set(used)
    for row in models["input.resource"]:
        made.keep_if("input.resource", "" if row["name"] in reckoned else "no operation that is carried over runs on it")
    pools = [name for name in used if groups[name] != [name]]
    if pools:
        made.notes.append(f"input.resource: any member may do the work of {', '.join(pools)}; the members' hours are added up")
    shared = sorted({leaf for name in pools for leaf in groups[name]} & set(used))
    if shared:
        made.notes.append(f"input.resource: {', '.join(shared)} count twice, on their own and in their group")
    _take_machines(models, resources, {name: groups[name] for name in used}, made)


def _routing(ways: _Ways, loads: dict[str, list[Row]], made: Translation) -> list[Row]:
    rows, waits, fixed = [], 0, 0
    for item, steps in ways.steps.items():
        number = 0
        for step in steps:
            lasts = step["duration"] or 0.0
            waits += bool(lasts) and not loads[step["name"]]
            fixed += bool(lasts) and bool(loads[step["name"]])
            per = 0.0 if step["type"] in {None, "fixed_time"} else (step["duration_per"] or 0.0)
            for load in loads[step["name"]]:
                number += 1
                share = _or(load["quantity"], 1.0) / HOUR
                rows.append({
                    "item": item, "step": number, "machine": load["resource"],
                    "hours": round(share * per / ways.produced[item], 9), "setup_hours": round(share * lasts, 9),
                })  # fmt: skip
    if waits:
        made.notes.append(f"input.operation: {waits} take time but no machine (drying, transport); plans do not wait for them")
    if fixed:
        made.notes.append(
            f"input.operation: {fixed} have a fixed duration, kept as setup_hours a lot, which plans do not count"
        )
    return rows


def _take_machines(
    models: dict[str, list[Row]], resources: dict[str, Row], used: dict[str, list[str]], made: Translation
) -> None:
    """Take the working week of each machine: the most frequent one of the year from today on."""
    buckets: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(
        models["input.calendarbucket"], key=lambda row: (_or(row["priority"], 0.0), row["startdate"] or EVER)
    ):
        buckets[row["calendar"]].append(row)
    calendars = {row["name"]: (buckets[row["name"]], _or(row["defaultvalue"], 0.0)) for row in models["input.calendar"]}
    open_in = {row["name"]: row["available"] for row in models["input.location"]}
    week, known, taken, special = monday(made.today), {}, set(), {}
    made.tables["machines"] = []
    without, differ = [], []
    for machine, leaves in used.items():
        hours, count = 0.0, 0.0
        for name in leaves:
            one = resources[name]
            when = tuple(c for c in dict.fromkeys((one["available"], open_in.get(one["location"]))) if c in calendars)
            key = (one["maximum_calendar"] if one["maximum_calendar"] in calendars else None, _or(one["maximum"], 1.0), when)
            taken |= {key[0], *when} - {None}
            if key not in known:
                level = calendars[key[0]] if key[0] else ([], key[1])
                known[key] = _usual_week(level, [calendars[c] for c in when], week)
            usual, most, others = known[key]
            if not when and math.isclose(usual, most * 7 * DAY_HOURS):
                without.append(name)
                usual = most * USUAL_HOURS
            if others:
                differ.append(f"{name} ({others})")
            hours += usual * _or(one["efficiency"], 100.0) / 100
            count += most
            special |= {c: None for c in when if c == open_in.get(one["location"])}
        made.tables["machines"].append({"machine": machine, "count": max(1, round(count)), "hours": round(hours, 6)})
    if without:
        made.notes.append(
            f"input.resource: no calendar says when {', '.join(without)} work; {USUAL_HOURS:g} hours a week are taken, where "
            "frePPLe takes 168"
        )
    if differ:
        made.notes.append(
            f"input.calendar: hours are those of the usual week; weeks of the year from {week} with other hours: "
            f"{', '.join(differ)}"
        )
    made.tables["calendar"] = list(_closures(special, calendars, week, made.today))
    _count_calendars(models, taken, week, made)


def _count_calendars(models: dict[str, list[Row]], taken: set[str | None], week: date, made: Translation) -> None:
    for row in models["input.calendar"]:
        made.keep_if("input.calendar", "" if row["name"] in taken else "says the hours of no machine that is used")
    until = week + YEAR_WEEKS * WEEK
    for row in models["input.calendarbucket"]:
        reason = "" if row["calendar"] in taken else "of calendars that are not carried over"
        first, last = row["startdate"] or EVER, row["enddate"] or NEVER
        if not reason and (first.date() >= until or last.date() <= week):
            reason = f"in effect only outside of the year from {week}"
        made.keep_if("input.calendarbucket", reason)


def _usual_week(level: tuple[list[Row], float], when: list[tuple[list[Row], float]], week: date) -> tuple[float, float, int]:
    """Return the most frequent hours a week (all machines), the most machines at once, and how many weeks differ."""
    hours: Counter[float] = Counter()
    most = 0.0
    for number in range(YEAR_WEEKS):
        total = 0.0
        for day in range(7):
            today = week + number * WEEK + timedelta(days=day)
            cuts = sorted({0.0, DAY_HOURS, *(cut for rows, _ in (level, *when) for row in rows for cut in _cuts(row, today))})
            for start, end in zip(cuts, cuts[1:], strict=False):
                at = datetime.combine(today, time()) + timedelta(hours=(start + end) / 2)
                size = max(_value(*level, at), 0.0)
                most = max(most, size)
                total += size * (end - start) * all(_value(*calendar, at) > 0 for calendar in when)
        hours[round(total, 6)] += 1
    usual = max(hours, key=lambda each: (hours[each], each))
    return usual, most, YEAR_WEEKS - hours[usual]


def _cuts(bucket: Row, day: date) -> Iterator[float]:
    """Yield the hours of the day at which a bucket may begin or end."""
    yield from (hour for hour in (bucket["starttime"], bucket["endtime"]) if hour is not None)
    for edge in (bucket["startdate"], bucket["enddate"]):
        if edge is not None and edge.date() == day:
            yield (edge.hour * 3600 + edge.minute * 60 + edge.second) / HOUR


def _value(buckets: list[Row], default: float, at: datetime) -> float:
    """Return a calendar's value at a moment: that of the bucket in effect with the lowest priority number."""
    hour = at.hour + at.minute / 60 + at.second / HOUR
    for row in buckets:
        inside = (row["startdate"] or EVER) <= at < (row["enddate"] or NEVER)
        on_time = _or(row["starttime"], 0.0) <= hour < _or(row["endtime"], DAY_HOURS)
        if inside and on_time and _or(row[WEEKDAYS[at.weekday()]], True):  # noqa: FBT003  the field's default
            return float(_or(row["value"], 0.0))
    return default


def _closures(names: Iterable[str], calendars: dict[str, Any], week: date, today: date) -> Iterator[Row]:
    """Yield the days of the coming year on which a site's calendar closes it for a while."""
    days: dict[date, str] = {}
    for name in names:
        for row in calendars[name][0]:
            if row["startdate"] is None or row["enddate"] is None or _or(row["value"], 0.0) > 0:
                continue
            length = (row["enddate"] - row["startdate"]).days
            for number in range(length if length <= SPECIAL_DAYS else 0):
                day = row["startdate"].date() + timedelta(days=number)
                noon = datetime.combine(day, time(12))
                if today <= day < week + YEAR_WEEKS * WEEK and _value(*calendars[name], noon) <= 0:
                    days.setdefault(day, f"closed ({name})")
    for day in sorted(days):
        yield {"day": day, "name": days[day], "working": "false"}


def _take_materials(models: dict[str, list[Row]], ways: _Ways, made: Translation) -> None:
    """Take what is bought: components and products that no operation makes, from the preferred supplier."""
    items = {row["name"]: row for row in models["input.item"]}
    offers: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(models["input.itemsupplier"], key=_rank):
        if _holds(row, made.today):
            offers[row["item"]].append(row)
    active = {row["item"] for row in (*made.tables["bom"], *made.tables["routing"])}
    parts = list(dict.fromkeys(row["component"] for row in made.tables["bom"]))
    sold = list(dict.fromkeys(row["product"] for row in made.tables["orders"]))
    made.tables["materials"] = rows = []
    taken, nobody, free = set(), [], []
    for item in dict.fromkeys([*parts, *sold]):
        offer = _offer(item, offers, items)
        if item in active or (offer is None and item not in parts):
            continue
        cost = (offer or {}).get("cost") or items.get(item, {}).get("cost")
        if offer is None:
            nobody.append(item)
        else:
            taken.add(id(offer))
        if not cost:
            free.append(item)
        lead = math.ceil(((offer or {}).get("leadtime") or 0.0) / WEEK_SECONDS)
        minimum = (offer or {}).get("sizeminimum")
        name = items.get(item, {}).get("description")
        rows.append({"material": item, "name": name, "unit_cost": cost or 0.0, "lead_weeks": lead, "minimum_order": minimum})
    for row in models["input.itemsupplier"]:
        reason = "further suppliers, or items nobody needs: each material has its preferred supplier"
        if row["item"] in active:
            reason = "items that are made are not bought as well"
        made.keep_if("input.itemsupplier", "" if id(row) in taken else reason)
    if nobody:
        made.notes.append(
            f"materials: nobody supplies {', '.join(nobody)}; taken as bought at the item's cost without lead time"
        )
    if free:
        made.notes.append(f"materials: {', '.join(free)} have no cost and are taken as free")


def _take_products(models: dict[str, list[Row]], ways: _Ways, made: Translation) -> None:
    """Take the items that are sold; an item's cost is its price, what goes into it is its cost."""
    items = {row["name"]: row for row in models["input.item"]}
    sold = dict.fromkeys(row["product"] for row in made.tables["orders"])
    firm = {row["product"] for row in made.tables["orders"] if row["due"] is not None}
    costs = _costs(models, made)
    made.tables["products"] = rows = []
    for name in sold:
        item = items.get(name, dict.fromkeys(SCHEMA["input.item"]))
        first = ways.steps.get(name, [{}])[0]
        rows.append({
            "product": name, "name": item["description"] or name, "category": item["category"] or "all",
            "type": item["subcategory"], "unit_price": item["cost"], "unit_cost": costs.get(name),

        })  # fmt: skip
    named = {n for row in made.tables["bom"] for n in (row["item"], row["component"])} | sold.keys()
    named |= {row["material"] for row in made.tables["materials"]}
    for row in models["input.item"]:
        made.keep_if(
            "input.item", "" if row["name"] in named else "neither sold nor part of a bill; groups of items are not known"
        )
    made.notes.append("products: the cost of an item that is sold is taken as its price; its unit cost is what its materials and "
                      "resources cost, where they do")  # fmt: skip
    losing = [row["product"] for row in rows if row["unit_price"] and (row["unit_cost"] or 0) >= row["unit_price"]]
    if losing:
        made.notes.append(f"products: {', '.join(losing)} cost no less than their price, so plans will not make them for stock")
    unpriced = [row["product"] for row in rows if not row["unit_price"]]
    if unpriced:
        made.notes.append(
            f"products: {', '.join(unpriced)} have no cost to take as a price and are not planned; put unit_price"
        )
    lots = sum(bool(max(steps[0]["sizeminimum"] or 0, steps[0]["sizemultiple"] or 0) > 1) for item, steps in ways.steps.items()
               if item not in sold)  # fmt: skip
    if lots:
        made.notes.append(f"input.operation: lot sizes of {lots} components are not kept; only lots of products have rules")


def _costs(models: dict[str, list[Row]], made: Translation) -> dict[str, float]:
    """Return what one unit takes in materials and, where resources have a cost, in hours; items of known cost only."""
    an_hour = {row["name"]: row["cost"] or 0.0 for row in models["input.resource"]}
    costs: dict[str, float] = {row["material"]: row["unit_cost"] for row in made.tables["materials"] if row["unit_cost"]}
    parts: dict[str, list[Row]] = defaultdict(list)
    for row in made.tables["bom"]:
        parts[row["item"]].append(row)
    hours: Counter[str] = Counter()
    for row in made.tables["routing"]:
        hours[row["item"]] += row["hours"] * an_hour[row["machine"]]
    try:
        order = list(
            TopologicalSorter({item: [row["component"] for row in rows] for item, rows in parts.items()}).static_order()
        )
    except CycleError:
        return costs  # convert refuses it, naming the items
    for item in order:
        if parts[item] and all(row["component"] in costs for row in parts[item]):
            costs[item] = round(sum(row["quantity"] * costs[row["component"]] for row in parts[item]) + hours[item], 6)
    return costs


def _take_stock(models: dict[str, list[Row]], ways: _Ways, made: Translation) -> None:
    day = made.today - timedelta(days=1)
    onhand: Counter[tuple[str, str]] = Counter()
    for row in models["input.buffer"]:
        if made.keep_if("input.buffer", "stock below 0" if _or(row["onhand"], 0.0) < 0 else ""):
            onhand[row["item"], row["location"] or "all"] += _or(row["onhand"], 0.0)
    made.tables["stock"] = [{"item": item, "region": at, "day": day, "units": units} for (item, at), units in onhand.items()]
    sold = {row["product"] for row in made.tables["products"]}
    inside = [item for (item, _), units in onhand.items() if units and item in ways.steps and item not in sold]
    if inside:
        made.notes.append(
            f"stock: on hand of made components ({', '.join(dict.fromkeys(inside))}) is kept, but plans do not use it"
        )


def _check_loops(bom: list[Row], file: Path) -> None:
    parts: dict[str, set[str]] = defaultdict(set)
    for row in bom:
        parts[row["item"]].add(row["component"])
    try:
        TopologicalSorter(parts).prepare()
    except CycleError as error:
        message = f"{file}: items contain themselves: {' <- '.join(error.args[1])}. Correct input.operationmaterial in frePPLe."
        raise InputError(message) from error


def _or(value: Any, default: Any) -> Any:  # noqa: ANN401  JSON holds anything
    return default if value is None else value


def _only(values: set[str]) -> str | None:
    return next(iter(values)) if len(values) == 1 else None


def _rank(row: Row) -> tuple[bool, float, str]:
    """Return the key of preference: the lowest priority number, and last what has 0, which frePPLe never plans on its own."""
    priority = _or(row["priority"], 1.0)
    return priority == 0, priority, row.get("name") or ""


def _holds(row: Row, today: date) -> bool:
    return (row["effective_start"] or EVER).date() <= today < (row["effective_end"] or NEVER).date()


def _preferred(rows: list[Row], today: date) -> set[int]:
    """Return the rows that hold today and that no alternate (same operation, same name) is preferred to."""
    best: dict[object, Row] = {}
    for row in sorted(rows, key=_rank):
        if _holds(row, today):
            best.setdefault((row["operation"], row["name"]) if row["name"] else id(row), row)
    return {id(row) for row in best.values()}


def _leaves(name: str, members: dict[str, list[str]], seen: set[str]) -> Iterator[str]:
    if name in seen:
        return
    seen.add(name)
    if not members[name]:
        yield name
    for member in members[name]:
        yield from _leaves(member, members, seen)


def _is_limited(resource: Row) -> bool:
    is_plain = (resource["type"] or "default") in {"default", "resource_default"}
    return is_plain and bool(_or(resource["constrained"], True))  # noqa: FBT003  the field's default


def _offer(item: str, offers: dict[str, list[Row]], items: dict[str, Row]) -> Row | None:
    """Return the preferred supplier of an item, or of the nearest group it is in."""
    seen: set[str] = set()
    name: str | None = item
    while name and name not in seen:
        if offers.get(name):
            return offers[name][0]
        seen.add(name)
        name = items.get(name, {}).get("owner")
    return None


def _total(made: Translation, model: str) -> int:
    return made.carried[model] + sum(rows for (of, _), rows in made.left.items() if of == model)


def _write(file: Path, rows: list[Row]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


FROM = {
    "orders": "input.demand: closed ones are history on the day they were due, open ones firm orders with their due date",
    "products": "input.item with demand: cost -> unit_price; unit_cost from materials and resources; lots from input.operation",
    "bom": "input.operationmaterial: what is consumed, for one unit produced",
    "routing": "input.operationresource x input.operation: duration_per -> hours, duration -> setup_hours",
    "machines": "input.resource: capacity x availability in the usual week of the coming year, in hours",
    "materials": "input.itemsupplier: leadtime -> lead_weeks (rounded up), sizeminimum -> minimum_order",
    "stock": "input.buffer: onhand -> units; location -> region",
    "calendar": "input.calendarbucket: days on which a site is closed",
}


def _settings(made: Translation, source: str, name: str, lost: list[str]) -> str:
    """Return the text of the project's ``lotwise.toml``."""
    blocks = [
        f"# Made from frePPLe's {json.dumps(source)}. All columns have lotwise's names, so they need no mapping.",
        "# Not carried over, or assumed:",
        *(f"# - {_plain(line)}" for line in lost),
        "",
        "[project]",
        f"name = {json.dumps(name)}",
        f"currency = {json.dumps(made.currency)} # of all money; none is converted",
        f"today = {made.today} # frePPLe's current date",
        "",
    ]
    for table, meaning in FROM.items():
        if made.tables[table]:
            blocks += [f"# {meaning}", "[[collect]]", f'table = "{table}"', f'files = "{table}.csv"', ""]
    blocks += [
        "[forecast]",
        f"horizon = {made.horizon} # weeks; reaches the last open order where 26 weeks do",
        f"cutoffs = {made.cutoffs} # past plans that are settled; the history allows no more",
        "products = 0 # all of them",
        "",
        "[plan]",
        f"weeks = {made.horizon}",
        'unserved = "lost" # frePPLe delivers late instead: "backorder"',
        "",
    ]
    return "\n".join(blocks)


def _plain(line: str) -> str:
    """Return a line that cannot end the comment it stands in."""
    return "".join(sign if sign.isprintable() else " " for sign in line)
