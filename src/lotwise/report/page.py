"""The page: sections, style, scripts and data assembled into one HTML file."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from lotwise.errors import StoreError
from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import ORDER
from lotwise.report.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pyarrow as pa

    from lotwise.config import Settings
    from lotwise.report.charts import Chart

SCRIPTS = ("vega.min.js", "vega-lite.min.js", "vega-embed.min.js", "page.js")
STYLE = "page.css"
HTML_LANGUAGE = {"en": "en", "zh": "zh-CN"}


def write(tables: Callable[[str], pa.Table | None], settings: Settings, path: Path, *, language: str | None = None) -> Path:
    """Return the path of the report, written whole or not at all.

    Parameters
    ----------
    tables
        Returns a table by name, or nothing where it does not exist; its section then says what to do next.
    settings
        All settings of the project.
    path
        The file to write; one that exists is replaced in one step.
    language
        ``"en"`` or ``"zh"``; the project's where absent.

    Raises
    ------
    StoreError
        The file cannot be written.
    """
    page = render(tables, settings, language=language).encode()
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as file:
            file.write(page)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        message = f"The report {path} cannot be written: {error.strerror}. Free some space or name another file under [report]."
        raise StoreError(message) from error
    return path


def render(tables: Callable[[str], pa.Table | None], settings: Settings, *, language: str | None = None) -> str:
    """Return the page as text; parameters as for ``write``."""
    words = Words(language or settings.project.language)
    book, numbers = Book(tables, settings), Numbers(settings.project.currency)
    contexts = {name: context(book, words, numbers) for name, context in ORDER.items()}
    charts: dict[str, Chart] = {}
    for context in contexts.values():
        charts |= context.get("charts", {})
    return _environment().get_template("page.html").render(
        sections=contexts,
        charts=charts,
        specs=_json({name: chart.spec for name, chart in charts.items()}),
        drill=_json(contexts["worst"]["drill"]),
        words=words,
        settings=settings,
        language=HTML_LANGUAGE[words.language],
        style=Markup(_static(STYLE)),  # noqa: S704  our own file
        scripts=[Markup(_static(name)) for name in SCRIPTS],  # noqa: S704  our own files and vendored ones
        policy=_policy(),
    )  # fmt: skip


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("lotwise.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _static(name: str) -> str:
    return (files("lotwise.report") / "static" / name).read_text(encoding="utf-8")


def _json(specs: object) -> Markup:
    """Return data that stays data inside a script element: nothing in it can close the element."""
    text = json.dumps(specs, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704  escaped here


@cache
def _policy() -> str:
    """Return the content security policy: only the scripts and the style of this file, and nothing from anywhere."""
    scripts = " ".join(_hash(_static(name)) for name in SCRIPTS)
    return (
        f"default-src 'none'; script-src {scripts}; style-src {_hash(_static(STYLE))}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
