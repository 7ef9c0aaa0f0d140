import pytest

from lotwise.collect.vocabulary import COLUMNS, FILES
from lotwise.collect.words import likeness, synonyms, tokens
from lotwise.tables.collected import COLLECTED


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("InvoiceNo", ("invoice", "no")),
        ("order_id", ("order", "id")),
        ("Prix d'achat", ("prix", "d", "achat")),
        ("Stück-Menge", ("stueck", "menge")),
        ("商品编码", ("商品编码",)),
        ("N° commande", ("no", "commande")),
        ("Rechnungsnr.", ("rechnungsnummer",)),
    ],
)
def test_names_are_parted_into_words(name, expected):
    """Case, accents, signs and camel case part words; Chinese stays whole."""
    assert tokens(name) == expected


def test_every_word_list_is_of_a_column_of_ours():
    """No synonym stands for a table or column that does not exist."""
    tables = {table.name: table.names for table in COLLECTED}
    assert {(t, c) for t, columns in COLUMNS.items() for c in columns if c not in tables.get(t, ())} == set()
    assert set(FILES) == set(COLUMNS)


def test_the_nearer_name_wins():
    """The same name counts more than a shared word, a shared word more than nothing."""
    known = synonyms("orders", "units")
    assert likeness("Quantity", known) > likeness("Quantity in total", known) > likeness("Color", known) == 0
