from datetime import date

import pyarrow as pa
import pytest
from msgspec import structs

from lotwise.config import Plan
from lotwise.plan.check import check, unchecked
from lotwise.tables import contract, planned

PAST, FIRST, SECOND, THIRD = date(2024, 1, 8), date(2024, 1, 15), date(2024, 1, 22), date(2024, 1, 29)
SETTINGS = Plan(weeks=3, frozen_weeks=1, lead_service=0.9)

# A cake takes 2 dough and as filling 1 jam or 1.5 cream; dough takes flour, 0.5 of which a fifth is lost on the way in until
# 2024-01-21 (0.625), then 0.6. Dough takes a week, a tenth of it is waste, and with each started comes 0.1 of crumbs.
# Cake: 10 in the first week (in 0.5 hours each and 0.5 to set up: 5.5 hours of oven) with 20 dough, 4 jam and 9 cream, as
# 4 + 6 of 10; an approved lot of 5 in the third (0.6 hours each: 3 of kiln) with 10 dough and 5 jam. 4 are on hand.
# Dough: 20 started in the first week (12.5 flour, 18 good, 2 crumbs), 10 in the second (6 flour, 9 good, 1 crumbs).
# Flour comes in 1 + 1.2816 x 0.5 = 1.64, so 2 weeks; 50 at 1.5 and 3 for the order are 78.
# Orders: 8 due in the first week of the 14 there; 10 in the second: 4 too few, and 19 by the third week.
LOTS = {
    # lot: item, route, week, ready, started, units, family, status, previous
    "C0": ("cake", "oven", FIRST, FIRST, 10, 10, "", "frozen", 10),
    "L7": ("cake", "kiln", THIRD, THIRD, 5, 5, "", "approved", None),
    "D0": ("dough", "mixer", FIRST, SECOND, 20, 18, "yeast", "frozen", 18),
    "D1": ("dough", "mixer", SECOND, THIRD, 10, 9, "yeast", "proposed", 0),
}
PROJECTION = {
    # item: start, received and used of each week
    "cake": (4, (10, 0, 5), (8, 6, 5)),
    "dough": (30, (0, 18, 9), (20, 0, 10)),
    "flour": (100, (0, 20, 50), (12.5, 6, 0)),
    "jam": (6, (0, 0, 3), (4, 0, 5)),
    "cream": (0, (9, 0, 0), (9, 0, 0)),
    "crumbs": (0, (0, 2, 1), (0, 0, 0)),
}
PEGGING = [
    # demand, supply, item, week, units
    ("order o1/1", "stock cake", "cake", FIRST, 4),
    ("order o1/1", "C0", "cake", FIRST, 4),
    ("order o2/1", "C0", "cake", SECOND, 6),
    ("order o2/1", "L7", "cake", THIRD, 4),
    ("forecast cake 2024-01-29", "L7", "cake", THIRD, 1),
    ("C0", "stock dough", "dough", FIRST, 20),
    ("C0", "stock jam", "jam", FIRST, 4),
    ("C0", "stock cream", "cream", FIRST, 9),
    ("L7", "stock dough", "dough", THIRD, 10),
    ("L7", "stock jam", "jam", THIRD, 2),
    ("L7", "purchase jam 2024-01-29", "jam", THIRD, 3),
    ("D0", "stock flour", "flour", FIRST, 12.5),
    ("D1", "stock flour", "flour", SECOND, 6),
    ("stock flour", "stock flour", "flour", THIRD, 81.5),
    ("stock flour", "receipt PO1", "flour", THIRD, 20),
    ("stock flour", "purchase flour mill 2024-01-15", "flour", THIRD, 50),
    ("stock dough", "D0", "dough", THIRD, 18),
    ("stock dough", "D1", "dough", THIRD, 9),
    ("stock crumbs", "D0", "crumbs", THIRD, 2),
    ("stock crumbs", "D1", "crumbs", THIRD, 1),
]
LOADS = {
    # machine, week: hours, run, set-up; the Monday of the third week is a holiday, the mixer is looked after in the second
    ("oven", FIRST): (40, 5, 0.5),
    ("oven", SECOND): (40, 0, 0),
    ("oven", THIRD): (32, 0, 0),
    ("kiln", FIRST): (10, 0, 0),
    ("kiln", SECOND): (10, 0, 0),
    ("kiln", THIRD): (8, 3, 0),
    ("mixer", FIRST): (20, 2, 1),
    ("mixer", SECOND): (10, 1, 1),
    ("mixer", THIRD): (16, 0, 0),
}


