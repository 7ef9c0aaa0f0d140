"""The way to look for a schedule that suits the shape of the shop, and why it was taken."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

from lotwise.errors import InputError, did_you_mean
from lotwise.schedule.bounds import bound
from lotwise.schedule.exact import exact
from lotwise.schedule.exact import fits as can_be_proven
from lotwise.schedule.flow import fits as is_flow
from lotwise.schedule.flow import flow
from lotwise.schedule.jobs import Found
from lotwise.schedule.search import dispatch, search
from lotwise.schedule.tabu import fits as is_classical
from lotwise.schedule.tabu import tabu
from lotwise.schedule.value import value

if TYPE_CHECKING:
    from collections.abc import Callable

    from lotwise.schedule.jobs import Budget, Schedule, Search
    from lotwise.schedule.shop import Shop

    Say = Callable[[str, float], None]

SEARCHES: dict[str, Search] = {"list": search, "tabu": tabu, "flow": flow, "exact": exact}
METHODS = ("auto", *SEARCHES, "dispatch")
SMALL = 12
"""Operations up to which a schedule is proven to be the best, where the extra is installed."""
MOST_BOUNDED = 20_000
"""Operations up to which a bound is looked for; there is no time for it where something has happened on the floor."""

ASKED = "it was asked for"
EMPTY = "there is nothing to schedule"
NO_TIME = "there is no time to look for more than a feasible schedule"
FLOW = "a permutation flow shop: one sequence for all machines, searched by iterated greedy"
SAME = "one sequence for all machines, more than a plain flow shop: only CP-SAT keeps both"
CLASSICAL = "a job shop with a makespan and nothing else: tabu search on its critical paths"
PROVABLE = f"at most {SMALL} operations: the best schedule can be proven"
RICH = "set-ups, calendars, tools, batches or due dates: sequences are searched, each decoded in full"


def solve(shop: Shop, budget: Budget, *, method: str = "auto", begin: Schedule | None = None, say: Say | None = None) -> Found:
    """Return the best schedule found within a budget, by the method that suits the shop.

    Parameters
    ----------
    method
        ``"auto"``: the one ``choose`` names; or one of ``METHODS``.
    begin
        A feasible schedule to start from; what is found comes to no more.
    say
        Hears a message and the best total whenever it becomes better.

    Raises
    ------
    InputError
        There is no such method, or it cannot take this shop.
    MissingPackageError
        ``"exact"`` was asked for and OR-Tools is not installed.
    """
    if method not in METHODS:
        message = f"There is no method '{method}'{did_you_mean(method, METHODS)}. The methods are: {', '.join(METHODS)}"
        raise InputError(message)
    name, why = choose(shop, budget) if method == "auto" else (method, ASKED)
    _refuse(shop, name)
    if name == "dispatch":
        schedules = [dispatch(shop)] if begin is None else [begin, dispatch(shop)]
        schedule = min(schedules, key=lambda one: value(shop, one).total)
        found = Found(schedule, value(shop, schedule), "dispatch")
    else:
        found = SEARCHES[name](shop, budget, begin=begin, say=say)
    if found.bound is None and shop.before is None and shop.size <= MOST_BOUNDED:
        found = replace(found, bound=min(bound(shop), found.value.total))
    return replace(found, why=why)


def _refuse(shop: Shop, name: str) -> None:
    """Stop where a method cannot take a shop."""
    message = ""
    if name == "tabu" and not is_classical(shop):
        message = (
            "Method 'tabu' takes (flexible) job shops with a makespan and nothing else: no set-ups, calendars, tools, batches "
            "or fixed operations. Take method 'list', or 'auto'"
        )
    if name == "flow" and not is_flow(shop):
        message = (
            "Method 'flow' takes permutation flow shops: same_sequence, and every order on the same machines in the same "
            "order, always open. Take method 'list', or 'auto'"
        )
    if name in ("list", "dispatch") and shop.same_sequence and shop.size:
        message = f"Method '{name}' does not keep same_sequence. Take 'flow' or 'exact', or let machines differ in sequence"
    if message:
        raise InputError(message)


def choose(shop: Shop, budget: Budget) -> tuple[str, str]:
    """Return the method for a shop, and why."""
    no_time = budget.seconds == 0 or (budget.seconds is None and budget.moves == 0)
    provable = shop.size <= SMALL and find_spec("ortools") is not None
    rules = (
        (shop.size == 0, "dispatch", EMPTY),
        (is_flow(shop), "flow", FLOW),
        (shop.same_sequence, "exact", SAME),
        (no_time, "dispatch", NO_TIME),
        (is_classical(shop), "tabu", CLASSICAL),
        (provable and can_be_proven(shop), "exact", PROVABLE),
        (True, "list", RICH),
    )
    return next((name, why) for holds, name, why in rules if holds)
