"""Drivers on a planted truth: movers are ranked as they are, and what moves nothing is seen to move nothing.

100 seeds: ten features of which five move the target (a threshold, two slopes, a value of a word, an interaction), two are
copies with noise of the first and move nothing, three are noise. Peers in the same call: LightGBM's own gain, scikit-learn's
permutation on the rows learned from, and the size of linear coefficients.
"""

from __future__ import annotations

import numpy as np
from scipy import stats
from sklearn.inspection import permutation_importance

from benchmarks.machine import last_line
from lotwise.mine.drivers.cases import Cases, Feature
from lotwise.mine.drivers.explain import _fit, explain

SEED, SEEDS, ROWS = 20261122, 100, 2000
MOVERS = 5


def world(seed: int) -> tuple[Cases, np.ndarray]:
    """Return cases and the true standard deviation each feature's part has."""
    rng = np.random.default_rng([SEED, seed])
    x = rng.normal(size=(ROWS, 10))
    word = rng.integers(0, 5, ROWS)
    parts = np.zeros((ROWS, 10))
    parts[:, 0] = 1.5 * (x[:, 0] > 0.5)
    parts[:, 1] = 0.8 * x[:, 1]
    parts[:, 2] = -0.5 * x[:, 2]
    parts[:, 3] = 1.2 * (word == 3)
    parts[:, 4] = 0.6 * x[:, 4] * (x[:, 1] > 0)
    x[:, 5], x[:, 6] = x[:, 0] + rng.normal(0, 0.7, ROWS), x[:, 0] + rng.normal(0, 0.7, ROWS)
    y = parts.sum(axis=1) + rng.normal(0, 1, ROWS)
    features = tuple(
        Feature(f"x{k}", word.astype(float) if k == 3 else x[:, k], tuple("abcde") if k == 3 else ()) for k in range(10)
    )
    return Cases("y", y, "number", "", features, np.arange(ROWS) * 40 // ROWS), parts.std(axis=0)


class Model:
    """The trees as scikit-learn's permutation asks for them."""

    def __init__(self, booster: object) -> None:
        self.booster = booster

    def fit(self, x: np.ndarray, y: np.ndarray) -> None:
        """Learn nothing: it is learned."""

    def score(self, x: np.ndarray, y: np.ndarray) -> float:
        """Return the share of variance explained."""
        said = self.booster.predict(x, num_threads=1)  # type: ignore[attr-defined]
        return 1 - float(((y - said) ** 2).sum() / ((y - y.mean()) ** 2).sum())


def main() -> None:
    """Print the table and the figures."""
    found: dict[str, list[list[float]]] = {name: [] for name in ("shap", "shuffled", "gain", "permutation", "linear")}
    sure = []
    for seed in range(SEEDS):
        cases, truth = world(seed)
        told = explain(cases, np.random.default_rng(seed))
        booster = _fit(cases, cases.matrix(), np.arange(ROWS))
        inside = permutation_importance(Model(booster), cases.matrix(), cases.values, n_repeats=3, random_state=seed)
        linear = [abs((told.linear.of(k) or (0.0, 0.0))[0]) for k in range(10)]
        sizes = {
            "shap": np.abs(told.shap).mean(axis=0), "shuffled": told.lost, "gain": booster.feature_importance("gain"),
            "permutation": inside.importances_mean, "linear": np.array(linear),
        }  # fmt: skip
        for name, size in sizes.items():
            top = set(np.argsort(-size, kind="stable")[:MOVERS].tolist())
            found[name].append([float(stats.spearmanr(size, truth).statistic), len(top & set(range(MOVERS))) / MOVERS])
        sure.append(float((told.low[MOVERS:] <= 0).mean()))
    print(f"{'by':14s} {'rank correlation':>17s} {'movers in the first 5':>22s}")
    figures = {}
    for name, rows in found.items():
        rank, top = np.array(rows).mean(axis=0)
        print(f"{name:14s} {rank:17.3f} {top:22.3f}")
        figures |= {f"{name}_rank": round(float(rank), 4), f"{name}_top": round(float(top), 4)}
    figures["idle_told_idle"] = round(float(np.mean(sure)), 4)
    print(f"idle features whose 90 % interval reaches 0: {figures['idle_told_idle']:.3f}")
    print(last_line("drivers", figures, seed=SEED))


if __name__ == "__main__":
    main()
