"""Where a line is from, and the ledger added up again from the table ``money`` alone."""

from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.gap.trace import check, terms, trace
from lotwise.tables.ledger import GAP
from lotwise.tables.recorded import RUNS

PROFITS = {
    "ideal": [[300.0, 80.0], [100.0, 100.0]],
    "perfect": [[250.0, 70.0], [100.0, 90.0]],
    "now": [[240.0, 72.0], [80.0, 90.0]],
    "none": [[200.0, 56.0], [70.0, 85.0]],
}
SHA = "0123456789abcdef" * 4


def lines(*rows):
    """Return ``gap`` from (account, line, money, formula)."""
    blank = {"verdict": "", "note": ""}
    whole = [
        blank
        | {"order": place, "counted": row[0] in {"unknown", "unmade"}}
        | dict(zip(("account", "line", "money", "formula"), row, strict=True))
        for place, row in enumerate(rows, start=1)
    ]
    return GAP.check(pa.Table.from_pylist(whole, schema=GAP.schema))


def ran(*rows):
    """Return ``runs`` from (run, stage, gave)."""
    blank = {"started": datetime(2026, 1, 5), "seconds": 1.0, "peak_mb": 1.0, "rows": 1, "seed": 7, "settings": SHA}  # noqa: DTZ001  UTC
    keys = ("run", "stage", "gave")
    whole = [blank | {"inputs": SHA[::-1], "code": "c" * 64} | dict(zip(keys, row, strict=True)) for row in rows]
    return RUNS.check(pa.Table.from_pylist(whole, schema=RUNS.schema))


UNKNOWN = ("unknown", "not known in time", 28.0, "V(perfect) - V(now)")  # 510 - 482


def test_a_line_is_traced_to_its_states_and_its_run(build):
    """Worked by hand: V(perfect) = 250 + 70 + 100 + 90 = 510, V(now) = 482; p1 has 20 of the 28, the first week 30."""
    runs = ran((1, "plan", "money:aaa"), (2, "plan", "money:0123456789ab plans:b"), (2, "gap", "gap:cafe gap_cells:d"))
    gap = lines(UNKNOWN)
    found = [tuple(fact.values()) for fact in trace(gap.to_pylist()[0], gap, build.money(PROFITS), runs)]
    hashes = "settings 0123456789ab, inputs fedcba987654, code cccccccccccc"
    assert found == [
        ("formula", "not known in time", None, "V(perfect) - V(now)"),
        ("state", "V(perfect)", 510.0, "added"),
        ("state", "V(now)", 482.0, "taken off"),
        ("difference", "not known in time", 28.0, "printed 28.00"),
        ("stage", "plan", None, f"run 2, seed 7, {hashes}"),
        ("stage", "gap", None, f"run 2, seed 7, {hashes}"),
        ("table", "money", None, "0123456789ab"),
        ("table", "gap", None, "cafe"),
        ("product", "p1", 20.0, ""),
        ("product", "p0", 8.0, ""),
        ("week", "2026-01-05", 30.0, ""),
        ("week", "2026-01-12", -2.0, ""),
    ]


def test_the_largest_come_first_and_at_most_five(build):
    """Of nine products the five farthest from 0 are named, to either side, equals by name."""
    apart = np.array([[1.0], [-9.0], [3.0], [3.0], [0.0], [-4.0], [2.0], [8.0], [-3.0]])
    money = build.money({"ideal": apart, "perfect": apart, "now": 0 * apart})
    facts = trace(lines(UNKNOWN).to_pylist()[0], lines(UNKNOWN), money, ran())
    assert [(fact["name"], fact["money"]) for fact in facts if fact["kind"] == "product"] == [
        ("p1", -9.0),
        ("p7", 8.0),
        ("p5", -4.0),
        ("p2", 3.0),
        ("p3", 3.0),
    ]


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        (None, "no difference of states: see the line's note"),
        ("sum of w V(S)", "sum of w V(S): this formula cannot be read; expected V(STATE) - V(STATE)"),
        ("V(now-weather)", "V(now-weather): 'now-weather' is not settled in 4 of 4 product-weeks"),
    ],
)
def test_a_line_without_a_formula_says_so(build, formula, said):
    """What cannot be added up is said in words, and the run stands all the same."""
    gap = lines(("known", "weather", 1.0, formula))
    facts = trace(gap.to_pylist()[0], gap, build.money(PROFITS), ran())
    assert [(fact["kind"], fact["text"]) for fact in facts] == [
        ("formula", said),
        ("stage", "no run is recorded"),
        ("stage", "no run is recorded"),
    ]


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("V(ideal)", [(1, "ideal")]),
        ("V(a) - V(b) + V(c)", [(1, "a"), (-1, "b"), (1, "c")]),
        ("-V(a)+V(b)", [(-1, "a"), (1, "b")]),
        (
            "V(with-prices + own past) - V(upto-promotions (mail) - late)",
            [(1, "with-prices + own past"), (-1, "upto-promotions (mail) - late")],
        ),
        ("V(a) V(b)", None),
        ("0.25 V(a) - 1e-3 V(b) - L(solver's own gap)", [(0.25, "a"), (-0.001, "b"), (-1, "solver's own gap")]),
        ("1.2.3 V(a)", None),
        ("V(a) - ", None),
        ("V((a)", None),
        ("", None),
    ],
)
def test_formulas_are_read_or_refused(formula, found):
    """Signs and names come out, whatever stands in a name; anything but signed states is refused."""
    read = terms(formula)
    assert (None if read is None else [(term.weight, term.name) for term in read]) == found
    assert not read or [term.is_line for term in read] == [f"L({term.name})" in formula for term in read]


