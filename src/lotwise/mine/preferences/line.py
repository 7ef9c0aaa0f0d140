"""The product line that earns most: exact for logit and latent classes, by HiGHS."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array

from lotwise.errors import SettingsError
from lotwise.mine.preferences.market import Market, earned

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]
    Flags = NDArray[np.bool_]

NODES = 20_000
"""Most branches of a MILP; then the best line so far is taken and is not called proven."""

LISTED = 14
"""Most alternatives of which every line is tried, where no exact program is known."""

GAP = 1e-9


@dataclass(frozen=True)
class Line:
    """The line found.

    Parameters
    ----------
    kept
        Which alternatives are in it, ``(n_alternatives,)``.
    earned
        Margin of one customer with it, in money.
    method
        How it was found: "linear program", "mixed-integer program", "every line tried" or "search".
    is_proven
        Whether no other line earns more.
    """

    kept: Flags
    earned: float
    method: str
    is_proven: bool


def best(market: Market, *, most: int = 0) -> Line:
    """Return the line of at most so many alternatives that earns most.

    Parameters
    ----------
    market
        What can be offered, to whom, and what it earns.
    most
        Most alternatives in the line; those always offered are not counted. 0: any number.

    Notes
    -----
    One group without nests: the linear program of Davis, Gallego & Topaloglu (2013), exact with and without a limit on the
    number (without one its answer is the revenue-ordered line of Talluri & van Ryzin, 2004). Several groups: the
    mixed-integer program of Bront, Méndez-Díaz & Vulcano (2009) with the bounds of Méndez-Díaz et al. (2014). Nests:
    every line is tried up to 14 alternatives; beyond, adding, dropping and swapping one at a time from the line of the
    logit without nests, which is not proven best.

    Raises
    ------
    SettingsError
        ``most`` is below 0.
    """
    if most < 0:
        message = f"A line has at least 0 alternatives (0: any number), found most = {most}."
        raise SettingsError(message)
    market = _scaled(market)
    if market.nest is not None:
        return _nested(market, most)
    if len(market.weight) == 1:
        return _kept(market, _logit_line(market, most), "linear program", is_proven=True)
    return _mixture_line(market, most)


def every(market: Market, *, most: int = 0) -> Line:
    """Return the line that earns most by trying every one, the shortest of equals: for some 16 alternatives at most."""
    free = np.flatnonzero(~market.fixed)
    picks = np.arange(2 ** len(free))[:, None] >> np.arange(len(free)) & 1 > 0
    if most:
        picks = picks[picks.sum(axis=1) <= most]
    picks = picks[np.argsort(picks.sum(axis=1), kind="stable")]
    offered = np.tile(market.fixed, (len(picks), 1))
    offered[:, free] = picks
    place = int(np.argmax(earned(market, offered)))
    return _kept(market, offered[place], "every line tried", is_proven=True)


def _scaled(market: Market) -> Market:
    """Return the same market with the worth of each group at most 1, which keeps the programs well scaled."""
    if market.nest is not None:
        return market
    unit = np.maximum(market.worth.max(axis=1), market.outside)
    return replace(market, worth=market.worth / unit[:, None], outside=market.outside / unit)


def _kept(market: Market, kept: Flags, method: str, *, is_proven: bool) -> Line:
    return Line(kept, float(earned(market, kept[None, :])[0]), method, is_proven)


def _logit_line(market: Market, most: int) -> Flags:
    """Solve over shares w: max r'w, sum w + w0 = 1, w_j / v_j <= w0 / v0, sum w_j / v_j <= most w0 / v0."""
    worth, outside = market.worth[0], market.outside[0]
    count = len(worth)
    sold = np.flatnonzero(worth > 0)
    # Ratios u_j = w_j / v_j stand in for the shares, so that tiny worths do no harm.
    whole = np.append(worth[sold], outside)[None, :]
    size = len(sold)
    rows = [np.append(np.eye(size)[place], -1.0) for place in range(size)]
    if most:
        rows.append(np.append((~market.fixed[sold]).astype(float), -float(most)))
    same = [np.append(np.eye(size)[place], -1.0) for place in range(size) if market.fixed[sold[place]]]
    from scipy.optimize import linprog  # noqa: PLC0415  slow to import

    found = linprog(
        np.append(-market.margin[sold] * worth[sold], 0.0),
        A_ub=np.array(rows) if rows else None,
        b_ub=np.zeros(len(rows)) if rows else None,
        A_eq=np.vstack([whole, *same]),
        b_eq=np.append(1.0, np.zeros(len(same))),
        method="highs-ds",
    )
    kept = market.fixed.copy()
    kept[sold] |= found.x[:-1] > found.x[-1] / 2
    return kept if count else market.fixed


def _mixture_line(market: Market, most: int) -> Line:
    """Solve with y_c = 1 / (v_c0 + sum of the worth kept) and z_cj = y_c x_j; x is what is kept."""
    found = _program(market, most)
    if found is None:
        kept = _search(market, most, market.fixed)
        return _kept(market, kept, "search", is_proven=False)
    kept, proven = found
    if not proven:
        kept = _search(market, most, kept)
    return _kept(market, kept, "mixed-integer program", is_proven=proven)


