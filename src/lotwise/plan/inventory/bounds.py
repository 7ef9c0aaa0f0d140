"""What a number may be: every amount the policies are given is checked here, at the door."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

LARGEST = 2.0**53
"""Beyond it floats skip whole numbers."""


def at_least(name: str, values: ArrayLike, low: float = 0.0) -> NDArray[np.float64]:
    """Return finite numbers of at least ``low`` as floats.

    Raises
    ------
    InputError
        There is a lower one, or one that is not finite; the first is named with its place.
    """
    found = np.asarray(values, dtype=np.float64)
    expected = f"a finite number of at least {low:g}" if np.isfinite(low) else "a finite number"
    _refuse(name, found, ~(np.isfinite(found) & (found >= low)), expected)
    return found


def above(name: str, values: ArrayLike, low: float = 0.0) -> NDArray[np.float64]:
    """Return finite numbers above ``low`` as floats.

    Raises
    ------
    InputError
        There is one that is not above it, or not finite; the first is named with its place.
    """
    found = np.asarray(values, dtype=np.float64)
    _refuse(name, found, ~(np.isfinite(found) & (found > low)), f"a finite number above {low:g}")
    return found


def between(name: str, values: ArrayLike) -> NDArray[np.float64]:
    """Return shares between 0 and 1, both left out.

    Raises
    ------
    InputError
        There is another number; the first is named with its place.
    """
    found = np.asarray(values, dtype=np.float64)
    _refuse(name, found, ~((found > 0) & (found < 1)), "a share between 0 and 1, both left out (0.95 for 95 %)")
    return found


def whole(name: str, values: ArrayLike, low: int = 0) -> NDArray[np.int64]:
    """Return whole numbers of at least ``low``.

    Raises
    ------
    InputError
        There is a lower one or a broken one; the first is named with its place.
    """
    found = np.asarray(values, dtype=np.float64)
    is_whole = np.isfinite(found) & (found == np.round(found)) & (found >= low) & (found <= LARGEST)
    _refuse(name, found, ~is_whole, f"a whole number from {low} to 2^53")
    return found.astype(np.int64)


def one_of(name: str, value: str, known: tuple[str, ...]) -> str:
    """Return the value if it is known.

    Raises
    ------
    InputError
        It is not.
    """
    if value not in known:
        raise InputError(f"{name}: found {value!r}; expected one of {', '.join(map(repr, known))}.")
    return value


def _refuse(name: str, found: NDArray[np.float64], is_wrong: NDArray[np.bool_], expected: str) -> None:
    if not is_wrong.any():
        return
    first = tuple(int(place) for place in np.argwhere(is_wrong)[0])
    where = f" at {list(first)}" if first else ""
    more = int(is_wrong.sum()) - 1
    others = f" and {more} more" if more else ""
    raise InputError(f"{name}: found {found[first]:g}{where}{others}; expected {expected}. Correct the values given.")
