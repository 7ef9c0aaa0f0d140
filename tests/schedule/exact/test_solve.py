"""CP-SAT as users get it: proofs, hints, budgets, and what it says when it cannot."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from lotwise.errors import InputError, MissingPackageError
from lotwise.schedule.check import check
from lotwise.schedule.exact import exact, fits, polish
from lotwise.schedule.jobs import Budget
from lotwise.schedule.shop import Goal
from lotwise.schedule.value import value
from tests.schedule.brute import best, random_schedule
from tests.schedule.shops import make_shop, previous_of, random_shop

ROOT = Path(__file__).parents[3]
FT06 = """2 1 0 3 1 6 3 7 5 3 4 6
1 8 2 5 4 10 5 10 0 10 3 4
2 5 3 4 5 8 0 9 1 1 4 7
1 5 0 5 2 5 3 3 4 8 5 9
2 9 1 3 4 5 5 4 0 3 3 1
1 3 3 3 5 9 0 10 4 4 2 1"""
MAKESPAN = Goal(makespan=1.0, tardiness=0.0)


@pytest.fixture(scope="module")
def ft06():
    """Return the instance of Fisher and Thompson (1963): rows of machine and minutes."""
    rows = [[int(word) for word in line.split()] for line in FT06.splitlines()]
    return make_shop([list(zip(row[::2], row[1::2], strict=True)) for row in rows], goal=MAKESPAN)


def test_small_shops_come_out_as_by_brute_force():
    """Set-ups, calendars, tools, lags, fixed operations and changes: 24 drawn shops, values, bounds and hints agree."""
    command = [sys.executable, "-W", "error", "-m", "tests.schedule.exact.against", "0", "24"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_ft06_is_solved_to_its_known_makespan_and_proved(ft06):
    """The best makespan of ft06 is 55; it is found, proved, and is feasible; every better schedule is told."""
    heard = []
    found = exact(ft06, Budget(moves=200_000), say=lambda _, total: heard.append(total))
    check(ft06, found.schedule)
    assert (found.value.makespan, found.bound, found.method) == (55, 55, "exact")
    assert found.why == "proved by CP-SAT: no schedule is better"
    assert not any(name.startswith("ortools") for name in sys.modules)  # it cannot live beside highspy
    assert heard == sorted(heard, reverse=True) == [total for _, total in found.trace]


def test_the_same_moves_give_the_same_schedule():
    """Without a clock two runs give the same bytes, cut short as they may be."""
    shop = random_shop(np.random.default_rng(5), 5, 3, batches=False, overtime=False)
    begin = random_schedule(shop, np.random.default_rng(1))
    runs = [exact(shop, Budget(moves=5_000, seed=3), begin) for _ in range(2)]
    parts = [[getattr(run.schedule, part).tobytes() for part in ("mode", "start", "end", "behind")] for run in runs]
    assert parts[0] == parts[1]
    assert runs[0].trace == runs[1].trace


def test_a_schedule_to_begin_with_is_never_made_worse():
    """With next to no time what is given comes back, or something better."""
    rng = np.random.default_rng(8)
    shop = random_shop(rng, 5, 3, batches=False, overtime=False)
    begin = random_schedule(shop, rng)
    found = exact(shop, Budget(seconds=0.05), begin)
    assert found.value.total <= value(shop, begin).total
    assert found.bound <= found.value.total


def test_orders_keep_one_sequence_where_they_have_to():
    """In a permutation flow shop the best makespan is the least over all sequences of the orders."""
    minutes = np.random.default_rng(2).integers(1, 30, (5, 3))
    shop = make_shop([[(k, int(minutes[j, k])) for k in range(3)] for j in range(5)], goal=MAKESPAN, same_sequence=True)

    def makespan(sequence):
        end = np.zeros(3, dtype=int)
        for j in sequence:
            for k in range(3):
                end[k] = max(end[k], end[k - 1] if k else 0) + minutes[j, k]
        return end[-1]

    found = exact(shop, Budget())
    assert found.value.makespan == found.bound == min(makespan(sequence) for sequence in permutations(range(5)))
    first = [np.argsort(found.schedule.start[k::3]).tolist() for k in range(3)]
    assert first[0] == first[1] == first[2]


def test_what_the_program_does_not_know_is_refused_with_all_reasons():
    """Batches and more overtime than can be enumerated are named, and the method that takes them."""
    evenings = [(10 * day + start, 10 * day + start + 4, period) for day in range(4) for start, period in ((0, -1), (4, day))]
    shop = make_shop([[(0, 5)], [(0, 5)]], family=[0, 0], room=[2], calendars=[[*evenings, (50, 60)]])
    assert not fits(shop)
    with pytest.raises(InputError) as refused:
        exact(shop, Budget())
    assert "- 2 operations can share a batch" in str(refused.value)
    assert "- 4 overtime periods in one calendar are more than 3" in str(refused.value)
    assert "'list'" in str(refused.value)


def test_overtime_is_worked_where_it_pays():
    """Finishing an hour late costs more than two minutes of overtime, unless the minute costs more."""
    shop = make_shop([[(0, 12)]], due=[12], calendars=[[(0, 10), (10, 15, 0), (60, 90)]], minute_cost=[3.0])
    found = exact(shop, Budget(moves=1_000))
    # 12 minutes, two of them overtime at 3; without it the end is at 62, 50 minutes late
    assert (found.value.total, found.schedule.worked.tolist(), found.bound) == (6.0, [True], 6.0)
    dear = exact(replace(shop, machines=replace(shop.machines, minute_cost=np.array([30.0]))), Budget(moves=1_000))
    assert (dear.value.total, dear.schedule.worked.tolist(), dear.bound) == (50.0, [False], 50.0)


def test_polish_moves_only_what_is_free():
    """The rest keeps its modes and its order; with everything free the best schedule is found."""
    rng = np.random.default_rng(12)
    shop = random_shop(rng, 3, 2, steps=2, batches=False, overtime=False, fixed=False)
    begin = random_schedule(shop, rng)
    free = np.arange(shop.size) < 2
    some = polish(shop, begin, free, Budget(moves=50_000))
    check(shop, some)
    assert np.array_equal(some.mode[~free], begin.mode[~free])
    machine = shop.modes.machine[begin.mode]
    for k in set(machine.tolist()):
        row = np.flatnonzero((machine == k) & ~free)
        assert np.array_equal(np.argsort(begin.start[row]), np.argsort(some.start[row]))
    whole = polish(shop, begin, np.ones(shop.size, dtype=bool), Budget(moves=50_000))
    totals = [value(shop, schedule).total for schedule in (begin, some, whole)]
    assert totals == sorted(totals, reverse=True)
    assert totals[2] == pytest.approx(best(shop)[1].total)


def test_without_ortools_the_command_that_installs_it_is_shown(ft06, monkeypatch):
    """The extra is named where OR-Tools is not installed."""
    monkeypatch.setitem(sys.modules, "ortools", None)
    with pytest.raises(MissingPackageError, match=r"pip install 'lotwise\[schedule\]'"):
        exact(ft06, Budget())


def test_a_shop_whose_operations_are_all_fixed_is_what_it_is():
    """Nothing is left to decide: the facts are the schedule, proved."""
    shop = make_shop([[(0, 5)]], due=[2], previous=previous_of(1, fixed={0: (0, -1, 7)}))
    found = exact(shop, Budget(moves=100))
    assert (found.schedule.start[0], found.schedule.end[0], found.value.total, found.bound) == (-1, 7, 5.0, 5.0)
