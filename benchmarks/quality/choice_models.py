"""Models of choice beside xlogit and Biogeme, and whether their 95 % intervals hold a simulated truth.

Run it with: make bench ONLY=choice-models, or python -m benchmarks.quality.choice_models [--peers PYTHON] [--seeds 100].
``--peers`` is an interpreter that has xlogit or Biogeme (``pip install xlogit biogeme``), which want an environment of their
own; without it this interpreter is asked, and what is not installed is said. Needs choice/car.parquet and
choice/camera_conjoint.parquet of the shared data. Seconds are CPU seconds; set OMP_NUM_THREADS=1 for one thread.

(a) Cars: 4,654 respondents chose one of six vehicles; 21 attributes of McFadden and Train (2000), see ``choice``.

(b) The nested logit on 4,000 simulated choices of six alternatives, beside Biogeme.

(c) Mixed logit on 500 simulated persons of 8 choices between 4 alternatives, two part-worths normal and two fixed, 500 Halton
draws, beside xlogit with as many. Its draws are others, so likelihoods differ by simulation noise; at its estimates and with
its draws (Halton's without a shift, from number 99 of the sequence) our simulated likelihood is computed too.

(d) Coverage, 100 seeds each. For each seed persons and choices are drawn anew, the model is estimated as a user would, and
for each parameter it is counted whether the truth lies within the estimate +- 1.96 standard errors (inverse Hessian; the
sandwich in a second column). The bar is asked of every parameter by itself: with intervals that are exactly right, a count of
89 or less in 100 comes about once in 100 counts or somewhat more. Fits that did not converge count as they are.
Latent classes: 300 persons, 8 choices between 3 alternatives, shares 65 and 35 %; the larger class is class 1 in truth and in
the estimate, nothing else is matched. Mixed: 300 persons, 10 choices between 3 alternatives, 200 draws; a normal, a
lognormal (below 0), a triangular and a fixed part-worth. Nested: 1,500 choices of six alternatives.

(e) Cameras (stated choices): 332 respondents; models estimated from 12 tasks each and held to the other 4, of which the mean
log-likelihood of a choice is told, by probabilities of somebody unknown. The number of classes is that of the lowest BIC.

No setting was chosen on the seeds of (d) or the held-out tasks of (e).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as pq

from benchmarks.machine import last_line
from benchmarks.quality.choice import DATA, cars
from lotwise.mine.choice.choices import Choices, lay
from lotwise.mine.choice.draws import Taste
from lotwise.mine.choice.latent import latent
from lotwise.mine.choice.logit import logit
from lotwise.mine.choice.mixed import Mixture, mixed, simulated
from lotwise.mine.choice.nested import Nests, nested

if TYPE_CHECKING:
    from collections.abc import Callable

    from lotwise.mine.choice.fitted import Fitted

SEED = 20261122
CLASSES = np.array([[1.0, -1.0, 0.5, 0.0], [-0.5, -0.3, 1.5, 0.8]])
SECOND = 0.35
NEST = np.array([0, 0, 0, 1, 1, 2])
HELD = 12
"""Tasks of a respondent that models are estimated from."""
BARS = {"cars_seconds": 1.0, "cars_log_likelihood_off": 1e-4, "least_held": 90}


def timed(fit: Callable[[], Fitted]) -> tuple[Fitted, float]:
    """Return a fit and its CPU seconds."""
    start = time.process_time()
    return fit(), time.process_time() - start


def peers(python: str, **case: Any) -> dict[str, Any]:  # noqa: ANN401  arrays and texts
    """Return what the peers of an interpreter find in a case."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "case.npz"
        np.savez(file, **case)
        script = Path(__file__).with_name("_choice_peers.py")
        ended = subprocess.run([python, str(script), str(file)], capture_output=True, text=True, check=False)
    if ended.returncode:
        print(f"  a peer ended with an error: {ended.stderr.strip().splitlines()[-1]}")
        return {}
    found: dict[str, Any] = json.loads(ended.stdout.strip().splitlines()[-1])
    return found


def shown(name: str, value: float, seconds: float, more: str = "") -> None:
    """Print one fit."""
    print(f"  {name:28}{value:18.6f}{seconds:10.2f} s  {more}")


