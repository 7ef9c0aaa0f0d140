import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.errors import InputError
from lotwise.plan.inventory import BaseStock, base_stock, simulate

ROWS, PERIODS = 60, 1_000


def steady(rng):
    """Return normal demand, 100 a period, sd 20."""
    return np.maximum(rng.normal(100, 20, (ROWS, PERIODS)), 0.0)


def gamma_poisson(rng):
    """Return whole units, mean 40, variance 40 + 40^2 / 4 = 440."""
    return rng.poisson(rng.gamma(4, 10, (ROWS, PERIODS))).astype(float)


def intermittent(rng):
    """Return no demand in three periods of four, else 1 + gamma-Poisson units of mean 60."""
    sizes = 1.0 + rng.poisson(rng.gamma(2, 30, (ROWS, PERIODS)))
    return np.where(rng.uniform(size=sizes.shape) < 0.25, sizes, 0.0)


@pytest.mark.parametrize("demand", [steady, gamma_poisson, intermittent])
@pytest.mark.parametrize("measure", ["cycle", "fill"])
@pytest.mark.parametrize(("lead", "review"), [(0, 1), (2, 1), (1, 4)])
def test_simulated_service_is_within_a_point_of_the_target(demand, measure, lead, review):
    """Levels from one history give, on another, 90 % and 97 % service within 1 point, in both measures."""
    before, during = (part.ravel() for part in base_stock.windows(demand(np.random.default_rng(1)), lead, review))
    fresh = demand(np.random.default_rng(2))
    for target in (0.90, 0.97):
        policy = base_stock.sample(during, target, before=before, measure=measure)
        found = simulate(policy, fresh, lead=lead, review=review)
        assert getattr(found, measure).mean() == pytest.approx(target, abs=0.01)


@pytest.mark.parametrize("measure", ["cycle", "fill"])
@pytest.mark.parametrize(("lead", "review"), [(0, 1), (3, 1), (2, 4)])
def test_normal_levels_give_their_target(measure, lead, review):
    """The level from the loss function gives its target within half a point when simulated; many targets at once."""
    targets = np.array([0.8, 0.9, 0.95, 0.99])
    policy = base_stock.normal(100, 20, targets[:, None], lead=lead, review=review, measure=measure)
    fresh = np.broadcast_to(steady(np.random.default_rng(3)), (4, ROWS, PERIODS))
    found = simulate(policy, fresh, lead=lead, review=review)
    assert getattr(found, measure).mean(axis=-1) == pytest.approx(targets, abs=0.005)


def test_normal_fill_rate_solves_the_loss_equation():
    """At the level found, the loss over the protection less that over the lead time is what the target allows."""
    level = base_stock.normal(50, 15, 0.95, lead=4, review=2, measure="fill").level
    wide, narrow = 15 * np.sqrt(6), 15 * np.sqrt(4)
    short = wide * base_stock.loss((level - 300) / wide) - narrow * base_stock.loss((level - 200) / narrow)
    assert short == pytest.approx(0.05 * 2 * 50)


def test_loss_gives_the_tabled_figures():
    """The standard normal loss is 0.398942 at 0, 0.083315 at 1 and 1.083315 at -1."""
    assert base_stock.loss([0.0, 1.0, -1.0]) == pytest.approx([0.398942, 0.083315, 1.083315], abs=1e-6)


def test_sample_levels_by_hand():
    """The cycle level is an order statistic, the fill level lies where the line between two samples meets the target."""
    # cycle, 0.75 of four samples: the third, 6. fill, 0.9 of a mean of 5: 0.5 short; E(D - S)+ is
    # (10 - S) / 4 for S from 6 to 10, which is 0.5 at S = 8
    during = np.array([0.0, 4.0, 6.0, 10.0])
    assert base_stock.sample(during, 0.75).level == 6.0
    assert base_stock.sample(during, 0.9, measure="fill").level == pytest.approx(8.0)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), lead=st.integers(0, 4), review=st.integers(1, 3), target=st.floats(0.05, 0.99))
def test_fill_level_is_exact_on_its_own_samples(seed, lead, review, target):
    """On the samples it was made from, a fill level leaves exactly the share short that the target allows."""
    demand = np.random.default_rng(seed).poisson(2, 40) + 0.0
    before, during = base_stock.windows(demand, lead, review)
    level = base_stock.sample(during, target, before=before, measure="fill").level
    short = np.maximum(during - level, 0).mean() - np.maximum(before - level, 0).mean()
    assert short == pytest.approx((1 - target) * (during - before).mean())


def test_levels_rise_with_target_and_lead_time():
    """A higher target or a longer lead time never asks for less."""
    levels = base_stock.normal(10, 3, np.array([0.5, 0.8, 0.99])[:, None], lead=[0, 1, 5], measure="fill").level
    assert (np.diff(levels, axis=0) > 0).all()
    assert (np.diff(levels, axis=1) > 0).all()


def test_windows_by_hand():
    """Each start gives the demand of the lead time and of the protection that begins with it."""
    before, during = base_stock.windows([1, 2, 3, 4, 5], 1, 2)
    assert before.tolist() == [1, 2, 3]
    assert during.tolist() == [6, 9, 12]


def test_lost_sales_are_served_at_least_as_well():
    """With a lead time, the level for backorders serves more of the demand when sales are lost."""
    demand = gamma_poisson(np.random.default_rng(4))
    policy = base_stock.normal(40, np.sqrt(440), 0.9, lead=3, measure="fill")
    owed, lost = (simulate(policy, demand, lead=3, unmet=unmet).fill.mean() for unmet in ("backorder", "lost"))
    assert lost > owed


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: base_stock.normal(1, 1, 1.0), "target: found 1; expected a share between 0 and 1"),
        (lambda: base_stock.normal(1, 1, [0.5, 0.0]), r"target: found 0 at \[1\]"),
        (lambda: base_stock.normal(1, 1, 0.9, lead=-1), "lead: found -1; expected a whole number from 0"),
        (lambda: base_stock.normal(1, 1, 0.9, lead=1.5), "lead: found 1.5"),
        (lambda: base_stock.normal(1, 1, 0.9, review=0), "review: found 0; expected a whole number from 1"),
        (lambda: base_stock.normal(1, 1, 0.9, measure="ready"), "measure: found 'ready'; expected one of 'cycle', 'fill'"),
        (lambda: base_stock.normal(0, 1, 0.9, measure="fill"), "mean: found 0 with a fill rate"),
        (lambda: base_stock.windows([1, -2, 3], 1), r"demand: found -2 at \[1\]"),
        (lambda: base_stock.windows([1, 2], 2, 1), "found 2 periods; expected at least lead"),
        (lambda: base_stock.sample([], 0.9), "no sample"),
        (lambda: base_stock.sample([0, 0], 0.9, measure="fill"), "no demand"),
        (lambda: base_stock.sample([1, 2], 0.9, before=[2, 2], measure="fill"), "before: found"),
        (lambda: BaseStock(np.array([1.0, np.inf])), r"level: found inf at \[1\]"),
    ],
)
def test_bad_input_is_named(act, message):
    """Whatever cannot be is refused with what was found."""
    with pytest.raises(InputError, match=message):
        act()
