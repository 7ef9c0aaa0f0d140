"""Rules of any frame of lines, without a project."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import ContractError, SettingsError, breaches, did_you_mean
from lotwise.mine.intake import Frame
from lotwise.mine.itemsets.frames import least, read
from lotwise.mine.itemsets.frequent import frequent
from lotwise.mine.rules.derive import Bar, derive
from lotwise.mine.rules.found import Found
from lotwise.mine.rules.reading import Bought, encode
from lotwise.mine.rules.scopes import ALL
from lotwise.mine.rules.sequences import follow, following, waits
from lotwise.mine.rules.tell import rules_table
from lotwise.mine.rules.worth import weigh

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.mine.itemsets.caps import Caps

    Reals = NDArray[np.float64]

log = logging.getLogger("lotwise.mine")

CORRECTIONS = ("holm", "bonferroni", "benjamini-hochberg")


def find_rules(  # noqa: PLR0913  each is a keyword of its own
    frame: Any,  # noqa: ANN401  any frame there is
    *,
    basket: str,
    item: str,
    support: float = 0.001,
    confidence: float = 0.05,
    longest: int = 3,
    significance: float = 0.01,
    correction: str = "holm",
    margin: str | None = None,
    weight: str | None = None,
    scope: str | None = None,
    caps: Caps | None = None,
) -> pa.Table:
    """Return the rules "who has the first also has the second", those worth most first.

    Parameters
    ----------
    frame
        One row an item of a basket: pandas, Polars, Arrow or another frame with ``__arrow_c_stream__``. A row that stands twice
        counts once.
    basket, item
        Columns that tell which basket, and which item.
    support
        Least share of all baskets that hold both sides (a float up to 1.0), or least count (a whole number).
    confidence
        Least share of the baskets with the first side that hold the second.
    longest
        Most items of both sides together.
    significance
        Corrected p-value up to which a rule is not held for chance.
    correction
        ``"holm"``, ``"bonferroni"`` or ``"benjamini-hochberg"``, over every rule that was tried in the same scope.
    margin
        Column with what the row earns; with it rules have a margin. Rows without a number are left out of its mean.
    weight
        Column with how often the basket counts: the same whole number, 0 or more, in all of its rows. Default: once.
    scope
        Column with the basket's segment or period: rules are looked for in all baskets, then in those of each value.
    caps
        Where each search ends at the latest. What a cap has cut is said as a warning of the log.

    Returns
    -------
    pa.Table
        Table ``rules``; ``kind`` is ``"together"`` and ``level`` ``"product"`` whatever the items are.

    Raises
    ------
    ContractError
        Columns are missing or of a wrong type, baskets have no name, or weights are no whole numbers; every breach is listed.
    SettingsError
        A setting is out of its range.
    """
    bar = _bar(confidence, significance, correction)
    lines = _lines(frame, {"basket": basket, "item": item, "margin": margin, "weight": weight, "scope": scope})
    found = []
    for name, rows in _scopes(lines, scope):
        some = lines if rows is None else lines.filter(rows)
        baskets = read(some, basket=basket, item=item, weight=weight)
        itemsets = frequent(baskets, minimum=least(support, baskets.total), longest=longest, caps=caps)
        if itemsets.ended != "whole":
            log.warning("%s", itemsets.sentence)
        rules = derive(itemsets, bar)
        if rules.left:
            log.warning("%d larger sets were not split into rules, of which there would be too many.", rules.left)
        worth = weigh(rules, _margins(some, baskets.names, basket, item, margin))
        found.append(Found("together", "product", name, None, baskets.names, rules, worth, len(baskets)))
    return rules_table(found)


def find_next(  # noqa: PLR0913  each is a keyword of its own
    frame: Any,  # noqa: ANN401  any frame there is
    *,
    customer: str,
    time: str,
    item: str,
    days: int = 0,
    support: float = 0.01,
    confidence: float = 0.05,
    significance: float = 0.01,
    correction: str = "holm",
    margin: str | None = None,
) -> pa.Table:
    """Return the rules "who buys the first buys the second next", counted in customers, those worth most first.

    Parameters
    ----------
    frame
        One row an item that a customer bought: pandas, Polars, Arrow or another frame with ``__arrow_c_stream__``.
    customer, time, item
        Columns that tell who, when (a date, a time, or a number of days) and what. Rows without a customer or item are left
        out; what was bought on one day was bought at once.
    days
        Days in which a later purchase is "next"; 0: twice the usual time between two purchases, as
        ``lotwise.mine.rules.sequences.pace`` says.
    support
        Least share of customers who buy the first and then the second (a float up to 1.0), or least count (a whole number).
    confidence, significance, correction, margin
        As for ``find_rules``.

    Returns
    -------
    pa.Table
        Table ``rules`` of kind ``"next"``, with the median ``days``; how it is compared with chance tells
        ``lotwise.mine.rules.sequences.following``.

    Raises
    ------
    ContractError
        Columns are missing or of a wrong type; every breach is listed.
    SettingsError
        A setting is out of its range.
    """
    bar = _bar(confidence, significance, correction)
    if not (days == int(days) and days >= 0):
        raise SettingsError(
            f"days = {days!r}; expected a whole number from 0; 0 is twice the usual time between two purchases."
        )
    lines = _lines(frame, {"customer": customer, "time": time, "item": item, "margin": margin})
    bought = _bought(lines, customer, time, item, margin)
    windows = follow(bought, days=days)
    customers = len(np.unique(windows.customer))
    minimum = least(support, customers)
    rules = following(windows, bar, minimum=minimum)
    if windows.items_left(minimum) or windows.customers_left:
        log.warning("%d items and %d customers were left out at a cap.", windows.items_left(minimum), windows.customers_left)
    place = {name: number for number, name in enumerate(bought.names)}
    worth = weigh(rules, bought.worth()[[place[name] for name in windows.names]])
    return rules_table(
        [Found("next", "product", ALL, None, windows.names, rules, worth, customers, days=waits(windows, rules))]
    )


def _bar(confidence: float, significance: float, correction: str) -> Bar:
    found = [
        f"{name} = {value!r}; expected a number from 0 to 1"
        for name, value in (("confidence", confidence), ("significance", significance))
        if not 0 <= value <= 1
    ]
    if correction not in CORRECTIONS:
        found.append(f"correction = {correction!r}{did_you_mean(correction, CORRECTIONS)}; expected {', '.join(CORRECTIONS)}")
    if found:
        raise SettingsError(breaches("The rules asked for cannot be found", found))
    return Bar(confidence, significance, correction)


def _lines(frame: Any, columns: dict[str, str | None]) -> pa.Table:  # noqa: ANN401  any frame there is
    """Return the columns of a frame that are asked for."""
    taken = Frame.of(frame, "The lines")
    wanted = {use: name for use, name in columns.items() if name is not None}
    for use, name in wanted.items():
        if taken.has(name):
            taken.faults += _unfit(use, name, taken.table[name].type)
    taken.done()
    return taken.table.select(list(dict.fromkeys(wanted.values())))


def _unfit(use: str, name: str, kind: pa.DataType) -> list[str]:
    """Return what keeps a column from its use."""
    number = pa.types.is_integer(kind) or pa.types.is_floating(kind)
    if pa.types.is_nested(kind):
        return [f"column '{name}' has type {kind}; expected one value a row"]
    if use == "margin" and not number:
        return [f"column '{name}' has type {kind}; expected money as a number"]
    if use == "time" and not (pa.types.is_date(kind) or pa.types.is_timestamp(kind) or pa.types.is_integer(kind)):
        return [f"column '{name}' has type {kind}; expected a date, a time or a whole number of days"]
    return []


def _scopes(lines: pa.Table, scope: str | None) -> list[tuple[str, pa.ChunkedArray | None]]:
    """Return the name of each scope, and which rows are in it (absent: all)."""
    if scope is None:
        return [(ALL, None)]
    text = lines[scope].cast(pa.string())
    names = sorted(name for name in pc.unique(text).to_pylist() if name is not None)
    return [(ALL, None), *((name, pc.equal(text, name).fill_null(fill_value=False)) for name in names)]


def _margins(lines: pa.Table, names: tuple[str, ...], basket: str, item: str, margin: str | None) -> Reals:
    """Return the mean margin of each item in one basket that holds it."""
    if margin is None:
        return np.full(len(names), np.nan)
    place = dict(zip(names, range(len(names)), strict=True))
    plain = pa.table(
        {
            "basket": encode(lines[basket].cast(pa.string()))[1],
            "item": pa.array([place.get(name, -1) for name in lines[item].cast(pa.string()).to_pylist()], pa.int64()),
            "margin": lines[margin].cast(pa.float64()),
        }
    )
    plain = plain.filter(pc.and_kleene(pc.is_finite(plain["margin"]), pc.greater_equal(plain["item"], 0)))
    each = plain.group_by(["basket", "item"], use_threads=False).aggregate([("margin", "sum")])
    at = each["item"].to_numpy()
    count = np.bincount(at, minlength=len(names))
    with np.errstate(invalid="ignore"):
        return np.bincount(at, each["margin_sum"].to_numpy(), len(names)) / count


def _bought(lines: pa.Table, customer: str, time: str, item: str, margin: str | None) -> Bought:
    """Return what each customer bought on each day."""
    lines = lines.filter(pc.and_(pc.is_valid(lines[customer]), pc.is_valid(lines[item])))
    if lines[time].null_count:
        raise ContractError(f"Column '{time}' has {lines[time].null_count} empty values; expected a time in every row.")
    when = lines[time]
    day = when.to_numpy() if pa.types.is_integer(when.type) else when.cast(pa.date32()).cast(pa.int32()).to_numpy()
    first = int(day.min(initial=0))
    day = day.astype(np.int64) - first
    _, who = encode(lines[customer].cast(pa.string()))
    names, what = encode(lines[item].cast(pa.string()))
    size, today = max(len(names), 1), int(day.max(initial=-1)) + 1
    visit, at = np.unique(who * (today + 1) + day, return_inverse=True)
    pair, place = np.unique(at * size + what, return_inverse=True)
    earned = np.full(len(who), np.nan) if margin is None else lines[margin].cast(pa.float64()).to_numpy()
    total = np.bincount(place, earned, len(pair)).astype(np.float64)
    return Bought(names, pair // size, pair % size, total, visit % (today + 1), visit // (today + 1), today)
