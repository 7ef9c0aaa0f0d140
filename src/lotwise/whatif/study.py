"""Scenarios planned beside a project: its published tables with changes, and only the plan of the weeks to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from lotwise import config
from lotwise.errors import InputError, MissingTableError, breaches, did_you_mean
from lotwise.loop import open_engine
from lotwise.pool import economics
from lotwise.pool.quality import Book
from lotwise.project import Project
from lotwise.stages import stage_named
from lotwise.tables.collected import NAMELESS_FAULTS
from lotwise.whatif.assumed import assumed
from lotwise.whatif.change import Draft, scaled
from lotwise.whatif.difference import TABLES, Differences, differ
from lotwise.whatif.figures import NOW
from lotwise.whatif.scenario import BASE, Scenario, read, study_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.config import Settings
    from lotwise.loop import Listener

FIXED = ("draws", "forecast", "demand", "work", "economics")
"""Tables of the plan that hold what was forecast, what has happened or what follows from others; ``economics`` is open."""
PUBLISHED = "published"
"""Name by which ``compare`` means the project's own plan."""


def what_if(
    project: Project,
    scenarios: Path | str | Sequence[Scenario] | Mapping[str, Mapping[str, Any]],
    *,
    listener: Listener | None = None,
) -> list[Differences]:
    """Return, for each scenario, what its plan has that the unchanged plan has not.

    Each scenario is a study of the project: what is published stays as it is, and ``compare`` finds the scenario again by
    its name. Nothing but the stage ``plan`` runs, and only for the weeks to come.

    Parameters
    ----------
    project
        A project that has been forecast and planned.
    scenarios
        A TOML file; scenarios as ``read`` returns them; or by name of the scenario the frames (pandas, Polars, Arrow) that
        stand in place of tables, by name of the table.
    listener
        Hears how the plans get on.

    Raises
    ------
    InputError
        The file, or what it changes, is not there or does not fit: everything at once, and nothing is planned.
    MissingTableError
        The project has no forecast of weeks to come.
    ContractError
        The changed tables do not fit together.
    """
    frames = scenarios if isinstance(scenarios, Mapping) else {}
    if isinstance(scenarios, Path | str):
        found = read(Path(scenarios))
    else:
        found = [one if isinstance(one, Scenario) else Scenario(one) for one in scenarios]
    drafts = _drafted(project, found, frames)
    base = _planned(project, Scenario(BASE), _Ready(project.settings, {"draws": _draws(project)}), listener)
    return [
        differ(base, _planned(project, scenario, ready, listener), scenario=scenario.name, assumed=ready.notes)
        for scenario, ready in zip(found, drafts, strict=True)
    ]


def compare(project: Project, first: str, second: str) -> Differences:
    """Return what the plan of one scenario has that another's has not, as they were planned last.

    Parameters
    ----------
    project
        Where the scenarios have been planned with ``what_if``.
    first, second
        Names of scenarios; ``base`` is the unchanged plan of the last ``what_if``, ``published`` the project's own.

    Raises
    ------
    InputError
        No scenario of this name has been planned.
    """
    plans = [_tables(_study(project, name)) for name in (first, second)]
    return differ(*plans, scenario=second)


@dataclass(frozen=True)
class _Ready:
    """A scenario's settings, the tables it changes, and what is assumed."""

    settings: Settings
    tables: dict[str, pa.Table]
    notes: tuple[str, ...] = ()


