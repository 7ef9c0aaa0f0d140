from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from lotwise.errors import ContractError
from lotwise.forecast import options
from lotwise.tables.collected import ORDER_OPTIONS, ORDERS
from lotwise.tables.forecasted import COMPONENT_DEMAND, DRAWS, OPTION_DEMAND, QUANTILES

CUTOFF = date(2024, 7, 1)
SHARE = {"linen": 0.5, "wool": 0.3, "silk": 0.2}


def draws_of(rng, products=("coat",), regions=("north", "south"), scenarios=50):
    """Return table draws: Poisson of 30 for two weeks."""
    return pa.Table.from_pylist(
        [
            {
                "information": "now", "cutoff": CUTOFF, "product": product, "region": region,
                "week": CUTOFF + timedelta(weeks=week), "units": rng.poisson(30, scenarios).astype(np.float32),
            }
            for product in products for region in regions for week in range(2)
        ],
        schema=DRAWS.schema,
    )  # fmt: skip


def sold(rng, product="coat", rows=600, late=0):
    """Return orders of one product over 20 weeks before the cutoff, and their options; wool goes with lining."""
    day = [datetime(2024, 7, 1) - timedelta(days=int(back)) for back in rng.integers(1, 140, rows)]  # noqa: DTZ001  as stored
    day += [datetime(2024, 7, 1, 8)] * late  # noqa: DTZ001  as stored
    fabric = [*rng.choice(list(SHARE), rows, p=list(SHARE.values())), *["tweed"] * late]
    orders = pa.Table.from_pylist(
        [
            {
                "order": f"{product}{number}", "line": 1, "time": when, "product": product, "location": "all", "region": "all",
                "units": 1.0, "kind": "sale",
            }
            for number, when in enumerate(day)
        ],
        schema=ORDERS.schema,
    )  # fmt: skip
    rows = [
        {"order": f"{product}{number}", "line": 1, "option": option, "value": value}
        for number, name in enumerate(fabric)
        for option, value in (("fabric", str(name)), ("lining", "yes" if name == "wool" else "no"))
    ]
    return orders, pa.Table.from_pylist(rows, schema=ORDER_OPTIONS.schema)


def of(table, **same):
    """Return the rows of a table with the values named."""
    for name, value in same.items():
        table = table.filter(pc.equal(table[name], value))
    return table


def test_tables_keep_their_contracts_and_values_share_the_total():
    """Means of an option's values sum to the mean total in each region and week; rates are near the truth."""
    rng = np.random.default_rng(1)
    draws = draws_of(rng)
    found = options.forecast(draws, *sold(rng))
    table = OPTION_DEMAND.check(found["option_demand"])
    assert COMPONENT_DEMAND.check(found["component_demand"]).num_rows == 0
    for row in draws.to_pylist():
        own = of(table, region=row["region"], week=row["week"], option="fabric")
        assert sum(own["mean"].to_pylist()) == pytest.approx(np.mean(row["units"]))
        assert sum(own["take_rate"].to_pylist()) == pytest.approx(1)
    for value, share in SHARE.items():
        row = of(table, value=value).to_pylist()[0]
        assert row["take_rate_low"] < share < row["take_rate_high"]
        assert row["take_rate"] == pytest.approx(share, abs=0.05)
        assert sorted(row[name] for name in QUANTILES) == [row[name] for name in QUANTILES]


def test_components_pool_products_and_follow_choices_made_together():
    """A harness for lined wool is in 30 % of coats, not in 0.3 x 0.3; a button is in every coat and scarf."""
    rng = np.random.default_rng(2)
    draws = draws_of(rng, products=("coat", "scarf"), regions=("all",))
    bom = pa.Table.from_pylist(
        [
            {"item": "coat", "component": "kit", "option": "fabric", "value": "wool", "quantity": 1.0},
            {"item": "kit", "component": "harness", "option": "lining", "value": "yes", "quantity": 1.0},
            {"item": "coat", "component": "button", "option": "always", "value": "always", "quantity": 4.0},
            {"item": "scarf", "component": "button", "option": "always", "value": "always", "quantity": 1.0},
        ]
    )
    orders, chosen = sold(rng)
    table = options.forecast(draws, orders, chosen, bom=bom)["component_demand"]
    COMPONENT_DEMAND.check(table)
    coat, scarf = (np.array(of(draws, product=name, week=CUTOFF)["units"].to_pylist()[0]) for name in ("coat", "scarf"))
    button = of(table, component="button", week=CUTOFF).to_pylist()[0]
    assert button["mean"] == pytest.approx(4 * coat.mean() + scarf.mean())
    assert button["q500"] == pytest.approx(np.median(4 * coat + scarf), abs=1)
    harness = of(table, component="harness", week=CUTOFF).to_pylist()[0]
    assert harness["mean"] / coat.mean() == pytest.approx(0.3, abs=0.05)


