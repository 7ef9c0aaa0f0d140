"""What a generated factory is drawn as: sizes, bill and hours. ``_plan_cases`` tells the recipe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sizes:
    """How many of each there are."""

    products: int
    weeks: int

    @property
    def families(self) -> int:
        """Families that share a set-up."""
        return max(2, self.products // 25)

    @property
    def components(self) -> int:
        """Made components."""
        return max(3, self.products // 10)

    @property
    def materials(self) -> int:
        """Bought materials."""
        return max(4, 12 * self.products // 100)

    @property
    def groups(self) -> int:
        """Machine groups."""
        return max(6 if self.products >= 100 else 3, round(self.products / 48))


@dataclass(frozen=True)
class Factory:
    """What is drawn before the arrays of a network are laid out.

    Parameters
    ----------
    sizes
        How many of each.
    mean
        Mean weekly demand of each product.
    family, group
        Of each product; of each family and then each component.
    component, material
        Units a product takes of each component, ``(n_components, n_products)``; a component of each material.
    product_hours, component_hours
        Hours for one unit.
    """

    sizes: Sizes
    mean: Array
    family: npt.NDArray[np.int64]
    group: npt.NDArray[np.int64]
    component: Array
    material: Array
    product_hours: Array
    component_hours: Array

    @property
    def needs(self) -> list[Array]:
        """Mean weekly need of products, components and materials."""
        component = self.component @ self.mean
        return [self.mean, component, self.material @ component]

    @property
    def makes(self) -> Array:
        """Hours for one unit on each group; ``(n_groups, n_products + n_components)``."""
        on = np.concatenate([self.group[: self.sizes.families][self.family], self.group[self.sizes.families :]])
        hours = np.concatenate([self.product_hours, self.component_hours])
        return np.where(on == np.arange(self.sizes.groups)[:, None], hours, 0.0)


def factory(sizes: Sizes, rng: np.random.Generator) -> Factory:
    """Return a factory as drawn."""
    mean = rng.lognormal(3, 1, sizes.products)
    family = np.arange(sizes.products) % sizes.families
    group = np.concatenate([rng.permutation(np.arange(n) % sizes.groups) for n in (sizes.families, sizes.components)])
    component = _bill(rng, sizes.components, sizes.products, (1.0, 2.0))
    material = _bill(rng, sizes.materials, sizes.components, (0.5, 1.0, 1.5, 2.0))
    hours = rng.uniform(0.02, 0.1, sizes.products), rng.uniform(0.01, 0.05, sizes.components)
    return Factory(sizes, mean, family, group, component, material, *hours)


def _bill(rng: np.random.Generator, parts: int, wholes: int, units: tuple[float, ...]) -> Array:
    bill = np.zeros((parts, wholes))
    for whole in range(wholes):
        taken = rng.choice(parts, rng.integers(2, 4), replace=False)
        bill[taken, whole] = rng.choice(units, len(taken))
    unused = np.flatnonzero(bill.sum(axis=1) == 0)
    bill[unused, rng.integers(0, wholes, len(unused))] = units[0]
    return bill
