import hashlib
import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from lotwise.config import Forecast  # noqa: E402  only where torch is
from lotwise.errors import ContractError, MissingPackageError  # noqa: E402
from lotwise.forecast import direct  # noqa: E402
from lotwise.forecast.design import bare  # noqa: E402
from lotwise.forecast.methods import deep, inputs, network, training  # noqa: E402
from lotwise.forecast.task import Task  # noqa: E402
from lotwise.tables.forecasted import LEVELS  # noqa: E402

HORIZON = 2


def shop(*, series=24, weeks=30, seed=0):
    """Demand that triples in promoted weeks, with the plan of the target week and the class of the product as features."""
    rng = np.random.default_rng(seed)
    promoted = (rng.random((series, weeks + HORIZON)) < 0.3).astype(float)
    units = rng.poisson(rng.uniform(4, 40, series)[:, None] * (1 + 2 * promoted[:, :weeks])).astype(float)
    units[0, :9] = np.nan
    units[1, 20] = np.nan
    design = bare(units, HORIZON)
    place = np.arange(weeks)[:, None] + np.arange(1, HORIZON + 1)[None, :]
    last = units / design.level
    last[2] = np.nan
    design.columns["plan"] = {"promotion planned": promoted[:, place].astype(np.float32)}
    design.columns["past"] = {
        "last": last[:, :, None].astype(np.float32),
        "kind": (np.arange(series) % 3).astype(np.float32)[:, None, None],
    }
    return design


NAMES = ("plan", "past")


def fitted(design, *, end=24, seed=0):
    return deep.fit(design, direct.taught(design, end), NAMES, Forecast(), seed=seed)


@pytest.fixture(scope="module")
def promoted():
    design = shop()
    return design, fitted(design)


@pytest.fixture
def quick(monkeypatch):
    """Few steps, where what is learned does not matter."""
    monkeypatch.setattr(training, "PASSES", 1)
    monkeypatch.setattr(training, "STEPS", (1, 4))
    monkeypatch.setattr(deep, "MEMBERS", 1)


def batch_of(rng, *, rows=6):
    """A random batch in double precision, with weights of a small network as one vector."""
    layout = network.shapes((5, 2, (3,)), HORIZON)
    weeks = (rows, inputs.LOOKBACK, 1)
    plans = rng.normal(size=(rows, inputs.LOOKBACK, 2))
    past = np.concatenate([plans, rng.uniform(0, 2, weeks), np.ones(weeks)], axis=2)
    past[0, :20, 2:] = 0
    batch = network.Batch(
        torch.tensor(rng.normal(size=(rows, 5))),
        torch.tensor(rng.normal(size=(rows, 2))),
        torch.tensor(rng.integers(0, 3, (rows, 1))),
        torch.tensor(past),
        torch.tensor(rng.uniform(0.5, 20, rows)),
        torch.tensor(rng.integers(0, HORIZON, rows)),
    )
    vector = network.start(layout, rng)
    return layout, torch.tensor(vector + rng.normal(0, 0.05, len(vector))), batch


def test_gradients_are_those_of_finite_differences():
    """The gradient of the loss in every weight is its central difference, in double precision."""
    rng = np.random.default_rng(3)
    layout, vector, batch = batch_of(rng)
    came, weight = torch.tensor(rng.uniform(0, 3, 6)), torch.tensor(rng.uniform(0.5, 2, 6))

    def value(at):
        return network.loss(network.answer(network.unpacked(at, layout), batch), came, weight)

    (slope,) = torch.autograd.grad(value(vector.requires_grad_()), vector)
    checked = np.unique(np.concatenate([rng.integers(0, len(vector), 300), np.arange(len(vector) - 30, len(vector))]))
    with torch.no_grad():
        for place in checked:
            step = torch.zeros_like(vector)
            step[place] = 1e-6
            difference = float(value(vector + step) - value(vector - step)) / 2e-6
            assert abs(difference - float(slope[place])) < 1e-6 * max(1.0, abs(difference))


def test_the_loss_is_deviance_plus_crps_by_hand():
    """A row of mean 1 and quantiles all 1 that sees 3: 1 - 3 * ln 1, and twice the integral of 2 * level from .01 to .99."""
    given = network.Answer(torch.zeros(1, dtype=torch.float64), torch.ones(1, len(LEVELS), dtype=torch.float64))
    found = network.loss(given, torch.tensor([3.0], dtype=torch.float64), torch.ones(1, dtype=torch.float64))
    # 2 * integral of 2 * level = 2 * (.99**2 - .01**2) = 1.96; trapezoids are exact on a line
    assert float(found) == pytest.approx(1 + 1.96)


