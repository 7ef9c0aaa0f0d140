"""The models tried on one choice, and the one that foresees the last weeks best."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from lotwise.errors import InputError
from lotwise.mine.choice.fitted import Fitted, Group
from lotwise.mine.choice.identify import separators, usable
from lotwise.mine.choice.logit import logit
from lotwise.mine.choice.mixed import Mixture, mixed
from lotwise.mine.choice.nested import nested
from lotwise.mine.preferences.alike import chance_alike, robust
from lotwise.mine.preferences.classes import divide
from lotwise.mine.preferences.model import Model
from lotwise.mine.preferences.sets import Sets, apiece, distinct, pooled, sample, split

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lotwise.config.mining import MinePreferences

    Reals = NDArray[np.float64]
    Whole = NDArray[np.int64]
    Flags = NDArray[np.bool_]

ALIKE = 0.05
"""Chance of the likeness seen were all customers alike, from which classes of customers are not looked for."""

HELD = 30
"""Choices in the last weeks from which models are compared on them; below, by BIC."""

TASTES = 200
"""Draws of tastes that stand for the customers of a mixed logit."""

MIXED = 3_000
"""Choices the mixed logit is estimated from at most: it takes draws times as long as the logit."""

RIDGE = 1.0
"""Penalty where something separates the choices perfectly: part-worths then stay finite."""


@dataclass(frozen=True)
class Trial:
    """One model, what it foresaw of the last weeks (absent: too few choices there), and whether it was chosen."""

    model: Model
    held_out: float | None
    is_chosen: bool = False


def choose(
    sets: Sets, settings: MinePreferences, rng: np.random.Generator, *, nests: Mapping[str, Sequence[str]] | None = None
) -> tuple[list[Trial], Model] | str:
    """Return the models tried and the one chosen, estimated again from all weeks; or why there is none, in words.

    Models are estimated from the weeks before the last ones and compared by the mean log-likelihood of the choices in the last
    weeks; customers known from before are foreseen with their own classes. A richer model wins only where it is ahead of the
    simpler by more than the standard error of the difference over customers. With few choices held out, the lower BIC wins.

    Parameters
    ----------
    sets
        The choices.
    settings
        ``[mine.preferences]``: which models, how many choices and classes.
    rng
        For the sample and the starts of the classes.
    nests
        Alternatives of each nest, for the nested logit.
    """
    before, after = split(sets)
    if len(after) < HELD or len(before) < HELD:
        before, after = sets, sets.select(np.zeros(len(sets), dtype=bool))
    before, after = sample(before, settings.choices, rng), sample(after, settings.choices, rng)
    plain = logit_of(before)
    if isinstance(plain, str):
        return plain
    richer = _richer(before.keep(plain.names), plain, settings, rng, nests)
    tried = [model for model in (plain, *richer) if model.name in settings.models] or [plain]
    place = _best(tried, after)
    yardstick = _shares(before)
    if yardstick is not None and yardstick.names != plain.names:
        tried, place = [yardstick, *tried], place + 1
    held = [float(model.foreseen(after).mean()) if len(after) else None for model in tried]
    trials = [Trial(model, seen, at == place) for at, (model, seen) in enumerate(zip(tried, held, strict=True))]
    whole = sample(sets, settings.choices, rng) if len(after) else before
    return trials, _again(whole, tried[place], settings, rng, nests) if len(after) else tried[place]


def _shares(sets: Sets) -> Model | None:
    """Return the model of constants alone, which the others are to beat; absent: it is the logit, or there are none."""
    constants = tuple(attribute.key for attribute in sets.attributes if attribute.value != "1 more")
    model = logit_of(sets.keep(constants)) if constants and constants != sets.names else ""
    return None if isinstance(model, str) else replace(model, name="shares")


def _best(tried: list[Model], after: Sets) -> int:
    best = 0
    for place in range(1, len(tried)):
        if len(after) == 0:
            best = place if tried[place].bic < tried[best].bic else best
            continue
        ahead = tried[place].foreseen(after) - tried[best].foreseen(after)
        _, who = distinct(after.person)
        total = np.bincount(who, ahead - ahead.mean())
        if ahead.mean() > np.sqrt((total**2).sum()) / len(ahead):
            best = place
    return best


def _again(
    sets: Sets,
    model: Model,
    settings: MinePreferences,
    rng: np.random.Generator,
    nests: Mapping[str, Sequence[str]] | None,
) -> Model:
    """Return the chosen model estimated from all weeks; as it was where that cannot be done."""
    plain = logit_of(sets)
    if isinstance(plain, str):
        return model
    if model.name in ("logit", "shares"):
        return plain
    sets = sets.keep(plain.names)
    if model.name == "latent classes":
        near = model.groups if plain.names == model.names else ()
        return latent_of(sets, len(model.groups), plain, rng, near)
    found = _richer(sets, plain, msgspec.structs.replace(settings, models=(model.name,)), rng, nests)
    return found[0] if found else model


def logit_of(sets: Sets) -> Model | str:
    """Return the logit with errors that hold where one customer's choices hang together, or why there is none."""
    if len(sets) == 0:
        return "nothing was chosen"
    if not (sets.available.sum(axis=1)[sets.set] > 1).any():
        return "never were two alternatives to be had at once"
    taken = np.bincount(sets.chosen, minlength=len(sets.alternatives))
    if (taken > 0).sum() < 2:  # noqa: PLR2004  one alternative is no choice
        return "only one alternative was ever chosen"
    choices = pooled(sets)
    kept, notes = usable(choices)
    apart = {name for name, _ in separators(choices)}
    names = tuple(name for name in choices.names if name in kept.names or name in apart)
    notes = tuple(note for note in notes if "separates" not in note and "one alternative" not in note)
    if not names:
        return "nothing tells the alternatives apart"
    try:
        fitted = logit(choices.keep(names), ridge=RIDGE if apart else 0.0)
    except InputError:
        apart = {"a mixture of attributes"}
        fitted = logit(choices.keep(names), ridge=RIDGE)
    if apart:
        listed = ", ".join(sorted(apart))
        notes = (*notes, f"{listed}: chosen always or never where offered, so that a penalty keeps the part-worth finite")
    only = sets.keep(names)
    covariance = robust(only, fitted.coefficients, fitted.covariance)
    group = Group("all", 1.0, fitted.coefficients, covariance, np.zeros(len(names)))
    persons = distinct(sets.person)[0]
    return Model(
        "logit", names, (group,), persons, np.ones((len(persons), 1)), fitted.log_likelihood, fitted.null_log_likelihood,
        float(len(sets)), fitted.free, note="; ".join(notes),
    )  # fmt: skip


