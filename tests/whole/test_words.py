"""What stages write is what the report knows how to say: the fixed vocabulary of the tables stands in the catalogs."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

import lotwise
from lotwise.config.mining import MinePreferences, MinePropensity
from lotwise.deliver import days, problem, routes
from lotwise.forecast.sources import FAMILIES, declared
from lotwise.gap import attribution, history, irreducible, ledger, limits, undone, verdict
from lotwise.gap.value import EXECUTED, FENCED, IDEAL
from lotwise.mine.drivers import columns, gather
from lotwise.mine.market import publish as positioned
from lotwise.mine.market import shares as parted
from lotwise.mine.opinions import intents, sentiment
from lotwise.mine.preferences import shelf, study
from lotwise.mine.profiles import tastes
from lotwise.mine.propensity import publish as foreseen
from lotwise.mine.propensity import voices
from lotwise.mine.rules import measures
from lotwise.mine.segments import migrating, naming, rfm
from lotwise.mine.segments import publish as segmented
from lotwise.plan.orders.words import NOTHING, STARTED
from lotwise.report.sections import headline
from lotwise.report.words import PLACE, Words
from lotwise.schedule import solve
from lotwise.schedule.why import words as late
from lotwise.tables.forecasted import JOINED

if TYPE_CHECKING:
    from types import ModuleType

CHINESE = Words("zh")
KEPT = re.compile(r'<span translate="no">(.*?)</span>')
"""What a phrase carries over from the tables: codes, days and numbers."""

SENTENCE = re.compile(r"\.\s")

UNSHOWN = {IDEAL, EXECUTED, FENCED, JOINED, irreducible.FORESIGHT} | {
    getattr(attribution, name) for name in ("METHOD", "NOW", "ORDERED", "EXACT", "SAMPLED")
}
"""States of information and names of ways to share, which stand in no text."""


def untold(said):
    """Return what the Chinese page would leave in English, or swallow into a code, of the texts given."""
    shown = {text: str(CHINESE.phrase(text)) for text in said if text}
    return {
        text: words for text, words in shown.items() if 'lang="en"' in words or any(map(SENTENCE.search, KEPT.findall(words)))
    }


def constants(module: ModuleType):
    """Return the texts a module names in capitals, less those no table shows."""
    texts = {value for name, value in vars(module).items() if name.isupper() and isinstance(value, str)}
    return texts - UNSHOWN


@pytest.fixture(scope="module")
def table(run_shop):
    """Return a function that reads a table of the run shop."""
    return lotwise.open_project(run_shop).table


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("gap", ("verdict", "note")),
        ("source_values", ("verdict", "note")),
        ("unseen", ("measure", "verdict", "note")),
        ("cuts", ("reason",)),
        ("exceptions", ("reason", "remedy")),
        ("quality", ("check", "note")),
        ("mining", ("note",)),
        ("segments", ("name",)),
        ("segment_features", ("feature",)),
        ("segment_trials", ("method",)),
        ("profiles", ("feature", "unit", "evidence")),
        ("propensity_scores", ("target", "model")),
        ("rules", ("verdict",)),
        ("choice_models", ("choice", "model", "note")),
        ("preferences", ("attribute",)),
        ("drivers", ("feature", "target", "words")),
        ("driver_models", ("unit",)),
    ],
)
def test_what_the_stages_wrote_is_translated(table, name, columns):
    """Every verdict, note, reason and check of a shop that was run is in the catalog, sentence by sentence."""
    found = table(name)
    assert found.num_rows
    assert {column: untold(found[column].to_pylist()) for column in columns} == {column: {} for column in columns}


def test_every_line_is_translated_save_the_shop_s_own_machines(table):
    """Lines and accounts are in the catalog; a machine keeps its code."""
    gap, machines = table("gap"), set(table("machines")["machine"].to_pylist())
    assert untold(set(gap["line"].to_pylist()) - machines) == {}
    assert all(CHINESE.has(f"headline.{account}") for account in gap["account"].to_pylist())


@pytest.mark.parametrize(
    "module", [verdict, attribution, irreducible, history, ledger, limits, undone], ids=lambda module: module.__name__
)
def test_the_ledger_s_own_words_are_translated(module):
    """Every verdict and every line the ledger can name is in the catalog, also where the shop shows none."""
    assert constants(module)
    assert untold(constants(module)) == {}


def test_default_sources_are_translated():
    """The sources forecast makes where none is declared have a Chinese name; ratings are told with events."""
    names = {source.name for source in declared([], set(FAMILIES))}
    assert len(names) == len(FAMILIES) - 1
    assert untold(names) == {}


def test_the_headline_reads_the_ledger_s_own_words():
    """The lines and verdicts the headline looks for are those the ledger writes."""
    assert (headline.NOISE, headline.METHOD) == (verdict.NOISE, attribution.METHOD_LINE)
    assert headline.NOT_A_SOURCE == (attribution.BASE, attribution.ALL, attribution.PLACEBO)
    assert (headline.CHANCE, headline.STOCHASTIC) == (irreducible.CHANCE, attribution.STOCHASTIC)
    assert (headline.LOST, headline.KEEP, headline.DROP) == (verdict.LOST, verdict.KEEP, verdict.DROP)
    assert headline.SURE == (verdict.WORTH, verdict.AS_PRICE, verdict.TOO_DEAR)


@pytest.mark.parametrize(
    "said",
    [
        "oven has no hours in the week of 2024-07-29. One more of its hours would earn 5.00; making what is cut takes 2 more.",
        "There is not enough flour in the week of 2024-07-29. Also short: oven, shop 2.",
        "oven is full in the week of 2024-07-29 (6 hours). More overtime would pay: 9.00 for all of it. Also short: flour.",
        "Units made now are ready after 2 weeks; until then only stock is sold.",
        "9 of the 10 units of bread owed by then cannot be made in time. Nothing made now is ready before 2024-07-29.",
        "The promised units take 14 hours of oven by then; there are 10, overtime included.",
        "What would help: more overtime, another shift, or later days for the orders listed here.",
        "needs settled weeks",
        "needs more weeks of history",
        "needs 4 more weeks",
        "needs 1 more week",
        "the first row by file and row stays; choose with [pool] duplicates",
        "kept out of the shares; no order names the place",
    ],
)
def test_what_other_shops_would_read_is_translated(said):
    """Sentences of the plan and the pool that this shop has no occasion for are in the catalog too."""
    assert untold([said]) == {}


REASONS = (
    "oven is full in the week of DAY (6 hours and 2 of overtime). One more of its hours would earn 5.00.",
    "oven has no hours in the week of DAY. Making what is cut takes 2 hours more.",
    "The store is full in the week of DAY: room north is 1,200. One more of it would earn 0.50.",
    "What is started of bread in the week of DAY is decided: 40 units. One more of it would earn 1.00.",
    *(
        f"No more than 900 kg of flour can be {done} in the week of DAY."
        for done in (*STARTED.values(), "ordered from Mill & Sons")
    ),
    "There is no more flour: nothing in the tables makes or brings it. One more of it then would earn 0.35.",
    "No flour at north can come in the week of DAY. One more of it then would earn 0.35.",
    *(
        f"No flour can be there in the week of DAY: {begun} {weeks}, so the first comes in the week of DAY."
        for begun in ("it takes", "making it takes")
        for weeks in ("1 week", "2 weeks")
    ),
    "Nothing in the tables makes or brings it.",
    "Nothing in the tables makes or brings bread.",
    NOTHING,
    "4 of the 10 units of bread owed by then cannot be there in time.",
    "Promise a later day for them, or relieve what is listed here.",
    "Orders: O1/1, O2/1, O3/1 and 4 more. oven is full in the week of DAY (6 hours).",
    "Orders: O1/1. oven has no hours in the week of DAY. The promises listed here take 14 hours more.",
    "orders for bread due in the week of DAY",
    "machine oven in the week of DAY",
    "supply of flour in the week of DAY",
    "oven takes 4 hours of overtime in the week of DAY. One more of its hours would earn 5.00.",
    "oven takes 8 hours of added shifts in the week of DAY.",
    "oven takes 4 hours of overtime and 8 hours of added shifts in the week of DAY.",
    "bread, started in the week of DAY: 40 units in the plan before, 35.5 now.",
    "12 units of bread are expected to pass their shelf life, most in the week of DAY.",
    "300 kg of flour at north lie untouched through all weeks: more than is wanted and kept for safety.",
    "12 units of bread are left even in the outcome that sells most: more than is wanted.",
)
"""What the current plan says of what binds, is cut, late, moved or lies in stock."""

REMEDIES = (
    "a later due date: the week of DAY",
    "4 hours of overtime on oven in the week of DAY",
    "4 hours of overtime on oven in the week of DAY, beyond the limit of 2",
    "an added shift on oven in the week of DAY",
    "3 added shifts on oven in the week of DAY, beyond those that can be added",
    "25 more of room north in the week of DAY",
    "free what is decided of bread in the week of DAY",
    "90 kg more of flour in the week of DAY than its limit",
    "90 kg more of flour from Mill & Sons in the week of DAY than its limit",
    "an expedited purchase of 9 kg of malt, there by the week of DAY; at its lead time it had to be ordered in the week of DAY",
    "90 units of dough from elsewhere by the week of DAY",
    "90 kg of flour bought from Mill & Sons in the week of DAY",
    "90 kg of flour bought from another supplier in the week of DAY",
    "40 units of bread made on oven > packing in the week of DAY",
    "40 units of bread made on another route in the week of DAY",
    "40 units of bread sent from north in the week of DAY",
    "40 units of bread replaced by roll in the week of DAY",
)
"""What the current plan says would help."""


@pytest.mark.parametrize("said", [*REASONS, *REMEDIES])
def test_what_the_current_plan_says_is_translated(said):
    """Every reason and every remedy is in the catalog, sentence by sentence."""
    assert untold([said.replace("DAY", "2024-07-29")]) == {}


SAID_LATE = (*late.WAITED.values(), *late.REASONS.values(), *late.REMEDIES.values(), late.NOT_TRIED, late.COSTS_NOTHING)
"""What a schedule says of orders that are late."""
FILLED = {"time": "5:00", "others": "A1 sewing, A2 sewing", "when": "2024-07-29 06:00", "money": "5.00"}
"""What stands in the places of a sentence about a schedule, where a plain name does not."""


@pytest.mark.parametrize("said", SAID_LATE)
def test_what_a_schedule_says_of_late_orders_is_translated(said):
    """Every reason, remedy and thing waited for is in the catalog; a tool keeps its name."""
    text = PLACE.sub(lambda place: FILLED.get(place[1], "K7"), said)
    shown = str(CHINESE.phrase(text))
    assert said == "{name}" or "lang=" not in shown
    assert not {"hours", "and", "more"} & set(re.findall("[a-z]+", re.sub("<[^>]*>", " ", shown)))


def test_why_a_method_was_taken_is_translated():
    """Every reason the choice of a method can give is in the catalog."""
    told = constants(solve)
    assert len(told) >= 4
    assert untold(told) == {}


@pytest.mark.parametrize("module", [days, problem, routes], ids=lambda module: module.__name__)
def test_why_an_order_is_left_behind_is_translated(module):
    """Every reason why no tour brings an order is in the catalog."""
    told = {PLACE.sub("2", text) for text in constants(module)}
    assert told
    assert untold(told) == {}


MINED = {
    *(naming.ALL, naming.AVERAGE, *rfm.GROUPS, *tastes.WEEKDAYS, *tastes.TIMES, *columns.MONTHS, *columns.DAYS),
    *(migrating.NEW, migrating.GONE, measures.USABLE, measures.CHANCE, measures.UNUSABLE, voices.BASE, voices.BLEND),
    *(segmented.NOBODY, foreseen.NO_CUSTOMER, foreseen.ONE_CUSTOMER, study.PRICES, study.ASSUMED_COSTS, study.NO_MARGIN),
    *(sentiment.MODEL, sentiment.WORDS, sentiment.STARS, sentiment.LABELS, *intents.INTENTS, *shelf.PROMOTED, *study.TRAITS),
    *(*gather.NAMED_TARGETS, *MinePropensity().models, *MinePreferences().models, "shares"),
    *(positioned.NO_COMPETITORS, positioned.NO_DEMAND, positioned.NO_SALES, parted.OTHER, parted.NO_BRAND, parted.NO_CATEGORY),
}
"""What parts of mining name themselves."""


def test_what_mining_names_itself_is_translated():
    """Every reason, verdict, model, target and part of a name that stands in the code of mining is in the catalog."""
    assert untold(MINED) == {}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_changes_asked_for_are_translated(language):
    """Every thing, aspect and change that the word lists of a language can tell is in the catalog."""
    folder = files("lotwise.mine.opinions") / "words"
    words, shared = (tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8")) for name in (language, "shared"))
    changes = {change for part in ("faults", "wishes", "outright") for change in words[part]}
    wanted = {change.partition(": ")[2] for change in changes}
    told = changes | {f"{thing}: {want}" for thing in shared["things"] for want in wanted} | set(words["aspects"])
    assert untold({*told, *(change for change in shared["instead"].values() if change), "pockets: add"}) == {}


@pytest.mark.parametrize(
    "said",
    [
        "k-means on 6 principal components (parallel analysis; 70% of the variance of 19 features)",
        "7 customers without a sale are in none; left out, the same for all: share of discount, share of dairy",
        "8 rules tried; 2 left out, for a simpler one is as sure; next: within 14 days",
        "unit costs of products: 8,727 assumed, 5 not known",
        "9 of 40 customers on past days did; 30 who did and 30 who did not are needed; base rate",
        "30 days of orders; 168 are needed for windows of 4 weeks",
        "models are estimated from 20,000 of 31,000 choices, by settings; the line rests on assumed costs",
        "attribute 'front' follows from 'mailer'; discount goes with the price and is counted in it",
        "worth in money by what prices do in the choice of category shirts, on top of the extra price",
        "not reckoned: 3 unhappy and 9 happy writers seen for 90 days after; it takes 20 of each",
        "12 rows; 20 at least are needed",
        "no column varies that could move it (month: never varies; price: never varies)",
        "no series has 10 a week on average, below which chance hides any change",
        "Too few customers for a model of how often they order: 3 customers in all; at least 10 are needed",
        "6 whole weeks of orders; changes are told from 20 on",
    ],
)
def test_what_mining_says_of_other_shops_is_translated(said):
    """Notes of parts that this shop has no occasion for are in the catalog too."""
    assert untold([said]) == {}


def test_each_default_source_has_one_line_and_the_accounts_add_up(table):
    """Nothing is declared: each source made by default is a line, beside the placebo, and all is right to the cent."""
    lines = [row | {"cents": round(100 * (row["money"] or 0))} for row in table("gap").to_pylist()]
    known = {row["line"]: row["cents"] for row in lines if row["account"] == "known"}
    ours = [attribution.BASE, attribution.METHOD_LINE, attribution.ALL, attribution.PLACEBO, attribution.STOCHASTIC]
    sources = [name for name in known if name not in ours]
    assert set(ours) <= set(known)
    assert sources == [source.name for source in declared([], {"demand", "orders", "products"})]
    assert sum(known[name] for name in (attribution.METHOD_LINE, *sources)) == known[attribution.ALL]
    ideal, actual = (next(row["cents"] for row in lines if row["account"] == end) for end in ("ideal", "actual"))
    assert ideal - sum(row["cents"] for row in lines if row["counted"]) == actual
