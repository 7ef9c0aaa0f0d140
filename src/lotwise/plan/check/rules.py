"""An independent checker: the rules a published plan has to keep, checked from the published tables alone.

It shares no code with the planner, loops in plain Python and knows nothing but the rules below, so that a fault of the
planner is not a fault of the checker too. Checked are the plan to carry out (information ``now``, real limits, the
latest cutoff, where its weeks are not over) and all other plans with real limits; past plans with what they brought.

==============  =====================================================================================================
not negative    no number of units, hours, quantities or cost is below 0 or not a number
economics       units only of products with economics
weeks           a plan has a row for each of its products and weeks, from its cutoff on, without a hole
machine hours   units x hours of one unit, made ``lead_weeks`` before they are for sale, are within regular and overtime hours
material        what is used up to each week is there: stock on hand, and arrivals within ``weekly_limit`` from the first week
                an order placed now can arrive in; where stock is unknown, and in past plans, as if ordered in time, with
                no stock
lead weeks      nothing is ready to sell before the lead weeks are over (past plans: begun in time)
lots            nothing, or at least ``lot_minimum`` and a whole number of ``lot_multiple``
orders          units due of products made to order are supplied by their week, or what is missing stands in ``conflicts``;
                an order due in the weeks of the plan is in its demand
purchase        not ordered before the cutoff, arrives after the lead weeks, at least the minimum order (or the weekly limit,
                where that is less), at most the weekly limit; cost = units x unit cost
projection      start + received - used - scrapped = end, end = next start, end not below 0; received is what is made or
                bought, used what is sold or taken by the plan, the first start what is on hand
prices          hours and units used, overtime and capacity are those of the plan
solves          each plan has its row; the objective is the plan's profit, the bound no less, and no more where the status is
                optimal; infeasible with conflicts only
money           made as planned, demand as it came, sold + lost = demand, sold <= made + carried, left as units sold oldest
                first and taken off the shelf at their age leave it; profit = revenue - cost
uses            bills and routings exploded, by recursion
==============  =====================================================================================================

Where table ``lots`` is published, the plan to carry out is made lot by lot over bills, stock and suppliers. For it the rules
``machine hours``, ``material``, ``lead weeks`` and ``lots``, which know exploded products only, give way to these, and
``purchase``, ``projection`` and ``prices`` are judged by what is said here:

==============  ===================  ================================================================================
rule            tables               what must hold
==============  ===================  ================================================================================
work order      lots, items,         ready ``items.lead_weeks`` after the start (else ``plan.lead_weeks`` for products, 0 for
                products, bom,       components), all within the plan; units = started x ``yield``; started units of a
                routing              proposed lot keep lot minimum, multiple and maximum; the route names a machine of
                                     every step (several joined by `` or ``); a line of the bill holds on its Monday
stock           lots, bom,           of a component or material no more is taken up to any week than is there: stock, open
                coproducts,          receipts (overdue ones in the first week), lots, co-products, purchases; at all sites
                receipts, stock,     together and at each; bought ones nobody counts are judged from the first week an order
                purchases            placed now arrives in; lines hold on the Monday of the lot, quantity / (1 - scrap)
for sale        plans, lots          units of a product are those of its lots, co-products, purchases and receipts; of what
                                     is kept and moved before it is sold no more than came so far
load            loads, lots,         run hours = started x hours of the route's machines; set-up hours once a lot (an expected
                routing, families,   one shares that of a lot beside it), and once a week for each family; regular hours as in
                machines,            ``machine_weeks``, else a fifth less for each workday ``calendar`` says is not worked;
                machine_weeks,       run + set-up within regular hours, whole added shifts and overtime (not where ``plan.mode``
                calendar             is unconstrained); overtime is what lots need beyond regular and added hours, no more
shipment        shipments, lanes     a lane takes it, in its time, of its sizes, at its cost
decided         lots, receipts       frozen lots lie in the frozen weeks, and nothing there is above the plan before; every
                                     approved lot is there, with no more units
delivery        deliveries, orders,  every firm line due in the plan is there as ordered; it is late exactly where plans and
                plans, stock         stock, first in, first out by due day, do not reach it; with a reason then only
pegging         pegging              what a lot, purchase, receipt, shipment or counted stock serves adds up to it, after it
                                     is there; what goes into a lot is what its bill takes
projection      projection           also of components, with their stock and receipts, all sites together
prices          prices, loads        hours used and overtime are those of ``loads``
charges         charges, plans,      revenue less standard costs, carrying, delay and charges is the plan's profit
                economics
exception       exceptions           ranked without a hole, the most money first
==============  ===================  ================================================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lotwise import config
from lotwise.errors import MissingTableError
from lotwise.plan.check import buying
from lotwise.plan.check.charged import charged
from lotwise.plan.check.deliveries import deliveries
from lotwise.plan.check.facts import read
from lotwise.plan.check.flows import for_sale, stocks
from lotwise.plan.check.hours import loads, priced
from lotwise.plan.check.limits import arrivals, hours, prices
from lotwise.plan.check.lots import lead, lots, products
from lotwise.plan.check.money import money, solves
from lotwise.plan.check.orders import orders
from lotwise.plan.check.pegged import exceptions, pegging
from lotwise.plan.check.published import amounts
from lotwise.plan.check.stock import projection, purchases
from lotwise.plan.check.supply import supply
from lotwise.plan.check.uses import uses
from lotwise.plan.check.works import decided, works

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa

    from lotwise.plan.check.breach import Breach
    from lotwise.plan.check.facts import Facts, Plan

NEEDED = ("plans", "economics", "demand")
READS = (
    *NEEDED,
    *("purchases", "projection", "prices", "uses", "machines", "materials", "stock", "products", "bom", "routing", "orders"),
    *("conflicts", "money", "solves", "lots", "shipments", "loads", "deliveries", "pegging", "exceptions", "items"),
    "charges",
    *("coproducts", "families", "machine_weeks", "calendar", "lanes", "suppliers", "receipts"),
)
RULES = (
    *("not negative", "economics", "weeks", "machine hours", "material", "lead weeks", "lots", "orders", "purchase"),
    *("projection", "prices", "solves", "money", "uses", "work order", "stock", "for sale", "load", "shipment", "decided"),
    *("delivery", "pegging", "exception", "charges"),
)


def check(tables: Mapping[str, pa.Table], settings: config.Plan | None = None) -> list[Breach]:
    """Return every breach of a rule in published plans; none where they keep all rules.

    Parameters
    ----------
    tables
        Published tables by name: ``plans``, ``economics`` and ``demand``, and those of ``READS`` that exist. What is not judged
        for want of a table says ``unchecked``.
    settings
        ``[plan]``; the defaults by default.

    Raises
    ------
    MissingTableError
        A table that is needed is absent.
    """
    absent = [name for name in NEEDED if name not in tables]
    if absent:
        message = f"The plan cannot be checked without {', '.join(absent)}. Make what is missing with: lotwise run"
        raise MissingTableError(message)
    facts = read(tables, settings or config.Plan())
    found = [*amounts(tables), *uses(facts), *solves(facts), *money(facts)]
    for plan in facts.plans:
        found += products(facts, plan)
    for plan in facts.real:
        judges = () if facts.is_network and plan is facts.current else (hours, arrivals, lots, lead, prices)
        for judge in judges:
            found += judge(facts, plan)
    if facts.current is not None:
        found += orders(facts, facts.current)
        found += _network(facts, facts.current) if facts.is_network else _exploded(facts, facts.current)
    return found


def _exploded(facts: Facts, plan: Plan) -> Iterator[Breach]:
    yield from purchases(facts, plan)
    yield from projection(facts, plan)


def _network(facts: Facts, plan: Plan) -> Iterator[Breach]:
    of = supply(facts, plan, facts.settings)
    for judge in (works, decided, stocks, for_sale, loads, priced, buying.orders, buying.shipments, pegging, exceptions):
        yield from judge(of)
    yield from deliveries(facts, of)
    yield from charged(facts, plan)
    yield from projection(facts, plan, of)
