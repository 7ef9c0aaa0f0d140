"""A frame in memory (pandas, Polars, Arrow, anything with the Arrow C stream interface) as an Arrow table."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from lotwise.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_frame(name: str, frames: Mapping[str, Any]) -> pa.Table:
    """Return the frame of a name with ``source_row``.

    Raises
    ------
    InputError
        There is no such frame, it is no table, or it has no row.
    """
    if name not in frames:
        known = f"The frames given are: {', '.join(sorted(frames))}" if frames else "No frame was given"
        message = f"There is no frame '{name}'{did_you_mean(name, frames)}. {known}. "
        message += f"Give it with: project.run(frames={{'{name}': ...}})"
        raise InputError(message)
    frame = frames[name]
    if not hasattr(frame, "__arrow_c_stream__") and not isinstance(frame, (pa.Table, pa.RecordBatch, dict)):
        message = f"Frame '{name}' is a {type(frame).__name__}; "
        message += "expected pandas, Polars, Arrow or another frame with __arrow_c_stream__"
        raise InputError(message)
    table = pa.table(frame)
    if table.num_rows == 0:
        message = f"Frame '{name}' has no row. Its columns are: {', '.join(table.column_names)}"
        raise InputError(message)
    theirs = [column for column in table.column_names if column not in {"source_file", "source_row"}]
    return table.select(theirs).append_column("source_row", pa.array(np.arange(1, table.num_rows + 1), pa.int64()))


def digest(table: pa.Table) -> str:
    """Return the SHA-256 of a frame's columns and values, whatever its chunks."""
    whole = hashlib.sha256()

    class Sink:
        closed = False

        def write(self, block: bytes) -> int:
            whole.update(block)
            return len(block)

        def flush(self) -> None:
            """Hold nothing back."""

        def close(self) -> None:
            """Hold nothing open."""

    with pa.ipc.new_stream(pa.PythonFile(Sink(), mode="w"), table.schema) as stream:
        stream.write_table(table.combine_chunks())
    return whole.hexdigest()
