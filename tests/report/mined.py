"""Made-up tables of mining: two segments, a few rules, choices, texts, changes, rivals and drivers."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa

from lotwise.tables import TABLES

MONDAY = date(2017, 10, 2)
CUSTOMERS = {"c1": ("S1", 9, 900.0), "c2": ("S1", 5, 500.5), "c3": ("S2", 1, 20.0), "c4": ("S2", 2, 79.5)}
"""Segment, orders and revenue of each customer: S1 has half of them and 1,400.50 of 1,500."""
SEGMENTS = {"S1": "large orders, many categories", "S2": "long ago, much dairy"}
CATEGORY = "category GROCERY"


def _table(name, rows):
    return TABLES[name].check(pa.Table.from_pylist(rows, schema=TABLES[name].schema))


def made_mined():
    """Return every table of mining that the report reads, by name."""
    found = _who() | _ahead() | _rules() | _choices() | _texts() | _changes() | _market()
    parts = ("segments", "rules", "profiles", "propensity", "preferences", "opinions", "trends", "drivers", "market")
    notes = [{"part": part, "scope": "all", "ended": "whole", "rows": 4, "evidence": 40} for part in parts]
    return {name: _table(name, rows) for name, rows in (found | {"mining": notes}).items()}


def _who():
    members = [
        {"customer": customer, "segment": segment, "name": SEGMENTS[segment], "certainty": 0.9, "recency_days": 12.0,
         "orders": orders, "revenue": revenue, "rfm": "5-4-4"}
        for customer, (segment, orders, revenue) in CUSTOMERS.items()
    ]  # fmt: skip
    features = [
        {"segment": segment, "name": SEGMENTS[segment], "customers": 2, "feature": feature, "mean": mean, "overall": overall,
         "difference": difference}
        for segment, feature, mean, overall, difference in (
            ("S1", "revenue", 700.25, 375.0, 1.4), ("S1", "revenue an order", 99.5, 60.25, 1.2),
            ("S1", "different categories", 8.5, 5.0, 1.1), ("S1", "share of dairy", 0.2, 0.225, -0.1),
            ("S2", "days since the last order", 60.0, 40.0, 0.9), ("S2", "share of dairy", 0.25, 0.225, 0.8),
            ("S2", "orders", 1.5, 4.25, -0.7))
    ]  # fmt: skip
    trials = [
        {
            "method": method,
            "segments": 2,
            "silhouette": 0.31,
            "stability": stability,
            "smallest": 0.5,
            "chosen": stability > 0.8,
        }
        for method, stability in (("k-means", 0.91), ("rfm", 0.7))
    ]
    moves = [
        {"before": before, "after": after, "customers": customers, "share": share}
        for before, after, customers, share in (("S1", "S1", 2, 0.667), ("S1", "S2", 1, 0.333), ("new", "S2", 1, 1.0))
    ]
    return {"segments": members, "segment_features": features, "segment_trials": trials, "migrations": moves}


def _ahead():
    """Return what is expected of customers, the third of them without a margin, and how well it is foreseen."""
    units = {"expected orders": "orders in 13 weeks", "chance of having left": "share"}
    profiles = [
        {"customer": customer, "feature": feature, "value": value, "low": 0.5 * value, "high": 1.5 * value,
         "unit": units.get(feature, "money in 13 weeks"), "evidence": "model of 4 customers"}
        for customer, margin in (("c1", 90.5), ("c2", 40.25), ("c3", None))
        for feature, value in (("expected orders", 4.5), ("expected revenue", 3 * (margin or 2.0)), ("expected margin", margin),
                               ("chance of having left", 0.125))
        if value is not None
    ]  # fmt: skip
    scores = [
        {"target": target, "model": model, "customers": 4, "log_loss": loss, "brier": 0.1, "auc": auc,
         "calibration_error": 0.021, "from_day": MONDAY, "to_day": MONDAY + timedelta(days=27), "chosen": model != "base rate"}
        for target in ("buys GROCERY", "leaves") for model, loss, auc in (("base rate", 0.65, 0.5), ("blend", 0.41, 0.83))
    ]  # fmt: skip
    chances = [
        {"customer": customer, "target": target, "probability": 0.4, "base": base}
        for target, base in (("buys GROCERY", 0.375), ("leaves", 0.1))
        for customer in CUSTOMERS
    ]
    return {"profiles": profiles, "propensity_scores": scores, "propensities": chances}


def _rules():
    kinds = (
        ("together", None, ["P1"], ["P2"], "usable", 700.5), ("together", None, ["P2"], ["P1"], "usable", 650.25),
        ("next", None, ["P3"], ["P1"], "usable", 90.5), ("option", "P1", ["size=large"], ["lid=screw"], "usable", 40.5),
        ("together", None, ["P4"], ["P1"], "may be chance", 30.5),
        ("option", None, ["product=P2"], ["size=large"], "usable", 5.5),
    )  # fmt: skip
    rules = [
        {"rule": f"R{place}", "kind": kind, "level": "option" if kind == "option" else "product", "scope": "all",
         "product": product, "antecedent": first, "consequent": second, "count": 40 + place, "total": 400, "support": 0.1,
         "confidence": 0.325, "lift": 1.75, "leverage": 0.01, "conviction": 1.2, "chi_square": 44.0, "p_value": 1e-6,
         "margin": margin, "days": 8.0 if kind == "next" else None, "verdict": verdict}
        for place, (kind, product, first, second, verdict, margin) in enumerate(kinds, start=1)
    ]  # fmt: skip
    return {"rules": rules}


def _choices():
    models = [
        {"choice": choice, "model": model, "choices": 800, "alternatives": 3, "parameters": 5, "log_likelihood": -700.0,
         "null_log_likelihood": -900.0, "bic": 1430.0, "held_out": held_out, "chosen": model == "logit",
         "note": "discount goes with the price and is counted in it" if model == "logit" else None}
        for choice, model, held_out in ((CATEGORY, "shares", -1.25), (CATEGORY, "logit", -0.5), ("P1 size", "logit", -0.75))
    ]  # fmt: skip
    values = (
        (CATEGORY, "product", "P1", 0.0, None, None), (CATEGORY, "product", "P2", 0.75, 1.5, (0.5, 2.5)),
        (CATEGORY, "product", "other", 2.5, 5.0, (4.0, 6.0)), (CATEGORY, "mailer", "1 more", 0.5, 1.0, (-0.25, 2.25)),
        (CATEGORY, "price", "1 more", -0.5, None, None), ("P1 size", "size", "small", 0.0, None, None),
        ("P1 size", "size", "large", 0.25, 0.5, (0.25, 0.75)),
    )  # fmt: skip
    worths = [
        {"choice": choice, "segment": "all", "segment_share": 1.0, "attribute": attribute, "value": value, "part_worth": worth,
         "standard_error": 0.125 if worth else None, "p_value": 0.01 if worth else None, "willingness": money,
         "willingness_low": ends[0] if ends else None, "willingness_high": ends[1] if ends else None}
        for choice, attribute, value, worth, money, ends in values
    ]  # fmt: skip
    diverted = (("P1", "P1", 0.0, -1.5), ("P1", "P2", 0.625, 0.3), ("P1", "other", 0.375, 0.1), ("P2", "P2", 0.0, -2.25),
                ("P2", "P1", 0.25, 0.2), ("P2", "other", 0.75, 0.4), ("other", "P1", 1.0, None))  # fmt: skip
    instead = [
        {"choice": CATEGORY, "alternative": product, "instead": other, "diverted": share, "elasticity": elasticity}
        for product, other, share, elasticity in diverted
    ]
    lines = [
        {"choice": choice, "alternative": value, "kept": kept, "share_now": share, "share_then": share if kept else 0.0,
         "margin": 0.5, "earned_now": 40.0, "earned_then": then, "outside": 0.3, "steady": 0.75}
        for choice, value, kept, share, then in ((CATEGORY, "P1", True, 0.3, 42.0), (CATEGORY, "P2", False, 0.4, 42.0),
                                                 ("P1 size", "small", True, 0.4, 40.0), ("P1 size", "large", True, 0.3, 40.0))
    ]  # fmt: skip
    return {"choice_models": models, "preferences": worths, "substitutions": instead, "product_lines": lines}


def _texts():
    readings = [
        {"event": f"E{place}", "kind": kind, "product": "P1", "week": MONDAY, "language": "en", "sentiment": -0.5,
         "certainty": 0.9, "basis": "model", "aspects": ["-fit"], "intent": intent, "intent_certainty": 0.8}
        for place, (kind, intent) in enumerate((("review", None), ("chat", "order"), ("chat", "order"), ("chat", "complaint")))
    ]  # fmt: skip
    opinions = [
        {"product": product, "aspect": aspect, "texts": positive + negative, "positive": positive, "negative": negative,
         "sentiment": (positive - negative) / (positive + negative), "low": -0.75, "high": 0.5, "example": "<b>too short</b>"}
        for product, aspect, positive, negative in (("P1", "fit", 3, 5), ("P2", "fit", 4, 1), ("all", "delivery", 6, 2))
    ]  # fmt: skip
    basis = (
        "margin of a year of its 12 buyers, 900, x 25.0% of the texts x 12.0% fewer orders after unhappy texts (30 writers) "
        "than after happy ones (90); a comparison, not a trial, and amounts of several changes overlap"
    )
    requests = [
        {"product": product, "change": change, "aspect": "fit", "texts": texts, "share": 0.25, "at_stake": money,
         "at_stake_low": 0.0, "at_stake_high": 2 * money, "basis": basis, "example": "太短"}
        for product, change, texts, money in (("P2", "sleeves: longer", 5, 120.5), ("all", "delivery: faster", 9, 900.25))
    ]  # fmt: skip
    topics = [
        {"topic": topic, "week": MONDAY + timedelta(days=7 * week), "language": language, "words": words, "texts": texts,
         "share": 0.5}
        for topic, language, words, texts in (("T1", "en", "short, sleeves", 4), ("T2", "zh", "包装, 快", 5)) for week in (0, 1)
    ]  # fmt: skip
    scores = [
        {"task": "sentiment", "language": "en", "model": "word lists", "texts": 40, "accuracy": 0.9, "macro_f1": 0.875,
         "basis": "stars"}
    ]  # fmt: skip
    return {"readings": readings, "opinions": opinions, "requests": requests, "topics": topics, "text_scores": scores}


def _changes():
    trends = [
        {"kind": kind, "series": series, "start": MONDAY, "end": MONDAY + timedelta(days=70), "change": change,
         "before": before, "after": after, "relative": after / before - 1, "low": low, "high": high, "p_value": 0.01,
         "money": money, "unit": unit, "source": source}
        for kind, series, change, before, after, low, high, money, unit, source in (
            ("product", "P1", "step up", 100.0, 150.0, 0.25, 0.75, 124.5, "units", "orders.units"),
            ("all", "all", "falling", 800.0, 600.0, -0.375, -0.125, -498.0, "units", "orders.units"),
            ("category", "GROCERY", "rising", 10.0, 90.0, 4.0, 20.0, 80.5, "units", "orders.units"),
            ("option", "P1 size: large", "step down", 0.5, 0.25, None, None, None, "share of lines", "order_options.value"),
            ("competitor", "Rival: P2", "step up", 2.0, 2.5, 0.125, 0.375, None, "money", "competitors.price"))
    ]  # fmt: skip
    drivers = [
        {"target": target, "feature": feature, "rank": rank, "share": 0.5 / rank, "effect": 0.1, "direction": "more",
         "permutation": lost, "permutation_low": lost - 0.25, "permutation_high": lost + 0.25, "words": words}
        for target, rank, feature, lost, words in (
            ("units", 1, "planned discount", 0.75, "30 % more at 0.3 and above than at 0 and below"),
            ("units", 2, "month", 0.125, "Feb: 5 % more; Jun: 5 % less"),
            ("units", 3, "category", 0.5, "GROCERY: 8 % more; P1: 2 % less"),
            ("returns", 1, "price", 0.125, "0.4 points more at 9 and above than at 2 and below"))
    ]  # fmt: skip
    models = [
        {"target": "returns", "rows": 900, "unit": "share of lines that come back", "explained": 0.01,
         "linear": 0.0, "mean": 0.1},
        {"target": "units", "rows": 800, "unit": "units a week against the product's usual ones", "explained": 0.25,
         "linear": 0.125, "mean": 0.0},
    ]  # fmt: skip
    return {"trends": trends, "drivers": drivers, "driver_models": models}


def _market():
    rivals = [
        {"product": product, "rival": rival, "kind": kind, "price": 3.5, "rival_price": 3.5 / index, "index": index,
         "change": 0.05, "moves_with": 0.25, "weeks": 40}
        for product, rival, kind, index in (("P1", "Rival", "competitor", 1.25), ("P2", "Rival", "competitor", 0.875),
                                            ("P5", "Other <shop>", "competitor", 1.0), ("P1", "P2", "own", 2.0))
    ]  # fmt: skip
    shares = [
        {"category": "GROCERY", "kind": "product", "name": name, "segment": segment, "units": 10.0, "revenue": revenue,
         "share": share, "index": share / usual}
        for name, usual, of in (("P1", 0.5, {"all": (200.0, 0.5), "S1": (150.0, 0.75), "S2": (50.0, 0.25)}),
                                ("P2", 0.5, {"all": (200.0, 0.5), "S1": (50.0, 0.25), "S2": (150.0, 0.75)}))
        for segment, (revenue, share) in of.items()
    ]  # fmt: skip
    return {"market": rivals, "market_shares": shares}
