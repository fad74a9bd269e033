"""SQLite's connection, durable for whoever asks nothing else of it (docs/decisions/0009, 0017)."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from typing import Any

from townhall.store.disk import IMMEDIATE, Log


class Connection(sqlite3.Connection):
    """Commits what `execute` and its cursors are given to the disk; what follows `hurry`, soon.

    SQLite is told which of the two only when it changes, since a draft's pages come in one after
    another. Whatever is asked in another way than through `hurry`, `begin` and `reading` has it
    told first, so nothing else is ever written in a hurry.
    """

    in_a_hurry = False
    owing = False
    """Whether a transaction is open after whose commit `settle` is called."""

    _log: Log | None = None

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

    def begin(self) -> None:
        """Begin a transaction, as a writer, whose commit need not wait for the disk.

        Whoever commits it calls `settle` before they tell anybody. Where there is no log that could
        be flushed, the commit waits itself.
        """
        if not self.log.there:
            self.execute(IMMEDIATE).close()
            return
        self.hurry()
        super().execute(IMMEDIATE).close()
        self.owing = True

    def settle(self, turn: AbstractContextManager[None]) -> None:
        """Wait until all that stands committed is on the disk, whoever has committed it.

        It is a writer's ``turn`` in which the log is written again, where that is needed.

        Raises sqlite3.OperationalError where it does not come there.
        """
        if not self.log.there:
            return
        try:
            self.log.flush(self, turn)
        except OSError as error:
            raise sqlite3.OperationalError("disk I/O error") from error

    @property
    def log(self) -> Log:
        """What is flushed."""
        if self._log is None:
            self._log = Log(self)
        return self._log

    def close(self) -> None:
        """Close it, and the log."""
        super().close()
        if self._log is not None:
            self._log.close()

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
        if self.in_a_hurry and not self.owing:
            super().execute("PRAGMA synchronous=FULL").close()
            self.in_a_hurry = False
