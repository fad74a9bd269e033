"""A transaction as Django's ``atomic`` makes it, without what that asks of SQLite's driver."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from types import TracebackType

from django.db import DEFAULT_DB_ALIAS, Error
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import Atomic

from townhall.store.line import LINE
from townhall.store.statements import here

IMMEDIATE = "BEGIN IMMEDIATE"


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
        """Commit, or undo all of it where something was raised."""
        try:
            self._end(kind, fault, trace)
        finally:
            if self._straight:
                LINE.leave()

    def _end(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        database = self._database
        well = kind is None and not database.needs_rollback and not database.closed_in_transaction
        if not (self._straight and well) or database.run_on_commit:
            self._atomic.__exit__(kind, fault, trace)
            return
        try:
            database.connection.commit()
        except (sqlite3.Error, MemoryError):
            self._undo(database)
        database.atomic_blocks.pop()
        database.in_atomic_block, database.autocommit = False, True
        database.errors_occurred = False

    def _undo(self, database: BaseDatabaseWrapper) -> None:
        """Let Django undo what could not be committed, and raise that as an error of its own."""
        try:
            with database.wrap_database_errors:
                raise
        except (Error, MemoryError) as told:
            self._atomic.__exit__(type(told), told, told.__traceback__)
            raise


def _begin(database: BaseDatabaseWrapper) -> None:
    LINE.enter(database)
    begun = False
    try:
        database.connection.execute(IMMEDIATE).close()
        begun = True
    finally:
        if not begun:
            LINE.leave()


def _straight(database: BaseDatabaseWrapper) -> bool:
    """Whether it is SQLite, outside of any transaction, and nobody is to be told of statements."""
    return (
        database.vendor == "sqlite"
        and database.connection is not None
        and database.autocommit
        and not database.in_atomic_block
        and not database.execute_wrappers
        and not database.force_debug_cursor
    )
