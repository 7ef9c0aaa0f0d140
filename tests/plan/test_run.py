from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from lotwise import SettingsError, config
from lotwise.plan import run
from lotwise.plan.windows import windows
from lotwise.stage import Inputs
from lotwise.tables import contract

CUTOFFS = (date(2024, 1, 1), date(2024, 1, 15), date(2024, 1, 29))
"""Two settled windows of two weeks, and the current one."""


def table(name, rows):
    """Return a table that keeps its contract, columns that may be absent left out."""
    return contract(name).check(pa.Table.from_pylist(rows, schema=pa.schema([contract(name).schema.field(n) for n in rows[0]])))


def mondays(cutoff):
    return [cutoff, cutoff + timedelta(weeks=1)]


def bakery():
    """Return the tables of a bakery: bread (fresh for a week), rusk (keeps), one oven that is too small, flour."""
    rng = np.random.default_rng(5)
    asked = {(p, w): float(rng.poisson(20)) for p in ("bread", "rusk") for c in CUTOFFS for w in mondays(c)}
    demand = [
        {"product": p, "region": "all", "week": w, "units": u, "revenue": 5 * u, "orders": 3, "customers": 2, "censored": False}
        for (p, w), u in asked.items()
        if w < CUTOFFS[2]
    ]
    draws = []
    for cutoff in CUTOFFS:
        states = ("none", "now") if cutoff == CUTOFFS[2] else ("none", "now", "perfect")
        for information in states:
            for p, region in (("bread", "north"), ("bread", "south"), ("rusk", "all"), ("stray", "all")):
                for w in mondays(cutoff):
                    units = rng.poisson(10 if p == "bread" else 20, 1 if information == "perfect" else 12).tolist()
                    key = {"information": information, "cutoff": cutoff, "product": p, "region": region, "week": w}
                    draws.append({**key, "units": units})
    economics = [
        {"product": p, "category": "bakery", "unit_price": 5.0, "unit_cost": 2.0, "salvage": 3.0, "holding_cost": 0.02,
         "shelf_weeks": life, "price_basis": "given", "cost_basis": "assumed", "salvage_basis": "assumed"}
        for p, life in (("bread", 1.0), ("rusk", None))
    ]  # fmt: skip
    always = {"option": "always", "value": "always", "version": "always"}
    day = date(2024, 1, 28)
    return {
        "draws": table("draws", draws),
        "demand": table("demand", demand),
        "economics": table("economics", economics),
        "bom": table("bom", [{"item": p, "component": "flour", "quantity": 0.5, **always} for p in ("bread", "rusk")]),
        "routing": table("routing", [{"item": p, "step": 1, "machine": "oven", "hours": 1.0} for p in ("bread", "rusk")]),
        "machines": table("machines", [{"machine": "oven", "hours": 24.0, "overtime_hours": 4.0, "overtime_cost": 1.0}]),
        "materials": table("materials", [{"material": "flour", "unit": "kg", "unit_cost": 0.4, "lead_weeks": 1}]),
        "stock": table("stock", [{"item": "rusk", "site": "all", "region": "all", "day": day, "units": 6.0},
                                 {"item": "flour", "site": "all", "region": "all", "day": day, "units": 9.0}]),
    }  # fmt: skip


def promised(units):
    """Return tables that promise so many units of rusk for the current window's first week."""
    when = {"time": datetime(2024, 1, 20, tzinfo=UTC).replace(tzinfo=None), "due": date(2024, 1, 31), "kind": "sale"}
    order = {"order": "o1", "line": 1, "product": "rusk", "location": "all", "region": "all", "units": units, **when}
    return {
        "orders": table("orders", [order]),
        "products": table("products", [{"product": "rusk", "category": "bakery", "make": "order"}]),
    }


def inputs(tables, progress=lambda *_: None, forecast=None, **plan):
    settings = config.build({"forecast": {"horizon": 2, **(forecast or {})}, "plan": {"weeks": 2, **plan}})
    return Inputs(settings, None, Path(), load=tables.__getitem__, present=frozenset(tables), progress=progress)


