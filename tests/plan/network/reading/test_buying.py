from datetime import date

import numpy as np
import pytest

BILL = {
    "bom": [{"item": "coat", "component": "cloth", "quantity": 1.0}],
    "materials": [{"material": "cloth", "unit_cost": 3.0, "lead_weeks": 1}],
    "stock": [{"item": "cloth", "units": 50.0}],
}


def test_the_materials_row_sells_at_standard_cost(made):
    """Without suppliers cloth is bought from nobody named, at no money above standard, a week before it is there."""
    found = made(**BILL)
    assert (found.of("cost", "buy cloth at all"), found.of("lead", "buy cloth at all")) == (0.0, 1)
    assert found.labels.unit_price[found.activity("buy cloth at all")] == 3.0
    assert (found.of("high", "buy cloth at all") > 0).tolist() == [True, True, True, False]


def test_suppliers_cost_their_difference_to_standard(made):
    """A mill that asks 2.5 for what stands at 3 costs -0.5, and leaving a unit loses that and a week's holding."""
    # Holding is 0.005 x 3 = 0.015 a week.
    found = made(**BILL, suppliers=[{"material": "cloth", "supplier": "mill", "unit_price": 2.5, "lead_weeks": 0}])
    assert found.of("cost", "buy cloth from mill at all") == -0.5
    assert found.network.items.left[found.item("cloth")] == pytest.approx(0.5 + 0.015)
    assert found.labels.supplier[found.activity("buy cloth from mill at all")] == "mill"
    assert "buy cloth at all" not in found.network.activities.names


def test_price_breaks_are_orders_of_a_smallest_size(made):
    """3 below 100 units and 2.8 from 100: two activities, the second with a switch of at least 100."""
    rows = [
        {"material": "cloth", "supplier": "mill", "unit_price": 3.0, "minimum_order": 20.0, "order_cost": 5.0},
        {"material": "cloth", "supplier": "mill", "from_units": 100.0, "unit_price": 2.8, "minimum_order": 20.0},
    ]
    found = made(**BILL, suppliers=rows)
    small, large = "buy cloth from mill at all", "buy cloth from mill from 100 units at all"
    assert found.of("cost", large) == pytest.approx(-0.2)
    assert (found.switch(f"order: {small}")["least"], found.switch(f"order: {small}")["cost"]) == (20.0, 5.0)
    assert (found.switch(f"order: {large}")["least"], found.switch(f"order: {large}")["cost"]) == (100.0, 0.0)
    assert found.switch(f"order: {large}")["members"] == [large]


def test_a_weekly_limit_holds_for_all_prices_of_a_supplier(made):
    """Two price breaks share 200 units a week; a supplier with one price has them as its largest level."""
    rows = [
        {"material": "cloth", "supplier": "mill", "unit_price": 3.0, "weekly_limit": 200.0},
        {"material": "cloth", "supplier": "mill", "from_units": 100.0, "unit_price": 2.8},
        {"material": "cloth", "supplier": "weaver", "unit_price": 3.1, "weekly_limit": 70.0},
    ]
    found = made(**BILL, suppliers=rows)
    shared = found.switch("weekly limit: buy cloth from mill")
    assert (len(shared["members"]), shared["least"], shared["largest"], shared["most"]) == (2, 0.0, 200.0, 1)
    assert found.of("high", "buy cloth from weaver at all")[0] == 70.0
    assert [name for name in found.network.switches.names if "weaver" in name] == []


def test_lead_times_that_spread_are_planned_with_a_quantile(made):
    """2 weeks with a standard deviation of 0.5: nine of ten arrive within 2 + 1.2816 x 0.5 = 2.64 weeks, so 3 are planned."""
    row = {"material": "cloth", "supplier": "mill", "unit_price": 3.0, "lead_weeks": 2, "lead_spread": 0.5}
    assert made(**BILL, suppliers=[row]).of("lead", "buy cloth from mill at all") == 3
    even = {"plan": {"lead_service": 0.5}}
    assert made(**BILL, suppliers=[row], settings=even).of("lead", "buy cloth from mill at all") == 2
    # All deliveries: four standard deviations, 2 + 4 x 0.5 = 4.
    assert made(**BILL, suppliers=[row], settings={"plan": {"lead_service": 1.0}}).of("lead", "buy cloth from mill at all") == 4


def test_multiples_round_the_smallest_order_up(made):
    """At least 20 in rolls of 15 is at least 30."""
    row = {"material": "cloth", "supplier": "mill", "unit_price": 3.0, "minimum_order": 20.0, "order_multiple": 15.0}
    found = made(**BILL, suppliers=[row])
    assert found.of("multiple", "buy cloth from mill at all") == 15.0
    assert found.switch("order: buy cloth from mill at all")["least"] == 30.0


def test_a_supplier_sells_only_in_its_days(made):
    """A price that ends on January 10 can be ordered in the weeks of January 1 and 8."""
    row = {"material": "cloth", "supplier": "mill", "unit_price": 3.0, "lead_weeks": 0, "ends": date(2024, 1, 10)}
    assert (made(**BILL, suppliers=[row]).of("high", "buy cloth from mill at all") > 0).tolist() == [True, True, False, False]


def test_what_nobody_counts_is_taken_to_be_there_until_an_order_could_arrive(made):
    """Without a row of stock cloth with a lead of 2 weeks is there in the first 2 weeks, for use and not to be stored."""
    found = made(bom=BILL["bom"], materials=[{"material": "cloth", "unit_cost": 3.0, "lead_weeks": 2}])
    free = "cloth taken to be there at all"
    assert (found.of("high", free) == np.inf).tolist() == [True, True, False, False]
    assert found.gives(free) == {"cloth in use": 1.0}
    assert not found.network.items.keeps[found.item("cloth in use")]
    assert found.takes("use cloth at all") == {"cloth": 1.0}
    assert found.takes("make coat at all") == {"cloth in use": 1.0}


def test_an_item_may_be_made_and_bought(made):
    """A sleeve with a routing and a supplier has both ways."""
    found = made(
        bom=[
            {"item": "coat", "component": "sleeve", "quantity": 2.0},
            {"item": "sleeve", "component": "cloth", "quantity": 1.0},
        ],
        routing=[{"item": "sleeve", "machine": "M", "hours": 0.1}],
        machines=[{"machine": "M", "hours": 40.0}],
        materials=[{"material": "cloth", "unit_cost": 3.0}],
        suppliers=[{"material": "sleeve", "supplier": "tailor", "unit_price": 4.0}],
    )
    # A sleeve stands at its supplier's price, 4, as nothing else says.
    assert found.of("cost", "buy sleeve from tailor at all") == 0.0
    assert found.uses("make sleeve at all on M") == {"M": 0.1}


def test_a_bought_product_is_not_made_freely(made):
    """A coat with a supplier and no bill is bought, in time to be sold."""
    found = made(suppliers=[{"material": "coat", "supplier": "tailor", "unit_price": 22.0, "lead_weeks": 1}])
    assert found.network.activities.names == ("buy coat from tailor at all",)
    assert found.network.activities.cost[0] == 2.0
    assert found.network.items.product.tolist() == [0]
