import pytest

from lotwise.collect.dialect import detect_encoding, sniff
from lotwise.errors import InputError

CHINESE = "订单号,商品\n1,红色的椅子\n2,模目录\n3,桌子\n"
FRENCH = "id,nom\n1,Crème brûlée\n2,Île flottante\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"a,b\n1,2\n", "utf-8"),
        (FRENCH.encode("utf-8"), "utf-8"),
        (FRENCH.encode("utf-8-sig"), "utf-8-sig"),
        (FRENCH.encode("utf-16"), "utf-16"),
        (FRENCH.encode("latin-1"), "cp1252"),
        ("id,p\n1,5 €\n".encode("cp1252"), "cp1252"),
        (CHINESE.encode("gb18030"), "gb18030"),
        (CHINESE.encode("utf-8"), "utf-8"),
    ],
)
def test_the_encoding_is_found(tmp_path, content, encoding):
    """Byte order marks, UTF-8, Chinese double bytes and Western single bytes are told apart."""
    (tmp_path / "f.csv").write_bytes(content)
    assert detect_encoding(tmp_path / "f.csv", "f.csv") == encoding


def test_mixed_encodings_name_the_row(tmp_path):
    """Where two exports were glued together, the first line that is not UTF-8 is named."""
    (tmp_path / "f.csv").write_bytes("id,n\n1,Zürich\n2,a\n".encode() + "3,Köln\n".encode("latin-1"))
    with pytest.raises(
        InputError, match=r"f.csv mixes encodings: 1 lines are UTF-8, 1 are not; .* line 4 \(row 3\).*encoding = 'latin-1'"
    ):
        detect_encoding(tmp_path / "f.csv", "f.csv")


def test_a_given_encoding_that_does_not_fit_names_the_row(tmp_path):
    """An encoding in the settings is taken at its word, and refused where it cannot be."""
    (tmp_path / "f.csv").write_bytes(FRENCH.encode("latin-1"))
    with pytest.raises(InputError, match=r"f.csv is not utf-8: line 2 \(row 1\) cannot be read. Leave encoding out"):
        sniff(tmp_path / "f.csv", "f.csv", encoding="utf-8")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path, delimiter):
    """The delimiter is the one that splits all rows alike, whatever marks stand within quotes."""
    lines = [["order", "name", "price"], ["1", '"Chair, oak; red | new"', "12"], ["2", '"x,y,z"', "3"]]
    (tmp_path / "f.csv").write_text("\n".join(delimiter.join(line) for line in lines))
    found = sniff(tmp_path / "f.csv", "f.csv")
    assert (found.delimiter, found.header) == (delimiter, ("order", "name", "price"))


def test_the_wrong_delimiter_is_told_from_the_right_one(tmp_path):
    """A given delimiter that leaves one column is refused, with the one that would split."""
    (tmp_path / "f.csv").write_text("a;b;c\n1;2;3\n")
    with pytest.raises(
        InputError, match=r"f.csv has one column, 'a;b;c', when split at ','; it looks split at ';'. Set delimiter"
    ):
        sniff(tmp_path / "f.csv", "f.csv", delimiter=",")


def test_a_header_without_rows_is_refused(tmp_path):
    """A header only is no data."""
    (tmp_path / "f.csv").write_text("a,b\n\n")
    with pytest.raises(InputError, match=r"f.csv holds a header and no row of data: a, b"):
        sniff(tmp_path / "f.csv", "f.csv")


def test_a_repeated_column_is_refused(tmp_path):
    """Two columns of one name cannot be told apart."""
    (tmp_path / "f.csv").write_text("a,b,a\n1,2,3\n")
    with pytest.raises(InputError, match=r"f.csv has more than one column named a. Rename"):
        sniff(tmp_path / "f.csv", "f.csv")


def test_a_declared_separator_is_followed(tmp_path):
    """Excel's first line 'sep=;' is read as what it says and skipped."""
    (tmp_path / "f.csv").write_text("sep=;\na;b\n1;2\n")
    found = sniff(tmp_path / "f.csv", "f.csv")
    assert (found.delimiter, found.header, found.skip) == (";", ("a", "b"), 2)
