"""Small planning problems with names."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from scipy.sparse import csr_array

from lotwise.plan import Problem, Resources, Terms, no_resources


def build_terms(products=1, *, backorder=False, **given):
    """Return terms with one value for all products, or an array of values; whether demand waits among them."""
    values = {"price": 10.0, "cost": 6.0, "salvage": 3.0, "holding": 0.1, "delay": 0.5, "shelf": 1} | given
    arrays = {name: np.broadcast_to(np.asarray(value, dtype=float), products).copy() for name, value in values.items()}
    arrays["shelf"] = arrays["shelf"].astype(np.int64)
    return Terms(**arrays, backorder=np.broadcast_to(np.asarray(backorder, dtype=bool), products).copy())


def build_machines(uses, hours, *, overtime=0.0, overtime_cost=0.0, weeks=1):
    """Return machines M1, M2, ... with the hours each product takes, and the hours each has a week."""
    uses = np.atleast_2d(np.asarray(uses, dtype=float))
    count = len(uses)
    capacity = np.broadcast_to(np.asarray(hours, dtype=float).reshape(-1, 1), (count, weeks)).copy()
    names = tuple(f"M{number}" for number in range(1, count + 1))
    extra, money = (np.broadcast_to(np.asarray(value, dtype=float), count).copy() for value in (overtime, overtime_cost))
    return Resources(names, ("machine",) * count, ("hours",) * count, csr_array(uses), capacity, extra, money)


def build_problem(demand, terms, resources=None, **more):
    """Return a problem whose products are A, B, C, ... and whose weeks start on 2024-01-01."""
    _, products, weeks = demand.shape
    mondays = tuple(date(2024, 1, 1) + timedelta(weeks=week) for week in range(weeks))
    more = {"opening": np.zeros(products), "information": "now", "cutoff": mondays[0]} | more
    names = tuple(chr(ord("A") + n) if products <= 26 else f"P{n:05d}" for n in range(products))
    return Problem(names, mondays, demand, terms, resources or no_resources(products, weeks), **more)


def build_random(seed, *, products=6, weeks=3, scenarios=8, shelf=None, backorder=False, scarce=0.8):
    """Return a random problem with two machines and one material that bind; ``backorder`` drawn where it is None."""
    rng = np.random.default_rng(seed)
    mean = rng.uniform(5, 30, products)
    shock = rng.lognormal(0, 0.25, (scenarios, 1, weeks))
    demand = rng.poisson(mean[:, None] * shock * rng.gamma(8, 1 / 8, (scenarios, products, weeks))).astype(float)
    price = rng.uniform(2, 10, products)
    cost = price * rng.uniform(0.4, 0.8, products)
    lives = rng.choice([1, 2, 99], products) if shelf is None else np.full(products, shelf)
    terms = build_terms(
        products,
        backorder=bool(backorder),
        price=price,
        cost=cost,
        salvage=0.5 * cost,
        holding=0.01 * cost,
        delay=0.05 * price,
        shelf=lives,
    )
    uses = np.zeros((3, products))
    uses[rng.integers(0, 2, products), np.arange(products)] = rng.uniform(0.1, 1, products)
    uses[2] = rng.uniform(0, 2, products)
    hours = scarce * (uses @ mean)
    if backorder is None:
        terms = replace(terms, backorder=rng.random(products) < 0.5)
    resources = Resources(
        ("M1", "M2", "flour"),
        ("machine", "machine", "material"),
        ("hours", "hours", "kg"),
        csr_array(uses),
        np.repeat(hours[:, None], weeks, axis=1),
        np.array([0.1 * hours[0], 0.0, 0.0]),
        np.array([0.5, 0.0, 0.0]),
    )
    return build_problem(demand, terms, resources)


@pytest.fixture
def terms():
    return build_terms


@pytest.fixture
def machines():
    return build_machines


@pytest.fixture
def problem():
    return build_problem


@pytest.fixture
def random_problem():
    return build_random
