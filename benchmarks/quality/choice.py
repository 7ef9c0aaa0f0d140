"""Conditional logits on stated choices, beside statsmodels and BFGS; and regret against the truth of simulated customers.

Run it with: make bench ONLY=choice (needs choice/car.parquet and choice/camera_conjoint.parquet of the shared data; peer:
statsmodels, where installed, which takes about a minute).

(a) Cars: 4,654 respondents chose one of six vehicles; the 21 attributes of McFadden and Train (2000, Mixed MNL models for
discrete response, Journal of Applied Econometrics 15). The file's labels of methanol and electric are swapped (its
"methanol" pollutes 0 and has no stations; as labelled the log-likelihood is lower) and are swapped back here. The price is
over the log of income, so its money is no currency.

(b) Cameras: 332 respondents, 16 tasks of four cameras and none of them, prices in dollars. Both are stated choices: what
people say they would buy.

(c) Seconds for 100,000 occasions of 50 alternatives, simulated.

(d) The atelier's 14 styles and its three kinds of customers, simulated: liking = log(units x appeal to the kind), a price
effect of 0.004 a CNY (our own, for the atelier has no choice between styles), a third of the prices 10 to 40 % off, 5 of 14
styles shown. Regret, surplus and margin not shown are compared with those of the true utilities on the same occasions: with
customers all alike, of three kinds that the model is told, and of three that it is not.

(e) The atelier's own option choices: its shares do not depend on extra prices, so money must be refused.

No setting was chosen on any of these data; nothing is held out.
"""

from __future__ import annotations

import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from scipy.optimize import minimize

from benchmarks.machine import last_line
from lotwise.demo.atelier import choose
from lotwise.demo.atelier.catalog import SEGMENTS, STYLES, choices
from lotwise.gap.choices.configured import configured
from lotwise.gap.choices.logit import Logit, Occasions, derivatives, fit
from lotwise.gap.choices.longchoices import choice_regret

DATA = Path(__file__).parents[2].parent / "shared/data/choice"
SEED = 20261121
PRICE_EFFECT = 0.004
KIND_SHARES = (0.45, 0.35, 0.2)
SEEDS = 20
MEASURES = ("regret of choices", "surplus not shown", "margin not shown")


def cars() -> Occasions:
    """Return the cars with the attributes of McFadden and Train's logit."""
    table = pq.read_table(DATA / "car.parquet")
    count = table.num_rows

    def stacked(name: str) -> np.ndarray:
        return np.column_stack([table[f"{name}{place}"].to_numpy() for place in range(1, 7)])

    fuel, body, size = stacked("fuel"), stacked("type"), stacked("size")
    large = table["hsg2"].to_numpy()[:, None] * (size == 3)
    short, college = table["coml5"].to_numpy()[:, None], table["college"].to_numpy()[:, None]
    methanol, electric = fuel == "electric", fuel == "methanol"  # labels are swapped in the file
    plain = {name: stacked(name) for name in ("price", "range", "acc", "speed", "pollution")}
    columns = plain | {
        "size": size,
        "large enough": large,
        **{name: stacked(name) for name in ("space", "cost", "station")},
        **{kind: body == kind for kind in ("sportuv", "sportcar", "stwagon", "truck", "van")},
        "electric": electric,
        "electric, commute < 5 miles": electric * short,
        "electric, college": electric * college,
        "natural gas": fuel == "cng",
        "methanol": methanol,
        "methanol, college": methanol * college,
    }
    chosen = np.array([int(value[-1]) - 1 for value in table["choice"].to_pylist()])
    attributes = np.column_stack([np.asarray(column, dtype=float).ravel() for column in columns.values()])
    return Occasions(tuple(columns), attributes, np.arange(0, 6 * count, 6), np.arange(0, 6 * count, 6) + chosen)


