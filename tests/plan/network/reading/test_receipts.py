from datetime import date

BILL = {
    "bom": [{"item": "coat", "component": "cloth", "quantity": 1.0}],
    "materials": [{"material": "cloth", "unit_cost": 3.0, "lead_weeks": 1}],
}


def test_stock_is_that_of_the_latest_day_of_each_site(made):
    """Of two days the later counts, its regions together; it is the opening and arrives in the first week."""
    stock = [
        {"item": "cloth", "units": 99.0, "day": date(2023, 12, 1)},
        {"item": "cloth", "units": 30.0, "region": "north"},
        {"item": "cloth", "units": 20.0, "region": "south"},
    ]
    found = made(**BILL, stock=stock)
    assert found.network.items.arriving[found.item("cloth")].tolist() == [50.0, 0.0, 0.0, 0.0]
    assert found.labels.opening[found.item("cloth")] == 50.0


def test_stock_of_a_product_is_the_problems(made):
    """The opening of a product that is sold from its own item is not counted twice."""
    found = made(stock=[{"item": "coat", "units": 5.0}])
    assert not found.network.items.arriving.any()


def test_stock_of_a_product_kept_at_sites_is_in_the_network(made):
    """5 coats at the mill are there, in the first week, and can be delivered."""
    machines = [{"machine": "M", "hours": 40.0, "site": "mill"}]
    lane = {"item": "coat", "origin": "mill", "target": "customers"}
    found = made(
        machines=machines, routing=[{"item": "coat", "machine": "M", "hours": 1.0}], lanes=[lane],
        stock=[{"item": "coat", "units": 5.0, "site": "mill"}],
    )  # fmt: skip
    assert found.network.items.arriving[found.item("coat", "mill")].tolist() == [5.0, 0.0, 0.0, 0.0]


def test_what_is_on_its_way_comes_in_its_week(made):
    """A purchase due on January 10 comes in the second week, one overdue in the first, one of February not at all."""
    receipts = [
        {"receipt": "P1", "item": "cloth", "day": date(2024, 1, 10), "units": 7.0},
        {"receipt": "P2", "item": "cloth", "day": date(2023, 12, 24), "units": 3.0},
        {"receipt": "P3", "item": "cloth", "day": date(2024, 2, 20), "units": 5.0},
        {"receipt": "P4", "item": "soap", "day": date(2024, 1, 10), "units": 5.0},
        {"receipt": "L1", "item": "coat", "day": date(2024, 1, 17), "units": 2.0, "kind": "lot"},
    ]
    found = made(**BILL | {"materials": [*BILL["materials"], {"material": "soap", "unit_cost": 1.0}]}, receipts=receipts)
    assert found.network.items.arriving[found.item("cloth")].tolist() == [3.0, 7.0, 0.0, 0.0]
    assert found.network.items.arriving[found.item("coat")].tolist() == [0.0, 0.0, 2.0, 0.0]
    assert [receipt.number for receipt in found.labels.receipts] == ["L1", "P1", "P2"]
    said = "\n".join(found.notes)
    assert "receipt P2 of 'cloth' was due on 2023-12-24" in said
    assert "receipt P3 of 'cloth' is left out: it comes on 2024-02-20" in said
    assert "1 receipts of items that this plan does not need" in said


def test_stock_that_no_lane_takes_on_is_left_out_with_a_note(made):
    """Cloth in a town from which nothing leads to the mill does not count."""
    machines = [{"machine": "M", "hours": 40.0, "site": "mill"}]
    stock = [{"item": "cloth", "units": 5.0, "site": "town"}]
    found = made(**BILL, machines=machines, routing=[{"item": "coat", "machine": "M", "hours": 1.0}], stock=stock)
    assert found.network.items.arriving.sum() == 0.0
    assert "5 units of 'cloth' at 'town' are left out: no lane takes them to where they are used" in found.notes
