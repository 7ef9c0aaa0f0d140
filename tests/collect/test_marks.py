import pyarrow as pa
import pytest

from lotwise.collect import marks

BESIDE = {
    "12.50": None,
    "$ 12.50": "$",
    "12.50 EUR": "EUR",
    "€1,234.50": "€",
    "8元": "元",
    "￥8": "￥",
    "5 kr": "kr",
    "5 zł": "zł",
    "$ 12 CAD": "CAD",
    "CAD12.5": None,  # nor is it a number to amounts.read_number
    "1E-05": None,
    "1.234,50 EUR": "EUR",
    "€ 100.00-": "€",
    "1\u202f000,5\u00a0€": "€",
    "12.50 EUR each": None,
    "TBD": None,
    "SEE NOTE 3": None,
    None: None,
}
ALONE = {"EUR": "EUR", "eur": "eur", "€": "€", "kr": "kr", "NaN": None, "xxx": None, "euros": None, "12 EUR": None, None: None}


def read(engine, values, how):
    table = engine.from_arrow(pa.table({"row": range(len(values)), "text": pa.array(values, pa.string())}))
    return engine.to_arrow(table.select("row", mark=how(table["text"])).order_by("row"))["mark"].to_pylist()


def test_the_mark_beside_an_amount_is_found(engine):
    """A mark counts where a number stands beside it, whatever its decimal mark, and the one after it where there are two."""
    assert dict(zip(BESIDE, read(engine, list(BESIDE), marks.beside), strict=True)) == BESIDE


def test_no_mark_lacks_a_sign(engine):
    """Text that is passed over as without a sign has no mark: the quick look loses none."""
    signed = read(engine, list(BESIDE), lambda text: marks.has_sign(text).cast("string"))
    assert all(sign == "true" for sign, mark in zip(signed, BESIDE.values(), strict=True) if mark is not None)


def test_a_code_alone_is_a_mark(engine):
    """Three letters or a sign are a currency, words that mean nothing are none."""
    assert dict(zip(ALONE, read(engine, list(ALONE), marks.alone), strict=True)) == ALONE


@pytest.mark.parametrize(
    ("written", "agree"),
    [
        ([], True),
        (["$", "USD", "usd"], True),
        (["€", "EUR"], True),
        (["£", "GBP"], True),
        (["¥", "JPY"], True),
        (["¥", "CNY", "元", "RMB", "￥"], True),
        (["kr", "NOK"], True),
        (["$", "EUR"], False),
        (["$", "CAD"], False),
        (["¥", "CNY", "JPY"], False),
        (["元", "JPY"], False),
        (["kr", "NOK", "SEK"], False),
    ],
)
def test_marks_agree_where_one_currency_fits_all(written, agree):
    """An ambiguous mark agrees with each of its currencies, and never makes two of them one."""
    assert marks.agree(written) is agree


@pytest.mark.parametrize(
    ("mark", "currency", "fits"),
    [
        ("€", "EUR", True),
        ("EUR", "€", True),
        ("$", "CAD", True),
        ("USD", "CAD", False),
        ("¥", "CNY", True),
        ("元", "RMB", True),
        ("€", "USD", False),
        ("€", "thousand euros", True),
    ],
)
def test_a_dollar_sign_may_be_any_dollar_of_the_project(mark, currency, fits):
    """Against the project's currency a mark has any meaning it can have; a word of the user's own is not judged."""
    assert marks.may_be(mark, currency) is fits


@pytest.mark.parametrize("name", ["currency", "Currency Code", "CURRENCY_CODE", "Währung", "WAERK", "币种"])
def test_columns_of_currencies_are_known_by_name(name):
    """Case, accents and signs within a name do not matter; a name with another word is another column."""
    assert marks.names_currency(name)
    assert not marks.names_currency(f"{name} rate")
