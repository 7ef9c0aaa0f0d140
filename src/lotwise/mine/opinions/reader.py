"""A reader of texts: learned from labeled texts, sure of itself as often as it is right, kept without pickle."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lotwise.errors import ContractError, InputError, breaches
from lotwise.mine.opinions.grams import Grams, learn, restore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Reals = Any

FOLDS = 5
PENALTY = 0.5
"""Inverse strength of the penalty; from 0.3 to 1 it made no difference beyond chance on the texts it was tried on."""

ABSENT = -1.5
"""Decision value of a class that the texts learned from do not hold."""

AT_ONCE = 10_000
"""Texts read at a time."""

STEEPEST = 50.0
SURE = 1e-6


@dataclass(frozen=True)
class Reader:
    """A linear support vector machine on TF-IDF, one class against the others, and how its values become chances.

    Parameters
    ----------
    classes
        What it tells apart, in alphabetical order.
    grams
        What it reads of a text.
    weights, bias
        ``(n_classes, n_sequences)`` and ``(n_classes,)``; one row for two classes, above 0 for the second.
    slope, offset
        The chance of a class is the softmax of ``slope`` x value; with two classes the logistic function of
        ``slope`` x value + ``offset``.

    References
    ----------
    Platt (1999), Probabilistic outputs for support vector machines; Guo et al. (2017), On calibration of modern neural
    networks (one slope for many classes).
    """

    classes: tuple[str, ...]
    grams: Grams
    weights: NDArray[np.float64]
    bias: NDArray[np.float64]
    slope: float
    offset: float

    def chances(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return ``(n_texts, n_classes)`` calibrated chances; each row sums to 1."""
        if not len(texts):
            return np.empty((0, len(self.classes)))
        parts = [texts[start : start + AT_ONCE] for start in range(0, len(texts), AT_ONCE)]
        values = np.vstack([np.asarray(self.grams.read(part) @ self.weights.T + self.bias) for part in parts])
        found: NDArray[np.float64] = _chances(values, self.slope, self.offset)
        return found

    def predict(self, texts: Sequence[str]) -> tuple[list[str], NDArray[np.float64]]:
        """Return the likeliest class of each text and how sure that is."""
        chances = self.chances(texts)
        return [self.classes[place] for place in chances.argmax(axis=1)], chances.max(axis=1, initial=0.0)

    def save(self, file: str | Path) -> None:
        """Return with the reader in a NumPy file (``.npz``); it holds arrays only, no code."""
        kept: dict[str, Any] = {f"grams {name}": array for name, array in self.grams.arrays().items()}
        kept |= {"classes": np.array(self.classes), "weights": self.weights, "bias": self.bias}
        with Path(file).open("wb") as target:
            np.savez_compressed(target, scale=np.array([self.slope, self.offset]), **kept)


def load(file: str | Path) -> Reader:
    """Return the reader that ``Reader.save`` kept.

    Raises
    ------
    InputError
        The file is not there or holds something else.
    """
    try:
        with np.load(Path(file), allow_pickle=False) as kept:
            grams = {name.removeprefix("grams "): kept[name] for name in kept.files if name.startswith("grams ")}
            slope, offset = (float(value) for value in kept["scale"])
            classes = tuple(str(name) for name in kept["classes"])
            return Reader(classes, restore(grams), kept["weights"], kept["bias"], slope, offset)
    except (OSError, ValueError, KeyError, EOFError) as error:
        message = f"{file} holds no reader of texts ({error}). Expected a file written by Reader.save."
        raise InputError(message) from error


@dataclass(frozen=True)
class Learned:
    """A reader and what it said of each text when it was learned from the others.

    Parameters
    ----------
    reader
        Learned from all texts.
    truth
        Place in ``reader.classes`` of each text's label.
    held_out
        ``(n_texts, n_classes)`` chances by readers that had not seen the text, nor one equal to it.
    """

    reader: Reader
    truth: NDArray[np.int64]
    held_out: NDArray[np.float64]


def fit(
    texts: Sequence[str],
    labels: Sequence[str],
    *,
    groups: Sequence[str] | None = None,
    folds: int = FOLDS,
    penalty: float = PENALTY,
) -> Learned:
    """Return a reader learned from labeled texts, calibrated on parts held out.

    Parameters
    ----------
    texts
        Clean texts.
    labels
        The class of each.
    groups
        Texts of one group are held out together. Default: equal texts are.
    folds
        Parts that are held out in turn.
    penalty
        Inverse strength of the penalty on the weights.

    Raises
    ------
    ContractError
        There is no text with a letter, labels are missing, or there are fewer than two classes.
    """
    _check(texts, labels)
    classes, truth = np.unique(np.array(labels, dtype=np.str_), return_inverse=True)
    grams, features = learn(texts)
    part = _folds(texts if groups is None else groups, truth, folds)
    two = len(classes) == 2  # noqa: PLR2004
    values = np.full((len(texts), 1 if two else len(classes)), ABSENT)
    for fold in range(folds):
        out = part == fold
        if out.any() and (~out).any():
            values[out] = _held_out(features, truth, out, len(classes), penalty)
    weights, bias = _fit(features, truth, penalty)
    slope, offset = platt(values[:, 0], truth) if two else (_temperature(values, truth), 0.0)
    reader = Reader(tuple(str(name) for name in classes), grams, weights, bias, slope, offset)
    return Learned(reader, truth, _chances(values, slope, offset))