def test_shapes_that_would_be_stretched_are_refused():
    """Demand of shape (n, 1) against means of shape (n,) is an error, not n * n rows."""
    given = network.Answer(torch.zeros(4), torch.zeros(4, len(LEVELS)))
    with pytest.raises(ValueError, match="one and the same"):
        network.loss(given, torch.zeros(4, 1), torch.ones(4))


def test_quantiles_rise_and_are_never_negative(promoted):
    """Whatever the row, the 23 quantiles are in order, from 0 up, and no more than the best week seen."""
    design, model = promoted
    found = model.quantiles(design, design.rows([5, 24]))
    assert (np.diff(found, axis=1) >= 0).all()
    assert found.min() >= 0
    assert found.max() <= np.nanmax(design.units)


def test_it_learns_a_planned_promotion(promoted):
    """Demand that triples in promoted weeks is expected to at least double there, and errs less than the long-run mean."""
    design, model = promoted
    rows = design.rows(range(24, 28))
    ratio = model.expect(design, rows) / design.level[rows.series, rows.origin]
    told = np.broadcast_to(design.columns["plan"]["promotion planned"], (24, 30, HORIZON))[
        rows.series, rows.origin, rows.ahead - 1
    ]
    assert ratio[told == 1].mean() > 2 * ratio[told == 0].mean()
    came = design.units[rows.series, rows.target]
    level = design.level[rows.series, rows.origin]
    assert ((came - ratio * level) ** 2).mean() < 0.6 * ((came - level) ** 2).mean()


def test_the_past_is_looked_up_by_plan():
    """Without a word on the lift, attention finds how much each product sold when it was promoted before."""
    rng = np.random.default_rng(5)
    series, weeks = 60, 32
    promoted = (rng.random((series, weeks + HORIZON)) < 0.4).astype(float)
    lift = np.where(np.arange(series) % 2 == 0, 4.0, 0.0)
    units = rng.poisson(20 * (1 + lift[:, None] * promoted[:, :weeks])).astype(float)
    design = bare(units, HORIZON)
    place = np.arange(weeks)[:, None] + np.arange(1, HORIZON + 1)[None, :]
    design.columns["plan"] = {"promotion planned": promoted[:, place].astype(np.float32)}
    design.columns[""].pop("spread over level")
    design.columns[""].pop("level")
    model = deep.fit(design, direct.taught(design, 27), ("plan",), Forecast(), seed=0)
    rows = design.rows([28])
    rows = rows.where(promoted[rows.series, rows.target] == 1)
    found = model.expect(design, rows)
    assert found[rows.series % 2 == 0].min() > 1.5 * found[rows.series % 2 == 1].max()


@pytest.mark.usefixtures("quick")
def test_the_same_seed_gives_the_same_bytes_whatever_the_threads():
    """Neither torch's threads nor its own random numbers change what is learned, nor does learning change them."""
    design = shop(series=12)
    torch.manual_seed(11)
    state = torch.random.get_rng_state()
    found = []
    for threads in (1, 2):
        before = torch.get_num_threads()
        torch.set_num_threads(threads)
        torch.rand(threads)
        found.append(hashlib.sha256(fitted(design).members.tobytes()).hexdigest())
        assert torch.get_num_threads() == threads
        torch.set_num_threads(before)
    torch.random.set_rng_state(state)
    fitted(design)
    assert found[0] == found[1]
    assert torch.equal(torch.random.get_rng_state(), state)
    assert not torch.are_deterministic_algorithms_enabled()


@pytest.mark.usefixtures("quick")
def test_networks_learn_side_by_side():
    """Two threads that learn at once learn the same as one, and torch's settings are as before."""
    design = shop(series=12)
    mode, threads = torch.get_deterministic_debug_mode(), torch.get_num_threads()
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: fitted(design).members, range(2))
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(first, fitted(design).members)
    assert (torch.get_deterministic_debug_mode(), torch.get_num_threads()) == (mode, threads)


def test_listing_the_methods_does_not_import_torch():
    """Whoever forecasts otherwise does not wait for torch, nor needs it."""
    listed = "import sys, lotwise.forecast.registry; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", listed], check=True)


def test_without_torch_the_extra_is_named(monkeypatch):
    """Where torch is not installed, the error is the command that installs it."""
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingPackageError, match=r"lotwise\[deep\]"):
        fitted(shop(series=12))


@pytest.mark.usefixtures("quick")
def test_another_seed_gives_another_network():
    """The seed is used."""
    design = shop(series=12)
    assert not np.array_equal(fitted(design, seed=1).members, fitted(design, seed=2).members)