def _drafted(project: Project, scenarios: Sequence[Scenario], frames: Mapping[str, Mapping[str, Any]]) -> list[_Ready]:
    """Return the scenarios ready to plan.

    Raises
    ------
    InputError
        With everything in all of them that cannot be done.
    """
    stage = stage_named("plan")
    names = [name for name in (*stage.takes, *stage.may_take) if name not in FIXED]
    tables = {name: table for name in (*names, "economics") if (table := project.find(name)) is not None}
    draws, first = _draws(project), pc.min(project.table("draws")["cutoff"])
    ready, faults = [], []
    for scenario in scenarios:
        draft = Draft(dict(tables), [*names, "economics"], list(assumed(scenario)))
        draft.replace(frames.get(scenario.name, {}), scenario.name)
        draft.refuse_unknown(scenario)
        draft.change(scenario, only=names)
        settings = _settings(project.settings, scenario)
        told = "economics" in frames.get(scenario.name, {})
        if not (draft.faults or told) and (draft.tables["products"] is not tables["products"] or scenario.economics):
            draft.tables["economics"] = _priced(draft.tables, settings, first)
        draft.change(scenario, only=["economics"])
        asked = scaled(draws, draft.tables.get("products"), scenario.demand, draft, scenario.name)
        changed = {name: table for name, table in draft.tables.items() if table is not tables.get(name)}
        ready.append(_Ready(settings, {**changed, "draws": asked}, tuple(draft.notes)))
        faults += draft.faults
    if faults:
        raise InputError(breaches("What is to be changed is not all there or does not fit", faults))
    return ready


def _planned(project: Project, scenario: Scenario, ready: _Ready, listener: Listener | None) -> dict[str, pa.Table]:
    """Return the tables of a scenario's study after planning it."""
    study = project.study(scenario.study, ready.settings, tables=ready.tables)
    study.run(only="plan", listener=listener)
    return _tables(study)


def _draws(project: Project) -> pa.Table:
    """Return the draws of the weeks to come: a plan is made for what is drawn, so that no past one is."""
    draws = project.table("draws")
    now = draws.filter(pc.equal(draws["information"], NOW))
    if now.num_rows == 0:
        raise MissingTableError("Nothing is forecast yet. Make it with: lotwise run")
    return now.filter(pc.equal(now["cutoff"], pc.max(now["cutoff"])))


def _settings(settings: Settings, scenario: Scenario) -> Settings:
    """Return the project's settings with those of a scenario in their place."""
    for section in ("plan", "economics"):
        whole = _merged(msgspec.to_builtins(getattr(settings, section)), getattr(scenario, section))
        built = config.build({section: whole}, origin=f"Scenario '{scenario.name}'")
        settings = msgspec.structs.replace(settings, **{section: getattr(built, section)})
    return settings


def _merged(whole: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return a mapping with another's values in place of its own, however deep they lie."""
    return whole | {
        key: _merged(whole[key], value) if isinstance(value, dict) and isinstance(whole.get(key), dict) else value
        for key, value in other.items()
    }


def _priced(tables: dict[str, pa.Table], settings: Settings, first: pa.Scalar) -> pa.Table:
    """Return ``economics`` of changed products and settings, made as the pool makes it."""
    engine = open_engine(settings)
    try:
        book = Book(engine, engine.from_arrow(NAMELESS_FAULTS.empty()))
        products, orders = (engine.from_arrow(tables[name]) for name in ("products", "orders"))
        return engine.to_arrow(economics.price(products, orders, book, settings.economics, before=first.as_py()))
    finally:
        engine.close()


def _study(project: Project, name: str) -> Project:
    """Return the study in which a scenario was planned, or the project itself."""
    if name == PUBLISHED:
        return project
    study = Project(project.folder, project.settings, study=study_name(name))
    if "plans" in study.store.manifest().tables:
        return study
    prefix = study_name("")
    known = sorted(folder.name.removeprefix(prefix) for folder in study.store.home.parent.glob(f"{prefix}*"))
    hint = did_you_mean(name, known)
    message = f"No scenario '{name}' has been planned{hint or '.'} Planned: {', '.join([PUBLISHED, *known])}. "
    raise InputError(message + "Plan scenarios of a file with: lotwise plan --what-if FILE")


def _tables(project: Project) -> dict[str, pa.Table]:
    """Return the tables that plans are compared by, overtime costs filled from the settings."""
    found = {name: table for name in TABLES if (table := project.find(name)) is not None}
    if "machines" in found:
        machines = found["machines"]
        cost = pc.fill_null(machines["overtime_cost"], project.settings.economics.overtime_cost)
        found["machines"] = machines.set_column(machines.column_names.index("overtime_cost"), "overtime_cost", cost)
    return found
