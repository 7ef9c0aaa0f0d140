"""Sentiment of Chinese shopping reviews in ten categories: accuracy, calibration, and categories never seen.

Run: ``python -m benchmarks.quality.chinese_reviews [--quick]``. Data: ``../shared/data/zh_shopping_reviews`` (62,774 reviews).
80/20 by seed; the reader's settings were chosen on a part of the 80 %. Equal reviews on both sides are counted, and the figures
are given again without them. Then each category in turn is read by a reader that has seen only the other nine, and the word
lists of lotwise read the same test reviews without having learned anything. Peers, same split and same call: TfidfVectorizer of
words (as they come, and of single characters and pairs) with LogisticRegression, and multinomial naive Bayes, each with its
default settings and with the setting that does best on a tenth of the training reviews; SnowNLP where it imports.
Seconds are CPU seconds of this process.
"""

from __future__ import annotations

import argparse
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as pq
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB

from benchmarks.machine import last_line
from lotwise.mine.opinions import scores
from lotwise.mine.opinions.polarity import score
from lotwise.mine.opinions.reader import fit
from lotwise.mine.opinions.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable

FILE = Path(__file__).parents[3] / "shared" / "data" / "zh_shopping_reviews" / "online_shopping_10_cats.parquet"
SEED = 20261122
QUICK = 6000
BARS = {"accuracy": 0.90, "macro_f1": 0.90, "category_out": 0.80}


def regression(penalty: float) -> LogisticRegression:
    """Return a logistic regression of that inverse penalty; scikit-learn's default is 1."""
    return LogisticRegression(C=penalty, max_iter=1000)


def bayes(alpha: float) -> MultinomialNB:
    """Return multinomial naive Bayes of that smoothing; scikit-learn's default is 1."""
    return MultinomialNB(alpha=alpha)


PEERS = {
    "words, as they come + LR": (TfidfVectorizer, regression, (1, 10, 30)),
    "characters 1-2 + LR": (
        lambda: TfidfVectorizer(analyzer="char", ngram_range=(1, 2)), regression, (1, 10, 30),
    ),
    "characters 1-2 + NB": (
        lambda: CountVectorizer(analyzer="char", ngram_range=(1, 2)), bayes, (1, 0.3, 0.1),
    ),
}  # fmt: skip
"""Name -> features, model, its default setting and others tried."""


def read(*, quick: bool) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return clean reviews that hold a text, labels (1: for) and categories."""
    table = pq.read_table(FILE).to_pydict()
    texts = [clean(text) for text in table["review"]]
    kept = [place for place, text in enumerate(texts) if text]
    if quick:
        kept = sorted(np.random.default_rng(SEED).choice(kept, QUICK, replace=False).tolist())
    return [texts[k] for k in kept], np.array(table["label"])[kept], np.array(table["cat"])[kept]


def judge(label: np.ndarray, chance: np.ndarray) -> dict[str, float]:
    """Return accuracy, macro F1 and calibration error of the chances of praise."""
    found = (chance >= 0.5).astype(np.int64)
    right = found == label
    return {
        "accuracy": scores.accuracy(label, found),
        "macro_f1": scores.macro_f1(label, found),
        "ece": scores.calibration_error(right, np.maximum(chance, 1 - chance)),
    }


def own(texts: list[str], label: np.ndarray, train: np.ndarray, test: np.ndarray) -> tuple[np.ndarray, float, float]:
    """Return the chances of praise of the test reviews, CPU seconds of learning, milliseconds of reading one review."""
    start = time.process_time()
    reader = fit([texts[k] for k in train], [str(label[k]) for k in train]).reader
    learned = time.process_time() - start
    start = time.process_time()
    chance = reader.chances([texts[k] for k in test])[:, 1]
    return chance, learned, 1000 * (time.process_time() - start) / len(test)


def peer(name: str, texts: list[str], label: np.ndarray, train: np.ndarray, test: np.ndarray) -> dict[str, np.ndarray]:
    """Return the chances of praise by a peer, as it comes and with the setting that did best on a tenth held out."""
    features, model, settings = PEERS[name]
    tenth = len(train) // 10
    fitted, told = _fitted(features, model, settings[0], texts, label, train), {}
    told[f"{name}, default"] = _chance(*fitted, texts, test)
    tried = []
    vector = features().fit([texts[k] for k in train[tenth:]])
    known, held = (vector.transform([texts[k] for k in rows]) for rows in (train[tenth:], train[:tenth]))
    for setting in settings:
        machine = model(setting).fit(known, label[train[tenth:]])
        tried.append((machine.score(held, label[train[:tenth]]), setting))
    best = max(tried)[1]
    if best != settings[0]:
        told[f"{name}, tuned ({best})"] = _chance(*_fitted(features, model, best, texts, label, train), texts, test)
    return told


def _fitted(
    features: Callable[[], Any],
    model: Callable[[float], Any],
    setting: float,
    texts: list[str],
    label: np.ndarray,
    train: np.ndarray,
) -> tuple[Any, Any]:
    vector = features()
    known = vector.fit_transform([texts[k] for k in train])
    return vector, model(setting).fit(known, label[train])


def _chance(vector: TfidfVectorizer, machine: MultinomialNB, texts: list[str], test: np.ndarray) -> np.ndarray:
    return machine.predict_proba(vector.transform([texts[k] for k in test]))[:, 1]


def snow(texts: list[str], test: np.ndarray) -> np.ndarray | None:
    """Return SnowNLP's sentiments with the model it brings, or None where it is not installed."""
    try:
        snownlp = import_module("snownlp")
    except ImportError:
        return None
    return np.array([snownlp.SnowNLP(texts[k]).sentiments for k in test])


