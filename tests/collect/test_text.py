import pytest

from lotwise.collect.text import read_csv, read_jsonl
from lotwise.errors import InputError

PLAIN = {"delimiter": "", "encoding": "", "quote": '"'}


def test_every_value_is_text_and_empty_is_null(tmp_path):
    """Leading zeros, quotes and line breaks stay; empty fields, quoted or not, are nulls."""
    (tmp_path / "f.csv").write_text('id,note\n007,"two\nlines"\n,""\n')
    text = read_csv(tmp_path / "f.csv", "f.csv", None, **PLAIN)
    assert text.table.to_pylist() == [
        {"id": "007", "note": "two\nlines", "source_row": 1},
        {"id": None, "note": None, "source_row": 2},
    ]


def test_only_wanted_columns_are_kept(tmp_path):
    """The rest is named, not read."""
    (tmp_path / "f.csv").write_text("a,b,c\n1,2,3\n")
    text = read_csv(tmp_path / "f.csv", "f.csv", {"c", "other"}, **PLAIN)
    assert (text.table.column_names, text.columns) == (["c", "source_row"], ("a", "b", "c"))


def test_rows_that_do_not_fit_are_named_by_their_row(tmp_path):
    """Rows with too few or too many fields are misfits, and the other rows keep their numbers."""
    (tmp_path / "f.csv").write_text("a,b\n1,2\n3\n4,5\n6,7,8\n9,10\n")
    text = read_csv(tmp_path / "f.csv", "f.csv", None, **PLAIN)
    assert text.table["source_row"].to_pylist() == [1, 3, 5]
    assert [row for row, _ in text.misfits] == [2, 4]
    assert text.misfits[0][1] == "the row has 1 fields where the header has 2 (split at ',')"


def test_another_quote_is_followed(tmp_path):
    """Quotes may be single."""
    (tmp_path / "f.csv").write_text("a,b\n'1,5',2\n")
    text = read_csv(tmp_path / "f.csv", "f.csv", None, delimiter="", encoding="", quote="'")
    assert text.table["a"].to_pylist() == ["1,5"]


def test_json_lines_become_text(tmp_path):
    """Numbers, flags, lists and inner objects become text as JSON writes them, whatever their type from row to row."""
    (tmp_path / "f.jsonl").write_text('{"a": 1, "b": {"c": true}}\n\n{"a": "x", "d": [1, 2]}\n{"a": 2.5}\n')
    text = read_jsonl(tmp_path / "f.jsonl", "f.jsonl", None, encoding="")
    assert text.table["a"].to_pylist() == ["1", "x", "2.5"]
    assert (text.table["b.c"].to_pylist(), text.table["d"].to_pylist()) == (["true", None, None], [None, "[1,2]", None])


def test_a_line_that_is_no_object_is_a_misfit(tmp_path):
    """A broken line costs that line only."""
    (tmp_path / "f.jsonl").write_text('{"a": 1}\n{"a": \n[3]\n{"a": 4}\n')
    text = read_jsonl(tmp_path / "f.jsonl", "f.jsonl", None, encoding="")
    assert text.table["source_row"].to_pylist() == [1, 4]
    assert text.misfits == ((2, "the line is not a JSON object"), (3, "the line is not a JSON object"))


def test_one_json_array_is_read_too(tmp_path):
    """A file may be one array of objects."""
    (tmp_path / "f.json").write_text('[{"a": 1}, {"a": 2}]')
    assert read_jsonl(tmp_path / "f.json", "f.json", None, encoding="").table["a"].to_pylist() == ["1", "2"]


def test_a_file_without_objects_is_refused(tmp_path):
    """What is no JSON at all is told as such."""
    (tmp_path / "f.jsonl").write_text("order,units\n1,2\n")
    with pytest.raises(InputError, match=r"f.jsonl holds no JSON object in 2 lines"):
        read_jsonl(tmp_path / "f.jsonl", "f.jsonl", None, encoding="")
