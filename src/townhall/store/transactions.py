"""A transaction as Django's ``atomic`` makes it, without what that asks of SQLite's driver."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from types import TracebackType

from django.db import DEFAULT_DB_ALIAS, Error
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import Atomic

from townhall.store.connection import Connection
from townhall.store.line import LINE
from townhall.store.statements import here


class AllOrNothing(AbstractContextManager[None]):
    """What is done inside stands together or not at all: Django's ``atomic``, as a block.

    Where SQLite is told to begin, and all went well, its driver is told so straight: what Django
    asks and sets around the two takes longer than they do. The connection is left just as Django
    leaves it at either end, so that its own ``atomic`` may stand inside or around. Whatever else
    comes (a wire, somebody who watches, a fault) is left to Django.
    """

    def __enter__(self) -> None:
        """Begin. Raises OperationalError where another writer does not let go in time."""
        self._database = database = here()
        if database.connection is None:
            database.ensure_connection()
        self._atomic = Atomic(DEFAULT_DB_ALIAS, savepoint=True, durable=False)
        self._straight = _straight(database)
        if not self._straight:
            self._atomic.__enter__()
            return
        try:
            _begin(database)
        except sqlite3.Error:
            with database.wrap_database_errors:
                raise
        database.commit_on_exit, database.needs_rollback = True, False
        database.autocommit, database.in_atomic_block = False, True
        database.atomic_blocks.append(self._atomic)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Commit, or undo all of it where something was raised.

        Raises OperationalError where it is committed, but not on the disk: then nobody may be told.
        """
        database = self._database
        well = kind is None and not database.needs_rollback and not database.closed_in_transaction
        if not self._straight:
            self._atomic.__exit__(kind, fault, trace)
            return
        try:
            if not well:
                self._atomic.__exit__(kind, fault, trace)
                return
            self._commit()
        finally:
            if database.connection is not None:
                database.connection.owing = False
            LINE.leave()
        self._tell()

    def _commit(self) -> None:
        database = self._database
        try:
            database.connection.commit()
        except (sqlite3.Error, MemoryError):
            self._undo(database)
        database.atomic_blocks.pop()
        database.in_atomic_block, database.autocommit = False, True
        database.errors_occurred = False

    def _tell(self) -> None:
        """Wait for the disk, as the next one writes already; then tell who is to be told."""
        database = self._database
        hooks, database.run_on_commit = database.run_on_commit, []
        settle()
        database.run_on_commit = hooks
        if hooks:
            database.run_and_clear_commit_hooks()

    def _undo(self, database: BaseDatabaseWrapper) -> None:
        """Let Django undo what could not be committed, and raise that as an error of its own."""
        try:
            with database.wrap_database_errors:
                raise
        except (Error, MemoryError) as told:
            self._atomic.__exit__(type(told), told, told.__traceback__)
            raise


def settle() -> None:
    """Wait until all that this thread may have read is on the disk, whoever has committed it.

    Raises OperationalError where it does not come there. Another database than SQLite shows to
    nobody what is not.
    """
    database = here()
    if isinstance(database.connection, Connection):
        with database.wrap_database_errors:
            database.connection.settle(LINE.turn(database))


def _begin(database: BaseDatabaseWrapper) -> None:
    LINE.enter(database)
    begun = False
    try:
        database.connection.begin()
        begun = True
    finally:
        if not begun:
            LINE.leave()


def _straight(database: BaseDatabaseWrapper) -> bool:
    """Whether it is SQLite as we open it, in no transaction, and nobody watches statements."""
    return (
        isinstance(database.connection, Connection)
        and database.autocommit
        and not database.in_atomic_block
        and not database.execute_wrappers
        and not database.force_debug_cursor
    )
