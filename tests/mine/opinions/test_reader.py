"""A reader of labeled texts: what it learns, how sure it is, how it is kept, and what it cannot learn from."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from lotwise.errors import ContractError, InputError
from lotwise.mine.opinions import scores
from lotwise.mine.opinions.reader import fit, load, platt

GOOD = ["soft and warm", "lovely color", "fits well", "great value", "fast delivery", "很舒服", "质量好"]
BAD = ["rough and cold", "dull color", "too tight", "poor value", "slow delivery", "很扎人", "质量差"]


def texts_of(count, rng):
    words = (GOOD, BAD)
    side = rng.integers(0, 2, count)
    return [", ".join(rng.choice(words[one], 2)) + f" {number}" for number, one in enumerate(side)], [str(one) for one in side]


def test_platt_is_a_logistic_regression():
    """Slope and offset are those of scikit-learn's unpenalized regression; on many texts softened targets matter little."""
    rng = np.random.default_rng(1)
    values = rng.normal(0, 1, 20_000)
    truth = (rng.random(20_000) < 1 / (1 + np.exp(-(2 * values - 0.5)))).astype(np.int64)
    oracle = LogisticRegression(C=1e9).fit(values[:, None], truth)
    assert platt(values, truth) == pytest.approx((oracle.coef_[0, 0], oracle.intercept_[0]), abs=5e-3)


def test_held_out_texts_are_read_and_certainty_is_calibrated():
    """With a fifth of the labels wrong, about a fifth of the held-out texts are read wrong, and certainty says so."""
    rng = np.random.default_rng(2)
    texts, labels = texts_of(600, rng)
    noisy = [("1" if one == "0" else "0") if rng.random() < 0.2 else one for one in labels]
    learned = fit(texts, noisy, folds=3)
    found = learned.held_out.argmax(axis=1)
    right = found == learned.truth
    assert 0.7 < right.mean() < 0.86
    # ten groups of 60: the mean of |error| of a share of 0.8 by chance alone is 0.8 x sqrt(0.8 x 0.2 / 60) = 0.04
    assert scores.calibration_error(right, learned.held_out.max(axis=1)) < 0.09


def test_equal_texts_are_held_out_together():
    """Labels that only a copy of the text could tell are not told: held-out accuracy is that of guessing."""
    rng = np.random.default_rng(3)
    different = [f"{a}{b}" for a, b in rng.choice(list("abcdefghijklmnop"), (80, 2))]
    different = [f"{text} {number:03d}" for number, text in enumerate(different)]
    labels = [str(one) for one in rng.integers(0, 2, 80)]
    learned = fit(different * 3, labels * 3)
    assert (learned.held_out.argmax(axis=1) == learned.truth).mean() < 0.75


def test_the_same_texts_give_the_same_reader(tmp_path):
    """Twice learned is equal, and what was saved reads as before, to the last bit, without pickle."""
    texts, labels = texts_of(60, np.random.default_rng(4))
    labels = ["2" if number % 7 == 0 else one for number, one in enumerate(labels)]
    one, same = fit(texts, labels).reader, fit(texts, labels).reader
    assert (one.chances(texts) == same.chances(texts)).all()
    one.save(tmp_path / "reader.npz")
    kept = load(tmp_path / "reader.npz")
    assert kept.classes == ("0", "1", "2")
    assert (kept.chances([*texts, "new 新"]) == one.chances([*texts, "new 新"])).all()


def test_chances_sum_to_one():
    """The chances of a text sum to 1, also of one with nothing known and of none at all."""
    texts, labels = texts_of(60, np.random.default_rng(5))
    reader = fit(texts, [*labels[:-1], "other"]).reader
    assert reader.chances(["soft", "", "\u2603"]).sum(axis=1) == pytest.approx(1)
    assert reader.chances([]).shape == (0, 3)
    assert reader.predict([]) == ([], pytest.approx(np.empty(0)))


def test_a_class_with_one_example_is_learned():
    """A class of one text is told apart, and its text is read wrong where it was held out, not refused."""
    learned = fit([*GOOD, *BAD, "where is my parcel"], ["for"] * 7 + ["against"] * 7 + ["delivery"])
    assert learned.reader.predict(["where is my parcel"])[0] == ["delivery"]
    assert learned.held_out[-1].argmax() != learned.reader.classes.index("delivery")


@pytest.mark.parametrize(
    ("texts", "labels", "message"),
    [
        (["good", "fine"], ["for", "for"], "1 class"),
        (["good"], ["for"], "1 class"),
        ([], [], "none of the 0 texts"),
        (["", "..."], ["for", "against"], "none of the 2 texts"),
        (["good", "bad"], ["for", ""], "empty in 1 rows"),
        (["good", "bad"], ["for"], "2 texts and 1 labels"),
    ],
)
def test_what_cannot_be_learned_from_is_said(texts, labels, message):
    """One class, no words and missing labels are refused with what was found."""
    with pytest.raises(ContractError, match=message):
        fit(texts, labels)


def test_a_file_of_something_else_is_refused(tmp_path):
    """A file that holds no reader, or is not there, is named."""
    (tmp_path / "other.npz").write_bytes(b"no reader")
    for name in ("other.npz", "absent.npz"):
        with pytest.raises(InputError, match=name):
            load(tmp_path / name)


def test_chinese_reviews_reach_the_bar(shared_data):
    """Learned from 2,000 of the public reviews, at least 86 of 100 of 800 others are read right (all: see the benchmark)."""
    import pyarrow.parquet as pq

    table = pq.read_table(shared_data / "zh_shopping_reviews" / "online_shopping_10_cats.parquet").to_pydict()
    rows = np.random.default_rng(6).permutation(len(table["label"]))[:2800]
    texts, labels = [table["review"][row] or "" for row in rows], [str(table["label"][row]) for row in rows]
    reader = fit(texts[:2000], labels[:2000], folds=2).reader
    told, _ = reader.predict(texts[2000:])
    assert np.mean([one == other for one, other in zip(told, labels[2000:], strict=True)]) >= 0.86