def _program(market: Market, most: int) -> tuple[Flags, bool] | None:
    groups, count = market.worth.shape
    z = count + groups + np.arange(groups * count).reshape(groups, count)
    y = np.repeat(count + np.arange(groups), count)
    x = np.tile(np.arange(count), groups)
    flat, worth = z.ravel(), market.worth
    always = worth @ market.fixed
    # Bounds of y with the alternative in, and without it (Méndez-Díaz et al., 2014).
    free = np.where(market.fixed, 0.0, worth)
    high_in = 1 / (market.outside + always)[:, None] * np.ones_like(worth)
    high_in = np.where(market.fixed, high_in, 1 / ((market.outside + always)[:, None] + worth)).ravel()
    high_out = np.repeat(1 / (market.outside + always), count)
    low_in = np.repeat(1 / (market.outside + always + free.sum(axis=1)), count)
    one = np.ones(len(flat))
    pairs = [
        ((flat, one), (y, -one)),
        ((flat, one), (x, -high_in)),
        ((flat, -one), (x, low_in)),
        ((flat, -one), (y, one), (x, high_out)),
    ]
    blocks, upper = [], []
    for terms in pairs:
        blocks.append(_rows(terms, count + groups + groups * count))
        upper.append(high_out if len(terms) > 2 else np.zeros(len(flat)))  # noqa: PLR2004  the one row with a constant
    group_rows = np.repeat(np.arange(groups), count)
    balance = coo_array(
        (np.concatenate([worth.ravel(), market.outside]), (np.concatenate([group_rows, np.arange(groups)]),
         np.concatenate([flat, count + np.arange(groups)]))),
        shape=(groups, count + groups + groups * count),
    )  # fmt: skip
    from scipy.optimize import LinearConstraint, milp  # noqa: PLC0415  slow to import

    limits = [LinearConstraint(block, ub=bound) for block, bound in zip(blocks, upper, strict=True)]
    limits.append(LinearConstraint(balance, lb=1.0, ub=1.0))
    if most:
        row = np.zeros((1, count + groups + groups * count))
        row[0, :count] = ~market.fixed
        limits.append(LinearConstraint(row, ub=float(most)))
    unit = float(np.abs(market.margin).max()) or 1.0
    goal = np.zeros(count + groups + groups * count)
    goal[z] = -market.weight[:, None] * market.margin / unit * worth
    low, high = np.zeros(len(goal)), np.full(len(goal), np.inf)
    low[:count], high[:count] = market.fixed, 1.0
    whole = np.append(np.ones(count), np.zeros(groups + groups * count))
    # Presolve saves no time here, and where it fixes everything HiGHS prints a line of its own.
    options = {"mip_rel_gap": GAP, "node_limit": NODES, "presolve": False}
    found = milp(goal, integrality=whole, bounds=(low, high), constraints=limits, options=options)
    if found.x is None:
        return None
    return found.x[:count] > 1 / 2, found.status == 0


def _rows(terms: tuple[tuple[NDArray[np.int64], Reals], ...], width: int) -> coo_array:
    """Return one constraint an element: the sum of factor times variable over the terms."""
    size = len(terms[0][0])
    row = np.tile(np.arange(size), len(terms))
    place = np.concatenate([where for where, _ in terms])
    factor = np.concatenate([factor for _, factor in terms])
    return coo_array((factor, (row, place)), shape=(size, width))


def _nested(market: Market, most: int) -> Line:
    if int((~market.fixed).sum()) <= LISTED:
        return every(market, most=most)
    plain = replace(market, nest=None, dissimilarity=None)
    start = _logit_line(plain, most) if len(market.weight) == 1 else market.fixed
    return _kept(market, _search(market, most, start), "search", is_proven=False)


def _search(market: Market, most: int, start: Flags) -> Flags:
    """Return the line no single adding, dropping or swapping betters."""
    free = np.flatnonzero(~market.fixed)
    kept = start | market.fixed
    value = float(earned(market, kept[None, :])[0])
    while True:
        tries = _neighbors(kept, free, most)
        if len(tries) == 0:
            return kept
        values = earned(market, tries)
        place = int(np.argmax(values))
        if values[place] <= value + GAP * max(1.0, abs(value)):
            return kept
        kept, value = tries[place], float(values[place])


def _neighbors(kept: Flags, free: NDArray[np.int64], most: int) -> Flags:
    inside = [place for place in free if kept[place]]
    beyond = [place for place in free if not kept[place]]
    room = most == 0 or len(inside) < most
    flips = [(place,) for place in inside] + [(place,) for place in beyond if room]
    flips += [(out, new) for out in inside for new in beyond]  # type: ignore[misc]  # one or two places
    tries = np.tile(kept, (len(flips), 1))
    for row, places in enumerate(flips):
        tries[row, list(places)] = ~tries[row, list(places)]
    return tries
