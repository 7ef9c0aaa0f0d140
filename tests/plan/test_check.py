import ast
import inspect
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import lotwise
from lotwise.config import Plan
from lotwise.errors import MissingTableError
from lotwise.plan import explode, uses
from lotwise.plan.check import READS, RULES, check, rules, unchecked
from lotwise.tables import contract
from tests.whole import shop

PAST, NEXT, NOW, LAST = date(2024, 1, 1), date(2024, 1, 8), date(2024, 1, 15), date(2024, 1, 22)

# Bread takes dough (0.1 hours of oven, 0.5 flour) and 0.2 hours: 0.3 hours and 0.5 flour; cake 0.5 hours and 1 flour.
# Plan of 2024-01-15: 20 and 10 bread, 9 and 4 cake. Hours 20 x 0.3 + 9 x 0.5 = 10.5 of 10 + 2, then 5; flour 10 + 9 = 19 of the
# 26 on hand, then 5 + 4 = 9: 2 are missing, and 12 are the smallest order. 2 cakes are on hand.
# Past plan: bread 10, 10 (demand 8, 12; what is left perishes), cake 6, 4 (demand 5, 5; 1 is kept). Hours 6, 5; flour 11, 9.
PLANS = {
    # product, week: units, demand, sold, lost, left, profit
    (PAST, "bread", PAST): (10, 8, 8, 0, 2, 14),
    (PAST, "bread", NEXT): (10, 12, 10, 2, 0, 20),
    (PAST, "cake", PAST): (6, 5, 5, 0, 1, 20.9),
    (PAST, "cake", NEXT): (4, 5, 5, 0, 0, 29),
    (NOW, "bread", NOW): (20, 18, 18, 0, 2, 34),
    (NOW, "bread", LAST): (10, 11, 10, 1, 0, 20),
    (NOW, "cake", NOW): (9, 8, 8, 0, 3, 35.7),
    (NOW, "cake", LAST): (4, 5, 5, 0, 2, 33),
}
MONEY = {
    # product, week: made, demand, sold, lost, left, revenue, cost, profit; bread costs 1, sells at 3; cake 4, 9, keeping it 0.1
    ("bread", PAST): (10, 8, 8, 0, 2, 24, 10, 14),
    ("bread", NEXT): (10, 12, 10, 2, 0, 30, 10, 20),
    ("cake", PAST): (6, 5, 5, 0, 1, 45, 24.1, 20.9),
    ("cake", NEXT): (4, 5, 5, 0, 0, 45, 16, 29),
}
PROJECTION = {
    # item, week: start, received, used, scrapped, end
    ("bread", NOW): (0, 20, 18, 2, 0),
    ("bread", LAST): (0, 10, 10, 0, 0),
    ("cake", NOW): (2, 9, 8, 0, 3),
    ("cake", LAST): (3, 4, 5, 0, 2),
    ("dough", NOW): (0, 20, 20, 0, 0),
    ("dough", LAST): (0, 10, 10, 0, 0),
    ("flour", NOW): (26, 0, 19, 0, 7),
    ("flour", LAST): (7, 12, 9, 0, 10),
}
LOADS = {
    # cutoff, resource, week: used, capacity, overtime
    (PAST, "oven", PAST): (6, 10, 0),
    (PAST, "oven", NEXT): (5, 10, 0),
    (PAST, "flour", PAST): (11, 30, 0),
    (PAST, "flour", NEXT): (9, 30, 0),
    (NOW, "oven", NOW): (10.5, 10, 0.5),
    (NOW, "oven", LAST): (5, 10, 0),
    (NOW, "flour", NOW): (19, 26, 0),
    (NOW, "flour", LAST): (9, 30, 0),
}
SOLVES = {PAST: 83.9, NOW: 122.7}
KINDS = {"bread": "product", "cake": "product", "dough": "component", "flour": "material"}


