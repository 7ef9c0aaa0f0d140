from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lotwise.report.numbers import Numbers, cell, count, largest, spell, total

NUMBERS = Numbers("USD")


@given(st.floats(-1e9, 1e9), st.integers(0, 3))
def test_spell_reads_back(value, decimals):
    """What is spelled reads back as the value, to half a unit of its last decimal."""
    back = float(spell(value, decimals).replace(",", "").replace("−", "-"))
    assert abs(back - value) <= 0.5 * 10**-decimals * (1 + 1e-6)


@pytest.mark.parametrize(("value", "shown"), [(41200.4, "41,200"), (12.4, "12.40"), (-1234.5, "−1,234"), (-0.001, "0.00")])
def test_money_shows_cents_only_where_they_matter(value, shown):
    """Amounts from 100 on are whole, smaller ones have cents, and nothing is minus zero."""
    assert str(NUMBERS.money(value)) == shown


def test_money_follows_its_column():
    """In a column of thousands a small amount is whole too."""
    assert str(NUMBERS.money(55.25, like=13500)) == "55"


def test_money_carries_the_currency_in_a_sentence():
    """An amount that is not in a table says its currency, on the same line."""
    assert str(NUMBERS.money(9800, bare=False)) == "9,800\u00a0USD"


def test_absent_value_is_a_dash():
    """A value that is absent is shown as a dash and carries no value."""
    assert NUMBERS.money(None).__html__() == '<span class="n none">–</span>'


def test_figure_carries_its_unrounded_value_and_its_address():
    """The element holds the value to the last digit, and the key of its row."""
    row = {"account": "unknown", "line": "not & known", "money": 9800.123456789}
    html = NUMBERS.money(row["money"], cell("gap", "money", row)).__html__()
    assert 'data-value="9800.123456789"' in html
    assert 'data-cell="gap.money?account=unknown&amp;line=not+%26+known"' in html


def test_origins_name_what_they_add_up():
    """A sum and a count are addressed by the columns they hold for."""
    where = {"product": "P1", "week": date(2017, 1, 2), "counted": True}
    assert total("demand", "units", where).address == "demand.units?product=P1&week=2017-01-02&counted=true"
    assert count("cuts", {}).address == "cuts.?"


def test_shares_and_units():
    """Shares are in percent; whole units have no decimals, small broken ones have one."""
    assert str(NUMBERS.share(0.2379)) == "23.8\u00a0%"
    assert [str(NUMBERS.units(value)) for value in (20.0, 20.25, 1234.5)] == ["20", "20.2", "1,234"]


def test_largest_passes_over_absent_values():
    """The largest size counts negative values and leaves absent ones out."""
    assert largest([{"low": -5.0, "high": None}, {"low": 1.0, "high": 3.0}], "low", "high") == 5.0
