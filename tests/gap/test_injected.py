"""Known faults of a simulated factory, and the lines of the ledger they land on; the benchmark ``injected`` at small size."""

import pytest

from benchmarks.quality.injected import BAR, LINES, build, injected

SEED = 7


@pytest.fixture(scope="module")
def factory():
    """Return a factory of 20 products and three windows of four weeks."""
    return build(SEED, products=20, count=3)


@pytest.mark.parametrize("fault", LINES)
def test_a_fault_lands_on_its_line(factory, fault):
    """Of what one fault really lost, at least 90 % is booked on its line, and little more than all."""
    found = injected(factory, {fault}, SEED)[fault]
    assert found.lost > 0
    assert found.share >= BAR


def test_each_fault_of_many_lands_on_its_line(factory):
    """With all faults at once each line is within 10 % of what its fault lost, in the order of the ledger."""
    found = injected(factory, set(LINES), SEED)
    shares = {fault: found[fault].share for fault in LINES}
    assert min(shares.values()) >= BAR, shares


def test_without_a_fault_nothing_is_lost(factory):
    """A factory that does what it is told loses nothing to the floor, and the ledger books nothing."""
    found = injected(factory, set(), SEED)
    assert set(found.values()) == {(0.0, 0.0, 0.0)}
