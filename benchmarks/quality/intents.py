"""Intents of service messages: banking77 (77 intents), and the six of lotwise on messages written by hand.

Run: ``python -m benchmarks.quality.intents [--quick]``. Data: ``../shared/data/intents`` (10,003 and 3,080 messages, PolyAI,
CC BY 4.0), split as published. The reader's settings were chosen on 2,000 messages of the training part. Equal messages on
both sides are counted, and the figures given again without them. Peers, same split and same call: TfidfVectorizer of words
and of characters within words with LogisticRegression, and multinomial naive Bayes, each with its default settings and with
the setting that does best on a tenth of the training messages. Seconds are CPU seconds of this process. The second table
reads the held-out messages of ``tests/mine/opinions/messages.toml``, which were written by the authors of the seed messages:
an indication, no more.
"""

from __future__ import annotations

import argparse
import time
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB

from benchmarks.machine import last_line
from lotwise.mine.opinions import intents, scores
from lotwise.mine.opinions.reader import fit
from lotwise.mine.opinions.text import clean

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "intents"
MESSAGES = Path(__file__).parents[2] / "tests" / "mine" / "opinions" / "messages.toml"
SEED = 20261122
BARS = {"accuracy": (">=", 0.88), "seconds": ("<=", 60), "ms_a_text": ("<=", 2)}


def regression(penalty: float) -> LogisticRegression:
    """Return a logistic regression of that inverse penalty; scikit-learn's default is 1."""
    return LogisticRegression(C=penalty, max_iter=1000)


def bayes(alpha: float) -> MultinomialNB:
    """Return multinomial naive Bayes of that smoothing; scikit-learn's default is 1."""
    return MultinomialNB(alpha=alpha)


PEERS = {
    "words + LR": (TfidfVectorizer, regression, (1, 10, 30)),
    "characters in words 2-4 + LR": (
        lambda: TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4)), regression, (1, 10),
    ),
    "words + NB": (CountVectorizer, bayes, (1, 0.3, 0.1, 0.03)),
}  # fmt: skip
"""Name -> features, model, its default setting and others tried."""


def read(part: str) -> tuple[list[str], np.ndarray]:
    """Return clean messages and their intents."""
    table = pq.read_table(FOLDER / f"banking77_{part}.parquet").to_pydict()
    return [clean(text) for text in table["text"]], np.array(table["category"])


def peer(name: str, known: tuple[list[str], np.ndarray], asked: list[str]) -> dict[str, tuple[np.ndarray, np.ndarray, float]]:
    """Return classes, chances and CPU seconds of learning by a peer, as it comes and with the best setting of those tried."""
    features, model, settings = PEERS[name]
    texts, label = known
    order = np.random.default_rng(SEED).permutation(len(texts))
    held, rest = order[: len(order) // 10], order[len(order) // 10 :]
    vector = features().fit([texts[k] for k in rest])
    few, many = (vector.transform([texts[k] for k in rows]) for rows in (held, rest))
    best = max((model(setting).fit(many, label[rest]).score(few, label[held]), setting) for setting in settings)[1]
    told = {}
    for title, setting in ((f"{name}, default", settings[0]), (f"{name}, tuned ({best})", best)):
        start = time.process_time()
        vector = features()
        machine = model(setting).fit(vector.fit_transform(texts), label)
        seconds = time.process_time() - start
        told[title] = (machine.classes_, machine.predict_proba(vector.transform(asked)), seconds)
    return told


def judge(label: np.ndarray, classes: np.ndarray, chances: np.ndarray) -> tuple[float, float, float]:
    """Return accuracy, macro F1 and calibration error."""
    truth = np.searchsorted(classes, label)
    found = chances.argmax(axis=1)
    error = scores.calibration_error(found == truth, chances.max(axis=1))
    return scores.accuracy(truth, found), scores.macro_f1(truth, found), error


def by_hand() -> dict[str, tuple[int, float, float, float]]:
    """Return language -> messages, accuracy, share told at all (certain enough) and accuracy of those."""
    written, found = tomllib.loads(MESSAGES.read_text(encoding="utf-8")), {}
    for language, lists in written.items():
        texts = [clean(text) for several in lists.values() for text in several]
        truth = [intent for intent, several in lists.items() for _ in several]
        told, certainty = intents.train(language).reader.predict([intents.cued(text) for text in texts])
        right = np.array([one == other for one, other in zip(told, truth, strict=True)])
        sure = certainty >= 0.5
        found[language] = (len(texts), float(right.mean()), float(sure.mean()), float(right[sure].mean()))
    return found


def main() -> None:
    """Print both tables and the line of figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="no peers")
    quick = parser.parse_args().quick
    known, (asked, label) = read("train"), read("test")
    start = time.process_time()
    reader = fit(known[0], known[1].tolist()).reader
    seconds = time.process_time() - start
    start = time.process_time()
    chances = reader.chances(asked)
    milliseconds = 1000 * (time.process_time() - start) / len(asked)
    seen = set(known[0])
    fresh = np.array([text not in seen for text in asked])
    classes = np.array(reader.classes)
    print(
        f"{len(known[0]):,} messages to learn from, {len(asked):,} to read; {(~fresh).sum()} of these were among the former\n"
    )
    print(f"{'reader':<44}{'accuracy':>9}{'macro F1':>9}{'ECE':>8}{'seconds':>9}")
    accuracy, f1, error = judge(label, classes, chances)
    print(f"{'lotwise, calibration included':<44}{accuracy:>9.4f}{f1:>9.4f}{error:>8.4f}{seconds:>9.1f}")
    alone = judge(label[fresh], classes, chances[fresh])
    print(f"{'lotwise, without messages seen before':<44}{alone[0]:>9.4f}{alone[1]:>9.4f}{alone[2]:>8.4f}")
    figures: dict[str, Any] = {
        "accuracy": accuracy, "macro_f1": f1, "ece": error, "seconds": seconds, "ms_a_text": milliseconds,
        "repeated": int((~fresh).sum()), "accuracy_without_repeated": alone[0],
    }  # fmt: skip
    for name in () if quick else PEERS:
        for title, (peer_classes, told, spent) in peer(name, known, asked).items():
            one, two, three = judge(label, peer_classes, told)
            figures[title] = one
            print(f"{title:<44}{one:>9.4f}{two:>9.4f}{three:>8.4f}{spent:>9.1f}")
    print(f"\nlotwise reads a message in {milliseconds:.2f} ms\n")
    for language, (count, share, sure, right) in by_hand().items():
        print(f"six intents, {language}: {count} messages by hand, accuracy {share:.3f}; told {sure:.3f}, right {right:.3f}")
        figures[f"six_intents_{language}"] = share
    for name, (sign, bar) in BARS.items():
        met = figures[name] >= bar if sign == ">=" else figures[name] <= bar
        print(f"{name}: {figures[name]:.4f}, bar {sign} {bar}: {'met' if met else 'missed'}")
    rounded = {name: round(value, 4) if isinstance(value, float) else value for name, value in figures.items()}
    print(last_line("intents", rounded, seed=SEED))


if __name__ == "__main__":
    main()
