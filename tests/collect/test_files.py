import hashlib

import pytest

from lotwise.collect.files import digest, find
from lotwise.errors import InputError


@pytest.fixture
def folder(tmp_path):
    for name in ("data/b.csv", "data/a.parquet", "data/notes.md", "data/.hidden.csv", "orders.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x\n1\n")
    return tmp_path


def test_a_folder_stands_for_its_readable_files(folder):
    """A folder is its files of known ending, in order of name, hidden ones and others left out."""
    assert [(f.name, f.format) for f in find("data", folder)] == [("data/a.parquet", "parquet"), ("data/b.csv", "csv")]


def test_a_file_named_twice_is_read_once(folder):
    """Patterns and paths may overlap."""
    assert [f.name for f in find(["data/*.csv", "data/b.csv", "orders.csv"], folder)] == ["data/b.csv", "orders.csv"]


def test_absolute_patterns_and_parents(folder):
    """Patterns may be absolute, and files outside the project keep the path they are found at."""
    inside = folder / "project"
    inside.mkdir()
    assert [f.path.name for f in find(f"{folder}/*.csv", inside)] == ["orders.csv"]
    assert [f.path.name for f in find("../data/*.csv", inside)] == ["b.csv"]


def test_every_missing_file_is_listed(folder):
    """Missing files, empty patterns and unknown endings are told at once, with the nearest name."""
    (folder / "nothing.csv").write_text("")
    with pytest.raises(InputError) as caught:
        find(["order.csv", "*.xlsx", "data/notes.md", "nothing.csv"], folder)
    message = str(caught.value)
    assert "'order.csv' does not exist" in message
    assert "did you mean 'orders.csv'?" in message
    assert "no file fits the pattern '*.xlsx'" in message
    assert "ends in '.md', which says no format. Set format" in message


def test_an_empty_file_is_refused(folder):
    """A file of no bytes is named."""
    (folder / "nothing.csv").write_text("")
    with pytest.raises(InputError, match=r"nothing.csv is empty \(0 bytes\)"):
        find("nothing.csv", folder)


def test_an_empty_folder_is_refused(folder):
    """A folder without a readable file says which endings are read."""
    (folder / "empty").mkdir()
    with pytest.raises(InputError, match=r"folder 'empty' holds no file that can be read \(.csv"):
        find("empty", folder)


def test_the_fingerprint_is_the_sha256_of_the_bytes(folder):
    """Digest equals hashlib's over the whole file."""
    assert digest(folder / "orders.csv") == hashlib.sha256(b"x\n1\n").hexdigest()
