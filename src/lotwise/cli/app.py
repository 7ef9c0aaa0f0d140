"""The app all commands hang on, and what they share: a project to open, a listener to tell."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from lotwise.loop import Listener
    from lotwise.project import Project

ABOUT = "Turn what customers do into what a factory should make, and say in money what is still lost and why."
app = typer.Typer(add_completion=False, no_args_is_help=True, help=ABOUT, pretty_exceptions_enable=False)

Folder = Annotated[Path, typer.Option("--project", "-p", help="The project's folder.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line, for machines.")]
HERE = Path()


def opened(folder: Path) -> Project:
    """Return the project in a folder."""
    from lotwise.project import open_project

    return open_project(folder)


def listener(*, json: bool) -> AbstractContextManager[Listener]:
    """Return what is told of a run: JSON lines, bars at a terminal, plain lines elsewhere."""
    from lotwise import console

    if json:
        return nullcontext(console.JsonLines(sys.stdout))
    return console.Bars(sys.stderr) if sys.stderr.isatty() else nullcontext(console.Lines(sys.stderr))
