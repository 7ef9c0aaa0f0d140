import pytest

from lotwise.demo import atelier
from lotwise.demo.atelier import world

SEED = 20261121


@pytest.fixture(scope="session")
def atelier_world():
    """The workshop of the demo: truth and tables, simulated once."""
    return world.simulate(SEED, world.WEEKS)


@pytest.fixture(scope="session")
def atelier_folder(tmp_path_factory):
    """The demo's project folder, written once."""
    folder = tmp_path_factory.mktemp("atelier")
    atelier.write(folder, seed=SEED)
    return folder
