"""100,000 weekly series of 104 weeks, 4 weeks ahead, through the public function: seconds, memory, and what it is worth.

Run it with: make bench ONLY=many-series. The series are simulated (a seeded law: levels over three orders of size, two
in five intermittent, a yearly season, drift), so their accuracy says only that nothing was left undone for speed.
Each method runs in a process of its own, whose peak memory is read at its end; the frame itself, which the user has
anyway, is part of it (about half a gigabyte). Where statsforecast and mlforecast are
installed they do the same work in the same call, on fewer series (as two of ours do again, for accuracy is compared on the
same ones), and their seconds are stated for as many.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from benchmarks.machine import last_line

if TYPE_CHECKING:
    import pandas as pd

SEED = 20261121
SERIES, WEEKS, HORIZON = 100_000, 104, 4
FEWER = 5_000
"""Series the peers are given."""
NAMED = "poisson"
"""The method whose seconds and memory are held against the bar: a learner that knows every series' past and is calibrated."""
METHODS = (NAMED, "tweedie", "auto", "ses", "history", "combined")


def frame(count: int) -> tuple[pa.Table, np.ndarray]:
    """Return the long frame of the known weeks, and the units of the weeks that come; ``(count, HORIZON)``."""
    rng = np.random.default_rng(SEED)
    level = np.exp(rng.normal(1.5, 1.4, count))[:, None]
    week = np.arange(WEEKS + HORIZON)[None, :]
    season = 1 + rng.uniform(0, 0.4, (count, 1)) * np.sin(2 * np.pi * (week / 52 + rng.random((count, 1))))
    drift = np.exp(rng.normal(0, 0.004, (count, 1)) * week)
    asked = np.where(rng.random((count, 1)) < 0.4, rng.random((count, WEEKS + HORIZON)) < 0.35, True)  # noqa: FBT003  a mask
    units = rng.poisson(level * season * drift * asked).astype(float)
    monday = np.datetime64("2024-01-01") + 7 * np.arange(WEEKS).astype("timedelta64[D]")
    known = pa.table(
        {
            "unique_id": np.repeat(np.arange(count), WEEKS),
            "ds": pa.array(np.tile(monday, count)),
            "y": units[:, :WEEKS].ravel(),
        }
    )
    return known, units[:, WEEKS:]


def ours(method: str, count: int) -> dict[str, float]:
    """Return seconds and errors of one of our methods."""
    from lotwise.forecast import forecast  # noqa: PLC0415  only in the process that measures it

    known, came = frame(count)
    start = time.perf_counter()
    made = forecast(known, HORIZON, method=method)
    seconds = time.perf_counter() - start
    mean = made["mean"].to_numpy().reshape(came.shape)
    inside = (came >= made["q050"].to_numpy().reshape(came.shape)) & (came <= made["q950"].to_numpy().reshape(came.shape))
    return {"seconds": seconds, "mae": float(np.abs(mean - came).mean()), "coverage90": float(inside.mean())}


def theirs(known: pa.Table) -> pd.DataFrame:
    """Return the frame as the peers want it: in pandas, with times for dates."""
    return known.set_column(1, "ds", known["ds"].cast(pa.timestamp("ns"))).to_pandas()


def statsforecast(model: str, count: int) -> dict[str, float]:
    """Return seconds and errors of one model of statsforecast."""
    from statsforecast import StatsForecast, models  # noqa: PLC0415  an optional peer

    known, came = frame(count)
    start = time.perf_counter()
    seasonal = {"season_length": 52} if model == "SeasonalNaive" else {}
    engine = StatsForecast(models=[getattr(models, model)(**seasonal)], freq="W-MON", n_jobs=2)
    made = engine.forecast(df=theirs(known), h=HORIZON)
    seconds = time.perf_counter() - start
    mean = made.sort_values(["unique_id", "ds"])[model].to_numpy().reshape(came.shape)
    return {"seconds": seconds, "mae": float(np.abs(mean - came).mean())}


def mlforecast(count: int) -> dict[str, float]:
    """Return seconds and errors of mlforecast with LightGBM on lags, Poisson."""
    import lightgbm  # noqa: PLC0415  beside the peer
    from mlforecast import MLForecast  # noqa: PLC0415  an optional peer

    known, came = frame(count)
    start = time.perf_counter()
    model = lightgbm.LGBMRegressor(objective="poisson", n_estimators=100, num_leaves=15, verbosity=-1, n_jobs=2)
    made = MLForecast({"lgb": model}, freq="W-MON", lags=[1, 2, 3, 4, 8, 13, 52]).fit(theirs(known)).predict(HORIZON)
    seconds = time.perf_counter() - start
    mean = made.sort_values(["unique_id", "ds"])["lgb"].to_numpy().reshape(came.shape)
    return {"seconds": seconds, "mae": float(np.abs(mean - came).mean())}


def measured(*call: str) -> dict[str, float]:
    """Return what one call printed in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.speed.many_series", *call]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def one(kind: str, model: str, count: str) -> None:
    """Run one call and print its figures with the process's peak memory."""
    found = {"ours": lambda: ours(model, int(count)), "statsforecast": lambda: statsforecast(model, int(count))}.get(
        kind, lambda: mlforecast(int(count))
    )()
    gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps(found | {"gigabytes": gigabytes}))


def main() -> None:
    """Print the table, and the figures as JSON on the last line."""
    calls = [("ours", method, SERIES) for method in METHODS]
    calls += [("ours", method, FEWER) for method in (NAMED, "combined")]
    if find_spec("statsforecast"):
        calls += [("statsforecast", model, FEWER) for model in ("SeasonalNaive", "CrostonSBA", "AutoETS")]
    if find_spec("mlforecast"):
        calls.append(("mlforecast", "LightGBM", FEWER))
    figures: dict[str, object] = {}
    print(f"{'':42}{'series':>9}{'seconds':>10}{'s for all':>11}{'GB':>7}{'MAE':>8}{'in 90 %':>9}")
    for kind, model, count in calls:
        found = measured("one", kind, model, str(count))
        whole = found["seconds"] * SERIES / count
        name = f"{kind} {model}" if count == SERIES else f"{kind} {model}, fewer series"
        print(
            f"{name:42}{count:>9,}{found['seconds']:>10.1f}{whole:>11.1f}{found['gigabytes']:>7.2f}{found['mae']:>8.3f}"
            f"{found.get('coverage90', float('nan')):>9.3f}",
            flush=True,
        )
        figures[name] = {key: round(value, 3) for key, value in (found | {"seconds_for_all": whole}).items()}
    first = figures[f"ours {NAMED}"]
    assert isinstance(first, dict)
    bars = {"method": NAMED, "seconds": first["seconds"], "gigabytes": first["gigabytes"]}
    print(last_line("many-series", bars | figures, seed=SEED))


if __name__ == "__main__":
    one(*sys.argv[2:]) if sys.argv[1:2] == ["one"] else main()
