"""What is bought next: rules from one order to a later one of the same customer, counted in customers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from lotwise.mine.rules.derive import judged
from lotwise.mine.rules.measures import against

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.mine.rules.derive import Bar, Rules
    from lotwise.mine.rules.reading import Bought

    Reals = NDArray[np.float64]
    Whole = NDArray[np.int64]

LONGEST_WAIT, SHORTEST_WAIT = 182, 7
"""Days that "next" spans at most and at least, where it is chosen from the customers' own pace."""
ITEMS = 1500
"""Items at most, those of most customers first."""
GROUPS = 10
"""Groups of equally active customers within which is compared."""
ALIKE = 20
"""Customers of a group at least."""
STEPS = 20_000_000
"""Pairs of orders that are looked at, at most; the latest customers by name are left out beyond."""


@dataclass(frozen=True)
class Windows:
    """Orders that are followed for a number of days, all of them known.

    Parameters
    ----------
    names
        The items; ``(n_items,)``.
    held, later
        Windows by items: what the order itself holds, and what the customer bought on later days of the window; 1 or 0.
    customer, day
        Of each window, sorted by customer and day; ``(n_windows,)``.
    bought
        What each order holds, those of unknown customers and those too late to be followed included.
    days
        Days of a window.
    buyers_left
        Customers of each item that was left out by the cap of items.
    customers_left
        Customers left out by the cap of orders compared.
    """

    names: tuple[str, ...]
    held: csr_array
    later: csr_array
    customer: Whole
    day: Whole
    bought: Bought
    days: int
    buyers_left: Whole
    customers_left: int = 0

    def __len__(self) -> int:
        """Return the number of windows."""
        return len(self.day)

    def items_left(self, minimum: int) -> int:
        """Return how many items were left out that so many customers bought: others could make no rule."""
        return int((self.buyers_left >= minimum).sum())

    def within(self, kept: NDArray[np.bool_]) -> Windows:
        """Return some of the windows."""
        return replace(self, held=self.held[kept], later=self.later[kept], customer=self.customer[kept], day=self.day[kept])


def pace(bought: Bought) -> int:
    """Return the days that "next" spans by default: twice the median days between two orders of a customer.

    Rounded up to whole weeks, at least 1 and at most 26 of them.
    """
    customer, day = _visits(bought)
    gap = np.diff(day)[np.diff(customer) == 0]
    usual = 2 * float(np.median(gap)) if len(gap) else 0.0
    return int(np.clip(7 * np.ceil(usual / 7), SHORTEST_WAIT, LONGEST_WAIT))


def follow(bought: Bought, *, days: int = 0) -> Windows:
    """Return a window for each customer and day with an order whose next ``days`` days are all known.

    Orders of one day are one; what was bought later on the same day is not "next". Orders without a customer are left out.

    Parameters
    ----------
    bought
        What each order holds.
    days
        Days in which a later order counts; 0: by the customers' own pace, as ``pace`` says.
    """
    days = days or pace(bought)
    kept, customers_left = _capped(bought, days)
    customer, day = _visits(kept)
    visit = _places(kept, customer, day)
    names = kept.names
    size = (len(customer), len(names))
    known = visit >= 0
    held = csr_array((np.ones(known.sum(), np.int32), (visit[known], kept.item[known])), shape=size)
    held.sum_duplicates()
    held.data[:] = 1
    common, buyers_left = _common(held, customer)
    held = held[:, common].tocsr()
    later = (_follows(customer, day, days) @ held).tocsr()
    later.data[:] = 1
    whole = day + days < bought.today
    windows = Windows(tuple(names[place] for place in common), held, later, customer, day, bought, days, buyers_left)
    return replace(windows.within(whole), customers_left=customers_left)


