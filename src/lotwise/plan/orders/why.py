"""Why an order is late, or a product, lot, material or machine is planned as it is: answers from published tables alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import LotwiseError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

READS = (
    *("deliveries", "pegging", "lots", "loads", "prices", "purchases", "cuts", "exceptions", "projection", "shipments"),
    *("plans", "uses", "conflicts"),
)
"""Tables that are read where they exist."""
SHOWN, DEEP = 5, 8
"""Rows of one kind, and steps of a chain, that are shown."""
CENT, LEAST = 0.005, 1e-3
"""A price below the first is nothing, and so is a change of a lot below the second."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Why:
    """An answer.

    Parameters
    ----------
    subject, kind
        What was asked about, and what it is: ``order``, ``product``, ``lot``, ``machine`` or ``material`` (bought or made).
    lines
        Plain sentences, the most important first; what a line rests on follows it, two spaces further in.
    """

    subject: str
    kind: str
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(self.lines)


def why(tables: Mapping[str, pa.Table], subject: str) -> Why:
    """Return why something is planned as it is: chain, binding row with its price, cheapest remedy.

    Parameters
    ----------
    tables
        Published tables by name, those of ``READS`` that exist.
    subject
        An order (``NUMBER`` or ``NUMBER/LINE``), a product, a lot, a machine, a material or a component.

    Raises
    ------
    LotwiseError
        Nothing of the current plan is called so; the message names the closest thing that is.
    """
    book = _Book(tables)
    for kind, known, answer in (
        ("order", book.orders(), _order), ("product", book.names("projection", "item", kind="product"), _product),
        ("product", book.names("plans", "product"), _product), ("lot", book.names("lots", "lot"), _lot),
        ("machine", book.names("loads", "machine"), _machine), ("material", book.names("projection", "item"), _material),
        ("material", book.names("purchases", "material"), _material),
    ):  # fmt: skip
        if subject in known:
            return Why(subject, kind, tuple(answer(book, subject)))
    near = did_you_mean(subject, book.everything()) or "."
    message = f"Nothing in the current plan is called '{subject}'{near} Ask about an order, a product, a lot, a machine or a "
    raise LotwiseError(f"{message}material of the tables deliveries, projection, lots and loads; without them: lotwise plan")


class _Book:
    """Published tables, looked up by values."""

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        self.tables = tables

    def rows(self, name: str, **equal: object) -> list[Row]:
        """Return the rows of a table with these values, in its order."""
        table = self.tables.get(name)
        if table is None:
            return []
        for column, value in equal.items():
            table = table.filter(pc.equal(table[column], pa.scalar(value, table.schema.field(column).type)))
        found: list[Row] = table.to_pylist()
        return found

    def names(self, name: str, column: str, **equal: object) -> set[str]:
        """Return the values of a column."""
        return {row[column] for row in self.rows(name, **equal)} if equal else self._distinct(name, column)

    def _distinct(self, name: str, column: str) -> set[str]:
        table = self.tables.get(name)
        return set() if table is None else set(pc.unique(table[column]).to_pylist())

    def orders(self) -> set[str]:
        """Return every order by its number, and by number and line."""
        found = {f"{row['order']}/{row['line']}" for row in self.rows("deliveries")}
        return found | self._distinct("deliveries", "order")

    def everything(self) -> list[str]:
        """Return all that can be asked about."""
        places = (
            ("projection", "item"),
            ("plans", "product"),
            ("lots", "lot"),
            ("loads", "machine"),
            ("purchases", "material"),
        )
        return sorted(self.orders().union(*(self._distinct(*place) for place in places)))

    def price(self, resource: str, week: object) -> Row | None:
        """Return the row of ``prices`` of the current plan."""
        found = self.rows("prices", resource=resource, week=week, information="now")
        return max(found, key=lambda row: row["cutoff"], default=None)

    def of_item(self, item: str) -> list[Row]:
        """Return the rows of ``prices`` of an item, at all its sites."""
        found = self.rows("prices", resource=item, information="now")
        table = self.tables.get("prices")
        if found or table is None:
            return found
        mine = table.filter(pc.starts_with(table["resource"], f"{item} "))
        return [row for row in mine.to_pylist() if row["information"] == "now" and row["kind"] in ("material", "component")]


