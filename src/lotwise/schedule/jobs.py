"""A schedule: where and when each operation is done, what it comes to in money, and how it was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from lotwise.schedule.shop import Shop


@dataclass(frozen=True)
class Schedule:
    """Where and when each operation is done. Minutes as in ``Shop``.

    Parameters
    ----------
    mode
        ``(n,)`` the mode each operation is done in, an index into ``Shop.modes``.
    start, end
        ``(n,)`` minutes.
    setup_start
        ``(n,)`` minute its set-up begins, as late as can be; ``start`` where none is needed, and in a batch the same for all.
    behind
        ``(n,)`` an operation directly before it on its machine (of a batch: its first member by number); -1: it is the first.
    batch
        ``(n,)`` operations with one number share a batch; -1: alone.
    worked
        ``(n_periods,)`` whether each overtime period is worked.
    """

    mode: np.ndarray
    start: np.ndarray
    end: np.ndarray
    setup_start: np.ndarray
    behind: np.ndarray
    batch: np.ndarray
    worked: np.ndarray


@dataclass(frozen=True)
class Value:
    """What a schedule comes to, in money but for the last three."""

    total: float
    tardiness: float
    setup: float
    overtime: float
    change: float
    modes: float
    makespan: int
    late: int
    changed: int


@dataclass(frozen=True)
class Budget:
    """How long to look.

    Parameters
    ----------
    moves
        Neighbors tried, over all starts: the same moves and seed give the same schedule on any machine. Used where ``seconds``
        is none.
    seconds
        Wall clock seconds instead; what is found then depends on the machine.
    starts
        Independent searches, run on as many cores as there are; the best is kept.
    seed
        Seed of the random numbers.
    """

    moves: int = 200_000
    seconds: float | None = None
    starts: int = 2
    seed: int = 1


@dataclass(frozen=True)
class Found:
    """A schedule and how it was found.

    Parameters
    ----------
    schedule, value
        The best schedule and its value.
    method
        ``"dispatch"``, ``"list"``, ``"tabu"``, ``"flow"`` or ``"exact"``.
    why
        Why this method was taken, in words.
    bound
        No schedule comes to less; none where no bound was found.
    moves
        Neighbors tried.
    trace
        (moves or seconds so far, best total) whenever it became better.
    """

    schedule: Schedule
    value: Value
    method: str
    why: str = ""
    bound: float | None = None
    moves: int = 0
    trace: tuple[tuple[float, float], ...] = field(default_factory=tuple)


def usual_moves(size: int) -> int:
    """Return how many neighbors are tried where nobody says: as many as place 20 million operations, 100 to 200,000."""
    return min(200_000, max(100, 20_000_000 // max(size, 1)))


class Search(Protocol):
    """A way to look for a schedule: ``search(shop, budget, begin=..., say=...)``."""

    def __call__(
        self, shop: Shop, budget: Budget, *, begin: Schedule | None = None, say: Callable[[str, float], None] | None = None
    ) -> Found:
        """Return the best schedule found; ``begin`` is a feasible one to start from, ``say`` hears (message, best total)."""
