"""Tours of ``lotwise.deliver`` beside PyVRP run directly: 100 customers, with time windows and capacitated.

Run it with: make bench ONLY=deliver (needs the extra 'routes'). Seconds are the processor's, one core, the same seed.

Ours is a whole call: it reads the file, searches, checks the tours by rules of their own and writes the tables. Direct is
PyVRP's search alone, on data built from the same file by vrplib, PyVRP's own reader. Both stop at the same number of seconds
by the processor's clock; ours has what reading, checking and writing took in a short call before taken off its search. Then
both do the same number of iterations: the tours must be the same.
Instances come from kept seeds by published recipes, which ``_deliver_cases`` describes. They are generated, not Solomon's own
files. Costs are distances with three decimals (windows) or rounded to whole numbers (capacitated).
"""

from __future__ import annotations

import argparse
import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import pyvrp
import pyvrp.stop
import vrplib

from benchmarks.machine import last_line
from benchmarks.quality import _deliver_cases as cases
from lotwise.deliver import deliver, read_solomon, read_vrp

if TYPE_CHECKING:
    from collections.abc import Callable

    from lotwise.deliver import Delivery, Instance

SEED = 1
BAR = 0.01
SAME_ITERATIONS = 1000
WINDOWS = (
    *((kind, share, seed) for kind in ("R1", "C1", "RC1") for share in (1.0, 0.5) for seed in (1, 2)),
    *((kind, 1.0, 1) for kind in ("R2", "C2", "RC2")),
)
"""Kind, share of customers with a window, and seed."""
CAPACITATED = tuple((form, seed) for form in ("R", "C", "RC") for seed in (1,))


class ProcessorTime:
    """PyVRP's criterion of seconds, by the processor's clock: other work on the machine costs nobody iterations."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._start = seconds, None

    def __call__(self, _: float) -> bool:
        """Whether the time is up."""
        if self._start is None:
            self._start = time.process_time()
        return time.process_time() - self._start > self._seconds


def direct_windows(path: Path) -> pyvrp.ProblemData:
    """Return an instance in Solomon's format as PyVRP's data: thousandths of a unit."""
    read: dict[str, Any] = vrplib.read_instance(path, instance_format="solomon")
    ways = np.rint(1000 * read["edge_weight"]).astype(np.int64)
    times, service = 1000 * read["time_window"], 1000 * read["service_time"]
    clients = [
        pyvrp.Client(
            location=stop,
            delivery=[int(read["demand"][stop])],
            service_duration=int(service[stop]),
            tw_early=int(times[stop, 0]),
            tw_late=int(times[stop, 1]),
        )
        for stop in range(1, len(ways))
    ]
    fleet = pyvrp.VehicleType(
        int(read["vehicles"]), [int(read["capacity"])], tw_early=int(times[0, 0]), tw_late=int(times[0, 1])
    )
    locations = [pyvrp.Location(x=float(x), y=float(y)) for x, y in read["node_coord"]]
    depot = pyvrp.Depot(0, tw_early=int(times[0, 0]), tw_late=int(times[0, 1]))
    return pyvrp.ProblemData(locations, clients, [depot], [fleet], [ways], [ways])


def solved(data: pyvrp.ProblemData, stop: Any) -> tuple[float, int, float]:  # noqa: ANN401  PyVRP's protocol
    """Return cost, iterations and processor seconds of PyVRP run directly."""
    start = time.process_time()
    result = pyvrp.solve(data, stop, seed=SEED, collect_stats=False, display=False)
    return result.cost(), result.num_iterations, time.process_time() - start


def ours(read: Callable[[Path], Instance], path: Path, **effort: float) -> tuple[Delivery, float]:
    """Return tours and processor seconds of a whole call from the file."""
    start = time.process_time()
    instance = read(path)
    found = deliver(instance.stops, instance.vehicles, instance.depots, distances=instance.distances, seed=SEED, **effort)
    return found, time.process_time() - start


def compare(name: str, path: Path, seconds: float, *, is_windows: bool) -> dict[str, float | str | bool]:
    """Return the figures of one instance."""
    read = read_solomon if is_windows else read_vrp
    unit = 1000.0 if is_windows else 1.0
    data = direct_windows(path) if is_windows else pyvrp.read(path, round_func="round")
    same, around = ours(read, path, iterations=SAME_ITERATIONS)
    cost, _, search = solved(data, pyvrp.stop.MaxIterations(SAME_ITERATIONS))
    around = max(around - search, 0.0)
    found, our_seconds = ours(read, path, seconds=max(seconds - around, 0.1))
    best, iterations, direct_seconds = solved(data, ProcessorTime(seconds))
    gap = found.summary.cost / (best / unit) - 1
    return {
        "instance": name,
        "ours": round(found.summary.cost, 3),
        "direct": best / unit,
        "gap": round(gap, 6),
        "tours": found.summary.tours,
        "seconds": round(our_seconds, 2),
        "direct_seconds": round(direct_seconds, 2),
        "iterations": found.summary.iterations,
        "direct_iterations": iterations,
        "around": round(around, 3),
        "same": bool(abs(same.summary.cost - cost / unit) < 1e-6 * cost / unit),
    }


def main() -> None:
    """Print the table, and the figures as JSON on the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="processor seconds of each run")
    parser.add_argument("--few", action="store_true", help="one instance of each kind")
    told = parser.parse_args()
    pyvrp.stop.MaxRuntime = ProcessorTime
    made = [(f"{kind} {share:.0%} {seed}", partial(cases.windows, kind, share, seed), True) for kind, share, seed in WINDOWS]
    made += [(f"CVRP {form} {seed}", partial(cases.capacitated, form, seed), False) for form, seed in CAPACITATED]
    made = made[::2] if told.few else made
    names = ("ours", "direct", "gap", "tours", "seconds", "direct_seconds", "iterations", "direct_iterations", "around", "same")
    print(f"{'':16}" + "".join(f"{name:>18}" for name in names), flush=True)
    rows = []
    with TemporaryDirectory() as folder:
        for number, (name, make, is_windows) in enumerate(made):
            path = Path(folder) / f"{number}.{'txt' if is_windows else 'vrp'}"
            path.write_text(make())
            row = compare(name, path, told.seconds, is_windows=is_windows)
            rows.append(row | {"windows": is_windows})
            print(f"{name:16}" + "".join(f"{row[key]!s:>18}" for key in names), flush=True)
    figures: dict[str, Any] = {}
    for label, is_windows in (("windows", True), ("capacitated", False)):
        mine = [row for row in rows if row["windows"] == is_windows]
        gaps = [float(row["gap"]) for row in mine]
        figures |= {f"{label}_mean_gap": round(float(np.mean(gaps)), 5), f"{label}_worst_gap": round(max(gaps), 5)}
        figures[f"{label}_same_tours"] = sum(bool(row["same"]) for row in mine)
        figures[f"{label}_instances"] = len(mine)
        met = figures[f"{label}_mean_gap"] <= BAR
        said = f"mean gap to PyVRP run directly {np.mean(gaps):+.3%}, worst {max(gaps):+.3%}"
        print(f"{label}: {said}; bar {BAR:.0%}: {'met' if met else 'missed'}")
    figures["cpu_seconds"] = round(float(np.mean([row["seconds"] for row in rows])), 3)
    figures["direct_cpu_seconds"] = round(float(np.mean([row["direct_seconds"] for row in rows])), 3)
    print(last_line("deliver", figures | {"table": rows}, seed=SEED))


if __name__ == "__main__":
    main()
