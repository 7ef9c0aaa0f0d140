"""Shops and answers as bytes between two processes: numbers only, so that nothing that is read can run."""

from __future__ import annotations

from dataclasses import fields
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from lotwise.schedule.jobs import Schedule
from lotwise.schedule.shop import Before, Calendars, Goal, Machines, Modes, Operations, Orders, Setups, Shop, Tools

if TYPE_CHECKING:
    from collections.abc import Mapping

PARTS: dict[str, Any] = {
    "orders": Orders,
    "operations": Operations,
    "modes": Modes,
    "machines": Machines,
    "calendars": Calendars,
    "setups": Setups,
    "tools": Tools,
    "goal": Goal,
    "before": Before,
}


def arrays_of(shop: Shop, begin: Schedule | None) -> dict[str, np.ndarray]:
    """Return the numbers of a shop and of a schedule to begin with; of names, how many there are."""
    found = {"same_sequence": np.array(shop.same_sequence)}
    for part in PARTS:
        found |= _numbers(part, getattr(shop, part))
    if begin is not None:
        found |= _numbers("begin", begin)
    return found


def _numbers(name: str, part: object) -> dict[str, np.ndarray]:
    if part is None:
        return {}
    values = {field.name: getattr(part, field.name) for field in fields(part)}  # type: ignore[arg-type]
    return {f"{name}.{key}": np.asarray(len(v) if isinstance(v, tuple) else v) for key, v in values.items()}


def shop_from(found: Mapping[str, np.ndarray]) -> tuple[Shop, Schedule | None]:
    """Return the shop, its names left empty, and the schedule to begin with."""
    parts = {part: _built(part, kind, found) for part, kind in PARTS.items()}
    begin: Schedule | None = _built("begin", Schedule, found)
    return Shop(**parts, same_sequence=bool(found["same_sequence"])), begin


def _built(name: str, kind: Any, found: Mapping[str, np.ndarray]) -> Any:  # noqa: ANN401 - one of nine data classes
    if not any(key.startswith(f"{name}.") for key in found):
        return None
    values: dict[str, Any] = {}
    for field in fields(kind):
        value = found[f"{name}.{field.name}"]
        values[field.name] = ("",) * int(value) if str(field.type).startswith("tuple") else value
        if field.type == "float":
            values[field.name] = float(value)
    return kind(**values)


def write(stream: IO[bytes], found: Mapping[str, np.ndarray]) -> None:
    """Write arrays as one message: its length in eight bytes, then an npz file."""
    packed = BytesIO()
    np.savez(packed, **dict(found))  # type: ignore[arg-type]
    content = packed.getvalue()
    stream.write(len(content).to_bytes(8, "little") + content)
    stream.flush()


def read(stream: IO[bytes]) -> dict[str, np.ndarray] | None:
    """Return the arrays of the next message; none where the stream has ended, also in the middle of one."""
    head = stream.read(8)
    if len(head) < 8:  # noqa: PLR2004 - the length of a length
        return None
    size = int.from_bytes(head, "little")
    content = stream.read(size)
    if len(content) < size:
        return None
    with np.load(BytesIO(content), allow_pickle=False) as file:
        return {key: file[key] for key in file.files}
