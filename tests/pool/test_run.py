from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pool_lines import MONDAY, checks, history, sell

from lotwise.errors import InputError, SettingsError

BAD = [
    ({"product": None}, "product", "empty"),
    ({"product": "  "}, "product", "empty"),
    ({"units": None}, "units", "empty"),
    ({"units": float("inf")}, "units", "not a finite amount"),
    ({"units": float("nan")}, "units", "not a finite amount"),
    ({"unit_price": -1.0}, "unit_price", "below 0"),
    ({"revenue": -2.0}, "unit_price", "below 0"),
    ({"time": MONDAY.replace(year=1800)}, "time", "outside the years 1900 to 2199"),
    ({"kind": "gift"}, "kind", "other than sale, return, cancelled"),
]


@pytest.mark.parametrize(("wrong", "column", "reason"), BAD)
def test_every_planted_defect_is_found_alone(pool, wrong, column, reason):
    """A defect rejects its own row, with column and reason, and no other row."""
    result = pool(orders=[*history(), {**sell("bad"), **wrong}])
    found = [(r["column"], r["reason"], r["source_row"]) for r in result["rejects"].to_pylist() if r["effect"] == "rejected"]
    assert found == [(column, reason, 29)]
    assert result["orders"].num_rows == 28


def test_a_value_that_could_not_be_read_is_shown(pool):
    """The reject of a failed cast carries the value as it stood and why."""
    fault = {
        "table": "orders",
        "source_file": "orders.csv",
        "source_row": 29,
        "column": "units",
        "value": "n/a",
        "reason": "no number",
    }
    result = pool(orders=[*history(), sell("bad", units=None)], faults=[fault])
    (reject,) = result["rejects"].to_pylist()
    assert (reject["value"], reject["reason"]) == ("n/a", "no number (empty)")


def test_an_optional_value_that_could_not_be_read_is_left_out(pool):
    """The row stays without it, and the value is listed."""
    fault = {
        "table": "orders",
        "source_file": "orders.csv",
        "source_row": 28,
        "column": "due",
        "value": "soon",
        "reason": "no date",
    }
    result = pool(orders=history(), faults=[fault])
    assert [(r["value"], r["effect"]) for r in result["rejects"].to_pylist()] == [("soon", "repaired")]
    assert checks(result, "orders")["rows kept"] == 28


@pytest.mark.parametrize(("winner", "units"), [("last", 5.0), ("first", 1.0)])
def test_duplicates_have_a_stated_winner(pool, winner, units):
    """Identical and different duplicates are counted apart, and the first or last row stays."""
    rows = [*history(), sell("x"), sell("x", units=5.0), sell("h3", 3)]
    result = pool({"pool": {"duplicates": winner}}, orders=rows)
    kept = {row["order"]: row["units"] for row in result["orders"].to_pylist()}
    counts = checks(result, "orders")
    assert (kept["x"], counts["identical duplicates"], counts["duplicates that differ"]) == (units, 1, 1)
    assert [r["effect"] for r in result["rejects"].to_pylist()] == ["duplicate", "duplicate"]


LINES = st.lists(
    st.fixed_dictionaries(
        {
            "order": st.sampled_from(["a", "b", "c", None]),
            "line": st.integers(-1, 2),
            "units": st.sampled_from([1.0, -1.0, None, float("nan")]),
            "revenue": st.sampled_from([2.0, -2.0, None]),
            "kind": st.sampled_from(["sale", "return", None, "gift"]),
        }
    ),
    max_size=12,
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES)
def test_nothing_is_lost(pool, lines):
    """Rows read = rows kept + rows rejected + duplicates removed, and every lost row stands in rejects."""
    rows = [*history(), *({**sell("x"), **line} for line in lines)]
    result = pool(orders=rows)
    counts = checks(result, "orders")
    assert counts["rows read"] == len(rows) == counts["rows kept"] + counts["rows rejected"] + counts["duplicates removed"]
    listed = {r["source_row"] for r in result["rejects"].to_pylist() if r["effect"] in ("rejected", "duplicate")}
    assert len(listed) == len(rows) - result["orders"].num_rows


