"""Choice sets of the options of a product: which value was chosen, among those its rules left."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.preferences.sets import PRICE, Attribute, Sets

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from lotwise.mine.preferences.sold import Chosen, Sold

    Reals = NDArray[np.float64]
    Whole = NDArray[np.int64]
    Flags = NDArray[np.bool_]

VARIES = 0.01
"""Standard deviation of a value's extra price, as a share of the largest, from which prices count as varying."""


def of_product(product: str, sold: Sold, chosen: Chosen, rules: pa.Table | None = None) -> list[Sets]:
    """Return the choices of each option of one product, in the order of the options' names.

    A choice is a line; its alternatives are the values that were ever chosen, less those that the product's rules exclude
    given the other choices on the line. Values are told apart by constants; the base is the value chosen most. The price is
    the extra price less the line's discount, and is an attribute only where it varies between lines.

    Parameters
    ----------
    product
        The product.
    sold, chosen
        Sale lines, and the options chosen on them.
    rules
        Table ``option_rules``, if there is one.
    """
    if product not in sold.products or not len(chosen.line):
        return []
    mine = np.flatnonzero(sold.product[chosen.line] == sold.products.index(product))
    lines, at = np.unique(chosen.line[mine], return_inverse=True)
    picked = np.full((len(lines), len(chosen.options)), -1)
    picked[at, chosen.option[mine]] = chosen.value[mine]
    extra = np.zeros((len(lines), len(chosen.options)))
    extra[at, chosen.option[mine]] = chosen.extra[mine]
    share = sold.price[lines] / sold.regular[lines]
    share = np.where(np.isfinite(share), share, 1.0)
    found = []
    for option in np.flatnonzero((picked >= 0).any(axis=0)).tolist():
        told = np.flatnonzero(picked[:, option] >= 0)
        if len(np.unique(picked[told, option])) > 1:
            barred = _barred(product, option, picked[told], chosen, rules)
            made = _sets(product, option, (picked[told, option], extra[told, option], share[told]), barred, chosen)
            line = lines[told]
            found.append(replace(made, person=sold.person[line], week=sold.week[line], order=sold.order[line]))
    return found


def unpriced(sets: Sets) -> Sets:
    """Return the sets without their price."""
    return sets.keep(tuple(name for name in sets.names if name != PRICE))


def together(product: str, told: list[Sets]) -> Sets:
    """Return the choices of all options of one product as one, so that classes of customers show over options.

    Each option keeps its own sets and constants; alternatives are named by option and value.
    """
    sizes, widths = [len(sets.alternatives) for sets in told], [len(sets.attributes) for sets in told]
    shape = (sum(len(sets.available) for sets in told), sum(sizes), sum(widths))
    offered, available = np.zeros(shape), np.zeros(shape[:2], dtype=bool)
    row = place = column = 0
    parts: dict[str, list[Whole]] = {"set": [], "chosen": [], "person": [], "week": [], "order": []}
    for sets, size, width in zip(told, sizes, widths, strict=True):
        rows = slice(row, row + len(sets.available))
        offered[rows, place : place + size, column : column + width] = sets.offered
        available[rows, place : place + size] = sets.available
        for name, values in parts.items():
            values.append(getattr(sets, name) + {"set": row, "chosen": place}.get(name, 0))
        row, place, column = rows.stop, place + size, column + width
    joined = {name: np.concatenate(values) for name, values in parts.items()}
    return Sets(
        f"{product} all options",
        tuple(f"{next(iter(sets.base))}: {label}" for sets in told for label in sets.alternatives),
        tuple(attribute for sets in told for attribute in sets.attributes),
        offered,
        available,
        joined["set"],
        joined["chosen"],
        joined["person"],
        joined["week"],
        joined["order"],
        base={option: value for sets in told for option, value in sets.base.items()},
    )


def _sets(product: str, option: int, taken: tuple[Whole, Reals, Reals], barred: Flags, chosen: Chosen) -> Sets:
    value, extra, share = taken
    values, count = np.unique(value, return_counts=True)
    values = values[np.argsort(-count, kind="stable")]
    place = np.full(len(chosen.values), -1)
    place[values] = np.arange(len(values))
    labels = tuple(chosen.values[v] for v in values)
    name = chosen.options[option]
    available = ~barred[:, values]
    available[np.arange(len(value)), place[value]] = True
    extras = np.array([np.median(extra[value == v]) for v in values])
    level = (
        np.round(share, 2) if np.std(share) * np.abs(extras).max() > VARIES * max(np.abs(extras).max(), 1e-9) else np.ones(1)
    )
    level = np.broadcast_to(level, len(value))
    first, at = _alike(np.column_stack([available, np.round(level * 100)]).astype(np.int64))
    size = len(values)
    has_price = len(np.unique(level)) > 1 and np.ptp(extras) > 0
    offered = np.zeros((len(first), size, size - 1 + has_price))
    offered[:, np.arange(1, size), np.arange(size - 1)] = 1.0
    if has_price:
        offered[:, :, -1] = level[first][:, None] * extras
    there = available[first]
    offered[~there] = 0.0
    blank = np.zeros(len(value), dtype=np.int64)
    attributes = (*(Attribute(name, label) for label in labels[1:]), *([Attribute(PRICE)] if has_price else []))
    return Sets(
        f"{product} {name}", labels, attributes, offered, there, at, place[value], blank, blank, blank,
        base={name: labels[0]},
    )  # fmt: skip


def _alike(keys: Whole) -> tuple[Whole, Whole]:
    """Return the first row of each different one, and which of these each row is; flags first, then a number below 128."""
    if keys.shape[1] <= 56:  # noqa: PLR2004  flags and number fit one integer, which sorts ten times faster than rows
        keys = keys[:, :-1] @ (np.int64(128) << np.arange(keys.shape[1] - 1)) + keys[:, -1]
    _, first, at = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    return first, at.ravel()


def _barred(product: str, option: int, picked: Whole, chosen: Chosen, rules: pa.Table | None) -> Flags:
    """Return which values of an option the rules exclude on each line, given what else was chosen on it."""
    barred = np.zeros((len(picked), len(chosen.values)), dtype=bool)
    if rules is None:
        return barred
    options = {name: place for place, name in enumerate(chosen.options)}
    values = {name: place for place, name in enumerate(chosen.values)}
    for rule in rules.to_pylist():
        if rule["product"] != product or rule["if_option"] not in options or rule["then_option"] not in options:
            continue
        first, second = options[rule["if_option"]], options[rule["then_option"]]
        one, two = values.get(rule["if_value"], -1), values.get(rule["then_value"], -1)
        excludes = rule["kind"] == "excludes"
        if option == second and one >= 0:
            held = np.flatnonzero(picked[:, first] == one)
            if excludes and two >= 0:
                barred[held, two] = True
            elif not excludes:
                rest = np.arange(len(chosen.values)) != two
                barred[np.ix_(held, np.flatnonzero(rest))] = True
        if option == first and one >= 0:
            other = picked[:, second]
            broken = (other == two) if excludes else (other != two) & (other >= 0)
            barred[broken, one] = True
    return barred
