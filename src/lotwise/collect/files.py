"""Which files a mapping means: one file, a folder, a pattern, each with its format and its fingerprint."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lotwise.errors import InputError, breaches, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

FRAME = "frame:"
"""Before the name of a frame in memory, where a file would be named."""

ENDINGS = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl",
    ".parquet": "parquet", ".pq": "parquet",
    ".xlsx": "excel", ".xlsm": "excel", ".xlsb": "excel", ".xls": "excel", ".ods": "excel",
}  # fmt: skip
"""Format of a file by its ending."""

BLOCK = 1 << 20


@dataclass(frozen=True)
class File:
    """One file to read.

    Parameters
    ----------
    path
        Where it is.
    name
        What it is called in messages and in ``source_file``: its path from the project's folder.
    format
        csv, jsonl, parquet or excel.
    """

    path: Path
    name: str
    format: str


def find(patterns: str | Sequence[str], folder: Path, *, format: str = "auto") -> list[File]:  # noqa: A002  as in the settings
    """Return the files meant by paths, folders and patterns, in order of name, each once.

    Parameters
    ----------
    patterns
        Paths, folders or patterns such as ``"data/*.csv"``, from ``folder``.
    folder
        The project's folder.
    format
        Their format; ``"auto"``: by ending.

    Raises
    ------
    InputError
        A file is missing or empty, a pattern or folder holds nothing, an ending is unknown; all of them are listed.
    """
    wanted = [patterns] if isinstance(patterns, str) else patterns
    files: dict[str, File] = {}
    found: list[str] = []
    for pattern in wanted:
        try:
            for path in _paths(pattern, folder, format):
                name = _name(path, folder)
                files[name] = File(path, name, _format(path, name, format))
        except InputError as error:
            found.append(str(error))
    found += [f"{f.name} is empty (0 bytes). Export it again" for f in files.values() if f.path.stat().st_size == 0]
    if found:
        raise InputError(breaches("Files cannot be read", found))
    return [files[name] for name in sorted(files)]


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, read a block at a time."""
    whole = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            whole.update(block)
    return whole.hexdigest()


def _paths(pattern: str, folder: Path, kind: str) -> Iterator[Path]:
    path = folder / pattern
    if path.is_dir():
        inside = [p for p in sorted(path.iterdir()) if p.is_file() and not p.name.startswith(".")]
        inside = [p for p in inside if kind != "auto" or p.suffix.lower() in ENDINGS]
        if not inside:
            message = f"folder '{pattern}' holds no file that can be read ({', '.join(ENDINGS)})"
            raise InputError(message)
        yield from inside
    elif path.is_file():
        yield path
    else:
        yield from _matches(pattern, folder)


def _matches(pattern: str, folder: Path) -> list[Path]:
    path = folder / pattern
    if any(sign in pattern for sign in "*?["):
        fixed = next(parent for parent in path.parents if not any(sign in str(parent) for sign in "*?["))
        matches = fixed.glob(path.relative_to(fixed).as_posix())
        inside = sorted(p for p in matches if p.is_file() and not p.name.startswith("."))
        if inside:
            return inside
        message = f"no file fits the pattern '{pattern}' from {folder}"
        raise InputError(message)
    near = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
    message = f"'{pattern}' does not exist from {folder}{did_you_mean(path.name, near)}"
    raise InputError(message)


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()


def _format(path: Path, name: str, kind: str) -> str:
    if kind != "auto":
        return kind
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        message = f"{name} ends in '{ending}', which says no format. Set format = 'csv', 'jsonl', 'parquet' or 'excel'"
        raise InputError(message)
    return ENDINGS[ending]
