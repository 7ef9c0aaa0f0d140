"""Tests of promises as people read them."""

from __future__ import annotations

import io
from datetime import date, datetime

import numpy as np
import pyarrow as pa

from lotwise.console.promises import promise_json, promised, reserved
from lotwise.plan.promising.alternatives import Alternative
from lotwise.plan.promising.program import Exact
from lotwise.plan.promising.promised import Promise
from lotwise.tables import contract

WEEKS = (date(2024, 1, 1), date(2024, 1, 8))
FOUND = Promise(
    "chair", (("wood", "oak"),), 4.0, "north", WEEKS[1], date(2024, 1, 12), date(2024, 1, 12), date(2024, 1, 14), 80.0, 200.0,
    "'saw' has no hours left in the week of 2024-01-01.", (0.0, 4.0),
)  # fmt: skip
NEVER = Promise("chair", (), 9.0, "all", None, None, None, None, None, 450.0, "'saw' is full.", (0.0, 4.0), date(2024, 1, 19))
NOON = datetime(2024, 1, 1, 12)  # noqa: DTZ001  the project's own time
EXACT = Exact(earliest=0, earliest_cost=95.0, cost=82.0)


def shown(found, *others, exact=None, by=None):
    """Return the screen of a promise."""
    stream = io.StringIO()
    promised(found, others, exact, weeks=WEEKS, by=by, currency="EUR", stream=stream)
    return stream.getvalue()


def test_a_promise_says_when_what_it_costs_and_what_binds():
    """Four chairs at 80 of 200: a margin of 120 or 60 %, two days after they were wanted, and the sooner alternative."""
    text = shown(FOUND, Alternative("split", 1.0, date(2024, 1, 5)), by=date(2024, 1, 10))
    assert text.splitlines() == [
        "4 chair, wood oak to north: by 2024-01-12, 2 days after 2024-01-10.",
        "Of such promises half were kept by 2024-01-12, nine in ten by 2024-01-14.",
        "Cost 80.00, revenue 200.00, margin 120.00 EUR (60%).",
        "What binds: 'saw' has no hours left in the week of 2024-01-01.",
        "Or: 1 by 2024-01-05, the other 3 by 2024-01-12.",
    ]


def test_beyond_the_weeks_there_is_an_estimate_and_no_promise():
    """What cannot be promised names the weeks planned, and what could be had of it."""
    text = shown(NEVER, Alternative("fewer", 4.0, date(2024, 1, 12)))
    assert "not within the 2 planned weeks, which end in that of 2024-01-08. About 2024-01-19, as an estimate" in text
    assert "Or: 4 by 2024-01-12." in text


def test_the_program_says_what_a_week_earlier_would_cost():
    """Solved again it costs 82, and 95 a week earlier, if the forecast gave way; an object says the same."""
    text = " ".join(shown(FOUND, exact=EXACT).split())
    assert "Solved again: cost 82.00 EUR in that week. The week of 2024-01-01 could take it at a cost of 95.00 EUR" in text
    row = promise_json(FOUND, EXACT, WEEKS)
    assert (row["exact_cost"], row["earliest_week"], row["options"]) == (82.0, WEEKS[0], {"wood": "oak"})
    assert promise_json(NEVER, Exact(-1, np.nan, np.nan), WEEKS)["earliest_week"] is None


def test_what_is_reserved_is_listed_the_soonest_first():
    """Those let go are left out unless asked for."""
    row = {
        "product": "chair", "options": "", "region": "all", "units": 2.0, "week": WEEKS[0], "cost": 40.0,
        "made": NOON, "expires": None, "order": None,
    }  # fmt: skip
    rows = [
        row | {"reservation": "1", "day": date(2024, 1, 12), "status": "held"},
        row | {"reservation": "2", "day": date(2024, 1, 5), "status": "confirmed", "order": "N7"},
        row | {"reservation": "3", "day": date(2024, 1, 5), "status": "released"},
    ]
    table = pa.Table.from_pylist(rows, schema=contract("reservations").schema)
    for everything, count in ((False, 2), (True, 3)):
        stream = io.StringIO()
        reserved(table, everything=everything, currency="EUR", stream=stream)
        lines = [line.split()[0] for line in stream.getvalue().splitlines() if line.strip()[:1].isdigit()]
        assert len(lines) == count
        assert lines[0] == "2"
