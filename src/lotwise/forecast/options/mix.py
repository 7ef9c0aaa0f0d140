"""The mix: the joint distribution of whole configurations, those sold before and those never sold.

A configuration sold before is likely to be sold again; a new one comes from a joint distribution of the options that
keeps their dependence. The two are weighed as in a Pitman-Yor process: a configuration sold n times has the mass
n - discount. What is taken off goes to a base learned from each configuration once, and the strength to one learned
from each unit, so that shares of options stay what they were; out of a base any configuration can come.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lotwise.errors import InputError, did_you_mean
from lotwise.forecast.options import classes, tree
from lotwise.forecast.options.choices import Levels, alike, distinct, even, levels, shares
from lotwise.forecast.options.joint import held
from lotwise.forecast.options.rules import Rules, keep, rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from lotwise.forecast.options.joint import Joint
    from lotwise.forecast.panel import Array, Index

KINDS = ("independent", "tree", "classes")
CLASSES = 8
DISCOUNTS = tuple(round(0.1 * step, 1) for step in range(10))
STRENGTHS = (1.0, 10.0, 100.0, 1000.0, 10_000.0)
LEAST = 40
"""Rows from which settings are chosen by held-out score; below, the ones in ``PLAIN`` hold."""
HELD_OUT = 5
"""One row in so many is held out."""


class Settings(NamedTuple):
    """How a mix is fitted: the kind of its base, and the discount and strength of the process."""

    kind: str
    discount: float
    strength: float


PLAIN = Settings("tree", 0.5, 10.0)


@dataclass(frozen=True)
class Mix:
    """Shares of whole configurations.

    Parameters
    ----------
    levels
        Values of the options.
    sold
        Different configurations sold before, as codes, negative where a value is retired; ``(n_sold, n_options)``.
    units
        Units of each; ``(n_sold,)``.
    by_unit, by_kind
        The distributions new configurations come from, learned from each unit, and from each configuration once.
    prior
        Units of each value counted beforehand, by option.
    settings
        How it was fitted.
    held_out
        Mean log score of held-out rows under these settings; None where there were too few.
    """

    levels: Levels
    sold: Index
    units: Array
    by_unit: Joint
    by_kind: Joint
    prior: tuple[Array, ...]
    settings: Settings
    held_out: float | None = None

    @classmethod
    def fit(
        cls,
        frame: Any,  # noqa: ANN401  any table
        options: Sequence[str] | None = None,
        *,
        offered: Mapping[str, Sequence[str]] | None = None,
        weights: Array | None = None,
        option_rules: Sequence[Mapping[str, str]] = (),
        kind: str = "auto",
        seed: int = 0,
    ) -> Mix:
        """Return the mix of the configurations in a frame.

        Parameters
        ----------
        frame
            One row a unit sold, one column an option (pandas, Polars, Arrow or a dict of columns); an absent cell
            means the option was not chosen or does not apply.
        options
            Columns that hold options; by default all.
        offered
            Values that can be chosen from now on, by option; by default those in the frame.
        weights
            Units of each row, or how much it still counts; by default 1.
        option_rules
            Rows as in table ``option_rules``; configurations that break one get no share.
        kind
            Distribution of new configurations: ``independent``, ``tree`` (Chow-Liu), ``classes`` (latent), or
            ``auto``: the one that scores best on held-out rows.
        seed
            Of the rows held out and of random starts.

        Raises
        ------
        InputError
            The frame is no table, lacks an option, or the kind is unknown.
        ContractError
            The rules exclude each other.

        References
        ----------
        Pitman & Yor (1997), Annals of Probability 25; Teh (2006), A hierarchical Bayesian language model based on
        Pitman-Yor processes, for the base learned from each configuration once, which keeps every option's shares.
        """
        if kind not in {"auto", *KINDS}:
            message = f"There is no mix of kind '{kind}'{did_you_mean(kind, KINDS)}. The kinds are: auto, {', '.join(KINDS)}"
            raise InputError(message)
        names = options if options is not None else _names(frame)
        known = levels(frame, names, offered)
        codes = known.encode(frame)
        weight = np.ones(len(codes)) if weights is None else np.asarray(weights, float)
        return fitted(known, codes, weight, kept=rules(known, option_rules), kind=kind, seed=seed)

    def log_score(self, frame: Any) -> Array:  # noqa: ANN401  any table
        """Return the log probability of each row's configuration, minus infinity where it cannot be chosen; ``(n_rows,)``."""
        return self.log_prob(self.levels.encode(frame))

    def log_prob(self, codes: Index) -> Array:
        """Return the log probability of each row of codes; ``(n_rows,)``."""
        found = np.full(len(codes), -np.inf)
        whole = (codes >= 0).all(axis=1)
        if not whole.any():
            return found
        first, place = alike(codes[whole])
        rows = codes[whole][first]
        mass = self.settings.strength * np.exp(self.by_unit.log_prob(rows)) + _matched(rows, self.sold, self.mass)
        mass += self.taken.sum() * np.exp(self.by_kind.log_prob(rows))
        with np.errstate(divide="ignore"):
            found[whole] = np.log(mass / self.total)[place]
        return found

    def sample(self, rows: int, rng: np.random.Generator) -> pa.Table:
        """Return random configurations, one column an option; absent where the option is not chosen."""
        return self.levels.decode(self.draw(rows, rng))

    def draw(self, rows: int, rng: np.random.Generator) -> Index:
        """Return random configurations as codes; ``(n_rows, n_options)``."""
        mass = np.concatenate([self.mass, [self.settings.strength, self.taken.sum()]])
        place = rng.choice(len(mass), rows, p=mass / mass.sum()) - len(self.sold)
        found = np.empty((rows, len(self.levels.options)), np.int64)
        found[place < 0] = self.sold[place[place < 0]]
        found[place == 0] = self.by_unit.sample(int((place == 0).sum()), rng)
        found[place == 1] = self.by_kind.sample(int((place == 1).sum()), rng)
        return found

    def fresh(self, rows: int, rng: np.random.Generator) -> Index:
        """Return random configurations that were never sold, as codes; fewer rows than asked for, as some were."""
        first = int(rng.binomial(rows, self.settings.strength / (self.settings.strength + self.taken.sum())))
        found = np.concatenate([self.by_unit.sample(first, rng), self.by_kind.sample(rows - first, rng)])
        _, place = alike(np.concatenate([found, self.sold]))
        return found[~np.isin(place[:rows], place[rows:])]

    def marginals(self) -> dict[str, dict[str, float]]:
        """Return the share of each value of each option; the shares of an option sum to 1."""
        found = self.shares()
        named = zip(self.levels.options, self.levels.values, found, strict=True)
        return {option: dict(zip(values, alone.tolist(), strict=True)) for option, values, alone in named}

    def shares(self) -> list[Array]:
        """Return the share of each value, by option."""
        both = zip(self.by_unit.marginals(), self.by_kind.marginals(), strict=True)
        return [
            (self.mass @ held(self.sold[:, o], len(one)) + self.settings.strength * one + self.taken.sum() * other) / self.total
            for o, (one, other) in enumerate(both)
        ]

    def pair(self, first: str, second: str) -> Array:
        """Return the joint shares of two options; rows are values of the first; ``(n_first, n_second)``."""
        a, b = (self.levels.options.index(name) for name in (first, second))
        found = self.settings.strength * self.by_unit.pair(a, b) + self.taken.sum() * self.by_kind.pair(a, b)
        np.add.at(found, (self.sold[:, a], self.sold[:, b]), self.mass)
        return np.asarray(found / self.total)

    @property
    def taken(self) -> Array:
        """What each configuration gives to new ones: the discount, where it can still be built; ``(n_sold,)``."""
        return np.asarray(self.settings.discount * np.minimum(self.units, 1.0) * self.buildable)

    @property
    def mass(self) -> Array:
        """What each configuration keeps: units less the discount, where it can still be built; ``(n_sold,)``."""
        return np.asarray(self.units * self.buildable - self.taken)

    @property
    def buildable(self) -> Array:
        """1 for each configuration that can still be built, 0 for one with a retired value; ``(n_sold,)``."""
        return np.asarray((self.sold >= 0).all(axis=1), float)

    @property
    def total(self) -> float:
        """The mass of everything."""
        return float((self.units * self.buildable).sum() + self.settings.strength)