MIXED = [
    *history(),
    sell("s1", 8, units=3.0),
    sell("s2", 9, units=3.0),
    sell("s3", 10, units=-3.0, revenue=-2.0),
    sell("q", 11, product="q", location="shop", region="north"),
]


def test_pooling_twice_changes_nothing(pool):
    """Clean orders and products pass through unchanged, cancellations included."""
    once = pool(orders=MIXED)
    again = pool(orders=once["orders"].to_pylist(), products=once["products"].to_pylist())
    for name in ("orders", "products", "demand", "economics"):
        assert again[name].equals(once[name]), name


def test_order_of_rows_does_not_matter(pool):
    """Shuffled rows give the same tables."""
    once, turned = pool(orders=MIXED), pool(orders=MIXED[::-1])
    for name in ("orders", "products", "demand", "economics"):
        assert turned[name].equals(once[name]), name


def test_missing_products_are_added(pool):
    """An ordered product that no table knows is kept, counted and added as unknown."""
    result = pool(orders=history(), products=[{"product": "other", "category": "c"}])
    assert {r["product"]: r["category"] for r in result["products"].to_pylist()} == {"other": "c", "p": "unknown"}
    assert checks(result, "orders")["product: not in products"] == 28


def test_categories_and_units_are_normalized(pool):
    """Categories are renamed, and units sold in packs become single units at the same revenue."""
    chosen = {"pool": {"categories": {"Dairy ": "dairy", "Dairy": "dairy"}, "units": {"p": 6.0}}}
    result = pool(chosen, orders=history(), products=[{"product": " p ", "category": " Dairy "}])
    assert result["products"]["category"].to_pylist() == ["dairy"]
    line = result["orders"].to_pylist()[0]
    assert (line["units"], line["revenue"], round(line["unit_price"], 6)) == (6.0, 2.0, 0.333333)


def test_the_future_is_left_out(pool):
    """Lines from today on are rejected, and the week before is whole."""
    result = pool({"project": {"today": date(2024, 1, 22)}}, orders=history())
    assert (result["orders"].num_rows, checks(result, "orders")["rows rejected"]) == (21, 7)
    assert result["demand"]["week"].to_pylist() == [date(2024, 1, 1), date(2024, 1, 8), date(2024, 1, 15)]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "No order line is left"),
        ([sell("1", product=None)], "product: empty: 1 rows"),
        (history(7), "at least 3 are needed"),
        ([sell(day, day, units=0.0) for day in range(28)], "all demand is 0"),
    ],
)
def test_nothing_to_work_with(pool, rows, message):
    """No orders, one week of history and all-zero demand are refused, with what was found."""
    with pytest.raises(InputError, match=message):
        pool(orders=rows)


def test_wrong_rules_are_refused_at_once(pool):
    """Every rule for missing values that cannot work is named."""
    with pytest.raises(SettingsError, match=r"(?s)did you mean 'orders.units'.*needs a number.*is no number"):
        pool({"pool": {"missing": {"orders.unit": 1, "orders.region": "mean", "orders.units": "much"}}}, orders=history())


def test_outliers_are_flagged_and_kept(pool):
    """A hundredfold quantity is listed and stays; usual ones are not listed."""
    result = pool(orders=[*history(), sell("much", 5, units=100.0, revenue=200.0)])
    flagged = [(r["column"], r["value"]) for r in result["rejects"].to_pylist() if r["effect"] == "flagged"]
    assert flagged == [("units", "100.0")]
    assert result["orders"].num_rows == 29


