"""Logits by xlogit and Biogeme, in an interpreter of their own: ``python _choice_peers.py CASE.npz`` prints one JSON object.

The case holds ``model`` (logit, nested or mixed), ``attributes`` (choices x alternatives x attributes), ``chosen``, ``person``,
and what the model asks for. Seconds are CPU seconds of the fit alone, after a first fit of a few choices where a peer compiles.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import tempfile
import time
from importlib.util import find_spec

import numpy as np

NORMAL = {"normal": "n", "lognormal": "ln", "triangular": "t"}


def by_xlogit(case: dict[str, np.ndarray], draws: int) -> dict[str, object]:
    """Return what xlogit finds: the logit, or the mixed logit with the same number of Halton draws."""
    from xlogit import MixedLogit, MultinomialLogit  # noqa: PLC0415

    attributes, chosen = case["attributes"], case["chosen"]
    count, places, width = attributes.shape
    names = [f"x{number}" for number in range(width)]
    told = {
        "X": attributes.reshape(-1, width),
        "y": (np.arange(places) == chosen[:, None]).ravel().astype(int),
        "varnames": names,
        "ids": np.repeat(np.arange(count), places),
        "alts": np.tile(np.arange(places), count),
        "verbose": 0,
    }
    start = time.process_time()
    if str(case["model"]) == "logit":
        model = MultinomialLogit()
        model.fit(**told)
    else:
        model = MixedLogit()
        kinds = {names[int(place)]: NORMAL[str(kind)] for place, kind in zip(case["places"], case["kinds"], strict=True)}
        panels = np.repeat(case["person"], places)
        model.fit(**told, randvars=kinds, panels=panels, n_draws=draws, num_hess=True, random_state=1)
    return {
        "log_likelihood": float(model.loglikelihood),
        "coefficients": np.asarray(model.coeff_).tolist(),
        "errors": np.asarray(model.stderr).tolist(),
        "converged": bool(model.convergence),
        "seconds": time.process_time() - start,
    }


def by_biogeme(case: dict[str, np.ndarray]) -> dict[str, object]:
    """Return what Biogeme finds: the logit or the nested logit."""
    import biogeme.biogeme as bio  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415
    from biogeme import database, models  # noqa: PLC0415
    from biogeme.expressions import Beta, Variable  # noqa: PLC0415
    from biogeme.nests import NestsForNestedLogit, OneNestForNestedLogit  # noqa: PLC0415
    from biogeme.parameters import Parameters  # noqa: PLC0415

    logging.disable(logging.CRITICAL)
    attributes, chosen = case["attributes"], case["chosen"]
    scale = attributes.std(axis=(0, 1))
    count, places, width = attributes.shape
    frame = pd.DataFrame(
        (attributes / scale).reshape(count, -1), columns=[f"x{j}_{k}" for j in range(places) for k in range(width)]
    )
    frame["chosen"] = chosen
    beta = [Beta(f"b{k:02d}", 0, None, None, 0) for k in range(width)]
    utility = {j: sum(beta[k] * Variable(f"x{j}_{k}") for k in range(width)) for j in range(places)}
    if str(case["model"]) == "logit":
        likelihood = models.loglogit(utility, None, Variable("chosen"))
    else:
        nests = [
            OneNestForNestedLogit(Beta(f"m{number}", 1.5, 1.0, 20.0, 0), np.flatnonzero(case["nest"] == number).tolist())
            for number in np.unique(case["nest"])
            if (case["nest"] == number).sum() > 1
        ]
        told = NestsForNestedLogit(choice_set=list(range(places)), tuple_of_nests=tuple(nests))
        likelihood = models.lognested(utility, None, told, Variable("chosen"))
    start = time.process_time()
    quiet = {"generate_html": False, "generate_yaml": False, "save_iterations": False}
    model = bio.BIOGEME(database.Database("case", frame), likelihood, parameters=Parameters(), **quiet)
    model.model_name = "case"
    found = model.estimate()
    values = found.get_beta_values()
    coefficients = [values[f"b{k:02d}"] / scale[k] for k in range(width)]
    coefficients += [1 / values[name] for name in sorted(values) if name.startswith("m")]
    return {
        "log_likelihood": float(found.final_log_likelihood),
        "coefficients": [float(value) for value in coefficients],
        "seconds": time.process_time() - start,
    }


def main() -> None:
    """Print what each peer that is installed finds."""
    with np.load(sys.argv[1]) as stored:
        case = dict(stored)
    found: dict[str, object] = {}
    if find_spec("xlogit") and str(case["model"]) in {"logit", "mixed"}:
        found["xlogit"] = by_xlogit(case, int(case.get("draws", 0)))
    if find_spec("biogeme") and str(case["model"]) in {"logit", "nested"}:
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            found["Biogeme"] = by_biogeme(case)
            os.chdir("/")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
