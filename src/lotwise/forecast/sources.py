"""Sources of information: which tables each consists of, and the features they give."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from lotwise.config import Source
from lotwise.errors import ContractError, SettingsError, breaches, did_you_mean
from lotwise.forecast.features import (
    attributes,
    calendar,
    campaigns,
    competitors,
    customers,
    events,
    feasts,
    floor,
    history,
    overrides,
    prices,
    promotions,
    reviews,
    signals,
    sound,
    weather,
)
from lotwise.forecast.features.meanings import meaning
from lotwise.tables.forecasted import BASE, JOINED

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    import numpy.typing as npt
    import pyarrow as pa

    from lotwise.forecast.panel import Array, Facts

    Family = Callable[[Facts, Source], dict[str, Array]]

FAMILIES: dict[str, Family] = {
    "demand": history.weekly,
    "promotions": promotions.features,
    "demand.unit_price": prices.features,
    "orders": customers.features,
    "products": attributes.features,
    "campaigns": campaigns.features,
    "calendar": calendar.features,
    "weather": weather.features,
    "events": events.features,
    "events.rating": reviews.features,
    "competitors": competitors.features,
    "work": floor.features,
    "signals": signals.features,
    "overrides": overrides.features,
}
"""The features each table gives, in the order in which sources are declared by default."""

MEANINGS: dict[str, Mapping[str, str]] = {
    "demand": history.MEANINGS,
    "promotions": promotions.MEANINGS,
    "demand.unit_price": prices.MEANINGS,
    "orders": customers.MEANINGS,
    "products": attributes.MEANINGS,
    "campaigns": campaigns.MEANINGS,
    "calendar": calendar.MEANINGS,
    "weather": weather.MEANINGS,
    "events": events.MEANINGS,
    "events.rating": reviews.MEANINGS,
    "competitors": competitors.MEANINGS,
    "work": floor.MEANINGS,
    "signals": signals.MEANINGS,
    "overrides": overrides.MEANINGS,
}
"""What the features of each table mean, by pattern of their names."""

ALWAYS = {
    "weeks ahead": "weeks from the last known week to the target week",
    "level": "logarithm of the long-run mean of the series",
    "spread over level": "standard deviation of the series so far, over its level",
}
"""What the features mean that every model has."""

NOISE = {"noise {n}": "random numbers, to see what a source that says nothing seems to be worth"}

SAME = {
    "demand.units": "demand",
    "customers": "orders",
    "demand.discount": "demand.unit_price",
    "reviews": "events.rating",
    "events.review": "events.rating",
}
"""Other names a source's tables may be given by."""

NAMES = {
    "demand": "history",
    "demand.unit_price": "prices",
    "orders": "customers",
    "products": "attributes",
    "work": "floor",
}
TOGETHER = {"events": ["events", "events.rating"]}
"""Tables that are one source where none is declared."""

PLANNED = ("promotions", "campaigns", "calendar", "overrides")
"""Tables that speak of weeks to come."""

REALIZED = ("demand", "demand.unit_price", "orders", "events", "events.rating", "work")
"""Tables that say what happened, and so can be no plan."""

NEEDS = {
    "promotions": ("product", "week", "mailer", "display"),
    "orders": ("time", "customer", "product", "units"),
    "products": ("product", "category"),
    "campaigns": ("product", "start", "end"),
    "calendar": ("day", "region"),
    "weather": ("day", "region"),
    "events": ("time", "product", "kind"),
    "competitors": ("product", "week", "price"),
    "work": ("item", "week", "planned", "made"),
    "signals": ("signal", "product", "region", "week", "value"),
    "overrides": ("product", "region", "week", "kind", "value", "made"),
}
"""Columns each table must have; those of its contract it may have besides."""

RESERVED = ("none", "method", "now", "placebo", "perfect", "executed", "recent", "mean", "foresight", "fenced", BASE)


def declared(sources: Sequence[Source], present: Collection[str]) -> list[Source]:
    """Return the sources as declared, or one for each table that exists where none is declared.

    Parameters
    ----------
    sources
        ``[[source]]`` of ``lotwise.toml``.
    present
        Names of the tables that exist.

    Raises
    ------
    SettingsError
        A source names a table that gives no feature or does not exist, or declares as a plan what only happens; two
        sources share a name or a table (its worth would be counted twice); a name is one of ours or holds what joins
        names; a country is not known; every breach is listed.
    """
    if not sources:
        joined = {table for tables in TOGETHER.values() for table in tables[1:]}
        return [
            Source(
                name=NAMES.get(table, table),
                tables=TOGETHER.get(table, [table]),
                known="plan" if table in PLANNED else "past",
            )
            for table in FAMILIES
            if table.partition(".")[0] in present and table not in joined
        ]
    found = list(_breaches(sources, present))
    if found:
        raise SettingsError(breaches("The [[source]] sections break their contract", found))
    return list(sources)


def check(tables: Mapping[str, pa.Table]) -> None:
    """Raise if a table lacks a column that features are read from.

    Raises
    ------
    ContractError
        Every missing column of every table, with the closest name it has.
    """
    found = [
        f"table '{name}' has no column '{column}'{did_you_mean(column, table.column_names)}"
        for name, table in tables.items()
        for column in NEEDS.get(name, ())
        if column not in table.column_names
    ]
    if found:
        raise ContractError(breaches("The tables given break their contracts", found))


def families(source: Source) -> list[str]:
    """Return the tables of a source under their first names, each once."""
    return list(dict.fromkeys(SAME.get(table, table) for table in source.tables))


