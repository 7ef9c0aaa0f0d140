"""What a planner should look at: late orders, cuts, overload, shortages, stock that perishes or lies, lots that moved."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.orders.current import DIGITS
from lotwise.plan.orders.cuts import bound_by, reason
from lotwise.plan.orders.deliveries import lateness
from lotwise.plan.orders.loads import hours
from lotwise.plan.orders.numbers import lot_prefix
from lotwise.plan.orders.remedies import Remedy, Wanted, cheapest
from lotwise.plan.orders.stocks import expiring, surplus
from lotwise.plan.orders.words import item_of, said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from lotwise.plan.orders.binding import Binding, Chains
    from lotwise.plan.orders.current import Row
    from lotwise.plan.orders.deliveries import Lines

CENT = 0.01
LEAST_SHARE = 0.05
"""A lot that changed by less than this share of itself has not moved."""


@dataclass(frozen=True, slots=True)
class Short:
    """Units of a product that are short in a week, and the money at risk; ``later``: the week all of an order is there."""

    subject: str
    product: int
    week: int
    units: float
    money: float
    kind: str
    later: int = -1


@dataclass(frozen=True)
class Found:
    """What rows are made of: chains, firm orders with what is delivered of them, cuts, and ranges of prices."""

    chains: Chains
    lines: Lines
    delivered: NDArray[np.float64]
    cuts: Sequence[Row]
    ranges: Mapping[tuple[str, int], tuple[float, float]] = field(default_factory=dict)


def exception_rows(found: Found) -> list[Row]:
    """Return the rows of the table ``exceptions``, the most money first.

    A product that is cut in several weeks is one row, at the week that loses most; so is a material that is short.
    """
    shorts = [*_late(found), *_cut(found)]
    rows = [_short_row(found, short) for short in shorts]
    rows += [*_shortages(found, shorts), *_overload(found), *expiring(found.chains.current), *surplus(found.chains.current)]
    rows += _moved(found)
    return ranked(rows)


def ranked(rows: list[Row]) -> list[Row]:
    """Return rows with their rank, the most money first, to the digits it is published with; then by kind, subject and week."""
    first = sorted(rows, key=lambda row: (-round(float(row["money"]), DIGITS), row["kind"], row["subject"], row["week"]))
    return [{"rank": rank, **row} for rank, row in enumerate(first, start=1)]


def _late(found: Found) -> Iterator[Short]:
    lines, late = found.lines, lateness(found.lines, found.delivered)
    for n in np.flatnonzero(late.weeks > 0).tolist():
        units, product, week = float(late.units[n]), int(lines.product[n]), int(lines.week[n])
        later = int(late.week[n]) if late.week[n] < found.delivered.shape[1] else -1
        yield Short(lines.name(n), product, week, units, units * float(lines.price[n]), "late", later)


def _cut(found: Found) -> Iterator[Short]:
    problem = found.chains.current.problem
    product = {name: n for n, name in enumerate(problem.products)}
    week = {day: n for n, day in enumerate(problem.weeks)}
    mine: dict[str, list[Row]] = defaultdict(list)
    for row in found.cuts:
        mine[str(row["product"])].append(row)
    for name, rows in mine.items():
        worst = max(rows, key=lambda row: (row["lost_profit"], -week[row["week"]]))
        units = float(worst["wanted"]) - float(worst["planned"])
        money = sum(float(row["lost_profit"]) for row in rows)
        yield Short(name, product[name], week[worst["week"]], units, money, "cut")


def _short_row(found: Found, short: Short) -> Row:
    chains = found.chains
    current, binding = chains.current, bound_by(chains, short.product, short.week)
    remedy = None
    if binding is not None and binding.kind != "none":
        item = int(current.sale_item[short.product])
        remedy = cheapest(chains, Wanted(item, short.week, short.units, binding, found.ranges))
        remedy = remedy and replace(remedy, gain=min(remedy.gain, short.money))
    if short.kind == "late" and (remedy is None or not remedy.cost < remedy.gain):
        remedy = _later(found, short, remedy)
    name = f"order {short.subject}" if short.kind == "late" else short.subject
    chain = " <- ".join([name, *(binding.chain if binding is not None else ())])
    return _row(short, current.day(short.week), (reason(chains, short.product, short.week), chain), remedy)


def _row(short: Short, day: object, said_: tuple[str, str], remedy: Remedy | None) -> Row:
    return {
        "kind": short.kind,
        "subject": short.subject,
        "week": day,
        "money": max(short.money, 0.0),
        "reason": said_[0],
        "chain": said_[1],
        "remedy": "" if remedy is None else remedy.text,
        "remedy_cost": None if remedy is None or np.isnan(remedy.cost) else max(remedy.cost, 0.0),
        "gain": None if remedy is None or np.isnan(remedy.gain) else remedy.gain,
    }


def _later(found: Found, short: Short, other: Remedy | None) -> Remedy | None:
    """Return a later due date for an order that is late, where the plan has all of it; else the other remedy."""
    if short.later < 0:
        return other
    current = found.chains.current
    delay = float(current.problem.terms.delay[short.product]) * (short.later - short.week) * short.units
    return Remedy(f"a later due date: the week of {current.day(short.later)}", delay, short.money)


def _shortages(found: Found, shorts: Sequence[Short]) -> Iterator[Row]:
    """Yield materials and components that bind orders or products, with the money of all of these."""
    chains = found.chains
    current = chains.current
    mine: dict[str, list[tuple[Short, Binding]]] = defaultdict(list)
    for short in shorts:
        binding = bound_by(chains, short.product, short.week)
        if binding is None or (item := item_of(current, binding)) < 0:
            continue
        name = current.network.items.names[item]
        if name != current.problem.products[short.product]:
            mine[name].append((short, binding))
    for name, pairs in sorted(mine.items()):
        short, binding = max(pairs, key=lambda pair: (pair[0].money, -pair[1].week, pair[0].subject))
        item = item_of(current, binding)
        together = [
            pair
            for pair in pairs
            if (pair[1].kind, pair[1].number, pair[1].week) == (binding.kind, binding.number, binding.week)
        ]
        units = sum(other.units * bound.each for other, bound in together)
        wanted = Wanted(item, binding.week, units, replace(binding, each=1.0), found.ranges)
        money = sum(other.money for other, _ in pairs)
        remedy = cheapest(chains, wanted)
        remedy = remedy and replace(remedy, gain=min(remedy.gain, money))
        whole = replace(short, subject=name, kind="shortage", money=money)
        chain = " <- ".join([f"order {short.subject}" if short.kind == "late" else short.subject, *binding.chain])
        yield _row(whole, current.day(binding.week), (said(current, binding), chain), remedy)


def _overload(found: Found) -> Iterator[Row]:
    current = found.chains.current
    network, flow = current.network, current.flow
    extra = flow.overtime
    given = network.switches.hours.tocsr()
    per = np.maximum(-given.toarray(), 0.0) if given.nnz else np.zeros(given.shape)
    shift = hours(current)[2]
    for machine, week in np.argwhere((extra > CENT) | (shift > CENT)).tolist():
        name, day = network.machines.names[machine], current.day(week)
        money = float(extra[machine, week] * network.machines.overtime_cost[machine])
        money += float(((per[machine] > 0) * network.switches.cost) @ flow.times[:, week])
        what = [f"{extra[machine, week]:,.4g} hours of overtime"] if extra[machine, week] > CENT else []
        what += [f"{shift[machine, week]:,.4g} hours of added shifts"] if shift[machine, week] > CENT else []
        text = f"{name} takes {' and '.join(what)} in the week of {day}."
        if current.plan.is_feasible:  # else the price holds what the program pays so that promises come first
            text += f" One more of its hours would earn {float(flow.machine_price[machine, week]):,.2f}."
        yield _row(Short(name, -1, week, 0.0, money, "overload"), day, (text, name), None)


def _moved(found: Found) -> Iterator[Row]:
    """Yield lots that are larger, smaller, new or gone against the plan before."""
    current = found.chains.current
    activities, labels = current.network.activities, current.labels
    before, level = activities.before, current.flow.level
    if current.flow.expected is not None:  # nobody was told to make what is only expected
        level = level - current.flow.expected
    change = np.abs(level - before)
    is_make = np.array([kind == "make" for kind in activities.kinds], dtype=bool)
    with np.errstate(invalid="ignore"):
        moved = change > np.maximum(LEAST_SHARE * np.maximum(before, level), 1e-3)
    for activity, week in np.argwhere(moved & is_make[:, None]).tolist():
        out, item = float(current.out[activity]), int(labels.item[activity])
        old, new = before[activity, week] * out, level[activity, week] * out
        known = found.chains.number(activity, week)
        lot = known if current.flow.level[activity, week] > CENT / 1e4 else f"{lot_prefix(current, activity, week)}/1"
        text = f"{current.network.items.names[item]}, started in the week of {current.day(week)}: "
        text += f"{old:,.6g} units in the plan before, {new:,.6g} now."
        money = float(change[activity, week] * activities.change_cost[activity])
        yield _row(Short(lot, -1, week, 0.0, money, "moved"), current.day(week), (text, lot), None)
