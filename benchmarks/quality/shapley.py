"""Six sources of information in money: exact Shapley values over all 64 subsets, on Complete Journey.

Run it with: make bench ONLY=shapley (needs the extra 'demo'). Fixture, economics and base are those of
``prescriptiveness.py``: 26,000 plans of 500 products, base the better of all own history and the last 13 weeks.

Every subset of the sources is fitted anew: one Poisson booster of 100 rounds and 15 leaves, at rate .1, refit at
origins 37 and 43, calibrated anew at each origin: the fast learner of the notes, chosen for its seconds, not for its money
(that of ``prescriptiveness.py`` is slower and closes more). Two fits at a time, one thread each.
A subset's money is an array of products and target weeks; shares, first-in, last-in and ordered steps are sums of such
arrays, and so are their 95 % intervals, lotwise's own over products and blocks of 4 of the 16 target weeks. They hold how
products and weeks differ, not how fits do: that is stated beside them. Money of a source whose interval holds 0, or does
not lie above the placebo's, is not to be read as its worth.

Bits are of the ledger's own log score, over whole units; CRPS is in units.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.machine import last_line
from benchmarks.quality import _journey_money as money
from benchmarks.quality import complete_journey as journey
from lotwise.config import Forecast
from lotwise.forecast import scores
from lotwise.forecast.design import design
from lotwise.forecast.registry import METHODS
from lotwise.forecast.task import Task, many
from lotwise.gap import verdict
from lotwise.gap.bits import log_score
from lotwise.gap.cents import apportion, cents
from lotwise.gap.shapley import sampled, shares, subsets
from lotwise.tables.forecasted import LEVELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.forecast.design import Design
    from lotwise.forecast.panel import Array, Facts, Panel
    from lotwise.forecast.task import Curve

    Values = dict[frozenset[str], Array]

METHOD = "poisson"
SETUP = money.Setup(
    starts=tuple(origin - journey.FIRST_WEEK for origin in (37, 43)), params=Forecast(rounds=100, leaves=15, learning_rate=0.1)
)
NAMES = tuple(source.name for source in journey.SOURCES)
EVERYTHING = frozenset(NAMES)
NOTHING: frozenset[str] = frozenset()
PLACEBO, COPY = "placebo", "history again"
ORDERS = 16
DRAWS = 50
HALF = 0.5
"""A level is the long-run mean and a half: with another half it is the scale of the wide law, 1 + mean."""
CELLS = journey.PRODUCTS * len(journey.ORIGINS) * journey.HORIZON
KEPT = ("money", "bits", "crps")
BARS = {"seconds": (0, 600), "off_cents": (0, 0), "promotions_share": (0.13, 0.21)}
STRETCH = 180


@dataclass(frozen=True)
class Settlement:
    """What every plan is settled against: it knows nothing of sources.

    Parameters
    ----------
    panel
        Demand.
    level
        Long-run level of each product as of each week; ``(n_products, n_weeks)``.
    stakes
        What a unit short and a unit over cost.
    ideal
        Profit of knowing demand; ``(n_products, n_target_weeks)``.
    """

    panel: Panel
    level: Array
    stakes: money.Stakes
    ideal: Array

    def settled(self, found: Sequence[Curve]) -> Array:
        """Return money, bits and CRPS (turned round: more is better); ``(3, n_products, n_target_weeks)``."""
        ends, units = SETUP.ends, self.panel.units
        lost = money.lost(self.panel, ends, money.quantities(found, self.stakes), self.stakes).sum(axis=2)
        kept = np.stack([self.ideal - lost, np.zeros_like(lost), np.zeros_like(lost)])
        for end, one in zip(ends, found, strict=True):
            came, quantiles = units[:, end + 1 : end + 1 + money.HORIZON].ravel(), one.quantiles.reshape(-1, len(LEVELS))
            wide = np.repeat(self.level[:, end], money.HORIZON) + HALF
            weeks = slice(end - ends[0], end - ends[0] + money.HORIZON)
            kept[1, :, weeks] += log_score(came, quantiles, step=np.ones_like(came), scale=wide).reshape(-1, money.HORIZON)
            kept[2, :, weeks] -= scores.crps(came, quantiles).reshape(-1, money.HORIZON)
        return kept


def measured(by: Settlement, sets: Sequence[tuple[str, ...]], *, plan: Design, seed: int = journey.SEED) -> list[Array]:
    """Return what each list of sources is worth, in money, bits and CRPS."""
    kept: dict[object, object] = {}
    tasks = [
        Task(plan, end, told, SETUP.params, seed, SETUP.fitted(end), kept, paths=False) for told in sets for end in SETUP.ends
    ]
    made = many(METHODS[METHOD].make, tasks, workers=money.WORKERS)
    assert all(one is not None for one in made)
    count = len(SETUP.ends)
    return [by.settled(made[start : start + count]) for start in range(0, len(made), count)]


def ordered(some: frozenset[str]) -> tuple[str, ...]:
    """Return sources in the order declared, so that a subset has one fit."""
    return tuple(name for name in NAMES if name in some)


def steps(values: Values) -> dict[str, dict[str, Array]]:
    """Return each source's Shapley value, and what it brings first, last and in the order declared, cell by cell."""
    fair = shares(NAMES, values)
    return {
        name: {
            "shapley": fair[name],
            "first_in": values[frozenset({name})] - values[NOTHING],
            "last_in": values[EVERYTHING] - values[EVERYTHING - {name}],
            "ordered": values[frozenset(NAMES[: place + 1])] - values[frozenset(NAMES[:place])],
        }
        for place, name in enumerate(NAMES)
    }


