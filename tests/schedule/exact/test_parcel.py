"""Shops as bytes: what goes in comes out, and nothing that could run."""

from __future__ import annotations

from dataclasses import fields
from io import BytesIO

import numpy as np

from lotwise.schedule.exact.parcel import PARTS, arrays_of, read, shop_from, write
from tests.schedule.brute import random_schedule
from tests.schedule.shops import random_shop


def test_a_shop_survives_the_journey():
    """Every number of a shop and of the schedule to begin with arrives; names arrive as their number."""
    rng = np.random.default_rng(4)
    shop = random_shop(rng, 4, 3)
    begin = random_schedule(shop, rng)
    stream = BytesIO()
    write(stream, arrays_of(shop, begin))
    stream.seek(0)
    there, started = shop_from(read(stream))
    for part in PARTS:
        if getattr(shop, part) is None:
            assert getattr(there, part) is None
            continue
        for field in fields(PARTS[part]):
            sent, got = getattr(getattr(shop, part), field.name), getattr(getattr(there, part), field.name)
            assert len(sent) == len(got) if isinstance(sent, tuple) else np.array_equal(sent, got), (part, field.name)
    assert np.array_equal(started.start, begin.start)
    assert there.size == shop.size


def test_a_stream_that_ends_in_a_message_is_no_message():
    """Half a message reads as none."""
    stream = BytesIO()
    write(stream, {"a": np.arange(5)})
    assert read(BytesIO(stream.getvalue()[:-3])) is None
    assert read(BytesIO()) is None
