"""Waiting for the disk after a commit, when the next one may write already.

All that ``synchronous=FULL`` does more than NORMAL is to flush SQLite's write-ahead log at the end
of each commit, while nobody else may write (https://www.sqlite.org/pragma.html#pragma_synchronous).
Flushed a moment later, by whoever has to know, the log is as safe (docs/decisions/0017).
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import AbstractContextManager, closing
from io import FileIO
from pathlib import Path
from typing import Any

IMMEDIATE = "BEGIN IMMEDIATE"
PART = 1 << 20
flush = getattr(os, "fdatasync", os.fsync)


class Log:
    """The write-ahead log of a connection's database, opened beside it.

    Linux tells each opening once of what could not be written, and who opens it later nothing
    (fsync(2)); it does not try again. So each connection opens the log for itself, and whenever it
    has not heard that all is well it first writes the same bytes again, which the system then has
    to bring to the disk. SQLite's locks are on other files: closing this one lets none of them go.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Find it. Where there is no such log (a database in memory) nothing is waited for."""
        mode = _said(connection, "PRAGMA journal_mode")[0]
        file = _said(connection, "PRAGMA database_list")[2]
        self.there = mode == "wal" and bool(file)
        self._path = Path(f"{file}-wal")
        self._file: FileIO | None = None
        self._well = False

    def flush(self, connection: sqlite3.Connection, turn: AbstractContextManager[None]) -> None:
        """Wait until what was written to it before is on the disk.

        It is a writer's ``turn`` in which it is written again. Raises OSError if it is not on the
        disk, and sqlite3.OperationalError where other writers do not let go.
        """
        file = self._opened()
        well, self._well = self._well, False
        if not well:
            with turn:
                _write_again(file.fileno(), connection)
        flush(file.fileno())
        self._well = True

    def close(self) -> None:
        """Let the file go."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _opened(self) -> FileIO:
        if self._file is None or not _same(self._file, self._path):
            # SQLite deletes it with the last connection, and makes another for the next one.
            self.close()
            self._well = False
            self._file = FileIO(self._path, "r+")
        return self._file


def _write_again(file: int, connection: sqlite3.Connection) -> None:
    """Write what it holds, while nobody else may write. Readers go on: no byte is another."""
    _said(connection, IMMEDIATE)
    try:
        at = 0
        while part := os.pread(file, PART, at):
            at += os.pwrite(file, part, at)
    finally:
        connection.rollback()


def _same(file: FileIO, path: Path) -> bool:
    return os.path.samestat(os.fstat(file.fileno()), path.stat())


def _said(connection: sqlite3.Connection, asked: str) -> Any:
    """Ask SQLite, on whatever terms the connection's commits are made."""
    with closing(sqlite3.Connection.execute(connection, asked)) as cursor:
        return cursor.fetchone()
