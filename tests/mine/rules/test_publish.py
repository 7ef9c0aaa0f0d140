"""The tables of a project: what counts, where it is looked for, and what is said of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pytest

from lotwise.config import Settings
from lotwise.config.mining import Mine, MineRules
from lotwise.mine.rules.publish import publish
from lotwise.stage import Inputs
from lotwise.tables.collected import OPTION_RULES, OPTIONS, ORDER_OPTIONS, ORDERS, PRODUCTS
from lotwise.tables.mined import ITEMSETS, MINING, RULES, SEGMENTS
from lotwise.tables.pooled import ECONOMICS

FIRST = datetime(2025, 5, 5, 12)  # noqa: DTZ001  a Monday; times have no zone


def line(order, number, product, *, customer=None, day=0, units=1.0, kind="sale"):
    """Return one row of ``orders``."""
    return {
        "order": order, "line": number, "time": FIRST + timedelta(days=day), "customer": customer, "product": product,
        "location": "all", "region": "all", "units": units, "revenue": 10.0, "kind": kind,
    }  # fmt: skip


def given(orders, *, today=None, settings=None, **tables):
    """Return inputs of these tables."""
    rows = {
        "orders": ORDERS.check(pa.Table.from_pylist(orders, schema=ORDERS.schema)),
        **{
            name: contract.check(pa.Table.from_pylist(rows, schema=contract.schema))
            for name, (contract, rows) in tables.items()
        },
    }
    whole = Settings()
    whole = msgspec.structs.replace(
        whole,
        mine=Mine(rules=settings or MineRules(support=0.01)),
        project=msgspec.structs.replace(whole.project, today=today),
    )
    return Inputs(whole, None, Path(), load=rows.__getitem__, present=frozenset(rows))


def bakery(*, orders=400, seed=1):
    """Return orders of bread, jam and more over 39 weeks: jam comes with bread, and 20 customers buy in turn."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(orders):
        held = {"salt"} if rng.random() < 0.4 else set()
        held |= {"bread", "jam"} if rng.random() < 0.3 else {str(rng.choice(["bread", "jam", "tea", "cake", "rice"]))}
        day = number * 273 // orders
        for place, product in enumerate(sorted(held), 1):
            rows.append(line(f"O{number:04}", place, product, customer=f"c{number % 20:02}", day=day))
    return rows


def cost(product, unit_cost):
    """Return one row of ``economics``."""
    return {
        "product": product, "category": "food", "unit_price": 10.0, "unit_cost": unit_cost, "salvage": 0.0, "holding_cost": 0.0,
        "price_basis": "given", "cost_basis": "given", "salvage_basis": "given",
    }  # fmt: skip


def rules_of(found, **wanted):
    """Return the rows of ``rules`` with these values."""
    return [row for row in found["rules"].to_pylist() if all(row[name] == value for name, value in wanted.items())]


def test_bread_and_jam_are_told_with_their_margin():
    """Counts by hand from the orders; margin: leverage x total x (10 - 4), as every line of jam earns 6."""
    rows = bakery()
    found = publish(given(rows, economics=(ECONOMICS, [cost("jam", 4.0), cost("bread", 5.0)])), {})
    baskets = {}
    for row in rows:
        baskets.setdefault(row["order"], set()).add(row["product"])
    both = sum({"bread", "jam"} <= held for held in baskets.values())
    bread, jam = (sum(name in held for held in baskets.values()) for name in ("bread", "jam"))
    (rule,) = rules_of(found, kind="together", scope="all", antecedent=["bread"], consequent=["jam"])
    assert (rule["count"], rule["total"], rule["verdict"]) == (both, 400, "usable")
    assert rule["margin"] == pytest.approx((both - bread * jam / 400) * 6.0)
    said = {row["scope"]: row["note"] for row in found["mining"].to_pylist()}
    assert "unit costs of products: 2 given, 4 not known" in said["together, all"]
    (tea,) = rules_of(found, kind="together", scope="all", antecedent=["tea"], consequent=["salt"])
    assert tea["margin"] is None  # nobody knows the cost of salt