def fitted(
    known: Levels,
    codes: Index,
    weight: Array,
    *,
    kept: Rules,
    kind: str = "auto",
    seed: int = 0,
    prior: Sequence[Array] | None = None,
) -> Mix:
    """Return the mix of rows of codes; the prior is units of each value counted beforehand, by option.

    Other parameters are those of ``Mix.fit``.
    """
    usable = kept.kept(codes) & (weight > 0)
    codes, weight = codes[usable], weight[usable]
    before = tuple(prior) if prior is not None else tuple(even(known.sizes))
    settings, score = PLAIN, None
    if len(codes) >= LEAST:
        settings, score = choose(codes, weight, kept=kept, kind=kind, seed=seed, prior=before)
    elif kind != "auto":
        settings = PLAIN._replace(kind=kind)
    by_unit, by_kind = (keep(base, kept, seed=seed) for base in _bases(codes, weight, before, settings.kind, seed))
    return Mix(known, *distinct(codes, weight), by_unit, by_kind, before, settings, score)


def choose(codes: Index, weight: Array, *, kept: Rules, kind: str, seed: int, prior: Sequence[Array]) -> tuple[Settings, float]:
    """Return the settings that score best on rows held out at random, and their mean log score."""
    out = np.random.default_rng([seed, 1]).permutation(len(codes)) % HELD_OUT == 0
    whole = (codes >= 0).all(axis=1)
    rows, share = distinct(codes[out & whole], weight[out & whole])
    share = share / max(share.sum(), np.finfo(float).tiny)
    sold, count = distinct(codes[~out & whole], weight[~out & whole])
    once = np.minimum(count, 1.0)
    own, taken = _matched(rows, sold, count), _matched(rows, sold, once)
    best: tuple[Settings, float] = PLAIN, -np.inf
    for name in KINDS if kind == "auto" else (kind,):
        bases = _bases(codes[~out], weight[~out], prior, name, seed)
        by_unit, by_kind = (np.exp(keep(base, kept, seed=seed).log_prob(rows)) for base in bases)
        for discount in DISCOUNTS:
            for strength in STRENGTHS:
                mass = own - discount * taken + strength * by_unit + discount * once.sum() * by_kind
                score = float(share @ np.log(np.maximum(mass / (count.sum() + strength), np.finfo(float).tiny)))
                if score > best[1]:
                    best = Settings(name, discount, strength), score
    return best


