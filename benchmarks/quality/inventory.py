"""Stock policies: what they serve against what they were asked for, with known laws and on real demand; and known answers.

Run it with: make bench ONLY=inventory (peer: stockpyl, where installed).

Known answers. The newsvendor of the issue; (s, S) against every pair within reach, and guaranteed service against every
combination of service times; both against the examples of Snyder and Shen's book, and stockpyl's own runs of them.

Known laws. 24 items: six each of normal, Poisson, negative binomial and intermittent demand. Levels are set for the law itself,
with fixed lead times (1 to 4 periods), lead times that vary (1 to 4 periods, orders may overtake), backorders, and judged on
100,000 fresh periods (intermittent demand on 400,000). A miss is |simulated - target|. Where demand comes in whole units, the
least level that reaches a target may exceed it by more than a point: an item is counted as 'whole unit' where one unit less
misses the target on the same demand. 'else' has no such reason.

Real demand, out of sample. Every tenth of the 2,674 car parts (monthly; the last 12 of 51 months settle) and the 150 products
of Online Retail sold in most weeks (weekly, cancellations left out; the last 12 of 53 weeks settle, which are the season before
Christmas). Levels from the history alone, and calibrated on its last 12 periods. Service is that of all items together. The
settlement periods were looked at only to report; nothing was chosen on them.
"""

from __future__ import annotations

import time
from itertools import product
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.machine import last_line
from lotwise.plan import stock_policy
from lotwise.plan.inventory import POLICIES, Item, MinMax, guaranteed, law, levels, min_max, newsvendor, simulate

SHARED = Path(__file__).parents[2].parent / "shared/data"
SEED = 0
POINT = 0.01
TARGETS = (0.90, 0.95)
LAWS = {
    "normal": [("normal", mean, cv * mean) for mean, cv in product((50, 400, 3000), (0.15, 0.3))],
    "poisson": [("poisson", mean, 0.0) for mean in (2, 5, 10, 20, 50, 100)],
    "negative binomial": [("negative_binomial", mean, cv * mean) for mean, cv in product((10, 40, 200), (0.6, 1.0))],
    "intermittent": [("negative_binomial", mean, cv * mean) for mean, cv in product((0.5, 1.0, 2.0), (2.0, 3.0))],
}
HELD = 12
PATHS = {"intermittent": 400}
FEWER = 100


def known_answers() -> dict[str, float]:
    """Print answers that are known, and return how far ours are."""
    choice = newsvendor.normal(120.0, 10.0, 2.0, 18.0)
    print(f"newsvendor N(120, 10), h = 2, p = 18: {float(choice.quantity):.4f} units, cost {float(choice.cost):.4f}")
    rng = np.random.default_rng(SEED)
    worst = 0.0
    for _ in range(12):
        demand = rng.dirichlet(np.ones(rng.integers(3, 8)))
        item = min_max.Item(demand, rng.uniform(1, 30), 1.0, rng.uniform(2, 15), lead=int(rng.integers(0, 3)))
        _, found = min_max.best(item)
        tried = [MinMax(np.asarray(float(s)), np.asarray(float(s + gap))) for s in range(-8, 25) for gap in range(1, 30)]
        worst = max(worst, found / min(min_max.cost(policy, item) for policy in tried) - 1.0)
    placed = max(guaranteed_apart(rng) for _ in range(12))
    print(
        f"above the best: (s, S) of 957 pairs, 12 items, {worst:.1e}; guaranteed service of all times, 12 trees, {placed:.1e}"
    )
    poisson = np.exp(np.arange(60) * np.log(6.0) - 6.0 - np.cumsum(np.log(np.maximum(np.arange(60), 1))))
    policy, cost = min_max.best(min_max.Item(poisson / poisson.sum(), 5.0, 1.0, 4.0))
    print(f"Snyder and Shen, example 4.7: s = {policy.reorder:g}, S = {policy.up_to:g}, cost {cost:.6f} (book: 4, 10, 8.0341)")
    tree = guaranteed.Network(
        np.array([2, 1, 1, 1]), np.array([1.0, 3.0, 2.0, 3.0]), [(0, 2), (2, 1), (2, 3)],
        promise=np.array([0, 0, 0, 1]), inbound=np.array([1, 0, 0, 0]),
    )  # fmt: skip
    sd = guaranteed.pooled(tree, [0.0, 1.0, 0.0, 1.0])
    service = guaranteed.place(tree, guaranteed.square_root(tree, sd, 1.0)).cost
    print(f"Snyder and Shen, example 6.5: cost {service:.6f} (book: 8.2779)")
    peer = stockpyl_says(poisson)
    return {
        "newsvendor_units": round(float(choice.quantity), 4),
        "newsvendor_cost": round(float(choice.cost), 4),
        "min_max_excess": worst,
        "guaranteed_excess": placed,
        "min_max_book": round(cost, 4),
        "guaranteed_book": round(service, 4),
        **peer,
    }


