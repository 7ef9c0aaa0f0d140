"""Studies of a project: the same data under other settings, beside what is published.

``measured`` asks for more than the loop measures by itself; ``assumed`` asks what the ledger would say had an assumption
been another one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from lotwise import config
from lotwise.errors import SettingsError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.project import Project

ASSUMED = ("economics", "plan")
"""Sections whose numbers can be assumed to be others."""
STEPS = 3
"""Values tried between the ends of a range, both included."""
_RANGE = re.compile(r"^\s*([\w.]+)\s*=\s*(.+?)\s*$")


@dataclass(frozen=True)
class Assumption:
    """A number of ``lotwise.toml``, and the values it is assumed to have.

    Parameters
    ----------
    section, key
        Where it stands.
    values
        In rising order, each once.
    """

    section: str
    key: str
    values: tuple[float, ...]


def measured(project: Project, *, shapley: bool = False, notice: bool = False) -> Project:
    """Return the study that also measures the Shapley value of each source, or what knowing earlier is worth.

    The forecasting method is the one the project uses, so that the study's figures are the project's and more.

    Parameters
    ----------
    project
        A project that has been run.
    shapley
        Whether to forecast and plan from every subset of the sources.
    notice
        Whether to forecast and plan with less and with more notice.
    """
    candidates = project.table("candidates")
    method = candidates.filter(candidates["chosen"])["method"][0].as_py()
    forecast = msgspec.structs.replace(project.settings.forecast, method=method, shapley=shapley, notice=notice)
    name = "-".join(word for word, wanted in (("shapley", shapley), ("notice", notice)) if wanted)
    return project.study(name, msgspec.structs.replace(project.settings, forecast=forecast))


def assumed(project: Project, assumption: Assumption) -> Iterator[tuple[float, Project]]:
    """Yield, for each value of an assumption, the study in which it holds; forecasts stay as they are.

    A key of ``[economics]`` that categories can have of their own is set for all of them. What the table of products gives
    is given, and stays.

    Parameters
    ----------
    project
        A project that has been run.
    assumption
        As ``read_assumption`` reads it.
    """
    for value in assumption.values:
        settings = _with(project.settings, assumption, value)
        yield value, project.study(f"{assumption.section}-{assumption.key}-{value:g}", settings, keep=("forecast",))


def read_assumption(text: str) -> Assumption:
    """Return what ``KEY=LOW..HIGH`` or ``KEY=VALUE,VALUE`` asks for.

    A range is tried at both ends and in the middle. A key without a section is looked for in ``[economics]``, then in
    ``[plan]``.

    Raises
    ------
    SettingsError
        It is not of this form, there is no such key with a number, or a value is out of its range.
    """
    found = _RANGE.match(text)
    if not found:
        message = f"'{text}' is no assumption; expected KEY=LOW..HIGH or KEY=VALUE,VALUE, such as cost_share=0.6..0.8"
        raise SettingsError(message)
    section, key = _place(found[1])
    assumption = Assumption(section, key, _values(found[2], text))
    for value in assumption.values:
        _with(config.Settings(), assumption, value)
    return assumption


def _place(name: str) -> tuple[str, str]:
    known = {f"{section}.{key}": (section, key) for section in ASSUMED for key in _numbers(section)}
    for full in (name, *(f"{section}.{name}" for section in ASSUMED)):
        if full in known:
            return known[full]
    bare = [key for _, key in known.values()]
    message = (
        f"'{name}' is no number of [economics] or [plan]{did_you_mean(name, [*known, *bare])}. They are: {', '.join(known)}"
    )
    raise SettingsError(message)


def _numbers(section: str) -> list[str]:
    whole = getattr(config.Settings(), section)
    return [
        name
        for name in whole.__struct_fields__
        if isinstance(getattr(whole, name), (int, float)) and not isinstance(getattr(whole, name), bool)
    ]


def _values(said: str, text: str) -> tuple[float, ...]:
    ends = said.split("..")
    try:
        numbers = [float(part) for part in (ends if len(ends) > 1 else said.split(","))]
    except ValueError as error:
        message = f"'{text}' holds what is no number; expected KEY=LOW..HIGH or KEY=VALUE,VALUE, such as cost_share=0.6..0.8"
        raise SettingsError(message) from error
    if len(ends) == 2:  # noqa: PLR2004  a range has two ends
        low, high = sorted(numbers)
        numbers = [low + (high - low) * step / (STEPS - 1) for step in range(STEPS)]
    return tuple(sorted({round(number, 10) for number in numbers}))


def _with(settings: config.Settings, assumption: Assumption, value: float) -> config.Settings:
    """Return settings in which an assumption has a value, checked like a file's."""
    whole: dict[str, Any] = msgspec.to_builtins(getattr(settings, assumption.section))
    kind = type(getattr(getattr(config.Settings(), assumption.section), assumption.key))
    whole[assumption.key] = kind(value) if kind(value) == value else value
    for of_category in whole.get("category", {}).values():
        of_category.pop(assumption.key, None)
    changed = config.build({assumption.section: whole})
    return msgspec.structs.replace(settings, **{assumption.section: getattr(changed, assumption.section)})
