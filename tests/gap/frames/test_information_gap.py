"""What a forecast is worth in money, against closed forms and identities."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from lotwise.config import Gap
from lotwise.errors import ContractError
from lotwise.gap import decide, information_gap, pinball_regret
from lotwise.gap.frames.decide import known, limits, planned
from lotwise.gap.frames.long import read
from lotwise.gap.frames.newsvendor import Terms
from lotwise.tables.forecasted import LEVELS

MARGINS = {"price": 10.0, "cost": 4.0, "salvage": 2.0}
"""Critical ratio (10 - 4) / (10 - 2) = .75, one of the levels."""
QUICK = Gap(resamples=200)


def values(table):
    return {row["measure"]: row["value"] for row in table.to_pylist()}


def spread(mean, sd, shape):
    return np.broadcast_to(np.maximum(mean[..., None] + sd * norm.ppf(LEVELS), 0), (*shape, len(LEVELS)))


@pytest.fixture
def case(long_frame, rng):
    """Return a forecast that knows half the variance, its demand, and 60 weeks of history of 20 series."""
    signal, noise = rng.normal(0, 10, (20, 16)), rng.normal(0, 10, (20, 16))
    y = np.maximum(100 + signal + noise, 0)
    frame = long_frame(spread(100 + signal, 10, (20, 16)), y)
    day = np.datetime64("2024-06-03") + 7 * np.arange(60).astype("timedelta64[D]")
    past = {"unique_id": np.repeat(pa.array(frame["unique_id"].unique()), 60), "ds": np.tile(day, 20)}
    return frame, y, pa.table(past | {"y": np.maximum(rng.normal(100, 200**0.5, 1200), 0)})


def test_regret_is_the_price_weighted_pinball_loss(case):
    """V(demand known) - V(forecast) is (p - s) x pinball at the critical ratio: to 1e-9 in each cell, to the cent in all."""
    frame, y, _ = case
    made = np.array(decide(frame, MARGINS)["quantity"])
    loss = pinball_regret(y.ravel(), made, **MARGINS)
    money = Terms(*(np.full(y.size, one) for one in MARGINS.values()), np.ones(y.size))
    cells = money.profit(y.ravel(), y.ravel()) - money.profit(np.minimum(made, y.ravel()), made)
    assert cells == pytest.approx(loss, abs=1e-9)
    assert values(information_gap(frame, MARGINS, params=QUICK))["regret, forecast"] == pytest.approx(loss.sum(), abs=0.011)


def test_normal_demand_loses_what_its_closed_form_says(long_frame, rng):
    """Of demand N(100, 10) knowing it is worth (p - s) sd phi(z) = 8 x 10 x phi(.6745) = 25.42 a decision (EVPI).

    One regret has a standard deviation of about 22: over 20,000 the mean is known to .16, and three of them are .5.
    """
    y = rng.normal(100, 10, (200, 100))
    found = values(information_gap(long_frame(spread(np.full((200, 100), 100.0), 10, (200, 100)), y), MARGINS, params=QUICK))
    assert found["regret, forecast"] / y.size == pytest.approx(8 * 10 * norm.pdf(norm.ppf(0.75)), abs=0.5)


def test_exponential_demand_loses_what_its_closed_form_says(long_frame, rng):
    """Of demand with mean 50 it is (c - s) x 50 x ln((p - s) / (c - s)) = 2 x 50 x ln 4 = 138.63; three errors are 3."""
    y = rng.exponential(50, (200, 100))
    quantiles = np.broadcast_to(-50 * np.log1p(-np.asarray(LEVELS)), (200, 100, len(LEVELS)))
    found = values(information_gap(long_frame(quantiles, y), MARGINS, params=QUICK))
    assert found["regret, forecast"] / y.size == pytest.approx(2 * 50 * np.log(4), abs=3)


def test_accounts_add_up_in_the_cents_that_are_printed(case):
    """Profit with demand known less regret is the profit of each plan, and the value of the forecast is their difference."""
    frame, _, history = case
    found = values(information_gap(frame, MARGINS | {"price": 9.999}, history=history, params=QUICK))
    whole = {name: round(100 * value) for name, value in found.items() if value is not None}
    for plan in ("base", "forecast"):
        assert whole["profit, demand known"] - whole[f"regret, {plan}"] == whole[f"profit, {plan}"]
    assert whole["regret, base"] - whole["regret, forecast"] == whole["value of the forecast"]
    assert found["prescriptiveness"] == pytest.approx(found["value of the forecast"] / found["regret, base"], abs=1e-6)


def test_half_the_variance_known_closes_its_share(case):
    """With half the variance known regret falls by 1 - sqrt(1/2) = 29 % at every ratio, and half a bit is gained."""
    frame, _, history = case
    table = information_gap(frame, MARGINS, history=history)
    found = {row["measure"]: row for row in table.to_pylist()}
    for measure in ("prescriptiveness", "prescriptiveness at critical ratio 0.3", "prescriptiveness at critical ratio 0.9"):
        # The base is from a short history and so a little worse than the best without knowing: somewhat more, then.
        assert found[measure]["value"] == pytest.approx(1 - 0.5**0.5, abs=0.08)
        assert found[measure]["low"] < found[measure]["value"] < found[measure]["high"]
    # History is short and has flat tails, which a log score punishes: more than half a bit, then.
    assert found["bits gained"]["high"] > 0.5 > found["bits gained"]["low"] - 0.5
    assert found["CRPS gained"]["value"] > 0


def test_the_better_history_is_the_base(case):
    """Where demand has just doubled the last rows are the better base, and the note names it and what the other brought."""
    frame, _, history = case
    old = history.set_column(2, "y", pa.array(np.where(np.arange(1200) % 60 < 47, 10.0, np.array(history["y"]))))
    note = information_gap(frame, MARGINS, history=old, params=QUICK)["note"][0].as_py()
    assert "base: own history, the last 13 rows (recent SAA), the better of two (own history, all rows alike (SAA):" in note


def test_thinking_in_distributions_is_worth_what_the_mean_plan_lacks(case):
    """VSS is the profit of the forecast less that of making its mean, and the mean plan is worse at a ratio of .75."""
    frame, y, _ = case
    found = values(information_gap(frame, MARGINS, params=QUICK))
    mean = read(frame).mean
    money = Terms(*(np.full(y.size, one) for one in MARGINS.values()), np.ones(y.size))
    assert found["profit, mean plan"] == pytest.approx(money.profit(np.minimum(mean, y.ravel()), mean).sum(), abs=0.01)
    assert found["value of thinking in distributions"] > 0


@given(st.integers(0, 1000), st.one_of(st.none(), st.floats(0, 3000)))
@settings(max_examples=20, deadline=None)
def test_knowing_demand_beats_every_plan(seed, capacity):
    """No plan brings more than the one that knows demand: in each cell, and with a capacity in each decision."""
    rng = np.random.default_rng(seed)
    quantiles = np.sort(rng.gamma(2, 20, (60, len(LEVELS))), axis=1)
    names = {name: quantiles[:, place] for place, name in enumerate(f"q{round(level * 1000):03d}" for level in LEVELS)}
    rows = read({"unique_id": np.tile(np.arange(20), 3), "ds": np.repeat([1, 2, 3], 20), "y": rng.gamma(2, 20, 60)} | names)
    money = Terms(rng.uniform(5, 9, 60), rng.uniform(3, 7, 60), rng.uniform(0, 3, 60), rng.uniform(0, 2, 60))
    limit = limits(rows, capacity)
    best = known(rows, rows.y, money, limit)
    for made in (planned(rows, rows.demand, money, limit)[0], planned(rows, rows.demand, money, limit, whole=True)[0]):
        lead = money.profit(np.minimum(best, rows.y), best) - money.profit(np.minimum(made, rows.y), made)
        assert (lead >= -1e-9).all() if limit is None else (np.bincount(rows.decision, lead) >= -1e-6).all()


def test_with_a_capacity_whole_decisions_are_settled(case):
    """Where one series' demand is not known yet, the others of its week wait too, and it is said."""
    frame, y, history = case
    y = y.copy()
    y[3, 15] = np.nan
    frame = frame.set_column(3, "y", pa.array(y.ravel(), from_pandas=True))
    note = information_gap(frame, MARGINS, history=history, capacity=1900, params=QUICK)["note"][0].as_py()
    assert note.startswith("300 decisions")
    assert "1 rows are not settled: y is not known; 19 rows are left out: they share the capacity" in note


