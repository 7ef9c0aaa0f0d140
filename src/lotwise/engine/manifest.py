"""The manifest: which file holds each published table, and what every stage was made from."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from lotwise.errors import DamagedError

if TYPE_CHECKING:
    from pathlib import Path


class Entry(msgspec.Struct, frozen=True):
    """One published table.

    Parameters
    ----------
    file
        Name of its Parquet file, below ``tables/``.
    sha256
        SHA-256 of the file.
    rows
        Rows of the table.
    bytes
        Size of the file.
    stage
        The stage that gave it.
    """

    file: str
    sha256: str
    rows: int
    bytes: int
    stage: str


class Manifest(msgspec.Struct, frozen=True):
    """All published tables, and the fingerprint of what each stage was made from.

    Parameters
    ----------
    version
        Counts publications, from 0 for none.
    tables
        The published tables, by name.
    stages
        Fingerprint of the settings, inputs and code each stage last ran with, by name.
    """

    version: int = 0
    tables: dict[str, Entry] = {}
    stages: dict[str, str] = {}


class _Sealed(msgspec.Struct, frozen=True):
    sha256: str
    content: msgspec.Raw


def encode(manifest: Manifest) -> bytes:
    """Return the manifest as JSON, sealed with the SHA-256 of its content."""
    content = msgspec.json.encode(manifest, order="sorted")
    seal = hashlib.sha256(content).hexdigest()
    return msgspec.json.encode(_Sealed(seal, msgspec.Raw(content)))


def load(file: Path) -> Manifest:
    """Return the manifest in a file.

    Raises
    ------
    DamagedError
        The file is not a manifest, or not the one that was published.
    """
    try:
        sealed = msgspec.json.decode(file.read_bytes(), type=_Sealed)
        if hashlib.sha256(bytes(sealed.content)).hexdigest() == sealed.sha256:
            return msgspec.json.decode(sealed.content, type=Manifest)
        reason = "its content does not match its SHA-256"
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        reason = str(error)
    message = f"{file} is damaged: {reason}. Put an earlier one back with: lotwise restore FILE"
    raise DamagedError(message)
