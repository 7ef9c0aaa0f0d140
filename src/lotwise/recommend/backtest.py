"""How well recommenders foresaw purchases: chosen on one window of weeks, tested once on the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from lotwise.recommend import again, blend, chance, lists, popular
from lotwise.recommend.blend import GRID, Blend, Weights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray
    from scipy import sparse

    from lotwise.recommend.chance import Chance
    from lotwise.recommend.interactions import Purchases

    Scorer = Callable[[int, int], NDArray[np.float64]]

Mode = Literal["repeat", "new"]
MODES: tuple[Mode, Mode] = ("repeat", "new")

UNTRIED: dict[Mode, Weights] = {"repeat": Weights(1.0, 3.0, 0.3), "new": Weights(1.0, 0.0, 0.2)}
"""Weights where there are too few weeks to choose them: those found best on a grocer's year."""

FIRST, FAR = 10, 20
CHOICE_CELLS, CHANCE_CELLS = 2_000_000, 8_000_000
"""Customer-product pairs that the weights and the chances rest on, at most."""


@dataclass(frozen=True)
class Score:
    """How well one recommender did in one mode: a row of the table ``recommender_scores``."""

    model: str
    mode: Mode
    customers: int
    ndcg10: float
    recall20: float
    coverage10: float
    standard_error: float


def windows(first: int, end: int, weeks: int) -> list[tuple[int, int]]:
    """Return the last two windows before ``end`` that have purchases before them, oldest first.

    Parameters
    ----------
    first
        Day of the first purchase.
    end
        First day that is not known.
    weeks
        Length of a window.
    """
    days = 7 * weeks
    return [(end - k * days, end - (k - 1) * days) for k in (2, 1) if first < end - k * days]


def truth(model: Blend, purchases: Purchases, window: tuple[int, int], mode: Mode) -> sparse.csr_array:
    """Return what each customer bought within a window, of the products the model knows, as a matrix of ones.

    Mode ``new`` leaves out what the customer had bought before.
    """
    places = np.searchsorted(purchases.products, model.purchases.products)
    bought = purchases.between(*window).among(places).counts()
    bought.data[:] = 1.0
    if mode == "new":
        bought = (bought - bought * (model.items.x > 0)).tocsr()
        bought.eliminate_zeros()
    return bought


def choose(model: Blend, purchases: Purchases, window: tuple[int, int]) -> dict[Mode, Weights]:
    """Return for each mode the weights of the grid with the highest nDCG@10 on a window.

    Where there are very many customers, so many are looked at, evenly spaced in the order of their pseudonyms.
    """
    chosen = dict(UNTRIED)
    for mode in MODES:
        bought = truth(model, purchases, window, mode)
        rows = _spaced(_scored(model, bought), max(1, CHOICE_CELLS // bought.shape[1]))
        if not len(rows):
            continue
        parts = [np.concatenate(pieces) for pieces in zip(*_parts(model, rows), strict=True)]
        hidden = model.items.x[rows].toarray() > 0 if mode == "new" else False
        hit, size = bought[rows].toarray() > 0, np.diff(bought[rows].indptr)
        gains = []
        for weights in GRID:
            best = lists.top(np.where(hidden, -np.inf, blend.mix(parts, weights)), FIRST)
            gains.append(round(float(lists.ndcg(np.take_along_axis(hit, best, axis=1), size).mean()), 9))
        chosen[mode] = GRID[int(np.argmax(gains))]
    return chosen


def calibrate(model: Blend, purchases: Purchases, window: tuple[int, int], weights: Weights) -> Chance:
    """Return the map from blend score to the chance of being bought within a window, learned on that window.

    It rests on the customers who had bought before the window.
    """
    bought = truth(model, purchases, window, "repeat")
    rows = _spaced(np.flatnonzero(np.diff(model.items.x.indptr)), max(1, CHANCE_CELLS // bought.shape[1]))
    hit = bought[rows].toarray() > 0
    scores = np.concatenate([blend.mix(parts, weights) for parts in _parts(model, rows)])
    return chance.fit(scores, hit)


def compare(model: Blend, purchases: Purchases, window: tuple[int, int], chosen: dict[Mode, Weights]) -> list[Score]:
    """Return how popularity, buy again, the item model and the blend did on a window, in both modes.

    Only customers count who had bought before the window and bought within it.

    Parameters
    ----------
    model
        What was learned before the window.
    purchases
        All purchases.
    window
        First day of the window, and the day after its last.
    chosen
        Weights of the blend, by mode.
    """
    found = []
    for mode in MODES:
        bought = truth(model, purchases, window, mode)
        rows = _scored(model, bought)
        if len(rows):
            found += [_score(name, model, scorer, bought, mode) for name, scorer in _scorers(model, chosen[mode]).items()]
    return found


def _scorers(model: Blend, weights: Weights) -> dict[str, Scorer]:
    recent, buyers = popular.recent(model.purchases, model.end), model.purchases.buyers()
    return {
        "popularity": lambda start, stop: np.broadcast_to(recent, (stop - start, len(recent))),
        "buy again": lambda start, stop: again.scores(model.habits[start:stop], buyers),
        "ease": model.items.scores,
        "blend": lambda start, stop: model.scores(start, stop, weights),
    }


def _score(name: str, model: Blend, scorer: Scorer, bought: sparse.csr_array, mode: Mode) -> Score:
    rows, seen = _scored(model, bought), model.items.x
    shown = np.zeros(bought.shape[1], dtype=bool)
    gains, shares = [], []
    for start, stop in model.chunks():
        inside = rows[(rows >= start) & (rows < stop)]
        scores = scorer(start, stop)[inside - start]
        if mode == "new":
            scores[seen[inside].toarray() > 0] = -np.inf
        best = lists.top(scores, FAR)
        hit, size = np.take_along_axis(bought[inside].toarray() > 0, best, axis=1), np.diff(bought[inside].indptr)
        shown[best[:, :FIRST]] = True
        gains.append(lists.ndcg(hit, size, first=FIRST))
        shares.append(lists.recall(hit, size, first=FAR))
    gain = np.concatenate(gains)
    error = float(gain.std(ddof=1) / np.sqrt(len(gain))) if len(gain) > 1 else 0.0
    return Score(name, mode, len(gain), float(gain.mean()), float(np.concatenate(shares).mean()), float(shown.mean()), error)


def _scored(model: Blend, bought: sparse.csr_array) -> NDArray[np.int64]:
    """Return the customers who had bought before the window and bought within it."""
    history = np.diff(model.items.x.indptr)
    return np.flatnonzero((history > 0) & (np.diff(bought.indptr) > 0))


def _spaced(rows: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return at most so many rows, evenly spaced."""
    return rows[np.unique(np.linspace(0, len(rows) - 1, min(most, len(rows))).astype(np.int64))]


def _parts(model: Blend, rows: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.float64], ...]]:
    """Yield the parts of the blend for some customers, piece by piece."""
    for start, stop in model.chunks():
        inside = rows[(rows >= start) & (rows < stop)] - start
        yield tuple(part[inside] for part in model.parts(start, stop))
