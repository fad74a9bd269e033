"""A statement on a model's table, made ready once: Django builds a query anew each time, at
0.3 to 0.6 ms, which was two thirds of a question page (docs/decisions/0009).
"""

from __future__ import annotations

import sqlite3
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter, methodcaller
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from django.db.models.base import ModelState
from django.db.utils import ConnectionHandler

from townhall.store.connection import Connection
from townhall.store.line import LINE
from townhall.store.values import (
    AnyField,
    Convert,
    Given,
    Reading,
    field_of,
    reading,
    taking,
)

M = TypeVar("M", bound=Model)
R = TypeVar("R", bound=tuple[Any, ...])
Names = tuple[str, ...]
Spelt = str | Mapping[str, str]
"""SQL for every vendor, or by vendor."""

Way = Literal["durably", "soon", "reading"]
"""How a statement is sent: a change durably, or so that it is durable soon; or it is none."""

Row = tuple[Any, ...]
"""A row as the driver has it."""

_all: Convert = methodcaller("fetchall")
_first: Convert = methodcaller("fetchone")
_count: Convert = attrgetter("rowcount")


class _Ready(NamedTuple):
    """A statement as one vendor's database takes it."""

    sql: str
    given: Given
    gives: list[Reading]


class _Statement(ABC):
    """What is made ready once for each vendor."""

    def __init__(self, model: type[Model], takes: Sequence[str | AnyField]) -> None:
        self._takes = [field_of(model, one) if isinstance(one, str) else one for one in takes]
        self._made_ready: dict[str, _Ready] = {}

    def _ready(self, database: BaseDatabaseWrapper) -> _Ready:
        ready = self._made_ready.get(database.vendor)
        if ready is None:
            given = Given([taking(field, database) for field in self._takes])
            ready = _Ready(self._spell(database), given, self._gives(database))
            self._made_ready[database.vendor] = ready
        return ready

    @abstractmethod
    def _spell(self, database: BaseDatabaseWrapper) -> str:
        """Write its SQL as this vendor's database takes it."""

    def _gives(self, database: BaseDatabaseWrapper) -> list[Reading]:
        return []


class Change(_Statement):
    """A statement that gives no rows, or one. ``takes`` says the field that each %s is a value of:
    the name of one of the model's, or any field.

    What is not ``durable`` may be lost to a power cut of the next moments, never to a crash. It is
    for drafts on SQLite (design §4: they may be NORMAL): their pages wait for no disk, and the next
    durable commit, which is the submission's own, carries them to the disk before it. Inside a
    transaction, and on PostgreSQL, it is as durable as all else.
    """

    def __init__(
        self, model: type[Model], sql: Spelt, *takes: str | AnyField, durable: bool = True
    ) -> None:
        """Keep the statement; nothing is sent yet."""
        super().__init__(model, takes)
        self._durable = durable
        self._sql = sql

    def run(self, *values: object) -> int:
        """Send it; gives how many rows it touched."""
        return self.run_on(here(), values)

    def run_on(self, database: BaseDatabaseWrapper, values: Sequence[object]) -> int:
        """Send it on this thread's connection, for whoever sends several."""
        touched: int = self._send(database, values, _count)
        return touched

    def row(self, *values: object) -> Any:
        """Send a statement that gives one row, as the driver has it; None when it gives none."""
        return self._send(here(), values, _first)

    def _send(self, database: BaseDatabaseWrapper, values: Sequence[object], read: Convert) -> Any:
        ready = self._ready(database)
        way: Way = "durably" if self._durable else "soon"
        return sent(database, ready.sql, ready.given(values), read, way)

    def _spell(self, database: BaseDatabaseWrapper) -> str:
        return _marked(_by_vendor(self._sql, database), database)


