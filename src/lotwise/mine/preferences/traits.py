"""What brand, type and package are worth: what the constants of products have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Reals = NDArray[np.float64]

LEFT = 4
"""Products beyond the values told apart, from which anything is said."""


@dataclass(frozen=True)
class Trait:
    """Part-worth of one value of one trait against the base value.

    Parameters
    ----------
    name, value
        Such as "brand", "Private".
    part_worth, error
        In logits; the error holds what sets products apart beside their traits. The base value has 0 and no error.
    with_price
        Covariance with the price's part-worth.
    """

    name: str
    value: str
    part_worth: float
    error: float | None
    with_price: float


def traits(constants: Reals, covariance: Reals, values: Mapping[str, Sequence[str | None]], weight: Reals) -> list[Trait]:
    """Return the part-worths of traits that explain products' constants, by least squares: minimum distance.

    Traits are taken in the order given as long as products are left over; a trait that is not known of every product, or is the
    same for all, is passed over. The base value is that of the products chosen most.

    Parameters
    ----------
    constants
        Constant of each product, the base product's being 0, ``(n_products,)``.
    covariance
        Of the constants, and in its last row and column the price's part-worth, ``(n_products + 1, n_products + 1)``.
    values
        Value of each trait of each product.
    weight
        Choices of each product.

    References
    ----------
    Chamberlain (1982), Multivariate regression models for panel data, Journal of Econometrics 18; Nevo (2000), A
    practitioner's guide to estimation of random-coefficients logit models of demand, section 3.
    """
    count = len(constants)
    columns, bases = [np.ones(count)], dict[str, str]()
    named: list[tuple[str, str]] = []
    for name, given in values.items():
        if any(value is None for value in given) or len(set(given)) < 2:  # noqa: PLR2004  one value says nothing
            continue
        known = [str(value) for value in given]
        total = {value: weight[[at for at, held in enumerate(known) if held == value]].sum() for value in sorted(set(known))}
        base = max(total, key=lambda value: total[value])
        more = [(name, value) for value in total if value != base]
        added = [np.array([float(held == value) for held in known]) for _, value in more]
        if count - len(columns) - len(added) < LEFT or np.linalg.matrix_rank(np.column_stack([*columns, *added])) < len(
            columns
        ) + len(added):
            continue
        columns, named, bases[name] = [*columns, *added], [*named, *more], base
    if not named:
        return []
    design = np.column_stack(columns)
    solve = np.linalg.pinv(design)
    found = solve @ constants
    noise = constants - design @ found
    spread = float(noise @ noise) / (count - design.shape[1])
    variance = solve @ covariance[:count, :count] @ solve.T + spread * solve @ solve.T
    with_price = solve @ covariance[:count, count]
    made = [Trait(name, base, 0.0, None, 0.0) for name, base in bases.items()]
    for place, (name, value) in enumerate(named, start=1):
        made.append(Trait(name, value, float(found[place]), float(np.sqrt(variance[place, place])), float(with_price[place])))
    return made