def beside(model: Fitted, seconds: float, told: dict[str, Any], wanted: tuple[str, ...]) -> dict[str, float]:
    """Print a model beside the peers, and return how far they are from it."""
    shown(f"lotwise, {model.model}", model.log_likelihood, seconds, f"{model.steps} steps")
    figures = {"log_likelihood": model.log_likelihood, "seconds": seconds}
    for name in wanted:
        if name not in told:
            print(f"  {name:28}not installed")
            continue
        other = told[name]
        apart = np.abs(np.array(other["coefficients"]) - model.coefficients) / model.errors
        more = f"at most {float(np.nanmax(apart)):.1e} standard errors apart"
        shown(name, other["log_likelihood"], other["seconds"], more)
        key = name.lower()
        figures |= {
            f"{key}_log_likelihood_less": other["log_likelihood"] - model.log_likelihood,
            f"{key}_seconds": other["seconds"],
            f"{key}_apart_in_errors": float(np.nanmax(apart)),
        }
    return figures


def on_cars(python: str) -> dict[str, float]:
    """Return the figures of (a)."""
    made = cars()
    attributes, chosen = made.attributes.reshape(-1, 6, len(made.names)), made.chosen - made.start
    print(f"\n(a) cars: {len(chosen):,} choices of six, {len(made.names)} attributes")
    model, seconds = timed(lambda: logit(lay(attributes, chosen, made.names)))
    told = peers(python, model="logit", attributes=attributes, chosen=chosen, person=np.arange(len(chosen)))
    return beside(model, seconds, told, ("xlogit", "Biogeme"))


def nests(seed: int, count: int) -> tuple[Choices, np.ndarray]:
    """Return choices of six alternatives in nests of three, two and one, and the true parameters."""
    rng, truth = np.random.default_rng([SEED, 1, seed]), np.array([1.0, -0.5, 0.3, 0.5, 0.8])
    attributes, standing = rng.normal(size=(count, 6, 3)), np.broadcast_to(np.arange(6), (count, 6))
    chance = Nests(NEST, np.array([3, 4, -1])).probabilities(truth, attributes, np.ones((count, 6), bool), standing)
    chosen = (rng.random(count)[:, None] > chance.cumsum(axis=1)).sum(axis=1)
    return lay(attributes, chosen, "xyz", alternatives=list("abcdef")), truth


def nest(made: Choices) -> Fitted:
    """Return the nested logit with the true nests."""
    return nested(made, {"one": list("abc"), "two": list("de")})


def on_nests(python: str) -> dict[str, float]:
    """Return the figures of (b)."""
    made, _ = nests(0, 4000)
    print(f"\n(b) simulated nests: {len(made):,} choices of six")
    model, seconds = timed(lambda: nest(made))
    told = peers(python, model="nested", attributes=made.attributes, chosen=made.chosen, nest=NEST, person=made.person)
    return beside(model, seconds, told, ("Biogeme",))


def persons(seed: int, worths: np.ndarray, tasks: int, places: int) -> Choices:
    """Return choices of persons of known part-worths among random alternatives."""
    rng = np.random.default_rng([SEED, 2, seed])
    who = np.repeat(np.arange(len(worths)), tasks)
    attributes = rng.normal(size=(len(who), places, worths.shape[1]))
    utility = np.einsum("njk,nk->nj", attributes, worths[who]) + rng.gumbel(size=(len(who), places))
    return lay(attributes, utility.argmax(axis=1), list("abcd"), person=who)


def on_draws(python: str) -> dict[str, float]:
    """Return the figures of (c)."""
    rng, draws = np.random.default_rng([SEED, 3]), 500
    normal = rng.normal(size=(2, 500))
    made = persons(0, np.column_stack([1 + 0.8 * normal[0], -0.8 + 0.6 * normal[1], np.full(500, 0.5), np.zeros(500)]), 8, 4)
    print(f"\n(c) mixed logit: {len(made):,} choices of 500 persons, {draws} draws a person")
    model, seconds = timed(lambda: mixed(made, {"a": "normal", "b": "normal"}, draws=draws, rng=rng))
    case = {"attributes": made.attributes, "chosen": made.chosen, "person": made.person, "places": [0, 1], "draws": draws}
    told = peers(python, model="mixed", kinds=["normal"] * 2, **case)
    figures = beside(model, seconds, told, ("xlogit",))
    if "xlogit" in told:
        points = np.column_stack([radical_inverse(99 + np.arange(500 * draws), prime) for prime in (2, 3)])
        likelihood = simulated(made, Mixture(np.array([0, 1]), (Taste("normal"),) * 2, points), points)
        at = np.array(told["xlogit"]["coefficients"]) * likelihood.scale[[0, 1, 2, 3, 0, 1]]
        figures["same_draws_off"] = likelihood.scored(at)[0] - told["xlogit"]["log_likelihood"]
        print(f"  with xlogit's draws at its estimates our likelihood is off by {figures['same_draws_off']:.1e}")
    return figures


