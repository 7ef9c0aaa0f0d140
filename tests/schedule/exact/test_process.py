"""The process of the solver: its crash is told, its lateness ends it, and it ends with the one that asked."""

from __future__ import annotations

import time

import numpy as np
import pytest

from lotwise.errors import LotwiseError
from lotwise.schedule.exact.process import answers

ASKED = {"question": np.arange(3)}


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Return a function that makes a module the process can run."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    def write(text):
        (tmp_path / "solver_of_test.py").write_text(text)
        return "solver_of_test"

    return write


def test_a_crash_is_reported_with_its_signal(module):
    """A process that is killed ends in an error that says how, and what to do."""
    name = module("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)")
    with pytest.raises(LotwiseError, match=r"ended by signal 11 before it had an answer\. Take the method 'list'"):
        list(answers(ASKED, None, name))


def test_an_error_is_reported_with_its_last_lines(module):
    """What the process wrote last stands in the message."""
    name = module("import sys\nsys.stdin.buffer.read(8)\nraise ValueError('the wheel is broken')")
    with pytest.raises(LotwiseError, match=r"(?s)with status 1.*the wheel is broken"):
        list(answers(ASKED, None, name))


def test_what_was_heard_before_a_crash_is_kept(module):
    """Answers reach the caller before the error does."""
    name = module(
        "import sys, numpy as np\nfrom lotwise.schedule.exact.parcel import read, write\nasked = read(sys.stdin.buffer)\n"
        "write(sys.stdout.buffer, {'echo': asked['question'] + 1})\nsys.exit(3)"
    )
    heard = []
    with pytest.raises(LotwiseError, match="with status 3"):
        heard.extend(message["echo"].tolist() for message in answers(ASKED, None, name))
    assert heard in ([], [[1, 2, 3]])  # extend may lose what it took before the error


def test_a_process_that_is_late_is_ended(module):
    """When the time is over, what was heard is all there is, and the process is gone."""
    name = module("import time\ntime.sleep(60)")
    began = time.monotonic()
    assert list(answers(ASKED, time.time() + 0.3, name)) == []
    assert time.monotonic() - began < 20


def test_the_process_ends_with_the_one_that_asked():
    """The child ends itself when its input closes, so that nothing is left behind by a parent that was killed."""
    import subprocess
    import sys
    from io import BytesIO

    from lotwise.schedule.exact.parcel import arrays_of, write
    from tests.schedule.shops import make_shop

    rng = np.random.default_rng(1)
    shop = make_shop([[(k, int(rng.integers(5, 99))) for k in rng.permutation(15)] for _ in range(20)])
    question = arrays_of(shop, None) | {
        "worked": np.zeros(0, dtype=bool), "seed": np.array(1), "workers": np.array(1), "deadline": np.array(0.0),
        "effort": np.array(1e6),
    }  # fmt: skip
    packed = BytesIO()
    write(packed, question)
    command = [sys.executable, "-m", "lotwise.schedule.exact.child"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdin.write(packed.getvalue())
        process.stdin.close()
        assert process.wait(timeout=30) == 1