class _Rows(_Statement):
    """A SELECT of some fields of a model; ``rest`` follows WHERE."""

    _locks = False

    def __init__(
        self, model: type[Model], fields: Sequence[AnyField], rest: str, takes: Names
    ) -> None:
        super().__init__(model, takes)
        self._table = model._meta.db_table
        self._fields = fields
        self._rest = rest

    def stored(self, *values: object) -> Row | None:
        """Give the first row as the driver has it, for ``made``; None when there is none."""
        found: Row | None = self._send(values, _first)
        return found

    def _send(self, values: tuple[object, ...], read: Convert) -> Any:
        database = here()
        ready = self._ready(database)
        return sent(database, ready.sql, ready.given(values), read, "reading")

    def _typed(self, stored: Row) -> list[Any]:
        """Give a row as the driver has it with each value of its field's type."""
        row = list(stored)
        for at, convert in self._ready(here()).gives:
            if row[at] is not None:
                row[at] = convert(row[at])
        return row

    def _spell(self, database: BaseDatabaseWrapper) -> str:
        columns = [f'"{field.column}"' for field in self._fields]
        listed = ", ".join(_plainly([*columns, *self._more(database)], database))
        sql = f'SELECT {listed} FROM "{self._table}" WHERE {self._rest}'  # noqa: S608
        return _marked(sql + self._lock(database), database)

    def _gives(self, database: BaseDatabaseWrapper) -> list[Reading]:
        found = [reading(at, field, database) for at, field in enumerate(self._fields)]
        return [one for one in found if one is not None]

    def _more(self, database: BaseDatabaseWrapper) -> list[str]:
        return []

    def _lock(self, database: BaseDatabaseWrapper) -> str:
        locks = self._locks and database.features.has_select_for_update
        return " FOR UPDATE" if locks else ""


class Select(_Rows, Generic[M]):
    """Whole rows of a model: ``Select(Draft, "secret_hash = %s", "secret_hash")``.

    With ``lock`` the rows stay this transaction's until it ends, where the database locks rows
    (SQLite's transactions begin IMMEDIATE, and so hold all of them). ``also`` names attributes of
    the instances that are no fields, and the SQL that gives each, as the driver has it. Fields that
    are ``known`` are not read: whoever asks sets them.
    """

    def __init__(
        self,
        model: type[M],
        rest: str,
        *takes: str,
        lock: bool = False,
        also: Mapping[str, Spelt] | None = None,
        known: Names = (),
    ) -> None:
        """Write the statement: ``rest`` follows WHERE."""
        fields = [field for field in model._meta.concrete_fields if field.name not in known]
        super().__init__(model, fields, rest, takes)
        self._also = also or {}
        self._model = model
        self._names = [*(field.attname for field in fields), *self._also]
        self._locks = lock

    def rows(self, *values: object) -> list[M]:
        """Give the rows, as instances."""
        return [self.made(row) for row in self._send(values, _all)]

    def first(self, *values: object) -> M | None:
        """Give the first row; None when there is none."""
        found = self.stored(*values)
        return None if found is None else self.made(found)

    def made(self, row: Row) -> M:
        """Make an instance as ``Model.from_db`` does, without telling signals that nobody has.

        A row may end before what there is of it that is no field.
        """
        made = self._model.__new__(self._model)
        made.__dict__.update(zip(self._names, self._typed(row)), _state=_Stored())  # noqa: B905
        return made

    def _more(self, database: BaseDatabaseWrapper) -> list[str]:
        return [_by_vendor(sql, database) for sql in self._also.values()]


class _Stored(ModelState):
    """The state of an instance that stands in the database."""

    adding = False
    db = DEFAULT_DB_ALIAS


def just_stored(model: type[M], **columns: object) -> M:
    """Make the instance of a row that has been written, from the value of each of its columns."""
    made = model.__new__(model)
    made.__dict__.update(columns, _state=_Stored())
    return made


class Read(_Rows, Generic[R]):
    """Some fields of a model's rows, as tuples that name them: ``Read(DraftPage, StoredPage, …)``.

    A long form reads dozens of them, and needs no instance of any.
    """

    def __init__(
        self, model: type[Model], made: type[R], rest: str, *takes: str, lock: bool = False
    ) -> None:
        """Write the statement; ``made`` is a NamedTuple whose fields are the model's."""
        fields = [field_of(model, name) for name in made.__annotations__]
        super().__init__(model, fields, rest, takes)
        self._made = made
        self._locks = lock

    def rows(self, *values: object) -> list[R]:
        """Give the rows."""
        return [self.made(row) for row in self._send(values, _all)]

    def first(self, *values: object) -> R | None:
        """Give the first row; None when there is none."""
        found = self.stored(*values)
        return None if found is None else self.made(found)

    def made(self, row: Row) -> R:
        """Make a tuple of a row."""
        return self._made(*self._typed(row))