def features(facts: Facts, source: Source) -> dict[str, Array]:
    """Return the features of one source, each broadcasting to ``(n_series, n_weeks, horizon)``.

    A table that is late, or holds rows nobody can know yet, is taken as far as it is known; one that says nothing, or
    the same everywhere, gives no feature. Either is told through ``facts.note``.
    """
    found: dict[str, Array] = {}
    for table in dict.fromkeys(family.partition(".")[0] for family in families(source)):
        if table in facts.tables:
            sound.check_times(facts, source, table)
    given = False
    for family in families(source):
        told = _family(family)(facts, source)
        given |= bool(told) or family == "overrides" or family.startswith("signals")
        told = sound.sound(facts, _called(source, family), told)
        found |= {f"{source.name}: {name}": values for name, values in told.items()}
    if not given:
        facts.note(f"{source.name}: {' and '.join(source.tables)} say nothing of what is forecast; left out")
    return found


def overriding(sources: Sequence[Source]) -> str | None:
    """Return the name of the source that is the planners' overrides, or None where there is none."""
    return next((source.name for source in sources if "overrides" in families(source)), None)


def check_twins(facts: Facts, columns: Mapping[str, Mapping[str, npt.NDArray[np.floating]]]) -> None:
    """Tell the user of sources of which one says nothing that the other does not.

    Parameters
    ----------
    facts
        Told through its ``note``.
    columns
        Features by source name, then by feature name.
    """
    for one, other in sound.twins(columns):
        facts.note(
            f"sources '{one}' and '{other}' say the same: their worth is split between them; "
            "leave one out, or name both tables in one source"
        )


def listed(
    columns: Mapping[str, Mapping[str, npt.NDArray[np.floating]]], sources: Sequence[Source]
) -> list[dict[str, str | float]]:
    """Return source, feature, meaning and the share of missing values of every feature, as in the table ``features``.

    Parameters
    ----------
    columns
        Features by source name (``""`` for those every model has), then by feature name, as a design has them.
    sources
        Sources, as declared.
    """
    known = {source.name: source for source in sources}
    return [
        {
            "source": name or BASE,
            "feature": feature.removeprefix(f"{name}: "),
            "meaning": means(known.get(name), feature),
            "missing": round(float(np.isnan(values).mean()), 6),
        }
        for name, told in columns.items()
        for feature, values in told.items()
    ]


def means(source: Source | None, feature: str) -> str:
    """Return what a feature means, in a sentence; empty where nothing is known of it.

    Parameters
    ----------
    source
        Its source; None for a feature every model has, or of the placebo.
    feature
        Its name, with or without the name of its source.
    """
    if source is None:
        return meaning(feature, {**ALWAYS, **NOISE}) or ""
    bare = feature.removeprefix(f"{source.name}: ")
    found = (meaning(bare, MEANINGS[family.partition(".")[0] if _signal(family) else family]) for family in families(source))
    return next((one for one in found if one), "")


def _called(source: Source, family: str) -> str:
    return source.name if len(families(source)) == 1 else f"{source.name}: table '{family}'"


def _signal(family: str) -> bool:
    return family.startswith(signals.PREFIX)


def _family(family: str) -> Family:
    if not _signal(family):
        return FAMILIES[family]
    return partial(signals.features, name=family.removeprefix(signals.PREFIX))


def _breaches(sources: Sequence[Source], present: Collection[str]) -> Iterator[str]:
    names: set[str] = set()
    for source in sources:
        if source.name in names:
            yield f"source '{source.name}' is declared twice; give each source its own name"
        if source.name in RESERVED or not source.name:
            yield f"source '{source.name}' has a name lotwise uses itself; choose another"
        if JOINED in source.name:
            yield f"source '{source.name}' has '{JOINED}' in its name, which stands between names; use another sign"
        names.add(source.name)
        if not source.tables:
            yield f"source '{source.name}' has no tables; name at least one of {', '.join(FAMILIES)}"
        yield from _table_breaches(source, present)
        yield from _country_breaches(source)
    yield from _shared(sources)


def _table_breaches(source: Source, present: Collection[str]) -> Iterator[str]:
    for table in source.tables:
        family = SAME.get(table, table)
        if family not in FAMILIES and not _signal(family):
            hint = did_you_mean(table, [*FAMILIES, *SAME])
            yield f"source '{source.name}' has the table '{table}', which tells the forecaster nothing{hint}"
        elif family != "calendar" and family.partition(".")[0] not in present:
            yield (
                f"source '{source.name}' needs the table '{family.partition('.')[0]}', which does not exist; "
                "map it in a [[collect]] section or leave the source out"
            )
        elif family in REALIZED and source.known == "plan":
            yield (
                f"source '{source.name}' is declared known = \"plan\", but '{table}' says what happened, which nobody knows "
                'of the target week; declare known = "past", and give what was planned as promotions, campaigns or signals'
            )


def _country_breaches(source: Source) -> Iterator[str]:
    if not source.country:
        return
    if "calendar" not in families(source):
        yield f"source '{source.name}' has a country, which only the table 'calendar' reads; add it to its tables"
    refused = feasts.refusal(source.country)
    if refused:
        yield f"source '{source.name}': {refused}"


def _shared(sources: Sequence[Source]) -> Iterator[str]:
    """Yield the tables that stand in two sources; all signals hold each of them."""
    taken: dict[str, str] = {}
    for source in sources:
        for table in source.tables:
            family = SAME.get(table, table)
            clashing = [family, "signals"] if _signal(family) else [family]
            if family == "signals":
                clashing += [other for other in taken if _signal(other)]
            other = next((taken[one] for one in clashing if taken.get(one, source.name) != source.name), None)
            if other:
                yield f"sources '{other}' and '{source.name}' both hold '{table}': its worth would be counted twice"
            taken.setdefault(family, source.name)
