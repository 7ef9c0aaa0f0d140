"""The classifiers: each learns from past days what a customer does next, one target at a time or all at once."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

from lotwise.mine.propensity import logistic

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

RIDGE = 10.0
"""Penalty of the logistic regression, by validation on the grocer's weeks before 45; flat from 1 to 100."""
LEARNED, LEAVES = 7.0, 15
"""Trees times their weight, and their leaves, chosen in the same way: more trees weigh less each."""
TREES, DRAWN = 100, 10_000
"""Trees of the forest, and rows drawn for each at most."""
PRIOR = 2.0
"""Customers who did as all did that are added to a leaf of the tree, so that none is certain."""
KERNELS = 200
"""Landmarks that the kernel of the support vector machine is approximated by."""
HIDDEN = (32, 16)
PASSES = 200


@dataclass(frozen=True)
class Lesson:
    """What one target is learned from.

    Parameters
    ----------
    rows
        Features of customers on past days, ``(n_rows, n_features)``; finite.
    happened
        0 or 1, ``(n_rows,)``; both occur.
    """

    rows: Floats
    happened: Floats


@dataclass(frozen=True)
class Budget:
    """What may be spent on a classifier.

    Parameters
    ----------
    rows
        Most rows it learns from; a sample beyond. The support vector machine takes a tenth of them.
    trees
        Trees of boosting.
    """

    rows: int = 40_000
    trees: int = 60


@dataclass(frozen=True)
class Learned:
    """What a classifier made of a lesson.

    Parameters
    ----------
    chance
        Returns the chance of each row of features.
    converged
        Whether its search came to an end.
    """

    chance: Callable[[Floats], Floats]
    converged: bool = True