def radical_inverse(number: np.ndarray, prime: int) -> np.ndarray:
    """Return points of Halton's sequence: the digits of their numbers (from 0 for number 1) behind the point."""
    left, part, found = number + 1, 1.0 / prime, np.zeros(len(number))
    while left.any():
        left, digit = np.divmod(left, prime)
        found += digit * part
        part /= prime
    return found


def simulated_classes(seed: int) -> tuple[Fitted, np.ndarray]:
    """Return latent classes of one seed, and the truth."""
    second = np.random.default_rng([SEED, 4, seed]).random(300) < SECOND
    made = persons(seed, CLASSES[second.astype(int)], 8, 3)
    truth = np.concatenate([CLASSES.ravel(), [np.log(SECOND / (1 - SECOND))]])
    return latent(made, 2, rng=np.random.default_rng([SEED, 5, seed])), truth


def simulated_mixture(seed: int) -> tuple[Fitted, np.ndarray]:
    """Return a mixed logit of one seed, and the truth."""
    rng = np.random.default_rng([SEED, 6, seed])
    normal, uniform = rng.normal(size=(2, 300)), rng.random((2, 300))
    tastes = [1 + 0.8 * normal[0], -np.exp(-0.3 + 0.5 * normal[1]), 0.5 + 1.5 * (uniform[0] - uniform[1]), np.full(300, 0.4)]
    made = persons(seed, np.column_stack(tastes), 10, 3)
    kinds = {"a": "normal", "b": "lognormal", "c": "triangular"}
    truth = np.array([1.0, -0.3, 0.5, 0.4, 0.8, 0.5, 1.5])
    return mixed(made, kinds, draws=200, rng=np.random.default_rng([SEED, 7, seed])), truth


def simulated_nests(seed: int) -> tuple[Fitted, np.ndarray]:
    """Return a nested logit of one seed, and the truth."""
    made, truth = nests(seed + 1, 1500)
    return nest(made), truth


def coverage(name: str, once: Callable[[int], tuple[Fitted, np.ndarray]], seeds: int) -> dict[str, float]:
    """Print of how many seeds the intervals hold each parameter, and return the least."""
    start, held, robust, off, reached = time.process_time(), [], [], [], 0
    for seed in range(seeds):
        found, truth = once(seed)
        apart = found.coefficients - truth
        held.append(np.abs(apart) <= 1.959964 * found.errors)
        robust.append(np.abs(apart) <= 1.959964 * found.robust_errors)
        off.append(apart)
        reached += found.converged
    seconds = (time.process_time() - start) / seeds
    print(f"\n(d) {name}: {seeds} seeds, {reached} converged, {seconds:.2f} CPU seconds a fit with its simulation")
    print(f"  {'parameter':32}{'truth':>8}{'bias':>9}{'spread':>9}{'held':>7}{'robust':>8}")
    by_parameter, by_robust = np.sum(held, axis=0), np.sum(robust, axis=0)
    for place, label in enumerate(found.names):
        print(
            f"  {label:32}{truth[place]:8.2f}{np.mean(off, axis=0)[place]:9.3f}{np.std(off, axis=0)[place]:9.3f}"
            f"{by_parameter[place]:7d}{by_robust[place]:8d}"
        )
    print(f"  least {by_parameter.min()} of {seeds}; all parameters together {np.mean(held):.1%}, robust {np.mean(robust):.1%}")
    return {
        "least_held": int(by_parameter.min()),
        "least_held_robust": int(by_robust.min()),
        "held_share": float(np.mean(held)),
        "held_share_robust": float(np.mean(robust)),
        "parameters": len(truth),
        "converged": reached,
        "seconds_a_fit": seconds,
    }


