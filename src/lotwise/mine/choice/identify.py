"""Which attributes choices can tell apart: constant, following from others, or separating the choices perfectly."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, vstack

if TYPE_CHECKING:
    from lotwise.mine.choice.choices import Choices, Flags, Reals

_SAME = 1e-9
"""Share of an attribute's variance within choices, beside those before it, under which it says nothing of its own."""


def unidentified(choices: Choices) -> list[str]:
    """Return which attributes cannot be estimated, and why, one sentence each."""
    found = [sentence for _, sentence in _followers(choices)]
    found += [
        f"attribute '{name}' separates the choices perfectly: what was chosen always had the {way} of it, so that no finite "
        "part-worth is best"
        for name, way in separators(choices)
    ]
    return found


def usable(choices: Choices) -> tuple[Choices, tuple[str, ...]]:
    """Return the choices without what cannot be estimated, and what was left out and why.

    Left out are choices between one alternative or without weight; attributes that are constant, follow from others or
    separate the choices perfectly; and alternatives never chosen that have a constant of their own, as its estimate would.
    """
    notes: list[str] = []
    while len(choices) and choices.names:
        choices, more = _thinned(choices)
        if not more:
            break
        notes += more
    return choices, tuple(notes)


def _thinned(choices: Choices) -> tuple[Choices, list[str]]:
    """Return the choices after the first kind of fault found in them is left out."""
    said = (choices.weights > 0) & (choices.available.sum(axis=1) > 1)
    if not said.all():
        return choices.select(said), [f"{int((~said).sum()):,} choices offer one alternative or weigh nothing"]
    follow = _followers(choices)
    if follow:
        out = {name for name, _ in follow}
        return choices.keep([name for name in choices.names if name not in out]), [sentence for _, sentence in follow]
    apart = separators(choices)
    notes = [f"attribute '{name}' separates the choices perfectly: what was chosen always had the {way}" for name, way in apart]
    never = _never_with_constant(choices, [name for name, _ in apart])
    if never:
        named = ", ".join(f"'{choices.alternatives[place]}'" for place in never)
        notes.append(f"alternatives never chosen, left out: {named}")
        choices = replace(choices, available=choices.available & ~np.isin(choices.alternative, never))
    gone = {name for name, _ in apart}
    return choices.keep([name for name in choices.names if name not in gone]), notes


def _never_with_constant(choices: Choices, names: list[str]) -> list[int]:
    """Return alternatives never chosen that alone have something of one of these attributes."""
    chosen, found = np.unique(choices.taken), []
    for name in names:
        has = choices.available & (choices.attributes[:, :, choices.names.index(name)] != 0)
        owners = np.unique(choices.alternative[has])
        if len(owners) == 1 and owners[0] not in chosen:
            found.append(int(owners[0]))
    return found


def spread_within(choices: Choices) -> Reals:
    """Return the root mean square by which each attribute differs from what was chosen, ``(n_attributes,)``."""
    square, count = np.zeros(len(choices.names)), 0.0
    for some, apart in choices.blocks():
        weight = choices.weights[some]
        square += np.einsum("n,njk,njk->k", weight, apart, apart, optimize=True)
        count += float(weight @ (choices.available[some].sum(axis=1) - 1))
    found: Reals = np.sqrt(square / max(count, 1.0))
    return found


def separators(choices: Choices) -> list[tuple[str, str]]:
    """Return attributes of which what was chosen always had the most or the least, though not always as much as others."""
    least, most = np.zeros(len(choices.names)), np.zeros(len(choices.names))
    for some, apart in choices.blocks():
        told = apart[choices.weights[some] > 0]
        least = np.minimum(least, told.min(axis=(0, 1), initial=0.0))
        most = np.maximum(most, told.max(axis=(0, 1), initial=0.0))
    one_sided = (least == 0) != (most == 0)
    return [(choices.names[place], "least" if most[place] > 0 else "most") for place in np.flatnonzero(one_sided)]


def separating(choices: Choices) -> list[str]:
    """Return the attributes of a mixture of which what was chosen always had the most; none: an empty list.

    A linear program: the mixture b, each part within -1 and 1 in units of the attribute's spread, with the greatest sum of
    (chosen - other) b over all pairs, none of them below 0. A sum above 0 means that the likelihood rises for ever along b.

    References
    ----------
    Albert and Anderson (1984), On the existence of maximum likelihood estimates in logistic regression models, Biometrika 71.
    """
    scale = spread_within(choices)
    rows = [
        csr_array(-apart[(choices.weights[some] > 0)[:, None] & choices.available[some]] / scale)
        for some, apart in choices.blocks()
    ]
    ahead = vstack(rows)
    gain = np.asarray(ahead.sum(axis=0)).ravel()
    from scipy.optimize import linprog  # noqa: PLC0415  slow to import

    found = linprog(-gain, A_ub=-ahead, b_ub=np.zeros(ahead.shape[0]), bounds=(-1, 1), method="highs")
    if found.status != 0 or -found.fun <= 1e-6 * max(float(np.abs(gain).sum()), 1.0):
        return []
    return [name for name, part in zip(choices.names, found.x, strict=True) if abs(part) > 1e-6]  # noqa: PLR2004  its tolerance


def _followers(choices: Choices) -> list[tuple[str, str]]:
    """Return attributes that are constant within choices or follow from attributes before them, each with its sentence."""
    gram = _gram(choices)
    own = np.diag(gram)
    kept: list[int] = []
    found = []
    for place, name in enumerate(choices.names):
        if own[place] <= 0:
            found.append((name, f"attribute '{name}' does not differ within any choice"))
            continue
        left, share = _left(gram, kept, place)
        if left > _SAME * own[place]:
            kept.append(place)
            continue
        named = ", ".join(f"'{choices.names[other]}'" for other, part in zip(kept, share, strict=True) if part > 1e-6)  # noqa: PLR2004
        found.append((name, f"attribute '{name}' follows from {named}"))
    return found


def _left(gram: Reals, kept: list[int], place: int) -> tuple[float, Reals]:
    """Return the variance of an attribute that those kept leave unexplained, and how much each of them explains."""
    if not kept:
        return float(gram[place, place]), np.empty(0)
    deviation = np.sqrt(np.diag(gram)[kept])
    inner = gram[np.ix_(kept, kept)] / np.outer(deviation, deviation)
    cross = gram[kept, place] / deviation
    part = np.linalg.solve(inner, cross)
    return float(gram[place, place] - cross @ part), np.abs(part) / np.sqrt(gram[place, place])


def _gram(choices: Choices) -> Reals:
    """Return the sum over choices of products of attributes, each less its mean within the choice."""
    width = len(choices.names)
    gram = np.zeros((width, width))
    for some, apart in choices.blocks():
        there: Flags = choices.available[some]
        mean = apart.sum(axis=1) / there.sum(axis=1)[:, None]
        within = np.where(there[:, :, None], apart - mean[:, None, :], 0.0)[choices.weights[some] > 0]
        flat = within.reshape(-1, width)
        gram += flat.T @ flat
    own = np.diag(gram)
    largest = np.array([np.abs(np.where(choices.available, choices.attributes[:, :, k], 0.0)).max() for k in range(width)])
    gram[:, own <= 1e-20 * largest**2 * len(choices)] = 0.0  # rounding of a constant is no difference
    gram[own <= 1e-20 * largest**2 * len(choices)] = 0.0
    return gram
