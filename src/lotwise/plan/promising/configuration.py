"""Configurations asked for: options and values there are, and rules between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lotwise.errors import InputError, breaches, did_you_mean
from lotwise.plan.promising.facts import ALWAYS, ANYWHERE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lotwise.plan.promising.facts import Facts, Rule

REQUIRES = "requires"


def check(facts: Facts, product: str, chosen: Mapping[str, str]) -> None:
    """Refuse option values that there are not, or that do not go together.

    Parameters
    ----------
    facts
        Options and rules.
    product, chosen
        Value by option; options may be left open.

    Raises
    ------
    InputError
        Every breach is listed.
    """
    found = [*_unknown(facts, product, chosen)]
    found = found or [*broken(facts, product, chosen)]
    if found:
        raise InputError(breaches(f"'{product}' cannot be configured like that", found))


def _unknown(facts: Facts, product: str, chosen: Mapping[str, str]) -> Iterator[str]:
    known = values(facts, product)
    for option, value in chosen.items():
        if option not in known:
            there = f"expected one of {', '.join(known)}" if known else "it has no options"
            yield f"found option '{option}'{did_you_mean(option, known)}; {there}"
        elif value not in known[option]:
            yield f"found {option} '{value}'{did_you_mean(value, known[option])}; expected one of {', '.join(known[option])}"


def values(facts: Facts, product: str) -> dict[str, list[str]]:
    """Return the values of each option of a product: those of the table ``options``, else those its bill names."""
    found = {option: list(mine) for option, mine in facts.options.get(product, {}).items()}
    way = facts.ways.get(product)
    for line in way.lines if way else ():
        if line.option != ALWAYS and line.value not in found.setdefault(line.option, []):
            found[line.option].append(line.value)
    return found


def broken(facts: Facts, product: str, chosen: Mapping[str, str]) -> Iterator[str]:
    """Yield every rule that option values break; an option left open breaks none."""
    for rule in facts.rules:
        if rule.product not in (product, ANYWHERE) or chosen.get(rule.if_option) != rule.if_value:
            continue
        other = chosen.get(rule.then_option)
        if other is not None and (other == rule.then_value) != (rule.kind == REQUIRES):
            yield _said(rule, other)


def _said(rule: Rule, other: str) -> str:
    only = "only goes with" if rule.kind == REQUIRES else "does not go with"
    given = f"rule {rule.name}: {rule.if_option} '{rule.if_value}' {only} {rule.then_option} '{rule.then_value}'"
    return f"{given}; found {rule.then_option} '{other}'"