def money_of(cells: Array) -> Array:
    """Return the money of what was measured; ``(n_products, n_target_weeks)``."""
    return np.asarray(cells[KEPT.index("money")])


def placebo(by: Settlement, values: Values, plan: Design) -> dict[str, tuple[float, tuple[float, float]]]:
    """Return what random columns bring beside some sources, with the interval."""
    sets = (NOTHING, frozenset(journey.TOLD), EVERYTHING)
    found = measured(by, [(*ordered(some), PLACEBO) for some in sets], plan=plan)
    gains = [money_of(cells - values[some]) for some, cells in zip(sets, found, strict=True)]
    sums = money.two_way(gains)
    names = ("no source", " + ".join(journey.TOLD), "all sources")
    return {name: (float(gains[place].sum()), money.limits(sums[:, place])) for place, name in enumerate(names)}


def duplicate(by: Settlement, values: Values, plan: Design) -> dict[str, dict[str, float]]:
    """Return the shares of history and promotions, and those where history is given a second time under another name."""
    doubled = replace(plan, columns=plan.columns | {COPY: plan.columns["history"]})
    one, other = journey.TOLD
    alone, both, all_three = measured(by, [(COPY,), (one, COPY), (one, COPY, other)], plan=doubled)
    assert np.array_equal(alone, values[frozenset({one})])  # another name is no other fit
    plain = {some: money_of(values[some]).sum() for some in subsets(journey.TOLD)}
    twice = plain | {frozenset(COPY if part == one else part for part in some): worth for some, worth in plain.items()}
    twice |= {frozenset({one, COPY}): money_of(both).sum(), frozenset({one, COPY, other}): money_of(all_three).sum()}
    return {
        "once": {name: float(share) for name, share in shares(journey.TOLD, plain).items()},
        "twice": {name: float(share) for name, share in shares((one, COPY, other), twice).items()},
    }


def permuted(values: Values) -> dict[str, float]:
    """Return how far shares of sampled orders are from the exact ones, and how many subsets they leave out."""
    totals = {some: money_of(cells).sum() for some, cells in values.items()}
    exact = shares(NAMES, totals)
    off, saved = [], []
    for draw in range(DRAWS):
        known = sampled(NAMES, ORDERS, np.random.default_rng([money.SEED, draw]))
        rough = shares(NAMES, {some: totals[some] for some in known})
        off.append(max(abs(rough[name] - exact[name]) for name in NAMES))
        saved.append(len(totals) - len(known))
    return {
        "first_off": float(off[0]),
        "first_saved": float(saved[0]),
        "mean_off": float(np.mean(off)),
        "worst_off": float(np.max(off)),
        "mean_saved": float(np.mean(saved)),
    }


