"""Tests of reservations that outlive the process, and of processes that want the same units."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from datetime import datetime, timedelta

import pytest

from lotwise import InputError
from lotwise.errors import DamagedError
from lotwise.plan.promising import Book
from lotwise.plan.promising.ledger import Ledger
from tests.plan.promising.conftest import build_facts

NOW = datetime(2024, 1, 1, 8)  # noqa: DTZ001  the project's own time


def ask(units):
    """Return how a desk asks: everything held is set aside first."""

    def asked(held):
        book = Book(build_facts())
        for row in held:
            book.set_aside(row.product, row.units, book.facts.weeks.index(row.week))
        return book.promise("chair", units)

    return asked


def test_a_hold_is_let_go_unless_confirmed(tmp_path):
    """48 hours later the held promise takes up nothing, the confirmed one does; the table says where each stands."""
    ledger = Ledger(tmp_path)
    held, confirmed = (ledger.hold(ask(4), now=NOW).number for _ in range(2))
    assert ledger.confirm(confirmed, now=NOW, order="N1").expires is None
    later = NOW + timedelta(hours=48)
    assert [row.number for row in ledger.active(later)] == [confirmed]
    assert ledger.expire(later) == 1
    rows = ledger.table(later).to_pylist()
    assert [(row["reservation"], row["status"], row["order"]) for row in rows] == [
        (str(held), "expired", None),
        ("2", "confirmed", "N1"),
    ]


def test_what_is_over_or_let_go_cannot_be_kept(tmp_path):
    """A reservation that was released, one whose time is over and one there never was name the next step."""
    ledger = Ledger(tmp_path)
    one, two = (ledger.hold(ask(4), now=NOW, hours=1).number for _ in range(2))
    ledger.release(one, now=NOW)
    with pytest.raises(InputError, match="released and takes up nothing"):
        ledger.release(one, now=NOW)
    with pytest.raises(InputError, match="expired and takes up nothing"):
        ledger.confirm(two, now=NOW + timedelta(hours=1))
    with pytest.raises(InputError, match="no reservation 9; the latest are 1, 2"):
        ledger.confirm(9, now=NOW)
    with pytest.raises(InputError, match="expected more than 0"):
        ledger.hold(ask(4), now=NOW, hours=0)
    with pytest.raises(InputError, match="no week to reserve"):
        ledger.hold(ask(1000), now=NOW)


def test_a_failed_question_leaves_nothing_held(tmp_path):
    """When the question is refused the ledger is as before, and the next process is not locked out."""
    ledger = Ledger(tmp_path)
    with pytest.raises(InputError):
        ledger.hold(ask(-1), now=NOW)
    assert Ledger(tmp_path).hold(ask(1), now=NOW).number == 1


def test_a_damaged_file_is_refused(tmp_path):
    """A file that is no ledger is not read wrong."""
    (tmp_path / "reservations.sqlite").write_bytes(b"no database at all, " * 100)
    with pytest.raises(DamagedError, match="is damaged"):
        Ledger(tmp_path)


HOLDER = """
    import sys, os
    from datetime import datetime
    from pathlib import Path
    from lotwise.plan.promising.ledger import Ledger
    from tests.plan.promising.test_ledger import NOW, ask
    ledger = Ledger(Path(sys.argv[1]))
    for _ in range(int(sys.argv[2])):
        print(ledger.hold(ask(4), now=NOW, hours=None).week, flush=True)
    {end}
"""


def process(folder, count, end=""):
    """Return a process that holds four chairs so many times."""
    code = textwrap.dedent(HOLDER).format(end=end)
    return subprocess.Popen([sys.executable, "-c", code, str(folder), str(count)], stdout=subprocess.PIPE, text=True)


def test_two_processes_never_sell_the_same_hours(tmp_path):
    """Two processes hold 4 chairs 4 times each; 10 a week fit, so the 32 are spread as one process would: 2, 3, 2, 1 holds."""
    both = [process(tmp_path, 4) for _ in range(2)]
    assert [one.wait(60) for one in both] == [0, 0]
    weeks = sorted(row.week for row in Ledger(tmp_path).active(NOW))
    book = Book(build_facts())
    alone = []
    for _ in range(8):
        promise = book.promise("chair", 4)
        book.reserve(promise)
        alone.append(promise.week)
    assert weeks == sorted(alone)
    for one in both:
        one.stdout.close()


def test_a_killed_process_leaves_what_it_said(tmp_path):
    """A process killed after it held two promises leaves both; one killed within the question leaves no trace and no lock."""
    first = process(tmp_path, 2, "os.kill(os.getpid(), 9)")
    assert first.wait(60) == -signal.SIGKILL
    first.stdout.close()
    code = textwrap.dedent(HOLDER).format(end="ledger.hold(lambda held: os.kill(os.getpid(), 9), now=NOW)")
    second = subprocess.run([sys.executable, "-c", code, str(tmp_path), "0"], check=False, env=dict(os.environ))
    assert second.returncode == -signal.SIGKILL
    ledger = Ledger(tmp_path)
    assert [row.units for row in ledger.active(NOW)] == [4.0, 4.0]
    assert ledger.hold(ask(4), now=NOW).number == 3
