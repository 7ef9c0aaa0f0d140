from pool_lines import checks, history, sell

GOODS = [
    {"product": "given", "category": "c", "unit_price": 10.0, "unit_cost": 4.0, "salvage": 1.0, "shelf_weeks": 2.0},
    {"product": "p", "category": "bread", "department": "bakery"},
    {"product": "bun", "category": "bun", "department": "bakery", "unit_price": 2.0},
    {"product": "dear", "category": "c", "unit_price": 2.0, "unit_cost": 3.0, "salvage": 5.0},
    {"product": "new", "category": "c"},
]
SHARES = {"bread": {"cost_share": 0.5, "shelf_weeks": 1}, "bakery": {"cost_share": 0.6, "salvage_share": 0.1}}


def test_given_observed_assumed(pool):
    """What is given wins, prices are observed, and shares come from category, department, default in this order."""
    result = pool({"economics": {"category": SHARES}}, orders=history(), products=GOODS)
    rows = {row["product"]: row for row in result["economics"].to_pylist()}
    shown = {name: (r["unit_price"], r["unit_cost"], round(r["salvage"], 9), r["shelf_weeks"]) for name, r in rows.items()}
    assert shown == {
        "given": (10.0, 4.0, 1.0, 2.0),
        "p": (2.0, 1.0, 0.2, 1.0),  # 2 x .5, 2 x .1
        "bun": (2.0, 1.2, 0.2, None),  # 2 x .6, 2 x .1
        "dear": (2.0, 3.0, 3.0, None),  # salvage cut to the cost
    }
    assert (rows["p"]["price_basis"], rows["p"]["cost_basis"], rows["given"]["salvage_basis"]) == (
        "observed",
        "assumed",
        "given",
    )


def test_strange_prices_are_named(pool):
    """Price below cost, salvage above cost and no price stand in quality with the product's name."""
    result = pool(orders=history(), products=GOODS)
    notes = {r["check"]: r["note"] for r in result["quality"].to_pylist() if r["table"] == "economics"}
    assert sorted(notes) == ["no price", "price below cost", "salvage above cost"]
    assert notes["no price"].endswith(": new")
    assert all(notes[check].endswith(": dear") for check in ("price below cost", "salvage above cost"))


def test_a_price_seen_too_late_is_no_price(pool):
    """A product sold only after the first cutoff has no price a first plan could have known."""
    settings = {"forecast": {"horizon": 1, "cutoffs": 1}}
    result = pool(settings, orders=[*history(), sell("n", 22, product="n")])
    assert result["economics"]["product"].to_pylist() == ["p"]
    assert checks(result, "economics")["no price"] == 1