def cameras() -> pa.Table:
    """Return the cameras as a long frame."""
    table = pq.read_table(DATA / "camera_conjoint.parquet")
    occasion = pc.add(pc.multiply(table["respondent"], 100), table["task"])
    named = ["chosen", "price", "canon", "sony", "nikon", "panasonic", "pixels", "zoom", "video", "swivel", "wifi"]
    keys = {"occasion": occasion, "alternative": table["alt"], "customer": table["respondent"]}
    dollars = pc.multiply(table["price"], 100.0)
    return pa.table(keys | {name: dollars if name == "price" else table[name] for name in named})


def laid(frame: pa.Table) -> Occasions:
    """Return a frame without hidden alternatives as occasions."""
    names = tuple(name for name in frame.column_names if name not in ("occasion", "alternative", "customer", "chosen"))
    start = np.flatnonzero(np.diff(frame["occasion"].to_numpy(), prepend=-1))
    attributes = np.column_stack([frame[name].to_numpy().astype(float) for name in names])
    return Occasions(names, attributes, start, np.flatnonzero(frame["chosen"].to_numpy()))


def timed(made: Occasions) -> tuple[Logit, float]:
    """Return the fit and its seconds."""
    start = time.perf_counter()
    return fit(made), time.perf_counter() - start


def by_bfgs(made: Occasions) -> tuple[float, float]:
    """Return the log-likelihood that scipy's BFGS reaches with the gradient only, and its seconds."""
    start = time.perf_counter()
    scale = made.attributes.std(axis=0)

    def lost(beta: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient, _ = derivatives(made, beta / scale)
        return -value, -gradient / scale

    found = minimize(lost, np.zeros(len(scale)), jac=True, method="BFGS", options={"gtol": 1e-5, "maxiter": 1000})
    return -float(found.fun), time.perf_counter() - start


def by_statsmodels(made: Occasions) -> tuple[float, np.ndarray, np.ndarray, float]:
    """Return log-likelihood, part-worths, standard errors and seconds of statsmodels' ConditionalLogit."""
    from statsmodels.discrete.conditional_models import ConditionalLogit  # noqa: PLC0415  optional

    start = time.perf_counter()
    scale = made.attributes.std(axis=0)
    taken = np.zeros(len(made.attributes))
    taken[made.chosen] = 1
    found = ConditionalLogit(taken, made.attributes / scale, groups=made.occasion).fit(disp=0, method="bfgs", maxiter=500)
    return float(found.llf), found.params / scale, found.bse / scale, time.perf_counter() - start


def compared(name: str, made: Occasions) -> dict[str, float]:
    """Print the fit of one data set beside the peers', and return its figures."""
    model, seconds = timed(made)
    value, slow = by_bfgs(made)
    print(f"\n{name}: {model.occasions:,.0f} choices, {len(made.names)} attributes")
    print(f"{'':28}{'log-likelihood':>18}{'seconds':>10}")
    print(f"{'lotwise, Newton':28}{model.log_likelihood:18.6f}{seconds:10.3f}   {model.steps} steps")
    print(f"{'scipy BFGS, our gradient':28}{value:18.6f}{slow:10.3f}")
    figures = {
        "log_likelihood": model.log_likelihood,
        "seconds": seconds,
        "steps": model.steps,
        "bfgs_less": value - model.log_likelihood,
    }
    if find_spec("statsmodels"):
        other, worth, errors, peer = by_statsmodels(made)
        print(f"{'statsmodels ConditionalLogit':28}{other:18.6f}{peer:10.3f}")
        off = float(np.abs((worth - model.part_worths) / model.errors).max())
        figures |= {
            "statsmodels_less": other - model.log_likelihood,
            "statsmodels_seconds": peer,
            "part_worths_off_in_errors": off,
            "errors_off": float(np.abs(errors / model.errors - 1).max()),
        }
        print(f"largest difference to statsmodels: {off:.1e} standard errors; of the errors {figures['errors_off']:.1e}")
    print(f"rho squared {1 - model.log_likelihood / model.null_log_likelihood:.4f}")
    worth, doubt = model.willingness_to_pay()
    for label, part, error, paid, spread in zip(made.names, model.part_worths, model.errors, worth, doubt, strict=True):
        print(f"  {label:28}{part:9.4f} +- {error:7.4f}   worth {paid:8.3f} +- {spread:6.3f}")
    return figures


def large(rng: np.random.Generator) -> dict[str, float]:
    """Return the seconds of a fit to 100,000 occasions of 50 alternatives, and how far it is from the truth in errors."""
    true = np.array([-0.5, 0.4, 0.3, -0.2, 0.1, 0.0])
    attributes = rng.normal(size=(5_000_000, len(true)))
    utility = attributes @ true + rng.gumbel(size=len(attributes))
    start = np.arange(0, len(attributes), 50)
    made = Occasions(tuple("abcdef"), attributes, start, start + utility.reshape(-1, 50).argmax(axis=1))
    model, seconds = timed(made)
    off = float(np.abs((model.part_worths - true) / model.errors).max())
    said = f"{seconds:.1f} s, {model.steps} steps, {off:.1f} standard errors off the truth"
    print(f"\n100,000 occasions of 50 alternatives, {len(true)} attributes: {said}")
    return {"seconds": seconds, "off_in_errors": off}


def visits(seed: int, kinds: str, count: int = 3000) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return choices of the atelier's customers as a long frame, and true regret, surplus and margin not shown.

    Parameters
    ----------
    seed
        Seed of the simulation.
    kinds
        ``"alike"``: all customers like what the kinds like on average; ``"told"``: each kind likes its own, and attributes
        say so; ``"hidden"``: attributes are styles only.
    count
        Occasions.
    """
    rng = np.random.default_rng([SEED, seed])
    styles, width = len(STYLES), 5
    liking = np.log([[style.units * share for share in style.appeal] for style in STYLES]).T
    kind = rng.choice(len(SEGMENTS), count, p=KIND_SHARES)
    mean = np.log(np.array(KIND_SHARES) @ np.exp(liking))
    liked = np.tile(mean, (count, 1)) if kinds == "alike" else liking[kind]
    listed, cost = (np.array([getattr(style, name) for style in STYLES]) for name in ("price", "cost"))
    off = np.where(rng.random((104, styles)) < 1 / 3, rng.uniform(0.1, 0.4, (104, styles)), 0.0)
    price = (listed * (1 - off))[rng.integers(0, 104, count)]
    utility = liked - PRICE_EFFECT * (price - listed)
    shown = rng.random((count, styles)).argsort(axis=1) < width
    chosen = np.where(shown, utility + rng.gumbel(size=utility.shape), -np.inf).argmax(axis=1)
    odds = np.exp(utility)
    some, earned = odds * shown, price - cost
    regret = (utility.max(axis=1) - utility[np.arange(count), chosen]) / PRICE_EFFECT
    surplus = np.log(odds.sum(axis=1) / some.sum(axis=1)) / PRICE_EFFECT
    margin = (odds * earned).sum(axis=1) / odds.sum(axis=1) - (some * earned).sum(axis=1) / some.sum(axis=1)
    style = np.tile(np.arange(styles), count)
    frame = {
        "occasion": np.repeat(np.arange(count), styles),
        "alternative": style,
        "chosen": (np.arange(styles) == chosen[:, None]).ravel(),
        "shown": shown.ravel(),
        "price": price.ravel(),
        "margin": earned.ravel(),
    }
    who = np.repeat(kind, styles)
    groups = [(f"{SEGMENTS[one]} ", who == one) for one in range(3)] if kinds == "told" else [("", np.ones(len(who)))]
    frame |= {f"{name}{STYLES[place].code}": (style == place) * own for name, own in groups for place in range(1, styles)}
    return frame, np.array([regret.mean(), surplus.mean(), margin.sum()])


def atelier(kinds: str, count: int) -> dict[str, float]:
    """Print true and estimated figures over the seeds, and how often the 90 % interval holds the truth."""
    held, true, found = np.zeros(3), [], []
    for seed in range(SEEDS):
        frame, truth = visits(seed, kinds, count)
        rows = {row["measure"]: row for row in choice_regret(frame, resamples=300).to_pylist()}
        picked = [rows[name] for name in MEASURES]
        if any(row["value"] is None for row in picked):
            continue
        held += [row["low"] <= value <= row["high"] for row, value in zip(picked, truth, strict=True)]
        true.append(truth)
        found.append([row["value"] for row in picked])
    away = np.mean(found, axis=0) / np.mean(true, axis=0) - 1
    for place, name in enumerate(MEASURES):
        print(
            f"{kinds:8}{count:7,} {name:22}{np.mean(true, axis=0)[place]:14,.2f}{np.mean(found, axis=0)[place]:14,.2f}"
            f"{away[place]:9.1%}{held[place]:7.0f} of {len(true)}"
        )
    short = ("regret", "surplus", "margin")
    return {f"{name}_off": float(away[place]) for place, name in enumerate(short)} | {
        f"{name}_held": float(held[place] / len(true)) for place, name in enumerate(short)
    }


def options() -> dict[str, float | str]:
    """Return what is said of the atelier's own option choices, which do not heed extra prices."""
    rng = np.random.default_rng([SEED, 1])
    orders, taken, listed = [], [], []
    for style in STYLES:
        picks = choose.draw(rng, style, 3000)
        for option, values in choices(style).items():
            names = list(values)
            listed += [(style.code, option, name, extra, 0.0) for name, (_, extra, _) in values.items()]
            taken += [(f"{style.code}{number}", 1, option, names[place]) for number, place in enumerate(picks[option])]
        orders += [(f"{style.code}{number}", 1, style.code, "sale") for number in range(3000)]
    tables = {
        name: pa.table(dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True)))
        for name, columns, rows in (
            ("orders", ("order", "line", "product", "kind"), orders),
            ("order_options", ("order", "line", "option", "value"), taken),
            ("options", ("product", "option", "value", "extra_price", "extra_cost"), listed),
        )
    }
    row = configured(tables, rng=rng)
    print(f"\nthe atelier's options, whose shares do not heed extra prices: {row['verdict']}. {row['note']}")
    return {"verdict": str(row["verdict"])}


