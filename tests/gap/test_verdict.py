"""What can be said of a line."""

import pytest

from lotwise.gap.verdict import of_loss, of_placebo, of_source


@pytest.mark.parametrize(
    ("interval", "said"),
    [
        (None, "no interval"),
        ((1, 2), "lost"),
        ((-1, 2), "not distinguishable from 0"),
        ((-2, -1), "gained"),
        ((0, 0), "nothing lost"),
    ],
)
def test_loss(interval, said):
    """A loss is said to be one only where its interval is above 0."""
    assert of_loss(interval) == said


@pytest.mark.parametrize(
    ("interval", "cost", "said"),
    [
        (None, 0, "no interval"),
        ((5, 9), 0, "worth it"),
        ((2, 9), 0, "not distinguishable from the placebo"),
        ((-1, 9), 0, "not distinguishable from 0"),
        ((-9, -1), 5, "harmful"),
        ((5, 9), 10, "not worth its price"),
        ((5, 9), 7, "not distinguishable from its price"),
        ((5, 9), 4, "worth it"),
    ],
)
def test_source_beside_a_placebo_of_minus_1_to_3(interval, cost, said):
    """A source is worth it only above 0, above the placebo's interval and above its price."""
    assert of_source(interval, placebo=(-1, 3), cost=cost) == said


@pytest.mark.parametrize(
    ("interval", "said"),
    [((-1, 1), "not distinguishable from 0"), ((1, 2), "noise passes for value"), ((-2, -1), "harmful"), (None, "no interval")],
)
def test_placebo(interval, said):
    """A placebo that brings money is called what it is."""
    assert of_placebo(interval) == said