def guaranteed_apart(rng: np.random.Generator) -> float:
    """Return how much more than the best of all service times ours cost, on a random tree of five stages."""
    links = [(int(rng.integers(0, stage)), stage) for stage in range(1, 5)]
    links = [link if rng.random() < 0.7 else link[::-1] for link in links]
    network = guaranteed.Network(rng.integers(0, 4, 5), rng.uniform(1, 5, 5), links)
    sd = rng.uniform(1, 9, 5)
    excess = guaranteed.square_root(network, sd, 1.645)
    most, least = network.longest(), np.inf
    for quoted in product(*(range(int(top) + 1) for top in most)):
        waited = [max([*(quoted[supplier] for supplier in network.suppliers(stage)), 0]) for stage in range(5)]
        net = np.array(waited) + network.time - np.array(quoted)
        ends = [stage for stage in range(5) if not network.customers(stage)]
        if (net < 0).any() or any(quoted[stage] for stage in ends):
            continue
        least = min(least, float(network.holding @ excess[np.arange(5), net]))
    return guaranteed.place(network, excess).cost / least - 1.0


def stockpyl_says(poisson: np.ndarray) -> dict[str, float]:
    """Return stockpyl's answers to the same, where it is installed."""
    try:
        from stockpyl import gsm_tree, ss  # noqa: PLC0415  an optional peer
        from stockpyl import newsvendor as their_newsvendor  # noqa: PLC0415
        from stockpyl.instances import load_instance  # noqa: PLC0415
    except ImportError:
        print("stockpyl is not installed: its column is left out")
        return {}
    units, cost = their_newsvendor.newsvendor_normal(2, 18, 120, 10)
    start = time.perf_counter()
    s, up_to, pair = ss.s_s_discrete_exact(
        1, 4, 5, use_poisson=False, demand_hi=len(poisson) - 1, demand_pmf=list(poisson / poisson.sum())
    )
    theirs = time.perf_counter() - start
    start = time.perf_counter()
    min_max.best(min_max.Item(poisson / poisson.sum(), 5.0, 1.0, 4.0))
    ours = time.perf_counter() - start
    _, tree = gsm_tree.optimize_committed_service_times(tree=gsm_tree.preprocess_tree(load_instance("example_6_5")))
    print(f"stockpyl: newsvendor {units:.4f}, {cost:.4f}; (s, S) = ({s:g}, {up_to:g}), {pair:.6f}; tree {tree:.6f}")
    print(f"(s, S) takes {1e3 * ours:.2f} ms, stockpyl {1e3 * theirs:.2f} ms")
    return {
        "stockpyl_newsvendor": round(float(units), 4),
        "stockpyl_min_max": round(float(pair), 4),
        "stockpyl_tree": round(tree, 4),
    }


