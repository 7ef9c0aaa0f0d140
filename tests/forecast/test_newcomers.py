from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from lotwise.config import Forecast
from lotwise.forecast import newcomers, scores
from lotwise.forecast.design import bare
from lotwise.forecast.newcomers import Prior
from lotwise.forecast.panel import Facts, dense
from lotwise.forecast.task import Curve, Task

START = date(2024, 1, 1)
END = 35
PRODUCTS = 240


@pytest.fixture(scope="module")
def shop():
    """Products of six categories whose level is that of the category, halved by a doubled price, times chance."""
    rng = np.random.default_rng(11)
    category = rng.integers(0, 6, PRODUCTS)
    price = np.exp(rng.uniform(0, 2, PRODUCTS))
    level = np.array([2, 5, 10, 20, 40, 60.0])[category] / price * np.exp(rng.normal(0, 0.4, PRODUCTS))
    units = rng.poisson(5 * level[:, None] * np.ones((1, 44))).astype(float)
    return units, category, price


def facts_of(shop, demand_table, hidden, left):
    """Return the facts where some products have only their last weeks before the cutoff, and are launched then."""
    units, category, price = shop
    panel = dense(demand_table(units))
    gone = hidden[:, None] & (np.arange(units.shape[1]) <= END - left)
    launched = [START + timedelta(weeks=END + 1 - left) if new else None for new in hidden]
    products = pa.table(
        {
            "product": panel.products.tolist(),
            "category": [f"c{number}" for number in category],
            "unit_price": price,
            "launched": pa.array(launched, pa.date32()),
        }
    )
    return Facts(replace(panel, units=np.where(gone, np.nan, units), measures={}), 4, {"products": products}, lambda _: None)


def asked(facts, end=END):
    """Return the task of a panel."""
    return Task(bare(facts.panel.units, facts.horizon), end, (), Forecast())


HIDDEN = np.arange(PRODUCTS) % 4 == 0


def test_the_level_is_a_posterior_mean():
    """A prior of 10 worth 2 / 10 + 1 weeks and 60 units in 3 weeks give (1.2 * 10 + 60) / 4.2; no week gives 10."""
    prior = Prior(np.array([10.0, 10.0]), np.zeros(2), units=2.0, weeks=1.0)
    found = prior.shrunk(np.array([60.0, 0.0]), np.array([3.0, 0.0]))
    np.testing.assert_allclose(found, [72 / 4.2, 10.0])


@pytest.mark.parametrize(("left", "most"), [(0, 0.75), (3, 0.3)])
def test_hidden_products_are_foretold_by_their_kind_and_price(shop, demand_table, left, most):
    """Each quarter hidden in turn, errors are well below those of the mean of all, and 90 % intervals hold 84 to 96 %."""
    errors, plain, inside = [], [], []
    for part in range(4):
        hidden = np.arange(PRODUCTS) % 4 == part
        facts = facts_of(shop, demand_table, hidden, left)
        curve = newcomers.curve(asked(facts), facts)
        came = shop[0][hidden, END + 1 : END + 5]
        errors.append(np.abs(curve.mean[hidden] - came).mean())
        plain.append(np.abs(shop[0][~hidden].mean() - came).mean())
        inside.append(scores.inside(came.ravel(), curve.quantiles[hidden].reshape(-1, 23), scores.NINE))
    assert np.mean(errors) < most * np.mean(plain)
    # 240 products whose weeks err alike: one standard error is sqrt(0.9 * 0.1 / 240) = 0.02, three of them 0.06.
    assert 0.84 < np.mean(inside) < 0.96


def test_own_weeks_take_over(shop, demand_table):
    """The more weeks a product has, the less its forecast errs: 0, 2 and 6 weeks in this order."""
    errors = []
    for left in (0, 2, 6):
        facts = facts_of(shop, demand_table, HIDDEN, left)
        curve = newcomers.curve(asked(facts), facts)
        errors.append(np.abs(curve.mean[HIDDEN] - shop[0][HIDDEN, END + 1 : END + 5]).mean())
    assert errors[0] > 1.5 * errors[1] > errors[2]


def test_a_launch_nobody_announced_is_not_foretold(shop, demand_table):
    """Without a launch date a series without a week is expected to sell nothing; with one two weeks ahead, from then on."""
    facts = facts_of(shop, demand_table, HIDDEN, 0)
    products = facts.tables["products"]
    late = pa.array([START + timedelta(weeks=END + 3)] * PRODUCTS, pa.date32())
    soon = replace(facts, tables={"products": products.set_column(3, "launched", late)})
    none = replace(facts, tables={"products": products.drop_columns(["launched"])})
    assert (newcomers.curve(asked(none), none).quantiles[HIDDEN] == 0).all()
    found = newcomers.curve(asked(soon), soon).mean[HIDDEN]
    assert (found[:, :2] == 0).all()
    assert (found[:, 2:] > 0).all()


