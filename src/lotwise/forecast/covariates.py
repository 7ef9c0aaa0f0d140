"""Columns of a user's frame as sources: what each said, against what is usual for its series."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import SettingsError, breaches, did_you_mean
from lotwise.forecast import windows
from lotwise.forecast.features import history, plans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.config import Source
    from lotwise.forecast.frames import Frame
    from lotwise.forecast.panel import Array, Facts

OWN = "history"
"""Name of the source that is the series' own past."""


def features(frame: Frame, facts: Facts, source: Source) -> dict[str, Array]:
    """Return the features of one source of a frame, each broadcasting to ``(n_series, n_periods, horizon)``.

    Parameters
    ----------
    frame
        The frame; a source's ``tables`` are its columns, ``"y"`` being the demand itself.
    facts
        The frame's panel and horizon.
    source
        The source.
    """
    found: dict[str, Array] = {}
    for column in source.tables:
        if column == "y":
            found |= _own(frame, facts, source)
        elif column in frame.classes:
            found[f"{source.name}: {column}"] = frame.classes[column].astype(float)[:, None, None]
        else:
            found |= {f"{source.name}: {name}": values for name, values in _column(frame, facts, source, column).items()}
    return found


def declared(sources: Sequence[Source], columns: Sequence[str]) -> list[Source]:
    """Return the sources of a frame: own history first, then those declared, or each column known up to the cutoff.

    Raises
    ------
    SettingsError
        A source names a column the frame does not have, a column stands in two sources, or two sources share a name.
    """
    from lotwise.config import Source  # noqa: PLC0415  settings are built here, not only named

    told = list(sources) or [Source(name=column, tables=[column]) for column in columns]
    if not any("y" in source.tables for source in told):
        told.insert(0, Source(name=OWN, tables=["y"]))
    found = []
    taken: dict[str, str] = {}
    names: set[str] = set()
    for source in told:
        if source.name in names:
            found.append(f"source '{source.name}' is declared twice; give each source its own name")
        names.add(source.name)
        for column in source.tables:
            if column != "y" and column not in columns:
                found.append(
                    f"source '{source.name}' has the column '{column}', which the frame lacks{did_you_mean(column, columns)}"
                )
            elif column in taken:
                found.append(
                    f"sources '{taken[column]}' and '{source.name}' both hold '{column}': its worth would be counted twice"
                )
            taken[column] = source.name
    if found:
        raise SettingsError(breaches("The sources break their contract", found))
    return told


def _own(frame: Frame, facts: Facts, source: Source) -> dict[str, Array]:
    """Return the history's features, and where the target stands in its season."""
    found = {f"{source.name}: {name}": values for name, values in history.features(facts, source).items()}
    season, (_, weeks) = frame.season, facts.panel.shape
    if season == 1 or weeks < season:
        return found
    target = frame.first + np.arange(weeks)[:, None] + np.arange(1, facts.horizon + 1)[None, :]
    found[f"{source.name}: place in the season"] = (target % season).astype(float)[None]
    if weeks > season:
        padded = np.concatenate([facts.panel.units, np.full((len(facts.panel.units), facts.horizon), np.nan)], axis=1)
        back = -season if facts.horizon <= season else -season * -(-facts.horizon // season)
        place = np.arange(weeks)[:, None] + np.arange(1, facts.horizon + 1)[None, :] + back
        before = np.where(place >= 0, padded[:, np.maximum(place, 0)], np.nan)
        found[f"{source.name}: a season before"] = before / history.level(facts.panel.units)[:, :, None]
    return found


def _column(frame: Frame, facts: Facts, source: Source, column: str) -> dict[str, Array]:
    values = frame.columns[column]
    weeks = facts.panel.shape[1]
    past = values[:, :weeks]
    lead = plans.delay_of(source)
    usual = windows.delay(windows.mean(past), lead)
    found = {
        f"{column}, last": windows.delay(windows.filled(past), lead)[:, :, None],
        f"{column}, mean of 4 over usual": (windows.delay(windows.mean(past, 4), lead) - usual)[:, :, None],
    }
    if source.known == "plan":
        target = plans.target(facts, source, values, usual)
        before = plans.target(facts, source, values, usual, shift=-1)
        found |= {f"{column} planned": target, f"{column} planned, over usual": target - usual[:, :, None]}
        found[f"{column} the period before"] = before
    return found