def _bases(codes: Index, weight: Array, prior: Sequence[Array], kind: str, seed: int) -> tuple[Joint, Joint]:
    """Return the distribution of options over units sold, and over different configurations sold."""
    rows, count = distinct(codes, weight)
    one = [units / units.sum() for units in prior]
    return _base(rows, count, prior, kind, seed), _base(rows, np.minimum(count, 1.0), one, kind, seed)


def _base(codes: Index, weight: Array, prior: Sequence[Array], kind: str, seed: int) -> Joint:
    alone = shares(codes, weight, prior)
    if kind == "independent":
        return tree.independent(alone)
    if kind == "tree":
        return tree.fit(codes, weight, alone)
    return classes.fit(codes, weight, alone, count=CLASSES, seed=seed)


def _matched(rows: Index, sold: Index, values: Array) -> Array:
    """Return the value of each row among the configurations sold, 0 where it was never sold; both are distinct."""
    if not len(rows) or not len(sold):
        return np.zeros(len(rows))
    _, place = alike(np.concatenate([rows, sold]))
    held = np.zeros(place.max() + 1)
    held[place[len(rows) :]] = values
    return held[place[: len(rows)]]


def _names(frame: Any) -> list[str]:  # noqa: ANN401  any table
    """Return the columns of a frame."""
    names = frame if isinstance(frame, dict) else getattr(frame, "column_names", getattr(frame, "columns", ()))
    return [str(name) for name in names]