def cameras() -> Choices:
    """Return the cameras as choices of five: four cameras and none."""
    table = pq.read_table(DATA / "camera_conjoint.parquet")
    task = table["respondent"].to_numpy() * 100 + table["task"].to_numpy()
    order = np.lexsort((table["alt"].to_numpy(), task))
    names = [name for name in table.column_names if name not in ("respondent", "task", "alt", "chosen")]
    columns = np.column_stack([table[name].to_numpy().astype(float) for name in names])[order]
    places = int(np.bincount(np.unique(task, return_inverse=True)[1]).max())
    chosen = table["chosen"].to_numpy()[order].reshape(-1, places).argmax(axis=1)
    who = table["respondent"].to_numpy()[order].reshape(-1, places)[:, 0]
    return lay(columns.reshape(len(chosen), places, -1), chosen, names, person=who)


def on_cameras() -> dict[str, Any]:
    """Return the figures of (e)."""
    made = cameras()
    task = np.concatenate([np.arange(count) for count in np.unique(made.person, return_counts=True)[1]])
    learned, held = made.select(task < HELD), made.select(task >= HELD)
    print(f"\n(e) cameras: {len(learned):,} choices, {len(held):,} held out; attributes {', '.join(made.names)}")
    print(f"  {'':28}{'log-likelihood':>16}{'BIC':>12}{'parameters':>12}{'held out':>10}{'seconds':>9}")
    drawn = dict.fromkeys(made.names, "normal")
    fits = {"logit": lambda: logit(learned)}
    fits |= {
        f"{classes} latent classes": lambda classes=classes: latent(learned, classes, rng=np.random.default_rng(SEED))
        for classes in (2, 3, 4, 5)
    }
    fits["mixed logit"] = lambda: mixed(learned, drawn, draws=200, rng=np.random.default_rng(SEED))
    figures, best = {}, ("", np.inf)
    for name, fit in fits.items():
        model, seconds = timed(fit)
        chance = model.probabilities(held.attributes, held.available)[np.arange(len(held)), held.chosen]
        score = float(np.log(chance).mean())
        print(
            f"  {name:28}{model.log_likelihood:16.2f}{model.bic:12.1f}{model.free:12d}{score:10.4f}{seconds:9.2f}  {model.note}"
        )
        figures[name.replace(" ", "_")] = {"bic": model.bic, "held_out": score, "seconds": seconds}
        best = min(best, (name, model.bic), key=lambda pair: pair[1])
    print(f"  lowest BIC: {best[0]}; held out, all alike: {held.null_log_likelihood / len(held):.4f}")
    return figures | {"lowest_bic": best[0]}


def judged(name: str, value: float | None, *, least: bool = False) -> bool | None:
    """Print and return whether a bar is met; None where it could not be measured."""
    bar = BARS[name.rsplit(" ", 1)[-1]]
    met = None if value is None else (value >= bar if least else value <= bar)
    said = "not measured: no peer" if met is None else f"{value:.6g}: {'met' if met else 'missed'}"
    print(f"bar {name} {'>=' if least else '<='} {bar:g}: {said}")
    return met


def main() -> None:
    """Print every part and the bars, then the JSON line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--peers", default=sys.executable, help="interpreter that has xlogit or Biogeme")
    parser.add_argument("--seeds", type=int, default=100)
    told = parser.parse_args()
    logit(nests(0, 50)[0])
    figures: dict[str, Any] = {"cars": on_cars(told.peers), "nests": on_nests(told.peers), "mixed": on_draws(told.peers)}
    figures["coverage"] = {
        "latent classes": coverage("latent classes", simulated_classes, told.seeds),
        "mixed logit": coverage("mixed logit", simulated_mixture, told.seeds),
        "nested logit": coverage("nested logit", simulated_nests, told.seeds),
    }
    figures["cameras"] = on_cameras()
    print()
    off = [abs(value) for name, value in figures["cars"].items() if name.endswith("_less")]
    met = [
        judged("cars_log_likelihood_off", max(off) if off else None),
        judged("cars_seconds", figures["cars"]["seconds"]),
        *(judged(f"{name}: least_held", part["least_held"], least=True) for name, part in figures["coverage"].items()),
    ]
    figures["bars_met"] = met
    print(last_line("choice-models", figures, seed=SEED))


if __name__ == "__main__":
    main()