def again(by: Settlement, values: Values, plan: Design) -> list[float]:
    """Return the money of all sources under three random states of the learner, the first among them."""
    return [
        float(money_of(values[EVERYTHING]).sum()),
        *(float(money_of(measured(by, [NAMES], plan=plan, seed=seed)[0]).sum()) for seed in (1, 2)),
    ]


def alone(by: Settlement, values: Values, facts: Facts) -> None:
    """Raise if what two sources are worth depends on which others exist."""
    few = [source for source in journey.SOURCES if source.name in journey.TOLD]
    found = measured(by, [journey.TOLD], plan=design(facts, few, None))[0]
    assert np.array_equal(found, values[frozenset(journey.TOLD)])


def base_of(by: Settlement, facts: Facts, plan: Design) -> tuple[str, Array]:
    """Return the name of the better base, and its money, bits and CRPS."""
    saa = by.settled(money.curves(plan, "history", (), SETUP))
    recent = by.settled(money.recent(facts.panel, SETUP.ends))
    return ("own history (SAA)", saa) if money_of(saa).sum() >= money_of(recent).sum() else ("last 13 weeks (SAA)", recent)


def rows(values: Values, base: Array, ideal: Array, noise: tuple[float, float]) -> dict[str, dict[str, object]]:
    """Print and return every row of the ledger, in whole cents that add up.

    Parameters
    ----------
    values
        Money, bits and CRPS of each subset.
    base
        The same of the base.
    ideal
        Profit of knowing demand; ``(n_products, n_target_weeks)``.
    noise
        Interval of the placebo beside all sources.
    """
    found = steps(values)
    lines = {"method": {"shapley": values[NOTHING] - base}} | found | {"sum": {"shapley": values[EVERYTHING] - base}}
    gap = ideal - money_of(base)
    keys = [(name, kind) for name, of in lines.items() for kind in of]
    cells = [money_of(lines[name][kind]) for name, kind in keys]
    sums = money.two_way([*cells, *(lines[name]["shapley"][KEPT.index("bits")] for name in lines)])
    ends = {key: money.limits(sums[:, place]) for place, key in enumerate(keys)}
    bits = {name: money.limits(sums[:, len(keys) + place] / CELLS) for place, name in enumerate(lines)}
    total = cents(money_of(lines["sum"]["shapley"]).sum())
    parts = apportion([money_of(lines[name]["shapley"]).sum() for name in ("method", *NAMES)], total)
    booked = dict(zip((*("method", *NAMES), "sum"), (*parts.tolist(), total), strict=True))
    kept: dict[str, dict[str, object]] = {}
    for name, of in lines.items():
        fair = of["shapley"].sum(axis=(1, 2))
        said = verdict.of_source(ends[name, "shapley"], placebo=noise) if name in NAMES else ""
        kept[name] = {
            "cents": booked[name],
            "share": round(booked[name] / 100 / float(gap.sum()), 4),
            "bits": round(float(fair[1]) / CELLS, 4),
            "bits_95": [round(end, 4) for end in bits[name]],
            "crps": round(float(fair[2]) / CELLS, 4),
            "verdict": said,
        }
        kept[name] |= {kind: round(float(money_of(of[kind]).sum()), 2) for kind in of}
        kept[name] |= {f"{kind}_95": [round(end, 2) for end in ends[name, kind]] for kind in of}
    show(kept, float(gap.sum()))
    return kept


def show(kept: dict[str, dict[str, object]], gap: float) -> None:
    """Print the rows of the ledger."""
    names = {"method": "method: the learner, no source", "sum": "sum = V(all) - V(base)"}
    print(f"{'':32}{'Shapley $':>12}{'95 %':>18}{'% of gap':>9}", end="")
    print(
        "".join(f"{what:>10}" for what in ("first in", "last in", "ordered")) + f"{'bits':>8}{'95 %':>17}{'CRPS':>8}  verdict"
    )
    for name, row in kept.items():
        low, high = row["shapley_95"]
        steps = "".join(f"{row[kind]:>10,.0f}" if kind in row else f"{'':>10}" for kind in ("first_in", "last_in", "ordered"))
        less, more = row["bits_95"]
        print(
            f"{names.get(name, name):32}{row['cents'] / 100:>12,.2f}"
            f"{f'[{low:,.0f}, {high:,.0f}]':>18}{row['share']:>9.1%}{steps}"
            f"{row['bits']:>8.3f}{f'[{less:.3f}, {more:.3f}]':>17}{row['crps']:>8.3f}  {row['verdict']}"
        )
    print(f"bits and CRPS are gains a product-week; the gap of the base is ${gap:,.2f}\n", flush=True)