def table(name, rows):
    """Return rows as the named table; columns that are left out are empty, or of no account."""
    empty = {"string": "-", "double": 0.0, "int64": 1, "bool": False, "date32[day]": NOW, "timestamp[us]": None}
    columns = contract(name).columns
    filled = [{c.name: None if c.nullable else empty[str(c.type)] for c in columns} | row for row in rows]
    return pa.Table.from_pylist(filled, schema=pa.schema([(c.name, c.type) for c in columns]))


def named(keys, names, content):
    """Return rows from keys and numbers with their names."""
    return [
        dict(zip((*keys, *names), (*(key if isinstance(key, tuple) else (key,)), *numbers), strict=True))
        for key, numbers in content.items()
    ]


@pytest.fixture
def tables():
    """Return the tables of a plan that keeps every rule."""
    plan = {"information": "now", "limits": "real"}
    rows = {
        "plans": named(("cutoff", "product", "week"), ("units", "demand", "sold", "lost", "left", "profit"), PLANS),
        "money": named(("product", "week"), ("made", "demand", "sold", "lost", "left", "revenue", "cost", "profit"), MONEY),
        "projection": named(("item", "week"), ("start", "received", "used", "scrapped", "end"), PROJECTION),
        "prices": named(("cutoff", "resource", "week"), ("used", "capacity", "overtime"), LOADS),
        "solves": [{"cutoff": cutoff, "objective": money, "bound": money} for cutoff, money in SOLVES.items()],
        "conflicts": [],
        "purchases": [{"material": "flour", "week": NOW, "arrives": LAST, "units": 12, "cost": 24}],
        "uses": [
            {"product": product, "resource": resource, "quantity": quantity}
            for product, resource, quantity in (
                ("bread", "oven", 0.3),
                ("bread", "flour", 0.5),
                ("cake", "oven", 0.5),
                ("cake", "flour", 1),
            )
        ],
        "machines": [{"machine": "oven", "hours": 10, "overtime_hours": 2}],
        "materials": [{"material": "flour", "unit_cost": 2, "lead_weeks": 1, "weekly_limit": 30, "minimum_order": 12}],
        "stock": [
            {"item": "flour", "region": "north", "day": date(2024, 1, 14), "units": 20},
            {"item": "flour", "region": "south", "day": date(2024, 1, 14), "units": 6},
            {"item": "flour", "region": "south", "day": date(2024, 1, 13), "units": 99},
            {"item": "cake", "region": "north", "day": date(2024, 1, 14), "units": 2},
        ],
        "products": [
            {"product": "bread", "make": "stock", "lot_minimum": 10, "lot_multiple": 5},
            {"product": "cake", "make": "order"},
            {"product": "tart", "make": "order"},
        ],
        "bom": [
            {"item": item, "component": part, "option": "always", "value": "always", "quantity": quantity}
            for item, part, quantity in (("bread", "dough", 1), ("dough", "flour", 0.5), ("cake", "flour", 1))
        ],
        "routing": [
            {"item": item, "step": 1, "machine": "oven", "hours": hours}
            for item, hours in (("bread", 0.2), ("dough", 0.1), ("cake", 0.5))
        ],
        "orders": [
            {"order": "o1", "product": "cake", "units": 7, "due": date(2024, 1, 17), "kind": "sale"},
            {"order": "o2", "product": "cake", "units": 5, "due": date(2024, 1, 28), "kind": "sale"},
            {"order": "o3", "product": "cake", "units": 90, "due": date(2024, 1, 17), "kind": "cancelled"},
            {"order": "o4", "product": "cake", "units": 90, "due": date(2024, 1, 29), "kind": "sale"},
            {"order": "o5", "product": "bread", "units": 90, "due": date(2024, 1, 17), "kind": "sale"},
        ],
        "economics": [
            {"product": "bread", "unit_price": 3, "unit_cost": 1, "shelf_weeks": 1},
            {"product": "cake", "unit_price": 9, "unit_cost": 4, "salvage": 2, "holding_cost": 0.1},
        ],
        "demand": [{"product": product, "week": week, "units": row[1]} for (product, week), row in MONEY.items()],
    }
    for name in ("plans", "solves"):
        rows[name] = [plan | {"status": "optimal"} | row if name == "solves" else plan | row for row in rows[name]]
    rows["money"] = [plan | {"cutoff": PAST} | row for row in rows["money"]]
    kinds = {"oven": "machine", "flour": "material"}
    rows["prices"] = [{"information": "now", "kind": kinds[row["resource"]]} | row for row in rows["prices"]]
    rows["uses"] = [{"kind": kinds[row["resource"]]} | row for row in rows["uses"]]
    rows["projection"] = [{"kind": KINDS[row["item"]]} | row for row in rows["projection"]]
    return {name: table(name, content) for name, content in rows.items()}


