"""The stage as a whole."""

from datetime import date

import numpy as np
import pytest

from lotwise.recommend import run
from lotwise.tables import contract

TODAY = date(2024, 4, 22)


def _check(given):
    """Return the tables of a run as lists of rows, after holding them against their contracts."""
    return {name: contract(name).check(table).to_pylist() for name, table in given.items()}


def test_tables_keep_their_contracts(ask, shop):
    """Each of 80 customers gets 10 of 12 products, and four recommenders are scored in two modes."""
    found = _check(run(ask(shop)))
    assert len(found["offers"]) == 800
    assert [(row["model"], row["mode"]) for row in found["recommender_scores"]][:2] == [("blend", "new"), ("blend", "repeat")]
    assert len(found["recommender_scores"]) == 8


def test_offers_are_sorted_and_add_up(ask, shop):
    """Ranks run from 1, contributions do not rise, and each is chance times (margin - capacity cost)."""
    rows = _check(run(ask(shop)))["offers"]
    assert [row["rank"] for row in rows] == list(range(1, 11)) * 80
    assert [row["customer"] for row in rows] == sorted(row["customer"] for row in rows)
    for row in rows:
        assert row["contribution"] == pytest.approx(row["probability"] * (row["margin"] - row["capacity_cost"]), abs=1e-6)


def test_equal_margins_and_no_prices_keep_the_order_of_liking(ask, shop):
    """Where nothing is scarce and all earn alike, the ranked list is the most-liked one."""
    rows = _check(run(ask(shop)))["offers"]
    assert all(row["rank"] == row["plain_rank"] for row in rows)
    assert not any("moved" in row["why"] for row in rows)


def test_twice_the_same(ask, shop, sell):
    """The same orders give equal tables, in whatever order they come."""
    orders = sell(shop)
    shuffled = orders.take(np.random.default_rng(2).permutation(orders.num_rows))
    first, second = run(ask(shop)), run(ask(shop, orders=shuffled))
    assert all(first[name].equals(second[name]) for name in first)


def test_who_declined_gets_no_offer(ask, shop, fill):
    """Consent False means no offers; absent consent means yes; a customer without history gets popular products."""
    people = [
        {"customer": "c00", "consent": False},
        {"customer": "c01"},
        {"customer": "c02", "consent": True},
        {"customer": "new"},
    ]
    rows = _check(run(ask(shop, customers=fill("customers", people))))["offers"]
    asked = {row["customer"] for row in rows}
    assert "c00" not in asked
    assert {"c01", "c02", "c03", "new"} <= asked
    assert all(row["why"].startswith("Popular") for row in rows if row["customer"] == "new")


def test_no_known_customer(ask, sell):
    """Anonymous orders give empty tables, and the reason is said."""
    said = []
    found = _check(run(ask([("u", "a", 0)], said=said, orders=sell([(None, "a", 0)]))))
    assert found == {"offers": [], "recommender_scores": []}
    assert "nothing is offered" in said[-1]


def test_one_customer(ask):
    """One customer who buys two products again and again is offered both."""
    sales = [("u", product, when) for product in "ab" for when in range(0, 100, 9)]
    found = _check(run(ask(sales)))
    assert {row["product"] for row in found["offers"]} == {"a", "b"}
    assert {(row["customers"], row["standard_error"]) for row in found["recommender_scores"]} == {(1, 0.0)}


def test_one_week_of_orders_offers_what_is_popular(ask):
    """Without weeks to test on, popular products are offered with the chance that they were bought, and it is said."""
    said = []
    sales = [(f"c{k:02d}", "a" if k < 30 else "b", k % 7) for k in range(40)]
    found = _check(run(ask(sales, said=said)))
    assert found["recommender_scores"] == []
    assert [row["product"] for row in found["offers"]] == ["a", "b"] * 40
    # 30 of 40 customers bought a and 10 bought b
    assert [row["probability"] for row in found["offers"][:2]] == pytest.approx([0.75, 0.25], abs=0.02)
    assert any("Too few weeks" in message for message in said)