def test_old_series_keep_their_forecast(shop, demand_table):
    """Any method's forecast of a series with eight weeks stays bit for bit; one of two weeks is replaced by its analogs'."""
    facts = facts_of(shop, demand_table, HIDDEN, 2)
    task = asked(facts)
    levels = np.linspace(0, 9, 23)
    made = Curve(np.full((PRODUCTS, 4), 3.0), np.broadcast_to(levels, (PRODUCTS, 4, 23)).copy())
    found = newcomers.young(made, task, facts)
    other = newcomers.curve(task, facts)
    assert found.mean[~HIDDEN].tobytes() == made.mean[~HIDDEN].tobytes()
    assert found.quantiles[~HIDDEN].tobytes() == made.quantiles[~HIDDEN].tobytes()
    np.testing.assert_array_equal(found.mean[HIDDEN], other.mean[HIDDEN])


def test_half_way_forecasts_are_mixed(shop, demand_table):
    """With six of eight weeks the analogs weigh a half."""
    facts = facts_of(shop, demand_table, HIDDEN, 6)
    made = Curve(np.full((PRODUCTS, 4), 3.0), np.full((PRODUCTS, 4, 23), 3.0))
    other = newcomers.curve(asked(facts), facts)
    found = newcomers.young(made, asked(facts), facts)
    np.testing.assert_allclose(found.mean[HIDDEN], (3 + other.mean[HIDDEN]) / 2)


def test_what_comes_after_the_cutoff_changes_nothing(shop, demand_table):
    """Other demand and other prices paid after the cutoff give the same bytes."""
    facts = facts_of(shop, demand_table, HIDDEN, 2)
    units = facts.panel.units.copy()
    units[:, END + 1 :] = 1e6
    later = replace(facts, panel=replace(facts.panel, units=units))
    first, second = newcomers.curve(asked(facts), facts), newcomers.curve(asked(later), later)
    assert first.quantiles.tobytes() == second.quantiles.tobytes()
    assert first.mean.tobytes() == second.mean.tobytes()


@pytest.mark.parametrize("weeks", [2, 3, 5, 8])
def test_a_few_weeks_of_everything_are_enough(weeks):
    """From two weeks on there is a forecast near the truth, with rising quantiles and paths for the draws."""
    units = np.random.default_rng(weeks).poisson(np.linspace(5, 60, 80)[:, None] * np.ones((1, weeks))).astype(float)
    curve = newcomers.curve(Task(bare(units, 4), weeks - 1, (), Forecast()))
    assert curve.mean.sum() == pytest.approx(4 * np.linspace(5, 60, 80).sum(), rel=0.1)
    assert (np.diff(curve.quantiles, axis=2) >= 0).all()
    assert curve.quantiles.min() >= 0
    assert curve.errors.shape[:2] == (80, 4)


@pytest.mark.parametrize("shape", [(80, 1), (4, 30)])
def test_too_little_gives_none_and_leaves_a_forecast_alone(shape):
    """One week, or four series, are nothing to learn from: no forecast, and ``young`` returns the one it was given."""
    units = np.ones(shape)
    task = Task(bare(units, 4), shape[1] - 1, (), Forecast())
    made = Curve(np.ones((shape[0], 4)), np.ones((shape[0], 4, 23)))
    assert newcomers.curve(task) is None
    assert newcomers.young(made, task) is made


def test_something_always_forecasts():
    """The chain: a method's own forecast; of three weeks the analogs'; of one week, or one series, own history."""
    units = np.random.default_rng(1).poisson(9, (20, 3)).astype(float)
    base = Curve(np.full((20, 4), 5.0), np.full((20, 4, 23), 5.0))
    made = Curve(np.full((20, 4), 9.0), np.full((20, 4, 23), 9.0))
    old = Task(bare(np.tile(units, 4), 4), 11, (), Forecast())
    short, first = (Task(bare(units, 4), end, (), Forecast()) for end in (2, 0))
    assert newcomers.complete(made, base, old) == (made, "method")
    assert newcomers.complete(None, base, short)[1] == "analogs"
    assert newcomers.complete(None, base, first) == (base, "history")
    alone = Task(bare(units[:1], 4), 2, (), Forecast())
    assert newcomers.complete(None, base, alone) == (base, "history")


def test_gaps_and_dead_series_survive():
    """Absent weeks inside series, a series without demand and one without any week give finite forecasts."""
    rng = np.random.default_rng(5)
    units = rng.poisson(6, (30, 26)).astype(float)
    units[rng.random(units.shape) < 0.1] = np.nan
    units[0], units[1], units[2, :20] = 0.0, np.nan, np.nan
    curve = newcomers.curve(Task(bare(units, 4), 25, (), Forecast()))
    assert np.isfinite(curve.mean).all()
    assert np.isfinite(curve.quantiles).all()
    assert (curve.mean[1] == 0).all()
    assert curve.mean[0].max() < 1.5