def test_the_ledger_added_up_again_agrees(build):
    """Every line with a formula comes to what is printed; lines without one, or without money, are passed over."""
    rows = [
        ("ideal", "ideal", 580.0, "V(ideal)"),
        ("unmade", "lots", 70.0, "V(ideal) - V(perfect)"),
        UNKNOWN,
        ("actual", "actual", 482.0, "V(now)"),
        ("known", "base", 99.0, "V(perfect) - V(none)"),
        ("known", "all", 71.0, "V(now) - V(none)"),
        ("known", "Shapley", 3.0, None),
        ("known", "not measured", None, "V(never)"),
    ]
    found = check(lines(*rows), build.money(PROFITS))
    sums = [("ideal - unknown - unmade - undone", 482.0), ("all limits", 70.0)]  # 580 - 28 - 70
    assert [(row["line"], row["again"]) for row in found] == [(row[1], row[2]) for row in rows[:6]] + sums
    assert all(row["agrees"] and not row["note"] for row in found)


@pytest.mark.parametrize(
    ("line", "agrees", "note"),
    [
        (("unknown", "u", 28.01, "V(perfect) - V(now)"), True, ""),  # a cent of apportionment
        (("unknown", "u", 28.02, "V(perfect) - V(now)"), False, "printed is +0.02 from it"),
        (("known", "k", 28.03, "V(perfect) - V(now)"), True, ""),
        (("known", "k", 27.96, "V(perfect) - V(now)"), False, "printed is -0.04 from it"),
        (("known", "k", 28.0, "V(perfect) - V(upto-x)"), False, "'upto-x' is not settled in 4 of 4 product-weeks"),
        (("known", "k", 28.0, "perfect less now"), False, "this formula cannot be read; expected V(STATE) - V(STATE)"),
    ],
)
def test_a_wrong_line_is_found(build, line, agrees, note):
    """Cents of apportionment pass; more, a state never settled, or an unknown formula does not."""
    row = check(lines(line), build.money(PROFITS))[0]
    assert (row["agrees"], row["note"]) == (agrees, note)


def test_only_settled_cells_count_and_the_floor_stands_on_the_plan(build):
    """A cell some essential state lacks counts for none; where the floor reported nothing, the plan stands as made.

    Without p0's first week of now: V(perfect) = 70 + 100 + 90 = 260. The floor reported p1's second week only, 50 instead
    of 90, 10 of it late: V(executed) = 72 + 80 + 50 = 202, V(executed-late) = 72 + 80 + 80 = 232.
    """
    floor = {"executed": [[0.0, 0.0], [0.0, 50.0]], "executed-late": [[0.0, 0.0], [0.0, 80.0]]}
    money = build.money(PROFITS | floor)
    first, last = (money["week"].to_numpy() == np.datetime64(build.week(week)) for week in (0, 1))
    state, product = (money[name].to_numpy(zero_copy_only=False) for name in ("information", "product"))
    silent = np.char.startswith(state.astype(str), "executed") & ~((product == "p1") & last)
    money = money.filter(pa.array(~silent & ~((state == "now") & (product == "p0") & first)))
    formulas = ["V(perfect)", "V(now) - V(executed-late)", "V(executed-late) - V(executed)", "V(executed)"]
    rows = check(lines(*(("undone", formula, 0.0, formula) for formula in formulas)), money)
    assert [row["again"] for row in rows[:4]] == [260.0, 10.0, 30.0, 202.0]


def test_without_settled_weeks_nothing_can_be_added_up(build):
    """An empty money table gives a note, not a crash."""
    row = check(lines(UNKNOWN), build.money(PROFITS).slice(0, 0))[0]
    assert (row["again"], row["agrees"], row["note"]) == (None, False, "no product-week is settled")


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32))
def test_any_ledger_of_differences_agrees_with_itself(build_tables, seed):
    """Whatever the profits, the printed lines are within their cents of what the states say."""
    from lotwise.config import Gap
    from lotwise.gap import measure

    rng = np.random.default_rng(seed)
    states = ("ideal", "perfect", "now", "none", "method", "executed", "placebo")
    profits = {state: rng.normal(scale=rng.choice([0.01, 1, 1e4]), size=(3, 4)) for state in states}
    tables = build_tables(profits, 0.0)
    gap = measure(tables, settings=Gap(resamples=10, block_weeks=2))[0]
    found = check(gap, tables["money"])
    assert [row for row in found if not row["agrees"]] == []


def test_a_line_that_is_a_share_says_where_it_stands(build):
    """A limit's line is a share of the loss of each window, and the table that holds the shares is named."""
    gap = lines(("unmade", "oven", 60.0, None))
    facts = trace(gap.to_pylist()[0], gap, build.money(PROFITS), ran())
    assert facts[0]["text"] == "its share of V(ideal) - V(perfect) in each window: lotwise show limit_values"