def _check(texts: Sequence[str], labels: Sequence[str]) -> None:
    found = []
    if len(texts) != len(labels):
        found.append(f"{len(texts)} texts and {len(labels)} labels; expected one label for each text")
    if not any(any(letter.isalnum() for letter in text) for text in texts):
        found.append(f"none of the {len(texts)} texts holds a letter or digit; expected words to learn from")
    if any(label is None or not str(label) for label in labels):
        rows = [row for row, label in enumerate(labels) if label is None or not str(label)]
        found.append(f"label: empty in {len(rows)} rows (first: {rows[0]}); expected a class, or leave those rows out")
    elif len(set(labels)) < 2:  # noqa: PLR2004
        found.append(f"label: {len(set(labels))} class ({', '.join(sorted(set(labels)))}); expected at least two to tell apart")
    if found:
        raise ContractError(breaches("These texts cannot be learned from", found))


def _folds(groups: Sequence[str], truth: NDArray[np.int64], folds: int) -> NDArray[np.int64]:
    """Return the part of each text: groups are dealt out in turn within each class, in the order of a checksum."""
    first: dict[str, int] = {}
    for group, one in zip(groups, truth.tolist(), strict=True):
        first.setdefault(group, one)
    dealt: dict[str, int] = {}
    count: dict[int, int] = {}
    for group in sorted(first, key=lambda name: (zlib.crc32(name.encode("utf-8", "surrogatepass")), name)):
        count[first[group]] = count.get(first[group], -1) + 1
        dealt[group] = (count[first[group]] + first[group]) % folds
    return np.array([dealt[group] for group in groups])


def _held_out(features: Any, truth: NDArray[np.int64], out: NDArray[np.bool_], count: int, penalty: float) -> Reals:  # noqa: ANN401
    """Return the decision values of the texts held out, by a machine that has not seen them."""
    seen = np.unique(truth[~out])
    if len(seen) == 1:
        values = np.full((int(out.sum()), count), ABSENT)
        values[:, seen[0]] = -ABSENT
        return values[:, 1:] if count == 2 else values  # noqa: PLR2004
    weights, bias = _fit(features[~out], truth[~out], penalty)
    told = np.asarray(features[out] @ weights.T + bias)
    if count == 2:  # noqa: PLR2004
        return told
    if len(seen) == 2:  # noqa: PLR2004
        told = np.hstack([-told, told])
    values = np.full((len(told), count), ABSENT)
    values[:, seen] = told
    return values


def _fit(features: Any, truth: NDArray[np.int64], penalty: float) -> tuple[Reals, Reals]:  # noqa: ANN401
    from sklearn.svm import LinearSVC  # noqa: PLC0415  slow to import

    machine = LinearSVC(C=penalty, random_state=0, max_iter=5000, tol=1e-3).fit(features, truth)
    return machine.coef_, machine.intercept_


def _chances(values: Reals, slope: float, offset: float) -> Reals:
    if values.shape[1] == 1:
        second = 1 / (1 + np.exp(-np.clip(slope * values[:, 0] + offset, -STEEPEST, STEEPEST)))
        return np.column_stack([1 - second, second])
    raised = np.exp(slope * (values - values.max(axis=1, keepdims=True)))
    return raised / raised.sum(axis=1, keepdims=True)


def platt(values: Reals, truth: NDArray[np.int64]) -> tuple[float, float]:
    """Return slope and offset of the logistic function that fits best, by Newton's method, on Platt's softened targets.

    Parameters
    ----------
    values
        Decision values, above 0 for the second class.
    truth
        0 or 1 of each.
    """
    many = np.bincount(truth, minlength=2)
    target = np.where(truth == 1, (many[1] + 1) / (many[1] + 2), 1 / (many[0] + 2))
    design = np.column_stack([values, np.ones_like(values)])
    found = np.array([1.0, 0.0])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(design @ found, -STEEPEST, STEEPEST)))
        curve = design.T @ (design * (chance * (1 - chance))[:, None]) + SURE * np.eye(2)
        step = np.linalg.solve(curve, design.T @ (chance - target))
        found = found - np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < SURE:
            break
    return float(np.clip(found[0], 0.1, STEEPEST)), float(np.clip(found[1], -STEEPEST, STEEPEST))


def _temperature(values: Reals, truth: NDArray[np.int64]) -> float:
    """Return the slope at which the softmax of the values is likeliest."""
    from scipy.optimize import minimize_scalar  # noqa: PLC0415  slow to import

    rows = np.arange(len(truth))

    def loss(log_slope: float) -> float:
        chances = _chances(values, float(np.exp(log_slope)), 0.0)
        return float(-np.log(np.maximum(chances[rows, truth], 1e-12)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(np.log(0.1), np.log(STEEPEST)), method="bounded").x))
