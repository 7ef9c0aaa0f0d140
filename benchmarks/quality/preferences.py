"""Preferences from sales: known truths in simulated shops, the line that earns most, the demo's options, a real conjoint.

Run it with: make bench ONLY=preferences (the conjoint needs ../shared/data/choice).

- Willingness to pay: 100 simulated shops (6 products, 2 regions, 60 weeks, about 4,700 lines; prices, displays and
  stock-outs of weeks are drawn; the truth is a logit). Counted: of how many shops' willingness to pay, for each thing, does
  the 95 % interval hold the truth. Once with the list of what was on offer at which price, once with prices and stock-outs
  read from the sales themselves (displays known), where prices of weeks without a sale are not seen.
  The bar is on the mean over things; the products are drawn alike, so that the least of them is chance, and is shown.
- Line: 200 random markets of 1 to 12 alternatives, one to five groups of customers, with and without a limit, against every
  line tried.
- Substitution: 20 shops with two classes of customers and 8 products. Where do the buyers of each product go when it is taken
  away: the estimate against the truth (the same customers, choosing anew), mean absolute error of the shares; beside the
  plain logit, and "in proportion to shares", which needs no model.
- Options: the demo's 14 styles, 5,000 simulated units each; the share of each value as the fitted model has it against the
  exact share. Errors are told in standard errors of that many draws.
- Conjoint (real): 332 respondents x 16 tasks x 5 alternatives (bayesm); the last task of each is foreseen from the others.
  Latent classes and mixed logit foresee each respondent by the tastes shown so far; the number of classes is chosen on the
  task before the last.
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.machine import last_line
from lotwise.config.mining import MinePreferences
from lotwise.demo.atelier import choose as atelier
from lotwise.demo.atelier.catalog import STYLES, choices
from lotwise.mine.preferences.frames import find_preferences, read_sales
from lotwise.mine.preferences.line import best, every
from lotwise.mine.preferences.market import Market, outside_worth
from lotwise.mine.preferences.models import choose as choose_model
from lotwise.mine.preferences.models import latent_of, logit_of
from lotwise.mine.preferences.options import of_product
from lotwise.mine.preferences.sets import Attribute, Sets
from lotwise.mine.preferences.sold import Chosen, Sold
from lotwise.mine.preferences.substitution import diverted

SEED = 0
SHOPS, MARKETS, CLASSED, UNITS = 100, 200, 20, 5_000
UNSEEN = 1_000
"""First seed of the shops; how sales are read was chosen on seeds below it."""

PRICE, DISPLAY = -0.6, 0.8
FIRST = np.datetime64("2024-01-01")
CAMERA = Path(__file__).parents[3] / "shared" / "data" / "choice" / "camera_conjoint.parquet"
LOGIT = MinePreferences(models=("logit",))


def shop(seed: int, tastes: np.ndarray, shares: np.ndarray, *, weeks: int = 60, lines: int = 40, customers: int = 400) -> dict:
    """Return a simulated shop: sale lines, offers, and the sets behind them; ``tastes`` are constants by class and product."""
    rng = np.random.default_rng(seed)
    classes, count = tastes.shape
    names = [f"P{number}" for number in range(count)]
    base = rng.uniform(3, 8, count)
    kind = rng.choice(classes, (2, customers), p=shares)
    sold: dict[str, list] = {"product": [], "day": [], "price": [], "customer": [], "region": []}
    offers: dict[str, list] = {"product": [], "week": [], "region": [], "price": [], "display": []}
    facts = []
    for region in range(2):
        there = np.ones((weeks, count), dtype=bool)
        for product in range(1, count):
            if rng.random() < 0.5:
                first = int(rng.integers(0, weeks - 10))
                there[first : first + int(rng.integers(4, 10)), product] = False
        regular = base * (1 + 0.1 * rng.normal(size=(weeks // 10 + 1, count))).repeat(10, axis=0)[:weeks]
        cut = rng.random((weeks, count)) < 0.2
        price = regular * np.where(cut, rng.uniform(0.7, 0.95, (weeks, count)), 1)
        shown = (rng.random((weeks, count)) < 0.15).astype(float)
        for week in range(weeks):
            who = rng.integers(0, customers, rng.poisson(lines))
            utility = tastes + PRICE * price[week] + DISPLAY * shown[week]
            raised = np.exp(utility) * there[week]
            chance = np.cumsum(raised / raised.sum(axis=1, keepdims=True), axis=1)[kind[region, who]]
            taken = np.minimum((rng.random(len(who))[:, None] > chance).sum(axis=1), count - 1)
            day = FIRST + 7 * week
            sold["product"] += [names[at] for at in taken]
            sold["price"] += price[week, taken].tolist()
            sold["customer"] += [f"{region}-{number}" for number in who]
            sold["region"] += [f"R{region}"] * len(who)
            sold["day"] += [day] * len(who)
            for product in np.flatnonzero(there[week]):
                offers["product"].append(names[product])
                offers["week"].append(day)
                offers["region"].append(f"R{region}")
                offers["price"].append(float(price[week, product]))
                offers["display"].append(float(shown[week, product]))
            facts.append((utility, there[week], len(who)))
    frames = [{**frame, key: np.array(frame[key])} for frame, key in ((sold, "day"), (offers, "week"))]
    return {
        "sales": frames[0],
        "offers": frames[1],
        "facts": facts,
        "names": names,
        "shares": np.bincount(kind.ravel()) / kind.size,
    }


def covered(*, is_listed: bool) -> dict[str, tuple[int, int]]:
    """Return, for each thing, in how many shops its interval held the truth, and in how many one was given."""
    found: dict[str, list[bool]] = {}
    for seed in range(UNSEEN, UNSEEN + SHOPS):
        worth = np.concatenate([[0.0], np.random.default_rng([SEED, seed]).normal(0, 0.7, 5)])
        made = shop(seed, worth[None, :], np.ones(1))
        offers = made["offers"]
        if not is_listed:
            offers = {key: column for key, column in offers.items() if key != "price"}
        read = read_sales(made["sales"], offers=offers)
        told = find_preferences(read, params=LOGIT)
        base = worth[made["names"].index(told.sets.base["product"])]
        for row in told.table().to_pylist():
            if row["willingness"] is None or row["attribute"] == "discount":
                continue
            isproduct = row["attribute"] == "product"
            truth = worth[made["names"].index(row["value"])] - base if isproduct else DISPLAY
            label = row["value"] if isproduct else row["attribute"]
            found.setdefault(label, []).append(row["willingness_low"] <= truth / -PRICE <= row["willingness_high"])
    return {label: (sum(inside), len(inside)) for label, inside in sorted(found.items())}


def lines() -> tuple[int, float]:
    """Return in how many random markets the line found earns as much as the best of all, and milliseconds a line."""
    equal, spent = 0, 0.0
    for seed in range(MARKETS):
        rng = np.random.default_rng([SEED, seed])
        count, groups = int(rng.integers(1, 13)), int(rng.choice([1, 1, 2, 3, 5]))
        worth = np.exp(rng.normal(0, 1.5, (groups, count)))
        outside = outside_worth(worth, float(rng.uniform(0.05, 0.8)))
        names = tuple(str(number) for number in range(count))
        weight = rng.dirichlet(np.ones(groups))
        market = Market(names, rng.gamma(2, 5, count) - 3, worth, outside, weight, rng.random(count) < 0.1)
        most = int(rng.integers(0, count + 1))
        start = time.process_time()
        found = best(market, most=most)
        spent += time.process_time() - start
        truth = every(market, most=most)
        equal += found.is_proven and abs(found.earned - truth.earned) <= 1e-7 * max(1.0, abs(truth.earned))
    return equal, 1000 * spent / MARKETS


def removal(made: dict) -> np.ndarray:
    """Return where the buyers of each product would truly go: the same customers, choosing without it."""
    count = len(made["names"])
    moved = np.zeros((count, count))
    for utility, there, visits in made["facts"]:
        raised = np.exp(utility) * there
        now = made["shares"] @ (raised / raised.sum(axis=1, keepdims=True))
        for gone in np.flatnonzero(there):
            left = raised.copy()
            left[:, gone] = 0
            then = made["shares"] @ (left / left.sum(axis=1, keepdims=True))
            moved[gone] += visits * np.where(np.arange(count) == gone, 0.0, then - now)
    return moved / moved.sum(axis=1, keepdims=True)


def substitution() -> dict[str, float]:
    """Return the mean absolute error of the shares diverted, by model."""
    errors: dict[str, list[float]] = {"latent classes": [], "logit": [], "in proportion to shares": []}
    for seed in range(CLASSED):
        rng = np.random.default_rng([SEED, 1, seed])
        tastes = rng.normal(0, 1.5, (2, 8))
        made = shop(seed, tastes, np.array([0.6, 0.4]), lines=80)
        read = read_sales(made["sales"], offers=made["offers"])
        order = [made["names"].index(name) for name in read.sets.alternatives]
        truth = removal(made)[np.ix_(order, order)]
        for models in (("logit", "latent classes"), ("logit",)):
            told = find_preferences(read, params=MinePreferences(models=models, classes=3))
            errors[models[-1]].append(_error(diverted(told.model, told.sets), truth))
        shares = np.tile(read.sets.shares, (8, 1)) * (1 - np.eye(8))
        errors["in proportion to shares"].append(_error(shares / shares.sum(axis=1, keepdims=True), truth))
    return {name: float(np.mean(values)) for name, values in errors.items()}


def _error(found: np.ndarray, truth: np.ndarray) -> float:
    return float(np.abs(found - truth)[~np.eye(len(truth), dtype=bool)].mean())


def option_shares() -> tuple[int, float, float]:
    """Return values compared, the largest error of a share, and the root mean square of errors in standard errors."""
    errors, sizes = [], []
    rules = pa.table({"product": pa.array([], pa.string())})
    for number, style in enumerate(STYLES):
        picks = atelier.draw(np.random.default_rng([SEED, 2, number]), style, UNITS)
        names = {option: list(values) for option, values in choices(style).items()}
        sold, chosen = _units(style.code, picks, names)
        exact = atelier.take(style)
        for sets in of_product(style.code, sold, chosen, rules):
            model = logit_of(sets)
            if isinstance(model, str):
                continue
            weight = sets.counts().sum(axis=1)
            shares = weight @ model.probabilities(sets) / weight.sum()
            for value, share in zip(sets.alternatives, shares, strict=True):
                truth = exact[next(iter(sets.base)), value]
                sizes.append(abs(share - truth))
                errors.append((share - truth) / np.sqrt(truth * (1 - truth) / UNITS))
    return len(errors), float(max(sizes)), float(np.sqrt(np.mean(np.square(errors))))


def _units(code: str, picks: dict, names: dict) -> tuple[Sold, Chosen]:
    blank, one = np.zeros(UNITS, dtype=np.int64), np.ones(UNITS)
    alone = np.arange(UNITS)
    sold = Sold((code,), ("all",), blank, blank, blank, alone, alone, one, one, one)
    options, values = tuple(names), tuple(sorted({value for told in names.values() for value in told}))
    spot = {value: place for place, value in enumerate(values)}
    value = np.concatenate([np.array([spot[v] for v in names[option]])[picks[option]] for option in options])
    line, option = np.tile(alone, len(options)), np.repeat(np.arange(len(options)), UNITS)
    return sold, Chosen(options, values, line, option, value, np.zeros(len(line)))


def conjoint() -> dict[str, tuple[float, float, float]]:
    """Return hit rate, log loss and CPU seconds of each model on the last task of each respondent."""
    table = pq.read_table(CAMERA)
    names = [name for name in table.column_names if name not in ("respondent", "task", "alt", "chosen")]
    attributes = np.column_stack([table[name].to_numpy() for name in names]).reshape(-1, 5, len(names))
    chosen = table["chosen"].to_numpy().reshape(-1, 5).argmax(axis=1)
    person, task = (table[name].to_numpy().reshape(-1, 5)[:, 0] for name in ("respondent", "task"))
    sets = Sets(
        "camera", tuple("12345"), tuple(Attribute(name) for name in names), attributes, np.ones(attributes.shape[:2], bool),
        np.arange(len(chosen)), chosen, person, task, np.arange(len(chosen)),
    )  # fmt: skip
    known, last = sets.select(task < 16), sets.select(task == 16)
    before, valid = sets.select(task < 15), sets.select(task == 15)
    found = {"every alternative alike": (0.2, float(np.log(5)), 0.0)}
    rng = np.random.default_rng(SEED)
    start = time.process_time()
    plain = logit_of(known)
    found["logit"] = _foreseen(plain, last, start)
    start = time.process_time()
    tried = {}
    for classes in range(2, 9):
        _, model = _latent(before, classes, rng)
        tried[classes] = float(model.foreseen(valid).mean())
    count = max(tried, key=lambda classes: tried[classes])
    found[f"latent classes ({count})"] = _foreseen(_latent(known, count, rng)[1], last, start)
    start = time.process_time()
    mixed = choose_model(known, MinePreferences(models=("mixed logit",), draws=100), rng)
    found["mixed logit"] = _foreseen(mixed[1], last, start)
    return found


def _latent(sets: Sets, classes: int, rng: np.random.Generator) -> tuple[object, object]:
    plain = logit_of(sets)
    return plain, latent_of(sets, classes, plain, rng)


def _foreseen(model: object, sets: Sets, start: float) -> tuple[float, float, float]:
    chance = model.by_group(sets)[:, sets.set]
    posterior = model.posterior[np.searchsorted(model.persons, sets.person)]
    mean = np.einsum("ng,gnj->nj", posterior, chance)
    hit = float((mean.argmax(axis=1) == sets.chosen).mean())
    return hit, float(-model.foreseen(sets).mean()), time.process_time() - start


def main() -> None:
    """Print the tables and the figures."""
    figures: dict[str, float] = {}
    begun = time.process_time()
    print(f"Willingness to pay, {SHOPS} simulated shops: intervals of 95 % that hold the truth (of those given)")
    for label, is_listed in (("offers known", True), ("read from sales", False)):
        start = time.process_time()
        told = covered(is_listed=is_listed)
        rates = {thing: 100 * inside / given for thing, (inside, given) in told.items()}
        mean = 100 * sum(inside for inside, _ in told.values()) / sum(given for _, given in told.values())
        shown = ", ".join(f"{thing} {inside}/{given}" for thing, (inside, given) in told.items())
        seconds = time.process_time() - start
        print(f"  {label:16s} mean {mean:5.1f} %, least {min(rates.values()):5.1f} %: {shown}; {seconds:.1f} s")
        key = label.replace(" ", "_")
        figures |= {
            f"wtp_covered_{key}": round(float(mean), 1),
            f"wtp_covered_least_{key}": round(float(min(rates.values())), 1),
        }
    equal, milliseconds = lines()
    print(f"\nLine that earns most: equal to every line tried in {equal} of {MARKETS} markets, {milliseconds:.1f} ms a line")
    figures |= {"line_equal": equal, "line_cases": MARKETS, "line_ms": round(milliseconds, 2)}
    print(f"\nShares diverted, {CLASSED} simulated shops with two classes: mean absolute error")
    for name, error in substitution().items():
        print(f"  {name:26s}{error:.4f}")
        figures[f"diversion_error_{name.replace(' ', '_')}"] = round(float(error), 4)
    count, largest, typical = option_shares()
    print(f"\nOptions of the demo: {count} shares, largest error {largest:.4f}, typical error {typical:.2f} standard errors")
    figures |= {"option_values": count, "option_share_error": round(largest, 4), "option_error_typical": round(typical, 3)}
    if CAMERA.exists():
        print(f"\n{'Camera conjoint, last task':28s}{'hit rate':>10s}{'log loss':>10s}{'CPU s':>8s}")
        for name, (hit, loss, seconds) in conjoint().items():
            print(f"  {name:26s}{hit:10.3f}{loss:10.3f}{seconds:8.1f}")
            key = "_".join(word for word in name.split() if not word.startswith("("))
            figures |= {f"conjoint_hit_{key}": round(hit, 3), f"conjoint_log_loss_{key}": round(float(loss), 3)}
    else:
        print("\nCamera conjoint: left out, ../shared/data/choice is not there")
    figures["cpu_seconds"] = round(time.process_time() - begun, 1)
    bars = {
        "wtp_covered_offers_known": (figures["wtp_covered_offers_known"], 90.0, "at least"),
        "line_equal": (equal, MARKETS, "at least"),
        "cpu_seconds": (figures["cpu_seconds"], 360.0, "at most"),
    }
    print()
    for name, (value, bar, way) in bars.items():
        met = value >= bar if way == "at least" else value <= bar
        print(f"{name}: {value} ({way} {bar}: {'met' if met else 'missed'})")
    print("\n" + last_line("preferences", figures, seed=SEED))


if __name__ == "__main__":
    main()
