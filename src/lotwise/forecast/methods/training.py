"""How the neural network learns: steps along the gradient, stopped by the last weeks known, and back from divergence."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lotwise.extras import need
from lotwise.forecast.methods import network
from lotwise.forecast.methods.inputs import LOOKBACK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.forecast.methods.inputs import Inputs
    from lotwise.forecast.panel import Array, Index, Mask

PASSES = 8
"""Passes over the rows, unless that makes too few or too many steps."""
STEPS = (300, 1500)
"""Fewest and most steps."""
BATCH = 512
"""Rows of a step, where they are many."""
RATE = 5e-3
"""Largest step; it grows to this over the first fifth and falls to 0 along a cosine."""
FINISH = 0.2
"""Share of ``RATE`` with which the last pass, over all rows, begins."""
DROP = 0.1
"""Share of the units of a layer left out while learning."""
DECAY = 1e-2
"""Share of a weight that a step of 1 would take away."""
STEEPEST = 1.0
"""A longer gradient is cut to this length."""
PATIENCE = 3
"""Passes without a better state after which learning stops."""
ASKED = 10_000
"""Most rows asked between passes."""
MOST_SHIFT = 0.1
"""Most by which the logarithm of all means is shifted in the end."""

_LOCK = threading.Lock()
_FOUND: list[tuple[int, int]] = []


@dataclass(frozen=True)
class Lesson:
    """Rows as tensors on a device.

    Parameters
    ----------
    features, plans, classes, level, weeks, series, origin
        As in ``inputs.Inputs``.
    ahead
        Weeks ahead, from 0.
    """

    features: network.Tensor
    plans: network.Tensor
    classes: network.Tensor
    level: network.Tensor
    weeks: network.Tensor
    series: network.Tensor
    origin: network.Tensor
    ahead: network.Tensor

    @classmethod
    def of(cls, read: Inputs, horizon: int, device: str) -> Lesson:
        """Return rows on a device; weeks ahead beyond the horizon learned count as its last."""
        torch = need("torch", extra="deep")
        level, weeks = (torch.as_tensor(values, dtype=torch.float32, device=device) for values in (read.level, read.weeks))
        features, plans, classes, series, origin, ahead = (
            torch.as_tensor(values, device=device)
            for values in (
                read.features,
                read.plans,
                read.classes,
                read.series,
                read.origin,
                np.minimum(read.ahead, horizon) - 1,
            )
        )
        return cls(features, plans, classes, level, weeks, series, origin, ahead)

    def batch(self, chosen: network.Tensor | slice) -> network.Batch:
        """Return some of the rows, with the weeks each looks back on."""
        torch = need("torch", extra="deep")
        level, series, origin = self.level[chosen], self.series[chosen], self.origin[chosen]
        weeks = torch.arange(1, LOOKBACK + 1, device=origin.device)
        past = self.weeks[series[:, None], origin[:, None] + weeks]
        demand = (past[:, :, -2:-1] / level[:, None, None]).log1p()
        past = torch.cat([past[:, :, :-2], demand, past[:, :, -1:]], dim=2)
        return network.Batch(self.features[chosen], self.plans[chosen], self.classes[chosen], past, level, self.ahead[chosen])


class Learner:
    """One network and the state of its learning (Adam with decoupled weight decay, on one vector of weights).

    Parameters
    ----------
    lesson
        The rows.
    came, weight
        Demand over level, and weight; as many as there are rows.
    layout
        As ``network.shapes`` gives it.
    rng
        Of the weights to begin with, the order of rows and the units left out.

    References
    ----------
    Kingma & Ba (2015), Adam, ICLR, algorithm 1; Loshchilov & Hutter (2019), Decoupled weight decay regularization, ICLR.
    """

    def __init__(
        self, lesson: Lesson, came: Array, weight: Array, layout: dict[str, tuple[int, ...]], rng: np.random.Generator
    ) -> None:
        self.torch = need("torch", extra="deep")
        self.lesson, self.layout, self.rng = lesson, layout, rng
        self.came, self.weight = (
            self.torch.as_tensor(values, dtype=self.torch.float32, device=lesson.level.device) for values in (came, weight)
        )
        self.vector = self.came.new_tensor(network.start(layout, rng)).requires_grad_()
        self.moments = self.torch.zeros_like(self.vector), self.torch.zeros_like(self.vector)
        self.steps = 0
        self.chance = self.torch.Generator(device=self.came.device)
        self.chance.manual_seed(int(rng.integers(2**31)))

    def learn(self, last: Mask) -> Array:
        """Return the weights that served the last weeks best, after one more pass over all rows at small steps.

        A loss that is no number ends the learning; what is returned is the best state before, which may be the first.

        Parameters
        ----------
        last
            The rows that decide when to stop, and are not learned from until then.
        """
        early, late = np.flatnonzero(~last), np.flatnonzero(last if last.any() else ~last)
        size = int(np.clip(len(early) // 16, 16, BATCH))
        asked = late[:: max(-(-len(late) // ASKED), 1)]
        best = self.best(early, asked, size)
        self.vector = best.clone().requires_grad_()
        sound = self.pass_over(np.arange(len(last)), size, lambda share: FINISH * RATE * (1 - share))
        if not sound or not np.isfinite(self.asked(asked)):
            self.vector = best
        self.balance()
        return np.asarray(self.vector.detach().cpu().numpy())

    def best(self, early: Index, asked: Index, size: int) -> network.Tensor:
        """Return the state, after a pass over the early rows, whose loss is least on the rows asked."""
        each = -(-len(early) // size)
        passes = max(round(float(np.clip(PASSES * each, *STEPS)) / each), 2)
        best, least, worse = self.vector.detach().clone(), self.asked(asked), 0
        for turn in range(passes):
            sound = self.pass_over(early, size, lambda share, turn=turn: _rate((turn + share) / passes))
            found = self.asked(asked)
            worse = 0 if found < least else worse + 1
            if not sound or not np.isfinite(found) or worse == PATIENCE:
                break
            if worse == 0:
                best, least = self.vector.detach().clone(), found
        return best

    def balance(self) -> None:
        """Shift all means so that their sum over the rows is the sum of what came, as it is in a regression.

        References
        ----------
        Wuethrich (2020), Bias regularization in neural network models for general insurance pricing, European
        Actuarial Journal 10.
        """
        rows = self.torch.arange(0, len(self.came), max(-(-len(self.came) // ASKED), 1), device=self.came.device)
        with self.torch.no_grad():
            weights = network.unpacked(self.vector, self.layout)
            batch = self.lesson.batch(rows)
            share = batch.level / batch.level.max()
            came, given = (share * self.came[rows]).sum(), (share * network.answer(weights, batch).ratio.exp()).sum()
            weights["mean.bias"] += (came / given).log().clamp(-MOST_SHIFT, MOST_SHIFT)

    def asked(self, rows: Index) -> float:
        """Return the loss on some rows, with every unit in place."""
        chosen = self.torch.as_tensor(rows, device=self.came.device)
        with self.torch.no_grad():
            given = network.answer(network.unpacked(self.vector, self.layout), self.lesson.batch(chosen))
            return float(network.loss(given, self.came[chosen], self.weight[chosen]))

    def pass_over(self, rows: Index, size: int, rate: Any) -> bool:  # noqa: ANN401  from the share of the pass to a step
        """Take a step for every ``size`` of the rows, in random order; whether every loss was a number."""
        order = self.rng.permutation(rows)
        return all(self.step(order[begin : begin + size], rate(begin / len(order))) for begin in range(0, len(order), size))

    def step(self, rows: Index, rate: float) -> bool:
        """Take one step; whether the loss was a number."""
        torch = self.torch
        chosen = torch.as_tensor(rows, device=self.came.device)
        weights = network.unpacked(self.vector, self.layout)
        given = network.answer(weights, self.lesson.batch(chosen), drop=DROP, chance=self.chance)
        value = network.loss(given, self.came[chosen], self.weight[chosen])
        (slope,) = torch.autograd.grad(value, self.vector)
        length = float(slope.norm())
        if not np.isfinite(length):
            return False
        self.steps += 1
        first, second = self.moments
        with torch.no_grad():
            slope *= min(1.0, STEEPEST / max(length, 1e-12))
            first.lerp_(slope, 0.1)
            second.lerp_(slope * slope, 0.001)
            speed = (second / (1 - 0.999**self.steps)).sqrt_().add_(1e-8)
            self.vector.mul_(1 - rate * DECAY).addcdiv_(first, speed, value=-rate / (1 - 0.9**self.steps))
        return True


@contextmanager
def alone(device: str) -> Iterator[None]:
    """Let torch use one thread and, on the CPU, only algorithms that repeat; its settings are put back after the last user."""
    torch = need("torch", extra="deep")
    with _LOCK:
        _FOUND.append(_FOUND[0] if _FOUND else (torch.get_deterministic_debug_mode(), torch.get_num_threads()))
        torch.set_num_threads(1)
        if device == "cpu":
            torch.set_deterministic_debug_mode("error")  # use_deterministic_algorithms would import a compiler, for seconds
    try:
        yield
    finally:
        with _LOCK:
            mode, threads = _FOUND.pop()
            torch.set_num_threads(threads)
            if not _FOUND:
                torch.set_deterministic_debug_mode(mode)


def _rate(share: float) -> float:
    """Return the step after a share of all passes: up to ``RATE`` over a fifth, then down a cosine."""
    return float(RATE * min(share / 0.2, 0.5 + 0.5 * np.cos(np.pi * max(share - 0.2, 0) / 0.8)))
