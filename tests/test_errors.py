"""Tests of the error tree."""

from __future__ import annotations

import pytest

from lotwise import errors


def test_every_error_stands_in_the_drawn_tree():
    """The tree in the docstring names each error of the module."""
    for name, value in vars(errors).items():
        if isinstance(value, type) and issubclass(value, errors.LotwiseError):
            assert name in errors.__doc__


def test_message_is_shown_as_written():
    """A KeyError's message is not quoted."""
    assert str(errors.MissingTableError("Table 'x' is missing.")) == "Table 'x' is missing."


@pytest.mark.parametrize(
    ("name", "hint"), [("prodct", "; did you mean 'product'?"), ("zzz", ""), ("Product", "; did you mean 'product'?")]
)
def test_the_closest_name_is_offered(name, hint):
    """A misspelt name is answered by the closest known one, a strange one by nothing."""
    assert errors.did_you_mean(name, ["product", "region"]) == hint
