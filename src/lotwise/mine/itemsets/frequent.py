"""Frequent itemsets by a method that fits the baskets, within caps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from lotwise.errors import SettingsError, breaches, did_you_mean
from lotwise.mine.itemsets.apriori import apriori
from lotwise.mine.itemsets.caps import Caps, Meter
from lotwise.mine.itemsets.growth import growth
from lotwise.mine.itemsets.pairs import pairs, work
from lotwise.mine.itemsets.ranked import finished, rank

if TYPE_CHECKING:
    from collections.abc import Callable

    from lotwise.mine.itemsets.baskets import Baskets
    from lotwise.mine.itemsets.found import Itemsets
    from lotwise.mine.itemsets.ranked import Ranked, Sets

Method = Literal["auto", "pairs", "apriori", "fp-growth", "lcm", "eclat"]
METHODS: tuple[Method, ...] = ("auto", "pairs", "apriori", "fp-growth", "lcm", "eclat")
TWO = 2
"""Items of a pair."""
DENSE = 12.0
"""Ones per word from which bitsets are quicker: on synthetic baskets of 60 to 1,500 items LCM takes 0.01 to 0.5 of Eclat's time
below 4, 0.15 to 1.2 at 5, 0.6 to 1.0 at 10, 2.4 at 15, 1.8 to 4.7 at 17 to 35 (2026-11-22)."""
FEW = 1_500_000
"""Increments of pairs up to which Apriori is tried first: 10 to 120 ms on the demos' orders, where a kernel takes 2 to 20 ms
after 0.4 s of loading, or 4.4 s of compiling in a fresh place (2026-11-22)."""
ALLOWED = 20_000_000
"""Numbers of baskets that Apriori may then compare: some tenths of a second."""


def frequent(
    baskets: Baskets, *, minimum: int, longest: int | None = None, caps: Caps | None = None, method: str = "auto"
) -> Itemsets:
    """Return every set of items that baskets of at least a least weight hold, unless a cap ends the search.

    Parameters
    ----------
    baskets
        What was searched.
    minimum
        Least count of a set: weight of the baskets that hold it, at least 1.
    longest
        Most items of a set; absent: any.
    caps
        Where the search ends at the latest; a result that a cap has cut says so, and its counts are right.
    method
        ``"pairs"`` (sparse matrices; sets of up to two items), ``"apriori"``, ``"fp-growth"``, ``"lcm"`` (for baskets
        that hold few of the items), ``"eclat"`` (bitsets, for baskets that hold many of them), or ``"auto"``, which
        picks by what is there. All give the same sets in the same order.

    Raises
    ------
    SettingsError
        A setting is out of its range, or there is no such method; every one is listed.
    """
    _check(minimum, longest, method)
    caps = caps or Caps()
    meter = Meter(caps)
    ranked = rank(baskets, int(minimum), longest)
    if method == "auto":
        method, sets = _automatic(ranked, meter)
    else:
        search = _search(method) if ranked.longest >= TWO else pairs  # pairs gives the single items too
        sets = search(ranked, meter)
    return finished(sets, baskets, ranked, longest, (method, caps))


def _automatic(ranked: Ranked, meter: Meter) -> tuple[Method, Sets]:
    """Return the method that fits the baskets, and what it finds.

    Few baskets are searched by Apriori, so that a first call does not wait for numba; where that proves to be much work, or a
    cap ends it, a kernel searches anew, so that what is found never depends on it.
    """
    if ranked.longest <= TWO:
        return "pairs", pairs(ranked, meter)
    if work(ranked).sum() <= FEW:
        sets = apriori(ranked, meter, work=ALLOWED)
        if sets.ended in {"whole", "seconds"}:
            return "apriori", sets
    method: Method = "lcm" if ranked.density < DENSE else "eclat"
    return method, _search(method)(ranked, meter)


def _search(method: str) -> Callable[[Ranked, Meter], Sets]:
    """Return what searches by a method; numba is imported with those that need it only."""
    if method == "lcm":
        from lotwise.mine.itemsets.lcm import lcm  # noqa: PLC0415  numba

        return lcm
    if method == "eclat":
        from lotwise.mine.itemsets.eclat import eclat  # noqa: PLC0415  numba

        return eclat
    return {"pairs": pairs, "apriori": apriori, "fp-growth": growth}[method]


def _check(minimum: int, longest: int | None, method: str) -> None:
    found = []
    if not (minimum >= 1 and minimum == int(minimum)):
        found.append(f"minimum = {minimum!r}; expected a whole number of at least 1")
    if longest is not None and not (longest >= 1 and longest == int(longest)):
        found.append(f"longest = {longest!r}; expected a whole number of at least 1, or nothing for any")
    if method not in METHODS:
        found.append(f"method = {method!r}{did_you_mean(str(method), METHODS)}; expected one of {', '.join(METHODS)}")
    if method == "pairs" and (longest is None or longest > TWO):
        found.append(f"longest = {longest!r} with method = 'pairs'; expected 1 or 2, or another method")
    if found:
        raise SettingsError(breaches("The itemsets asked for cannot be searched", found))
