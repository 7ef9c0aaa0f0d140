"""Write the pinned constraints: every package with its hashes, no address of any index.

The largest set is resolved first and the smaller ones within it, so that all three agree.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
SETS = {
    "spark": ("demo", "connect", "classic", "schedule", "routes", "dev", "spark"),
    "dev": ("demo", "connect", "classic", "schedule", "routes", "dev"),
    "run": ("demo", "connect", "routes"),
}
QUIET = (
    "--no-emit-index-url",
    "--no-emit-trusted-host",
    "--no-emit-find-links",
    "--no-header",
    "--no-annotate",
    "--strip-extras",
)


def pin(name: str, extras: tuple[str, ...]) -> None:
    """Write ``NAME.txt`` for the package with these extras."""
    within = [] if name == "spark" else ["--constraint", str(HERE / "spark.txt")]
    chosen = [part for extra in extras for part in ("--extra", extra)]
    sources = ["pyproject.toml", str(HERE / "build.in")]
    command = [sys.executable, "-m", "piptools", "compile", "--quiet", "--allow-unsafe", "--generate-hashes", *QUIET]
    subprocess.run(
        [*command, *chosen, *within, "--output-file", str(HERE / f"{name}.txt"), *sources], check=True, cwd=HERE.parent
    )


if __name__ == "__main__":
    for name, extras in SETS.items():
        (HERE / f"{name}.txt").unlink(missing_ok=True)
        pin(name, extras)
