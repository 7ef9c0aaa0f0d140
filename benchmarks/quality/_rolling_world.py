"""Worlds of the simulated workshop for the benchmark ``rolling``: its factory as a network, its demand, a forecaster for all.

From the demo (``lotwise.demo.atelier``): 14 styles with price, cost, hours on three machine groups, mean bills of 21 materials
(options at their mean shares), lead times and weekly limits of materials, overtime, and the law of demand. Workshop rules
that the demo's tables do not have, assumed here and nowhere else:

- a lot started in a week is for sale in the next; lots come out as planned;
- categories are families: going over to one takes 8 sewing and 2 cutting hours and 600 CNY, once a week;
- an order of a cloth costs 200 CNY and is for at least two plain weeks' use, but for cloths with a weekly limit; the rest has
  no smallest order;
- demand waits, at 5 % of the price a week; in a second set of worlds that for styles kept in stock is lost;
- keeping a unit a week costs 0.5 % of its cost; what is left at the end is worth its cost less four weeks of that;
- hours, overtime and weekly limits of materials are the demo's times 1.25: the machine needed most then has a load of 85 % over
  a year, set-ups included, and of more than 100 % in its busiest weeks.

The forecaster sees past weekly demand and what is planned ahead (promotions, campaigns, feasts, the season); it is a
Poisson regression of the training weeks with a first-order autoregression beside it. Every planner is given the same
scenarios. Nobody sees browsing, competitors or the law.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from lotwise.demo.atelier import choose, law
from lotwise.demo.atelier.catalog import ALWAYS, FABRIC_PRICE, LIMITED, MACHINES, MATERIALS, STYLES, needs
from lotwise.plan import Terms
from lotwise.plan.network.network import Activities, Items, Machines, Network, Switches
from lotwise.plan.rolling import Environment

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

TRAINING, TUNING, SIMULATED, HORIZON = 78, 26, 26, 8
"""Weeks of history; of its end, on which baselines are tuned; simulated; looked ahead."""
SCENARIOS = 50
SCALE = 1.25
SETUP = {"sewing": 8.0, "cutting": 2.0}
SETUP_COST, ORDER_COST, ORDER_WEEKS = 600.0, 200.0, 2.0
HOLDING, DELAY, LEFT_WEEKS = 0.005, 0.05, 4.0
RIDGE, STEPS, SPREAD, OWN, MOST_KEPT = 1.0, 8, 0.1, 3, 0.9
"""Of the regression: penalty, rounds, variance of deviations that weigh rows, own coefficients of a style, most persistence."""


def environment(seed: int, *, tuning: bool = False, lost: bool = False) -> Environment:
    """Return the workshop of a seed.

    Parameters
    ----------
    seed
        Of the world.
    tuning
        Its last training weeks, with the history before them, instead of its test weeks.
    lost
        Whether demand for styles kept in stock is lost when there is none; otherwise all demand waits.
    """
    span = TRAINING + SIMULATED
    market = law.market(seed, span)
    rate = market.rate.sum(axis=1)
    asked = law.stream(seed, "rolling").poisson(rate).astype(float)
    first = TRAINING - TUNING if tuning else TRAINING
    weeks = (TUNING if tuning else SIMULATED) + HORIZON
    plain = np.array([style.units for style in STYLES])
    return Environment(
        products=tuple(style.code for style in STYLES),
        first=law.START + timedelta(weeks=first),
        terms=_terms(lost=lost),
        network=network(weeks),
        opening=plain.copy(),
        past=asked[:, :first],
        demand=asked[:, first : first + weeks],
        forecast=Seasonal(_features(market), asked[:, :first]),
        horizon=HORIZON,
    )


def unit_cost() -> Numbers:
    """Return the standard cost of what one unit of each activity gives; ``(n_activities,)``."""
    return np.array([style.cost for style in STYLES] + [cost for _, cost, _ in MATERIALS.values()], dtype=float)


def _terms(*, lost: bool) -> Terms:
    price, cost = (np.array([getattr(style, name) for style in STYLES], dtype=float) for name in ("price", "cost"))
    return Terms(
        price=price,
        cost=cost,
        salvage=cost * (1 - LEFT_WEEKS * HOLDING),
        holding=HOLDING * cost,
        delay=DELAY * price,
        shelf=np.full(len(price), 999),
        backorder=np.array([style.make == "order" or not lost for style in STYLES]),
    )


def bills() -> Numbers:
    """Return the mean units of each material in one unit of each style; ``(n_materials, n_styles)``."""
    taken, names = choose.takes(), list(MATERIALS)
    found = np.zeros((len(names), len(STYLES)))
    for number, style in enumerate(STYLES):
        for component, option, value, units in needs(style):
            share = 1.0 if option == ALWAYS else taken[style.code, option, value]
            found[names.index(component), number] += share * units
    return found


def network(weeks: int) -> Network:
    """Return the workshop over so many weeks, with a week's lots under way and stocks of its materials."""
    styles, materials, machines = len(STYLES), len(MATERIALS), len(MACHINES)
    n_items = n_activities = styles + materials
    bill = bills()
    plain = np.array([style.units for style in STYLES])
    use = bill @ plain
    cost = np.array([price for _, price, _ in MATERIALS.values()])
    lead = np.array([1] * styles + [wait for _, _, wait in MATERIALS.values()])
    arriving = np.zeros((n_items, weeks))
    arriving[:styles, 0] = plain
    for number, wait in enumerate(lead[styles:]):
        arriving[styles + number, 0] = 1.5 * use[number]
        arriving[styles + number, 1:wait] = use[number]
    takes, uses = np.zeros((n_items, n_activities)), np.zeros((machines, n_activities))
    takes[styles:, :styles] = bill
    uses[:, :styles] = np.array([style.hours for style in STYLES]).T
    limit = SCALE * np.array([LIMITED.get(name, np.inf) for name in MATERIALS])
    high = np.broadcast_to(np.concatenate([np.full(styles, np.inf), limit])[:, None], (n_activities, weeks)).copy()
    names = [style.code for style in STYLES] + list(MATERIALS)
    regular, extra, money = (np.array([row[place] for row in MACHINES.values()], dtype=float) for place in range(3))
    return Network(
        items=Items(
            names=tuple(names),
            sites=("all",) * n_items,
            kinds=("product",) * styles + ("material",) * materials,
            units=("piece",) * styles + tuple(unit for unit, _, _ in MATERIALS.values()),
            product=np.array([*range(styles), *[-1] * materials]),
            keeps=np.arange(n_items) >= styles,
            arriving=arriving,
            holding=np.concatenate([np.zeros(styles), HOLDING * cost]),
            left=np.concatenate([np.zeros(styles), LEFT_WEEKS * HOLDING * cost]),
            safety=np.zeros(n_items),
            safety_cost=np.zeros(n_items),
            space=np.zeros(n_items),
        ),
        activities=Activities(
            names=tuple([f"make {name}" for name in names[:styles]] + [f"buy {name}" for name in names[styles:]]),
            kinds=("make",) * styles + ("buy",) * materials,
            takes=csr_array(takes),
            gives=csr_array(np.eye(n_items)),
            uses=csr_array(uses),
            lead=lead,
            cost=np.zeros(n_activities),
            low=np.zeros((n_activities, weeks)),
            high=high,
            multiple=np.zeros(n_activities),
            before=np.full((n_activities, weeks), np.nan),
            change_cost=np.zeros(n_activities),
        ),
        machines=Machines(
            names=tuple(MACHINES),
            sites=("all",) * machines,
            hours=np.broadcast_to(SCALE * regular[:, None], (machines, weeks)).copy(),
            overtime=np.broadcast_to(SCALE * extra[:, None], (machines, weeks)).copy(),
            overtime_cost=money,
        ),
        switches=_switches(use, weeks),
    )