@pytest.mark.usefixtures("quick")
def test_no_week_after_the_cutoff_is_read():
    """Weeks after the last one known may hold anything: networks and forecasts stay as they were."""
    design = shop(series=12)
    later = design.units.copy()
    later[:, 25:] = 1e6
    other = replace(design, units=later)
    first, second = fitted(design), fitted(other)
    np.testing.assert_array_equal(first.members, second.members)
    np.testing.assert_array_equal(first.expect(design, design.rows([24])), second.expect(other, other.rows([24])))


def test_what_is_saved_is_what_is_loaded(promoted, tmp_path):
    """A model read back from its plain arrays answers the same to the last bit."""
    design, model = promoted
    model.save(tmp_path / "model.npz")
    again = deep.load(tmp_path / "model.npz")
    rows = design.rows([24])
    np.testing.assert_array_equal(again.expect(design, rows), model.expect(design, rows))
    np.testing.assert_array_equal(again.quantiles(design, rows), model.quantiles(design, rows))


def test_a_file_of_another_shape_is_refused(promoted, tmp_path):
    """Weights that do not fit the network are an error that says what to do."""
    _, model = promoted
    replace(model, members=model.members[:, :-1]).save(tmp_path / "model.npz")
    with pytest.raises(ContractError, match="Fit the method again"):
        deep.load(tmp_path / "model.npz")


def test_other_features_than_those_taught_are_refused(promoted):
    """A design with other features is an error that names them."""
    _, model = promoted
    other = shop()
    other.columns["past"]["more"] = other.columns["past"]["last"]
    with pytest.raises(ContractError, match="past: more"):
        model.expect(other, other.rows([24]))


def test_a_class_never_seen_is_answered(promoted):
    """A product of a new class gets a forecast."""
    _, model = promoted
    other = shop()
    other.columns["past"]["kind"] = other.columns["past"]["kind"] + 7
    assert np.isfinite(model.quantiles(other, other.rows([24]))).all()


@pytest.mark.usefixtures("quick")
def test_divergence_returns_the_best_state_before(monkeypatch):
    """Steps that blow the weights up leave the state that was best, here the first: finite, near the series' level."""
    monkeypatch.setattr(training, "RATE", 1e30)
    monkeypatch.setattr(training, "STEPS", (50, 50))
    design = shop(series=12)
    rows = design.rows([24])
    found = fitted(design).expect(design, rows)
    assert np.isfinite(found).all()
    assert (found < 10 * design.level[rows.series, rows.origin]).all()


@pytest.mark.parametrize(
    "units",
    [
        np.zeros((6, 40)),
        np.full((6, 40), 1e12) + np.arange(40),
        np.full((6, 40), 1e200),
        np.random.default_rng(0).poisson(3, (1, 90)).astype(float),
        np.random.default_rng(0).poisson(3, (9, 8)).astype(float),
        np.where(np.random.default_rng(0).random((9, 40)) < 0.5, np.nan, 2.0),
    ],
    ids=["no demand", "large", "huge", "one series", "8 weeks", "half unknown"],
)
@pytest.mark.usefixtures("quick")
@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning", "ignore:invalid:RuntimeWarning")  # conformal squares 1e200
def test_odd_histories_do_not_raise(units):
    """Too little history is None; all else is a finite forecast that is never negative."""
    task = Task(bare(units, HORIZON), units.shape[1] - 1, (), Forecast())
    found = direct.curve(task, deep.fit)
    if found is not None:
        assert np.isfinite(found.mean).all()
        assert found.mean.min() >= 0


def test_a_gpu_asked_for_in_vain_is_said(monkeypatch, caplog):
    """Without CUDA the CPU is used; a warning says so where the GPU was asked for, and 'auto' is silent."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with caplog.at_level(logging.WARNING):
        assert deep.chosen("auto") == "cpu"
        assert not caplog.records
        assert deep.chosen("cuda") == "cpu"
    assert "no CUDA device" in caplog.text


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_gpu_learns_the_same_within_rounding(promoted):
    """On a GPU a network of the same seed starts from the same weights and expects about the same."""
    design, model = promoted
    rows = design.rows([24])
    on_gpu = replace(model, device="cuda").expect(design, rows)
    np.testing.assert_allclose(on_gpu, model.expect(design, rows), rtol=1e-3)
    learned = deep.fit(design, direct.taught(design, 24), NAMES, Forecast(device="cuda"), seed=0)
    assert np.corrcoef(learned.expect(design, rows), model.expect(design, rows))[0, 1] > 0.9
