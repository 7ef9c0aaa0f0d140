"""Which products to keep, drop, add or leave out, from frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from lotwise.errors import ContractError, SettingsError
from lotwise.plan.frames import columns
from lotwise.plan.generic import variety
from lotwise.plan.generic.variety import Logit, Substitution

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.generic.variety import Demand

_PRODUCTS, _SHARES, _SCENARIOS = "The products", "The substitution", "The scenarios"


def assort(
    products: Any,  # noqa: ANN401  any frame there is
    *,
    substitution: Any = None,  # noqa: ANN401  the same
    outside: float | None = None,
    scenarios: Any = None,  # noqa: ANN401  the same
) -> pa.Table:
    """Return which products to keep, drop, add or leave out, and what each is worth once customers substitute.

    Give ``substitution`` (who takes what instead) or ``outside`` (a multinomial logit: customers of a product that is not
    offered spread over the others, and over buying nothing, in proportion).

    Parameters
    ----------
    products
        Columns ``unique_id``, ``demand`` units a period asked for first (with ``outside``: sold a period if all the
        products offered today are), ``margin`` money a unit, ``complexity`` money a period for having it at all (set-ups,
        stock, listing). Optional: ``offered`` today (default yes), ``keep`` whatever it earns (default no).
    substitution
        Columns ``unique_id, substitute, share``: share of a product's customers who take another one where theirs is not
        offered.
    outside
        Customers a period who buy nothing though all the products offered today are.
    scenarios
        Columns ``scenario, unique_id, demand``: other demand that may come, for ``agree``, ``worth_low`` and ``worth_high``.

    Returns
    -------
    pyarrow.Table
        A row a product, most worth first: ``unique_id``, ``advice`` (keep, drop, add, leave out), ``worth`` money a period that
        it adds to the rest of the advised range, ``sold`` units in that range, ``sold_today``, ``lost`` units that leave
        for good when it is missing from the advised range, ``moved`` units that are bought of another product then,
        ``complexity``; with scenarios ``worth_low, worth_high`` (5 % and 95 % of them) and ``agree`` (share in which the sign
        of
        its worth is the advised one). Metadata of the schema: ``profit, profit_today, bound, bound_gap``.

    Raises
    ------
    ContractError
        A frame breaks its contract, or names a product that is not there.
    SettingsError
        Neither ``substitution`` nor ``outside`` is given, or both are, or ``outside`` is not above 0.
    InputError
        Shares of a product sum to more than 1.

    References
    ----------
    See ``lotwise.plan.generic.variety``.
    """
    if (substitution is None) == (outside is None):
        raise SettingsError("Found both or neither of substitution and outside; expected one: who takes what, or who goes.")
    if outside is not None and not outside > 0:
        raise SettingsError(f"outside = {outside}; expected customers above 0 who buy nothing.")
    table = columns.arrow(products, _PRODUCTS)
    columns.check(table, _PRODUCTS, ("unique_id", "demand", "margin", "complexity"), ("offered", "keep"), closed=True)
    ids = columns.unique(table["unique_id"], "unique_id", _PRODUCTS)
    units, complexity = (columns.floats(table, name, _PRODUCTS, low=0.0) for name in ("demand", "complexity"))
    margin = columns.floats(table, "margin", _PRODUCTS)
    today, keep = _flag(table, "offered", default=True), _flag(table, "keep", default=False)
    shares = None if substitution is None else _shares(substitution, ids)

    demand = _demand(units, shares, outside, today)
    found = variety.best(demand, margin, complexity, keep=keep)
    worth = variety.worth(demand, found.offered, margin, complexity)
    drawn = np.zeros((0, len(ids)))
    if scenarios is not None:
        drawn = np.stack(
            [
                variety.worth(_demand(row, shares, outside, today), found.offered, margin, complexity)
                for row in _scenarios(scenarios, ids)
            ]
        )
    lost, moved = _missed(demand, found.offered)
    rows: dict[str, Any] = {
        "unique_id": ids,
        "advice": pa.array(_advice(found.offered, today)),
        "worth": pa.array(worth),
        "sold": pa.array(demand.sold(found.offered)),
        "sold_today": pa.array(demand.sold(today)),
        "lost": pa.array(lost),
        "moved": pa.array(moved),
        "complexity": pa.array(complexity),
    }
    if len(drawn):
        rows["worth_low"], rows["worth_high"] = (pa.array(np.quantile(drawn, share, axis=0)) for share in (0.05, 0.95))
        rows["agree"] = pa.array(((drawn > 0) == found.offered).mean(axis=0))
    profit_today = float(variety.profit(demand, today, margin, complexity))
    figures = {"profit": found.profit, "profit_today": profit_today, "bound": found.bound, "bound_gap": _gap(found)}
    order = pa.array(np.argsort(-worth, kind="stable"))
    return pa.table(rows).take(order).replace_schema_metadata({name: f"{value:.6f}" for name, value in figures.items()})


def _gap(found: variety.Range) -> float:
    return (found.bound - found.profit) / abs(found.bound) if found.bound else 0.0


def _advice(offered: NDArray[np.bool_], today: NDArray[np.bool_]) -> list[str]:
    words = {(True, True): "keep", (True, False): "add", (False, True): "drop", (False, False): "leave out"}
    return [words[pair] for pair in zip(offered.tolist(), today.tolist(), strict=True)]


def _demand(
    units: NDArray[np.float64], shares: NDArray[np.float64] | None, outside: float | None, today: NDArray[np.bool_]
) -> Demand:
    if shares is not None:
        return Substitution(units, shares)
    gone = float(outside or 0.0)
    return Logit(np.array([units[today].sum() + gone]), units[None, :], np.array([gone]))


def _missed(demand: Demand, offered: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return units that go for good, and that others take, where one product is missing from the range; ``(n_products,)``."""
    count = len(offered)
    within, without = (np.repeat(offered[None, :], count, axis=0) for _ in range(2))
    within[np.arange(count), np.arange(count)] = True
    without[np.arange(count), np.arange(count)] = False
    sold, others = demand.sold(within), demand.sold(without)
    own = sold[np.arange(count), np.arange(count)]
    lost = sold.sum(axis=1) - others.sum(axis=1)
    return lost, own - lost


