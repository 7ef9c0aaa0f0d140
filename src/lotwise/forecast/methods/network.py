"""The neural network: the target week's plan looks up the weeks most like it, and gated layers answer with a distribution.

A small relative of the temporal fusion transformer. Attention compares what is planned for the target week with
what had been planned for each week of the lookback, and returns what was sold then; residual layers, each with a
gate that can close it, add what the features say; two heads give the mean and 23 quantiles that cannot cross. All
is relative to the long-run level of the series, so that one network serves products of any size.

References
----------
Lim, Arik, Loeff & Pfister (2021), Temporal fusion transformers for interpretable multi-horizon time series
forecasting, International Journal of Forecasting 37, sections 4.1 (gated residual network) and 4.4 (attention).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from lotwise.extras import need
from lotwise.forecast.methods.inputs import LOOKBACK
from lotwise.tables.forecasted import LEVELS

if TYPE_CHECKING:
    from lotwise.forecast.panel import Array

Tensor = Any
"""A tensor of torch, which is imported only when it is used."""
Weights = dict[str, Tensor]

WIDTH = 32
"""Units of a layer."""
HEADS, KEY = 4, 8
"""Ways of looking back, and numbers in which two weeks are compared."""
LAYERS = 2
"""Gated residual layers."""
CLASS = 3
"""Numbers that stand for a class."""
FARTHEST_RATIO = (-7.0, 5.0)
"""Logarithm of the least and the largest mean, over the series' level."""


@dataclass(frozen=True)
class Batch:
    """Some rows as tensors.

    Parameters
    ----------
    features, plans, classes
        As in ``inputs.Inputs``.
    past
        Plans of each week looked back on, logarithm of 1 + units over level (0 where not known), and whether
        they are known; ``(n_rows, LOOKBACK, n_plans + 2)``.
    level
        ``(n_rows,)``.
    ahead
        Weeks ahead, from 0; ``(n_rows,)``.
    """

    features: Tensor
    plans: Tensor
    classes: Tensor
    past: Tensor
    level: Tensor
    ahead: Tensor


@dataclass(frozen=True)
class Answer:
    """A distribution for each row, over the level of its series.

    Parameters
    ----------
    ratio
        Logarithm of the mean; ``(n_rows,)``.
    quantiles
        Rising, never negative; ``(n_rows, n_levels)``.
    """

    ratio: Tensor
    quantiles: Tensor


def shapes(sizes: tuple[int, int, tuple[int, ...]], horizon: int) -> dict[str, tuple[int, ...]]:
    """Return the shape of each weight by name, in the order in which they lie in one vector.

    Parameters
    ----------
    sizes
        Number of features and of plans, and of classes by classification.
    horizon
        Most weeks ahead.
    """
    features, plans, classes = sizes
    layers = {"features": (features, WIDTH), "query": (plans, HEADS * KEY), "key": (plans, HEADS * KEY)}
    layers |= {"recalled": (2 * HEADS, WIDTH), "classes": (len(classes) * CLASS, WIDTH)}
    for layer in range(LAYERS):
        layers |= {f"layer {layer}": (WIDTH, WIDTH), f"gate {layer}": (WIDTH, 2 * WIDTH)}
    layers |= {"mean": (WIDTH, 1), "quantiles": (WIDTH, len(LEVELS))}
    found: dict[str, tuple[int, ...]] = {f"{name}.weight": shape for name, shape in layers.items()}
    found |= {f"{name}.bias": shape[1:] for name, shape in layers.items()}
    found |= {"position": (horizon, HEADS, LOOKBACK)}
    return found | {f"class {place}": (size, CLASS) for place, size in enumerate(classes)}


def start(layout: dict[str, tuple[int, ...]], rng: np.random.Generator) -> Array:
    """Return weights to begin with, as one vector: nearly the series' own level, with normal quantiles around it.

    Parameters
    ----------
    layout
        As ``shapes`` gives it.
    rng
        Draws them.
    """
    found = {name: np.zeros(shape) for name, shape in layout.items()}
    for name, values in found.items():
        if name.endswith(".weight"):
            small = 0.1 if name.startswith(("mean", "quantiles", "classes")) else 1.2
            values[:] = rng.uniform(-small, small, values.shape) / np.sqrt(max(len(values), 1))
        elif name.startswith("class "):
            values[:] = rng.normal(0, 0.1, values.shape)
    levels = np.array([NormalDist().inv_cdf(level) for level in LEVELS])
    found["quantiles.bias"][:] = np.concatenate([levels[:1], np.log(np.expm1(np.diff(levels)))])
    return np.concatenate([values.ravel() for values in found.values()])


def unpacked(vector: Tensor, layout: dict[str, tuple[int, ...]]) -> Weights:
    """Return the weights by name, as views of the vector they lie in."""
    parts = vector.split([prod(shape) for shape in layout.values()])
    return {name: part.reshape(shape) for (name, shape), part in zip(layout.items(), parts, strict=True)}


