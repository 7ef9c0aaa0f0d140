"""What the loop did: one row for every stage it ran."""

from __future__ import annotations

from lotwise.tables.columns import COUNT, REAL, TEXT, TIME
from lotwise.tables.contract import Column, Table

RUNS = Table(
    "runs",
    "one stage of one run",
    ("run", "stage"),
    (
        Column("run", COUNT, "run number, from 1", low=1),
        Column("stage", TEXT, "stage"),
        Column("started", TIME, "when it started, in UTC"),
        Column("seconds", REAL, "how long it took", "seconds", low=0),
        Column("peak_mb", REAL, "peak memory of the process so far", "megabytes", low=0),
        Column("rows", COUNT, "rows given", "rows", low=0),
        Column("seed", COUNT, "seed"),
        Column("settings", TEXT, "SHA-256 of the settings it read"),
        Column("inputs", TEXT, "SHA-256 of the tables it took"),
        Column("code", TEXT, "SHA-256 of its code"),
        Column("gave", TEXT, "the tables it gave, each with the first 12 digits of its SHA-256"),
    ),
)
