"""A frePPLe model as a translation: today and the currency first, then each part after those that it needs."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from lotwise.collect.frepple.items import take_products
from lotwise.collect.frepple.machines import limited_resources, take_resources
from lotwise.collect.frepple.operations import take_bom, take_operations
from lotwise.collect.frepple.orders import take_orders
from lotwise.collect.frepple.reading import moment
from lotwise.collect.frepple.receipts import CONSUMES, take_receipts, take_stock
from lotwise.collect.frepple.schema import SCHEMA
from lotwise.collect.frepple.setups import take_setups
from lotwise.collect.frepple.shifts import take_shifts
from lotwise.collect.frepple.sites import find_places, take_sites
from lotwise.collect.frepple.suppliers import take_materials
from lotwise.collect.frepple.tools import take_tools
from lotwise.collect.frepple.translation import Translation

if TYPE_CHECKING:
    from collections import Counter

    from lotwise.collect.frepple.schema import Row

CURRENCIES = {"$": "USD", "€": "EUR", "£": "GBP"}


def translate(models: dict[str, list[Row]], unread: Counter[tuple[str, str]] | None = None) -> Translation:
    """Return the rows of ``read`` as tables of ours."""
    made = Translation()
    for model in models.keys() - SCHEMA.keys():
        if models[model]:
            made.left[model, "model not understood"] = len(models[model])
    _take_parameters(models, made)
    take_orders(models, made)
    limited = limited_resources(models["input.resource"])
    ways = take_operations(models, limited, made)
    take_bom(models, ways, made)
    loads = take_resources(models, ways, limited, made)
    take_shifts(models, made)
    take_tools(models, ways, loads, made)
    take_setups(models, ways, made)
    take_materials(models, ways, made)
    take_products(models, ways, made)
    places = find_places(models, made)
    take_sites(models, ways, places, made)
    take_stock(models, places, made)
    take_receipts(models, ways, places, made)
    for model in sorted({model for model, _ in unread or ()}):
        names = ", ".join(f"{name} ({rows})" for (of, name), rows in sorted((unread or {}).items()) if of == model)
        made.notes.append(f"{model}: no column takes these fields (rows that fill them): {names}")
    return made


def _take_parameters(models: dict[str, list[Row]], made: Translation) -> None:
    told = {row["name"]: row["value"] or "" for row in models["common.parameter"]}
    for row in models["common.parameter"]:
        made.keep_if(
            "common.parameter", "" if row["name"] in {"currentdate", "currency", CONSUMES} else "settings of frePPLe's own"
        )
    try:
        made.today = moment(told["currentdate"]).date()
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
