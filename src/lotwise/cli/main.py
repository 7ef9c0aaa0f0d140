"""Where the command line starts, and how it ends."""

from __future__ import annotations

import logging
import os
import sys

import typer

from lotwise.cli.app import app
from lotwise.errors import LotwiseError


def command() -> None:
    """Run the command line; a mistake of the user's is one message and exit status 2."""
    try:
        app()
    except LotwiseError as error:
        typer.echo(f"lotwise: {error}", err=True)
        sys.exit(2)


def main() -> None:
    """Run the command line and leave the process with its status, at once.

    When Python takes itself down a thread of Arrow's may still be starting, and aborts a process whose work is done
    (apache/arrow#34314). All that is published is on disk by then, so nothing is left to take down.
    """
    status: int | str | None = 0
    try:
        command()
    except SystemExit as stop:
        status = stop.code
    if isinstance(status, str):
        typer.echo(status, err=True)
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        status = 1
    logging.shutdown()
    os._exit(status if isinstance(status, int) else int(status is not None))