def answer(weights: Weights, batch: Batch, *, drop: float = 0.0, chance: Any = None) -> Answer:  # noqa: ANN401  a torch.Generator
    """Return the distribution of each row.

    Parameters
    ----------
    weights
        As ``unpacked`` gives them.
    batch
        The rows.
    drop
        Share of the units of each layer left out, when learning.
    chance
        The generator that draws them.
    """
    torch = need("torch", extra="deep")

    def dropped(values: Tensor) -> Tensor:
        if drop == 0:
            return values
        kept = torch.rand(values.shape, generator=chance, device=values.device) >= drop
        return values * kept / (1 - drop)

    state = _linear(weights, "features", batch.features) + _linear(weights, "recalled", _recalled(torch, weights, batch))
    if batch.classes.shape[1]:
        members = [weights[f"class {place}"][batch.classes[:, place]] for place in range(batch.classes.shape[1])]
        state = state + _linear(weights, "classes", dropped(torch.cat(members, dim=1)))
    for layer in range(LAYERS):
        inner = dropped(torch.nn.functional.elu(_linear(weights, f"layer {layer}", torch.nn.functional.elu(state))))
        value, gate = _linear(weights, f"gate {layer}", inner).chunk(2, dim=1)
        state = torch.nn.functional.layer_norm(state + value * torch.sigmoid(gate), (WIDTH,))
    state = dropped(state)
    ratio = _linear(weights, "mean", state)[:, 0].clamp(*FARTHEST_RATIO)
    steps = _linear(weights, "quantiles", state)
    rising = torch.cat([steps[:, :1], torch.nn.functional.softplus(steps[:, 1:])], dim=1).cumsum(dim=1)
    return Answer(ratio, _around(torch, ratio, rising, batch.level))


def loss(given: Answer, came: Tensor, weight: Tensor) -> Tensor:
    """Return the mean Poisson deviance of the means, up to a constant, plus the mean CRPS of the quantiles.

    Parameters
    ----------
    given
        The distributions.
    came
        What came, over the level of the series; ``(n_rows,)``.
    weight
        Weight of each row; ``(n_rows,)``.

    Raises
    ------
    ValueError
        The shapes differ; torch would stretch one to the other and learn from every pair of rows.
    """
    torch = need("torch", extra="deep")
    shapes = tuple(given.ratio.shape), tuple(came.shape), tuple(weight.shape)
    if len(set(shapes)) > 1 or given.quantiles.shape != (*shapes[0], len(LEVELS)):
        message = f"Means have the shape {shapes[0]}, demand {shapes[1]}, weights {shapes[2]}: expected one and the same,"
        raise ValueError(f"{message} and quantiles {tuple(given.quantiles.shape)} with {len(LEVELS)} levels more.")
    deviance = given.ratio.exp() - came * given.ratio
    level = came.new_tensor(LEVELS)
    error = came[:, None] - given.quantiles
    pinball = torch.maximum(level * error, (level - 1) * error)
    crps = ((level[1:] - level[:-1]) * (pinball[:, 1:] + pinball[:, :-1])).sum(dim=1)
    return (weight * (deviance + crps)).mean()


def _linear(weights: Weights, name: str, values: Tensor) -> Tensor:
    return values @ weights[f"{name}.weight"] + weights[f"{name}.bias"]


def _recalled(torch: Any, weights: Weights, batch: Batch) -> Tensor:  # noqa: ANN401  the module torch
    """Return the mean and the spread of demand over the weeks each head looks up; ``(n_rows, 2 * HEADS)``."""
    rows = len(batch.past)
    plans, demand, known = batch.past[:, :, :-2], batch.past[:, :, -2], batch.past[:, :, -1]
    query = _linear(weights, "query", batch.plans).reshape(rows, HEADS, KEY)
    key = _linear(weights, "key", plans).reshape(rows, -1, HEADS, KEY)
    alike = torch.einsum("nhk,nwhk->nhw", query, key) / KEY**0.5 + weights["position"][batch.ahead]
    share = torch.where(known[:, None, :] > 0, alike, -30.0).softmax(dim=2)
    mean = torch.einsum("nhw,nw->nh", share, demand)
    square = torch.einsum("nhw,nw->nh", share, demand**2)
    return torch.cat([mean, square - mean**2], dim=1)


def _around(torch: Any, ratio: Tensor, rising: Tensor, level: Tensor) -> Tensor:  # noqa: ANN401  the module torch
    """Return quantiles that lie ``rising`` standard deviations of a negative binomial around the means."""
    mean = ratio.exp()
    deviation = (mean / level + 0.1 * mean**2 + 0.1 / level**2) ** 0.5
    return torch.relu(mean[:, None] + rising * deviation[:, None])
