"""Tests of studies: a project under other settings, beside itself."""

import msgspec
import pytest

import lotwise

replace = msgspec.structs.replace


@pytest.fixture
def shop(a_shop):
    """Return a run project."""
    return lotwise.open_project(a_shop)


def with_gap(project, **changes):
    """Return the project's settings with other ones in ``[gap]``."""
    return replace(project.settings, gap=replace(project.settings.gap, **changes))


def test_a_study_runs_what_its_settings_change_and_leaves_the_project_alone(shop):
    """Other intervals make the stage gap stale and nothing else; the project's own tables and history stay as they were."""
    before = shop.store.manifest()
    study = shop.study("wider", with_gap(shop, interval=0.5))
    assert study.stale() == ["gap"]
    assert {row["stage"] for row in study.run()} == {"gap"}
    assert shop.store.manifest() == before


def test_a_study_is_taken_up_again(shop):
    """What a study has published is not made again while nothing it depends on has changed."""
    settings = with_gap(shop, interval=0.5)
    shop.study("wider", settings).run()
    again = shop.study("wider", settings)
    assert again.stale() == []
    assert again.run() == []


def test_a_study_follows_its_project(shop):
    """When the project's own tables have changed, what the study made of the old ones is stale."""
    settings = with_gap(shop, interval=0.5)
    shop.study("wider", settings).run()
    changed = lotwise.Project(shop.folder, replace(shop.settings, plan=replace(shop.settings.plan, breakpoints=5)))
    changed.run(only="plan")
    later = replace(settings, plan=changed.settings.plan)
    assert "gap" in changed.study("wider", later).stale()


def test_a_stage_that_is_kept_does_not_run(shop):
    """Whatever changes before it, its tables are the project's; what comes after it is made of them."""
    settings = replace(shop.settings, economics=replace(shop.settings.economics, cost_share=0.5))
    study = shop.study("kept", settings, keep=("forecast",))
    ran = {row["stage"] for row in study.run(until="plan")}
    assert "pool" in ran
    assert "forecast" not in ran
    assert study.store.manifest().tables["draws"] == shop.store.manifest().tables["draws"]


def test_a_damaged_study_is_refused(shop):
    """A study's files are checked like any other published table."""
    settings = with_gap(shop, interval=0.5)
    study = shop.study("wider", settings)
    study.run()
    file = study.store.tables / study.store.manifest().tables["gap"].file
    file.write_bytes(b"PAR1 and nothing else")
    with pytest.raises(lotwise.DamagedError, match="gap"):
        study.table("gap")


def test_a_run_ends_where_it_is_told(shop):
    """Nothing later than the stage named runs, however stale."""
    settings = replace(shop.settings, plan=replace(shop.settings.plan, breakpoints=5))
    study = shop.study("short", settings)
    assert {row["stage"] for row in study.run(until="plan")} == {"plan"}
    assert "gap" in study.stale()
