"""What each run left, and why a ledger differs from the one before."""

from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.gap.cells import ACCOUNTS
from lotwise.gap.history import CAUSES, changes, history
from lotwise.gap.value import Value
from lotwise.tables.ledger import GAP, GAP_CELLS, GAP_CHANGES, GAP_HISTORY
from lotwise.tables.recorded import RUNS

FIRST = date(2026, 1, 5)
GAVE = {
    "collect": ("sources",),
    "guard": ("findings",),
    "pool": ("demand", "economics", "promotions"),
    "forecast": ("forecast",),
}
STAGES = (*GAVE, "plan", "gap")


def monday(number):
    """Return the Monday of a week."""
    return FIRST + timedelta(days=7 * number)


def cells(rows):
    """Return ``gap_cells`` from (product, region, week number, cents of ideal, unknown, unmade, undone)."""
    whole = []
    for product, region, week, *cents in rows:
        cents.append(cents[0] - sum(cents[1:]))
        money = dict(zip(ACCOUNTS, (amount / 100 for amount in cents), strict=True))
        whole.append({"product": product, "region": region, "week": monday(week)} | money)
    return GAP_CELLS.check(pa.Table.from_pylist(whole, schema=GAP_CELLS.schema))


def ledger(money, line="profit as it was"):
    """Return ``gap`` with one line."""
    row = {"order": 1, "account": "actual", "line": line, "money": money, "verdict": "", "counted": False, "note": ""}
    return pa.Table.from_pylist([row], schema=GAP.schema)


def value(products=2, weeks=3):
    """Return a grid of so many products and weeks."""
    mondays = np.datetime64(FIRST) + 7 * np.arange(weeks)
    return Value(tuple(f"p{place}" for place in range(products)), mondays, mondays, {})


def ran(*runs):
    """Return ``runs``: for each run the stages that ran, each with what changed in it, as 'settings' or a table's name."""
    rows, state = [], {stage: {"settings": 0, "code": 0} | dict.fromkeys(GAVE.get(stage, (stage,)), 0) for stage in STAGES}
    for number, changed in enumerate(runs, start=1):
        for stage, parts in changed.items():
            for part in parts:
                state[stage][part] = state[stage].get(part, 0) + 1
            hashes = {name: f"{stage}{count}" for name, count in state[stage].items()}
            settings, code = hashes.pop("settings"), hashes.pop("code")
            gave = " ".join(f"{name}:{found}" for name, found in sorted(hashes.items()))
            rows.append(
                {"run": number, "stage": stage, "started": datetime(2026, 1, 5), "seconds": 1.0, "peak_mb": 1.0, "rows": 1}  # noqa: DTZ001  UTC
                | {"seed": 1, "settings": settings, "inputs": "", "code": code, "gave": gave}
            )
    return RUNS.check(pa.Table.from_pylist(rows, schema=RUNS.schema))


ALL = dict.fromkeys(STAGES, ())
BEFORE = history(None, ledger(1.0), value(), 1)


def test_two_runs_by_hand():
    """Week 0 went, week 2 came, product q went, s came, and p's week 1 was settled anew.

    ideal of run 1: 1.00 + 2.00 (p, weeks 0 and 1) + .10 + .20 (q); of run 2: 2.50 + 4.00 (p, weeks 1, 2) + .30 + .40
    (s): came 4.00 + .40 with the week and .30 with the product, went 1.00 + .10 and .20, anew 2.50 - 2.00; the
    sum 4.40 - 1.10 + .30 - .20 + .50 = 3.90 = 7.20 - 3.30.
    """
    old = cells(
        [("p", "a", 0, 100, 0, 0, 0), ("p", "a", 1, 200, 50, 0, 0), ("q", "a", 0, 10, 0, 0, 0), ("q", "a", 1, 20, 0, 0, 0)]
    )
    new = cells(
        [("p", "a", 1, 250, 50, 1, 0), ("p", "a", 2, 400, 0, 0, 0), ("s", "a", 1, 30, 0, 0, 0), ("s", "a", 2, 40, 0, 0, 0)]
    )
    found = GAP_CHANGES.check(changes(new, old, BEFORE, ran(ALL, {"pool": ("demand",)}), 2)).to_pylist()
    by_account = {account: {row["cause"]: row["money"] for row in found if row["account"] == account} for account in ACCOUNTS}
    assert by_account["ideal"] == dict(zip(CAUSES, (4.4, -1.1, 0.3, -0.2, 0.5), strict=True))
    assert by_account["unmade"] == {"settled anew": 0.01}
    assert by_account["unknown"] == by_account["undone"] == {}
    notes = {row["cause"]: row["note"] for row in found}
    assert notes["weeks that came"] == "1 week: 2026-01-19. Behind it: tables: demand changed."
    assert notes["products that went"] == "1 product: q. Behind it: tables: demand changed."
    assert {row["since"] for row in found} == {1}


def test_only_a_changed_price_is_settled_anew():
    """The same cells at another price: one cause, and the note names the settings of pool and what it gave."""
    old, new = (cells([("p", "a", week, ideal, 10, 0, 0) for week in range(3)]) for ideal in (100, 110))
    runs = ran(ALL, {"pool": ("settings", "economics"), "forecast": ("forecast",), "plan": ("money",), "gap": ()})
    found = changes(new, old, BEFORE, runs, 2).to_pylist()
    assert [(row["account"], row["cause"], row["money"]) for row in found] == [
        ("ideal", "settled anew", 0.3),
        ("actual", "settled anew", 0.3),
    ]
    assert found[0]["note"] == "Behind it: settings of pool changed; tables: economics changed."