def known_laws() -> dict[str, float]:
    """Print what policies serve of known laws, and return the shares of items within a point."""
    print(
        f"\n{'known laws: misses in points':44}{'items':>6}{'mean':>8}{'worst':>8}{'within 1':>10}{'whole unit':>12}{'else':>6}"
    )
    figures: dict[str, float] = {}
    left = 0
    for policy, kind, measure in product(POLICIES, ("fixed", "varying"), ("fill", "cycle")):
        if kind == "varying" and (policy == "newsvendor" or measure == "cycle"):
            continue
        for name, moments in LAWS.items():
            laws = [law.of(*three) for three in moments for _ in TARGETS]
            leads = [(1, 2, 3), (2, 4), (1, 2), (3,), (1, 4), (2, 3)]
            items = [
                Item(
                    target,
                    measure,
                    leads[place] if kind == "varying" else (1 + place % 4,),
                    order_cost=4.0 * law.of(*three).mean,
                )
                for place, three in enumerate(moments)
                for target in TARGETS
            ]
            items = [
                item
                if kind == "fixed" or len(item.leads) > 1
                else Item(item.target, measure, (2, 3, 4), order_cost=item.order_cost)
                for item in items
            ]
            missed, whole = misses(policy, laws, items, PATHS.get(name, FEWER))
            inside = np.abs(missed) <= POINT
            rest = int((~inside & ~whole).sum())
            left += rest
            title = f"{policy}, {kind} lead, {measure}, {name}"
            worst = 100 * float(missed[np.argmax(np.abs(missed))])
            print(
                f"{title:44}{len(items):>6}{100 * np.abs(missed).mean():>8.2f}{worst:>8.2f}{inside.sum():>10}"
                f"{(~inside & whole).sum():>12}{rest:>6}",
                flush=True,
            )
            key = f"{policy}_{kind}"
            figures[f"{key}_items"] = figures.get(f"{key}_items", 0) + len(items)
            figures[f"{key}_within"] = figures.get(f"{key}_within", 0) + int(inside.sum())
            figures[f"{key}_whole_unit"] = figures.get(f"{key}_whole_unit", 0) + int((~inside & whole).sum())
    return figures | {"missed_without_reason": left}