def _richer(
    sets: Sets,
    plain: Model,
    settings: MinePreferences,
    rng: np.random.Generator,
    nests: Mapping[str, Sequence[str]] | None,
) -> list[Model]:
    """Return the models beyond the logit that can be estimated."""
    if "penalty" in plain.note:
        return []
    found = []
    if "nested logit" in settings.models and nests:
        found.append(_of_fitted(nested(pooled(sets), nests), sets, plain))
    persons = len(plain.persons)
    wanted = [model for model in settings.models if model in ("latent classes", "mixed logit")]
    if not wanted or persons < 2 * len(plain.names) or chance_alike(sets, plain.groups[0].part_worths) > ALIKE:
        return found
    if "latent classes" in wanted:
        most = min(settings.classes, persons // (2 * len(plain.names)))
        kinds = [latent_of(sets, classes, plain, rng) for classes in range(2, most + 1)]
        if kinds:
            found.append(min(kinds, key=lambda model: model.bic))
    if "mixed logit" in wanted:
        found.append(_mixed(sets, plain, settings, rng))
    return found


def latent_of(sets: Sets, classes: int, plain: Model, rng: np.random.Generator, near: tuple[Group, ...] = ()) -> Model:
    """Return the latent classes of the highest likelihood, begun around the logit or near earlier classes."""
    kinds = divide(sets, classes, rng=rng, near=near, around=plain.groups[0].part_worths)
    return replace(
        plain, name="latent classes", groups=kinds.groups, persons=kinds.persons, posterior=kinds.posterior,
        log_likelihood=kinds.log_likelihood, free=kinds.free,
        note=plain.note if kinds.converged else "; ".join(filter(None, [plain.note, "the maximum was not reached"])),
    )  # fmt: skip


def _mixed(sets: Sets, plain: Model, settings: MinePreferences, rng: np.random.Generator) -> Model:
    some = sample(sets, MIXED, rng)
    fitted = mixed(apiece(some), dict.fromkeys(sets.names, "normal"), rng=rng, draws=settings.draws)
    assert isinstance(fitted.form, Mixture)  # noqa: S101  for the type checker: that is what it is
    tastes = fitted.form.worths(fitted.coefficients, len(sets.names))[:TASTES]
    counts, persons = sets.by_person()
    model = replace(_of_fitted(fitted, some, plain), fitted=None, tastes=tastes, persons=persons)
    chance = np.log(np.maximum(model.by_group(sets), 1e-300)).reshape(len(tastes), -1)
    told = counts @ chance.T
    raised = np.exp(told - told.max(axis=1, keepdims=True))
    return replace(model, posterior=raised / raised.sum(axis=1, keepdims=True))


def _of_fitted(fitted: Fitted, sets: Sets, plain: Model) -> Model:
    covariance = np.nan_to_num(fitted.groups[0].covariance)
    group = replace(fitted.groups[0], covariance=covariance)
    note = "; ".join(part for part in (plain.note, fitted.note) if part)
    return Model(
        fitted.model, sets.names, (group,), plain.persons, np.ones((len(plain.persons), 1)), fitted.log_likelihood,
        fitted.null_log_likelihood, fitted.choices, fitted.free, fitted, note,
    )  # fmt: skip
