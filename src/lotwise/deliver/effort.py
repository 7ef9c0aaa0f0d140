"""How long tours are searched for: iterations, which repeat to the byte, or seconds."""

from __future__ import annotations

from dataclasses import dataclass

from lotwise.errors import SettingsError

ITERATIONS = 2000
"""Iterations where nobody says."""


@dataclass(frozen=True, slots=True)
class Effort:
    """When the search for tours ends.

    Parameters
    ----------
    iterations
        Iterations of the search; with ``seconds`` too, whichever is first. Default: 2,000, or no limit with ``seconds``.
    seconds
        Seconds of the clock; tours then depend on the machine.
    seed
        Of the search.

    Raises
    ------
    SettingsError
        A number is out of range; all of them are listed.
    """

    iterations: int | None = None
    seconds: float | None = None
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse what is no effort."""
        found = []
        if self.iterations is not None and self.iterations < 1:
            found.append(f"iterations = {self.iterations}; expected 1 or more")
        if self.seconds is not None and not 0 < self.seconds < float("inf"):
            found.append(f"seconds = {self.seconds}; expected more than 0, or leave it out and give iterations")
        if self.seed < 0:
            found.append(f"seed = {self.seed}; expected 0 or more")
        if found:
            raise SettingsError(f"Tours cannot be searched for with {'; '.join(found)}.")
