"""Keyed pseudonyms: HMAC-SHA256 under a key that lives in a file of its own.

The same customer has the same pseudonym in every table and every run, as long as the key stays. Without
the key nobody can go through all customer numbers to find out whose pseudonym it is, as one could with a
plain hash.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from typing import TYPE_CHECKING

import pyarrow as pa

from lotwise.errors import InputError, StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

KEY_BYTES = 32
DIGITS = 20
"""Hexadecimal digits of a pseudonym: 80 bits, so a billion customers collide once in two million projects."""


def read_key(path: Path) -> bytes:
    """Return the key in a file, making the file on the first call.

    A new key is 32 random bytes, readable by its owner only. It appears whole or not at all, also when
    two processes make it at once: the first one wins and both read the same key.

    Raises
    ------
    InputError
        The file can be read by others, or does not hold 32 bytes; the message is the command that mends it.
    StoreError
        The file cannot be made or read.
    """
    try:
        if not path.exists():
            _make_key(path)
        mode = stat.S_IMODE(path.stat().st_mode)
        key = path.read_bytes()
    except OSError as error:
        message = f"The pseudonym key {path} cannot be made or read: {error.strerror}. "
        message += "Let lotwise write there, or name another place in lotwise.toml: [guard] key_file = '...'"
        raise StoreError(message) from error
    if os.name == "posix" and mode & 0o077:
        message = f"The pseudonym key {path} can be used by others (mode {mode:04o}, expected 0600). "
        message += f"Mend it with: chmod 600 '{path}'"
        raise InputError(message)
    if len(key) != KEY_BYTES:
        message = f"The pseudonym key {path} holds {len(key)} bytes, expected {KEY_BYTES}. Put its backup back, "
        message += f"or begin with a new key (every pseudonym changes): mv '{path}' '{path}.damaged'"
        raise InputError(message)
    return key


def pseudonym(customer: str, key: bytes, *, letter: str = "c") -> str:
    """Return the pseudonym of one customer: a letter and 20 hexadecimal digits of HMAC-SHA256.

    References
    ----------
    Krawczyk, Bellare and Canetti, RFC 2104 (1997).
    """
    return letter + hmac.digest(key, customer.encode(), hashlib.sha256).hex()[:DIGITS]


def pseudonyms(customers: Sequence[str], key: bytes, *, letter: str = "c") -> pa.Table:
    """Return ``known`` and ``pseudonym`` for each different customer.

    Raises
    ------
    InputError
        Two customers have the same pseudonym under this key.
    """
    hidden = [pseudonym(customer, key, letter=letter) for customer in customers]
    if len(set(hidden)) != len(customers):
        message = "Two customers have the same pseudonym under this key. Begin with a new key: "
        message += "move the file of [guard] key_file away."
        raise InputError(message)
    return pa.table({"known": pa.array(customers, pa.string()), "pseudonym": pa.array(hidden, pa.string())})


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        _publish(draft, path)
    finally:
        draft.unlink()


def _publish(draft: Path, path: Path) -> None:
    """Give the whole file its name, unless another process already did."""
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