def table(name, rows):
    """Return rows as the named table; columns that are left out are empty, or of no account."""
    empty = {"string": "all", "double": 0.0, "int64": 1, "bool": False, "date32[day]": FIRST, "timestamp[us]": None}
    columns = (getattr(planned, name.upper(), None) or contract(name)).columns
    filled = [{c.name: None if c.nullable else empty[str(c.type)] for c in columns} | row for row in rows]
    return pa.Table.from_pylist(filled, schema=pa.schema([(c.name, c.type) for c in columns]))


def projection():
    for item, (start, received, used) in PROJECTION.items():
        kind = {"cake": "product", "dough": "component"}.get(item, "material")
        there = start
        for week, came, went in zip((FIRST, SECOND, THIRD), received, used, strict=True):
            row = {"item": item, "kind": kind, "week": week, "received": came, "used": went}
            yield row | {"start": there, "end": there + came - went}
            there += came - went


def line(item, component, quantity, **more):
    return {"item": item, "component": component, "quantity": quantity, "option": "always", "value": "always"} | more


@pytest.fixture
def tables():
    """Return the tables of a plan made lot by lot that keeps every rule."""
    plan = {"information": "now", "limits": "real", "cutoff": FIRST}
    lots = ("item", "route", "week", "ready", "started", "units", "family", "status", "previous")
    flour = {"material": "flour", "supplier": "mill", "lead_weeks": 1, "lead_spread": 0.5, "minimum_order": 5}
    flour |= {"order_multiple": 5, "order_cost": 3, "weekly_limit": 100}
    rows = {
        "plans": [
            plan | {"product": "cake", "week": week, "units": units, "demand": demand, "sold": sold, "lost": lost, "profit": 20}
            for week, units, demand, sold, lost in ((FIRST, 10, 8, 8, 0), (SECOND, 0, 10, 6, 0), (THIRD, 5, 3, 5, 2))
        ],
        "solves": [plan | {"status": "infeasible", "objective": 60, "bound": 60}],
        "conflicts": [{"row": "orders for cake due in the week of 2024-01-22", "needed": 10, "available": 6}],
        "lots": [{"lot": lot} | dict(zip(lots, values, strict=True)) for lot, values in LOTS.items()],
        "purchases": [
            {"material": "flour", "supplier": "mill", "week": FIRST, "arrives": THIRD, "units": 50, "cost": 78},
            {"material": "jam", "supplier": "", "week": THIRD, "arrives": THIRD, "units": 3, "cost": 3},
        ],
        "shipments": [],
        "loads": [
            {"machine": machine, "week": week, "hours": hours, "run": run, "setup": setup}
            | {"most_overtime": 5 if machine == "oven" else 0}
            for (machine, week), (hours, run, setup) in LOADS.items()
        ],
        "prices": [plan | {"resource": "oven", "week": FIRST, "kind": "machine", "used": 5.5, "capacity": 40, "unit": "hours"}],
        "deliveries": [
            {"order": "o1", "line": 1, "product": "cake", "units": 8, "due": FIRST, "week": FIRST, "late_weeks": 0}
            | {"reason": ""},
            {"order": "o2", "line": 1, "product": "cake", "units": 10, "due": SECOND, "week": THIRD, "late_weeks": 1}
            | {"late_units": 4, "money": 36, "reason": "oven is full"},
        ],
        "pegging": [dict(zip(("demand", "supply", "item", "week", "units"), row, strict=True)) for row in PEGGING],
        "projection": list(projection()),
        "exceptions": [
            {"rank": 1, "kind": "late", "subject": "o2/1", "week": SECOND, "money": 36},
            {"rank": 2, "kind": "surplus", "subject": "flour", "week": FIRST, "money": 10},
        ],
        "products": [{"product": "cake", "make": "order", "unserved": "backorder"}, {"product": "tart", "make": "assemble"}],
        "economics": [{"product": "cake", "unit_price": 9, "unit_cost": 4}],
        "demand": [{"product": "cake", "week": PAST, "units": 5}],
        "items": [
            {"item": "dough", "lead_weeks": 1, "yield": 0.9, "family": "yeast"}
            | {"lot_minimum": 10, "lot_multiple": 5, "lot_maximum": 40},
        ],
        "bom": [
            line("cake", "dough", 2),
            line("cake", "jam", 1, alternate="filling"),
            line("cake", "cream", 1.5, alternate="filling"),
            line("cake", "crumbs", 0.3, option="topping", value="crumbs"),
            line("dough", "flour", 0.5, scrap=0.2, ends=date(2024, 1, 21), version="old"),
            line("dough", "flour", 0.6, starts=date(2024, 1, 22), version="new"),
        ],
        "coproducts": [{"item": "dough", "coproduct": "crumbs", "quantity": 0.1}],
        "routing": [
            {"item": "cake", "step": 1, "machine": "oven", "hours": 0.5, "setup_hours": 0.5},
            {"item": "cake", "step": 1, "machine": "kiln", "hours": 0.6},
            {"item": "dough", "step": 1, "machine": "mixer", "hours": 0.1},
        ],
        "families": [{"family": "yeast", "machine": "mixer", "setup_hours": 1}],
        "machines": [
            {"machine": "oven", "hours": 40, "overtime_hours": 5, "extra_shifts": 1, "shift_hours": 8},
            {"machine": "kiln", "hours": 10},
            {"machine": "mixer", "hours": 20},
        ],
        "machine_weeks": [{"machine": "mixer", "week": SECOND, "hours": 10}],
        "calendar": [{"day": THIRD, "region": "all", "name": "holiday", "working": False}],
        "materials": [{"material": "jam", "unit_cost": 1}, {"material": "cream", "unit_cost": 1, "lead_weeks": 1}],
        "suppliers": [flour | {"from_units": 0, "unit_price": 2}, flour | {"from_units": 50, "unit_price": 1.5}],
        "receipts": [
            {"receipt": "PO1", "item": "flour", "kind": "purchase", "day": SECOND, "units": 20},
            {"receipt": "L7", "item": "cake", "kind": "lot", "day": date(2024, 2, 2), "units": 5, "begun": False},
        ],
        "stock": [
            {"item": item, "day": date(2024, 1, 14), "units": units}
            for item, units in (("cake", 4), ("dough", 30), ("flour", 100), ("jam", 6))
        ],
        "orders": [
            {"order": order, "line": 1, "product": "cake", "units": units, "due": due, "kind": "sale", "unit_price": 9}
            for order, units, due in (("o1", 8, FIRST), ("o2", 10, date(2024, 1, 24)), ("o3", 9, date(2024, 1, 10)))
        ],
    }  # fmt: skip
    for name in ("uses", "money"):
        rows[name] = []
    return {name: table(name, content) for name, content in rows.items() if name != "uses"}


