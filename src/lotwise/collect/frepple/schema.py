"""What frePPLe's fixture holds: its models, the fields that are read and what each field holds."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]
"""One row of a model or of a table: field -> value."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
TECHNICAL = {"lft", "rght", "lvl", "source", "lastmodified", "id", "plan"}
"""Fields that frePPLe keeps for itself."""
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
