"""What is known ahead of time: promotions, campaigns, holidays and weather; and the competitors' prices of the past."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from lotwise.demo.atelier.catalog import CODES, LOCATIONS, REGIONS
from lotwise.demo.atelier.law import Market, days_on, feast_days

COMPETITORS = ("North Star", "Silk Road")
CAMPAIGN_CUSTOMERS = (800, 1500, 2400)


def plans(market: Market, weeks: int) -> dict[str, pa.Table]:
    """Return the tables of what is planned, eight weeks beyond the last one, and competitors up to the last."""
    return {
        "promotions": _promotions(market),
        "campaigns": _campaigns(market),
        "calendar": _calendar(market),
        "weather": _weather(market),
        "competitors": _competitors(market, weeks),
    }


def _promotions(market: Market) -> pa.Table:
    shops = [(number, shop) for number, region in enumerate(REGIONS) for shop in LOCATIONS[region]]
    return pa.concat_tables([_promoted(market, number, shop) for number, shop in shops]).combine_chunks()


def _promoted(market: Market, region: int, shop: str) -> pa.Table:
    """Return the promotions of one shop: those of its region."""
    style, week = np.nonzero(market.depth > 0)
    shown = {name: getattr(market, name)[style, region, week].astype(np.int64) for name in ("display", "mailer", "front")}
    told = {"style": np.array(CODES)[style], "shop": np.full(len(style), shop), "monday": days_on(7 * week)}
    return pa.table({**told, **shown, "off": market.depth[style, week]})


def _campaigns(market: Market) -> pa.Table:
    """Return one row a covered style: a campaign begins where its styles are covered and were not the week before."""
    style, week = np.nonzero(market.covered & ~np.pad(market.covered, ((0, 0), (1, 0)))[:, :-1])
    order = np.lexsort((style, week))
    style, week = style[order], week[order]
    number = np.unique(week, return_inverse=True)[1]
    return pa.table(
        {
            "campaign": [f"K{place + 1:02d}" for place in number],
            "style": np.array(CODES)[style],
            "start": days_on(7 * week),
            "end": days_on(7 * week + 20),
            "kind": np.full(len(style), "coupon"),
            "customers": np.array(CAMPAIGN_CUSTOMERS)[number % len(CAMPAIGN_CUSTOMERS)],
        }
    )


def _calendar(market: Market) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {"day": day, "region": region, "name": name, "working": "yes" if working else "no"}
            for day, (name, _, working) in feast_days(len(market.feast))
            for region in REGIONS
        ]
    )


def _weather(market: Market) -> pa.Table:
    region, day = (place.ravel() for place in np.indices(market.temperature.shape))
    return pa.table(
        {
            "day": days_on(day),
            "region": np.array(REGIONS)[region],
            "celsius": market.temperature.ravel(),
            "millimeters": market.rain.ravel(),
        }
    )


def _competitors(market: Market, weeks: int) -> pa.Table:
    style, rival, week = (place.ravel() for place in np.indices((len(CODES), len(COMPETITORS), weeks)))
    return pa.table(
        {
            "style": np.array(CODES)[style],
            "competitor": np.array(COMPETITORS)[rival],
            "monday": days_on(7 * week),
            "price": market.rival[style, rival, week],
        }
    )
