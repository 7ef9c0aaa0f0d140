"""What customers look at and say: browsing that runs a week ahead of demand, reviews and messages in two languages.

Some styles have a fault that most of their unhappy reviews are about, and one region waits for its parcels: what customers
ask for is planted, and told with the truth.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from lotwise.demo.atelier.catalog import CODES, REGIONS, STYLES
from lotwise.demo.atelier.law import START, Reals, Whole, stream

if TYPE_CHECKING:
    from lotwise.demo.atelier.people import Lines

BROWSING = {"view": 0.7, "cart": 0.12, "search": 0.1, "wish": 0.04}
"""Kind of event -> events for one unit of a plain week's demand."""

UNKNOWN, MISSPELT = 5, "COAT-WOLL"
"""How many views are of a style that does not exist, and its code."""

REVIEWED, IN_CHINESE, PERSONAL = 0.035, 0.45, 0.06
DAY = np.timedelta64(1, "D")
SECOND = np.timedelta64(1, "s")
FAULTS = {
    "JACKET-LINEN": "sleeves: longer",
    "KNIT": "fabric: thicker",
    "DRESS-SUMMER": "color: brighter",
    "TROUSERS": "waist: larger",
}
"""Style -> the change that its unhappy customers ask for."""

SLOW_REGION, SLOW = "web", "delivery: faster"
FAULTY, WAITED = 0.6, 0.3
"""Share of unhappy reviews of a faulty style that are about its fault, and of those of the region about its parcels."""

FINE = {"sleeves: longer": "fit", "fabric: thicker": "material", "color: brighter": "color", "waist: larger": "fit"}
"""Change asked for -> the aspect that a happy review of the same style does not praise."""

MESSAGES = 20
"""Messages to the service in a week."""

INTENTS = {"order": 0.15, "delivery": 0.3, "return": 0.16, "complaint": 0.14, "product question": 0.18, "other": 0.07}
"""What the writer of a message wants -> share of the messages."""

ABOUT_NONE = ("other", "order", "delivery")
"""Intents whose messages are booked to no style."""

CONTACT = {
    "en": {"mail": "Write to me at {mail}.", "phone": "Call me on {phone}.", "name": "My name is {name}."},
    "zh": {"mail": "邮箱 {mail}。", "phone": "请打我电话 {phone}。", "name": "我叫{name}。"},
}
CHINESE_NAMES = ("王小明", "李娜", "张伟", "刘洋")


@dataclass(frozen=True)
class Reviews:
    """The reviews, and how many of their texts hold a mail address, a telephone number or a name.

    ``asked`` is how many ask for (style, change); parcels to come sooner are asked for under ``all``.
    """

    table: pa.Table
    mails: int
    phones: int
    names: int
    asked: dict[tuple[str, str], int]


@dataclass(frozen=True)
class Messages:
    """The messages to the service, and what the writer of each wants."""

    table: pa.Table
    intents: tuple[str, ...]


def browsing(seed: int, buzz: Reals, emails: pa.ChunkedArray) -> pa.Table:
    """Return views, carts, searches and wishes: Poisson, with next week's buzz in the rate.

    Parameters
    ----------
    seed
        Seed of the simulation.
    buzz
        (styles, weeks + 1) change of the log rate of demand, the week after the last included.
    emails
        The customers.
    """
    rng = stream(seed, "browsing")
    plain = np.array([style.units for style in STYLES])[:, None] * np.exp(buzz[:, 1:])
    parts = []
    for kind, share in BROWSING.items():
        count = rng.poisson(share * plain).ravel()
        style, week = (np.repeat(place, count) for place in np.indices(plain.shape).reshape(2, -1))
        second = rng.integers(0, 7 * 86_400, len(style))
        searched = kind == "search"
        parts.append(
            pa.table(
                {
                    "time": np.datetime64(START, "s") + (7 * week) * DAY + second * SECOND,
                    "customer": emails.take(pa.array(rng.integers(0, len(emails), len(style)))),
                    "product": pa.array(np.array(CODES)[style], pa.string(), mask=np.full(len(style), searched)),
                    "kind": np.full(len(style), kind),
                    "text": pa.array([STYLES[s].name.lower() for s in style] if searched else [None] * len(style), pa.string()),
                }
            )
        )
    views = parts[0]
    parts.append(views.slice(0, UNKNOWN).set_column(2, "product", pa.array([MISSPELT] * UNKNOWN)))
    events = pa.concat_tables(parts).combine_chunks()
    events = events.take(np.argsort(events["time"].to_numpy(), kind="stable"))
    return events.add_column(0, "event", [[f"E{number:07d}" for number in range(events.num_rows)]])


