"""Forecast any long frame without a project, beside a forecaster of your own.

The frame is simulated: 60 products over 80 weeks and plans for 4 more, whose demand doubles when they are advertised.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from lotwise.forecast import Forecast, Source, backtest, forecast, score

rng = np.random.default_rng(7)
products, known, ahead = 60, 80, 4
weeks = np.datetime64("2024-01-01") + 7 * np.arange(known + ahead).astype("timedelta64[D]")
advertised = rng.binomial(1, 0.2, (products, known + ahead)).astype(float)
level = rng.gamma(2.0, 6.0, (products, 1)) * (1 + 0.3 * np.sin(np.arange(known + ahead) / 8))
units = rng.poisson(level * (1 + advertised)).astype(float)
units[:, known:] = np.nan  # not known yet; the plan is

frame = pa.table(
    {
        "unique_id": np.repeat([f"product {number:02}" for number in range(products)], known + ahead),
        "ds": np.tile(weeks, products),
        "y": pa.array(units.ravel(), from_pandas=True),
        "advertised": advertised.ravel(),
    }
)
quick = Forecast(budget=10)  # reckoned seconds for auto; more lets it try slower methods
sources = [Source(name="advertising", tables=["advertised"], known="plan")]


class LastFour:
    """A forecaster of your own: the mean of the last four weeks. lotwise calibrates its quantiles."""

    def fit(self, frame: pa.Table) -> LastFour:
        """Keep each product's last four weeks."""
        rows = frame.to_pylist()
        latest = sorted({row["ds"] for row in rows})[-4:]
        self.sums: dict[str, float] = {}
        for row in rows:
            self.sums[row["unique_id"]] = self.sums.get(row["unique_id"], 0.0) + row["y"] * (row["ds"] in latest)
        return self

    def predict(self, horizon: int, future: pa.Table) -> pa.Table:  # noqa: ARG002  future has a row for each week ahead
        """Return that mean for every row of ``future``."""
        means = [self.sums[name] / 4 for name in future["unique_id"].to_pylist()]
        return future.append_column("mean", pa.array(means))


settled = backtest(
    frame, ahead, methods=["history", "ses", LastFour(), "poisson", "auto"], windows=4, sources=sources, params=quick
)
for row in sorted(score(settled, frame=frame).to_pylist(), key=lambda row: row["scrps"]):
    print(f"{row['model']:<10} scrps {row['scrps']:.3f}  rmsse {row['rmsse']:.3f}  inside 90 % {row['coverage90']:.2f}")
for row in forecast(frame, ahead, sources=sources, params=quick).slice(0, ahead).to_pylist():
    print(f"{row['unique_id']} {row['ds']} by {row['model']}: {row['mean']:.1f} ({row['q050']:.0f} .. {row['q950']:.0f})")
