"""What was read, as rows of the tables: readings, opinions, requests, topics and scores."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from lotwise.mine.opinions import topics
from lotwise.mine.opinions.lexicon import lexicon
from lotwise.mine.opinions.scores import wilson
from lotwise.tables.mined import OPINIONS, READINGS, REQUESTS, TEXT_SCORES, TOPICS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lotwise.mine.opinions.read import Read
    from lotwise.mine.opinions.sentiment import Score
    from lotwise.mine.opinions.stake import Stake
    from lotwise.tables.contract import Table

ALL = "all"
OF_SERVICE = frozenset({"delivery", "service"})
"""Aspects that are the service's, whatever product the text is about."""

NINETY = 1.645
SHOWN = 200
"""Characters of a text shown as an example."""

BOTH = 5
"""Texts that both the last quarter of the time and the time before must hold for a change to be told."""

EPOCH = date(1970, 1, 1)


def readings(read: Read) -> pa.Table:
    """Return the table ``readings``."""
    texts, judged = read.texts, read.judged
    chance = judged.chance
    return _table(READINGS, [
        {
            "event": texts.event[row],
            "kind": texts.kind[row],
            "product": texts.product[row] or None,
            "week": monday(int(texts.day[row])),
            "language": texts.language[row],
            "sentiment": round(2 * float(chance[row]) - 1, 6),
            "certainty": 1.0 if judged.basis[row] == "stars" else float(max(chance[row], 1 - chance[row])),
            "basis": judged.basis[row],
            "aspects": [("+" if judged.aspects[row][name] else "-") + name for name in sorted(judged.aspects[row])],
            "intent": judged.intent[row],
            "intent_certainty": judged.intent_certainty[row],
        }
        for row in range(len(texts))
    ])  # fmt: skip


def opinions(read: Read) -> pa.Table:
    """Return the table ``opinions``: aspects of the service under ``all``, others under the product the text is about."""
    texts, judged = read.texts, read.judged
    rows: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, told in enumerate(judged.aspects):
        for aspect in told:
            rows[_place(texts.product[row], aspect), aspect].append(row)
    recent = _recent(texts.day)
    return _table(
        OPINIONS, [_opinion(read, product, aspect, several, recent) for (product, aspect), several in sorted(rows.items())]
    )


def _opinion(read: Read, product: str, aspect: str, rows: list[int], recent: int) -> dict[str, Any]:
    is_for = np.array([read.judged.aspects[row][aspect] for row in rows])
    late = read.texts.day[rows] >= recent
    positive, count = int(is_for.sum()), len(rows)
    low, high = wilson(positive, count, NINETY)
    told = min(int(late.sum()), int((~late).sum())) >= BOTH
    sides = [row for row, side in zip(rows, is_for, strict=True) if not side] or rows
    return {
        "product": product,
        "aspect": aspect,
        "texts": count,
        "positive": positive,
        "negative": count - positive,
        "sentiment": (2 * positive - count) / count,
        "low": round(2 * low - 1, 6),
        "high": round(2 * high - 1, 6),
        "change": float(2 * (is_for[late].mean() - is_for[~late].mean())) if told else None,
        "example": _example(read, sides, aspect),
    }


def requests(read: Read, money: Callable[[str, int, int], Stake]) -> pa.Table:
    """Return the table ``requests``, the most money first and then the most texts.

    Parameters
    ----------
    read
        What was read.
    money
        Gives the money at stake for (product, texts that ask, texts of the product).
    """
    texts = read.texts
    aspect_of = lexicon().aspects
    rows: dict[tuple[str, str], list[int]] = defaultdict(list)
    opinionated = [row for row in range(len(texts)) if texts.kind[row] != "chat" or read.judged.intent[row] == "complaint"]
    total: dict[str, int] = defaultdict(int)
    for row in opinionated:
        total[ALL] += 1
        total[texts.product[row] or ALL] += bool(texts.product[row])
        for change in read.judged.changes[row]:
            rows[_place(texts.product[row], aspect_of[change.partition(":")[0]]), change].append(row)
    found: list[dict[str, Any]] = []
    for (product, change), several in sorted(rows.items()):
        aspect = aspect_of[change.partition(":")[0]]
        stake = money("" if product == ALL else product, len(several), total[product])
        found.append({
            "product": product, "change": change, "aspect": aspect, "texts": len(several),
            "share": len(several) / total[product],
            "at_stake": stake.money, "at_stake_low": stake.low, "at_stake_high": stake.high, "basis": stake.basis,
            "example": _example(read, several, aspect),
        })  # fmt: skip
    found.sort(key=lambda row: (-(row["at_stake"] or 0.0), -row["texts"], row["product"], row["change"]))
    return _table(REQUESTS, found)


def topic_weeks(read: Read, count: int) -> pa.Table:
    """Return the table ``topics``: each topic in every week from the first text of its language to the last."""
    texts, found, number = read.texts, [], 0
    for language in ("en", "zh"):
        rows = np.flatnonzero((texts.spoken == language) & np.array([bool(plain) for plain in texts.plain], dtype=bool))
        told = topics.find([texts.plain[row] for row in rows], language, count)
        if not told.words:
            continue
        week = (texts.day[rows] + 3) // 7  # 1970-01-01 was a Thursday
        first, span = int(week.min()), int(week.max() - week.min()) + 1
        all_texts = np.bincount(week - first, minlength=span)
        for topic, words in enumerate(told.words):
            number += 1
            mine = np.bincount(week[told.of == topic] - first, minlength=span)
            found += [
                {
                    "topic": f"T{number}", "week": EPOCH + timedelta(days=7 * (first + place) - 3), "language": language,
                    "words": words, "texts": int(mine[place]), "share": float(mine[place] / max(all_texts[place], 1)),
                }
                for place in range(span)
            ]  # fmt: skip
    return _table(TOPICS, found)


def text_scores(scores: Sequence[Score]) -> pa.Table:
    """Return the table ``text_scores``."""
    return _table(TEXT_SCORES, [
        {
            "task": one.task, "language": one.language, "model": one.model, "texts": one.texts, "accuracy": one.accuracy,
            "macro_f1": one.macro_f1, "calibration_error": one.calibration_error, "basis": one.basis,
        }
        for one in scores
    ])  # fmt: skip


def monday(day: int) -> date:
    """Return the Monday of the week that holds a day counted from 1970-01-01."""
    found = EPOCH + timedelta(days=day)
    return found - timedelta(days=found.weekday())


def _place(product: str, aspect: str) -> str:
    return ALL if aspect in OF_SERVICE or not product else product


def _recent(day: Any) -> int:  # noqa: ANN401  an array
    """Return the first day of the last quarter of the time that the texts span."""
    return int(day.min() + np.ceil(0.75 * (day.max() - day.min() + 1))) if len(day) else 0


def _example(read: Read, rows: list[int], aspect: str) -> str:
    """Return the text that says most of the aspect, the latest of equals."""
    texts = read.texts
    row = max(
        rows, key=lambda place: (abs(texts.said[place].aspects.get(aspect) or 0.0), int(texts.day[place]), texts.event[place])
    )
    shown = " ".join(texts.plain[row].split())
    return shown if len(shown) <= SHOWN else shown[: SHOWN - 3] + "..."


def _table(contract: Table, rows: list[dict[str, Any]]) -> pa.Table:
    return contract.check(pa.Table.from_pylist(rows, schema=contract.schema)) if rows else contract.empty()
