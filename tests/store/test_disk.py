"""A transaction of ours is on the disk before anybody is told, and others write while it waits."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, nullcontext, suppress
from pathlib import Path

import pytest
from django.db import OperationalError, transaction

from tests.store.test_line import ADD, IMPATIENT, Another, add
from townhall.project.databases import SQLITE
from townhall.store import disk
from townhall.store.connection import Connection
from townhall.store.transactions import AllOrNothing, settle

pytestmark = pytest.mark.django_db


PWRITE = os.pwrite


class Disk:
    """A disk that notes what it flushed, and does something first; and what was written again."""

    def __init__(self) -> None:
        self.flushed: list[int] = []
        self.again: list[int] = []
        self.first: Callable[[], object] = lambda: None

    def write(self, file: int, part: bytes, at: int) -> int:
        assert part == os.pread(file, len(part), at)
        self.again.append(len(part))
        return PWRITE(file, part, at)

    def flush(self, file: int) -> None:
        self.first()
        self.flushed.append(os.fstat(file).st_ino)

    def refuse(self) -> None:
        raise OSError(errno.EIO, "refused")


@pytest.fixture
def below(monkeypatch) -> Disk:
    made = Disk()
    monkeypatch.setattr(disk, "flush", made.flush)
    monkeypatch.setattr(os, "pwrite", made.write)
    return made


def log_at(made) -> Path:
    return Path(f"{made.settings_dict['NAME']}-wal")


def log_of(made) -> int:
    return log_at(made).stat().st_ino


def log_size(made) -> int:
    return log_at(made).stat().st_size


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


def test_a_connection_writes_the_log_again_before_it_first_trusts_the_disk(beside, below):
    for _ in range(3):
        settle()
    assert (sum(below.again), below.flushed) == (log_size(beside), [log_of(beside)] * 3)
    beside.close()
    with closing(sqlite3.connect(beside.settings_dict["NAME"])) as other:
        other.execute("INSERT INTO things VALUES (1)")
        other.commit()
        settle_anew(beside)
        assert below.again[1:] == [log_size(beside)]


def settle_anew(made) -> None:
    made.ensure_connection()
    settle()


@pytest.mark.parametrize("reading", [False, True])
def test_after_a_refusal_all_of_the_log_is_written_again_once(reading, beside, below):
    settle()
    below.first = below.refuse
    with pytest.raises(OperationalError), AllOrNothing():
        ADD.run()
    below.first = lambda: None
    below.again.clear()
    with closing(sqlite3.connect(beside.settings_dict["NAME"], isolation_level=None)) as reader:
        if reading:
            # As Litestream always does, and a backup while it lasts.
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM things").fetchall()
            ADD.run()
        settle()
        settle()
    assert sum(below.again) == log_size(beside)
    assert below.flushed == [log_of(beside)] * 3


def test_the_log_is_not_written_again_while_another_writes(beside, below):
    with closing(sqlite3.connect(beside.settings_dict["NAME"], isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"):
            settle()
    assert below.again == below.flushed == []
    settle()
    assert len(below.again) == 1
    assert not beside.connection.in_transaction


def test_a_log_that_was_made_anew_is_the_one_that_is_flushed(beside, below):
    settle()
    log_at(beside).rename(log_at(beside).with_suffix(".old"))
    log_at(beside).write_bytes(b"anew")
    settle()
    assert below.flushed[1] == log_of(beside) != below.flushed[0]
    assert below.again[-1] == len(b"anew")


def test_a_connection_closes_its_log(beside, below):
    settle()
    opened = beside.connection.log._file
    beside.connection.close()
    assert opened.closed
    beside.connection.close()


def test_in_memory_nothing_is_waited_for(below):
    with closing(sqlite3.connect(":memory:", isolation_level=None, factory=Connection)) as made:
        made.executescript(SQLITE)
        made.hurry()
        made.begin()
        assert made.reading("PRAGMA synchronous").fetchone() == (2,)
        made.commit()
        made.settle(nullcontext())
    assert below.flushed == []
