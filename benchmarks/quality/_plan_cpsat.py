"""The same plan for CP-SAT, which knows whole numbers only: a process of its own, as its library and highspy's clash.

Run: ``python -m benchmarks.quality._plan_cpsat FACTS ANSWER SECONDS``, files of numpy arrays written by ``plan_peers``.

Scaling: levels of what is sold or made count in tenths of a unit, of what is bought in twentieths, so that bills stay
whole; hours in 1e-6 (rounded up for what is used, down for what there is: never too optimistic), money in 1e-4.
Expected costs are tangents of the true curves of cumulative supply, one a scenario. What is found is judged unscaled.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np
from ortools.sat.python import cp_model

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]
    Facts = dict[str, npt.NDArray[Any]]

HOUR, MONEY = 10**6, 10**4
LARGE = 10**11


def solve(facts: Facts, seconds: float) -> Facts:
    """Return ``level``, ``times`` and ``bound``; only the bound where nothing was found in time (one thread)."""
    model, grain = cp_model.CpModel(), facts["grain"]
    level = _grid(model, "x", np.floor(facts["most"] * grain[:, None] + 1e-9))
    times = _grid(model, "y", facts["open"])
    costs = _switches(model, facts, level, times) + _capacities(model, facts, level, times)
    supply, carried = _balances(model, facts, level)
    earned = _earnings(model, facts, supply)
    model.maximize(sum(earned) - sum(costs) - sum(carried))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = seconds, 1
    status = solver.solve(model)
    if status == cp_model.MODEL_INVALID:
        raise ValueError(model.validate())
    bound = np.array(solver.best_objective_bound / MONEY + facts["constant"])
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return {"bound": bound}
    found = {"level": level, "times": times}
    values = {name: np.vectorize(solver.value, otypes=[float])(cells) for name, cells in found.items()}
    return {"level": values["level"] / grain[:, None], "times": values["times"], "bound": bound}


def _grid(model: cp_model.CpModel, name: str, high: Array) -> npt.NDArray[Any]:
    cells = np.empty(high.shape, dtype=object)
    for place in np.ndindex(*high.shape):
        cells[place] = model.new_int_var(0, int(high[place]), f"{name}{place}")
    return cells


def _switches(model: cp_model.CpModel, facts: Facts, level: npt.NDArray[Any], times: npt.NDArray[Any]) -> list[Any]:
    most = np.floor(facts["most"] * facts["grain"][:, None] + 1e-9).astype(int)
    for switch, member in np.argwhere(facts["weight"]):
        least = int(np.ceil(facts["least"][switch] * facts["grain"][member] - 1e-9))
        for week, on in enumerate(times[switch]):
            model.add(level[member, week] <= int(most[member, week]) * on)
            if least:
                model.add(level[member, week] >= least * on)
    costs = facts["switch_cost"].tolist()
    return [round(MONEY * cost) * on for cost, row in zip(costs, times, strict=True) for on in row]


def _capacities(model: cp_model.CpModel, facts: Facts, level: npt.NDArray[Any], times: npt.NDArray[Any]) -> list[Any]:
    costs = []
    for (group, week), hours in np.ndenumerate(facts["hours"]):
        use, fixed = facts["uses"][group], facts["switch_hours"][group]
        used = [int(np.ceil(HOUR * use[a] / facts["grain"][a])) * level[a, week] for a in np.flatnonzero(use)]
        used += [int(np.ceil(HOUR * fixed[w])) * times[w, week] for w in np.flatnonzero(fixed)]
        extra = model.new_int_var(0, int(HOUR * facts["overtime"][group, week]), f"o{group},{week}")
        paid = model.new_int_var(0, LARGE, f"paid{group},{week}")
        model.add(sum(used) - extra <= int(HOUR * hours))
        model.add(HOUR * paid >= round(MONEY * float(facts["overtime_cost"][group])) * extra)
        costs.append(paid)
    return costs


def _balances(model: cp_model.CpModel, facts: Facts, level: npt.NDArray[Any]) -> tuple[dict[tuple[int, int], Any], list[Any]]:
    unit, grain, weeks = facts["unit"], facts["grain"], facts["hours"].shape[1]
    supply, costs = {}, []
    for item, product in enumerate(facts["product"].tolist()):
        before: Any = 0
        for week in range(weeks):
            there = before + round(float(facts["arriving"][item, week] * unit[item]))
            for number in np.flatnonzero(facts["gives"][item]):
                start = week - facts["lead"][number]
                if start >= 0:
                    there += _whole(facts["gives"][item, number] * unit[item] / grain[number]) * level[number, start]
            for number in np.flatnonzero(facts["takes"][item]):
                there -= _whole(facts["takes"][item, number] * unit[item] / grain[number]) * level[number, week]
            if product >= 0:
                supply[product, week] = there
                continue
            before = model.new_int_var(0, LARGE // 10**4, f"s{item},{week}")
            model.add(before == there)
            costs.append(round(MONEY * facts["carry"][item, week] / unit[item]) * before)
    return supply, costs


def _earnings(model: cp_model.CpModel, facts: Facts, supply: dict[tuple[int, int], Any]) -> list[Any]:
    """Return what is earned by product and week, less what making costs."""
    points, up, down, fine = facts["points"], facts["up"], facts["down"], facts["grain"].min()
    share = np.arange(points.shape[2] + 1) / points.shape[2]
    earned: list[Any] = []
    for product, opening in enumerate(facts["opening"].tolist()):
        total: Any = round(fine * opening)
        for week in range(points.shape[1]):
            made = supply[product, week]
            total = total + made
            slope = up[product, week] - share * (up - down)[product, week]
            at = np.concatenate([[0.0], points[product, week]])
            reach = np.concatenate([[0.0], np.cumsum(slope[:-1] * np.diff(at))])
            value = model.new_int_var(-LARGE, LARGE, f"e{product},{week}")
            for first, start, tilt in dict.fromkeys(zip(at.tolist(), reach.tolist(), slope.tolist(), strict=True)):
                steep = round(MONEY * tilt / fine)
                model.add(value <= steep * total + round(MONEY * start - steep * fine * first))
            earned.append(value - round(MONEY * facts["cost"][product] / fine) * made)
    return earned


def _whole(ratio: float) -> int:
    found = round(ratio)
    if abs(found - ratio) > 1e-9:
        message = f"A bill of {ratio} does not fit the scaling"
        raise ValueError(message)
    return found


def main() -> None:
    """Read the facts, solve, write the answer."""
    told, answer, seconds = sys.argv[1:]
    with np.load(told) as facts:
        np.savez(answer, **solve(dict(facts), float(seconds)))  # type: ignore[arg-type]  # allow_pickle is no array


if __name__ == "__main__":
    main()
