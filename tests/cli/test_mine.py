"""Tests of the commands about customers and what they do, as a user types them."""

from __future__ import annotations

import json
import shutil

import pyarrow as pa
import pytest

import lotwise
from lotwise.tables import contract
from tests.console.mined.made import note, row
from tests.whole import shop
from tests.whole.conftest import command

__all__ = ["command"]

COMMANDS = (
    "mine", "rules", "segments", "profile", "propensity", "preferences", "opinions", "trends", "drivers", "market",
)  # fmt: skip
CHOICE = "category food"


def planted(folder, **tables):
    """Publish rows as tables of mining, as if it had found them."""
    store = lotwise.open_project(folder).store
    with store.lock():
        made = {name: pa.Table.from_pylist(rows, schema=contract(name).schema) for name, rows in tables.items()}
        store.publish({name: store.write(name, table, stage="mine") for name, table in made.items()}, fingerprints={})


@pytest.fixture(scope="session")
def run_mined(tmp_path_factory):
    """Return the folder of a small shop that was run as far as mining."""
    folder = tmp_path_factory.mktemp("mined") / "run"
    shop.write(folder)
    lotwise.open_project(folder).run(until="mine")
    return folder


@pytest.fixture
def mined(run_mined, tmp_path):
    """Return a copy of the mined shop that a test may spoil."""
    return shutil.copytree(run_mined, tmp_path / "shop")


@pytest.fixture(scope="session")
def found(run_mined, tmp_path_factory):
    """Return a shop in which mining has found something of each kind, made up; tests only read it."""
    folder = shutil.copytree(run_mined, tmp_path_factory.mktemp("found") / "shop")
    rule = {"kind": "together", "level": "product", "scope": "all", "total": 90, "count": 9, "verdict": "usable", "lift": 2.0}
    option = rule | {"kind": "option", "level": "option", "product": "cake"}
    change = {"start": shop.MONDAY, "end": shop.MONDAY, "change": "rising", "unit": "units", "source": "orders.units"}
    model = row("choice_models", choice="cake size", model="logit", choices=9, alternatives=2, chosen=True)
    planted(
        folder,
        rules=[
            row("rules", rule="R1", antecedent=["bread"], consequent=["tea"], margin=9.0, **rule),
            row("rules", rule="R2", antecedent=["tea"], consequent=["cake"], margin=5.0, **rule | {"lift": 7.0}),
            row("rules", rule="R3", antecedent=["size=L"], consequent=["color=red"], **option),
            row("rules", rule="R4", antecedent=["tea"], consequent=["bread"], **rule | {"scope": "segment S1"}),
            row("rules", rule="R5", antecedent=["cake"], consequent=["bread"], **rule | {"verdict": "may be chance"}),
        ],
        trends=[
            row("trends", kind="product", series="tea", **change),
            row("trends", kind="competitor", series="Rival: tea", **change),
            row("trends", kind="word", series="late", **change),
        ],
        choice_models=[model, model | {"choice": CHOICE}],
        preferences=[row("preferences", choice="cake size", segment="all", segment_share=1.0, attribute="size", value="L")],
        readings=[
            row("readings", event="1", kind="review", product="tea", week=shop.MONDAY, language="en", basis="model", aspects=[])
        ],
        opinions=[row("opinions", product="tea", aspect="taste", texts=1, positive=1)],
        mining=[note("rules", text="5 tried"), note("preferences", "options of cake", text="a sample")],
    )
    return folder


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_answers_a_small_shop(name, run_mined, command):
    """What is fresh is only shown, at most 140 columns wide, and nothing goes wrong where little was found."""
    status, out, errors = command(name, "--project", run_mined)
    assert (status, errors) == (0, "")
    assert out.strip()
    assert max(map(len, out.splitlines())) <= 140


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_gives_one_object_a_line(name, run_mined, command):
    """With --json each line is an object, and there may be none."""
    status, out, _ = command(name, "--json", "--project", run_mined)
    assert status == 0
    assert all(isinstance(json.loads(line), dict) for line in out.splitlines())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("rules", "bred"), "did you mean 'bread'"),
        (("rules", "--kind", "nxt"), "did you mean 'next'"),
        (("rules", "--scope", "segment S9"), "did you mean 'segment S1'"),
        (("profile", "nobody"), "There is no customer 'nobody'"),
        (("profile", "c"), "customers begin with 'c'"),
        (("propensity", "leavs"), "did you mean 'leaves'"),
        (("preferences", "foood"), "There is no choice 'foood'; did you mean 'food'? There is: cake size, category food"),
        (("opinions", "teaa"), "did you mean 'tea'"),
        (("trends", "--kind", "prduct"), "did you mean 'product'"),
        (("trends", "rivl"), "did you mean 'Rival'"),
        (("drivers", "unts"), "There is no target 'unts'"),
        (("drivers", "orders.unts"), "has no column 'unts'"),
        (("market", "foood"), "did you mean 'food'"),
    ],
)
def test_a_mistake_is_one_message_with_a_suggestion(arguments, said, found, command):
    """Whatever is not known ends in status 2 and names what may be meant."""
    status, out, errors = command(*arguments, "--project", found)
    assert (status, out) == (2, "")
    assert said in errors