def main() -> None:
    """Print the ledger and its checks, and the figures as JSON on the last line."""
    facts, departments = money.fixture()
    stakes = money.assumed(facts.panel, departments)
    clock, processors = time.perf_counter(), time.process_time()
    plan = design(facts, journey.SOURCES, np.random.default_rng([money.SEED, 1]))
    by = Settlement(facts.panel, plan.level, stakes, money.best(facts.panel, SETUP.ends, stakes).sum(axis=2))
    base, start = base_of(by, facts, plan)
    sets = subsets(NAMES)
    values = dict(zip(sets, measured(by, [ordered(some) for some in sets], plan=plan), strict=True))
    fair = shares(NAMES, values)
    spent = time.perf_counter() - clock, time.process_time() - processors
    print(f"{len(sets)} subsets, {4 * len(sets)} fits: {spent[0]:.0f} s by the clock, {spent[1]:.0f} s of the processors")
    print(f"base: {base}; V(ideal) ${by.ideal.sum():,.2f}, V(base) ${money_of(start).sum():,.2f}\n", flush=True)
    noise = placebo(by, values, plan)
    kept = rows(values, start, by.ideal, noise["all sources"][1])
    whole = sum(fair.values()) + values[NOTHING] - start
    assert np.allclose(whole, values[EVERYTHING] - start)  # in every cell, not in total alone
    off = sum(int(kept[name]["cents"]) for name in ("method", *NAMES)) - int(kept["sum"]["cents"])
    print(f"rows less their sum: {off} cents; promotions: {kept['promotions']['share']:.1%} of the gap")
    for beside, (gain, ends) in noise.items():
        print(f"placebo beside {beside}: ${gain:,.0f} [{ends[0]:,.0f}, {ends[1]:,.0f}]: {verdict.of_placebo(ends)}")
    alone(by, values, facts)
    refits = again(by, values, plan)
    print(f"refit noise: all sources under random states 0, 1, 2: {', '.join(f'${worth:,.0f}' for worth in refits)}", end="")
    print(f"; one standard deviation ${np.std(refits, ddof=1):,.0f}")
    twice = duplicate(by, values, plan)
    for what, of in twice.items():
        print(f"history given {what}: " + ", ".join(f"{name} ${share:,.0f}" for name, share in of.items()))
    rough = permuted(values)
    print(
        f"{ORDERS} sampled orders: largest difference ${rough['first_off']:,.0f}, "
        f"{rough['first_saved']:.0f} of {len(sets)} subsets saved; "
        f"over {DRAWS} draws ${rough['mean_off']:,.0f}, at most ${rough['worst_off']:,.0f}, {rough['mean_saved']:.1f} saved\n"
    )
    figures = {"seconds": round(spent[0], 1), "off_cents": off, "promotions_share": kept["promotions"]["share"]}
    for name, (least, most) in BARS.items():
        print(f"{name:18}{figures[name]:>9}   bar {least} to {most}: {'met' if least <= figures[name] <= most else 'missed'}")
    said = verdict.of_placebo(noise["all sources"][1])
    print(f"{'placebo':18}{said}: {'met' if said == verdict.ZERO else 'missed'}")
    print(f"{'stretch':18}{STRETCH} s: {'met' if spent[0] <= STRETCH else 'missed'}")
    more = {
        "cpu_seconds": round(spent[1], 1),
        "placebo": said,
        "base": base,
        "gap": round(float((by.ideal - money_of(start)).sum()), 2),
    }
    more |= {"rows": kept, "placebos": {key: [round(gain, 2), *ends] for key, (gain, ends) in noise.items()}}
    more |= {"refits": refits, "duplicate": twice, "orders": rough}
    print(last_line("shapley", figures | more, seed=money.SEED))


if __name__ == "__main__":
    main()
