import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.errors import InputError
from lotwise.forecast.options.choices import NOT_CHOSEN, UNUSABLE, alike, levels


def test_choices_survive_coding_and_back():
    """Codes stand for exactly the choices of the frame, absent ones included."""
    frame = pa.table({"fabric": ["linen", None, "wool"], "size": ["S", "M", "S"]})
    known = levels(frame, ["fabric", "size"])
    assert known.values == ((NOT_CHOSEN, "linen", "wool"), ("M", "S"))
    assert known.decode(known.encode(frame)).to_pydict() == frame.to_pydict()


def test_retired_value_has_no_code_and_new_value_has_one():
    """What is offered decides: wool is no longer offered, silk is new."""
    frame = {"fabric": ["linen", "wool"]}
    known = levels(frame, ["fabric"], {"fabric": ["silk", "linen"]})
    assert known.values == (("linen", "silk"),)
    assert known.encode(frame).ravel().tolist() == [0, UNUSABLE]


def test_dictionary_columns_are_read_as_text():
    """A column of categories is coded like a column of text."""
    column = pa.array(["a", "b", "a"]).dictionary_encode()
    known = levels(pa.table({"o": column}), ["o"])
    assert known.encode(pa.table({"o": column})).ravel().tolist() == [0, 1, 0]


def test_missing_options_are_named_with_the_closest_column():
    """The message lists every option the frame lacks."""
    with pytest.raises(InputError, match="'fabrik'; did you mean 'fabric'"):
        levels({"fabric": ["linen"]}, ["fabrik"])
    with pytest.raises(InputError, match="expected pandas"):
        levels([1, 2], ["fabric"])


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(*[st.integers(-1, 300)] * 9), max_size=30))
def test_alike_finds_the_same_rows_as_comparing_them(rows):
    """Nine columns of 302 values do not fit into one number at once; the result is that of comparing rows."""
    codes = np.array(rows, np.int64).reshape(-1, 9)
    first, place = alike(codes)
    expected, inverse = np.unique(codes, axis=0, return_inverse=True)
    np.testing.assert_array_equal(codes[first], expected)
    np.testing.assert_array_equal(place, inverse.ravel())
