"""Forecasts of all levels made to add up: the smallest change, by how far each level is trusted.

Every linear method here is the projection y - W C' (C W C')^-1 C y onto what adds up, where C y is how far each
upper node is from the sum of its parts and W says how uncertain each forecast is. W is a diagonal and, in
``mint-shrink``, the errors themselves, so nothing of the size of all series squared is ever formed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_array, diags_array
from scipy.sparse.linalg import splu

from lotwise.errors import ContractError, SettingsError, did_you_mean

if TYPE_CHECKING:
    from lotwise.forecast.hierarchy import Hierarchy
    from lotwise.forecast.panel import Array, Index

METHODS = ("bottom-up", "top-down", "proportions", "ols", "wls-struct", "wls-variance", "mint-shrink")
LEAST_SHRINKAGE = 1e-3
"""Share of the diagonal kept in any case, so that few errors of many series still say something of each."""


def reconcile(
    base: Array,
    tree: Hierarchy,
    *,
    method: str = "wls-struct",
    residuals: Array | None = None,
    history: Array | None = None,
    level: str | None = None,
    nonnegative: bool = True,
) -> Array:
    """Return forecasts of all nodes that add up, in the shape of ``base``.

    ``bottom-up`` sums the bottom series. ``top-down`` splits one level by the shares of the past, ``proportions`` by
    those of the forecasts below it, level by level. ``ols``, ``wls-struct``, ``wls-variance`` and ``mint-shrink``
    change all levels as little as possible, trusting them alike, by the number of series in them, by their past
    errors, or by how those go together. What adds up already stays as it is, except under ``top-down``.

    Parameters
    ----------
    base
        Forecasts of every node; means, or joint draws, each of which is made to add up; ``(n_nodes, ...)``.
    tree
        What adds up to what.
    method
        One of ``METHODS``.
    residuals
        Past errors of every node, for ``wls-variance`` and ``mint-shrink``, absent ones left out; ``(n_nodes, n_past)``.
    history
        Past demand of the bottom series, for ``top-down``; ``(n_bottom, n_weeks)``.
    level
        Level that ``top-down`` and ``proportions`` start from, by default the first: the product, say, whose model
        knows the promotions, split into segments.
    nonnegative
        Whether bottom series below 0 are set to 0 and the others of the same node of the first level scaled down,
        so that its total stays.

    Raises
    ------
    SettingsError
        There is no such method or level.
    ContractError
        A shape does not fit, a forecast is absent, or what the method needs is not given.

    References
    ----------
    Wickramasuriya, Athanasopoulos & Hyndman (2019), Optimal forecast reconciliation through trace minimization,
    JASA 114; Athanasopoulos, Ahmed & Hyndman (2009) for proportions; Panagiotelis et al. (2023), Probabilistic
    forecast reconciliation, EJOR 306, for draws; Di Fonzo & Girolimetto (2022), arXiv:2209.07146, for setting to 0.
    """
    _check(base, tree, method)
    flat = base.reshape(len(base), -1).astype(np.float64)
    if method == "bottom-up":
        bottom = flat[tree.upper :]
    elif method == "top-down":
        bottom = _top_down(flat, tree, _needed(history, method, "history", tree.summing.shape[1]), _place(tree, level))
    elif method == "proportions":
        bottom = _proportions(flat, tree, _place(tree, level))
    elif method in ("ols", "wls-struct"):
        variance = np.ones(len(base)) if method == "ols" else np.asarray(tree.summing.sum(axis=1)).ravel()
        bottom = _projected(flat, tree, variance)
    else:
        errors = _needed(residuals, method, "residuals", len(base))
        bottom = _projected(flat, tree, _variance(errors)) if method == "wls-variance" else _mint(flat, tree, errors)
    return tree.totals(_raised(bottom, tree) if nonnegative else bottom).reshape(base.shape)


def shrinkage(residuals: Array) -> float:
    """Return how far the correlations of past errors are to be shrunk to 0, between 0 and 1.

    Parameters
    ----------
    residuals
        ``(n_nodes, n_past)``.

    References
    ----------
    Schafer & Strimmer (2005), Statistical Applications in Genetics and Molecular Biology 4, with the sums over
    all pairs of nodes taken from the matrix of past weeks by past weeks.
    """
    each = _standard(residuals)
    nodes, past = each.shape
    together = float(((each.T @ each) ** 2).sum())
    quarters = float(((each**2).sum(axis=0) ** 2).sum())
    own = float((each**4).sum()) - nodes * past
    spread = (quarters - together / past - own) / (past * max(past - 1, 1))
    squares = together / past**2 - nodes
    return float(np.clip(spread / squares, 0, 1)) if squares > 0 else 1.0


def _projected(base: Array, tree: Hierarchy, variance: Array, errors: Array | None = None) -> Array:
    """Return the bottom of the projection with W = diag(variance) + errors errors'; ``(n_bottom, n_columns)``."""
    upper, bottom = base[: tree.upper], base[tree.upper :]
    parts = tree.summing[: tree.upper]
    if tree.upper == 0:
        return bottom
    high, low = variance[: tree.upper], variance[tree.upper :]
    middle = csc_array(diags_array(high) + (parts * low) @ parts.T)
    solve = splu(middle, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True}).solve
    price = solve(upper - parts @ bottom)
    if errors is None:
        return np.asarray(bottom + low[:, None] * (parts.T @ price))
    apart = errors[: tree.upper] - parts @ errors[tree.upper :]
    solved = solve(apart)
    price -= solved @ np.linalg.solve(np.eye(apart.shape[1]) + apart.T @ solved, apart.T @ price)
    return np.asarray(bottom + low[:, None] * (parts.T @ price) - errors[tree.upper :] @ (apart.T @ price))


