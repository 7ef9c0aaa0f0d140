"""Labels of the user's own."""

import pytest

from lotwise.errors import ContractError, InputError
from lotwise.mine.opinions.labels import read


def test_labels_are_read(tmp_path):
    """Intent and sentiment come by language; a row may have one of them."""
    (tmp_path / "own.csv").write_text(
        "text,intent,sentiment\nwhere is it,Delivery,\n很好,,for\nbad,complaint,against\n", "utf-8"
    )
    found = read(tmp_path / "own.csv")
    assert found.intents == (("where is it", "en", "delivery"), ("bad", "en", "complaint"))
    assert found.sentiments == (("很好", "zh", True), ("bad", "en", False))


def test_every_fault_is_named(tmp_path):
    """An empty text, an unknown sentiment and a row without a label are told together, with their rows."""
    (tmp_path / "own.csv").write_text('text,intent,sentiment\n"",order,\nfine,,\ngood,,great\n', "utf-8")
    with pytest.raises(ContractError) as told:
        read(tmp_path / "own.csv")
    assert "text: empty" in str(told.value)
    assert "neither intent nor sentiment" in str(told.value)
    assert "sentiment: expected one of" in str(told.value)


def test_a_missing_column_or_file_is_named(tmp_path):
    """The columns that are there are shown, and a file that is not there is named."""
    (tmp_path / "own.csv").write_text("txt,intent\na,order\n", "utf-8")
    with pytest.raises(ContractError, match="did you mean 'txt'"):
        read(tmp_path / "own.csv")
    with pytest.raises(InputError, match=r"absent\.csv"):
        read(tmp_path / "absent.csv")
