"""What customers look at and say: browsing that runs a week ahead of demand, and reviews in two languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from lotwise.demo.atelier.catalog import CODES, STYLES
from lotwise.demo.atelier.law import START, Reals, stream

if TYPE_CHECKING:
    from lotwise.demo.atelier.people import Lines

BROWSING = {"view": 0.7, "cart": 0.12, "search": 0.1, "wish": 0.04}
"""Kind of event -> events for one unit of a plain week's demand."""

UNKNOWN, MISSPELT = 5, "COAT-WOLL"
"""How many views are of a style that does not exist, and its code."""

REVIEWED, IN_CHINESE, PERSONAL = 0.035, 0.45, 0.06
DAY = np.timedelta64(1, "D")
SECOND = np.timedelta64(1, "s")
PRAISE = {
    "en": (
        "The fit is perfect.",
        "Lovely fabric, soft and warm.",
        "The color is exactly as shown.",
        "Arrived early, well packed.",
    ),
    "zh": ("版型很合身。", "面料柔软，质量很好。", "颜色和图片一样，很喜欢。", "发货很快，包装用心。"),
}
BLAME = {
    "en": (
        "The sleeves are too short.",
        "The fabric feels thin.",
        "The color is duller than the picture.",
        "It came a week late.",
    ),
    "zh": ("袖子太短，尺码不准。", "面料太薄，有点失望。", "颜色比图片暗。", "等了很久，物流太慢。"),
}
CONTACT = {
    "en": {"mail": "Write to me at {mail}.", "phone": "Call me on {phone}.", "name": "My name is {name}."},
    "zh": {"mail": "邮箱 {mail}。", "phone": "请打我电话 {phone}。", "name": "我叫{name}。"},
}
CHINESE_NAMES = ("王小明", "李娜", "张伟", "刘洋")


@dataclass(frozen=True)
class Reviews:
    """The reviews, and how many of their texts hold a mail address, a telephone number or a name."""

    table: pa.Table
    mails: int
    phones: int
    names: int


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
    spoken = zip(language, rating, rng.integers(0, 4, len(mine)), contact, writers, strict=True)
    texts = [_text(*spoken_by) for spoken_by in spoken]
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
    return Reviews(table, *(int((contact == place).sum()) for place in range(3)))


def _text(language: str, rating: int, aspect: int, contact: int, writer: dict[str, str]) -> str:
    said = (PRAISE if rating > 3 else BLAME)[language][aspect]  # noqa: PLR2004  four stars and five are praise
    if contact < 0:
        return said
    name = CHINESE_NAMES[len(writer["email"]) % len(CHINESE_NAMES)] if language == "zh" else writer["name"]
    kind = ("mail", "phone", "name")[contact]
    return f"{said} {CONTACT[language][kind].format(mail=writer['email'], phone=writer['phone'], name=name)}"