def learn(name: str, lessons: Sequence[Lesson], rng: np.random.Generator, budget: Budget) -> list[Learned]:
    """Return what a classifier made of each lesson.

    Parameters
    ----------
    name
        ``logistic``, ``tree``, ``forest``, ``boosting``, ``svm`` or ``mlp``. Boosting learns all lessons at once, told which
        is which: what holds for one category helps the others.
    lessons
        One a target, with the same features.
    rng
        Draws samples and seeds.
    budget
        What may be spent; boosting shares its rows among the lessons.
    """
    most = budget.rows
    if name == "boosting":
        return _boosting([_sampled(lesson, rng, max(most // len(lessons), 1)) for lesson in lessons], rng, budget.trees)
    one = ALONE[name]
    return [one(_sampled(lesson, rng, most // 10 if name == "svm" else most), rng) for lesson in lessons]


def _sampled(lesson: Lesson, rng: np.random.Generator, most: int) -> Lesson:
    count = len(lesson.happened)
    if count <= most:
        return lesson
    rows = np.sort(rng.permutation(count)[:most])
    if len(np.unique(lesson.happened[rows])) == 1:  # the rarer outcome fell out of the sample: one of it is put back
        rows[0] = np.flatnonzero(lesson.happened != lesson.happened[rows[0]])[0]
    return Lesson(lesson.rows[rows], lesson.happened[rows])


def _scale(rows: Floats) -> Callable[[Floats], Floats]:
    """Return the function that centers features and gives them spread 1; constant ones become 0."""
    mean, spread = rows.mean(axis=0, dtype=np.float64), rows.std(axis=0, dtype=np.float64)
    inverse = np.where(spread > 1e-6 * (1 + np.abs(mean)), 1 / np.maximum(spread, 1e-12), 0.0)  # in single precision
    return lambda values: np.clip((values - mean) * inverse, -8.0, 8.0)


def _logistic(lesson: Lesson, _: np.random.Generator) -> Learned:
    scale = _scale(lesson.rows)
    line = logistic.fit(scale(lesson.rows), lesson.happened, ridge=RIDGE)
    return Learned(lambda rows: line.chance(scale(rows)), line.converged)


def _tree(lesson: Lesson, rng: np.random.Generator) -> Learned:
    from sklearn.tree import DecisionTreeClassifier  # noqa: PLC0415  only where it is asked for

    leaf = max(len(lesson.happened) // 100, 20)
    model = DecisionTreeClassifier(max_depth=6, min_samples_leaf=leaf, random_state=_seed(rng))
    model.fit(lesson.rows, lesson.happened)
    size, share = model.tree_.n_node_samples, lesson.happened.mean()

    def chance(rows: Floats) -> Floats:
        weight = size[model.apply(rows)]
        return np.asarray((weight * model.predict_proba(rows)[:, 1] + PRIOR * share) / (weight + PRIOR))

    return Learned(chance)


def _forest(lesson: Lesson, rng: np.random.Generator) -> Learned:
    from sklearn.ensemble import RandomForestClassifier  # noqa: PLC0415  only where it is asked for

    drawn = min(len(lesson.happened), DRAWN)
    model = RandomForestClassifier(
        TREES, min_samples_leaf=10, max_samples=drawn, max_features="sqrt", n_jobs=1, random_state=_seed(rng)
    )
    model.fit(lesson.rows, lesson.happened)
    return Learned(lambda rows: np.asarray(model.predict_proba(rows)[:, 1], dtype=np.float64))


def _svm(lesson: Lesson, rng: np.random.Generator) -> Learned:
    """Learn a support vector machine with a Gaussian kernel, approximated; Platt's line makes its margin a chance."""
    from sklearn.kernel_approximation import Nystroem  # noqa: PLC0415  only where it is asked for
    from sklearn.svm import LinearSVC  # noqa: PLC0415  the same

    scale = _scale(lesson.rows)
    rows = scale(lesson.rows)
    kernel = Nystroem(gamma=0.3 / rows.shape[1], n_components=min(KERNELS, len(rows)), random_state=_seed(rng)).fit(rows)
    order = rng.permutation(len(rows))
    model = LinearSVC(C=1.0, dual=False, max_iter=1000, random_state=_seed(rng))
    held, seen = order[: len(order) // 4], order[len(order) // 4 :]
    if len(np.unique(lesson.happened[seen])) == 1 or len(held) == 0:
        held = seen = order
    space = kernel.transform(rows)
    settled = _quietly(lambda: model.fit(space[seen], lesson.happened[seen]))
    margin = model.decision_function(space[held])
    line = logistic.fit(margin[:, None], lesson.happened[held], ridge=1e-3)
    return Learned(lambda new: line.chance(model.decision_function(kernel.transform(scale(new)))[:, None]), settled)


def _mlp(lesson: Lesson, rng: np.random.Generator) -> Learned:
    from sklearn.neural_network import MLPClassifier  # noqa: PLC0415  only where it is asked for

    scale = _scale(lesson.rows)
    stop = min(lesson.happened.sum(), (1 - lesson.happened).sum()) >= 10  # noqa: PLR2004  else none of a class may be held back
    model = MLPClassifier(
        HIDDEN, alpha=1.0, batch_size=min(256, len(lesson.happened) // 2), learning_rate_init=2e-3, max_iter=PASSES,
        early_stopping=bool(stop), n_iter_no_change=8, random_state=_seed(rng),
    )  # fmt: skip
    settled = _quietly(lambda: model.fit(scale(lesson.rows), lesson.happened))
    return Learned(lambda rows: np.asarray(model.predict_proba(scale(rows))[:, 1], dtype=np.float64), settled)


ALONE: dict[str, Callable[[Lesson, np.random.Generator], Learned]] = {
    "logistic": _logistic,
    "tree": _tree,
    "forest": _forest,
    "svm": _svm,
    "mlp": _mlp,
}
"""Classifiers that learn each target alone, by name."""


def _boosting(lessons: Sequence[Lesson], rng: np.random.Generator, trees: int) -> list[Learned]:
    import lightgbm  # noqa: PLC0415  takes half a second to import

    rows = np.concatenate([_marked(lesson.rows, place) for place, lesson in enumerate(lessons)])
    happened = np.concatenate([lesson.happened for lesson in lessons])
    leaf = int(np.clip(len(happened) // 50, 1, 200))
    settings = {
        "objective": "binary", "learning_rate": min(LEARNED / trees, 0.3), "num_leaves": LEAVES, "min_data_in_leaf": leaf,
        "lambda_l2": 10.0, "feature_fraction": 0.5, "bagging_fraction": 0.5, "bagging_freq": 1, "max_bin": 31,
        "bin_construct_sample_cnt": 20_000, "seed": _seed(rng), "deterministic": True, "force_row_wise": True,
        "num_threads": 1, "verbose": -1,
    }  # fmt: skip
    data = lightgbm.Dataset(rows, happened, categorical_feature=[rows.shape[1] - 1], free_raw_data=True)
    model = lightgbm.train(settings, data, trees)

    def chance(place: int) -> Callable[[Floats], Floats]:
        return lambda new: np.asarray(expit(model.predict(_marked(new, place), raw_score=True, num_threads=1)))

    return [Learned(chance(place)) for place in range(len(lessons))]


def _marked(rows: Floats, place: int) -> NDArray[np.float32]:
    return np.column_stack([rows, np.full(len(rows), place)]).astype(np.float32)


def _quietly(fit: Callable[[], object]) -> bool:
    """Fit, and return whether the search came to an end."""
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415  only where it is needed

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", ConvergenceWarning)
        fit()
    return not any(issubclass(warning.category, ConvergenceWarning) for warning in said)


def _seed(rng: np.random.Generator) -> int:
    return int(rng.integers(2**31 - 1))
