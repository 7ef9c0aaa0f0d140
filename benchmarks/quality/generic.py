"""Where to stop being generic, which products to offer, which personal orders to make together: against known answers.

Run it with: make bench ONLY=generic. All instances are made up and drawn at random; no setting was chosen on these seeds.

Postponement. Eppen's case has a closed form: N products with independent normal demand cost (h + p) phi(z) sum of sd held
apart and (h + p) phi(z) root of the sum of sd^2 held in common. Then six products in the manner of a maker's localized
versions (one large and five small, coefficients of variation 0.35 to 0.8): pure stock, pure order and the common item with late
finishing that costs 6 % more and is limited to half of mean demand, at 95 % of demand served, on scenarios apart from those
that decided.

Variety. Search and program against every range of 12 products, and bounds at 30 and 60.

Batching. 50 orders of eight kinds over eight weeks, sizes 1 to 4 in batches of 12, against first come first served in the open
batch of each kind; and the same with batches that may mix kinds at a cost by kind.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from benchmarks.machine import last_line
from lotwise.plan import postpone
from lotwise.plan.generic import batching, variety
from lotwise.plan.generic.orders import Orders
from lotwise.plan.generic.postponement import Choice, hold
from lotwise.plan.generic.variety import Logit, Substitution

if TYPE_CHECKING:
    from collections.abc import Sequence

SEED = 0
SEEDS = 20
MEANS = np.array([950.0, 250.0, 140.0, 25.0, 18.0, 5.0])
SPREADS = np.array([0.35, 0.5, 0.5, 0.5, 0.35, 0.8])
NAMES = [f"version {place + 1}" for place in range(len(MEANS))]
TIED = 1e-3


def interval(values: Sequence[float]) -> str:
    """Return a mean with its 95 % interval over seeds."""
    array = np.asarray(values)
    wide = 1.96 * array.std(ddof=1) / np.sqrt(len(array))
    return f"{array.mean():.3f} ({array.mean() - wide:.3f} to {array.mean() + wide:.3f})"


def eppen() -> dict[str, float]:
    """Print the program's cost of independent products, apart and in common, over that of the closed form."""
    print(f"{'Eppen: program over closed form':44}{f'mean over {SEEDS // 2} seeds':>30}")
    figures = {}
    for count in (2, 4):
        ratios: dict[str, list[float]] = {"apart": [], "in common": []}
        for seed in range(SEEDS // 2):
            raw = np.random.default_rng([SEED, count, seed]).standard_normal((150, count))
            draws = 100.0 + 30.0 * raw @ np.linalg.inv(np.linalg.cholesky(raw.T @ raw / len(raw))).T  # moments exact
            demand = np.maximum(np.vstack([draws, 200.0 - draws]), 0.0)
            finished = np.arange(count)
            choice = Choice(
                demand=demand, cost=np.full(count + 1, 10.0), left=np.full(count + 1, -4.0),
                item=np.append(finished, np.full(count, count)), product=np.tile(finished, 2),
                finish=np.zeros(2 * count), uses=np.zeros(2 * count), short=np.full(count, 20.0),
            )  # fmt: skip
            over, under = 6.0, 10.0
            z = ndtri(under / (over + under))
            unit = (over + under) * 30.0 * np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
            for name, form in (("apart", count * unit), ("in common", np.sqrt(count) * unit)):
                found = hold(choice, only=(np.arange(count + 1) < count) == (name == "apart"))
                assert found is not None
                ratios[name].append((found.cost - 1000.0 * count) / form)
        for name, values in ratios.items():
            print(f"{f'{count} products, held {name}':44}{interval(values):>30}")
            figures[f"eppen_{count}_{name.replace(' ', '_')}"] = round(float(np.mean(values)), 4)
    return figures


def postponed() -> dict[str, float]:
    """Print what pure stock, pure order, the common item and their mix cost at equal service."""
    items = {
        "item": [*NAMES, "common"], "stage": ["finished"] * 6 + ["common"],
        "cost": [100.0] * 6 + [92.0], "left": [-75.0] * 6 + [-78.0],
    }  # fmt: skip
    ways = {
        "item": [*NAMES, *["common"] * 6, *[None] * 6], "unique_id": NAMES * 3,
        "finish": [0.0] * 6 + [14.0] * 6 + [135.0] * 6, "uses": [0.0] * 6 + [1.0] * 6 + [0.0] * 6,
    }  # fmt: skip
    capacity = 0.5 * MEANS.sum()
    seen: dict[str, list[tuple[float, float, float]]] = {}
    for seed in range(SEEDS):
        rng = np.random.default_rng([SEED, seed])
        shape = 1.0 / SPREADS**2
        units = rng.gamma(shape, MEANS / shape, (240, 6))
        demand = {"scenario": np.repeat(np.arange(240), 6), "unique_id": NAMES * 240, "units": units.ravel()}
        least = float(units[1::2].sum(axis=1).mean()) * 95.0  # what serving 95 % costs if demand is known
        for row in postpone(demand, items, ways, target=0.95, capacity=capacity).to_pylist():
            if row["kept_cost"] is not None:
                base = row["kept_cost"] + row["saving"] - least
                seen.setdefault(row["strategy"], []).append(
                    (row["kept_cost"] - least, row["kept_service"], row["saving"] / base)
                )
    print(
        f"\n{'localized versions, 95 % served, 20 seeds':44}{'above known demand':>20}{'served':>9}{'share of that saved':>44}"
    )
    figures = {}
    for name in ("finished", "common", "order", "mix"):
        if name not in seen:
            print(f"{name:44}{'not reached: late capacity is half of demand':>50}")
            continue
        cost, served, saving = (np.array(column) for column in zip(*seen[name], strict=True))
        print(f"{name:44}{cost.mean():>20,.0f}{served.mean():>9.1%}{interval(saving.tolist()):>44}")
        figures[f"postponement_{name}_saving"] = round(float(saving.mean()), 4)
        figures[f"postponement_{name}_served"] = round(float(served.mean()), 4)
    return figures


def worlds(seed: int, count: int) -> list[tuple[str, variety.Demand, np.ndarray, np.ndarray]]:
    """Return one made-up range of products for each way customers choose."""
    rng = np.random.default_rng([SEED, seed])
    margin, complexity = rng.uniform(3, 10, count), rng.uniform(20, 150, count)
    share = 0.6 * rng.dirichlet(np.full(count, 0.3), count)
    return [
        ("substitution", Substitution(rng.gamma(1, 30, count), share), margin, complexity),
        ("logit", Logit([500.0], rng.gamma(1, 1, (1, count)), [4.0]), margin, complexity),
        ("logit, 3 segments", Logit([300.0, 200.0, 100.0], rng.gamma(1, 1, (3, count)), [4.0, 2.0, 6.0]), margin, complexity),
    ]


def varied() -> dict[str, float]:
    """Print search and program against every range, and their bounds on larger ones."""
    print(
        f"\n{'variety, 12 products, 20 seeds':34}{'search best in':>16}{'worst':>9}{'program best in':>17}{'worst':>9}"
        f"{'gain on offering all':>30}"
    )
    figures: dict[str, float] = {}
    rows: dict[str, list[tuple[float, float, float]]] = {}
    for seed in range(SEEDS):
        for name, demand, margin, complexity in worlds(seed, 12):
            keep = np.zeros(12, bool)
            best = variety.best(demand, margin, complexity).profit
            start = variety.exchanged(demand, margin, complexity, keep)
            searched = float(variety.profit(demand, start, margin, complexity))
            program = variety.program(demand, margin, complexity, keep, keep).profit
            everything = float(variety.profit(demand, np.ones(12, bool), margin, complexity))
            rows.setdefault(name, []).append((searched / best - 1.0, program / best - 1.0, best / everything - 1.0))
    for name, found in rows.items():
        searched, program, gain = (np.array(column) for column in zip(*found, strict=True))
        print(
            f"{name:34}{f'{(searched > -1e-9).sum()} of {SEEDS}':>16}{searched.min():>9.2%}"
            f"{f'{(program > -TIED).sum()} of {SEEDS}':>17}{program.min():>9.2%}{interval(gain.tolist()):>30}"
        )
        key = name.replace(", ", "_").replace(" ", "_")
        figures |= {f"variety_{key}_search_worst": round(float(searched.min()), 5)}
        figures |= {f"variety_{key}_program_worst": round(float(program.min()), 5)}
    print(f"{'larger ranges, 3 seeds':34}{'products':>10}{'gap to bound, mean':>20}{'worst':>9}{'cpu s':>9}")
    for count in (30, 60):
        for place, name in enumerate(rows):
            gaps, start = [], time.process_time()
            for seed in range(3):
                _, demand, margin, complexity = worlds(100 + seed, count)[place]
                found = variety.best(demand, margin, complexity)
                gaps.append((found.bound - found.profit) / found.bound)
            seconds = (time.process_time() - start) / 3
            print(f"{name:34}{count:>10}{np.mean(gaps):>20.2%}{max(gaps):>9.2%}{seconds:>9.1f}", flush=True)
            figures[f"variety_{name.replace(', ', '_').replace(' ', '_')}_{count}_gap"] = round(float(np.mean(gaps)), 4)
    return figures


def orders_of(seed: int, count: int, *, mixed: bool, weekly: int = 0) -> Orders:
    """Return made-up orders."""
    rng = np.random.default_rng([SEED, seed])
    kinds = rng.choice(8, count, p=np.array([8, 6, 5, 4, 3, 2, 1, 1]) / 30)
    release = rng.integers(0, 6, count)
    return Orders(
        options=np.eye(8, dtype=bool)[kinds], size=rng.integers(1, 5, count).astype(float), release=release,
        due=np.minimum(release + rng.integers(1, 4, count), 7), late=rng.uniform(5, 15, count),
        early=rng.uniform(0.3, 1.5, count),
        capacity=12.0, setup=25.0, option=np.full(8, 15.0), weeks=8, weekly=weekly, mixed=mixed,
    )  # fmt: skip


def batched() -> dict[str, float]:
    """Print batches against first come, personal orders and the bound; few orders against the best of all."""
    few = []
    for seed in range(SEEDS):
        orders = orders_of(seed, 7, mixed=seed % 2 == 0)
        least, weeks = batching.relaxed(orders)
        starts = (batching.packed(orders, weeks), batching.groups_of(batching.fifo(orders)), batching.alone(orders))
        found = min(batching.total(orders, batching.improved(orders, start)) for start in starts)
        best = batching.best(orders).cost
        few.append((found / best, least / best))
    search, bound = (np.array(column) for column in zip(*few, strict=True))
    print(f"\nbatching, 7 orders: search above the best of all {search.mean() - 1:.2%} on average, "
          f"{search.max() - 1:.2%} at worst; "
          f"bound below it {1 - bound.mean():.2%}")  # fmt: skip
    print(f"{'50 orders, 10 seeds':28}{'first come / ours':>28}{'one by one / ours':>28}{'gap to bound':>26}{'cpu s':>8}")
    figures: dict[str, float] = {"batching_search_worst": round(float(search.max() - 1), 4)}
    for title, mixed, weekly in (
        ("one kind a batch", False, 0),
        ("the same, 4 batches a week", False, 4),
        ("kinds may mix", True, 0),
    ):
        rows, start = [], time.process_time()
        for seed in range(SEEDS // 2):
            orders = orders_of(seed, 50, mixed=mixed, weekly=weekly)
            found = batching.best(orders)
            alone = orders.setup * len(orders.size) + float((orders.options @ orders.option).sum())
            rows.append((batching.fifo(orders).cost / found.cost, alone / found.cost, found.cost / found.bound - 1.0))
        seconds = 2 * (time.process_time() - start) / SEEDS
        first, alone, gap = (np.array(column) for column in zip(*rows, strict=True))
        print(
            f"{title:28}{interval(first.tolist()):>28}{interval(alone.tolist()):>28}{interval(gap.tolist()):>26}"
            f"{seconds:>8.1f}",
            flush=True,
        )
        key = title.replace(", ", "_").replace(" ", "_")
        figures |= {
            f"batching_{key}_first_come": round(float(first.mean()), 4),
            f"batching_{key}_gap": round(float(gap.mean()), 4),
        }
    curve = batching.unit_cost(np.array([1, 2, 4, 8, 12, 16, 24]), 40.0, rate=6.0, wait=2.0)
    print("unit cost by batch size, set-up 40, 6 orders a week, waiting 2 a week: "
          + ", ".join(f"{size}: {value:.1f}" for size, value in zip((1, 2, 4, 8, 12, 16, 24), curve, strict=True)))  # fmt: skip
    return figures


def main() -> None:
    """Print the tables, and the figures as JSON on the last line."""
    figures = eppen() | postponed() | varied() | batched()
    form = all(abs(value - 1.0) <= 0.02 for key, value in figures.items() if key.startswith("eppen"))
    print(f"\nbar, closed form within 2 % on average: {'met' if form else 'missed'}")
    better = all(value > 1.0 for key, value in figures.items() if key.endswith("first_come"))
    print(f"bar, batches cheaper than first come: {'met' if better else 'missed'}")
    print(last_line("generic", figures, seed=SEED))


if __name__ == "__main__":
    main()
