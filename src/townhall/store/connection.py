"""SQLite's connection, durable for whoever asks nothing else of it (docs/decisions/0009)."""

from __future__ import annotations

import sqlite3
from typing import Any


class Connection(sqlite3.Connection):
    """Commits what `execute` and its cursors are given to the disk; what follows `hurry`, soon.

    SQLite is told which of the two only when it changes, since a draft's pages come in one after
    another. Whatever is asked in another way than through `hurry` and `reading` has it told first,
    so nothing else is ever written in a hurry.
    """

    in_a_hurry = False

    reading = sqlite3.Connection.execute
    """Send a statement that changes nothing; or any, when it has been said how."""

    def hurry(self) -> None:
        """Have SQLite wait for no disk from now on, until it is asked for anything else.

        A power cut of the next moments may lose what is sent next. Inside a transaction it is as
        durable as what else is done there.
        """
        if self.in_a_hurry or self.in_transaction:
            return
        # Noted first: where SQLite cannot be told, it is told otherwise before anything else.
        self.in_a_hurry = True
        super().execute("PRAGMA synchronous=NORMAL").close()

    def execute(self, *given: Any) -> sqlite3.Cursor:
        """Send a statement durably."""
        self.take_time()
        return super().execute(*given)

    def executemany(self, *given: Any) -> sqlite3.Cursor:
        """Send a statement again and again, durably."""
        self.take_time()
        return super().executemany(*given)

    def executescript(self, *given: Any) -> sqlite3.Cursor:
        """Send statements durably."""
        self.take_time()
        return super().executescript(*given)

    def cursor(self, *given: Any, **named: Any) -> Any:
        """Give a cursor for durable statements: it is used before anything else is asked."""
        self.take_time()
        return super().cursor(*given, **named)

    def take_time(self) -> None:
        """Have SQLite wait for the disk again."""
        if self.in_a_hurry:
            super().execute("PRAGMA synchronous=FULL").close()
            self.in_a_hurry = False
