"""Rules of frames: the example often printed wrong, planted rules, and bad input."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from lotwise.errors import ContractError, SettingsError
from lotwise.mine.itemsets.caps import Caps
from lotwise.mine.rules.frames import find_next, find_rules
from lotwise.tables.mined import RULES

EXAMPLE = {"basket": [1, 1, 2, 2, 3, 3, 4, 4], "item": list("ACABBCAC")}
COLUMNS = {"basket": "basket", "item": "item"}


def test_the_example_often_printed_wrong():
    """Its six rules have the right confidences and lifts, and none of them is usable."""
    found = find_rules(EXAMPLE, **COLUMNS, support=1, confidence=0.0).to_pylist()
    told = {(*row["antecedent"], *row["consequent"]): (row["confidence"], row["lift"]) for row in found}
    expected = {
        ("A", "B"): (1 / 3, 2 / 3), ("B", "A"): (1 / 2, 2 / 3), ("A", "C"): (2 / 3, 8 / 9),
        ("C", "A"): (2 / 3, 8 / 9), ("B", "C"): (1 / 2, 2 / 3), ("C", "B"): (1 / 3, 2 / 3),
    }  # fmt: skip
    assert told.keys() == expected.keys()
    for pair, values in expected.items():
        assert told[pair] == pytest.approx(values)
    assert {row["verdict"] for row in found} == {"not usable"}


def baskets(rng, *, count=2000):
    """Return lines of random baskets in which b follows a, with money and a group."""
    rows = []
    for basket in range(count):
        held = {str(item) for item in rng.choice(list("cdefgh"), 2)}
        if rng.random() < 0.2:
            held |= {"a", "b"} if rng.random() < 0.7 else {"a"}
        rows += [(basket, item, 2.0 if item == "b" else 1.0, "even" if basket % 2 else "odd") for item in sorted(held)]
    return dict(zip(("basket", "item", "money", "group"), map(list, zip(*rows, strict=True)), strict=True))


def test_a_planted_rule_is_the_only_usable_one():
    """Only a -> b and back, also within each group, worth leverage x total x 2 where b is the second."""
    frame = baskets(np.random.default_rng(1))
    found = find_rules(frame, **COLUMNS, support=0.01, longest=2, margin="money", scope="group")
    usable = [row for row in found.to_pylist() if row["verdict"] == "usable"]
    assert {(*row["antecedent"], *row["consequent"], row["scope"]) for row in usable} == {
        (*pair, scope) for pair in ("ab", "ba") for scope in ("all", "even", "odd")
    }
    first = usable[0]
    assert first["consequent"] == ["b"]
    assert first["margin"] == pytest.approx(first["leverage"] * first["total"] * 2.0)
    assert RULES.check(found).equals(found)


def test_weights_count_baskets():
    """A basket of weight 3 counts like three equal ones."""
    frame = {"basket": [1, 1, 2, 2, 3], "item": list("ABACB"), "times": [3, 3, 1, 1, 2]}
    repeated = {"basket": [], "item": []}
    for number, (items, times) in enumerate((("AB", 3), ("AC", 1), ("B", 2))):
        for copy in range(times):
            repeated["basket"] += [10 * number + copy] * len(items)
            repeated["item"] += list(items)
    one = find_rules(frame, **COLUMNS, weight="times", support=1)
    assert one.equals(find_rules(repeated, **COLUMNS, support=1))


@pytest.mark.parametrize(
    ("weights", "said"),
    [([1.0, 1.0, float("nan")], "not finite"), ([1, 1, -2], "below 0"), ([0.5, 0.5, 1.0], "not whole")],
)
def test_weights_that_are_none_are_refused(weights, said):
    """NaN, negative and broken weights are named with their row."""
    with pytest.raises(ContractError, match=said):
        find_rules({"basket": [1, 1, 2], "item": list("ABA"), "w": weights}, **COLUMNS, weight="w")


def test_every_fault_is_listed():
    """A message names all columns and settings that are wrong, with the nearest name."""
    with pytest.raises(ContractError, match=r"(?s)'baskt' is missing; did you mean 'basket'.*'thing' is missing"):
        find_rules(EXAMPLE, basket="baskt", item="thing")
    with pytest.raises(SettingsError, match=r"(?s)confidence = 2.*correction = 'hom'; did you mean 'holm'"):
        find_rules(EXAMPLE, **COLUMNS, confidence=2, correction="hom")
    with pytest.raises(ContractError, match="money as a number"):
        find_rules(EXAMPLE, **COLUMNS, margin="item")
    with pytest.raises(ContractError, match="found a int"):
        find_rules(3, **COLUMNS)
    with pytest.raises(ContractError, match="a date, a time or a whole number of days"):
        find_next({"who": [1], "when": ["x"], "item": ["a"]}, customer="who", time="when", item="item")
    with pytest.raises(SettingsError, match="days = -1"):
        find_next({"who": [1], "when": [1], "item": ["a"]}, customer="who", time="when", item="item", days=-1)


def test_a_basket_of_a_million_items_ends_at_its_cap(caplog):
    """Beside ordinary baskets it is searched as they are; asked for all its pairs, the search ends at its cap and says so."""
    items = np.arange(1_000_000)
    frame = pa.table({"basket": np.concatenate([items * 0, [1, 1, 2, 2]]), "item": np.concatenate([items, [0, 1, 0, 1]])})
    assert find_rules(frame, **COLUMNS, support=2).num_rows == 2
    capped = find_rules(frame, **COLUMNS, support=1, longest=2, caps=Caps(itemsets=1000))
    assert capped.num_rows >= 0
    assert "ended at its cap of 1,000 sets" in caplog.text


def test_nothing_gives_an_empty_table():
    """An empty frame has no rules."""
    empty = pa.table({"basket": pa.array([], pa.int64()), "item": pa.array([], pa.string())})
    assert find_rules(empty, **COLUMNS).num_rows == 0
    nobody = pa.table({"who": pa.array([], pa.string()), "when": pa.array([], pa.date32()), "item": pa.array([], pa.string())})
    assert find_next(nobody, customer="who", time="when", item="item").num_rows == 0


def shoppers(rng):
    """Return purchases in which half of those who buy a razor buy blades a week later."""
    rows = []
    for who in range(300):
        for day in rng.integers(0, 100, 4):
            item = str(rng.choice(["razor", "tea", "bread", "salt"]))
            rows.append((f"c{who}", int(day), item))
            if item == "razor" and rng.random() < 0.5:
                rows.append((f"c{who}", int(day) + 7, "blades"))
    return rows


@pytest.mark.parametrize("kind", ["days", "dates", "times"])
def test_what_is_bought_next_from_days_dates_and_times(kind):
    """Razors are followed by blades after 7 days, whatever time is given in."""
    who, day, item = map(list, zip(*shoppers(np.random.default_rng(2)), strict=True))
    first = dt.datetime(2025, 1, 1, 10)  # noqa: DTZ001  times have no zone
    when = {
        "days": day,
        "dates": [(first + dt.timedelta(days=d)).date() for d in day],
        "times": [first + dt.timedelta(days=d) for d in day],
    }[kind]
    found = find_next({"who": who, "when": when, "item": item}, customer="who", time="when", item="item", days=14)
    usable = [row for row in found.to_pylist() if row["verdict"] == "usable"]
    assert [(row["antecedent"], row["consequent"]) for row in usable] == [(["razor"], ["blades"])]
    assert usable[0]["days"] == 7.0
    assert usable[0]["kind"] == "next"


def test_pandas_and_polars_give_the_same():
    """Any frame with the Arrow interface is taken."""
    frame = baskets(np.random.default_rng(4), count=200)
    expected = find_rules(frame, **COLUMNS, support=0.05)
    for name in ("pandas", "polars"):
        made = pytest.importorskip(name).DataFrame(frame)
        assert find_rules(made, **COLUMNS, support=0.05).equals(expected)
