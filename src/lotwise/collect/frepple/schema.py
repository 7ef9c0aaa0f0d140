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
        "duration_per": "seconds", "posttime": "seconds", "sizeminimum": "number", "sizemultiple": "number",
        "sizemaximum": "number", "cost": "number", "location": "text", **EFFECTIVE,
    },
    "input.operationmaterial": {
        "operation": "text!", "item": "text!", "quantity": "number", "quantity_fixed": "number", "type": "text",
        "name": "text", "priority": "number", **EFFECTIVE,
    },
    "input.operationresource": {"operation": "text!", "resource": "text!", "quantity": "number", "name": "text",
                                "priority": "number", "setup": "text", "skill": "text", **EFFECTIVE},
    "input.skill": {"name": "text!"},
    "input.resourceskill": {"resource": "text!", "skill": "text!", "priority": "number", **EFFECTIVE},
    "input.resource": {
        "name": "text!", "description": "text", "type": "text", "maximum": "number", "maximum_calendar": "text",
        "available": "text", "location": "text", "owner": "text", "cost": "number", "efficiency": "number",
        "constrained": "flag", "setupmatrix": "text",
    },
    "input.setupmatrix": {"name": "text!"},
    "input.setuprule": {"setupmatrix": "text!", "fromsetup": "text", "tosetup": "text", "duration": "seconds",
                        "cost": "number", "priority": "number"},
    "input.buffer": {"item": "text!", "location": "text", "onhand": "number", "minimum": "number"},
    "input.supplier": {"name": "text!"},
    "input.itemsupplier": {
        "item": "text!", "supplier": "text", "location": "text", "leadtime": "seconds", "sizeminimum": "number",
        "sizemultiple": "number", "sizemaximum": "number", "cost": "number", "priority": "number", **EFFECTIVE,
    },
    "input.itemdistribution": {
        "item": "text", "location": "text", "origin": "text!", "leadtime": "seconds", "sizeminimum": "number",
        "sizemultiple": "number", "cost": "number", "priority": "number", **EFFECTIVE,
    },
    "input.demand": {"name": "text!", "item": "text!", "due": "moment!", "quantity": "number", "status": "text",
                     "customer": "text", "location": "text", "priority": "number", "maxlateness": "seconds",
                     "minshipment": "number"},
    "input.operationplan": {
        "reference": "text", "name": "text", "type": "text", "status": "text", "quantity": "number", "startdate": "moment",
        "enddate": "moment", "operation": "text", "item": "text", "location": "text", "destination": "text",
    },
}  # fmt: skip
"""Model -> field -> what it holds; ``!`` where a row without it says nothing."""
