"""Intervals against a law whose values are known in closed form.

Demand of a product in a week is 100 + 8 x (seen) + 6 y (hidden) + 4 e, all standard normal; x and y are shared in part by the
products of a week. A plan is the true conditional quantile at the critical ratio r = (p - c) / (p - s), so nothing is learned.
With d the standard deviation of what is not known, the expected loss against knowing demand is (p - s) d phi(z_r) a cell, z_r
being the standard normal quantile at r (the newsvendor under normal demand).
"""

import numpy as np
import pytest
from scipy.stats import norm

from lotwise.gap import bootstrap, interval, verdict
from lotwise.gap.value import prescriptiveness

PRODUCTS, WEEKS, SEEDS = 60, 16, 100
SEEN, HIDDEN, NOISE = 8.0, 6.0, 4.0
PRICE, COST, SALVAGE = 10.0, 4.0, 2.0
RATIO = (PRICE - COST) / (PRICE - SALVAGE)
Z = norm.ppf(RATIO)


def lost(*causes: float) -> float:
    """Return the expected loss of all cells where these causes of demand are not known."""
    return float((PRICE - SALVAGE) * np.sqrt(np.sum(np.square(causes))) * norm.pdf(Z)) * PRODUCTS * WEEKS


BASE, NOW, CHANCE = lost(SEEN, HIDDEN, NOISE), lost(HIDDEN, NOISE), lost(NOISE)
TRUTH = {"gap of the base": BASE, "EVPI": NOW, "source": BASE - NOW, "hidden source": NOW - CHANCE, "irreducible": CHANCE}


def profit(plan, demand):
    """Return the profit of a plan for each product and week."""
    return (PRICE - SALVAGE) * np.minimum(plan, demand) - (COST - SALVAGE) * plan


def settled(rng, *, shared):
    """Return the settled profit of every state of one history; ``shared`` is the part of a cause that weeks share."""

    def cause():
        own, week = rng.normal(size=(PRODUCTS, WEEKS)), rng.normal(size=(1, WEEKS))
        return np.sqrt(1 - shared) * own + np.sqrt(shared) * week

    seen, hidden = SEEN * cause(), HIDDEN * cause()
    demand = 100 + seen + hidden + NOISE * rng.normal(size=(PRODUCTS, WEEKS))
    wide, narrow, least = (Z * np.sqrt(np.sum(np.square(some))) for some in ((SEEN, HIDDEN, NOISE), (HIDDEN, NOISE), (NOISE,)))
    plans = {
        "none": np.full(demand.shape, 100 + wide),
        "now": 100 + seen + narrow,
        "placebo": 100 + seen + narrow + 0.5 * rng.normal(size=demand.shape),
        "foresight": 100 + seen + hidden + least,
        "perfect": demand,
    }
    return {state: profit(plan, demand) for state, plan in plans.items()}


def lines(value):
    """Return the ledger's lines, cell by cell."""
    return {
        "gap of the base": value["perfect"] - value["none"],
        "EVPI": value["perfect"] - value["now"],
        "source": value["now"] - value["none"],
        "hidden source": value["foresight"] - value["now"],
        "irreducible": value["perfect"] - value["foresight"],
        "placebo": value["placebo"] - value["now"],
    }


def ends(value, rng):
    """Return the 90 % interval of every line, and of P."""
    cells = lines(value)
    sums = bootstrap(np.stack(list(cells.values())), rng=rng, resamples=400, block_weeks=4)
    found = {line: interval(column) for line, column in zip(cells, sums.T, strict=True)}
    return found | {"P": interval(sums[:, 2] / sums[:, 0])}


@pytest.mark.parametrize("shared", [0.0, 0.3])
def test_intervals_hold_the_closed_form(shared):
    """EVPI, the value of a source that is seen and of one that is not, what is left and P lie inside in 85 of 100 at least."""
    truth = TRUTH | {"P": 1 - NOW / BASE}
    held = dict.fromkeys(truth, 0)
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        found = ends(settled(rng, shared=shared), rng)
        for line, value in truth.items():
            low, high = found[line]
            held[line] += low <= value <= high
    assert min(held.values()) >= 85, held


def test_noise_is_seldom_called_a_value():
    """Plans moved at random, by half a unit, cost little, and at most 10 of 100 ledgers say anything of them but "0"."""
    flagged = 0
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        flagged += verdict.of_placebo(ends(settled(rng, shared=0.3), rng)["placebo"]) != verdict.ZERO
    assert flagged <= 10


def test_the_mean_over_many_histories_is_the_closed_form():
    """The closed forms are what the lines come to on average: 40 histories leave a standard error below 1 %."""
    sums = dict.fromkeys(TRUTH, 0.0)
    for seed in range(40):
        cells = lines(settled(np.random.default_rng(1000 + seed), shared=0.0))
        sums = {line: sums[line] + float(cells[line].sum()) / 40 for line in TRUTH}
    assert sums == pytest.approx(TRUTH, rel=0.03)


def test_prescriptiveness_is_the_share_of_spread_that_is_seen():
    """P in closed form: 1 - sqrt(36 + 16) / sqrt(64 + 36 + 16) = 0.3305; one history of many products comes near."""
    share = 1 - NOW / BASE
    assert share == pytest.approx(0.3305, abs=1e-4)
    value = [settled(np.random.default_rng(seed), shared=0.0) for seed in range(40)]
    perfect, none, now = (np.concatenate([one[state] for one in value]) for state in ("perfect", "none", "now"))
    assert prescriptiveness(perfect, none, now) == pytest.approx(share, abs=0.01)
