"""Where the command line starts."""

from __future__ import annotations

import sys

import typer

from lotwise.cli.app import app
from lotwise.errors import LotwiseError


def main() -> None:
    """Run the command line; a mistake of the user's is one message and exit status 2."""
    try:
        app()
    except LotwiseError as error:
        typer.echo(f"lotwise: {error}", err=True)
        sys.exit(2)