def categories_out(texts: list[str], label: np.ndarray, category: np.ndarray) -> dict[str, float]:
    """Return category -> accuracy on it by a reader that has seen only the others."""
    found = {}
    for name in sorted(set(category)):
        test, train = np.flatnonzero(category == name), np.flatnonzero(category != name)
        chance, _, _ = own(texts, label, train, test)
        found[name] = scores.accuracy(label[test], (chance >= 0.5).astype(np.int64))
    return found


def row(name: str, found: dict[str, float]) -> None:
    """Print one line of the table."""
    print(f"{name:<42}{found['accuracy']:>9.4f}{found['macro_f1']:>9.4f}{found['ece']:>8.4f}")


def main() -> None:
    """Print the table and the line of figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="a sample of the reviews, no peers")
    quick = parser.parse_args().quick
    texts, label, category = read(quick=quick)
    order = np.random.default_rng(SEED).permutation(len(texts))
    test, train = order[: len(order) // 5], order[len(order) // 5 :]
    seen = {texts[k] for k in train}
    fresh = np.array([texts[k] not in seen for k in test])
    print(f"{len(train):,} reviews to learn from, {len(test):,} to read; {(~fresh).sum()} of these are also among the former\n")
    print(f"{'reader':<42}{'accuracy':>9}{'macro F1':>9}{'ECE':>8}")
    chance, seconds, milliseconds = own(texts, label, train, test)
    figures: dict[str, Any] = judge(label[test], chance)
    row("lotwise", figures)
    row("lotwise, without reviews seen before", judge(label[test][fresh], chance[fresh]))
    words = np.array([score(texts[k])[0] for k in test])
    figures["words_accuracy"] = judge(label[test], words)["accuracy"]
    row("lotwise, word lists alone (not learned)", judge(label[test], words))
    if not quick:
        for name in PEERS:
            for title, told in peer(name, texts, label, train, test).items():
                row(title, judge(label[test], told))
                figures[title] = round(judge(label[test], told)["accuracy"], 4)
    told = snow(texts, test)
    print("SnowNLP is not installed: not measured") if told is None else row("SnowNLP, as it comes", judge(label[test], told))
    print(f"\nlearned in {seconds:.1f} CPU seconds, calibration included; {milliseconds:.2f} ms a review")
    alone = categories_out(texts, label, category)
    for name, share in alone.items():
        print(f"never seen {name}: {share:.4f}")
    figures |= {
        "category_out": float(np.mean(list(alone.values()))), "seconds": seconds, "ms_a_text": milliseconds,
        "repeated": int((~fresh).sum()), "accuracy_without_repeated": judge(label[test][fresh], chance[fresh])["accuracy"],
    }  # fmt: skip
    for name, bar in BARS.items():
        print(f"{name}: {figures[name]:.4f}, bar >= {bar:.2f}: {'met' if figures[name] >= bar else 'missed'}")
    rounded = {name: round(value, 4) if isinstance(value, float) else value for name, value in figures.items()}
    print(last_line("chinese_reviews", rounded, seed=SEED))


if __name__ == "__main__":
    main()
