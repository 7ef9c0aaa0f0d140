import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.collect.amounts import looks_like_number, read_number

POINT = {
    "1234.5": 1234.5,
    "1,234.50": 1234.5,
    "-3": -3.0,
    "+3": 3.0,
    ".5": 0.5,
    "1e3": 1000.0,
    "1E-05": 1e-5,
    "$ 12.50": 12.5,
    "12.50 USD": 12.5,
    "€12": 12.0,
    "100.00-": -100.0,
    "1 234.5": 1234.5,
    "1'234": 1234.0,
    "12,50": None,
    "1,23,4": None,
    "n/a": None,
    "inf": None,
    "nan": None,
    "1_000": None,
    "-": None,
    ".": None,
    "3 pieces": None,
    "12.5.2024": None,
}
COMMA = {
    "1234,5": 1234.5,
    "1.234,50": 1234.5,
    "1.234": 1234.0,
    "12": 12.0,
    "12,50 €": 12.5,
    "EUR 3,00": 3.0,
    "-3,5": -3.5,
    "7,00-": -7.0,
    "12.50": None,
    "1,234.50": None,
    "1 234,5": 1234.5,
    "n/a": None,
}


def numbers(engine, values, decimal):
    table = engine.from_arrow(pa.table({"row": range(len(values)), "text": values}))
    return engine.to_arrow(table.select("row", value=read_number(table["text"], decimal)).order_by("row"))["value"].to_pylist()


@pytest.mark.parametrize(("decimal", "expected"), [(".", POINT), (",", COMMA)])
def test_numbers_are_read_as_people_write_them(engine, decimal, expected):
    """Thousands marks, currencies and trailing signs are understood; what could be read two ways is not read at all."""
    assert dict(zip(expected, numbers(engine, list(expected), decimal), strict=True)) == expected


@pytest.mark.parametrize(("decimal", "expected"), [(".", POINT), (",", COMMA)])
def test_the_proposal_judges_as_the_reader_does(decimal, expected):
    """looks_like_number holds exactly where read_number gives a number."""
    assert {text: looks_like_number(text, decimal) for text in expected} == {
        text: value is not None for text, value in expected.items()
    }


@settings(max_examples=10, deadline=None)
@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=20))
def test_what_is_written_is_read_back(engine, values):
    """A number written with either mark, with or without thousands marks, comes back to the cent."""
    cents = [round(value, 2) for value in values]
    american = [f"{value:,.2f}" for value in cents]
    german = [text.translate(str.maketrans(",.", ".,")) for text in american]
    assert numbers(engine, american, ".") == numbers(engine, german, ",") == pytest.approx(cents, abs=1e-9)