def following(windows: Windows, bar: Bar, *, minimum: int) -> Rules:
    """Return the rules "who buys the first then buys the second within the window", one item on each side.

    A customer counts once: for those who have the first, what follows their first window with it. The base is the share
    of customers who buy the second in such a window: for those with the first the same window, for the others the mean of
    all their windows. Customers who buy much buy everything more often, whatever they bought before; therefore is compared
    within tenths of customers with equally full windows, and the expected counts are added up, as Mantel and Haenszel do.
    The variance is that of two means in each group: of a yes or no for those with the first, and of the means seen for the
    others, which vary less.
    Buying the same item again is no rule.

    Parameters
    ----------
    windows
        As ``follow`` gives them.
    bar
        What a rule must reach.
    minimum
        Least customers with the first and then the second; pairs above it are the rules tried.
    """
    customers, customer = np.unique(windows.customer, return_inverse=True)
    first = _firsts(windows, customer)
    least = max(minimum, 1)
    ones = np.flatnonzero(np.asarray(first.sum(axis=0)) >= least)  # others cannot reach the least count
    twos = np.flatnonzero(np.asarray(windows.later.sum(axis=0)) >= least)
    group = _groups(windows, customer, len(customers))
    first, later = first[:, ones].tocsr(), windows.later[:, twos].tocsr()
    counts = (first.T @ later).toarray()
    one, two = np.nonzero((counts >= least) & (ones[:, None] != twos))
    expected, variance = _expected(first, later, (customer, group), (one, two))
    has = np.asarray(first.sum(axis=0), dtype=np.float64)[one]
    total = np.full(len(one), float(len(customers)))
    measures = against(counts[one, two].astype(np.float64), has, expected, variance, total)
    rows = np.flatnonzero(measures.confidence >= bar.confidence)
    sides = [(place,) for place in ones[one[rows]].tolist()], [(place,) for place in twos[two[rows]].tolist()]
    return judged(sides, measures.take(rows), measures.p_value, bar)


def waits(windows: Windows, rules: Rules) -> Reals:
    """Return the median days from the first to the second of each rule, over the customers counted in it."""
    if not len(rules):
        return np.empty(0)
    _, customer = np.unique(windows.customer, return_inverse=True)
    first, later = _firsts(windows, customer).tocsc(), windows.later.tocsc()
    span = int(windows.bought.today) + 1
    start = windows.customer * span + windows.day
    bought = _purchases(windows, sorted({two for (two,) in rules.consequents}), span)
    median = np.empty(len(rules))
    for number, ((one,), (two,)) in enumerate(zip(rules.antecedents, rules.consequents, strict=True)):
        at = start[np.intersect1d(_rows(first, one), _rows(later, two), assume_unique=True)]
        median[number] = np.median(bought[two][np.searchsorted(bought[two], at, side="right")] - at)
    return median


def _purchases(windows: Windows, wanted: list[int], span: int) -> dict[int, Whole]:
    """Return when each wanted item was bought: customer times ``span`` plus day, sorted."""
    bought = windows.bought
    place = {name: number for number, name in enumerate(bought.names)}
    item = np.full(len(bought.names), -1)
    item[[place[windows.names[number]] for number in wanted]] = wanted
    own = item[bought.item]
    rows = np.flatnonzero(own >= 0)
    when = bought.customer[bought.basket[rows]] * span + bought.day[bought.basket[rows]]
    order = np.lexsort((when, own[rows]))
    bounds = np.searchsorted(own[rows][order], [*wanted, wanted[-1] + 1])
    return {number: when[order][bounds[k] : bounds[k + 1]] for k, number in enumerate(wanted)}


def _visits(bought: Bought) -> tuple[Whole, Whole]:
    """Return customer and day of each day on which a known customer ordered, sorted by both."""
    known = bought.customer >= 0
    span = bought.today + 1
    visit = np.unique(bought.customer[known] * span + bought.day[known])
    return visit // span, visit % span


def _places(bought: Bought, customer: Whole, day: Whole) -> Whole:
    """Return the visit of each pair of ``bought``; -1 where its customer is not known."""
    span = bought.today + 1
    keys = customer * span + day
    found = np.searchsorted(keys, bought.customer * span + bought.day)
    return np.where(bought.customer >= 0, found, -1)[bought.basket]


def _capped(bought: Bought, days: int) -> tuple[Bought, int]:
    """Return the orders of so many customers that no more than ``STEPS`` pairs of their orders are looked at."""
    customer, day = _visits(bought)
    if not len(customer):
        return bought, 0
    until = _until(customer, day, days)
    steps = np.cumsum(until - np.arange(len(day)))
    if steps[-1] <= STEPS:
        return bought, 0
    last = int(customer[np.searchsorted(steps, STEPS, side="right")])
    return bought.within(bought.customer < last), len(np.unique(customer[customer >= last]))


def _until(customer: Whole, day: Whole, days: int) -> Whole:
    """Return, for each visit, the place after the last one of the same customer in the window."""
    span = int(day.max(initial=0)) + days + 2
    return np.searchsorted(customer * span + day, customer * span + day + days, side="right")


