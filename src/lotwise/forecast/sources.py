"""Sources of information: which tables each consists of, and the features they give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lotwise.config import Source
from lotwise.errors import ContractError, SettingsError, breaches, did_you_mean
from lotwise.forecast.features import (
    attributes,
    calendar,
    campaigns,
    competitors,
    customers,
    events,
    history,
    prices,
    promotions,
    weather,
)
from lotwise.tables.forecasted import JOINED

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    import pyarrow as pa

    from lotwise.forecast.panel import Array, Facts

    Family = Callable[[Facts, Source], dict[str, Array]]

FAMILIES: dict[str, Family] = {
    "demand": history.features,
    "promotions": promotions.features,
    "demand.unit_price": prices.features,
    "orders": customers.features,
    "products": attributes.features,
    "campaigns": campaigns.features,
    "calendar": calendar.features,
    "weather": weather.features,
    "events": events.features,
    "competitors": competitors.features,
}
"""The features each table gives, in the order in which sources are declared by default."""

SAME = {"demand.units": "demand", "customers": "orders", "demand.discount": "demand.unit_price"}
"""Other names a source's tables may be given by."""

NAMES = {
    "demand": "history",
    "demand.unit_price": "prices",
    "orders": "customers",
    "products": "attributes",
}
PLANNED = ("promotions", "campaigns", "calendar")
"""Tables that speak of weeks to come."""

NEEDS = {
    "promotions": ("product", "week", "mailer", "display"),
    "orders": ("time", "customer", "product", "units"),
    "products": ("product", "category"),
    "campaigns": ("product", "start", "end"),
    "calendar": ("day", "region"),
    "weather": ("day", "region"),
    "events": ("time", "product", "kind"),
    "competitors": ("product", "week", "price"),
}
"""Columns each table must have; those of its contract it may have besides."""

RESERVED = ("none", "method", "now", "placebo", "perfect", "executed")


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
        A source names a table that gives no feature or does not exist, two sources share a name or a
        table (its worth would be counted twice), or a name is one of ours or holds what joins names; every breach
        is listed.
    """
    if not sources:
        return [
            Source(name=NAMES.get(table, table), tables=[table], known="plan" if table in PLANNED else "past")
            for table in FAMILIES
            if table.partition(".")[0] in present
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
    """Return the features of one source, each broadcasting to ``(n_series, n_weeks, horizon)``."""
    return {
        f"{source.name}: {name}": values
        for family in families(source)
        for name, values in FAMILIES[family](facts, source).items()
    }


def _breaches(sources: Sequence[Source], present: Collection[str]) -> list[str]:
    found = []
    taken: dict[str, str] = {}
    names: set[str] = set()
    for source in sources:
        if source.name in names:
            found.append(f"source '{source.name}' is declared twice; give each source its own name")
        if source.name in RESERVED or not source.name:
            found.append(f"source '{source.name}' has a name lotwise uses itself; choose another")
        if JOINED in source.name:
            found.append(f"source '{source.name}' has '{JOINED}' in its name, which stands between names; use another sign")
        names.add(source.name)
        if not source.tables:
            found.append(f"source '{source.name}' has no tables; name at least one of {', '.join(FAMILIES)}")
        for table in source.tables:
            family = SAME.get(table, table)
            if family not in FAMILIES:
                hint = did_you_mean(table, [*FAMILIES, *SAME])
                found.append(f"source '{source.name}' has the table '{table}', which tells the forecaster nothing{hint}")
            elif family != "calendar" and family.partition(".")[0] not in present:
                found.append(
                    f"source '{source.name}' needs the table '{family}', which does not exist; "
                    "map it in a [[collect]] section or leave the source out"
                )
            elif taken.get(family, source.name) != source.name:
                found.append(
                    f"sources '{taken[family]}' and '{source.name}' both hold '{table}': its worth would be counted twice"
                )
            taken.setdefault(family, source.name)
    return found
