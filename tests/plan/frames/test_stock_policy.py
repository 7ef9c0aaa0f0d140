import numpy as np
import pyarrow as pa
import pytest

from lotwise.errors import ContractError, InputError, SettingsError
from lotwise.plan import stock_policy
from lotwise.plan.inventory import POLICIES


@pytest.fixture(scope="module")
def history():
    """Return 60 periods of four items: steady, counted, lumpy and never asked for."""
    rng = np.random.default_rng(0)
    units = np.stack([
        rng.normal(100, 20, 60).clip(0).round(), rng.poisson(6, 60), rng.poisson(0.4, 60) * rng.integers(1, 9, 60), np.zeros(60)
    ])  # fmt: skip
    ids = np.repeat(["steady", "counted", "lumpy", "never"], 60)
    return pa.table({"unique_id": ids, "ds": np.tile(np.arange(60), 4), "y": units.ravel()})


def test_every_policy_gives_its_target(history):
    """Simulated fill is the target within a point, or above it where one unit less would miss it."""
    found = stock_policy(history, {"target": 0.9, "lead": 2, "order_cost": 15.0}, policy=POLICIES)
    assert found.num_rows == 4 * len(POLICIES)
    for row in found.to_pylist():
        if row["unique_id"] == "never":
            assert (row["level"], row["note"]) == (0.0, "no demand: nothing is held")
            continue
        assert row["fill"] > 0.89
        assert row["fill"] < 0.91 or row["note"].startswith("a step of demand is wide") or row["level"] < 30


def test_a_penalty_without_a_target_is_the_newsvendor(history):
    """With holding 2 and penalty 18 the newsvendor covers 90 % of the periods."""
    found = stock_policy(history, {"holding": 2.0, "penalty": 18.0}, policy="newsvendor").to_pylist()
    steady = next(row for row in found if row["unique_id"] == "steady")
    assert steady["target"] == pytest.approx(0.9)
    # mean 100 and sd 20 of the law, fitted to 60 periods: 100 + 1.2816 x 20 = 125.6
    assert steady["level"] == pytest.approx(125.6, abs=8)
    assert steady["cycle"] == pytest.approx(0.9, abs=0.01)


def test_the_holdout_is_not_looked_at(history):
    """Levels are the same whatever came in the holdout; what came of them is not."""
    later = history["ds"].to_numpy() >= 48
    changed = history.set_column(2, "y", pa.array(np.where(later, 500.0, history["y"].to_numpy())))
    one, other = (stock_policy(frame, {"target": 0.9}, holdout=12) for frame in (history, changed))
    assert one["level"].equals(other["level"])
    assert not one["held_fill"].equals(other["held_fill"])


def test_calibration_mends_a_law_that_does_not_fit():
    """Demand that trends upward is served too seldom by its past law; calibrated it comes within 3 points of the target."""
    rng = np.random.default_rng(1)
    units = rng.poisson(np.linspace(20, 32, 72), (40, 72))
    frame = {"unique_id": np.repeat(np.arange(40), 72), "ds": np.tile(np.arange(72), 40), "y": units.ravel().astype(float)}
    plain, mended = (
        stock_policy(frame, {"target": 0.95}, measure="cycle", calibrate=some, holdout=12)["held_cycle"].to_numpy().mean()
        for some in (0, 12)
    )
    assert plain < 0.87
    assert mended == pytest.approx(0.95, abs=0.03)


def test_items_may_differ(history):
    """A frame says of each item what it has; an absent value is the default."""
    items = {
        "unique_id": ["steady", "counted", "lumpy", "never"],
        "lead": [[1, 4], [2], None, [0]],
        "unmet": ["backorder", "lost", None, None],
    }
    found = stock_policy(history, items).to_pylist()
    assert [row["unique_id"] for row in found] == ["counted", "lumpy", "never", "steady"]
    assert all(row["fill"] > 0.93 for row in found)


@pytest.mark.parametrize(
    ("items", "options", "error", "match"),
    [
        ({"tarjet": 0.9}, {}, ContractError, "did you mean 'target'"),
        ({"target": 1.9}, {}, InputError, "share between 0 and 1"),
        ({"unmet": "lots"}, {}, ContractError, "did you mean 'lost'"),
        ({"unique_id": ["steady"], "lead": [1]}, {}, ContractError, "3 of 4 have no row"),
        (None, {"policy": "min-max"}, SettingsError, "did you mean 'min_max'"),
        (None, {"law": "norml"}, SettingsError, "did you mean 'normal'"),
        (None, {"holdout": 59}, SettingsError, "two periods left"),
        (None, {"calibrate": 12}, SettingsError, "item-periods or more"),
    ],
)
def test_bad_input_is_refused(history, items, options, error, match):
    """Misspelled columns and options, shares above 1, items without a row and periods that do not suffice are refused."""
    with pytest.raises(error, match=match):
        stock_policy(history, items, **options)


def test_a_frame_that_breaks_its_contract_is_refused():
    """A missing column, negative demand and rows that stand twice are named."""
    with pytest.raises(ContractError, match="column 'y' is missing"):
        stock_policy({"unique_id": ["a"], "ds": [1], "units": [1.0]})
    with pytest.raises(ContractError, match="row 1 is -1"):
        stock_policy({"unique_id": ["a"], "ds": [1], "y": [-1.0]})
    with pytest.raises(ContractError, match="stand twice"):
        stock_policy({"unique_id": ["a", "a"], "ds": [1, 1], "y": [1.0, 2.0]})
