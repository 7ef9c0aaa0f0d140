"""Progress of a run: bars for people, lines for logs, JSON for machines."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from lotwise.console.screen import console

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

    from lotwise.stage import Stage


class Lines:
    """Shows a run as plain lines, for logs and pipes."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._said = ""

    def started(self, stage: Stage, place: int, total: int) -> None:
        """Hear that a stage starts."""
        self._say(f"[{place}/{total}] {stage.name}: {stage.meaning}")

    def progress(self, stage: Stage, message: str, done: float | None) -> None:  # noqa: ARG002  a line needs no share
        """Hear what a stage has to say."""
        kind = re.sub(r"[\d,.]+", "#", message)  # a count that goes up is said once
        if kind != self._said:
            self._said = kind
            self._say(f"      {stage.name}: {message}")

    def finished(self, stage: Stage, record: Mapping[str, Any]) -> None:
        """Hear that a stage has published its tables."""
        self._say(f"      {stage.name}: {record['rows']:,} rows in {record['seconds']:.1f} s")

    def fresh(self, stage: Stage) -> None:
        """Hear that a stage need not run."""
        self._say(f"      {stage.name}: nothing has changed")

    def _say(self, line: str) -> None:
        print(line, file=self._stream, flush=True)


class JsonLines:
    """Shows a run as one JSON object a line, for machines."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def started(self, stage: Stage, place: int, total: int) -> None:
        """Hear that a stage starts."""
        self._say({"event": "started", "stage": stage.name, "place": place, "total": total})

    def progress(self, stage: Stage, message: str, done: float | None) -> None:
        """Hear what a stage has to say."""
        self._say({"event": "progress", "stage": stage.name, "message": message, "done": done})

    def finished(self, stage: Stage, record: Mapping[str, Any]) -> None:
        """Hear that a stage has published its tables."""
        self._say({"event": "finished", **record, "stage": stage.name})

    def fresh(self, stage: Stage) -> None:
        """Hear that a stage need not run."""
        self._say({"event": "fresh", "stage": stage.name})

    def _say(self, content: Mapping[str, Any]) -> None:
        print(json.dumps(content, default=str), file=self._stream, flush=True)


class Bars:
    """Shows a run as progress bars, for people at a terminal."""

    def __init__(self, stream: TextIO) -> None:
        columns = (TextColumn("{task.fields[name]:>10}"), BarColumn(24), TimeElapsedColumn(), TextColumn("{task.description}"))
        self._progress = Progress(*columns, console=console(stream))
        self._bars: dict[str, Any] = {}

    def __enter__(self) -> Bars:  # noqa: PYI034  nobody derives from it
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def started(self, stage: Stage, place: int, total: int) -> None:  # noqa: ARG002  the bars show the place
        """Hear that a stage starts."""
        self._bars[stage.name] = self._progress.add_task(stage.meaning, name=stage.name, total=None)

    def progress(self, stage: Stage, message: str, done: float | None) -> None:
        """Hear that a stage has done a share of its work."""
        total = None if done is None else 1.0
        self._progress.update(self._bars[stage.name], description=message, total=total, completed=done or 0.0)

    def finished(self, stage: Stage, record: Mapping[str, Any]) -> None:
        """Hear that a stage has published its tables."""
        bar = self._bars[stage.name]
        self._progress.update(bar, description=f"{record['rows']:,} rows", total=1.0, completed=1.0)
        self._progress.stop_task(bar)

    def fresh(self, stage: Stage) -> None:
        """Hear that a stage need not run."""
        self._progress.add_task("nothing has changed", name=stage.name, total=1, completed=1, start=False)