def _follows(customer: Whole, day: Whole, days: int) -> csr_array:
    """Return visits by visits: 1 where the second follows the first within the window."""
    after = np.arange(1, len(day) + 1)
    counts = _until(customer, day, days) - after
    pointers = np.concatenate([[0], np.cumsum(counts)])
    columns = np.arange(pointers[-1]) - np.repeat(pointers[:-1] - after, counts)
    return csr_array((np.ones(len(columns), np.int32), columns, pointers), shape=(len(day), len(day)))


def _common(held: csr_array, customer: Whole) -> tuple[Whole, Whole]:
    """Return the items of most customers, in order, and the customers of those that are left out."""
    items = held.shape[1]
    if items <= ITEMS:
        return np.arange(items), np.empty(0, dtype=np.int64)
    rows = np.repeat(customer, np.diff(held.indptr))
    pairs = np.unique(rows.astype(np.int64) * items + held.indices)
    buyers = np.bincount(pairs % items, minlength=items)
    order = np.argsort(-buyers, kind="stable")
    return np.sort(order[:ITEMS]), buyers[order[ITEMS:]]


def _firsts(windows: Windows, customer: Whole) -> csr_array:
    """Return windows by items: 1 where it is the customer's first window with the item."""
    items = len(windows.names)
    rows = np.repeat(np.arange(len(windows)), np.diff(windows.held.indptr))
    _, at = np.unique(customer[rows] * items + windows.held.indices, return_index=True)
    return csr_array((np.ones(len(at), np.int32), (rows[at], windows.held.indices[at])), shape=windows.held.shape)


def _groups(windows: Windows, customer: Whole, customers: int) -> Whole:
    """Return each customer's group, by the mean number of different items in their windows: tenths, fewer of few."""
    fill = np.bincount(customer, np.diff(windows.later.indptr), customers) / np.bincount(customer, minlength=customers)
    groups = int(np.clip(customers // ALIKE, 1, GROUPS))
    edges = np.quantile(fill, np.arange(1, groups) / groups) if customers else np.empty(0)
    return np.searchsorted(edges, fill, side="left")


def _expected(first: csr_array, later: csr_array, who: tuple[Whole, Whole], pairs: tuple[Whole, Whole]) -> tuple[Reals, Reals]:
    """Return, for pairs of a first and a second item, the customers who would have both anyway, and the variance.

    Parameters
    ----------
    first, later
        Windows by items: the customer's first window with the item, and what was bought in the window.
    who
        Customer of each window, and group of each customer.
    pairs
        Columns of ``first`` and of ``later``.
    """
    (customer, group), (one, two) = who, pairs
    customers = len(group)
    expected, variance = np.zeros(len(one)), np.zeros(len(one))
    order = np.argsort(group[customer], kind="stable")
    bounds = np.searchsorted(group[customer][order], np.arange(GROUPS + 1))
    share = 1 / np.bincount(customer, minlength=customers)
    for start, stop in pairwise(bounds):
        mine = order[start:stop]
        size = len(np.unique(customer[mine]))
        if not size:
            continue
        begins, follows = first[mine], later[mine]
        own = csr_array((np.ones(len(mine)), (customer[mine], np.arange(len(mine)))), shape=(customers, len(mine)))
        has, usual = (own @ begins).tocsr(), ((own * share[:, None]).tocsr() @ follows).tocsr()
        n_first = np.asarray(has.sum(axis=0), dtype=np.float64)[one]
        n_other = size - n_first
        followed = (begins.T @ follows).toarray()[one, two]
        others, squares = (np.asarray(of.sum(axis=0))[two] - (has.T @ of).toarray()[one, two] for of in (usual, usual.power(2)))
        share_all = (followed + others) / size
        spread = (squares - others**2 / np.maximum(n_other, 1)) / np.maximum(n_other - 1, 1)
        spread = np.where(n_other > 1, np.maximum(spread, 0), share_all * (1 - share_all))
        of_mean = share_all * (1 - share_all) / np.maximum(n_first, 1) + spread / np.maximum(n_other, 1)
        expected += n_first * share_all
        variance += (n_first * n_other / size) ** 2 * of_mean
    return expected, variance


def _rows(matrix: csr_array, column: int) -> Whole:
    """Return the rows that hold a column of a matrix stored by columns."""
    found: Whole = matrix.indices[matrix.indptr[column] : matrix.indptr[column + 1]]
    return found