def edited(tables, name, where, **numbers):
    """Return the tables with other values in the rows of one table that hold what ``where`` says; there must be some."""
    rows = tables[name].to_pylist()
    chosen = [row for row in rows if all(row[key] == value for key, value in where.items())]
    assert chosen
    for row in chosen:
        row.update(numbers)
    return tables | {name: pa.Table.from_pylist(rows, schema=tables[name].schema)}


def dropped(tables, name, **where):
    """Return the tables without the rows of one table that hold what ``where`` says; there must be some."""
    rows = tables[name].to_pylist()
    kept = [row for row in rows if any(row[key] != value for key, value in where.items())]
    assert len(kept) < len(rows)
    return tables | {name: pa.Table.from_pylist(kept, schema=tables[name].schema)}


def added(tables, name, **row):
    """Return the tables with one more row in one of them."""
    return tables | {name: pa.concat_tables([tables[name], table(name, [row])])}


def test_a_plan_made_lot_by_lot_passes(tables):
    """A plan worked out by hand over bills, stock, suppliers and machines has no breach."""
    assert [str(breach) for breach in check(tables, SETTINGS)] == []


def test_charges_and_standard_costs_are_what_the_plan_costs(tables):
    """19 cakes at 9, less 15 at 4, less 4 that wait a week at a tenth of 9, less charges of 47.4, is the profit of 60."""
    settings = structs.replace(SETTINGS, backorder_share=0.1)
    given = [("order", FIRST, 3.0), ("setup", FIRST, 45.0), ("buy", SECOND, -0.6)]
    published = tables | {"charges": table("charges", [{"cause": cause, "week": week, "money": m} for cause, week, m in given])}
    assert [str(breach) for breach in check(published, settings)] == []
    found = check(edited(published, "charges", {"cause": "setup"}, money=44.0), settings)
    assert [(breach.rule, round(breach.found, 6), round(breach.allowed, 6)) for breach in found] == [("charges", 60, 61)]


