"""Who the customers are: segments and what sets them apart, who went where, who brings most, and what customers will do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from lotwise.report import mined_charts
from lotwise.report.charts import Chart
from lotwise.report.numbers import NOTHING, between, cell, count, largest, total
from lotwise.report.sections.blocks import block, cut, heads, section

if TYPE_CHECKING:
    from lotwise.report.book import Book, Row
    from lotwise.report.numbers import Figure, Numbers
    from lotwise.report.words import Words

APART, MOVES, MOST = 2, 6, 6
STAY = ("revenue", "orders")
"""Features that the table of segments shows of each anyway."""
EXPECTED = ("expected orders", "expected revenue", "expected margin", "chance of having left")
BASE = "base rate"


def context(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the segments, their customers' moves, the customers with most expected, and how well the coming is foreseen."""
    blocks = [
        _segments(book, words, numbers),
        _moves(book, words, numbers),
        _expected(book, words, numbers),
        _will(book, words, numbers),
    ]
    return section("customers", book, words, ("segments", "profiles", "propensity_scores"), blocks, _lead(book, words, numbers))


def _lead(book: Book, words: Words, numbers: Numbers) -> Markup | None:
    members = book.table("segments")
    chosen = book.rows("segment_trials", {"chosen": True}, most=1)
    if members is None or not members.num_rows or not chosen:
        return None
    where = {"method": chosen[0]["method"], "segments": chosen[0]["segments"]}
    said = words(
        "customers.lead",
        count=numbers.whole(members.num_rows, count("segments", {})),
        segments=numbers.whole(chosen[0]["segments"], cell("segment_trials", "segments", chosen[0])),
        method=words.phrase(chosen[0]["method"]),
    )
    if chosen[0]["stability"] is None:
        return said
    stability = numbers.score(chosen[0]["stability"], cell("segment_trials", "stability", where), decimals=2)
    return Markup("{} {}").format(said, words("customers.stability", stability=stability))