def test_few_periods_have_no_interval(case):
    """Seven weeks are no two blocks of four: figures, but no intervals, and it is said."""
    frame, _, _ = case
    some = frame.filter(pa.array(np.tile(np.arange(16) < 7, 20)))
    table = information_gap(some, MARGINS)
    assert table["low"].null_count == table.num_rows
    assert "no interval: 7 settled periods, two blocks of 4 are needed" in table["note"][0].as_py()


def test_without_a_base_it_is_said(case):
    """P stays empty, and the note says what to give."""
    rows = {row["measure"]: row for row in information_gap(case[0], MARGINS, params=QUICK).to_pylist()}
    assert rows["prescriptiveness"]["value"] is None
    assert "give history=" in rows["prescriptiveness"]["note"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (lambda frame, past: {"base": frame, "history": past}, "expected one of them"),
        (lambda frame, _: {"base": frame.set_column(1, "ds", frame["cutoff"]).drop_columns(["cutoff"])}, "in common"),
        (lambda _, past: {"history": past.set_column(1, "ds", pa.array(range(1200)))}, "expected one type for both"),
        (lambda _, past: {"history": pa.concat_tables([past, past.slice(0, 2)])}, "2 rows stand twice"),
        (lambda _, past: {"history": past.drop_columns(["y"])}, "column 'y' is missing"),
    ],
)
def test_a_base_that_does_not_fit_is_refused(case, given, said):
    """Two bases, one of other decisions, and a history of other periods are told."""
    frame, _, history = case
    with pytest.raises(ContractError, match=said):
        information_gap(frame, MARGINS, **given(frame, history))


def test_same_seed_same_bytes(case):
    """Shuffled rows and a second call give the same table; another seed gives other intervals."""
    frame, _, history = case
    first = information_gap(frame, MARGINS, history=history, params=QUICK)
    shuffled = frame.take(np.random.default_rng(1).permutation(frame.num_rows))
    assert information_gap(shuffled, MARGINS, history=history, params=QUICK).equals(first)
    assert not information_gap(frame, MARGINS, history=history, params=QUICK, seed=1).equals(first)
