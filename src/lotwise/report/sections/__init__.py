"""One small file a section of the page, in the order they are read.

Each has ``context(book, words, numbers)``, which gives its template what it shows: figures with their origin, words, and charts
under the key ``charts``. A section whose tables do not exist gives ``missing``, and the template says what to do next.
"""

from lotwise.report.sections import (
    basis,
    changes,
    customers,
    deliveries,
    drivers,
    exceptions,
    forecasts,
    headline,
    knowing,
    lateness,
    ledger,
    limits,
    load,
    market,
    materials,
    notice,
    offers,
    opinions,
    plan,
    preferences,
    prices,
    quality,
    rules,
    schedule,
    tours,
    trends,
    unseen,
    worst,
)

ORDER = {
    "headline": headline.context,
    "ledger": ledger.context,
    "worst": worst.context,
    "knowing": knowing.context,
    "notice": notice.context,
    "limits": limits.context,
    "unseen": unseen.context,
    "changes": changes.context,
    "forecast": forecasts.context,
    "plan": plan.context,
    "exceptions": exceptions.context,
    "deliveries": deliveries.context,
    "load": load.context,
    "schedule": schedule.context,
    "lateness": lateness.context,
    "tours": tours.context,
    "materials": materials.context,
    "prices": prices.context,
    "customers": customers.context,
    "preferences": preferences.context,
    "opinions": opinions.context,
    "trends": trends.context,
    "market": market.context,
    "rules": rules.context,
    "drivers": drivers.context,
    "offers": offers.context,
    "quality": quality.context,
    "basis": basis.context,
}
"""Section -> what gives its context, in the page's order."""

__all__ = ["ORDER"]
