"""The machine a benchmark ran on, and the line that ends every benchmark."""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from typing import Any


def machine() -> str:
    """Return cores, memory and Python of this machine, in words."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"


def last_line(benchmark: str, figures: dict[str, Any], *, seed: int | None) -> str:
    """Return the JSON object that ends a benchmark."""
    date = datetime.now(UTC).date().isoformat()
    return json.dumps({"benchmark": benchmark, "figures": figures, "machine": machine(), "date": date, "seed": seed})