def _segments(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    members = book.table("segments")
    revenue, orders = (book.sums("segments", "segment", column) for column in ("revenue", "orders"))
    names = {} if members is None else dict(zip(*(members[name].to_pylist() for name in ("segment", "name")), strict=True))
    sizes = {name: part.num_rows for name in revenue if (part := book.part("segments", {"segment": name})) is not None}
    whole, money = sum(sizes.values()) or 1, sum(revenue.values()) or 1.0
    like = max(map(abs, revenue.values()), default=0.0)
    order = sorted(revenue, key=lambda name: (len(name), name))
    rows = [
        (
            Markup('{} <span class="under quiet">{}</span>').format(name, words.terms(names[name])),
            numbers.whole(sizes[name], count("segments", {"segment": name})),
            numbers.share(sizes[name] / whole),
            numbers.share(revenue[name] / money),
            numbers.money(revenue[name], total("segments", "revenue", {"segment": name}), like=like),
            numbers.units(orders[name] / sizes[name]),
            _apart(name, book, words, numbers),
        )
        for name in order
    ]
    columns = ("segment", "count>", "of_all>", "of_revenue>", "revenue>", "orders>", "apart~")
    shares = {name: (sizes[name] / whole, revenue[name] / money) for name in order}
    named = {name: f"{name} {words.terms(names[name]).striptags()}" for name in order}
    return block(
        heads(words, "customers", *columns, currency=numbers.currency), rows, chart=_chart(shares, named, words, numbers)
    )


def _chart(shares: dict[str, tuple[float, float]], named: dict[str, str], words: Words, numbers: Numbers) -> Chart | None:
    """Return the share of customers beside that of revenue; nothing of a single segment."""
    if len(shares) <= 1:
        return None
    parts = [words.text(f"customers.{part}") for part in ("of_customers", "of_revenue")]
    rows = [
        {"name": named[name], "part": part, "share": share, "shown": str(numbers.share(share))}
        for name, both in shares.items()
        for part, share in zip(parts, both, strict=True)
    ]
    said = [f"{row['name']}, {row['part']} {row['shown']}" for row in rows]
    label = words.text("customers.label", lines=words.text("headline.join").join(said))
    return Chart("segments", mined_charts.beside(rows, parts=parts), label)


def _apart(segment: str, book: Book, words: Words, numbers: Numbers) -> Markup:
    rows = [row for row in book.rows("segment_features", {"segment": segment}) if row["feature"] not in STAY]
    rows = sorted(rows, key=lambda row: (-abs(row["difference"]), row["feature"]))[:APART]
    said = [
        words(
            "customers.against",
            feature=words.term(row["feature"]),
            mean=_feature(row, "mean", numbers),
            overall=_feature(row, "overall", numbers),
        )
        for row in rows
    ]
    return Markup("").join(Markup('<span class="under">{}</span>').format(one) for one in said)


def _feature(row: Row, column: str, numbers: Numbers) -> Figure:
    """Return the value of a feature: a share, an amount of money, or a number."""
    origin, name = cell("segment_features", column, row), row["feature"]
    if name.startswith("share "):
        return numbers.share(row[column], origin)
    if name.startswith(("revenue", "price")):
        return numbers.money(row[column], origin, like=row["overall"])
    return numbers.units(row[column], origin)


def _moves(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    order = [("customers", "descending"), ("before", "ascending"), ("after", "ascending")]
    found = [row for row in book.rows("migrations", order=order) if row["before"] != row["after"]]
    rows = [
        (
            words.term(row["before"]),
            words.term(row["after"]),
            numbers.whole(row["customers"], cell("migrations", "customers", row)),
            numbers.share(row["share"], cell("migrations", "share", row)),
        )
        for row in found[:MOVES]
    ]
    return block(
        heads(words, "customers", "before", "after", "count>", "of_them>"),
        rows,
        title=words("customers.moves"),
        more=cut(words, numbers, len(rows), len(found), "migrations"),
    )


def _expected(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return the customers who are expected to bring most, by margin where it is known, else by revenue."""
    order = [("value", "descending"), ("customer", "ascending")]
    ranked: list[Row] = []
    for name in ("expected margin", "expected revenue"):
        ranked = ranked or book.rows("profiles", {"feature": name}, order=order, most=MOST)
    who = [row["customer"] for row in ranked]
    told = {(row["customer"], row["feature"]): row for row in book.rows("profiles", {"customer": who})} if who else {}
    segments = {row["customer"]: row["segment"] for row in book.rows("segments", {"customer": who})} if who else {}
    like = largest([row for (_, feature), row in told.items() if feature in EXPECTED[1:3]], "value")
    shown = [_customer(name, segments.get(name), told, numbers, like) for name in who]
    names = ("customer", "segment", "expected_orders>", "expected_revenue>", "expected_margin>", "interval>", "left>")
    unit = ranked[0]["unit"] or "" if ranked else ""
    weeks = next((word for word in unit.split() if word.isdigit()), NOTHING)
    return block(
        heads(words, "customers", *names, currency=numbers.currency),
        shown,
        title=words("customers.expected"),
        lead=words("customers.expected_lead", weeks=weeks),
        more=Markup("{} <code>lotwise profile CUSTOMER</code>").format(words("customers.expected_more")),
    )


def _customer(
    name: str, segment: str | None, told: dict[tuple[str, str], Row], numbers: Numbers, like: float
) -> tuple[object, ...]:
    def figure(feature: str, column: str = "value") -> Figure:
        row = told.get((name, feature))
        value = row[column] if row else None
        origin = cell("profiles", column, row) if row and column == "value" else None
        if feature in EXPECTED[1:3]:
            return numbers.money(value, origin, like=like)
        return numbers.units(value, origin) if feature == EXPECTED[0] else numbers.share(value, origin, decimals=0)

    ranked = EXPECTED[2] if (name, EXPECTED[2]) in told else EXPECTED[1]
    shown = Markup('<code translate="no">{}</code>').format(name)
    spread = between(figure(ranked, "low"), figure(ranked, "high"))
    return shown, segment or NOTHING, *(figure(feature) for feature in EXPECTED[:3]), spread, figure(EXPECTED[3])


def _will(book: Book, words: Words, numbers: Numbers) -> dict[str, Any]:
    """Return how well the classifier in use foresaw each target, beside the share alone."""
    scores = book.rows("propensity_scores", order=[("target", "ascending"), ("model", "ascending")])
    plain = {row["target"]: row for row in scores if row["model"] == BASE}
    rows = [
        (
            words.term(row["target"]),
            numbers.share(_base(book, row["target"])),
            words.phrase(row["model"]),
            numbers.score(row["auc"], cell("propensity_scores", "auc", row), decimals=2),
            numbers.score(row["log_loss"], cell("propensity_scores", "log_loss", row)),
            _log_loss(plain.get(row["target"]), numbers),
            numbers.share(row["calibration_error"], cell("propensity_scores", "calibration_error", row)),
        )
        for row in scores
        if row["chosen"]
    ]
    days = next(
        (words("customers.kept", first=words.day(row["from_day"]), last=words.day(row["to_day"])) for row in scores), ""
    )
    return block(
        heads(words, "customers", "target", "base>", "model", "auc>", "log_loss>", "log_loss_base>", "calibration>"),
        rows,
        title=words("customers.will"),
        lead=Markup("{} {}").format(words("customers.will_lead"), days),
    )


def _base(book: Book, target: str) -> float | None:
    """Return the share of all customers, which each row of a target repeats."""
    first = book.rows("propensities", {"target": target}, most=1)
    return first[0]["base"] if first else None


def _log_loss(row: Row | None, numbers: Numbers) -> Figure:
    value = None if row is None else row["log_loss"]
    return numbers.score(value, cell("propensity_scores", "log_loss", row) if row else None)