@pytest.mark.parametrize(
    ("arguments", "rules"),
    [
        ((), ["R1", "R2", "R3"]),
        (("--by", "lift"), ["R2", "R1", "R3"]),
        (("bread",), ["R1"]),
        (("Tea", "--kind", "together"), ["R1", "R2"]),
        (("red",), ["R3"]),
        (("cake",), ["R2", "R3"]),
        (("--scope", "s1"), ["R4"]),
        (("cake", "--all"), ["R2", "R3", "R5"]),
        (("food",), ["R1", "R2", "R3"]),
    ],
)
def test_rules_are_those_asked_for(arguments, rules, found, command):
    """By product, option value, the product of options, scope and verdict; the most margin first unless told otherwise."""
    _, out, _ = command("rules", *arguments, "--json", "--project", found)
    assert [json.loads(line)["rule"] for line in out.splitlines()] == rules


@pytest.mark.parametrize(("name", "kinds"), [("tea", {"product", "competitor"}), ("rival", {"competitor"}), ("late", {"word"})])
def test_trends_of_a_product_are_its_own_and_its_rivals(name, kinds, found, command):
    """A competitor's series counts for the competitor and for the product."""
    _, out, _ = command("trends", name, "--json", "--project", found)
    assert {json.loads(line)["kind"] for line in out.splitlines()} == kinds


@pytest.mark.parametrize("name", ["cake", "cake size", "CAKE SIZE"])
def test_a_choice_is_found_by_its_product(name, found, command):
    """With one choice of a product, its name is enough; what was said of its options is told."""
    status, out, _ = command("preferences", name, "--project", found)
    assert status == 0
    assert "cake size: 9 choices among 2 alternatives." in out
    assert "a sample" in out


def test_a_category_is_found_without_the_word(found, command):
    """'food' means 'category food'."""
    assert "category food: 9 choices" in command("preferences", "food", "--project", found)[1]


def test_what_is_said_of_a_known_product_may_be_nothing(found, command):
    """Of tea there is one text, of bread none; neither is a mistake."""
    assert command("opinions", "tea", "--project", found)[1].startswith("1 text (1 en)")
    assert command("opinions", "bread", "--project", found)[:2] == (0, "There are no texts.\n")


def test_one_customer_is_found_by_the_beginning_of_the_pseudonym(run_mined, command):
    """The first letters are enough where no other customer has them."""
    name = lotwise.open_project(run_mined).table("segments")["customer"][0].as_py()
    assert f"Customer {name}. Segment S1" in command("profile", name[:-1], "--project", run_mined)[1]


def test_all_of_mining_has_a_row_a_scope(run_mined, command):
    """With --all each scope of the rules stands there, without it one row a part."""
    scopes = [
        entry["scope"] for entry in lotwise.open_project(run_mined).table("mining").to_pylist() if entry["part"] == "rules"
    ]
    short, full = (command("mine", *extra, "--project", run_mined)[1] for extra in ((), ("--all",)))
    assert all(scope in full for scope in scopes)
    assert f"{len(scopes)} scopes" in short
    assert sum(scope in short for scope in scopes) < len(scopes)


def test_trials_are_shown_and_told(run_mined, command):
    """Every way of dividing that was tried, as a table and as objects."""
    assert "k-means" in command("segments", "--trials", "--project", run_mined)[1]
    _, out, _ = command("segments", "--trials", "--json", "--project", run_mined)
    assert {"method", "chosen"} <= set(json.loads(out.splitlines()[0]))


def test_a_target_that_is_not_published_is_explained_at_once(run_mined, command):
    """Any column of any table may be asked for."""
    status, out, _ = command("drivers", "orders.units", "--project", run_mined)
    assert status == 0
    assert "orders.units" in out


def test_a_setting_of_its_own_mines_again_once(mined, command):
    """After a change of its section mining runs, and is fresh then; --again runs it whatever has changed."""
    file = mined / "lotwise.toml"
    file.write_text(file.read_text(encoding="utf-8") + "\n[mine]\nparts = ['trends']\n", encoding="utf-8")
    first, second = (command("mine", "--project", mined) for _ in range(2))
    third = command("mine", "--again", "--project", mined)
    assert "mine:" in first[2]
    assert second[2] == ""
    assert "mine:" in third[2]
    assert "the settings leave it out" in second[1]


def test_what_is_stale_before_it_is_told_and_not_mined_again(mined, command):
    """After a file has changed the published answer is shown at once, with a line about what to run."""
    with (mined / "orders.csv").open("a", encoding="utf-8") as stream:
        stream.write("99999,c1,bread,1,2.0,2024-07-20\n")
    for _ in range(2):
        status, out, errors = command("segments", "--project", mined)
        assert status == 0
        assert "12 customers" in out
        assert errors.startswith("Stale: collect")
        assert "lotwise run" in errors
        assert "mine:" not in errors


def test_a_project_that_was_never_run_says_what_to_run(tmp_path, command):
    """Without orders there is nothing to mine."""
    shop.write(tmp_path / "new")
    status, out, errors = command("rules", "--project", tmp_path / "new")
    assert (status, out) == (2, "")
    assert "Run first: lotwise run" in errors