def test_the_tables_keep_their_contracts_and_order():
    """Usable rules come first, by margin; numbers count up; sets are closed or maximal as they are."""
    found = publish(
        given(bakery(), economics=(ECONOMICS, [cost(p, 4.0) for p in ("bread", "jam", "salt", "tea", "cake", "rice")])), {}
    )
    for table in (ITEMSETS, RULES, MINING):
        assert table.check(found[table.name]).equals(found[table.name])
    rules = found["rules"].to_pylist()
    order = {"usable": 0, "may be chance": 1, "not usable": 2}
    keys = [(order[row["verdict"]], -round(row["margin"], 6)) for row in rules]
    assert keys == sorted(keys)
    assert [row["rule"] for row in rules] == [f"R{n:04}" for n in range(1, len(rules) + 1)]
    triple = [row for row in found["itemsets"].to_pylist() if row["scope"] == "all" and len(row["items"]) == 3]
    assert triple
    assert all(row["is_maximal"] for row in triple)


def test_returns_cancelled_lines_and_lines_after_today_do_not_count():
    """They change no table."""
    rows = bakery()
    extra = [
        line("O0001", 50, "tea", customer="c01", kind="return", units=-1.0),
        line("O0002", 50, "tea", customer="c02", kind="cancelled"),
        line("X1", 1, "tea", customer="c01", day=500),
        line("X1", 2, "gold", customer="c01", day=500),
    ]
    today = FIRST.date() + timedelta(days=280)
    with_, without = publish(given(rows + extra, today=today), {}), publish(given(rows, today=today), {})
    for name, table in without.items():
        assert with_[name].equals(table), name


def test_lines_without_a_customer_count_together_but_not_next():
    """Every basket counts for what comes together; only known customers for what is next."""
    rows = [row | {"customer": None} for row in bakery()]
    found = publish(given(rows), {})
    assert rules_of(found, kind="together", scope="all")
    assert not rules_of(found, kind="next")
    said = {row["scope"]: row for row in found["mining"].to_pylist()}
    assert said["together, all"]["evidence"] == 400
    assert said["next"]["ended"] == "left out"


def test_segments_and_periods():
    """Three whole periods of 13 weeks, counted back from the last whole week, and each segment; only usable rules within."""
    segments = pa.Table.from_pylist(
        [
            {"customer": f"c{n:02}", "segment": f"S{1 + n % 2}", "name": "-", "certainty": 1.0, "recency_days": 1.0,
             "orders": 1, "revenue": 1.0, "rfm": "5-5-5"}
            for n in range(20)
        ],
        schema=SEGMENTS.schema,
    )  # fmt: skip
    found = publish(given(bakery(orders=1200)), {"segments": segments})
    said = {row["scope"]: row for row in found["mining"].to_pylist()}
    periods = ["2025-05-05..2025-08-03", "2025-08-04..2025-11-02", "2025-11-03..2026-02-01"]
    scopes = ["all", "segment S1", "segment S2", *(f"period {period}" for period in periods)]
    assert [scope for scope in said if scope.startswith("together")] == [f"together, {scope}" for scope in scopes]
    assert said["together, segment S1"]["evidence"] == 600
    assert sum(said[f"together, period {period}"]["evidence"] for period in periods) == 1200
    assert {row["verdict"] for row in found["rules"].to_pylist() if row["scope"] != "all"} == {"usable"}
    assert rules_of(found, kind="together", scope="segment S2", antecedent=["bread"], consequent=["jam"])


def test_without_segments_it_says_so():
    """The row names what is missing; with ``within`` off nothing is looked for there."""
    said = publish(given(bakery()), {})["mining"].to_pylist()
    assert ("within segments", "left out") in {(row["scope"], row["ended"]) for row in said}
    alone = publish(given(bakery(), settings=MineRules(within=False)), {})["mining"].to_pylist()
    assert {row["scope"] for row in alone} == {"together, all", "next, all", "option"}


def test_options_are_told_by_product_but_not_what_the_catalog_says():
    """Size S goes with linen by the customers' choice; velvet requires black, which is no discovery."""
    rng = np.random.default_rng(3)
    orders, chosen = [], []
    for number in range(600):
        fabric = str(rng.choice(["linen", "velvet", "wool"]))
        size = "S" if fabric == "linen" and rng.random() < 0.7 else str(rng.choice(["S", "M"]))
        color = "black" if fabric == "velvet" else str(rng.choice(["black", "red"]))
        orders.append(line(f"O{number:04}", 1, "COAT", customer="c1", day=number % 100))
        picks = {"fabric": fabric, "size": size, "color": color}
        chosen += [{"order": f"O{number:04}", "line": 1, "option": o, "value": v} for o, v in picks.items()]
    rule = {
        "rule": "R1", "product": "COAT", "kind": "requires", "if_option": "fabric", "if_value": "velvet",
        "then_option": "color", "then_value": "black",
    }  # fmt: skip
    options = [{"product": "COAT", "option": "size", "value": "S", "extra_price": 9.0, "extra_cost": 4.0}]
    inputs = given(
        orders,
        order_options=(ORDER_OPTIONS, chosen),
        option_rules=(OPTION_RULES, [rule]),
        options=(OPTIONS, options),
    )
    found = publish(inputs, {})
    usable = {(*row["antecedent"], "->", *row["consequent"]) for row in rules_of(found, kind="option", verdict="usable")}
    assert ("fabric=linen", "->", "size=S") in usable
    assert not any("color" in item for row in usable for item in row if "fabric=velvet" in row)
    (told,) = rules_of(found, kind="option", scope="all", antecedent=["fabric=linen"], consequent=["size=S"])
    assert (told["product"], told["level"]) == ("COAT", "option")
    assert told["margin"] == pytest.approx(told["leverage"] * told["total"] * 5.0)
    said = {row["scope"]: row["note"] for row in found["mining"].to_pylist()}
    assert "they follow from the catalog's rules" in said["option, all"]