def _switches(use: Numbers, weeks: int) -> Switches:
    """Return the families' set-ups and the orders of cloth."""
    styles, names = len(STYLES), list(MATERIALS)
    families = list(dict.fromkeys(style.category for style in STYLES))
    cloth = [names.index(name) for name in FABRIC_PRICE if name not in LIMITED]
    count = len(families) + len(cloth)
    weight, hours = np.zeros((count, styles + len(names))), np.zeros((len(MACHINES), count))
    for number, style in enumerate(STYLES):
        weight[families.index(style.category), number] = 1.0
    for machine, taken in SETUP.items():
        hours[list(MACHINES).index(machine), : len(families)] = taken
    for place, number in enumerate(cloth):
        weight[len(families) + place, styles + number] = 1.0
    return Switches(
        names=tuple([f"set-up {name}" for name in families] + [f"order {names[number]}" for number in cloth]),
        kinds=("setup",) * len(families) + ("order",) * len(cloth),
        weight=csr_array(weight),
        least=np.concatenate([np.zeros(len(families)), ORDER_WEEKS * use[cloth]]),
        largest=np.full(count, np.inf),
        most=np.ones(count, dtype=np.int64),
        hours=csr_array(hours),
        cost=np.array([SETUP_COST] * len(families) + [ORDER_COST] * len(cloth)),
        open=np.ones((count, weeks), dtype=bool),
    )


