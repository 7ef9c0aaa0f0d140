"""``lotwise.toml`` read into settings: every breach is listed with its path."""

from __future__ import annotations

import tomllib
import typing
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Struct

from lotwise.config.sections import Settings
from lotwise.errors import SettingsError, breaches, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE = "lotwise.toml"


def read(path: Path) -> Settings:
    """Return the settings in a TOML file.

    Raises
    ------
    SettingsError
        The file is missing, is not TOML, or holds unknown keys or values out of range; every
        breach is listed with its path.
    """
    try:
        text = path.read_bytes()
    except FileNotFoundError as error:
        message = f"{path} does not exist. Make one from your files with: lotwise init {path.parent}"
        raise SettingsError(message) from error
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}"
        raise SettingsError(message) from error
    try:
        content = tomllib.loads(text.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{path} is not a TOML file: {error}"
        raise SettingsError(message) from error
    return build(content, origin=str(path))


def build(content: dict[str, Any], *, origin: str = FILE) -> Settings:
    """Return settings from a mapping as TOML gives it; ``origin`` names it in messages.

    Raises
    ------
    SettingsError
        As for ``read``.
    """
    found = list(_breaches(content, Settings, "")) or list(_unpriced(content))
    if found:
        raise SettingsError(breaches(f"{origin} breaks its contract", found))
    return msgspec.convert(content, Settings)


def faults(content: Any, kind: Any, *, path: str = "") -> list[str]:  # noqa: ANN401  TOML holds anything
    """Return every unknown key and wrong value of what should be a ``kind``, each with its path."""
    return [breach.replace("'.", "'", 1) for breach in _breaches(content, kind, path)]


def _unpriced(content: dict[str, Any]) -> Iterator[str]:
    """Yield the sources that cost money of no currency: nobody said which, and it is weighed against money."""
    if "currency" in content.get("project", {}):
        return
    for number, source in enumerate(content.get("source", []), start=1):
        if source.get("yearly_cost"):
            name = source.get("name", number)
            yield f"source '{name}' has a yearly_cost, but [project] names no currency; add the one that all money is in"


def _breaches(content: Any, kind: Any, path: str) -> Iterator[str]:  # noqa: ANN401  TOML holds anything
    """Yield every unknown key and every wrong value below a path, each with its own path."""
    bare = typing.get_args(kind)[0] if typing.get_origin(kind) is Annotated else kind
    members = (bare, *typing.get_args(bare)) if isinstance(content, dict) else ()
    structs = [member for member in members if isinstance(member, type) and issubclass(member, Struct)]
    if typing.get_origin(bare) is list and isinstance(content, list):
        for number, element in enumerate(content, start=1):
            yield from _breaches(element, typing.get_args(bare)[0], f"{path}[{number}]")
    elif typing.get_origin(bare) is dict and isinstance(content, dict):
        for key, element in content.items():
            yield from _breaches(element, typing.get_args(bare)[1], f"{path}.{key}")
    elif structs:
        yield from _struct_breaches(content, structs[0], path)
    else:
        yield from _wrong_value(content, kind, path)


def _struct_breaches(content: dict[str, Any], kind: type[Struct], path: str) -> Iterator[str]:
    fields = {known.encode_name: known for known in msgspec.structs.fields(kind)}
    for key, value in content.items():
        where = f"{path}.{key}".lstrip(".")
        if key in fields:
            yield from _breaches(value, fields[key].type, where)
        else:
            yield f"'{where}' is unknown{did_you_mean(key, fields)}"
    for name, known in fields.items():
        if known.required and name not in content:
            yield f"'{path}.{name}' is missing"


def _wrong_value(content: Any, kind: Any, path: str) -> Iterator[str]:  # noqa: ANN401  TOML holds anything
    try:
        msgspec.convert(content, kind)
    except msgspec.ValidationError as error:
        yield f"'{path}' = {content!r}: {str(error).partition(' - at')[0]}"
