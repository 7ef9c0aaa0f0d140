MACHINES = [{"machine": "M", "hours": 40.0, "site": "mill"}]
SEWN = {"machines": MACHINES, "routing": [{"item": "coat", "machine": "M", "hours": 1.0}]}


def test_lanes_have_least_multiple_and_limit(made):
    """A lane of at least 12 in boxes of 5, 40 a week, moves 15 or more in boxes, at most 40."""
    lane = {"item": "all", "origin": "mill", "target": "customers", "minimum": 12.0, "multiple": 5.0, "weekly_limit": 40.0}
    found = made(lanes=[lane], **SEWN)
    name = "move coat from mill to customers"
    assert found.switch(f"shipment: {name}")["least"] == 15.0
    assert (found.of("multiple", name), found.of("high", name)[0]) == (5.0, 40.0)


def test_a_lane_of_an_item_goes_before_one_for_all(made):
    """The coat's own lane costs 2, whatever the lane for every item costs."""
    lanes = [
        {"item": "all", "origin": "mill", "target": "customers", "unit_cost": 1.0},
        {"item": "coat", "origin": "mill", "target": "customers", "unit_cost": 2.0},
    ]
    found = made(lanes=lanes, **SEWN)
    assert found.of("cost", "move coat from mill to customers") == 2.0
    assert found.network.activities.kinds.count("move") == 1
    assert found.labels.origin[found.activity("move coat from mill to customers")] == found.item("coat", "mill")
