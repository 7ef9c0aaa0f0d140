"""Peers of the itemset benchmark, run as a script of their own: reads pairs, prints one JSON object.

Run by ``itemsets.py`` as ``PYTHON _itemset_peers.py FILE METHOD MINIMUM LONGEST REPEATS``; it imports nothing of lotwise, so
that PYTHON may be that of another environment, with pyfim, mlxtend or efficient-apriori.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from itertools import pairwise

import numpy as np

MODULES = {"pyfim": "fim", "mlxtend": "mlxtend.frequent_patterns", "efficient": "efficient_apriori"}


def lists(basket: np.ndarray, item: np.ndarray) -> list[list[int]]:
    """Return the items of each basket: what a peer of lists is given."""
    order = np.argsort(basket, kind="stable")
    ends = np.concatenate([[0], np.cumsum(np.bincount(basket))])
    items = item[order].tolist()
    return [items[a:b] for a, b in pairwise(ends.tolist())]


def mine(method: str, module: object, pairs: np.ndarray, minimum: int, longest: int) -> list[tuple[tuple[int, ...], int]]:
    """Return the sets a method finds, conversion included."""
    package, _, name = method.partition(" ")
    if package == "pyfim":
        limit = {"zmax": longest} if longest else {}
        found = getattr(module, name)(lists(*pairs), target="s", supp=-minimum, report="a", **limit)
        return [(tuple(one[0]), one[1]) for one in found] if name == "relim" else found
    count = int(pairs[0].max()) + 1
    if package == "mlxtend":
        return with_frames(module, pairs, minimum, longest, count)
    found, _ = module.apriori(lists(*pairs), min_support=(minimum - 0.5) / count, min_confidence=1.0, max_length=longest or 99)
    return [(one, n) for level in found.values() for one, n in level.items()]


def with_frames(module: object, pairs: np.ndarray, minimum: int, longest: int, count: int) -> list[tuple[tuple[int, ...], int]]:
    """Return what mlxtend's FP-growth finds on a sparse frame."""
    pandas, sparse = import_module("pandas"), import_module("scipy.sparse")
    matrix = sparse.csr_matrix((np.ones(pairs.shape[1], dtype=bool), tuple(pairs)), shape=(count, int(pairs[1].max()) + 1))
    keep = np.asarray(matrix.sum(axis=0)).ravel() >= minimum
    frame = pandas.DataFrame.sparse.from_spmatrix(matrix[:, keep], columns=np.flatnonzero(keep).astype(str))
    found = module.fpgrowth(frame, min_support=(minimum - 0.5) / count, use_colnames=True, max_len=longest or None)
    counts = np.round(found["support"].to_numpy() * count).astype(int)
    return [(tuple(int(name) for name in one), int(n)) for one, n in zip(found["itemsets"], counts, strict=True)]


def main() -> None:
    """Run one method and print its seconds, and the sets as a file beside the pairs."""
    file, method, minimum, longest, repeats = sys.argv[1], sys.argv[2], *(int(number) for number in sys.argv[3:6])
    try:
        module = import_module(MODULES[method.partition(" ")[0]])
    except ImportError:
        print(json.dumps({"missing": True}))
        return
    pairs, seconds, found = np.load(file), [], []
    for _ in range(repeats):
        start = time.process_time()
        found = mine(method, module, pairs, minimum, longest)
        seconds.append(time.process_time() - start)
    sizes = np.array([len(one) for one, _ in found], dtype=np.int64)
    items = np.array([item for one, _ in found for item in one], dtype=np.int32)
    np.savez(file + ".found.npz", sizes=sizes, items=items, counts=np.array([n for _, n in found], dtype=np.int64))
    print(json.dumps({"seconds": seconds, "sets": len(found)}))


if __name__ == "__main__":
    main()