def _order(book: _Book, subject: str) -> Iterator[str]:
    lines = [row for row in book.rows("deliveries") if subject in (row["order"], f"{row['order']}/{row['line']}")]
    for row in lines:
        name = f"{row['order']}/{row['line']}"
        what = f"Order {name}: {row['units']:,.6g} units of {row['product']}, due in the week of {row['due']}:"
        if row["late_weeks"] == 0:
            yield f"{what} all of it is there in time."
        else:
            when = (
                f"all of it is there in the week of {row['week']}" if row["week"] else "not all of it is there within the plan"
            )
            yield f"{what} {when}, {_count(row['late_weeks'], 'week')} late."
            yield f"  {row['late_units']:,.6g} units are late, {row['money']:,.2f} of revenue is at risk."
            yield f"  {row['reason']}"
        yield from _exceptions(book, name, kind="late")
        yield from _behind(book, f"order {name}", 1)


def _product(book: _Book, subject: str) -> Iterator[str]:
    cuts = book.rows("cuts", product=subject)
    lost = sum(row["lost_profit"] for row in cuts)
    if cuts:
        asked, planned = (sum(row[name] for row in cuts) for name in ("wanted", "planned"))
        what = f"{planned:,.6g} of {asked:,.6g} units, {lost:,.2f} of expected profit given up"
        yield f"{subject} is cut in {_count(len(cuts), 'week')}: {what}."
    for row in sorted(cuts, key=lambda row: -row["lost_profit"])[:SHOWN]:
        yield f"  Week of {row['week']}: {row['planned']:,.6g} of {row['wanted']:,.6g} units. {row['reason']}"
    if not cuts:
        yield f"{subject} is not cut: the plan makes about as much of it as it would without limits."
    yield from _exceptions(book, subject)
    late = [row for row in book.rows("deliveries", product=subject) if row["late_weeks"] > 0]
    if late:
        named = ", ".join(f"{row['order']}/{row['line']}" for row in late[:SHOWN])
        more = f" and {len(late) - SHOWN} more" if len(late) > SHOWN else ""
        yield f"{_count(len(late), 'order line')} of it late: {named}{more}."
    yield from _stock(book, subject)
    yield from _started(book, subject)


def _lot(book: _Book, subject: str) -> Iterator[str]:
    row = book.rows("lots", lot=subject)[0]
    yield (
        f"Lot {subject}: {row['started']:,.6g} units of {row['item']} started in the week of {row['week']}, "
        f"{row['units']:,.6g} ready in the week of {row['ready']}; {row['status']}."
    )
    if row["previous"] is not None and abs(row["previous"] - row["units"]) > LEAST:
        yield f"  The plan before had {row['previous']:,.6g} units of it."
    yield from _machines(book, row, 1)
    served = sorted(book.rows("pegging", supply=subject), key=lambda row: (row["week"], row["demand"]))
    for row in served[:SHOWN]:
        yield f"  -> {row['units']:,.6g} for {row['demand']}, in the week of {row['week']}"
    if len(served) > SHOWN:
        yield f"  -> and {len(served) - SHOWN} more"
    yield from _behind(book, subject, 1)
    yield from _exceptions(book, subject)


def _machine(book: _Book, subject: str) -> Iterator[str]:
    rows = book.rows("loads", machine=subject)
    there = sum(row["hours"] + row["shifts"] for row in rows)
    used = sum(row["run"] + row["setup"] for row in rows)
    yield f"{subject}: {used:,.6g} hours planned of {there:,.6g} in {_count(len(rows), 'week')}."
    for row in rows:
        price = book.price(subject, row["week"])
        worth = price["price"] if price else 0.0
        if worth > CENT or row["overtime"] > CENT:
            extra = f", {row['overtime']:,.4g} of {row['most_overtime']:,.4g} overtime" if row["most_overtime"] > 0 else ""
            hours = f"{row['run'] + row['setup']:,.4g} hours ({row['setup']:,.4g} of set-ups{extra})"
            yield f"  Week of {row['week']}: {hours} of {row['hours'] + row['shifts']:,.4g}. {_worth('hour', price)}"
    if all((book.price(subject, row["week"]) or {"price": 0.0})["price"] <= CENT for row in rows):
        yield "  It binds in no week: one more hour would earn nothing."
    yield from _exceptions(book, subject)
    chains = [row for row in book.rows("exceptions") if row["chain"].split(" <- ")[-1] == subject and row["subject"] != subject]
    for row in chains[:SHOWN]:
        yield f"  It holds up {row['subject']}, {row['money']:,.2f} at risk: {row['chain']}"


