"""Random numbers inside compiled searches."""

from __future__ import annotations

import numpy as np

from lotwise.schedule.chance import bits, draw, share

WHOLE = 1 << 64


def plain(state: int) -> int:
    """Return the next state, in Python's own whole numbers."""
    state ^= (state << 13) % WHOLE
    state ^= state >> 7
    return (state ^ (state << 17)) % WHOLE


def test_bits_are_those_of_the_paper():
    """A thousand states in a row are what shifts in Python's own numbers give."""
    state, expected = np.array([88172645463325252], dtype=np.uint64), 88172645463325252
    for _ in range(1000):
        expected = plain(expected)
        assert int(bits(state)) == expected == int(state[0])


def test_draws_and_shares_are_even():
    """Of 60,000 draws below six each comes about 10,000 times (4 sigma: 365); shares lie in [0, 1) around a half."""
    state = np.array([12345], dtype=np.uint64)
    counts = np.bincount([draw(state, 6) for _ in range(60_000)], minlength=6)
    shares = np.array([share(state) for _ in range(20_000)])
    assert len(counts) == 6
    assert np.abs(counts - 10_000).max() < 365
    assert (shares >= 0).all()
    assert (shares < 1).all()
    assert abs(shares.mean() - 0.5) < 4 / np.sqrt(12 * 20_000)