def test_nothing_after_the_cutoff_is_read():
    """Forty orders of a new fabric on the morning of the cutoff change nothing."""
    draws = draws_of(np.random.default_rng(3))
    plain = options.forecast(draws, *sold(np.random.default_rng(4)))
    later = options.forecast(draws, *sold(np.random.default_rng(4), late=40))
    assert plain["option_demand"].equals(later["option_demand"])


def test_without_choices_both_tables_are_empty():
    """No order_options, or no draws: tables of the right columns and no row."""
    rng = np.random.default_rng(5)
    orders, chosen = sold(rng, rows=5)
    for found in (
        options.forecast(draws_of(rng), orders, ORDER_OPTIONS.empty()),
        options.forecast(DRAWS.empty(), orders, chosen),
    ):
        assert OPTION_DEMAND.check(found["option_demand"]).num_rows == 0
        assert COMPONENT_DEMAND.check(found["component_demand"]).num_rows == 0


def test_catalog_decides_what_is_offered_and_a_product_never_ordered_borrows_from_others():
    """Silk is retired, felt is new; the cape was never ordered, and chooses as coats do, with wide intervals."""
    rng = np.random.default_rng(6)
    offered = [
        {"product": product, "option": "fabric", "value": value}
        for product in ("coat", "cape") for value in ("linen", "wool", "felt")
    ]  # fmt: skip
    found = options.forecast(draws_of(rng, products=("coat", "cape")), *sold(rng), pa.Table.from_pylist(offered))[
        "option_demand"
    ]
    OPTION_DEMAND.check(found)
    assert set(found["value"].to_pylist()) == {"linen", "wool", "felt"}
    cape, coat = (of(found, product=name, value="linen").to_pylist()[0] for name in ("cape", "coat"))
    assert coat["take_rate"] == pytest.approx(0.5 / 0.8, abs=0.06)
    assert cape["take_rate"] == pytest.approx(coat["take_rate"], abs=0.15)
    assert cape["take_rate_high"] - cape["take_rate_low"] > 3 * (coat["take_rate_high"] - coat["take_rate_low"])


def test_rules_hold_in_every_draw():
    """Wool excludes the lining: no unit of a lined wool harness, at any quantile."""
    rng = np.random.default_rng(7)
    rule = {
        "rule": "1", "product": "coat", "kind": "excludes",
        "if_option": "fabric", "if_value": "linen", "then_option": "lining", "then_value": "no",
    }  # fmt: skip
    bom = [
        {"item": "coat", "component": "shell", "option": "fabric", "value": "linen", "quantity": 1.0},
        {"item": "shell", "component": "bare", "option": "lining", "value": "no", "quantity": 1.0},
    ]
    rules = pa.Table.from_pylist([rule])
    found = options.forecast(draws_of(rng), *sold(rng), None, rules, pa.Table.from_pylist(bom))["component_demand"]
    assert max(of(found, component="bare")["q990"].to_pylist()) == 0


def test_same_seed_gives_the_same_bytes():
    """Two calls agree in every value; another seed moves quantiles but no mean."""
    rng = np.random.default_rng(8)
    draws, (orders, chosen) = draws_of(rng), sold(rng)
    one, two, other = (options.forecast(draws, orders, chosen, seed=seed)["option_demand"] for seed in (1, 1, 2))
    assert one.equals(two)
    assert not one.equals(other)


def test_draws_of_two_cutoffs_are_refused():
    """The message names what the table holds and asks for one."""
    draws = draws_of(np.random.default_rng(9))
    past = draws.set_column(1, DRAWS.schema.field("cutoff"), pa.array([date(2024, 6, 3)] * draws.num_rows, pa.date32()))
    with pytest.raises(ContractError, match="expected one: filter it first"):
        options.forecast(pa.concat_tables([draws, past]), *sold(np.random.default_rng(9)))


def test_rules_that_leave_nothing_name_the_product():
    """Both values of the lining are ruled out for every fabric: the message begins with the product."""
    rows = [
        {"rule": f"{fabric}{value}", "product": "coat", "kind": "excludes", "if_option": "fabric", "if_value": fabric,
         "then_option": "lining", "then_value": value}
        for fabric in SHARE for value in ("yes", "no")
    ]  # fmt: skip
    rng = np.random.default_rng(10)
    with pytest.raises(ContractError, match="Product 'coat': None of"):
        options.forecast(draws_of(rng), *sold(rng), None, pa.Table.from_pylist(rows))
