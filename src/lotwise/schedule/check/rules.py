"""All rules a schedule has to keep, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lotwise import errors
from lotwise.schedule.check import machines, places, shared, times
from lotwise.schedule.check.seen import Seen

if TYPE_CHECKING:
    from lotwise.schedule.jobs import Schedule
    from lotwise.schedule.shop import Shop

RULES = (
    places.facts,
    places.releases,
    places.precedence,
    machines.overlaps,
    machines.sequence,
    machines.one_sequence,
    times.hours,
    times.setups,
    shared.batches,
    shared.tools,
)
"""Each takes what is ``Seen`` and yields the breaches of one rule, in words."""
SHOWN = 50
"""Breaches an error message lists; it says how many more there are."""


def breaches(shop: Shop, schedule: Schedule) -> list[str]:
    """Return every breach of a rule in words, with operations, machines and minutes; none: the schedule can be carried out.

    Checked are: each operation once and in one of its modes; fixed operations as they were; releases, material and machines
    that are free; precedence with lags; one thing at a time on a machine; ``behind`` as it is; open hours and durations;
    set-ups that are long enough, as late as can be and within the machine's hours; batches by room, family, state and times;
    tools; and one sequence on all machines where the shop asks for it.

    Parameters
    ----------
    shop
        What was to be scheduled.
    schedule
        Where and when each operation is done.
    """
    unreadable = places.shapes(shop, schedule)
    if unreadable:
        return unreadable
    seen = Seen(shop, schedule)
    return [breach for rule in RULES for breach in rule(seen)]


def check(shop: Shop, schedule: Schedule) -> None:
    """Return nothing where the schedule can be carried out.

    Raises
    ------
    LotwiseError
        It breaks rules, which the message lists. No input makes that right: it is a fault of lotwise.
    """
    found = breaches(shop, schedule)
    if not found:
        return
    more = [f"and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
    title = (
        "The schedule breaks rules it has to keep. This is a fault of lotwise and not of your data; nothing was published. "
        "Please report it with this message; another seed (schedule.seed) may help meanwhile"
    )
    raise errors.LotwiseError(errors.breaches(title, [*found[:SHOWN], *more]))