def main() -> None:
    """Print the tables and the figures."""
    figures: dict[str, dict[str, float | str]] = {"car": {**compared("cars", cars())}}
    frame = cameras()
    figures["camera"] = {**compared("cameras", laid(frame))}
    row = choice_regret(frame).to_pylist()[0]
    money = {key: row[key] for key in ("value", "low", "high")}
    print(f"regret of a choice: {money['value']:.2f} dollars ({money['low']:.2f} to {money['high']:.2f}). {row['note']}")
    figures["camera"] |= {f"regret_{key}": amount for key, amount in money.items()}
    figures["large"] = {**large(np.random.default_rng(SEED))}
    print(f"\n{'kinds':8}{'visits':>7} {'CNY, mean of seeds':22}{'true':>14}{'estimated':>14}{'off':>9}{'held, 90 %':>13}")
    for kinds, count in (("alike", 300), ("alike", 3000), ("told", 3000), ("hidden", 3000)):
        figures[f"atelier {kinds} {count}"] = {**atelier(kinds, count)}
    figures["atelier options"] = options()
    named = {
        f"{group} {key}".replace(" ", "_"): round(value, 6) if isinstance(value, float) else value
        for group, of in figures.items()
        for key, value in of.items()
    }
    print("\n" + last_line("choice", named, seed=SEED))


if __name__ == "__main__":
    main()
