"""What is bought next: against loops over customers, planted truth, and bad input."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from lotwise.mine.rules import sequences
from lotwise.mine.rules.derive import Bar
from lotwise.mine.rules.reading import Bought

ANY = Bar(confidence=0.0)


def bought(rows, *, today):
    """Return baskets of (customer, day, items)."""
    names = tuple(sorted({item for _, _, items in rows for item in items}))
    pairs = sorted((basket, names.index(item)) for basket, (_, _, items) in enumerate(rows) for item in set(items))
    basket, item = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    customer, day = (np.array([row[column] for row in rows], dtype=np.int64) for column in (0, 1))
    return Bought(names, basket, item, np.full(len(item), np.nan), day, customer, today)


def random_rows(rng, *, customers, visits, last, items):
    """Return random visits of customers."""
    return [
        (int(who), int(day), [items[k] for k in np.flatnonzero(rng.random(len(items)) < 0.4)] or [items[0]])
        for who in range(customers)
        for day in rng.integers(0, last, visits)
    ]


def by_hand(rows, *, days, today):
    """Return count, first side, expected count and median wait of each pair, customer by customer; one group."""
    visits = {}
    for who, day, items in rows:
        visits.setdefault(who, {}).setdefault(day, set()).update(items)
    windows = {
        who: [
            (day, held, {item: min(d for d, h in by_day.items() if day < d <= day + days and item in h) for item in later})
            for day, held in sorted(by_day.items())
            if day + days < today
            for later in [set().union(*(h for d, h in by_day.items() if day < d <= day + days))]
        ]
        for who, by_day in visits.items()
    }
    windows = {who: own for who, own in windows.items() if own}
    items = sorted({item for _, _, held in rows for item in held})
    found = {}
    for one, two in itertools.permutations(items, 2):
        count, first, share, waits = 0, 0, 0.0, []
        for own in windows.values():
            start = next((window for window in own if one in window[1]), None)
            if start is None:
                share += np.mean([two in later for _, _, later in own])
                continue
            first += 1
            if two in start[2]:
                count += 1
                share += 1
                waits.append(start[2][two] - start[0])
        if count:
            found[one, two] = (count, first, first * share / len(windows), float(np.median(waits)))
    return found, len(windows)


@pytest.mark.parametrize("seed", range(4))
def test_counts_and_waits_are_those_of_loops_over_customers(seed):
    """Every count, base and median wait equals that found customer by customer."""
    rng = np.random.default_rng(seed)
    rows = random_rows(rng, customers=15, visits=6, last=40, items="abcde")
    rows.append((-1, 3, ["a", "b"]))  # a customer nobody knows
    known = [row for row in rows if row[0] >= 0]
    expected, customers = by_hand(known, days=9, today=41)
    windows = sequences.follow(bought(rows, today=41), days=9)
    rules = sequences.following(windows, ANY, minimum=1)
    waits = sequences.waits(windows, rules)
    found = {
        (windows.names[one], windows.names[two]): (count, first, count / lift, wait)
        for (one,), (two,), count, first, lift, wait in zip(
            rules.antecedents, rules.consequents, rules.measures.count, rules.measures.first, rules.measures.lift, waits,
            strict=True,
        )
    }  # fmt: skip
    assert found.keys() == expected.keys()
    for pair, values in expected.items():
        assert found[pair] == pytest.approx(values), pair
    assert set(rules.measures.total) == {customers}
    assert rules.tried == len(expected)


def followers(rng, *, customers, share, days):
    """Return customers who buy at their own pace; of those who buy ``kit`` a share buys ``refill`` some days later."""
    rows = []
    for who in range(customers):
        pace = rng.gamma(2.0, 2.0)
        for day in np.sort(rng.integers(0, 150, 1 + rng.poisson(3 * pace))):
            rows.append((who, int(day), [str(item) for item in rng.choice(["kit", "tea", "bread", "salt", "refill"], 2)]))
            if "kit" in rows[-1][2] and rng.random() < share:
                rows.append((who, int(day) + int(rng.integers(1, days)), ["refill"]))
    return rows


def test_a_planted_sequence_is_found_and_nothing_else():
    """Customers differ tenfold in how much they buy; only kit -> refill is usable, refill -> kit is not."""
    rows = followers(np.random.default_rng(1), customers=500, share=0.5, days=10)
    windows = sequences.follow(bought(rows, today=170), days=14)
    rules = sequences.following(windows, Bar(), minimum=5)
    usable = {
        (windows.names[one], windows.names[two])
        for (one,), (two,), verdict in zip(rules.antecedents, rules.consequents, rules.verdict, strict=True)
        if verdict == "usable"
    }
    assert usable == {("kit", "refill")}


def test_without_a_connection_hardly_anything_is_usable():
    """Over 16 worlds without a connection, at a level of 1 % for all rules at once, at most one has a usable rule.

    Of p-values that are not corrected about 5 % are below 5 %: customers who buy much are not held for a connection.
    """
    wrong, p_values = 0, []
    for seed in range(16):
        rows = followers(np.random.default_rng(seed), customers=250, share=0.0, days=10)
        rules = sequences.following(sequences.follow(bought(rows, today=151), days=14), Bar(), minimum=3)
        wrong += "usable" in rules.verdict
        p_values += rules.measures.p_value.tolist()
    assert wrong <= 1
    assert np.mean(np.array(p_values) < 0.05) < 0.09


def test_windows_that_reach_beyond_today_are_not_followed():
    """An order whose next days are not all known tells nothing of what comes next; changing them changes nothing."""
    rows = [(0, 0, ["a"]), (0, 4, ["b"]), (0, 9, ["c"])]
    windows = sequences.follow(bought(rows, today=10), days=5)
    assert windows.day.tolist() == [0, 4]
    assert windows.later.toarray().tolist() == [[0, 1, 0], [0, 0, 1]]


def test_the_pace_is_twice_the_usual_gap_in_whole_weeks():
    """Gaps of 3, 3 and 6 days: twice 3 is 6, rounded up to one week; without any gap a week; never beyond 26 weeks."""
    rows = [(0, day, ["a"]) for day in (0, 3, 6, 12)]
    assert sequences.pace(bought(rows, today=20)) == 7
    assert sequences.pace(bought(rows[:1], today=20)) == 7
    assert sequences.pace(bought([(0, 0, ["a"]), (0, 900, ["a"])], today=901)) == 182


def test_one_customer_makes_no_usable_rule():
    """One customer is like nobody: expected is what was found, and nothing is usable."""
    rows = [(0, day, ["ab"[day % 2]]) for day in range(30)]
    rules = sequences.following(sequences.follow(bought(rows, today=31), days=3), ANY, minimum=1)
    assert set(rules.verdict) == {"not usable"}


def test_nobody_makes_no_rule():
    """Without known customers, or without orders, there is nothing to follow."""
    for rows in ([(-1, 0, ["a"]), (-1, 1, ["b"])], [(-1, 0, ["a"])]):
        windows = sequences.follow(bought(rows, today=9), days=3)
        assert len(sequences.following(windows, ANY, minimum=1)) == 0
    nothing = Bought((), *(np.empty(0, np.int64),) * 2, np.empty(0), *(np.empty(0, np.int64),) * 2, 0)
    assert len(sequences.following(sequences.follow(nothing), ANY, minimum=1)) == 0


def test_caps_leave_out_items_and_customers_and_say_so(monkeypatch):
    """The items of fewest customers go first; customers go when the orders to compare would be too many."""
    rows = random_rows(np.random.default_rng(3), customers=10, visits=5, last=20, items="abcde")
    what = bought(rows, today=30)
    monkeypatch.setattr(sequences, "ITEMS", 2)
    windows = sequences.follow(what, days=5)
    assert (len(windows.names), windows.items_left(1)) == (2, 3)
    monkeypatch.setattr(sequences, "STEPS", 10)
    few = sequences.follow(what, days=5)
    assert few.customers_left + len(np.unique(few.customer)) == 10
    assert few.customers_left > 0
    assert len(sequences.waits(few, sequences.following(few, ANY, minimum=1))) == sequences.following(few, ANY, minimum=1).tried


def test_the_order_of_orders_does_not_matter():
    """The same orders in another order give the same rules."""
    rng = np.random.default_rng(6)
    rows = random_rows(rng, customers=30, visits=5, last=60, items="abcd")
    found = []
    for order in (rows, [rows[k] for k in rng.permutation(len(rows))]):
        windows = sequences.follow(bought(order, today=60), days=10)
        rules = sequences.following(windows, ANY, minimum=1)
        found.append((rules.antecedents, rules.consequents, rules.p_value.tolist(), sequences.waits(windows, rules).tolist()))
    assert found[0] == found[1]


def test_what_comes_after_today_changes_nothing():
    """Orders from today on are left out by the reader; windows that would need them are not followed."""
    rows = random_rows(np.random.default_rng(8), customers=12, visits=5, last=30, items="abc")
    what = bought(rows, today=30)
    cut = replace(what.within(what.day < 20), today=20)
    early = sequences.follow(cut, days=5)
    late = sequences.follow(what, days=5)
    same = late.within(late.day + 5 < 20)
    np.testing.assert_array_equal(early.later.toarray(), same.later.toarray())