def misses(policy: str, laws: list[law.Law], items: list[Item], count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return simulated service less the target, and whether one step less would miss the target on the same demand."""
    found = levels(policy, laws, items, np.random.default_rng([SEED, 1]))
    rng = np.random.default_rng([SEED, 2])
    paths = np.stack([one.draw((count, 1_100), rng) for one in laws])
    lead = np.stack([rng.choice(item.rule(policy)[2], paths.shape[1:]) for item in items])
    review, unmet, _ = items[0].rule(policy)
    asked = paths[..., 100:].sum(axis=-1)
    served = []
    for less in (0, 1):
        lower = less * np.array([one.step for one in laws])
        rule = MinMax((found.reorder - lower)[:, None], (found.level - lower)[:, None])
        shown = simulate(rule, paths, lead=lead, review=review, unmet=unmet, warmup=100)
        fill = (shown.fill * asked).sum(axis=1) / asked.sum(axis=1)
        served.append(shown.cycle.mean(axis=1) if items[0].measure == "cycle" else fill)
    target = np.array([item.target for item in items])
    return served[0] - target, (served[1] < target) | (found.level <= 0)


def parts() -> pa.Table:
    """Return every tenth car part by month."""
    table = pq.read_table(SHARED / "carparts/carparts.parquet")
    names = np.unique(table["part_id"].to_numpy().astype(str))[::10]
    table = table.filter(pc.is_in(table["part_id"].cast(pa.string()), value_set=pa.array(names)))
    table = table.filter(pc.is_valid(table["units"]))
    return pa.table(
        {"unique_id": table["part_id"].cast(pa.string()), "ds": table["month"], "y": table["units"].cast("float64")}
    )


def retail() -> pa.Table:
    """Return weekly units of the 150 products sold in most weeks of Online Retail."""
    table = pq.read_table(SHARED / "online_retail/online_retail.parquet", columns=["StockCode", "Quantity", "InvoiceDate"])
    table = table.filter(pc.greater(table["Quantity"], 0))
    week = pc.cast(pc.floor_temporal(table["InvoiceDate"], unit="week"), pa.date32())
    rows = pa.table({"unique_id": table["StockCode"], "ds": week, "y": table["Quantity"].cast("float64")})
    rows = rows.group_by(["unique_id", "ds"]).aggregate([("y", "sum")]).rename_columns(["unique_id", "ds", "y"])
    weeks = (
        rows.group_by("unique_id")
        .aggregate([("ds", "count")])
        .sort_by([("ds_count", "descending"), ("unique_id", "ascending")])
    )
    return rows.filter(pc.is_in(rows["unique_id"], value_set=weeks["unique_id"].combine_chunks()[:150]))


def real(name: str, frame: pa.Table) -> dict[str, float]:
    """Print what levels of a history served afterwards, all items together."""
    items = {"lead": 1, "target": 0.95, "order_cost": 5.0}
    print(f"\n{name}: {len(pc.unique(frame['unique_id']))} items, target 95 %, last {HELD} periods: fill | cycle, all together")
    print(f"{'':14}{'law':>18}{'from history':>22}{'calibrated':>22}")
    figures = {}
    for policy, given in [*((policy, "auto") for policy in POLICIES), ("base_stock", "empirical")]:
        cells = []
        for calibrate, measure in product((0, HELD), ("fill", "cycle")):
            found = stock_policy(
                frame, items, policy=policy, measure=measure, law=given, calibrate=calibrate, holdout=HELD, seed=SEED
            )
            cells.append(together(found, frame, measure))
            kind = "calibrated" if calibrate else "history"
            figures[f"{name}_{policy}_{given}_{measure}_{kind}"] = round(100 * cells[-1], 2)
        shown = [f"{100 * cells[place]:.1f} | {100 * cells[place + 1]:.1f}" for place in (0, 2)]
        print(f"{policy:14}{given:>18}{shown[0]:>22}{shown[1]:>22}", flush=True)
    return figures


def together(found: pa.Table, frame: pa.Table, measure: str) -> float:
    """Return the service of all items in the holdout: of demand, or of the cycles of all items alike."""
    served = found[f"held_{measure}"].to_numpy()
    if measure == "cycle":
        return float(np.nanmean(served))
    times = pc.unique(frame["ds"])
    times = times.take(pc.sort_indices(times))
    later = frame.filter(pc.is_in(frame["ds"], value_set=times[-HELD + 1 :]))  # after a lead time of 1
    sums = later.group_by("unique_id").aggregate([("y", "sum")])
    units = dict(zip(sums["unique_id"].to_pylist(), sums["y_sum"].to_pylist(), strict=True))
    weights = np.array([units.get(name, 0.0) for name in found["unique_id"].to_pylist()])
    return float((served * weights).sum() / weights.sum())


def main() -> None:
    """Print the tables, the bar, and the figures as JSON on the last line."""
    start = time.process_time()
    figures: dict[str, float] = dict(known_answers())
    figures |= known_laws()
    exact = figures["newsvendor_units"] == 132.8155 and figures["newsvendor_cost"] == 35.0997
    print(f"\nbar, newsvendor 132.8155 and 35.0997: {'met' if exact else 'missed'}")
    reached = figures["missed_without_reason"] == 0
    print(f"bar, simulated service within 1 point, known laws: {'met, whole units aside' if reached else 'missed'}")
    for name, read in (("carparts", parts), ("retail", retail)):
        if not (SHARED / ("carparts" if name == "carparts" else "online_retail")).exists():
            print(f"{name}: the data are not here")
            continue
        found = real(name, read())
        figures |= found
        good = [key for key, value in found.items() if abs(value - 95.0) <= 100 * POINT]
        calibrated = [key for key in found if key.endswith("calibrated")]
        within = sum(key in good for key in calibrated)
        print(f"bar, out of sample within 1 point, {name}: {within} of {len(calibrated)} calibrated, "
              f"{len(good) - within} of {len(found) - len(calibrated)} from history")  # fmt: skip
    figures["cpu_s"] = round(time.process_time() - start, 1)
    print(last_line("inventory", figures, seed=SEED))


if __name__ == "__main__":
    main()
