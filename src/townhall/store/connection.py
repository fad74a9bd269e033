"""SQLite's connection, durable for whoever asks nothing else of it (docs/decisions/0009)."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any


class Connection(sqlite3.Connection):
    """Commits what `execute` and its cursors are given to the disk; what `hurried` is given, soon.

    SQLite is told which of the two only when it changes: a draft's pages come in one after another,
    and telling it takes a third of what saving one does. Whatever is asked in another way than
    through `hurried` and `reading` has it told first, so nothing else is ever written in a hurry.
    """

    _hurried = False

    def hurried(self, sql: str, values: Sequence[Any]) -> sqlite3.Cursor:
        """Send a change that a power cut of the next moments may lose.

        Inside a transaction it is as durable as what else is done there.
        """
        if not self._hurried:
            self.hurry()
        return super().execute(sql, values)

    def hurry(self) -> None:
        """Have SQLite wait for no disk from now on, until it is asked for anything else."""
        if self._hurried or self.in_transaction:
            return
        # Noted first: where SQLite cannot be told, it is told otherwise before anything else.
        self._hurried = True
        super().execute("PRAGMA synchronous=NORMAL").close()

    def reading(self, sql: str, values: Sequence[Any]) -> sqlite3.Cursor:
        """Send a statement that changes nothing."""
        return super().execute(sql, values)

    def execute(self, *given: Any) -> sqlite3.Cursor:
        """Send a statement durably."""
        self._take_time()
        return super().execute(*given)

    def executemany(self, *given: Any) -> sqlite3.Cursor:
        """Send a statement again and again, durably."""
        self._take_time()
        return super().executemany(*given)

    def executescript(self, *given: Any) -> sqlite3.Cursor:
        """Send statements durably."""
        self._take_time()
        return super().executescript(*given)

    def cursor(self, *given: Any, **named: Any) -> Any:
        """Give a cursor for durable statements: it is used before anything else is asked."""
        self._take_time()
        return super().cursor(*given, **named)

    def _take_time(self) -> None:
        if self._hurried:
            super().execute("PRAGMA synchronous=FULL").close()
            self._hurried = False
