"""A plain factory: every product is made on one machine, without waiting."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from lotwise.plan.network.network import Activities, Items, Machines, Network, Switches
from tests.plan.conftest import build_problem, build_random, no_resources

if TYPE_CHECKING:
    from lotwise.plan.problem import Problem


def factory(problem: Problem, *, hours: float, setup: float = 0.0, lot: float = 0.0, lead: int = 0) -> Network:
    """Return a network in which a unit takes one of so many hours a week, set up for money where ``setup`` is not 0.

    With ``lot`` every lot is a whole multiple of it.
    """
    products, weeks = problem.shape
    one, none = np.eye(products), np.zeros(products)
    high = np.full((products, weeks), 1e4)
    high[:, max(weeks - lead, 0) :] = 0.0
    switches = products if setup else 0
    return Network(
        items=Items(
            problem.products,
            ("all",) * products,
            ("product",) * products,
            ("pieces",) * products,
            np.arange(products),
            np.zeros(products, dtype=bool),
            np.zeros((products, weeks)),
            *(none,) * 5,
        ),
        activities=Activities(
            problem.products,
            ("make",) * products,
            csr_array((products, products)),
            csr_array(one),
            csr_array(np.ones((1, products))),
            np.full(products, lead),
            none,
            0 * high,
            high,
            none + lot,
            0 * high + np.nan,
            none,
        ),
        machines=Machines(("M",), ("all",), np.full((1, weeks), hours), np.zeros((1, weeks)), np.zeros(1)),
        switches=Switches(
            problem.products[:switches],
            ("setup",) * switches,
            csr_array(one[:switches]),
            *(np.zeros(switches), np.full(switches, np.inf), np.ones(switches, dtype=np.int64)),
            csr_array(np.ones((1, switches))),
            np.full(switches, setup),
            np.ones((switches, weeks), dtype=bool),
        ),
    )


def drawn(
    seed: int, *, products: int = 4, weeks: int = 3, scenarios: int = 40, shelf: int | None = 1, waits: bool | None = None
) -> Problem:
    """Return a problem without limits of its own; whether demand waits is drawn where ``waits`` is absent.

    Where ``shelf`` is absent every product has an exact curve: what waits keeps, what does not perishes in its week.
    """
    problem = build_random(seed, products=products, weeks=weeks, scenarios=scenarios, shelf=shelf or 1, backorder=waits)
    terms = problem.terms
    if shelf is None:
        terms = replace(terms, shelf=np.where(terms.backorder, weeks, 1))
    return build_problem(problem.demand, terms, no_resources(products, weeks))
