"""The writers of one process wait in line for SQLite, which lets one write at a time.

Left to itself SQLite has the others sleep, look again, and sleep longer: 1 ms, 2, 5, 10 … Whoever
comes from another process, or writes in another way than ours, is waited for as SQLite does.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

from django.db.backends.base.base import BaseDatabaseWrapper

USUAL_SECONDS = 5.0
"""How long SQLite's driver waits where it is not told."""


class Line:
    """Whose turn it is to write. A thread whose turn it is may ask again."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._turn = RLock()

    def enter(self, database: BaseDatabaseWrapper) -> None:
        """Wait for one's turn, as long as the connection waits for a lock.

        Raises sqlite3.OperationalError where it does not come.
        """
        if self._turn.acquire(blocking=False):
            return
        seconds = database.settings_dict["OPTIONS"].get("timeout", USUAL_SECONDS)
        if not self._turn.acquire(timeout=seconds):
            raise sqlite3.OperationalError("database is locked")

    def leave(self) -> None:
        """Let the next one write."""
        self._turn.release()

    @contextmanager
    def turn(self, database: BaseDatabaseWrapper) -> Iterator[None]:
        """Wait for one's turn, as ``enter`` does, and give it back at the end."""
        self.enter(database)
        try:
            yield
        finally:
            self.leave()


LINE = Line()