def edited(tables, name, where, **numbers):
    """Return the tables with other values in the rows of one table that hold what ``where`` says; there must be some."""
    rows = tables[name].to_pylist()
    chosen = [row for row in rows if all(row[key] == value for key, value in where.items())]
    assert chosen
    for row in chosen:
        row.update(numbers)
    return tables | {name: pa.Table.from_pylist(rows, schema=tables[name].schema)}


def added(tables, name, **row):
    """Return the tables with one more row in one of them."""
    return tables | {name: pa.concat_tables([tables[name], table(name, [row])])}


def without(tables, *names):
    """Return the tables but some, whose numbers a change elsewhere contradicts too."""
    return {name: content for name, content in tables.items() if name not in names}


def the_only(found):
    """Return the only breach."""
    assert len(found) == 1, [str(breach) for breach in found]
    return found[0]


def brief(breach):
    """Return a breach without its message."""
    return breach.rule, breach.subject, breach.week, pytest.approx(breach.found), pytest.approx(breach.allowed)


def test_a_plan_that_keeps_every_rule_passes(tables):
    """A plan worked out by hand has no breach, and nothing in it is left unchecked."""
    assert check(tables) == []
    assert unchecked(tables) == []


BROKEN = {
    # the table, its row and the number changed; tables left out for they would contradict it too; the only breach
    "negative price": ("prices", {"resource": "oven", "week": LAST}, {"price": -1}, "", ("not negative", "oven", LAST, -1, 0)),
    "too few hours": ("machines", {}, {"overtime_hours": 0.4}, "", ("machine hours", "oven", NOW, 10.5, 10.4)),
    "too little stock": (
        "stock", {"item": "flour", "units": 20}, {"units": 12}, "prices projection", ("material", "flour", NOW, 19, 18),
    ),
    "too little arriving": (
        "materials", {}, {"weekly_limit": 10.5}, "prices purchases projection", ("material", "flour", PAST, 11, 10.5),
    ),
    "arriving too late": (
        "materials", {}, {"lead_weeks": 2}, "prices purchases projection", ("material", "flour", LAST, 28, 26),
    ),
    "lot too small": (
        "plans", {"product": "bread", "week": LAST}, {"units": 5}, "prices projection", ("lots", "bread", LAST, 5, 10),
    ),
    "lot not whole": (
        "plans", {"product": "bread", "week": LAST}, {"units": 12}, "prices projection", ("lots", "bread", LAST, 12, 10),
    ),
    "order not in demand": ("orders", {"order": "o2"}, {"units": 6}, "", ("orders", "cake", LAST, 5, 6)),
    "order not planned": ("orders", {"order": "o4"}, {"due": NOW, "product": "tart"}, "", ("orders", "tart", NOW, 0, 90)),
    "ordered too late": ("purchases", {}, {"week": LAST}, "", ("purchase", "flour", LAST, 0, 1)),
    "ordered too little": ("materials", {}, {"minimum_order": 13}, "", ("purchase", "flour", NOW, 12, 13)),
    "too much arrives": ("materials", {}, {"weekly_limit": 11.5}, "prices", ("purchase", "flour", NOW, 12, 11.5)),
    "wrong cost": ("purchases", {}, {"cost": 25}, "", ("purchase", "flour", NOW, 25, 24)),
    "unknown material": ("purchases", {}, {"material": "salt"}, "projection", ("purchase", "salt", NOW, 12, 0)),
    "not balanced": ("projection", {"item": "bread", "week": NOW}, {"scrapped": 1}, "", ("projection", "bread", NOW, 0, 1)),
    "start is not the end": (
        "projection", {"item": "cake", "week": LAST}, {"start": 4, "end": 3}, "", ("projection", "cake", LAST, 4, 3),
    ),
    "start is not on hand": ("stock", {"item": "cake"}, {"units": 5}, "", ("projection", "cake", NOW, 2, 5)),
    "received not made": (
        "projection", {"item": "bread", "week": LAST}, {"received": 11, "scrapped": 1}, "",
        ("projection", "bread", LAST, 11, 10),
    ),
    "used not taken": (
        "projection", {"item": "flour", "week": LAST}, {"used": 8, "scrapped": 1}, "", ("projection", "flour", LAST, 8, 9),
    ),
    "load not used": ("prices", {"resource": "oven", "week": NOW}, {"used": 10.4}, "", ("prices", "oven", NOW, 10.4, 10.5)),
    "overtime not used": ("prices", {"resource": "oven", "week": NOW}, {"overtime": 0}, "", ("prices", "oven", NOW, 0, 0.5)),
    "other capacity": ("prices", {"resource": "flour", "week": NOW}, {"capacity": 25}, "", ("prices", "flour", NOW, 25, 26)),
    "unknown machine": ("prices", {"resource": "oven", "week": PAST}, {"resource": "kiln"}, "", ("prices", "kiln", PAST, 6, 0)),
    "made otherwise": (
        "money", {"product": "cake", "week": NEXT}, {"made": 5, "left": 1}, "", ("money", "cake", NEXT, 5, 4),
    ),
    "other demand": ("demand", {"product": "bread", "week": PAST}, {"units": 9}, "", ("money", "bread", PAST, 8, 9)),
    "neither sold nor lost": ("money", {"product": "bread", "week": NEXT}, {"lost": 1}, "", ("money", "bread", NEXT, 1, 2)),
    "sold and not there": (
        "money", {"product": "bread", "week": NEXT}, {"sold": 11, "lost": 1}, "", ("money", "bread", NEXT, 11, 10),
    ),
    "sold past its shelf life": ("economics", {"product": "cake"}, {"shelf_weeks": 1}, "", ("money", "cake", NEXT, 5, 4)),
    "left is gone": ("money", {"product": "cake", "week": PAST}, {"left": 0}, "", ("money", "cake", PAST, 0, 1)),
    "other profit": ("money", {"product": "cake", "week": PAST}, {"profit": 21}, "", ("money", "cake", PAST, 21, 20.9)),
    "hours not in the bill": (
        "uses", {"product": "bread", "resource": "oven"}, {"quantity": 0.31}, "prices",
        ("uses", "bread of oven", None, 0.31, 0.3),
    ),
    "material not counted": (
        "uses", {"product": "cake", "resource": "flour"}, {"quantity": 0}, "prices projection",
        ("uses", "cake of flour", None, 0, 1),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_each_rule_broken_once_is_the_only_breach(tables, case):
    """One number changed gives exactly its breach: rule, subject, week, found and allowed, on one line with its rows."""
    name, where, numbers, left_out, expected = BROKEN[case]
    breach = the_only(check(without(edited(tables, name, where, **numbers), *left_out.split())))
    assert brief(breach) == expected
    text = str(breach)
    assert text.startswith(f"{breach.rule}: {breach.subject}")
    assert "\n" not in text
    assert f"found {breach.found:,.10g}, expected " in text


def test_a_message_names_rows_and_the_next_step(tables):
    """Hours beyond the limit name the plan, what there is, who takes most of them and what to do."""
    breach = the_only(check(edited(tables, "machines", {}, overtime_hours=0.4)))
    assert str(breach) == (
        "machine hours: oven, week of 2024-01-15: found 10.5, expected at most 10.4, in plans with information 'now', "
        "limits 'real', cutoff 2024-01-15 (10 regular and 0.4 overtime hours). Hours go to bread (6), cake (4.5): make less "
        "of these in this week, or add hours in machines."
    )


def test_overtime_that_may_not_be_planned_is_no_hours(tables):
    """Without overtime the 10.5 hours stand against 10."""
    assert brief(the_only(check(tables, Plan(overtime=False)))) == ("machine hours", "oven", NOW, 10.5, 10)


def test_nothing_is_ready_before_the_lead_weeks(tables):
    """With a week of lead the cake of the first week could not be made; bread, not made in it, could."""
    later = edited(tables, "plans", {"product": "bread", "week": NOW}, units=0)
    breach = the_only(check(without(later, "prices", "projection"), Plan(lead_weeks=1)))
    assert brief(breach) == ("lead weeks", "cake", NOW, 9, 0)


def test_hours_are_taken_lead_weeks_before_the_units_are_ready(tables):
    """With a week of lead, 42 breads of the last week take 12.6 hours of the week before."""
    later = edited(tables, "plans", {"cutoff": NOW, "week": NOW}, units=0)
    later = edited(later, "plans", {"cutoff": NOW, "product": "cake"}, units=0)
    later = edited(later, "plans", {"product": "bread", "week": LAST}, units=42)
    later = edited(without(later, "prices", "projection", "orders"), "products", {}, lot_multiple=2)
    assert brief(the_only(check(later, Plan(lead_weeks=1)))) == ("machine hours", "oven", NOW, 12.6, 12)


def test_units_of_a_product_without_economics_are_found(tables):
    """Five units in each of two weeks of a product nobody gave a price are a breach."""
    for week in (NOW, LAST):
        row = {"information": "now", "limits": "real", "cutoff": NOW, "product": "pie", "week": week, "units": 5}
        tables = added(tables, "plans", **row)
    assert brief(the_only(check(without(tables, "projection")))) == ("economics", "pie", None, 10, 0)


def test_a_week_left_out_is_found(tables):
    """A plan without the row of one product and week names the week."""
    rows = [row for row in tables["plans"].to_pylist() if (row["product"], row["week"]) != ("cake", LAST)]
    tables["plans"] = table("plans", rows)
    breach = the_only(check(without(tables, "prices", "projection", "solves", "orders")))
    assert brief(breach) == ("weeks", "cake", LAST, 1, 2)


def test_a_late_order_has_to_stand_in_conflicts(tables):
    """12 cakes due where 2 + 9 are supplied are a breach, unless conflicts say that one of them is missing."""
    late = edited(edited(tables, "orders", {"order": "o1"}, units=12), "orders", {"order": "o2"}, kind="cancelled")
    late = edited(late, "plans", {"product": "cake", "week": NOW}, demand=12)
    assert brief(the_only(check(late))) == ("orders", "cake", NOW, 11, 12)
    said = {"row": "orders for cake due in the week of 2024-01-15", "needed": 10.0, "available": 9.0}
    known = edited(added(late, "conflicts", **said), "solves", {"cutoff": NOW}, status="infeasible")
    assert check(known) == []


def test_nobody_orders_in_the_past(tables):
    """With a lead of two weeks, flour arriving in the second week would have been ordered a week before the cutoff."""
    tables = edited(edited(tables, "materials", {}, lead_weeks=2), "stock", {"units": 20}, units=24)
    early = edited(without(tables, "prices", "projection"), "purchases", {}, week=NEXT)
    assert brief(the_only(check(early))) == ("purchase", "flour", NEXT, 1, 0)


def test_stock_never_falls_below_zero(tables):
    """A component used before it is made is a breach although every row balances."""
    tables = edited(tables, "projection", {"item": "dough", "week": NOW}, used=21, end=-1)
    tables = edited(tables, "projection", {"item": "dough", "week": LAST}, start=-1, received=11)
    assert brief(the_only(check(tables))) == ("projection", "dough", NOW, -1, 0)


@pytest.mark.parametrize(
    ("numbers", "found", "allowed"),
    [
        ({"objective": 122.69999}, 122.69999, 122.7),
        ({"bound": 122.0}, 122, 122.7),
        ({"bound": 123}, 122.7, 123),
        ({"status": "infeasible"}, 0, 1),
    ],
)
def test_how_a_plan_was_found_fits_the_plan(tables, numbers, found, allowed):
    """Objective, bound and status of another plan are breaches."""
    breach = the_only(check(edited(tables, "solves", {"cutoff": NOW}, **numbers)))
    assert (breach.rule, pytest.approx(breach.found), pytest.approx(breach.allowed)) == ("solves", found, allowed)
    assert "cutoff 2024-01-15" in breach.subject


def test_demand_that_waits_is_lost_after_the_last_week_only(tables):
    """Where demand waits, 8 cakes asked for and 6 sold, then 2 and 4, lose none; where it is lost at once they lose 2."""
    for week, asked, sold in ((PAST, 8, 6), (NEXT, 2, 4)):
        tables = edited(tables, "demand", {"product": "cake", "week": week}, units=asked)
        tables = edited(tables, "money", {"product": "cake", "week": week}, demand=asked, sold=sold, lost=0, left=0)
    tables = edited(tables, "money", {"product": "bread", "week": NEXT}, lost=2)
    assert check(tables, Plan(unserved="backorder")) == []
    assert [brief(breach) for breach in check(tables)] == [("money", "cake", PAST, 0, 2), ("money", "cake", NEXT, 0, -2)]


def test_an_option_is_held_between_its_bounds(tables):
    """Nuts that only a topping of 2 takes may be used from 0 to 2 a cake; what is not exploded exactly is said."""
    line = {"item": "cake", "component": "nut", "option": "topping", "value": "nuts", "quantity": 2}
    chosen = added(added(tables, "bom", **line), "materials", material="nut")
    assert check(without(added(chosen, "uses", product="cake", resource="nut", quantity=0.5), "projection")) == []
    breach = the_only(check(without(added(chosen, "uses", product="cake", resource="nut", quantity=2.5), "projection")))
    assert brief(breach) == ("uses", "cake of nut", None, 2.5, 2)
    assert "1 rows of 'bom' hold for one value of an option only" in " ".join(unchecked(chosen))


def test_items_that_contain_themselves_are_named(tables):
    """A loop in the bills is a breach with its items, and ends."""
    line = {"item": "dough", "component": "bread", "option": "always", "value": "always", "quantity": 1}
    found = [breach for breach in check(added(tables, "bom", **line)) if breach.subject == "bread"]
    assert the_only(found).message.startswith("table 'bom': items contain themselves: 'bread' needs 'dough' needs 'bread'.")


@pytest.mark.parametrize("seed", range(25))
def test_both_explosions_of_random_bills_agree(seed):
    """Bills of several levels explode by recursion to what the planner's matrices say."""
    rng = np.random.default_rng(seed)
    names = [f"i{number:02d}" for number in range(12)]
    lines = [
        {"item": item, "component": part, "option": "always", "value": "always", "quantity": float(rng.uniform(0, 2))}
        for place, item in enumerate(names[:8])
        for part in names[place + 1 :]
        if rng.random() < 0.4
    ]
    steps = [{"item": item, "step": 1, "machine": f"m{rng.integers(2)}", "hours": float(rng.random())} for item in names[:8]]
    bom, routing = table("bom", lines), table("routing", steps)
    machines, materials = ["m0", "m1"], names[8:]
    found = uses(explode(names[:3], bom), routing, machines=machines, materials=materials).tocoo()
    resources = [*machines, *materials]
    rows = [
        {"product": names[column], "resource": resources[row], "quantity": quantity}
        for row, column, quantity in zip(found.row, found.col, found.data.round(6), strict=True)
    ]
    given = {
        "plans": table("plans", []),
        "economics": table("economics", []),
        "demand": table("demand", []),
        "bom": bom,
        "routing": routing,
        "uses": table("uses", rows),
        "machines": table("machines", [{"machine": name} for name in machines]),
        "materials": table("materials", [{"material": name} for name in materials]),
    }
    assert rows
    assert check(given) == []


def test_bills_are_those_of_the_day(tables):
    """Of lines with dates those of the cutoff count, what is lost on the way is added, and the first alternate is taken."""
    rows = [row for row in tables["bom"].to_pylist() if row["item"] != "cake"]
    cake = {"item": "cake", "option": "always", "value": "always"}
    rows += [
        cake | {"component": "flour", "quantity": 0.4, "scrap": 0.2, "version": "now", "ends": date(2024, 1, 16)},  # 0.5
        cake | {"component": "flour", "quantity": 9.0, "version": "later", "starts": date(2024, 1, 16)},
        cake | {"component": "flour", "quantity": 0.5, "version": "a", "alternate": "base"},
        cake | {"component": "salt", "quantity": 3.0, "version": "b", "alternate": "base"},
    ]
    assert check(tables | {"bom": table("bom", rows)}) == []
    rows[-2]["version"] = "c"
    assert {breach.rule for breach in check(tables | {"bom": table("bom", rows)})} >= {"uses"}


def test_of_machines_that_can_do_a_step_the_cheapest_is_judged(tables):
    """A second oven for cakes that is slower or dearer changes nothing; a faster one at no further cost does."""
    for hours, cost, broken in ((0.6, None, False), (0.3, 1.0, False), (0.3, None, True)):
        other = added(tables, "routing", item="cake", step=1, machine="kiln", hours=hours, unit_cost=cost)
        found = check(added(other, "machines", machine="kiln", hours=10))
        assert {breach.rule for breach in found if breach.rule == "uses"} == ({"uses"} if broken else set())


def test_a_product_says_whether_its_demand_waits(tables):
    """Cakes that say for themselves that demand waits are settled so, whatever the settings say of bread."""
    for week, asked, sold in ((PAST, 8, 6), (NEXT, 2, 4)):
        tables = edited(tables, "demand", {"product": "cake", "week": week}, units=asked)
        tables = edited(tables, "money", {"product": "cake", "week": week}, demand=asked, sold=sold, lost=0, left=0)
    assert check(edited(tables, "products", {"product": "cake"}, unserved="backorder")) == []
    assert {breach.subject for breach in check(tables)} == {"cake"}


def test_what_is_absent_is_not_judged_and_said(tables):
    """With nothing but plans, economics and demand there is no breach, and every rule that is not judged is named."""
    few = {name: tables[name] for name in ("plans", "economics", "demand")}
    assert check(few) == []
    assert len(unchecked(few)) == 12
    assert "Table 'machines' is absent: no machine limits a plan." in unchecked(few)


def test_setup_hours_are_said_to_be_left_out(tables):
    """Hours to set up a lot are counted by nobody, and that is said."""
    said = unchecked(edited(tables, "routing", {"item": "cake"}, setup_hours=0.5))
    assert said == ["1 rows of 'routing' have setup hours: published plans count hours by unit only, and so does this."]


def test_needed_tables_are_named(tables):
    """Without plans and demand the message names both and the next step."""
    with pytest.raises(MissingTableError, match=r"without plans, demand\. Make what is missing with: lotwise run"):
        check(without(tables, "plans", "demand"))


def test_every_rule_is_in_the_list_and_in_the_table_of_rules():
    """The rules counted are those documented, in any order; every table that ``check`` reads has a contract."""
    exploded, by_lot = (rules.__doc__.split("=\n")[place].splitlines() for place in (1, 4))
    documented = {line[:16].strip() for line in (*exploded, *by_lot) if line[:1].strip("= ")}
    assert sorted(documented) == sorted(RULES)
    assert len(set(RULES)) == len(RULES)
    assert [contract(name).name for name in READS] == list(READS)


def test_the_checker_shares_no_code_with_the_planner():
    """No file of the checker imports anything of the planner's."""
    files = sorted(Path(inspect.getfile(check)).parent.glob("*.py"))
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
    wanted = {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    wanted |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    assert {"lotwise.plan.check.uses", "lotwise.plan.check.rules"} <= wanted
    own = ("lotwise.errors", "lotwise.config", "lotwise.plan.check")
    assert not [name for name in wanted if (name or "lotwise").startswith("lotwise.") and not name.startswith(own)]


SETTINGS = """
[[collect]]
table = "bom"
files = "bom.csv"

[[collect]]
table = "materials"
files = "materials.csv"

[[collect]]
table = "stock"
files = "stock.csv"

[plan]
lead_weeks = 1
"""


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """Return the published tables of the shop with bills, materials, stock, lots and a week of lead, up to its plans."""
    folder = tmp_path_factory.mktemp("check") / "shop"
    shop.write(folder)
    listed = [("bread", 6, 6), ("cake", 4, ""), ("tea", "", "")]
    lines = (folder / "products.csv").read_text(encoding="utf-8").splitlines()
    rules = ["lot_minimum,lot_multiple", *(f"{least},{step}" for _, least, step in listed)]
    (folder / "products.csv").write_text("\n".join(",".join(pair) for pair in zip(lines, rules, strict=True)), encoding="utf-8")
    always = ("always", "always")
    parts = [("bread", "dough", *always, 1), ("dough", "flour", *always, 0.5), ("cake", "flour", *always, 0.3)]
    shop.rows(folder / "bom.csv", ("item", "component", "option", "value", "quantity"), parts)
    with (folder / "routing.csv").open("a", encoding="utf-8") as stream:
        stream.write("dough,1,oven,0.02\n")
    names = ("material", "unit_cost", "lead_weeks", "weekly_limit", "minimum_order")
    shop.rows(folder / "materials.csv", names, [("flour", 0.5, 2, 12, 8)])
    day = "2024-07-28"
    shop.rows(folder / "stock.csv", ("item", "region", "day", "units"), [("flour", "all", day, 14), ("tea", "all", day, 9)])
    given = 'columns = { product = "sku", category = "kind", unit_cost = "cost", unit_price = "list" }'
    shop.change(folder / "lotwise.toml", given, given[:-2] + ', lot_minimum = "lot_minimum", lot_multiple = "lot_multiple" }')
    shop.change(folder / "lotwise.toml", 'methods = ["history", "ses", "poisson"]', 'methods = ["history"]')
    with (folder / "lotwise.toml").open("a", encoding="utf-8") as stream:
        stream.write(SETTINGS)
    project = lotwise.open_project(folder)
    project.run(until="plan")
    wanted = ("plans purchases projection prices uses machines materials stock products bom routing orders economics money "
              "demand solves conflicts lots shipments loads deliveries pegging exceptions charges")  # fmt: skip
    return {name: project.table(name) for name in wanted.split()}


def test_the_published_plans_of_the_shop_pass(planned):
    """What the planner publishes for a shop with bills, lots, lead weeks and short flour keeps every rule."""
    found = check(planned, Plan(lead_weeks=1))
    assert [str(breach) for breach in found] == []
    binding = [row for row in planned["prices"].to_pylist() if row["price"] > 0]
    assert {"oven", "flour"} <= {row["resource"] for row in binding}
    assert planned["purchases"].num_rows


def test_any_unit_more_of_a_published_plan_is_found(planned):
    """A unit added to any row of the plan to carry out contradicts the tables beside it."""
    rows = planned["plans"].to_pylist()
    latest = max(row["cutoff"] for row in rows)
    for number, row in enumerate(rows):
        if row["cutoff"] == latest and row["information"] == "now" and row["limits"] == "real":
            more = [{**other, "units": other["units"] + (place == number)} for place, other in enumerate(rows)]
            spoiled = planned | {"plans": pa.Table.from_pylist(more, schema=planned["plans"].schema)}
            rules = Counter(breach.rule for breach in check(spoiled, Plan(lead_weeks=1)))
            assert rules["for sale"] >= 1, row
