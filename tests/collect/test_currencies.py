"""Money of two currencies in one mapped source is refused; money in another than the project's is noted."""

import tomllib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lotwise import config
from lotwise.collect import run
from lotwise.errors import InputError
from lotwise.stage import Inputs

HEAD = "order,time,product,units"
ORDERS = '[[collect]]\ntable = "orders"\nfiles = "o.csv"\n'


def lines(*rest, head="unit_price"):
    """Return a file of orders, one line for each text, which holds the columns of the head."""
    return "\n".join([f"{HEAD},{head}", *(f"{n},2024-03-01,A,1,{text}" for n, text in enumerate(rest, start=1))]) + "\n"


def refusal(collected, files, toml):
    with pytest.raises(InputError) as error:
        collected(files, toml)
    return str(error.value)


@pytest.fixture
def noted(tmp_path, engine):
    """Return a function that collects one file and returns the notes that were shown."""

    def collect(text, toml):
        (tmp_path / "o.csv").write_text(text, encoding="utf-8")
        shown = []

        def progress(message, done=None):
            if done is None:
                shown.append(message)

        run(Inputs(settings=config.build(tomllib.loads(toml)), engine=engine, folder=tmp_path, progress=progress))
        return shown

    return collect


def test_two_marks_in_one_column_are_refused(collected):
    """File, column, each mark with its rows and two of them, and the next step are named."""
    toml = ORDERS + 'columns = { unit_price = "Price" }\n'
    message = refusal(collected, {"o.csv": lines("$ 3", "4 EUR", "$5", "6", "7 USD", "$8", head="Price")}, toml)
    assert message == (
        "Files cannot be read as lotwise.toml says:\n"
        "- o.csv: column 'Price' (for orders.unit_price) holds two currencies or more: "
        "$ in 3 rows (such as rows 1 and 6), EUR in 1 row (row 2), USD in 1 row (row 5). "
        "Write the currency into a column of its own, and give each a [[collect]] of its own with a filter on that column, "
        'and what is to be converted a factor, such as unit_price = { from = "Price", factor = 1.17 }; '
        "or convert it in the file"
    )


def test_marks_that_mean_the_same_are_added_up(collected):
    """$ and USD are one currency, and so is money without a mark beside money with one."""
    given = collected({"o.csv": lines("$ 3", "4 USD", "5")}, ORDERS)
    assert [row["unit_price"] for row in given["raw.orders"]] == [3.0, 4.0, 5.0]


def test_a_factor_does_not_part_two_currencies(collected):
    """A factor is the same in all rows, so that it cannot convert a column of two currencies."""
    toml = ORDERS + 'columns = { unit_price = { from = "unit_price", factor = 1.17 } }\n'
    assert "€ in 1 row (row 1), $ in 1 row (row 2)" in refusal(collected, {"o.csv": lines("€3", "$4")}, toml)


def test_files_of_two_currencies_are_mapped_apart(collected):
    """Where each file has a currency of its own, the next step is a mapping for the files of each."""
    files = {"in/eu.csv": lines("€3", "€4"), "in/us.csv": lines("$5,x", head="unit_price,note")}
    message = refusal(collected, files, ORDERS.replace("o.csv", "in"))
    assert "in/eu.csv, in/us.csv: column 'unit_price'" in message
    assert "€ in 2 rows (row 1 of in/eu.csv and row 2 of in/eu.csv), $ in 1 row (row 1 of in/us.csv)" in message
    assert "Give the files of each currency a [[collect]] of their own" in message


def test_two_columns_of_money_are_in_one_currency(collected):
    """Revenue in € and discounts in $ are refused, unless a factor converts one of them."""
    files = {"o.csv": lines("€3,$1", "€4,$2", head="revenue,discount")}
    message = refusal(collected, files, ORDERS)
    assert "o.csv: columns of money are in two currencies or more" in message
    assert "'revenue' (for orders.revenue): € in 2 rows (rows 1 and 2)" in message
    assert 'such as discount = { from = "discount", factor = 1.17 }' in message
    converted = collected(files, ORDERS + 'columns = { discount = { from = "discount", factor = 0.5 } }\n')
    assert [row["discount"] for row in converted["raw.orders"]] == [0.5, 1.0]