@pytest.fixture(scope="module")
def published():
    return {name: contract(name).check(found) for name, found in run(inputs(bakery())).items()}


def rows(found, **where):
    return [row for row in found.to_pylist() if all(row[name] == value for name, value in where.items())]


def test_one_plan_for_every_state_and_cutoff(published):
    """Real plans of 4 + 4 + 2 states, and one without limits for each settled window; strays without economics are left out."""
    solves = published["solves"].to_pylist()
    assert len(solves) == 12
    assert {row["status"] for row in solves} <= {"optimal", "bounded"}
    assert all(row["bound"] >= row["objective"] - 1e-6 and row["products"] == 2 for row in solves)
    assert published["plans"].num_rows == 12 * 2 * 2


def test_perfect_earns_most_and_no_limits_more(published):
    """In each settled window perfect knowledge beats every other state, and no limits beat perfect knowledge."""
    for cutoff in CUTOFFS[:2]:
        earned = {}
        for row in rows(published["money"], cutoff=cutoff):
            key = (row["information"], row["limits"])
            earned[key] = earned.get(key, 0.0) + row["profit"]
        assert (
            earned["perfect", "none"] >= earned["perfect", "real"] >= max(earned["none", "real"], earned["now", "real"]) - 1e-6
        )


def test_the_plan_for_the_mean_takes_it_for_certain(published):
    """Its one scenario is the mean of those of `now`: expected demand of both plans is the same."""
    for cutoff in CUTOFFS[:2]:
        mean, now = (rows(published["plans"], information=state, limits="real", cutoff=cutoff) for state in ("mean", "now"))
        assert [row["demand"] for row in mean] == pytest.approx([row["demand"] for row in now])


def test_orders_of_the_first_week_can_be_known():
    """With notice wanted, a plan that knows the first week earns no less than now, and no more than one that knows all."""
    found = run(inputs(bakery(), forecast={"notice": True}))
    earned = {}
    for row in rows(found["money"], limits="real"):
        earned[row["information"]] = earned.get(row["information"], 0.0) + row["profit"]
    assert earned["now"] <= earned["orders-1"] <= earned["perfect"] + 1e-6


def test_frozen_weeks_are_as_they_were_decided():
    """The first week of the plan as made is that of the plan made two weeks before; later weeks are free."""
    tables = bakery()
    draws = tables["draws"]
    late = draws.filter(pc.equal(draws["information"], "none"))
    late = late.set_column(0, draws.schema.field(0), pa.array(["late-1"] * late.num_rows))
    found = run(inputs(tables | {"draws": pa.concat_tables([draws, late])}, forecast={"frozen_weeks": 1}))
    for cutoff in CUTOFFS[:2]:
        made = {state: rows(found["plans"], information=state, limits="real", cutoff=cutoff) for state in ("fenced", "late-1")}
        first = {state: [row["units"] for row in of if row["week"] == cutoff] for state, of in made.items()}
        assert first["fenced"] == pytest.approx(first["late-1"], abs=2e-5)
        assert rows(found["money"], information="fenced", cutoff=cutoff)


def test_objective_of_perfect_is_its_money(published):
    """What the program promised with perfect knowledge is what the settlement pays, to 1e-6."""
    for solve in rows(published["solves"], information="perfect"):
        money = rows(published["money"], information="perfect", limits=solve["limits"], cutoff=solve["cutoff"])
        assert sum(row["profit"] for row in money) == pytest.approx(solve["objective"], abs=1e-5)
        assert solve["bound"] == pytest.approx(solve["objective"], rel=1e-6)


def test_every_row_of_money_adds_up(published):
    """Profit is revenue less cost, and demand is sold or lost."""
    for row in published["money"].to_pylist():
        assert row["profit"] == pytest.approx(row["revenue"] - row["cost"], abs=2e-6)
        assert row["sold"] + row["lost"] == pytest.approx(row["demand"], abs=2e-6)