def _flag(table: pa.Table, name: str, *, default: bool) -> NDArray[np.bool_]:
    if name not in table.column_names:
        return np.full(table.num_rows, default)
    if not pa.types.is_boolean(table[name].type):
        raise ContractError(f"{_PRODUCTS}: column '{name}' is {table[name].type}; expected true or false.")
    return np.asarray(table[name].fill_null(default).to_numpy(zero_copy_only=False), bool)


def _shares(substitution: Any, ids: pa.Array) -> NDArray[np.float64]:  # noqa: ANN401  any frame
    table = columns.arrow(substitution, _SHARES)
    columns.check(table, _SHARES, ("unique_id", "substitute", "share"), closed=True)
    row, column = (columns.places(table, name, ids, _SHARES, of="the products") for name in ("unique_id", "substitute"))
    found = np.zeros((len(ids), len(ids)))
    np.add.at(found, (row, column), columns.floats(table, "share", _SHARES, low=0.0))
    return found


def _scenarios(scenarios: Any, ids: pa.Array) -> NDArray[np.float64]:  # noqa: ANN401  any frame
    table = columns.arrow(scenarios, _SCENARIOS)
    columns.check(table, _SCENARIOS, ("scenario", "unique_id", "demand"))
    kinds, row = columns.numbered(table, "scenario", _SCENARIOS)
    column = columns.places(table, "unique_id", ids, _SCENARIOS, of="the products")
    found = np.zeros((len(kinds), len(ids)))
    np.add.at(found, (row, column), columns.floats(table, "demand", _SCENARIOS, low=0.0))
    return found