def reviews(seed: int, bought: Lines, people: pa.Table, days: int) -> Reviews:
    """Return ratings with a text for some lines, written 5 to 20 days after the order and before the last day."""
    rng = stream(seed, "reviews")
    day = bought.day + rng.integers(5, 21, len(bought.day))
    mine = np.flatnonzero((rng.random(len(day)) < REVIEWED) & (day < days))
    mine = mine[np.argsort(day[mine], kind="stable")]
    taste = rng.normal(0, 0.3, len(CODES))
    rating = np.clip(np.rint(rng.normal(4.0 + taste[bought.style[mine]], 1.0)), 1, 5).astype(np.int64)
    contact = np.where(rng.random(len(mine)) < PERSONAL, rng.integers(0, 3, len(mine)), -1)
    language = np.where(rng.random(len(mine)) < IN_CHINESE, "zh", "en")
    writers = people.take(pa.array(bought.customer[mine])).select(["email", "phone", "name"]).to_pylist()
    rng.integers(0, 4, len(mine))  # what reviews were about before they had words of their own; later draws stay as they were
    told = _told(stream(seed, "words of reviews"), language, rating, bought.style[mine], bought.region[mine])
    texts = [_signed(*row) for row in zip(told.texts, language, contact, writers, strict=True)]
    table = pa.table(
        {
            "event": [f"R{number:06d}" for number in range(len(mine))],
            "time": np.datetime64(START, "s") + day[mine] * DAY + rng.integers(8 * 3600, 23 * 3600, len(mine)) * SECOND,
            "customer": [writer["email"] for writer in writers],
            "product": np.array(CODES)[bought.style[mine]],
            "stars": rating,
            "text": texts,
        }
    )
    mails, phones, names = (int((contact == place).sum()) for place in range(3))
    return Reviews(table, mails, phones, names, told.asked)


def messages(seed: int, people: pa.Table, weeks: int) -> Messages:
    """Return messages to the service, evenly over the weeks, each by a customer and most about one style."""
    rng = stream(seed, "messages")
    count = MESSAGES * weeks
    second = np.sort(rng.integers(0, 7 * weeks * 86_400, count))
    intent = rng.choice(list(INTENTS), count, p=list(INTENTS.values()))
    style = rng.integers(0, len(CODES), count)
    language = np.where(rng.random(count) < IN_CHINESE, "zh", "en")
    pick = rng.random(count)
    texts = [
        _picked(_words()[tongue]["messages"][want], share).format(style=_name(place, tongue))
        for tongue, want, share, place in zip(language, intent, pick, style, strict=True)
    ]
    named = ~np.isin(intent, ABOUT_NONE)
    table = pa.table(
        {
            "event": [f"M{number:06d}" for number in range(count)],
            "time": np.datetime64(START, "s") + second * SECOND,
            "customer": people["email"].take(pa.array(rng.integers(0, people.num_rows, count))),
            "product": pa.array(np.array(CODES)[style], pa.string(), mask=~named),
            "text": texts,
        }
    )
    return Messages(table, tuple(str(one) for one in intent))


@dataclass(frozen=True)
class _Told:
    texts: list[str]
    asked: dict[tuple[str, str], int]


def _told(rng: np.random.Generator, language: Any, rating: Whole, style: Whole, region: Whole) -> _Told:  # noqa: ANN401  strings
    """Return what the reviews say, and how many ask for what is planted: blame with up to three stars, praise with more."""
    draws = rng.random((len(rating), 6))
    texts: list[str] = []
    asked: dict[tuple[str, str], int] = {}
    for row, (tongue, stars) in enumerate(zip(language, rating, strict=True)):
        code, draw = CODES[style[row]], draws[row]
        words = _words()[tongue]
        fault = FAULTS.get(code)
        if stars > 3:  # noqa: PLR2004  four stars and five are praise
            aspects = [aspect for aspect in words["praise"] if fault is None or aspect != FINE[fault]]
            first = _picked(aspects, draw[0])
            said = [_picked(words["praise"][first], draw[1])]
            if draw[2] < (0.6 if stars > 4 else 0.2):  # noqa: PLR2004  five stars say more
                other = _picked([aspect for aspect in aspects if aspect != first], draw[3])
                said.append(_picked(words["praise"][other], draw[4]))
            texts.append(_joined(said, tongue))
            continue
        planted = (code, fault) if fault and draw[0] < FAULTY else None
        if planted is None and REGIONS[region[row]] == SLOW_REGION and draw[5] < WAITED:
            planted = ("all", SLOW)
        if planted is None:
            said = [_picked(words["blame"][_picked(list(words["blame"]), draw[1])], draw[2])]
        else:
            asked[planted] = asked.get(planted, 0) + 1
            said = [_picked(words["faults"][planted[1]], draw[2])]
        if stars == 3:  # noqa: PLR2004  a middling review praises something first
            praised = "packaging" if draw[3] < 0.5 else "service"  # noqa: PLR2004  half of them
            texts.append(_joined([_picked(words["praise"][praised], draw[4]), *said], tongue, but=True))
        else:
            texts.append(_joined(said, tongue))
    return _Told(texts, asked)


def _joined(said: list[str], language: str, *, but: bool = False) -> str:
    if language == "zh":
        return ("，但是" if but else "，").join(said) + "。"
    if but:
        return f"{said[0]}, but {said[1][0].lower()}{said[1][1:]}."
    return ". ".join(said) + "."


def _picked(several: list[str], share: float) -> str:
    return several[int(share * len(several))]


def _name(style: int, language: str) -> str:
    return str(_words()["names"][CODES[style]]) if language == "zh" else STYLES[style].name.lower()


def _signed(said: str, language: str, contact: int, writer: dict[str, str]) -> str:
    """Return a text, with what the writer should not have told where that is so."""
    if contact < 0:
        return said
    name = CHINESE_NAMES[len(writer["email"]) % len(CHINESE_NAMES)] if language == "zh" else writer["name"]
    kind = ("mail", "phone", "name")[contact]
    return f"{said} {CONTACT[language][kind].format(mail=writer['email'], phone=writer['phone'], name=name)}"


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("voices.toml").read_text(encoding="utf-8"))