BROKEN = {
    # the table, its row and what is changed; the rule that is broken, and its subject
    "negative": ("lots", {"lot": "D1"}, {"units": -9}, ("not negative", "D1")),
    "ready too early": ("lots", {"lot": "D1"}, {"ready": SECOND}, ("work order", "D1")),
    "ready after the plan": ("lots", {"lot": "D1"}, {"week": THIRD, "ready": date(2024, 2, 5)}, ("work order", "D1")),
    "started before the plan": ("lots", {"lot": "D0"}, {"week": PAST, "ready": FIRST}, ("work order", "D0")),
    "another yield": ("lots", {"lot": "D1"}, {"units": 10}, ("work order", "D1")),
    "lot too small": ("lots", {"lot": "D1"}, {"started": 5, "units": 4.5}, ("work order", "D1")),
    "lot not whole": ("lots", {"lot": "D1"}, {"started": 12, "units": 10.8}, ("work order", "D1")),
    "lot too large": ("lots", {"lot": "D1"}, {"started": 45, "units": 40.5}, ("work order", "D1")),
    "unknown route": ("lots", {"lot": "D1"}, {"route": "oven"}, ("work order", "D1")),
    "no bill holds": ("bom", {"version": "new"}, {"starts": THIRD}, ("work order", "D1")),
    "component missing": ("stock", {"item": "dough"}, {"units": 19}, ("stock", "dough")),
    "material missing": ("stock", {"item": "flour"}, {"units": 12}, ("stock", "flour")),
    "purchase too late": ("purchases", {"material": "jam"}, {"units": 2, "cost": 2}, ("stock", "jam")),
    "coproduct forgotten": ("coproducts", {}, {"quantity": 0.2}, ("projection", "crumbs")),
    "receipt forgotten": ("receipts", {"receipt": "PO1"}, {"units": 30}, ("projection", "flour")),
    "other units for sale": ("plans", {"week": THIRD}, {"units": 6}, ("for sale", "cake")),
    "nothing made for sale": ("lots", {"lot": "C0"}, {"started": 9, "units": 9}, ("for sale", "cake")),
    "other run hours": ("loads", {"machine": "kiln", "week": THIRD}, {"run": 2.5}, ("load", "kiln")),
    "set-up of a lot forgotten": ("loads", {"machine": "oven", "week": FIRST}, {"setup": 0}, ("load", "oven")),
    "set-up of a family forgotten": ("loads", {"machine": "mixer", "week": SECOND}, {"setup": 0}, ("load", "mixer")),
    "holiday forgotten": ("loads", {"machine": "oven", "week": THIRD}, {"hours": 40}, ("load", "oven")),
    "maintenance forgotten": ("machine_weeks", {}, {"hours": 1.5}, ("load", "mixer")),
    "too few hours": ("machines", {"machine": "kiln"}, {"hours": 3}, ("load", "kiln")),
    "too much overtime": ("loads", {"machine": "kiln", "week": THIRD}, {"overtime": 1}, ("load", "kiln")),
    "overtime for nothing": ("loads", {"machine": "oven", "week": FIRST}, {"overtime": 2}, ("load", "oven")),
    "half a shift": ("loads", {"machine": "oven", "week": FIRST}, {"shifts": 4}, ("load", "oven")),
    "arrives too early": ("suppliers", {}, {"lead_spread": 0.9}, ("purchase", "flour")),
    "ordered in the past": ("purchases", {"material": "jam"}, {"week": PAST, "arrives": PAST}, ("purchase", "jam")),
    "not sold any more": ("suppliers", {}, {"ends": date(2024, 1, 14)}, ("purchase", "flour")),
    "unknown supplier": ("purchases", {"material": "flour"}, {"supplier": "miller"}, ("purchase", "flour")),
    "price break not reached": ("suppliers", {"from_units": 50}, {"from_units": 51}, ("purchase", "flour")),
    "ordering not paid": ("purchases", {"material": "flour"}, {"cost": 75}, ("purchase", "flour")),
    "more than a week can have": ("suppliers", {}, {"weekly_limit": 40}, ("purchase", "flour")),
    "frozen too late": ("lots", {"lot": "D1"}, {"status": "frozen"}, ("decided", "D1")),
    "more than frozen": ("lots", {"lot": "D0"}, {"previous": 9}, ("decided", "D0")),
    "approved lot not approved": ("lots", {"lot": "L7"}, {"status": "proposed"}, ("decided", "L7")),
    "approved lot left out": ("receipts", {"receipt": "L7"}, {"receipt": "L8"}, ("decided", "L8")),
    "approved lot made larger": ("receipts", {"receipt": "L7"}, {"units": 4}, ("decided", "L7")),
    "order line not as ordered": ("deliveries", {"order": "o1"}, {"units": 7}, ("delivery", "o1/1")),
    "order line of nobody": ("deliveries", {"order": "o1"}, {"order": "o4"}, ("delivery", "o4/1")),
    "due in another week": ("deliveries", {"order": "o1"}, {"due": SECOND}, ("delivery", "o1/1")),
    "order of nothing planned": ("orders", {"order": "o3"}, {"product": "tart", "due": SECOND}, ("delivery", "o3/1")),
    "late and not said": ("deliveries", {"order": "o2"}, {"week": SECOND, "late_weeks": 0}, ("delivery", "o2/1")),
    "too few units late": ("deliveries", {"order": "o2"}, {"late_units": 3, "money": 27}, ("delivery", "o2/1")),
    "other money at risk": ("deliveries", {"order": "o2"}, {"money": 30}, ("delivery", "o2/1")),
    "late without a reason": ("deliveries", {"order": "o2"}, {"reason": ""}, ("delivery", "o2/1")),
    "serves more than it is": ("pegging", {"supply": "L7", "units": 1}, {"units": 2}, ("pegging", "L7")),
    "serves before it is there": ("pegging", {"supply": "D0", "item": "dough"}, {"week": FIRST}, ("pegging", "D0")),
    "supply of nobody": ("pegging", {"supply": "D0"}, {"supply": "D9"}, ("pegging", "D9")),
    "takes less than the bill": ("pegging", {"demand": "L7", "item": "dough"}, {"units": 9}, ("pegging", "L7")),
    "takes what is in no bill": ("pegging", {"demand": "D1"}, {"item": "jam"}, ("pegging", "D1")),
    "fillings that do not fill": ("pegging", {"demand": "C0", "item": "cream"}, {"units": 8}, ("pegging", "C0")),
    "not balanced": ("projection", {"item": "dough", "week": THIRD}, {"end": 28}, ("projection", "dough")),
    "start is not on hand": ("projection", {"item": "dough", "week": FIRST}, {"start": 31}, ("projection", "dough")),
    "used otherwise": ("projection", {"item": "flour", "week": FIRST}, {"used": 12, "end": 88}, ("projection", "flour")),
    "hours priced otherwise": ("prices", {}, {"used": 5}, ("prices", "oven")),
    "rank left out": ("exceptions", {"rank": 2}, {"rank": 3}, ("exception", "flour")),
    "dearest not first": ("exceptions", {"rank": 2}, {"money": 40}, ("exception", "flour")),
    "late but optimal": ("solves", {}, {"status": "optimal"}, ("solves", None)),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_each_rule_broken_once_is_found(tables, case):
    """One cell changed breaks its rule for its subject, in one line that says where and what to do."""
    name, where, numbers, (rule, subject) = BROKEN[case]
    found = [breach for breach in check(edited(tables, name, where, **numbers), SETTINGS) if breach.rule == rule]
    mine = [breach for breach in found if subject in (None, breach.subject)]
    assert mine, [str(breach) for breach in found]
    assert all("\n" not in str(breach) and str(breach).endswith(".") for breach in mine)


@pytest.mark.parametrize(
    ("name", "column"),
    [("lots", "started"), ("lots", "units"), ("purchases", "units"), ("pegging", "units"), ("projection", "received"),
     ("projection", "used"), ("loads", "run"), ("loads", "setup"), ("deliveries", "units"), ("deliveries", "late_units")],
)  # fmt: skip
def test_a_unit_more_in_any_row_is_found(tables, name, column):
    """A unit or an hour added to any row contradicts another table."""
    rows = tables[name].to_pylist()
    for number, row in enumerate(rows):
        more = [{**other, column: other[column] + (place == number)} for place, other in enumerate(rows)]
        assert check(tables | {name: pa.Table.from_pylist(more, schema=tables[name].schema)}, SETTINGS), row


@pytest.mark.parametrize(("name", "where", "broken"), [
    ("deliveries", {"order": "o2"}, ("delivery", "o2/1")),
    ("lots", {"lot": "L7"}, ("decided", "L7")),
    ("loads", {"machine": "kiln", "week": THIRD}, ("load", "kiln")),
    ("pegging", {"supply": "D1", "item": "dough"}, ("pegging", "D1")),
    ("projection", {"item": "dough", "week": FIRST}, ("projection", "dough")),
    ("receipts", {"receipt": "PO1"}, ("projection", "flour")),
    ("machines", {"machine": "kiln"}, ("load", "kiln")),
    ("calendar", {}, ("load", "oven")),
])  # fmt: skip
def test_a_row_that_is_missing_is_found(tables, name, where, broken):
    """A row left out of a published or collected table contradicts the others."""
    assert broken in {(breach.rule, breach.subject) for breach in check(dropped(tables, name, **where), SETTINGS)}


def test_settings_are_part_of_the_rules(tables):
    """Another lead time, service, overtime or fence breaks what was planned with these; without limits hours do not."""
    others = {"work order": {"lead_weeks": 1}, "purchase": {"lead_service": 0.5}, "load": {"overtime": False}}
    for rule, other in (others | {"decided": {"frozen_weeks": 0}}).items():
        assert rule in {breach.rule for breach in check(tables, Plan(**{"frozen_weeks": 1} | other))}
    small = edited(tables, "machines", {"machine": "mixer"}, hours=2)
    small = edited(small, "machine_weeks", {}, hours=2)
    for week, hours in ((FIRST, 2), (SECOND, 2), (THIRD, 1.6)):
        small = edited(small, "loads", {"machine": "mixer", "week": week}, hours=hours)
    assert {(breach.rule, breach.subject) for breach in check(small, SETTINGS)} == {("load", "mixer")}
    assert check(small, Plan(frozen_weeks=1, mode="unconstrained")) == []


def test_a_choice_of_machines_leaves_hours_open(tables):
    """A lot that may run on oven or kiln is held between 0 and all its hours on each, and that is said."""
    either = edited(tables, "lots", {"lot": "L7"}, route="kiln or oven")
    assert check(either, SETTINGS) == []
    shared = edited(either, "loads", {"machine": "kiln", "week": THIRD}, run=1.8)
    assert check(edited(shared, "loads", {"machine": "oven", "week": THIRD}, run=1, setup=0.5), SETTINGS) == []
    assert [breach.subject for breach in check(edited(either, "loads", {"machine": "kiln"}, run=3.1), SETTINGS)][:1] == ["kiln"]
    assert "1 rows of 'lots' choose among machines" in " ".join(unchecked(either))


def test_what_nobody_counts_is_there_until_an_order_could_come(tables):
    """Cream that nobody counts is taken in its first week, for an order takes one; in the second it has to be bought."""
    later = edited(tables, "materials", {"material": "cream"}, lead_weeks=0)
    assert ("stock", "cream") in {(breach.rule, breach.subject) for breach in check(later, SETTINGS)}


def test_orders_of_what_is_not_planned_are_late_through_the_whole_plan(tables):
    """An order of a product that nobody plans stands in deliveries as not there within the plan, and nowhere else."""
    ordered = {"order": "o9", "line": 1, "product": "tart", "units": 3}
    late = {"late_weeks": 2, "late_units": 3, "money": 15, "reason": "not planned"}
    given = added(tables, "orders", **ordered, due=date(2024, 1, 24), kind="sale", unit_price=5)
    assert check(added(given, "deliveries", **ordered, due=SECOND, week=None, **late), SETTINGS) == []
    there = late | {"late_weeks": 1}
    found = check(added(given, "deliveries", **ordered, due=SECOND, week=THIRD, **there), SETTINGS)
    assert [(breach.rule, breach.subject) for breach in found] == [("delivery", "o9/1")]


def test_what_was_expected_before_the_plan_comes_in_its_first_week(tables):
    """A purchase overdue since Friday counts as there on the first Monday; one after the last week does not count."""
    overdue = edited(tables, "receipts", {"receipt": "PO1"}, day=date(2024, 1, 12))
    assert {breach.subject for breach in check(overdue, SETTINGS) if breach.rule == "projection"} == {"flour"}
    for week, received, start in ((FIRST, 20, 100), (SECOND, 0, 107.5)):
        end = start + received - (12.5 if week == FIRST else 6)
        overdue = edited(overdue, "projection", {"item": "flour", "week": week}, start=start, received=received, end=end)
    assert check(overdue, SETTINGS) == []
    assert (
        check(added(overdue, "receipts", receipt="PO2", item="flour", kind="purchase", day=date(2024, 2, 5), units=9), SETTINGS)
        == []
    )


def test_lots_over_two_sites_need_what_is_at_their_own(tables):
    """Dough that is all at the depot cannot be taken in town before a shipment brings it, by a lane that runs."""
    for name, where in (("stock", {"item": "dough"}), ("items", {"item": "dough"}), ("lots", {"item": "dough"})):
        tables = edited(tables, name, where, site="depot")
    tables = edited(tables, "lots", {"item": "cake"}, site="town")
    moved = {"item": "dough", "origin": "depot", "target": "town"}
    lane = table("lanes", [moved | {"item": "all", "lead_weeks": 0, "unit_cost": 0.1, "multiple": 5}])
    tables = {name: content for name, content in tables.items() if name != "pegging"} | {"lanes": lane}
    alone = check(tables, SETTINGS)
    assert {(breach.rule, breach.subject) for breach in alone} == {("stock", "dough")}
    assert "at town" in alone[0].message
    sent = added(tables, "shipments", **moved, week=FIRST, arrives=FIRST, units=20, cost=2)
    sent = added(sent, "shipments", **moved, week=THIRD, arrives=THIRD, units=10, cost=1)
    assert [str(breach) for breach in check(sent, SETTINGS)] == []
    for numbers in ({"cost": 3}, {"arrives": date(2024, 2, 5)}, {"units": 11, "cost": 1.1}, {"origin": "mars"}):
        found = check(edited(sent, "shipments", {"week": THIRD}, **numbers), SETTINGS)
        assert "shipment" in {breach.rule for breach in found}


def test_what_cannot_be_judged_is_said(tables):
    """Without pegging, loads, deliveries and receipts the rest is judged, and each lack is a sentence."""
    few = {name: rows for name, rows in tables.items() if name not in ("pegging", "loads", "deliveries", "receipts")}
    few = dropped(dropped(few, "lots", lot="L7"), "plans", week=THIRD)
    said = " ".join(unchecked(few))
    for name in ("uses", "pegging", "loads", "deliveries", "receipts"):
        assert f"Table '{name}' is absent: " in said
    assert "2 rows of 'bom' stand in for each other" in said
    assert "1 rows of 'bom' hold for one value of an option only" in said
    assert [sentence for sentence in unchecked(tables) if "absent" in sentence] == [said[: said.index(" Table")]]
