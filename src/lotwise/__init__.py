"""Turns what customers do into what a factory should make, and says in money what is still lost and why.

``open_project`` opens a folder with ``lotwise.toml``; ``project.run()`` runs the loop and
``project.table("gap")`` returns a table. Every stage is a namespace of its own, such as ``lotwise.plan``.
"""

from importlib import import_module
from importlib.metadata import version
from types import ModuleType

from lotwise.errors import (
    BusyError,
    ContractError,
    DamagedError,
    InputError,
    LotwiseError,
    MissingPackageError,
    MissingTableError,
    SettingsError,
    StoreError,
)
from lotwise.project import Project, open_project

__version__ = version("lotwise")

STAGES = ("collect", "guard", "pool", "mine", "forecast", "plan", "schedule", "gap", "recommend", "deliver")
ROOMS = (*STAGES, "report", "demo")


def __getattr__(name: str) -> ModuleType:
    """Return a stage's namespace, imported when it is first asked for."""
    if name in ROOMS:
        return import_module(f"lotwise.{name}")
    raise AttributeError(f"module 'lotwise' has no attribute '{name}'")


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted([*__all__, *ROOMS])


__all__ = [
    "BusyError",
    "ContractError",
    "DamagedError",
    "InputError",
    "LotwiseError",
    "MissingPackageError",
    "MissingTableError",
    "Project",
    "SettingsError",
    "StoreError",
    "__version__",
    "open_project",
]
