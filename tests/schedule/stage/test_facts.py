import pytest

from lotwise.errors import ContractError
from lotwise.schedule.search import dispatch
from lotwise.schedule.stage import draft
from lotwise.schedule.stage.run import made_of
from tests.schedule.stage.workshop import at, given, lot, settings, table, workshop

ONE = {"lots": [lot("C1", "chair", 8.0)], "pegging": [], "orders": []}


def before(**more):
    """Return the tables of one lot with the schedule made of them: sawn on Monday from 6 to 10, then joined in 8 hours."""
    tables = workshop(**ONE)
    return tables | {"jobs": made_of(tables, settings())["jobs"]} | {name: table(name, rows) for name, rows in more.items()}


def told(tables, **schedule):
    """Return step -> fact."""
    made = draft(given(tables, **schedule))
    return {made.steps[n][1].number: fact for n, fact in made.facts.told.items()}, made


def test_the_schedule_before_is_where_it_was():
    """Without any event nothing is fixed, and every operation remembers its machine and what it was behind."""
    facts, made = told(before())
    assert not facts
    assert (made.shop.before.machine >= 0).all()
    assert made.shop.before.behind.tolist() == [-1, -1]


def test_what_should_have_begun_is_taken_to_have_gone_as_scheduled():
    """At noon the saw is done and the bench is under way until 8 in the evening ... of the next open hours."""
    heard = []
    tables = before()
    made = draft(given(tables, heard, start=at(1, 12)))
    jobs = {row["step"]: row for row in tables["jobs"].to_pylist()}
    facts = {made.steps[n][1].number: fact for n, fact in made.facts.told.items()}
    assert (facts[1].status, facts[2].status) == ("finished", "running")
    assert made.given.moment(facts[2].end) == jobs[2]["ends"]
    assert "taken to have gone as scheduled" in heard[0]


def test_a_machine_that_goes_down_delays_what_runs_on_it():
    """Two hours down under way push the end by the two open hours that are lost."""
    tables = before()
    machine = tables["jobs"].to_pylist()[1]["machine"]
    _, plain = told(tables, start=at(1, 12))
    down = table("downtime", [{"machine": machine, "starts": at(1, 12), "ends": at(1, 13)}])
    _, made = told(tables | {"downtime": down}, start=at(1, 12))
    end = {
        step: next(f.end for n, f in d.facts.told.items() if d.steps[n][1].number == 2) for step, d in ((0, plain), (1, made))
    }
    assert end[1] - end[0] == 60


def test_the_floor_is_believed():
    """A saw that began an hour late and is still at it holds back the bench, which is not taken to have begun."""
    floor = [{"lot": "C1", "part": 1, "step": 1, "machine": "saw", "started": at(1, 7), "expected": at(1, 13)}]
    facts, made = told(before(floor=floor), start=at(1, 12))
    assert (facts[1].start, facts[1].end, facts[1].status) == (-5 * 60, 60, "running")
    assert 2 not in facts
    assert dispatch(made.shop).start[1] >= 60


def test_steps_before_one_that_began_are_over():
    """Where the floor says that joining has begun, sawing is done, whatever it says of it."""
    floor = [{"lot": "C1", "part": 1, "step": 2, "machine": "bench 1", "started": at(1, 8)}]
    facts, _ = told(before(floor=floor), start=at(1, 12))
    assert facts[1].status == "finished"
    assert facts[1].end <= facts[2].start


def test_the_fence_keeps_what_starts_soon():
    """Within eight hours of the start sawing stays where it is; joining begins at ten, within them, and stays too."""
    facts, _ = told(before(), frozen_hours=8.0)
    assert {step: fact.status for step, fact in facts.items()} == {1: "frozen"}
    facts, _ = told(before(), frozen_hours=12.0)
    assert {step: fact.status for step, fact in facts.items()} == {1: "frozen", 2: "frozen"}


def test_a_schedule_of_other_lots_is_not_used_and_said():
    """A schedule of another plant leaves no trace but a sentence."""
    heard = []
    tables = workshop(lots=[lot("X", "stool", 2.0)], pegging=[], orders=[]) | {"jobs": before()["jobs"]}
    assert draft(given(tables, heard)).shop.before is None
    assert any("other lots" in line for line in heard)


def test_a_floor_that_cannot_be_true_is_refused():
    """Two jobs at once on one machine, an end before its beginning and a machine that cannot do a step are all listed."""
    rows = [
        {"lot": "C1", "part": 1, "step": 1, "machine": "saw", "started": at(1, 6), "finished": at(1, 9)},
        {"lot": "S1", "part": 1, "step": 1, "machine": "saw", "started": at(1, 8), "finished": at(1, 10)},
        {"lot": "S1", "part": 1, "step": 2, "machine": "saw", "started": at(1, 11)},
    ]
    with pytest.raises(ContractError) as caught:
        draft(given(workshop(floor=rows), start=at(1, 12)))
    assert "at the same time" in str(caught.value)
    assert "cannot be done on saw" in str(caught.value)
