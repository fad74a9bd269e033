"""A transaction of ours is on the disk before anybody is told, and others write while it waits."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from django.db import OperationalError, transaction

from tests.store.test_line import ADD, IMPATIENT, Another, add
from townhall.project.databases import SQLITE
from townhall.store import disk
from townhall.store.connection import Connection
from townhall.store.transactions import AllOrNothing, settle

pytestmark = pytest.mark.django_db


class Disk:
    """A disk that notes what it flushed, and does something first."""

    def __init__(self) -> None:
        self.flushed: list[int] = []
        self.first: Callable[[], object] = lambda: None

    def flush(self, file: int) -> None:
        self.first()
        self.flushed.append(os.fstat(file).st_ino)

    def refuse(self) -> None:
        raise OSError(errno.EIO, "refused")


@pytest.fixture
def below(monkeypatch) -> Disk:
    made = Disk()
    monkeypatch.setattr(disk, "flush", made.flush)
    monkeypatch.setattr("townhall.store.connection.DOUBT", disk.Doubt())
    return made


def log_at(made) -> Path:
    return Path(f"{made.settings_dict['NAME']}-wal")


def log_of(made) -> int:
    return log_at(made).stat().st_ino


def stored(made) -> int:
    """What whoever comes from elsewhere sees."""
    with closing(sqlite3.connect(made.settings_dict["NAME"])) as records:
        return records.execute("SELECT COUNT(*) FROM things").fetchone()[0]


def test_the_log_is_flushed_after_the_turn_and_before_anybody_is_told(beside, below):
    seen: list[object] = []
    below.first = lambda: seen.extend((stored(beside), Another(add, IMPATIENT).end()))
    with AllOrNothing():
        transaction.on_commit(lambda: seen.append("told"))
        ADD.run()
        assert seen == below.flushed == []
    assert seen == [1, None, "told"]
    assert stored(beside) == 2
    assert below.flushed == [log_of(beside)]


def test_what_is_undone_waits_for_nothing(beside, below):
    with suppress(ZeroDivisionError), AllOrNothing():
        ADD.run()
        raise ZeroDivisionError
    assert (stored(beside), below.flushed) == (0, [])
    assert not beside.connection.owing


def add_and_tell(told: list[str]) -> None:
    with AllOrNothing():
        transaction.on_commit(lambda: told.append("told"))
        ADD.run()


def test_what_cannot_be_flushed_is_told_to_nobody(beside, below):
    told: list[str] = []
    below.first = below.refuse
    with pytest.raises(OperationalError, match="disk I/O error"):
        add_and_tell(told)
    assert (beside.in_atomic_block, beside.autocommit, beside.run_on_commit) == (False, True, [])
    with pytest.raises(OperationalError):
        settle()
    below.first = lambda: None
    ADD.run()
    assert told == []
    assert stored(beside) == 2


@pytest.mark.parametrize("elsewhere", [False, True])
def test_after_a_refusal_all_of_the_log_is_copied_once(elsewhere, beside, below):
    below.first = below.refuse
    with pytest.raises(OperationalError), AllOrNothing():
        ADD.run()
    below.first = lambda: None
    if elsewhere:
        # Somebody who reads what stood before keeps the log from being copied whole.
        with closing(sqlite3.connect(beside.settings_dict["NAME"], isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM things").fetchall()
            ADD.run()
            with pytest.raises(OperationalError, match="cannot be copied"):
                settle()
            assert below.flushed == []
    copied: list[str] = []
    beside.connection.set_trace_callback(copied.append)
    settle()
    settle()
    beside.connection.set_trace_callback(None)
    assert copied == ["PRAGMA wal_checkpoint(FULL)"]
    assert below.flushed == [log_of(beside)] * 2


def test_a_refusal_while_the_log_is_copied_leaves_a_doubt(beside):
    doubt = disk.Doubt()
    doubt.refused()
    beside.connection.set_trace_callback(lambda _: doubt.refused())
    doubt.copy(beside.connection)
    beside.connection.set_trace_callback(None)
    assert doubt.stands
    doubt.copy(beside.connection)
    assert not doubt.stands


def test_a_log_that_was_made_anew_is_the_one_that_is_flushed(beside, below):
    with AllOrNothing():
        ADD.run()
    first = beside.connection.log
    log_at(beside).rename(log_at(beside).with_suffix(".old"))
    log_at(beside).touch()
    first.flush()
    assert below.flushed[1] == log_of(beside) != below.flushed[0]


def test_a_connection_closes_its_log(beside, below):
    settle()
    log = beside.connection.log
    assert log._file != disk.NONE
    beside.connection.close()
    assert log._file == disk.NONE


def test_in_memory_nothing_is_waited_for(below):
    with closing(sqlite3.connect(":memory:", isolation_level=None, factory=Connection)) as made:
        made.executescript(SQLITE)
        made.hurry()
        made.begin()
        assert made.reading("PRAGMA synchronous").fetchone() == (2,)
        made.commit()
        made.settle()
    assert below.flushed == []