def test_a_change_of_no_known_kind_is_rejected_and_a_newer_one_stays_beside_the_older(pool):
    """Both changes of one cell are kept, made on different days; one for a product nobody knows is counted and kept."""
    change = {
        "product": "bread", "region": "all", "week": date(2024, 3, 4), "owner": "o1", "reason": "fair",
        "made": date(2024, 3, 1), "kind": "factor", "value": 1.2,
    }  # fmt: skip
    later, wrong, strange = {"made": date(2024, 3, 2)}, {"kind": "double"}, {"product": "nobody's"}
    result = pool(
        orders=history(),
        products=[{"product": "bread", "category": "food"}],
        overrides=[change, change | later, change | wrong, change | strange],
    )
    assert [row["made"].day for row in result["overrides"].to_pylist() if row["product"] == "bread"] == [1, 2]
    reasons = [row["reason"] for row in result["rejects"].to_pylist() if row["table"] == "overrides"]
    assert reasons == ["other than units, add, factor"]
    assert checks(result, "overrides")["product: not in products"] == 1


def test_what_a_source_has_none_of_stands_for_all(pool):
    """Without sites, versions or price breaks the keys hold 'all', 'always' and 0, also where some lines have a version."""
    lines = [{"item": "p", "component": part, "quantity": 1.0, "version": own} for part, own in (("wood", None), ("glue", "2"))]
    result = pool(
        orders=history(),
        bom=lines,
        items=[{"item": "p", "lead_weeks": 1}],
        stock=[{"item": "p", "day": date(2024, 1, 10), "units": 4.0}],
        suppliers=[{"material": "wood", "supplier": "ACME", "unit_price": 2.0}],
        lanes=[{"origin": "hall", "target": "shop"}],
        receipts=[{"receipt": "1", "item": "wood", "kind": "purchase", "day": date(2024, 2, 1), "units": 3.0}],
    )
    assert dict(zip(result["bom"]["component"].to_pylist(), result["bom"]["version"].to_pylist(), strict=True)) == {
        "wood": "always", "glue": "2",
    }  # fmt: skip
    assert [result[name]["site"].to_pylist() for name in ("items", "stock", "receipts")] == [["all"]] * 3
    assert (result["suppliers"]["from_units"].to_pylist(), result["lanes"]["item"].to_pylist()) == ([0.0], ["all"])
    assert not [row for row in result["rejects"].to_pylist() if row["effect"] == "rejected"]


def test_a_place_that_no_table_of_sites_holds_is_counted(pool):
    """A stray site is counted and kept; 'all', and customers as the end of a lane, are no places of their own."""
    result = pool(
        orders=history(),
        sites=[{"site": "hall"}],
        items=[{"item": "p", "site": "all"}, {"item": "q", "site": "hal"}],
        lanes=[{"item": "p", "origin": "hall", "target": "customers"}],
        machines=[{"machine": "saw", "hours": 40.0}],
        families=[{"family": "red", "machine": "sow"}],
    )
    assert checks(result, "items")["site: not in sites"] == 1
    assert checks(result, "lanes")["target: not in sites"] == 0
    assert checks(result, "families")["machine: not in machines"] == 1
    assert result["items"].num_rows == 2


@pytest.mark.parametrize(
    ("table", "row", "column"),
    [
        ("items", {"item": "p", "yield": 1.2}, "yield"),
        ("items", {"item": "p", "lead_weeks": -1}, "lead_weeks"),
        ("bom", {"item": "p", "component": "wood", "quantity": 1.0, "scrap": 1.0}, "scrap"),
        ("coproducts", {"item": "p", "coproduct": "dust", "quantity": -1.0}, "quantity"),
        ("machine_weeks", {"machine": "saw", "week": date(2024, 1, 1), "hours": -8.0}, "hours"),
        ("suppliers", {"material": "wood", "supplier": "ACME", "unit_price": float("inf")}, "unit_price"),
        ("receipts", {"receipt": "1", "item": "p", "kind": "gift", "day": date(2024, 2, 1), "units": 3.0}, "kind"),
        ("lanes", {"item": "p", "origin": "hall", "target": None}, "target"),
    ],
)
def test_rows_that_no_plan_can_use_are_rejected(pool, table, row, column):
    """Shares above 1, amounts below 0, unknown kinds and ends that are missing reject their row with the column."""
    result = pool(orders=history(), **{table: [row]})
    assert [r["column"] for r in result["rejects"].to_pylist() if r["table"] == table] == [column]
    assert result[table].num_rows == 0