def test_stock_flows_and_purchases_cover_it(published):
    """Each projected week starts where the last ended, and flour is ordered so that it never runs out."""
    for item in ("bread", "rusk", "flour"):
        weeks = rows(published["projection"], item=item)
        for row in weeks:
            assert row["start"] + row["received"] - row["used"] - row["scrapped"] == pytest.approx(row["end"], abs=1e-5)
            assert row["end"] >= -1e-6
        assert weeks[1]["start"] == weeks[0]["end"]
    order = published["purchases"].to_pylist()[0]
    assert (order["week"], order["arrives"]) == (CUTOFFS[2], CUTOFFS[2] + timedelta(weeks=1))


def test_flour_binds_within_its_lead_and_the_oven_after(published):
    """With 9 kg of flour only 18 units can be made in the first week, for which flour has a price; cuts say so."""
    week = CUTOFFS[2]
    made = sum(row["units"] for row in rows(published["plans"], information="now", cutoff=week, week=week))
    price = rows(published["prices"], information="now", cutoff=week, week=week, resource="flour")[0]
    assert made == pytest.approx(18, abs=1e-5)
    assert price["price"] > 0
    reasons = {row["resource"]: row["reason"] for row in published["cuts"].to_pylist()}
    assert reasons["flour"].startswith(
        "No flour can be there in the week of 2024-01-29: it takes 1 week, so the first comes in the week of 2024-02-05."
    )
    assert reasons["oven"].startswith("oven is full in the week of 2024-02-05 (24 hours and 4 of overtime).")


def test_uses_list_machine_and_material(published):
    """Each product takes an hour of the oven and half a kilogram of flour."""
    found = [(row["product"], row["resource"], row["quantity"]) for row in published["uses"].to_pylist()]
    assert found == [("bread", "flour", 0.5), ("bread", "oven", 1.0), ("rusk", "flour", 0.5), ("rusk", "oven", 1.0)]


def test_the_same_input_gives_the_same_bytes(published):
    """A second run, its rows in another order, publishes equal tables."""
    tables = bakery()
    tables["draws"] = tables["draws"].take(list(reversed(range(tables["draws"].num_rows))))
    again = run(inputs(tables))
    assert all(again[name].equals(published[name]) for name in published)


def test_promises_beyond_reach_are_named():
    """Forty rusks due in a week that can bring 24 are a conflict of the order and the flour, and a plan still stands."""
    found = run(inputs(bakery() | promised(40.0)))
    assert [row["status"] for row in rows(found["solves"], information="now", cutoff=CUTOFFS[2])] == ["infeasible"]
    conflicts = {row["row"]: row for row in found["conflicts"].to_pylist()}
    order = conflicts["orders for rusk due in the week of 2024-01-29"]
    assert (order["needed"], order["available"]) == (pytest.approx(34), pytest.approx(18))  # 40 less 6 in stock; 9 kg of flour
    flour = conflicts["supply of flour in the week of 2024-01-29"]
    assert (flour["needed"], flour["available"], flour["unit"]) == (pytest.approx(17), pytest.approx(9), "kg")
    assert rows(found["plans"], information="now", cutoff=CUTOFFS[2], product="rusk")[0]["units"] == pytest.approx(18, abs=1e-4)


def test_promises_within_reach_are_kept():
    """Twenty rusks due in the first week are there by then, stock included, and the plan is optimal."""
    found = run(inputs(bakery() | promised(20.0)))
    assert found["conflicts"].num_rows == 0
    assert rows(found["plans"], information="now", cutoff=CUTOFFS[2], product="rusk")[0]["units"] >= 14 - 1e-5


def test_firm_orders_that_are_not_planned_are_reported():
    """A firm order of a product that nobody plans is left out with a word about it."""
    said, tables = [], bakery() | promised(20.0)
    stray = {
        name: table(name, [row | {"product": "cake"} for row in tables[name].to_pylist()]) for name in ("orders", "products")
    }
    run(inputs(tables | stray, lambda message, _: said.append(message)))
    wanted = "left out 1 firm order lines of 20 units, whose products have no forecast or no economics, such as o1 (cake)"
    assert said.count(wanted) == 1


