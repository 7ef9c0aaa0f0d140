"""Optional packages: imported where they are needed, asked for by the command that installs them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from lotwise.errors import MissingPackageError


def need(module: str, *, extra: str) -> Any:  # noqa: ANN401  a module has no narrower type
    """Return the imported module, or say which extra brings it.

    Parameters
    ----------
    module
        Import path, such as ``"pyspark.sql"``.
    extra
        The extra of lotwise that installs it, such as ``"spark"``.

    Raises
    ------
    MissingPackageError
        The package is not installed; the message is the command that installs it.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        message = f"This needs the package '{module.partition('.')[0]}'. Install it with: pip install 'lotwise[{extra}]'"
        raise MissingPackageError(message) from error
