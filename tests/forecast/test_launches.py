from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from lotwise.config import Source
from lotwise.forecast import launches
from lotwise.forecast.panel import Facts, dense

START = date(2024, 1, 1)


def test_the_effect_of_a_promotion_is_recovered(promoted_shop):
    """In a shop whose demand triples in the mailer a promoted week counts three ordinary ones, within 5 %."""
    panel = dense(promoted_shop["demand"])
    facts = Facts(panel, 4, {"promotions": promoted_shop["promotions"]}, lambda _: None)
    found = launches.exposure(facts, panel.units, 4)
    assert found.shape == (30, 48)
    assert found.max() == pytest.approx(3.0, rel=0.05)
    assert found.min() == 1.0


def test_without_promotions_all_weeks_are_alike():
    """No facts, or none of promotions: every week is one ordinary week."""
    assert (launches.exposure(None, np.ones((3, 5)), 2) == np.ones((3, 7))).all()


def test_the_course_of_past_launches_is_learned():
    """Forty launches that sell double for six weeks say so of the next one; the middle of the phase comes within 10 %."""
    rng = np.random.default_rng(3)
    first = rng.integers(1, 12, 60).astype(float)
    age = np.arange(40)[None, :] - first[:, None]
    units = np.where(age < 0, np.nan, rng.poisson(np.where(age < 6, 40, 20)).astype(float))
    units[40:, 14:] = np.nan
    found = launches.phase(units, np.ones((60, 44)), np.full(60, 20.0), first)
    at = {k: found[0, int(first[0]) + k] for k in (2, 9, 30)}
    assert at[2] == pytest.approx(2.0, rel=0.1)
    assert at[9] == pytest.approx(1.0, rel=0.1)
    assert at[30] == pytest.approx(1.0, rel=0.1)


def test_a_series_as_old_as_the_panel_has_no_launch():
    """Its beginning is not known, so all its weeks are ordinary; one that begins inside begins there."""
    units = np.array([[1.0, 2, 3], [np.nan, 2, 3], [np.nan, np.nan, np.nan]])
    first = launches.begun(None, units)
    np.testing.assert_array_equal(first, [np.nan, 1.0, np.nan])
    assert (launches.phase(units, np.ones((3, 5)), np.ones(3), first)[0] == 1).all()


def test_a_launch_date_says_when_a_series_begins(demand_table):
    """Wednesday of the panel's sixth week, two weeks after its end, is place 5; a product without a date is not known."""
    panel = dense(demand_table(np.ones((2, 4))))
    launched = pa.array([START + timedelta(weeks=5, days=2), None], pa.date32())
    facts = Facts(panel, 4, {"products": pa.table({"product": ["p000", "p001"], "launched": launched})}, lambda _: None)
    np.testing.assert_array_equal(launches.begun(facts, panel.units), [5.0, np.nan])


@pytest.mark.parametrize(("region_names", "rows"), [(("all",), 4), (("east", "west"), 8)])
def test_products_launched_about_now_enter_the_panel(demand_table, region_names, rows):
    """Launched three weeks ago without a sale: three zeros; next week: no week; long ago, retired, far ahead: left out."""
    panel = dense(demand_table(np.ones((2 * len(region_names), 20)), regions=region_names))
    weeks = {"a": 17, "b": 20, "old": 3, "gone": 18, "far": 30, "p000": 0}
    launched = pa.array([START + timedelta(weeks=week) for week in weeks.values()], pa.date32())
    retired = pa.array([START + timedelta(weeks=18) if name == "gone" else None for name in weeks], pa.date32())
    products = pa.table({"product": list(weeks), "launched": launched, "retired": retired})
    found = launches.extended(panel, products, 4)
    assert found.shape == (rows, 20)
    assert sorted(set(found.products.tolist())) == ["a", "b", "p000", "p001"]
    assert np.nansum(found.units[found.products == "a"]) == 0
    assert np.isfinite(found.units[found.products == "a"]).sum() == 3 * len(region_names)
    assert np.isnan(found.units[found.products == "b"]).all()
    assert all(values.shape == found.units.shape for values in found.measures.values())
    order = list(zip(found.products.tolist(), found.regions.tolist(), strict=True))
    assert order == sorted(order)


def test_nothing_to_add_leaves_the_panel(demand_table):
    """Without launch dates, or without a new product, the very same panel comes back."""
    panel = dense(demand_table(np.ones((2, 20))))
    assert launches.extended(panel, pa.table({"product": ["x"]}), 4) is panel
    launched = pa.array([START], pa.date32())
    assert launches.extended(panel, pa.table({"product": ["x"], "launched": launched}), 4) is panel


def test_only_what_a_source_tells_is_told(promoted_shop):
    """A state of information sees the tables of its sources, promotions only as a plan, prices only where they are told."""
    products = pa.table({"product": ["p000"], "category": ["a"]})
    tables = {"promotions": promoted_shop["promotions"], "products": products}
    facts = Facts(dense(promoted_shop["demand"]), 4, tables, lambda _: None)
    plan = Source(name="plan", tables=["promotions"], known="plan")
    kind = Source(name="kind", tables=["products"])
    price = Source(name="price", tables=["demand.unit_price"])
    sources = [plan, kind, price]
    assert set(launches.told(facts, sources, ("plan", "kind")).tables) == {"promotions", "products"}
    assert not launches.told(facts, sources, ("plan", "kind")).panel.measures
    assert launches.told(facts, sources, ("price",)).panel.measures
    past = Source(name="plan", tables=["promotions"])
    assert not launches.told(replace(facts, horizon=4), [past], ("plan",)).tables