def _mint(base: Array, tree: Hierarchy, residuals: Array) -> Array:
    variance = _variance(residuals)
    kept = 1 - max(shrinkage(residuals), LEAST_SHRINKAGE)
    each = _standard(residuals) * np.sqrt(variance)[:, None]
    errors = each * np.sqrt(kept / each.shape[1])
    return _projected(base, tree, np.maximum(variance - (errors**2).sum(axis=1), LEAST_SHRINKAGE * variance), errors)


def _variance(residuals: Array) -> Array:
    """Return the mean square error of each node; where none is known or all are 0, next to nothing or the mean."""
    known = np.isfinite(residuals)
    count = known.sum(axis=1)
    found = np.where(known, residuals, 0.0)
    square = np.where(count > 0, (found**2).sum(axis=1) / np.maximum(count, 1), np.nan)
    usual = float(np.nanmean(square)) if (count > 0).any() else 0.0
    usual = usual if usual > 0 else 1.0
    return np.maximum(np.where(count > 0, square, usual), 1e-9 * usual)


def _standard(residuals: Array) -> Array:
    """Return errors over the root of their mean square, absent ones 0."""
    known = np.isfinite(residuals)
    return np.where(known, residuals, 0.0) / np.sqrt(_variance(residuals))[:, None]


def _top_down(base: Array, tree: Hierarchy, history: Array, level: int) -> Array:
    above = tree.above(level)
    return _shares(np.nansum(history, axis=1)[:, None], above, len(base)) * base[above]


def _proportions(base: Array, tree: Hierarchy, level: int) -> Array:
    """Return the bottom from one level, each node's share that of its forecast; levels that do not nest are passed over."""
    found, above = base, tree.above(level)
    for finer in range(level + 1, len(tree.levels)):
        here = tree.above(finer)
        nodes, first = np.unique(here, return_index=True)
        parent = above[first]
        if (above != parent[np.searchsorted(nodes, here)]).any():
            continue
        split = _shares(base[nodes], parent, len(base)) * found[parent]
        found = base.copy()
        found[nodes] = split
        above = here
    return found[tree.upper :]


def _shares(values: Array, above: Index, nodes: int) -> Array:
    """Return the share of each row in its node, all alike where they sum to 0; ``(n_rows, n_columns)``."""
    own = np.maximum(values, 0.0)
    sums = np.zeros((nodes, values.shape[1]))
    np.add.at(sums, above, own)
    count = np.bincount(above, minlength=nodes)[above]
    whole = sums[above]
    return np.where(whole > 0, own / np.where(whole > 0, whole, 1), 1 / count[:, None])


def _raised(bottom: Array, tree: Hierarchy) -> Array:
    if (bottom >= 0).all():
        return bottom
    above = tree.above(0)
    sums = np.zeros((len(tree.level), bottom.shape[1]))
    np.add.at(sums, above, bottom)
    return _shares(bottom, above, len(tree.level)) * np.maximum(sums, 0.0)[above]


def _needed(given: Array | None, method: str, name: str, rows: int) -> Array:
    if given is None:
        raise ContractError(
            f"Reconciling by '{method}' needs {name}, which were not given; pass {name}=, or choose another method."
        )
    if given.shape != (rows, max(given.size // rows, 1)):
        raise ContractError(f"{name} have shape {given.shape}; expected ({rows}, at least one week).")
    return np.asarray(given, np.float64)


def _place(tree: Hierarchy, level: str | None) -> int:
    if level is None:
        return 0
    if level not in tree.levels:
        raise SettingsError(
            f"There is no level '{level}'{did_you_mean(level, tree.levels)}. They are: {', '.join(tree.levels)}."
        )
    return tree.levels.index(level)


def _check(base: Array, tree: Hierarchy, method: str) -> None:
    if method not in METHODS:
        raise SettingsError(
            f"There is no way to reconcile called '{method}'{did_you_mean(method, METHODS)}. They are: {', '.join(METHODS)}."
        )
    if len(base) != len(tree.level):
        raise ContractError(f"There are forecasts of {len(base)} nodes; the hierarchy has {len(tree.level)}.")
    if not np.isfinite(base).all():
        raise ContractError("Some forecasts are absent or infinite; give a finite one for every node and week.")
