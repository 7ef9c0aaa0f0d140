"""The command line: every command a user types, in files named for what they are about.

A command imports what it needs when it is called, so that ``lotwise --help`` answers at once.
"""

from lotwise.cli import customers, deliver, forecast, gap, loop, mine, plan, promise, schedule
from lotwise.cli.app import app
from lotwise.cli.main import command, main

__all__ = ["app", "command", "customers", "deliver", "forecast", "gap", "loop", "main", "mine", "plan", "promise", "schedule"]