def inserting(model: type[Model], *names: str, rows: int = 1) -> str:
    """Write the INSERT of rows of a model: it takes the values of these fields, row after row."""
    columns = ", ".join(f'"{field_of(model, name).column}"' for name in names)
    row = f"({', '.join(['%s'] * len(names))})"
    return f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES {", ".join([row] * rows)}'  # noqa: S608


def sent(
    database: BaseDatabaseWrapper, sql: str, values: Sequence[Any], read: Convert, way: Way
) -> Any:
    """Send a statement and read its cursor.

    It goes straight to SQLite's driver where nobody watches: Django's own way there (a cursor in a
    cursor, %s sought and replaced anew) takes longer than the statement.
    """
    if database.vendor != "sqlite":
        with database.cursor() as cursor:
            cursor.execute(sql, values)
            return read(cursor)
    if database.execute_wrappers or database.force_debug_cursor:
        with database.cursor() as cursor:
            if way == "soon" and isinstance(database.connection, Connection):
                database.connection.hurry()
            cursor.execute(sql.replace("?", "%s"), values)
            return read(cursor)
    return _straight(database, sql, values, read, way)


def _straight(
    database: BaseDatabaseWrapper, sql: str, values: Sequence[Any], read: Convert, way: Way
) -> Any:
    if database.connection is None:
        database.ensure_connection()
    if database.needs_rollback:
        database.validate_no_broken_transaction()
    try:
        if way == "reading" or database.in_atomic_block:
            return _read(_sending(database, way)(sql, values), read)
        LINE.enter(database)
        try:
            return _read(_sending(database, way)(sql, values), read)
        finally:
            LINE.leave()
    except sqlite3.Error:
        with database.wrap_database_errors:
            raise


def _read(cursor: sqlite3.Cursor, read: Convert) -> Any:
    try:
        return read(cursor)
    finally:
        # Here and now: a cursor that is left over may be met by another thread's collection.
        cursor.close()


def _sending(database: BaseDatabaseWrapper, way: Way) -> Callable[..., sqlite3.Cursor]:
    """Say how durable what is sent shall be, and give the driver's own way to send it."""
    connection: sqlite3.Connection = database.connection
    if not isinstance(connection, Connection):
        return connection.execute
    if way == "soon":
        connection.hurry()
    elif way == "durably" and connection.in_a_hurry:
        connection.take_time()
    return connection.reading


def _by_vendor(sql: Spelt, database: BaseDatabaseWrapper) -> str:
    return sql if isinstance(sql, str) else sql[database.vendor]


def _plainly(columns: list[str], database: BaseDatabaseWrapper) -> list[str]:
    """Write columns of a SELECT so that the driver gives what is stored, and asks no more of each.

    For a bare column SQLite's driver looks for whoever converts its declared type, by a name that
    it writes anew for each row asked for; and it makes a text of what the column is called.
    """
    if database.vendor != "sqlite":
        return columns
    return [f"+{column} AS v" for column in columns]


def _marked(sql: str, database: BaseDatabaseWrapper) -> str:
    """Write a statement with the database's own marks for values: none of ours has another."""
    return sql.replace("%s", "?") if database.vendor == "sqlite" else sql


class _Mine(threading.local):
    """The thread's connection: Django's way to it takes as long as a small statement."""

    handler: ConnectionHandler | None = None
    database: BaseDatabaseWrapper | None = None


_MINE = _Mine()


def here() -> BaseDatabaseWrapper:
    """Give this thread's connection to the database.

    A thread keeps the one that it first asked for: what gives a thread a connection of its own
    does so before that.
    """
    database = _MINE.database
    if database is None or _MINE.handler is not connections:
        database = connections[DEFAULT_DB_ALIAS]
        _MINE.handler, _MINE.database = connections, database
    return database
