"""Units of configurations in every draw of the total: their sums over the values of each option are the total."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast.options.joint import held

if TYPE_CHECKING:
    from lotwise.forecast.options.choices import Levels
    from lotwise.forecast.options.joint import Joints
    from lotwise.forecast.options.mix import Mix
    from lotwise.forecast.panel import Array, Index

ONE_BY_ONE = 2000
"""Mean units a draw up to which each lot gets its configuration by itself; above, whole configurations get counts."""


@dataclass(frozen=True)
class Belief:
    """Draws of the mix itself: what the true shares of configurations may be.

    Parameters
    ----------
    mix
        The mix.
    share
        Shares of the configurations sold, then of new ones from either base, which sum to 1 in each draw;
        ``(n_draws, n_sold + 2)``.
    bases
        The two bases in each draw.
    """

    mix: Mix
    share: Array
    bases: tuple[Joints, Joints]

    def shares(self) -> list[Array]:
        """Return the share of each value in each draw, by option; ``(n_draws, n_values)``."""
        sold, by_unit, by_kind = self.share[:, :-2], self.share[:, -2:-1], self.share[:, -1:]
        return [
            np.minimum(sold @ held(self.mix.sold[:, option], one.shape[1]) + by_unit * one + by_kind * other, 1.0)
            for option, (one, other) in enumerate(zip(*(base.marginals() for base in self.bases), strict=True))
        ]


@dataclass(frozen=True)
class Configured:
    """Units of configurations.

    Parameters
    ----------
    draw
        The draw each row belongs to; ``(n_rows,)``.
    codes
        Its configuration; ``(n_rows, n_options)``.
    units
        Its units; ``(n_rows,)``.
    """

    draw: Index
    codes: Index
    units: Array

    def by_value(self, levels: Levels, draws: int) -> list[Array]:
        """Return the units of each value in each draw, by option; ``(n_draws, n_values)``."""
        found = []
        for option, size in enumerate(levels.sizes):
            place = self.draw * size + self.codes[:, option]
            found.append(np.bincount(place, self.units, minlength=draws * size).reshape(draws, size).astype(float))
        return found


def believe(mix: Mix, draws: int, rng: np.random.Generator, *, evidence: float = 1.0) -> Belief:
    """Return draws from what is known of the shares of configurations, by the Bayesian bootstrap.

    Each configuration's units, and those of the prior, are replaced by gamma draws of that mean, and every share is
    counted anew; so the shares of an option are Dirichlet with as many units as were sold.

    Parameters
    ----------
    mix
        The mix.
    draws
        How many.
    rng
        What is drawn with.
    evidence
        Independent choices in one unit; below 1 where one order line takes several units of a configuration.

    References
    ----------
    Rubin (1981), The Bayesian bootstrap, Annals of Statistics 9.
    """
    units = rng.standard_gamma(mix.units * evidence, (draws, len(mix.units))) / evidence
    prior = [rng.standard_gamma(alone, (draws, len(alone))) + np.finfo(float).tiny for alone in mix.prior]
    ratio = units / mix.units
    one = [alone / alone.sum(axis=1, keepdims=True) for alone in prior]
    by_unit = mix.by_unit.redrawn(mix.sold, units, prior)
    by_kind = mix.by_kind.redrawn(mix.sold, np.minimum(mix.units, 1.0) * ratio, one)
    taken = (ratio @ mix.taken)[:, None]
    share = np.concatenate([ratio * mix.mass, np.full((draws, 1), mix.settings.strength), taken], axis=1)
    return Belief(mix, share / share.sum(axis=1, keepdims=True), (by_unit, by_kind))


def allot(belief: Belief, totals: Array, rng: np.random.Generator, *, lots: Array | None = None) -> Configured:
    """Return units of configurations that add up to the total of every draw.

    Parameters
    ----------
    belief
        Draws of the mix, as many as totals.
    totals
        Units in each draw; what is left beyond whole units is a part of a unit; ``(n_draws,)``.
    rng
        What is drawn with.
    lots
        Units that past order lines took of one configuration, from which future ones are drawn; by default 1.
    """
    whole = np.floor(totals)
    if whole.mean() > ONE_BY_ONE:
        cells = [_counted(belief, whole, rng)]
    else:
        cells = [_singly(belief, *_cut(whole, np.ones(1) if lots is None else lots, rng), rng)]
    part = totals - whole
    more = np.flatnonzero(part > 0)
    if len(more):
        cells.append(_singly(belief, more, part[more], rng))
    draw, place, units = (np.concatenate(column) for column in zip(*cells, strict=True))
    sold = len(belief.mix.sold)
    codes = np.empty((len(draw), len(belief.mix.levels.options)), np.int64)
    codes[place < sold] = belief.mix.sold[place[place < sold]]
    for number, base in enumerate(belief.bases):
        new = place == sold + number
        codes[new] = base.sample(draw[new], rng)
    return Configured(draw, codes, units)


def _cut(whole: Array, lots: Array, rng: np.random.Generator) -> tuple[Index, Array]:
    """Return whole totals cut into lots of random size: the draw and the units of each; the last lot may be cut short."""
    size = np.maximum(np.floor(lots), 1.0)
    draw, units = np.zeros(0, np.int64), np.zeros(0)
    left = whole.copy()
    while len(short := np.flatnonzero(left > 0)):
        count = np.ceil(left[short] / size.mean()).astype(np.int64)
        of = np.repeat(short, count)
        taken = size[rng.integers(len(size), size=len(of))]
        before = taken.cumsum() - taken
        before -= np.repeat(before[np.cumsum(count) - count], count)
        taken = np.clip(left[of] - before, 0, taken)
        draw, units = np.concatenate([draw, of[taken > 0]]), np.concatenate([units, taken[taken > 0]])
        left -= np.bincount(of, taken, minlength=len(left))
    return draw, units


def _singly(belief: Belief, draw: Index, units: Array, rng: np.random.Generator) -> tuple[Index, Index, Array]:
    """Return the place among the shares of every lot, beside its draw and its units."""
    draws, width = belief.share.shape
    flat = belief.share.cumsum(axis=1)
    flat = (flat / flat[:, -1:] + np.arange(draws)[:, None]).ravel()
    place = np.searchsorted(flat, draw + rng.random(len(draw)), side="right") - draw * width
    return draw, np.minimum(place, width - 1), units


def _counted(belief: Belief, units: Array, rng: np.random.Generator) -> tuple[Index, Index, Array]:
    """Return the draw, the place among the shares and the units of every configuration that is sold.

    Units of new configurations are cut into at most ``ONE_BY_ONE`` lots a draw, and spread as so many would.
    """
    chance = belief.share / belief.share.sum(axis=1, keepdims=True)
    count = rng.multinomial(units.astype(np.int64), chance)
    draw, place = np.nonzero(count[:, :-2])
    cells = [(draw, place, count[draw, place])]
    for number in (-2, -1):
        rest = count[:, number]
        lots = np.minimum(rest, ONE_BY_ONE)
        more = np.repeat(np.arange(len(rest)), lots)
        rank = np.arange(len(more)) - np.repeat(np.cumsum(lots) - lots, lots)
        each, over = np.divmod(rest, np.maximum(lots, 1))
        cells.append((more, np.full(len(more), count.shape[1] + number), each[more] + (rank < over[more])))
    draw, place, held_units = (np.concatenate(column) for column in zip(*cells, strict=True))
    return draw, place, held_units.astype(float)
