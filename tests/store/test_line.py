"""Writers of one process wait for each other in line, and not as SQLite would have them wait."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from queue import SimpleQueue
from threading import Thread

import pytest
from django.db import OperationalError, transaction

from townhall.store.statements import Change, here
from townhall.store.transactions import AllOrNothing, settle
from townhall.submissions.models import Draft

pytestmark = pytest.mark.django_db
ADD = Change(Draft, "INSERT INTO things VALUES (1)")
PATIENT, IMPATIENT = 20.0, 0.01


def add() -> None:
    ADD.run()


def add_together() -> None:
    with AllOrNothing():
        ADD.run()
        ADD.run()


class Another:
    """Another thread, with a connection that SQLite never has wait; it does one thing."""

    def __init__(self, do: Callable[[], None], seconds: float) -> None:
        self.said: SimpleQueue[object] = SimpleQueue()
        self.thread = Thread(target=self._work, args=(do, seconds))
        self.thread.start()
        assert self.said.get(timeout=PATIENT) == "ready"

    def _work(self, do: Callable[[], None], seconds: float) -> None:
        mine = here()
        mine.ensure_connection()
        mine.connection.execute("PRAGMA busy_timeout=0")
        mine.settings_dict = mine.settings_dict | {"OPTIONS": {"timeout": seconds}}
        self.said.put("ready")
        try:
            self.said.put(do())
        except OperationalError as error:
            self.said.put(error)
        finally:
            mine.close()

    def end(self) -> object:
        """What came of it."""
        self.thread.join(PATIENT)
        return self.said.get(timeout=PATIENT)


def count(made) -> int:
    return made.connection.execute("SELECT COUNT(*) FROM things").fetchone()[0]


@pytest.mark.parametrize("do", [add, add_together])
def test_a_writer_waits_until_another_has_committed(do, beside):
    settle()
    with AllOrNothing():
        other = Another(do, PATIENT)
        ADD.run()
        assert other.said.empty()
    assert other.end() is None
    assert count(beside) == (2 if do is add else 3)


@pytest.mark.parametrize("do", [add, add_together])
def test_a_writer_waits_no_longer_than_for_a_lock(do, beside):
    with AllOrNothing():
        error = Another(do, IMPATIENT).end()
    assert isinstance(error, OperationalError)
    assert str(error) == "database is locked"
    assert count(beside) == 0


@pytest.mark.parametrize("do", [add, add_together])
def test_whoever_failed_lets_the_next_one_write(do, beside):
    with closing(sqlite3.connect(beside.settings_dict["NAME"], isolation_level=None)) as process:
        process.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError):
            do()
        process.execute("COMMIT")
    with suppress(ZeroDivisionError), AllOrNothing():
        ADD.run()
        raise ZeroDivisionError
    assert Another(do, IMPATIENT).end() is None


def test_whoever_is_told_of_a_commit_may_write(beside):
    with AllOrNothing():
        transaction.on_commit(add)
        ADD.run()
    assert count(beside) == 2
    assert Another(add, IMPATIENT).end() is None


def raising(fault: type[BaseException]) -> Callable[..., None]:
    """What the driver does where SQLite has no memory left, or somebody interrupts it."""

    def step(*_: object) -> None:
        raise fault

    return step


@pytest.mark.parametrize(
    ("step", "fault"),
    [("begin", MemoryError), ("begin", KeyboardInterrupt), ("commit", MemoryError)],
)
def test_whoever_is_stopped_at_either_end_lets_the_next_one_write(step, fault, beside):
    setattr(beside.connection, step, raising(fault))
    with pytest.raises(fault):
        add_together()
    delattr(beside.connection, step)
    assert not beside.in_atomic_block
    assert beside.autocommit
    assert Another(add_together, IMPATIENT).end() is None
    add_together()
    assert count(beside) == 4
