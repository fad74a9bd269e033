"""Waiting for the disk after a commit, when the next one may write already.

All that ``synchronous=FULL`` does more than NORMAL is to flush SQLite's write-ahead log at the end
of each commit, while nobody else may write (https://www.sqlite.org/pragma.html#pragma_synchronous).
Flushed a moment later, by whoever has to know, the log is as safe (docs/decisions/0017).
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from threading import Lock
from typing import Any

NONE = -1
flush = getattr(os, "fdatasync", os.fsync)


class Log:
    """The write-ahead log of a connection's database, opened beside it.

    Each connection opens it for itself: Linux tells each opening once of what could not be written
    (fsync(2)). SQLite's locks are on other files, so that closing this one lets none of them go.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Find it. Where there is no such log (a database in memory) nothing is waited for."""
        mode = _said(connection, "PRAGMA journal_mode")[0]
        file = _said(connection, "PRAGMA database_list")[2]
        self.there = mode == "wal" and bool(file)
        self._path = Path(f"{file}-wal")
        self._file = NONE
        if self.there:
            # Before anything is written: of a failure that somebody has seen, who opens it later
            # is not told.
            with suppress(FileNotFoundError):
                self._open()

    def flush(self) -> None:
        """Wait until what was written to it before is on the disk. Raises OSError if it is not."""
        if self._file == NONE or not os.path.samestat(os.fstat(self._file), self._path.stat()):
            # SQLite deletes it with the last connection, and makes another for the next one.
            self.close()
            self._open()
        flush(self._file)

    def close(self) -> None:
        """Let the file go."""
        if self._file != NONE:
            os.close(self._file)
            self._file = NONE

    def _open(self) -> None:
        self._file = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)


class Doubt:
    """Whether something is in the log that a disk has refused once.

    The system does not try again, and says at the next flush that all is well. So nothing counts as
    being on the disk any more until the log was copied, which ``copy`` does.
    """

    def __init__(self) -> None:
        """Begin without."""
        self._lock = Lock()
        self._refused = self._copied = 0

    @property
    def stands(self) -> bool:
        """Whether there is any."""
        return self._refused != self._copied

    def refused(self) -> None:
        """Note that the disk has refused something."""
        with self._lock:
            self._refused += 1

    def copy(self, connection: sqlite3.Connection) -> None:
        """Have all of the log copied into the database itself, and that flushed.

        Raises sqlite3.OperationalError where that cannot be done now; the doubt stands then.
        """
        before = self._refused
        busy, pages, copied = _said(connection, "PRAGMA wal_checkpoint(FULL)")
        if busy or pages != copied:
            raise sqlite3.OperationalError("the log cannot be copied while it is in use")
        with self._lock:
            self._copied = before


DOUBT = Doubt()


def _said(connection: sqlite3.Connection, pragma: str) -> tuple[Any, ...]:
    """Ask a pragma, on whatever terms the connection's commits are made."""
    with closing(sqlite3.Connection.execute(connection, pragma)) as cursor:
        said: tuple[Any, ...] = cursor.fetchone()
        return said
