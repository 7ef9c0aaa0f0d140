"""How customers choose options: one share a value, then the style's rules put breaches right."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from lotwise.demo.atelier.catalog import RULES, STYLES, Style, choices

if TYPE_CHECKING:
    from lotwise.demo.atelier.law import Whole


def draw(rng: np.random.Generator, style: Style, count: int) -> dict[str, Whole]:
    """Return, for so many units, the place of the chosen value of each option; every choice keeps the rules."""
    picks = {}
    for option, values in choices(style).items():
        shares = np.array([share for share, _, _ in values.values()])
        picks[option] = rng.choice(len(shares), count, p=shares / shares.sum())
    return _repair(style, picks)


def take(style: Style) -> dict[tuple[str, str], float]:
    """Return the exact share of units with each option value, after the rules: every combination is summed."""
    options = choices(style)
    names = list(options)
    combinations = np.array(list(itertools.product(*(range(len(values)) for values in options.values()))))
    chance = np.ones(len(combinations))
    for place, values in enumerate(options.values()):
        shares = np.array([share for share, _, _ in values.values()])
        chance *= (shares / shares.sum())[combinations[:, place]]
    picks = _repair(style, {name: combinations[:, place] for place, name in enumerate(names)})
    return {
        (name, value): round(float(chance[picks[name] == number].sum()), 12)
        for name in names
        for number, value in enumerate(options[name])
    }


def takes() -> dict[tuple[str, str, str], float]:
    """Return the share of units with each (style, option, value)."""
    return {(style.code, *key): share for style in STYLES for key, share in take(style).items()}


def _repair(style: Style, picks: dict[str, Whole]) -> dict[str, Whole]:
    """Return the picks with the rules applied one after the other; an excluded value becomes the most chosen other."""
    options = choices(style)
    fixed = dict(picks)
    for rule in (rule for rule in RULES if rule.style == style.code):
        values = list(options[rule.then_option])
        held = fixed[rule.if_option] == list(options[rule.if_option]).index(rule.if_value)
        named = values.index(rule.then_value)
        if rule.kind == "requires":
            wrong, right = held & (fixed[rule.then_option] != named), named
        else:
            others = {value: share for value, (share, _, _) in options[rule.then_option].items() if value != rule.then_value}
            wrong, right = held & (fixed[rule.then_option] == named), values.index(max(others, key=lambda value: others[value]))
        fixed[rule.then_option] = np.where(wrong, right, fixed[rule.then_option])
    return fixed
