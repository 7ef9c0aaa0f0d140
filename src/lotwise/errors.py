"""Every error lotwise raises on purpose, in one small tree.

::

    LotwiseError
    ├── SettingsError (ValueError)      lotwise.toml is missing, unreadable or breaks its contract
    ├── ContractError (ValueError)      a table breaks its contract: every breach is listed
    ├── InputError (ValueError)         a file of the user's cannot be read as what it was said to be
    ├── StoreError (OSError)            the project's store cannot be read or written
    │   ├── DamagedError                a stored file is not the file that was published
    │   └── BusyError                   another run holds the project
    ├── MissingTableError (KeyError)    a table is needed that no stage has given yet
    └── MissingPackageError (ImportError)  an optional package is not installed

A message says what was found, what was expected and the next step. The command line prints it and
exits with status 2; a traceback means a bug of ours.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class LotwiseError(Exception):
    """Anything the user can put right; the message says how."""

    def __str__(self) -> str:
        """Return the message as written (``KeyError`` would quote it)."""
        return str(self.args[0]) if self.args else ""


class SettingsError(LotwiseError, ValueError):
    """``lotwise.toml`` is missing, unreadable or breaks its contract."""


class ContractError(LotwiseError, ValueError):
    """A table breaks its contract; the message lists every breach."""


class InputError(LotwiseError, ValueError):
    """A file of the user's cannot be read as what it was said to be."""


class StoreError(LotwiseError, OSError):
    """The project's store cannot be read or written."""


class DamagedError(StoreError):
    """A stored file is not, byte for byte, the file that was published."""


class BusyError(StoreError):
    """Another run holds the project."""


class MissingTableError(LotwiseError, KeyError):
    """A table is needed that no stage has given yet."""


class MissingPackageError(LotwiseError, ImportError):
    """An optional package is needed and not installed."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` for the closest known name, or an empty string."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; did you mean '{close[0]}'?" if close else ""


def breaches(title: str, found: Sequence[str]) -> str:
    """Return one message that lists every breach found, one a line."""
    return "\n".join([f"{title}:", *(f"- {breach}" for breach in found)])
