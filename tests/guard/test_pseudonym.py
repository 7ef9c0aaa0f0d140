import hashlib
import hmac
import stat

import pytest

from lotwise.errors import InputError, StoreError
from lotwise.guard.pseudonym import pseudonym, pseudonyms, read_key


def test_key_is_made_once(tmp_path):
    """The first call makes 32 bytes that only the owner reads; the second reads the same."""
    path = tmp_path / "deep" / "key"
    key = read_key(path)
    assert len(key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_key(path) == key
    assert [file.name for file in path.parent.iterdir()] == ["key"]


def test_open_key_is_refused(tmp_path):
    """A key that others can read is refused, with the command that mends it."""
    path = tmp_path / "key"
    read_key(path)
    path.chmod(0o644)
    with pytest.raises(InputError, match="chmod 600"):
        read_key(path)


def test_short_key_is_refused(tmp_path):
    """A key of another length is refused, with the command that mends it."""
    path = tmp_path / "key"
    path.write_bytes(b"short")
    path.chmod(0o600)
    with pytest.raises(InputError, match=r"holds 5 bytes, expected 32.*mv "):
        read_key(path)


def test_unwritable_place_is_said(tmp_path):
    """Where the key cannot be made, the message names the setting."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="key_file"):
        read_key(tmp_path / "file" / "key")


def test_pseudonym_is_hmac():
    """A pseudonym is c and the first 20 hexadecimal digits of HMAC-SHA256."""
    key = bytes(range(32))
    assert pseudonym("17850", key) == "c" + hmac.new(key, b"17850", hashlib.sha256).hexdigest()[:20]


def test_pseudonyms_differ_by_customer_and_key():
    """Different customers and different keys give different pseudonyms."""
    names = [str(number) for number in range(2000)]
    one, other = (set(pseudonyms(names, bytes([number]) * 32)["pseudonym"].to_pylist()) for number in (1, 2))
    assert len(one) == 2000
    assert not one & other