def test_a_product_says_whether_its_demand_waits():
    """What products say of waiting and its cost comes before the settings, which stand where they say nothing."""
    own = {"product": "rusk", "category": "bakery", "unserved": "backorder", "late_cost": 0.7}
    given = bakery() | {"products": table("products", [own])}
    for unserved, bread in (("lost", False), ("backorder", True)):
        settings = config.build(
            {"forecast": {"horizon": 2}, "plan": {"weeks": 2, "unserved": unserved, "backorder_share": 0.1}}
        )
        terms = next(iter(windows(given, settings))).states["now"].terms
        assert terms.backorder.tolist() == [bread, True]
        assert terms.delay.tolist() == pytest.approx([0.5, 0.7])  # bread: a tenth of its price of 5


def test_executed_is_the_plan_as_the_floor_carried_it_out():
    """Where the floor made 8 of 10 planned and scrapped 1, 0.8 of the plan is made and a tenth is paid for nothing."""
    lot = {"lot": "l1", "item": "bread", "week": CUTOFFS[0], "planned": 10.0, "made": 8.0, "scrapped": 1.0}
    found = run(inputs(bakery() | {"work": table("work", [lot])}))
    key = {"cutoff": CUTOFFS[0], "product": "bread", "week": CUTOFFS[0]}
    now, executed = (rows(found["money"], information=name, **key)[0] for name in ("now", "executed"))
    assert executed["made"] == pytest.approx(0.8 * now["made"])
    untouched = {"cutoff": CUTOFFS[1], "product": "bread", "week": CUTOFFS[1]}
    now, executed = (rows(found["money"], information=name, **untouched)[0] for name in ("now", "executed"))
    assert executed["profit"] == pytest.approx(now["profit"])


def test_causes_on_the_floor_are_states(published):
    """Each cause that occurred is a state of its own in the windows it occurred in, the last of them the same as executed."""
    lot = {"lot": "l1", "item": "bread", "week": CUTOFFS[0], "planned": 10.0, "made": 7.0, "scrapped": 1.0}
    late = {"lot": "l2", "item": "rusk", "week": CUTOFFS[1], "planned": 10.0, "made": 10.0, "finished": CUTOFFS[2]}
    work = pa.concat_tables([table("work", [lot]), table("work", [late])])
    money = contract("money").check(run(inputs(bakery() | {"work": work}))["money"])
    assert set(money["information"].to_pylist()) - set(published["money"]["information"].to_pylist()) == {
        "executed-late", "executed-scrapped", "executed-short", "executed",
    }  # fmt: skip
    for cutoff, state in ((CUTOFFS[0], "executed-short"), (CUTOFFS[1], "executed-late")):
        last, executed = (rows(money, information=name, cutoff=cutoff) for name in (state, "executed"))
        assert [row["profit"] for row in last] == [row["profit"] for row in executed]
    assert not rows(money, information="executed-late", cutoff=CUTOFFS[0])


def test_doubtful_records_of_the_floor_are_reported():
    """Lots of what is not planned, made beyond the plan, never proposed or finished before their week are named."""
    lot = {"item": "bread", "week": CUTOFFS[0], "planned": 10.0, "made": 10.0, "proposed": 10.0, "finished": CUTOFFS[0]}
    odd = [
        {"item": "brad"},
        {"made": 12.0},
        {"proposed": 0.0},
        {"finished": date(2023, 12, 31)},
        {"week": date(2020, 1, 6)},
        {},
    ]
    said = []
    work = table("work", [{"lot": f"l{number}", **lot, **one} for number, one in enumerate(odd)])
    run(inputs(bakery() | {"work": work}, lambda message, _: said.append(message)))
    assert [message.split(":")[1] for message in said if message.startswith("work:")] == [
        " 1 lots of settled weeks are of items that are not planned, such as l0",
        " 1 lots of settled weeks made and scrapped more than was planned, such as l1",
        " 1 lots of settled weeks were not proposed, such as l2",
        " 1 lots of settled weeks were finished before their week, such as l3",
    ]


