"""The customers, all invented: who they are, what they like, and which visits bring which order lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pyarrow as pa

from lotwise.demo.atelier import choose
from lotwise.demo.atelier.catalog import CODES, LOCATIONS, REGIONS, SEGMENTS, STYLES, choices
from lotwise.demo.atelier.law import START, Reals, Whole, stream

PER_REGION = 1800
LINES_A_VISIT = 1.7
CONTACT_SHARE = 0.01
"""Share of customers whose household note holds a telephone number."""

FIRST = (
    "Anna",
    "Ben",
    "Clara",
    "David",
    "Emma",
    "Felix",
    "Grace",
    "Henry",
    "Iris",
    "Jack",
    "Li",
    "Mei",
    "Na",
    "Wei",
    "Yan",
    "Hao",
)
LAST = ("Adler", "Baker", "Chen", "Davies", "Evans", "Fischer", "Gao", "Huang", "Ito", "Jones", "Kim", "Liu", "Wang", "Zhang")
AGES, INCOMES = ("18-24", "25-34", "35-44", "45-54", "55-64", "65+"), ("low", "middle", "high")


@dataclass(frozen=True)
class Lines:
    """Order lines, one element each: places into ``CODES``, ``REGIONS`` and the customers, and the chosen options.

    ``visit`` numbers the orders, ``line`` the lines within one, ``day`` counts from the start, ``second`` within
    the day; ``chosen`` holds the place of each option's value, -1 where the style has no such option.
    """

    style: Whole
    region: Whole
    day: Whole
    second: Whole
    visit: Whole
    line: Whole
    customer: Whole
    shop: Whole
    units: Whole
    chosen: dict[str, Whole]


def customers(seed: int, weeks: int) -> tuple[pa.Table, Whole, int]:
    """Return the customers' file, the segment of each, and how many of the notes hold a telephone number."""
    rng = stream(seed, "customers")
    count = PER_REGION * len(REGIONS)
    first, last = rng.choice(FIRST, count), rng.choice(LAST, count)
    segment = rng.choice(len(SEGMENTS), count, p=[0.45, 0.35, 0.2])
    joined = rng.integers(-700, 7 * weeks // 2, count)
    phones = [f"13{number:09d}" for number in rng.integers(0, 10**9, count)]
    household = rng.choice(["1 adult", "2 adults", "2 adults, 1 child", "2 adults, 2 children"], count)
    has_told = rng.random(count) < CONTACT_SHARE
    table = pa.table(
        {
            "email": [mail(a, b, number) for number, (a, b) in enumerate(zip(first, last, strict=True))],
            "name": [f"{a} {b}" for a, b in zip(first, last, strict=True)],
            "phone": phones,
            "region": np.repeat(REGIONS, PER_REGION),
            "since": pa.array([START + timedelta(days=int(offset)) for offset in joined]),
            "age": rng.choice(AGES, count, p=[0.12, 0.28, 0.24, 0.18, 0.11, 0.07]),
            "income": rng.choice(INCOMES, count, p=[0.3, 0.5, 0.2]),
            "household": [_note(*told) for told in zip(household, phones, has_told, strict=True)],
            "offers": np.where(rng.random(count) < 0.93, "yes", "no"),  # noqa: PLR2004
        }
    )
    return table, segment, int(has_told.sum())


def _note(home: str, phone: str, has_told: bool) -> str:  # noqa: FBT001  one row of three columns
    """Return what is noted of a household; some notes hold a telephone number, which guard must find."""
    return f"{home}, call {phone[:3]} {phone[3:7]} {phone[7:]}" if has_told else home


def mail(first: str, last: str, number: int) -> str:
    """Return a customer's address, in a domain that is reserved for examples."""
    return f"{first}.{last}.{number:05d}@example.com".lower()


def lines(seed: int, sold: Whole, segment: Whole) -> Lines:
    """Return who bought each unit that was sold, in which order, with which options.

    A unit's segment follows how the segments like the style; units of one day, region and segment fall on
    visits at random, so styles liked by one segment are bought together. Units of one style in one visit make
    one line.

    Parameters
    ----------
    seed
        Seed of the simulation.
    sold
        Units by style, region and day.
    segment
        Segment of each customer; customers are in the order of their regions.
    """
    rng = stream(seed, "lines")
    style, region, day = (np.repeat(place, sold.ravel()) for place in np.indices(sold.shape).reshape(3, -1))
    liking = np.cumsum([np.array(s.appeal) / sum(s.appeal) for s in STYLES], axis=1)
    kind = (rng.random(len(style))[:, None] > liking[style]).sum(axis=1)
    group = (day * len(REGIONS) + region) * len(SEGMENTS) + kind
    visits = np.ceil(np.bincount(group) / LINES_A_VISIT)[group]
    slot = np.floor(rng.random(len(style)) * visits).astype(np.int64)
    seen, visit = np.unique(group * 10_000 + slot, return_inverse=True)
    who = _visitors(rng, seen // 10_000, segment)
    cell, units = np.unique(visit * len(STYLES) + style, return_counts=True)
    visit, style = cell // len(STYLES), cell % len(STYLES)
    first = np.searchsorted(visit, visit)
    place = seen[visit] // 10_000 // len(SEGMENTS)
    region, day = place % len(REGIONS), place // len(REGIONS)
    second = rng.integers(9 * 3600, 21 * 3600, len(seen))[visit]
    shops = np.array([len(LOCATIONS[name]) for name in REGIONS])
    shop = np.floor(rng.random(len(seen))[visit] * shops[region]).astype(np.int64)
    return Lines(
        style, region, day, second, visit, np.arange(len(cell)) - first + 1, who[visit], shop, units, _chosen(rng, style)
    )


def extra_price(bought: Lines) -> Reals:
    """Return what the chosen options add to the list price of one unit."""
    total = np.zeros(len(bought.style))
    for number, style in enumerate(STYLES):
        mine = np.flatnonzero(bought.style == number)
        for option, values in choices(style).items():
            total[mine] += np.array([extra for _, extra, _ in values.values()])[bought.chosen[option][mine]]
    return total


def _visitors(rng: np.random.Generator, group: Whole, segment: Whole) -> Whole:
    """Return a customer of the right region and segment for each visit; a few customers come often."""
    who = np.empty(len(group), dtype=np.int64)
    activity = rng.gamma(0.7, 1.0, len(segment)) + 0.02
    home = np.repeat(np.arange(len(REGIONS)), PER_REGION)
    for region in range(len(REGIONS)):
        for kind in range(len(SEGMENTS)):
            mine = np.flatnonzero(group % (len(REGIONS) * len(SEGMENTS)) == region * len(SEGMENTS) + kind)
            known = np.flatnonzero((home == region) & (segment == kind))
            who[mine] = rng.choice(known, len(mine), p=activity[known] / activity[known].sum())
    return who


def _chosen(rng: np.random.Generator, style: Whole) -> dict[str, Whole]:
    chosen = {option: np.full(len(style), -1) for option in choices(STYLES[0])}
    for number in range(len(CODES)):
        mine = np.flatnonzero(style == number)
        for option, picks in choose.draw(rng, STYLES[number], len(mine)).items():
            chosen[option][mine] = picks
    return chosen
