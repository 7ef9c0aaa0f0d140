"""Made-up tables for every contract the report reads: small, plausible, with a hostile product name."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from lotwise.config import Settings, build
from lotwise.tables import TABLES
from lotwise.tables.forecasted import LEVELS, QUANTILES
from tests.report.mined import made_mined
from tests.report.schedules import made_schedule, made_tours

WEEK = timedelta(days=7)
FIRST = date(2017, 1, 2)
WEEKS = [FIRST + WEEK * k for k in range(52)]
CUTOFF = WEEKS[-1] + WEEK
SETTLED = WEEKS[-16:]
ACCOUNTS = ("ideal", "unknown", "unmade", "undone", "actual")
AHEAD = [CUTOFF + WEEK * k for k in range(4)]
WINDOWS = {
    "none": [(CUTOFF, horizon, week) for horizon, week in enumerate(AHEAD, start=1)],
    "now": [(first, place + 1, first + WEEK * place) for first in (WEEKS[-8], WEEKS[-4], CUTOFF) for place in range(4)],
}
"""Cutoff, horizon and week of every forecast, by information."""
NAMES = {
    "P1": "Whole milk 1 gal", "P2": "White bread 20 oz", "P3": "Vanilla ice cream", "P4": "Canned tomatoes",
    "P5": "<script>alert(1)</script> & Co", "P6": "Ground beef 80/20", "P7": "Orange juice", "P8": "Hamburger buns",
}  # fmt: skip
UNKNOWN_NOTE = (
    "Perfect knowledge less what was known, within the same limits. Better forecasts and more sources before "
    "the cutoff close part of it, earlier orders more; chance stays."
)
CHANCE_NOTE = (
    "What the same model still loses with all facts of the target weeks but demand itself. Earlier orders close it, perhaps a "
    "better model too; no source here does, so do not chase it."
)
FORMULAS = {
    "profit without limits, demand known": "V(ideal)",
    "chance: the irreducible part": "V(perfect) - V(foresight)",
    "promotion plan": "V(upto-promotion plan) - V(method)",
}
SOLVER_NOTE = (
    "At most this much, and perhaps nothing, was left by solving: the bound on the plans made with what was known less "
    "what they reach."
)
MACHINES = {"M1": "Bakery line", "M2": "Dairy line", "M3": "Cannery"}
MATERIALS = {"flour": "Wheat flour", "milk": "Raw milk"}


def _table(name, rows):
    return TABLES[name].check(pa.Table.from_pylist(rows, schema=TABLES[name].schema))


def _gap():
    lines = [
        ("ideal", "profit without limits, demand known", 41200.0, None, 1.0, "total", False,
            "The plan that knows demand and has no limits."),
        ("unknown", "not known in time", 1400.25, (-200.0, 2900.5), 0.034, "not distinguishable from 0", True,
         UNKNOWN_NOTE),
        ("unknown", "chance: the irreducible part", 8400.25, (6900.5, 10100.0), 0.2039, "at most this much", True, CHANCE_NOTE),
        ("unmade", "M1", 3100.25, (1900.0, 4500.0), 0.0752, "lost", True,
         "Its share of perfect plan without limits less perfect plan within them, by shadow price x shortage."),
        ("unmade", "flour", 250.0, (-40.0, 610.0), 0.0061, "not distinguishable from 0", True,
         "Its share of perfect plan without limits less perfect plan within them, by shadow price x shortage."),
        ("undone", "floor: short", 640.0, (310.0, 1020.0), 0.0155, "lost", True,
         "The plan as made less the plan as the floor carried it out: units that were not made."),
        ("undone", "solver's own gap", 0.0, (0.0, 0.0), 0.0, "nothing lost", True,
         SOLVER_NOTE),
        ("actual", "profit as it was", 27409.25, None, 0.6653, "total", False,
         "The plan lotwise would have made with what was known, as the floor carried out its own work."),
        ("known", "history alone (base)", 13500.0, (9900.0, 17200.0), 1.0, "the base", False,
         "Perfect knowledge less the base, both within the real limits."),
        ("known", "method, no source", 420.0, (-310.0, 1150.0), 0.0311, "not distinguishable from 0", False,
         "The method told nothing but each product's own level and spread, less the base."),
        ("known", "promotion plan", 2300.0, (1200.0, 3400.0), 0.1704, "worth it", False,
         "Added after the lines above it (known: plan). Last in, beside all others: 2,150.00 (900.00 to 3,300.00)."),
        ("known", "customers", 640.0, (60.0, 1240.0), 0.0474, "not distinguishable from the placebo", False,
         "Added after the lines above it (known: past)."),
        ("known", "calendar", -180.0, (-420.0, 90.0), -0.0133, "not distinguishable from 0", False,
         "Added after the lines above it (known: plan)."),
        ("known", "all sources together", 3180.0, (1700.0, 4700.0), 0.2356, "worth it", False,
         "Method and sources: what is known now less the base."),
        ("known", "placebo", 55.0, (-390.0, 480.0), 0.0041, "not distinguishable from 0", False,
         "8 columns of random numbers added to what is known now: any money here is noise."),
        ("unseen", "what customers were not shown", None, None, None, "needs an experiment", False,
         "What customers would have bought had they been shown it: offer it to some and not to others, then compare."),
    ]  # fmt: skip
    names = ("account", "line", "money", "interval", "share", "verdict", "counted", "note")
    rows = [dict(zip(names, line, strict=True)) | {"order": place} for place, line in enumerate(lines, start=1)]
    for row in rows:
        row["low"], row["high"] = row.pop("interval") or (None, None)
        row["formula"] = FORMULAS.get(row["line"])
    return _table("gap", rows)


def _cells(regions):
    """Return the accounts of every product, region and settled week in cents, and added up by product."""
    rng = np.random.default_rng(11)
    rows, products = [], []
    for product in NAMES:
        sums = dict.fromkeys(ACCOUNTS, 0)
        for region in regions:
            for week in SETTLED:
                cents = dict(zip(ACCOUNTS, map(int, rng.integers((3000, -400, 0, 0), (9000, 2600, 700, 200))), strict=False))
                cents["actual"] = cents["ideal"] - cents["unknown"] - cents["unmade"] - cents["undone"]
                sums = {account: sums[account] + cents[account] for account in ACCOUNTS}
                money = {account: amount / 100 for account, amount in cents.items()}
                rows.append({"product": product, "region": region, "week": week} | money)
        products.append({"product": product} | {account: amount / 100 for account, amount in sums.items()})
    return {"gap_cells": _table("gap_cells", rows), "gap_products": _table("gap_products", products)}


def _spans(**figures):
    """Return figures of money, each with an interval 100 to either side."""
    ends = {
        f"{name}_{end}": money + side for name, money in figures.items() for end, side in (("low", -100.0), ("high", 100.0))
    }
    return figures | ends


def _beside():
    """Return what stands beside the ledger: sources, notice, limits, the unseen, history and changes."""
    judged = "Judged by what it adds to all the others; what it shares with them counts for none: see lotwise gap --shapley."
    sources = [
        {"source": "promotion plan", "known": "plan", "advice": "keep", "verdict": "worth it", "note": judged, "bits": 0.125,
         "noise": 41.5, "cost": 120.0}
        | _spans(ordered=2300.0, first_in=2450.5, last_in=2150.25, in_advance=1800.5, net=2030.25),
        {"source": "customers", "known": "past", "advice": "cannot tell yet", "verdict": "not distinguishable from 0",
         "note": judged, "noise": 41.5, "cost": 0.0} | _spans(ordered=640.0, last_in=-12.25, net=-12.25),
        {"source": "calendar", "known": "plan", "advice": "drop", "verdict": "not worth its price", "note": judged,
         "noise": 41.5, "cost": 900.0} | _spans(ordered=-180.0, last_in=90.5, net=-809.5),
        {"source": "placebo", "advice": "", "verdict": "not distinguishable from 0",
         "note": "8 columns of random numbers: what noise seems to bring.", "noise": 41.5} | _spans(last_in=55.0),
    ]  # fmt: skip
    notice = [
        {"kind": kind, "weeks": weeks, "profit": 27409.25 + gain, "gain": gain}
        | ({} if low is None else {"gain_low": gain + low, "gain_high": gain - low})
        for kind, weeks, gain, low in (
            ("plans", 0, -1500.5, -400.0), ("plans", 2, -300.25, -200.0), ("plans", 5, 0.0, 0.0),
            ("orders", 0, 0.0, 0.0), ("orders", 2, 4200.5, -900.0), ("orders", 5, 9800.5, None),
            ("decision", 0, 0.0, 0.0), ("decision", 4, -950.75, -300.0))
    ]  # fmt: skip
    limits = [
        {"cutoff": cutoff, "limit": limit, "kind": kind, "lost": lost, "first_in": first, "last_in": last, "unit": unit,
         "price": price, "one_more": more, "another": another}
        for cutoff in (SETTLED[0], SETTLED[8])
        for limit, kind, lost, first, last, unit, price, more, another in (
            ("M1", "machine", 1550.125, 1400.5, 1700.25, "hours", 98.5, 80.25, 1200.75),
            ("flour", "material", 100.0, 90.0, 110.5, "kg", 2.5, 2.25, 90.5),
            ("lead time", "lead", 25.0, None, None, None, None, None, None),
            ("lot sizes", "lot", 0.0, None, 12.5, None, None, None, None))
    ]  # fmt: skip
    trials = (
        "There is no record of trials. It takes customers dealt at random into those who are shown something and those who "
        "are not, and what each then brought: lotwise.gap.experiment compares them."
    )
    unseen = [
        {"measure": "margin not shown", "value": 812.5, "low": 300.25, "high": 1400.0, "unit": "money",
         "verdict": "model's estimate", "note": "Who bought nothing is not in it. An experiment can confirm it."},
        {"measure": "products never shown", "value": 0.125, "unit": "share", "verdict": "counted",
         "note": "1 of 8 products of the catalogue, what was bought counting as shown. All were counted: no interval."},
        {"measure": "experiments", "unit": "money", "verdict": "needs an experiment", "note": trials},
    ]  # fmt: skip
    history = [
        {"run": run, "account": account, "line": line, "money": money, "weeks": weeks, "last": SETTLED[-1], "products": 8}
        for run, weeks, less in ((1, 12, 1000.5), (3, 16, 0.0))
        for account, line, money in (
            ("ideal", "profit without limits, demand known", 41200.0 - less), ("unknown", "not known in time", 1400.25),
            ("unknown", "chance: the irreducible part", 8400.25 - less), ("unmade", "M1", 3350.25),
            ("undone", "floor: short", 640.0), ("undone", "no floor data", None), ("actual", "profit as it was", 27409.25),
            ("known", "placebo", 55.0))
    ]  # fmt: skip
    came = "4 weeks: 2017-12-04 to 2017-12-25."
    changes = [
        {"since": 1, "account": account, "cause": cause, "money": money, "note": note}
        for account, cause, money, note in (
            ("ideal", "weeks that came", 1000.5, f"{came} Behind it: tables: demand, orders changed."),
            ("unknown", "weeks that came", 900.25, f"{came} Behind it: tables: demand, orders changed."),
            ("unknown", "settled anew", 100.25, "Behind it: settings of forecast changed; code of plan changed."))
    ]  # fmt: skip
    made = {
        "source_values": [row | {"order": place} for place, row in enumerate(sources, start=1)], "gap_notice": notice,
        "limit_values": limits, "unseen": unseen, "gap_history": history, "gap_changes": changes,
    }  # fmt: skip
    return {name: _table(name, rows) for name, rows in made.items()}


def _demand(regions):
    rng = np.random.default_rng(7)
    rows = []
    for place, product in enumerate(NAMES):
        level = 420 / (place + 1)
        for region in regions:
            for number, week in enumerate(WEEKS):
                season = 1 + 0.25 * np.sin(2 * np.pi * number / 52 + place)
                units = float(rng.poisson(level * season * (1.7 if (number + place) % 9 == 0 else 1)))
                price = 2.49 + place
                rows.append({
                    "product": product, "region": region, "week": week, "units": units, "revenue": round(units * price, 2),
                    "unit_price": price, "discount": 0.0, "orders": int(units), "customers": int(units * 0.6),
                    "censored": False,
                })  # fmt: skip
    return _table("demand", rows)


def _forecast(regions):
    rng = np.random.default_rng(8)
    forecast, draws = [], []
    for place, product in enumerate(NAMES):
        for region in regions:
            for information in ("none", "now"):
                for cutoff, horizon, week in WINDOWS[information]:
                    units = np.sort(rng.gamma(12, 35 / (place + 1), 50))
                    key = {"information": information, "cutoff": cutoff, "product": product, "region": region, "week": week}
                    quantiles = dict(zip(QUANTILES, np.quantile(units, LEVELS).tolist(), strict=True))
                    forecast.append(key | {"horizon": horizon, "mean": float(units.mean())} | quantiles)
                    draws.append(key | {"units": rng.permutation(units).tolist()})
    return {"forecast": _table("forecast", forecast), "draws": _table("draws", draws)} | _explained(forecast)


def _explained(forecast):
    """Return what stands beside a forecast: totals, methods, features, reasons, options and components."""
    now = [row for row in forecast if row["information"] == "now"]
    ahead = [row for row in now if row["cutoff"] == CUTOFF]
    windows = dict.fromkeys((row["cutoff"], row["week"], row["horizon"]) for row in now)
    levels = {"total": ["all"], "category": ["GROCERY", "DAIRY"]}
    totals = [
        {"level": level, "group": group, "information": "now", "cutoff": cutoff, "week": week, "horizon": horizon,
         "mean": 1150.0}
        | {name: 1150 + 500 * (share - 0.5) for name, share in zip(QUANTILES, LEVELS, strict=True)}
        for level, groups in levels.items() for group in groups for cutoff, week, horizon in windows
    ]  # fmt: skip
    candidates = [
        {"method": method, "meaning": meaning, "chosen": method == "poisson", "money": money, "scrps": scrps, "seconds": 1.0,
            "skipped": skipped}
        for method, meaning, money, scrps, skipped in (
            ("naive", "the last week again", 950.5, 0.42, None),
            ("poisson", "pooled gradient boosting, Poisson", 700.25, 0.26, None),
            ("tweedie", "pooled gradient boosting, Tweedie", 699.75, 0.27, None),
            ("deep", "a made-up network", None, None, "it needs: pip install 'lotwise[deep]'"))
    ]  # fmt: skip
    features = [
        {"source": source, "feature": feature, "meaning": meaning, "missing": 0.0, "used": True, "gain": gain}
        for source, feature, meaning, gain in (
            ("base", "level", "logarithm of the long-run mean of the series", 0.2),
            ("promotions", "mailer planned", "mailer planned for the target week", 0.5),
            ("promotions", "mailer now", "share of sales that saw the mailer in the last known week", 0.0),
            ("customers", "due", "a made-up feature", 0.3))
    ]  # fmt: skip
    parts = (("usual level", 0.9, None), ("promotions", 0.15, "mailer planned"), ("customers", -0.05, "due"))
    reasons = [
        {name: row[name] for name in ("product", "region", "week")} | {
            "source": source, "units": row["mean"] * share, "feature": feature,
            "feature_units": row["mean"] * share if feature else None, "value": 1.0 if feature else None}
        for row in ahead for source, share, feature in parts
    ]  # fmt: skip
    kept = ("information", "cutoff", "product", "region", "week")
    options = [
        {name: row[name] for name in kept} | {
            "option": "size", "value": value, "take_rate": rate, "take_rate_low": rate - 0.05, "take_rate_high": rate + 0.05,
            "mean": row["mean"] * rate} | {name: row[name] * rate for name in QUANTILES}
        for row in ahead if row["product"] == "P1" for value, rate in (("large", 0.7), ("(none)", 0.3))
    ]  # fmt: skip
    components = [
        {"information": "now", "cutoff": CUTOFF, "component": "flour", "week": week, "mean": 90.5}
        | {name: 90 + 40 * (share - 0.5) for name, share in zip(QUANTILES, LEVELS, strict=True)}
        for week in AHEAD
    ]
    made = {
        "forecast_totals": totals, "candidates": candidates, "features": features, "reasons": reasons,
        "option_demand": options, "component_demand": components,
    }  # fmt: skip
    return {name: _table(name, rows) for name, rows in made.items()}


def _planned():
    rng = np.random.default_rng(9)
    key = {"information": "now", "cutoff": CUTOFF}
    plans, cuts = [], []
    for place, product in enumerate(NAMES):
        for week in AHEAD:
            demand, cut = 400.0 / (place + 1), {"product": product, "week": week}
            units, lost = float(round(demand * rng.uniform(0.8, 1.2))), round(rng.uniform(0, 12), 2)
            plans.append(key | cut | {
                "limits": "real", "units": units, "demand": demand, "sold": demand - lost, "lost": lost, "left": 3.5,
                "profit": round(demand * 1.1, 2),
            })  # fmt: skip
            cuts.append(cut | {
                "wanted": units + 20.5, "planned": units, "lost_profit": round(20.5 * (place + 1), 2), "resource": "M1",
                "price": 12.4, "reason": "Bakery line is full: one more hour would earn 12.40.",
            })  # fmt: skip
    settled = {
        "made": 10.0,
        "demand": 11.0,
        "sold": 10.0,
        "lost": 1.0,
        "left": 0.0,
        "revenue": 30.0,
        "cost": 20.0,
        "profit": 10.0,
    }
    past = {"information": "now", "limits": "real", "cutoff": WEEKS[-16]}
    money = [past | settled | {"product": product, "week": week} for product in NAMES for week in WEEKS[-16:]]
    prices = [
        key | {"resource": resource, "week": week, "kind": kind, "used": capacity * load, "capacity": capacity,
               "overtime": max(0.0, capacity * (load - 1)), "price": price if load > 1 else 0.0, "unit": unit}
        for resource, kind, capacity, price, unit in (
            ("M1", "machine", 80.0, 12.4, "hours"), ("M2", "machine", 120.0, 4.25, "hours"),
            ("M3", "machine", 60.0, 0.0, "hours"), ("flour", "material", 900.0, 0.35, "kg"))
        for week, load in zip(AHEAD, (0.92, 1.08, 1.15, 0.71), strict=True)
    ]  # fmt: skip
    prices += [
        key | {"resource": resource, "week": AHEAD[0], "kind": kind, "used": 30.0, "capacity": 40.0, "overtime": 0.0,
               "price": price, "unit": unit, "less": 10.0, "more": 2.5}
        for resource, kind, price, unit in (
            ("P1", "demand", 99.0, "units"), ("milk east", "component", 0.75, "kg"), ("room east", "storage", 1.25, "room"))
    ]  # fmt: skip
    solve = key | {
        "limits": "real",
        "status": "optimal",
        "objective": 5000.0,
        "bound": 5000.0,
        "products": 8,
        "rows": 90,
        "columns": 200,
    }
    return {
        "plans": _table("plans", plans), "cuts": _table("cuts", cuts), "money": _table("money", money),
        "prices": _table("prices", prices),
        "solves": _table("solves", [solve]), "conflicts": TABLES["conflicts"].empty(),
        "purchases": _table("purchases", [
            {"material": "flour", "supplier": "Mill & Sons", "site": "all", "week": AHEAD[0], "arrives": AHEAD[1],
                "units": 1500.0, "cost": 825.5},
            {"material": "milk", "supplier": "", "site": "east", "week": AHEAD[1], "arrives": AHEAD[1], "units": 220.5,
                "cost": 99.25}]),
        "projection": _table("projection", [
            {"item": item, "kind": kind, "week": week, "start": 500.0 - 40 * k, "received": 100.0, "used": 140.0,
                "scrapped": 0.0, "end": 460.0 - 40 * k}
            for item, kind in (("flour", "material"), ("milk", "component"), ("P1", "product"))
            for k, week in enumerate(AHEAD)]),
    } | _released()  # fmt: skip


FULL = "M1 is full in the week of 2018-01-08 (80 hours and 12 of overtime). One more of its hours would earn 12.40."
LIMITED = "No more than 900 kg of flour can be ordered from Mill in the week of 2018-01-01. One more of it would earn 0.35."
OVER = "M2 takes 9.6 hours of overtime in the week of 2018-01-08. One more of its hours would earn 4.25."
MOVED = "P3, started in the week of 2018-01-15: 120 units in the plan before, 90.5 now."
BEYOND = "20.5 hours of overtime on M1 in the week of 2018-01-08, beyond the limit of 12"
EXCEPTIONS = (
    ("cut", "P1", 820.5, FULL, "P1 <- P1/2018-W02/1 <- M1", BEYOND, 410.0, 254.25),
    ("late", "O7/1", 300.25, LIMITED, "order O7/1 <- P2/2018-W02/1 <- purchase flour Mill 2018-01-01",
        "a later due date: the week of 2018-01-15", 15.0, 300.25),
    ("overload", "M2", 90.0, OVER, "M2", "", None, None),
    ("moved", "P3/2018-W03/1", 2.5, MOVED, "P3/2018-W03/1", "", None, None),
)  # fmt: skip
"""Kind, subject, money, reason, chain, remedy, its cost and gain of what needs a look."""


def _released():
    """Return what the current plan releases, how full machines are, what is late and what needs a look."""
    lots = [
        {"lot": f"{product}/2018-W0{k + 1}/1", "item": product, "site": "all", "route": "M1 or M2 > M3", "week": week,
         "ready": week, "started": 104.0, "units": 100.5, "family": "", "status": status, "previous": before}
        for product in ("P1", "P2", "P3") for (k, week), status, before in zip(
            enumerate(AHEAD), ("approved", "frozen", "proposed", "proposed"), (100.5, 90.0, None, 0.0), strict=True)
    ]  # fmt: skip
    shipments = [
        {"item": "P1", "origin": "east", "target": target, "week": AHEAD[0], "arrives": AHEAD[1], "units": 30.0, "cost": 4.5}
        for target in ("west", "customers")
    ]
    loads = [
        {"machine": machine, "week": week, "hours": hours, "shifts": 8.0 if machine == "M2" else 0.0,
         "run": hours * load, "setup": 2.25, "overtime": max(0.0, hours * load + 2.25 - hours),
         "most_overtime": 0.25 * hours, "without_limits": hours * load * 1.5}
        for machine, hours in (("M1", 80.0), ("M2", 120.0), ("M3", 0.0))
        for week, load in zip(AHEAD, (0.92, 1.08, 1.15, 0.71), strict=True)
    ]  # fmt: skip
    deliveries = [
        {"order": f"O{place}", "line": 1, "product": "P2", "units": 12.0, "due": AHEAD[0], "week": week, "late_weeks": late,
         "late_units": float(4 * late), "money": 75.25 * late, "reason": FULL if late else ""}
        for place, (week, late) in enumerate(((AHEAD[0], 0), (AHEAD[2], 2), (None, 4), (AHEAD[0], 0)), start=5)
    ]  # fmt: skip
    names = ("kind", "subject", "money", "reason", "chain", "remedy", "remedy_cost", "gain")
    exceptions = [
        {"rank": rank, "week": AHEAD[1]} | dict(zip(names, row, strict=True)) for rank, row in enumerate(EXCEPTIONS, start=1)
    ]
    made = {"lots": lots, "shipments": shipments, "loads": loads, "deliveries": deliveries, "exceptions": exceptions}
    sites = [{"site": site, "name": "", "room": 40.0} for site in ("east", "west")]
    return {name: _table(name, rows) for name, rows in (made | {"sites": sites}).items()}


def _offers():
    rng = np.random.default_rng(10)
    rows = []
    for customer in range(30):
        for rank, product in enumerate(list(NAMES)[:5], start=1):
            chance, margin = float(rng.uniform(0.02, 0.6)), float(rng.uniform(0.4, 3))
            rows.append({
                "customer": f"c{customer:02d}{'9f3ab27d' * 3}", "rank": rank, "product": product, "probability": chance,
                "margin": margin,
                "capacity_cost": 0.12, "contribution": chance * (margin - 0.12), "promise_week": AHEAD[0],
                "plain_rank": 6 - rank,
                "why": "Bought 4 times, last 12 days ago; the bakery line has room.",
            })  # fmt: skip
    scores = [
        {"model": model, "mode": mode, "customers": 1801, "ndcg10": value, "recall20": value * 1.1, "coverage10": 0.31,
            "standard_error": 0.0041}
        for mode in ("repeat", "new") for model, value in (("blend", 0.412), ("buy-again", 0.377), ("popularity", 0.121))
    ]  # fmt: skip
    return {"offers": _table("offers", rows), "recommender_scores": _table("recommender_scores", scores)}


def _scores():
    models = (
        ("pooled", "now", 12.4, 0.262),
        ("pooled", "method", 15.1, 0.301),
        ("mean", "none", 19.3, 0.344),
        ("naive", "none", 25.0, 0.42),
    )
    return _table("scores", [
        {"model": model, "information": information, "cutoff": cutoff, "cells": 2400, "rmse": rmse, "mae": rmse * 0.45,
            "r2_within": 0.31,
         "rmsse": rmse / 21, "mase": rmse / 19, "scrps": scrps, "coverage50": 0.487, "coverage90": 0.893, "bias": -0.012}
        for model, information, rmse, scrps in models for cutoff in ("all", "2017-12-04")
    ])  # fmt: skip


def _quality():
    file = {"source_file": "data/orders.csv"}
    rejects = [
        {
            "table": "orders",
            **file,
            "source_row": row,
            "column": "unit_price",
            "value": "-3.00",
            "reason": "below 0",
            "effect": "rejected",
        }
        for row in (17, 240, 3011)
    ]
    rejects.append(
        {
            "table": "orders",
            **file,
            "source_row": 90,
            "column": "",
            "value": None,
            "reason": "same key as row 89",
            "effect": "duplicate",
        }
    )
    return {
        "rejects": _table("rejects", rejects),
        "quality": _table("quality", [
            {"table": "orders", "check": check, "rows": rows, "share": rows / 5000, "note": None}
            for check, rows in (("rows read", 5000), ("rows kept", 4996), ("rows rejected", 3), ("duplicates removed", 1))]),
        "findings": _table("findings", [{"table": "customers", "column": "customer", "kind": "customer", "rows": 1801,
        "action": "pseudonym"}]),
        "sources": _table("sources", [{"table": "orders", "source_file": "data/orders.csv", "format": "csv", "rows": 5000,
        "filtered": 12,
                                       "unused": "till", "sha256": "ab" * 32}]),
    }  # fmt: skip


def make(regions=("all",)):
    """Return every table the report reads, by name."""
    products = [{"product": code, "name": name, "category": "GROCERY"} for code, name in NAMES.items()]
    promotions = [
        {"product": product, "region": region, "week": week, "display": 0.4, "mailer": 0.8, "front": 0.0, "discount": None}
        for place, product in enumerate(NAMES) for region in regions
        for number, week in enumerate([*WEEKS, *AHEAD]) if (number + place) % 9 == 0
    ]  # fmt: skip
    sweep = [
        {"critical_ratio": ratio, "gap_none": 11000.0 + 9000 * ratio, "gap_now": 9000.0 + 4000 * ratio,
            "closed": 0.1 + 0.25 * ratio,
         "low": 0.04 + 0.2 * ratio, "high": 0.18 + 0.3 * ratio}
        for ratio in (0.3, 0.5, 0.7, 0.9)
    ]  # fmt: skip
    assumptions = [
        {"subject": "cost", "item": "GROCERY", "value": "72 % of the price", "basis": "assumed", "note": "unit cost"},
        {"subject": "price", "item": "all products", "value": "mean price paid", "basis": "observed", "note": None},
        {"subject": "hours", "item": "Bakery line", "value": "80 a week", "basis": "given", "note": None},
    ]
    runs = [
        {"run": 1, "stage": stage, "started": datetime(2017, 12, 31, 8, place),  # noqa: DTZ001  runs are in UTC without saying so
         "seconds": 1.5 * place, "peak_mb": 812.0,
            "rows": 1000 * place,
         "seed": 20261121, "settings": "0" * 64, "inputs": "1" * 64, "code": "2" * 64, "gave": "demand 0123456789ab"}
        for place, stage in enumerate(("collect", "guard", "pool", "forecast", "plan", "gap", "recommend"))
    ]  # fmt: skip
    return {
        "gap": _gap(), "demand": _demand(regions), "scores": _scores(),
        "products": _table("products", products),
        "machines": _table("machines", [{"machine": code, "name": name, "hours": 80.0} for code, name in MACHINES.items()]),
        "materials": _table("materials", [{"material": code, "name": name, "unit": "kg", "unit_cost": 0.55} for code,
        name in MATERIALS.items()]),
        "promotions": _table("promotions", promotions),
        "calendar": _table("calendar", [{"day": WEEKS[-1] + timedelta(days=2), "region": "all", "name": "Fair <day>"}]),
        "gap_sweep": _table("gap_sweep", sweep),
        "assumptions": _table("assumptions", assumptions),
        "runs": _table("runs", runs),
    } | _cells(regions) | _beside() | _forecast(regions) | _planned() | _offers() | _quality() | _floor()  # fmt: skip


def _floor():
    """Return a schedule, tours that bring what it makes, and what mining found."""
    return made_schedule() | made_tours() | made_mined()


@pytest.fixture(scope="session")
def made_up():
    """Every table the report reads, in one region."""
    return make()


@pytest.fixture(scope="session")
def two_regions():
    """The same tables with demand and forecasts in two regions."""
    return make(("north", "south"))


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Settings of a made-up brand."""
    return build({"project": {"name": "Meadow & Oven"}, "report": {"products": 6, "customers": 5}})