def test_one_window_is_tested_with_untried_weights(ask, shop):
    """Six weeks of orders hold one window of four: it is tested, with weights found elsewhere."""
    found = _check(run(ask([sale for sale in shop if sale[2] < 42])))
    assert len(found["recommender_scores"]) == 8
    assert found["offers"]


def test_products_without_economics_are_left_out(ask, shop, fill):
    """Only products whose margin is known are offered, at price - cost."""
    economics = fill("economics", [{"product": code, "unit_price": 3.0, "unit_cost": 1.0} for code in ("p01", "p02")])
    rows = _check(run(ask(shop, economics=economics)))["offers"]
    assert {row["product"] for row in rows} == {"p01", "p02"}
    assert {row["margin"] for row in rows} == {2.0}


def test_products_off_sale_are_not_offered(ask, shop, fill):
    """A retired product, and one launched later than the first unknown day, stay out."""
    dates = {"p01": {"retired": date(2024, 4, 1)}, "p02": {"launched": date(2024, 5, 1)}, "p03": {"retired": TODAY}}
    products = fill("products", [{"product": f"p{k:02d}", "category": "all", **dates.get(f"p{k:02d}", {})} for k in range(12)])
    offered = {row["product"] for row in _check(run(ask(shop, products=products)))["offers"]}
    assert not offered & {"p01", "p02"}
    assert "p03" in offered


@pytest.fixture
def scarce(fill, shop):
    """Return plan, prices and uses under which p00 to p02 take an oven hour worth 1.9 of their margin of 2."""
    keys = {"information": "now", "cutoff": TODAY, "week": TODAY}
    made = {"limits": "real", "units": 5.0, "sold": 4.0, "left": 1.0}
    codes = sorted({product for _, product, _ in shop} - {"p11"})
    uses = [
        {"product": code, "resource": "oven" if code < "p03" else "mixer", "kind": "machine", "quantity": 1.0} for code in codes
    ]
    prices = [keys | {"resource": name, "kind": "machine", "price": price} for name, price in (("oven", 1.9), ("mixer", 0.0))]
    return {
        "plans": fill("plans", [keys | made | {"product": code} for code in codes]),
        "prices": fill("prices", prices),
        "uses": fill("uses", uses),
    }


def test_scarce_products_give_way(ask, shop, scarce):
    """With prices, less of what takes the scarce oven is offered, the plan's products only, with a promise and a reason."""
    settings = {"recommend": {"offers": 4, "liking_kept": 0.8}}
    plain, ranked = _check(run(ask(shop, settings)))["offers"], _check(run(ask(shop, settings, **scarce)))["offers"]
    ovens = [sum(row["product"] < "p03" for row in rows) for rows in (plain, ranked)]
    assert ovens[1] < 0.8 * ovens[0]
    assert "p11" not in {row["product"] for row in ranked}
    assert {row["promise_week"] for row in ranked} == {TODAY}
    assert {row["capacity_cost"] for row in ranked if row["product"] < "p03"} == {1.9}
    assert any("mixer has free hours" in row["why"] for row in ranked)
    assert any("oven is short" in row["why"] for row in ranked)


def test_nothing_in_the_plan_is_said(ask, shop, scarce, fill):
    """Where the plan has none of what customers buy, nothing is offered and the reader is told; the scores stand."""
    said = []
    found = _check(run(ask(shop, said=said, **scarce | {"plans": scarce["plans"].slice(0, 1), "economics": fill(
        "economics", [{"product": "p05", "unit_price": 3.0, "unit_cost": 1.0}]
    )})))  # fmt: skip
    assert (found["offers"], "nothing is offered" in said[-1]) == ([], True)
    assert found["recommender_scores"]


def test_today_is_the_first_day_not_known(ask, shop):
    """With project.today a week after the last order, ages and windows count from it."""
    rows = _check(run(ask(shop, {"project": {"today": "2024-04-29"}})))["offers"]
    assert len(rows) == 800
