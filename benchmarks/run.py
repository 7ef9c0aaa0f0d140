"""Run every benchmark, or the one that is named, and keep the last result of each.

A benchmark is a script in ``speed/`` or ``quality/`` named for what it measures. It prints a readable
table beside its peers and, as its last line, one JSON object with its figures.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def benchmarks() -> dict[str, Path]:
    """Return the scripts by name: ``speed/demo.py`` is ``demo``."""
    scripts = sorted([*HERE.glob("speed/*.py"), *HERE.glob("quality/*.py")])
    return {script.stem.replace("_", "-"): script for script in scripts if not script.stem.startswith("_")}


def run(name: str, script: Path) -> bool:
    """Run one benchmark, keep its result, and return whether it ended well."""
    print(f"== {name}", flush=True)
    command = [sys.executable, "-m", f"benchmarks.{script.parent.name}.{script.stem}"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    last = ""
    for line in process.stdout or ():
        print(line, end="", flush=True)
        last = line.strip() or last
    if process.wait() != 0:
        return False
    result = json.loads(last)
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results" / f"{name}.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return True


def main() -> int:
    """Run what is asked for and return the exit status."""
    known = benchmarks()
    wanted = sys.argv[1:] or list(known)
    unknown = [name for name in wanted if name not in known]
    if unknown:
        print(f"There is no benchmark {', '.join(unknown)}. They are: {', '.join(known)}")
        return 2
    ended_well = [run(name, known[name]) for name in wanted]
    return int(not all(ended_well))


if __name__ == "__main__":
    sys.exit(main())