@pytest.mark.parametrize("left_out", [("machines",), ("routing",), ("bom", "routing", "machines", "materials", "stock")])
def test_plans_stand_without_limits(left_out):
    """Without machines, routing or anything else that limits, there is still a plan, and a word about it."""
    said = []
    tables = {name: found for name, found in bakery().items() if name not in left_out}
    found = run(inputs(tables, lambda message, _: said.append(message)))
    assert found["plans"].num_rows == 48
    assert "no machines or no routing: plans are not limited by machine hours" in said
    assert "left out 1 products without economics, such as stray" in said


def test_no_hours_cut_everything_with_that_reason():
    """An oven without hours cuts all that needs it, in so many words."""
    tables = bakery() | {"machines": table("machines", [{"machine": "oven", "hours": 0.0}])}
    found = run(inputs(tables))
    assert sum(row["units"] for row in rows(found["plans"], information="now", limits="real")) == 0
    assert all("oven has no hours" in row["reason"] for row in found["cuts"].to_pylist() if row["resource"] == "oven")
    assert {row["resource"] for row in found["cuts"].to_pylist()} == {"oven"}


def test_more_weeks_than_the_forecast_has_are_refused():
    """Three weeks planned on two weeks of forecast are a mistake in the settings."""
    with pytest.raises(SettingsError, match=r"plan\.weeks = 3 is more than forecast\.horizon = 2"):
        run(inputs(bakery(), weeks=3))


@pytest.mark.parametrize(
    "plan", [{"unserved": "backorder"}, {"lead_weeks": 1}, {"lead_weeks": 5}, {"overtime": False}, {"weeks": 1}]
)
def test_every_setting_gives_tables_that_keep_their_contracts(plan):
    """Backorders, lead weeks, no overtime and a shorter plan give checked tables."""
    found = run(inputs(bakery(), **plan))
    assert all(contract(name).check(rows).num_rows >= 0 for name, rows in found.items())


def test_no_product_left_is_an_empty_plan():
    """With economics of no product in the draws all tables are there, without plans of any product."""
    tables = bakery()
    stray = tables["economics"].set_column(0, "product", pa.array(["x", "y"]))
    found = run(inputs(tables | {"economics": stray}))
    assert found["plans"].num_rows == 0
    assert {row["objective"] for row in found["solves"].to_pylist()} == {0.0}


def test_salvage_above_cost_is_cut_and_said():
    """A unit that would bring more left over than it costs is not made to be left over, and the cut is reported."""
    said = []
    run(inputs(bakery(), lambda message, _: said.append(message)))
    assert "2 products bring more left over than they cost or sell for: their salvage is cut to that" in said


def test_what_limits_cost_adds_up(published):
    """In each settled window the limits' shares are the profit without limits less the profit within them."""
    for cutoff in CUTOFFS[:2]:
        free, real = (
            sum(row["profit"] for row in rows(published["money"], information="perfect", limits=limits, cutoff=cutoff))
            for limits in ("none", "real")
        )
        lost = sum(row["lost"] for row in rows(published["limit_values"], cutoff=cutoff))
        assert lost == pytest.approx(free - real, abs=1e-4)


def test_lot_rules_are_kept_and_what_they_cost_can_be_told():
    """With bread in lots of 9 and at least 24 rusks, every plan keeps them, and perfect knowledge is also planned without."""
    made = [
        {"product": "bread", "category": "bakery", "lot_minimum": None, "lot_multiple": 9.0},
        {"product": "rusk", "category": "bakery", "lot_minimum": 24.0, "lot_multiple": None},
    ]
    found = run(inputs(bakery() | {"products": table("products", made)}))
    for row in rows(found["plans"], limits="real"):
        lots = row["units"] / 9 if row["product"] == "bread" else max(row["units"], 24.0) if row["units"] else 0.0
        assert lots == pytest.approx(round(lots) if row["product"] == "bread" else row["units"], abs=1e-5)
    for cutoff in CUTOFFS[:2]:
        none, free, real = (
            sum(row["profit"] for row in rows(found["money"], information="perfect", limits=limits, cutoff=cutoff))
            for limits in ("none", "no lots", "real")
        )
        assert none >= free - 1e-6
        assert free > real
