"""A process of our own that answers one question, watched: a crash is reported, and nothing is left running."""

from __future__ import annotations

import subprocess
import sys
import time
from queue import Empty, Queue
from tempfile import TemporaryFile
from threading import Thread
from typing import IO, TYPE_CHECKING

from lotwise.errors import LotwiseError
from lotwise.schedule.exact.parcel import read, write

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    import numpy as np

CHILD = "lotwise.schedule.exact.child"
"""The module the process runs."""
SAID = 8
"""Last lines of its error output shown when it has crashed."""


def answers(
    asked: Mapping[str, np.ndarray], until: float | None, module: str = CHILD
) -> Generator[dict[str, np.ndarray], None, None]:
    """Yield what the process writes until it has said its last word (``bound``); end it then, or when nobody listens any more.

    Parameters
    ----------
    asked
        The question, as ``parcel`` writes it.
    until
        ``time.time()`` at which it is ended; none: it ends by itself.
    module
        What the process runs.

    Raises
    ------
    LotwiseError
        It ended before its last word.
    """
    with TemporaryFile() as errors:
        command = [sys.executable, "-m", module]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)  # noqa: S603 - our own
        try:
            whole = yield from _listen(process, asked, until)
            if not whole:
                raise LotwiseError(_last_words(process, errors))
        finally:
            process.kill()
            process.wait()
            _close(process)


def _listen(
    process: subprocess.Popen[bytes], asked: Mapping[str, np.ndarray], until: float | None
) -> Generator[dict[str, np.ndarray], None, bool]:
    """Yield messages; return whether the last word was among them, or the time is over."""
    heard: Queue[dict[str, np.ndarray] | None] = Queue()
    if process.stdin is None or process.stdout is None:
        return False
    Thread(target=_hear, args=(process.stdout, heard), daemon=True).start()
    try:
        write(process.stdin, asked)
    except BrokenPipeError:
        return False
    while True:
        try:
            message = heard.get(timeout=None if until is None else max(0.0, until - time.time()))
        except Empty:
            return True
        if message is None:
            return False
        yield message
        if "bound" in message:
            return True


def _hear(stream: IO[bytes], heard: Queue[dict[str, np.ndarray] | None]) -> None:
    while True:
        try:
            message = read(stream)
        except ValueError:  # the stream was closed while it was read
            message = None
        heard.put(message)
        if message is None:
            return


def _last_words(process: subprocess.Popen[bytes], errors: IO[bytes]) -> str:
    try:
        code = process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        code = process.wait()
    errors.seek(0)
    said = errors.read().decode(errors="replace").strip().splitlines()[-SAID:]
    how = f"by signal {-code}" if code < 0 else f"with status {code}"
    message = f"The process of CP-SAT ended {how} before it had an answer. Take the method 'list', and report this to us."
    return "\n".join([message, *(f"  {line}" for line in said)])


def _close(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is None:
            continue
        try:
            pipe.close()
        except BrokenPipeError:
            continue