def test_a_column_of_currencies_is_heeded_though_nobody_maps_it(collected):
    """Two codes beside the money are refused; the next step is a filter on their column."""
    files = {"o.csv": lines("3,EUR", "4,usd", "5,", "6,EUR", head="unit_price,Currency Code")}
    message = refusal(collected, files, ORDERS)
    assert "column 'Currency Code' (the currency of orders.unit_price) holds two currencies or more" in message
    assert "EUR in 2 rows (rows 1 and 4), usd in 1 row (row 2)" in message
    assert 'filter = [{ column = "Currency Code", is = "EUR" }]' in message


def test_the_next_step_helps(collected):
    """One mapping for each currency, as the message says, reads both and converts one: 4 x 0.5 = 2."""
    files = {"o.csv": lines("3 EUR,EUR", "4 USD,USD", head="unit_price,currency")}
    parts = [
        ORDERS + f'filter = [{{ column = "currency", is = "{code}" }}]\n'
        f'columns = {{ unit_price = {{ from = "unit_price", factor = {factor} }} }}\n'
        for code, factor in (("EUR", 1.0), ("USD", 0.5))
    ]
    assert refusal(collected, files, ORDERS).count('filter = [{ column = "currency", is = "EUR" }]') == 2
    assert [row["unit_price"] for row in collected(files, "".join(parts))["raw.orders"]] == [3.0, 2.0]


def test_rows_left_out_do_not_count(collected):
    """A filter on any column that leaves one currency is enough."""
    files = {"o.csv": lines("€3,EUR,own", "$4,USD,other", head="unit_price,currency,brand")}
    given = collected(files, ORDERS + 'filter = [{ column = "brand", is = "own" }]\n')
    assert [row["unit_price"] for row in given["raw.orders"]] == [3.0]


def test_columns_of_currencies_without_money_are_no_matter(collected):
    """Where no money is read, a file may name as many currencies as it likes."""
    assert len(collected({"o.csv": lines("EUR", "USD", head="currency")}, ORDERS)["raw.orders"]) == 2


def test_typed_files_are_looked_into_too(collected, tmp_path):
    """A Parquet file with numbers as money and text as currency is refused; every breach of every mapping is listed."""
    table = pa.table(
        {"order": ["1", "2"], "time": ["2024-03-01"] * 2, "product": ["A"] * 2, "units": [1, 1], "unit_price": [3.0, 4.0]}
    )
    pq.write_table(table.append_column("WAERS", [["EUR", "CNY"]]), tmp_path / "o.parquet")
    products = '[[collect]]\ntable = "products"\nfiles = "p.csv"\n'
    files = {"p.csv": "product,category,unit_cost\nA,x,€1\nB,x,£1\n"}
    message = refusal(collected, files, ORDERS.replace("o.csv", "o.parquet") + products)
    assert message.count("\n- ") == 2
    assert "o.parquet: column 'WAERS'" in message
    assert "p.csv: column 'unit_cost' (for products.unit_cost)" in message


def test_money_in_another_currency_than_the_project_is_noted(noted):
    """Nothing is converted, and that is said; the project's own currency, or a factor, ends it."""
    expected = (
        "o.csv: column 'unit_price' (for orders.unit_price) is in EUR and €, "
        '[project] says currency = "USD", and nothing is converted; '
        'change that, or give a factor, such as unit_price = { from = "unit_price", factor = 1.17 }'
    )
    assert noted(lines("€3", "4 EUR"), ORDERS) == [expected]
    assert noted(lines("€3"), '[project]\ncurrency = "EUR"\n' + ORDERS) == []
    assert noted(lines("€3"), ORDERS + 'columns = { unit_price = { from = "unit_price", factor = 1.17 } }\n') == []


def test_a_column_of_one_other_currency_is_noted_once(noted):
    """The column of currencies is asked where the amounts have no mark of their own."""
    by_code = noted(lines("3,CNY", "4,CNY", head="unit_price,currency"), ORDERS)
    by_mark = noted(lines("€3,EUR", head="unit_price,currency"), ORDERS)
    assert ["(the currency of orders.unit_price) is in CNY" in note for note in by_code] == [True]
    assert ["(for orders.unit_price) is in €" in note for note in by_mark] == [True]


def test_a_total_by_its_units_is_not_converted_and_by_a_rate_is(noted):
    """A price that is the total / units stays in its currency; one that is divided by another column does not."""
    way = 'columns = {{ unit_price = {{ from = "total", divide_by = "{}" }} }}\n'
    text = lines("€3,1.1", head="total,rate")
    assert len(noted(text, ORDERS + way.format("units"))) == 1
    assert noted(text, ORDERS + way.format("rate")) == []
