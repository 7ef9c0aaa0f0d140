"""How fast the pairs of 1.47 million lines are counted, without anything to compile.

Run: ``python -m benchmarks.speed.pairs``. Complete Journey by product, pairs in at least 16 of 155,848 baskets (0.01 %), from
two arrays of numbers (basket, item) to the sets, CPU seconds of one thread, median of 5 warm runs (DuckDB: 3). Peers: the same
pairs by the LCM kernel, and by a self-join of DuckDB where it imports, given the same arrays without the infrequent items.
"""

from __future__ import annotations

import time
from importlib import import_module
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.machine import last_line
from benchmarks.speed.itemsets import journey
from lotwise.mine.itemsets.baskets import Baskets
from lotwise.mine.itemsets.frequent import frequent

if TYPE_CHECKING:
    from collections.abc import Callable

MINIMUM = 16
BAR = 1.0
RUNS, PEER_RUNS = 5, 3
JOIN = (
    "select count(*) from (select a.item, b.item from kept a join kept b on a.basket = b.basket and a.item < b.item "
    "group by all having count(*) >= 16)"
)


def timed(work: Callable[[], int], runs: int = RUNS) -> tuple[int, float]:
    """Return what the work gives, and the CPU seconds it takes, warm."""
    seconds = []
    found = 0
    for _ in range(runs + 1):
        start = time.process_time()
        found = work()
        seconds.append(time.process_time() - start)
    return found, median(seconds[1:])


def joined(basket: np.ndarray, item: np.ndarray) -> dict[str, Callable[[], int]]:
    """Return the peers there are, by name; they begin with frequent items only."""
    keep = (np.bincount(item) >= MINIMUM)[item]
    kept = {"basket": basket[keep], "item": item[keep]}
    peers: dict[str, Callable[[], int]] = {}
    try:
        duckdb, pyarrow = import_module("duckdb"), import_module("pyarrow")
        connection = duckdb.connect(config={"threads": 1})
        connection.register("kept", pyarrow.table(kept))
        peers["duckdb self-join"] = lambda: int(connection.sql(JOIN).fetchone()[0])
    except ImportError:
        print("duckdb is missing")
    return peers


def main() -> None:
    """Print the table, and the figures as JSON in the last line."""
    basket, item, names = journey("product")
    figures: dict[str, Any] = {"lines": len(basket)}
    answers = {}

    def count(method: str) -> int:
        found = frequent(Baskets.of(basket, item, names), minimum=MINIMUM, longest=2, method=method)
        answers[method] = found.fingerprint() if method not in answers else answers[method]
        return int((found.sizes == 2).sum())

    ways: dict[str, Callable[[], int]] = {"pairs": lambda: count("auto"), "lcm kernel": lambda: count("lcm")}
    for name, work in (ways | joined(basket, item)).items():
        found, seconds = timed(work, RUNS if name in ways else PEER_RUNS)
        figures[name] = {"pairs": found, "s": round(seconds, 3)}
        note = f" (bar {BAR} s: {'met' if seconds <= BAR else 'MISSED'})" if name == "pairs" else ""
        print(f"{name:18s} {found:7,d} pairs of {len(basket):,} lines in {seconds:.3f} s{note}")
    assert answers["auto"] == answers["lcm"]
    print(last_line("pairs", figures, seed=None))


if __name__ == "__main__":
    main()
