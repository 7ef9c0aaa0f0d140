from functools import partial

import numpy as np
import pytest

from lotwise.config import Forecast
from lotwise.forecast import direct
from lotwise.forecast.design import bare
from lotwise.forecast.methods import learners
from lotwise.forecast.task import Task, many

KINDS = {"tree": learners.tree, "forest": learners.forest, "svm": learners.machine, "mlp": learners.network}


@pytest.fixture(scope="module")
def planned():
    """Thirty series of Poisson demand that triples in weeks the source ``plan`` announces; a tenth of its values absent."""
    rng = np.random.default_rng(9)
    on = rng.random((30, 44)) < 0.25
    units = rng.poisson(rng.uniform(5, 30, 30)[:, None] * np.where(on, 3, 1)[:, :40]).astype(float)
    found = bare(units, 4)
    weeks = np.arange(40)[:, None] + np.arange(1, 5)
    values = on[:, weeks].astype(np.float32)
    found.columns["plan"] = {"promoted": np.where(rng.random(values.shape) < 0.1, np.nan, values)}
    return found


@pytest.mark.parametrize("name", KINDS)
def test_every_learner_uses_what_is_announced(planned, name):
    """Told of promotions it errs less on unseen weeks than the same learner that is not."""
    came = planned.units[:, 36:40]
    errors = []
    for names in ((), ("plan",)):
        found = direct.curve(Task(planned, 35, names, Forecast()), KINDS[name])
        assert (np.diff(found.quantiles, axis=2) >= 0).all()
        errors.append(((found.mean - came) ** 2).mean())
    assert errors[1] < 0.8 * errors[0]


@pytest.mark.parametrize("name", KINDS)
def test_one_worker_and_two_give_the_same_bytes(planned, name):
    """The number of threads changes the time it takes and nothing else."""
    tasks = [Task(planned, end, ("plan",), Forecast(), seed=3) for end in (34, 35)]
    one, two = (many(partial(direct.curve, fit=KINDS[name]), tasks, workers=workers) for workers in (1, 2))
    assert [curve.quantiles.tobytes() for curve in one] == [curve.quantiles.tobytes() for curve in two]


def test_the_machine_learns_from_no_more_rows_than_it_says(planned):
    """The rows are thinned evenly to at most the cap."""
    seen = []

    class Counting:
        def fit(self, x, y):
            seen.append((len(x), len(y)))

        def predict(self, x):
            return np.zeros(len(x))

    rows = direct.taught(planned, 39)
    learners.fit(planned, rows, (), Forecast(), seed=0, kind=lambda *_: Counting(), most=100)
    assert seen[0][0] == seen[0][1] <= 100
    assert len(rows.series) > 1000