def _features(market: law.Market) -> Numbers:
    """Return what is planned ahead, by style and week: price cut, display, mailer, front page, campaign, feasts, season."""
    weeks = market.depth.shape[1]
    shown = [-np.log(1 - market.depth), *(getattr(market, name).mean(axis=1) for name in ("display", "mailer", "front"))]
    feasts = np.zeros((len(law.FEASTS), weeks))
    for day, (name, _, _) in law.feast_days(weeks):
        feasts[[name for name, _, _ in law.FEASTS.values()].index(name), (day - law.START).days // 7] = 1.0
    everywhere = np.broadcast_to(feasts[:, None], (len(feasts), *market.depth.shape))
    day = law.START.timetuple().tm_yday + 7 * np.arange(weeks) + 3
    wave = np.stack([np.cos(2 * np.pi * day / 365.25), np.sin(2 * np.pi * day / 365.25)])
    own = np.eye(len(market.depth))
    season = (wave[:, None, None] * own[None, :, :, None]).reshape(-1, len(own), weeks)
    return np.concatenate([np.stack([*shown, market.covered.astype(float)]), everywhere, season])


@dataclass(frozen=True)
class Fitted:
    """A forecast's parameters.

    Parameters
    ----------
    known
        What is known of each style and week, levels included; ``(n_coefficients, n_styles, n_weeks)``.
    found, root
        Coefficients, and a root of their covariance.
    kept, shock
        What a deviation keeps of itself from week to week, and the variance it gains.
    """

    known: Numbers
    found: Numbers
    root: Numbers
    kept: float
    shock: float

    @property
    def log_rate(self) -> Numbers:
        """Log rate without deviations; ``(n_styles, n_weeks)``."""
        return np.einsum("f,fvt->vt", self.found, self.known)


class Seasonal:
    """Poisson regression on what is planned ahead, fitted once on the training weeks, and deviations that fade.

    The log rate of style v in week t is ``b x_vt + z_vt``, ``z_vt = kept z_vt-1 + noise``. Levels and seasons are each
    style's own, all other coefficients common, with a ridge penalty. ``kept`` and the noise are from the pooled
    autocovariances of the training weeks' deviations at lags 1 and 2, made larger for what own coefficients took out of them;
    a Kalman filter keeps z up to the last week known. Scenarios draw z, the coefficients from their covariance
    (widened for deviations that last) and Poisson counts.
    """

    def __init__(self, features: Numbers, training: Numbers) -> None:
        self._fitted = _fit(features, training)
        self._log_rate = self._fitted.log_rate

    def __call__(self, past: Numbers, weeks: int, rng: np.random.Generator) -> Numbers:
        """Return scenarios of the coming weeks."""
        fitted = self._fitted
        level, spread = _filtered(fitted, self._log_rate, past)
        first = past.shape[1]
        now = level + np.sqrt(spread) * rng.standard_normal((SCENARIOS, len(level)))
        doubt = rng.standard_normal((SCENARIOS, len(fitted.found))) @ fitted.root.T
        ahead = slice(first, first + weeks)
        log_rate = self._log_rate[:, ahead] + np.einsum("sf,fvt->svt", doubt, fitted.known[:, :, ahead])
        found = np.empty((SCENARIOS, len(level), weeks))
        for week in range(weeks):
            now = fitted.kept * now + np.sqrt(fitted.shock) * rng.standard_normal(now.shape)
            found[:, :, week] = rng.poisson(np.exp(log_rate[:, :, week] + now))
        return found


def _fit(features: Numbers, training: Numbers) -> Fitted:
    """Return the regression by iterated weighted least squares, and the deviations' autoregression."""
    styles, weeks = training.shape
    levels = np.broadcast_to(np.eye(styles)[:, :, None], (styles, *features.shape[1:]))
    known = np.concatenate([levels, features])
    rows = known[:, :, :weeks].reshape(len(known), -1).T
    penalty = np.diag([0.0] * styles + [RIDGE] * len(features))
    asked = training.ravel()
    linear = np.log(asked + 0.5)
    for _ in range(STEPS):
        rate = np.exp(linear)
        working = linear + (asked - rate) / rate
        weighted = rows * (rate / (1 + SPREAD * rate))[:, None]
        found = np.linalg.solve(weighted.T @ rows + penalty, weighted.T @ working)
        linear = rows @ found
    apart = (asked / np.exp(linear)).reshape(training.shape) - 1
    one, two = (max(float((apart[:, lag:] * apart[:, :-lag]).mean()), 1e-6) for lag in (1, 2))
    kept = min(two / one, MOST_KEPT)
    longer = (1 + kept) / (1 - kept)
    spread = one / kept / (1 - min(OWN * longer / weeks, 0.5))
    root = np.linalg.cholesky(longer * np.linalg.inv(weighted.T @ rows + penalty))
    return Fitted(known, found, root, kept, spread * (1 - kept**2))


def _filtered(fitted: Fitted, log_rate: Numbers, past: Numbers) -> tuple[Numbers, Numbers]:
    """Return mean and variance of each style's deviation in the last known week."""
    level = np.zeros(len(past))
    spread = np.full(len(past), fitted.shock / (1 - fitted.kept**2))
    for week in range(past.shape[1]):
        rate = np.exp(log_rate[:, week])
        seen = np.log((past[:, week] + 0.5) / (rate + 0.5))
        level, spread = fitted.kept * level, fitted.kept**2 * spread + fitted.shock
        gain = spread / (spread + 1 / (rate * np.exp(level) + 0.5))
        level, spread = level + gain * (seen - level), (1 - gain) * spread
    return level, spread
