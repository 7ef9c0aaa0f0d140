"""Rules between choices: which configurations can be built, and a distribution that keeps to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lotwise.forecast.options.choices import Levels
    from lotwise.forecast.options.joint import Joint, Joints
    from lotwise.forecast.panel import Array, Index, Mask

TRIED = 20_000
"""Random configurations from which the share that keeps the rules is known to 0.4 points."""
MOST_ROUNDS = 200


@dataclass(frozen=True)
class Rules:
    """Rules as codes: where the first value is held, the second must be held, or must not.

    Parameters
    ----------
    rows
        Option and value of the first choice, option and value of the second, and 1 for requires or 0 for excludes;
        ``(n_rules, 5)``.
    """

    rows: Index

    def kept(self, codes: Index) -> Mask:
        """Return whether each row of codes keeps every rule; ``(n_rows,)``."""
        found = np.ones(len(codes), bool)
        for first, value, second, other, required in self.rows:
            found &= (codes[:, first] != value) | ((codes[:, second] == other) == bool(required))
        return found


def rules(levels: Levels, rows: Sequence[Mapping[str, str]]) -> Rules:
    """Return the rules that can hold among the levels.

    A rule whose first choice is not offered never applies; one that requires what is not offered rules its first
    choice out.

    Parameters
    ----------
    levels
        Values of the options.
    rows
        Rows of table ``option_rules`` (of one product): kind, if_option, if_value, then_option, then_value.

    Raises
    ------
    ContractError
        A rule is of another kind than requires or excludes, or a required option does not exist.
    """
    place = {(o, v): (i, k) for i, o in enumerate(levels.options) for k, v in enumerate(levels.values[i])}
    found = []
    for row in rows:
        if row["kind"] not in {"requires", "excludes"}:
            message = f"An option rule has kind '{row['kind']}'; expected requires or excludes"
            raise ContractError(message)
        first = place.get((row["if_option"], row["if_value"]))
        second = place.get((row["then_option"], row["then_value"]))
        required = row["kind"] == "requires"
        if first is None or (second is None and not required):
            continue
        if second is None and row["then_option"] not in levels.options:
            message = f"An option rule requires option '{row['then_option']}', which is not among {', '.join(levels.options)}"
            raise ContractError(message)
        found.append((*first, *(second or (levels.options.index(row["then_option"]), -2)), int(required)))
    return Rules(np.array(found, np.int64).reshape(-1, 5))


@dataclass(frozen=True)
class Allowed:
    """A joint distribution without the configurations that break rules, by rejection.

    Parameters
    ----------
    base
        The distribution before the rules.
    rules
        The rules.
    share
        Share of the base's configurations that keep them.
    drawn
        Configurations that keep them, from which shares are counted.
    """

    base: Joint
    rules: Rules
    share: float
    drawn: Index

    def log_prob(self, codes: Index) -> Array:
        """Return the log probability of each row; minus infinity where it breaks a rule."""
        return np.where(self.rules.kept(codes), self.base.log_prob(codes) - np.log(self.share), -np.inf)

    def sample(self, rows: int, rng: np.random.Generator) -> Index:
        """Return random rows that keep every rule."""
        parts, missing = [np.empty((0, self.drawn.shape[1]), np.int64)], rows
        for _ in range(MOST_ROUNDS):
            if missing <= 0:
                break
            tried = self.base.sample(int(missing / self.share * 1.1) + 10, rng)
            parts.append(tried[self.rules.kept(tried)][:missing])
            missing -= len(parts[-1])
        if missing > 0:
            parts.append(self.drawn[rng.integers(len(self.drawn), size=missing)])
        return np.concatenate(parts)

    def marginals(self) -> list[Array]:
        """Return the share of each value of each option, counted in configurations drawn beforehand."""
        sizes = [len(alone) for alone in self.base.marginals()]
        return [np.bincount(self.drawn[:, o], minlength=size) / len(self.drawn) for o, size in enumerate(sizes)]

    def pair(self, first: int, second: int) -> Array:
        """Return the joint shares of two options, counted in configurations drawn beforehand."""
        found = np.zeros(self.base.pair(first, second).shape)
        np.add.at(found, (self.drawn[:, first], self.drawn[:, second]), 1 / len(self.drawn))
        return found

    def redrawn(self, codes: Index, weight: Array, prior: Sequence[Array]) -> AllowedDraws:
        """Return the distribution with its shares counted anew in each draw; see ``Joint.redrawn``."""
        return AllowedDraws(self, self.base.redrawn(codes, weight, prior))


@dataclass(frozen=True)
class AllowedDraws:
    """What keeps the rules, of a distribution for each draw.

    Parameters
    ----------
    allowed
        The distribution they are drawn around.
    base
        Their distributions before the rules.
    """

    allowed: Allowed
    base: Joints

    def sample(self, draw: Index, rng: np.random.Generator) -> Index:
        """Return a random row that keeps every rule from the distribution of each draw named; ``(n_rows, n_options)``."""
        found = self.base.sample(draw, rng)
        wrong = np.flatnonzero(~self.allowed.rules.kept(found))
        for _ in range(MOST_ROUNDS):
            if not len(wrong):
                break
            found[wrong] = self.base.sample(draw[wrong], rng)
            wrong = wrong[~self.allowed.rules.kept(found[wrong])]
        found[wrong] = self.allowed.drawn[rng.integers(len(self.allowed.drawn), size=len(wrong))]
        return found

    def marginals(self) -> list[Array]:
        """Return the share of each value in each draw: those that keep the rules, moved as the base's own shares move."""
        found = []
        three = zip(self.allowed.marginals(), self.allowed.base.marginals(), self.base.marginals(), strict=True)
        for kept, alone, drawn in three:
            moved = kept * drawn / alone
            found.append(moved / moved.sum(axis=1, keepdims=True))
        return found


def keep(base: Joint, kept: Rules, *, seed: int) -> Joint:
    """Return the base itself where there are no rules, or the base without what breaks them.

    Raises
    ------
    ContractError
        Hardly any configuration keeps the rules.
    """
    if not len(kept.rows):
        return base
    tried = base.sample(TRIED, np.random.default_rng(seed))
    drawn = tried[kept.kept(tried)]
    if not len(drawn):
        message = f"None of {TRIED:,} random configurations keeps the {len(kept.rows)} option rules; "
        message += "look for rules in table 'option_rules' that exclude each other"
        raise ContractError(message)
    return Allowed(base, kept, len(drawn) / TRIED, drawn)