@pytest.mark.parametrize(
    ("products", "typed", "wanted", "level"),
    [(10, 10, "auto", "product"), (250, 250, "auto", "type"), (250, 10, "auto", "category"), (10, 10, "category", "category")],
)
def test_the_level_of_the_items(products, typed, wanted, level):
    """Few products stay products; many become their types, or where these lack and none sells much, categories."""
    rows = [line(f"O{n:04}", k, f"p{(n + k * k) % products:03}") for n in range(500) for k in range(3)]
    table = [
        {"product": f"p{n:03}", "category": f"k{n % 3}", "type": f"t{n % 5}" if n < typed else None} for n in range(products)
    ]
    found = publish(given(rows, products=(PRODUCTS, table), settings=MineRules(level=wanted)), {})
    assert {row["level"] for row in found["itemsets"].to_pylist()} == {level}


def test_caps_are_said():
    """A search cut by its cap says which; rules beyond the most kept are counted."""
    few = publish(given(bakery(), settings=MineRules(itemsets=5, rules=3, support=0.01)), {})
    said = {row["scope"]: row for row in few["mining"].to_pylist()}
    assert said["together, all"]["ended"] == "capped"
    assert "cap of 5 sets" in said["together, all"]["note"]
    short = publish(given(bakery(), settings=MineRules(rules=3, support=0.01)), {})
    assert len(rules_of(short, kind="together", scope="all")) == 3
    assert "others are worth more" in {row["scope"]: row["note"] for row in short["mining"].to_pylist()}["together, all"]


@pytest.mark.parametrize(
    "orders",
    [
        [],
        [line("O1", 1, "bread")],
        [line(f"O{n}", 1, "bread") for n in range(50)],
        [line(f"O{n}", 1, f"p{n}", customer="c1", day=n) for n in range(50)],
        [line("O1", n, f"p{n}") for n in range(300)],
        [line("O1", 1, "bread", kind="cancelled")],
    ],
    ids=["empty", "one line", "one item", "one customer", "one basket", "nothing sold"],
)
def test_what_holds_no_rule_gives_empty_tables(orders):
    """One-item baskets, one basket, one customer, one item or nothing: no rule, no itemset, and no error."""
    found = publish(given(orders), {})
    assert found["rules"].num_rows == found["itemsets"].num_rows == 0
    assert found["mining"].num_rows > 0


def test_an_item_in_every_basket_is_marked_not_usable():
    """A bag in every order is told, with lift 1."""
    rows = bakery()
    rows += [line(order, 99, "bag", customer="c00") for order in sorted({row["order"] for row in rows})]
    found = publish(given(rows), {})
    bag = rules_of(found, kind="together", scope="all", antecedent=["bread"], consequent=["bag"])
    assert [(row["lift"], row["verdict"]) for row in bag] == [(1.0, "not usable")]


def test_the_same_bytes_whatever_the_order_of_rows():
    """Shuffled orders give equal tables."""
    rows = bakery()
    shuffled = [rows[place] for place in np.random.default_rng(5).permutation(len(rows))]
    one, two = publish(given(rows), {}), publish(given(shuffled), {})
    assert all(one[name].equals(two[name]) for name in one)


def test_periods_end_with_the_last_whole_week():
    """Today on a Wednesday: the week it stands in is in no period."""
    today = date(2026, 2, 4)
    said = publish(given(bakery(orders=800), today=today), {})["mining"].to_pylist()
    assert "together, period 2025-11-03..2026-02-01" in {row["scope"] for row in said}
