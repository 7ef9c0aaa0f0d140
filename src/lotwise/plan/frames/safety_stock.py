"""Safety stock along a network of stages from two frames: guaranteed service, and what the levels serve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from scipy.special import ndtri

from lotwise.errors import SettingsError
from lotwise.plan.frames import columns
from lotwise.plan.inventory import guaranteed
from lotwise.plan.inventory.bounds import between, whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

PERIODS = 20_000
"""Periods of normal demand on which the levels are judged."""
_WHAT, _LINKS = "The stages", "The links"


def safety_stock(
    stages: Any,  # noqa: ANN401  any frame there is
    links: Any,  # noqa: ANN401  the same
    *,
    target: float = 0.95,
    pooling: float = 2.0,
    seed: int = 0,
) -> pa.Table:
    """Return where along a chain to hold safety stock and how much, at least cost: the guaranteed-service model.

    Every stage quotes a service time it always keeps. Its stock covers the demand of its net replenishment time as often as
    the target says; what exceeds it is met by other means (overtime, expediting), which the model leaves out and ``served``
    counts.

    Parameters
    ----------
    stages
        Columns ``stage``, ``time`` whole periods it takes, ``holding`` money a period by unit, ``sd`` of demand a period, units
        (read at end stages only). Optional: ``mean`` of demand (at end stages), ``promise`` longest time an end stage may quote
        (0), ``inbound`` service time of outside suppliers (0).
    links
        Columns ``supplier, customer``: stages. Without directions they make one tree. One unit of a supplier goes into one
        of a customer.
    target
        Share of net replenishment times covered, for normal demand: the safety factor is its normal quantile.
    pooling
        2 for independent customers, 1 for those that rise and fall together.
    seed
        Of the demand on which the levels are judged.

    Returns
    -------
    pyarrow.Table
        ``stage, waited, quoted, net`` periods, ``safety_stock`` and ``level`` units (base stock: mean demand over the net
        replenishment time and the safety stock; null without ``mean``), ``cost`` money a period, ``served`` simulated share of
        periods without expediting (null where nothing is held).

    Raises
    ------
    ContractError
        A frame breaks its contract, or a link names no stage.
    InputError
        The links make no tree, or a value is out of range.

    References
    ----------
    Graves and Willems (2000), Manufacturing & Service Operations Management 2(1).
    """
    factor = float(ndtri(between("target", target)))
    if factor < 0:
        raise SettingsError(f"target = {target:g}; expected 0.5 or more: below it no safety stock is held.")
    table = columns.arrow(stages, _WHAT)
    columns.check(table, _WHAT, ("stage", "time", "holding", "sd"), ("mean", "promise", "inbound"), closed=True)
    names = columns.unique(table["stage"], "stage", _WHAT)
    given = {
        name: np.nan_to_num(columns.floats(table, name, _WHAT, low=0.0, blank=name in ("sd", "mean", "promise", "inbound")))
        for name in table.column_names
        if name != "stage"
    }
    zero = np.zeros(len(names))
    time, promise, inbound = (whole(name, given.get(name, zero)) for name in ("time", "promise", "inbound"))
    network = guaranteed.Network(time, given["holding"], _links(links, names), promise, inbound)
    sd = guaranteed.pooled(network, given["sd"], pooling=pooling)
    found = guaranteed.place(network, guaranteed.square_root(network, sd, factor))
    level = None
    if "mean" in given:
        level = guaranteed.pooled(network, given["mean"], pooling=1.0) * found.net + found.safety_stock
    served = _served(network, given["sd"], found, pooling, np.random.default_rng(seed))
    return pa.table(
        {
            "stage": names,
            "waited": pa.array(found.waited),
            "quoted": pa.array(found.quoted),
            "net": pa.array(found.net),
            "safety_stock": pa.array(found.safety_stock),
            "level": pa.nulls(len(names), pa.float64()) if level is None else pa.array(level),
            "cost": pa.array(network.holding * found.safety_stock),
            "served": pa.array(served, from_pandas=True),
        }
    )


def _links(links: Any, names: pa.Array) -> list[tuple[int, int]]:  # noqa: ANN401  any frame
    table = columns.arrow(links, _LINKS)
    columns.check(table, _LINKS, ("supplier", "customer"), closed=True)
    ends = [columns.places(table, name, names, _LINKS, of="the stages") for name in ("supplier", "customer")]
    return list(zip(ends[0].tolist(), ends[1].tolist(), strict=True))


def _served(
    network: guaranteed.Network,
    sd: NDArray[np.float64],
    found: guaranteed.Placement,
    pooling: float,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Return the share of periods in which demand over the net replenishment time is covered, by stage.

    End stages see demand of their own, or all the same one where pooling is 1; the others the sum of their customers'.
    """
    common = rng.standard_normal(PERIODS)
    demand = np.zeros((len(sd), PERIODS))
    for stage in reversed(network.downstream()):
        customers = network.customers(stage)
        own = common if pooling == 1.0 else rng.standard_normal(PERIODS)
        demand[stage] = demand[customers].sum(axis=0) if customers else sd[stage] * own
    shares = np.full(len(sd), np.nan)
    for stage, net in enumerate(found.net.tolist()):
        if net:
            total = np.concatenate([[0.0], np.cumsum(demand[stage])])
            shares[stage] = float((total[net:] - total[:-net] <= found.safety_stock[stage] + 1e-9).mean())
    return shares