def _material(book: _Book, subject: str) -> Iterator[str]:
    yield from _stock(book, subject)
    dear = [row for row in book.of_item(subject) if row["price"] > CENT]
    for row in dear[:SHOWN]:
        where = row["resource"].removeprefix(subject)
        at = f" at{where}" if where else ""
        yield f"  Week of {row['week']}: {row['used']:,.6g} {row['unit']} used{at}. {_worth('of it', row)}"
    if not dear:
        yield "  It is scarce in no week: one more of it would earn nothing."
    for row in book.rows("purchases", material=subject)[:SHOWN]:
        who = f" from {row['supplier']}" if row["supplier"] else ""
        when = f"in the week of {row['week']}, there in the week of {row['arrives']}"
        yield f"  Order {row['units']:,.6g}{who} {when}, for {row['cost']:,.2f}."
    yield from _started(book, subject)
    yield from _exceptions(book, subject)
    users = sorted(book.rows("pegging", item=subject), key=lambda row: (row["week"], -row["units"], row["demand"]))
    for row in users[:SHOWN]:
        yield f"  -> {row['units']:,.6g} for {row['demand']}, in the week of {row['week']}, out of {row['supply']}"


def _stock(book: _Book, subject: str) -> Iterator[str]:
    rows = book.rows("projection", item=subject)
    if not rows:
        return
    received, used = (sum(row[name] for row in rows) for name in ("received", "used"))
    low = min(rows, key=lambda row: (row["end"], row["week"]))
    yield (
        f"Stock of {subject}: {rows[0]['start']:,.6g} at the start, {received:,.6g} come, {used:,.6g} go, "
        f"{rows[-1]['end']:,.6g} at the end; least {low['end']:,.6g} after the week of {low['week']}."
    )


def _started(book: _Book, subject: str) -> Iterator[str]:
    lots = sorted(book.rows("lots", item=subject), key=lambda row: (row["ready"], row["lot"]))
    for row in lots[:SHOWN]:
        yield f"  Lot {row['lot']}: {row['units']:,.6g} units, ready in the week of {row['ready']}"
        yield from _machines(book, row, 2)
    if len(lots) > SHOWN:
        yield f"  and {len(lots) - SHOWN} more lots"


def _exceptions(book: _Book, subject: str, **equal: object) -> Iterator[str]:
    """Yield what stands in ``exceptions`` about a subject: chain, binding row, remedy."""
    for row in book.rows("exceptions", subject=subject, **equal)[:SHOWN]:
        if row["kind"] not in {"late", "cut"}:
            yield f"{row['kind'].capitalize()}, {row['money']:,.2f} at risk: {row['reason']}"
        if " <- " in row["chain"]:
            yield f"  Chain: {row['chain']}"
        if row["remedy"]:
            cost = f", costs {row['remedy_cost']:,.2f}" if row["remedy_cost"] is not None else ", cost unknown"
            gain = f", brings at most {row['gain']:,.2f}" if row["gain"] is not None else ""
            yield f"  Cheapest remedy: {row['remedy']}{cost}{gain}."


def _behind(book: _Book, demand: str, depth: int, seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield what serves a demand, and what serves that, step by step."""
    if depth > DEEP:
        return
    rows = sorted(book.rows("pegging", demand=demand), key=lambda row: (-row["units"], row["supply"]))
    for row in rows[:SHOWN]:
        yield f"{'  ' * depth}<- {row['units']:,.6g} {row['item']}: {_supply(row['supply'])}"
        if row["supply"] in seen:
            continue
        for lot in book.rows("lots", lot=row["supply"])[:1]:
            yield from _machines(book, lot, depth + 1)
        yield from _behind(book, row["supply"], depth + 1, seen | {row["supply"]})
    if len(rows) > SHOWN:
        yield f"{'  ' * depth}<- and {len(rows) - SHOWN} more"


def _supply(name: str) -> str:
    kind = name.split(" ", 1)[0]
    return name if kind in {"purchase", "shipment", "receipt", "stock", "missing"} else f"lot {name}"


def _machines(book: _Book, lot: Row, depth: int) -> Iterator[str]:
    """Yield the machines a lot runs on that are scarce in its week, or all of them in one line."""
    machines = [name for step in lot["route"].split(" > ") for name in step.split(" or ") if name]
    scarce = [(name, row) for name in dict.fromkeys(machines) if (row := book.price(name, lot["week"])) and row["price"] > CENT]
    indent = "  " * depth
    for name, row in scarce:
        hours = f"{row['used']:,.4g} hours of {row['capacity'] or 0.0:,.4g}"
        yield f"{indent}on {name} in the week of {lot['week']}: {hours}. {_worth('hour', row)}"
    if machines and not scarce:
        yield f"{indent}on {lot['route']} in the week of {lot['week']}, where hours are not scarce"


def _worth(unit: str, row: Row | None) -> str:
    if row is None or row["price"] <= CENT:
        return "One more would earn nothing."
    most = f", up to {row['more']:,.4g} more" if row["more"] is not None else ""
    return f"One more {unit} would earn {row['price']:,.2f}{most}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