@pytest.mark.parametrize(
    ("later", "note"),
    [
        ([{"plan": ("settings", "money")}], "Behind it: settings of plan changed."),
        ([{"forecast": ("code", "forecast"), "plan": ("money",)}], "Behind it: code of forecast changed."),
        ([{"pool": ("demand", "promotions")}], "Behind it: tables: demand, promotions changed."),
        ([{"pool": ("weather",), "plan": ("code",)}], "Behind it: code of plan changed; tables: weather changed."),
        ([{"plan": ("settings",)}, {"pool": ()}], "Behind it: settings of plan changed."),  # gap did not run in between
        ([{"plan": ("money",)}], "Behind it: tables: money changed."),  # nothing else explains it
        ([{"plan": ()}], "No stage before changed: settings or code of gap did."),
        ([{}], "No stage before changed: settings or code of gap did."),
    ],
)
def test_the_note_names_what_is_behind(later, note):
    """Settings, code and facts that changed since the last ledger are named, not those changed earlier."""
    old, new = (cells([("p", "a", 0, ideal, 0, 0, 0)]) for ideal in (100, 110))
    runs = ran({**ALL, "forecast": ("code",)}, {**ALL, "plan": ("code",)}, *later)
    second = history(None, ledger(1.0), value(), 2)
    assert set(changes(new, old, second, runs, 2 + len(later))["note"].to_pylist()) == {note}


def test_the_first_run_and_an_unchanged_one_have_no_row():
    """Nothing to compare with, or nothing changed, or the ledger of this same run: no row."""
    now = cells([("p", "a", 0, 100, 1, 2, 3)])
    assert changes(now, None, None, ran(ALL), 1).num_rows == 0
    assert changes(now, None, GAP_HISTORY.empty(), None, 1).num_rows == 0
    assert changes(now, now, BEFORE, ran(ALL, ALL), 2).equals(GAP_CHANGES.empty())
    assert changes(now, cells([]), BEFORE, ran(ALL), 1).num_rows == 0


def test_a_ledger_after_one_without_weeks_has_weeks_that_came():
    """Where the last run settled nothing, all money came with its weeks."""
    found = changes(cells([("p", "a", 0, 100, 1, 2, 3)]), cells([]), BEFORE, None, 2).to_pylist()
    assert [(row["account"], row["money"]) for row in found] == list(zip(ACCOUNTS, (1.0, 0.01, 0.02, 0.03, 0.94), strict=True))
    assert {(row["cause"], row["note"]) for row in found} == {("weeks that came", "1 week: 2026-01-05.")}


def test_many_products_and_weeks_are_counted_and_some_named():
    """Weeks are named by the first and the last, products by the first three."""
    old = cells([("p", "a", 0, 100, 0, 0, 0)])
    rows = [("p", "a", week, 100, 0, 0, 0) for week in range(4)] + [(f"q{place}", "a", 0, 1, 0, 0, 0) for place in range(5)]
    notes = {row["cause"]: row["note"] for row in changes(cells(rows), old, BEFORE, None, 2).to_pylist()}
    assert notes == {
        "weeks that came": "3 weeks: 2026-01-12 to 2026-01-26.",
        "products that came": "5 products: q0, q1, q2 and 2 more.",
    }


keys = st.tuples(st.sampled_from("pqs"), st.sampled_from("ab"), st.integers(0, 3))
sheets = st.dictionaries(keys, st.tuples(*[st.integers(-(10**6), 10**6)] * 4), max_size=20)


@settings(deadline=None, max_examples=80)
@given(sheets, sheets)
def test_causes_add_up_to_the_change_of_each_account(old, new):
    """In cents, whichever cells came, went or changed; and the way back is the same with the sign turned."""
    before, after = (cells([(*key, *cents) for key, cents in sheet.items()]) for sheet in (old, new))
    found = GAP_CHANGES.check(changes(after, before, BEFORE, None, 2)).to_pylist()
    back = GAP_CHANGES.check(changes(before, after, BEFORE, None, 2)).to_pylist()
    for account in ACCOUNTS:
        moved = sum(round(row["money"] * 100) for row in found if row["account"] == account)
        sums = [round(sum(round(cell * 100) for cell in sheet[account].to_pylist())) for sheet in (after, before)]
        assert moved == sums[0] - sums[1]
        assert moved == -sum(round(row["money"] * 100) for row in back if row["account"] == account)


def test_runs_stand_one_after_another():
    """A run's lines follow those before, with the weeks and products they rest on; the same run is replaced."""
    both = GAP_HISTORY.check(history(BEFORE, ledger(2.0), value(5, 4), 3))
    again = history(both, ledger(2.5), value(5, 4), 3)
    assert [(row["run"], row["money"], row["weeks"], row["products"]) for row in again.to_pylist()] == [
        (1, 1, 3, 2),
        (3, 2.5, 4, 5),
    ]
    assert again["last"].to_pylist() == [monday(2), monday(3)]


def test_a_run_without_weeks_is_kept_without_a_last_week():
    """Lines not measured yet stand with no money and no week."""
    row = GAP_HISTORY.check(history(None, ledger(None), value(0, 0), 1)).to_pylist()[0]
    assert (row["money"], row["weeks"], row["last"], row["products"]) == (None, 0, None, 0)


def test_the_last_sixty_runs_are_kept():
    """After 70 runs, 11 to 70 stand, in order."""
    kept = None
    for run in range(1, 71):
        kept = history(kept, ledger(float(run)), value(), run)
    assert kept["run"].to_pylist() == list(range(11, 71))
