"""Randomized trials: Welch's interval against scipy, coverage, and what is refused."""

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from lotwise.errors import ContractError
from lotwise.gap.choices.trial import experiment, welch
from lotwise.tables.ledger import UNSEEN


def dealt(seed=0, sizes=(60, 40), gain=5.0):
    """Return a trial of two arms of unequal variance."""
    rng = np.random.default_rng(seed)
    arm = np.repeat(["control", "offer"], sizes)
    outcome = np.where(arm == "offer", rng.normal(20 + gain, 8, len(arm)), rng.normal(20, 3, len(arm)))
    return {"arm": arm, "outcome": outcome}


def test_the_interval_is_welchs():
    """Difference and ends are those of scipy's t test for unequal variances."""
    trial = dealt()
    arm, base = (trial["outcome"][trial["arm"] == name] for name in ("offer", "control"))
    ends = stats.ttest_ind(arm, base, equal_var=False).confidence_interval(0.9)
    assert welch(arm, base, 0.9) == pytest.approx((ends.low, ends.high), rel=1e-9)
    row = UNSEEN.check(experiment(trial, control="control")).to_pylist()[0]
    assert row["measure"] == "experiment: offer less control"
    assert (row["value"], row["low"], row["high"]) == pytest.approx((arm.mean() - base.mean(), *ends), abs=0.005)
    assert row["verdict"] == "gained"


def test_by_hand():
    """Outcomes 1, 3 against 0, 0: difference 2, and 4 against 2, 2: 2; of three arms each is compared with the control."""
    trial = {"arm": ["a", "a", "b", "b", "c", "c"], "outcome": [0.0, 0.0, 1.0, 3.0, 4.0, 4.0]}
    found = experiment(trial, control="a")
    assert found["value"].to_pylist() == [2.0, 4.0]
    assert found["verdict"].to_pylist() == ["not distinguishable from 0", "no interval"]


def test_the_interval_holds_the_truth_in_nine_of_ten():
    """Over 300 trials the 90 % interval holds the true gain in .90 +- .05 (three standard errors)."""
    held = 0
    for seed in range(300):
        trial = dealt(seed)
        low, high = welch(*(trial["outcome"][trial["arm"] == name] for name in ("offer", "control")), 0.9)
        held += low <= 5 <= high
    assert 0.85 <= held / 300 <= 0.95


def test_rows_of_one_customer_are_summed():
    """Two purchases of one customer are one outcome: split rows give the row of the sums."""
    whole = dealt() | {"customer": np.arange(100)}
    halves = {name: np.tile(column, 2) for name, column in whole.items()} | {"outcome": np.tile(whole["outcome"] / 2, 2)}
    found = experiment(pa.table(halves), control="control").to_pylist()[0]
    assert found["value"] == experiment(whole, control="control").to_pylist()[0]["value"]
    assert "40 customers" in found["note"]


def test_nothing_gained_is_said():
    """An arm like the control is not distinguishable from 0; a worse one lost."""
    assert experiment(dealt(gain=0.0), control="control")["verdict"].to_pylist() == ["not distinguishable from 0"]
    assert experiment(dealt(gain=-9.0), control="control")["verdict"].to_pylist() == ["lost"]


def test_same_seed_same_table():
    """The bootstrap beside it is drawn from the given source."""
    first, again = (experiment(dealt(), control="control", rng=np.random.default_rng(3)) for _ in range(2))
    assert first.equals(again)


@pytest.mark.parametrize(
    ("trial", "text"),
    [
        ({"arm": ["a", "b"], "outcom": [1.0, 2.0]}, "did you mean 'outcom'"),
        ({"arm": ["controll", "b"], "outcome": [1.0, 2.0]}, "no control arm 'control'; did you mean 'controll'"),
        ({"arm": ["control", None], "outcome": [1.0, np.nan]}, "'arm' has 1 empty values"),
        ({"arm": ["control", "b"], "outcome": [1.0, np.inf]}, "expected finite numbers"),
        ({"arm": ["control", "b"], "outcome": ["x", "y"]}, "expected finite numbers"),
        ({"arm": ["control", "control"], "outcome": [1.0, 2.0]}, "there is one arm"),
        ({"arm": ["control", "b"], "outcome": [1.0, 2.0]}, "arm 'b' has 1 customer"),
        ({"arm": ["control", "b"], "outcome": [1.0, 2.0], "customer": ["x", "x"]}, "1 customers are in two arms"),
    ],
)
def test_bad_trials_are_named(trial, text):
    """Each fault of a trial is named with what was expected."""
    with pytest.raises(ContractError, match=text):
        experiment(trial, control="control")
